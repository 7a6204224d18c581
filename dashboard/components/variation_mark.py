"""What the control chart says, as an icon with its words."""

from __future__ import annotations

from dash import html

from dashboard.figures.palette import PALETTES
from dashboard.figures.signal import SIZE, signal_icon
from dashboard.variation import SHORT
from kpi.spc.verdict import Variation


def variation_icons(found: Variation) -> list[html.Img]:
    """The icon, once per colour scheme, for words that stand beside; nothing where nothing can be told."""
    if found.told not in SHORT:
        return []
    return [
        html.Img(
            src=signal_icon(found.told, found.sign, palette), alt="", width=SIZE, height=SIZE,
            className=f"variation-icon only-{palette.name}",
        )
        for palette in PALETTES
    ]  # fmt: skip


def variation_mark(found: Variation) -> html.Span | None:
    """The icon and its words; None where nothing can be told."""
    icons = variation_icons(found)
    if not icons:
        return None
    return html.Span([*icons, html.Span(SHORT[found.told])], className=f"variation variation-{found.told.value}")
