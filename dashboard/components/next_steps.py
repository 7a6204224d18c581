"""What the reader has the next step in: actions, controls and figures that nobody has answered for."""

from __future__ import annotations

from datetime import date
from typing import Any

from dash import html

from control.next_steps import NextSteps
from control.occasions.reading import Standing
from dashboard import words
from dashboard.components.attributes import aria
from dashboard.components.link import address, link
from dashboard.parts import judged_in_full
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.period import Period

_SHOWN = 7


def next_steps_section(found: NextSteps, month: Period, today: date) -> html.Section | None:
    """The most pressing first, the rest folded; None when nothing waits for the reader."""
    if not found.count:
        return None
    items = [*_actions(found, today), *_controls(found, today), *_figures(found, month)]
    many = "detta" if len(items) == 1 else f"dessa {text.count_word(len(items))}"
    children: list[Any] = [
        html.H2(f"Du äger nästa steg i {many}", id="nasta-steg"),
        html.Ul(items[:_SHOWN], className="steps"),
    ]
    if items[_SHOWN:]:
        summary = html.Summary(f"Visa {text.count_word(len(items) - _SHOWN)} till")
        children.append(html.Details([summary, html.Ul(items[_SHOWN:], className="steps")], className="plain"))
    return html.Section(children, className="section", **aria(labelledby="nasta-steg"))


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


def _figures(found: NextSteps, month: Period) -> list[html.Li]:
    return [
        _item(
            "Nyckeltal", row.definition.name,
            address(f"/nyckeltal/{row.definition.id}", enhet=row.unit.code, manad=str(month)),
            [f"{text.capital(judged_in_full(row))} {words.when(row.definition, row.judged)}. ",
             "Starta en åtgärd eller skriv varför ingen behövs."],
        )
        for row in found.figures
    ]  # fmt: skip


def _when(late: str, ahead: str, due: date, *, is_late: bool) -> Any:
    told = f"{text.capital(late if is_late else ahead)} {text.day(due)}"
    return html.Strong(told, className="off") if is_late else told
