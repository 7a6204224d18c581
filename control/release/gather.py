"""What a closing touches: its values as they count, those that are new, and what may not be closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, select

from control.release.closable import next_revision
from control.release.counts import WHOLE, FigureCell, Key, Own, Value, cells_of, narrowed, shifted, with_margins
from control.release.decide import place_id
from control.release.due import Due, DueUnit
from control.release.rule import board_of
from control.release.store import (
    Header,
    closed,
    read_frozen,
    read_ledger,
    released,
)
from control.release.words import has_new_words, last_closed_at
from kpi.access import OPERATOR, Viewer
from kpi.cells import split_of
from kpi.definition import Catalogue, Definition
from kpi.disclosure.quantity import Counted, Quantity, counted, is_released
from kpi.grid import grid_of
from kpi.period import Period, overlap
from kpi.runs import newest_run_no
from kpi.store import definitions_hash
from kpi.views.freshness import is_synthetic
from kpi.views.rows import Split
from kpi.views.snapshot import Snapshot, snapshot
from kpi.views.values import Wanted, several_values
from warehouse import tables
from warehouse.errors import UserError


@dataclass(frozen=True)
class Gathered:
    """`cells`: every value of the units and periods that the closing touches, so that every sum among them is known;
    `new`: those that are released now. `own`: the true values of their own periods, by figure. `late`: figures whose
    deliveries do not reach the period's end."""

    cells: list[FigureCell]
    new: list[FigureCell]
    own: dict[str, Own]
    late: tuple[str, ...]


class Work:
    """One closing, on one snapshot."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, board_code: str, period: Period, reason: str | None
    ) -> None:
        self.connection = connection
        self.catalogue = catalogue
        self.shared: Snapshot = snapshot(connection)
        self.organisation = self.shared.organisation
        self.board = board_of(self.organisation, board_code)
        self.period = period
        self.reason = reason
        self.before = released(connection)
        self.revision = next_revision(connection, self.board, period, is_correction=reason is not None)
        self.due = Due(self.organisation, grid_of(self.organisation), closed(connection, [(board_code, period)]))
        self.counted: dict[str, Counted | None] = {one.id: counted(one, catalogue.facts) for one in self._definitions()}
        self.categories = self._categories()
        self.present = self._present()
        self.ledger = read_ledger(connection)

    def _definitions(self) -> list[Definition]:
        """What is released."""
        return [one for one in self.catalogue.definitions.values() if is_released(one)]

    @cached_property
    def quantities(self) -> set[Quantity]:
        """Everything that any figure counts, in any category."""
        found: set[Quantity] = set()
        for definition in self._definitions():
            base = self.counted[definition.id]
            if base is not None:
                found.update(base.all)
                for split in self.categories.get(definition.id, ()):
                    found.update(narrowed(definition, base, split).all)
        return found

    def header(self, viewer: Viewer, at: datetime) -> Header:
        """What the closing is."""
        municipality = self.board.municipality_code or ""
        return Header(
            self.board.code,
            municipality,
            self.period,
            self.revision,
            at,
            viewer.user,
            self.reason,
            newest_run_no(self.connection),
            definitions_hash(self.catalogue),
            is_synthetic(self.connection, municipality),
        )

    def gather(self) -> Gathered:
        """What the closing touches. UserError when nothing is to be released, and in a correction nothing that papers
        tell has been written either."""
        due = {one.id: list(self._due(one)) for one in self._definitions()}
        frozen = read_frozen(self.connection, self.shared.splits)
        current = self._current(due)
        gathered = Gathered([], [], {}, tuple(one.name for one in self._definitions() if self._is_late(one)))
        for definition in self._definitions():
            id_, was = definition.id, frozen.get(definition.id, {})
            own, unknown = self._own(definition, current.get(id_, {}), was)
            categories, present = self.categories.get(id_, ()), self.present.get(id_, ())
            found = [
                replace(cell, is_mixed=(cell.unit_code, cell.period) in unknown or self._is_mixed(cell))
                for cell in cells_of(definition, self.counted[id_], due[id_], own, categories, present)
            ]
            earlier = self._earlier(definition, due[id_], was) if self.reason is not None else {}
            gathered.cells.extend(found)
            gathered.new.extend(
                cell for cell in found
                if cell.key not in self.before or earlier.get(cell.key, cell.value) != cell.value
            )  # fmt: skip
            wanted = {(one.unit.code, period) for one in due[id_] for period in one.own}
            fresh = {at for at in wanted if at not in was or self._is_revised(at[1])}
            gathered.own[id_] = {at: own.get(at, {}) for at in sorted(fresh)}
        if not gathered.new and not self._has_new_words():
            raise UserError(self._nothing(gathered.late))
        return gathered

    def _is_mixed(self, cell: FigureCell) -> bool:
        """Whether it sums up a period that was released when the figure counted something else."""
        counts = self.counted[cell.definition.id]
        if counts is None or cell.period.type is cell.definition.period:
            return False
        unit = cell.unit_code
        return any(
            cell.period.first_day <= one.first_day
            and one.last_day <= cell.period.last_day
            and not self._is_revised(one)
            and (unit, one) in self.forgotten
            and any(place_id((quantity, unit, one)) not in self.ledger.newest for quantity in counts.all)
            for one in self._released_periods.get((cell.definition.id, unit), ())
        )

    @cached_property
    def _released_periods(self) -> dict[tuple[str, str], list[Period]]:
        """The periods that have been released of each figure and unit."""
        found: dict[tuple[str, str], list[Period]] = {}
        for kpi_id, unit, period, split in self.before:
            if split == WHOLE:
                found.setdefault((kpi_id, unit), []).append(period)
        return found

    @cached_property
    def forgotten(self) -> set[tuple[str, Period]]:
        """The units and periods with decided counts of what no figure counts any longer."""
        known = {one.id for one in self.quantities}
        places = [place.split("|", 2) for place in self.ledger.newest]
        return {(one[1], Period.parse(one[2])) for one in places if len(one) == 3 and one[0] not in known}

    def _due(self, definition: Definition) -> Iterable[DueUnit]:
        coverage, present = self.shared.standing(definition).coverage, self.present.get(definition.id, set())
        return self.due.of(definition, self.board.code, self.period, coverage, present)

    def _is_late(self, definition: Definition) -> bool:
        coverage = self.shared.standing(definition).coverage
        return self.due.late(definition, self.board.code, self.period, coverage)

    def _current(self, due: Mapping[str, list[DueUnit]]) -> dict[str, dict[tuple[str, Period], dict[Split, Value]]]:
        """The true values as they are now, of the due periods."""
        wanted = []
        for definition in self._definitions():
            periods = [period for one in due[definition.id] for period in one.own]
            if periods:
                wanted.append(Wanted(definition, None, min(periods), max(periods)))
        found: dict[str, dict[tuple[str, Period], dict[Split, Value]]] = {}
        for one, cells in zip(wanted, several_values(self.connection, OPERATOR, wanted), strict=True):
            own = found.setdefault(one.definition.id, {})
            for cell in cells:
                value = Value(cell.numerator, cell.denominator, cell.value, cell.cases)
                own.setdefault((cell.unit_code, cell.period), {})[cell.split or WHOLE] = value
        return found

    def _own(self, definition: Definition, current: Own, frozen: Own) -> tuple[Own, set[tuple[str, Period]]]:
        """What counts: frozen values, but current ones for what is released first now, or corrected. Levels above a
        board hold each other board as it was frozen, since it is not for this one to correct it; where that cannot be
        worked out they are not told (the second answer)."""
        standing = {at: values for at, values in frozen.items() if not self._is_revised(at[1])}
        found, unknown = dict(current), set[tuple[str, Period]]()
        for unit, period in current.keys() - standing.keys():
            for board in self._boards_below(unit, period):
                at = board, period
                if at in frozen and (board != self.board.code or not self._is_revised(period)):
                    values = shifted(definition, found[(unit, period)], frozen[at], current.get(at, {}))
                    if values is None:
                        unknown.add((unit, period))
                    else:
                        found[(unit, period)] = values
        return {**found, **standing}, unknown

    def _boards_below(self, unit: str, period: Period) -> tuple[str, ...]:
        """The boards that a level above boards holds in the period; none for a board and what lies under it."""
        days = period.first_day, period.last_day
        if self.organisation.boards_of(unit, *days):
            return ()
        return tuple(one.code for one in self.organisation.under(unit, *days) if one.level == "board")

    def _is_revised(self, period: Period) -> bool:
        """Whether the period's values are taken anew."""
        return self.reason is not None and overlap(period, self.period)

    def _earlier(self, definition: Definition, due: Iterable[DueUnit], was: Own) -> dict[Key, Value]:
        """The values of these units and periods as they were released the last time."""
        held = [replace(one, own=tuple(period for period in one.own if (one.unit.code, period) in was)) for one in due]
        id_ = definition.id
        categories, present = self.categories.get(id_, ()), self.present.get(id_, ())
        cells = cells_of(definition, self.counted[id_], held, was, categories, present)
        return {cell.key: cell.value for cell in cells}

    def _categories(self) -> dict[str, set[Split]]:
        """By figure: every category that any figure has ever had in the same columns, with the margins of tables. A
        shorter list for one of them would tell that the other categories are empty there."""
        splits = self.shared.splits
        rows = self.connection.execute(
            select(tables.kpi.c.kpi_id, tables.kpi_value.c.split_no)
            .join(tables.kpi, tables.kpi.c.kpi_no == tables.kpi_value.c.kpi_no)
            .distinct()
        )
        columns: dict[str, tuple[str, ...]] = {}
        seen: dict[tuple[str, ...], set[Split]] = {}
        for kpi_id, split_no in rows:
            if split := split_of(splits[split_no]):
                columns[kpi_id] = tuple(name for name, _ in split)
                seen.setdefault(columns[kpi_id], set()).add(split)
        margins = {names: with_margins(found) for names, found in seen.items()}
        return {kpi_id: margins[names] for kpi_id, names in columns.items()}

    def _present(self) -> dict[str, set[str]]:
        """The units that have ever had a row of what a figure counts, by figure: also where another figure shows it."""
        value = tables.kpi_value
        rows = self.connection.execute(
            select(tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code)
            .select_from(value)
            .join(tables.kpi, tables.kpi.c.kpi_no == value.c.kpi_no)
            .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == value.c.unit_no)
            .distinct()
        )
        by_figure: dict[str, set[str]] = {}
        for kpi_id, unit in rows:
            by_figure.setdefault(kpi_id, set()).add(unit)
        by_quantity: dict[Quantity, set[str]] = {}
        for kpi_id, counts in self.counted.items():
            for quantity in counts.all if counts is not None else ():
                by_quantity.setdefault(quantity, set()).update(by_figure.get(kpi_id, ()))
        return {
            kpi_id: by_figure.get(kpi_id, set()).union(*(by_quantity[one] for one in counts.all))
            if counts is not None
            else by_figure.get(kpi_id, set())
            for kpi_id, counts in self.counted.items()
        }

    def _has_new_words(self) -> bool:
        """Whether a correction has something to tell without any value having changed."""
        at = last_closed_at(self.connection, self.board.code, self.period)
        return at is not None and has_new_words(self.connection, self.board.code, self.period, at)

    def _nothing(self, late: tuple[str, ...]) -> str:
        if self.revision:
            return (
                f"Inget har ändrats i {self.period} sedan den stängdes: varken värden eller det som ni har skrivit. "
                "Ingen rättelse behövs."
            )
        if late:
            return (
                f"Inget att stänga: leveranserna för {self.board.name} når inte slutet av {self.period}. Läs in det "
                "som saknas (samkoll load) och beräkna (samkoll compute)."
            )
        return f"Inget att stänga: {self.board.name} har inga beräknade nyckeltal för {self.period}."
