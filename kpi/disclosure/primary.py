"""Which cells of a share must be hidden for their own sake, by the release class of the figure. Pure.

`open`: about the organisation, never hidden. `process`: what the administration did or did not do, where only who is
counted may reveal somebody: the denominator. `person`: what is about people themselves: the numerator, the complement
and the denominator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

HIDE_UP_TO = 4
"""Counts up to this are hidden, zeros too: what is shown is five or more."""


class ReleaseClass(StrEnum):
    """What of a figure may leave the board, as its definition says."""

    OPEN = "open"
    PROCESS = "process"
    PERSON = "person"


class Piece(StrEnum):
    """The counts of a share: denominator = numerator + complement."""

    NUMERATOR = "numerator"
    COMPLEMENT = "complement"
    DENOMINATOR = "denominator"


@dataclass(frozen=True)
class Share:
    """Two whole counts, 0 ≤ numerator ≤ denominator; ValueError otherwise."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator} of {self.denominator} is no share")

    def count(self, piece: Piece) -> int:
        """One of its three counts."""
        if piece is Piece.COMPLEMENT:
            return self.denominator - self.numerator
        return self.numerator if piece is Piece.NUMERATOR else self.denominator


Cell = tuple[str, Piece]


@dataclass(frozen=True)
class Withheld:
    """The cells to hide before any attack: `primary` are too small, `together` stand in a share with one of those."""

    primary: frozenset[Cell] = frozenset()
    together: frozenset[Cell] = frozenset()

    @property
    def all(self) -> frozenset[Cell]:
        """Both."""
        return self.primary | self.together


_JUDGED = {
    ReleaseClass.OPEN: (),
    ReleaseClass.PROCESS: (Piece.DENOMINATOR,),
    ReleaseClass.PERSON: tuple(Piece),
}


def withheld(release_class: ReleaseClass, shares: Mapping[str, Share], hide_up_to: int = HIDE_UP_TO) -> Withheld:
    """Shares by id. A share with a judged count up to `hide_up_to` is hidden whole: all three of its counts."""
    primary = {
        (id_, piece)
        for id_, share in shares.items()
        for piece in _JUDGED[release_class]
        if share.count(piece) <= hide_up_to
    }
    hit = {id_ for id_, _ in primary}
    together = {(id_, piece) for id_ in hit for piece in Piece} - primary
    return Withheld(frozenset(primary), frozenset(together))
