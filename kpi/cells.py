"""Stored cells as a reader meets them: with zeros where silence means none, and a status. Pure.

A count without events is zero where the unit existed and the deliveries of every municipality concerned hold the
period; elsewhere it is missing, and missing cells are simply absent (the deliveries' contract).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kpi.coverage import Coverage, Standing
from kpi.definition import Definition, Shape
from kpi.grid import Grid, grid_of
from kpi.organisation import Organisation, swedish_key
from kpi.period import Period, PeriodType, periods_between
from kpi.pieces import EVENTS, REPORTED
from warehouse.contract import LEVELS

Split = tuple[tuple[str, str], ...]
StoredCell = tuple[str, int, int, str, float | None, float | None, int, float | None, int]
"""unit_code, level_no, period code, split, numerator, denominator, cases, value, basis: as `kpi.pieces.CELL`."""


@dataclass(frozen=True)
class Cell:
    """One value of a figure, for a unit and a period.

    `split`: (column, value) pairs, None when the figure has no split. A count has no denominator, a median or gap
    neither part. `value`: a fraction 0–1, a rate per its multiplier, days, or a count. `cases`: what it rests on.
    `status`: ok | preliminary (the period is not over) | too_few (fewer than the figure's minimum; the value stays).
    `note`: what a reader must know about this value alone.
    """

    kpi_id: str
    unit_code: str
    level: str
    period: Period
    split: Split | None
    numerator: float | None
    denominator: float | None
    value: float | None
    cases: int
    status: str
    note: str | None = None


def cells_of(
    definition: Definition,
    stored: Iterable[StoredCell],
    organisation: Organisation,
    standing: Standing,
    *,
    units: frozenset[str] | None = None,
    first: Period | None = None,
    last: Period | None = None,
) -> list[Cell]:
    """The cells with zeros added, sorted by unit, period and split.

    `units`, `first` and `last` say which zeros are asked for; the stored cells are chosen already.
    """
    grid = grid_of(organisation)
    found = []
    present = set()
    for unit, level_no, code, split, numerator, denominator, cases, value, basis in stored:
        period = Period.from_code(code)
        present.add((unit, code))
        found.append(
            Cell(
                definition.id, unit, LEVELS[level_no], period, split_of(split) or None, numerator, denominator, value,
                cases,
                _status(definition, is_over=_is_over(grid, standing, unit, period, basis), cases=cases),
                _note(definition, organisation, grid, standing, unit, period, basis),
            )
        )  # fmt: skip
    if definition.shape is Shape.COUNT and not definition.split:
        found += _zeros(definition, grid, standing, present, units, first, last)
    return sorted(found, key=lambda cell: (cell.unit_code, cell.period, cell.split or ()))


def _zeros(
    definition: Definition,
    grid: Grid,
    standing: Standing,
    present: set[tuple[str, int]],
    units: frozenset[str] | None,
    first: Period | None,
    last: Period | None,
) -> Iterator[Cell]:
    coverage = standing.coverage
    if not coverage:
        return
    begins = Period.containing(min(one.first_on for one in coverage.values()), definition.period)
    ends = Period.containing(max(one.as_of for one in coverage.values()), definition.period)
    periods = periods_between(max(begins, first) if first else begins, min(ends, last) if last else ends)
    for unit in grid.spans if units is None else units & grid.spans.keys():
        for period in periods:
            level = _level_of_zero(definition, grid, coverage, unit, period)
            if level is None or (unit, period.code) in present or level not in definition.levels:
                continue
            status = _status(definition, is_over=_is_over(grid, standing, unit, period, EVENTS), cases=0)
            note = _rolling_note(definition, grid, standing, unit, period)
            yield Cell(definition.id, unit, level, period, None, 0.0, None, 0.0, 0, status, note)


def _level_of_zero(
    definition: Definition, grid: Grid, coverage: Mapping[str, Coverage], unit: str, period: Period
) -> str | None:
    """The unit's level where its silence in the period means zero; None where it means nothing."""
    concerned = grid.municipalities(unit, period)
    held = [coverage.get(code) for code in concerned]
    if not held or not all(one is not None and one.holds(period) for one in held):
        return None
    last = min(period.last_day, max(one.as_of for one in held if one is not None))
    first = last if definition.meaning.is_stock else period.first_day
    existing = [one for one in grid.spans[unit] if one.first <= last and one.last >= first]
    return existing[-1].chain[0].level if existing else None


def _is_over(grid: Grid, standing: Standing, unit: str, period: Period, basis: int) -> bool:
    """Whether everything that the cell rests on speaks for the whole period."""
    days = []
    if basis & EVENTS:
        days += [standing.coverage[code].as_of for code in grid.nearest(unit, period, standing.coverage)]
    if basis & REPORTED and (reported_to := grid.reported_to(unit, period, standing.reported)) is not None:
        days.append(reported_to)
    return all(day >= period.last_day for day in days)


def _status(definition: Definition, *, is_over: bool, cases: int) -> str:
    if not is_over:
        return "preliminary"
    return "too_few" if cases < definition.minimum_cases else "ok"


def _note(
    definition: Definition,
    organisation: Organisation,
    grid: Grid,
    standing: Standing,
    unit: str,
    period: Period,
    basis: int,
) -> str | None:
    concerned = grid.municipalities(unit, period)
    if (partly := _rolling_note(definition, grid, standing, unit, period)) is not None:
        return partly
    if definition.meaning.divides_by_children:
        years = {standing.first_children.get(code, 0) for code in concerned}
        later = max(years, default=0)
        return f"Folkmängden är från {later}, den tidigaste som är känd." if later > period.year else None
    if definition.shape is not Shape.COUNT or len(concerned) < 2:
        return None
    silent = [code for code in concerned & standing.delivering if not _speaks(standing, code, period, basis)]
    if not silent:
        return None
    return f"Utan uppgifter från {_listed(_names(organisation, silent))}."


def _rolling_note(definition: Definition, grid: Grid, standing: Standing, unit: str, period: Period) -> str | None:
    """A rolling value of which deliveries do not hold every month says how many they hold."""
    length = definition.meaning.rolling
    concerned = grid.municipalities(unit, period) if length else frozenset()
    begun = max((standing.coverage[code].first_on for code in concerned if code in standing.coverage), default=None)
    newest = Period.containing(period.last_day, PeriodType.MONTH)
    if begun is None or begun <= newest.shift(1 - length).first_day:
        return None
    held = len(periods_between(Period.containing(begun, PeriodType.MONTH), newest))
    return f"Bara {held} av de {length} månaderna har uppgifter."


def _speaks(standing: Standing, municipality: str, period: Period, basis: int) -> bool:
    """Whether the municipality's rows are in a sum for the period, as far as its deliveries tell."""
    covered = standing.coverage.get(municipality)
    if covered is not None and covered.holds(period):
        return True
    reported = standing.reported.get(municipality, standing.reported.get(""))
    return bool(basis & REPORTED) and reported is not None and reported >= period.first_day


def _names(organisation: Organisation, municipalities: Iterable[str]) -> list[str]:
    found = [(organisation.municipality(code), code) for code in municipalities]
    return sorted((unit.name if unit else code for unit, code in found), key=swedish_key)


def _listed(names: list[str]) -> str:
    return " och ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def split_of(text: str) -> Split:
    """`name=value;name=value` as stored; empty for no split. Codes hold neither sign."""
    pairs = [part.split("=", 1) for part in text.split(";")] if text else []
    return tuple((name, value) for name, value in pairs)
