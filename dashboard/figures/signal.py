"""The variation and assurance icons as inline SVG: told apart by shape, also in greyscale; the words stand beside."""

from __future__ import annotations

from dashboard.figures.icon import image, stroke
from dashboard.figures.palette import Palette
from kpi.spc.icons import Assurance
from kpi.spc.verdict import Told

_UP, _DOWN = "M9 13.5V5M5.6 8.2L9 4.8L12.4 8.2", "M9 4.5V13M5.6 9.8L9 13.2L12.4 9.8"
_CHECK, _CROSS = "M5.6 9.4L8 11.8L12.6 6.6", "M6.4 6.4L11.6 11.6M11.6 6.4L6.4 11.6"
_WAVE = "M3.6 9.6C5 6.4 6.6 6.4 9 9S13 11.6 14.4 8.4"


def signal_icon(told: Told, sign: int, palette: Palette) -> str:
    """An image's address: an arrow the way that the value went, in a disc for better, a square on its point for worse,
    a ring when neither is; a wave for usual variation."""
    if told is Told.USUAL:
        return image(f'<path d="{_WAVE}" {stroke(palette.muted)}/>')
    arrow = _UP if sign > 0 else _DOWN
    if told is Told.IMPROVEMENT:
        return image(f'<circle cx="9" cy="9" r="8.2" fill="{palette.good}"/><path d="{arrow}" '
                      f"{stroke(palette.surface)}/>")  # fmt: skip
    if told is Told.CONCERN:
        return image(f'<rect x="2.9" y="2.9" width="12.2" height="12.2" rx="1.5" fill="{palette.off}" '
                      f'transform="rotate(45 9 9)"/><path d="{arrow}" {stroke(palette.surface)}/>')  # fmt: skip
    return image(f'<circle cx="9" cy="9" r="7.6" fill="none" stroke="{palette.ink}" stroke-width="1.5"/>'
                  f'<path d="{arrow}" {stroke(palette.ink)}/>')  # fmt: skip


def assurance_icon(assurance: Assurance, palette: Palette) -> str:
    """An image's address: a check in a ring where usual variation reaches the target, a cross in a square on its point
    where it never does, a line that crosses the target's where it does now and then."""
    match assurance:
        case Assurance.PASS:
            return image(f'<circle cx="9" cy="9" r="7.6" {stroke(palette.good, 1.5)}/>'
                         f'<path d="{_CHECK}" {stroke(palette.good)}/>')  # fmt: skip
        case Assurance.FAIL:
            return image(f'<path d="M9 1L17 9L9 17L1 9Z" {stroke(palette.off, 1.5)}/>'
                         f'<path d="{_CROSS}" {stroke(palette.off)}/>')  # fmt: skip
    return image(f'<path d="M1 9H17" {stroke(palette.ink, 1.5)} stroke-dasharray="0.1 3.2"/>'
                 f'<path d="M2 12.5L6 5.5L10.5 12.5L15.5 5" {stroke(palette.ink)}/>')  # fmt: skip
