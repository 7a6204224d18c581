"""What a key figure is, as frozen types: facts (what is counted), meaning (how), and the words around it. Pure.

Only `kpi.loader` makes these, from the definitions file; everything after it reads typed values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

from kpi.period import Period, PeriodType
from kpi.tree import ColumnType, Node
from warehouse.errors import UserError

Pairs = tuple[tuple[str, Node], ...]
"""Named expressions, in the file's order."""


class Kind(StrEnum):
    """How a figure is computed from its rows."""

    COUNT = "count"  # rows, or the sum of a column
    RATIO = "ratio"  # rows with the numerator's condition / rows
    MEDIAN = "median"  # the middle of a number, recomputed at every level
    STOCK = "stock"  # rows that are active on the period's last day
    RATE_PER = "rate_per"  # rows / children of the municipality x a multiplier


# --- facts -----------------------------------------------------------------


@dataclass(frozen=True)
class Unless:
    """Leaves out rows for which the dataset holds a row with the same `on` columns that meets the condition."""

    dataset: str
    on: tuple[str, ...]
    where: Node | None


@dataclass(frozen=True)
class Branch:
    """Rows of one dataset, with the columns that the fact takes from it."""

    dataset: str
    take: Pairs
    where: Node | None = None
    unless: Unless | None = None


@dataclass(frozen=True)
class Grouping:
    """One row per `by`; a column is the least, any or every of an expression over the rows."""

    by: tuple[str, ...]
    least: Pairs = ()
    any: Pairs = ()
    every: Pairs = ()


@dataclass(frozen=True)
class Join:
    """Columns of another fact, whose row has the same `on` columns; missing when there is none."""

    fact: str
    on: tuple[str, ...]
    take: Pairs


@dataclass(frozen=True)
class Fact:
    """One query tree over versioned rows: branches (a union), then grouping, joins and first-of columns.

    `key`: rows with the same key change together, so a changed row touches its key's rows only.
    `unit`: the column that places a row in the organisation; empty there = unplaced.
    `columns`: what expressions over the fact may name.
    """

    name: str
    title: str
    key: tuple[str, ...]
    branches: tuple[Branch, ...]
    grouping: Grouping | None
    joins: tuple[Join, ...]
    first_of: tuple[tuple[str, tuple[str, ...]], ...]
    unit: str
    columns: tuple[tuple[str, ColumnType], ...]


@dataclass(frozen=True)
class Exit:
    """A day on which a span ends (the row is no longer active that day), where the condition holds."""

    day: Node
    where: Node | None = None


@dataclass(frozen=True)
class Span:
    """From which day to which a row of a fact is active; for stocks."""

    name: str
    fact: str
    where: Node | None
    start: Node
    ends: tuple[Exit, ...]


# --- meaning ---------------------------------------------------------------


@dataclass(frozen=True)
class Meaning:
    """Everything that decides a figure's values, and nothing else: its hash is the definition's hash.

    `by`: the day that decides the period (a stock has none). `where`: which rows are counted (a ratio's denominator).
    `numerator`: a ratio's. `amount`: the column that a count sums. `value`: the number whose median is taken.
    """

    kind: Kind
    fact: str
    period: PeriodType
    levels: tuple[str, ...]
    by: Node | None = None
    where: Node | None = None
    numerator: Node | None = None
    amount: str | None = None
    value: Node | None = None
    span: Span | None = None
    per: int | None = None
    split: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The board's decision behind a target."""

    decided_on: date
    paragraph: str
    registration_number: str


@dataclass(frozen=True)
class Target:
    """A line to reach from a period on. Without a decision it is proposed, and never missed.

    Exactly one of `at_least` and `at_most` is given, in the figure's own scale (0.9 is 90 %); `near` is the margin
    within which a value is close to the line. `board` and `municipality` narrow it to one code.
    """

    first: Period
    at_least: float | None = None
    at_most: float | None = None
    near: float | None = None
    board: str | None = None
    municipality: str | None = None
    decision: Decision | None = None

    @property
    def is_proposed(self) -> bool:
        """Whether no board has decided it."""
        return self.decision is None

    @property
    def level(self) -> float:
        """The line's value."""
        found = self.at_least if self.at_least is not None else self.at_most
        if found is None:
            raise ValueError("a target has a level")
        return found


@dataclass(frozen=True)
class AuditReference:
    """Where an audit pointed at what the figure measures; `gist` is our own summary of the sentence."""

    report: str
    section: str
    gist: str


@dataclass(frozen=True)
class Definition:
    """One key figure. Texts are Swedish, for readers who are not analysts."""

    id: str
    name: str
    why: str
    description: str
    meaning: Meaning
    definition_hash: str
    datasets: tuple[str, ...]
    unit: str
    decimals: int
    direction: str
    control: str
    release_class: str
    audit: AuditReference
    audit_question: int
    areas: tuple[str, ...]
    owner_role: str
    minimum_cases: int
    targets: tuple[Target, ...] = ()
    parameters: tuple[tuple[str, int], ...] = ()
    watch: Target | None = None

    @property
    def kind(self) -> Kind:
        """How it is computed."""
        return self.meaning.kind

    @property
    def period(self) -> PeriodType:
        """How long its period is."""
        return self.meaning.period

    @property
    def split(self) -> tuple[str, ...]:
        """The columns it is split by; only split rows are stored, no total."""
        return self.meaning.split

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels it is shown at."""
        return self.meaning.levels


@dataclass(frozen=True)
class Catalogue:
    """A definitions file that holds no error."""

    facts: dict[str, Fact]
    spans: dict[str, Span]
    definitions: dict[str, Definition] = field(default_factory=dict)


def find_definition(catalogue: Catalogue, kpi_id: str) -> Definition:
    """The figure of that id; UserError when there is none."""
    definition = catalogue.definitions.get(kpi_id)
    if definition is None:
        near = get_close_matches(kpi_id, list(catalogue.definitions), n=1)
        hint = f"Menade du ”{near[0]}”?" if near else "Se listan med ”samkoll kpi list”."
        raise UserError(f"Nyckeltalet ”{kpi_id}” finns inte. {hint}")
    return definition
