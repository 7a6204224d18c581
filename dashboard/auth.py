"""Who is reading. Until login exists there is only the demo: a switch between roles, for this machine alone.

The demo answers loopback addresses under loopback names only (a name check too, so that no web page elsewhere can
reach it through a rebound name). Without the demo every request is refused. Roles have no invented people behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from flask import Flask, Response, request

from kpi.access import Grant, Role, Viewer
from kpi.organisation import Organisation, Unit

COOKIE = "samkoll_roll"
_DEMO_MUNICIPALITY = "1287"
_SOCIAL, _EDUCATION = "social", "education"
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Persona:
    """A role to look at the demo as. `area`: of the board that it belongs to."""

    code: str
    label: str
    role: Role
    area: str = _SOCIAL


PERSONAS = (
    Persona("presidium", "Presidium", Role.PRESIDIUM),
    Persona("chef", "Förvaltningschef", Role.CHIEF),
    Persona("controller", "Controller", Role.CONTROLLER),
    Persona("revisor", "Revisor", Role.AUDITOR),
    Persona("presidium-annan", "Presidium, annan nämnd", Role.PRESIDIUM, _EDUCATION),
    Persona("ledamot", "Ledamot", Role.MEMBER),
    Persona("sekreterare", "Nämndsekreterare", Role.SECRETARY),
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
    figure), so that the delivery that waits for a decision has somebody to decide.
    """
    found = persona(code)
    board = demo_board(organisation, found.area)
    if board is None or board.municipality_code is None:
        return Viewer(found.label, ())
    grants = [Grant(found.role, board.municipality_code, frozenset({board.code}))]
    if found.role is Role.CONTROLLER:
        others = {unit.municipality_code for unit in organisation.boards()} - {None, board.municipality_code}
        grants += [Grant(Role.CONTROLLER, code) for code in sorted(code for code in others if code)]
    return Viewer(found.label, tuple(grants))


def request_viewer(organisation: Organisation) -> Viewer:
    """Who makes the request that is being answered."""
    return demo_viewer(organisation, request.cookies.get(COOKIE))


def refusal(*, demo: bool, remote_address: str | None, host: str) -> str | None:
    """Why a request is refused, as a sentence; None when it may pass."""
    if not demo:
        return "Logga in för att läsa. Inloggning finns inte ännu i den här versionen av Samkoll."
    if not _is_loopback(remote_address) or host.rsplit(":", 1)[0] not in _LOCAL_NAMES:
        return "Demon svarar bara på den egna datorn. Öppna den på http://127.0.0.1."
    return None


def refuse_outsiders(server: Flask, *, demo: bool) -> None:
    """Refuse every request that `refusal` says, before anything else is looked at."""

    def check() -> Response | None:
        sentence = refusal(demo=demo, remote_address=request.remote_addr, host=request.host)
        if sentence is None:
            return None
        return Response(sentence, status=403, mimetype="text/plain; charset=utf-8")

    server.before_request(check)


def _is_loopback(address: str | None) -> bool:
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False
