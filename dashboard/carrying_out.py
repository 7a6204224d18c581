"""What happens on the page of a control that comes due: drawing its sample, saving, signing, opening again.

Whatever the browser sends is untrusted: the viewer is asked for, and every right checked, at each call. What has been
written is never drawn over: only the message, the sample and the edit that was seen are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from dash import ALL, Input, Output, State, ctx, html, no_update
from sqlalchemy import Engine

from control.occasions.carry_out import Finding, reopen, save, sign
from control.occasions.reading import occasion
from control.occasions.reviews import CONTENTS, draw_plans, progress, read_drawn, review_plan
from control.occasions.samples import draw_sample
from dashboard.components import occasion_forms as forms
from dashboard.components import review_panel as plans
from dashboard.components.occasion_list import ADDRESS
from dashboard.given import given_day, given_number, given_step
from dashboard.refusals import refused, set_status
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import saved_words
from kpi.access import AccessDenied, Place, Viewer
from kpi.live import LiveCatalogue
from kpi.organisation import Organisation
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError

T = TypeVar("T")
_SAVED = "Utkastet är sparat. Det är inte undertecknat."


def register_carrying_out(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """The page's callbacks."""
    _result(callbacks, engine, live, viewer_of)
    _sample(callbacks, engine, viewer_of)
    _plans(callbacks, engine, viewer_of)


def _result(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    @callbacks.add(
        Place.PLAN,
        (Takes.NUMBER, Takes.NUMBER, Takes.STORE, *(Takes.TEXT,) * 5),
        Output("main", "children", allow_duplicate=True),
        Output(forms.TOLD_ID, "children"),
        Output(forms.SEEN_ID, "data", allow_duplicate=True),
        Input(forms.SAVE_ID, "n_clicks"),
        Input(forms.SIGN_ID, "n_clicks"),
        State(forms.SEEN_ID, "data"),
        State(forms.RESULT_ID, "value"),
        State(forms.ANALYSIS_ID, "value"),
        State(forms.PROBABILITY_ID, "value"),
        State(forms.CONSEQUENCE_ID, "value"),
        State(forms.DONE_ID, "value"),
        prevent_initial_call=True,
    )
    def finish(
        saved: int | None,
        signed: int | None,
        seen: Any,
        result: str | None,
        analysis: str | None,
        probability: str | None,
        consequence: str | None,
        done: str | None,
    ) -> tuple[Any, Any, Any]:
        if not saved and not signed:
            return (no_update,) * 3

        def act(viewer: Viewer) -> tuple[Any, Any, Any]:
            number, edits = _seen(seen)
            steps = given_step(probability), given_step(consequence)
            finding = Finding(result, analysis, *steps, given_day(done, "Dagen då kontrollen genomfördes"))
            if ctx.triggered_id == forms.SIGN_ID:
                sign(engine, viewer, live.state().catalogue, number, edits, finding, today=clock.today())
                return _page(engine, live, viewer_of, number), no_update, no_update
            save(engine, viewer, number, edits, finding, today=clock.today())
            return no_update, saved_words(_SAVED), _next(number, edits)

        return _told(engine, viewer_of, act, lambda words: (no_update, words, no_update))

    @callbacks.add(
        Place.PLAN,
        (Takes.NUMBER, Takes.STORE, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Output(forms.REOPENED_ID, "children"),
        Input(forms.REOPEN_ID, "n_clicks"),
        State(forms.SEEN_ID, "data"),
        State(forms.WHY_ID, "value"),
        prevent_initial_call=True,
    )
    def correct(clicks: int | None, seen: Any, why: str | None) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update

        def act(viewer: Viewer) -> tuple[Any, Any]:
            number, edits = _seen(seen)
            reopen(engine, viewer, number, edits, why)
            return _page(engine, live, viewer_of, number), no_update

        return _told(engine, viewer_of, act, lambda words: (no_update, words))


def _sample(callbacks: Callbacks, engine: Engine, viewer_of: ViewerOf) -> None:
    @callbacks.add(
        Place.PLAN,
        (Takes.NUMBER, Takes.STORE, Takes.TEXT, Takes.NUMBER, Takes.TEXT),
        Output(forms.SAMPLE_ID, "children"),
        Output(forms.SEEN_ID, "data", allow_duplicate=True),
        Input(forms.DRAW_ID, "n_clicks"),
        State(forms.SEEN_ID, "data"),
        State(forms.OF_ID, "value"),
        State(forms.POPULATION_ID, "value"),
        State(forms.AGAIN_ID, "value"),
        prevent_initial_call=True,
    )
    def draw(clicks: int | None, seen: Any, of: str | None, population: Any, why: str | None) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update

        def act(viewer: Viewer) -> tuple[Any, Any]:
            number, edits = _seen(seen)
            many = given_number(population)
            sample = draw_sample(engine, viewer, number, edits, of=of, population=many, reason=why)
            return forms.sample_words(sample, "Stickprovet är draget och sparat."), _next(number, edits)

        def failed(words: Any) -> tuple[Any, Any]:
            with reading(engine) as connection:
                viewer = viewer_of(read_organisation(connection))
                try:
                    sample = occasion(connection, viewer, _seen(seen)[0]).occasion.sample
                except (AccessDenied, NotFound):
                    return words, no_update
            return [words, *forms.sample_words(sample)], no_update

        return _told(engine, viewer_of, act, failed)


def _plans(callbacks: Callbacks, engine: Engine, viewer_of: ViewerOf) -> None:
    def cards(viewer: Viewer, number: int) -> list[Any]:
        with reading(engine) as connection:
            organisation = read_organisation(connection)
            is_open = occasion(connection, viewer, number).occasion.status == "due"
        return plans.plan_cards(read_drawn(engine, viewer, number), organisation, is_open=is_open)

    @callbacks.add(Place.PLAN, (Takes.NUMBER,), Output(plans.PLANS_ID, "children"), Input(plans.PLANS_OF_ID, "data"))
    def show(number: Any) -> list[Any]:
        return _told(engine, viewer_of, lambda viewer: cards(viewer, given_number(number) or 0), lambda words: [words])

    @callbacks.add(
        Place.PLAN,
        (Takes.NUMBER, Takes.STORE),
        Output(plans.PLANS_ID, "children", allow_duplicate=True),
        Output(plans.STATE_ID, "children"),
        Output(forms.SEEN_ID, "data", allow_duplicate=True),
        Input(plans.DRAW_ID, "n_clicks"),
        State(forms.SEEN_ID, "data"),
        prevent_initial_call=True,
    )
    def draw(clicks: int | None, seen: Any) -> tuple[Any, Any, Any]:
        if not clicks:
            return (no_update,) * 3

        def act(viewer: Viewer) -> tuple[Any, Any, Any]:
            number, edits = _seen(seen)
            sample = draw_plans(engine, viewer, number, edits)
            told = f"{sample.size} av {sample.population} planer är lottade. {forms.draw_words(sample)}"
            return cards(viewer, number), saved_words(told), _next(number, edits)

        return _told(engine, viewer_of, act, lambda words: (words, no_update, no_update))

    @callbacks.add(
        Place.PLAN,
        (Takes.CLICKS, Takes.TEXTS, Takes.IDENTITIES, Takes.STORE, Takes.NUMBER),
        Output(plans.TOLD_ID, "children"),
        Output(plans.SEEN_ID, "data"),
        Input({"type": plans.SAVE_TYPE, "plan": ALL}, "n_clicks"),
        State({"type": plans.ANSWER_TYPE, "plan": ALL, "question": ALL}, "value"),
        State({"type": plans.ANSWER_TYPE, "plan": ALL, "question": ALL}, "id"),
        State(plans.SEEN_ID, "data"),
        State(plans.PLANS_OF_ID, "data"),
        prevent_initial_call=True,
    )
    def review(
        clicks: list[int | None], values: list[str | None], ids: list[dict[str, Any]], seen: Any, number: Any
    ) -> tuple[Any, Any]:
        pressed = ctx.triggered_id
        if not any(clicks) or not isinstance(pressed, dict):
            return no_update, no_update

        def act(viewer: Viewer) -> tuple[Any, Any]:
            case_no = given_number(pressed.get("plan")) or 0
            edits = given_number(seen.get(str(case_no))) if isinstance(seen, dict) else None
            answers = {
                one.get("question"): {"ja": True, "nej": False}.get(value or "")
                for one, value in zip(ids, values, strict=False)
                if one.get("plan") == case_no
            }
            contents = [answers.get(at) for at in range(len(CONTENTS))]
            done = review_plan(engine, viewer, case_no, -1 if edits is None else edits, contents, today=clock.today())
            with reading(engine) as connection:
                words = plans.progress_words(progress(connection, viewer, given_number(number) or 0))
            return saved_words(f"Plan {done.row_no} är sparad. {words}"), seen | {str(case_no): done.edits}

        return _told(engine, viewer_of, act, lambda words: (words, no_update))


def _told(engine: Engine, viewer_of: ViewerOf, act: Callable[[Viewer], T], failed: Callable[[html.P], T]) -> T:
    """What the act answers, or why it was not done."""
    viewer = _viewer(engine, viewer_of)
    try:
        return act(viewer)
    except AccessDenied as denied:
        return failed(_notice(refused(engine, viewer, denied)))
    except NotFound as missing:
        set_status(404)
        return failed(_notice(str(missing)))
    except UserError as error:
        return failed(_notice(str(error)))


def _viewer(engine: Engine, viewer_of: Callable[[Organisation], Viewer]) -> Viewer:
    with reading(engine) as connection:
        organisation = read_organisation(connection)
    return viewer_of(organisation)


def _notice(words: str) -> html.P:
    return html.P(words, className="notice")


def _seen(seen: Any) -> tuple[int, int]:
    """Which occasion the page shows, and as of which edit."""
    held = seen if isinstance(seen, dict) else {}
    number, edits = given_number(held.get("number")), given_number(held.get("edits"))
    if number is None or edits is None:
        raise NotFound("Sidan är gammal. Ladda om den.")
    return number, edits


def _next(number: int, edits: int) -> dict[str, int]:
    return {"number": number, "edits": edits + 1}


def _page(engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, number: int) -> Any:
    return render(engine, live, viewer_of, f"{ADDRESS}/{number}", "").sent
