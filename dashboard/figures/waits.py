"""How long something took, in columns of ten days: what came, and hollow what is waited for. A line at the limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.deviation_words import BIN_NAMES
from dashboard.figures.frame import axis, layout
from dashboard.figures.palette import Palette
from kpi.deviations import BIN_DAYS, LAST_BIN, State, Times

_HEIGHT = 250


def waits(times: Times, names: Mapping[State, str], limit: int | None, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict. `names`: the states that there are, in the order that they are stacked."""
    looks = _looks(palette)
    highest = max((sum(one.values()) for one in times.bins), default=0)
    lines = [] if limit is None else [_limit(limit, palette)]
    return {
        "data": [
            {
                "type": "bar",
                "name": name,
                "x": list(range(len(times.bins))),
                "y": [one.get(state) for one in times.bins],
                "width": 0.8,
                "marker": looks[state],
                "text": [
                    f"{days} dagar, {name}: {one.get(state, 0)}"
                    for days, one in zip(BIN_NAMES, times.bins, strict=True)
                ],
                "textposition": "none",
                "hovertemplate": "%{text}<extra></extra>",
            }
            for state, name in names.items()
        ],
        "layout": layout(
            palette,
            _HEIGHT,
            barmode="stack",
            margin={"l": 34, "r": 10, "t": 48, "b": 44},
            xaxis=axis(
                palette,
                range=[-0.6, LAST_BIN + 0.6],
                tickvals=list(range(0, LAST_BIN + 1, 3)),
                ticktext=[BIN_NAMES[at] for at in range(0, LAST_BIN + 1, 3)],
                tickangle=0,
                showgrid=False,
                title={"text": "dagar", "font": {"size": 12}},
            ),
            yaxis=axis(palette, range=[0, max(highest * 1.08, 4)], nticks=4, tickformat="d"),
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False,
                    "itemdoubleclick": False, "font": {"size": 12, "color": palette.muted}, "traceorder": "normal"},
            shapes=[line for line, _ in lines],
            annotations=[label for _, label in lines],
        ),
    }  # fmt: skip


def _looks(palette: Palette) -> dict[State, dict[str, Any]]:
    """Filled is what came, hollow what has not; orange and striped is what is beyond the limit."""
    striped = {"shape": "/", "size": 5, "solidity": 0.35, "fgcolor": palette.surface, "bgcolor": palette.off}
    thin = striped | {"fgcolor": palette.off, "bgcolor": palette.surface, "solidity": 0.25}
    return {
        State.IN_TIME: {"color": palette.accent, "line": {"color": palette.accent, "width": 1.5}},
        State.LATE: {"color": palette.off, "line": {"color": palette.off, "width": 1.5}, "pattern": striped},
        State.WAITING: {"color": palette.surface, "line": {"color": palette.muted, "width": 1.5}},
        State.OVERDUE: {"color": palette.surface, "line": {"color": palette.off, "width": 1.5}, "pattern": thin},
        State.ENDED: {"color": palette.line, "line": {"color": palette.muted, "width": 1.5}},
    }


def _limit(limit: int, palette: Palette) -> tuple[dict[str, Any], dict[str, Any]]:
    """At the right edge of the column that the last day in time belongs to."""
    at = min(limit, LAST_BIN * BIN_DAYS) / BIN_DAYS - 0.5
    line = {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": palette.ink, "width": 1.4, "dash": "dash"}}  # fmt: skip
    label = {"x": at, "y": 1, "yref": "paper", "yanchor": "top", "xanchor": "left", "xshift": 4, "showarrow": False,
             "text": f"dag {limit}", "font": {"color": palette.ink, "size": 12}}  # fmt: skip
    return line, label
