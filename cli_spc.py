"""`samkoll spc`: one control chart from numbers on stdin, to check the statistics with."""

from __future__ import annotations

import json

import typer

from terminal import SwedishCommand, SwedishGroup, print_json, read_stdin
from warehouse.errors import UserError

app = typer.Typer(cls=SwedishGroup, rich_markup_mode=None)


@app.command(cls=SwedishCommand)
def spc() -> None:
    """Räkna ett styrdiagram: ett fall som JSON in, diagrammets linjer och signaler som JSON ut.

    Fallet läses på stdin: chart (xmr, run, i, mr, p, pp, u, up, c, g eller t), dates, y och, för diagram med nämnare,
    n. För xmr även improvement_direction, target, rebase, fix_after_n_points och screen_outliers; för övriga part,
    freeze och exclude. Inget läses ur databasen.
    """
    from kpi.spc.case import answer_case
    from kpi.spc.series import ChartError

    try:
        answer = answer_case(_read_case())
    except ChartError as error:
        raise UserError(str(error)) from None
    print_json(answer)


def _read_case() -> object:
    try:
        return json.loads(read_stdin("samkoll spc < fall.json"))
    except ValueError as error:  # also a whole number of thousands of digits
        place = f" (rad {error.lineno}, kolumn {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UserError(f"Indata på stdin är inte JSON{place}. Skriv ett objekt med chart, dates och y.") from None
    except RecursionError:
        raise UserError("Indata på stdin är för djupt nästlad. Skriv ett objekt med chart, dates och y.") from None
