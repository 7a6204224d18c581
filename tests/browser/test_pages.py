"""Every page as every role: nothing breaks, nothing leaves the machine, and axe finds no serious fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from dashboard.login.demo import COOKIE, demo_viewer
from dashboard.routes import render
from kpi.live import LiveCatalogue
from tests.browser.conftest import Open, Watched, is_looked_at
from tests.browser.control_world import Control
from tests.builders.rendered import told
from warehouse.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

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
BOARD_ROLES = ("presidium", "chef", "controller", "revisor")
SEEN = [
    # each sort of start; `test_roles` logs in as every role, `test_walks` begins with a presidium's
    ("/", "chef"), ("/", "dataskyddsombud"), ("/", "administrator"), ("/nyckeltal", "chef"),
    ("/nyckeltal/sip_followed_up_in_time", "controller"), ("/leveranser", "controller"),
    *((address, BOARD_ROLES[at % len(BOARD_ROLES)]) for at, address in enumerate(FIGURES)),
    ("/sip-processen", "presidium"), ("/avvikelser", "chef"), ("/familjecentral", "revisor"),
    ("/intern-kontroll", "presidium"), ("/intern-kontroll/{occasion}", "utvecklare"), ("/bedomningar", "revisor"),
    ("/bedomningar?fraga=mognad&part=presidium", "presidium"), ("/atgarder", "chef"), ("/atgarder/{action}", "chef"),
    ("/atgarder?ny=1&nyckeltal=sip_call_complete", "chef"), ("/revision", "revisor"), ("/handlingar", "sekreterare"),
    ("/stangning", "controller"), ("/definitioner", "controller"),
    ("/jamforelse", "ledamot"), ("/jamforelse/sip_full_attendance", "delregional"),
    ("/underlag", "chef"), ("/underlag", "enhetschef"), ("/underlag", "revisor"), ("/sok?q=uppf", "ledamot"),
    ("/ordlista", "delregional"), ("/guide", "presidium"),
    ("/vyer?spara=%2Favvikelser&namn=Avvikelser", "chef"), ("/tillganglighet", "dataskyddsombud"),
]  # fmt: skip
"""Every page, as a role that it is for; pages differ in what they hold and not in how from role to role."""


def _sort_of(address: str) -> str:
    """`/atgarder/*` for each action's page, without what is asked of it."""
    first, _, rest = address.split("?")[0].removeprefix("/").partition("/")
    return f"/{first}/*" if rest else f"/{first}"


BY_KEYBOARD = {_sort_of(one): (one, code) for one, code in reversed(SEEN)}.values()
"""The first of each sort of page: what can be used is the same in the others."""
LOST = (
    "/finns-inte",
    "/nyckeltal/finns_inte",
    "/nyckeltal/sip_active?enhet=1287-BN",
    "/?manad=2031-01",
    "/?enhet=x",
    "/underlag",
)
WIDTHS = (320, 820, 2560)
"""The smallest phone, and any window enlarged to 400 %; a tablet; a wall. The desktop is where it begins."""
AXE = Axe()
_WATCH_FOCUS = """() => { const isNew = !window.met; window.met = []; window.seen = new Set();
  if (isNew) document.addEventListener('focusin', event => {
  const at = event.target; window.seen.add(at);
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  window.met.push([at.tagName + ' ' + (at.id || at.className || at.getAttribute('href')),
    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none'
    || getComputedStyle(at.closest('.mantine-Input-wrapper input') || at).borderColor,
    box.width > 0 && box.height > 0]);
}); }"""
_TO_REACH = """() => [...document.querySelectorAll('#main a[href], #main button, #main input, #main textarea, '
  + '#main summary, #main [tabindex="0"]')].filter(one => one.checkVisibility({visibilityProperty: true})
  && !one.disabled && one.tabIndex >= 0).length"""


def faults(page: Page, *, only: str | None = None) -> list[str]:
    """All that axe finds, or all that one of its rules does; what holds is not told at length."""
    options: dict[str, list[str]] = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    found = AXE.run(page, options=options).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes']][:3]}" for one in found]


_NOTHING_BEYOND = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
_WIDE_TABLES_SAY_SO = """[...document.querySelectorAll('.table-box')].every(box =>
  (box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0) === (box.dataset.wide === 'yes'))"""
_UNREADABLE = """[...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
  const frame = chart.getBoundingClientRect(), marks = /^[A-Z. ]+$/;
  const told = [...chart.querySelectorAll('text')].filter(one => !marks.test(one.textContent))
    .map(one => [one.textContent, one.getBoundingClientRect()]).filter(one => one[1].width);
  const cut = told.filter(([, at]) => at.left < frame.left - 2 || at.right > frame.right + 2 || at.top < frame.top - 2
    || at.bottom > frame.bottom + 2).map(one => one[0]);
  return cut.concat(told.flatMap(([words, at], place) => told.slice(place + 1).filter(([, other]) =>
    Math.min(at.right, other.right) - Math.max(at.left, other.left) > 3 &&
    Math.min(at.bottom, other.bottom) - Math.max(at.top, other.top) > 4).map(other => `${words} | ${other[0]}`)));
})"""
"""Words in charts that are cut or lie on each other; letters in marks and the marker of what is hidden may touch."""


@dataclass
class Reader:
    """Who looks at the pages, one role after another."""

    window: Watched

    def look_at(self, address: str, persona: str) -> Watched:
        """The page in the desktop's width, in light."""
        window = self.window
        window.page.set_viewport_size({"width": 1440, "height": 1000})
        window.page.emulate_media(color_scheme="light")
        window.page.context.add_cookies([{"name": COOKIE, "value": persona, "url": window.base}])
        is_elsewhere = window.page.url not in ("about:blank", window.base + address)
        if is_elsewhere and not window.troubles and not window.violations:
            window.go_on(address)
        else:
            window.troubles.clear()
            window.violations.clear()
            window.open(address)
        return window


@pytest.fixture(scope="module")
def reader(browser: Browser, base: str) -> Iterator[Reader]:
    """One window, in which the demo's reader goes on from page to page: to begin anew costs more than a page."""
    context = browser.new_context(locale="sv-SE", reduced_motion="reduce")
    window = Watched(context.new_page(), base)
    window.listen()
    yield Reader(window)
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize(("address", "persona"), sorted(SEEN, key=lambda one: one[1]))
def test_a_page_holds_in_light_and_dark_in_every_width_and_by_keyboard(
    reader: Reader, controlled: Control, pictures_of_pages: Path | None, address: str, persona: str
) -> None:
    window = reader.look_at(address.format(occasion=controlled.occasion, action=controlled.action), persona)
    page = window.page
    assert page.locator("h1").count() == 1
    assert page.title().endswith("– Samkoll")
    assert page.locator("html").get_attribute("lang") == "sv"
    if not address.startswith(("/sok", "/ordlista", "/guide", "/vyer", "/tillganglighet")):
        assert page.get_by_text("Syntetiska data").first.is_visible()
    name = f"{persona}{re.sub('[^a-z0-9_]+', '-', address)}"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        if scheme == "dark":
            window.settle()
        assert faults(page, only=None if scheme == "light" else "color-contrast") == [], scheme  # the rest is the same
        if pictures_of_pages:
            page.screenshot(path=pictures_of_pages / f"{name}-{scheme}.png", full_page=True)
    if (address, persona) in BY_KEYBOARD:
        _reaches_all_by_keyboard(page)
    assert page.evaluate(_UNREADABLE) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        assert window.comes_true(_NOTHING_BEYOND), width  # charts are drawn anew in the new width, a little later
        assert window.comes_true(_WIDE_TABLES_SAY_SO), width
        assert window.comes_true(f"{_UNREADABLE}.length === 0"), (width, page.evaluate(_UNREADABLE))
    assert (window.troubles, window.violations) == ([], [])


def _reaches_all_by_keyboard(page: Page) -> None:
    """Tab goes to everything that can be used on the page and out again, and what has focus is seen to have it."""
    page.evaluate(_WATCH_FOCUS)
    page.evaluate("document.getElementById('main').focus()")
    count = page.evaluate(_TO_REACH)
    days = page.locator("#main input[type=date]").count()  # year, month and day are a stop each, and the calendar one
    for _ in range(count + 3 * days + 3):
        page.keyboard.press("Tab")
    met, reached = page.evaluate("[window.met, window.seen.size]")
    assert reached >= count, f"{count} can be used, {reached} were reached"
    assert all(one[1] and one[2] for one in met), [one[0] for one in met if not (one[1] and one[2])]


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
def test_an_address_that_leads_nowhere_tells_why(reader: Reader, address: str) -> None:
    window = reader.look_at(address, "presidium")
    page = window.page
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


@pytest.mark.parametrize(
    ("address", "persona", "name"),
    [
        ("/", "presidium", "oversikt"), ("/sip-processen", "presidium", "sip-processen"),
        ("/avvikelser", "chef", "avvikelser"), ("/familjecentral", "presidium", "familjecentral"),
        ("/revision", "revisor", "revision"), ("/intern-kontroll", "presidium", "kontrollplan"),
        ("/bedomningar", "presidium", "bedomningar"),
        ("/nyckeltal/sip_full_attendance", "chef", "nyckeltal"),
    ],
)  # fmt: skip
def test_the_documents_pictures(reader: Reader, pictures: Path, address: str, persona: str, name: str) -> None:
    """What README and docs/sv show: made anew by SAMKOLL_TEST_PICTURES=1."""
    window = reader.look_at(address, persona)
    page = window.page
    if is_looked_at():
        page.reload()  # the corner has another role still
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.evaluate("document.activeElement.blur()")
    window.settle()
    target = pictures / f"{name}.png"
    page.screenshot(path=target)
    assert target.stat().st_size > 50_000
