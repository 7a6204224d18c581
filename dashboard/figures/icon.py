"""What every icon shares: a small SVG as an image's address, so that it is printed too, and keeps its shape where the
browser takes a page's colours away."""

from __future__ import annotations

from urllib.parse import quote

SIZE = 18


def image(content: str) -> str:
    """The SVG elements as an image's address."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
    return "data:image/svg+xml," + quote(f"{head}{content}</svg>")


def stroke(colour: str, width: float = 1.8) -> str:
    """The attributes of a line without filling."""
    return f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"'
