"""What a reader asked for does not exist."""

from __future__ import annotations

from warehouse.errors import without_identity


class NotFound(Exception):
    """An unknown figure, unit or month; a Swedish sentence for the reader, who may have sent anything."""

    def __init__(self, sentence: str) -> None:
        super().__init__(without_identity(sentence))


class Withheld(NotFound):
    """It exists and is not the reader's, who is told the same as of what does not exist; the log is told the truth."""

    def __init__(self, sentence: str, municipality_code: str) -> None:
        super().__init__(sentence)
        self.municipality_code = municipality_code
