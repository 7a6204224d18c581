"""Controls in papers: a row for each, however often it was carried out, and those whose day had not come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from control.papers.content import Cell, Column, Items, Table
from control.papers.occasions import Occasion
from control.papers.plan_words import RESULTS, named
from control.papers.samples import sample_words
from control.papers.sources import Plan
from kpi import format as text

_COLUMNS = (
    Column("Kontrollmoment", 38), Column("Klart senast", 15), Column("Resultat", 17), Column("Iakttagelse", 30),
)  # fmt: skip
_WORST_FIRST = ("serious", "minor", "not_carried_out", None, "without_remark")
_NONE = "inte genomfört"
_MOST_MONTHS = 3
_FOUND = {
    "serious": "med allvarlig brist",
    "minor": "med mindre brist",
    "not_carried_out": "som inte genomfördes",
    "without_remark": "utan anmärkning",
}


def controls_table(caption: str, plans: Sequence[Plan], found: Sequence[Occasion], *, is_dated: bool = False) -> Table:
    """What each control found, the worst first. `is_dated`: of other periods than the paper's, which are told."""
    groups: dict[str, list[Occasion]] = {}
    for one in found:
        groups.setdefault(one.control_id, []).append(one)
    rows = sorted(groups.items(), key=lambda group: min(_WORST_FIRST.index(one.result) for one in group[1]))
    return Table(caption, _COLUMNS, tuple(_row(plans, *group, is_dated=is_dated) for group in rows))


def pending_items(plans: Sequence[Plan], found: Sequence[Occasion]) -> Items:
    """A line for each day that had not come, with the controls that are due then."""
    days: dict[date, list[str]] = {}
    for one in sorted(found, key=lambda one: one.due_on):
        days.setdefault(one.due_on, []).append(named(plans, one.control_id)[0].rstrip("."))
    return Items(tuple(f"Senast {text.day(due)}: {'; '.join(dict.fromkeys(names))}." for due, names in days.items()))


def undone_sentence(found: Sequence[Occasion]) -> str:
    """How many of earlier periods nobody has carried out."""
    many, done = ("En kontroll", "genomförd") if len(found) == 1 else (_many(found), "genomförda")
    return f"{many} för tidigare perioder är inte {done}."


def undone_items(plans: Sequence[Plan], found: Sequence[Occasion]) -> Items:
    """A line for each control, with the periods that it was not carried out for."""
    periods: dict[str, list[str]] = {}
    for one in sorted(found, key=lambda one: one.due_on):
        periods.setdefault(one.control_id, []).append(
            f"{text.month(one.period)}, som skulle ha varit klar {text.day(one.due_on)}"
        )
    return Items(
        tuple(f"{named(plans, control_id)[0].rstrip('.')}: {'; '.join(told)}." for control_id, told in periods.items())
    )


def _many(found: Sequence[Occasion]) -> str:
    return f"{text.capital(text.count_word(len(found)))} kontroller"


def has_repeated(found: Sequence[Occasion]) -> bool:
    """Whether a control was to be carried out more than once."""
    return len({one.control_id for one in found}) < len(found)


def controls_sentence(found: Sequence[Occasion]) -> str:
    """How many were carried out, what they found, and how many could wait."""
    done = [one for one in found if one.result not in (None, "not_carried_out")]
    pending = [one for one in found if one.is_pending]
    missing = len(found) - len(done) - len(pending)
    told = _by_result(done, len(found))
    parts = [f"{': '.join([_carried_out(len(done), len(found)), *([', '.join(told)] if told else [])])}."]
    if missing and len(found) > 1:
        are = "är inte genomförd" if missing == 1 else "är inte genomförda"
        parts.append(f"{text.capital(_common(missing))} {are}.")
    if pending:
        first = min(one.due_on for one in pending)
        which = "" if len(pending) == 1 else "den första "
        many = text.capital(_common(len(pending)))
        parts.append(f"{many} hade sin sista dag kvar när perioden stängdes, {which}{text.day(first)}.")
    return " ".join(parts)


def late_sentence(found: Sequence[Occasion]) -> str:
    """How many of earlier periods were signed since the closing before, and what they found."""
    many = "En kontroll" if len(found) == 1 else _many(found)
    told = ", ".join(_by_result(found, len(found)))
    return f"{many} för tidigare perioder signerades efter förra stängningen: {told}."


def _by_result(found: Sequence[Occasion], all_: int) -> list[str]:
    """`en med allvarlig brist`, the worst first."""
    return [
        f"{_of_all(count, all_)} {words}"
        for result, words in _FOUND.items()
        if (count := sum(one.result == result for one in found))
    ]


def _carried_out(done: int, all_: int) -> str:
    if all_ == 1:
        return f"Periodens enda kontroll är {'genomförd' if done else 'inte genomförd'}"
    if done == all_:
        return f"{'Båda kontrollerna' if all_ == 2 else f'Alla {text.count_word(all_)} kontroller'} är genomförda"
    some, every = text.counts(done, all_, is_common=True)
    many = text.capital(some) if done else "Ingen"
    return f"{many} av {every} kontroller är {'genomförda' if done > 1 else 'genomförd'}"


def _of_all(count: int, all_: int) -> str:
    return _common(count) if count < all_ or all_ == 1 else "båda" if all_ == 2 else "alla"


def _common(count: int) -> str:
    return "en" if count == 1 else text.count_word(count)


def _row(plans: Sequence[Plan], control_id: str, found: Sequence[Occasion], *, is_dated: bool) -> tuple[Cell, ...]:
    what, risk = named(plans, control_id)
    told = [f"Risk: {risk}"] if risk else []
    if is_dated:
        told.append(f"Gäller {', '.join(text.month(one.period) for one in found)}")
    evidence = "; ".join(dict.fromkeys(words for one in found for words in one.evidence))
    resting_on = ". ".join(filter(None, [f"Underlag: {evidence}" if evidence else "", sample_words(found)]))
    return (
        Cell(what, below=". ".join(told)),
        _due(found),
        _result(found),
        Cell(_observed(found), below=resting_on),
    )


def _due(found: Sequence[Occasion]) -> Cell:
    late = [
        ", ".join(filter(None, [f"klart {_day(one.done_on)}", one.signed_late]))
        for one in found
        if one.done_on is not None and (one.done_on > one.due_on or one.signed_late)
    ]
    if len(found) == 1:
        return Cell(_day(found[0].due_on), below=", ".join(late))
    days = sorted(one.due_on for one in found)
    spans = ", ".join([f"{_day(days[0])}{text.NBSP}– {_day(days[-1])}", *late])
    return Cell(f"{text.capital(text.count_word(len(found)))} gånger", below=spans)


def _result(found: Sequence[Occasion]) -> Cell:
    if len(found) == 1:
        return Cell(text.capital(RESULTS[found[0].result] if found[0].result else _NONE))
    counts = [
        (RESULTS[result] if result else _NONE, count)
        for result in _WORST_FIRST
        if (count := sum(one.result == result for one in found))
    ]
    if len(counts) == 1:
        return Cell(text.capital(counts[0][0]), below="alla gånger")
    return Cell(text.capital(", ".join(f"{words} ({count})" for words, count in counts)))


def _observed(found: Sequence[Occasion]) -> str:
    """What was written, once each; of which periods or how many, where it was not all of them."""
    written: dict[str, list[str]] = {}
    for one in found:
        if one.analysis:
            written.setdefault(one.analysis, []).append(text.month(one.period, short=True))
    if len(written) == 1 and len(next(iter(written.values()))) == len(found):
        return next(iter(written))
    if len(found) == 1:
        return ""
    return " ".join(f"{text.capital(_of(months, len(found)))}: {words}" for words, months in written.items())


def _of(months: Sequence[str], all_: int) -> str:
    return ", ".join(months) if len(months) <= _MOST_MONTHS else f"{len(months)} av {all_} gånger"


def _day(value: date) -> str:
    return text.day(value, short=True)
