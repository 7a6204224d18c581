"""A workbook read back by another library than the one that wrote it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook


def read_sheets(data: bytes) -> dict[str, list[list[Any]]]:
    """The workbook's sheets, by their tabs' names."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
