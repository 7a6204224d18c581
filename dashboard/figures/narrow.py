"""A chart on a phone, or magnified four times: the same chart with fewer and shorter words, so that none covers another
or is cut. The browser takes this form where the chart is narrower than `NARROW`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from textwrap import wrap
from typing import Any

from dashboard.figures.frame import room_beside

NARROW = 360
"""Pixels; `assets/charts.js` has the same."""
SHORT = "short"
"""In a layout's `meta`: its annotations' words where it is narrow, in their order."""
_MOST_TICKS, _MOST_VALUES, _NAME, _LETTERS, _ROOM = 3, 3, 12, 34, 40


def narrowed(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure's narrow form, of the same shape. Its table has what is left out here."""
    found = deepcopy(figure)
    layout = found["layout"]
    ticks = layout.get("xaxis", {})
    if len(ticks.get("ticktext", ())) > _MOST_TICKS:
        ticks["tickvals"], ticks["ticktext"] = _fewer(ticks["tickvals"], ticks["ticktext"])
    short = layout.get("meta", {}).get(SHORT, ())
    for note, words in zip(layout.get("annotations", ()), short, strict=False):
        note["text"] = words
    aside = [one for one in layout.get("annotations", ()) if (one.get("xref"), one["x"]) == ("paper", 1)]
    if short and aside:
        layout["margin"]["r"] = room_beside(aside, _ROOM)
    for trace in found["data"]:
        if trace["type"] == "sankey":
            trace["node"]["label"] = ["<br>".join(wrap(one, _NAME)) for one in trace["node"]["label"]]
        if trace.get("mode") == "lines+markers+text":
            trace["text"] = _ends(trace["text"])
    return found


def cut(words: str) -> str:
    """A name that has a line to itself; the table and the hover have the whole of it."""
    return words if len(words) <= _LETTERS else words[: _LETTERS - 1].rstrip(" ,&(") + "…"


def _fewer(places: Sequence[Any], words: Sequence[str]) -> tuple[list[Any], list[str]]:
    """At most so many, the last always, the year under the first of its own."""
    years, whole = [""] * len(words), [one.split("<br>") for one in words]
    for at, parts in enumerate(whole):
        years[at] = parts[1] if len(parts) > 1 else years[at - 1] if at else ""
    step = -(-len(words) // _MOST_TICKS)
    kept = list(range(len(words) - 1, -1, -step))[::-1]
    told, last = [], ""
    for at in kept:
        told.append(f"{whole[at][0]}<br>{years[at]}" if years[at] != last else whole[at][0])
        last = years[at]
    return [places[at] for at in kept], told


def _ends(words: Sequence[str]) -> list[str]:
    """The first and the last of many values."""
    told = [at for at, one in enumerate(words) if one]
    kept = told if len(told) <= _MOST_VALUES else [told[0], told[-1]]
    return [one if at in kept else "" for at, one in enumerate(words)]
