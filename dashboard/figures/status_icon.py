"""The status icons as inline SVG: told apart by shape, also in greyscale; the words stand beside."""

from __future__ import annotations

from dashboard.figures.icon import image, stroke
from dashboard.figures.palette import Palette
from kpi.status import State


def status_icon(state: State, palette: Palette) -> str:
    """An image's address: a disc reaches, a half one is near, a square on its point is off, a dash has no target; what
    cannot be judged is an empty outline, dotted when it may be later."""
    ring = '<circle cx="9" cy="9" r="6.4"'
    box = '<rect x="3" y="3" width="12" height="12" rx="2"'
    match state:
        case State.REACHES:
            return image(f'<circle cx="9" cy="9" r="7" fill="{palette.good}"/>')
        case State.NEAR:
            half = f'<path d="M9 2.6A6.4 6.4 0 0 0 9 15.4Z" fill="{palette.ink}"/>'
            return image(f"{ring} {stroke(palette.ink, 2)}/>{half}")
        case State.OFF:
            return image(f'<path d="M9 1L17 9L9 17L1 9Z" fill="{palette.off}"/>')
        case State.NO_TARGET:
            return image(f'<path d="M2 9H16" {stroke(palette.muted, 2.4)}/>')
        case State.TOO_FEW:
            return image(f'{ring} {stroke(palette.muted, 2.4)} stroke-dasharray="0.1 4.02"/>')
        case State.NO_CASES:
            return image(f"{ring} {stroke(palette.muted)}/>")
        case State.NOT_YET:
            return image(f"{box} {stroke(palette.muted)}/>")
        case State.AWAITS:
            return image(f'{box} {stroke(palette.muted, 2.4)} stroke-dasharray="0.1 4.3"/>')
