"""Who calls × who is called, with how many attended; a stronger cell holds more absence, the numbers say how many."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

from dash import html

from dashboard import texts
from dashboard.components.attributes import aria
from dashboard.components.link import link
from dashboard.process_words import of
from kpi import format as text
from kpi.attendance import AttendanceMatrix, Attended
from kpi.organisation import swedish_key

_SHADES = (0.05, 0.15, 0.3, 0.5)
"""From these parts absent a cell is a shade stronger."""


WayOf = Callable[[str | None, str | None], str | None]
"""Caller and called, None for all → the address of the plans behind; None for who may not read them."""


def attendance_table(found: AttendanceMatrix, caption: str, fewest: int, way: WayOf = lambda *_: None) -> html.Div:
    """The matrix with margins, both axes in order of the actors' Swedish names. `way`: what a number leads to."""
    callers, actors = _in_order(found.callers), _in_order(found.actors)
    head = html.Tr(
        [
            html.Th("Kallande ↓ kallad →", scope="col"),
            *(html.Th(text.capital(texts.actor(one)), scope="col", className="num") for one in actors),
            html.Th("Alla", scope="col", className="num sum"),
        ]
    )
    rows = [
        html.Tr(
            [
                html.Th(text.capital(texts.actor(caller)), scope="row"),
                *(
                    _cell(found.cells.get((caller, actor)), fewest, way(caller, actor), is_own=caller == actor)
                    for actor in actors
                ),
                _sum(found.by_caller[caller], fewest, way(caller, None)),
            ]
        )
        for caller in callers
    ]
    foot = html.Tr(
        [
            html.Th("Alla", scope="row"),
            *(_sum(found.by_actor[actor], fewest, way(None, actor)) for actor in actors),
            _sum(found.total, fewest, way(None, None)),
        ],
        className="sum",
    )
    return html.Div(
        html.Table(
            [html.Caption(caption, className="visually-hidden"), html.Thead(head), html.Tbody([*rows, foot])],
            className="heat attendance",
        ),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _in_order(actors: Iterable[str]) -> list[str]:
    return sorted(actors, key=lambda one: swedish_key(texts.actor(one)))


def _cell(found: Attended | None, fewest: int, href: str | None, *, is_own: bool) -> html.Td:
    if found is None:
        return html.Td("–", className="muted")
    absent, shade = found.absent_share, 0
    if absent is not None and found.called >= fewest and not is_own:
        shade = bisect_right(_SHADES, absent)
    told = _told(found, fewest, href, own=" (egen)" if is_own else "")
    return html.Td(told, className=f"h{shade}" if shade else None)


def _sum(found: Attended, fewest: int, href: str | None) -> html.Td:
    return html.Td(_told(found, fewest, href), className="sum")


def _told(found: Attended, fewest: int, href: str | None, own: str = "") -> list[Any]:
    told: Any = of(found)
    if href is not None and found.called:
        told = link([told, html.Span(": se planerna", className="visually-hidden")], href, className="count")
    if found.share is None or found.called < fewest:
        return [told, html.Small(f"få fall{own}")]
    return [told, html.Small(f"{text.percent(found.share)}{own}")]
