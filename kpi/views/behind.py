"""The rows behind a figure, where they are among those that are read, and which of them. Nothing here reads any."""

from __future__ import annotations

import re

from kpi.definition import Catalogue, Definition, Kind
from kpi.period import PeriodType
from kpi.unparse import unparse
from kpi.views.case_filter import Back, CaseFilter, Day
from kpi.views.case_rows import CASE_KINDS
from kpi.views.deviation_filter import DeviationFilter, Standing
from kpi.views.plan_filter import PlanFilter, PlanStanding

_OF_PLANS = frozenset({"sip_participants", "sip_follow_ups", "sip_activities"})
"""Rows that are read with their plan."""
_DAYS: dict[str, dict[str, Day]] = {
    "sips": {
        "initiated_on": Day.OWN, "called_on": Day.CALLED, "met_on": Day.FIRST_MEETING, "closed_on": Day.CLOSED,
    },
    "sip_participants": {"met_on": Day.MEETING, "meeting_on": Day.MEETING},
    "sip_follow_ups": {"agreed_on": Day.FOLLOW_UP},
    "sip_activities": {"due_on": Day.ACTIVITY},
    "deviations": {"reported_on": Day.OWN, "closed_on": Day.CLOSED},
    "referrals": {"referred_on": Day.OWN},
}  # fmt: skip
_COUNTED_BY = re.compile(r"(\w+)(?: \+ (\d+) days)?")
AFTER_DAYS = (14, 30, 60, 90)
"""Days that rows can be asked for after: the limits that the figures have."""
_REACH = {PeriodType.MONTH: Back.MONTH, PeriodType.TERTIAL: Back.TERTIAL, PeriodType.YEAR: Back.YEAR}
_ONGOING: dict[str, CaseFilter] = {
    "sips": PlanFilter(back=Back.ALL, standing=PlanStanding.ONGOING),
    "deviations": DeviationFilter(back=Back.ALL, standing=Standing.OPEN),
}
_SPANS: dict[str, CaseFilter] = {
    "deviation_open_long": DeviationFilter(back=Back.ALL, standing=Standing.OPEN_LONG),
    "follow_up_overdue": PlanFilter(back=Back.ALL, standing=PlanStanding.FOLLOW_UP_OVERDUE),
}
"""Of a stock what is in its span, where that can be asked for; of the others what goes on at all."""


def dataset_behind(catalogue: Catalogue, definition: Definition) -> str | None:
    """The dataset that the figure counts first; None for published statistics."""
    if not definition.meaning.measures:
        return None
    return catalogue.facts[definition.meaning.measures[0].fact].branches[0].dataset


def rows_behind(catalogue: Catalogue, definition: Definition) -> tuple[str, CaseFilter] | None:
    """The dataset and which of its rows lie behind the figure's period: by the day that the figure counts by, and of a
    stock what is in its span, or else what goes on. Among them are those that it counts. None where that day is none
    that rows can be asked by."""
    dataset = dataset_behind(catalogue, definition)
    if dataset is None or dataset not in _DAYS:
        return None
    kind = "sips" if dataset in _OF_PLANS else dataset
    if definition.kind is Kind.STOCK:
        return kind, _SPANS.get(_span(definition), _ONGOING[kind])
    day = definition.meaning.measures[0].day
    told = _COUNTED_BY.fullmatch(unparse(day)) if day is not None else None
    by = _DAYS[dataset].get(told[1]) if told is not None else None
    after = int(told[2] or 0) if told is not None else 0
    if by is None or after not in (0, *AFTER_DAYS):
        return None
    return kind, CASE_KINDS[kind].filter(back=_back(definition), by=by, after_days=after)


def _span(definition: Definition) -> str:
    span = definition.meaning.measures[0].span
    return span.name if span else ""


def _back(definition: Definition) -> Back:
    """As far as one of its values reaches."""
    return Back.YEAR if definition.meaning.rolling else _REACH[definition.period]
