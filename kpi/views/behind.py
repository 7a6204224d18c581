"""The rows behind a figure, where they are among those that are read, and which of them. Nothing here reads any."""

from __future__ import annotations

from kpi.definition import Catalogue, Definition, Kind
from kpi.period import PeriodType
from kpi.unparse import unparse
from kpi.views.case_filter import Back, CaseFilter, Day
from kpi.views.case_rows import CASE_KINDS
from kpi.views.deviation_filter import DeviationFilter, Standing
from kpi.views.plan_filter import PlanFilter, PlanStanding

_OF_PLANS = {"sip_participants": Day.MEETING, "sip_follow_ups": Day.FOLLOW_UP, "sip_activities": Day.ACTIVITY}
"""Rows that are read with their plan, and the day of theirs that decides."""
_DAYS = {
    "sips": {"met_on": Day.FIRST_MEETING, "closed_on": Day.CLOSED},
    "deviations": {"closed_on": Day.CLOSED},
    "referrals": {},
}  # fmt: skip
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
    """The dataset and which of its rows lie behind the figure's period, as near as rows can be asked for: by the day
    that the figure counts by where it is one of theirs, of a stock what goes on."""
    dataset = dataset_behind(catalogue, definition)
    kind = "sips" if dataset in _OF_PLANS else dataset
    if dataset is None or kind not in CASE_KINDS:
        return None
    if definition.kind is Kind.STOCK:
        return kind, _SPANS.get(_span(definition), _ONGOING[kind])
    if dataset in _OF_PLANS:
        return kind, PlanFilter(back=_back(definition), by=_OF_PLANS[dataset])
    day = definition.meaning.measures[0].day
    by = _DAYS[dataset].get(unparse(day) if day else "", Day.OWN)
    return dataset, CASE_KINDS[dataset].filter(back=_back(definition), by=by)


def _span(definition: Definition) -> str:
    span = definition.meaning.measures[0].span
    return span.name if span else ""


def _back(definition: Definition) -> Back:
    """As far as one of its values reaches."""
    return Back.YEAR if definition.meaning.rolling else _REACH[definition.period]
