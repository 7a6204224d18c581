"""The variation icons as inline SVG: told apart by shape, also in greyscale; the words stand beside."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.figures.palette import Palette
from kpi.spc.verdict import Told

SIZE = 18
_UP, _DOWN = "M9 13.5V5M5.6 8.2L9 4.8L12.4 8.2", "M9 4.5V13M5.6 9.8L9 13.2L12.4 9.8"
_WAVE = "M3.6 9.6C5 6.4 6.6 6.4 9 9S13 11.6 14.4 8.4"


def signal_icon(told: Told, sign: int, palette: Palette) -> str:
    """An image's address: an arrow the way that the value went, in a disc for better, a square on its point for worse,
    a ring when neither is; a wave for usual variation."""
    if told is Told.USUAL:
        return _image(f'<path d="{_WAVE}" {_stroke(palette.muted)}/>')
    arrow = _UP if sign > 0 else _DOWN
    if told is Told.IMPROVEMENT:
        return _image(f'<circle cx="9" cy="9" r="8.2" fill="{palette.good}"/><path d="{arrow}" '
                      f"{_stroke(palette.surface)}/>")  # fmt: skip
    if told is Told.CONCERN:
        return _image(f'<rect x="2.9" y="2.9" width="12.2" height="12.2" rx="1.5" fill="{palette.off}" '
                      f'transform="rotate(45 9 9)"/><path d="{arrow}" {_stroke(palette.surface)}/>')  # fmt: skip
    return _image(f'<circle cx="9" cy="9" r="7.6" fill="none" stroke="{palette.ink}" stroke-width="1.5"/>'
                  f'<path d="{arrow}" {_stroke(palette.ink)}/>')  # fmt: skip


def _stroke(colour: str) -> str:
    return f'fill="none" stroke="{colour}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'


def _image(content: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
    return "data:image/svg+xml," + quote(f"{head}{content}</svg>")
