"""How a value that is not shown is drawn: as its marker, so that it is neither zero nor nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.figures.palette import Palette
from kpi.disclosure.suppressed import SUPPRESSED


def markers(
    x: Sequence[float], y: Sequence[float], hover: Sequence[str], palette: Palette, position: str = "top center"
) -> dict[str, Any]:
    """The marker of what is not shown, at places in a chart."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": list(x),
        "y": list(y),
        "text": [f"<b>{SUPPRESSED}</b>"] * len(x),
        "textposition": position,
        "textfont": {"size": 18, "color": palette.ink},
        "hovertext": list(hover),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }
