"""What each role sits down to do, from the first page to the last: by the words on the page, as a person goes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.figures.palette import DARK, LIGHT
from tests.browser.conftest import Open
from tests.browser.control_world import ACTION
from tests.browser.test_pages import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

REASON = "Genomgång av avvikelser utan svar"


def _follow(page: Page, name: str | re.Pattern[str], heading: str | re.Pattern[str]) -> None:
    """A link within the page's content leads to a page with the heading."""
    page.locator("#main").get_by_role("link", name=name).first.click()
    expect(page.locator("h1")).to_have_text(heading)


def test_a_presidium_reviews_the_month_on_a_tablet(visit: Open) -> None:
    window = visit("presidium", width=820)
    page = window.open("/")
    expect(page.locator("h1")).to_contain_text("Socialnämnden")
    assert re.match(
        r"Av de \w+ nyckeltal som går att bedöma ligger \w+ utanför sin föreslagna nivå.*; längst ifrån är",
        _lead(page),
    )
    cards = page.locator(".card")
    expect(cards).to_have_count(page.locator(".decisions li").count() - 1)
    assert all("Förslag:" in one for one in cards.all_inner_texts())
    order = page.locator("#main h2").all_inner_texts()
    assert order.index("Att ta ställning till") < order.index("Nyckeltal efter revisionens frågor")
    assert order[-1] == "Förslag till beslut", "the page ends as a meeting does"
    decisions = page.locator(".decisions li").all_inner_texts()
    assert decisions[0].startswith("godkänna uppföljningen av intern kontroll för")
    figure = cards.locator("li a").first
    name = figure.inner_text()
    figure.click()
    expect(page.locator("h1")).to_have_text(name)
    window.settle()
    page.get_by_role("navigation", name="Sökväg").get_by_role("link", name="Översikt").click()
    expect(page.locator("h1")).to_contain_text("Socialnämnden")
    window.settle()  # the menu is drawn anew with its page
    page.locator("#navigation").get_by_text("Meny", exact=True).click()
    page.locator("#navigation").get_by_role("link", name="Revision").click()
    expect(page.locator("h1")).to_have_text("Revision")
    assert faults(page) == []
    assert window.troubles == []


def test_since_a_closed_month_is_told_and_stands_in_the_address(visit: Open) -> None:
    window = visit("presidium")
    page = window.open("/?manad=2024-07")
    expect(page.get_by_role("heading", name=re.compile(r"^Sedan april.2024$"))).to_be_visible()
    page.get_by_role("combobox", name="Månad").click()
    page.get_by_role("option", name=re.compile("^augusti.2024$")).click()
    expect(page.locator("h1")).to_contain_text(re.compile("augusti.2024"))
    assert "manad=2024-08" in page.url
    assert window.troubles == []


def test_a_chief_drills_from_a_red_figure_to_a_case_and_back_and_starts_an_action(visit: Open) -> None:
    window = visit("chef")
    page = window.open("/")
    expect(page.get_by_role("heading", name=re.compile("^Du äger nästa steg i dessa"))).to_be_visible()
    _follow(page, "Avvikelser öppna mer än 90 dagar", "Avvikelser öppna mer än 90 dagar")
    _follow(page, "Se avvikelserna bakom", "Avvikelser")
    said = _lead(page)
    assert re.match(r"\w+ avvikelser är öppna sedan mer än 90 dagar", said)
    _follow(page, re.compile("^Se (de .* avvikelserna|avvikelsen)$"), "Underlag")
    page.get_by_label("Varför behöver du läsa").fill(REASON)
    page.get_by_role("button", name="Visa avvikelserna").click()
    rows = page.locator("#cases-rows tbody tr")
    expect(rows.first).to_be_visible()
    case = rows.first.get_by_role("button").first
    key = case.inner_text()
    case.click()
    way = page.locator("#cases-rows")
    expect(way).to_contain_text(key)
    expect(way).to_contain_text("Rapporterad")
    window.settle()
    assert faults(page) == []
    assert key not in page.url, "no address names a case"
    page.get_by_role("navigation", name="Sökväg").get_by_role("link").last.click()
    expect(page.locator("h1")).to_have_text("Avvikelser")
    assert _lead(page) == said, "the way back leads to where one was"
    _follow(page, "Avvikelser öppna mer än 90 dagar", "Avvikelser öppna mer än 90 dagar")
    _follow(page, "Starta en åtgärd", "Åtgärder")
    page.get_by_label("Vad ska göras").fill("Gå igenom de öppna avvikelserna varje vecka")
    page.get_by_label("Orsak", exact=False).first.fill("Ingen har haft ansvaret.")
    expect(page.locator("#action-new-save")).to_be_visible()
    assert window.troubles == []


def test_an_auditors_question_leads_to_controls_figures_actions_and_what_they_rest_on(visit: Open) -> None:
    window = visit("revisor")
    page = window.open("/revision")
    assert "revisionsfrågor" in _lead(page)
    third = page.locator(".answer", has=page.get_by_role("heading", name=re.compile("^Fråga 3")))
    expect(third).to_contain_text("Presidiet")
    expect(third).to_contain_text(re.compile("nej|till viss del"))
    for summary in third.locator("summary").all():
        summary.click()
    expect(third.get_by_role("link", name=ACTION)).to_be_visible()
    third.get_by_role("link", name="SIP uppföljda i tid").click()
    expect(page.locator("h1")).to_have_text("SIP uppföljda i tid")
    expect(page.locator("#main")).to_contain_text(ACTION)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Revision")
    window.settle()
    assert window.troubles == []


def test_a_delregional_reader_compares_municipalities_and_takes_the_file(visit: Open) -> None:
    window = visit("delregional")
    page = window.open("/jamforelse")
    _follow(page, "Möten där alla kallade deltog", "Möten där alla kallade deltog")
    window.settle()
    expect(page.locator("#main")).to_contain_text("Osäkerhet")
    with page.expect_download() as found:
        page.get_by_role("button", name="Tabeller som Excel").click()
    assert re.fullmatch(r"samkoll-moten-dar-alla-kallade-deltog-.+\.xlsx", found.value.suggested_filename), "and whose"
    expect(page.locator(".tool-said")).to_have_text("Filen är hämtad.")
    assert window.troubles == []


def test_what_one_sees_is_found_saved_and_sent(visit: Open) -> None:
    window = visit("chef", width=390, scheme="dark")
    page = window.open("/sok")
    page.get_by_label("Sök nyckeltal").fill("vilande")
    page.keyboard.press("Enter")
    expect(page.locator(".lead")).to_contain_text("på ”vilande”")
    _follow(page, "Vilande SIP", "Vilande SIP")
    window.settle()
    with page.expect_download() as found:
        page.locator("[data-picture=svg]").first.click()
    drawn = found.value.path().read_text("utf-8")
    for told in (
        "Källa: Samkoll. Uppgifter till och med ",
        "Syntetiska data",
        "Så räknas det: ",
        "Trelleborgs kommun, ",
    ):
        assert told in drawn, told
    assert re.search(r"Bilden sparad [0-9]+ [a-z]+ 20[0-9]{2}\.", drawn), "as Swedish dates are written"
    assert LIGHT.surface in drawn, "for papers, whatever the window's colours"
    assert DARK.surface not in drawn
    assert "trelleborgs-kommun" in found.value.suggested_filename
    page.get_by_role("button", name="Spara vyn").click()
    page.get_by_label("Namn på vyn").fill("Min vy")
    page.get_by_role("button", name="Spara vyn").click()
    _follow(page, "Min vy", "Vilande SIP")
    assert "/nyckeltal/sip_dormant" in page.url
    assert window.troubles == []


def _lead(page: Page) -> str:
    return page.locator(".lead").first.inner_text().replace("\u00a0", " ")
