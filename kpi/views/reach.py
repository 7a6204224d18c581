"""What a viewer may see, as SQL conditions: `kpi.access` says the same in sentences.

Of deliveries and rejected rows a viewer reads the municipalities that a grant names, and the freshness of what names
none; the operator reads all.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true

from kpi.access import Viewer, can_decide_deliveries, is_operator, readable_municipalities
from warehouse.tables import delivery, delivery_scope, rejected_row

COMMITTED = ("loaded", "unchanged")
"""The states of a delivery whose rows count."""


def deliveries_in_reach(viewer: Viewer) -> ColumnElement[bool]:
    """Deliveries of which some scope or rejected row is in reach (a held one has no scope yet)."""
    if is_operator(viewer):
        return true()
    scoped = select(delivery_scope.c.delivery_id).where(
        municipality_in_reach(viewer, delivery_scope.c.municipality_code)
    )
    rejected = select(rejected_row.c.delivery_id).where(rejects_in_reach(viewer))
    return or_(delivery.c.delivery_id.in_(scoped), delivery.c.delivery_id.in_(rejected))


def municipality_in_reach(viewer: Viewer, column: ColumnElement[str | None]) -> ColumnElement[bool]:
    if is_operator(viewer):
        return true()
    codes = sorted(readable_municipalities(viewer))
    return column.in_((*codes, "")) if codes else false()


def rejects_in_reach(viewer: Viewer) -> ColumnElement[bool]:
    """A rejected row that names no municipality may be anybody's: only those who decide about deliveries see it."""
    code = rejected_row.c.municipality_code
    if is_operator(viewer):
        return true()
    named = code.in_(sorted(readable_municipalities(viewer)))
    return or_(named, code.is_(None), code == "") if can_decide_deliveries(viewer) else named
