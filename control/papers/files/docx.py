"""A document as DOCX, for a registrar to edit: real headings, repeated table heads, text alternatives, Swedish.

The file names no person, program or machine, and its parts have one fixed time.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from control.papers.content import Block, Cell, Chart, Document, Items, Paragraph, Section, Table
from control.papers.files import words
from control.papers.files.chart import HEIGHT, WIDTH, svg_of
from control.typesetting.setting import set_picture

_CHART = Path(__file__).parent / "chart.typ"
_OF_TEMPLATE = ("/thumbnail", "/extended-properties")
_WIDE = Cm(16.3)
_ON_ONE_PAGE = 6
"""Tables of so few rows are not divided between pages."""
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
_QUIET = RGBColor(0x55, 0x53, 0x4C)
_INK = RGBColor(0x22, 0x21, 0x1E)
_SIZES = {"Normal": 10.5, "Title": 18, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11, "Heading 4": 10.5}


def docx_of(document: Document) -> bytes:
    """The file."""
    made = docx.Document()
    _set_up(made, document)
    _write_head(made, document)
    _write_body(made, document)
    out = BytesIO()
    made.save(out)
    return _packed_again(out.getvalue())


def _set_up(made: Any, document: Document) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2.2)
    for name, size in _SIZES.items():
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for at in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(at), None)
    _speak_swedish(made)
    _forget_the_template(made)
    core = made.core_properties
    core.title, core.language, core.author, core.last_modified_by = document.title, "sv-SE", document.head.board, ""
    core.comments, core.keywords, core.revision = "", "", 1
    core.created = core.modified = words.made_at(document).replace(tzinfo=None)
    _write_foot(section.footer.paragraphs[0], document)


def _speak_swedish(made: Any) -> None:
    defaults = made.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "sv-SE")
    for name, value in (("w:themeFontLang", "sv-SE"), ("w:decimalSymbol", ","), ("w:listSeparator", ";")):
        made.settings.element.find(qn(name)).set(qn("w:val"), value)


def _forget_the_template(made: Any) -> None:
    """The library's own template brings a picture of its first page and the program that it was made with."""
    relations = made.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith(_OF_TEMPLATE)]:
        del relations[name]


def _write_foot(paragraph: Any, document: Document) -> None:
    mark = words.marks(document)
    told = f"{words.foot(document)}{f'   {mark}' if mark else ''}   Sida "
    _run(paragraph, told, size=8, color=_QUIET)
    _field(paragraph, "PAGE")
    _run(paragraph, " av ", size=8, color=_QUIET)
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    _run(paragraph, "1", size=8, color=_QUIET)
    field.append(paragraph.runs[-1]._r)
    paragraph._p.append(field)


def _write_head(made: Any, document: Document) -> None:
    head = made.add_paragraph()
    _run(head, document.head.municipality, size=12, is_bold=True)
    _run(head, f"\n{document.head.board}\n{words.kind_words(document)}")
    if mark := words.marks(document):
        _run(head, f"\n{mark}", is_bold=True)
    facts = made.add_paragraph()
    for at, (label, told) in enumerate(words.head_facts(document)):
        _run(facts, f"{'' if at == 0 else chr(10)}{label}: ", color=_QUIET)
        _run(facts, told)
    made.add_heading(document.title, level=1)
    if document.head.is_synthetic:
        _run(made.add_paragraph(), words.SYNTHETIC_HELP, is_bold=True)


def _write_body(made: Any, document: Document) -> None:
    if document.decisions:
        made.add_heading(words.PROPOSAL, level=2)
        lead = words.decision_lead(document)
        if len(document.decisions) == 1:
            made.add_paragraph(f"{lead} {document.decisions[0]}.")
        else:
            made.add_paragraph(lead)
            for at, one in enumerate(document.decisions, 1):
                made.add_paragraph(f"{one}{'.' if at == len(document.decisions) else ','}", style="List Number")
        made.add_heading(words.SUMMARY, level=2)
    _write_blocks(made, document.summary)
    for section in document.sections:
        _write_section(made, section, 2)
    if document.annexes:
        made.add_heading(words.PAPERS, level=2)
        _write_block(made, Items(tuple(words.annex_titles(document))))
    if document.copies_to:
        made.add_heading(words.COPIES, level=2)
        _write_block(made, Items(document.copies_to))
    if document.decisions:
        made.add_paragraph()
        signed = made.add_paragraph()
        _run(signed, "\n".join(words.SIGNED_BY), color=_QUIET)
    for title, annex in zip(words.annex_titles(document), document.annexes, strict=True):
        made.add_page_break()
        made.add_heading(title, level=1)
        for section in annex.sections:
            _write_section(made, section, 2)


def _write_section(made: Any, section: Section, depth: int) -> None:
    made.add_heading(section.heading, level=depth)
    _write_blocks(made, section.blocks)
    for part in section.parts:
        _write_section(made, part, depth + 1)


def _write_blocks(made: Any, blocks: Sequence[Block]) -> None:
    """What stands right above a chart, table or list goes with it to the next page."""
    for block, below in zip_longest(blocks, blocks[1:]):
        _write_block(made, block)
        if isinstance(block, Paragraph) and isinstance(below, Chart | Table | Items):
            made.paragraphs[-1].paragraph_format.keep_with_next = True


def _write_block(made: Any, block: Block) -> None:
    match block:
        case Paragraph():
            _run(made.add_paragraph(), block.text, is_bold=block.is_strong)
        case Items():
            for one in block.items:
                made.add_paragraph(_clean(one), style="List Bullet")
        case Table():
            _write_table(made, block)
        case Chart():
            _write_chart(made, block)


def _write_chart(made: Any, chart: Chart) -> None:
    caption = made.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    _run(caption, chart.title, size=9, is_bold=True)
    data = {"svg": svg_of(chart), "width": WIDTH, "height": HEIGHT}
    picture = made.add_picture(BytesIO(set_picture(_CHART, data, 150)), width=_WIDE)
    picture._inline.docPr.set("descr", chart.alt)
    picture._inline.docPr.set("name", chart.title)


def _write_table(made: Any, table: Table) -> None:
    caption = made.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    _run(caption, table.caption, size=9.5, is_bold=True)
    drawn = made.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    drawn.autofit = False
    _describe(drawn, table.caption)
    whole = sum(column.width for column in table.columns)
    widths = [int(_WIDE * column.width / whole) for column in table.columns]
    for cell, column in zip(drawn.rows[0].cells, table.columns, strict=True):
        _fill(cell, Cell(column.heading), is_number=column.is_number, is_bold=True)
    _repeat(drawn.rows[0])
    for row in table.rows:
        added = drawn.add_row()
        _keep_whole(added)
        for cell, held, column in zip(added.cells, row, table.columns, strict=True):
            _fill(cell, held, is_number=column.is_number)
    if len(table.rows) <= _ON_ONE_PAGE:
        for row in drawn.rows[:-1]:
            row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
    for at, width in enumerate(widths):
        drawn.columns[at].width = width
        for cell in drawn.columns[at].cells:
            cell.width = width
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _fill(cell: Any, held: Cell, *, is_number: bool, is_bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(paragraph, held.text, size=9, is_bold=is_bold)
    if held.below:
        _run(paragraph, f"\n{held.below}", size=8, color=_QUIET)


def _describe(drawn: Any, caption: str) -> None:
    """Which row and column name the others, and what the table is, for who does not see it."""
    properties = drawn._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        look = OxmlElement("w:tblLook")
        properties.append(look)
    for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("noHBand", "1"), ("noVBand", "1")):
        look.set(qn(f"w:{name}"), value)
    told = OxmlElement("w:tblCaption")
    told.set(qn("w:val"), caption)
    properties.append(told)


def _repeat(row: Any) -> None:
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _run(paragraph: Any, told: str, *, size: float | None = None, is_bold: bool = False, color: Any = None) -> None:
    run = paragraph.add_run(_clean(told))
    run.bold = is_bold or None
    if size is not None:
        run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color


def _clean(told: str) -> str:
    """Without the signs that XML cannot hold."""
    return "".join(one for one in told if one in "\n\t" or ord(one) >= 32)


def _packed_again(content: bytes) -> bytes:
    """The same parts in the same order, with one time."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, _FIRST_TIME)
            part.compress_type, part.external_attr, part.create_system = zipfile.ZIP_DEFLATED, 0, 0
            packed.writestr(part, given.read(name))
    return out.getvalue()
