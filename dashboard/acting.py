"""What happens on the page Åtgärder: an action is started, changed, ended, commented and judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from dash import ALL, Input, Output, State, no_update
from sqlalchemy import Engine

from control.actions.content import Status
from control.actions.form import ActionForm, read_day
from control.actions.judging import accept_rebase, sign_effect
from control.actions.work import change_action, comment_action, move_action, remove_mark, start_action
from dashboard.components.action_forms import (
    ABOUT_ID,
    BEGIN,
    CANCEL,
    CHANGE,
    COMMENT,
    FINISH,
    JUDGE,
    NEW,
    REBASE,
    REOPEN,
    UNMARK,
)
from dashboard.components.action_table import ADDRESS
from dashboard.components.form_fields import field_id, said_id, save_id
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import problem, sender, whole, word, written
from kpi.access import Place, Viewer
from kpi.definition import Catalogue
from kpi.live import LiveCatalogue
from warehouse import clock

Fields = Mapping[str, str]
Done = Callable[[Engine, Viewer, Catalogue, int, int, Fields], None]
"""What a form of one action does: with the action's number and its `edits` when the page was read."""


def register_acting(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """The page's callbacks. Ids and texts from the browser are untrusted: each service asks for the right itself."""

    @callbacks.add(
        Place.ACTIONS,
        (Takes.NUMBER, Takes.TEXTS, Takes.IDENTITIES, Takes.STORE),
        Output("address", "pathname", allow_duplicate=True),
        Output("address", "search", allow_duplicate=True),
        Output(said_id(NEW), "children"),
        Input(save_id(NEW), "n_clicks"),
        *_fields(NEW),
        State(ABOUT_ID, "data"),
        prevent_initial_call=True,
    )
    def start(clicks: int | None, values: list[str | None], ids: list[dict[str, Any]], about: Any) -> Any:
        if not clicks:
            return no_update, no_update, no_update
        viewer, made = sender(engine, viewer_of), []
        fields, board = written(values, ids), word(about, "board")
        said = problem(engine, viewer, lambda: made.append(_start(engine, viewer, live.catalogue, board, fields)))
        return (f"{ADDRESS}/{made[0]}", "", said) if made else (no_update, no_update, said)

    for form, done in _DONE.items():
        callbacks.add(
            Place.ACTIONS,
            (Takes.NUMBER, Takes.TEXTS, Takes.IDENTITIES, Takes.STORE),
            Output("main", "children", allow_duplicate=True),
            Output(said_id(form), "children"),
            Input(save_id(form), "n_clicks"),
            *_fields(form),
            State(ABOUT_ID, "data"),
            prevent_initial_call=True,
        )(partial(_do, engine, live, viewer_of, done))


def _fields(form: str) -> tuple[State, State]:
    every = {**field_id(form, ""), "name": ALL}
    return State(every, "value"), State(every, "id")


def _do(
    engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, done: Done, clicks: int | None,
    values: list[str | None], ids: list[dict[str, Any]], about: Any,
) -> tuple[Any, Any]:  # fmt: skip
    if not clicks:
        return no_update, no_update
    viewer, number, seen = sender(engine, viewer_of), whole(about, "number") or 0, whole(about, "seen") or 0
    fields = written(values, ids)
    said = problem(engine, viewer, lambda: done(engine, viewer, live.catalogue, number, seen, fields))
    if said is not no_update:
        return no_update, said
    return render(engine, live, viewer_of, f"{ADDRESS}/{number}", "").sent, no_update


def _start(engine: Engine, viewer: Viewer, catalogue: Catalogue, board: str, fields: Fields) -> int:
    unit = fields.get("unit", "")
    return start_action(
        engine,
        viewer,
        catalogue,
        board,
        _form(fields),
        today=clock.today(),
        unit_code=unit if unit not in ("", board) else None,
        kpi_id=fields.get("kpi") or None,
    )


def _form(fields: Fields) -> ActionForm:
    return ActionForm(**{name: fields[name] for name in ActionForm.__dataclass_fields__ if name in fields})


def _change(
    engine: Engine, viewer: Viewer, catalogue: Catalogue, number: int, seen: int, fields: Fields
) -> None:  # fmt: skip
    change_action(engine, viewer, catalogue, number, seen, _form(fields), reason=fields.get("reason", ""))


def _move(
    to: Status, engine: Engine, viewer: Viewer, _catalogue: Catalogue, number: int, seen: int, fields: Fields
) -> None:
    today = clock.today()
    on = read_day(fields["on"], "Dag") if "on" in fields else today
    move_action(engine, viewer, number, seen, to, on=on, today=today, text=fields.get("text", ""))


def _comment(
    engine: Engine, viewer: Viewer, _catalogue: Catalogue, number: int, _seen: int, fields: Fields
) -> None:  # fmt: skip
    comment_action(engine, viewer, number, fields.get("text", ""))


def _judge(engine: Engine, viewer: Viewer, catalogue: Catalogue, number: int, _seen: int, fields: Fields) -> None:
    effect, motivation = fields.get("effect", ""), fields.get("text", "")
    sign_effect(engine, viewer, catalogue, number, effect, motivation, today=clock.today())


def _rebase(engine: Engine, viewer: Viewer, catalogue: Catalogue, number: int, _seen: int, _fields: Fields) -> None:
    accept_rebase(engine, viewer, catalogue, number)


def _unmark(engine: Engine, viewer: Viewer, _catalogue: Catalogue, number: int, _seen: int, fields: Fields) -> None:
    told = fields.get("mark", "")
    mark_no = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
    remove_mark(engine, viewer, number, mark_no, fields.get("text", ""))


_DONE: Mapping[str, Done] = {
    CHANGE: _change,
    COMMENT: _comment,
    JUDGE: _judge,
    REBASE: _rebase,
    UNMARK: _unmark,
    BEGIN: partial(_move, Status.STARTED),
    FINISH: partial(_move, Status.DONE),
    REOPEN: partial(_move, Status.STARTED),
    CANCEL: partial(_move, Status.CANCELLED),
}
