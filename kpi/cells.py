"""Stored cells as a reader meets them: with zeros where silence means none, and a status. Pure.

A count without events is zero where the unit existed and the deliveries of every municipality concerned hold the
period; elsewhere it is missing, and missing cells are simply absent (contract.md, "Zero or missing").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kpi.coverage import Coverage
from kpi.definition import Definition, Kind
from kpi.organisation import Organisation
from kpi.period import Period, periods_between
from kpi.placement import Placement, placements
from warehouse.contract import LEVELS

Split = tuple[tuple[str, str], ...]
StoredCell = tuple[str, int, int, str, float | None, float | None, int, float | None]
"""unit_code, level_no, period code, split, numerator, denominator, cases, value: as `kpi.pieces.CELL`."""


@dataclass(frozen=True)
class Cell:
    """One value of a figure, for a unit and a period.

    `split`: (column, value) pairs, None when the figure has no split. A count has no denominator, a median neither
    part. `value`: a fraction 0–1, a rate per its multiplier, days, or a count. `cases`: what the value rests on.
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
    coverage: Mapping[str, Coverage],
    first_children: Mapping[str, int],
    *,
    units: frozenset[str] | None = None,
    first: Period | None = None,
    last: Period | None = None,
) -> list[Cell]:
    """The cells with zeros added, sorted by unit, period and split.

    `coverage` by municipality; `first_children`: the earliest year with known children, by municipality. `units`,
    `first` and `last` say which zeros are asked for; the stored cells are chosen already.
    """
    grid = grid_of(organisation)
    found = []
    present = set()
    for unit, level_no, code, split, numerator, denominator, cases, value in stored:
        period = Period.from_code(code)
        present.add((unit, code))
        found.append(
            Cell(
                definition.id, unit, LEVELS[level_no], period, _pairs(split), numerator, denominator, value, cases,
                _status(definition, grid.for_status(unit, period), coverage, period, cases),
                _note(definition, grid.municipalities(unit, period), first_children, period),
            )
        )  # fmt: skip
    if definition.kind in (Kind.COUNT, Kind.STOCK) and not definition.split:
        found += _zeros(definition, grid, coverage, present, units, first, last)
    return sorted(found, key=lambda cell: (cell.unit_code, cell.period, cell.split or ()))


@dataclass(frozen=True)
class Grid:
    """Which municipalities a unit's figures rest on: its own, or all below it; by day."""

    by_unit: Mapping[str, tuple[tuple[date, date, str], ...]]
    spans: Mapping[str, tuple[Placement, ...]]

    def municipalities(self, unit: str, period: Period) -> frozenset[str]:
        """The unit's own municipality or, above municipalities, every one below it, on any day of the period."""
        first, last = period.first_day, period.last_day
        return frozenset(code for begins, ends, code in self.by_unit.get(unit, ()) if begins <= last and ends >= first)

    def for_status(self, unit: str, period: Period) -> frozenset[str]:
        """As `municipalities`; a region's own unit rests on those below its nearest parent that has any."""
        for placement in self.spans.get(unit, ()):
            if placement.first <= period.last_day and placement.last >= period.first_day:
                for above in placement.chain:
                    if found := self.municipalities(above.code, period):
                        return found
        return frozenset()


@lru_cache(maxsize=4)
def grid_of(organisation: Organisation) -> Grid:
    """The grid of an organisation; kept, since every read of a page asks for the same one."""
    by_unit: dict[str, list[tuple[date, date, str]]] = {}
    spans: dict[str, list[Placement]] = {}
    for placement in placements(organisation):
        spans.setdefault(placement.unit_code, []).append(placement)
        top = next((unit for unit in placement.chain if unit.level == "municipality"), None)
        own = placement.chain[0]
        if top is not None:
            code = top.municipality_code or top.code
            by_unit.setdefault(placement.unit_code, []).append((placement.first, placement.last, code))
            for above in placement.chain[1:] if top is own else ():
                by_unit.setdefault(above.code, []).append((placement.first, placement.last, code))
        elif own.municipality_code and LEVELS.index(own.level) > LEVELS.index("municipality"):
            by_unit.setdefault(own.code, []).append((placement.first, placement.last, own.municipality_code))
    return Grid(
        {unit: tuple(found) for unit, found in by_unit.items()}, {unit: tuple(found) for unit, found in spans.items()}
    )


def _zeros(
    definition: Definition,
    grid: Grid,
    coverage: Mapping[str, Coverage],
    present: set[tuple[str, int]],
    units: frozenset[str] | None,
    first: Period | None,
    last: Period | None,
) -> Iterator[Cell]:
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
            status = _status(definition, grid.municipalities(unit, period), coverage, period, 0)
            yield Cell(definition.id, unit, level, period, None, 0.0, None, 0.0, 0, status)


def _level_of_zero(
    definition: Definition, grid: Grid, coverage: Mapping[str, Coverage], unit: str, period: Period
) -> str | None:
    """The unit's level where its silence in the period means zero; None where it means nothing."""
    concerned = grid.municipalities(unit, period)
    held = [coverage.get(code) for code in concerned]
    if not held or not all(one is not None and one.holds(period) for one in held):
        return None
    last = min(period.last_day, max(one.as_of for one in held if one is not None))
    first = last if definition.kind is Kind.STOCK else period.first_day
    existing = [one for one in grid.spans[unit] if one.first <= last and one.last >= first]
    return existing[-1].chain[0].level if existing else None


def _status(
    definition: Definition, concerned: frozenset[str], coverage: Mapping[str, Coverage], period: Period, cases: int
) -> str:
    if any(code in coverage and coverage[code].as_of < period.last_day for code in concerned):
        return "preliminary"
    return "too_few" if cases < definition.minimum_cases else "ok"


def _note(
    definition: Definition, concerned: frozenset[str], first_children: Mapping[str, int], period: Period
) -> str | None:
    if definition.kind is not Kind.RATE_PER:
        return None
    later = {first_children[code] for code in concerned if first_children.get(code, 0) > period.year}
    if not later:
        return None
    return f"Folkmängden är från {max(later)}, den tidigaste som är känd."


def _pairs(split: str) -> Split | None:
    """`name=value;name=value` as stored; codes hold neither sign."""
    if not split:
        return None
    pairs = [part.split("=", 1) for part in split.split(";")]
    return tuple((name, value) for name, value in pairs)
