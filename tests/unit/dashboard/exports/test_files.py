"""Each file read back and held against the cells that it was made of; what is hidden stands nowhere in any of them."""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from control.typesetting.setting import DRAWN
from dashboard.exports.cells import Amount, Cell, NotReleased, told
from dashboard.exports.comparison import COLUMNS, comparison_export, comparison_rows
from dashboard.exports.csv_file import write_csv
from dashboard.exports.figure import figure_export
from dashboard.exports.pdf_file import write_pdf
from dashboard.exports.tables import Export, Table
from dashboard.exports.xlsx_file import in_sheet, write_xlsx
from kpi.disclosure.suppressed import SUPPRESSED, Suppressed
from kpi.organisation import Unit, organisation
from kpi.released import Numbers, Shown
from kpi.spc.intervals import Interval
from kpi.views.comparison import ComparedRow
from tests.builders.exported import (
    ORGANISATION,
    PLACES,
    UNIT,
    comparison_of,
    count_of,
    figure_of,
    place_value,
    share_of,
)
from tests.builders.figures import BOARD, MUNICIPALITY, definition
from tests.builders.pdf import elements, pdf_tables, pdf_text, structure
from tests.builders.sheets import read_sheets

WRITERS = (write_csv, write_xlsx, write_pdf)
ROWS: dict[str, tuple[Shown | None, ...]] = {
    "sip_established": (count_of(1061), SUPPRESSED, count_of(1061)),
    "sip_call_complete": (share_of(43, 79), SUPPRESSED, SUPPRESSED),
    "sip_school_gap": (Numbers(None, None, -0.134, 72), None, SUPPRESSED),
    "sip_per_1000": (None, None, Numbers(21, 9817, 2.139, 21)),
    "sip_lead_time": (Numbers(None, None, 34.5, 12), SUPPRESSED, SUPPRESSED),
    "deviations_reported": (count_of(0), None, None),
}


def read_csv(data: bytes) -> list[list[str]]:
    """As Excel does it: the mark says UTF-8, semicolons part the cells."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def csv_table(rows: list[list[str]], table: Table) -> list[list[str]]:
    """The table's rows in the file, below its headings."""
    at = rows.index([column.heading for column in table.columns])
    return rows[at + 1 : at + 1 + len(table.rows)]


def agrees(cell: Cell, text: str) -> bool:
    """Whether the CSV's text tells the cell: a number to the last decimal that it has, anything else as it is."""
    if not isinstance(cell, Amount):
        return text == plain(str(cell))
    shown = cell.value * 100 if cell.is_fraction else cell.value
    return abs(float(text.replace(",", ".")) - shown) <= 0.05


def assert_all_formats_hold(export: Export) -> None:
    """CSV and workbook cell by cell; the paper's tables too."""
    rows, sheets, papers = read_csv(write_csv(export)), read_sheets(write_xlsx(export)), pdf_tables(write_pdf(export))
    assert list(sheets) == [*(table.name for table in export.tables), "Om uppgifterna"]
    for table in export.tables:
        for cells, line in zip(table.rows, csv_table(rows, table), strict=True):
            assert all(agrees(cell, text) for cell, text in zip(cells, line, strict=True)), line
        heading, *lines = sheets[table.name]
        assert heading == [column.heading for column in table.columns]
        for cells, line in zip(table.rows, lines, strict=True):
            for cell, found in zip(cells, line, strict=True):
                if isinstance(cell, Amount):
                    assert found == pytest.approx(in_sheet(cell))
                else:
                    assert found == plain(str(cell))
    for printed, paper in zip(export.printed, papers, strict=True):
        assert paper[0] == [column.heading for column in printed.columns]
        for wanted, found in zip(printed.rows, paper[1:], strict=True):
            assert [plain(one) for one in found] == [
                plain("\n".join(part for part in (told(cell.cell), *cell.below) if part)) for cell in wanted
            ]


def test_the_comparisons_files_hold_its_cells() -> None:
    assert_all_formats_hold(comparison_export(comparison_of(ROWS), ORGANISATION))


def test_a_figures_files_hold_its_periods_units_and_parts() -> None:
    export = figure_export(a_figure(), ORGANISATION)
    assert [table.name for table in export.tables] == ["Perioder", "Enheter", "Delar"]
    assert_all_formats_hold(export)


def test_a_flows_margins_are_told_as_all() -> None:
    def split(**of: str) -> tuple[tuple[str, str], ...]:
        return tuple(of.items())

    parts = (
        (split(to_actor="bvc"), count_of(12)),
        (split(from_actor="mvc", to_actor="bvc"), SUPPRESSED),
        (split(from_actor="mvc"), count_of(59)),
        (split(from_actor="bvc", to_actor="mvc"), count_of(7)),
    )
    found = figure_of("referral_flows", place_value("referral_flows", BOARD, count_of(89)), parts=parts)
    table = next(one for one in figure_export(found, ORGANISATION).tables if one.name == "Delar")
    assert [[str(told(cell)) for cell in row] for row in table.rows] == [
        ["BVC", "MVC", "7", "antal"], ["MVC", "BVC", "..", "antal"], ["MVC", "alla", "59", "antal"],
        ["alla", "BVC", "12", "antal"],
    ]  # fmt: skip


def a_figure() -> Any:
    kpi_id = "sip_absence_by_actor"
    parts = (((("actor", "bup"),), share_of(15, 44)), ((("actor", "bvc"),), SUPPRESSED))
    series = (("2024-T2", share_of(11, 66), None), ("2024-T3", SUPPRESSED, share_of(31, 212)))
    below = (place_value(kpi_id, UNIT, SUPPRESSED),)
    value = place_value(kpi_id, BOARD, SUPPRESSED, twelve=share_of(31, 212))
    return figure_of(kpi_id, value, series=series, units=below, parts=parts)


# --- what is hidden ----------------------------------------------------------


def everything_in(data: bytes) -> str:
    """A file's whole content as text: the workbook's parts and the paper's pages opened."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    if data.startswith(b"%PDF"):
        streams = [piece.split(b"endstream")[0].strip(b"\r\n") for piece in data.split(b"stream")[1::2]]
        opened = [zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"\x78"]
        return pdf_text(data) + "\n".join(one.decode("latin-1") for one in opened if b"beginbfchar" not in one[:4000])
    return data.decode("utf-8-sig")


def test_the_true_number_behind_a_hidden_value_stands_nowhere() -> None:
    """Even when its interval and the words about it were left behind it."""
    kpi_id = "sip_call_complete"
    careless = Interval(0.7654321, 0.8765432)
    hidden = place_value(kpi_id, BOARD, SUPPRESSED, interval=careless)
    row = ComparedRow(definition(kpi_id), (hidden, place_value(kpi_id, MUNICIPALITY, share_of(43, 79))))
    found = replace(comparison_of({}), places=(BOARD, MUNICIPALITY), rows=(row,))
    figure = figure_of(kpi_id, hidden, series=(("2024-T3", SUPPRESSED, SUPPRESSED),), units=(hidden,))
    for export in (comparison_export(found, ORGANISATION), figure_export(figure, ORGANISATION)):
        for write in WRITERS:
            text = everything_in(write(export))
            leaks = ("0.765", "0.876", "76,5", "87,6", "77\u00a0%", "88\u00a0%", "77 %", "88 %")
            assert not [number for number in leaks if number in text]
            assert ".." in text


hidden_or_not = st.lists(
    st.tuples(*[st.sampled_from(["shown", "hidden", "none"])] * len(PLACES)), min_size=1, max_size=4
)


@settings(max_examples=12, deadline=None)
@given(hidden_or_not, st.integers(5, 60))
def test_every_format_hides_exactly_the_same_cells(pattern: list[tuple[str, ...]], number: int) -> None:
    values: dict[str, Shown | None] = {"shown": share_of(number, 100), "hidden": SUPPRESSED, "none": None}
    figures = ["sip_call_complete", "sip_met_30d", "sip_mandate", "sip_full_attendance"]
    found = comparison_of(
        {kpi_id: tuple(values[one] for one in row) for kpi_id, row in zip(figures, pattern, strict=False)}
    )
    export = comparison_export(found, ORGANISATION)
    wanted = {
        (row.definition.name, row.place): str(row.cells.value)
        for row in comparison_rows(found, ORGANISATION)
        if isinstance(row.cells.value, Suppressed | NotReleased)
    }
    name, place, value = (next(at for at, one in enumerate(COLUMNS) if one.heading == heading)
                          for heading in ("Nyckeltal", "Plats", "Värde"))  # fmt: skip
    told_of = ("..", "inte släppt", "gäller inte nämnden", "finns inte per nämnd")
    lines = csv_table(read_csv(write_csv(export)), export.tables[0])
    assert {(one[name], one[place]): one[value] for one in lines if one[value] in told_of} == wanted
    lines = read_sheets(write_xlsx(export))["Jämförelse"]
    assert {(one[name], one[place]): one[value] for one in lines if one[value] in told_of} == wanted
    on_paper = {
        (row[0].split("\n")[0], place_): cell.split("\n")[0]
        for table in pdf_tables(write_pdf(export))
        for row in table[1:]
        for place_, cell in zip(table[0][1:], row[1:], strict=True)
        if cell.split("\n")[0] in told_of
    }
    left_out = {key for key in wanted if all(one == "none" for one in pattern[_place_of(key[0], figures)])}
    assert on_paper == {key: marker for key, marker in wanted.items() if key not in left_out}


def _place_of(name: str, figures: list[str]) -> int:
    return next(at for at, kpi_id in enumerate(figures) if definition(kpi_id).name == name)


# --- spreadsheets ------------------------------------------------------------

HOSTILE = ('=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", 'a;b"c\nd', "#text{[*$x$*]}")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_run(name: str) -> None:
    """In CSV it begins with an apostrophe, in the workbook it is a text, on paper it is what it says."""
    odd = Unit("1287-X", name, "board", "1287", "1287", "social")
    found = comparison_of({"sip_call_complete": (share_of(43, 79),)}, (odd,))
    export = comparison_export(found, organisation([MUNICIPALITY, odd]))
    (line,) = csv_table(read_csv(write_csv(export)), export.tables[0])
    assert line[1] == (name if name[0] in "a#" else f"'{name}")
    assert all(cell[:1] not in tuple("=+-@\t\r") for row in read_csv(write_csv(export)) for cell in row)
    sheet = read_sheets(write_xlsx(export))["Jämförelse"]
    assert sheet[1][1].replace("_x000D_", "\r").split() == name.split()
    assert "<f>" not in everything_in(write_xlsx(export))
    drawn = name.replace("＝", "\ufffd")
    assert "".join(drawn.split()) in "".join(pdf_tables(write_pdf(export))[0][0][1].split())


def test_negative_numbers_stay_numbers() -> None:
    export = comparison_export(
        comparison_of({"sip_school_gap": (Numbers(None, None, -0.134, 72), None, None)}), ORGANISATION
    )
    assert csv_table(read_csv(write_csv(export)), export.tables[0])[0][5] == "-13,4"
    assert read_sheets(write_xlsx(export))["Jämförelse"][1][5] == pytest.approx(-13.4)


def test_the_workbook_tells_what_it_holds_and_names_nobody() -> None:
    data = write_xlsx(comparison_export(comparison_of(ROWS, is_synthetic=True), ORGANISATION))
    told_of = {str(row[0]): str(row[1]) for row in reversed(read_sheets(data)["Om uppgifterna"])}
    assert told_of["Kommun"] == "Trelleborg"
    assert told_of["Nämnd"] == "Socialnämnden"
    assert told_of["Till och med"] == "december 2024"
    assert told_of[".."].startswith("Visas inte (för få fall).")
    assert told_of["Utlämnandeklass"].startswith("Process: ")
    assert told_of["Syntetiska data"].startswith("Påhittade uppgifter")
    closings = [row for row in read_sheets(data)["Om uppgifterna"] if len(str(row[4])) == 64]
    assert [(row[1], row[3], row[4][:2]) for row in closings] == [
        ("tredje tertialet 2024", "Nr 1: Sen leverans", "22"), ("andra tertialet 2024", "", "11"),
        ("första tertialet 2024", "", "55"),
    ]  # fmt: skip
    with zipfile.ZipFile(BytesIO(data)) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert {one.date_time[:3] for one in archive.infolist()} == {(1980, 1, 1)}
    assert "<dc:creator></dc:creator>" in core
    assert "2025-03-01T08:05:30Z</dcterms:created>" in core


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_content_gives_the_same_bytes(write: Any) -> None:
    first, second = (write(comparison_export(comparison_of(ROWS), ORGANISATION)) for _ in range(2))
    assert first == second


# --- the paper ---------------------------------------------------------------


def test_the_paper_can_be_read_aloud() -> None:
    """PDF/UA-1 as far as it can be told from the file: tagged, in Swedish, titled, with marked headings of tables."""
    data = write_pdf(comparison_export(comparison_of(ROWS, is_synthetic=True), ORGANISATION))
    reader = PdfReader(BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Jämförelse av det som har släppts, Trelleborg"
    assert reader.metadata.author is None
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    tables = list(elements(structure(reader), "Table"))
    assert tables
    for table in tables:
        headings = list(elements(table, "TH"))
        assert headings
        assert all("/Column" in str(one["/A"]) for one in headings)
    assert len(list(elements(structure(reader), "H1"))) == 1
    assert list(elements(structure(reader), "H2"))
    assert all(page.mediabox.width < page.mediabox.height for page in reader.pages)


def test_the_paper_says_what_the_dots_mean_and_that_the_data_are_synthetic() -> None:
    text = pdf_text(write_pdf(comparison_export(comparison_of(ROWS, is_synthetic=True), ORGANISATION)))
    assert ".. Visas inte (för få fall)." in text
    assert "Syntetiska data: påhittade uppgifter" in text
    assert "Sida 1 av" in text
    assert "Syntetiska" not in pdf_text(write_pdf(comparison_export(comparison_of(ROWS), ORGANISATION)))


def test_every_sign_that_is_let_through_can_be_drawn() -> None:
    """Else a place's name could make its paper impossible."""
    ranges = re.findall("(.)-(.)", DRAWN)
    signs = "".join(chr(code) for first, last in ranges for code in range(ord(first), ord(last) + 1))
    strange = "\x00\x1f\ufeff\u05d0\U0001f600"
    odd = Unit("1287-X", f"{signs} {strange}", "board", "1287", "1287", "social")
    found = comparison_of({"sip_call_complete": (share_of(43, 79),)}, (odd,))
    assert write_pdf(comparison_export(found, organisation([MUNICIPALITY, odd])))


def test_the_lead_tells_how_much_is_hidden() -> None:
    export = comparison_export(comparison_of(ROWS), ORGANISATION)
    assert plain(export.lead) == (
        "6 nyckeltal har släppts för Socialnämnden, Bildningsnämnden och Trelleborg till och med december 2024; "
        "6 värden visas inte: för få fall eller för att skydda ett annat."
    )
    assert export.name == "samkoll-jamforelse-trelleborg-2024-12"


def test_a_figures_lead_tells_its_judged_value() -> None:
    assert plain(figure_export(a_figure(), ORGANISATION).lead) == (
        "Socialnämnden, 12 mån till och med dec 2024: 15 % (31 av 212, 95 %-intervall 10–20 %). "
        "Nära den föreslagna bevakningsnivån."
    )
    hidden = figure_of("sip_lead_time", place_value("sip_lead_time", BOARD, SUPPRESSED))
    assert plain(figure_export(hidden, ORGANISATION).lead).endswith("visas inte (för få fall).")


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 9))
def test_many_places_stand_in_tables_of_at_most_three(count: int) -> None:
    places = tuple(Unit(f"1287-{at}", f"Nämnd {at}", "board", "1287", "1287") for at in range(count))
    found = comparison_of({"sip_call_complete": (share_of(43, 79),) * count}, places)
    tables = comparison_export(found, organisation([MUNICIPALITY, *places])).printed
    assert all(2 <= len(table.columns) <= 4 for table in tables)
    assert [column.heading for table in tables for column in table.columns[1:]] == [one.name for one in places]
