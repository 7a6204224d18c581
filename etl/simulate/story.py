"""What the simulated years tell, as probabilities over days. Pure; the same tale that the audits of 2021 tell.

- Psychiatry for children (BUP) stays away when the school calls.
- Follow-up slips in one unit while its staff turn over, and recovers after an action.
- Calls state purpose and question more often once a checklist is in use.
- One school unit hardly reports deviations; one familjecentral loses referrals toward primary care for a while, and
  calls every family back from then on.
- Svedala has few cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from etl.simulate.organisation import TURNOVER_UNIT, has_centre
from etl.simulate.reference import Municipality
from warehouse.contract import SCHOOL_ACTORS

Days = npt.NDArray[np.datetime64]
Texts = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]

_ROWS_PER_PLAN = 13.9
"""Rows of plans, participants, rounds and activities per plan begun, as measured: `--events` is divided by it."""
_PLANS_PER_1000 = {"1287": 7.9, "1263": 4.2, "1233": 6.0}
"""Plans begun a year per 1 000 children; others get what lies between."""
_DEVIATIONS_PER_PLAN = {"1287": 0.75, "1263": 0.5, "1233": 0.9}
_REFERRALS_PER_1000 = 22.0
_COUNTING_CENTRES = frozenset({"1233"})


@dataclass(frozen=True)
class Span:
    """Days from `first` up to but not including `end`."""

    first: np.datetime64
    end: np.datetime64

    def holds(self, days: Days) -> Flags:
        """Which of the days lie in the span; a missing day does not."""
        return np.asarray((days >= self.first) & (days < self.end), dtype=bool)


@dataclass(frozen=True)
class Story:
    """One municipality's tale.

    `window`: the simulated months; `until`: the last day anything can have happened; `factor`: how many times the
    plausible number of cases; `turnover`: staff change in one unit; `checklist_on`: when calls got a checklist;
    `loss`: when the familjecentral's referrals toward primary care got lost.
    """

    municipality: Municipality
    window: Span
    until: np.datetime64
    factor: float
    turnover: Span
    checklist_on: np.datetime64
    loss: Span

    @property
    def years(self) -> float:
        """The length of the window as far as it has passed."""
        return float((self.until - self.window.first) / np.timedelta64(1, "D") + 1) / 365.25

    @property
    def plans_a_year(self) -> float:
        """Plans begun in a year."""
        rate = _PLANS_PER_1000.get(self.municipality.code, 5.5)
        return rate * self.municipality.children / 1000 * self.factor

    @property
    def deviations_a_year(self) -> float:
        """Deviations reported in a year."""
        return self.plans_a_year * _DEVIATIONS_PER_PLAN.get(self.municipality.code, 0.7)

    @property
    def referrals_a_year(self) -> float:
        """Referrals within the familjecentral in a year."""
        return _REFERRALS_PER_1000 * self.municipality.children / 1000 * self.factor

    @property
    def expected_events(self) -> float:
        """About how many rows the datasets of events will hold (a centre that only counts holds none per referral)."""
        keeps_rows = has_centre(self.municipality) and not self.counts_referrals
        referrals = self.referrals_a_year if keeps_rows else 0.0
        return self.years * (self.plans_a_year * _ROWS_PER_PLAN + self.deviations_a_year + referrals)

    @property
    def counts_referrals(self) -> bool:
        """Whether the familjecentral only counts, rather than keeping a row per referral."""
        return self.municipality.code in _COUNTING_CENTRES

    def follow_up_in_time(self, unit: Texts, agreed_on: Days) -> Shares:
        """The probability that a round is held in time."""
        slips = self.turnover.holds(agreed_on) & (unit == TURNOVER_UNIT)
        return np.where(slips & (self.municipality.code == "1287"), 0.5, 0.88)

    def call_states(self, called_on: Days) -> tuple[Shares, Shares]:
        """The probabilities that a call states its purpose, and its question."""
        after = called_on >= self.checklist_on
        return np.where(after, 0.97, 0.84), np.where(after, 0.93, 0.72)

    def attends(self, actor: Texts, calling_actor: Texts) -> Shares:
        """The probability that a called party attends; the caller nearly always does."""
        by_school = np.isin(calling_actor, SCHOOL_ACTORS)
        share = np.full(actor.shape, 0.88)
        share[actor == "bup"] = np.where(by_school, 0.45, 0.80)[actor == "bup"]
        share[(actor == "bum") | (actor == "primarvard")] = 0.80
        share[actor == "barnet"] = 0.66
        share[actor == "vardnadshavare"] = 0.94
        share[actor == calling_actor] = 0.985
        return share


def tell(municipality: Municipality, *, months: int, until: date, factor: float = 1.0) -> Story:
    """The tale of `months` months, the last of which holds `until`; its turns lie at fixed shares of the window."""
    last_month = np.datetime64(until, "M")
    first_month = last_month - np.timedelta64(months - 1, "M")
    first, end = first_month.astype("datetime64[D]"), (last_month + np.timedelta64(1, "M")).astype("datetime64[D]")

    def at(share: float) -> np.datetime64:
        day: np.datetime64 = (first_month + np.timedelta64(round(share * months), "M")).astype("datetime64[D]")
        return day

    return Story(
        municipality=municipality,
        window=Span(first, end),
        until=np.datetime64(until, "D"),
        factor=factor,
        turnover=Span(at(0.45), at(0.67)),
        checklist_on=at({"1287": 0.55, "1263": 0.75}.get(municipality.code, 0.35)),
        loss=Span(at(0.58), at(0.75)),
    )
