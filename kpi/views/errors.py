"""What a reader asked for does not exist."""

from __future__ import annotations


class NotFound(Exception):
    """An unknown figure, unit or month; the message is a Swedish sentence for the reader."""
