"""`samkoll close`, `closing` and `release …`: closing a board's periods, what has been released, and its packages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from terminal import (
    FAILED,
    AsJson,
    SwedishCommand,
    SwedishGroup,
    open_settings,
    parse_period,
    print_json,
    print_table,
    progress_bars,
)
from warehouse import clock
from warehouse.errors import UserError

if TYPE_CHECKING:
    from control.release.closing import Summary
    from control.release.package_content import Payload
    from control.release.signing import SigningKey
    from control.release.store import Stored
    from warehouse.settings import Settings

app = typer.Typer(cls=SwedishGroup, rich_markup_mode=None, help="Det som har släppts av stängda perioder.")

Board = Annotated[str, typer.Option("--board", metavar="KOD", help="Nämndens enhetskod.")]

_EVERY = {"month": "månader", "quarter": "kvartal", "tertial": "tertial", "half_year": "halvår"}


def close(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="Till exempel 2025-03, 2025-K1, 2025-T1, 2025-H1.")],
    board: Board,
    revision: Annotated[
        str | None, typer.Option(metavar="SKÄL", help="Rätta en stängd period; säg varför uppgifterna har ändrats.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(metavar="SKÄL", help="Varför röda nyckeltal inte har någon åtgärd; sparas för vart och ett."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Stäng en nämnds period: frys värdena och släpp det som får visas utanför nämnden.

    Små antal döljs, och så mycket mer som behövs för att de inte ska gå att räkna ut. Det som har släppts ändras inte:
    senare rättelser släpps vid sidan av, med --revision. Har nämnden antagit en kontrollplan för året ska varje rött
    nyckeltal ha en åtgärd eller ett skäl. Stängningen loggas.
    """
    from control.release.closing import close_period
    from control.release.rule import EXAMPLES
    from kpi.access import OPERATOR
    from kpi.loader import load_catalogue
    from kpi.period import Period
    from warehouse.opening import open_warehouse

    settings = open_settings()
    try:
        wanted = Period.parse(period)
    except ValueError:
        raise UserError(f"PERIOD: ”{period}” är ingen period. Skriv {EXAMPLES}.") from None
    if revision is not None and not revision.strip():
        raise UserError("--revision måste säga varför perioden rättas.")
    catalogue = load_catalogue(settings.definitions)
    engine = open_warehouse(settings)
    with progress_bars() as progress:
        summary = close_period(
            engine, catalogue, OPERATOR, board, wanted, reason=revision, without_action=reason, progress=progress
        )
    if as_json:
        print_json(_summary_as_json(summary))
        return
    _tell(summary)


def _tell(summary: Summary) -> None:
    header = summary.stored.header
    shown, hidden = sum(summary.shown.values()), sum(summary.hidden.values())
    what = f"rättelse {header.revision} av " if header.revision else ""
    print(f"{header.board_code}: {what}{header.period} är stängd (release {summary.stored.release_no}).")
    print(
        f"{len(summary.shown.keys() | summary.hidden.keys())} nyckeltal: {shown} värden visas, {hidden} är dolda (..)."
    )
    if summary.above:
        print(f"Också för {', '.join(summary.above)}: alla nämnder där som har några fall har stängt perioden.")
    if summary.late:
        print(
            f"Inte med, eftersom leveranserna inte når periodens slut: {'; '.join(summary.late)}. "
            "Läs in det som saknas och kör om med --revision."
        )
    if summary.exposed:
        many = "Ett litet antal" if len(summary.exposed) == 1 else f"{len(summary.exposed)} små antal"
        print(f"Obs! {many} går att räkna ut, helt eller delvis, ur det som har släppts tidigare.")
    if summary.unmodelled:
        print(
            f"Obs! {summary.unmodelled} summor går inte ihop, till exempel för att enheter har flyttats. "
            "De har inte prövats."
        )
    print(f"Fingeravtryck: {summary.stored.content_hash}")


def _summary_as_json(summary: Summary) -> dict[str, Any]:
    return _as_json(summary.stored) | {
        "shown": dict(summary.shown),
        "hidden": dict(summary.hidden),
        "above": list(summary.above),
        "late": list(summary.late),
        "exposed": len(summary.exposed),
        "unmodelled": summary.unmodelled,
    }


def _as_json(stored: Stored) -> dict[str, Any]:
    header = stored.header
    return {
        "release": stored.release_no,
        "board": header.board_code,
        "municipality": header.municipality_code,
        "period": str(header.period),
        "revision": header.revision,
        "reason": header.reason,
        "closed_at": header.closed_at,
        "closed_by": header.closed_by,
        "is_synthetic": header.is_synthetic,
        "hash": stored.content_hash,
    }


def closing(
    board: Annotated[str | None, typer.Option(metavar="KOD", help="Nämndens enhetskod.")] = None,
    every: Annotated[
        str | None, typer.Option(metavar="PERIODER", help="month, quarter, tertial eller half_year.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Visa eller bestäm vilka perioder nämnderna stänger.

    Utan --every visas vad som gäller. En nämnd som inte har bestämt sig får den sort som den stänger först.
    """
    from control.release.rule import board_of, rules, set_rule
    from kpi.access import OPERATOR
    from kpi.period import PeriodType
    from kpi.views.organisation import read_organisation
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    engine = open_warehouse(open_settings())
    if every is not None:
        if every not in _EVERY:
            raise UserError(f"--every: ”{every}” går inte att stänga. Välj {', '.join(_EVERY)}.")
        if board is None:
            raise UserError("Säg vilken nämnd det gäller med --board.")
        set_rule(engine, OPERATOR, board, PeriodType(every))
    with reading(engine) as connection:
        if board is not None:
            board_of(read_organisation(connection), board)
        found = {code: type_ for code, type_ in sorted(rules(connection).items()) if board in (None, code)}
    if as_json:
        print_json([{"board": code, "every": type_.value} for code, type_ in found.items()])
        return
    rows = [(code, _EVERY[type_.value]) for code, type_ in found.items()]
    print_table(("nämnd", "stänger"), rows, empty="Ingen nämnd har bestämt vilka perioder den stänger.")


@app.command("list", cls=SwedishCommand)
def list_releases(as_json: AsJson = False) -> None:
    """Visa stängda perioder och prova att ingen har ändrats i efterhand."""
    from control.release.store import closings, is_intact
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    with reading(open_warehouse(open_settings())) as connection:
        found = closings(connection)
        intact = {one.release_no: is_intact(connection, one.release_no) for one in found}
    if as_json:
        print_json([_as_json(one) | {"intact": intact[one.release_no]} for one in found])
    else:
        print_table(
            ("release", "nämnd", "period", "rättelse", "stängd", "fingeravtryck", ""),
            [
                (
                    one.release_no,
                    one.header.board_code,
                    one.header.period,
                    one.header.revision or None,
                    f"{clock.local(one.header.closed_at):%Y-%m-%d}",
                    one.content_hash[:12],
                    "" if intact[one.release_no] else "ÄNDRAD I EFTERHAND",
                )
                for one in found
            ],
            empty="Ingen period är stängd. Stäng en med ”samkoll close PERIOD --board KOD”.",
        )
    if not all(intact.values()):
        raise typer.Exit(FAILED)


@app.command(cls=SwedishCommand)
def key() -> None:
    """Skriv den publika nyckeln, som andra kommuner behöver för att läsa in era paket.

    Raderna ska stå i deras samkoll.toml. Låt dem kontrollera fingeravtrycket i ett samtal, inte i samma brev.
    """
    from control.release.signing import fingerprint
    from kpi.views.organisation import read_organisation
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    settings = open_settings()
    with reading(open_warehouse(settings)) as connection:
        boards = read_organisation(connection).boards()
    codes = sorted({one.municipality_code for one in boards if one.municipality_code})
    if not codes:
        raise UserError("Här finns ingen kommun än. Läs in organisationen (org_units) först.")
    public = _signing_key(settings).public
    print(f"# Fingeravtryck (SHA-256): {fingerprint(public)}")
    print("[trusted_releases]")
    for code in codes:
        print(f'{code} = "{public}"')


@app.command("export", cls=SwedishCommand)
def export_package(
    municipality: Annotated[str, typer.Option(metavar="KOMMUN", help="Kommunens kod, till exempel 1287.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FIL", help="Filen att skriva; annars 1287-2025-T3.samkoll.json här.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="PERIOD", help="Bara perioder som är slut då.")] = None,
) -> None:
    """Gör ett signerat paket av det som kommunens nämnder har släppt, för jämförelse i andra kommuner.

    Bara släppta värden är med; det som är dolt (..) är dolt också där. Vem som helst kan läsa filen, men ingen kan
    ändra den obemärkt. Loggas.
    """
    from control.release.exporting import export_release
    from kpi.access import OPERATOR
    from kpi.loader import load_catalogue
    from warehouse.opening import open_warehouse

    settings = open_settings()
    last = parse_period(until, "--until")
    engine = open_warehouse(settings)
    catalogue = load_catalogue(settings.definitions)
    made = export_release(engine, catalogue, OPERATOR, municipality, _signing_key(settings), until=last)
    path = out or Path(made.file_name)
    try:
        path.write_bytes(made.content)
    except OSError as error:
        raise UserError(f"--out: {path} går inte att skriva ({error.strerror}). Välj en annan fil.") from None
    print(f"{path}: {_contents(made.payload)}")


@app.command("import", cls=SwedishCommand)
def import_package(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Paketet från den andra kommunen.")],
    receiver: Annotated[
        str | None,
        typer.Option("--for", metavar="KOMMUN", help="Kommunen vars läsare får det; annars den enda som finns här."),
    ] = None,
) -> None:
    """Läs in ett paket från en annan kommun, för jämförelse.

    Paketet måste vara signerat med den nyckel som står för kommunen under [trusted_releases] i samkoll.toml. Ett nyare
    paket visas i stället för det äldre, som finns kvar. Loggas.
    """
    from control.release.importing import import_release
    from control.release.package import MOST_BYTES
    from kpi.access import OPERATOR
    from warehouse.opening import open_warehouse

    settings = open_settings()
    engine = open_warehouse(settings)
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{file} går inte att läsa ({error.strerror}). Ange paketets fil.") from None
    found = import_release(engine, OPERATOR, content, file.name, settings.trusted_releases, for_municipality=receiver)
    if not found.is_new:
        print(f"{file.name} är redan inläst för {found.for_municipality}. Inget är ändrat.")
        return
    print(f"{file.name} är inläst för {found.for_municipality}: {_contents(found.package.payload)}")
    if found.replaced:
        print("Det visas i stället för det äldre paketet från kommunen.")


def _contents(payload: Payload) -> str:
    from control.release.package import reaches

    values = [one for figure in payload.figures for one in figure.values]
    hidden = sum(one.suppressed is True for one in values)
    synthetic = " Syntetiska data." if payload.is_synthetic else ""
    return (
        f"{payload.municipality.name} till och med {reaches(payload)}, {len(payload.figures)} nyckeltal, "
        f"{len(values) - hidden} värden visas och {hidden} är dolda (..).{synthetic}"
    )


def _signing_key(settings: Settings) -> SigningKey:
    from control.release.signing import load_signing_key

    found = load_signing_key(settings)
    if found.made is not None:
        print(
            f"Varning: Nyckeln {found.made.name} fanns inte och har skapats i {found.made.parent}. Säkerhetskopiera "
            "den på ett skyddat ställe: utan den måste alla som läser in era paket få en ny publik nyckel.",
            file=sys.stderr,
        )
    return found
