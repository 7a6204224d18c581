"""One of the audit's questions or recommendations: what the auditors said, what the board says, what is done about it,
what shows it, and what remains."""

from __future__ import annotations

from typing import Any

from dash import html

from control.actions.content import BoardAction
from control.assessments.reading import Assessment
from control.assessments.scales import grade_words
from control.audit_answers import Answer, ControlState, is_short, remains
from dashboard import action_words, texts, words
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from dashboard.components.status_mark import status_mark
from dashboard.parts import judged_in_full
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.status import State
from kpi.views.rows import FigureRow
from warehouse import clock

_CONTROLS = (Column("Kontrollmoment"), Column("Senaste resultat"), Column("Underlag"))
_FIGURES = (Column("Nyckeltal"), Column("Värde"), Column("Läge"))
_ACTIONS = (Column("Åtgärd"), Column("Läge"), Column("Effekt"))


def answer_panel(answer: Answer) -> html.Section:
    """The panel. The tables are folded: their sums stand in their headings."""
    name, anchor, said = _head(answer)
    left = remains(answer)
    children: list[Any] = [html.H3(name, id=anchor), *said]
    children += [_judged(one) for one in answer.assessments]
    children += [
        *_folded("kontrollmoment", "kontrollmoment", _short_of(answer), _controls(answer), name),
        *_folded("nyckeltal", "nyckeltal", _off(answer), _figures(answer), name),
        *_folded("åtgärd", "åtgärder", _going(answer), _actions(answer), name),
    ]
    if left:
        children.append(html.Div([html.Strong("Det som återstår"), html.Ul([html.Li(one) for one in left])],
                                 className="remains"))  # fmt: skip
    else:
        children.append(html.P("Inget som kan bedömas återstår. Arbetet följs vidare."))
    return html.Section(children, className="panel answer", **aria(labelledby=anchor))


def _head(answer: Answer) -> tuple[str, str, list[Any]]:
    question, asked = answer.question, answer.recommendation
    if question is not None:
        said = [html.P(["Revisorerna: ", question.found, _section(question.section)])] if question.found else []
        return f"Fråga {question.number}. {question.asked}", f"revision-fraga-{question.number}", said
    assert asked is not None, "an answer is to a question or a recommendation"
    return (
        f"Rekommendation {asked.number}. {asked.gist}",
        f"revision-rekommendation-{asked.number}",
        [html.P(f"Avsnitt {asked.section} i rapporten.", className="muted")] if asked.section[:1].isdigit() else [],
    )


def _section(section: str) -> html.Span:
    return html.Span(f" ({'avsnitt ' if section[:1].isdigit() else ''}{section})" if section else "", className="muted")


def _judged(one: Assessment) -> html.P:
    side = text.capital(texts.SIDES[one.side])
    return html.P(
        [html.Strong(f"{side}, {text.month(one.period)}: {grade_words(one.subject, one.grade)}. "), one.motivation]
    )


def _folded(noun: str, nouns: str, some: tuple[int, str], table: Any, of: str) -> list[html.Details]:
    """`some`: how many of them there is more to know of, and what. One noun for one, another for several."""
    if table is None:
        return []
    rows, columns = table
    many, those = text.counts(len(rows), some[0], is_common=noun != nouns)
    more = f", varav {those} {some[1]}" if some[0] else ""
    if some[0] == len(rows):
        more = {1: ", som ", 2: ", båda "}.get(len(rows), "; alla ") + some[1]
    summary = html.Summary(f"{text.capital(many)} {noun if len(rows) == 1 else nouns}{more}")
    caption = f"{text.capital(nouns)}: {of}"
    return [html.Details([summary, data_table(caption, columns, rows)], className="plain")]


def _short_of(answer: Answer) -> tuple[int, str]:
    return sum(map(is_short, answer.controls)), "fann brister senast"


def _off(answer: Answer) -> tuple[int, str]:
    return sum(row.status.state is State.OFF for row in answer.rows), "ligger utanför sin nivå"


def _going(answer: Answer) -> tuple[int, str]:
    return sum(one.is_ongoing for one in answer.actions), "pågår"


def _controls(answer: Answer) -> Any:
    return ([_control_row(one) for one in answer.controls], _CONTROLS) if answer.controls else None


def _control_row(one: ControlState) -> list[Any]:
    latest = one.latest
    late = f"{text.count_word(one.late)} {'gång' if one.late == 1 else 'gånger'} försenat" if one.late else ""
    if latest is None:
        return [[one.control.what, html.Small(f"Risk: {one.risk.event}")], ["Inte genomfört än", html.Small(late)], "–"]
    done = latest.occasion
    result = text.capital(done.result.words) if done.result is not None else "Signerat"
    name = link(one.control.what, f"{ADDRESSES[Place.PLAN]}/{done.number}")
    when = ", ".join(part for part in (text.day(done.done_on) if done.done_on else "", late) if part)
    rests = "; ".join(one.evidence) or "Inget underlag är sparat"
    return [[name, html.Small(f"Risk: {one.risk.event}")], [result, html.Small(when)], rests]


def _figures(answer: Answer) -> Any:
    return ([_figure_row(one) for one in answer.rows], _FIGURES) if answer.rows else None


def _figure_row(row: FigureRow) -> list[Any]:
    name = link(row.definition.name, address(f"/nyckeltal/{row.definition.id}", enhet=row.unit.code))
    return [name, [judged_in_full(row), html.Small(words.period(row.definition, row.judged))], status_mark(row.status)]


def _actions(answer: Answer) -> Any:
    return ([_action_row(one) for one in answer.actions], _ACTIONS) if answer.actions else None


def _action_row(one: BoardAction) -> list[Any]:
    today = clock.today()
    name = link(one.what, f"{ADDRESSES[Place.ACTIONS]}/{one.number}")
    due = f"klar {text.day(one.done_on)}" if one.done_on else f"klar senast {text.day(one.due_on)}"
    return [
        [name, html.Small(f"Ansvarig: {one.responsible}")],
        [text.capital(action_words.status(one, today)), html.Small(due)],
        text.capital(action_words.effect(one)),
    ]
