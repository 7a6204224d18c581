"""A chart as SVG: a line with points, its level and limits, the words beside. Pure; the same data, the same bytes.

The colours are dark on white with differing strokes, so that the chart is read in print without colour.
"""

from __future__ import annotations

from html import escape

from control.papers.content import Chart
from kpi import format as text
from kpi.disclosure.suppressed import SUPPRESSED

WIDTH, HEIGHT = 640, 196
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 26, 40
_INK, _QUIET, _LINE, _TARGET = "#22211e", "#55534c", "#1d4f91", "#a3480f"
_STEPS = 4


def svg_of(chart: Chart) -> str:
    """The picture; its text alternative is the chart's own `alt`, given by whoever shows it."""
    low, high = _bounds(chart)
    place = _Place(chart, low, high)
    parts = [*_grid(chart, place), *_limits(chart, place), *_level(chart, place), *_line(chart, place), *_hidden(chart)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="Inter, sans-serif" font-size="11" fill="{_INK}">{"".join(parts)}</svg>'
    )


class _Place:
    """Where a point lies in the picture."""

    def __init__(self, chart: Chart, low: float, high: float) -> None:
        self.low, self.high = low, high
        self._step = (WIDTH - _LEFT - _RIGHT - 30) / max(len(chart.points) - 1, 1)

    def x(self, at: int) -> float:
        return _LEFT + 15 + at * self._step

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _bounds(chart: Chart) -> tuple[float, float]:
    """From zero where nothing is negative, to a round number above all; a share ends at one."""
    known = [one.value for one in chart.points if one.value is not None]
    known += [one for one in (chart.level, chart.lower, chart.upper) if one is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if chart.unit == "percent":
        return min(low, 0.0), 1.0
    step = _round_step((high - low) / _STEPS or 1.0)
    if chart.unit not in ("points", "percent_as_given") and chart.decimals == 0:
        step = max(step, 1.0)
    up = 0
    while up * step < high:
        up += 1
    down = 0
    while -down * step > low:
        down += 1
    return -down * step, max(up, 1) * step


def _round_step(least: float) -> float:
    size = 1.0
    while size > least:
        size /= 10
    while size * 10 <= least:
        size *= 10
    return next(size * one for one in (1, 2, 5, 10) if size * one >= least)


def _grid(chart: Chart, place: _Place) -> list[str]:
    step = 0.25 if chart.unit == "percent" else _round_step((place.high - place.low) / _STEPS)
    if chart.unit not in ("percent", "points") and chart.decimals == 0:
        step = max(step, 1.0)
    parts = []
    at = 0
    while place.low + at * step <= place.high + step / 1000:
        value = place.low + at * step
        y = _n(place.y(value))
        parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{WIDTH - _RIGHT}" y2="{y}" stroke="#dedbd0"/>')
        parts.append(_text(_LEFT - 8, place.y(value) + 4, _axis(chart, value), anchor="end", fill=_QUIET))
        at += 1
    many = len(chart.points)
    skip = 2 if many > 9 else 1
    for number, point in enumerate(chart.points):
        if (many - 1 - number) % skip == 0:
            parts.append(_text(place.x(number), HEIGHT - _BOTTOM + 18, point.label, anchor="middle", fill=_QUIET))
    return parts


def _axis(chart: Chart, value: float) -> str:
    if chart.unit in ("percent", "points"):
        return f"{text.number(value * 100)}{text.NBSP}%" if chart.unit == "percent" else text.number(value * 100)
    return text.number(value, 0 if float(value).is_integer() else 1)


def _limits(chart: Chart, place: _Place) -> list[str]:
    parts = []
    if chart.centre is not None:
        legend = "— vanlig nivå" + ("  ··· gränser för normal variation" if chart.upper is not None else "")
        parts.append(_text(_LEFT, _TOP - 12, legend, anchor="start", fill=_QUIET))
    for value, dash in ((chart.lower, "2 3"), (chart.upper, "2 3"), (chart.centre, "")):
        if value is not None and place.low <= value <= place.high:
            y = _n(place.y(value))
            dashed = f' stroke-dasharray="{dash}"' if dash else ""
            parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{WIDTH - _RIGHT}" y2="{y}" stroke="#8b887d"{dashed}/>')
    return parts


def _hidden(chart: Chart) -> list[str]:
    """What two dots mean, where there are any."""
    if not any(one.is_hidden for one in chart.points):
        return []
    told = f"{SUPPRESSED} = {SUPPRESSED.words}"
    return [_text(WIDTH - _RIGHT, HEIGHT - 3, told, anchor="end", fill=_QUIET)]


def _level(chart: Chart, place: _Place) -> list[str]:
    if chart.level is None or not place.low <= chart.level <= place.high:
        return []
    y = place.y(chart.level)
    line = (
        f'<line x1="{_LEFT}" y1="{_n(y)}" x2="{WIDTH - _RIGHT}" y2="{_n(y)}" stroke="{_TARGET}" stroke-width="1.4" '
        'stroke-dasharray="7 4"/>'
    )
    return [line, _text(WIDTH - _RIGHT, _TOP - 12, f"– – {chart.level_words}", anchor="end", fill=_TARGET)]


def _line(chart: Chart, place: _Place) -> list[str]:
    """The line is broken where a value is not shown; what is hidden is marked on the axis."""
    runs: list[list[str]] = [[]]
    marks = []
    for at, point in enumerate(chart.points):
        if point.value is None:
            runs.append([])
            if point.is_hidden:
                marks.append(_text(place.x(at), HEIGHT - _BOTTOM - 5, "..", anchor="middle"))
            continue
        x, y = _n(place.x(at)), _n(place.y(point.value))
        runs[-1].append(f"{x},{y}")
        marks.append(f'<circle cx="{x}" cy="{y}" r="3.2" fill="{_LINE}"/>')
    lines = [
        f'<polyline points="{" ".join(run)}" fill="none" stroke="{_LINE}" stroke-width="1.8"/>'
        for run in runs
        if len(run) > 1
    ]
    last = len(chart.points) - 1
    if (value := chart.points[last].value) is not None:
        told = text.quantity(value, chart.unit, chart.decimals)
        above = place.y(value) > _TOP + 12
        x_, y_ = place.x(last) + 8, place.y(value) + (-9 if above else 17)
        marks += [_text(x_, y_, told, anchor="end", weight="600", halo=halo) for halo in (True, False)]
    return [*lines, *marks]


def _text(
    x: float, y: float, words: str, *, anchor: str, fill: str = _INK, weight: str = "400", halo: bool = False
) -> str:
    """`halo`: as white around the words that are written upon it, so that no line runs through them."""
    fill = "#fff" if halo else fill
    around = ' stroke="#fff" stroke-width="4" stroke-linejoin="round" aria-hidden="true"' if halo else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}"{around}>'
        f"{escape(words)}</text>"
    )


def _n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
