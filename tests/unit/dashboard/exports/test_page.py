"""A page's file holds its tables as they stand, numbers as numbers, and what is hidden as hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from dash import html

from dashboard.components.bar_table import BarRow, bar_table
from dashboard.components.choices import choices, month_choice, narrowing, place_choice
from dashboard.components.data_table import Column, data_table
from dashboard.components.head import page_head
from dashboard.components.link import link
from dashboard.components.page_tools import page_tools
from dashboard.components.status_mark import synthetic_mark
from dashboard.exports.cells import Amount
from dashboard.exports.csv_file import write_csv
from dashboard.exports.page import is_marked_synthetic, page_export
from dashboard.exports.page_tables import in_a_cell
from dashboard.exports.tables import Export
from dashboard.exports.xlsx_file import write_xlsx
from dashboard.page_facts import PageFacts
from kpi.format import NBSP, percent
from kpi.organisation import Unit
from kpi.period import Period
from tests.builders.figures import catalogue, definition
from tests.builders.sheets import read_sheets

AT = datetime(2025, 3, 2, 9, 30, tzinfo=UTC)


def export(content: object) -> Export | None:
    return page_export("Avvikelser", content, path="/avvikelser", search="?enhet=1287-SN", at=AT, is_synthetic=True)


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("1\u202f234", Amount(1234.0)), (f"63{NBSP}%", Amount(0.63, "percent")), ("4,25", Amount(4.25, "count", 2)),
        ("\u22123", Amount(-3.0)), ("+2,5\u202f%", Amount(0.025, "percent", 1)), ("0", Amount(0.0)),
        *((words, words) for words in ("..", "–", "29 av 46", "2025-03-01", "inte släppt", "", "1287-SN")),
    ],
)  # fmt: skip
def test_numbers_are_numbers_and_the_rest_is_as_it_is(words: str, cell: object) -> None:
    found = in_a_cell(words)
    assert (replace(found, value=round(found.value, 9)) if isinstance(found, Amount) else found) == cell


def test_the_tables_come_as_they_stand_with_their_small_print_beside() -> None:
    rows = [
        [html.A("BUP", href="/x"), [percent(0.4), html.Small("4 av 10")], ".."],
        ["Skolan", [percent(1.0), html.Small("5 av 5")], "7"],
    ]
    columns = [Column("Aktör"), Column("Andel"), Column("Antal")]
    folded = html.Details([html.Summary("Visa"), data_table("Frånvaro", columns[::2], [["BVC", "3"]])])
    found = export([data_table("Frånvaro", columns, rows), folded])
    assert found is not None
    first, second = found.tables
    assert [one.heading for one in first.columns] == ["Aktör", "Andel (%)", "Andel, om", "Antal"]
    assert [[str(cell) if not isinstance(cell, Amount) else cell.value for cell in row] for row in first.rows] == [
        ["BUP", 0.4, "4 av 10", ".."], ["Skolan", 1.0, "5 av 5", 7.0],
    ]  # fmt: skip
    assert (first.name, second.name) == ("Frånvaro", "Frånvaro 2"), "a tab of its own"
    text = write_csv(found).decode("utf-8-sig")
    assert "Aktör;Andel (%);Andel, om;Antal\r\nBUP;40;4 av 10;..\r\nSkolan;100;5 av 5;7" in text
    assert "Adress;/avvikelser?enhet=1287-SN" in text
    assert "Hämtad;2 mars 2025 kl. 10.30" in text
    assert "Syntetiska data;påhittade uppgifter" in text
    sheets = read_sheets(write_xlsx(found))
    assert list(sheets) == ["Frånvaro", "Frånvaro 2", "Om uppgifterna"]
    assert sheets["Frånvaro"][1][1] == pytest.approx(0.4)


def test_what_stands_as_facts_on_the_page_is_told_in_the_file() -> None:
    owner = html.Div([html.Dt("Ägare"), html.Dd("chef")])
    facts = html.Dl([html.Dt("Så räknas det"), html.Dd("Antal avvikelser."), owner])
    found = export([facts, data_table("T", [Column("A")], [["1"]])])
    assert found is not None
    assert ("Så räknas det", "Antal avvikelser.") in found.about.facts
    assert ("Ägare", "chef") in found.about.facts


def test_whose_it_is_which_month_and_until_when_stand_in_the_file_and_in_its_name() -> None:
    unit, other = (
        Unit("1287-N", "Öppenvård", "unit", "1287-SN", "1287"),
        Unit("1287-SN", "Nämnden", "board", "1287", "1287"),
    )
    month = Period.parse("2025-02")
    head = page_head(
        "Avvikelser", place=unit.name,
        choices=choices(
            place_choice("Enhet", [unit, other], unit.code), month_choice([month, month.shift(-1)], month, month),
            narrowing("choice-category", "Kategori", [("tvist", "Tvister")], "tvist"),
        ),
    )  # fmt: skip
    numbers = html.Dl([html.Dt("Inom tid"), html.Dd("7")], className="numbers")
    lead = html.P("7 av 10 har svar.", className="panel-lead")
    way = html.Dl([html.Dt("Definitionens text"), html.Dd(link("Läs", "/x", className="more"))], className="facts")
    figure = link("Öppna", "/nyckeltal/deviation_open_90d?enhet=1287-N")
    panel = html.Section([html.H2("Återkoppling vi ger"), lead, numbers, data_table("T", [Column("A")], [[figure]])])
    found = page_export(
        "Avvikelser", [head, panel, way], path="/avvikelser", search="", at=AT, is_synthetic=False,
        facts=PageFacts("Trelleborgs kommun", date(2025, 2, 28)), definitions=catalogue().definitions,
    )  # fmt: skip
    assert found is not None
    assert found.name == "samkoll-avvikelser-oppenvard-trelleborgs-kommun-2025-02"
    meaning = definition("deviation_open_90d")
    assert found.about.facts == (
        ("Sida", "Avvikelser"), ("Enhet", "Öppenvård (enhet)"), ("Månad", f"februari{NBSP}2025, preliminär"),
        ("Kategori", "Tvister"),
        ("Kommun", "Trelleborgs kommun"), ("Uppgifter till och med", f"28{NBSP}februari{NBSP}2025"),
        ("Adress", "/avvikelser"), ("Hämtad", f"2{NBSP}mars{NBSP}2025 kl.{NBSP}10.30"),
        ("Återkoppling vi ger", "7 av 10 har svar."), ("Återkoppling vi ger: Inom tid", "7"),
        (f"Så räknas {meaning.name}", meaning.description),
    )  # fmt: skip


def test_a_formula_in_a_name_is_a_text_and_a_page_without_tables_gives_no_file() -> None:
    found = export(data_table("T", [Column("A")], [["=cmd()"]]))
    assert found is not None
    assert "'=cmd()" in write_csv(found).decode("utf-8-sig")
    assert export([html.P("Inget"), page_tools(has_tables=True)]) is None
    assert is_marked_synthetic(html.Div([html.H1("x"), synthetic_mark()]))
    assert not is_marked_synthetic(html.Div("Syntetiska"))


def test_cells_over_several_columns_and_pictures_stand_in_their_first() -> None:
    table = html.Table([
        html.Caption("T"),
        html.Thead(html.Tr([html.Th("A"), html.Th("B")])),
        html.Tbody([
            html.Tr(html.Th("Grupp", colSpan=2)),
            html.Tr([html.Th(html.Img(alt="Lägst 3, högst 9.")), html.Td(html.Span("✓", **{"aria-hidden": "true"}))]),
        ]),
    ])  # fmt: skip
    found = export(table)
    assert found is not None
    assert found.tables[0].rows == (("Grupp", ""), ("Lägst 3, högst 9.", ""))


def test_a_number_beside_its_bar_stands_below_its_own_heading() -> None:
    rows = [BarRow("Tvist", 1.0, "9", (percent(0.75),)), BarRow("Annat", 0.0, "3", (percent(1.0),))]
    found = export(bar_table("T", ["Kategori", "Antal", "Samlad andel"], rows))
    assert found is not None
    assert "Kategori;Antal;Samlad andel (%)\r\nTvist;9;75\r\nAnnat;3;100" in write_csv(found).decode("utf-8-sig")


def test_a_heading_over_several_columns_is_told_with_each() -> None:
    above = html.Tr([html.Td(), html.Th("Konsekvens", colSpan=2)])
    head = html.Thead([above, html.Tr([html.Th("Sannolikhet"), html.Th("1 låg"), html.Th("2 hög")])])
    found = export(html.Table([head, html.Tbody(html.Tr([html.Th("1 liten"), html.Td("1"), html.Td("2")]))]))
    assert found is not None
    assert [one.heading for one in found.tables[0].columns] == ["Sannolikhet", "Konsekvens: 1 låg", "Konsekvens: 2 hög"]
    assert len(found.tables[0].rows) == 1


def test_a_number_that_leads_to_its_cases_is_a_number() -> None:
    hidden = html.Span(" avvikelser: öppna 0–30 dagar", className="visually-hidden")
    rows = [html.Tr([html.Th("0–30 dagar"), html.Td(link(["8", hidden], "/underlag"))])]
    head = html.Thead(html.Tr([html.Th("Öppna sedan"), html.Th("Antal")]))
    found = export(html.Table([html.Caption("T", className="visually-hidden"), head, html.Tbody(rows)]))
    assert found is not None
    assert (found.tables[0].title, found.tables[0].rows) == ("T", (("0–30 dagar", Amount(8.0, "count", 0)),))
