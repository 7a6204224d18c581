"""The rows behind the figures as they are read, a class for each dataset: what a chief needs to act.

A class's fields are the columns that leave the warehouse. Never the person, the birth date or the sex; no free text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpi.organisation import Unit
from kpi.period import Period
from kpi.views.case_filter import EVERY_ONE, CaseFilter
from kpi.views.deviation_filter import DeviationFilter
from kpi.views.plan_filter import PlanFilter
from kpi.views.referral_filter import ReferralFilter


@dataclass(frozen=True)
class Deviation:
    """A row of `deviations`."""

    deviation_id: str
    municipality_code: str
    unit_code: str
    reported_on: date
    occurred_on: date | None
    reporting_actor: str
    counterpart_actor: str
    category: str
    severity: str | None
    level: str | None
    sip_id: str | None
    feedback_on: date | None
    action_decided_on: date | None
    effect_assessed_on: date | None
    effect: str | None
    closed_on: date | None


@dataclass(frozen=True)
class Plan:
    """A row of `sips`."""

    sip_id: str
    municipality_code: str
    unit_code: str
    initiated_on: date
    initiator_actor: str
    calling_actor: str | None
    called_on: date | None
    consent: str
    met_on: date | None
    coordinator_named: bool
    lead_principal: str | None
    child_voice: str | None
    agreed_follow_up_on: date | None
    followed_up_on: date | None
    evaluated_on: date | None
    goal_attainment: str | None
    closed_on: date | None
    closed_reason: str | None


@dataclass(frozen=True)
class Referral:
    """A row of `referrals`."""

    referral_id: str
    municipality_code: str
    centre_code: str
    referred_on: date
    from_actor: str
    to_actor: str
    received_on: date | None
    first_contact_on: date | None
    outcome: str | None


CaseRow = Deviation | Plan | Referral


@dataclass(frozen=True)
class CaseKind:
    """A dataset whose rows are read. `key`, `unit` and `day`: the columns that name a row, place it in the organisation
    and decide its month; a key is one municipality's. `filter`: how some of its rows are asked for; `figure`: one whose
    coverage tells until when they are delivered."""

    dataset: str
    row: type[Deviation] | type[Plan] | type[Referral]
    key: str
    unit: str
    day: str
    filter: type[CaseFilter]
    figure: str


CASE_KINDS: Mapping[str, CaseKind] = {
    one.dataset: one
    for one in (
        CaseKind(
            "deviations", Deviation, "deviation_id", "unit_code", "reported_on", DeviationFilter, "deviations_reported"
        ),
        CaseKind("sips", Plan, "sip_id", "unit_code", "initiated_on", PlanFilter, "sip_established"),
        CaseKind("referrals", Referral, "referral_id", "centre_code", "referred_on", ReferralFilter, "referral_flows"),
    )
}

Key = tuple[str, str]
"""Municipality and key: what tells a dataset's rows apart."""


@dataclass(frozen=True)
class Case:
    """A row with its key, its day, and its unit as it was on that day (None: unknown)."""

    key: Key
    day: date
    unit: Unit | None
    row: CaseRow


@dataclass(frozen=True)
class Cases:
    """Some of a unit's rows of a month, from number `first_row` on, and how many there are in all. `wanted`: which of
    them, and how far back; `known_on`: the day that deliveries speak for."""

    kind: CaseKind
    unit: Unit
    month: Period
    rows: tuple[Case, ...]
    total: int
    first_row: int = 1
    page: int = 1
    wanted: CaseFilter = EVERY_ONE
    known_on: date | None = None
