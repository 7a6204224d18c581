"""Before anything is answered: the address and the callback have a rule, and the reader fits it. Deny by default."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard.limits import MOST_BYTES, TOO_LARGE
from dashboard.notice import notice, sentence
from dashboard.places import place_at
from dashboard.refusals import own_status, refused
from dashboard.rules import CALLBACK, CallbackRule, For, Takes, Whom, is_held, whom_for
from kpi.access import AccessDenied, Place, Viewer, check_can_open, places_of

_DOCUMENTS = frozenset({"/", "/<path:path>"})
_DENIED = "Du får inte läsa det här"


def guard(
    server: Flask, engine: Engine, callbacks: Mapping[str, CallbackRule], viewer_of: Callable[[], Viewer]
) -> None:
    """Refuse what has no rule (404), what does not fit it (400) and who may not (403, recorded)."""

    def check() -> Response | None:
        whom = whom_for(request)
        if whom is None:
            return sentence("Adressen leder ingenstans.", 404)
        if whom in (For.STATIC, For.EVERYBODY, For.SESSION, For.PROGRAM):
            return None
        if request.endpoint == CALLBACK:
            body = request.get_json(silent=True)
            rule = callbacks.get(str(body.get("output"))) if isinstance(body, dict) else None
            if rule is not None and Takes.FILE not in rule.takes and len(request.get_data()) > MOST_BYTES:
                return sentence(TOO_LARGE, 413)
            if rule is None or not _fits(body, rule):
                return sentence("Begäran går inte att förstå. Ladda om sidan.", 400)
            whom = rule.whom
        is_document = request.endpoint in _DOCUMENTS
        if is_document:
            whom = place_at(request.path) or For.READER
        return _refusal(whom, is_document=is_document)

    def _refusal(whom: Whom, *, is_document: bool) -> Response | None:
        viewer = viewer_of()
        try:
            check_reader(viewer, whom, is_start=is_document and request.path == "/")
        except AccessDenied as denied:
            words = refused(engine, viewer, denied)
            return notice(_DENIED, words, 403, link=("Till början", "/")) if is_document else sentence(words, 403)
        return None

    server.before_request(check)
    server.after_request(own_status)


def check_reader(viewer: Viewer, whom: Whom, *, is_start: bool = False) -> None:
    """AccessDenied for a viewer whom the rule does not let in. The start is whichever place the viewer has first."""
    if not places_of(viewer):
        raise AccessDenied("Du är inloggad men har ingen behörighet i Samkoll. Be kommunens systemadministratör.")
    if isinstance(whom, Place) and not is_start:
        check_can_open(viewer, whom)


def _fits(body: Any, rule: CallbackRule) -> bool:
    """Whether a callback's request holds what its rule says, and identities that are texts or short tables."""
    try:
        given = [*body.get("inputs", []), *body.get("state", [])]
        values = [[one.get("value") for one in each] if isinstance(each, list) else each.get("value") for each in given]
        cells = [one for each in given for one in (each if isinstance(each, list) else [each])]
        named_right = all(_is_identity(one["id"]) and _is_name(one["property"]) for one in cells)
        changed = body.get("changedPropIds", [])
        outputs = body["outputs"]
        named = [f"{one['id']}.{one['property']}" for one in (outputs if isinstance(outputs, list) else [outputs])]
    except (AttributeError, KeyError, TypeError):
        return False
    return (
        isinstance(outputs, list) is body["output"].startswith("..")
        and [one.split("@")[0] for one in named] == _outputs_in(body["output"])
        and len(values) == len(rule.takes)
        and all(takes.fits(value) for takes, value in zip(rule.takes, values, strict=True))
        and named_right
        and isinstance(changed, list)
        and all(_is_name(one) and len(one) <= 500 and _is_place(one) for one in changed)
    )


def _outputs_in(output: str) -> list[str]:
    """What a callback's key speaks of: `..a.children...b.children@hash..` of `a.children` and `b.children`."""
    names = output[2:-2].split("...") if output.startswith("..") else [output]
    return [one.split("@")[0] for one in names]


def _is_identity(identity: Any) -> bool:
    return _is_name(identity) or (
        isinstance(identity, dict)
        and all(_is_name(name) and (isinstance(value, int) or _is_name(value)) for name, value in identity.items())
    )


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and is_held(value)


def _is_place(changed: str) -> bool:
    """`id.property`, where an id that is a table is one in JSON: the framework reads it without looking."""
    identity, _, _ = changed.rpartition(".")
    if not identity.startswith("{"):
        return True
    try:
        return _is_identity(json.loads(identity))
    except ValueError:
        return False
