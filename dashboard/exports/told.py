"""What a reader hears of components, and where in a page they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component


def found(content: Any, kind: type[Component]) -> Iterator[Any]:
    """The components of a kind, in the page's order."""
    if isinstance(content, (list, tuple)):
        for one in content:
            yield from found(one, kind)
    elif isinstance(content, Component):
        if isinstance(content, kind):
            yield content
        yield from found(getattr(content, "children", None), kind)


def listed(children: Any) -> Sequence[Any]:
    """Children, one or several, as several."""
    return children if isinstance(children, (list, tuple)) else [children]


def words_of(content: Any) -> str:
    """What a reader hears of it: pictures by their alternative, nothing that is hidden from all."""
    return re.sub(r"\s+([,.:;])", r"\1", " ".join(_heard(content)).strip())


def _heard(content: Any) -> Iterator[str]:
    if isinstance(content, (list, tuple)):
        for one in content:
            yield from _heard(one)
    elif isinstance(content, Component):
        if getattr(content, "aria-hidden", None) == "true" or "only-dark" in _classes(content):
            return
        if isinstance(content, html.Img):
            yield from filter(None, [getattr(content, "alt", "")])
        elif isinstance(content, dcc.Link):  # where it leads is told to who hears it, and is no part of what it tells
            inside = listed(getattr(content, "children", None))
            yield from _heard([one for one in inside if "visually-hidden" not in _classes(one)])
        else:
            yield from _heard(getattr(content, "children", None))
    elif isinstance(content, (str, int, float)) and not isinstance(content, bool):
        told = str(content).strip(" \n")
        if told:
            yield told


def _classes(content: Any) -> str:
    return getattr(content, "className", "") or ""
