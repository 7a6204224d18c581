"""Reading rows about persons on a page: the reason, the place where the answer comes, and the answer."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import case_words as words
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.case_table import case_table
from dashboard.components.link import address, link
from kpi import format as text
from kpi.organisation import Unit
from kpi.period import Period
from kpi.views.case_rows import Cases

REASON_ID, SHOW_ID, ASKED_ID, ROWS_ID = "cases-reason", "cases-show", "cases-asked", "cases-rows"
PAGE_TYPE = "cases-page"


def reading_panel(dataset: str, unit: Unit, month: Period, page: int, *, needs_reason: bool) -> html.Div:
    """Where rows are asked for and answered. What is asked for stands in a store, and never a row: the browser may
    change it, so every right is checked again when it comes back."""
    asked = {"dataset": dataset, "unit": unit.code, "month": str(month), "page": page}
    return html.Div(
        [
            dcc.Store(id=ASKED_ID, data=asked),
            html.Div(_form(dataset), hidden=not needs_reason),
            dcc.Loading(
                html.Div(_before(dataset, unit, month, needs_reason=needs_reason), id=ROWS_ID, **aria(live="polite")),
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
    )


def _before(dataset: str, unit: Unit, month: Period, *, needs_reason: bool) -> html.P | None:
    if not needs_reason:
        return None
    rows = text.capital(words.KINDS[dataset].the_many)
    return html.P(f"{rows} i {unit.name} {text.within(month)} visas när du har skrivit varför.", className="empty")


def answer(found: Cases, *, by_link: bool) -> list[Any]:
    """The rows, told first in a sentence. `by_link`: other pages have addresses; else a button asks for the same reason
    again."""
    dataset = found.kind.dataset
    counted = words.counted(dataset, found.total)
    where = f"i {found.unit.name} {text.within(found.month)}"
    told = f" {where}." if found.total else f" är levererade {where}."
    lead = html.P([html.Strong(counted), told, " Läsningen har sparats i loggen."], className="lead")
    if not found.rows:
        return [lead]
    caption = f"{words.KINDS[dataset].title} {where}"
    note = f"Här står {words.behind(dataset, found.month)}, med enheten som den låg i organisationen den dagen."
    return [
        lead,
        html.P(note, className="lead-note"),
        case_table(dataset, caption, found.rows),
        _pager(found, by_link=by_link),
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


def _pager(found: Cases, *, by_link: bool) -> html.Nav | None:
    from_row = found.first_row
    if from_row == 1 and len(found.rows) == found.total:
        return None
    last_row = from_row + len(found.rows) - 1
    shown = f"Rad {text.number(from_row)}–{text.number(last_row)} av {text.number(found.total)}"
    steps: list[Any] = [html.Span(shown)]
    if found.page > 1:
        steps.append(_step("← Föregående sida", found, found.page - 1, by_link=by_link))
    if last_row < found.total:
        steps.append(_step("Nästa sida →", found, found.page + 1, by_link=by_link))
    return html.Nav(steps, className="pager", **aria(label="Sidor med rader"))


def _step(label: str, found: Cases, page: int, *, by_link: bool) -> Any:
    if not by_link:
        return dmc.Button(label, id={"type": PAGE_TYPE, "page": page}, variant="default", size="sm")
    code = words.KINDS[found.kind.dataset].code
    href = address("/underlag", slag=code, enhet=found.unit.code, manad=str(found.month), sida=str(page))
    return link(label, href, className="more")
