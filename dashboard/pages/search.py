"""Sök: figures, units, actions, controls, words and pages by their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import html

from control.actions.store import read_actions
from dashboard import texts
from dashboard.components.attributes import aria
from dashboard.components.head import page_head
from dashboard.components.link import address, link
from dashboard.context import Context, Page
from dashboard.places import ADDRESSES
from dashboard.terms import TERMS, anchor
from kpi import format as text
from kpi.access import Place, Viewer, can_open, can_read_figure, control_boards, homes, places_of
from kpi.organisation import Organisation, Unit
from kpi.period import Period, PeriodType
from kpi.search import Findable, find
from kpi.views.place import opens
from warehouse import clock

FIELD_ID = "search-words"
PATH = "/sok"
_LONGEST = 100
_KINDS = ("Nyckeltal", "Enhet", "Åtgärd", "Sida", "Ord")


def page(context: Context) -> Page:
    """What the address's `q` finds among what the reader may open. For every reader."""
    asked = context.query.get("q", "").strip()[:_LONGEST]
    children: list[Any] = [page_head("Sök"), _form(asked)]
    if asked:
        found = find(asked, _things(context))
        children += [html.P(_sentence(asked, len(found)), className="lead", role="status"), *_results(found)]
    return Page(f"Sök: {asked}" if asked else "Sök", children)


def units(viewer: Viewer, organisation: Organisation, today: date) -> Iterator[Findable]:
    """The boards, administrations and units whose figures the reader reads today. Those that have an overview of their
    own lead to it, the others to what they have reported."""
    own = {one.code for one in homes(viewer, organisation)}
    for code in organisation.codes:
        unit = organisation.on(code, today)
        if unit is None or not _is_read(viewer, organisation, unit, today):
            continue
        level = text.capital(texts.LEVELS.get(unit.level, unit.level))
        above = organisation.on(unit.parent_code, today) if unit.parent_code and unit.level != "board" else None
        about = f"{level}, {above.name}" if above is not None else level
        if code in own:
            yield Findable(unit.name, about, "Enhet", about, address("/", enhet=code))
        elif can_open(viewer, Place.DEVIATIONS):
            yield Findable(
                unit.name, about, "Enhet", f"{about}: avvikelser", address(ADDRESSES[Place.DEVIATIONS], enhet=code)
            )


def _is_read(viewer: Viewer, organisation: Organisation, unit: Unit, today: date) -> bool:
    return bool(organisation.paths(unit.code, today, today)) and can_read_figure(
        viewer, organisation, unit.code, today, today, areas=()
    )


def _form(asked: str) -> html.Form:
    field = dmc.TextInput(
        id=FIELD_ID, name="q", label="Sök nyckeltal, enhet, åtgärd eller ord", value=asked, maw=520, size="md",
        debounce=False,
    )  # fmt: skip
    button = html.Button("Sök", type="submit", className="plain-button")
    return html.Form([field, button], action=PATH, method="get", role="search", className="search-form")


def _sentence(asked: str, count: int) -> str:
    if not count:
        return f"Inget som du får öppna heter ”{asked}”. Pröva ett annat ord, eller en del av det."
    return f"{text.capital(text.plural(count, 'träff', 'träffar'))} på ”{asked}”."


def _results(found: list[Findable]) -> list[Any]:
    groups = [(kind, [one for one in found if one.kind == kind]) for kind in _KINDS]
    return [
        html.Section(
            [
                html.H2(kind),
                html.Ul(
                    [html.Li([link(one.name, one.address), html.Small(one.about)]) for one in those],
                    className="plain-list",
                ),
            ],
            className="section",
            **aria(label=kind),
        )
        for kind, those in groups
        if those
    ]


def _things(context: Context) -> Iterator[Findable]:
    """All that the reader may open, kind by kind."""
    viewer = context.viewer
    inside = can_open(viewer, Place.FIGURES)
    if inside or can_open(viewer, Place.COMPARISON):
        at = ADDRESSES[Place.FIGURES if inside else Place.COMPARISON]
        month = Period.containing(clock.today(), PeriodType.MONTH).shift(-1)
        for one in context.catalogue.definitions.values():
            if inside and not opens(context.organisation, viewer, one, month):
                continue
            question = texts.AUDIT_QUESTIONS[one.audit_question]
            yield Findable(one.name, f"{one.id} {one.description}", "Nyckeltal", question, f"{at}/{one.id}")
    if inside:
        yield from units(viewer, context.organisation, clock.today())
    if control_boards(viewer):
        for action in read_actions(context.connection, viewer):
            about = f"Ansvarig: {action.responsible}, klar senast {text.day(action.due_on)}"
            also = f"{action.root_cause} {action.responsible}"
            yield Findable(action.what, also, "Åtgärd", about, f"{ADDRESSES[Place.ACTIONS]}/{action.number}")
    for place in places_of(viewer):
        yield Findable(str(place), "", "Sida", "", ADDRESSES[place])
    for term, meaning in TERMS:
        yield Findable(term, meaning, "Ord", meaning, f"/ordlista#ord-{anchor(term)}")
