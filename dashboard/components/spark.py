"""A figure's small line with its text alternative, once per colour scheme; the style sheet shows one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash import html

from dashboard import words
from dashboard.figures.palette import PALETTES
from dashboard.figures.sparkline import HEIGHT, WIDTH, sparkline
from dashboard.parts import part_words, sort_key
from kpi import format as text
from kpi.status import Bound
from kpi.views.rows import FigureRow, Reading


def spark(row: FigureRow) -> list[html.Img]:
    """Two images of the same lines."""
    lines = [[one.value for one in line] for _, line in drawn(row)]
    return [
        html.Img(
            src=sparkline(lines, levels(row), palette),
            alt=alternative(row),
            width=WIDTH,
            height=HEIGHT,
            className=f"spark-img only-{palette.name}",
        )
        for palette in PALETTES
    ]


def levels(row: FigureRow) -> list[float]:
    """Where the target's line is drawn; on both sides of zero for a gap."""
    if row.target is None:
        return []
    return [row.target.level, -row.target.level] if row.target.bound is Bound.WITHIN else [row.target.level]


def drawn(row: FigureRow) -> list[tuple[str, list[Reading]]]:
    """The lines with their names ('' for a figure's only one): twelve months at a time for shares, where they are held
    whole; else period by period. Of parts with a target the most telling one; of statistics the measured years only."""
    if not row.is_told_by_parts:
        return [("", _line(row, row.rolling or row.series))]
    return [
        (part_words(row.definition, one.split), _line(row, one.readings))
        for one in sorted(row.part_series, key=lambda one: sort_key(row.definition, one.split))
        if row.target is None or (row.telling is not None and one.split == row.telling.split)
    ]


def _line(row: FigureRow, readings: Sequence[Reading]) -> list[Reading]:
    if row.is_context:
        return [one for one in readings if one.value is not None]
    return [one if one.is_covered else replace(one, value=None) for one in readings]


def alternative(row: FigureRow) -> str:
    """The lines in words: first, last, lowest and highest value."""
    told = [_told(row, name, line) for name, line in drawn(row)]
    return " ".join(one for one in told if one) or "Inga värden."


def _told(row: FigureRow, name: str, line: Sequence[Reading]) -> str:
    known = [one for one in line if one.value is not None]
    if not known:
        return ""
    low = min(known, key=lambda one: one.value or 0.0)
    high = max(known, key=lambda one: one.value or 0.0)
    definition = row.definition
    about = "Rullande 12 månader. " if row.rolling else f"{text.capital(name)}. " if name else ""
    return (
        f"{about}{text.capital(text.month(known[0].last))}: {words.value(definition, known[0])}. "
        f"{text.capital(text.month(known[-1].last))}: {words.value(definition, known[-1])}. "
        f"Lägst {words.value(definition, low)}, högst {words.value(definition, high)}."
    )
