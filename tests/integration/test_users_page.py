"""Användare: an administrator sees and ends what reaches into the own municipality; a changed setting is an event."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import dash
import pytest
from sqlalchemy import Engine, select

from control.audit.reading import Filter, read_log
from control.audit.settings_seen import record_settings
from control.login.administration import admitted, log_out_user, name_of, withdraw_token
from control.login.grants import Person
from control.login.sessions import Lifetime, find_session, open_session
from control.login.tokens import find_token, issue_token
from dashboard.app import create_app
from dashboard.components.user_panels import END_TYPE, WITHDRAW_TYPE
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.views.errors import NotFound
from tests.builders.closed_world import BOARD
from tests.builders.dash_calls import PAGE, LoginAs, post
from tests.builders.warehouse import deliver
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.login_settings import GrantSetting, LoginSettings
from warehouse.settings import Settings

LIFETIME = Lifetime(timedelta(minutes=30), timedelta(hours=10))
HERE, ELSEWHERE = Grant(Role.CHIEF, "1287", frozenset({"1287-SN"})), Grant(Role.CHIEF, "1263", frozenset({"1263-SN"}))
ADMIN = Viewer("administratör", (Grant(Role.ADMIN, "1287"),))
SECRET = "mycket-hemligt-och-langre-an-trettiotva"


def person(label: str, grant: Grant) -> Person:
    return Person(f"{label}-hash-som-ar-langre-an-sexton", label, (grant,))


@pytest.fixture
def world(engine: Engine) -> dict[str, Any]:
    found: dict[str, Any] = {"engine": engine}
    found["own"] = open_session(engine, person("chef", HERE), LIFETIME)
    found["again"] = open_session(engine, person("chef", HERE), LIFETIME)
    found["other"] = open_session(engine, person("grannchef", ELSEWHERE), LIFETIME)
    found["token"] = issue_token(engine, OPERATOR, "rapport", [HERE], 30)
    found["other token"] = issue_token(engine, OPERATOR, "grannrapport", [ELSEWHERE], 30)
    return found


def names(engine: Engine) -> dict[str, str]:
    """What names each user in a browser, as nobody but the test may know of the neighbour's."""
    everywhere = Viewer("alla", (Grant(Role.ADMIN, "1287"), Grant(Role.ADMIN, "1263")))
    with reading(engine) as connection:
        return {one.viewer.user: name_of(one) for one in admitted(connection, everywhere, LIFETIME).sessions}


def test_an_administrator_sees_and_ends_what_is_the_municipalitys(world: dict[str, Any]) -> None:
    engine = world["engine"]
    with reading(engine) as connection:
        found = admitted(connection, ADMIN, LIFETIME)
    assert {one.viewer.user for one in found.sessions} == {"chef"}
    assert [one.name for one in found.tokens] == ["rapport"]
    known = names(engine)
    for name in (known["grannchef"], "x", ""):
        with pytest.raises(NotFound, match="inte inloggad längre"):
            log_out_user(engine, ADMIN, LIFETIME, name)
    assert log_out_user(engine, ADMIN, LIFETIME, known["chef"]) == 2
    assert find_session(engine, world["own"], LIFETIME) is find_session(engine, world["again"], LIFETIME) is None
    assert find_session(engine, world["other"], LIFETIME) is not None
    for number in (world["other token"][0], 0, 99):
        with pytest.raises(NotFound, match="gäller inte längre"):
            withdraw_token(engine, ADMIN, LIFETIME, number)
    assert withdraw_token(engine, ADMIN, LIFETIME, world["token"][0]) == "rapport"
    assert find_token(engine, world["token"][1]) is None
    assert find_token(engine, world["other token"][1]) is not None


def events_of(engine: Engine, code: str) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        page = read_log(connection, Viewer("dpo", (Grant(Role.DPO, code),)), code, Filter(), limit=50)
    return [(one.action, one.resource) for one in page.events]


def test_what_serves_two_municipalities_is_told_in_both_and_ended_within_reach_only(engine: Engine) -> None:
    both = Person("b" * 64, "gemensam", (HERE, ELSEWHERE))
    open_session(engine, both, LIFETIME)
    there = open_session(engine, Person("b" * 64, "gemensam", (ELSEWHERE,)), LIFETIME)
    number, key = issue_token(engine, OPERATOR, "båda", [HERE, ELSEWHERE], 30)
    with reading(engine) as connection:
        found = admitted(connection, ADMIN, LIFETIME)
    assert [one.viewer.grants for one in found.sessions] == [(HERE,)]
    assert [one.grants for one in found.tokens] == [(HERE,)]
    with pytest.raises(AccessDenied, match="annan kommun"):
        withdraw_token(engine, ADMIN, LIFETIME, number)
    assert find_token(engine, key) is not None
    assert log_out_user(engine, ADMIN, LIFETIME, name_of(found.sessions[0])) == 1
    assert find_session(engine, there, LIFETIME) is not None
    for code in ("1287", "1263"):
        assert {("session_ended", "gemensam"), ("token_created", f"{number} båda")} <= set(events_of(engine, code))
    assert events_of(engine, "1214") == []


def test_nobody_else_sees_who_is_logged_in(sqlite_engine: Engine) -> None:
    for role in set(Role) - {Role.ADMIN, Role.OPERATOR}:
        viewer = Viewer(role.value, (Grant(role, "1287", frozenset({"1287-SN"})),))
        with reading(sqlite_engine) as connection, pytest.raises(AccessDenied):
            admitted(connection, viewer, LIFETIME)


@pytest.fixture
def installed(sqlite_engine: Engine, tmp_path: Path) -> tuple[dash.Dash, LoginAs, Engine]:
    deliver(sqlite_engine, "2025-06-30", org_units=BOARD)
    login = LoginSettings(
        issuer="https://id.example", client_id="samkoll", client_secret=SECRET, public_address="https://samkoll.example",
        grants=(GrantSetting(claim_value="grupp-1", role="chief", municipality="1287", boards=("1287-SN",)),),
    )  # fmt: skip
    settings = Settings(data_dir=tmp_path, login=login, pseudonym_key=SECRET)
    being = LoginAs(ADMIN)
    return create_app(sqlite_engine, settings, login=being), being, sqlite_engine


def callback(app: dash.Dash) -> str:
    return next(one for one in app.server.config["SAMKOLL_CALLBACKS"] if one.endswith("...administered.children.."))


def pressed(app: dash.Dash, kind: str, identity: dict[str, Any]) -> Any:
    """Press a button of the page, or one that is made up."""
    id_ = json.dumps(dict(sorted(identity.items())), separators=(",", ":"))
    mine = [{"id": identity, "property": "n_clicks", "value": 1}]
    body = {"inputs": [mine if kind == END_TYPE else [], mine if kind == WITHDRAW_TYPE else []]}
    client = app.server.test_client()
    return post(client, callback(app), [], [""], **body, changedPropIds=[f"{id_}.n_clicks"])


def test_the_page_holds_no_secret_and_its_buttons_do_what_they_say(
    installed: tuple[dash.Dash, LoginAs, Engine],
) -> None:
    app, being, engine = installed
    token = open_session(engine, person("chef", HERE), LIFETIME)
    number, key = issue_token(engine, OPERATOR, "rapport", [HERE], 30)
    shown = post(app.server.test_client(), PAGE, ["/", "", 0]).get_data(as_text=True)
    for told in ("Anv\\u00e4ndare", "grupp-1", "rapport", "1287-SN", "pseudonym_key"):
        assert told in shown
    for secret in (SECRET, token, key, name_of_all(engine)):
        assert secret not in shown
    name = names(engine)["chef"]
    assert pressed(app, END_TYPE, {"user": name, "type": END_TYPE}).status_code == 200
    assert find_session(engine, token, LIFETIME) is None
    assert pressed(app, WITHDRAW_TYPE, {"token": number, "type": WITHDRAW_TYPE}).status_code == 200
    assert find_token(engine, key) is None
    being.is_now = Viewer("chef", (HERE,))
    refused = pressed(app, END_TYPE, {"user": name, "type": END_TYPE})
    assert refused.status_code == 403


def name_of_all(engine: Engine) -> str:
    """The whole hash of a user, of which the page has the beginning only."""
    return person("chef", HERE).subject_hash


def test_a_changed_setting_is_an_event_and_an_unchanged_one_is_not(engine: Engine, tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path, pseudonym_key=SECRET)
    assert "max_file_mb" in record_settings(engine, first.told())
    assert record_settings(engine, first.told()) == ()
    changed = Settings(data_dir=tmp_path, pseudonym_key=SECRET, max_file_mb=7)
    assert record_settings(engine, changed.told()) == ("max_file_mb",)
    with engine.connect() as connection:
        events = connection.execute(select(audit_event.c.resource, audit_event.c.details)).all()
    assert [one.resource for one in events] == ["första starten", "max_file_mb"]
    assert SECRET not in str(events)


def test_what_is_told_of_settings_holds_no_password(tmp_path: Path) -> None:
    told = Settings(data_dir=tmp_path, database_url=f"postgresql://samkoll:{SECRET}@db/samkoll").told()
    assert told["database_url"] == "postgresql://samkoll:***@db/samkoll"
    assert told["pseudonym_key"] == "inte satt"
