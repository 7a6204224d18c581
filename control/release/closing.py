"""Closes a board's period: freezes its values and releases what may be known of them.

Everything is worked out on one snapshot and stored in one transaction, unless somebody has closed or computed in
between. Levels above the board are released with the last of the boards below them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import Connection, Engine, insert, select

from control.definitions import known_boards
from control.release.counts import WHOLE, FigureCell, Key, Own, Value, cells_of, narrowed, with_margins
from control.release.decide import Decision, decide, place_id
from control.release.due import Due, DueUnit, Tree
from control.release.store import (
    Header,
    Stored,
    closed,
    closings,
    newest_release_no,
    read_frozen,
    read_ledger,
    released,
    split_of,
    write,
)
from kpi.access import OPERATOR, Viewer, check_can_close
from kpi.definition import Catalogue, Definition
from kpi.disclosure.attack import Progress
from kpi.disclosure.quantity import Counted, Quantity, counted, is_released
from kpi.grid import grid_of
from kpi.organisation import Organisation, Unit
from kpi.period import Period, PeriodType
from kpi.runs import newest_run_no
from kpi.store import definitions_hash
from kpi.views.freshness import is_synthetic
from kpi.views.organisation import check_unit_is_known, read_organisation
from kpi.views.rows import Split
from kpi.views.snapshot import Snapshot, snapshot
from kpi.views.values import Wanted, several_values
from warehouse import clock, tables
from warehouse.database import reading, writing
from warehouse.errors import UserError

CLOSABLE = (PeriodType.MONTH, PeriodType.QUARTER, PeriodType.TERTIAL, PeriodType.HALF_YEAR)
_WORDS = {
    PeriodType.MONTH: "månader",
    PeriodType.QUARTER: "kvartal",
    PeriodType.TERTIAL: "tertial",
    PeriodType.HALF_YEAR: "halvår",
}
_EXAMPLES = "en månad (2025-03), ett kvartal (2025-K1), ett tertial (2025-T1) eller ett halvår (2025-H1)"


@dataclass(frozen=True)
class Summary:
    """What a closing came to. `shown` and `hidden`: values by figure; `late`: figures whose deliveries do not reach the
    period's end, which are not released; `exposed`: small counts that earlier releases give away already."""

    stored: Stored
    shown: Mapping[str, int]
    hidden: Mapping[str, int]
    above: tuple[str, ...]
    late: tuple[str, ...]
    exposed: tuple[str, ...]
    unmodelled: int


def close_period(
    engine: Engine,
    catalogue: Catalogue,
    viewer: Viewer,
    board_code: str,
    period: Period,
    *,
    reason: str | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Close the period, or with a `reason` correct a closed one.

    AccessDenied for others than the board's controller. UserError for an unknown board, a period that is not over, is
    of another sort than the board closes, is closed already (or, with a reason, is not, or has not changed), or holds
    nothing.
    """
    check_can_close(viewer, board_code)
    with reading(engine) as connection:
        work = _Work(connection, catalogue, board_code, period, reason)
        cells, own, late = work.gather()
        seen = newest_release_no(connection), newest_run_no(connection)
        decision = decide(cells, work.ledger, work.quantities, Tree(work.organisation), progress)
        header = work.header(viewer)
    with writing(engine) as connection:
        if (newest_release_no(connection), newest_run_no(connection)) != seen:
            raise UserError(
                f"{period} stängdes inte: någon annan stängde en period eller beräknade om under tiden. Försök igen."
            )
        _keep_rule(connection, viewer, board_code, period.type)
        told = [cell for cell in cells if not work.before.get(cell.key, False)]
        stored = write(connection, header, told, own, decision)
    return _summary(stored, told, decision, late)


def _summary(stored: Stored, cells: Iterable[FigureCell], decision: Decision, late: tuple[str, ...]) -> Summary:
    told = [(cell, cell.key in decision.shown) for cell in cells]
    shown = Counter(cell.definition.id for cell, is_shown in told if is_shown)
    hidden = Counter(cell.definition.id for cell, is_shown in told if not is_shown)
    above = {cell.unit_code for cell, _ in told if cell.level in ("region", "delregional", "municipality")}
    return Summary(stored, shown, hidden, tuple(sorted(above)), late, decision.exposed, decision.unmodelled)


def set_rule(engine: Engine, viewer: Viewer, board_code: str, type_: PeriodType) -> None:
    """Which periods the board closes from now on. AccessDenied, or UserError for an unknown board."""
    check_can_close(viewer, board_code)
    with writing(engine) as connection:
        _board(read_organisation(connection), board_code)
        connection.execute(tables.closing_rule.delete().where(tables.closing_rule.c.board_code == board_code))
        _keep_rule(connection, viewer, board_code, type_)


def rules(connection: Connection) -> dict[str, PeriodType]:
    """What each board closes; one that has neither decided nor closed anything is not there."""
    table = tables.closing_rule
    return {row.board_code: PeriodType(row.period_type) for row in connection.execute(select(table))}


def _keep_rule(connection: Connection, viewer: Viewer, board_code: str, type_: PeriodType) -> None:
    if board_code not in rules(connection):
        connection.execute(
            insert(tables.closing_rule).values(
                board_code=board_code, period_type=type_.value, set_at=clock.now(), set_by=viewer.user
            )
        )


def _board(organisation: Organisation, board_code: str) -> Unit:
    check_unit_is_known(board_code, organisation)
    if board_code not in known_boards(organisation):
        boards = ", ".join(known_boards(organisation))
        raise UserError(f"{board_code} är ingen nämnd. Nämnderna är {boards}.")
    return next(unit for unit in organisation.boards() if unit.code == board_code)


class _Work:
    """One closing, on one snapshot."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, board_code: str, period: Period, reason: str | None
    ) -> None:
        self.connection = connection
        self.catalogue = catalogue
        self.shared: Snapshot = snapshot(connection)
        self.organisation = self.shared.organisation
        self.board = _board(self.organisation, board_code)
        self.period = period
        self.reason = reason
        self.before = released(connection)
        self.revision = self._revision()
        self.due = Due(self.organisation, grid_of(self.organisation), closed(connection, [(board_code, period)]))
        self.counted: dict[str, Counted | None] = {one.id: counted(one, catalogue.facts) for one in self._definitions()}
        self.categories = self._categories()
        self.present = self._present()
        self.ledger = read_ledger(connection)

    def _definitions(self) -> list[Definition]:
        """What is released."""
        return [one for one in self.catalogue.definitions.values() if is_released(one)]

    def _revision(self) -> int:
        period, board = self.period, self.board
        if period.type not in CLOSABLE:
            raise UserError(f"En nämnd stänger inte ett helt år. Skriv {_EXAMPLES}.")
        rule = rules(self.connection).get(board.code)
        if rule is not None and rule is not period.type:
            raise UserError(
                f"{board.name} ({board.code}) stänger {_WORDS[rule]}, inte {_WORDS[period.type]}. Skriv en sådan "
                f"period, eller ändra med ”samkoll closing --board {board.code} --every {period.type.value}”."
            )
        if period.last_day >= clock.today():
            raise UserError(f"{period} är inte slut. En period kan stängas från och med dagen efter dess sista dag.")
        earlier = [
            one.header.revision
            for one in closings(self.connection)
            if (one.header.board_code, one.header.period) == (board.code, period)
        ]
        if earlier and self.reason is None:
            raise UserError(
                f"{period} är redan stängd för {board.code}. Har uppgifter rättats sedan dess: skriv varför med "
                "--revision, så släpps det rättade vid sidan av det gamla."
            )
        if not earlier and self.reason is not None:
            raise UserError(f"{period} är inte stängd för {board.code} och kan inte rättas. Stäng den utan --revision.")
        return max(earlier, default=-1) + 1

    @property
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

    def header(self, viewer: Viewer) -> Header:
        """What the closing is."""
        municipality = self.board.municipality_code or ""
        return Header(
            self.board.code,
            municipality,
            self.period,
            self.revision,
            clock.now(),
            viewer.user,
            self.reason,
            newest_run_no(self.connection),
            definitions_hash(self.catalogue),
            is_synthetic(self.connection, municipality),
        )

    def gather(self) -> tuple[list[FigureCell], dict[str, Own], tuple[str, ...]]:
        """The values to release, the true values of their own periods (by figure), and the figures that are late."""
        before = self.before
        due = {one.id: list(self._due(one)) for one in self._definitions()}
        frozen = read_frozen(self.connection, self.shared.splits)
        current = self._current(due)
        cells: list[FigureCell] = []
        kept: dict[str, Own] = {}
        for definition in self._definitions():
            id_ = definition.id
            own = self._own(definition, current.get(id_, {}), frozen.get(id_, {}))
            categories, present = self.categories.get(id_, ()), self.present.get(id_, ())
            found: Iterable[FigureCell] = cells_of(definition, self.counted[id_], due[id_], own, categories, present)
            found = [replace(cell, is_mixed=self._is_mixed(cell)) for cell in found]
            was = self._earlier(definition, due[id_], frozen.get(id_, {})) if self.reason is not None else {}
            cells += [cell for cell in found if cell.key not in before or was.get(cell.key, cell.value) != cell.value]
            wanted = {(one.unit.code, period) for one in due[id_] for period in one.own}
            fresh = {at for at in wanted if at not in frozen.get(id_, {}) or self._is_revised(at[1])}
            kept[id_] = {at: own.get(at, {}) for at in sorted(fresh)}
        late = tuple(one.id for one in self._definitions() if self._is_late(one))
        if not cells:
            raise UserError(self._nothing(late))
        return cells, kept, late

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

    def _own(
        self,
        definition: Definition,
        current: Mapping[tuple[str, Period], Mapping[Split, Value]],
        frozen: Mapping[tuple[str, Period], Mapping[Split, Value]],
    ) -> Own:
        """What counts: frozen values, but current ones for what is released first now, or corrected."""
        standing = {at: values for at, values in frozen.items() if not self._is_revised(at[1])}
        return {**current, **standing}

    def _is_revised(self, period: Period) -> bool:
        """Whether the period's values are taken anew."""
        within = self.period.first_day, self.period.last_day
        return self.reason is not None and period.first_day <= within[1] and period.last_day >= within[0]

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

    def _nothing(self, late: tuple[str, ...]) -> str:
        if self.revision:
            return f"Inget har ändrats i {self.period} sedan den stängdes. Ingen rättelse behövs."
        if late:
            return (
                f"Inget att stänga: leveranserna för {self.board.name} når inte slutet av {self.period}. Läs in det "
                "som saknas (samkoll load) och beräkna (samkoll compute)."
            )
        return f"Inget att stänga: {self.board.name} har inga beräknade nyckeltal för {self.period}."
