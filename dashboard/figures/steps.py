"""Plans at each of the seven steps: a bar as long as all plans, made of what has become of them. What has stopped lies
last, so that it is seen to grow from step to step; each fate has a pattern of its own beside its colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.figures.frame import axis, layout
from dashboard.figures.narrow import SHORT
from dashboard.figures.palette import Palette
from dashboard.process_words import FATES, STEP_NAMES
from kpi import format as text
from kpi.process import Fate, Process, StepCount

_ROW = 54
_INSIDE = 0.07
"""A narrower part has no number in it; the table has."""


def steps(process: Process, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict."""
    places = list(range(len(process.steps)))
    return {
        "data": [_trace(process, fate, places, palette) for fate in Fate],
        "layout": layout(
            palette,
            8 + _ROW * len(places),
            margin={"l": 0, "r": 0, "t": 4, "b": 4},
            barmode="stack",
            xaxis=axis(palette, range=[0, process.total or 1], visible=False),
            yaxis=axis(palette, range=[len(places) - 0.6, -0.75], visible=False),
            annotations=[
                {
                    "x": 0, "xref": "paper", "xanchor": "left", "y": place - 0.46, "yanchor": "middle",
                    "showarrow": False, "text": label(one, process.total), "font": {"color": palette.ink, "size": 13},
                }
                for place, one in zip(places, process.steps, strict=True)
            ],
            meta={SHORT: [short_label(one) for one in process.steps]},
        ),
    }  # fmt: skip


def label(one: StepCount, total: int) -> str:
    """`<b>Möte</b> 78 av 92, 3 stannade före`."""
    stopped = f", {text.number(one.stopped_before)} stannade före" if one.stopped_before else ""
    return f"<b>{STEP_NAMES[one.step]}</b>  {text.number(one.taken)} av {text.number(total)}{stopped}"


def short_label(one: StepCount) -> str:
    """`<b>Möte</b> 78, 3 stannade före`."""
    stopped = f", {text.number(one.stopped_before)} stannade före" if one.stopped_before else ""
    return f"<b>{STEP_NAMES[one.step]}</b> {text.number(one.taken)}{stopped}"


def _trace(process: Process, fate: Fate, places: Sequence[int], palette: Palette) -> dict[str, Any]:
    counts = [one.of(fate) for one in process.steps]
    marker, ink = _look(fate, palette)
    is_wide = [bool(process.total) and count / process.total >= _INSIDE for count in counts]
    return {
        "type": "bar",
        "orientation": "h",
        "width": 0.44,
        "y": list(places),
        "x": counts,
        "name": FATES[fate],
        "marker": marker,
        "text": [text.number(count) if wide else "" for count, wide in zip(counts, is_wide, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": ink, "size": 12},
        "constraintext": "none",
        "hovertext": [
            f"<b>{STEP_NAMES[one.step]}</b><br>{FATES[fate]}: {text.number(count)} av {text.number(process.total)}"
            for one, count in zip(process.steps, counts, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _look(fate: Fate, palette: Palette) -> tuple[dict[str, Any], str]:
    """A part's colour and pattern, and the colour of the number in it; `assets/5-process.css` has the same."""
    line = {"color": palette.off if fate is Fate.STOPPED else palette.accent, "width": 1}
    if fate is Fate.TAKEN:
        return {"color": palette.accent, "line": line}, palette.surface
    if fate is Fate.STOPPED:
        return {"color": palette.off, "line": line}, palette.surface
    if fate is Fate.UNDER_WAY:
        return {"color": palette.surface, "line": line}, palette.ink
    shape, size = ("/", 7) if fate is Fate.SKIPPED else (".", 6)
    pattern = {
        "shape": shape, "fgcolor": palette.accent, "fgopacity": 0.4, "bgcolor": palette.surface, "size": size,
        "solidity": 0.2,
    }  # fmt: skip
    return {"color": palette.surface, "line": line, "pattern": pattern}, palette.ink
