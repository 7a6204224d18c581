"""An icon, once per colour scheme, beside words that say the same; it is nothing to a screen reader."""

from __future__ import annotations

from collections.abc import Callable

from dash import html

from dashboard.figures.icon import SIZE
from dashboard.figures.palette import PALETTES, Palette


def icon(draw: Callable[[Palette], str], name: str, size: int = SIZE) -> list[html.Img]:
    """Two images, of which the style sheet shows the one that fits."""
    return [
        html.Img(src=draw(palette), alt="", width=size, height=size, className=f"{name} only-{palette.name}")
        for palette in PALETTES
    ]
