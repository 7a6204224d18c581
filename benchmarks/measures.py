"""What is measured, each in a process of its own: `python -m benchmarks.measures NAME ADDRESS [NUMBER]`.

A measure prints one line of JSON: seconds by phase (`cpu`: of all threads, which a busy machine disturbs less), and the
process's peak memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Engine, select

from benchmarks.by_hand import Seconds, Watch, compute_by_hand, compute_moved_by_hand, split_catalogue
from kpi.access import OPERATOR
from kpi.compute import check, compute
from kpi.coverage import AsOf, latest_as_of
from kpi.definition import Catalogue, Definition, Kind
from kpi.loader import load_catalogue
from kpi.moment import known, read_as_of
from kpi.period import Period, PeriodType
from kpi.program import Program, program_of
from kpi.reading import open_reader
from kpi.results import compute_results
from kpi.views.organisation import read_organisation
from kpi.views.overview import overview
from kpi.views.values import Wanted, figure_values, stored_cells
from kpi.workspace import Workspace, open_workspace
from tests.builders.warehouse import deliver
from warehouse.contract import DATASETS
from warehouse.database import open_engine, reading
from warehouse.settings import ROOT
from warehouse.tables import VERSIONED

_CHANGED_MONTH = date(2025, 8, 1)
_CHANGED_PLANS = 20


def product(engine: Engine, catalogue: Catalogue, _number: int) -> Seconds:
    """A full computation by the product."""
    return _computed(engine, catalogue, full=True)


def by_hand(engine: Engine, catalogue: Catalogue, _number: int) -> Seconds:
    """The same by hand."""
    return compute_by_hand(engine, catalogue)


def product_moved(engine: Engine, catalogue: Catalogue, _number: int) -> Seconds:
    """What a small delivery touched, by the product."""
    return _computed(engine, catalogue, full=False)


def by_hand_moved(engine: Engine, catalogue: Catalogue, _number: int) -> Seconds:
    """The same by hand."""
    return compute_moved_by_hand(engine, catalogue)


def changed(engine: Engine, _catalogue: Catalogue, number: int) -> Seconds:
    """The number's delivery: some plans of one month were met another day, and the child's voice was another."""
    sips, dataset = VERSIONED["sips"], DATASETS["sips"]
    with reading(engine) as connection:
        rows = connection.execute(
            select(sips)
            .where(known(sips, None), sips.c.closed_on.is_(None))
            .where(sips.c.met_on.between(_CHANGED_MONTH + timedelta(days=2), _CHANGED_MONTH + timedelta(days=25)))
            .order_by(sips.c.sip_id, sips.c.municipality_code)
            .limit(_CHANGED_PLANS)
        ).mappings()
        plans = [{field.name: row[field.column] for field in dataset.fields} for row in rows]
        as_of = max(day for (name, _), day in read_as_of(connection).items() if name == "sips")
    for at, plan in enumerate(plans):
        plan["met_on"] += timedelta(days=1 - number % 2 * 2)
        plan["child_voice"] = ("attended", "none")[(at + number) % 2]
    deliver(engine, as_of.isoformat(), sips=plans)
    return {"rows": float(len(plans))}


def verify(engine: Engine, catalogue: Catalogue, _number: int) -> Seconds:
    """What is stored must be what a full computation in memory says."""
    differences = check(engine, catalogue)
    if differences:
        raise SystemExit("\n".join(["The stored values are not those of a full computation:", *differences]))
    return {}


def each_figure(engine: Engine, catalogue: Catalogue, number: int) -> Seconds:
    """The statements of the whole catalogue, and of each figure alone, over the same rows; medians of rounds."""
    everything = list(catalogue.definitions.values())
    alone = [one for one in everything if one.meaning.measures]
    found: dict[str, list[float]] = {"together": [], "apart": []}
    with open_reader(engine) as reader, open_workspace() as workspace:
        results = compute_results(reader, workspace, catalogue, everything)
        as_of = read_as_of(reader.connection)
        homes = {row.municipality_code or "" for row in reader.connection.execute(select(VERSIONED["org_units"]))} - {
            ""
        }
        numbers = {one.id: at for at, one in enumerate(everything)}
        for table in ("covered", "roster"):
            workspace.execute(f"create table every_{table} as select * from {table}")
        for _ in range(number):
            _, seconds = _run(workspace, program_of(everything, catalogue.facts), everything, (as_of, homes))
            found["together"].append(seconds)
            apart = 0.0
            for one in alone:
                program = program_of([one], catalogue.facts)
                cells, seconds = _run(workspace, program, [one], (as_of, homes), only=numbers[one.id])
                apart += seconds
                if cells != results.cells[one.id].num_rows:
                    raise SystemExit(f"{one.id} alone has {cells} cells, in the catalogue others.")
            found["apart"].append(apart)
    return {name: median(seconds) for name, seconds in found.items()}


def compiled(_engine: Engine, _catalogue: Catalogue, _number: int) -> Seconds:
    """The catalogue from text to statements, in a fresh process, and once more."""
    watch = Watch()
    catalogue = load_catalogue(ROOT / "kpi_definitions.yaml")
    watch.lap("load")
    program_of(list(catalogue.definitions.values()), catalogue.facts)
    watch.lap("compile")
    cold = watch.seconds["total"]
    program_of(list(catalogue.definitions.values()), catalogue.facts)
    watch.lap("again")
    return {"cold": cold, **{name: watch.seconds[name] for name in ("load", "compile", "again")}}


def pages(engine: Engine, catalogue: Catalogue, number: int) -> Seconds:
    """One unit's 36 months of every figure, and a board's overview, against raw SQL for the same rows; medians."""
    last = Period.containing(_CHANGED_MONTH, PeriodType.MONTH)
    first = last.shift(-35)
    figures = [one.id for one in catalogue.definitions.values() if one.kind is Kind.RATIO and one.period is last.type]
    found: dict[str, list[float]] = {}

    def timed(name: str, call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        began = perf_counter()
        answer = call(*arguments, **named)
        found.setdefault(name, []).append(perf_counter() - began)
        return answer

    with reading(engine) as connection:
        organisation = read_organisation(connection)
        board = organisation.boards()[0].code
        given = (connection, catalogue, OPERATOR)
        for _ in range(number):
            for id_ in figures:
                timed("unit", figure_values, *given, id_, unit_code=board, first=first, last=last)
                timed("unit, read", stored_cells, connection, [_wanted(catalogue, id_, board, first, last)])
                timed("unit, raw", _raw, connection, [(id_, board)], first, last)
            page = timed("overview", overview, *given, organisation, board, last)
            shown = [(row.definition.id, row.unit.code) for row in page.rows]
            wanted = [_wanted(catalogue, *one, first, last) for one in shown]
            timed("overview, read", stored_cells, connection, wanted)
            timed("overview, raw", _raw, connection, shown, first, last)
    return {name: median(seconds) for name, seconds in found.items()}


# --- pieces ------------------------------------------------------------------


def _computed(engine: Engine, catalogue: Catalogue, *, full: bool) -> Seconds:
    """Seconds by the step that the product tells; what comes after its last row is read is facts."""
    names = {"Läser": "read", "Räknar": "scans", "Summerar": "rollup", "Sparar": "store"}
    watch = Watch()
    step = "prepare"

    def progress(name: str, done: int, total: int) -> None:
        nonlocal step
        watch.lap(step)
        step = "facts" if name == "Läser" and done == total else names[name]

    compute(engine, catalogue, full=full, progress=progress)
    watch.lap(step)
    parts = ("facts", "scans", "rollup")
    return watch.seconds | {"compute": sum(watch.seconds.get(one, 0.0) for one in parts)}


def _run(
    workspace: Workspace,
    program: Program,
    definitions: list[Definition],
    days: tuple[AsOf, set[str]],
    only: int | None = None,
) -> tuple[int, float]:
    """How many cells the program gives, and the seconds of its statements; laying out its tables is not counted.

    `only`: the number that its one figure has in the whole catalogue."""
    as_of, everywhere = days
    workspace.add_figures(definitions, program.clock_of)
    workspace.add_as_of([latest_as_of(as_of, datasets, everywhere) for datasets in program.clocks])
    for table in ("covered", "roster"):
        kept = f"select * from every_{table}"
        if only is not None:
            kept = f"select * replace (0::int as kpi_no) from every_{table} where kpi_no = {only}"
        workspace.execute(f"create or replace table {table} as {kept}")
    began = perf_counter()
    for statement in (*program.facts, *(one for scan in program.scans for one in scan), program.sums):
        workspace.execute(statement)
    cells = [workspace.answer(query) for query in program.cells]
    return sum(part.num_rows for part in cells), perf_counter() - began


def _wanted(catalogue: Catalogue, kpi_id: str, unit_code: str, first: Period, last: Period) -> Wanted:
    definition = catalogue.definitions[kpi_id]
    return Wanted(definition, unit_code, first.to(definition.period), last.to(definition.period))


def _raw(connection: Any, wanted: list[tuple[str, str]], first: Period, last: Period) -> list[Any]:
    """The stored rows of figures and units between two months, by one statement."""
    pairs = ", ".join(f"('{kpi_id}', '{unit_code}')" for kpi_id, unit_code in wanted)
    return list(
        connection.exec_driver_sql(
            "select k.kpi_id, u.unit_code, v.level, v.period, s.split, v.numerator, v.denominator, v.cases, v.value "
            "from kpi_value as v join kpi as k on k.kpi_no = v.kpi_no join kpi_unit as u on u.unit_no = v.unit_no "
            "join kpi_split as s on s.split_no = v.split_no "
            f"where (k.kpi_id, u.unit_code) in (values {pairs}) and v.period between {first.year * 100} and {last.code}"
        )
    )


_MEASURES = {
    one.__name__: one
    for one in (product, by_hand, product_moved, by_hand_moved, changed, verify, each_figure, compiled, pages)
}


def measured(name: str, address: str, number: int = 0) -> dict[str, Any]:
    """The measure's seconds, and this process's peak memory."""
    engine = open_engine(address)
    catalogue = _catalogue() if name != "compiled" else Catalogue({}, {}, {})
    began = process_time()
    seconds = _MEASURES[name](engine, catalogue, number)
    cpu = process_time() - began
    engine.dispose()
    return {"seconds": seconds | {"cpu": cpu}, "peak_mb": _peak_mb()}


@cache
def _catalogue() -> Catalogue:
    """The figures that are written by hand too."""
    return split_catalogue(load_catalogue(ROOT / "kpi_definitions.yaml"))[0]


def _peak_mb() -> int:
    """This program's own peak: `ru_maxrss` would remember that of the process it was started from."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024)


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))))
