"""Every page as every role: nothing breaks, nothing leaves the machine, and axe finds no serious fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from dashboard.login.demo import PERSONAS, demo_viewer
from dashboard.routes import render
from kpi.live import LiveCatalogue
from tests.browser.conftest import Open
from tests.builders.rendered import told
from warehouse.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EVERYBODYS = ("/", "/nyckeltal", "/nyckeltal/sip_followed_up_in_time", "/leveranser")
"""What each role sees in its own way."""
FIGURES = (
    "/nyckeltal/sip_per_1000",
    "/nyckeltal/sip_absence_by_actor",
    "/nyckeltal/referral_flows",
    "/nyckeltal/insight_in_agreements",
    "/nyckeltal/sip_school_gap",
    "/nyckeltal/training_coverage",
    "/nyckeltal/school_health_access",
)
"""A page for each way of showing a figure."""
RELEASED = ("/jamforelse", "/jamforelse/sip_full_attendance", "/jamforelse/sip_child_voice")
"""The same for every role, but that a member meets no other municipalities."""
BOARD_ROLES = ("presidium", "chef", "controller", "revisor")
INSIDE = [one for one in PERSONAS if one.code in BOARD_ROLES]
"""Who reads the social board from the inside; the others land on what is released, or on a board of their own."""
STARTS = ("presidium", "enhetschef", "ledamot", "delregional", "dataskyddsombud", "utvecklare", "administrator")
"""A role for each sort of start; `test_roles` logs in as every role."""
SEEN = [
    *(("/", code) for code in STARTS),
    *((address, INSIDE[at % len(INSIDE)].code) for at, address in enumerate([*EVERYBODYS, *FIGURES]) if address != "/"),
    *zip(RELEASED, ("ledamot", "delregional", "ledamot"), strict=True),
    *(("/underlag", code) for code in ("chef", "enhetschef", "revisor")),
    ("/bedomningar?fraga=mognad&part=presidium", "presidium"),
]
"""Each start; the other pages, which differ in what they hold and not in how, once each."""
LOST = (
    "/finns-inte",
    "/nyckeltal/finns_inte",
    "/nyckeltal/sip_active?enhet=1287-BN",
    "/?manad=2031-01",
    "/?enhet=x",
    "/underlag",
)
WIDTHS = (390, 820, 1440)


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:160] for node in one['nodes']][:3]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


_NOTHING_BEYOND = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.slow
@pytest.mark.parametrize(("address", "persona"), SEEN)
def test_a_page_holds_in_light_and_dark_and_scrolls_in_no_width(visit: Open, address: str, persona: str) -> None:
    window = visit(persona)
    page = window.open(address)
    assert page.locator("h1").count() == 1
    assert page.title().endswith("– Samkoll")
    assert page.get_by_text("Syntetiska data").first.is_visible()
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    window.settle()
    assert faults(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        assert window.comes_true(_NOTHING_BEYOND), width  # charts are drawn anew in the new width, a little later
    assert window.troubles == []


def test_every_figure_of_the_catalogue_has_a_page(prepared: tuple[Engine, Settings]) -> None:
    """What each page says; `FIGURES` are looked at in the browser, one for each way of showing a figure."""
    engine, settings = prepared
    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    for definition in live.catalogue.definitions.values():
        path = f"/nyckeltal/{definition.id}"
        page = render(engine, live, lambda found: demo_viewer(found, "presidium"), path, "").page
        assert page.title == definition.name
        said = told(page.children)
        assert "Vad nyckeltalet betyder" in said
        assert re.search(r"Något gick fel|\b(None|nan|null|undefined)\b", said) is None, definition.id
        assert not definition.is_own or "Inga uppgifter än." in said


@pytest.mark.parametrize("address", LOST)
def test_an_address_that_leads_nowhere_tells_why(visit: Open, address: str) -> None:
    window = visit()
    page = window.open(address)
    heading = page.locator("h1").inner_text()
    assert heading in ("Sidan finns inte", "Du får inte läsa det här")
    assert page.get_by_role("link", name="Till början").count() > 0
    assert faults(page) == []
    window.refused(403 if heading.startswith("Du får") else 404)
    assert window.troubles == []


def test_charts_follow_the_colour_scheme(visit: Open) -> None:
    window = visit()
    page = window.open("/nyckeltal/sip_followed_up_in_time")
    line = page.locator("figure .scatterlayer .js-line").first
    light = line.get_attribute("style")
    page.get_by_role("button", name="Byt mellan ljust och mörkt").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    window.settle()
    assert page.locator("figure .scatterlayer .js-line").first.get_attribute("style") != light
    again = visit(scheme="dark").open("/nyckeltal/sip_followed_up_in_time")
    assert again.locator("figure .scatterlayer .js-line").first.get_attribute("style") != light
    assert "snittet" in again.locator(".panel-lead").inner_text()
    funnel = again.get_by_role("img", name=re.compile("^Trattdiagram"))
    assert funnel.locator(".scatterlayer .js-line").count() >= 3  # a limit that no share can reach is not drawn
    expect(funnel.locator(".scatterlayer .textpoint text").first).to_have_text(re.compile("^A"))


def test_icons_are_kept_on_paper_and_in_forced_colours(visit: Open) -> None:
    page = visit(scheme="dark").open("/")
    light, dark = (page.locator(f".status-icon.only-{name}").first for name in ("light", "dark"))
    expect(dark).to_be_visible()
    page.emulate_media(media="print")
    expect(light).to_be_visible()
    expect(dark).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')") == "#16202a"
    page.emulate_media(media="screen", color_scheme="light", forced_colors="active")
    expect(light).to_be_visible()
    expect(dark).to_be_hidden()


def test_the_shell_holds_no_data_and_is_not_kept(visit: Open, base: str) -> None:
    page = visit("controller").open("/")
    for address in ("/", "/_dash-layout"):
        answer = page.request.get(base + address)
        assert answer.headers["cache-control"] == "no-store"
        assert "Trelleborg" not in answer.text()
        assert "nämnden" not in answer.text().replace("nämndens interna kontroll", "")


def test_the_readmes_picture(visit: Open, pictures: Path) -> None:
    window = visit(width=1280)
    page = window.open("/")
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.evaluate("document.activeElement.blur()")
    target = pictures / "oversikt.png"
    page.screenshot(path=target)
    assert target.stat().st_size > 50_000
