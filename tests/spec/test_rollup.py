"""Sums up the tree, told once more without the engine's: from the check queries' events, placed day by day in Python.

What adds up is the sum of what lies below, at every level; shares, rates and gaps are divided last; and what cannot be
summed is computed anew at every level.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from kpi.compute import check, compute
from kpi.definition import Catalogue, Definition, Kind, Shape
from kpi.organisation import Unit
from kpi.period import Period, PeriodType
from kpi.placement import Placement, placements
from kpi.store import read_stored
from kpi.views.organisation import read_organisation
from tests.builders.random_warehouse import deliveries
from tests.builders.warehouse import deliver
from tests.spec import check as queries
from tests.spec.world import ORGANISATION, SKANE, Row, activity, called, deviation, follow_up, only, sip, table, unit
from warehouse.contract import DATASETS, LEVELS, SCHOOL_ACTORS
from warehouse.database import open_engine, reading, writing
from warehouse.tables import VERSIONED, delivery_scope

ADDITIVE = (Kind.COUNT, Kind.FLOW, Kind.RATIO, Kind.RECURRING, Kind.DISTRIBUTION, Kind.STOCK, Kind.DISTINCT)
Key = tuple[str, int, str]
Parts = tuple[float | None, float | None]


@dataclass(frozen=True)
class Tree:
    """Which units a row of a unit counts in on a day: the unit itself first."""

    spans: dict[str, list[Placement]]

    @classmethod
    def of(cls, engine: Engine) -> Tree:
        spans = defaultdict(list)
        with reading(engine) as connection:
            for one in placements(read_organisation(connection)):
                spans[one.unit_code].append(one)
        return cls(dict(spans))

    def above(self, unit_code: str, day: date, smallest: str = "unit") -> Iterator[Unit]:
        for one in self.spans.get(unit_code, ()):
            if one.first <= day <= one.last:
                yield from (each for each in one.chain if LEVELS.index(each.level) <= LEVELS.index(smallest))

    def standing(self, period: Period) -> dict[str, tuple[Unit, ...]]:
        """Where the units lay that lay at one place all the period: what each counted in."""
        return {
            code: one.chain
            for code, found in self.spans.items()
            for one in found
            if one.first <= period.first_day and period.last_day <= one.last
        }

    def moved(self, period: Period) -> set[str]:
        """Everything that a unit which came, left or moved within the period ever lay under."""
        return {
            above.code
            for found in self.spans.values()
            if any(period.first_day < one.first <= period.last_day for one in found)
            or any(period.first_day <= one.last < period.last_day for one in found)
            for one in found
            for above in one.chain
        }


@pytest.fixture(scope="module")
def open_new(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Engine]]:
    """Opens an empty warehouse, as often as asked."""
    opened: list[Engine] = []

    def open_one() -> Engine:
        path = tmp_path_factory.mktemp("rollup") / "samkoll.db"
        shutil.copyfile(_sqlite_template, path)
        opened.append(open_engine(f"sqlite:///{path}"))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.dispose()


@pytest.fixture(scope="module", params=[31, 32])
def random_world(request: pytest.FixtureRequest, open_new: Callable[[], Engine], catalogue: Catalogue) -> Engine:
    """A random warehouse after some deliveries, computed; read only."""
    engine = open_new()
    for _ in deliveries(engine, request.param, 4):
        pass
    compute(engine, catalogue)
    return engine


def test_what_adds_up_is_the_sum_of_the_events_below(random_world: Engine, catalogue: Catalogue) -> None:
    tree, compared = Tree.of(random_world), 0
    for definition in catalogue.definitions.values():
        if definition.kind in ADDITIVE:
            summed = summed_up(definition, events_of(random_world, definition.id), tree)
            found = {key: cell[:2] for key, cell in stored(random_world, definition).items()}
            assert found == summed, definition.id
            compared += len(summed)
    assert compared > 1000


def test_a_parent_holds_its_children_where_nothing_moved(random_world: Engine, catalogue: Catalogue) -> None:
    """From the stored cells alone: no row of these figures is a board's own, or of anything above it."""
    tree, compared = Tree.of(random_world), 0
    for definition in catalogue.definitions.values():
        is_rate = definition.id == "deviations_per_100_sip"
        adds_up = definition.kind in ADDITIVE and definition.levels[-1] == "unit"
        if definition.id == "training_coverage" or not (adds_up or is_rate):  # training tells of board members too
            continue
        found = stored(random_world, definition)
        periods = {key[1]: Period.from_code(key[1]) for key in found}
        standing = {code: tree.standing(period) for code, period in periods.items()}
        moved = {code: tree.moved(period) for code, period in periods.items()}
        below: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for (unit_code, code, split), (numerator, denominator, *_) in found.items():
            chain = standing[code].get(unit_code, ())
            if len(chain) > 1 and chain[1].code not in moved[code]:
                sums = below[chain[1].code, code, split]
                sums[0] += numerator
                sums[1] += denominator or 0.0
        for key, (numerator, denominator) in below.items():
            assert (found[key][1] or 0.0) == denominator, (definition.id, key)
            # events where nothing is active have no cell of their own, but add to the rate above
            assert found[key][0] == numerator or (is_rate and found[key][0] > numerator), (definition.id, key)
        compared += len(below)
    assert compared > 300


def test_shares_and_rates_are_divided_last(random_world: Engine, catalogue: Catalogue) -> None:
    for definition in catalogue.definitions.values():
        times = definition.meaning.per or 1
        with reading(random_world) as connection:
            found = read_stored(connection, definition.id)
        for key, (_, numerator, denominator, cases, value) in found.items():
            if definition.shape is Shape.COUNT:
                assert (value, cases, denominator) == (numerator, numerator, None), (definition.id, key)
            elif definition.shape in (Shape.SHARE, Shape.RATE):
                assert isinstance(numerator, float)
                assert isinstance(denominator, float)
                assert value == pytest.approx(numerator * times / denominator, rel=1e-12), (definition.id, key)
            else:
                assert (numerator, denominator) == (None, None), (definition.id, key)


def test_gaps_are_of_the_sums_at_every_level(random_world: Engine, catalogue: Catalogue) -> None:
    tree = Tree.of(random_world)
    assert gaps(random_world, catalogue, "perception_gap") == perception_gaps(random_world, tree)
    assert gaps(random_world, catalogue, "sip_school_gap") == school_gaps(random_world, tree)


def test_a_median_is_computed_anew_at_every_level(random_world: Engine, catalogue: Catalogue) -> None:
    days: dict[tuple[str, int], list[int]] = defaultdict(list)
    tree, as_of = Tree.of(random_world), as_of_days(random_world, "sips")
    for plan in rows_of(random_world, "sips"):
        if plan.met_on is not None and plan.met_on <= as_of[plan.municipality_code]:
            for above in tree.above(plan.unit_code, plan.met_on):
                month = Period.containing(plan.met_on, PeriodType.MONTH).code
                days[above.code, month].append((plan.met_on - plan.initiated_on).days)
    found = stored(random_world, catalogue.definitions["sip_lead_time"])
    assert {key[:2]: cell[2:] for key, cell in found.items()} == {
        key: (len(values), median(values)) for key, values in days.items()
    }


def test_the_median_of_all_is_not_the_mean_of_medians(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_lead_time")
    met = {"norr": ["2024-01-01"], "söder": ["2024-01-11", "2024-01-21", "2024-01-31"], "skolan": ["2024-01-03"]}
    plans = [sip(f"{code} {day}", unit_code=code, met_on=day) for code, days in met.items() for day in days]
    deliver(engine, "2024-01-31", org_units=ORGANISATION, sips=plans)
    medians = [table(engine, figures, "sip_lead_time", code)["2024-01"] for code in ("norr", "söder", "skolan")]
    assert medians == ["0 (1)", "20 (3)", "2 (1)"]
    assert table(engine, figures, "sip_lead_time", "soc") == {"2024-01": "15 (4)"}, "not 10, between 0 and 20"
    assert table(engine, figures, "sip_lead_time", SKANE) == {"2024-01": "10 (5)"}, "not 8.5, between 15 and 2"


# --- the same once more, in Python


def stored(engine: Engine, definition: Definition) -> dict[Key, Any]:
    """numerator, denominator, cases and value by cell; of a distribution the whole, and its parts add up to it."""
    found: Any = queries.stored(engine, definition)
    assert isinstance(found, dict)
    return found


def events_of(engine: Engine, kpi_id: str) -> list[Any]:
    """What the figure's check query adds up: unit_code, day, split, numerator, denominator."""
    text = "\n".join([queries.file_text("prelude"), queries.file_text(kpi_id), "select * from event"])
    with writing(engine) as connection:
        raw: Any = connection.connection.driver_connection
        queries._teach(raw)
        return list(connection.exec_driver_sql(text).all())


def summed_up(definition: Definition, events: list[Any], tree: Tree) -> dict[Key, Parts]:
    sums: dict[Key, Parts] = {}
    for event in events:
        day = date.fromisoformat(event.day)
        period = Period.containing(day, definition.period).code
        for above in tree.above(event.unit_code, day, definition.levels[-1]):
            key = above.code, period, event.split
            numerator, denominator = sums.get(key, (0.0, None))
            if event.denominator is not None:
                denominator = (denominator or 0.0) + event.denominator
            sums[key] = (numerator or 0.0) + event.numerator, denominator
    return {key: parts for key, parts in sums.items() if parts[1] is None or parts[1] > 0}


def rows_of(engine: Engine, dataset: str) -> list[Any]:
    table_ = VERSIONED[dataset]
    with reading(engine) as connection:
        return list(connection.execute(select(table_).where(table_.c.ended_by.is_(None))).all())


def as_of_days(engine: Engine, *datasets: str) -> dict[str, date]:
    """The latest day that any of the datasets speaks for, by municipality."""
    scope = delivery_scope.c
    with reading(engine) as connection:
        rows = connection.execute(
            select(scope.municipality_code, scope.as_of).where(scope.dataset.in_(datasets)).order_by(scope.as_of)
        )
        return {row.municipality_code: row.as_of for row in rows}


Gaps = dict[tuple[str, int], tuple[int, float]]


def gaps(engine: Engine, catalogue: Catalogue, kpi_id: str) -> Gaps:
    """The stored cases and values, rounded as the ones they are compared with."""
    found = stored(engine, catalogue.definitions[kpi_id])
    assert found, kpi_id
    return {(unit_code, code): (cell[2], round(cell[3], 9)) for (unit_code, code, _), cell in found.items()}


def perception_gaps(engine: Engine, tree: Tree) -> Gaps:
    municipalities = {one.chain[0].municipality_code: code for code, found in tree.spans.items() for one in found
                      if one.chain[0].level == "municipality"}  # fmt: skip
    as_of = as_of_days(engine, "survey_answers")
    groups: dict[tuple[str, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in rows_of(engine, "survey_answers"):
        if row.question == "follow_up_happens" and row.answered_on <= as_of[row.municipality_code]:
            place = row.board_code or municipalities[row.municipality_code]
            for above in tree.above(place, row.answered_on, "board"):
                sums = groups[above.code, row.answered_on.year * 100][row.respondents]
                sums[0] += row.answers * (row.answer == "large")
                sums[1] += row.answers
    return {
        key: (min(board[1], staff[1]), round(board[0] / board[1] - staff[0] / staff[1], 9))
        for key, by_group in groups.items()
        for board, staff in [(by_group["board_members"], by_group["staff"])]
        if board[1] and staff[1]
    }


def school_gaps(engine: Engine, tree: Tree) -> Gaps:
    plans = {(plan.municipality_code, plan.sip_id): plan for plan in rows_of(engine, "sips")}
    as_of = as_of_days(engine, "sips", "sip_participants")
    rows = rows_of(engine, "sip_participants")
    meetings: dict[tuple[Any, ...], date] = {}
    for row in sorted(rows, key=lambda row: row.met_on, reverse=True):
        meetings[row.municipality_code, row.sip_id, row.meeting_no] = row.met_on
    # by unit and tertial: actor → called and came, at school's meetings (True) and others'
    sums: dict[tuple[str, int], dict[str, dict[bool, list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: {True: [0, 0], False: [0, 0]})
    )
    for row in rows:
        plan = plans.get((row.municipality_code, row.sip_id))
        caller = plan and (plan.calling_actor or plan.initiator_actor)
        day, last = meetings[row.municipality_code, row.sip_id, row.meeting_no], as_of[row.municipality_code]
        if plan is None or row.actor in ("barnet", "vardnadshavare", caller) or day > last:
            continue
        tertial = Period.containing(day, PeriodType.TERTIAL)
        for shown_in in (tertial, tertial.shift(1), tertial.shift(2)):
            if shown_in.first_day <= last:
                for above in tree.above(plan.unit_code, day, "board"):
                    counted = sums[above.code, shown_in.code][row.actor][caller in SCHOOL_ACTORS]
                    counted[0] += 1
                    counted[1] += row.attended
    found: Gaps = {}
    for key, actors in sums.items():
        both = [by_group for by_group in actors.values() if by_group[True][0] and by_group[False][0]]
        if both:
            school, others = ([sum(one[side][at] for one in both) for at in (0, 1)] for side in (True, False))
            value = school[1] / school[0] - others[1] / others[0]
            found[key] = min(school[0], others[0]), round(value, 9)
    return found


# --- incremental and full


KINDS = (  # one of every way to compute
    "sip_lead_time",
    "sip_dormant",
    "sip_follow_up_overdue",
    "sip_activities_done",
    "sip_school_gap",
    "sip_goal_attainment",
    "deviation_recurring",
    "deviation_silent_units",
    "deviations_per_100_sip",
)
DAYS = st.integers(0, 300).map(lambda days: (date(2023, 5, 1) + timedelta(days=days)).isoformat())
MAYBE = st.none() | DAYS
RARELY = st.one_of(st.none(), st.none(), DAYS)
ID = st.sampled_from("abc")
UNIT = st.sampled_from(("norr", "norr", "söder", "skolan", "bup", "okänd"))
CHANGES: dict[str, st.SearchStrategy[Row]] = {
    "sips": st.builds(
        lambda id_, unit_code, begins, met, closed, consent, caller, goal: sip(
            id_, unit_code=unit_code, initiated_on=begins, met_on=met, closed_on=closed, consent=consent,
            calling_actor=caller, goal_attainment=goal,
        ),
        ID, UNIT, DAYS, DAYS, RARELY, st.sampled_from(("given", "given", "declined")),
        st.sampled_from((None, "skola")), st.sampled_from(("full", "none", None)),
    ),
    "sip_follow_ups": st.builds(follow_up, ID, DAYS, MAYBE),
    "sip_participants": st.builds(
        lambda id_, actor, day, attended, no: called(id_, actor, day, attended=attended, meeting_no=no),
        ID, st.sampled_from(("bup", "polis")), DAYS, st.booleans(), st.sampled_from((1, 2)),
    ),
    "sip_activities": st.builds(activity, ID, DAYS, MAYBE),
    "deviations": st.builds(deviation, ID, DAYS, MAYBE, UNIT),
    "org_units": st.builds(
        lambda code, board, day: unit(code, "unit", board, valid_from=day),
        st.sampled_from(("norr", "skolan", "okänd")), st.sampled_from(("soc", "bild")), DAYS,
    ),
}  # fmt: skip
ROWS = {name: st.lists(rows, min_size=1, max_size=5) for name, rows in CHANGES.items()}
LATER = st.tuples(
    st.sampled_from((0, 1, 31, 130)),  # days since the one before
    st.fixed_dictionaries({}, optional=ROWS),
    st.booleans(),  # whether it takes the rows of the one before away
)


@pytest.fixture(scope="module")
def differences(catalogue: Catalogue) -> Callable[[Engine], list[str]]:
    """Computes what has been touched, and tells what everything computed anew has otherwise."""
    figures = only(catalogue, *KINDS)

    def run(engine: Engine) -> list[str]:
        compute(engine, figures)
        return check(engine, figures)

    return run


@pytest.mark.slow
@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # to make a failing example smaller takes minutes
    suppress_health_check=list(HealthCheck),
)
@given(first=st.fixed_dictionaries(ROWS), later=st.lists(LATER, min_size=1, max_size=2))
def test_incremental_equals_full_whatever_is_delivered(
    open_new: Callable[[], Engine], differences: Callable[[Engine], list[str]], first: Any, later: list[Any]
) -> None:
    engine, day = open_new(), date(2024, 1, 1)
    deliver(engine, day.isoformat(), org_units=ORGANISATION)
    before: dict[str, Any] = {}
    for days, rows, takes_away in [(60, first, False), *later]:
        day += timedelta(days=days)
        gone = {name: found for name, found in before.items() if takes_away and name not in (*rows, "org_units")}
        before = {name: without_repeats(name, found) for name, found in rows.items()}
        deliver(engine, day.isoformat(), gone=gone, **before)
        assert differences(engine) == []


def without_repeats(name: str, rows: list[Row]) -> list[Row]:
    """The last row of every key."""
    keys = [field.name for field in DATASETS[name].key]
    return list({tuple(row.get(key) for key in keys): row for row in rows}.values())
