"""What a viewer may see, as SQL conditions: `kpi.access` says the same in sentences.

Of deliveries a viewer sees those of the municipalities where a grant reads a board, and the freshness of what names
none; of rejected rows those of the municipalities where it decides. The operator reads all.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from kpi.access import Viewer, deciding_municipalities, delivery_municipalities, is_operator
from warehouse.tables import delivery, delivery_scope, rejected_row

COMMITTED = ("loaded", "unchanged")
"""The states of a delivery whose rows count."""


def deliveries_in_reach(viewer: Viewer) -> ColumnElement[bool]:
    """Deliveries of which some scope or rejected row names a municipality in reach (a held one has no scope yet), or
    that speak for none."""
    if is_operator(viewer):
        return true()
    codes = delivery_municipalities(viewer)
    scoped = select(delivery_scope.c.delivery_id).where(_named_or_none(delivery_scope.c.municipality_code, codes))
    rejected = select(rejected_row.c.delivery_id).where(rejected_row.c.municipality_code.in_(sorted(codes)))
    return or_(delivery.c.delivery_id.in_(scoped), delivery.c.delivery_id.in_(rejected))


def scopes_in_reach(viewer: Viewer, codes: Collection[str]) -> ColumnElement[bool]:
    """Scopes of the municipalities that the viewer reads this of, and those that name none."""
    return true() if is_operator(viewer) else _named_or_none(delivery_scope.c.municipality_code, codes)


def rejects_in_reach(viewer: Viewer) -> ColumnElement[bool]:
    """The rejected rows that the viewer may read."""
    return counted_rejects_in_reach(viewer, deciding_municipalities(viewer))


def counted_rejects_in_reach(viewer: Viewer, codes: Collection[str]) -> ColumnElement[bool]:
    """The rejected rows whose number the viewer may know, who knows it of these municipalities.

    A row that names no municipality may be of any that its delivery names: it is for those who decide in all of them.
    When the delivery names none, it is the operator's.
    """
    if is_operator(viewer):
        return true()
    code = rejected_row.c.municipality_code
    decided = sorted(deciding_municipalities(viewer))
    if not decided:
        return code.in_(sorted(codes))
    own, others = _naming(decided, is_among=True), _naming(decided, is_among=False)
    return or_(code.in_(sorted(codes)), and_(or_(code.is_(None), code == ""), own, not_(others)))


def _naming(codes: Collection[str], *, is_among: bool) -> ColumnElement[bool]:
    """Rejected rows of a delivery that names some municipality among these, or some other."""
    return or_(
        *(
            rejected_row.c.delivery_id.in_(
                select(named.c.delivery_id).where(
                    named.c.municipality_code != "",
                    named.c.municipality_code.in_(codes) if is_among else named.c.municipality_code.not_in(codes),
                )
            )
            for named in (delivery_scope, rejected_row.alias())
        )
    )


def _named_or_none(column: ColumnElement[str], codes: Collection[str]) -> ColumnElement[bool]:
    return column.in_((*sorted(codes), "")) if codes else false()
