"""Logging in and out as a reader does it: a real browser, a real provider, the real application."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, expect
from sqlalchemy import Engine, select, update
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.login.real import RealLogin
from tests.builders.login import login_settings
from tests.builders.oidc import CLIENT, GRANTS, SECRET, free_port, real_provider
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse import clock
from warehouse.database import open_engine, reading, writing
from warehouse.login_tables import login_session
from warehouse.migrate import upgrade
from warehouse.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("login in a browser")]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path_factory.mktemp('login') / 'samkoll.db'}")
    upgrade(made)
    deliver(made, "2025-01-31", org_units=ORGANISATION)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def address(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    with real_provider(public) as issuer:
        settings = login_settings(
            issuer=issuer, client_id=CLIENT, client_secret=SECRET, public_address=public, grants=GRANTS
        )
        data = Settings(data_dir=tmp_path_factory.mktemp("data"))
        app = create_app(engine, data, login=RealLogin(engine, settings))
        server = make_server("127.0.0.1", port, app.server, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield public
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="sv-SE", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def sign_in(page: Page, account: str) -> None:
    page.locator("input[name=account]").fill(account)
    page.get_by_role("button", name="Sign in").click()


def stand_idle(engine: Engine) -> None:
    """Every session has been left alone for too long."""
    with writing(engine) as connection:
        connection.execute(update(login_session).values(last_seen_at=clock.utc(clock.now()).replace(year=2020)))


def test_in_on_and_out(page: Page, address: str, engine: Engine) -> None:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{address}/leveranser")
    sign_in(page, "p1")
    expect(page).to_have_url(f"{address}/leveranser")
    expect(page.locator("h1")).to_have_text("Leveranser")
    expect(page.locator("#user")).to_have_text("presidiet")
    expect(page.get_by_label("Visa som")).to_have_count(0)

    page.locator("#navigation .nav-row summary").click()
    page.get_by_role("link", name="Definitioner").click()
    expect(page.locator("h1")).to_have_text("Definitioner")

    stand_idle(engine)
    page.get_by_role("link", name="Nyckeltal", exact=True).click()
    expect(page.locator("h1")).to_have_text("Nyckeltal", timeout=20_000)
    expect(page).to_have_url(f"{address}/nyckeltal")
    with reading(engine) as connection:
        assert len(connection.execute(select(login_session)).all()) == 2, "the provider knew the reader"

    page.get_by_role("button", name="Logga ut").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Du är utloggad")
    assert Axe().run(page).response["violations"] == []

    page.get_by_role("link", name="Logga in igen").click()
    expect(page.locator("input[name=account]")).to_be_visible()
    assert troubles == []


def test_what_was_written_when_the_session_ended_is_put_back_for_its_writer_only(
    page: Page, address: str, engine: Engine
) -> None:
    words, troubles = "Tabellen går inte att läsa upp.", list[str]()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{address}/ordlista")
    sign_in(page, "p1")
    page.get_by_role("link", name="Tillgänglighet", exact=True).click()
    field = page.get_by_label("Vad kunde du inte göra eller läsa?")
    field.fill(words)
    page.wait_for_function("dash_component_api.getLayout('feedback-about').props.data.page === '/ordlista'")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Ordlista").click()
    page.evaluate("history.back()")
    expect(page).to_have_url(f"{address}/tillganglighet")
    expect(field).to_have_value(words)
    field.fill("Jag heter 19121212-1212 och kom inte in.")
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator("#feedback-said")).to_contain_text("personnummer")
    page.get_by_role("link", name="Ordlista").click()
    expect(page).to_have_url(f"{address}/tillganglighet")
    assert asked == 3 * ["Du har skrivit något som inte är sparat. Vill du lämna sidan ändå?"]

    field.fill(words)
    stand_idle(engine)
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("status").filter(has_text="Det du hade skrivit är tillbaka.")).to_be_visible(timeout=20_000)
    expect(field).to_have_value(words)
    assert page.evaluate("sessionStorage.getItem('samkoll-written')") is None

    stand_idle(engine)
    page.context.clear_cookies(name=re.compile("^_(session|interaction)"))  # of the provider: another comes to the desk
    page.get_by_role("button", name="Skicka").click()
    sign_in(page, "r1")
    expect(page.locator("#user")).to_have_text("revisorn", timeout=20_000)
    expect(field).to_have_value("")
    field.fill(words)
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator("#feedback-said")).to_contain_text("Tack")
    page.get_by_role("button", name="Byt mellan ljust och mörkt").focus()
    page.evaluate("document.querySelector('#main h2').innerHTML = '<button id=unknown>x</button>'")
    page.locator("#unknown").focus()  # a library's own id
    page.get_by_role("link", name="Ordlista").click()
    expect(page.locator("h1")).to_have_text("Ordlista")
    assert troubles == []
    assert len(asked) == 3, "neither the login nor what is saved asks anybody"
    assert page.evaluate("sessionStorage.getItem('samkoll-written')") is None


def test_who_has_no_right_is_told_in_words(page: Page, address: str) -> None:
    page.goto(address)
    sign_in(page, "u1")
    expect(page.locator("h1")).to_have_text("Du har inte behörighet i Samkoll")
    assert Axe().run(page).response["violations"] == []
