"""Key figures from the inside of a board, as its own counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from kpi.access.viewer import AccessDenied, Grant, Role, Viewer, is_operator, passes
from kpi.definition import Definition, Kind
from kpi.organisation import Organisation, Path, Unit

READS_BOARD = frozenset({Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR})
"""Who reads a board's own figures."""
READS_INSIDE = READS_BOARD | {Role.UNIT_MANAGER}
"""Who reads any figure from the inside; a unit manager only those of units that the grant names."""


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


def covers(grant: Grant, path: Path, roles: frozenset[Role] = READS_INSIDE) -> bool:
    """Whether a grant of one of the roles reaches a unit on the days that it lay so. `kpi.views.reach` says the same in
    SQL."""
    if grant.role not in roles or (grant.role is Role.UNIT_MANAGER and not grant.units):
        return False
    return (
        grant.municipality_code == path.municipality_code
        and path.board_code in grant.boards
        and (not grant.units or bool(grant.units & path.through))
        and (not grant.branches or path.branch in grant.branches)
    )


def readable_municipalities(viewer: Viewer) -> frozenset[str]:
    """The municipalities that the viewer has any inside grant in."""
    return frozenset(grant.municipality_code for grant in viewer.grants if grant.role in READS_INSIDE)


def homes(viewer: Viewer, organisation: Organisation) -> tuple[Unit, ...]:
    """Where the viewer begins: boards that are read whole, then the topmost units of grants for part of a board, as
    they last lay. For the operator every board."""
    boards = [
        board
        for board in organisation.boards()
        if is_operator(viewer) or _reads_whole(viewer, organisation.paths(board.code, date.min, date.max)[-1])
    ]
    partial = [grant for grant in viewer.grants if not grant.is_whole]
    codes = organisation.codes if partial else ()
    tops = (code for code in codes if any(_is_top(grant, organisation, code) for grant in partial))
    return (*boards, *(organisation.spans(code)[-1] for code in tops))


def _reads_whole(viewer: Viewer, board: Path) -> bool:
    """Whether all of a board is read, as it lay so."""
    return any(grant.is_whole and covers(grant, board, READS_BOARD) for grant in viewer.grants)


def _is_top(grant: Grant, organisation: Organisation, code: str) -> bool:
    def reached(code: str | None) -> bool:
        paths = organisation.paths(code, date.min, date.max) if code else ()
        return bool(paths) and covers(grant, paths[-1])

    return reached(code) and not reached(organisation.spans(code)[-1].parent_code)


def check_can_read_overview(viewer: Viewer, organisation: Organisation, unit_code: str) -> None:
    """A page of its own has the board that is read whole, else the part of it that a grant reaches."""
    if unit_code not in {unit.code for unit in homes(viewer, organisation)}:
        raise AccessDenied(
            "Du har inte behörighet att läsa nyckeltalen här. Du läser det du själv ansvarar för; andras visas när de "
            "har släppts för jämförelse."
        )


def can_read_overview(viewer: Viewer, organisation: Organisation, unit_code: str) -> bool:
    """As `check_can_read_overview`."""
    return passes(lambda: check_can_read_overview(viewer, organisation, unit_code))


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

    - A unit, administration or board: on every one of the days that it lay under a board, some grant must reach it, so
      a unit that moved between boards within the days is read by neither from the inside. A grant for units reaches
      those and what lies below them; a grant for branches what is of those branches, never the board that mixes them.
    - A municipality: only the viewer's own. An *open* figure is about the organisation, so every viewer of one of its
      boards reads it; published statistics every viewer of the municipality. Any other figure only when its single
      area belongs to one board, all of which is granted: the municipality's figure is then the board's own
      (`sip_per_1000`).
    - A region: published statistics only, by viewers of any municipality in it.
    - Else above a municipality, and units outside every board: nobody but the operator. They mix data controllers, so
      they are shown as releases only.
    """
    if is_operator(viewer):
        return
    paths = organisation.paths(unit_code, first, last)
    if paths:
        if not all(any(covers(grant, path) for grant in viewer.grants) for path in paths):
            raise AccessDenied(
                "Du har inte behörighet till den här enhetens nyckeltal. Den hör inte till det du ansvarar för under "
                "perioden."
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
    boards = [path for board in owners for path in organisation.paths(board, first, last)]
    if len(areas) != 1 or len(owners) != 1 or not all(_reads_whole(viewer, board) for board in boards):
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
    return passes(
        lambda: check_can_read_figure(viewer, organisation, unit_code, first, last, areas=areas, exposure=exposure)
    )


def _is_for_all(viewer: Viewer, organisation: Organisation, unit: Unit, exposure: Exposure) -> bool:
    """What any viewer of the place reads. The days do not matter: what is open or published is so for all years."""
    if unit.level == "municipality" and exposure is Exposure.OPEN:
        return any(
            grant.role in READS_BOARD and grant.boards and grant.municipality_code == unit.municipality_code
            for grant in viewer.grants
        )
    if unit.level not in ("municipality", "region") or exposure is not Exposure.PUBLIC:
        return False
    within = organisation.under(unit.code, date.min, date.max)
    return any(below.municipality_code in readable_municipalities(viewer) for below in within)
