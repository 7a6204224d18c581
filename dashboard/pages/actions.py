"""Åtgärder: what the board was promised, what came of it, and starting something new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from control.actions.boards import board_of, control_homes, places_to_act
from control.actions.content import BoardAction, Effect, Origin
from control.actions.form import ActionForm
from control.actions.judging import compared, figure_of
from control.actions.store import read_actions
from control.notices.reading import read_notices
from control.series import open_series
from dashboard.components.action_forms import as_written, new_form
from dashboard.components.action_table import ADDRESS, SHOWN, Now, action_table, chosen, filters, lead
from dashboard.components.choices import choices, place_choice
from dashboard.components.deviation_series import series_section
from dashboard.components.head import page_head
from dashboard.components.link import address, link
from dashboard.components.notices_section import notices_section
from dashboard.context import Context, Page
from kpi.access import AccessDenied, Place, can_open
from kpi.definition import Definition
from kpi.organisation import Unit, swedish_key
from kpi.views.freshness import is_synthetic
from kpi.views.one_row import row_at
from kpi.views.rows import FigureRow
from warehouse import clock

HIDDEN = "Nyckeltalens värden visas för dem som läser nämndens nyckeltal. Här ser du åtgärderna utan värden."
_ORIGINS = {"avvikelser": Origin.DEVIATIONS, "kontroll": Origin.CONTROL, "beslut": Origin.DECISION}


def page(context: Context) -> Page:
    """The actions of the board that `enhet` belongs to, those that `visa` asks for; with `ny` the form to start one,
    filled in by `nyckeltal`, `ursprung`, `moment` (a control's occasion), `beslut` (a registration number) and `serie`
    (of deviations); with `avsluta` the form to close a series."""
    today = clock.today()
    board = board_of(context.organisation, context.viewer, context.query.get("enhet"), today)
    found = read_actions(context.connection, context.viewer, board.code)
    shown = context.query.get("visa", "")
    shown = shown if shown in SHOWN else ""
    listed = chosen(found, shown, today)
    worked = [one for one in found if one.effect is Effect.YES]
    now, hides = _now(context, [*listed, *worked])
    homes = control_homes(context.organisation, context.viewer)
    places = places_to_act(context.organisation, context.viewer, board, today)
    children: list[Any] = [
        page_head(
            "Åtgärder",
            place=board.name,
            choices=choices(place_choice("Nämnd", homes, board.code)),
            is_synthetic=is_synthetic(context.connection, board.municipality_code),
        ),
        lead(found, today, _unproven(worked, now)),
    ]
    if not can_open(context.viewer, Place.OVERVIEW):  # who has that page has them there
        new = notices_section(read_notices(context.connection, context.viewer, [board.code]))
        children += [new] if new is not None else []
    if hides:
        children.append(html.P(HIDDEN, className="lead-note"))
    if places and "ny" in context.query:
        children.append(_new(context, board, places))
    elif places:
        way = address(ADDRESS, enhet=context.query.get("enhet") or board.code, ny="1")
        children.append(html.P(link("Starta en åtgärd", way, className="more")))
    series = series_section(
        open_series(context.connection, context.viewer, context.organisation, board.code),
        board.code,
        ADDRESS,
        context.query.get("avsluta", ""),
    )
    children += [series] if series is not None else []
    table = action_table(listed, context.catalogue, now, today)
    children.append(
        html.Section(
            [html.H2("Vad som är lovat"), filters(board.code, shown, found, today), table], className="section"
        )
    )
    return Page("Åtgärder", children)


def _now(context: Context, actions: Sequence[BoardAction]) -> tuple[dict[tuple[str, str], FigureRow], bool]:
    """The figures as they are now, and whether some are not for the viewer."""
    now: dict[tuple[str, str], FigureRow] = {}
    hides = False
    for key, one in {(one.kpi_id or "", one.place_code): one for one in actions}.items():
        try:
            row = figure_of(context.connection, context.viewer, context.catalogue, context.organisation, one)
        except AccessDenied:
            hides = True
            continue
        if row is not None:
            now[key] = row
    return now, hides


def _unproven(worked: Sequence[BoardAction], now: Now) -> frozenset[int]:
    """Those whose figure has not moved by more than usual variation, or cannot be tested."""
    rows = [(one, now.get((one.kpi_id or "", one.place_code))) for one in worked]
    return frozenset(one.number for one, row in rows if row is not None and not compared(row, one).is_beyond)


def _new(context: Context, board: Unit, places: Sequence[Unit]) -> html.Section:
    query = context.query
    definition = context.catalogue.definitions.get(query.get("nyckeltal", ""))
    codes = [one.code for one in places]
    place = next((code for code in (query.get("enhet"), board.code) if code in codes), codes[0])
    origin = Origin.CONTROL if "moment" in query else Origin.DECISION if "beslut" in query else Origin.FIGURE
    form = ActionForm(
        starts_on=clock.today().isoformat(),
        expected_from=_value_now(context, definition, place),
        origin=_ORIGINS.get(query.get("ursprung", ""), origin),
        origin_reference=query.get("moment") or query.get("beslut") or query.get("serie") or "",
    )
    figures = sorted(
        ((one.id, one.name) for one in context.catalogue.definitions.values() if board.area in (None, *one.areas)),
        key=lambda one: swedish_key(one[1]),
    )
    named = [(one.code, f"Hela {one.name}" if one.code == board.code else one.name) for one in places]
    return new_form(form, named, place, figures, definition, board.code)


def _value_now(context: Context, definition: Definition | None, place: str) -> str:
    if definition is None:
        return ""
    try:
        row = row_at(context.connection, context.viewer, context.organisation, definition, place)
    except AccessDenied:
        return ""
    return as_written(definition, row.judged.value) if row is not None else ""
