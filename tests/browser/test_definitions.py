"""Definitioner: a change is tried and saved, an error points at its word, nobody's edit is lost, a bad file is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from control.definitions import history
from tests.browser.conftest import PATIENCE_MS, Open
from warehouse.database import reading
from warehouse.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADDRESS = "/definitioner?del=sip_call_complete"


@pytest.fixture
def file(prepared: tuple[Engine, Settings]) -> Iterator[Path]:
    """The definitions file, put back as it was after the test."""
    path = prepared[1].definitions
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


def _replace(page: Page, old: str, new: str) -> None:
    area = page.get_by_label("Definitionens text (YAML)")
    text = area.input_value()
    assert old in text
    area.fill(text.replace(old, new))


def _try(page: Page) -> str:
    page.get_by_role("button", name="Pröva", exact=True).click()
    answer = page.locator("#definition-result")
    expect(answer).not_to_be_empty(timeout=PATIENCE_MS)
    return answer.inner_text()


def test_a_change_is_shown_before_it_is_made(visit: Open, file: Path) -> None:
    before = file.read_bytes()
    window = visit("controller")
    page = window.open(ADDRESS)
    _replace(page, "purpose_stated and question_stated", "purpose_stated")
    told = _try(page)
    assert "Kallelse med syfte och frågeställning räknas om" in told
    assert "värden de senaste 36 månaderna ändras" in told
    expect(page.locator("#definition-result figure")).to_have_count(1)
    assert file.read_bytes() == before, "trying saves nothing"
    assert window.troubles == []


def test_an_error_points_at_the_word(visit: Open, file: Path) -> None:
    page = visit("controller").open(ADDRESS)
    _replace(page, "question_stated", "qestion_stated")
    told = _try(page)
    assert "Menade du ”question_stated”?" in told
    assert "i rutan" in told


def test_a_controller_saves_with_a_reason(visit: Open, file: Path, prepared: tuple[Engine, Settings]) -> None:
    window = visit("controller")
    page = window.open(ADDRESS)
    _replace(page, "minimum_cases: 5", "minimum_cases: 6")
    save = page.get_by_role("button", name="Spara", exact=True)
    save.click()
    answer = page.locator("#definition-result")
    expect(answer).to_contain_text("Skriv varför du ändrar", timeout=PATIENCE_MS)
    page.get_by_label("Varför ändrar du?").fill("Presidiets önskan")
    save.click()
    expect(answer).to_contain_text("Sparat", timeout=PATIENCE_MS)
    assert "    minimum_cases: 6\n" in file.read_text(encoding="utf-8")
    with reading(prepared[0]) as connection:
        newest = history(connection)[0]
    assert (newest.saved_by, newest.reason) == ("Controller", "Presidiets önskan")
    page.reload()
    expect(page.locator("#main")).to_contain_text("Presidiets önskan", timeout=PATIENCE_MS)
    assert window.troubles == []


def test_anothers_change_is_not_overwritten(visit: Open, file: Path) -> None:
    page = visit("controller").open(ADDRESS)
    _replace(page, "minimum_cases: 5", "minimum_cases: 7")
    theirs = file.read_text(encoding="utf-8").replace("name: Aktiva SIP", "name: Gällande SIP", 1)
    file.write_text(theirs, encoding="utf-8")
    page.get_by_label("Varför ändrar du?").fill("min ändring")
    page.get_by_role("button", name="Spara", exact=True).click()
    answer = page.locator("#definition-result")
    expect(answer).to_contain_text("ändrats av någon annan", timeout=PATIENCE_MS)
    assert "Gällande SIP" in answer.inner_text()
    assert "minimum_cases: 7" in answer.inner_text()
    assert "minimum_cases: 7" in page.get_by_label("Definitionens text (YAML)").input_value(), "the own text is kept"
    assert file.read_text(encoding="utf-8") == theirs


def test_a_chief_may_try_but_not_save(visit: Open, file: Path) -> None:
    page = visit("chef").open("/definitioner")
    page.get_by_text("Texten bakom, för den som vill pröva en ändring").click()
    page.get_by_role("combobox", name="Del av filen").click()
    page.get_by_role("option", name="Kallelse med syfte och frågeställning").click()
    expect(page.get_by_label("Definitionens text (YAML)")).to_have_value(re.compile("^  sip_call_complete:"))
    expect(page.get_by_role("button", name="Spara", exact=True)).to_be_hidden()
    _replace(page, "purpose_stated and question_stated", "purpose_stated")
    assert "räknas om" in _try(page)


def test_a_broken_file_is_told_everywhere_and_takes_nothing_down(visit: Open, file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("span: active", "span: aktiv", 1), encoding="utf-8")
    page = visit("presidium").open("/")
    expect(page.locator("#main")).to_contain_text("Definitionsfilen har fel")
    expect(page.locator("tr.figure").first).to_be_visible()
    page.get_by_role("link", name="Se felen").click()
    expect(page.locator("#main")).to_contain_text("Menade du ”active”?", timeout=PATIENCE_MS)
