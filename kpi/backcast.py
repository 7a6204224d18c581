"""What a changed definition would have shown: the last months under the old and the new one, from one snapshot.

Nothing is stored. Both sides are computed in memory by the same engine as the stored values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from kpi.cells import Cell, Split, cells_of
from kpi.definition import Catalogue, Definition, find_definition
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType, periods_between
from kpi.reading import open_reader
from kpi.results import Results, compute_results, rows_in
from kpi.rolling import YEAR, months_back, window
from kpi.status import State, judge, target_for
from kpi.views.series import as_reading, rolls
from kpi.workspace import open_workspace

MONTHS = 36
Key = tuple[str, Period, Split | None]
Cells = Mapping[Key, Cell]


@dataclass(frozen=True)
class Pair:
    """One unit and period under both definitions; None where there is no value. `newly_missed`: the value reaches the
    target that held before and misses the one that would hold now (only decided targets are missed)."""

    unit_code: str
    unit_name: str
    level: str
    period: Period
    split: Split | None
    before: Cell | None
    after: Cell | None
    newly_missed: bool

    @property
    def is_changed(self) -> bool:
        """Whether the two differ at all."""
        return _parts(self.before) != _parts(self.after)


@dataclass(frozen=True)
class Backcast:
    """The pairs, sorted by level, unit and period; `old` is None for a new figure."""

    old: Definition | None
    new: Definition
    pairs: tuple[Pair, ...]

    @property
    def newly_missed(self) -> tuple[Pair, ...]:
        """Where a decided target would be newly missed."""
        return tuple(one for one in self.pairs if one.newly_missed)


def backcast(engine: Engine, old: Catalogue, new: Catalogue, kpi_id: str, *, months: int = MONTHS) -> Backcast:
    """The figure over the last months, for every unit at every level.

    UserError for a figure that the new catalogue does not hold.
    """
    after = find_definition(new, kpi_id)
    before = old.definitions.get(kpi_id)
    with open_reader(engine) as reader:
        with open_workspace() as workspace:
            now = compute_results(reader, workspace, new, [after])
        then = None
        if before is not None:
            with open_workspace() as workspace:
                then = compute_results(reader, workspace, old, [before])
    period = _last_period(now, after)
    if period is None:
        return Backcast(before, after, ())
    first = Period.containing(period.shift(1 - months).first_day, after.period)
    found = _cells(now, after, first)
    earlier = _cells(then, before, first) if then is not None and before is not None else {}
    pairs = [
        _pair(now.organisation, (before, earlier), (after, found), key)
        for key in sorted(found.keys() | earlier.keys(), key=lambda key: (key[0], key[1], key[2] or ()))
    ]
    return Backcast(before, after, tuple(pairs))


def _last_period(results: Results, definition: Definition) -> Period | None:
    """The month that the figure's deliveries reach, or the latest value's when nothing covers it."""
    days = [one.as_of for one in results.coverage[definition.id].values()]
    days += [Period.from_code(cell[2]).last_day for cell in rows_in(results.cells[definition.id])] if not days else []
    return Period.containing(max(days), PeriodType.MONTH) if days else None


def _cells(results: Results, definition: Definition, first: Period) -> dict[Key, Cell]:
    cells = cells_of(
        definition, rows_in(results.cells[definition.id]), results.organisation, results.standing(definition.id)
    )
    return {
        (cell.unit_code, cell.period, cell.split): cell for cell in cells if cell.period.last_day >= first.first_day
    }


def _pair(
    organisation: Organisation, old: tuple[Definition | None, Cells], new: tuple[Definition, Cells], key: Key
) -> Pair:
    unit_code, period, split = key
    before, after = old[1].get(key), new[1].get(key)
    unit = organisation.on(unit_code, period.last_day)
    cell = after or before
    boards = organisation.boards_of(unit_code, period.first_day, period.last_day)
    address = next(iter(boards)) if len(boards) == 1 else None, unit.municipality_code if unit else None
    missed = _misses(*new, key, address) and not (old[0] is not None and _misses(old[0], old[1], key, address))
    level = cell.level if cell is not None else ""
    return Pair(unit_code, unit.name if unit else unit_code, level, period, split, before, after, missed)


def _misses(definition: Definition, cells: Cells, key: Key, address: tuple[str | None, str | None]) -> bool:
    """Whether a decided target is missed, judged as the pages do: what rolls over the twelve months till then."""
    unit_code, period, split = key
    target = target_for(definition, period, *address)
    cell = cells.get(key)
    if cell is None or target is None or not target.is_decided or target.is_watch:
        return False
    judged = as_reading(cell)
    if rolls(definition):
        months = [cells.get((unit_code, month, split)) for month in months_back(period, YEAR)]
        judged = window(definition, [as_reading(one) for one in months if one is not None])
    minimum = definition.minimum_cases
    status = judge(judged.value, judged.cases, minimum_cases=minimum, target=target, is_share=definition.is_share)
    return status.state is State.OFF


def _parts(cell: Cell | None) -> tuple[object, ...] | None:
    return None if cell is None else (cell.numerator, cell.denominator, cell.value, cell.cases)


def summed_by_period(pairs: tuple[Pair, ...], unit_code: str) -> Mapping[Period, tuple[float | None, float | None]]:
    """One unit's values before and after, period by period; of what is split, nothing."""
    own = [one for one in pairs if one.unit_code == unit_code and one.split is None]
    if not own:
        return {}
    found = {
        one.period: (one.before.value if one.before else None, one.after.value if one.after else None) for one in own
    }
    return {period: found.get(period, (None, None)) for period in periods_between(min(found), max(found))}
