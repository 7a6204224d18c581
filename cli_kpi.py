"""`samkoll kpi …`: what the figures are, what they show, and whether their definitions are right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi.disclosure.suppressed import Suppressed
from kpi.record import released_record, value_record, whole
from terminal import (
    USER_ERROR,
    AsJson,
    SwedishCommand,
    SwedishGroup,
    open_settings,
    parse_day,
    parse_limits,
    print_json,
    print_table,
)
from warehouse.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kpi.definition import Catalogue
    from kpi.period import Period
    from kpi.released import ReleasedValue
    from kpi.views.values import Cell
    from warehouse.settings import Settings

app = typer.Typer(
    cls=SwedishGroup, rich_markup_mode=None, help="Nyckeltalen: vilka de är, vad de visar, hur de är skrivna."
)

Since = Annotated[str | None, typer.Option("--from", metavar="PERIOD", help="Från och med, till exempel 2025-01.")]
Until = Annotated[str | None, typer.Option("--to", metavar="PERIOD", help="Till och med.")]

_PERIOD_WORDS = {"month": "månad", "tertial": "tertial", "year": "år"}
_STATUS_WORDS = {"ok": "", "preliminary": "preliminär", "too_few": "få fall"}


@app.command("list", cls=SwedishCommand)
def list_figures(as_json: AsJson = False) -> None:
    """Visa nyckeltalen som är definierade."""
    from kpi.loader import load_catalogue

    definitions = load_catalogue(open_settings().definitions).definitions.values()
    if as_json:
        names = ("id", "name", "why", "kind", "period", "unit", "direction", "control", "release_class", "split")
        print_json([{name: getattr(one, name) for name in names} for one in definitions])
        return
    rows = [(one.id, one.name, _PERIOD_WORDS[one.period]) for one in definitions]
    print_table(("id", "namn", "period"), rows, empty="Inga nyckeltal är definierade.")


@app.command("validate", cls=SwedishCommand)
def validate_definitions(
    file: Annotated[Path | None, typer.Argument(metavar="FIL", help="Förval: den fil som används.")] = None,
    as_json: AsJson = False,
) -> None:
    """Pröva en definitionsfil: alla fel med rad och kolumn, och vad som bör ses över.

    Finns en databas prövas också att nämnder och kommuner som målen nämner är kända där, och att inget beslutat mål har
    ändrats utan nytt beslut sedan den fil som senast gällde.
    """
    from control.definitions import changes_since_served
    from kpi.loader import DefinitionError, load_catalogue

    settings = open_settings()
    path = file or settings.definitions
    try:
        catalogue = load_catalogue(path, boards=_known_boards(settings))
    except DefinitionError as error:
        if not as_json:
            raise
        problems = [{"line": one.line, "column": one.column, "message": one.message} for one in error.problems]
        print_json({"valid": False, "problems": problems})
        raise typer.Exit(USER_ERROR) from None
    engine = _warehouse(settings)
    forbidden = changes_since_served(engine, catalogue) if engine is not None else ()
    if as_json:
        warnings = list(catalogue.warnings)
        print_json({"valid": not forbidden, "problems": [], "warnings": warnings, "not_allowed": list(forbidden)})
        raise typer.Exit(USER_ERROR if forbidden else 0)
    for warning in catalogue.warnings:
        print(f"Att se över: {warning}")
    if forbidden:
        raise UserError("\n".join(forbidden))
    print(f"{path.name}: {len(catalogue.definitions)} nyckeltal, inga fel.")


def _warehouse(settings: Settings) -> Engine | None:
    """The warehouse; None when there is none of this revision."""
    from warehouse.opening import Standing, find_standing, open_warehouse

    return open_warehouse(settings) if find_standing(settings) is Standing.READY else None


def _known_boards(settings: Settings) -> dict[str, str] | None:
    """The boards of the warehouse; None when there is none, or it holds no organisation yet."""
    from control.definitions import known_boards
    from kpi.views.organisation import read_organisation
    from warehouse.database import reading

    engine = _warehouse(settings)
    if engine is None:
        return None
    with reading(engine) as connection:
        return known_boards(read_organisation(connection)) or None


@app.command("schema", cls=SwedishCommand)
def write_schema(
    out: Annotated[Path | None, typer.Option("--out", metavar="FIL", help="Skriv till filen i stället.")] = None,
) -> None:
    """Skriv definitionsfilens form som JSON Schema, för redigerare som hjälper till medan man skriver."""
    from kpi.json_schema import schema_text

    if out is None:
        print(schema_text(), end="")
        return
    try:
        out.write_text(schema_text(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(f"{out} går inte att skriva. Kontrollera att mappen finns och går att skriva i.") from error
    print(f"{out}: skriven.")


@app.command("show", cls=SwedishCommand)
def show_figure(
    kpi_id: Annotated[str, typer.Argument(metavar="ID", help="Nyckeltalets id enligt ”samkoll kpi list”.")],
    unit: Annotated[str | None, typer.Option(metavar="KOD", help="Bara den enheten; förval alla.")] = None,
    first: Since = None,
    last: Until = None,
    known_on: Annotated[
        str | None, typer.Option("--as-known-on", metavar="DAG", help="Värdena som de var kända den dagen.")
    ] = None,
    parts: Annotated[bool, typer.Option("--parts", help="Även fördelningens delar, svar för svar.")] = False,
    released: Annotated[bool, typer.Option("--released", help="Det som har släppts, som andra läser det.")] = False,
    as_json: AsJson = False,
) -> None:
    """Visa ett nyckeltals värden. Läsningen loggas."""
    from control.audit.actions import Action
    from control.audit.log import record
    from kpi.access import OPERATOR
    from kpi.definition import find_definition
    from kpi.loader import load_catalogue
    from kpi.views.values import figure_values
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    settings = open_settings()
    (begin, end), day = parse_limits(first, last), parse_day(known_on, "--as-known-on")
    if released and (day is not None or parts):
        raise UserError(
            "--released går inte att förena med --as-known-on eller --parts: det släppta är som det var när perioden "
            "stängdes, och dess delar visas alltid. Ta bort det andra alternativet."
        )
    catalogue = load_catalogue(settings.definitions)
    if kpi_id in catalogue.retired:
        raise UserError(
            f"Nyckeltalet {kpi_id} är borttaget: {catalogue.retired[kpi_id]} Dess värden finns kvar i databasen men "
            "visas inte. För in definitionen i en kopia av filen och läs dem med ”samkoll kpi backcast”."
        )
    find_definition(catalogue, kpi_id)
    engine = open_warehouse(settings)
    shown = f"{kpi_id} {unit or 'alla enheter'}"
    record(engine, OPERATOR, Action.READ, f"{shown} --released" if released else shown, unit_code=unit)
    if released:
        _show_released(engine, catalogue, kpi_id, unit, (begin, end), as_json=as_json)
        return
    if day is None:
        with reading(engine) as connection:
            cells = figure_values(connection, catalogue, OPERATOR, kpi_id, unit_code=unit, first=begin, last=end)
    else:
        from kpi.compute import compute_as_known_on  # brings the engine, which stored values do not need

        cells = [
            cell
            for cell in compute_as_known_on(engine, catalogue, [kpi_id], day, unit_code=unit)[kpi_id]
            if (begin is None or cell.period.last_day >= begin.first_day)
            and (end is None or cell.period.first_day <= end.last_day)
        ]
    definition = catalogue.definitions[kpi_id]
    if not definition.split and not parts:
        cells = [cell for cell in cells if cell.split is None]
    if as_json:
        print_json([value_record(cell) for cell in cells])
        return
    print_table(
        ("enhet", "nivå", "period", "del", "värde", "täljare", "nämnare", "fall", ""),
        [
            (
                cell.unit_code,
                cell.level,
                cell.period,
                ", ".join(value for _, value in cell.split or ()),
                round(cell.value, 4) if cell.value is not None else None,
                whole(cell.numerator),
                whole(cell.denominator),
                cell.cases,
                _remark(cell),
            )
            for cell in cells
        ],
        empty="Inga uppgifter än: inget är infört i den interna kontrollen i Samkoll."
        if definition.is_own
        else "Inga värden. Är leveranser inlästa (samkoll load) och beräknade (samkoll compute)?",
    )


def _show_released(
    engine: Engine,
    catalogue: Catalogue,
    kpi_id: str,
    unit: str | None,
    limits: tuple[Period | None, Period | None],
    *,
    as_json: bool,
) -> None:
    """What has been released, every part with it: a hidden value says so and holds no number."""
    from kpi.access import OPERATOR
    from kpi.views.released import released_figure
    from warehouse.database import reading

    begin, end = limits
    with reading(engine) as connection:
        values = [
            one
            for one in released_figure(connection, catalogue, OPERATOR, kpi_id, unit_code=unit)
            if (begin is None or one.period.last_day >= begin.first_day)
            and (end is None or one.period.first_day <= end.last_day)
        ]
    fewest = catalogue.definitions[kpi_id].minimum_cases
    if as_json:
        print_json([released_record(one, fewest) for one in values])
        return
    print_table(
        ("enhet", "nivå", "period", "del", "värde", "täljare", "nämnare", "fall", ""),
        [_released_line(one, fewest) for one in values],
        empty="Inget är släppt. Stäng en period med ”samkoll close”.",
    )


def _released_line(one: ReleasedValue, fewest: int) -> tuple[object, ...]:
    place = (one.unit.code, one.unit.level, one.period, ", ".join(value for _, value in one.split or ()))
    content = one.content
    if isinstance(content, Suppressed):
        return (*place, *[content] * 4, content.words)
    numbers = (whole(content.numerator), whole(content.denominator), content.cases)
    value = round(content.value, 4) if content.value is not None else None
    return (*place, value, *numbers, _STATUS_WORDS["too_few" if content.cases < fewest else "ok"])


def _remark(cell: Cell) -> str:
    status = _STATUS_WORDS[cell.status]
    if cell.note is None:
        return status
    return f"{status.capitalize()}. {cell.note}" if status else cell.note
