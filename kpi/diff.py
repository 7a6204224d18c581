"""What a change of the definitions file means, figure by figure, in words. Layout and comments mean nothing. Pure.

for change in compare(old, new): print(change.name, change.label, change.before, change.after)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import product

from kpi.access.figures import Exposure, exposure_of
from kpi.boundaries import ABOUT_THE_ORGANISATION
from kpi.definition import Catalogue, Decision, Definition, Fact, Meaning, Measure, Rebase, Span, Target
from kpi.disclosure.primary import ReleaseClass
from kpi.meaning_hash import facts_of, hash_of
from kpi.status import line_for
from kpi.unparse import unparse

_PUBLISHED = frozenset({"population", "context_values"})
"""Datasets of published statistics, which are no board's."""
_CLASSES = tuple(ReleaseClass)
"""From what anybody may read to what is closest to the child."""


class Sort(StrEnum):
    """How much a change matters."""

    ADDED = "added"
    REMOVED = "removed"
    MEANING = "meaning"  # values are computed anew and the series is marked
    TARGET = "target"  # values stay, how they are judged changes
    JUDGEMENT = "judgement"  # minimum cases, direction, release class: values stay
    TEXT = "text"  # words, owner, references


SORT_WORDS = {
    Sort.ADDED: "nytt",
    Sort.REMOVED: "borttaget",
    Sort.MEANING: "betydelse",
    Sort.TARGET: "mål",
    Sort.JUDGEMENT: "bedömning",
    Sort.TEXT: "text",
}
"""What a reader calls them."""


@dataclass(frozen=True)
class Change:
    """One thing that is not the same: `before` or `after` is None when it is not there. Texts are Swedish."""

    kpi_id: str
    name: str
    sort: Sort
    label: str
    before: str | None
    after: str | None


def compare(old: Catalogue, new: Catalogue) -> tuple[Change, ...]:
    """Every change, in the new file's order and then what was removed."""
    found: list[Change] = []
    for id_, definition in new.definitions.items():
        before = old.definitions.get(id_)
        if before is None:
            found.append(Change(id_, definition.name, Sort.ADDED, "nytt nyckeltal", None, definition.description))
        else:
            found += _changes(before, definition, old.facts, new.facts)
    for id_, definition in old.definitions.items():
        if id_ not in new.definitions:
            reason = new.retired.get(id_)
            found.append(
                Change(id_, definition.name, Sort.REMOVED, "borttaget nyckeltal", definition.description, reason)
            )
    return tuple(found)


def decided_without_decision(
    old: Catalogue, new: Catalogue, today: date, boards: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Swedish sentences for decided targets that no longer hold where and when they did, without a later decision: a
    target is a decision, and is changed by another one only. What is decided after today is not decided yet.

    `boards`: the municipality of each known board. A decided target is also changed by what is judged against it: the
    direction, the fewest cases and the months in which the figure holds."""
    broken: dict[str, None] = {}
    for id_, before in old.definitions.items():
        after = new.definitions.get(id_)
        if after is None:
            continue
        is_same = _judged_by(before) == _judged_by(after)
        for target, instead in _held(before, after, boards or {}):
            decision = target.decision
            if decision is None or decision.decided_on > today:
                continue
            if (instead != target or not is_same) and not _is_later(instead, decision, today):
                broken[_decided(before, target)] = None
    return tuple(broken)


def _judged_by(definition: Definition) -> tuple[object, ...]:
    meaning = definition.meaning
    return definition.direction, definition.minimum_cases, meaning.first, meaning.last


def _held(before: Definition, after: Definition, boards: Mapping[str, str]) -> Iterator[tuple[Target, Target | None]]:
    """What holds before and after, for every place and from every month that any line names."""
    lines = [*before.targets, *after.targets]
    named = {None, *(one.board for one in lines)}
    municipalities = {None, *(one.municipality for one in lines)}
    for board, municipality in product(named, municipalities):
        if board is not None and municipality not in (None, boards.get(board, municipality)):
            continue
        for month in sorted({one.first for one in lines}):
            held = line_for(before, month, board, municipality)
            if held is not None:
                yield held, line_for(after, month, board, municipality)
    for kept in before.targets:  # also one that another overtakes from its first month on
        if kept not in after.targets:
            yield kept, next((one for one in after.targets if _address(one) == _address(kept)), None)
    if before.watch is not None:
        decided = [one for one in after.targets if one.decision is not None]
        latest = max(decided, key=lambda one: one.decision.decided_on if one.decision else date.min, default=None)
        yield before.watch, after.watch or latest


def _is_later(target: Target | None, old: Decision, today: date) -> bool:
    decision = target.decision if target is not None else None
    return decision is not None and old.decided_on < decision.decided_on <= today


def _decided(definition: Definition, target: Target) -> str:
    decision = target.decision
    told = f"{decision.decided_on}, {decision.paragraph}, dnr {decision.registration_number}" if decision else ""
    return (
        f"Målet för {definition.name} från {target.first} är beslutat ({told}) och ändras bara med ett nytt beslut. "
        "Låt raden stå och lägg till en ny med det nya beslutet (decision) från den månad då det gäller."
    )


def opened_to_others(old: Catalogue, new: Catalogue) -> tuple[str, ...]:
    """Swedish sentences for figures that others than before could read: the release class and the areas say whose the
    counts are, and are not loosened by whoever edits the file."""
    told = []
    for id_, before in old.definitions.items():
        after = new.definitions.get(id_)
        if after is None:
            continue
        if _CLASSES.index(after.release_class) < _CLASSES.index(before.release_class):
            told.append(
                f"{before.name}: utlämningen (release_class) får inte öppnas från {before.release_class} till "
                f"{after.release_class}. Den beslutas av nämnden och ändras av den som driver Samkoll."
            )
        if not set(before.areas) <= set(after.areas):
            told.append(
                f"{before.name}: områdena (areas) får inte minskas. De säger vilka nämnders uppgifter som räknas, och "
                "därmed vem som får läsa."
            )
    return tuple(told)


def claimed_from_others(old: Catalogue, new: Catalogue) -> tuple[str, ...]:
    """Swedish sentences for figures, new or of another meaning, that call rows one area's alone which the old file does
    not: the area's board would read the municipality's value, other boards' rows and all. (Open figures count no such
    rows; the file's own rules see to that.)

    The old file is the operator's word: a dataset is an area's when a figure of that area alone counts every row of a
    fact of it. What this lets through makes no further dataset the area's."""
    told = []
    for id_, after in new.definitions.items():
        before = old.definitions.get(id_)
        if len(after.areas) != 1 or exposure_of(after) is not Exposure.INSIDE:
            continue
        if before is not None and _whose(before) == _whose(after):
            continue
        if others := sorted(set(after.datasets) - _datasets_of(old, after.areas) - _PUBLISHED):
            told.append(
                f"{after.name} ({id_}): areas: [{after.areas[0]}] går inte att spara här. Raderna i "
                f"{', '.join(others)} kan höra till flera nämnder, och en av dem skulle läsa hela kommunens värde. "
                "Skriv areas: [social, education], eller be den som driver Samkoll lägga in det i filen."
            )
    return tuple(told)


def opened_without_decision(old: Catalogue, new: Catalogue) -> tuple[str, ...]:
    """Swedish sentences for figures, new or of another meaning, that count rows about children by a looser class than
    `person`, where no figure of the old file counts the same by as loose a class: under a new id, or by other
    conditions, what a board has closed would be released."""
    decided = {(_counts(one, old.facts), one.release_class) for one in old.definitions.values()}
    told = []
    for id_, after in new.definitions.items():
        if not set(after.datasets) - ABOUT_THE_ORGANISATION - _PUBLISHED:
            continue
        counts = _counts(after, new.facts)
        looser = _CLASSES[: _CLASSES.index(after.release_class) + 1]
        if after.release_class != ReleaseClass.PERSON and not any((counts, one) in decided for one in looser):
            told.append(
                f"{after.name} ({id_}): release_class: {after.release_class} går inte att spara här för något nytt som "
                "räknas om barn. Vad som får lämna nämnden beslutas av nämnden. Skriv release_class: person, eller be "
                "den som driver Samkoll lägga in det i filen."
            )
    return tuple(told)


def _counts(definition: Definition, facts: Mapping[str, Fact]) -> str:
    """What the figure counts, whenever it holds."""
    return hash_of(replace(definition.meaning, first=None, last=None), facts)


def _whose(definition: Definition) -> tuple[object, ...]:
    return definition.definition_hash, definition.areas, exposure_of(definition)


def _datasets_of(catalogue: Catalogue, areas: tuple[str, ...]) -> set[str]:
    return {
        name
        for one in catalogue.definitions.values()
        if one.areas == areas
        and len({measure.fact for measure in one.meaning.measures}) == 1
        and any(measure.where is None for measure in one.meaning.measures)
        for name in one.datasets
    }


def removed_without_trace(old: Catalogue, new: Catalogue) -> tuple[str, ...]:
    """Swedish sentences for figures that are gone without a word, and for retired ids that are taken up again: an id is
    never used for anything else."""
    forgotten = tuple(
        f"{id_} står inte längre under ”retired”. Låt raden stå, så att id:t inte används igen."
        for id_ in old.retired
        if id_ not in new.retired
    )
    return forgotten + tuple(
        f"{definition.name} ({id_}) är borta ur filen. Skriv in {id_} under ”retired” med datum och skäl, så att id:t "
        "inte används igen, eller låt nyckeltalet stå och sätt valid_to."
        for id_, definition in old.definitions.items()
        if id_ not in new.definitions and id_ not in new.retired
    )


# --- one figure ------------------------------------------------------------


def _changes(
    old: Definition, new: Definition, old_facts: Mapping[str, Fact], new_facts: Mapping[str, Fact]
) -> Iterator[Change]:
    parts = (
        (Sort.MEANING, told_meaning(old, old_facts), told_meaning(new, new_facts)),
        (Sort.TARGET, dict(_targets(old)), dict(_targets(new))),
        (Sort.JUDGEMENT, _judgement(old), _judgement(new)),
        (Sort.TEXT, _texts(old), _texts(new)),
    )
    for sort, before, after in parts:
        for label in dict.fromkeys([*before, *after]):
            if before.get(label) != after.get(label):
                yield Change(new.id, new.name, sort, label, before.get(label), after.get(label))


def told_meaning(definition: Definition, facts: Mapping[str, Fact]) -> dict[str, str]:
    """Everything that decides the figure's values, by its label."""
    return dict(_meaning(definition, facts))


def _meaning(definition: Definition, facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    meaning = definition.meaning
    yield "slag", meaning.kind.value
    yield "period", meaning.period.value
    yield "nivåer", ", ".join(meaning.levels)
    yield from _given(meaning)
    for at, measure in enumerate(meaning.measures):
        mark = f" ({at + 1})" if len(meaning.measures) > 1 else ""
        for label, text in _measure(measure):
            yield label + mark, text
    for fact in facts_of(meaning, facts).values():
        yield f"underlaget {fact.name}", _fact(fact)


def _given(meaning: Meaning) -> Iterator[tuple[str, str]]:
    told = {
        "delas efter": ", ".join(meaning.split),
        "månader bakåt": str(meaning.rolling or ""),
        "jämför samma": meaning.match or "",
        "värde": unparse(meaning.value) if meaning.value else "",
        "percentil": f"{meaning.fraction:g}" if meaning.fraction else "",
        "olika värden i": meaning.distinct or "",
        "enheter": ("utan" if meaning.roster.is_without else "med") if meaning.roster else "",
        "per": str(meaning.per or ""),
        "serier": ", ".join(meaning.series),
        "gäller från": str(meaning.first or ""),
        "gäller till": str(meaning.last or ""),
    }
    yield from ((label, text) for label, text in told.items() if text)


def _measure(measure: Measure) -> Iterator[tuple[str, str]]:
    told = {
        "underlag": measure.fact,
        "perioddatum": unparse(measure.day) if measure.day else "",
        "bestånd": _span(measure.span) if measure.span else "",
        "räknas efter": unparse(measure.due) if measure.due else "",
        "urval": unparse(measure.where) if measure.where else "",
        "summerar": unparse(measure.amount) if measure.amount else "",
        "täljare": unparse(measure.numerator) if measure.numerator else "",
        "sista raden för": ", ".join(measure.last_of),
        "fördelas efter": measure.parts or "",
    }
    yield from ((label, text) for label, text in told.items() if text)


def _span(span: Span) -> str:
    ends = [f"{unparse(one.day)} om {unparse(one.where)}" if one.where else unparse(one.day) for one in span.ends]
    where = f", när {unparse(span.where)}" if span.where else ""
    starts = " och ".join(unparse(one) for one in span.starts)
    return f"från {starts} till {' eller '.join(ends) or 'vidare'}{where}"


def _fact(fact: Fact) -> str:
    """Everything that decides the fact's rows, as one comparable line."""
    branches = [
        f"{one.dataset}({', '.join(f'{name}={unparse(node)}' for name, node in one.take)})"
        + (f" där {unparse(one.where)}" if one.where else "")
        + (f" utom {one.unless}" if one.unless else "")
        for one in fact.branches
    ]
    grouping = ""
    if fact.grouping is not None:
        pairs = (*fact.grouping.least, *fact.grouping.greatest, *fact.grouping.any, *fact.grouping.every)
        grouping = f" per {', '.join(fact.grouping.by)}: {', '.join(f'{n}={unparse(node)}' for n, node in pairs)}"
    joins = [f" + {one.fact}({', '.join(f'{n}={unparse(node)}' for n, node in one.take)})" for one in fact.joins]
    rest = [str(one) for one in (*fact.first_of, *fact.neighbours)]
    rest += [f"behåller {unparse(fact.keep)}"] if fact.keep is not None else []
    return " | ".join(branches) + grouping + "".join(joins) + " ".join(rest) + f" enhet {', '.join(fact.unit)}"


def _lines(definition: Definition | None) -> list[Target]:
    if definition is None:
        return []
    return [*definition.targets, *([definition.watch] if definition.watch else [])]


def _address(target: Target) -> tuple[object, ...]:
    return target.first, target.board, target.municipality


def _targets(definition: Definition) -> Iterator[tuple[str, str]]:
    for target in _lines(definition):
        place = target.board or target.municipality
        where = f" för {place}" if place else ""
        side = "minst" if target.at_least is not None else "högst"
        near = f", nära {target.near:g}" if target.near is not None else ""
        decided = target.decision
        state = (
            f"beslutat {decided.decided_on}, {decided.paragraph}, dnr {decided.registration_number}"
            if decided
            else "föreslaget"
        )
        yield f"mål från {target.first}{where}", f"{side} {target.level:g}{near} ({state})"


def _for(one: Rebase) -> str:
    place = one.board or one.municipality
    return f" för {place}" if place else ""


def _judgement(definition: Definition) -> dict[str, str]:
    return {
        "riktning": definition.direction,
        "rådighet": definition.control,
        "utlämning": definition.release_class,
        "bedöms från antal fall": str(definition.minimum_cases),
        "styrdiagram": definition.chart,
        "ny vanlig nivå": "; ".join(f"från {one.first}{_for(one)}: {one.note}" for one in definition.rebases),
        "enhet": definition.unit,
        "decimaler": str(definition.decimals),
    }


def _texts(definition: Definition) -> dict[str, str]:
    audit = definition.audit
    return {
        "namn": definition.name,
        "varför": definition.why,
        "så räknas det": definition.description,
        "ägare": definition.owner_role,
        "revisionen": f"{audit.report}, {audit.section}: {audit.gist}",
        "revisionsfråga": str(definition.audit_question),
        "områden": ", ".join(definition.areas),
        "serierna": "; ".join(f"{code}: {text}" for code, text in definition.series),
        "visas bredvid": ", ".join(definition.beside),
        "granskat": f"{definition.review.role} {definition.review.on}" if definition.review else "",
        "ses över": str(definition.next_review or ""),
    }
