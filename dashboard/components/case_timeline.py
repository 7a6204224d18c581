"""One deviation's way from report to closing: a sentence, a small picture, and the steps with the same numbers."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import case_words as words
from dashboard import texts
from dashboard.case_question import Question
from dashboard.components.attributes import aria
from dashboard.components.case_panel import step
from dashboard.step_words import STEPS, sentence, told
from kpi import format as text
from kpi.case_steps import Fate, Line, Stage, line, stages
from kpi.views.case_rows import Case, Cases, Deviation
from kpi.views.deviation_filter import USUAL_DAYS, DeviationFilter
from kpi.views.errors import NotFound

_CLASSES = {Fate.DONE: "done", Fate.LATE: "late", Fate.WAITING: "waiting", Fate.OVERDUE: "late", Fate.NEVER: "waiting"}


def case_answer(found: Cases, question: Question) -> list[Any]:
    """The one deviation that was asked for; NotFound when it is not among those that are read."""
    case = next(iter(found.rows), None)
    if case is None or not isinstance(case.row, Deviation):
        raise NotFound("Ärendet finns inte bland dem du läser. Välj ett i listan.")
    row, known_on = case.row, found.known_on or found.month.last_day
    due_days = question.wanted.due_days if isinstance(question.wanted, DeviationFilter) else USUAL_DAYS
    steps = stages(row, known_on, due_days, question.effect_days)
    drawn = line(steps, known_on, due_days)
    back = html.P(step("← Alla i listan", question, question.page, by_link=False), className="case-back")
    lead = html.P([html.Strong(sentence(row, steps)), " Läsningen har sparats i loggen."], className="lead")
    panel = html.Section(
        [
            html.H2(f"Förlopp för {row.deviation_id}"),
            html.Figure(
                [
                    _picture(steps, drawn, due_days),
                    html.Figcaption(
                        f"Linjen går från rapporten till {text.day(drawn.last)}. Siffrorna är stegens i listan."
                    ),
                ]
            ),
            html.Ol([_item(one) for one in steps], className="case-steps"),
            html.P(f"Som det är känt den {text.day(known_on)}, då källan senast levererade.", className="muted small"),
        ],
        className="panel case",
    )
    return [back, lead, html.P(_about(case, row), className="lead-note"), panel]


def _about(case: Case, row: Deviation) -> str:
    parts = [
        case.unit.name if case.unit else "okänd enhet",
        f"{text.capital(texts.actor(row.reporting_actor))} → {texts.actor(row.counterpart_actor)}",
        f"allvarlighet {words.part('severity', row.severity)}" if row.severity else None,
        f"löst av {words.part('level', row.level)}" if row.level and row.action_decided_on else None,
        f"rör {row.sip_id}" if row.sip_id else None,
    ]
    return " · ".join(one for one in parts if one)


def _picture(steps: tuple[Stage, ...], drawn: Line, due_days: int) -> html.Div:
    """Numbered marks on a line, with where feedback is due; what has not happened is not on it."""
    marks = [
        html.Span(
            str(one.number),
            className=f"case-mark {_CLASSES[steps[one.number - 1].fate]}",
            style={"left": f"{one.share:.2%}", "bottom": f"{one.row * 30}px"},
        )
        for one in drawn.marks
    ]
    limit = html.Span(html.Span(f"dag {due_days}"), className="case-limit", style={"left": f"{drawn.limit:.2%}"})
    height = {"paddingTop": f"{(max(one.row for one in drawn.marks) + 1) * 30}px"}
    happened = ", ".join(f"{one.number} {STEPS[steps[one.number - 1].step].lower()}" for one in drawn.marks)
    alternative = f"Tidslinje med stegen i ordning: {happened}. Återkoppling ska ges senast dag {due_days}."
    track = html.Div([*marks, limit], className="case-track", style=height)
    return html.Div(track, className="case-line", role="img", **aria(label=alternative))


def _item(stage: Stage) -> html.Li:
    first, *more = told(stage)
    return html.Li(
        [html.Span(STEPS[stage.step], className="case-step"), html.Span(first), *(html.Small(one) for one in more)],
        className=_CLASSES[stage.fate],
    )
