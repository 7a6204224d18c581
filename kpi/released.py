"""What a released reader sees: numbers, or that they are not shown. Sums are made of published values only. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi.definition import Definition, Rebase, Shape
from kpi.disclosure.suppressed import SUPPRESSED, Suppressed
from kpi.organisation import Unit
from kpi.period import Period, PeriodType, periods_between
from kpi.rolling import YEAR, months_back
from kpi.spc.verdict import NOTHING, Variation
from kpi.status import Target
from kpi.variation import rebases_for, variation_of
from kpi.views.rows import Reading, Split


@dataclass(frozen=True)
class Numbers:
    """A published value, as `kpi.cells.Cell` holds it; a median or a difference has no numerator and no denominator."""

    numerator: float | None
    denominator: float | None
    value: float | None
    cases: int


Shown = Numbers | Suppressed
"""What stands where a value is: never zero and never nothing in a hidden value's place."""


@dataclass(frozen=True)
class ReleasedValue:
    """A released value of a unit and a period. `split`: (column, value) pairs, None for the whole; a table's margins
    have fewer pairs than its columns. `release_no`: the closing or correction that it comes from."""

    kpi_id: str
    unit: Unit
    period: Period
    split: Split | None
    content: Shown
    release_no: int


def over_twelve(definition: Definition, by_period: Mapping[Period, Shown], last: Period) -> Shown | None:
    """The twelve months that end with the month `last`, from published values of any length.

    Suppressed when they can only be put together with a hidden one; None when a month is not released. Only for what
    adds up.
    """
    if not definition.adds_up:
        raise ValueError(f"{definition.id} adds up to nothing")
    months = months_back(last, YEAR)
    shown: list[tuple[Numbers, ...] | None] = [()]
    is_released = [True]
    for end, month in enumerate(months, 1):
        ways = [
            (end - period.type.months, content)
            for period, content in by_period.items()
            if period.last_day == month.last_day and period.type.months <= end
        ]
        is_released.append(any(is_released[begin] for begin, _ in ways))
        shown.append(
            next(
                (
                    (*before, content)
                    for begin, content in ways
                    if isinstance(content, Numbers) and (before := shown[begin]) is not None
                ),
                None,
            )
        )
    if not is_released[-1]:
        return None
    parts = shown[-1]
    return SUPPRESSED if parts is None else _sum(definition, parts)


def _sum(definition: Definition, parts: Sequence[Numbers]) -> Numbers:
    above = sum(one.numerator or 0.0 for one in parts)
    cases = sum(one.cases for one in parts)
    if definition.shape is not Shape.SHARE:
        return Numbers(above, None, above, cases)
    below = sum(one.denominator or 0.0 for one in parts)
    return Numbers(above, below, above / below if below else None, cases)


def reading_of(content: Shown, first: Period, last: Period) -> Reading | None:
    """A published value as a reading, for what is drawn and judged like any other; None for a hidden one."""
    if isinstance(content, Suppressed):
        return None
    length = len(periods_between(first, last))
    return Reading(
        first, last, content.numerator, content.denominator, content.value, content.cases, length, covered=length
    )


def released_variation(
    definition: Definition,
    months: Sequence[Shown | None],
    last: Period,
    target: Target | None,
    place: tuple[str | None, str | None],
    accepted: Sequence[Rebase] = (),
) -> Variation:
    """What a control chart of the months says; nothing at all when one of them is hidden or not released, since a line
    through them could give it away. `place`: board and municipality codes; `accepted`: new usual levels besides the
    definition's."""
    if definition.period is not PeriodType.MONTH or not months:
        return NOTHING
    periods = months_back(last, len(months))
    readings = [
        reading_of(one, period, period) if one is not None else None
        for one, period in zip(months, periods, strict=True)
    ]
    known = [one for one in readings if one is not None]
    if len(known) < len(readings):
        return NOTHING
    return variation_of(definition, known, target, (*rebases_for(definition, *place), *accepted))
