"""A figure's small line with its text alternative, once per colour scheme; the style sheet shows one of them."""

from __future__ import annotations

from dataclasses import replace

from dash import html

from dashboard import format as text
from dashboard import words
from dashboard.figures.palette import PALETTES
from dashboard.figures.sparkline import HEIGHT, WIDTH, sparkline
from kpi.views.rows import FigureRow, Reading


def spark(row: FigureRow) -> list[html.Img]:
    """Two images of the same line."""
    values = [one.value for one in drawn(row)]
    level = row.target.level if row.target else None
    return [
        html.Img(
            src=sparkline(values, level, palette),
            alt=alternative(row),
            width=WIDTH,
            height=HEIGHT,
            className=f"spark-img only-{palette.name}",
        )
        for palette in PALETTES
    ]


def drawn(row: FigureRow) -> list[Reading]:
    """What the line shows: twelve months at a time for shares, where they are held whole; else period by period."""
    return [one if one.is_covered else replace(one, value=None) for one in row.rolling or row.series]


def alternative(row: FigureRow) -> str:
    """The line in words: first, last, lowest and highest value."""
    known = [one for one in drawn(row) if one.value is not None]
    if not known:
        return "Inga värden."
    low = min(known, key=lambda one: one.value or 0.0)
    high = max(known, key=lambda one: one.value or 0.0)
    definition = row.definition
    about = "Rullande 12 månader. " if row.rolling else ""
    return (
        f"{about}{text.capital(text.month(known[0].last))}: {words.value(definition, known[0])}. "
        f"{text.capital(text.month(known[-1].last))}: {words.value(definition, known[-1])}. "
        f"Lägst {words.value(definition, low)}, högst {words.value(definition, high)}."
    )
