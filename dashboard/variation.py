"""What a control chart says of a figure, in plain Swedish. Pure.

No sentence claims more than the rules can bear: a signal is "mer än normal variation", never "verklig"; with fifty
figures a false alarm comes now and then, and the help says so. No signal is "ingen säker förändring".
"""

from __future__ import annotations

from dashboard import words
from kpi import format as text
from kpi.definition import Definition, Shape
from kpi.period import PeriodType
from kpi.spc.icons import Assurance
from kpi.spc.verdict import Signal, Told, Variation
from kpi.status import Target
from kpi.views.rows import FigureRow

SHORT = {
    Told.IMPROVEMENT: "tydlig förbättring",
    Told.CONCERN: "tydlig försämring",
    Told.HIGHER: "tydligt högre",
    Told.LOWER: "tydligt lägre",
    Told.USUAL: "ingen säker förändring",
}
"""The words beside the icon."""
_CHANGES = {
    Told.IMPROVEMENT: "en tydlig förbättring",
    Told.CONCERN: "en tydlig försämring",
    Told.HIGHER: "en tydlig ökning",
    Told.LOWER: "en tydlig minskning",
}
HELP = "Bland många nyckeltal ger normal variation ibland en signal: se den som ett skäl att fråga, inte som ett bevis."


def of_variation(row: FigureRow) -> str | None:
    """Whether something has clearly changed; None for what no chart is drawn of."""
    found = row.variation
    if row.is_told_by_parts or row.is_context:
        return None
    if found.told is Told.UNKNOWN:
        return _of_few(row)
    if found.signal:
        return f"{_what(found)}: {_CHANGES[found.told]}, mer än normal variation."
    return _lately(row) or _USUAL


def of_target(row: FigureRow) -> str | None:
    """Whether usual variation reaches the target; None where it cannot be told."""
    if of_variation(row) is None or row.variation.told is Told.UNKNOWN:
        return None
    return _assured(row.definition, row.variation.assurance, row.target) or None


def short_of_target(row: FigureRow) -> str | None:
    """As `of_target` in a few words, for a table; None where it cannot be told."""
    if row.variation.assurance is None or of_target(row) is None or row.target is None:
        return None
    name = "nivån hålls" if row.target.is_watch else "målet nås"
    return f"{name} {_SHORT_ASSURED[row.variation.assurance]}"


_SHORT_ASSURED = {
    Assurance.PASS: "stadigt",
    Assurance.FAIL: "inte utan förändring",
    Assurance.INCONSISTENT: "ibland",
}
_USUAL = "Ingen säker förändring: de senaste månaderna svänger som vanligt."
_LATELY = 6
"""So many of the latest periods are told of: a mark among them is in the chart that the sentence stands above."""


def _lately(row: FigureRow) -> str | None:
    """That a period shortly before the latest was more than usual variation, though the latest is not."""
    latest_first = zip(reversed(row.series), reversed(row.variation.marks), strict=False)
    for one, mark in list(latest_first)[:_LATELY]:
        if mark.sign and one.value is not None:
            side = "över" if mark.sign > 0 else "under"
            when = text.month(one.last)
            return f"Ingen säker förändring nu. Senast mer än normal variation: {when}, {side} den vanliga nivån."
    return None


def _of_few(row: FigureRow) -> str | None:
    """Too small numbers by month: the twelve months are told before, and that nothing sure can be said of a change."""
    if row.year is None or row.year.value is None or row.definition.shape is not Shape.SHARE:
        return None
    return "Om något har ändrats går inte att pröva: månaderna har för få fall var."


def untested(row: FigureRow) -> str | None:
    """Why no control chart says anything of the row; None where one does, and where there is nothing to tell of."""
    definition = row.definition
    if row.variation.told is not Told.UNKNOWN or not row.has_values or row.is_told_by_parts or row.is_context:
        return None
    if row.variation.is_small:
        return "går inte att pröva: för få fall"
    if definition.meaning.is_stock or definition.meaning.rolling:
        return "prövas inte: samma fall räknas i flera månader"
    if definition.period is not PeriodType.MONTH:
        return f"prövas inte: ett värde per {_PER[definition.period]}"
    return "går inte att pröva: för få månader"


_PER = {
    PeriodType.QUARTER: "kvartal",
    PeriodType.TERTIAL: "tertial",
    PeriodType.HALF_YEAR: "halvår",
    PeriodType.YEAR: "år",
}


def _what(found: Variation) -> str:
    side = "över" if found.sign > 0 else "under"
    many = text.capital(text.count_word(found.length))
    match found.signal:
        case Signal.RUN:
            return f"{many} månader i rad {side} den vanliga nivån"
        case Signal.TREND:
            return f"Värdet har {'ökat' if found.sign > 0 else 'minskat'} sju månader eller mer i rad"
        case Signal.TWO_OF_THREE:
            return f"Två av de tre senaste månaderna ligger långt {side} den vanliga nivån"
    return f"Den senaste månaden ligger {side} gränsen för det vanliga"


def _assured(definition: Definition, assurance: Assurance | None, target: Target | None) -> str:
    if assurance is None or target is None:
        return ""
    name = "Bevakningsnivån" if target.is_watch else "Målet"
    if not target.is_decided:
        name = "Den föreslagna nivån" if target.is_watch else "Det föreslagna målet"
    told = f"{name} {words.level(definition, target)} {'hålls' if target.is_watch else 'nås'}"
    match assurance:
        case Assurance.PASS:
            return f"{told} också när värdet svänger som vanligt."
        case Assurance.FAIL:
            return f"{told} inte utan en förändring, hur värdet än svänger."
    return f"{told} ibland och ibland inte, inom den normala variationen."
