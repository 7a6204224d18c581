"""`samkoll kpi diff` and `samkoll kpi backcast`: what a change of the definitions file means, before it is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli_kpi import app
from kpi.record import whole
from terminal import USER_ERROR, AsJson, SwedishCommand, open_settings, print_json, print_table
from warehouse.errors import UserError

if TYPE_CHECKING:
    from kpi.backcast import Backcast, Pair
    from kpi.cells import Cell

_MOST_MONTHS = 240


@app.command("diff", cls=SwedishCommand)
def diff_definitions(
    old: Annotated[Path, typer.Argument(metavar="GAMMAL", help="Filen som gäller.")],
    new: Annotated[Path, typer.Argument(metavar="NY", help="Filen med ändringarna.")],
    as_json: AsJson = False,
) -> None:
    """Visa vad som skiljer två definitionsfiler till betydelsen.

    Kommentarer, ordning och radbrytningar betyder inget. Slutar med 2 när ändringen inte är tillåten: ett beslutat mål
    ändras bara med ett nytt beslut, och ett borttaget nyckeltal skrivs in under retired.
    """
    from control.definitions import check_change
    from kpi.diff import SORT_WORDS, compare
    from kpi.loader import load_catalogue

    before, after = load_catalogue(old), load_catalogue(new)
    changes = compare(before, after)
    forbidden = list(check_change(before, after))
    if as_json:
        names = ("kpi_id", "name", "sort", "label", "before", "after")
        print_json(
            {
                "changes": [{name: getattr(one, name) for name in names} for one in changes],
                "not_allowed": forbidden,
            }
        )
        raise typer.Exit(USER_ERROR if forbidden else 0)
    rows = [(one.kpi_id, SORT_WORDS[one.sort], one.label, one.before or "–", one.after or "–") for one in changes]
    print_table(("nyckeltal", "sort", "vad", "före", "efter"), rows, empty="Ingen skillnad till betydelsen.")
    for sentence in forbidden:
        print(f"Får inte ändras så: {sentence}")
    raise typer.Exit(USER_ERROR if forbidden else 0)


@app.command("backcast", cls=SwedishCommand)
def backcast_figure(
    kpi_id: Annotated[str, typer.Argument(metavar="ID", help="Nyckeltalets id.")],
    file: Annotated[Path, typer.Option("--file", metavar="NY", help="Filen med den ändrade definitionen.")],
    unit: Annotated[str | None, typer.Option(metavar="KOD", help="Bara den enheten; förval alla.")] = None,
    months: Annotated[int, typer.Option(help="Så många månader bakåt.")] = 36,
    as_json: AsJson = False,
) -> None:
    """Räkna om historien med en ändrad definition. Inget sparas; läsningen loggas.

    Visar värdet före och efter för varje enhet och period de senaste 36 månaderna, och vilka beslutade mål som då hade
    missats.
    """
    from control.audit.actions import Action
    from control.audit.log import record
    from kpi.access import OPERATOR
    from kpi.backcast import backcast
    from kpi.loader import load_catalogue
    from warehouse.opening import open_warehouse

    if not 1 <= months <= _MOST_MONTHS:
        raise UserError(f"--months är {months}. Ange 1–{_MOST_MONTHS}.")
    settings = open_settings()
    old, new = load_catalogue(settings.definitions), load_catalogue(file)
    engine = open_warehouse(settings)
    record(engine, OPERATOR, Action.READ, f"{kpi_id} {unit or 'alla enheter'} --backcast", unit_code=unit)
    found = backcast(engine, old, new, kpi_id, months=months)
    pairs = [one for one in found.pairs if unit in (None, one.unit_code)]
    if as_json:
        print_json([_as_json(one) for one in pairs])
        return
    print_table(
        ("enhet", "nivå", "period", "del", "före", "efter", "skillnad", ""),
        [
            (
                one.unit_code,
                one.level,
                one.period,
                ", ".join(value for _, value in one.split or ()),
                _value(one.before),
                _value(one.after),
                _difference(one),
                "missar målet" if one.newly_missed else "",
            )
            for one in pairs
        ],
        empty="Inga värden under någon av definitionerna.",
    )
    _summarise(found, pairs)


def _summarise(found: Backcast, pairs: list[Pair]) -> None:
    changed = sum(one.is_changed for one in pairs)
    missed = {one.unit_name for one in pairs if one.newly_missed}
    print(f"{changed} av {len(pairs)} värden ändras.")
    if found.old is not None and found.old.definition_hash == found.new.definition_hash:
        print("Betydelsen är densamma: inget räknas om.")
    if missed:
        print(f"Beslutade mål som skulle missas: {', '.join(sorted(missed))}.")


def _value(cell: Cell | None) -> float | None:
    return round(cell.value, 4) if cell is not None and cell.value is not None else None


def _difference(pair: Pair) -> float | None:
    before, after = _value(pair.before), _value(pair.after)
    return round(after - before, 4) if before is not None and after is not None else None


def _as_json(pair: Pair) -> dict[str, Any]:
    return {
        "unit": pair.unit_code,
        "level": pair.level,
        "period": str(pair.period),
        "split": dict(pair.split) if pair.split else None,
        "before": _parts(pair.before),
        "after": _parts(pair.after),
        "newly_missed": pair.newly_missed,
    }


def _parts(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {name: whole(getattr(cell, name)) for name in ("numerator", "denominator", "value", "cases")}
