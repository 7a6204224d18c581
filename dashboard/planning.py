"""What happens on the page Intern kontroll: one form is saved at a time. It keeps what was typed when saving fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import ALL, Input, Output, State, html, no_update
from sqlalchemy import Engine

from control.plan import form as read
from control.plan.editing import remove_control, remove_risk, save_control, save_risk
from control.plan.life import (
    adopt,
    begin_plan,
    begin_revision,
    close_plan,
    follow_up,
    propose,
    take_back,
    withdraw_revision,
)
from control.plan.scale import set_scale
from dashboard.components.link import address
from dashboard.components.plan_forms import ABOUT_ID, FIELD_TYPE, KPIS_ID, RESULT_ID, SAVE_CONTROL_ID, SAVE_ID, Form
from dashboard.limits import query_of
from dashboard.pages.control_plan import ADDRESS
from dashboard.refusals import refused, set_status
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from kpi.access import AccessDenied, Place, Viewer
from kpi.live import LiveCatalogue
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError

Told = Mapping[str, str]
About = Mapping[str, Any]


def register_planning(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """The page's callbacks. Ids, texts and what a form says it is about are untrusted: each service asks again."""

    def answer(about: Any, told: Told, search: str | None, kpis: Sequence[str] = ()) -> tuple[Any, Any, Any]:
        with reading(engine) as connection:
            viewer = viewer_of(read_organisation(connection))
        try:
            after = _carry_out(engine, live, viewer, about if isinstance(about, dict) else {}, told, kpis)
        except AccessDenied as denied:
            return no_update, _notice(refused(engine, viewer, denied)), no_update
        except NotFound as missing:
            set_status(404)
            return no_update, _notice(str(missing)), no_update
        except UserError as error:
            return no_update, _notice(str(error)), no_update
        query = query_of(search or "")
        kept = {name: query[name] for name in ("enhet", "ar") if name in query} | after
        found = address("", **kept)
        if found == (search or ""):
            return render(engine, live, viewer_of, ADDRESS, found).sent, no_update, no_update
        return no_update, no_update, found

    outputs = (
        Output("main", "children", allow_duplicate=True),
        Output(RESULT_ID, "children"),
        Output("address", "search", allow_duplicate=True),
    )
    states = (
        State({"type": FIELD_TYPE, "name": ALL}, "value"),
        State({"type": FIELD_TYPE, "name": ALL}, "id"),
        State(ABOUT_ID, "data"),
        State("address", "search"),
    )
    takes = (Takes.TEXTS, Takes.IDENTITIES, Takes.STORE, Takes.TEXT)

    @callbacks.add(
        Place.PLAN, (Takes.NUMBER, *takes), *outputs, Input(SAVE_ID, "n_clicks"), *states, prevent_initial_call=True
    )
    def save(clicks: Any, values: list[Any], ids: list[Any], about: Any, search: str | None) -> tuple[Any, Any, Any]:
        return answer(about, _told(values, ids), search) if clicks else (no_update,) * 3

    @callbacks.add(
        Place.PLAN,
        (Takes.NUMBER, Takes.TEXTS, *takes),
        *(Output(one.component_id, one.component_property, allow_duplicate=True) for one in outputs),
        Input(SAVE_CONTROL_ID, "n_clicks"),
        State(KPIS_ID, "value"),
        *states,
        prevent_initial_call=True,
    )
    def save_with_figures(
        clicks: Any, kpis: list[str | None], values: list[Any], ids: list[Any], about: Any, search: str | None
    ) -> tuple[Any, Any, Any]:
        chosen = [one for one in kpis if one]
        return answer(about, _told(values, ids), search, chosen) if clicks else (no_update,) * 3


def _told(values: Sequence[Any], ids: Sequence[Any]) -> Told:
    return {str(one.get("name")): value or "" for one, value in zip(ids, values, strict=False) if one}


def _notice(sentence: str) -> html.P:
    return html.P(sentence, className="notice")


def _carry_out(
    engine: Engine, live: LiveCatalogue, viewer: Viewer, about: About, told: Told, kpis: Sequence[str]
) -> dict[str, str]:
    """Do what the form asks; what the address tells of afterwards."""
    form, today = str(about.get("form")), clock.today()
    plan_no, seen = _number(about.get("plan")), str(about.get("seen", ""))
    board, risk_id, control_id = (str(about.get(name, "")) for name in ("board", "risk", "control"))
    if form == Form.BEGIN:
        year, start = read.start_from(told)
        begin_plan(engine, viewer, board, year, start, today=today)
        return {"enhet": board, "ar": str(year)}
    if form == Form.RISK:
        save_risk(engine, viewer, plan_no, read.risk_from(told, risk_id), seen)
    elif form == Form.CONTROL:
        control = read.control_from(told, control_id, kpis)
        save_control(engine, viewer, live.catalogue, plan_no, risk_id, control, seen)
    elif form == Form.REMOVE:
        if control_id:
            remove_control(engine, viewer, plan_no, risk_id, control_id, seen)
        else:
            remove_risk(engine, viewer, plan_no, risk_id, seen)
    elif form == Form.REVISE:
        begin_revision(engine, viewer, plan_no, told.get("reason", ""))
    elif form == Form.SCALE:
        scale = read.scale_from(told, _number(about.get("steps")))
        set_scale(engine, viewer, board, scale, _number(about.get("edits")))
    elif form == Form.ADOPT:
        adopt(engine, viewer, plan_no, seen, read.decision_from(told), today=today)
    elif form in _ENDS:
        _ENDS[form](engine, viewer, plan_no, read.decision_from(told), today=today)
    elif form in _MOVES:
        _MOVES[form](engine, viewer, plan_no, seen)
    else:
        raise UserError("Formuläret går inte att förstå. Ladda om sidan.")
    return {}


_MOVES: Mapping[str, Callable[..., None]] = {
    Form.PROPOSE: propose,
    Form.TAKE_BACK: take_back,
    Form.WITHDRAW: withdraw_revision,
}
_ENDS: Mapping[str, Callable[..., None]] = {Form.FOLLOW_UP: follow_up, Form.CLOSE: close_plan}


def _number(given: Any) -> int:
    """A number that a form tells; 0, which is no plan, for anything else."""
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**31 else 0
