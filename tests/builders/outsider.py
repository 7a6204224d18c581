"""An outsider who reads everything that has been released and works out what is hidden, by linear programming.

Written apart from the product's own disclosure control and sharing nothing with it: which rows a figure counts is told
here by hand, from the figures' descriptions, and how counts hang together from the organisation and the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from sqlalchemy import Connection

from kpi.access import OPERATOR
from kpi.definition import Catalogue, Definition, Shape
from kpi.disclosure.suppressed import Suppressed
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.released import Numbers, ReleasedValue
from kpi.views.values import Wanted, several_values
from tests.builders.narrowing import Cell, Finding, Outsider, Row, Split

SAME_ROWS = {
    "sip_follow_up_agreed.all": "sip_established.all",
    "sip_per_1000.part": "sip_established.all",
    "sip_consent_documented.all": "sip_active.all",
    "sip_coordinator.all": "sip_active.all",
    "sip_dormant.all": "sip_active.all",
    "deviations_per_100_sip.all": "sip_active.all",
    "sip_call_complete.all": "sip_school_initiated.all",
    "sip_absence_unannounced.all": "sip_absence_by_actor.part",
    "sip_mandate.all": "sip_absence_by_actor.rest",
    "sip_lead_time.all": "sip_child_voice.all",
    "deviations_per_100_sip.part": "deviations_reported.all",
    "deviation_recurring.all": "deviations_reported.all",
    "deviation_solved_by_managers.all": "deviation_action_decided.all",
}
"""Two figures that count the same rows. Each plan has a day of initiative, so all that have met have a lead time."""

FEWER_ROWS = (
    ("sip_consent_unknown.all", "sip_established.all"),
    ("sip_established.all", "sip_child_voice.all"),
    ("deviation_answered_60d.all", "deviation_feedback_60d.all"),
    ("deviation_answered_60d.part", "deviation_feedback_60d.part"),
    ("deviation_answered_60d.rest", "deviation_feedback_60d.rest"),
    ("deviation_responsibility.all", "deviations_reported.all"),
)
"""The first rows are some of the second."""

MEETINGS = (
    ("sip_full_attendance.rest", "sip_absence_by_actor.part"),
    ("sip_full_attendance.all", "sip_absence_by_actor.all"),
)
"""A meeting where somebody was missing has somebody who was missing; no more meetings than who were called to them."""

BEGINS = (("sip_established.all", "sip_active.all"),)
"""The stock at a month's end holds no more than what it held at the end of the month before and what began since."""

STOCKS = (
    "sip_active", "sip_consent_documented", "sip_coordinator", "sip_dormant", "sip_follow_up_overdue",
    "deviation_open_90d", "deviation_silent_units", "sip_school_gap", "perception_gap",
)  # fmt: skip
"""Taken on a day, or over months that end with it: months do not add up."""

SURVEYS = {
    "insight_in_agreements", "secrecy_confidence", "responsibility_clarity", "perception_gap", "child_participation",
    "guardian_relief",
}  # fmt: skip


def pieces(definition: Definition, content: Numbers) -> dict[str, float]:
    """The counts that a value gives away, by the rows that they count."""
    id_ = definition.id
    if definition.shape in (Shape.NUMBER, Shape.GAP):
        found = {"all": float(content.cases)}
    elif definition.shape is Shape.COUNT:
        found = {"all": float(content.numerator or 0.0)}
    elif id_ == "sip_per_1000":
        found = {"part": float(content.numerator or 0.0)}
    else:
        above, below = float(content.numerator or 0.0), float(content.denominator or 0.0)
        found = {"all": below, "part": above}
        if definition.shape is Shape.SHARE:
            found["rest"] = below - above
    return {rows_of(f"{id_}.{piece}"): count for piece, count in found.items()}


def rows_of(name: str) -> str:
    """One name for the same rows."""
    return SAME_ROWS.get(name, name)


def limits_of(definition: Definition) -> dict[str, int]:
    """The largest count of each piece that must not be known."""
    least = 9 if definition.id in SURVEYS else 4
    if definition.id == "sip_per_1000":
        return {rows_of("sip_per_1000.part"): 4}
    found = {rows_of(f"{definition.id}.all"): least}
    if definition.id == "deviations_per_100_sip":
        found[rows_of("deviations_per_100_sip.part")] = 4
    if definition.release_class == "person" and definition.shape is Shape.SHARE:
        found |= {rows_of(f"{definition.id}.part"): 4, rows_of(f"{definition.id}.rest"): 4}
    return found


@dataclass
class Truth:
    """The true counts of what has been released, by cell, and of what hangs together with it."""

    counts: dict[Cell, float]
    present: set[tuple[str, str]]
    """Rows and units where there have ever been any."""

    def of(self, cell: Cell) -> float:
        """Nothing where nothing is stored."""
        return self.counts.get(cell, 0.0)


def true_counts(connection: Connection, catalogue: Catalogue, wanted: Iterable[Definition]) -> Truth:
    """Every count of the figures, in their own periods and in all longer ones, in each category and margin."""
    found: dict[Cell, float] = {}
    present: set[tuple[str, str]] = set()
    for definition in wanted:
        cells = several_values(connection, OPERATOR, [Wanted(definition, None, None, None)])[0]
        mine: dict[Cell, float] = {}
        for cell in cells:
            content = Numbers(cell.numerator, cell.denominator, cell.value, cell.cases)
            is_answer = definition.kind.value == "distribution" and cell.split
            present |= {
                (rows_of(f"{definition.id}.{piece}"), cell.unit_code) for piece in _pieces_of(definition) if cell.cases
            }
            for rows, count in pieces(definition, content).items():
                for split in _margins(cell.split or ()) if not is_answer else (cell.split or (),):
                    for period in _holding(cell.period, adds_up=definition.adds_up):
                        at = (rows, cell.unit_code, period, split)
                        mine[at] = mine.get(at, 0.0) + count
        found |= mine
    return Truth(found, present)


def _margins(split: Split) -> Iterator[Split]:
    for size in range(len(split) + 1):
        yield from combinations(split, size)


def _holding(period: Period, *, adds_up: bool) -> Iterator[Period]:
    yield period
    if adds_up:
        for type_ in PeriodType:
            if type_.months > period.type.months and type_.months % period.type.months == 0:
                yield period.to(type_)


def outsider(
    released: Iterable[ReleasedValue],
    catalogue: Catalogue,
    organisation: Organisation,
    truth: Truth,
    *,
    knows_of_figures: bool = True,
    knows_the_empty: bool = True,
    hides: Callable[[ReleasedValue], bool] = lambda one: isinstance(one.content, Suppressed),
) -> tuple[Outsider, dict[Cell, int]]:
    """What somebody knows who has read all that is released, and the small counts to find, with the limit of each.

    A sum is used where it holds in truth. `knows_of_figures`: also uses how different figures hang together.
    `knows_the_empty`: knows that a unit that has never had any row is empty; else those are to be found too.
    """
    found = Outsider()
    targets: dict[Cell, int] = {}
    kinds: dict[str, str] = {}
    for one in released:
        definition = catalogue.definitions[one.kpi_id]
        if definition.release_class == "open":
            continue
        where = one.unit.code, one.period, one.split or ()
        names = [rows_of(f"{definition.id}.{piece}") for piece in _pieces_of(definition)]
        if hides(one):
            found.hidden.update((rows, *where) for rows in names)
        elif isinstance(one.content, Numbers):
            found.known |= {(rows, *where): count for rows, count in pieces(definition, one.content).items()}
        else:
            found.known |= {(rows, *where): truth.of((rows, *where)) for rows in names}
        kinds |= dict.fromkeys(names, definition.kind.value)
        for cell, limit in _small(definition, where, truth):
            if not knows_the_empty or (cell[0], one.unit.code) in truth.present:
                targets[cell] = max(limit, targets.get(cell, 0))
        if definition.shape is Shape.SHARE:
            _add(found, truth, [(names[0], *where)], [(name, *where) for name in names[1:]])
    if knows_the_empty:
        _empty(found, truth)
    _over_units(found, organisation, truth)
    _over_time(found, truth)
    _over_categories(found, truth, kinds)
    _over_conditions(found, truth, (*FEWER_ROWS, *(MEETINGS if knows_of_figures else ())))
    if knows_of_figures:
        _over_stocks(found, truth)
    return found, targets


def _small(definition: Definition, where: tuple[str, Period, Split], truth: Truth) -> Iterator[tuple[Cell, int]]:
    """The counts of a value that must not be told, with their limits."""
    for rows, limit in limits_of(definition).items():
        if truth.of((rows, *where)) <= limit:
            yield (rows, *where), limit


def _pieces_of(definition: Definition) -> tuple[str, ...]:
    if definition.id == "sip_per_1000":
        return ("part",)
    if definition.shape is Shape.SHARE:
        return ("all", "part", "rest")
    return ("all", "part") if definition.shape is Shape.RATE else ("all",)


def _all(found: Outsider, rows: str) -> list[Cell]:
    return sorted((cell for cell in found.hidden | found.known.keys() if cell[0] == rows), key=str)


def _empty(found: Outsider, truth: Truth) -> None:
    """A unit that has never had any row is known to be empty."""
    for cell in list(found.hidden):
        if (cell[0], cell[1]) not in truth.present:
            found.hidden.discard(cell)
            found.known[cell] = 0.0


def _add(found: Outsider, truth: Truth, total: Sequence[Cell], parts: Sequence[Cell]) -> None:
    """The sums are equal, if they are; else that the parts are no more, if they are not."""
    left = sum(map(truth.of, total)) - sum(map(truth.of, parts))
    if left < -1e-9:
        return
    weights = (*((cell, 1.0) for cell in total), *((cell, -1.0) for cell in parts))
    found.rows.append(Row(weights, 0.0, 0.0 if left < 1e-9 else np.inf))


def _not_more(found: Outsider, truth: Truth, parts: Sequence[Cell], total: Sequence[Cell]) -> None:
    if sum(map(truth.of, parts)) <= sum(map(truth.of, total)) + 1e-9:
        found.rows.append(Row((*((cell, 1.0) for cell in total), *((cell, -1.0) for cell in parts)), 0.0, np.inf))


def _over_units(found: Outsider, organisation: Organisation, truth: Truth) -> None:
    every = found.hidden | found.known.keys()
    for rows, unit, period, split in sorted(every, key=str):
        for level in (1, 2, 3):
            below = _below(organisation, {unit}, period, level)
            parts = [(rows, one, period, split) for one in sorted(below) if (rows, one, period, split) in every]
            is_whole = all((rows, one, period, split) in every for one in below if (rows, one) in truth.present)
            if parts and is_whole:
                _add(found, truth, [(rows, unit, period, split)], parts)
            elif parts:
                _not_more(found, truth, parts, [(rows, unit, period, split)])


def _below(organisation: Organisation, codes: set[str], period: Period, levels: int) -> set[str]:
    for _ in range(levels):
        codes = {
            one.code
            for one in organisation.units
            if one.parent_code in codes and one.overlaps(period.first_day, period.last_day)
        }
    return codes


def _over_time(found: Outsider, truth: Truth) -> None:
    every = found.hidden | found.known.keys()
    alike: dict[tuple[str, str, Split], list[Period]] = {}
    for rows, unit, period, split in sorted(every, key=str):
        alike.setdefault((rows, unit, split), []).append(period)
    for (rows, unit, split), periods in alike.items():
        for whole in periods:
            for type_ in PeriodType:
                inside = [
                    one
                    for one in periods
                    if one.type is type_
                    and one.type.months < whole.type.months
                    and whole.first_day <= one.first_day <= whole.last_day
                ]
                if inside and whole.type.months % type_.months == 0 and not rows.startswith(STOCKS):
                    _add(found, truth, [(rows, unit, whole, split)], [(rows, unit, one, split) for one in inside])


def _over_categories(found: Outsider, truth: Truth, kinds: Mapping[str, str]) -> None:
    every = found.hidden | found.known.keys()
    alike: dict[tuple[str, str, Period], set[Split]] = {}
    for rows, unit, period, split in every:
        alike.setdefault((rows, unit, period), set()).add(split)
    for (rows, unit, period), splits in sorted(alike.items(), key=str):
        if kinds.get(rows) == "distribution":
            continue
        columns = sorted({name for split in splits for name, _ in split})
        for total in sorted(splits):
            for column in columns:
                if column in dict(total):
                    continue
                parts = [
                    (rows, unit, period, one)
                    for one in sorted(splits)
                    if len(one) == len(total) + 1 and set(total) < set(one) and column in dict(one)
                ]
                if parts:
                    _add(found, truth, [(rows, unit, period, total)], parts)


def _over_conditions(found: Outsider, truth: Truth, pairs: Iterable[tuple[str, str]]) -> None:
    for part, whole in pairs:
        for cell in _all(found, part):
            other = (whole, *cell[1:])
            if other in found.known or other in found.hidden:
                _not_more(found, truth, [cell], [other])


def _over_stocks(found: Outsider, truth: Truth) -> None:
    every = found.hidden | found.known.keys()
    for begun, stock in BEGINS:
        for cell in sorted(every, key=str):
            rows, unit, period, split = cell
            before, flow = (stock, unit, period.shift(-1), split), (begun, unit, period, split)
            if rows == stock and period.type is PeriodType.MONTH and before in every and flow in every:
                _not_more(found, truth, [cell], [before, flow])


def narrowed(
    released: Iterable[ReleasedValue],
    catalogue: Catalogue,
    organisation: Organisation,
    truth: Truth,
    *,
    knows_of_figures: bool = True,
    knows_the_empty: bool = True,
) -> list[Finding]:
    """The small counts that what is released narrows to less than 0 … limit."""
    reader, targets = outsider(
        released, catalogue, organisation, truth, knows_of_figures=knows_of_figures, knows_the_empty=knows_the_empty
    )
    return reader.intervals(targets, truth.counts)


def narrowed_when_only_small_counts_are_hidden(
    released: Collection[ReleasedValue], catalogue: Catalogue, organisation: Organisation, truth: Truth
) -> list[Finding]:
    """The same reader of a release that hides the small counts alone."""

    def hides(one: ReleasedValue) -> bool:
        definition = catalogue.definitions[one.kpi_id]
        where = one.unit.code, one.period, one.split or ()
        return any(truth.of((rows, *where)) <= limit for rows, limit in limits_of(definition).items())

    reader, targets = outsider(released, catalogue, organisation, truth, knows_of_figures=False, hides=hides)
    return reader.intervals(targets, truth.counts)
