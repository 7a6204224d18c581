"""Names beside points so that none covers another's name or mark, reckoned for the narrowest phone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 180.0, 274.0
"""The plot's inside on a phone of 390 pixels: on wider screens there is more room than reckoned with."""
_LETTER, _LINE, _MARK = 7.4, 16.0, 9.0


@dataclass(frozen=True)
class Label:
    """A text at the point with that index: which corner of it lies there, and how many pixels beside (right and up)."""

    at: int
    text: str
    xanchor: str
    yanchor: str
    xshift: int
    yshift: int


_SIDES = (
    ("left", "middle", 12, 0), ("right", "middle", -12, 0), ("center", "bottom", 0, 10), ("center", "top", 0, -10),
    ("left", "bottom", 2, 10), ("right", "bottom", -2, 10), ("left", "top", 2, -10), ("right", "top", -2, -10),
)  # fmt: skip
_Box = tuple[float, float, float, float]


def place_labels(
    spots: Sequence[tuple[float, float]], texts: Sequence[str], beside: Sequence[str]
) -> tuple[Label, ...]:
    """A label for each point at `spots` (0..1 from the lower left) whose text is not empty. Points on the same spot
    share a label; one without room lies where it leaves the plot the least. `beside`: what stands right of a mark."""
    pixels = [(x * _WIDTH, y * _HEIGHT) for x, y in spots]
    taken = [
        (x - _MARK, y - _MARK, x + _MARK + len(told) * _LETTER, y + _MARK)
        for (x, y), told in zip(pixels, beside, strict=True)
    ]
    shared: dict[tuple[float, float], list[int]] = {}
    for at, spot in enumerate(spots):
        if texts[at]:
            shared.setdefault(spot, []).append(at)
    found = []
    for group in shared.values():
        lines = [line for at in group for line in texts[at].split("<br>")]
        boxes = [(_box(*pixels[group[0]], lines, side), side) for side in _SIDES]
        box, side = min(boxes, key=lambda one: (_outside(one[0]), sum(_meet(one[0], other) for other in taken)))
        taken.append(box)
        found.append(Label(group[0], "<br>".join(lines), *side))
    return tuple(found)


def _box(x: float, y: float, lines: Sequence[str], side: tuple[str, str, int, int]) -> _Box:
    xanchor, yanchor, xshift, yshift = side
    width, height = max(map(len, lines)) * _LETTER, len(lines) * _LINE
    left = x + xshift - {"left": 0.0, "center": width / 2, "right": width}[xanchor]
    bottom = y + yshift - {"bottom": 0.0, "middle": height / 2, "top": height}[yanchor]
    return left, bottom, left + width, bottom + height


def _outside(box: _Box) -> float:
    """How far it reaches out of the plot."""
    return max(0.0, -box[0]) + max(0.0, -box[1]) + max(0.0, box[2] - _WIDTH) + max(0.0, box[3] - _HEIGHT)


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
