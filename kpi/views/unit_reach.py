"""Which units a viewer reaches on which days, as a SQL condition: `kpi.access.figures.covers` says the same in Python.

Written apart from it, over the organisation's rows as they stand in the warehouse; a test holds them to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import CTE, ColumnElement, Date, and_, case, exists, false, func, literal, not_, or_, select

from kpi.access import Grant, Role, Viewer
from warehouse.tables import VERSIONED

_DEEPEST = 10
_ALWAYS, _EVER = date(1, 1, 1), date(9999, 12, 31)


def unit_in_reach(
    viewer: Viewer,
    roles: frozenset[Role],
    unit: ColumnElement[str],
    first: ColumnElement[date],
    last: ColumnElement[date],
) -> ColumnElement[bool]:
    """That grants of the roles reach the unit on every day of first..last that it lay under a board, and that there is
    such a day. A unit manager's grant reaches only the units that it names."""
    grants = [one for one in viewer.grants if one.role in roles and (one.units or one.role is not Role.UNIT_MANAGER)]
    if not grants:
        return false()
    paths = _paths(grants)
    here = (paths.c.leaf == unit, paths.c.level == "board", paths.c.first <= last, paths.c.last >= first)
    covered = or_(*(_covered(paths, at, grant) for at, grant in enumerate(grants)))
    return and_(exists().where(*here), not_(exists().where(*here, not_(covered))))


def _covered(paths: CTE, at: int, grant: Grant) -> ColumnElement[bool]:
    conditions = [
        func.coalesce(paths.c.municipality, "") == grant.municipality_code,
        paths.c.code.in_(sorted(grant.boards)),
    ]
    if grant.units:
        conditions.append(paths.c[f"through_{at}"] == 1)
    if grant.branches:
        conditions.append(func.coalesce(paths.c.branch, "").in_(sorted(grant.branches)))
    return and_(*conditions)


def _paths(grants: Sequence[Grant]) -> CTE:
    """Every way up from a unit, a row for each step; `through_<i>`: whether a unit of the i-th grant is on it."""
    table = VERSIONED["org_units"]
    base, above = table.alias("base"), table.alias("above")
    began, ended = (func.coalesce(above.c.valid_from, _ALWAYS), func.coalesce(above.c.valid_to, _EVER))
    way = (
        select(
            base.c.unit_code.label("leaf"),
            base.c.unit_code.label("code"),
            base.c.parent_code.label("parent"),
            base.c.level,
            base.c.municipality_code.label("municipality"),
            case((base.c.level == "board", literal("")), else_=func.coalesce(base.c.actor, "")).label("branch"),
            func.coalesce(base.c.valid_from, _ALWAYS, type_=Date).label("first"),
            func.coalesce(base.c.valid_to, _EVER, type_=Date).label("last"),
            literal(0).label("depth"),
            *(_is_named(base.c.unit_code, grant, literal(0)).label(f"through_{at}") for at, grant in enumerate(grants)),
        )
        .where(base.c.ended_by.is_(None))
        .cte("way", recursive=True)
    )
    first = case((began > way.c.first, began), else_=way.c.first)
    last = case((ended < way.c.last, ended), else_=way.c.last)
    is_board = above.c.level == "board"
    step = (
        select(
            way.c.leaf,
            above.c.unit_code,
            above.c.parent_code,
            above.c.level,
            above.c.municipality_code,
            case(
                (or_(is_board, way.c.branch != ""), way.c.branch),
                else_=func.coalesce(above.c.actor, ""),
            ),
            first,
            last,
            way.c.depth + 1,
            *(_is_named(above.c.unit_code, grant, way.c[f"through_{at}"]) for at, grant in enumerate(grants)),
        )
        .join_from(way, above, above.c.unit_code == way.c.parent)
        .where(
            above.c.ended_by.is_(None),
            way.c.level != "board",
            began <= way.c.last,
            ended >= way.c.first,
            way.c.depth < _DEEPEST - 1,
        )
    )
    return way.union_all(step)


def _is_named(code: ColumnElement[str], grant: Grant, otherwise: ColumnElement[int]) -> ColumnElement[int]:
    return case((code.in_(sorted(grant.units)), literal(1)), else_=otherwise)
