"""A document as PDF: A4, tagged (PDF/UA-1), to be kept (PDF/A-2a)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from control.papers.content import Block, Cell, Chart, Document, Items, Paragraph, Section, Table
from control.papers.files import words
from control.papers.files.chart import svg_of
from control.typesetting.setting import set_pdf

_TEMPLATE = Path(__file__).parent / "paper.typ"


def pdf_of(document: Document) -> bytes:
    """The file."""
    return set_pdf(_TEMPLATE, _data(document), words.made_at(document))


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "kind": words.kind_words(document),
        "municipality": document.head.municipality,
        "board": document.head.board,
        "facts": [{"label": label, "told": told} for label, told in words.head_facts(document)],
        "foot": words.foot(document),
        "mark": words.marks(document),
        "synthetic": words.SYNTHETIC_HELP if document.head.is_synthetic else "",
        "proposal": words.PROPOSAL,
        "lead": words.decision_lead(document),
        "decisions": list(document.decisions),
        "summary": words.SUMMARY if document.decisions else "",
        "first": [_block(one) for one in document.summary],
        "sections": [_section(one) for one in document.sections],
        "annexes": [
            {"title": title, "sections": [_section(one) for one in annex.sections]}
            for title, annex in zip(words.annex_titles(document), document.annexes, strict=True)
        ],
        "underlag": {"title": words.PAPERS, "items": words.annex_titles(document)},
        "copies": {"title": words.COPIES, "items": list(document.copies_to)},
        "signed": list(words.SIGNED_BY) if document.decisions else [],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "blocks": [_block(one) for one in section.blocks],
        "parts": [_section(one) for one in section.parts],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": block.text, "strong": block.is_strong}
        case Items():
            return {"kind": "items", "items": list(block.items)}
        case Chart():
            return {"kind": "chart", "title": block.title, "alt": block.alt, "svg": svg_of(block)}
        case Table():
            return _table(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "headings": [one.heading for one in table.columns],
        "widths": [one.width for one in table.columns],
        "right": [one.is_number for one in table.columns],
        "rows": [[_cell(one) for one in row] for row in table.rows],
    }


def _cell(cell: Cell) -> dict[str, str]:
    return {"text": cell.text, "below": cell.below}
