"""What a board may want to take a position on, a card for each decision that it is proposed, and in a list what no
decision names; and, at the end of the page, what it is proposed to decide, in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from control.matters import NAMED, Matter, MatterKind, grouped
from dashboard.components.attributes import aria
from dashboard.components.link import address, link
from dashboard.matter_words import decisions, of_several, told
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.period import Period


@dataclass(frozen=True)
class _Ways:
    """What the page's links need."""

    month: Period
    board_code: str
    may_open_definitions: bool


def matters_section(
    matters: Sequence[Matter],
    month: Period,
    board_code: str,
    *,
    is_board: bool,
    is_mine: bool = False,
    may_open_definitions: bool = False,
) -> html.Section | None:
    """None when there is nothing. A board is proposed what to decide; who answers for a part of it is not. `is_mine`:
    the reader prepares it, and has the next steps listed above. `may_open_definitions`: the targets stand there."""
    if not matters:
        return None
    heading = "Att börja med" if not is_board else "Att ta upp med nämnden" if is_mine else "Att ta ställning till"
    groups, ways = grouped(matters), _Ways(month, board_code, may_open_definitions)
    rest = [one for group in groups for one in group[NAMED:]]
    children: list[Any] = [
        html.H2(heading, id="att-ta-stallning-till"),
        html.Div([_card(group, ways, is_board=is_board) for group in groups], className="cards"),
    ]
    if rest:
        items = [html.Li(_line(one, ways)) for one in rest]
        summary = html.Summary(f"{text.capital(text.count_word(len(rest)))} till att känna till")
        children.append(html.Details([summary, html.Ul(items, className="plain-list")], className="plain more-matters"))
    return html.Section(children, className="section", **aria(labelledby="att-ta-stallning-till"))


def decisions_section(matters: Sequence[Matter], month: Period, *, may_open_papers: bool) -> html.Section:
    """How the board's review of the month may end."""
    *first, last = decisions(matters, month)
    points = [*(html.Li(f"{one},") for one in first), html.Li(f"{last}.")]
    children: list[Any] = [
        html.H2("Förslag till beslut", id="forslag-till-beslut"),
        html.P("Nämnden föreslås besluta att", className="panel-lead"),
        html.Ol(points, className="decisions"),
    ]
    if may_open_papers:
        children.append(html.P(link("Till nämndens handlingar", ADDRESSES[Place.PAPERS], className="more")))
    return html.Section(children, className="section panel", **aria(labelledby="forslag-till-beslut"))


def _card(group: Sequence[Matter], ways: _Ways, *, is_board: bool) -> html.Article:
    """Of one matter, or of the figures that one decision names."""
    one = group[0]
    title, sentence, proposal = told(one)
    proposed: list[Any] = [html.Strong("Förslag: "), f"{proposal}."] if is_board else []
    if len(group) > 1:
        items = [html.Li(_line(each, ways)) for each in group[:NAMED]]
        children: list[Any] = [html.H3(of_several(group)), html.Ul(items, className="plain-list")]
        children += [html.P(proposed)] if proposed else []
    else:
        way = [_way(one, ways), html.Span(f": {title}", className="visually-hidden"), " →"]
        children = [
            html.H3(title),
            html.P([sentence, *([" ", *proposed] if proposed else [])]),
            link(way, _to(one, ways), className="more"),
        ]
    return html.Article(children, className="card" if one.kind in _PRESSING else "card calm")


_PRESSING = frozenset({MatterKind.PLAN, MatterKind.MISSED, MatterKind.LATE_ACTIONS, MatterKind.LATE_CONTROLS})
"""The others are about levels that are only proposed, or that another principal decides."""


def _line(one: Matter, ways: _Ways) -> list[Any]:
    title, sentence, _ = told(one)
    return [link(title, _to(one, ways)), html.Small(sentence)]


def _way(one: Matter, ways: _Ways) -> str:
    return {
        MatterKind.PLAN: "Läs planen",
        MatterKind.LATE_ACTIONS: "Se åtgärderna",
        MatterKind.LATE_CONTROLS: "Se kontrollerna",
        MatterKind.TARGETS: "Se målen" if ways.may_open_definitions else "Se nyckeltalen",
    }.get(one.kind, "Se nyckeltalet")


def _to(one: Matter, ways: _Ways) -> str:
    if one.row is not None:
        return address(f"/nyckeltal/{one.row.definition.id}", enhet=one.row.unit.code, manad=str(ways.month))
    match one.kind:
        case MatterKind.PLAN:
            return address(ADDRESSES[Place.PLAN], enhet=ways.board_code, ar=str(one.year))
        case MatterKind.LATE_ACTIONS:
            return address(ADDRESSES[Place.ACTIONS], enhet=ways.board_code, visa="forsenade")
        case MatterKind.LATE_CONTROLS:
            return address(ADDRESSES[Place.PLAN], enhet=ways.board_code)
    if ways.may_open_definitions:
        return ADDRESSES[Place.DEFINITIONS]
    return address(ADDRESSES[Place.FIGURES], enhet=ways.board_code, manad=str(ways.month))
