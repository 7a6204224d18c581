"""How the plan's risks were last judged, when a control of theirs was carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from control.plan.content import PlanContent
from warehouse.plan_tables import control_occasion


@dataclass(frozen=True)
class Judged:
    """A risk as it was judged at a control."""

    probability: int
    consequence: int
    on: date
    control_id: str
    result: str | None

    @property
    def value(self) -> int:
        """Probability × consequence."""
        return self.probability * self.consequence


def last_judged(connection: Connection, plan_no: int, content: PlanContent) -> Mapping[str, Judged]:
    """By risk; a risk that has not been judged is not there. Steps outside the content's scale are not told."""
    table = control_occasion
    rows = connection.execute(
        select(table)
        .where(
            table.c.plan_no == plan_no,
            table.c.status == "done",
            table.c.done_on.is_not(None),
            table.c.probability.between(1, content.scale.size),
            table.c.consequence.between(1, content.scale.size),
        )
        .order_by(table.c.done_on, table.c.signed_at, table.c.occasion_no)
    )
    risk_of = {control.id: risk.id for risk in content.risks for control in risk.controls}
    return {
        risk_of[one.control_id]: Judged(one.probability, one.consequence, one.done_on, one.control_id, one.result)
        for one in rows
        if one.control_id in risk_of
    }
