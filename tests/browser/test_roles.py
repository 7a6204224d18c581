"""Each role logs in as a reader does and sees exactly its pages: a real browser, a real provider, the real application.

What a unit is called holds a script, which no page runs.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.login.real import RealLogin
from kpi.access import Role
from kpi.access.truth import ROLES
from tests.browser.conftest import PATIENCE_MS, Watched
from tests.builders import attacked_world
from tests.builders.attacked_world import FIGURE, viewer_as
from tests.builders.login import login_settings
from tests.builders.oidc import CLIENT, SECRET, free_port, real_provider

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("login in a browser")]

RELEASED = ["Jämförelse", "Definitioner"]
FIGURES = ["Översikt", "Nyckeltal", "SIP-processen", "Avvikelser", "Familjecentral"]
CONTROL = ["Intern kontroll", "Bedömningar", "Åtgärder", "Revision", "Handlingar"]
BOARD = [*FIGURES, *CONTROL, "Stängning", *RELEASED, "Leveranser"]
WITH_ROWS = [*FIGURES, *CONTROL, "Stängning", "Jämförelse", "Underlag", "Definitioner", "Leveranser"]
MENUS: dict[Role, list[str]] = {
    Role.PRESIDIUM: BOARD,
    Role.MEMBER: ["Handlingar", *RELEASED],
    Role.CHIEF: WITH_ROWS,
    Role.UNIT_MANAGER: [*FIGURES, *CONTROL, "Jämförelse", "Underlag", "Definitioner"],
    Role.DEVELOPER: [*CONTROL, "Definitioner"],
    Role.CONTROLLER: BOARD,
    Role.CENTRAL_CONTROLLER: RELEASED,
    Role.SECRETARY: ["Intern kontroll", "Handlingar", "Stängning", *RELEASED],
    Role.AUDITOR: WITH_ROWS,
    Role.DPO: ["Åtkomst"],
    Role.DELREGIONAL: RELEASED,
    Role.ADMIN: ["Användare"],
}
"""Written by hand: the rules may not be their own witness."""
LACKS = {Role.DPO: ("/nyckeltal", "Nyckeltal"), Role.ADMIN: ("/atkomst", "Åtkomst")}
"""A page that the role lacks; the others lack Användare."""


@pytest.fixture(scope="module")
def address(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("roles") / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    world = attacked_world.build(path)
    public = f"http://127.0.0.1:{free_port()}"
    accounts = {f"a-{role}": {"preferred_username": f"vem-{role}", "groups": [f"g-{role}"]} for role in ROLES}
    with real_provider(public, accounts=accounts) as issuer:
        login = login_settings(
            issuer=issuer, client_id=CLIENT, client_secret=SECRET, public_address=public, grants=_grants()
        )
        settings = world.app.server.config["SAMKOLL_SETTINGS"].model_copy(update={"login": login})
        app = create_app(world.engine, settings, login=RealLogin(world.engine, login))
        server = make_server("127.0.0.1", int(public.rsplit(":", 1)[1]), app.server, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield public
        server.shutdown()
        thread.join()
        server.server_close()
    world.engine.dispose()


def _grants() -> list[dict[str, Any]]:
    return [
        {"claim_value": f"g-{role}", "role": role.value, "municipality": grant.municipality_code,
         "boards": sorted(grant.boards), "units": sorted(grant.units)}
        for role in ROLES for grant in viewer_as(role).grants
    ]  # fmt: skip


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Of all windows, one after another: a browser keeps the scripts that it has read."""
    made = browser.new_context(locale="sv-SE", reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def window(context: BrowserContext, address: str) -> Iterator[Watched]:
    made = Watched(context.new_page(), address)
    yield made
    made.leave_nothing()


def log_in(window: Watched, role: Role) -> None:
    """By the provider's form, and then watched: what the provider's own pages do is its own."""
    window.page.goto(window.base)
    window.page.locator("input[name=account]").fill(f"a-{role}")
    window.page.get_by_role("button", name="Sign in").click()
    window.page.wait_for_url(f"{window.base}/")
    window.listen()


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_a_role_sees_its_pages_and_no_other(window: Watched, role: Role) -> None:
    log_in(window, role)
    page = window.page
    links = page.locator("#navigation > a, #navigation .nav-row a")
    expect(links).to_have_text(MENUS[role], timeout=PATIENCE_MS)
    expect(page.locator("#main h1")).not_to_be_empty()
    expect(page.locator(":is(#navigation > a, #navigation .nav-row a)[aria-current=page]")).to_have_text(MENUS[role][0])
    expect(page.locator("#main")).not_to_contain_text("Något gick fel")
    window.settle()  # what is still on its way would be called a failure when the page is left
    assert window.troubles == []

    path, name = LACKS.get(role, ("/anvandare", "Användare"))
    page.goto(window.base + path)
    expect(page.locator("h1")).to_have_text("Du får inte läsa det här")
    expect(page.locator("main")).to_contain_text(f"Sidan {name} ingår inte i din behörighet.")
    assert all("403" in one for one in window.troubles), window.troubles
    assert window.violations == []


def test_every_role_has_its_menu_here() -> None:
    assert set(MENUS) == set(ROLES)


def test_what_a_unit_is_called_runs_nothing(window: Watched) -> None:
    """The name stands there as it is, in the table and in the chart; no element or link comes of it."""
    log_in(window, Role.PRESIDIUM)
    window.page.wait_for_selector("#main h1", timeout=PATIENCE_MS)
    window.settle()
    page = window.open(f"/nyckeltal/{FIGURE}?manad=2025-02")
    expect(page.get_by_text("Solgården <img src=x").first).to_be_attached()
    window.settle()
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x], [href^='javascript:'], a:text-is('länk')").count() == 0
    assert (window.violations, window.troubles) == ([], [])
