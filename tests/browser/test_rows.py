"""Underlag in a browser: the reason before the rows, a sample for the auditor, and nothing left behind."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_pages import faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

REASON = "Uppföljning av sena återkopplingar"
OF_A_MONTH = "?slag=avvikelser&enhet=1287-SN&manad=2025-03"


def _stores(page: Page) -> str:
    """What the page keeps outside what is shown: its address and the browser's stores."""
    return str(page.evaluate("location.href + JSON.stringify([{...localStorage}, {...sessionStorage}])"))


def test_the_chief_reads_rows_for_a_reason_and_hands_a_sample_to_the_auditor(visit: Open) -> None:
    window = visit("chef", width=390)
    page = window.open(f"/nyckeltal/deviations_reported{OF_A_MONTH}")
    page.get_by_role("link", name="Se underlaget").click()
    expect(page.locator("h1")).to_have_text("Underlag")
    rows = page.locator("#cases-rows")
    expect(rows).to_contain_text("visas när du har skrivit varför")
    page.get_by_role("button", name="Visa avvikelserna").click()
    expect(rows).to_contain_text("Skriv varför du behöver läsa")
    page.get_by_label("Varför behöver du läsa").fill(REASON)
    page.get_by_role("button", name="Visa avvikelserna").click()
    expect(rows.locator(".lead")).to_contain_text("i Socialnämnden i mars")
    window.settle()
    key = rows.locator("tbody th").first.inner_text()
    assert key.startswith("AVV2025-")
    assert REASON not in _stores(page)
    assert key not in _stores(page)
    assert faults(page) == []
    page.get_by_role("combobox", name="Ordning").click()
    page.get_by_role("option", name="Nyast först").click()
    expect(page).to_have_url(re.compile("ordning=nyast"))
    expect(rows.locator("tbody th").first).not_to_have_text(key)
    expect(page.get_by_label("Varför behöver du läsa")).to_have_value(REASON)
    assert REASON not in _stores(page)
    page.get_by_label("Antal rader").fill("2")
    page.get_by_label("Varför lämnas urvalet över?").fill("Revisionens granskning av samverkan")
    page.get_by_role("button", name="Lotta och lämna över").click()
    expect(page.locator("#handover-done")).to_contain_text("är överlämnat: 2 av")
    assert window.troubles == []

    auditor = visit("revisor", scheme="dark")
    page = auditor.open("/underlag")
    page.get_by_role("link", name="Urval").first.click()
    expect(page.locator("#handover-rows .lead")).to_contain_text("lottade")
    auditor.settle()
    assert page.locator("#handover-rows tbody tr").count() == 2
    assert faults(page) == []
    assert auditor.troubles == []


def test_a_unit_manager_reads_the_own_units_rows_at_once(visit: Open) -> None:
    window = visit("enhetschef")
    page = window.open("/underlag?slag=sip&manad=2025-03")
    expect(page.locator("#cases-rows .lead")).to_contain_text("i Barn och familj norr i mars")
    assert not page.get_by_label("Varför behöver du läsa").is_visible()
    assert faults(page) == []
    assert window.troubles == []
