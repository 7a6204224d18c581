"""The definitions file's shape at the edge: pydantic models that refuse every key they do not know.

One model per kind of figure, so that no key is accepted and then ignored. `kpi.loader` turns these into the frozen
types of `kpi.definition` and drops them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,58}$")]
Text = Annotated[str, Field(min_length=1, max_length=1200)]
Expression = Annotated[str, Field(min_length=1)]
Names = Annotated[list[Name], Field(min_length=1)]
Level = Literal["region", "delregional", "municipality", "board", "administration", "unit"]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# --- the header ------------------------------------------------------------


class UnlessEntry(_Closed):
    dataset: Name
    on: Names
    where: Expression | None = None


class BranchEntry(_Closed):
    dataset: Name = Field(alias="from")
    where: Expression | None = None
    unless: UnlessEntry | None = None
    take: dict[Name, Expression] | None = None


class JoinEntry(_Closed):
    on: Names
    take: dict[Name, Expression]


class FactEntry(_Closed):
    title: Text
    key: Names | None = None
    dataset: Name | None = Field(default=None, alias="from")
    where: Expression | None = None
    take: dict[Name, Expression] | None = None
    union: Annotated[list[BranchEntry], Field(min_length=2)] | None = None
    by: Names | None = None
    min: dict[Name, Expression] = {}
    any: dict[Name, Expression] = {}
    every: dict[Name, Expression] = {}
    join: dict[Name, JoinEntry] = {}
    first_of: dict[Name, Names] = {}
    unit: Name


class ExitEntry(_Closed):
    day: Expression
    where: Expression | None = None


class SpanEntry(_Closed):
    fact: Name
    where: Expression | None = None
    start: Expression = Field(alias="from")
    until: Annotated[list[Expression | ExitEntry], Field(min_length=1)]


# --- the figures -----------------------------------------------------------


class DecisionEntry(_Closed):
    date: date
    paragraph: Text
    dnr: Text


class TargetEntry(_Closed):
    first: str = Field(alias="from")
    at_least: float | None = None
    at_most: float | None = None
    near: Annotated[float, Field(ge=0)] | None = None
    board: Text | None = None
    municipality: Annotated[str, Field(pattern=r"^\d{4}$")] | None = None
    decision: DecisionEntry | None = None


class AuditEntry(_Closed):
    report: Text
    section: Text
    gist: Text


class _Figure(_Closed):
    """What every figure says, whatever its kind."""

    name: Text
    why: Text
    description: Text
    fact: Name
    period: Literal["month", "tertial", "year"]
    smallest_level: Level
    unit: Literal["count", "percent", "per_1000", "days"]
    decimals: Annotated[int, Field(ge=0, le=3)]
    direction: Literal["increase", "decrease", "neutral", "toward_zero"]
    control: Literal["own", "shared", "counterpart"]
    release_class: Literal["open", "process", "person"]
    audit: AuditEntry
    audit_question: Annotated[int, Field(ge=1, le=4)]
    areas: Annotated[list[Literal["social", "education"]], Field(min_length=1)]
    owner_role: Text
    minimum_cases: Annotated[int, Field(ge=0)] = 0
    parameters: dict[Name, Annotated[int, Field(ge=0, le=10_000)]] = {}
    targets: list[TargetEntry] = []
    watch: TargetEntry | None = None


class CountFigure(_Figure):
    kind: Literal["count"]
    by: Expression
    where: Expression | None = None
    sum: Name | None = None
    split: Names | None = None


class RatioFigure(_Figure):
    kind: Literal["ratio"]
    by: Expression
    denominator: Expression | None = None
    numerator: Expression
    split: Names | None = None


class MedianFigure(_Figure):
    kind: Literal["median"]
    by: Expression
    where: Expression | None = None
    value: Expression


class StockFigure(_Figure):
    kind: Literal["stock"]
    span: Name


class RateFigure(_Figure):
    kind: Literal["rate_per"]
    by: Expression
    where: Expression | None = None
    per: Annotated[int, Field(ge=1)]
    population: Literal["children"]


Figure = Annotated[
    CountFigure | RatioFigure | MedianFigure | StockFigure | RateFigure,
    Field(discriminator="kind"),
]


class Document(_Closed):
    """The whole file."""

    facts: dict[Name, FactEntry]
    conditions: dict[Name, Expression] = {}
    spans: dict[Name, SpanEntry] = {}
    figures: dict[Name, Figure]
