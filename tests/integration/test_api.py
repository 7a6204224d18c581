"""The API for programs: a token of its own, the same views as the pages, and every read recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from control.login.tokens import issue_token, revoke_token
from kpi.access import OPERATOR, Grant, Role
from kpi.loader import load_catalogue
from tests.builders.login import Installed, install
from tests.builders.provider import PUBLIC, SigningKey, StandIn
from tests.builders.release_rows import release
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading
from warehouse.errors import TooMuch
from warehouse.migrate import upgrade
from warehouse.settings import Settings

SHARE = "sip_call_complete"
PRESIDIUM = Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"}))
MEMBER = Grant(Role.MEMBER, "1287", frozenset({"1287-SN"}))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A closed tertial with one hidden value, and calls that were computed."""
    from kpi.compute import compute

    folder = tmp_path_factory.mktemp("api_read")
    engine = open_engine(f"sqlite:///{folder / 'samkoll.db'}")
    upgrade(engine)
    deliver(engine, "2025-06-30", org_units=ORGANISATION)
    deliver(engine, "2025-06-30", sips=[_sip(one) for one in range(8)])
    compute(engine, load_catalogue(Settings().definitions))
    shown = (SHARE, "1287-SN", "board", "2024-T3", "", (43, 79, 43 / 79, 79))
    release(engine, "1287-SN", "2024-T3", [shown, (SHARE, "1287-N", "unit", "2024-T3", "", None)])
    return install(engine, folder, StandIn(SigningKey("k1")))


def _sip(number: int) -> dict[str, Any]:
    return {
        "sip_id": f"s{number}", "municipality_code": "1287", "unit_code": "1287-N", "person_id": f"p{number}",
        "initiator_actor": "socialtjanst", "initiated_on": "2025-03-05", "called_on": "2025-03-05", "consent": "given",
        "purpose_stated": number < 6, "question_stated": number < 6,
    }  # fmt: skip


@pytest.fixture(scope="module")
def client(installed: Installed) -> FlaskClient:
    return installed.server.test_client()


def token(installed: Installed, *grants: Grant) -> str:
    return issue_token(installed.engine, OPERATOR, "rapporter", grants, 10)[1]


def ask(client: FlaskClient, path: str, presented: str | None, **more: Any) -> TestResponse:
    headers = {} if presented is None else {"Authorization": f"Bearer {presented}"}
    return client.get(f"/api/{path}", base_url=PUBLIC, headers=headers, **more)


def recorded(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        told = ("api_read", "access_refused")
        rows = connection.execute(select(audit_event).where(audit_event.c.action.in_(told))).all()
    return [(row.actor, row.action, row.resource) for row in rows]


def test_the_key_figures(installed: Installed, client: FlaskClient) -> None:
    answer = ask(client, "nyckeltal", token(installed, MEMBER))
    assert (answer.status_code, answer.content_type) == (200, "application/json; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    told = {one["id"]: one for one in answer.json or []}
    assert told[SHARE]["period"] == "month"
    assert set(told[SHARE]) == {"id", "name", "unit", "period"}
    assert recorded(installed.engine)[-1] == ("token rapporter", "api_read", "nyckeltal")


def test_a_figure_as_the_command_line_tells_it(installed: Installed, client: FlaskClient) -> None:
    path = f"nyckeltal/{SHARE}?enhet=1287-SN&fran=2025-03&till=2025-03"
    answer = ask(client, path, token(installed, PRESIDIUM))
    assert answer.status_code == 200
    [one] = json.loads(answer.data)
    assert (one["unit"], one["period"], one["numerator"], one["denominator"], one["value"]) == (
        "1287-SN", "2025-03", 6, 8, 0.75,
    )  # fmt: skip
    assert one["suppressed"] is False
    assert recorded(installed.engine)[-1][2] == f"nyckeltal {SHARE} enhet=1287-SN fran=2025-03 till=2025-03"


def test_a_token_reads_what_its_role_reads(installed: Installed, client: FlaskClient) -> None:
    assert ask(client, f"nyckeltal/{SHARE}", token(installed, MEMBER)).json == []
    for grant in (MEMBER, Grant(Role.PRESIDIUM, "1263", frozenset({"1263-SN"}))):
        refused = ask(client, f"nyckeltal/{SHARE}?enhet=1287-SN", token(installed, grant))
        assert (refused.status_code, list(refused.json or {})) == (403, ["error"])
        assert "behörighet" in (refused.json or {})["error"]
        assert recorded(installed.engine)[-1] == (
            "token rapporter", "access_refused", f"nyckeltal {SHARE} enhet=1287-SN",
        )  # fmt: skip


def test_what_is_released_hides_what_is_hidden(installed: Installed, client: FlaskClient) -> None:
    answer = ask(client, f"slappt/{SHARE}", token(installed, MEMBER))
    told = {one["unit"]: one for one in answer.json or []}
    assert (told["1287-SN"]["numerator"], told["1287-SN"]["suppressed"]) == (43, False)
    hidden = told["1287-N"]
    assert (hidden["suppressed"], hidden["status"]) == (True, "suppressed")
    assert {hidden[name] for name in ("numerator", "denominator", "value", "cases")} == {None}
    other = Grant(Role.MEMBER, "1263", frozenset({"1263-SN"}))
    assert ask(client, f"slappt/{SHARE}", token(installed, other)).json == []


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("nyckeltal/finns-inte", 404, "finns-inte"),
        ("slappt/finns-inte", 404, "finns-inte"),
        (f"nyckeltal/{SHARE}?enhet=finns-inte", 404, "finns-inte"),
        (f"nyckeltal/{SHARE}?fran=2025-13", 400, "ingen period"),
        ("annat", 404, "finns inte i API:et"),
    ],
)
def test_what_cannot_be_answered_is_told(
    installed: Installed, client: FlaskClient, path: str, status: int, sentence: str
) -> None:
    answer = ask(client, path, token(installed, PRESIDIUM))
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert sentence in (answer.json or {})["error"]


def test_without_a_token_that_holds_nothing_is_told(installed: Installed, client: FlaskClient) -> None:
    number, revoked = issue_token(installed.engine, OPERATOR, "gammal", [PRESIDIUM], 10)
    revoke_token(installed.engine, OPERATOR, number)
    for presented in (None, "", "x", "samkoll_x", revoked):
        answer = ask(client, f"nyckeltal/{SHARE}", presented)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Samkoll"')
        assert list(answer.json or {}) == ["error"]
    held = token(installed, PRESIDIUM)
    basic = client.get("/api/nyckeltal", base_url=PUBLIC, headers={"Authorization": f"Basic {held}"})
    assert basic.status_code == 401
    assert ask(client, f"nyckeltal?token={held}", None).status_code == 401


def test_a_readers_session_is_no_token_and_a_token_no_session(installed: Installed) -> None:
    browser = installed.browser()
    browser.log_in()
    assert browser.get("/api/nyckeltal").status_code == 401
    held = token(installed, PRESIDIUM)
    outside = installed.browser()
    assert outside.get("/_dash-layout", headers={"Authorization": f"Bearer {held}"}).status_code == 401
    assert browser.post("/api/nyckeltal").status_code in (401, 404, 405)


def test_what_cannot_be_recorded_is_not_given(
    installed: Installed, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = token(installed, PRESIDIUM)

    def refuse(*_: object) -> None:
        raise OSError("full disk")

    monkeypatch.setattr("dashboard.api.record", refuse)
    answer = ask(client, f"nyckeltal/{SHARE}", held)
    assert (answer.status_code, list(answer.json or {})) == (500, ["error"])


def test_a_wrong_token_is_recorded_without_it_and_not_without_end(installed: Installed) -> None:
    client = installed.server.test_client()
    before = len(installed.recorded())
    for number in range(14):
        wrong = {"Authorization": f"Bearer samkoll_fel{number}"}
        there = {"REMOTE_ADDR": "192.0.2.77"}
        answer = client.get("/api/nyckeltal", base_url=PUBLIC, headers=wrong, environ_base=there)
        assert answer.status_code == 401
    assert installed.recorded()[before:] == [("", "login_refused", "api: wrong token")] * 10


def test_a_revoked_token_is_recorded_and_not_without_end(installed: Installed, client: FlaskClient) -> None:
    number, revoked = issue_token(installed.engine, OPERATOR, "indragen", [PRESIDIUM], 10)
    revoke_token(installed.engine, OPERATOR, number)
    before = len(installed.recorded())
    for at in range(25):
        answer = ask(client, "nyckeltal", revoked, environ_base={"REMOTE_ADDR": f"192.0.2.{at}"})
        assert answer.status_code == 401
    mine = [one for one in installed.recorded()[before:] if one[0] == "token indragen"]
    assert mine == [("token indragen", "login_refused", f"token {number}: revoked")] * 10


def test_what_would_take_too_much_is_the_askers_to_narrow(
    installed: Installed, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_: Any, **__: Any) -> None:
        raise TooMuch("För mycket. Välj en kortare tid.")

    monkeypatch.setattr("dashboard.api.figure_values", too_much)
    answer = ask(client, f"nyckeltal/{SHARE}", token(installed, PRESIDIUM))
    assert (answer.status_code, answer.json) == (400, {"error": "För mycket. Välj en kortare tid."})


def test_a_read_is_told_in_the_municipality_that_was_read(installed: Installed, client: FlaskClient) -> None:
    held = token(installed, PRESIDIUM, Grant(Role.CENTRAL_CONTROLLER, "1263"))
    for path in (f"nyckeltal/{SHARE}?enhet=1287-SN", f"slappt/{SHARE}?enhet=1287-SN"):
        assert ask(client, path, held).status_code == 200
        with reading(installed.engine) as connection:
            event = connection.execute(select(audit_event).order_by(audit_event.c.event_no.desc()).limit(1)).one()
        assert (event.action, event.municipality_code, event.details.keys()) == ("api_read", "1287", {"who"})
