"""What an action is, and where it stands on a day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from kpi.period import Period
from warehouse.clock import local

SOON = timedelta(days=14)
"""So long before its day an action is reminded of."""


class _Worded(StrEnum):
    @property
    def words(self) -> str:
        """Its Swedish."""
        return _WORDS[self]


class Origin(_Worded):
    """What an action comes from."""

    FIGURE = "figure"
    DEVIATIONS = "deviations"
    CONTROL = "control"
    DECISION = "decision"


class Status(_Worded):
    """How far an action has come."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    CANCELLED = "cancelled"


class CostClass(_Worded):
    """About what it costs."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Effect(_Worded):
    """What a person judges an action to have done."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    TOO_EARLY = "too_early"


_WORDS: Mapping[str, str] = {
    "figure": "ett nyckeltal",
    "deviations": "ett mönster av avvikelser",
    "control": "ett kontrollmoment",
    "decision": "ett beslut",
    "planned": "planerad",
    "started": "pågår",
    "done": "klar",
    "cancelled": "avbruten",
    "none": "ingen kostnad",
    "low": "inom ordinarie arbete",
    "medium": "omprioritering inom budget",
    "high": "kräver mer pengar",
    "yes": "ja",
    "partly": "delvis",
    "no": "nej",
    "too_early": "för tidigt",
}
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.PLANNED: frozenset({Status.STARTED, Status.CANCELLED}),
    Status.STARTED: frozenset({Status.DONE, Status.CANCELLED}),
    Status.DONE: frozenset({Status.STARTED}),
    Status.CANCELLED: frozenset(),
}
"""From which status to which; what was done may turn out not to be."""


@dataclass(frozen=True)
class BoardAction:
    """An action as it stands. `expected_from` and `expected_to` are in the figure's own scale (0.9 is 90 %).
    `effect`: what was judged last."""

    number: int
    municipality_code: str
    board_code: str
    unit_code: str | None
    what: str
    root_cause: str
    origin: Origin
    origin_reference: str | None
    kpi_id: str | None
    responsible: str
    starts_on: date
    due_on: date
    first_due_on: date
    expected_from: float | None
    expected_to: float | None
    cost_class: CostClass
    status: Status
    done_on: date | None
    edits: int
    made_at: datetime
    made_by: str
    effect: Effect | None = None

    @property
    def is_ongoing(self) -> bool:
        """Whether it is still to be done."""
        return self.status in (Status.PLANNED, Status.STARTED)

    @property
    def place_code(self) -> str:
        """The unit or board whose figure it is to change."""
        return self.unit_code or self.board_code

    @property
    def is_entered_late(self) -> bool:
        """Whether it was entered in afterthought."""
        return was_entered_late(local(self.made_at).date(), self.first_due_on, self.done_on)

    def is_late(self, today: date) -> bool:
        """Whether its day has passed, as it stands now."""
        return self.is_ongoing and self.due_on < today

    def is_soon(self, today: date) -> bool:
        """Whether its day is within two weeks."""
        return self.is_ongoing and today <= self.due_on <= today + SOON

    @property
    def was_in_time(self) -> bool | None:
        """Whether it was done by the day that was promised first; None while it is not done."""
        return None if self.done_on is None else self.done_on <= self.first_due_on


@dataclass(frozen=True)
class ActionEvent:
    """What happened with an action. `changed`: each field's value before and after."""

    kind: str
    text: str
    changed: Mapping[str, Sequence[Any]]
    at: datetime
    by: str


@dataclass(frozen=True)
class SignedEffect:
    """What a person judged, with the numbers that were shown then."""

    number: int
    effect: Effect
    motivation: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    assessed_on: date
    signed_at: datetime
    signed_by: str


def to_remind_of(actions: Sequence[BoardAction], today: date) -> list[BoardAction]:
    """The late ones and those whose day is within two weeks, the most urgent first."""
    return sorted((one for one in actions if one.is_late(today) or one.is_soon(today)), key=lambda one: one.due_on)


def was_entered_late(entered_on: date, first_due_on: date, done_on: date | None) -> bool:
    """Whether an action was entered when it was to be done already, or had been: nobody had been promised it."""
    return entered_on > min(first_due_on, done_on or first_due_on)


class Standing(Protocol):
    """How an action stands, now or as a paper has it."""

    @property
    def status(self) -> str: ...

    @property
    def starts_on(self) -> date: ...

    @property
    def done_on(self) -> date | None: ...


def answers_in(action: Standing, period: Period) -> bool:
    """Whether the action answers for its figure in a period: it is still to be done, or it had begun by the period's
    end and was not done before the period began."""
    if action.status == Status.DONE and action.done_on is not None:
        return action.starts_on <= period.last_day and action.done_on >= period.first_day
    return action.status in (Status.PLANNED, Status.STARTED)
