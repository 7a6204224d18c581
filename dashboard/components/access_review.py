"""The review of who has read what: what the reviewer must do, what stands out, what was signed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.audit.event import Event
from control.audit.review import Finding, NameOf
from control.audit.review_store import Standing, due_on
from control.audit.signed import Review
from dashboard.components import states
from dashboard.components.access_log import event_table
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from kpi import format as text
from kpi.period import Period

TEXT_TYPE = "review-text"
SIGN_ID, RESULT_ID, PERIOD_ID = "review-sign", "review-result", "review-period"
_NOT_INTACT = {False: "Ändrad efter signeringen", True: "Saknas"}
_ABOUT = (
    "Samkoll jämför varje användare med andra som har samma roll och med vad användaren brukar läsa. Det letar efter "
    "många rader eller filer, läsning utanför arbetstid (före 06, efter 20, helger och röda dagar), andra enheter än "
    "de vanliga och nekade försök. Att något sticker ut betyder inte att det är fel."
)


def lead(standing: Standing, found: Sequence[Finding], today: date) -> html.P:
    """What the reviewer must do, first."""
    if not standing.waiting:
        after = text.day(standing.next.last_day)
        return html.P(
            [
                "Alla granskningar är gjorda. ",
                f"Nästa gäller {text.month(standing.next)} och kan göras när perioden är slut, efter {after}.",
            ],
            className="lead",
        )
    period = standing.waiting[0]
    pieces: list[Any] = [
        html.Strong(f"Granskningen av {text.month(period)} är inte gjord.", className="off"),
        f" {_how_many(len(found))}",
    ]
    if today > due_on(period):
        pieces.append(f" Den skulle ha varit klar {text.day(due_on(period))}.")
    if more := standing.waiting[1:]:
        pieces.append(f" Sedan väntar {_listed([text.month(one) for one in more])}.")
    return html.P(pieces, className="lead")


def _how_many(count: int) -> str:
    if not count:
        return "Inget sticker ut."
    return f"{text.capital(_neuter(count))} sticker ut."


def _neuter(count: int) -> str:
    return "en sak" if count == 1 else f"{text.count_word(count)} saker"


def _listed(words: Sequence[str]) -> str:
    shown = [*words[:2], *([f"{len(words) - 2} till"] if len(words) > 2 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} och {shown[-1]}"


def review_section(
    period: Period, found: Sequence[Finding], events: Mapping[int, Event], name_of: NameOf
) -> html.Section:
    """A form per finding, and the signing."""
    words = f"Signera granskningen av {text.month(period)}"
    button = dmc.Button(words, id=SIGN_ID, variant="filled", size="sm")
    children: list[Any] = [
        html.H2(f"Granska {text.month(period)}"),
        html.P(_ABOUT, className="muted panel-lead"),
        *(_finding(one, [events[number] for number in one.events if number in events], name_of) for one in found),
    ]
    if not found:
        children.append(states.empty("Inget sticker ut i loggen. Granskningen signeras ändå."))
    children += [
        dcc.Store(id=PERIOD_ID, data=str(period)),
        html.Div(button, className="decide"),
        html.Div(id=RESULT_ID, role="status", **aria(live="polite")),
    ]
    return html.Section(children, className="section")


def _finding(one: Finding, events: Sequence[Event], name_of: NameOf) -> html.Article:
    return html.Article(
        [
            html.H3(one.sentence),
            html.P(one.evidence, className="muted"),
            html.Details(
                [
                    html.Summary(f"Visa {text.plural(len(events), 'händelse', 'händelser')} i loggen"),
                    event_table(f"Händelser: {one.sentence}", events, name_of),
                ]
            ),
            dmc.Textarea(
                id={"type": TEXT_TYPE, "finding": one.id},
                label="Vad kom du fram till?",
                description="Skriv inget som pekar ut ett barn eller en förälder.",
                autosize=True,
                minRows=2,
            ),
        ],
        className="panel finding",
    )


def signed_section(signed: Sequence[Review]) -> html.Section:
    """Earlier reviews, each with what was found."""
    if not signed:
        content: Any = states.empty("Ingen granskning är signerad ännu.")
    else:
        columns = [
            Column("Period"),
            Column("Signerad"),
            Column("Av"),
            Column("Vad som stack ut"),
            Column("Kontrollsumma"),
        ]
        content = data_table("Tidigare granskningar", columns, [_signed_row(one) for one in signed])
    return html.Section([html.H2("Tidigare granskningar"), content], className="section")


def _signed_row(one: Review) -> list[Any]:
    outcome = [html.Li([html.Span(judged.finding.sentence), html.Small(judged.text)]) for judged in one.outcome]
    mark: Any = html.Code(one.hash[:12])
    return [
        text.capital(text.month(one.period)),
        text.moment(one.reviewed_at),
        one.reviewer,
        "Okänt" if one.is_missing else html.Ul(outcome, className="plain-list") if outcome else "Inget",
        mark if one.is_intact else html.Strong(_NOT_INTACT[one.is_missing], className="off"),
    ]
