"""Series of deviations: who is told of them, and how one is closed, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from control.actions.content import Status
from control.actions.form import ActionForm
from control.actions.work import move_action, start_action
from control.locking import ChangedMeanwhile
from control.series import OpenSeries, close_series, decisions, named, open_series
from dashboard.app import create_app
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.period import Period
from kpi.recurring import Sort
from kpi.views.organisation import read_organisation
from tests.builders.case_world import logged
from tests.builders.closed_world import BOARD, choose, deviation_rows, fill
from tests.builders.dash_calls import PAGE, LoginAs, post, words
from tests.builders.figures import catalogue
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.settings import Settings

CATALOGUE = choose("deviations_reported")
HOME = "1287-SN"
SORT = Sort("1287-A", "oklart_ansvar", "bup")
UNTIL = Period.parse("2025-12")
AUTUMN = {"1287-A": [0] * 8 + [1, 2, 0, 1], "1287-B": [0] * 10 + [3, 3]}


def of(role: Role, board: str = HOME, **more: frozenset[str]) -> Viewer:
    return Viewer(role.value, (Grant(role, "1287", frozenset({board}), **more),))


CHIEF, DEVELOPER, AUDITOR = of(Role.CHIEF), of(Role.DEVELOPER), of(Role.AUDITOR)
MANAGER, NEXT_DOOR = (of(Role.UNIT_MANAGER, units=frozenset({unit})) for unit in ("1287-A", "1287-B"))


@pytest.fixture
def world(engine: Engine) -> Engine:
    return fill(engine, CATALOGUE, BOARD, deviations=deviation_rows(AUTUMN))


def told(engine: Engine, viewer: Viewer = CHIEF) -> tuple[OpenSeries, ...]:
    with reading(engine) as connection:
        return open_series(connection, viewer, read_organisation(connection), HOME)


def close(engine: Engine, viewer: Viewer = CHIEF, follows: int | None = None, **more: object) -> int:
    return close_series(engine, viewer, HOME, SORT, seen=UNTIL, follows=follows, **more)  # type: ignore[arg-type]


def test_a_series_is_closed_by_an_action_or_a_reason_once(world: Engine) -> None:
    (one,) = told(world)
    assert (one.sort, one.count, one.follows, one.may_close) == (SORT, 4, None, True)
    assert [str(month) for month in one.months] == ["2025-09", "2025-10", "2025-12"]
    with pytest.raises(UserError, match="oklart ansvar, BUP på 1287-A har varken en åtgärd eller ett skäl"):
        close(world)
    with pytest.raises(ChangedMeanwhile):
        close_series(world, CHIEF, HOME, SORT, seen=Period.parse("2025-10"), follows=None, reason="Det har gått över.")
    with pytest.raises(UserError, match="svarar inte på serien"):
        close(world, action_no=99)
    form = ActionForm("Möt BUP varje månad", "Otydligt vem som kallar", "Enhetschefen", "2026-01-07", "2026-05-01",
                      cost_class="low", origin="deviations", origin_reference=named(SORT))  # fmt: skip
    action = start_action(world, MANAGER, CATALOGUE, HOME, form, today=clock.today(), unit_code="1287-A")
    (one,) = told(world, MANAGER)
    assert one.has_own_action
    first = close(world, MANAGER, action_no=action)
    assert told(world) == ()
    with pytest.raises(ChangedMeanwhile):
        close(world, reason="Vi enades i december.")
    with reading(world) as connection:
        (kept,) = decisions(connection, AUDITOR, HOME)
    assert (kept.number, kept.sort, kept.action_no, kept.reason, str(kept.last), kept.by) == (
        first, SORT, action, None, "2025-12", "unit_manager",
    )  # fmt: skip
    assert logged(world)[-1][:2] == ("unit_manager", "series_closed")
    assert "oklart ansvar, BUP; 1287-A" in logged(world)[-1][2]


def test_later_deviations_begin_a_new_series_that_follows(sqlite_engine: Engine) -> None:
    world = fill(sqlite_engine, CATALOGUE, BOARD, deviations=deviation_rows({"1287-A": [0] * 6 + [1, 1, 1, 1, 1, 1]}))
    first = close(world, reason="Ny rutin från januari.")
    again = [
        one | {"deviation_id": f"again-{month}", "reported_on": f"2026-0{month}-03"}
        for month in (1, 2, 3) for one in deviation_rows({"1287-A": [1]})[:1]
    ]  # fmt: skip
    deliver(world, "2026-03-31", deviations=again)
    assert told(world) == (), "until the figures reach March"
    fill(world, CATALOGUE, [])
    (one,) = told(world)
    assert (one.follows, [str(month) for month in one.months]) == (first, ["2026-01", "2026-02", "2026-03"])


def test_an_action_that_answers_is_about_deviations_there_and_not_over_before_they_began(sqlite_engine: Engine) -> None:
    world = fill(sqlite_engine, CATALOGUE, BOARD, deviations=deviation_rows(AUTUMN))
    today = date(2026, 1, 7)

    def start(unit: str | None = None, kpi: str | None = None, done: str = "", **more: str) -> int:
        form = ActionForm("Gör något", "Oklart vem", "Chefen", "2025-01-07", "2026-05-01", cost_class="low", **more)
        number = start_action(
            world, CHIEF, catalogue(), HOME, form, today=today, unit_code=unit, kpi_id=kpi
        )  # fmt: skip
        if done:
            move_action(world, CHIEF, number, 0, Status.DONE, on=date.fromisoformat(done), today=today)
        return number

    right = [
        start(origin="deviations"), start("1287-A", origin="deviations"), start(kpi="deviation_feedback_60d"),
        start(origin="deviations", done="2025-11-03"),
    ]  # fmt: skip
    wrong = [
        start(kpi="sip_established"),
        start("1287-B", origin="deviations"),
        start(origin="deviations", done="2025-08-31"),
    ]
    (one,) = told(world)
    assert sorted(each.number for each in one.actions) == sorted(right)
    for number in wrong:
        with pytest.raises(UserError, match="svarar inte på serien"):
            close(world, action_no=number)


def test_a_series_that_has_faded_is_told_until_it_is_closed(sqlite_engine: Engine, tmp_path: Path) -> None:
    spring = deviation_rows({"1287-A": [0] * 3 + [1] * 3 + [0] * 6, "1287-B": [0] * 11 + [1]})
    world = fill(sqlite_engine, CATALOGUE, BOARD, deviations=spring)
    (one,) = told(world)
    assert (one.sort, one.is_faded, str(one.months[-1])) == (SORT, True, "2025-06")
    client = create_app(world, Settings(data_dir=tmp_path), login=LoginAs(CHIEF)).server.test_client()
    shown = words(post(client, PAGE, ["/atgarder", "", 0]).json["response"]["main"]["children"])
    assert "1287-A: oklart ansvar, BUP Har inte återkommit sedan juni 2025, men är inte avslutad." in shown
    close_series(world, CHIEF, HOME, SORT, seen=one.months[-1], follows=None, reason="Ny rutin från juli.")
    assert told(world) == ()


def test_who_is_told_what(sqlite_engine: Engine) -> None:
    world = fill(sqlite_engine, CATALOGUE, BOARD, deviations=deviation_rows(AUTUMN))
    seen = {
        viewer.user: [(one.count, one.may_close) for one in told(world, viewer)]
        for viewer in (CHIEF, DEVELOPER, AUDITOR, MANAGER)
    }
    assert seen == {
        "chief": [(4, True)], "developer": [(None, True)], "auditor": [(4, False)], "unit_manager": [(4, True)],
    }  # fmt: skip
    assert told(world, NEXT_DOOR) == ()
    for stranger in (of(Role.SECRETARY), of(Role.CHIEF, "1287-UN")):
        with pytest.raises(AccessDenied):
            told(world, stranger)
    for viewer in (AUDITOR, NEXT_DOOR, of(Role.PRESIDIUM), of(Role.CHIEF, "1287-UN")):
        with pytest.raises(AccessDenied):
            close(world, viewer, reason="Vi enades i december.")


def test_the_page_tells_of_a_series_and_closes_it(sqlite_engine: Engine, tmp_path: Path) -> None:
    world = fill(sqlite_engine, CATALOGUE, BOARD, deviations=deviation_rows(AUTUMN))
    app = create_app(world, Settings(data_dir=tmp_path), login=LoginAs(DEVELOPER))
    client = app.server.test_client()
    key = next(one for one in app.server.config["SAMKOLL_CALLBACKS"] if one.endswith("...series-close-said.children.."))
    shown = words(post(client, PAGE, ["/atgarder", "", 0]).json["response"]["main"]["children"])
    assert "1287-A: oklart ansvar, BUP Rapporterad i tre av sex månader, senast i december 2025." in shown
    assert "Starta åtgärd Avsluta serien" in shown
    assert "4 avvikelser" not in shown, "a developer reads no figures"
    opened = post(client, PAGE, ["/atgarder", "?avsluta=1287-A/oklart_ansvar/bup", 0])
    assert "Avsluta serien" in words(opened.json["response"]["main"]["children"])
    about = {
        "board": HOME, "unit": SORT.unit_code, "category": SORT.category, "counterpart": SORT.counterpart,
        "until": "2025-12",
    }  # fmt: skip

    def send(reason: str) -> str:
        names = [{"type": "series-close-field", "name": name} for name in ("action", "reason")]
        values = [
            {"id": one, "property": "value", "value": value} for one, value in zip(names, ("", reason), strict=True)
        ]
        ids = [{"id": one, "property": "id", "value": one} for one in names]
        state = [values, ids, {"id": "series-about", "property": "data", "value": about}]
        answer = post(client, key, [1], [], state=state).json["response"]
        place = "main" if "main" in answer else "series-close-said"
        return words(answer[place]["children"])

    assert "varken en åtgärd eller ett skäl" in send(" ")
    assert "oklart ansvar" not in send("Vi enades med BUP i december.")
