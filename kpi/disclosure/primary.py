"""What must be hidden for its own sake: by the figure's release class. Pure.

`open`: about the organisation, never hidden. `process`: what the administration did or did not do, where only who is
counted may reveal somebody: the denominator. `person`: what is about people themselves: the numerator, the complement
and the denominator.
"""

from __future__ import annotations

from enum import StrEnum

HIDE_UP_TO = 4
"""Counts up to this are hidden, zeros too: what is shown is five or more."""

FEWEST_RESPONDENTS = 10
"""A survey's share is shown from so many answers."""


class ReleaseClass(StrEnum):
    """What of a figure may leave the board, as its definition says."""

    OPEN = "open"
    PROCESS = "process"
    PERSON = "person"
