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
from warehouse.contract import DATASETS
from warehouse.errors import UserError

Pairs = tuple[tuple[str, Node], ...]
"""Named expressions, in the file's order."""


class Kind(StrEnum):
    """How a figure is computed from its rows."""

    COUNT = "count"  # rows, or the sum of a column
    FLOW = "flow"  # a count from × to
    RATIO = "ratio"  # rows with the numerator's condition / rows
    RECURRING = "recurring"  # rows with an earlier one of the same sort shortly before / rows
    DISTRIBUTION = "distribution"  # answers on a scale: the share of the good ones, and each answer's part
    GAP = "gap"  # the difference between two groups' shares
    RATE_PER = "rate_per"  # rows / children, or rows / what is active, x a multiplier
    MEDIAN = "median"  # the middle of a number, recomputed at every level
    PERCENTILE = "percentile"  # as the median, another fraction
    DISTINCT = "distinct"  # different values of a column; or units with, or without, any row
    STOCK = "stock"  # rows that are active on the period's last day, or a share of them
    LEVEL = "level"  # the newest grade that a place itself was given; nothing is summed or averaged
    CONTEXT = "context"  # another's statistics, as given


class Shape(StrEnum):
    """What a stored value is made of."""

    COUNT = "count"  # a number
    SHARE = "share"  # numerator / denominator
    RATE = "rate"  # numerator x per / denominator
    GAP = "gap"  # a difference of shares
    NUMBER = "number"  # a median, a value as given: nothing to divide


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
    """One row per `by`; a column is the least, greatest, any or every of an expression over the rows."""

    by: tuple[str, ...]
    least: Pairs = ()
    greatest: Pairs = ()
    any: Pairs = ()
    every: Pairs = ()


@dataclass(frozen=True)
class Join:
    """Columns of another fact, whose row has the same `on` columns; missing when there is none."""

    fact: str
    on: tuple[str, ...]
    take: Pairs


@dataclass(frozen=True)
class Neighbour:
    """The nearest other day, strictly earlier (or later), among the rows with the same `by`."""

    name: str
    day: str
    by: tuple[str, ...]
    is_later: bool


@dataclass(frozen=True)
class Fact:
    """One query tree over versioned rows: branches (a union), then grouping, joins, first-of columns, neighbours.

    `key`: rows with the same key change together, so a changed row touches its key's rows only.
    `unit`: the columns that place a row in the organisation, the first one given counts; empty = a helper that other
    facts join. `municipality_code` among them stands for the municipality's own unit.
    `has_municipality`: whether rows name their municipality; else it is their unit's.
    `keep`: which rows are left before neighbours are looked for.
    `columns`: what expressions over the fact may name.
    """

    name: str
    title: str
    key: tuple[str, ...]
    branches: tuple[Branch, ...]
    grouping: Grouping | None
    joins: tuple[Join, ...]
    first_of: tuple[tuple[str, tuple[str, ...]], ...]
    keep: Node | None
    neighbours: tuple[Neighbour, ...]
    unit: tuple[str, ...]
    has_municipality: bool
    columns: tuple[tuple[str, ColumnType], ...]


@dataclass(frozen=True)
class Exit:
    """A day on which a span ends (the row is no longer active that day), where the condition holds."""

    day: Node
    where: Node | None = None


@dataclass(frozen=True)
class Span:
    """From which day to which a row of a fact is active; for stocks. `starts`: it begins on the latest of these days,
    and never while one is missing."""

    name: str
    fact: str
    where: Node | None
    starts: tuple[Node, ...]
    ends: tuple[Exit, ...]
    parameters: tuple[tuple[str, int], ...] = ()


# --- meaning ---------------------------------------------------------------


class Part(StrEnum):
    """What a measure's rows add to."""

    BOTH = "both"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True)
class Measure:
    """What rows of a fact add to a figure. Every figure that sums up the tree is one or two of these.

    By `day` a row counts once, in the period that holds it, when `due` (by default the day itself) has passed; by
    `span` it counts on every period's last day within. `where`: which rows count. Each adds `amount` (by default 1) to
    the denominator; `numerator` is the condition under which it adds the same to the numerator, or the number that it
    adds. `side`: 1 or 2 for the two groups of a gap. `last_of`: only the latest day's row of these columns counts in a
    period. `parts`: the column whose values also count apart.
    """

    fact: str
    day: Node | None = None
    span: Span | None = None
    due: Node | None = None
    where: Node | None = None
    amount: Node | None = None
    numerator: Node | None = None
    adds: Part = Part.BOTH
    side: int = 0
    last_of: tuple[str, ...] = ()
    parts: str | None = None


@dataclass(frozen=True)
class Roster:
    """The units that exist at a period's end, of which those with (or without) any row in the window are counted."""

    is_without: bool


@dataclass(frozen=True)
class Meaning:
    """Everything that decides a figure's values, and nothing else: its hash is the definition's hash.

    `rolling`: a value rests on so many months, the last of which ends its period; 0 = on its own period.
    `match`: the column whose values a gap's groups must share. `value` and `fraction`: the number whose percentile is
    taken; of a level the grade. `distinct`: the column whose values are counted. `per`: a rate's multiplier; without a
    second measure it divides by children. `series`: the codes of another's statistics. `first` and `last`: from which
    period to which it holds.
    """

    kind: Kind
    shape: Shape
    period: PeriodType
    levels: tuple[str, ...]
    measures: tuple[Measure, ...] = ()
    split: tuple[str, ...] = ()
    rolling: int = 0
    match: str | None = None
    value: Node | None = None
    fraction: float | None = None
    distinct: str | None = None
    roster: Roster | None = None
    per: int | None = None
    series: tuple[str, ...] = ()
    first: Period | None = None
    last: Period | None = None

    @property
    def divides_by_children(self) -> bool:
        """Whether it is a rate per children."""
        return self.kind is Kind.RATE_PER and len(self.measures) == 1

    @property
    def is_stock(self) -> bool:
        """Whether it is taken on the period's last day."""
        return self.kind is Kind.STOCK


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
class Rebase:
    """From the month on a control chart's usual level is worked out anew, for a known reason that readers see; `board`
    and `municipality` narrow it as a target's."""

    first: Period
    note: str
    board: str | None = None
    municipality: str | None = None


@dataclass(frozen=True)
class AuditReference:
    """Where an audit pointed at what the figure measures; `gist` is our own summary of the sentence."""

    report: str
    section: str
    gist: str


@dataclass(frozen=True)
class Review:
    """Somebody has checked the figure: by which role, when, and what it meant then (the beginning of its hash)."""

    role: str
    on: date
    meaning: str


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
    beside: tuple[str, ...] = ()
    series: tuple[tuple[str, str], ...] = ()
    chart: str = "auto"
    rebases: tuple[Rebase, ...] = ()
    review: Review | None = None
    next_review: date | None = None

    @property
    def kind(self) -> Kind:
        """How it is computed."""
        return self.meaning.kind

    @property
    def shape(self) -> Shape:
        """What its values are made of."""
        return self.meaning.shape

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

    @property
    def adds_up(self) -> bool:
        """Whether consecutive periods may be summed, numerator and denominator apart."""
        return self.kind in SUMMABLE and not self.meaning.rolling and not self.meaning.measures[0].last_of

    @property
    def is_share(self) -> bool:
        """Whether its values are fractions 0–1, or differences of them."""
        return self.unit in ("percent", "points")

    @property
    def is_own(self) -> bool:
        """Whether it counts what people do in the product itself."""
        return bool(self.datasets) and all(DATASETS[one].is_own for one in self.datasets)

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody has checked it as it is now; a new meaning loses the mark."""
        return self.review is not None and self.definition_hash.startswith(self.review.meaning)


SUMMABLE = (Kind.COUNT, Kind.FLOW, Kind.RATIO, Kind.RECURRING)


@dataclass(frozen=True)
class Catalogue:
    """A definitions file that holds no error. `retired`: ids that no figure may have again, and why they went.
    `warnings`: what is not wrong but should be looked at, as lines like the errors'. `source`: the file's bytes, none
    for a catalogue that is made otherwise."""

    facts: dict[str, Fact]
    spans: dict[str, Span]
    definitions: dict[str, Definition] = field(default_factory=dict)
    retired: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    source: bytes = field(default=b"", repr=False, compare=False)


def find_definition(catalogue: Catalogue, kpi_id: str) -> Definition:
    """The figure of that id; UserError when there is none."""
    definition = catalogue.definitions.get(kpi_id)
    if definition is None:
        near = get_close_matches(kpi_id, list(catalogue.definitions), n=1)
        hint = f"Menade du ”{near[0]}”?" if near else "Se listan med ”samkoll kpi list”."
        raise UserError(f"Nyckeltalet ”{kpi_id}” finns inte. {hint}")
    return definition
