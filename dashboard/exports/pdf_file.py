"""An export as a paper for the board: A4, tagged for screen readers (PDF/UA-1), to be kept (PDF/A-2a), the same bytes
for the same content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from control.typesetting.setting import set_pdf
from dashboard import texts
from dashboard.exports.about import HIDDEN
from dashboard.exports.cells import Amount, told
from dashboard.exports.tables import Column, Export, Printed, PrintedTable
from kpi.disclosure.suppressed import SUPPRESSED

_TEMPLATE = Path(__file__).parent / "report.typ"


def write_pdf(export: Export) -> bytes:
    """The paper."""
    return set_pdf(_TEMPLATE, _data(export), export.about.made_at)


def _data(export: Export) -> dict[str, Any]:
    about = export.about
    closings = about.closings
    assert closings is not None, "papers are made of what is released"
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
            "title": closings.title,
            "rows": [[told(cell) for cell in row] for row in closings.rows],
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
