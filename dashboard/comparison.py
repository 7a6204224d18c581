"""What may be said of units beside each other, in plain Swedish. Pure.

Only a unit beyond the 99.8 % limits is said to differ, as "mer än normal variation"; of the rest it is said
that nothing sure tells them from the average, never that they are alike. A unit of few cases is not judged at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import words
from dashboard.figures.trend import is_few
from kpi import format as text
from kpi.definition import Definition
from kpi.spc.funnel import Significance
from kpi.views.compared import Comparison
from kpi.views.funnel_places import FunnelPlace
from kpi.views.rows import Reading, UnitReading

FEW = "för få fall"
_MOST_NAMES = 3
_SIDES = {1: "över", -1: "under"}
_FUNNEL = {
    Significance.NONE: "inom tratten",
    Significance.HIGH: "i trattens kant, över snittet",
    Significance.LOW: "i trattens kant, under snittet",
    Significance.HIGH_BY_FAR: "utanför tratten, över snittet: mer än normal variation",
    Significance.LOW_BY_FAR: "utanför tratten, under snittet: mer än normal variation",
}
_INTERVALS = {
    Significance.NONE: "ingen säker skillnad",
    Significance.HIGH: "nära gränsen, över snittet: ingen säker skillnad",
    Significance.LOW: "nära gränsen, under snittet: ingen säker skillnad",
    Significance.HIGH_BY_FAR: "över snittet: mer än normal variation",
    Significance.LOW_BY_FAR: "under snittet: mer än normal variation",
}


def average(definition: Definition, found: Comparison) -> str:
    """The units' average with its unit."""
    return text.quantity(found.average, definition.unit, definition.decimals)


def few(definition: Definition, reading: Reading) -> str:
    """The state of a value that rests on fewer cases than the figure's minimum; empty else, and for counts."""
    return FEW if is_few(definition, reading) else ""


def remark(definition: Definition, one: UnitReading, found: Comparison | None) -> str:
    """How a unit lies to the average, for a table; empty for what is not compared."""
    if few(definition, one.reading):
        return FEW
    if one.compared is None or found is None:
        return ""
    return (_FUNNEL if found.funnel else _INTERVALS)[one.compared.significance]


def place_remark(one: FunnelPlace, found: Comparison) -> str:
    """How a municipality lies to the units' average; empty for what is not held against it."""
    if one.is_small:
        return FEW
    return _FUNNEL[one.compared.significance] if one.compared is not None and found.funnel else ""


def sentence(definition: Definition, found: Comparison, units: Sequence[UnitReading]) -> str:
    """Which units differ from the average by more than usual variation, and which have too few cases to tell."""
    judged = [one for one in units if one.is_judged]
    told = [_of_judged(definition, found, judged), _of_few([one for one in units if one.is_small], bool(judged))]
    return " ".join(one for one in told if one)


def _of_judged(definition: Definition, found: Comparison, judged: Sequence[UnitReading]) -> str:
    outside = [one for one in judged if one.side]
    middle = average(definition, found)
    if not judged:
        return ""
    if len({one.compared.value for one in judged if one.compared}) == 1:
        told = words.value(definition, judged[0].reading)
        return f"{_all(len(judged))} har samma värde, {told}." if len(judged) > 1 else ""
    if not outside:
        return (
            f"Ingen av de {text.count_word(len(judged))} enheterna skiljer sig säkert från snittet, {middle}: "
            "skillnaderna ryms i normal variation."
        )
    rest = len(judged) - len(outside)
    some, every = text.counts(len(outside), len(judged), is_common=True)
    how_many = f"{text.capital(some)} av {every} enheter"
    if not rest:
        how_many = _all(len(judged))
    told = f"{how_many} skiljer sig från snittet, {middle}, mer än normal variation: {_sides(outside)}."
    if not rest:
        return told
    who = "Den andra" if rest == 1 else "De andra"
    return f"{told} {who} skiljer sig inte säkert från snittet."


def _of_few(few: Sequence[UnitReading], is_any_judged: bool) -> str:
    if not few:
        return ""
    if not is_any_judged:
        return f"{_all(len(few))} har {FEW} för att jämföras." if len(few) > 1 else ""
    if len(few) <= _MOST_NAMES:
        return f"{_names(few)} har {FEW} för att jämföras."
    return f"{text.capital(text.count_word(len(few)))} enheter har {FEW} för att jämföras."


def _all(count: int) -> str:
    return "Båda enheterna" if count == 2 else f"Alla {text.count_word(count)} enheterna"


def _sides(outside: Sequence[UnitReading]) -> str:
    """`Alfa och Beta ligger över, Gamma under`, each side in order of name."""
    sides = [(side, [one for one in outside if one.side == side]) for side in (1, -1)]
    told = [f"{_names(found)} ligger {_SIDES[side]}" for side, found in sides if found]
    return ", ".join([told[0], *(one.replace(" ligger ", " ") for one in told[1:])])


def _names(units: Sequence[UnitReading]) -> str:
    names = [one.unit.name for one in units]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} och {names[-1]}"
