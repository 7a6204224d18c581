"""`samkoll audit …`: whether the log is whole, its anchor outside, its events, and purging it by a decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from terminal import FAILED, AsJson, SwedishCommand, SwedishGroup, open_settings, parse_day, print_json, print_table
from warehouse import clock
from warehouse.errors import UserError

if TYPE_CHECKING:
    from control.audit.event import Event

app = typer.Typer(cls=SwedishGroup, rich_markup_mode=None, help="Loggen över vem som har läst och gjort vad.")

_MOST_LISTED = 10_000


@app.command("verify", cls=SwedishCommand)
def verify_log(
    anchor: Annotated[
        Path | None, typer.Option(metavar="FIL", help="Ankaret som ”samkoll audit anchor” skrev.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Pröva att ingen händelse är ändrad, borttagen, insatt eller flyttad.

    Prövar också de signerade granskningarna mot loggen och gallringen mot inställningarna. Slutar med 1 när något är
    fel. Utan ankare märks inte att de sista händelserna är borttagna, att hela loggen är omgjord, eller att någon har
    gallrat mer än beslutet medger och skrivit att det följde beslutet.
    """
    from control.audit.anchor import read_anchors
    from control.audit.retention import retention_of
    from control.audit.verify import verify
    from warehouse.opening import open_warehouse

    anchors = read_anchors(anchor) if anchor is not None else {}
    settings = open_settings()
    found = verify(open_warehouse(settings), anchors, retention=retention_of(settings))
    if as_json:
        print_json(
            {
                "events": found.count,
                "purged_to": found.begins.event_no,
                "newest": found.ends.event_no,
                "hash": found.ends.hash,
                "anchors": len(anchors),
                "problems": [{"event": one.event_no, "text": one.sentence} for one in found.problems],
            }
        )
    elif found.problems:
        for one in found.problems:
            print(one.sentence)
    elif not found.count and not anchors:
        print("Loggen är tom.")
    else:
        held = f" och mot {len(anchors)} ankarrader" if anchors else ""
        purged = f" Händelserna till och med {found.begins.event_no} är gallrade." if found.begins.event_no else ""
        print(f"Loggen är hel: {found.count} händelser prövade mot varandra{held}.{purged}")
        print(f"Senaste händelsen {found.ends.event_no}: {found.ends.hash}")
    if found.problems:
        raise typer.Exit(FAILED)


@app.command("anchor", cls=SwedishCommand)
def anchor_log(file: Annotated[Path, typer.Argument(metavar="FIL", help="Filen som en rad läggs till i.")]) -> None:
    """Skriv loggens senaste kontrollsumma i en fil utanför databasen.

    Lägg filen där den som sköter databasen inte kan ändra den.
    """
    from control.audit.anchor import write_anchor
    from kpi.access import OPERATOR
    from warehouse.opening import open_warehouse

    found = write_anchor(open_warehouse(open_settings()), OPERATOR, file)
    print(f"Ankaret för händelse {found.event_no} står i {file}.")


@app.command("list", cls=SwedishCommand)
def list_events(
    first: Annotated[str | None, typer.Option("--from", metavar="DAG", help="Från och med dagen.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAG", help="Till och med dagen.")] = None,
    actor: Annotated[str, typer.Option(metavar="VEM", help="En del av namnet.")] = "",
    action: Annotated[str, typer.Option(metavar="KOD", help="Vad som gjordes, till exempel rows_read.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=_MOST_LISTED, help="Högst så många.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Visa loggens händelser, den senaste först. Läsningen loggas."""
    from control.audit.actions import Action
    from control.audit.log import record
    from control.audit.reading import Filter, read_log
    from kpi.access import OPERATOR
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    begin, end = parse_day(first, "--from"), parse_day(last, "--to")
    if action and action not in {one.value for one in Action}:
        raise UserError(f"--action: ”{action}” finns inte. Välj {', '.join(sorted(Action))}.")
    engine = open_warehouse(open_settings())
    record(engine, OPERATOR, Action.READ, "loggen")
    with reading(engine) as connection:
        page = read_log(connection, OPERATOR, None, Filter(begin, end, actor, action), limit=limit)
    if as_json:
        print_json([_as_json(one) for one in page.events])
        return
    rows = [
        (
            one.event_no,
            f"{clock.local(one.at):%Y-%m-%d %H:%M:%S}",
            one.actor,
            one.action,
            one.unit_code or one.board_code or one.municipality_code,
            one.resource,
            one.row_count,
            one.reason,
        )
        for one in page.events
    ]
    print_table(("nr", "när", "vem", "vad", "var", "vilket", "rader", "skäl"), rows, empty="Inga händelser.")
    if page.total > len(page.events):
        print(f"{len(page.events)} av {page.total} händelser. Välj dagar med --from och --to, eller höj --limit.")


def _as_json(one: Event) -> dict[str, Any]:
    names = (
        "event_no", "at", "actor", "roles", "action", "municipality_code", "board_code", "unit_code", "resource",
        "rows", "row_count", "reason", "details", "previous_hash", "hash",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names}


@app.command("purge", cls=SwedishCommand)
def purge_log() -> None:
    """Gallra de äldsta händelserna enligt beslutet i inställningarna.

    Schemaläggaren gör det varje natt. Utan beslut tas inget bort.
    """
    from control.audit.retention import purge, retention_of
    from kpi.access import OPERATOR
    from warehouse.opening import open_warehouse

    settings = open_settings()
    retention = retention_of(settings)
    if retention is None:
        print("Inget gallringsbeslut är inställt (SAMKOLL_AUDIT_RETENTION_MONTHS). Inget är borttaget.")
        return
    done = purge(open_warehouse(settings), OPERATOR, retention)
    if done is None:
        print(f"Inget är äldre än {retention.months} hela månader. Inget är borttaget.")
    else:
        print(f"{done.count} händelser är gallrade, till och med händelse {done.up_to}, enligt {retention.decision}.")
