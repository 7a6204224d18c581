"""What comes in: simulate, load, look at deliveries and rejects, decide about those that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from terminal import (
    FAILED,
    AsJson,
    SwedishCommand,
    SwedishGroup,
    open_settings,
    parse_day,
    print_json,
    print_table,
    progress_bars,
)

if TYPE_CHECKING:
    from etl.result import LoadResult

app = typer.Typer(cls=SwedishGroup, rich_markup_mode=None)
DeliveryId = Annotated[int, typer.Argument(metavar="LEVERANS", help="Leveransens nummer enligt ”samkoll deliveries”.")]

_STATES = {
    "received": "mottagen",
    "loaded": "inläst",
    "unchanged": "oförändrad",
    "held": "väntar på beslut",
    "failed": "misslyckad",
    "refused": "avvisad",
}


@app.command(cls=SwedishCommand)
def simulate(
    folder: Annotated[Path, typer.Argument(metavar="MAPP", help="Hit skrivs filerna.")],
    municipalities: Annotated[str, typer.Option(help="Kommunkoder med komma emellan.")] = "1287,1263,1233",
    months: Annotated[int, typer.Option(min=1, help="Hur många månader bakåt.")] = 36,
    seed: Annotated[int, typer.Option(help="Samma frö ger samma filer.")] = 1,
    events: Annotated[int | None, typer.Option(min=1, help="Ungefär så många händelser i stället.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAG", help="Sista dagen; förval i dag.")] = None,
) -> None:
    """Skriv påhittade leveranser från sju källsystem."""
    from etl.simulate import simulate as write_deliveries

    open_settings()
    codes = tuple(code.strip() for code in municipalities.split(",") if code.strip())
    last = parse_day(until, "--until")
    with progress_bars() as progress:
        written = write_deliveries(
            folder, municipalities=codes, months=months, seed=seed, events=events, until=last, progress=progress
        )
    print(f"{len(written)} filer med syntetiska data ligger i {folder}.")


@app.command(cls=SwedishCommand)
def load(
    paths: Annotated[list[Path], typer.Argument(metavar="SÖKVÄG...", help="Filer, mappar eller zip-arkiv.")],
    source: Annotated[
        str | None, typer.Option(metavar="SYSTEM", help="Mappningens namn; ”canonical” är kontraktets egna filer.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(metavar="DAG", help="Leveransens dag; förval i dag.")] = None,
    as_json: AsJson = False,
) -> None:
    """Läs in leveranser: filer, mappar eller zip-arkiv.

    Slutar med 1 när någon leverans misslyckades eller väntar på beslut, annars 0, också när rader har avvisats.
    """
    from etl.run import load as load_paths
    from warehouse.opening import open_warehouse

    settings = open_settings()
    day = parse_day(as_of, "--as-of")
    engine = open_warehouse(settings, create=True)
    with progress_bars() as progress:
        results = load_paths(engine, settings, paths, source=source, as_of=day, progress=progress)
    _report_loads(results, as_json)


@app.command(cls=SwedishCommand)
def deliveries(as_json: AsJson = False) -> None:
    """Visa leveranserna, den senaste först."""
    from kpi.access import OPERATOR
    from kpi.views.deliveries import deliveries as read_deliveries
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    with reading(open_warehouse(open_settings())) as connection:
        rows = read_deliveries(connection, OPERATOR)
    if as_json:
        return print_json([asdict(row) for row in rows])
    print_table(
        ("nr", "dag", "källa", "fil", "läge", "lästa", "avvisade", "orsak"),
        [
            (
                row.delivery_id,
                row.as_of,
                row.source,
                row.file_name,
                _STATES[row.status],
                sum(counts.read for counts in row.counts),
                sum(counts.rejected for counts in row.counts),
                row.reason,
            )
            for row in rows
        ],
        empty="Inga leveranser än. Läs in några med ”samkoll load”.",
    )
    return None


@app.command(cls=SwedishCommand)
def rejects(
    delivery: Annotated[int | None, typer.Option(metavar="LEVERANS", help="Bara den leveransens rader.")] = None,
    as_json: AsJson = False,
) -> None:
    """Visa avvisade rader som väntar på rättelse."""
    from kpi.access import OPERATOR
    from kpi.views.deliveries import rejects as read_rejects
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    with reading(open_warehouse(open_settings())) as connection:
        rows = read_rejects(connection, OPERATOR, delivery_id=delivery).rows
    if as_json:
        return print_json([asdict(row) for row in rows])
    print_table(
        ("leverans", "fil", "rad", "fält", "regel", "orsak"),
        [(row.delivery_id, row.file_name, row.line, row.field, row.rule, row.message) for row in rows],
        empty="Inga avvisade rader väntar.",
    )
    return None


@app.command(cls=SwedishCommand)
def approve(delivery: DeliveryId, as_json: AsJson = False) -> None:
    """Godkänn och läs in en leverans som väntar."""
    from etl.run import approve as approve_delivery
    from kpi.access import OPERATOR
    from warehouse.opening import open_warehouse

    settings = open_settings()
    _report_loads([approve_delivery(open_warehouse(settings), settings, delivery, by=OPERATOR)], as_json)


@app.command(cls=SwedishCommand)
def refuse(
    delivery: DeliveryId,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Varför, för den som frågar senare.")
    ] = "Avvisad på kommandoraden.",
) -> None:
    """Avvisa en leverans som väntar på beslut.

    Dess bytes sparas.
    """
    from etl.run import refuse as refuse_delivery
    from kpi.access import OPERATOR
    from warehouse.opening import open_warehouse

    settings = open_settings()
    refuse_delivery(open_warehouse(settings), settings, delivery, reason, by=OPERATOR)
    print(f"Leverans {delivery} är avvisad.")


@app.command(cls=SwedishCommand)
def replay(as_json: AsJson = False) -> None:
    """Läs avvisade rader på nytt, med dagens mappningar."""
    from etl.run import replay as replay_rejects
    from kpi.access import OPERATOR
    from warehouse.opening import open_warehouse

    settings = open_settings()
    _report_loads(replay_rejects(open_warehouse(settings), settings, by=OPERATOR), as_json)


def _report_loads(results: Sequence[LoadResult], as_json: bool) -> None:
    from etl.reporting import describe_result, is_not_in

    if as_json:
        print_json([asdict(result) for result in results])
    else:
        for result in results:
            print(describe_result(result))
    if is_not_in(results):
        raise typer.Exit(FAILED)
