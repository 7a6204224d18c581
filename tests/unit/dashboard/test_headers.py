"""What every answer says to the browser, whatever it answers. The browser tests prove that the pages keep to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from dashboard.app import create_app
from dashboard.login.demo import DemoLogin
from tests.builders.closed_world import BOARD
from tests.builders.warehouse import deliver
from warehouse.database import open_engine
from warehouse.login_settings import LoginSettings
from warehouse.migrate import upgrade
from warehouse.settings import Settings

EVERY_SORT = (
    "/", "/finns-inte", "/_dash-layout", "/assets/nonce.js", "/assets/finns-inte.js", "/ladda-ned/x.csv", "/assets/",
    "/assets//nyckeltal", "/_dash-component-suites/",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The demo on a warehouse that knows a board and no figures."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("headers"))
    engine = open_engine(settings.warehouse_url)
    upgrade(engine)
    deliver(engine, "2025-06-30", org_units=BOARD)
    return create_app(engine, settings, login=DemoLogin()).server.test_client()


def rules(policy: str) -> dict[str, set[str]]:
    return {name: set(sources) for name, *sources in (rule.split() for rule in policy.split(";"))}


@pytest.mark.parametrize("address", EVERY_SORT)
def test_every_answer_has_them(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        headers = answer.headers
    told = rules(headers["Content-Security-Policy"])
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "*" not in headers["Content-Security-Policy"]
    assert told["default-src"] == told["frame-ancestors"] == told["base-uri"] == {"'none'"}
    assert told["form-action"] == told["connect-src"] == told["font-src"] == {"'self'"}
    assert all(source == "'self'" or source.startswith("'sha256-") for source in told["script-src"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(headers["Permissions-Policy"].split(", "))
    assert "Werkzeug" not in headers.get("Server", "")


def test_the_nonce_is_the_documents_own_and_new_each_time(client: FlaskClient) -> None:
    found = []
    for _ in range(2):
        answer = client.get("/")
        (nonce,) = re.findall(
            r'<script src="/assets/nonce.js\?m=[0-9a-f]{16}" nonce="([\w-]{20,})"></script>', answer.text
        )
        assert f"'nonce-{nonce}'" in rules(answer.headers["Content-Security-Policy"])["style-src"]
        assert answer.text.index("nonce.js") < answer.text.index("stylesheet")
        found.append(nonce)
    assert found[0] != found[1]
    assert "{%" not in client.get("/").text


@pytest.mark.parametrize("address", [one for one in EVERY_SORT if one != "/assets/nonce.js"])
def test_only_static_files_may_be_kept(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"
    with client.get("/assets/nonce.js") as script:
        assert "no-store" not in script.headers["Cache-Control"]


def test_https_is_asked_for_where_it_is_used(client: FlaskClient, tmp_path: Path) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    login = LoginSettings(issuer="https://id.example", client_id="x", public_address="https://samkoll.example")
    settings = Settings(data_dir=tmp_path, login=login)
    answer = create_app(create_engine("sqlite://"), settings, login=None).server.test_client().get("/")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_refusal_has_them_too(tmp_path: Path) -> None:
    closed = create_app(create_engine("sqlite://"), Settings(data_dir=tmp_path), login=None).server.test_client()
    answer = closed.get("/")
    assert answer.status_code == 403
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
