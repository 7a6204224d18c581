"""Deny by default: a page, callback, file or route without a rule fails here, and is refused when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dash
import pytest
from dash import Input, Output
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from dashboard import pages
from dashboard.app import create_app
from dashboard.login.demo import COOKIE, DemoLogin
from dashboard.login.real import RealLogin
from dashboard.places import ADDRESSES, place_at
from dashboard.routes import ONE, OPEN, WHOLE
from dashboard.rules import ENDPOINTS, Callbacks, Takes
from kpi.access import Place, Role
from kpi.access.places import OPENED_BY
from tests.builders.closed_world import BOARD
from tests.builders.dash_calls import PAGE, demo_client, post
from tests.builders.login import login_settings
from tests.builders.warehouse import deliver
from warehouse.audit_tables import audit_event
from warehouse.settings import Settings

_OFF = {"/_reload-hash", "/_favicon.ico", "static"}
"""What the framework adds and Samkoll does not use: no rule, so refused."""


@pytest.fixture
def app(sqlite_engine: Engine, tmp_path: Path) -> dash.Dash:
    deliver(sqlite_engine, "2025-06-30", org_units=BOARD)
    return create_app(sqlite_engine, Settings(data_dir=tmp_path), login=DemoLogin())


@pytest.fixture
def client(app: dash.Dash) -> FlaskClient:
    return demo_client(app)


def rules_of(app: dash.Dash) -> dict[str, Any]:
    found: dict[str, Any] = app.server.config["SAMKOLL_CALLBACKS"]
    return found


@pytest.fixture
def served(sqlite_engine: Engine, tmp_path: Path) -> dash.Dash:
    """What `samkoll serve` serves; the provider is never asked."""
    login = RealLogin(sqlite_engine, login_settings())
    return create_app(sqlite_engine, Settings(data_dir=tmp_path), login=login)


def test_every_endpoint_has_a_rule(app: dash.Dash, served: dash.Dash) -> None:
    found = {rule.endpoint for one in (app, served) for rule in one.server.url_map.iter_rules()}
    assert found - _OFF == set(ENDPOINTS)


def test_every_callback_on_the_server_has_a_rule_for_each_of_its_values(app: dash.Dash, served: dash.Dash) -> None:
    for made in (app, served):
        on_server = {one["output"]: one for one in made._callback_list if not one["clientside_function"]}
        assert set(on_server) == set(rules_of(made))
        for output, one in on_server.items():
            assert len(rules_of(made)[output].takes) == len(one["inputs"]) + len(one["state"]), output


def test_every_place_has_roles_and_an_address_and_every_page_a_place() -> None:
    assert set(OPENED_BY) == set(Place) == set(ADDRESSES)
    assert all(roles and Role.OPERATOR not in roles for roles in OPENED_BY.values())
    for place, address in ADDRESSES.items():
        assert place_at(address) is place
    served = {function.__module__ for function in (*WHOLE.values(), *ONE.values(), *OPEN.values())}
    written = {f"dashboard.pages.{path.stem}" for path in Path(pages.__path__[0]).glob("*.py")} - {
        "dashboard.pages.__init__"
    }
    assert served == written
    assert set(WHOLE) == set(Place)


def test_what_has_no_rule_is_refused(app: dash.Dash) -> None:
    def added() -> str:
        raise AssertionError("this is never reached")

    app.server.add_url_rule("/ny-fil", "ny_fil", added)
    app.callback(Output("ny", "children"), Input("ny", "id"))(lambda _id: added())
    client = demo_client(app)
    for address in ("/ny-fil", "/_reload-hash", "/_favicon.ico", "/static/x"):
        assert client.get(address).status_code == 404
    assert post(client, "ny.children", ["x"]).status_code == 400


def test_a_callback_that_is_registered_twice_over_gets_one_rule_each(app: dash.Dash) -> None:
    callbacks = Callbacks(app)
    for identity in ("a", "b"):
        callbacks.add(Place.DELIVERIES, (Takes.TEXT,), Output(identity, "children"), Input(identity, "id"))(lambda x: x)
    assert len(callbacks.rules) == 2


@pytest.mark.parametrize(
    "body",
    [
        None, [], 3, {}, {"output": PAGE, "inputs": [{"id": "a", "value": "/"}] * 2 + [{"id": "a", "value": 1}]},
        {"output": PAGE, "outputs": [1], "inputs": [{"id": "a", "value": "/"}] * 2 + [{"id": "a", "value": 1}]},
        {"output": None}, {"output": ["main"]}, {"output": PAGE}, {"output": PAGE, "inputs": 7},
        {"output": PAGE, "inputs": [1, 2, 3]}, {"output": PAGE, "inputs": [{"value": "/"}] * 3},
        {"output": PAGE, "inputs": [{"id": "address", "value": ["/"]}] * 3},
        {"output": PAGE, "inputs": [{"id": "address", "value": {"a": 1}}] * 3},
        {"output": PAGE, "inputs": [{"id": ["x"], "value": "/"}] * 3},
        {"output": PAGE, "inputs": [{"id": "a", "value": "/"}] * 2 + [{"id": "a", "value": True}]},
        {"output": PAGE, "inputs": [{"id": "a", "value": "/"}] * 2 + [{"id": "a", "value": 1e300}]},
        {"output": PAGE, "inputs": [{"id": "a", "value": "/" * 200_001}] * 2 + [{"id": "a", "value": 1}]},
        {"output": PAGE, "inputs": [{"id": "a", "value": "/"}] * 2 + [{"id": "a", "value": 1}], "changedPropIds": [{}]},
    ],
)  # fmt: skip
def test_a_forged_request_is_told_so_and_never_breaks(client: FlaskClient, body: Any) -> None:
    answer = client.post("/_dash-update-component", data=json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.text) == (400, "Begäran går inte att förstå. Ladda om sidan.")


def test_a_page_without_the_right_is_403_with_a_sentence_and_leaves_a_line(
    client: FlaskClient, sqlite_engine: Engine
) -> None:
    client.set_cookie(COOKIE, "ledamot")
    for answer in (client.get("/leveranser"), post(client, PAGE, ["/leveranser", "", 0])):
        assert answer.status_code == 403
        assert "Sidan Leveranser ingår inte i din behörighet." in (
            json.dumps(answer.json, ensure_ascii=False) if answer.is_json else answer.text
        )
    with sqlite_engine.connect() as connection:
        lines = connection.execute(select(audit_event.c.action, audit_event.c.resource)).all()
    assert [line.action for line in lines] == ["access_refused"] * 2
    assert lines[0].resource == "/leveranser Sidan Leveranser ingår inte i din behörighet."


def test_an_address_that_leads_nowhere_is_404_and_the_start_is_each_ones_own(client: FlaskClient) -> None:
    assert post(client, PAGE, ["/finns-inte", "", 0]).status_code == 404
    assert post(client, PAGE, ["/jamforelsen", "", 0]).status_code == 404
    client.set_cookie(COOKIE, "ledamot")
    assert post(client, PAGE, ["/", "", 0]).status_code == 200
    assert client.get("/").status_code == 200
