"""The log itself: its filter, a page of its events, and the steps between pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from control.audit.actions import Action
from control.audit.event import MEANING, WHO, Event
from control.audit.reading import LogPage
from control.audit.review import NameOf
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.period import Period

PAGE_SIZE = 25
ANCHOR = "loggen"
ADDRESS = ADDRESSES[Place.ACCESS]
MUNICIPALITY = "kommun"
"""The address's parameter of the municipality, for an officer of several."""
WHO_ID, WHAT_ID, WHEN_ID = "log-who", "log-what", "log-when"
FILTERS = {WHO_ID: "vem", WHAT_ID: "vad", WHEN_ID: "manad"}
"""The address's parameter of each choice."""
ALL = "alla"
_WORDS = {one.value: one.words for one in Action}
_POPOVER = {"shadow": "md", "radius": "md"}


def log_section(
    page: LogPage,
    number: int,
    query: Mapping[str, str],
    actors: Sequence[str],
    months: Sequence[Period],
    name_of: NameOf,
) -> html.Section:
    """Page `number` of the events that the address asks for."""
    choices = html.Div(
        [
            _choice(
                WHEN_ID, "Månad", [(str(one), text.month(one)) for one in months], query.get("manad"), "Alla månader"
            ),
            _choice(WHO_ID, "Vem", [(one, one) for one in actors], query.get("vem"), "Alla"),
            _choice(WHAT_ID, "Vad", [(one.value, text.capital(one.words)) for one in Action], query.get("vad"), "Allt"),
        ],
        className="choices",
    )
    table = (
        event_table("Loggens händelser", page.events, name_of)
        if page.events
        else states.empty("Inga händelser att visa.")
    )
    found = [html.H2("Loggen"), choices, table, _pager(page.total, number, query)]
    return html.Section([one for one in found if one is not None], className="section", id=ANCHOR)


def _choice(identity: str, label: str, options: Sequence[tuple[str, str]], chosen: str | None, all_: str) -> dmc.Select:
    known = {value for value, _ in options}
    return dmc.Select(
        id=identity,
        label=label,
        data=[{"value": ALL, "label": all_}, *({"value": value, "label": words} for value, words in options)],
        value=chosen if chosen in known else ALL,
        allowDeselect=False,
        searchable=True,
        nothingFoundMessage="Ingen träff",
        w=260,
        size="sm",
        maxDropdownHeight=320,
        comboboxProps=_POPOVER,
    )


def event_table(caption: str, events: Sequence[Event], name_of: NameOf) -> html.Div:
    """Events as rows."""
    columns = [
        Column("När"), Column("Vem"), Column("Vad"), Column("Vilket"), Column("Rader", is_number=True), Column("Skäl"),
    ]  # fmt: skip
    return data_table(caption, columns, [_row(one, name_of) for one in events])


def _row(one: Event, name_of: NameOf) -> list[Any]:
    code = one.unit_code or one.board_code
    where = name_of(code) if code else None
    who = one.details.get(WHO)
    return [
        [text.moment(one.at), html.Small(f"händelse {text.number(one.event_no)}")],
        [one.actor, *([html.Small(str(who))] if who else [])],
        text.capital(_WORDS.get(one.action, one.action)),
        [one.resource, *([html.Small(where)] if where else []), *_keys(one), *_tried(one)],
        "" if one.row_count is None else text.number(one.row_count),
        one.reason or "",
    ]


def _keys(one: Event) -> list[Any]:
    if not one.rows:
        return []
    return [html.Details([html.Summary("Visa nycklar"), html.Code(", ".join(one.rows))])]


def _tried(one: Event) -> list[Any]:
    meaning = one.details.get(MEANING)
    if not isinstance(meaning, dict):
        return []
    told = [html.Div([f"{label}: ", html.Code(str(value))]) for label, value in meaning.items()]
    return [html.Details([html.Summary("Visa vad som prövades"), *told])]


def _pager(total: int, number: int, query: Mapping[str, str]) -> html.Nav | None:
    pages = -(-total // PAGE_SIZE)
    if pages < 2:
        return None
    kept = {name: query.get(name) for name in (MUNICIPALITY, *FILTERS.values())}

    def page(of: int) -> str:
        return f"{address(ADDRESS, **kept, sida=str(of))}#{ANCHOR}"

    steps: list[Any] = [
        html.Span(f"Sida {text.number(number)} av {text.number(pages)}, {text.plural(total, 'händelse', 'händelser')}")
    ]
    if number > 1:
        steps.append(link("← Nyare", page(number - 1), className="more"))
    if number < pages:
        steps.append(link("Äldre →", page(number + 1), className="more"))
    return html.Nav(steps, className="pager", **aria(label="Sidor i loggen"))
