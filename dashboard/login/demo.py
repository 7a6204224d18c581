"""The demo's login: a switch between roles, for this machine alone.

It answers loopback addresses under loopback names only (a name check too, so that no web page elsewhere can reach it
through a rebound name). Roles have no invented people behind them, and exist nowhere but here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from flask import Flask, Response, request

from control.login.secret import new_secret
from dashboard.components.attributes import aria
from dashboard.login.cookies import CSRF, SESSION, Cookies
from dashboard.login.csrf import changes_something, forgery, reader_of, token_for
from dashboard.notice import sentence
from dashboard.rules import Callbacks, For, Takes
from kpi.access import Grant, Role, Viewer
from kpi.organisation import Organisation, Unit

COOKIE = "samkoll_roll"
_DEMO_MUNICIPALITY = "1287"
_SOCIAL, _EDUCATION = "social", "education"
_WITHOUT_BOARD = frozenset({Role.CENTRAL_CONTROLLER, Role.DELREGIONAL, Role.DPO, Role.ADMIN})
"""Of the municipality, or of each that they have together; of no board."""
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Persona:
    """A role to look at the demo as. `area`: of the board that it belongs to. `choice`: what it is called where there
    is little room, else as its `label`."""

    code: str
    label: str
    role: Role
    area: str = _SOCIAL
    choice: str = ""


PERSONAS = (
    Persona("presidium", "Presidium", Role.PRESIDIUM),
    Persona("presidium-vice", "Presidium, vice ordförande", Role.PRESIDIUM, choice="Vice ordförande"),
    Persona("chef", "Förvaltningschef", Role.CHIEF),
    Persona("enhetschef", "Enhetschef", Role.UNIT_MANAGER),
    Persona("controller", "Controller", Role.CONTROLLER),
    Persona("revisor", "Revisor", Role.AUDITOR),
    Persona("presidium-annan", "Presidium, annan nämnd", Role.PRESIDIUM, _EDUCATION, "Annat presidium"),
    Persona("ledamot", "Ledamot", Role.MEMBER),
    Persona("sekreterare", "Nämndsekreterare", Role.SECRETARY),
    Persona("central-controller", "Central controller", Role.CENTRAL_CONTROLLER),
    Persona("delregional", "Delregional samverkan", Role.DELREGIONAL),
    Persona("dataskyddsombud", "Dataskyddsombud", Role.DPO),
    Persona("utvecklare", "Verksamhetsutvecklare", Role.DEVELOPER),
    Persona("administrator", "Systemadministratör", Role.ADMIN),
)


def persona(code: str | None) -> Persona:
    """The persona of that code; the first one for anything else, since a cookie is untrusted."""
    return next((one for one in PERSONAS if one.code == code), PERSONAS[0])


def demo_board(organisation: Organisation, area: str = _SOCIAL) -> Unit | None:
    """The board that the demo's roles belong to: Trelleborg's socialnämnd, else the first social board there is; for
    another area the board of that area."""
    boards = [board for board in organisation.boards() if board.area == area]
    own = [board for board in boards if board.municipality_code == _DEMO_MUNICIPALITY]
    return next(iter(own or boards), None)


def demo_viewer(organisation: Organisation, code: str | None) -> Viewer:
    """The viewer behind a persona; without any board it has no grant and reads nothing.

    The controller keeps watch of the deliveries of every municipality in the demo (a grant without boards reads no
    figure), so that the delivery that waits for a decision has somebody to decide. Delregional cooperation is granted
    every municipality, the demo's own first.
    """
    found = persona(code)
    board = demo_board(organisation, found.area)
    if board is None or board.municipality_code is None:
        return Viewer(found.label, ())
    if found.role in _WITHOUT_BOARD:
        own = board.municipality_code
        every = {unit.municipality_code for unit in organisation.boards()} - {None, own}
        codes = [own, *sorted(code for code in every if code and found.role is Role.DELREGIONAL)]
        return Viewer(found.label, tuple(Grant(found.role, code) for code in codes))
    units = _first_unit(organisation, board) if found.role is Role.UNIT_MANAGER else frozenset()
    grants = [Grant(found.role, board.municipality_code, frozenset({board.code}), units)]
    if found.role is Role.CONTROLLER:
        others = {unit.municipality_code for unit in organisation.boards()} - {None, board.municipality_code}
        grants += [Grant(Role.CONTROLLER, code) for code in sorted(code for code in others if code)]
    return Viewer(found.label, tuple(grants))


def _first_unit(organisation: Organisation, board: Unit) -> frozenset[str]:
    below = (unit.code for unit in organisation.under(board.code, date.min, date.max) if unit.level == "unit")
    return frozenset({next(below, board.code)})


def refusal(remote_address: str | None, host: str) -> str | None:
    """Why a request is refused, as a sentence; None when it may pass."""
    if not _is_loopback(remote_address) or host.rsplit(":", 1)[0] not in _LOCAL_NAMES:
        return "Demon svarar bara på den egna datorn. Öppna den på http://127.0.0.1."
    return None


class DemoLogin:
    """See `dashboard.auth.Login`."""

    def __init__(self) -> None:
        self._cookies = Cookies(is_encrypted=False)

    def guard(self, server: Flask) -> None:
        """This machine only; what changes something comes from the demo's own pages."""
        server.before_request(self._check)
        server.after_request(self._give_cookies)

    def reader(self) -> str | None:
        """By the session's cookie."""
        return reader_of(self._cookies.get(SESSION))

    def viewer(self, organisation: Organisation) -> Viewer:
        """The persona that was chosen."""
        return demo_viewer(organisation, request.cookies.get(COOKIE))

    def corner(self) -> Component:
        """The choice of role."""
        return html.Div(
            [
                html.Span("Visa som", id="persona-label", className="persona-label"),
                dmc.Select(
                    id="persona",
                    data=[{"value": one.code, "label": one.choice or one.label} for one in PERSONAS],
                    value=PERSONAS[0].code,
                    allowDeselect=False,
                    size="sm",
                    **aria(label="Visa som"),
                ),
            ],
            className="persona",
        )

    def register(self, callbacks: Callbacks) -> None:
        """Show which role it is, and switch."""

        @callbacks.add(For.READER, (Takes.NUMBER,), Output("persona", "value"), Input("viewer-changed", "data"))
        def shown(_changed: int) -> str:
            return persona(request.cookies.get(COOKIE)).code

        @callbacks.add(
            For.READER,
            (Takes.TEXT, Takes.NUMBER),
            Output("viewer-changed", "data"),
            Input("persona", "value"),
            State("viewer-changed", "data"),
            prevent_initial_call=True,
        )
        def switch(code: str, changed: int) -> Any:
            chosen = persona(code).code
            if chosen == persona(request.cookies.get(COOKIE)).code:
                return no_update
            ctx.response.set_cookie(COOKIE, chosen, httponly=True, samesite="Strict", path="/")
            return changed + 1

    def _check(self) -> Response | None:
        words = refusal(request.remote_addr, request.host)
        if words is None and changes_something(request):
            words = forgery(request, origin=request.host_url.rstrip("/"), secret=self._cookies.get(SESSION))
        return None if words is None else sentence(words, 403)

    def _give_cookies(self, response: Response) -> Response:
        """Nobody logs in here, so the first page gives the secret that the token follows from."""
        if request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html":
            secret = self._cookies.get(SESSION) or new_secret()
            self._cookies.set(response, SESSION, secret)
            self._cookies.set(response, CSRF, token_for(secret))
        return response


def _is_loopback(address: str | None) -> bool:
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False
