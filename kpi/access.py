"""Who may read what, as sentences. Pure: the same rules stand as SQL predicates in `kpi.views`.

Deny by default: a viewer without a matching grant reads nothing. `check_can_…` raises `AccessDenied` with a sentence
for the reader; `can_…` answers yes or no by the same rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kpi.definition import Definition, Kind
from kpi.organisation import Organisation, Unit


class Role(StrEnum):
    """The product's roles (Swedish names in the glossary)."""

    OPERATOR = "operator"  # the command line: inside, unsuppressed aggregates, logged
    PRESIDIUM = "presidium"
    MEMBER = "member"
    CHIEF = "chief"
    UNIT_MANAGER = "unit_manager"
    DEVELOPER = "developer"
    CONTROLLER = "controller"
    CENTRAL_CONTROLLER = "central_controller"
    SECRETARY = "secretary"
    AUDITOR = "auditor"
    DPO = "dpo"
    DELREGIONAL = "delregional"
    ADMIN = "admin"


@dataclass(frozen=True)
class Grant:
    """A role in a municipality, for some of its boards (unit codes) and units; empty units = the whole board."""

    role: Role
    municipality_code: str
    boards: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Viewer:
    """Who reads. There is no default viewer."""

    user: str
    grants: tuple[Grant, ...]


OPERATOR = Viewer("kommandoraden", (Grant(Role.OPERATOR, ""),))


class AccessDenied(Exception):
    """The viewer has no grant for this; the message is a Swedish sentence for the reader."""


class Exposure(StrEnum):
    """How far a figure reaches beyond the board whose rows it counts."""

    INSIDE = "inside"  # the board's own counts
    OPEN = "open"  # about the organisation, never suppressed
    PUBLIC = "public"  # another's published statistics


def exposure_of(definition: Definition) -> Exposure:
    """By kind and release class; whatever is neither open nor published statistics stays inside."""
    if definition.release_class != "open":
        return Exposure.INSIDE
    return Exposure.PUBLIC if definition.kind is Kind.CONTEXT else Exposure.OPEN


_READS_BOARD = frozenset({Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR})
_READS_RELEASED = _READS_BOARD | {
    Role.MEMBER, Role.UNIT_MANAGER, Role.CENTRAL_CONTROLLER, Role.SECRETARY, Role.DELREGIONAL,
}  # fmt: skip
_READS_DELIVERIES = frozenset({Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR})
_READS_REJECTS = frozenset({Role.CHIEF, Role.CONTROLLER, Role.AUDITOR})


def is_operator(viewer: Viewer) -> bool:
    """The command line: reads every inside aggregate."""
    return any(grant.role is Role.OPERATOR for grant in viewer.grants)


def readable_boards(viewer: Viewer) -> frozenset[str]:
    """The boards whose own figures the viewer reads from the inside (not for the operator, who reads all)."""
    return frozenset(board for grant in viewer.grants if grant.role in _READS_BOARD for board in grant.boards)


def readable_municipalities(viewer: Viewer) -> frozenset[str]:
    """The municipalities that the viewer has any reading grant in."""
    return frozenset(grant.municipality_code for grant in viewer.grants if grant.role in _READS_BOARD)


def check_can_read_board(viewer: Viewer, board_code: str) -> None:
    """A board's page is read by the board's own roles."""
    if not is_operator(viewer) and board_code not in readable_boards(viewer):
        raise AccessDenied(
            "Du har inte behörighet att läsa den här nämndens nyckeltal. Du läser din egen nämnds; andra nämnders "
            "visas när de har släppts för jämförelse."
        )


def can_read_board(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_read_board`."""
    return _passes(lambda: check_can_read_board(viewer, board_code))


def check_can_read_figure(
    viewer: Viewer,
    organisation: Organisation,
    unit_code: str,
    first: date,
    last: date,
    *,
    areas: Collection[str],
    exposure: Exposure = Exposure.INSIDE,
) -> None:
    """The values of a unit for the days first..last, of a figure that concerns `areas`.

    - A unit, administration or board: every board that it belonged to on any of the days must be granted, so a unit
      that moved between boards within the days is read by neither from the inside. A grant limited to `units`
      reaches those units only.
    - A municipality: only the viewer's own. An *open* figure is about the organisation, so every viewer of one of its
      boards reads it; published statistics every viewer of the municipality. Any other figure only when its single
      area belongs to one board, which is granted: the municipality's figure is then the board's own (`sip_per_1000`).
    - A region: published statistics only, by viewers of any municipality in it.
    - Else above a municipality, and units outside every board: nobody but the operator. They mix data controllers, so
      they are shown as releases only.
    """
    if is_operator(viewer):
        return
    boards = organisation.boards_of(unit_code, first, last)
    if boards:
        if not any(_reaches(grant, organisation, unit_code, boards, first, last) for grant in viewer.grants):
            raise AccessDenied(
                "Du har inte behörighet till den här enhetens nyckeltal. Den hör inte till din nämnd under perioden."
            )
        return
    unit = organisation.on(unit_code, last)
    if unit is None:
        raise AccessDenied("Enheten finns inte, eller så får du inte läsa den.")
    if _is_for_all(viewer, organisation, unit, exposure):
        return
    if unit.level != "municipality" or unit.municipality_code not in readable_municipalities(viewer):
        raise AccessDenied(
            "Nyckeltalet gäller flera nämnder eller kommuner. Det visas först när det har släppts för jämförelse."
        )
    owners = frozenset(
        board for area in areas for board in organisation.boards_with_area(unit.municipality_code, area, first, last)
    )
    if len(areas) != 1 or len(owners) != 1 or not owners <= readable_boards(viewer):
        raise AccessDenied("Kommunens värde blandar flera nämnders uppgifter. Det visas först när det har släppts.")


def can_read_figure(
    viewer: Viewer,
    organisation: Organisation,
    unit_code: str,
    first: date,
    last: date,
    *,
    areas: Collection[str],
    exposure: Exposure = Exposure.INSIDE,
) -> bool:
    """As `check_can_read_figure`."""
    return _passes(
        lambda: check_can_read_figure(viewer, organisation, unit_code, first, last, areas=areas, exposure=exposure)
    )


def _is_for_all(viewer: Viewer, organisation: Organisation, unit: Unit, exposure: Exposure) -> bool:
    """What any viewer of the place reads. The days do not matter: what is open or published is so for all years."""
    if unit.level == "municipality" and exposure is Exposure.OPEN:
        return any(
            grant.role in _READS_BOARD and grant.boards and grant.municipality_code == unit.municipality_code
            for grant in viewer.grants
        )
    if unit.level not in ("municipality", "region") or exposure is not Exposure.PUBLIC:
        return False
    within = organisation.under(unit.code, date.min, date.max)
    return any(below.municipality_code in readable_municipalities(viewer) for below in within)


def check_can_read_released(viewer: Viewer, organisation: Organisation, unit_code: str) -> None:
    """What has been released of a unit: every reading role in its municipality, and of what lies above it. A member
    reads the own boards' only, and the levels above them. Other municipalities' releases come as packages."""
    if is_operator(viewer):
        return
    if not any(_reads_released(grant, organisation, unit_code) for grant in viewer.grants):
        raise AccessDenied("Du har inte behörighet att läsa det som har släppts här. Du läser din egen kommuns.")


def can_read_released(viewer: Viewer, organisation: Organisation, unit_code: str) -> bool:
    """As `check_can_read_released`."""
    return _passes(lambda: check_can_read_released(viewer, organisation, unit_code))


def _reads_released(grant: Grant, organisation: Organisation, unit_code: str) -> bool:
    if grant.role not in _READS_RELEASED:
        return False
    spans = organisation.spans(unit_code)
    if not spans:
        return False
    boards = organisation.boards_of(unit_code, date.min, date.max)
    if boards:
        is_own = boards <= grant.boards if grant.role is Role.MEMBER else True
        return is_own and any(unit.municipality_code == grant.municipality_code for unit in spans)
    below = organisation.under(unit_code, date.min, date.max)
    return any(unit.level == "board" and unit.municipality_code == grant.municipality_code for unit in below)


def check_can_read_deliveries(viewer: Viewer) -> None:
    """Freshness of deliveries (no rows, no figures): every role that reads a board, for its own municipality."""
    if not is_operator(viewer) and not _has(viewer, _READS_DELIVERIES):
        raise AccessDenied("Du har inte behörighet att se leveranserna.")


def can_read_deliveries(viewer: Viewer) -> bool:
    """As `check_can_read_deliveries`."""
    return _passes(lambda: check_can_read_deliveries(viewer))


def check_can_read_rejects(viewer: Viewer) -> None:
    """Rows in quarantine, without personal data: chief, controller and auditor. The presidium sees their number only,
    since one row is a case and not a figure."""
    if not is_operator(viewer) and not _has(viewer, _READS_REJECTS):
        raise AccessDenied("Rader i karantän visas för förvaltningschef, controller och revisor.")


def can_read_rejects(viewer: Viewer) -> bool:
    """As `check_can_read_rejects`."""
    return _passes(lambda: check_can_read_rejects(viewer))


def check_can_decide_deliveries(viewer: Viewer) -> None:
    """Approving, refusing and replaying a delivery is the controller's."""
    if not is_operator(viewer) and not _has(viewer, frozenset({Role.CONTROLLER})):
        raise AccessDenied("Bara controllern godkänner, avvisar eller läser om leveranser.")


def can_decide_deliveries(viewer: Viewer) -> bool:
    """As `check_can_decide_deliveries`."""
    return _passes(lambda: check_can_decide_deliveries(viewer))


def check_can_edit_definitions(viewer: Viewer) -> None:
    """Saving the definitions file is the controller's; everybody who may open the pages may read it."""
    if not is_operator(viewer) and not _has(viewer, frozenset({Role.CONTROLLER})):
        raise AccessDenied("Bara controllern sparar definitionerna. Du kan läsa dem och pröva en ändring.")


def can_edit_definitions(viewer: Viewer) -> bool:
    """As `check_can_edit_definitions`."""
    return _passes(lambda: check_can_edit_definitions(viewer))


def check_can_close(viewer: Viewer, board_code: str) -> None:
    """Closing a board's period, and deciding which periods it closes, is its controller's."""
    if is_operator(viewer):
        return
    if not any(grant.role is Role.CONTROLLER and board_code in grant.boards for grant in viewer.grants):
        raise AccessDenied("Bara nämndens controller stänger dess perioder.")


def can_close(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_close`."""
    return _passes(lambda: check_can_close(viewer, board_code))


def _reaches(
    grant: Grant, organisation: Organisation, unit_code: str, boards: frozenset[str], first: date, last: date
) -> bool:
    if grant.role not in _READS_BOARD or not boards <= grant.boards:
        return False
    if not grant.units:
        return True
    return any(unit_code in {unit.code for unit in organisation.under(top, first, last)} for top in grant.units)


def _has(viewer: Viewer, roles: frozenset[Role]) -> bool:
    return any(grant.role in roles for grant in viewer.grants)


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except AccessDenied:
        return False
    return True
