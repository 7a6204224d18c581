"""A line as small as a word: 24 months, a dashed target, gaps where deliveries hold nothing, the last month as a ring.

An SVG in an image, since Dash has no SVG elements; two of them (light, dark), of which the style sheet shows one.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.figures.palette import Palette

WIDTH, HEIGHT = 168, 44
_PAD_X, _PAD_Y = 5.0, 7.0


def sparkline(lines: Sequence[Sequence[float | None]], levels: Sequence[float], palette: Palette) -> str:
    """The picture as a data URI. `lines`: oldest first, None = no value. `levels`: dashed lines across."""
    scale = [value for line in lines for value in line if value is not None] + list(levels)
    low, high = (min(scale), max(scale)) if scale else (0.0, 1.0)
    if high - low < 1e-9:
        low, high = low - 1.0, high + 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    ]
    for level in levels:
        y = _y(level, low, high)
        parts.append(
            f'<path d="M0 {y:.1f}H{WIDTH}" stroke="{palette.accent}" stroke-width="1.4" stroke-dasharray="5 3"/>'
        )
    for line in lines:
        parts += _drawn(line, low, high, palette)
    return "data:image/svg+xml," + quote("".join([*parts, "</svg>"]))


def _drawn(values: Sequence[float | None], low: float, high: float, palette: Palette) -> list[str]:
    parts = []
    for run in _runs(values, low, high):
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
        if len(run) > 1:
            parts.append(
                f'<path d="M{line}" fill="none" stroke="{palette.ink}" stroke-width="1.7" '
                'stroke-linejoin="round" stroke-linecap="round"/>'
            )
        else:
            parts.append(f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="1.6" fill="{palette.ink}"/>')
    if values and values[-1] is not None:
        x, y = _x(len(values) - 1, len(values)), _y(values[-1], low, high)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.3" fill="{palette.surface}" '
            f'stroke="{palette.ink}" stroke-width="1.7"/>'
        )
    return parts


def _runs(values: Sequence[float | None], low: float, high: float) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((_x(index, len(values)), _y(value, low, high)))
    return [run for run in runs if run]


def _x(index: int, count: int) -> float:
    return _PAD_X + (WIDTH - 2 * _PAD_X) * (index / (count - 1) if count > 1 else 0.5)


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - _PAD_Y - (HEIGHT - 2 * _PAD_Y) * (value - low) / (high - low)
