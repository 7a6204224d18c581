"""Which law asked what of a plan (SIP), by the day it was established. Pure.

The paragraphs are as later laws cite them; the four contents are the same in both.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

_FROM = date(2025, 7, 1)


class Law(StrEnum):
    """The Social Services Act that held; `paragraph` is how it is cited."""

    SOL_2001 = "sol_2001", "2 kap. 7 § socialtjänstlagen (2001:453)"
    SOL_2025 = "sol_2025", "10 kap. 8–9 §§ socialtjänstlagen (2025:400)"

    paragraph: str

    def __new__(cls, code: str, paragraph: str = "") -> Law:
        """A member is its code; the paragraph goes with it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.paragraph = paragraph
        return member


HEALTH_CARE = "16 kap. 4 § hälso- och sjukvårdslagen (2017:30)"
"""The same plan by the law on health care, all the time."""


def law_on(day: date) -> Law:
    """The law that held on the day."""
    return Law.SOL_2025 if day >= _FROM else Law.SOL_2001
