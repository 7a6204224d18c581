"""A control that comes due, as it stands in the warehouse, and the words of its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from kpi.period import Period
from kpi.views.errors import NotFound
from warehouse.plan_tables import control_occasion


class Result(StrEnum):
    """What a control came to; `words` is its Swedish."""

    WITHOUT_REMARK = "without_remark", "utan anmärkning"
    MINOR = "minor", "mindre brist"
    SERIOUS = "serious", "allvarlig brist"
    NOT_CARRIED_OUT = "not_carried_out", "ej genomfört"

    words: str

    def __new__(cls, code: str, words: str = "") -> Result:
        """A member is its code; the words go with it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = words
        return member


@dataclass(frozen=True)
class Proposal:
    """What the figures propose: a result and a step of probability (both None: nothing), and why, in sentences."""

    result: Result | None
    probability: int | None
    because: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For the warehouse."""
        return {
            "result": self.result.value if self.result else None,
            "probability": self.probability,
            "because": list(self.because),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Proposal:
        """The inverse."""
        result = Result(values["result"]) if values["result"] else None
        return cls(result, values["probability"], tuple(values["because"]))


@dataclass(frozen=True)
class Sample:
    """`size` of `population` were drawn by `seed`. `drawn`: their numbers in the list of what was drawn from, in the
    order drawn; of plans, which are named one by one elsewhere, none. `fingerprint`: of the list that was drawn from,
    made with `key` (`control.sampling.fingerprint`); "" for a sample drawn before it was kept."""

    of: str
    population: int
    size: int
    seed: int
    drawn: tuple[int, ...] = ()
    fingerprint: str = ""
    key: str = field(default="", repr=False)

    @property
    def code(self) -> str:
        """The fingerprint as it is told."""
        return self.fingerprint[:12]


@dataclass(frozen=True)
class Occasion:
    """A control of a plan for a period. `edits` counts its changes; `earlier`: what was signed before it was reopened,
    the oldest first."""

    number: int
    plan_no: int
    municipality_code: str
    board_code: str
    control_id: str
    period: Period
    due_on: date
    status: str
    done_on: date | None
    result: Result | None
    analysis: str
    probability: int | None
    consequence: int | None
    proposal: Proposal | None
    sample: Sample | None
    earlier: tuple[Mapping[str, Any], ...]
    edits: int
    signed_at: datetime | None
    signed_by: str | None

    @property
    def is_done(self) -> bool:
        """Whether it is signed."""
        return self.status == "done"

    @property
    def is_on_time(self) -> bool:
        """Whether it was carried out by its day."""
        return self.done_on is not None and self.done_on <= self.due_on

    def is_late(self, today: date) -> bool:
        """Whether its day has passed without a signature."""
        return self.status == "due" and self.due_on < today


def read_occasion(connection: Connection, number: int) -> Occasion:
    """The occasion, whoever asks: the caller checks the right by its board. NotFound when there is none."""
    table = control_occasion
    row = connection.execute(select(table).where(table.c.occasion_no == number)).one_or_none()
    if row is None:
        raise NotFound("Kontrollmomentet finns inte. Välj ett i listan under Intern kontroll.")
    return occasion_of(row)


def occasions_of(rows: Sequence[Row[Any]]) -> tuple[Occasion, ...]:
    """Rows of the table."""
    return tuple(map(occasion_of, rows))


def occasion_of(row: Row[Any]) -> Occasion:
    """A row of the table."""
    return Occasion(
        row.occasion_no,
        row.plan_no,
        row.municipality_code,
        row.board_code,
        row.control_id,
        Period.from_code(row.period),
        row.due_on,
        row.status,
        row.done_on,
        Result(row.result) if row.result else None,
        row.analysis or "",
        row.probability,
        row.consequence,
        Proposal.from_json(row.proposal) if row.proposal else None,
        sample_of(row.sample),
        tuple(row.earlier),
        row.edits,
        row.signed_at,
        row.signed_by,
    )


def as_stored(sample: Sample) -> dict[str, Any]:
    """A sample as plain JSON values."""
    return asdict(sample) | {"drawn": list(sample.drawn)}


def sample_of(values: Mapping[str, Any] | None) -> Sample | None:
    """The inverse; None where none was drawn."""
    return Sample(**{**values, "drawn": tuple(values["drawn"])}) if values else None
