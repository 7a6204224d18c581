"""What the control chart says, as an icon with its words."""

from __future__ import annotations

from functools import partial

from dash import html

from dashboard.components.icon import icon
from dashboard.figures.signal import assurance_icon, signal_icon
from dashboard.variation import SHORT, short_of_target
from kpi.spc.icons import Assurance
from kpi.spc.verdict import Variation
from kpi.views.rows import FigureRow


def variation_icons(found: Variation) -> list[html.Img]:
    """The icon, once per colour scheme, for words that stand beside; nothing where nothing can be told."""
    if found.told not in SHORT:
        return []
    return icon(partial(signal_icon, found.told, found.sign), "variation-icon")


def assurance_icons(assurance: Assurance | None) -> list[html.Img]:
    """The icon of whether usual variation reaches the target, for words that stand beside; nothing without a target."""
    return [] if assurance is None else icon(partial(assurance_icon, assurance), "variation-icon")


def variation_mark(found: Variation) -> html.Span | None:
    """The icon and its words; None where nothing can be told."""
    icons = variation_icons(found)
    if not icons:
        return None
    return html.Span([*icons, html.Span(SHORT[found.told])], className=f"variation variation-{found.told.value}")


def assurance_mark(row: FigureRow) -> html.Span | None:
    """Whether usual variation reaches the target, as an icon with its words; None where it cannot be told."""
    told = short_of_target(row)
    if told is None:
        return None
    return html.Span([*assurance_icons(row.variation.assurance), html.Span(told)], className="variation assurance")
