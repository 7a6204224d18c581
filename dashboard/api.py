"""The API for programs: the views of the pages and the command line, as JSON, by a service token of its own.

    GET /api/nyckeltal                          the key figures
    GET /api/nyckeltal/<id>?enhet=&fran=&till=  a figure's values, as `samkoll kpi show --json`
    GET /api/slappt/<id>?enhet=                 what has been released of it, as `samkoll kpi show --released --json`

Cookies are never looked at here. Every read is recorded before its answer is given.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterable
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, Engine

from control.audit.actions import Action
from control.audit.log import record, record_refusal
from control.audit.strangers import record_stranger
from control.login.tokens import find_token
from dashboard.limits import network_of
from kpi.access import AccessDenied, Place, Viewer, check_can_open
from kpi.definition import Catalogue
from kpi.live import LiveCatalogue
from kpi.organisation import Unit
from kpi.period import Period
from kpi.record import released_record, value_record
from kpi.views.organisation import read_organisation
from kpi.views.released import released_figure
from kpi.views.values import figure_values
from warehouse.database import reading
from warehouse.errors import TooMuch, UserError

_log = logging.getLogger(__name__)
Found = tuple[Any, Collection[str] | None]
"""What was found, and which municipalities' figures it holds; None: the viewer's own."""
Read = Callable[[Connection, Catalogue, Viewer], Found]


class _WrongQuery(Exception):
    """A parameter that cannot be read; a Swedish sentence."""


def register_api(server: Flask, engine: Engine, live: LiveCatalogue) -> None:
    """The addresses above."""

    def figures() -> Response:
        def read(_connection: Connection, catalogue: Catalogue, viewer: Viewer) -> Found:
            check_can_open(viewer, Place.DEFINITIONS)
            return _definitions(catalogue), None

        return _answer(engine, live, "nyckeltal", (), read)

    def values(kpi_id: str) -> Response:
        def read(connection: Connection, catalogue: Catalogue, viewer: Viewer) -> Found:
            first, last = _period("fran"), _period("till")
            unit = request.args.get("enhet") or None
            cells = figure_values(connection, catalogue, viewer, kpi_id, unit_code=unit, first=first, last=last)
            is_split = bool(catalogue.definitions[kpi_id].split)
            organisation = read_organisation(connection)
            places = (organisation.spans(code)[-1] for code in {cell.unit_code for cell in cells})
            return [value_record(cell) for cell in cells if is_split or cell.split is None], _whose(places)

        return _answer(engine, live, f"nyckeltal {kpi_id}", ("enhet", "fran", "till"), read)

    def released(kpi_id: str) -> Response:
        def read(connection: Connection, catalogue: Catalogue, viewer: Viewer) -> Found:
            unit = request.args.get("enhet") or None
            found = released_figure(connection, catalogue, viewer, kpi_id, unit_code=unit)
            fewest = catalogue.definitions[kpi_id].minimum_cases
            return [released_record(one, fewest) for one in found], _whose(one.unit for one in found)

        return _answer(engine, live, f"slappt {kpi_id}", ("enhet",), read)

    def nothing(**_: str) -> Response:
        return _refusal("Adressen finns inte i API:et.", 404)

    server.add_url_rule("/api/nyckeltal", "api_figures", figures)
    server.add_url_rule("/api/nyckeltal/<kpi_id>", "api_values", values)
    server.add_url_rule("/api/slappt/<kpi_id>", "api_released", released)
    server.add_url_rule("/api/<path:rest>", "api_nothing", nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])


def _answer(engine: Engine, live: LiveCatalogue, name: str, parameters: tuple[str, ...], read: Read) -> Response:
    """What `read` finds for the token's viewer. `name` and `parameters`: what the record calls the read."""
    scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
    token = find_token(engine, presented.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        if presented:
            _record_wrong(engine)
        refused = _refusal("API:et kräver en token som gäller, i rubriken Authorization: Bearer.", 401)
        refused.headers["WWW-Authenticate"] = 'Bearer realm="Samkoll"'
        return refused
    asked = [f"{one}={request.args[one]}" for one in parameters if one in request.args]
    resource = " ".join([name, *asked])
    try:
        with reading(engine) as connection:
            found, whose = read(connection, live.catalogue, token.viewer)
        record(engine, token.viewer, Action.API_READ, resource, concerns=whose)
    except AccessDenied as denied:
        record_refusal(engine, token.viewer, resource)
        return _refusal(str(denied), 403)
    except (_WrongQuery, TooMuch) as wrong:
        return _refusal(str(wrong), 400)
    except UserError as missing:
        return _refusal(str(missing), 404)
    except Exception:
        _log.exception("api read failed")
        return _refusal("Uppgifterna gick inte att läsa. Försök igen, eller säg till den som sköter Samkoll.", 500)
    return _json(found, 200)


def _whose(places: Iterable[Unit]) -> Collection[str] | None:
    return {one.municipality_code for one in places if one.municipality_code} or None


def _record_wrong(engine: Engine) -> None:
    """That a token did not hold, without the token."""
    record_stranger(engine, Viewer("", ()), "api: wrong token", whence=f"api {network_of(request.remote_addr)}")


def _definitions(catalogue: Catalogue) -> list[dict[str, Any]]:
    """What a figure means is no secret within the municipality: whoever reads any figure may read it."""
    return [
        {"id": one.id, "name": one.name, "unit": one.unit, "period": one.period}
        for one in catalogue.definitions.values()
    ]


def _period(parameter: str) -> Period | None:
    text = request.args.get(parameter)
    try:
        return Period.parse(text) if text else None
    except ValueError as error:
        raise _WrongQuery(f"{parameter}: {error}") from None


def _refusal(sentence: str, status: int) -> Response:
    return _json({"error": sentence}, status)


def _json(value: object, status: int) -> Response:
    content = json.dumps(value, ensure_ascii=False)
    return Response(content, status=status, content_type="application/json; charset=utf-8")
