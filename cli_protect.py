"""`samkoll protect`: a table on stdin, what may be shown of it on stdout."""

from __future__ import annotations

import sys
from time import monotonic

import typer

from kpi.record import whole
from terminal import SwedishCommand, SwedishGroup, print_json, read_stdin

app = typer.Typer(cls=SwedishGroup, rich_markup_mode=None)

_QUIET_SECONDS = 5


@app.command(cls=SwedishCommand)
def protect() -> None:
    """Dölj små antal i en tabell, så att de inte går att räkna ut.

    Läser tabellen som JSON: {"cells": {"id": antal, …}, "relations": [{"total": "id", "parts": ["id", …]}, …],
    "hide_up_to": 4}. Skriver vad som får visas, vad som döljs, och det intervall som ett angrepp ger för varje litet
    antal. Ett tal som inget begränsar uppåt har gränsen 1000000000.
    """
    from kpi.disclosure.protect import protect as protect_table
    from kpi.disclosure.table import read_table

    protected = protect_table(read_table(read_stdin("samkoll protect < tabell.json")), _Told())
    print_json(
        {
            "published": dict(protected.published),
            "hidden": list(protected.hidden),
            "certificate": {cell: [whole(one.low), whole(one.high)] for cell, one in protected.certificate.items()},
        }
    )


class _Told:
    """Tells on stderr how far the work has come, every few seconds; a short one in silence."""

    def __init__(self) -> None:
        self._last = monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        if monotonic() - self._last >= _QUIET_SECONDS:
            self._last = monotonic()
            print(f"{step}: {done} av {total}", file=sys.stderr, flush=True)
