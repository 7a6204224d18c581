"""What readers do: choose a month, switch role, use the keyboard, decide about a delivery."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, delete, func, select

from dashboard.login.demo import demo_viewer
from kpi.loader import load_catalogue
from kpi.period import Period, periods_between
from kpi.views.organisation import read_organisation
from kpi.views.values import figure_values
from tests.browser.conftest import Open
from warehouse.database import reading, writing
from warehouse.settings import Settings
from warehouse.tables import job_request, kpi, kpi_unit, kpi_value

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MONTH = Period.parse("2026-03")


def _figure_row(page: Page, name: str) -> str:
    return page.locator("tr.figure", has_text=name).first.text_content() or ""  # it may be folded


def test_the_overview_shows_the_stored_values(visit: Open, prepared: tuple[Engine, Settings]) -> None:
    engine, settings = prepared
    catalogue = load_catalogue(settings.definitions)
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        viewer = demo_viewer(organisation, "presidium")
        board = next(iter(viewer.grants[0].boards))
        cells = figure_values(
            connection, catalogue, viewer, "sip_call_complete", unit_code=board, first=MONTH.shift(-11), last=MONTH
        )
    numerator = sum(int(cell.numerator or 0) for cell in cells)
    denominator = sum(int(cell.denominator or 0) for cell in cells)
    page = visit().open(f"/?manad={MONTH}")
    row = _figure_row(page, catalogue.definitions["sip_call_complete"].name)
    assert f"{numerator} av {denominator}" in row
    assert denominator > 20


def test_every_figure_stands_on_the_overview_once(visit: Open, prepared: tuple[Engine, Settings]) -> None:
    page = visit().open("/")
    definitions = load_catalogue(prepared[1].definitions).definitions.values()
    concerned = [definition for definition in definitions if "social" in definition.areas]
    assert len(concerned) > 50
    shown = page.locator("tr.figure th a").all_text_contents()  # folded ones too
    folded = page.locator(".unanswered a").all_text_contents()
    assert sorted([*shown, *folded]) == sorted(definition.name for definition in concerned)
    assert set(folded) >= {definition.name for definition in concerned if definition.is_own}


def test_what_is_off_its_level_stands_first_under_each_question(visit: Open) -> None:
    page = visit().open("/")
    for question in page.locator(".question").all():
        states = [
            0 if "status-off" in name else 1 if "status-near" in name else 2
            for name in question.locator("tr.figure .status").evaluate_all("all => all.map(one => one.className)")
        ]
        assert 2 not in states[: sum(one < 2 for one in states)], "what needs a look comes before the rest"
    folded = page.locator(".unanswered").last
    folded.locator("summary").click()
    expect(folded.get_by_role("link", name="Rapporter till nämnden i tid")).to_be_visible()
    expect(folded.get_by_text("Hämtas ur den interna kontrollen i Samkoll")).to_be_visible()


def test_each_choice_is_one_step_back(visit: Open) -> None:
    window = visit()
    page = window.open("/")
    before = page.locator("h1").inner_text()
    steps = page.evaluate("history.length")
    for month, shown in (("mars 2026", "mars.2026"), ("maj 2025", "maj.2025")):
        page.get_by_role("combobox", name="Månad").click()
        page.get_by_role("option", name=month).click()
        expect(page.locator("h1")).to_have_text(re.compile(shown))
    assert "manad=2025-05" in page.url
    window.settle()
    assert page.evaluate("history.length") == steps + 2, "one step for each choice"
    page.go_back()
    expect(page.locator("h1")).to_have_text(re.compile("mars.2026"))
    page.go_back()
    expect(page.locator("h1")).to_have_text(before)
    page.evaluate("navigator.clipboard.writeText = async told => { window.told = told }")
    page.get_by_role("button", name="Kopiera länk").click()
    assert re.search(r"/\?enhet=1287-SN&manad=\d{4}-\d\d$", page.evaluate("window.told")), "of what is seen unasked"
    assert window.troubles == []


def test_a_figure_is_reached_from_the_overview_and_its_link_is_exact(
    visit: Open, prepared: tuple[Engine, Settings]
) -> None:
    with reading(prepared[0]) as connection:
        stored = select(func.min(kpi_value.c.period)).join(kpi, kpi.c.kpi_no == kpi_value.c.kpi_no)
        of_board = stored.join(kpi_unit, kpi_unit.c.unit_no == kpi_value.c.unit_no).where(
            kpi.c.kpi_id == "sip_followed_up_in_time", kpi_unit.c.unit_code == "1287-SN"
        )
        first = max(Period.from_code(connection.scalar(of_board)), MONTH.shift(-35))
    window = visit()
    page = window.open("/?manad=2026-03")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.locator("tr.figure th a", has_text="SIP uppföljda i tid").click()
    expect(page.locator("h1")).to_have_text("SIP uppföljda i tid")
    window.settle()
    address, lead = page.url, page.locator(".lead").inner_text()
    assert "manad=2026-03" in address
    page.go_back()
    expect(page.locator("h1")).to_have_text(re.compile("mars.2026"))
    assert window.comes_true("scrollY > 400 && !document.querySelector('#main details:not([open])')"), "as it was left"
    page.goto(address)
    expect(page.locator(".lead")).to_have_text(lead)
    page.get_by_text("Visa som tabell").first.click()
    table = page.get_by_role("table", name=re.compile("per period"))
    expect(table).to_be_visible()
    assert table.get_by_role("row").count() == 1 + len(periods_between(first, MONTH)), "from the first value on"


def test_a_unit_is_chosen_on_the_figures_page(visit: Open) -> None:
    window = visit()
    page = window.open("/nyckeltal/sip_established")
    page.get_by_role("combobox", name="Enhet").click()
    page.get_by_role("option", name=re.compile("Barn och familj söder")).click()
    expect(page.locator(".place")).to_have_text("Barn och familj söder")
    assert "enhet=" in page.url
    assert window.troubles == []


def test_roles_see_what_they_may(visit: Open) -> None:
    presidium = visit().open("/leveranser")
    assert presidium.get_by_role("table", name="Rader i karantän").count() == 0
    assert presidium.get_by_text("Raderna visas för").is_visible()
    assert presidium.get_by_role("button", name="Godkänn och läs in").count() == 0
    controller = visit("controller").open("/leveranser")
    assert controller.get_by_role("table", name="Rader i karantän").is_visible()
    assert controller.get_by_role("button", name=re.compile("Läs om")).count() == 1


def test_switching_role_changes_what_is_shown(visit: Open) -> None:
    window = visit()
    page = window.open("/leveranser")
    page.get_by_role("combobox", name="Visa som").click()
    page.get_by_role("option", name="Controller", exact=True).click()
    expect(page.get_by_role("button", name="Godkänn och läs in")).to_be_visible()
    window.settle()
    page.reload()
    page.wait_for_selector("#main h1")
    expect(page.get_by_role("button", name="Godkänn och läs in")).to_be_visible()
    assert window.troubles == []


def test_a_controllers_decision_becomes_a_request(visit: Open, prepared: tuple[Engine, Settings]) -> None:
    window = visit("controller")
    page = window.open("/leveranser")
    page.get_by_role("button", name="Godkänn och läs in").click()
    expect(page.get_by_text("Begäran är lämnad")).to_be_visible()
    expect(page.get_by_role("button", name="Godkänn och läs in")).to_have_count(0, timeout=10_000)
    assert page.get_by_role("table", name="Begäranden om leveranser").is_visible()
    with writing(prepared[0]) as connection:
        asked = connection.execute(select(job_request.c.kind, job_request.c.state, job_request.c.asked_by)).all()
        connection.execute(delete(job_request))
    assert [tuple(row) for row in asked] == [("approve", "waiting", "Controller")]
    assert window.troubles == []


def test_a_held_deliverys_rejected_rows_are_seen_apart(visit: Open) -> None:
    window = visit("controller")
    page = window.open("/leveranser")
    assert "avvikelser_SYNTETISK_1233" not in page.locator("#karantan").inner_text()
    page.get_by_role("link", name="Se de avvisade raderna").click()
    expect(page.locator("#karantan h2")).to_have_text(re.compile("leverans"))
    rows = page.get_by_role("table", name="Rader i karantän").locator("tbody th").all_inner_texts()
    assert len(rows) >= 10
    assert all("avvikelser_SYNTETISK_1233" in row for row in rows)
    assert window.troubles == []


def test_no_reject_shows_an_identity_number(visit: Open) -> None:
    page = visit("controller").open("/leveranser")
    text = page.locator("#karantan").inner_text()
    assert re.search(r"\d{6}[-+ ]?\d{4}\b", text) is None


def test_the_keyboard_skips_the_menu(visit: Open) -> None:
    """What it reaches on each page is tried in `test_pages`."""
    window = visit()
    page = window.open("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hoppa till innehållet")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]  # it is on the screen, so it has a box
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_month_is_chosen_by_keyboard_alone(visit: Open) -> None:
    page = visit().open("/")
    before = page.locator("h1").inner_text()
    box = page.get_by_role("combobox", name="Månad")
    box.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name=re.compile(r" 20\d\d$")).nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")  # the first may have gone to the month that is shown
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_have_text(before)
    expect(box).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Visar Månad: ")).to_have_count(1)
