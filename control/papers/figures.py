"""The released figures of a board as they stood at a cut: values, targets and what the chart says; nothing inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from kpi.cells import split_of
from kpi.definition import Catalogue, Definition, Rebase
from kpi.disclosure.suppressed import SUPPRESSED, Suppressed
from kpi.organisation import Unit
from kpi.period import Period, PeriodType
from kpi.released import Numbers, Shown, over_twelve, released_variation
from kpi.rolling import YEAR, months_back
from kpi.spc.verdict import NOTHING, Variation
from kpi.status import State, Status, Target, judge, target_for
from kpi.variation import rebases_for
from kpi.views.rows import Split
from warehouse import closed_tables, tables

WHOLE: Split = ()
Series = Mapping[Period, Shown]
Table = dict[tuple[str, str], dict[Split, dict[Period, Shown]]]
"""By figure and unit, and then by category."""


@dataclass(frozen=True)
class Figure:
    """A figure of the period. `value` is the period's own, `twelve` the last twelve months' where it adds up; `judged`
    says which of them the target is held against. `before`: of the period of the same length before; `rebase`: the
    newest new level that its chart counts from."""

    definition: Definition
    unit: Unit
    of: Period
    value: Shown
    twelve: Shown | None
    before: Shown | None
    before_of: Period
    target: Target | None
    status: Status | None
    variation: Variation
    series: Series
    splits: Mapping[Split, Shown]
    rebase: Rebase | None = None

    @property
    def judged(self) -> Shown:
        """What the target is held against."""
        return self.value if self.twelve is None else self.twelve

    @property
    def is_off(self) -> bool:
        """Whether a decided target is missed, or a watch level passed."""
        return State.OFF in self._states

    @property
    def is_judged(self) -> bool:
        """Whether it, or a part of it, is held against a target or level."""
        return not self._states.isdisjoint((State.REACHES, State.NEAR, State.OFF))

    @property
    def _states(self) -> set[State]:
        found = [self.status, *(self.status_of(one) for one in self.splits.values())]
        return {one.state for one in found if one is not None}

    def status_of(self, part: Shown) -> Status | None:
        """How a part stands against the target; None where it is hidden."""
        return _status(self.definition, part, self.target)


def released_until(connection: Connection, release_no: int, unit_codes: Sequence[str]) -> Table:
    """What had been released of the units up to the release, the newest value of each counting."""
    table = closed_tables.release_value
    newest = (
        select(
            table.c.kpi_no, table.c.unit_no, table.c.period, table.c.split_no,
            func.max(table.c.release_no).label("release_no"),
        )
        .where(table.c.release_no <= release_no)
        .group_by(table.c.kpi_no, table.c.unit_no, table.c.period, table.c.split_no)
        .subquery()
    )  # fmt: skip
    rows = connection.execute(
        select(
            tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, table.c.period, tables.kpi_split.c.split,
            table.c.is_suppressed, table.c.numerator, table.c.denominator, table.c.value, table.c.cases,
        )
        .join(
            newest,
            (newest.c.kpi_no == table.c.kpi_no)
            & (newest.c.unit_no == table.c.unit_no)
            & (newest.c.period == table.c.period)
            & (newest.c.split_no == table.c.split_no)
            & (newest.c.release_no == table.c.release_no),
        )
        .join(tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == table.c.unit_no)
        .join(tables.kpi_split, tables.kpi_split.c.split_no == table.c.split_no)
        .where(tables.kpi_unit.c.unit_code.in_(sorted(unit_codes)))
    )  # fmt: skip
    found: Table = {}
    for row in rows:
        shown: Shown = SUPPRESSED
        if not row.is_suppressed:
            shown = Numbers(row.numerator, row.denominator, row.value, row.cases)
        by_split = found.setdefault((row.kpi_id, row.unit_code), {})
        by_split.setdefault(split_of(row.split), {})[Period.from_code(row.period)] = shown
    return found


def figures_of(
    catalogue: Catalogue,
    released: Table,
    board: Unit,
    above: Unit | None,
    period: Period,
    *,
    is_latest: bool = False,
    accepted: Mapping[str, Sequence[Rebase]] | None = None,
) -> list[Figure]:
    """Every figure that has anything released for the period: the board's own, else the municipality's where the figure
    is of the board's area. `is_latest`: one that has nothing for the period stands with its own last before it;
    `accepted`: new usual levels of the board's own figures. In the order of the definitions."""
    found = []
    for definition in catalogue.definitions.values():
        is_of_area = board.area is None or board.area in definition.areas
        held = [
            (unit, by_split)
            for unit in (board, above if is_of_area else None)
            if unit is not None and (by_split := released.get((definition.id, unit.code)))
        ]
        levels = (accepted or {}).get(definition.id, ())
        figures = (
            _figure(definition, unit, by_split, board, of, levels if unit is board else ())
            for choose in ((_within, _until) if is_latest else (_within,))
            for unit, by_split in held
            if (of := choose(definition, by_split, period)) is not None
        )
        found += [one for one in figures if one is not None][:1]
    return found


def _figure(
    definition: Definition,
    unit: Unit,
    by_split: Mapping[Split, Mapping[Period, Shown]],
    board: Unit,
    of: Period,
    accepted: Sequence[Rebase],
) -> Figure | None:
    series = by_split.get(WHOLE, {})
    value = series.get(of)
    columns = len(definition.split)
    splits = {
        split: values[of]
        for split, values in sorted(by_split.items())
        if columns and len(split) == columns and of in values
    }  # fmt: skip
    if value is None:
        if not splits:
            return None
        value = SUPPRESSED
    last = Period.containing(of.last_day, PeriodType.MONTH)
    adds_up = definition.adds_up and definition.period is PeriodType.MONTH and not definition.split
    twelve = over_twelve(definition, series, last) if adds_up and of.type is not PeriodType.YEAR else None
    target = target_for(definition, of, board.code, board.municipality_code)
    before_of = of.shift(-1)
    judged = value if twelve is None else twelve
    begun = [one for one in accepted if one.first <= last]
    levels = (*rebases_for(definition, board.code, board.municipality_code), *begun)
    return Figure(
        definition, unit, of, value, twelve, series.get(before_of), before_of, target,
        None if definition.split else _status(definition, judged, target),
        _variation(definition, series, last, target, board, begun), series, splits,
        max((one for one in levels if one.first <= last), key=lambda one: one.first, default=None),
    )  # fmt: skip


def _within(definition: Definition, by_split: Mapping[Split, Mapping[Period, Shown]], period: Period) -> Period | None:
    """The paper's period where the figure has one so long, else its own last within it."""
    held = _periods(by_split)
    own = (one for one in held if one.type is definition.period)
    within = (one for one in own if period.first_day <= one.last_day <= period.last_day)
    return period if period in held else max(within, default=None)


def _until(definition: Definition, by_split: Mapping[Split, Mapping[Period, Shown]], period: Period) -> Period | None:
    """The figure's own last period that had ended by the paper's last day."""
    own = (one for one in _periods(by_split) if one.type is definition.period and one.last_day <= period.last_day)
    return max(own, default=None)


def _periods(by_split: Mapping[Split, Mapping[Period, Shown]]) -> set[Period]:
    """Those of the whole, else of the parts."""
    return set(by_split.get(WHOLE) or {one for values in by_split.values() for one in values})


def _status(definition: Definition, shown: Shown, target: Target | None) -> Status | None:
    if isinstance(shown, Suppressed):
        return None
    return judge(
        shown.value, shown.cases, minimum_cases=definition.minimum_cases, target=target, is_share=definition.is_share
    )


def months_of(series: Series, last: Period) -> list[tuple[Period, Shown | None]]:
    """The last twelve months, each as released; None where nothing is."""
    return [(month, series.get(month)) for month in months_back(last, YEAR)]


def _variation(
    definition: Definition,
    series: Series,
    last: Period,
    target: Target | None,
    board: Unit,
    accepted: Sequence[Rebase],
) -> Variation:
    months = sorted(one for one in series if one.type is PeriodType.MONTH and one <= last)
    if not months:
        return NOTHING
    run = [months[-1]]
    while run[0].shift(-1) in series:
        run.insert(0, run[0].shift(-1))
    return released_variation(
        definition, [series[one] for one in run], run[-1], target, (board.code, board.municipality_code), accepted
    )
