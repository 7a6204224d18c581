"""An application with a login, and a browser in front of it, without a socket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.login.provider import Provider
from dashboard.login.real import RealLogin
from tests.builders.provider import CLIENT, ISSUER, PUBLIC, StandIn
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.login_settings import LoginSettings
from warehouse.settings import Settings

SESSION, CSRF, BROWSER = "__Host-samkoll", "__Host-samkoll-csrf", "__Host-samkoll-inloggning"


def login_settings(**more: Any) -> LoginSettings:
    """A municipality that has mapped two groups."""
    given: dict[str, Any] = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "client_secret": "hemlighet",
        "public_address": PUBLIC,
        "grants": [
            {"claim_value": "g-presidium", "role": "presidium", "municipality": "1287", "boards": ["1287-SN"]},
            {"claim_value": "g-revisor", "role": "auditor", "municipality": "1287", "boards": ["1287-SN"]},
        ],
    }
    return LoginSettings.model_validate(given | more)


@dataclass
class Installed:
    """The application on a warehouse, with the provider that it asks."""

    engine: Engine
    server: Flask
    provider: StandIn

    def browser(self) -> Browser:
        """A new browser."""
        return Browser(self.server.test_client(), self.provider)

    def recorded(self) -> list[tuple[str, str, str]]:
        """Everything that the access log holds, in order."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(audit_event).order_by(audit_event.c.event_no))
            return [(row.actor, row.action, row.resource) for row in rows]


@dataclass
class Browser:
    """A browser that goes by the installation's public address."""

    client: FlaskClient
    provider: StandIn

    def get(self, address: str, **more: Any) -> TestResponse:
        """Open an address; redirects are not followed."""
        return self.client.get(address, base_url=PUBLIC, **more)

    def begin(self, destination: str | None = None) -> dict[str, str]:
        """Go to the login and on to the provider; the answer that it sends the browser back with."""
        query = "" if destination is None else "?" + urlencode({"till": destination})
        sent = self.get(f"/logga-in{query}")
        assert sent.status_code == 302, sent.text
        return self.provider.authorize(sent.headers["Location"])

    def answer(self, answer: dict[str, str]) -> TestResponse:
        """Come back from the provider."""
        return self.get(f"/logga-in/svar?{urlencode(answer)}")

    def log_in(self, destination: str | None = None) -> TestResponse:
        """The whole way."""
        return self.answer(self.begin(destination))

    def cookie(self, name: str) -> str | None:
        """What the browser holds by that name."""
        found = self.client.get_cookie(name, domain=PUBLIC.removeprefix("https://"))
        return None if found is None else found.value

    def post(self, address: str, body: object = None, **headers: str) -> TestResponse:
        """As the page's script does it, unless `headers` say otherwise; an empty one is not sent."""
        usual = {
            "Origin": PUBLIC,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
            "X-Samkoll-CSRF": self.cookie(CSRF) or "",
        }
        sent = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in sent.items() if value}
        return self.client.post(address, base_url=PUBLIC, data=json.dumps(body or {}), headers=given)

    def show_page(self, path: str = "/", **headers: str) -> TestResponse:
        """Ask for a page's content by the callback that every page has."""
        outputs = [
            {"id": "main", "property": "children"},
            {"id": "navigation", "property": "children"},
            {"id": "title", "property": "data"},
        ]
        inputs = [("address", "pathname", path), ("address", "search", ""), ("viewer-changed", "data", 0)]
        body = {
            "output": "..main.children...navigation.children...title.data..",
            "outputs": outputs,
            "inputs": [{"id": one, "property": name, "value": value} for one, name, value in inputs],
            "changedPropIds": ["address.pathname"],
        }
        return self.post("/_dash-update-component", body, **headers)


def install(engine: Engine, folder: Path, provider: StandIn, *, settings: LoginSettings | None = None) -> Installed:
    """The application of `samkoll serve`, with the stand-in in the provider's place."""
    server = create_app(engine, Settings(data_dir=folder), login=_login(engine, provider, settings)).server
    return Installed(engine, server, provider)


def install_login_only(engine: Engine, provider: StandIn, *, settings: LoginSettings | None = None) -> Installed:
    """The login alone, before an application that answers every address: cheap, for tests of who comes in."""
    server = Flask("behind the login")
    _login(engine, provider, settings).guard(server)
    server.add_url_rule("/", "home", lambda: "innanför", methods=["GET", "POST"])
    server.add_url_rule("/<path:rest>", "page", lambda rest: "innanför", methods=["GET", "POST"])
    return Installed(engine, server, provider)


def _login(engine: Engine, provider: StandIn, settings: LoginSettings | None) -> RealLogin:
    found = settings or login_settings()
    return RealLogin(engine, found, Provider(found, transport=provider.transport))
