"""The versions of a figure's definition: when each was taken into use, by whom, why, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from control.definition_history import FigureVersion
from kpi import format as text
from kpi.diff import SORT_WORDS, Change, Sort

_UNTOLD = "Kan inte jämföras med versionen före: en av dem följer äldre regler"
_ADDED = "Nyckeltalet lades till"


def figure_versions(found: Sequence[FigureVersion]) -> html.Details | None:
    """The history of one figure, folded; None before any version is kept."""
    if not found:
        return None
    count = "en version" if len(found) == 1 else f"{text.count_word(len(found))} versioner"
    rows: list[Any] = []
    for one in found:
        told = one.version
        by = html.Small(f"Av: {told.saved_by}")
        rows.append(html.Dt(f"Version {told.version_no}, från {text.moment(told.saved_at)}"))
        rows.append(html.Dd([told.reason, by, *([_told(one)] if one.changes != () else [])]))
    summary = html.Summary(f"Definitionens historik ({count})")
    return html.Details([summary, html.Dl(rows, className="facts")], className="twin")


def _told(one: FigureVersion) -> Any:
    if one.changes is None:
        return html.Small(_UNTOLD)
    if one.changes[0].sort is Sort.ADDED:
        return html.Small(_ADDED)
    return html.Ul([html.Li(_change(change)) for change in one.changes], className="plain-list")


def _change(one: Change) -> str:
    """`Betydelse, täljare: före ”a”, efter ”b”`."""
    before, after = (f"”{side}”" if side else "inget" for side in (one.before, one.after))
    return f"{text.capital(SORT_WORDS[one.sort])}, {one.label}: före {before}, efter {after}"
