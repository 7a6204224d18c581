"""What stands out among a period's events: volume, hours, units, refusals. Pure rules; a person judges what they find.

A rule compares a user with the others of the same role, and with what the user has done before. Nothing is said to be
wrong: a finding is a question to answer.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from control.audit.actions import GIVEN_OUT, PERSON_LEVEL, Action
from control.audit.event import WHO, Event
from control.audit.hours import is_usual
from warehouse import clock

MANY_ROWS, MANY_FILES, MANY_TRIALS = 50, 20, 20
"""Fewer in a month never stand out, whatever others do."""
TIMES = 3
"""So many times the median of the others is much."""
MANY_REFUSALS = 3
KNOWN_BY = 5
"""From so many earlier reads on, it is known which units somebody usually reads."""

_TRIALS: frozenset[str] = frozenset({Action.DEFINITIONS_PREVIEWED})
_READS: frozenset[str] = PERSON_LEVEL | GIVEN_OUT | _TRIALS
_REFUSALS: frozenset[str] = frozenset({Action.ACCESS_REFUSED, Action.LOGIN_REFUSED})
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")

NameOf = Callable[[str], str]
"""A unit's name by its code."""


@dataclass(frozen=True)
class Finding:
    """What stands out: whose, in a sentence, on which evidence and events."""

    rule: str
    actor: str
    sentence: str
    evidence: str
    events: tuple[int, ...]

    @property
    def id(self) -> str:
        """The same for the same rule and user, and fit for an address or an element."""
        return f"{self.rule}-{hashlib.sha256(self.actor.encode()).hexdigest()[:12]}"


def review(
    events: Sequence[Event], earlier: Sequence[Event], months: int = 1, *, name_of: NameOf = str
) -> tuple[Finding, ...]:
    """What stands out in a period of that many months. `earlier`: events before it, to know what is usual."""
    name = _names([*earlier, *events])
    by_actor = _by_actor(events, name)
    return (
        *_volume(by_actor, months),
        *_hours(by_actor),
        *_units(by_actor, _by_actor(earlier, name), name_of),
        *_refused(by_actor),
    )


def _names(events: Iterable[Event]) -> Callable[[Event], str]:
    """Whose an event is: by the label, and by what tells them apart where several have it."""
    tags: dict[str, set[object]] = defaultdict(set)
    for event in events:
        if WHO in event.details:
            tags[event.actor].add(event.details[WHO])

    def name(event: Event) -> str:
        is_shared = len(tags[event.actor]) > 1 and WHO in event.details
        return f"{event.actor} ({event.details[WHO]})" if is_shared else event.actor

    return name


def _by_actor(events: Iterable[Event], name: Callable[[Event], str]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[name(event)].append(event)
    return dict(sorted(found.items()))


def _volume(by_actor: Mapping[str, Sequence[Event]], months: int) -> Iterator[Finding]:
    for rule, actions, floor, words in (
        ("rows", PERSON_LEVEL, MANY_ROWS, "läste {} rader om enskilda"),
        ("files", GIVEN_OUT, MANY_FILES, "hämtade {} filer"),
        ("trials", _TRIALS, MANY_TRIALS, "prövade {} ändrade definitioner"),
    ):
        counts = {actor: _amount(_of(events, actions)) for actor, events in by_actor.items()}
        for actor, found in counts.items():
            peers = _peers(by_actor, counts, actor)
            usual = median(peers) if peers else 0
            if found <= max(floor * months, TIMES * usual):
                continue
            among = f"Andra med samma roll: {usual:g} (medianen)." if peers else "Ingen annan har samma roll."
            numbers = _numbers(_of(by_actor[actor], actions))
            yield Finding(rule, actor, f"{actor} {words.format(found)}, mer än vanligt.", among, numbers)


def _amount(events: Iterable[Event]) -> int:
    """Rows where rows were read, else one for each event."""
    return sum(event.row_count or 0 if event.action in PERSON_LEVEL else 1 for event in events)


def _peers(by_actor: Mapping[str, Sequence[Event]], counts: Mapping[str, int], actor: str) -> list[int]:
    own = {event.roles for event in by_actor[actor]}
    return [
        counts[other]
        for other, events in by_actor.items()
        if other != actor and own & {event.roles for event in events}
    ]


def _hours(by_actor: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    for actor, events in by_actor.items():
        found = [event for event in _of(events, _READS) if not is_usual(event.at)]
        if found:
            times = _times(len(found))
            sentence = f"{actor} läste eller hämtade uppgifter {times} utanför arbetstid."
            evidence = f"Det var {_listed([_moment(event.at) for event in found])}."
            yield Finding("hours", actor, sentence, evidence, _numbers(found))


def _units(
    by_actor: Mapping[str, Sequence[Event]], earlier: Mapping[str, Sequence[Event]], name_of: NameOf
) -> Iterator[Finding]:
    for actor, events in by_actor.items():
        before = Counter(event.unit_code for event in _of(earlier.get(actor, ()), PERSON_LEVEL) if event.unit_code)
        if before.total() < KNOWN_BY:
            continue
        found = [event for event in _of(events, PERSON_LEVEL) if event.unit_code and event.unit_code not in before]
        if found:
            others = _listed(sorted({name_of(event.unit_code or "") for event in found}))
            usual = _listed([name_of(code) for code, _ in before.most_common(3)])
            sentence = f"{actor} läste om enskilda vid en annan enhet än vanligt: {others}."
            yield Finding("units", actor, sentence, f"Läser annars {usual}.", _numbers(found))


def _refused(by_actor: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    for actor, events in by_actor.items():
        found = _of(events, _REFUSALS)
        if len(found) >= MANY_REFUSALS:
            wanted = _listed(sorted({event.resource for event in found}))
            sentence = f"{actor} nekades {_times(len(found))}."
            yield Finding("refused", actor, sentence, f"Det gällde {wanted}.", _numbers(found))


def _of(events: Iterable[Event], actions: Collection[str]) -> list[Event]:
    return [event for event in events if event.action in actions]


def _numbers(events: Iterable[Event]) -> tuple[int, ...]:
    return tuple(event.event_no for event in events)


def _times(count: int) -> str:
    return "en gång" if count == 1 else f"{count} gånger"


def _moment(at: datetime) -> str:
    local = clock.local(at)
    return f"{_WEEKDAYS[local.weekday()]} {local:%Y-%m-%d} kl. {local:%H.%M}"


def _listed(words: Sequence[str], most: int = 4) -> str:
    """`a, b och c`; after `most` only how many more."""
    shown = [*words[:most], *([f"{len(words) - most} till"] if len(words) > most else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} och {shown[-1]}"
