"""The formats of a paper's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from control.papers.content import Document
from control.papers.files.docx import docx_of
from control.papers.files.html import html_of
from control.papers.files.pdf import pdf_of
from control.papers.files.xlsx import xlsx_of

FORMATS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "pdf": (pdf_of, "application/pdf"),
    "docx": (docx_of, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "html": (html_of, "text/html; charset=utf-8"),
}
"""By a file's ending: what draws it, and its media type."""
