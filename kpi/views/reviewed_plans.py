"""The plans (SIP) that a review draws from: a board's that were established in a period. Their keys and places only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from kpi.access import Viewer, check_can_review_sample
from kpi.moment import known
from kpi.organisation import Organisation
from kpi.period import Period
from kpi.views.case_rows import Key
from kpi.views.cases import lay_under
from warehouse.tables import VERSIONED


@dataclass(frozen=True)
class PlanToReview:
    """A plan by its key, the unit that holds it, and the day of its first meeting: when it was established."""

    key: Key
    unit_code: str
    established_on: date


def plans_to_review(
    connection: Connection, viewer: Viewer, organisation: Organisation, board_code: str, period: Period
) -> list[PlanToReview]:
    """The board's plans whose first meeting was held in the period and whose consent is not declined, by key: those
    that the figure of established plans counts. AccessDenied for who may not review them."""
    check_can_review_sample(viewer, board_code)
    table = VERSIONED["sips"]
    query = select(table.c.municipality_code, table.c.sip_id, table.c.unit_code, table.c.met_on).where(
        known(table, None),
        table.c.consent != "declined",
        table.c.met_on.between(period.first_day, period.last_day),
        lay_under(organisation, board_code, period, table.c.unit_code, table.c.met_on),
    )
    found = [PlanToReview((home, key), unit, met_on) for home, key, unit, met_on in connection.execute(query)]
    return sorted(found, key=lambda one: one.key)
