"""Login against a real, independent provider: the OpenID-certified `oidc-provider`, over sockets on loopback."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine, select
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.login.real import RealLogin
from tests.builders.login import login_settings
from tests.builders.oidc import CLIENT, GRANTS, SECRET, free_port, real_provider
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading
from warehouse.login_tables import login_attempt, login_session
from warehouse.migrate import upgrade
from warehouse.settings import Settings


@dataclass
class Served:
    """Samkoll at an address, and its provider's."""

    address: str
    issuer: str
    engine: Engine

    def browser(self) -> httpx2.Client:
        """A browser with cookies of its own, that follows no redirect by itself."""
        return httpx2.Client(base_url=self.address, timeout=20)

    def log_in(self, browser: httpx2.Client, account: str, path: str = "/") -> httpx2.Response:
        """From a page of ours, by the provider's form, to where that leads; each step is taken by hand."""
        answer = _follow(browser, browser.get(path))
        assert answer.url.host == "127.0.0.1"
        assert str(answer.url).startswith(f"{self.issuer}/interaction/"), answer.url
        return _follow(browser, browser.post(answer.url, data={"account": account}))


def _follow(browser: httpx2.Client, answer: httpx2.Response) -> httpx2.Response:
    for _ in range(10):
        if answer.next_request is None:
            return answer
        answer = browser.send(answer.next_request)
    raise AssertionError("redirects without end")


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Served, ExitStack]]:
    """Samkoll and its provider, which ends when the stack is closed."""
    engine = open_engine(f"sqlite:///{folder / 'samkoll.db'}")
    upgrade(engine)
    deliver(engine, "2025-01-31", org_units=ORGANISATION)
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    with ExitStack() as provider:
        issuer = provider.enter_context(real_provider(public))
        settings = login_settings(
            issuer=issuer, client_id=CLIENT, client_secret=SECRET, public_address=public, grants=GRANTS
        )
        app = create_app(engine, Settings(data_dir=folder), login=RealLogin(engine, settings))
        server = make_server("127.0.0.1", port, app.server, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Served(public, issuer, engine), provider
        server.shutdown()
        thread.join()
        server.server_close()
    engine.dispose()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("login")) as (found, _):
        yield found


def test_a_reader_comes_back_to_where_they_were_going(served: Served) -> None:
    with served.browser() as browser:
        page = served.log_in(browser, "p1", "/nyckeltal?enhet=1287-SN&manad=2025-03")
        assert (page.status_code, str(page.url)) == (200, f"{served.address}/nyckeltal?enhet=1287-SN&manad=2025-03")
        assert "presidiet" not in page.text, "the page itself holds no data"
        assert browser.get("/leveranser").status_code == 200
        with reading(served.engine) as connection:
            row = connection.execute(select(login_session)).one()
            assert connection.execute(select(login_attempt)).all() == []
        assert (row.label, [one["role"] for one in row.grants]) == ("presidiet", ["presidium"])
        assert browser.cookies["samkoll"] not in repr(row)


def test_groups_that_are_not_mapped_let_nobody_in(served: Served) -> None:
    for account, sentence in (("u1", "ingen av dina grupper"), ("x1", "sa inte vilka grupper")):
        with served.browser() as browser:
            page = served.log_in(browser, account)
            assert page.status_code == 403
            assert sentence in page.text
            assert "samkoll" not in browser.cookies
            assert browser.get("/ladda-ned/jamforelse.csv").status_code == 401


def test_an_answer_serves_once_and_in_its_own_browser(served: Served) -> None:
    with served.browser() as browser, served.browser() as other:
        other.get("/logga-in")  # it has a login of its own under way
        stolen = _way_back(served, browser, _follow(browser, browser.get("/")), "r1")
        assert other.get(stolen).status_code == 400
        assert browser.get(stolen).status_code == 400, "the other browser has spent it"
        assert "samkoll" not in browser.cookies
        back = browser.get("/logga-in")  # the provider knows the browser now, and does not ask
        while back.next_request is not None and not str(back.next_request.url).startswith(served.address):
            back = browser.send(back.next_request)
        assert back.next_request is not None
        used = str(back.next_request.url)
        assert browser.get(used).status_code == 302
        assert browser.get(used).status_code == 400


def _way_back(served: Served, browser: httpx2.Client, form: httpx2.Response, account: str) -> str:
    """The address that the provider sends the browser back to, not yet visited."""
    answer = browser.post(form.url, data={"account": account})
    while answer.next_request is not None:
        address = str(answer.next_request.url)
        if address.startswith(served.address):
            return address
        answer = browser.send(answer.next_request)
    raise AssertionError("the provider kept the browser")


def test_log_out_ends_both_sessions(served: Served) -> None:
    with served.browser() as browser:
        served.log_in(browser, "p1")
        kept = browser.cookies["samkoll"]
        token = browser.cookies["samkoll-csrf"]
        assert browser.post("/logga-ut").status_code == 403
        told = browser.post("/logga-ut", headers={"X-Samkoll-CSRF": token})
        assert told.status_code == 200
        assert "samkoll" not in browser.cookies
        asks = browser.get(told.json()["next"])
        assert str(asks.url).startswith(served.issuer)
        secret = re.search(r'name="xsrf" value="(\w+)"', asks.text)
        action = re.search(r'action="([^"]+)"', asks.text)
        assert secret is not None
        assert action is not None
        left = _follow(browser, browser.post(action[1], data={"xsrf": secret[1], "logout": "yes"}))
        assert str(left.url).startswith(f"{served.address}/utloggad")
        assert "Du är utloggad" in left.text
        again = _follow(browser, browser.get("/"))
        assert str(again.url).startswith(f"{served.issuer}/interaction/"), "the provider asks who it is"
        assert browser.get("/_dash-layout", headers={"Cookie": f"samkoll={kept}"}).status_code == 401
    with reading(served.engine) as connection:
        actions = list(connection.scalars(select(audit_event.c.action)))
    assert actions.count("logout") == 1


def test_a_new_login_is_a_new_session_and_ends_the_old(served: Served) -> None:
    with served.browser() as browser:
        served.log_in(browser, "p1")
        first = browser.cookies["samkoll"]
        assert _follow(browser, browser.get("/logga-in?till=/leveranser")).url.path == "/leveranser"
        assert browser.cookies["samkoll"] != first
    with httpx2.Client(base_url=served.address, cookies={"samkoll": first}) as old:
        assert old.get("/_dash-layout").status_code == 401


def test_a_foreign_destination_leads_home(served: Served) -> None:
    with served.browser() as browser:
        page = served.log_in(browser, "p1", "/logga-in?till=//elak.example/")
        assert str(page.url) == f"{served.address}/"


def test_the_provider_dies_and_sessions_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.login.provider._FRESH_S", 0.0)
    with serving(tmp_path) as (made, provider), made.browser() as browser, made.browser() as other:
        made.log_in(browser, "p1")
        provider.close()
        down = other.get("/logga-in?till=/leveranser")
        assert down.status_code == 503
        assert "Inloggningen svarar inte" in down.text
        assert 'href="/logga-in?till=%2Fleveranser"' in down.text
        assert browser.get("/").status_code == 200
        assert browser.get("/_dash-layout").status_code == 200
        left = browser.post("/logga-ut", headers={"X-Samkoll-CSRF": browser.cookies["samkoll-csrf"]})
        assert left.status_code == 200
        assert browser.get("/_dash-layout").status_code == 401
