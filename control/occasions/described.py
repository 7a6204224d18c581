"""An occasion with what its plan says of it: the risk, the control and the scale."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from control.occasions.occasion import Occasion, read_occasion
from control.plan.content import Control, PlanContent, Risk, Scale, from_json
from kpi.views.errors import NotFound
from warehouse.plan_tables import control_plan_revision


@dataclass(frozen=True)
class Described:
    """As the newest adopted revision that holds the control says."""

    occasion: Occasion
    risk: Risk
    control: Control
    scale: Scale

    @property
    def is_review(self) -> bool:
        """Whether plans are drawn, and held against the law's four contents."""
        return self.control.is_review


def describe(connection: Connection, number: int) -> Described:
    """The occasion, whoever asks: the caller checks the right by its board. NotFound when there is none."""
    occasion = read_occasion(connection, number)
    return described(occasion, adopted_contents(connection, occasion.plan_no))


def adopted_contents(connection: Connection, plan_no: int) -> tuple[PlanContent, ...]:
    """What the board has decided that the plan says, the newest first."""
    table = control_plan_revision
    rows = connection.scalars(
        select(table.c.content)
        .where(table.c.plan_no == plan_no, table.c.status == "adopted")
        .order_by(table.c.revision.desc())
    )
    return tuple(map(from_json, rows))


def described(occasion: Occasion, contents: tuple[PlanContent, ...]) -> Described:
    """With the first content that holds its control. NotFound when none does."""
    for content in contents:
        if (found := content.control(occasion.control_id)) is not None:
            return Described(occasion, *found, content.scale)
    raise NotFound("Kontrollmomentet finns inte i någon antagen plan. Välj ett i listan under Intern kontroll.")
