"""What happens when somebody plans the board's year on the page Handlingar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from dash import ALL, Input, Output, State, no_update
from sqlalchemy import Engine

from control.actions.form import read_day
from control.year.days import DateKind, Day
from control.year.planning import cancel_day, finish_risk_analysis, move_day, plan_days
from dashboard.components.form_fields import field_id, said_id, save_id
from dashboard.components.year_section import ABOUT_ID, ACCEPT, ADD, CANCEL, FINISH, MOVE, PART
from dashboard.places import ADDRESSES
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import problem, sender, whole, written
from kpi.access import Place, Viewer
from kpi.live import LiveCatalogue
from kpi.period import Period
from warehouse import clock
from warehouse.errors import UserError

Fields = Mapping[str, str]
Done = Callable[[Engine, Viewer, Fields, Any], None]
"""What a form does: with its fields, and the `edits` of each day when the page was read."""


def register_year(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """A callback for each form. What the browser tells is untrusted: each service asks for the right itself."""
    for form, done in _DONE.items():
        every = {**field_id(form, ""), "name": ALL}
        callbacks.add(
            Place.PAPERS,
            (Takes.NUMBER, Takes.TEXTS, Takes.IDENTITIES, Takes.STORE, Takes.TEXT),
            Output("main", "children", allow_duplicate=True),
            Output(said_id(form), "children"),
            Input(save_id(form), "n_clicks"),
            State(every, "value"),
            State(every, "id"),
            State(ABOUT_ID, "data"),
            State("address", "search"),
            prevent_initial_call=True,
        )(partial(_do, engine, live, viewer_of, done))


def _do(
    engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, done: Done, clicks: int | None,
    values: list[str | None], ids: list[dict[str, Any]], seen: Any, search: str | None,
) -> tuple[Any, Any]:  # fmt: skip
    if not clicks:
        return no_update, no_update
    viewer, fields = sender(engine, viewer_of), written(values, ids)
    said = problem(engine, viewer, lambda: done(engine, viewer, fields, seen))
    if said is not no_update:
        return no_update, said
    return render(engine, live, viewer_of, ADDRESSES[Place.PAPERS], search or "").sent, no_update


def _accept(engine: Engine, viewer: Viewer, fields: Fields, _seen: Any) -> None:
    """The boards' days, each board by itself: an emptied field is not put in."""
    days: dict[str, list[Day]] = defaultdict(list)
    for name, on in fields.items():
        board, _, rest = name.partition(PART)
        kind, _, period = rest.partition(PART)
        days[board] += [_day(kind, period, on)] if on.strip() else []
    for board, found in days.items():
        if found or len(days) == 1:
            plan_days(engine, viewer, board, found, today=clock.today())


def _add(engine: Engine, viewer: Viewer, fields: Fields, _seen: Any) -> None:
    day = _day(fields.get("kind", ""), fields.get("period", "").strip(), fields.get("on", ""))
    plan_days(engine, viewer, fields.get("board", ""), [day], today=clock.today())


def _move(engine: Engine, viewer: Viewer, fields: Fields, seen: Any) -> None:
    number, edits = _which(fields, seen)
    move_day(engine, viewer, number, edits, read_day(fields.get("on", ""), "Dag"), today=clock.today())


def _cancel(engine: Engine, viewer: Viewer, fields: Fields, seen: Any) -> None:
    number, edits = _which(fields, seen)
    cancel_day(engine, viewer, number, edits, fields.get("reason", ""), today=clock.today())


def _finish(engine: Engine, viewer: Viewer, fields: Fields, seen: Any) -> None:
    number, edits = _which(fields, seen)
    finish_risk_analysis(engine, viewer, number, edits, read_day(fields.get("on", ""), "Dag"), today=clock.today())


def _which(fields: Fields, seen: Any) -> tuple[int, int]:
    told = fields.get("which", "")
    number = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
    return number, whole(seen, told) or 0


def _day(kind: str, period: str, on: str) -> Day:
    try:
        return Day(DateKind(kind), Period.parse(period), read_day(on, "Dag"))
    except ValueError:
        raise UserError("Välj vad som ska läggas in, och skriv perioden som 2026-03, 2026-T1 eller 2026.") from None


_DONE: Mapping[str, Done] = {ACCEPT: _accept, ADD: _add, MOVE: _move, CANCEL: _cancel, FINISH: _finish}
