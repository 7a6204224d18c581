"""An export as a paper for the board: A4, tagged for screen readers (PDF/UA-1), the same bytes for the same content.

What is told goes to the template as data, never as markup: a name cannot become a command.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import typst

from dashboard import texts
from dashboard.exports.about import HIDDEN
from dashboard.exports.cells import Amount, told
from dashboard.exports.tables import Column, Export, Printed, PrintedTable
from kpi.disclosure.suppressed import SUPPRESSED

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "report.typ"
_FONTS = _HERE / "fonts"
DRAWN = "\u0020-\u007e\u00a0-\u024f\u0400-\u045f\u1e00-\u1eff\u2010-\u2027\u2030-\u203f\u20a0-\u20bf\u2190-\u22ff"
"""What the fonts surely hold, as ranges; PDF/UA refuses a paper with a sign that none of them has."""
_NOT_DRAWN = re.compile(f"[^{DRAWN}]")


def write_pdf(export: Export) -> bytes:
    """The paper."""
    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_drawn(_data(export)), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(export.about.made_at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@cache
def _fonts() -> typst.Fonts:
    """Our own fonts and the program's, never the machine's: the same paper everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_FONTS])


def _drawn(value: Any) -> Any:
    """The data with every text such that it can be drawn: space for what is no sign, and a mark for a strange one."""
    if isinstance(value, str):
        return _NOT_DRAWN.sub(lambda found: "\ufffd" if found[0].isprintable() else " ", value)
    if isinstance(value, list):
        return [_drawn(one) for one in value]
    return {name: _drawn(one) for name, one in value.items()} if isinstance(value, dict) else value


def _data(export: Export) -> dict[str, Any]:
    about = export.about
    return {
        "title": export.title,
        "lead": export.lead,
        "reading": export.reading,
        "until": f"{texts.PRODUCT} · {export.until}",
        "synthetic": f"{texts.SYNTHETIC}: {texts.SYNTHETIC_HELP}" if about.is_synthetic else "",
        "mark": texts.SYNTHETIC if about.is_synthetic else "",
        "hidden": HIDDEN,
        "tables": [_table(table) for table in export.printed],
        "facts": [
            {"label": label, "sentence": sentence}
            for label, sentence in about.facts
            if label not in (str(SUPPRESSED), texts.SYNTHETIC)  # those have places of their own
        ],
        "closings": {
            "title": about.closings.title,
            "rows": [[told(cell) for cell in row] for row in about.closings.rows],
        },
    }


def _table(table: PrintedTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "headings": [column.heading for column in table.columns],
        "right": [not column.is_text for column in table.columns],
        "widths": [column.width for column in table.columns],
        "rows": [[_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows],
    }


def _cell(printed: Printed, column: Column) -> dict[str, Any]:
    is_strong = column.is_main and isinstance(printed.cell, Amount)
    return {"text": told(printed.cell), "is_strong": is_strong, "below": list(printed.below)}
