"""Files of papers: the same bytes whoever draws them, accessible, and nothing in them runs."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import docx
import pdfua
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from control.papers.content import PaperContent, as_json, from_json, hash_of
from control.papers.files.chart import svg_of
from control.papers.files.formats import FORMATS
from control.papers.files.words import file_name, foot
from tests.builders.paper_document import document
from tests.builders.pdf import elements, pdf_tables, pdf_text, structure

ROOT = Path(__file__).parents[4]
_DRAW = """
import hashlib
from control.papers.files.formats import FORMATS
from tests.builders.paper_document import document
for ending, (draw, _) in sorted(FORMATS.items()):
    print(ending, hashlib.sha256(draw(document())).hexdigest())
"""


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {ending: draw(document()) for ending, (draw, _) in FORMATS.items()}


def test_another_process_in_another_zone_and_language_draws_the_same_bytes(files: dict[str, bytes]) -> None:
    elsewhere = os.environ | {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7", "LANG": "C"}
    told = subprocess.run([sys.executable, "-c", _DRAW], cwd=ROOT, env=elsewhere, capture_output=True, check=True)
    found = dict(line.split() for line in told.stdout.decode().splitlines())
    assert found == {ending: hashlib.sha256(content).hexdigest() for ending, content in files.items()}


def test_content_comes_back_from_the_warehouse_as_it_was() -> None:
    content = PaperContent(document(), document())
    assert from_json(as_json(content)) == content
    assert hash_of(from_json(as_json(content))) == hash_of(content)
    assert hash_of(PaperContent(document())) != hash_of(content), "the secret annex is part of the whole"
    assert document().hash[:12] in foot(document())
    assert file_name(document()) == "monthly-1287-SN-2025-03-v2"


def test_an_independent_checker_finds_no_fault_in_the_pdf(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(files["pdf"])
    report = pdfua.validate(str(path))
    assert not report.findings, [str(one) for one in report.findings]


def test_the_pdf_is_swedish_tagged_kept_and_names_its_tables_heads(files: dict[str, bytes]) -> None:
    reader = PdfReader(BytesIO(files["pdf"]))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    told = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"<pdfuaid:part>1<", told)
    assert re.search(r"<pdfaid:part>2<", told)
    assert re.search(r"<pdfaid:conformance>A<", told)
    (table,) = elements(structure(reader), "Table")
    rows = list(elements(table, "TR"))
    assert [len(list(elements(row, "TH"))) for row in rows[:2]] == [3, 0]
    (figure,) = elements(structure(reader), "Figure")
    assert "februari visas inte" in str(figure["/Alt"])
    assert pdf_tables(files["pdf"])[0][1][0].startswith("Nyckeltal 0")
    assert pdf_text(files["pdf"]).count("dnr SN 2025/44") == len(reader.pages)
    assert "Syntetiska data" in pdf_text(files["pdf"])


def test_what_is_decided_comes_first(files: dict[str, bytes]) -> None:
    told = pdf_text(files["pdf"])
    assert told.index("Förslag till beslut") < told.index("Sammanfattning") < told.index("Nyckeltal")


def test_the_word_file_has_real_headings_and_repeated_table_heads(files: dict[str, bytes]) -> None:
    made = docx.Document(BytesIO(files["docx"]))
    levels = [int(one.style.name[-1]) for one in made.paragraphs if one.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), "none is skipped"
    (table,) = made.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    (picture,) = made.inline_shapes
    assert picture._inline.docPr.get("descr") == document().charts[0].alt
    languages = {one.get(qn("w:val")) for one in made.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))}
    assert languages == {"sv-SE"}
    assert made.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "sv-SE"
    assert made.core_properties.title == document().title
    above = next(at for at, one in enumerate(made.paragraphs) if one.text.startswith("Mars 2025"))
    assert made.paragraphs[above].paragraph_format.keep_with_next, "it is not parted from its chart"
    assert made.core_properties.author == "Socialnämnden"
    assert made.core_properties.last_modified_by == ""


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_office_files_tell_no_moment_but_the_papers_own(files: dict[str, bytes], ending: str) -> None:
    with zipfile.ZipFile(BytesIO(files[ending])) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = packed.read("docProps/core.xml").decode()
        names = packed.namelist()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2025-04-07"}
    assert "python" not in core.lower()
    assert ending == "xlsx" or {"docProps/app.xml", "docProps/thumbnail.jpeg"}.isdisjoint(names)


def test_no_cell_of_the_workbook_is_a_formula(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(BytesIO(files["xlsx"])) as packed:
        sheets = [packed.read(one).decode() for one in packed.namelist() if one.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in one or "<hyperlink" in one for one in sheets)
    book = CalamineWorkbook.from_filelike(BytesIO(files["xlsx"]))
    rows = book.get_sheet_by_name("Alla nyckeltal").to_python()
    assert rows[0] == ["Nyckeltal", "Nyckeltal, mer", "Utfall", "Utfall, mer", "Bedömning"]
    assert rows[1][2] == 0.63
    assert rows[1][4].startswith("=1+1")


class _Page(HTMLParser):
    """What a page is made of, and whether it is well nested."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(told)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def each(self, tag: str) -> Iterator[dict[str, str | None]]:
        yield from (attributes for name, attributes in self.found if name == tag)


def test_the_page_is_whole_accessible_and_fetches_nothing(files: dict[str, bytes]) -> None:
    told = files["html"].decode()
    page = _Page(told)
    assert not page.open
    assert next(page.each("html"))["lang"] == "sv"
    assert len(list(page.each("h1"))) == 1
    assert len(list(page.each("caption"))) == len(list(page.each("table"))) == 1
    assert {one["scope"] for one in page.each("th")} == {"col", "row"}
    assert all(one["role"] == "img" and one["aria-label"] for one in page.each("svg"))
    levels = [int(name[1]) for name, _ in page.found if re.fullmatch("h[1-6]", name)]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    names = {name for name, _ in page.found}
    assert not names & {"script", "link", "iframe", "img", "form", "b"}
    assert not any(name.startswith("on") or name in ("href", "src", "style") for _, all_ in page.found for name in all_)
    assert "&lt;b&gt;" in told


def test_a_chart_breaks_its_line_where_a_value_is_hidden() -> None:
    drawn = svg_of(document().charts[0])
    assert "<polyline" not in drawn, "no line leads past what is hidden"
    assert drawn.count("<circle") == 2
    assert ">..<" in drawn
    assert drawn == svg_of(document().charts[0])
