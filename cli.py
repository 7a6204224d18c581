"""The `samkoll` command: thin. Each command opens what it needs, calls one verb of a package and prints.

Heavy modules are imported inside the commands, so that `--help` and small errors answer at once.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

import cli_access
import cli_audit
import cli_definitions as cli_definitions  # its commands join `samkoll kpi`
import cli_deliveries
import cli_kpi
import cli_protect
import cli_release
import cli_report
import cli_spc
from cli_kpi import Since, Until
from terminal import (
    FAILED,
    ONLY_TO_FILE,
    AsJson,
    SwedishCommand,
    SwedishGroup,
    open_settings,
    parse_limits,
    print_json,
    progress_bars,
    run_command,
)
from warehouse.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Engine

    from dashboard.auth import Login
    from warehouse.settings import Settings


app = typer.Typer(
    cls=SwedishGroup,
    rich_markup_mode=None,
    add_completion=False,
    help="Samkoll: nyckeltal för intern kontroll av samverkan kring barn och unga. Inställningar: SAMKOLL_… i miljön.",
)
command = app.command


def main() -> None:
    """The installed command."""
    raise SystemExit(run_command(app))


# --- the warehouse -----------------------------------------------------------


@command(cls=SwedishCommand)
def upgrade() -> None:
    """Skapa eller uppdatera databasen."""
    from warehouse.opening import Standing, upgrade_warehouse, warehouse_address

    settings = open_settings()
    before = upgrade_warehouse(settings)
    done = {Standing.MISSING: "är skapad", Standing.OUTDATED: "är uppdaterad"}.get(before, "har redan rätt version")
    print(f"Databasen {warehouse_address(settings)} {done}.")


@command("database-role", cls=SwedishCommand)
def database_role(
    role: Annotated[str, typer.Argument(metavar="ROLL", help="Rollen, som databasadministratören har gjort.")],
    sql: Annotated[bool, typer.Option("--sql", help="Skriv bara ut SQL-satserna, utan att köra dem.")] = False,
) -> None:
    """Ge sidornas roll i PostgreSQL de rättigheter som den behöver, och inga andra.

    Kör det på nytt efter ”samkoll upgrade”. Sidorna använder rollen när SAMKOLL_DASHBOARD_DATABASE_URL är satt.
    """
    from warehouse.database_role import give_privileges, statements_for
    from warehouse.opening import open_warehouse

    engine = open_warehouse(open_settings())
    if sql:
        print("\n".join(f"{one};" for one in statements_for(engine, role)))
        return
    give_privileges(engine, role)
    print(f"Rollen {role} har de rättigheter i databasen som sidorna behöver, och inga andra.")


@command(cls=SwedishCommand)
def doctor(as_json: AsJson = False) -> None:
    """Visa vad som är inställt och vad som är fel.

    Varje rad har ett råd. Slutar med 1 när något är fel.
    """
    from etl.doctor import Grade, examine

    findings = examine(open_settings())
    if as_json:
        print_json([{"name": one.name, "grade": one.grade, "text": one.text, "remedy": one.remedy} for one in findings])
    for one in [] if as_json else findings:
        print(f"{one.grade.word:<5} {one.name}: {one.text}" + (f" → {one.remedy}" if one.remedy else ""))
    if any(one.grade is Grade.WRONG for one in findings):
        raise typer.Exit(FAILED)


app.add_typer(cli_deliveries.app)


# --- figures ---------------------------------------------------------------


@command(cls=SwedishCommand)
def compute(
    first: Since = None,
    last: Until = None,
    full: Annotated[bool, typer.Option("--full", help="Allt, inte bara det som leveranser har ändrat.")] = False,
    as_json: AsJson = False,
) -> None:
    """Beräkna de nyckeltal som leveranser har ändrat."""
    from control.definitions import changes_since_served, record_if_changed
    from kpi.compute import compute as compute_figures
    from kpi.loader import load_catalogue
    from warehouse.opening import open_warehouse

    settings = open_settings()
    begin, end = parse_limits(first, last)
    catalogue = load_catalogue(settings.definitions)
    engine = open_warehouse(settings, create=True)
    for sentence in changes_since_served(engine, catalogue):
        print(f"Varning: {sentence}", file=sys.stderr)
    record_if_changed(engine, settings.definitions.read_bytes())
    with progress_bars() as progress:
        summary = compute_figures(engine, catalogue, first=begin, last=end, full=full, progress=progress)
    if as_json:
        print_json(
            {"run": summary.run_no, "kind": summary.kind, "written": summary.written, "unplaced": summary.unplaced}
        )
    elif summary.run_no is None:
        print("Inget har ändrats sedan den senaste beräkningen.")
    else:
        print(f"{len(summary.touched)} nyckeltal beräknade, {summary.written} värden skrivna.")
        if summary.unplaced:
            print(f"{summary.unplaced} rader räknas först när deras enhet eller plan har levererats.")


app.add_typer(cli_kpi.app, name="kpi")
app.add_typer(cli_protect.app)
command(cls=SwedishCommand)(cli_release.close)
command(cls=SwedishCommand)(cli_release.closing)
app.add_typer(cli_release.app, name="release")
app.add_typer(cli_report.app, name="report")
app.add_typer(cli_spc.app)
app.add_typer(cli_access.app, name="token")
app.add_typer(cli_audit.app, name="audit")


# --- running -----------------------------------------------------------------


@command(cls=SwedishCommand)
def schedule(parent: Annotated[int | None, typer.Option(hidden=True)] = None) -> None:
    """Kör schemaläggaren.

    Den hämtar ur inkorgen, läser in, beräknar, utför beslut från sidan Leveranser och prövar allt varje natt. Flera får
    köras: en arbetar och de andra står beredda. Avslutas med Ctrl-C.
    """
    from control.audit.settings_seen import record_settings
    from etl.schedule import run_schedule
    from warehouse.opening import open_warehouse

    settings = open_settings(logging.INFO if parent is None else ONLY_TO_FILE)
    engine = open_warehouse(settings, create=True)
    record_settings(engine, settings.told())
    run_schedule(engine, settings, parent=parent)


@command(cls=SwedishCommand)
def serve(
    host: Annotated[str, typer.Option(help="Adressen att lyssna på.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Porten att lyssna på.")] = 8050,
    workers: Annotated[int, typer.Option(min=1, help="Antal processer.")] = 1,
) -> None:
    """Starta webbplatsen för inloggade användare.

    Kräver en inloggningstjänst, [login] i inställningsfilen. Kryptering (https) sköts av en server framför.
    """
    from control.audit.settings_seen import record_settings
    from control.login.grants import grants_by_claim
    from dashboard.server import check_port_is_free, serve_until_stopped
    from warehouse.opening import open_for_pages

    settings = open_settings()
    if settings.login is None:
        raise UserError(
            "Webbplatsen startas inte: ingen inloggning är inställd, och utan den skulle vem som helst kunna läsa "
            "nämndens siffror. Skriv tabellen [login] i samkoll.toml med issuer, client_id, client_secret, "
            "public_address och en [[login.grants]] för varje grupp (docs/operate.md har exempel). Visa systemet med "
            "påhittade data på den egna datorn med ”samkoll demo”."
        )
    grants_by_claim(settings.login)
    engine = open_for_pages(settings)
    record_settings(engine, settings.told())
    engine.dispose()
    check_port_is_free(port, host=host, command="serve")
    public = settings.login.public_address

    def say(address: str) -> None:
        print(f"Samkoll svarar på {address} för {public} (avsluta med Ctrl-C).", flush=True)

    serve_until_stopped("cli:application", port, host=host, workers=workers, when_ready=say)


@command(cls=SwedishCommand)
def demo(port: Annotated[int, typer.Option(help="Porten på den egna datorn.")] = 8050) -> None:
    """Visa allt med påhittade data.

    Simulerar, läser in, beräknar och startar webbplatsen på den egna datorn. En andra körning använder det som finns.
    """
    from dashboard.server import check_port_is_free, serve_until_stopped
    from etl.demo import own_definitions, prepare_demo
    from warehouse.opening import open_warehouse

    own = own_definitions(open_settings())
    os.environ["SAMKOLL_DEFINITIONS"] = str(own.resolve())  # also for the scheduler and the web server
    settings = open_settings()
    check_port_is_free(port)
    engine = open_warehouse(settings, create=True)
    with progress_bars() as progress:
        prepare_demo(engine, settings, progress=progress)
    engine.dispose()
    scheduler = [sys.executable, "-m", "cli", "schedule", "--parent", str(os.getpid())]
    with subprocess.Popen(scheduler, start_new_session=True) as running:  # noqa: S603  # nosec B603 # ourselves
        try:
            serve_until_stopped("cli:demo_application", port, when_ready=_say_where_to_look)
        finally:
            running.terminate()


def _say_where_to_look(address: str) -> None:
    print(f"Samkoll visar påhittade data på {address} (avsluta med Ctrl-C).", flush=True)


def demo_application() -> Flask:
    """What the demo's web server serves; it calls this in a process of its own."""
    from dashboard.login.demo import DemoLogin

    return _application(lambda _engine, _settings: DemoLogin(), ONLY_TO_FILE)


def application() -> Flask:
    """What `samkoll serve` serves, in each of its processes."""
    from dashboard.login.real import RealLogin

    def login(engine: Engine, settings: Settings) -> Login | None:
        return None if settings.login is None else RealLogin(engine, settings.login)

    return _application(login, logging.WARNING)


def _application(login_of: Callable[[Engine, Settings], Login | None], stderr_level: int) -> Flask:
    from dashboard.app import create_app
    from dashboard.server import end_with_parent, settle
    from warehouse.opening import open_for_pages

    end_with_parent()
    settings = open_settings(stderr_level)
    engine = open_for_pages(settings)
    made: Flask = create_app(engine, settings, login=login_of(engine, settings)).server
    settle()
    return made


if __name__ == "__main__":
    main()
