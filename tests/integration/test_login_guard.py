"""The whole application behind a login: what is open, what is refused and how, and what a session may do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.login.csrf import token_for
from dashboard.login.demo import DemoLogin
from tests.builders.login import CSRF, SESSION, Browser, Installed, install
from tests.builders.provider import SigningKey, StandIn
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse import clock
from warehouse.database import open_engine
from warehouse.migrate import upgrade
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path_factory.mktemp('guard') / 'samkoll.db'}")
    upgrade(made)
    deliver(made, "2025-01-31", org_units=ORGANISATION)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def installed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(engine, tmp_path_factory.mktemp("data"), StandIn(SigningKey("k1")))


@pytest.fixture
def reader(installed: Installed) -> Browser:
    browser = installed.browser()
    assert browser.log_in().status_code == 302
    return browser


@pytest.mark.parametrize("path", ["/", "/nyckeltal", "/nyckeltal/x?enhet=1287-SN", "/finns-inte", "/%0d%0aX: y"])
def test_a_page_leads_to_the_login_and_back(installed: Installed, path: str) -> None:
    answer = installed.browser().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/logga-in?till=%2F")
    assert "\n" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "path",
    ["/_dash-layout", "/_dash-dependencies", "/_dash-component-suites/", "/_reload-hash",
     "/ladda-ned/jamforelse.csv", "/ladda-ned/jamforelse/sip_lead_time.pdf"],
)  # fmt: skip
def test_what_is_no_page_is_refused_with_a_sentence(installed: Installed, path: str) -> None:
    answer = installed.browser().get(path)
    assert (answer.status_code, answer.mimetype) == (401, "text/plain")
    assert "inte inloggad" in answer.text


@pytest.mark.parametrize("path", ["/assets//x", "/assets/", "/assets//leveranser", "/api/", "/_dash-component-suites/"])
def test_what_only_begins_as_an_open_address_is_closed_and_leaves_no_line(installed: Installed, path: str) -> None:
    before = len(installed.recorded())
    answer = installed.browser().get(path)
    assert answer.status_code == (401 if path.startswith("/_") else 302)
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(installed.recorded()) == before


def test_strangers_leave_few_lines(installed: Installed) -> None:
    before = len(installed.recorded())
    for number in range(14):
        assert installed.browser().get(f"/logga-in/svar?state={number}").status_code == 400
    assert installed.recorded()[before:] == [("okänd", "login_refused", "unknown, old or used state")] * 10


def test_a_picture_or_a_script_of_another_site_begins_no_login(installed: Installed) -> None:
    assert installed.browser().get("/nyckeltal", headers={"Sec-Fetch-Dest": "image"}).status_code == 401


def test_callbacks_without_a_session_are_refused(installed: Installed) -> None:
    assert installed.browser().show_page().status_code == 401
    assert installed.browser().post("/logga-ut").status_code == 401
    assert installed.browser().post("/logga-in").status_code == 401


@pytest.mark.parametrize("path", ["/assets/2-page.css", "/assets/favicon.svg", "/utloggad"])
def test_what_the_logins_own_pages_need_is_open(installed: Installed, path: str) -> None:
    answer = installed.browser().get(path)
    assert answer.status_code == 200
    answer.close()


def test_a_session_cookie_that_is_made_up_opens_nothing(installed: Installed) -> None:
    browser = installed.browser()
    for value in ("x", "", "a" * 43, "ö"):
        browser.client.set_cookie(SESSION, value, domain="samkoll.kommun.example", secure=True)
        assert browser.get("/_dash-layout").status_code == 401


def test_the_cookies_are_as_strict_as_they_can_be(installed: Installed) -> None:
    answer = installed.browser().log_in()
    session, csrf = answer.headers.getlist("Set-Cookie")
    assert session.startswith("__Host-samkoll=")
    assert [part.strip() for part in session.split(";")[1:]] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]
    assert csrf.startswith("__Host-samkoll-csrf=")
    assert [part.strip() for part in csrf.split(";")[1:]] == ["Secure", "Path=/", "SameSite=Strict"]


def test_the_reader_is_who_logged_in_and_reads_by_the_groups(installed: Installed, reader: Browser) -> None:
    assert reader.show_page("/").status_code == 200
    name = {
        "output": "user.children",
        "outputs": {"id": "user", "property": "children"},
        "inputs": [{"id": "viewer-changed", "property": "data", "value": 0}],
        "changedPropIds": ["viewer-changed.data"],
    }
    assert "presidiet@kommun.example" in reader.post("/_dash-update-component", name).text
    index, layout = reader.get("/").text, reader.get("/_dash-layout").text
    assert "presidiet" not in index + layout
    assert "persona" not in layout.replace('"className":"persona"', "")
    assert "Logga ut" in layout
    assert reader.cookie(CSRF) not in index
    elsewhere = reader.get("/ladda-ned/jamforelse/sip_call_complete.csv?enhet=1263-SN")
    assert elsewhere.status_code in (403, 404)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X_Samkoll_CSRF": ""}, 403),
        ({"X_Samkoll_CSRF": token_for("annan")}, 403),
        ({"Origin": "https://elak.example"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Type": "text/plain"}, 403),
    ],
)
def test_callbacks_come_from_our_own_pages(reader: Browser, headers: dict[str, str], status: int) -> None:
    answer = reader.show_page("/", **headers)
    assert answer.status_code == status
    assert (answer.mimetype == "text/plain") is (status == 403)


def test_another_sessions_token_is_no_use(installed: Installed, reader: Browser) -> None:
    other = installed.browser()
    other.log_in()
    assert reader.show_page(X_Samkoll_CSRF=other.cookie(CSRF) or "").status_code == 403


def test_a_forged_request_is_recorded(installed: Installed, reader: Browser) -> None:
    before = len(installed.recorded())
    assert reader.show_page(Origin="https://elak.example").status_code == 403
    (event,) = installed.recorded()[before:]
    assert event[:2] == ("presidiet@kommun.example", "access_refused")
    assert event[2].startswith("/_dash-update-component Begäran kom från en annan webbplats")


def test_a_lost_token_is_given_again_with_the_page(reader: Browser) -> None:
    wanted = reader.cookie(CSRF)
    reader.client.delete_cookie(CSRF, domain="samkoll.kommun.example")
    assert reader.show_page().status_code == 403
    reader.get("/")
    assert reader.cookie(CSRF) == wanted
    assert reader.show_page().status_code == 200


def test_log_out_is_asked_for_by_our_own_page_only(installed: Installed, reader: Browser) -> None:
    reader.get("/logga-ut")
    assert reader.post("/logga-ut", Origin="https://elak.example").status_code == 403
    assert reader.show_page().status_code == 200
    answer = reader.post("/logga-ut")
    assert answer.json == {
        "next": "https://idp.kommun.example/logout?client_id=samkoll&post_logout_redirect_uri="
        "https%3A%2F%2Fsamkoll.kommun.example%2Futloggad"
    }
    assert (reader.cookie(SESSION), reader.cookie(CSRF)) == (None, None)
    assert reader.show_page().status_code == 401


def test_a_session_that_has_ended_leads_to_the_login(reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(minutes=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert reader.show_page().status_code == 401
    assert reader.get("/nyckeltal").headers["Location"] == "/logga-in?till=%2Fnyckeltal"


def test_a_page_that_asks_by_itself_keeps_no_session(reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    began, minutes = clock.now(), [0]
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=minutes[0]))
    poll = {"output": "main.children@x", "inputs": [], "changedPropIds": ["poll.n_intervals"]}
    minutes[0] = 20
    assert reader.show_page().status_code == 200, "seen"
    for minutes[0] in (30, 40, 49):
        assert reader.post("/_dash-update-component", poll).status_code == 400, "let in; no such callback"
    minutes[0] = 51
    assert reader.post("/_dash-update-component", poll).status_code == 401


def test_every_answer_is_told_not_to_be_kept_or_framed(installed: Installed, reader: Browser) -> None:
    for answer in (installed.browser().get("/logga-in"), installed.browser().get("/_dash-layout"), reader.get("/")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_demo_changes_nothing_for_another_site(engine: Engine, tmp_path: Path) -> None:
    client = create_app(engine, Settings(data_dir=tmp_path), login=DemoLogin()).server.test_client()
    here = {"base_url": "http://127.0.0.1:8050", "content_type": "application/json", "data": "{}"}
    assert client.post("/_dash-update-component", **here).status_code == 403
    client.get("/", base_url="http://127.0.0.1:8050")
    token = client.get_cookie("samkoll-csrf", domain="127.0.0.1")
    assert token is not None
    ours = {"X-Samkoll-CSRF": token.value, "Origin": "http://127.0.0.1:8050"}
    assert client.post("/_dash-update-component", **here, headers=ours).status_code != 403
    elsewhere = ours | {"Origin": "http://127.0.0.1:9999"}
    assert client.post("/_dash-update-component", **here, headers=elsewhere).status_code == 403


def test_without_a_login_nobody_comes_in(engine: Engine, tmp_path: Path) -> None:
    client = create_app(engine, Settings(data_dir=tmp_path), login=None).server.test_client()
    for path in ("/", "/_dash-layout", "/assets/2-page.css", "/api/nyckeltal", "/logga-in"):
        assert client.get(path).status_code == 403
