"""What a reader asked for does not exist."""

from __future__ import annotations

from warehouse.errors import without_identity


class NotFound(Exception):
    """An unknown figure, unit or month; a Swedish sentence for the reader, who may have sent anything."""

    def __init__(self, sentence: str) -> None:
        super().__init__(without_identity(sentence))
