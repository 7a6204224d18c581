"""The rule of every address and every callback: who it is for, and what a callback takes. What has no rule is refused.

A page's, a file's or a callback's rule says which place it belongs to (`kpi.access.places`); what it then reads has the
rules of the read door.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import dash
from flask import Request

from kpi.access import Place


class For(Enum):
    """Whom an address is for, where it is no place's."""

    STATIC = "static"  # our own files, which hold no data: everybody, uncounted, and browsers may keep them
    EVERYBODY = "everybody"  # also who has not logged in: nothing there tells anything
    SESSION = "session"  # who has a session, also without any right
    PROGRAM = "program"  # who has a service token, which each of the API's addresses asks for
    READER = "reader"  # who has logged in; each answer has rules of its own


Whom = Place | For
CALLBACK = "/_dash-update-component"
"""Where every callback is called; also its endpoint's name."""
ENDPOINTS: Mapping[str, Whom] = {
    "_dash_assets.static": For.STATIC,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": For.STATIC,
    "/_dash-layout": For.READER,
    "/_dash-dependencies": For.READER,
    CALLBACK: For.READER,
    "/": For.READER,
    "/<path:path>": For.READER,
    "log_in": For.EVERYBODY,
    "log_in_answer": For.EVERYBODY,
    "logged_out": For.EVERYBODY,
    "log_out": For.SESSION,
    "api_figures": For.PROGRAM,
    "api_values": For.PROGRAM,
    "api_released": For.PROGRAM,
    "api_nothing": For.PROGRAM,
    "download_comparison": Place.COMPARISON,
    "download_figure": Place.COMPARISON,
    "download_page": For.READER,
    "download_paper": Place.PAPERS,
    "download_secret_annex": Place.PAPERS,
    "download_evidence": Place.PLAN,
}
"""By the endpoint's name in the web server, never by how an address begins: what leads to no file of ours or of the API
is a page's address."""


def whom_for(request: Request) -> Whom | None:
    """Whom the request's address is for; None when it has no rule."""
    return ENDPOINTS.get(request.endpoint or "")


class Takes(Enum):
    """What a value from the browser may be. Nothing is allowed, but for a pattern, which is a list."""

    TEXT = "text"
    NUMBER = "number"
    CLICKS = "clicks"  # of a pattern's elements, each a number or nothing
    TEXTS = "texts"  # of a pattern's elements, each a text or nothing
    IDENTITIES = "identities"  # of a pattern's elements
    STORE = "store"  # a table of short texts and numbers
    FILE = "file"  # a chosen file, as the browser writes it in a text; the only value that may be large

    def fits(self, value: Any) -> bool:
        """Whether the value is of this kind, and no larger than such a value has to be."""
        return _FITS[self](value) or (value is None and self not in _OF_PATTERNS)


MOST_FILE_TEXT = 7_000_000
"""Signs of a file of 5 MB, written four for three bytes, with its type."""
_FILE = re.compile(r"data:[^,\s]{0,200};base64,[A-Za-z0-9+/]*={0,2}")
_LONGEST_TEXT, _LONGEST_WORD, _MOST, _GREATEST = 200_000, 500, 1_000, 1e15
_NOT_HELD = re.compile("[\x00\ud800-\udfff]")


def without_unheld(text: str) -> str:
    """The text, where a sign that no address or database holds (NUL, half a sign) is the sign for an unknown one."""
    return _NOT_HELD.sub("\ufffd", text)


def is_held(text: str) -> bool:
    """Whether every sign of the text can be held."""
    return _NOT_HELD.search(text) is None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT and is_held(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _GREATEST


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MOST_FILE_TEXT and _FILE.fullmatch(value) is not None


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= _MOST and all(
        _is_number(one) or (_is_text(one) and len(one) <= _LONGEST_WORD)
        for pair in value.items() for one in pair
    )  # fmt: skip


def _each(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and len(value) <= _MOST and all(one is None or fits(one) for one in value)


_FITS: Mapping[Takes, Callable[[Any], bool]] = {
    Takes.TEXT: _is_text,
    Takes.NUMBER: _is_number,
    Takes.CLICKS: lambda value: _each(value, _is_number),
    Takes.TEXTS: lambda value: _each(value, _is_text),
    Takes.IDENTITIES: lambda value: _each(value, _is_table),
    Takes.STORE: _is_table,
    Takes.FILE: _is_file,
}
_OF_PATTERNS = frozenset({Takes.CLICKS, Takes.TEXTS, Takes.IDENTITIES})


@dataclass(frozen=True)
class CallbackRule:
    """Whom a callback is for, and what its inputs and states are, in order."""

    whom: Whom
    takes: tuple[Takes, ...]


@dataclass
class Callbacks:
    """Registers callbacks, each with its rule."""

    app: dash.Dash
    rules: dict[str, CallbackRule] = field(default_factory=dict)

    def add(
        self, whom: Whom, takes: Sequence[Takes], *dependencies: Any, **more: Any
    ) -> Callable[[Callable[..., Any]], None]:
        """As `app.callback` of the same dependencies, with a rule."""

        def register(function: Callable[..., Any]) -> None:
            before = set(self.app.callback_map)
            self.app.callback(*dependencies, **more)(function)
            (added,) = set(self.app.callback_map) - before
            self.rules[added] = CallbackRule(whom, tuple(takes))

        return register
