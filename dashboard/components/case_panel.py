"""Reading rows about persons on a page: the reason, the place where the answer comes, and the answer."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import case_words as words
from dashboard.case_question import Question
from dashboard.components import states
from dashboard.components.attributes import aria, never_kept
from dashboard.components.case_table import case_table
from dashboard.components.link import link
from kpi import format as text
from kpi.organisation import Unit
from kpi.views.case_filter import Day
from kpi.views.case_rows import Case, Cases, Deviation

REASON_ID, SHOW_ID, ASKED_ID, ROWS_ID = "cases-reason", "cases-show", "cases-asked", "cases-rows"
PAGE_TYPE, CASE_TYPE = "cases-page", "cases-case"


def reading_panel(question: Question, unit: Unit, *, needs_reason: bool) -> html.Div:
    """Where rows are asked for and answered. What is asked for stands in a store, and never a row: the browser may
    change it, so every right is checked again when it comes back."""
    return html.Div(
        [
            dcc.Store(id=ASKED_ID, data=question.store()),
            html.Div(_form(question.dataset), hidden=not needs_reason),
            dcc.Loading(
                html.Div(_before(question, unit, needs_reason=needs_reason), id=ROWS_ID, **aria(live="polite")),
                type="dot",
            ),
        ],
        className="cases",
    )


def _form(dataset: str) -> html.Section:
    return html.Section(
        [
            dmc.Textarea(
                id=REASON_ID,
                label="Varför behöver du läsa uppgifter om enskilda?",
                description="Skälet sparas i loggen med vilka rader du läser, och granskas. Skriv inga personnummer.",
                placeholder="Till exempel: uppföljning av sena återkopplingar inför nämndens möte",
                autosize=True,
                minRows=2,
                maxRows=5,
                size="md",
            ),
            html.Div(
                dmc.Button(f"Visa {words.KINDS[dataset].the_many}", id=SHOW_ID, variant="filled", size="sm"),
                className="decide",
            ),
        ],
        className="panel reason-form",
        **never_kept(),
    )


def _before(question: Question, unit: Unit, *, needs_reason: bool) -> html.P | None:
    if not needs_reason:
        return None
    wanted = question.wanted
    rows = words.behind(question.dataset, question.month, wanted.back, wanted.by, wanted.after_days)
    return html.P(f"{text.capital(rows)} i {unit.name} visas när du har skrivit varför.", className="empty")


def answer(found: Cases, question: Question, *, by_link: bool) -> list[Any]:
    """The rows, told first in a sentence. `by_link`: other pages have addresses; else a button asks for the same reason
    again."""
    dataset = found.kind.dataset
    counted = words.counted(dataset, found.total)
    where = f"i {found.unit.name} {words.when(found.month, found.wanted.back)}"
    told = f" {where}." if found.total or found.wanted.is_narrowed else f" är levererade {where}."
    lead = html.P([html.Strong(counted), told, " Läsningen har sparats i loggen."], className="lead")
    if not found.rows:
        return [lead]
    caption = f"{words.KINDS[dataset].title} {where}"
    told_by = words.behind(dataset, found.month, found.wanted.back, found.wanted.by, found.wanted.after_days)
    own = words.KINDS[dataset].joins[Day.OWN].removeprefix("som ")
    on = "den dagen" if found.wanted.by is Day.OWN else f"den dag då de {own}"
    note = f"Här står {told_by}, med enheten som den låg i organisationen {on}."
    if dataset == "deviations":
        note += " Välj en avvikelse för att se dess förlopp."
    return [
        lead,
        html.P(note, className="lead-note"),
        case_table(dataset, caption, found.rows, lambda one: _name(one, question)),
        _pager(found, question, by_link=by_link),
    ]


def refused(sentence: str) -> html.P:
    """Why nothing is shown."""
    return html.P(sentence, className="notice", role="alert")


def broken() -> html.P:
    """An unexpected error; nothing is shown that is not recorded."""
    return refused("Något gick fel hos oss, och därför visas inga rader. Felet är loggat. Försök igen om en stund.")


def nothing_to_read() -> html.P:
    """No unit has rows that the viewer reads in the month."""
    return states.empty("Du har ingen enhet att läsa rader för den här månaden. Välj en annan månad.")


def _name(case: Case, question: Question) -> Any:
    """A deviation's key leads to its timeline."""
    _, key = case.key
    if not isinstance(case.row, Deviation):
        return key
    return html.Button(
        key, id={"type": CASE_TYPE, "case": key, "page": question.page}, type="button", className="case-link"
    )


def _pager(found: Cases, question: Question, *, by_link: bool) -> html.Nav | None:
    from_row = found.first_row
    if from_row == 1 and len(found.rows) == found.total:
        return None
    last_row = from_row + len(found.rows) - 1
    shown = f"Rad {text.number(from_row)}–{text.number(last_row)} av {text.number(found.total)}"
    steps: list[Any] = [html.Span(shown)]
    if found.page > 1:
        steps.append(step("← Föregående sida", question, found.page - 1, by_link=by_link))
    if last_row < found.total:
        steps.append(step("Nästa sida →", question, found.page + 1, by_link=by_link))
    return html.Nav(steps, className="pager", **aria(label="Sidor med rader"))


def step(label: str, question: Question, page: int, *, by_link: bool) -> Any:
    """The way to a page of the rows."""
    if not by_link:
        return dmc.Button(label, id={"type": PAGE_TYPE, "page": page}, variant="default", size="sm")
    return link(label, question.about(None).href(page=page), className="more")
