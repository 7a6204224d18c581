"""What the reader has the next step in: actions, controls and figures that nobody has answered for; and, folded, what
others have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from control.next_steps import NextSteps
from control.occasions.reading import Standing
from control.remarks import is_of_a_board
from dashboard import words
from dashboard.components.attributes import aria
from dashboard.components.link import address, link
from dashboard.parts import judged_in_full
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.period import Period
from kpi.views.rows import FigureRow

_SHOWN = 7


def next_steps_section(found: NextSteps, month: Period, today: date) -> html.Section | None:
    """The most pressing first, the rest folded; None when nothing waits."""
    if not (found.count or found.others or found.theirs):
        return None
    ask = "Starta en åtgärd eller skriv varför ingen behövs." if found.may_explain else "Starta en åtgärd."
    items = [*_actions(found, today), *_controls(found, today), *_figures(found.figures, month, ask)]
    many = "detta" if len(items) == 1 else f"dessa {text.count_word(len(items))}"
    heading = f"Du äger nästa steg i {many}" if items else "Andra äger nästa steg"
    children: list[Any] = [html.H2(heading, id="nasta-steg")]
    if items:
        children.append(html.Ul(items[:_SHOWN], className="steps"))
    if items[_SHOWN:]:
        children.append(_folded(f"Visa {text.count_word(len(items) - _SHOWN)} till", items[_SHOWN:]))
    if found.others:
        told = f"Någon annan äger nästa steg i {text.count_word(len(found.others))} nyckeltal"
        children.append(_folded(told, _figures(found.others, month, "Följ upp att något görs.", is_others=True)))
    if found.theirs:
        told = f"Att ta upp med motparten, som avgör: {text.count_word(len(found.theirs))} nyckeltal"
        items = [item for row in found.theirs for item in _figures([row], month, _raise(row))]
        children.append(_folded(told, items))
    return html.Section(children, className="section", **aria(labelledby="nasta-steg"))


def _raise(row: FigureRow) -> str:
    """A closing asks about what is known of the board itself."""
    if not is_of_a_board(row):
        return "Ta upp det med motparten."
    return "Ta upp det med motparten. Utan egen åtgärd: skriv varför innan perioden stängs."


def _folded(told: str, items: list[html.Li]) -> html.Details:
    return html.Details([html.Summary(told), html.Ul(items, className="steps")], className="plain")


def _item(kind: str, title: str, to: str, why: list[Any]) -> html.Li:
    return html.Li([html.Span(kind, className="step-kind"), link(title, to), html.Small(why)])


def _actions(found: NextSteps, today: date) -> list[html.Li]:
    return [
        _item(
            "Åtgärd", one.what, f"{ADDRESSES[Place.ACTIONS]}/{one.number}",
            [_when("skulle ha varit klar", "ska vara klar", one.due_on, is_late=one.is_late(today)),
             f". Ansvarig: {one.responsible}."],
        )
        for one in found.actions
    ]  # fmt: skip


def _controls(found: NextSteps, today: date) -> list[html.Li]:
    return [
        _item(
            "Kontrollmoment", one.described.control.what, f"{ADDRESSES[Place.PLAN]}/{one.occasion.number}",
            [_when("skulle ha genomförts", "ska genomföras", one.occasion.due_on,
                   is_late=one.standing is Standing.LATE), "."],
        )
        for one in found.controls
    ]  # fmt: skip


def _figures(rows: Sequence[FigureRow], month: Period, ask: str, *, is_others: bool = False) -> list[html.Li]:
    return [
        _item(
            "Nyckeltal", row.definition.name,
            address(f"/nyckeltal/{row.definition.id}", enhet=row.unit.code, manad=str(month)),
            [f"{text.capital(judged_in_full(row))} {words.when(row.definition, row.judged)}. ",
             f"Ägare: {row.definition.owner_role}. " if is_others else "", ask],
        )
        for row in rows
    ]  # fmt: skip


def _when(late: str, ahead: str, due: date, *, is_late: bool) -> Any:
    told = f"{text.capital(late if is_late else ahead)} {text.day(due)}"
    return html.Strong(told, className="off") if is_late else told
