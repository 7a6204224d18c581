"""Since the last closed month, or any that is chosen: what has crossed its level, what has been done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from control.actions.content import BoardAction
from control.occasions.occasion import Result
from control.occasions.reading import Listed
from control.since import Since
from dashboard import action_words, words
from dashboard.components.attributes import aria
from dashboard.components.link import address, link
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.period import Period
from kpi.views.rows import FigureRow

_SHOWN = 3
_GRAVEST = (Result.SERIOUS, Result.MINOR, Result.NOT_CARRIED_OUT, Result.WITHOUT_REMARK)


def since_section(found: Since | None, month: Period) -> html.Section | None:
    """None when no earlier month has been closed."""
    if found is None:
        return None
    children: list[Any] = [
        html.H2(f"Sedan {text.month(found.month)}", id="sedan"),
        html.P(sentence(found), className="panel-lead"),
    ]
    lists = [
        *_figures("Har hamnat utanför sin nivå", found.worse, month),
        *_figures("Ligger inte längre utanför sin nivå", found.better, month),
        *_list("Åtgärder som har börjat", [_begun(one) for one in found.begun]),
        *_list("Åtgärder som har avslutats", [_ended(one) for one in found.ended]),
        *_list("Kontrollmoment som har genomförts", [_control(one) for one in sorted(found.controls, key=_gravity)]),
    ]
    if lists:
        children.append(html.Div(lists, className="since"))
    return html.Section(children, className="section", **aria(labelledby="sedan"))


def sentence(found: Since) -> str:
    """How many figures have come off their level, and back from there."""
    if not found.judged:
        return "Inget nyckeltal kan jämföras med den månaden."
    worse, better = len(found.worse), len(found.better)
    if not worse and not better:
        every = text.plural(found.judged, "nyckeltal", "nyckeltal")
        return f"Inget av {every} har hamnat utanför sin nivå eller slutat ligga utanför den."
    wrong, right = text.counts(worse, better)
    told = []
    if worse:
        told.append(f"{wrong} nyckeltal har hamnat utanför sin nivå")
    if better:
        told.append(
            f"{right} ligger inte längre utanför" if worse else f"{right} nyckeltal ligger inte längre utanför sin nivå"
        )
    return text.capital(" och ".join(told)) + "."


def _figures(heading: str, rows: Sequence[FigureRow], month: Period) -> list[html.Div]:
    items = [
        html.Li(
            [
                link(
                    row.definition.name,
                    address(f"/nyckeltal/{row.definition.id}", enhet=row.unit.code, manad=str(month)),
                ),
                html.Small(_moved(row)),
            ]
        )
        for row in rows
    ]
    return _list(heading, items)


def _moved(row: FigureRow) -> str:
    assert row.then is not None, "a figure that has moved was judged then"
    then, now = words.value(row.definition, row.then.reading), words.value(row.definition, row.judged)
    against = f", {words.target(row.definition, row.target, with_proposed=False)}" if row.target else ""
    return f"från {then} till {now}{against}"


def _list(heading: str, items: Sequence[html.Li]) -> list[html.Div]:
    if not items:
        return []
    children: list[Any] = [html.H3(f"{heading} ({len(items)})"), html.Ul(list(items[:_SHOWN]), className="plain-list")]
    if items[_SHOWN:]:
        rest = html.Ul(list(items[_SHOWN:]), className="plain-list")
        children.append(
            html.Details([html.Summary(f"Visa {text.count_word(len(items) - _SHOWN)} till"), rest], className="plain")
        )
    return [html.Div(children)]


def _begun(one: BoardAction) -> html.Li:
    return html.Li([_to_action(one), html.Small(f"ska vara klar {text.day(one.due_on)}, {one.responsible}")])


def _ended(one: BoardAction) -> html.Li:
    assert one.done_on is not None, "an ended action has its day"
    return html.Li([_to_action(one), html.Small(f"klar {text.day(one.done_on)}; effekt: {action_words.effect(one)}")])


def _to_action(one: BoardAction) -> Any:
    return link(one.what, f"{ADDRESSES[Place.ACTIONS]}/{one.number}")


def _gravity(one: Listed) -> int:
    found = one.occasion.result
    return _GRAVEST.index(found) if found is not None else len(_GRAVEST)


def _control(one: Listed) -> html.Li:
    result = one.occasion.result.words if one.occasion.result is not None else "signerat"
    to = f"{ADDRESSES[Place.PLAN]}/{one.occasion.number}"
    told = f"{text.month(one.occasion.period)}: {result}"
    return html.Li([link(one.described.control.what, to), html.Small(told)])
