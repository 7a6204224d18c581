"""The board's year: what is due next, first; then what comes later, and what is done. Forms for who plans it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from control.year.days import BoardDate, DateKind, Day, in_order, title_of, what_is_next
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.form_fields import choice, day, form_of, line, lines
from dashboard.components.link import link
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place

ABOUT_ID = "year-about"
ACCEPT, ADD, MOVE, CANCEL, FINISH = "year-accept", "year-add", "year-move", "year-cancel", "year-finish"
PART = "|"
"""Between the parts of the name of a proposed day's field: board, kind, period."""


def next_line(rows: Sequence[BoardDate], today: date) -> html.P | None:
    """What of the board's year is late, and what comes next; None where nothing is left."""
    late = [one for one in what_is_next(rows, today) if one.is_late(today)]
    coming = sorted((one for one in rows if one.is_open and one not in late), key=lambda one: one.planned_on)
    pieces: list[Any] = []
    if late:
        more = {0: "", 1: " En till är försenad."}.get(
            len(late) - 1, f" {text.capital(text.count_word(len(late) - 1))} till är försenade."
        )
        told = f"Försenad: {_lower(late[0])}, skulle ha varit klar {text.day(late[0].counted_on)}."
        pieces += [html.Strong(told, className="off"), f"{more} "]
    if coming:
        pieces.append(f"Nästa handling: {_lower(coming[0])}, {text.day(coming[0].planned_on)}.")
    return html.P(pieces, className="lead-note") if pieces else None


def _lower(one: BoardDate) -> str:
    return f"{one.title[:1].lower()}{one.title[1:]}"


def year_section(
    rows: Sequence[BoardDate],
    names: Mapping[str, str],
    today: date,
    proposed: Mapping[str, Sequence[Day]],
) -> html.Section:
    """`names`: the boards' that are shown; `proposed`: days to accept, by each board that the viewer plans."""
    ordered = in_order(rows, today)
    ahead, ended = [one for one in ordered if one.is_open], [one for one in ordered if not one.is_open]
    children: list[Any] = [html.H2("Nämndens år", id="namndens-ar")]
    if ahead:
        children.append(_list("Det som återstår", ahead, names, today))
    else:
        children.append(states.empty("Inget återstår i nämndens år. Planera det i oktober, inför nästa år."))
    if ended:
        told = _list("Klart och inställt", ended, names, today)
        children.append(html.Details([html.Summary(f"Klart och inställt ({len(ended)})"), told]))
    if proposed:
        children.append(html.Div(_forms(ordered, names, proposed), className="year-forms"))
    return html.Section(children, className="section year", **aria(labelledby="namndens-ar"))


def _list(what: str, rows: Sequence[BoardDate], names: Mapping[str, str], today: date) -> html.Ol:
    return html.Ol([_item(one, names, today) for one in rows], className="plain-list", **aria(label=what))


def _item(one: BoardDate, names: Mapping[str, str], today: date) -> html.Li:
    title: Any = one.title
    if one.paper_no is not None:
        title = link(one.title, f"{ADDRESSES[Place.PAPERS]}/{one.paper_no}")
    board = f", {names.get(one.board_code, one.board_code)}" if len(names) > 1 else ""
    return html.Li([html.Strong(title), board, html.Br(), _standing(one, today)])


def _standing(one: BoardDate, today: date) -> Any:
    planned = text.day(one.planned_on)
    if one.done_on is not None:
        told = "i tid" if one.was_in_time else f"efter {text.day(one.counted_on)}, som den skulle ha varit klar"
        return f"Klar {text.day(one.done_on)}, {told}."
    if one.cancelled_on is not None:
        return f"Inställd {text.day(one.cancelled_on)}. Den skulle ha varit klar {planned}."
    if one.is_late(today):
        moved = f" Ny dag: {planned}." if one.planned_on != one.counted_on else ""
        return html.Span(
            [html.Strong(f"Försenad sedan {text.day(one.counted_on)}.", className="off"), moved], className="late"
        )
    left = (one.planned_on - today).days
    return f"{text.capital(planned)}, {'i dag' if left == 0 else f'om {text.days(left)}'}."


# --- for who plans it --------------------------------------------------------


def _forms(
    rows: Sequence[BoardDate], names: Mapping[str, str], proposed: Mapping[str, Sequence[Day]]
) -> list[Any]:  # fmt: skip
    own = [one for one in rows if one.board_code in proposed and one.done_on is None]
    still = [one for one in own if one.is_open]
    analyses = [one for one in still if one.kind is DateKind.RISK_ANALYSIS]
    boards = [(code, names.get(code, code)) for code in proposed]
    found: list[Any] = [dcc.Store(id=ABOUT_ID, data={str(one.number): one.edits for one in own})]
    if any(proposed.values()):
        found.append(_open("Lägg in de föreslagna dagarna", _accept(names, proposed), is_open=False))
    if own:
        found.append(_open("Flytta en dag", form_of(MOVE, [_which(MOVE, own, names), _day(MOVE)], "Flytta dagen")))
    if still:
        why = lines(CANCEL, "reason", "Skälet", help_="Skälet sparas i loggen.")
        found.append(_open("Ställ in", form_of(CANCEL, [_which(CANCEL, still, names), why], "Ställ in")))
    if analyses:
        fields = [_which(FINISH, analyses, names), _day(FINISH)]
        found.append(_open("Riskanalysen är gjord", form_of(FINISH, fields, "Spara att den är gjord")))
    found.append(_open("Lägg till en dag", _add(boards)))
    return found


def _open(title: str, content: Any, *, is_open: bool = False) -> html.Details:
    return html.Details([html.Summary(title), content], className="panel work", open=is_open)


def _accept(names: Mapping[str, str], proposed: Mapping[str, Sequence[Day]]) -> html.Div:
    told = "Dagarna är förslag. Ändra dem till nämndens möten, och töm dem som inte ska läggas in."
    fields = [
        day(
            ACCEPT,
            PART.join((board, one.kind, str(one.period))),
            title_of(one.kind, one.period) + (f", {names.get(board, board)}" if len(proposed) > 1 else ""),
            one.on,
        )
        for board, days in proposed.items()
        for one in days
    ]
    return form_of(ACCEPT, [html.P(told, className="muted"), *fields], "Lägg in dagarna", is_main=True)


def _add(boards: Sequence[tuple[str, str]]) -> html.Div:
    fields = [
        choice(ADD, "board", "Nämnd", boards, boards[0][0]),
        choice(
            ADD, "kind", "Vad", [(one.value, one.word) for one in DateKind], DateKind.AUDIT_ANSWER.value
        ),
        line(ADD, "period", "Period", help_="Till exempel 2026-03, 2026-T1 eller 2026.", width=320),
        _day(ADD),
    ]  # fmt: skip
    return form_of(ADD, fields, "Lägg till dagen")


def _which(form: str, rows: Sequence[BoardDate], names: Mapping[str, str]) -> Any:
    options = [
        (
            str(one.number),
            f"{one.title}, {text.day(one.planned_on)}"
            + (f", {names.get(one.board_code, one.board_code)}" if len(names) > 1 else "")
            + ("" if one.is_open else " (inställd)"),
        )
        for one in rows
    ]
    return choice(form, "which", "Vad", options, options[0][0])


def _day(form: str) -> Any:
    return day(form, "on", "Dag")
