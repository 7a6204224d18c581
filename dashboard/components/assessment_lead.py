"""Where the sides stand, and what waits: the first sentences of Bedömningar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from control.assessments.disagreement import disagreed
from control.assessments.reading import View, view_of
from control.assessments.scales import Subject
from control.assessments.service import is_open
from kpi import format as text
from kpi.access import Side
from kpi.period import Period

_BOTH = {Side.PRESIDIUM: "presidiet", Side.ADMINISTRATION: "förvaltningen"}


def lead(views: Sequence[View], period: Period, today: date, *, to_confirm: int) -> list[html.P]:
    """`to_confirm`: how many of those that wait the viewer may confirm."""
    differing = disagreed(views)
    first = html.Strong(standing(views, period), className="off" if differing else None)
    waits = waiting(views, to_confirm)
    return [
        html.P([first, *([" ", waits] if waits else [])], className="lead"),
        html.P(" ".join([*missing(views), until(period, today)]), className="lead-note"),
    ]


def standing(views: Sequence[View], period: Period) -> str:
    """`Presidiet och förvaltningen är inte eniga om fråga 2.`"""
    differing = disagreed(views)
    if differing:
        return f"Presidiet och förvaltningen är inte eniga om {listed([one.words for one in differing])}."
    counted = [
        subject for subject in Subject if all(view_of(views, subject, side).current is not None for side in _BOTH)
    ]
    if len(counted) == len(Subject):
        return "Presidiet och förvaltningen är eniga om alla fyra frågorna och om mognaden."
    if counted:
        return f"Presidiet och förvaltningen är eniga om {listed([one.words for one in counted])}, som båda har bedömt."
    if any(one.current is not None for one in views):
        return "Presidiet och förvaltningen har inte bedömt samma fråga ännu."
    return f"Ingen bedömning gäller ännu för {text.month(period)}."


def waiting(views: Sequence[View], to_confirm: int) -> str:
    """`Två bedömningar väntar på en andra person. Du kan bekräfta en av dem.`; empty when none waits."""
    count = sum(one.waiting is not None for one in views)
    if not count:
        return ""
    what = "En bedömning" if count == 1 else f"{text.capital(text.count_word(count))} bedömningar"
    told = f"{what} väntar på en andra person."
    if not to_confirm:
        return told
    if count == 1:
        return f"{told} Du kan bekräfta den."
    if to_confirm == count:
        return f"{told} Du kan bekräfta alla."
    return f"{told} Du kan bekräfta {'en' if to_confirm == 1 else text.count_word(to_confirm)} av dem."


def missing(views: Sequence[View]) -> list[str]:
    """`Presidiet har fråga 3 och mognaden kvar att bedöma.`, for each of the two that has something left."""
    left = {
        words: [subject.words for subject in Subject if view_of(views, subject, side).newest is None]
        for side, words in _BOTH.items()
    }
    return [
        f"{text.capital(words)} har {listed(found) if len(found) < len(Subject) else 'allt'} kvar att bedöma."
        for words, found in left.items()
        if found
    ]


def until(period: Period, today: date) -> str:
    """Until when the period is assessed."""
    last = text.day(period.shift(1).last_day)
    name = text.capital(text.month(period))
    return f"{name} bedöms till och med {last}." if is_open(period, today) else f"{name} bedömdes till och med {last}."


def listed(words: Sequence[str]) -> str:
    """`fråga 1, fråga 2 och mognaden`."""
    shown: list[Any] = list(words)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} och {shown[-1]}"
