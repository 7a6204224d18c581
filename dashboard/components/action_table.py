"""The actions of a board: what was promised, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import html

from control.actions.content import BoardAction, Status
from dashboard import action_words, words
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.definition import Catalogue
from kpi.views.rows import FigureRow

ADDRESS = ADDRESSES[Place.ACTIONS]
SHOWN = {
    "": "Alla",
    "pagar": "Pågår eller planeras",
    "forsenade": "Försenade",
    "klara": "Klara",
    "avbrutna": "Avbrutna",
}
"""Which actions are shown, by `visa` of the address."""
Now = Mapping[tuple[str, str], FigureRow]
"""Figures as they are now, by id and place; what the viewer may not read is not there."""


def chosen(actions: Sequence[BoardAction], shown: str, today: date) -> list[BoardAction]:
    """Those that the address asks for, by their day; of all the ongoing ones first."""
    match shown:
        case "pagar":
            return [one for one in actions if one.is_ongoing]
        case "forsenade":
            return [one for one in actions if one.is_late(today)]
        case "klara":
            return [one for one in actions if one.status is Status.DONE]
        case "avbrutna":
            return [one for one in actions if one.status is Status.CANCELLED]
    return sorted(actions, key=lambda one: list(Status).index(one.status) > 1)


def lead(actions: Sequence[BoardAction], today: date, unproven: frozenset[int]) -> html.P:
    """What is late, what is due next, what is judged to have worked."""
    pieces: list[Any] = []
    for told, is_warning in action_words.lead(actions, today, unproven):
        pieces += [html.Strong(told, className="off") if is_warning else told, " "]
    return html.P(pieces[:-1], className="lead")


def filters(board_code: str, shown: str, actions: Sequence[BoardAction], today: date) -> html.Nav:
    """The ways to show some of them, each with how many they are."""
    items = []
    for code, label in SHOWN.items():
        href = address(ADDRESS, enhet=board_code, visa=code)
        told = f"{label} ({len(chosen(actions, code, today))})"
        current = aria(current="true") if code == shown else {}
        items.append(html.Li(html.Span(told, className="chosen", **current) if current else link(told, href)))
    return html.Nav(html.Ul(items, className="filters"), **aria(label="Visa"))


def action_table(actions: Sequence[BoardAction], catalogue: Catalogue, now: Now, today: date) -> Any:
    """A row for each."""
    if not actions:
        return states.empty("Inga åtgärder att visa här.")
    columns = [
        Column("Åtgärd"), Column("Status"), Column("Klar senast"), Column("Ansvarig"), Column("Väntad effekt"),
        Column("Nu"), Column("Effekt"),
    ]  # fmt: skip
    return data_table("Åtgärder", columns, [_row(one, catalogue, now, today) for one in actions])


def _row(one: BoardAction, catalogue: Catalogue, now: Now, today: date) -> list[Any]:
    definition = catalogue.definitions.get(one.kpi_id or "")
    row = now.get((one.kpi_id or "", one.place_code))
    status = text.capital(action_words.status(one, today))
    moved = [] if one.due_on == one.first_due_on else [html.Small(f"först lovat {text.day(one.first_due_on)}")]
    return [
        link(one.what, f"{ADDRESS}/{one.number}"),
        html.Strong(status, className="off") if one.is_late(today) else status,
        [text.day(one.due_on), *moved],
        one.responsible,
        [definition.name, html.Small(action_words.expected(definition, one))] if definition else words.NOTHING,
        words.value(row.definition, row.judged) if row is not None else words.NOTHING,
        text.capital(action_words.effect(one)),
    ]
