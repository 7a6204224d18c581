"""The page Avvikelser's counts on both databases, against plain Python over the rows, and against the key figures."""

from __future__ import annotations

import json
import random
from calendar import monthrange
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import Engine

from dashboard.context import Context
from dashboard.pages import deviations as pages
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.compute import compute
from kpi.deviations import MUNICIPAL, Side, State
from kpi.period import Period
from kpi.rolling import months_back
from kpi.views.case_filter import Back, Order
from kpi.views.cases import cases
from kpi.views.deviation_filter import DeviationFilter, Standing
from kpi.views.deviation_page import Chosen, DeviationPage, deviations
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from kpi.views.values import figure_values
from tests.builders.case_world import REASON, UNITS, chief, manager
from tests.builders.figures import catalogue
from tests.builders.filled import Filled
from tests.builders.warehouse import deliver
from warehouse.database import reading

APRIL = Period.parse("2025-04")
FIRST, STAND = date(2024, 5, 1), date(2025, 4, 30)
BOARD = "1287-SN"
PRESIDIUM = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({BOARD})),))
FIGURES = ("deviations_reported", "deviation_open_90d", "deviation_recurring", "deviation_silent_units")
Row = dict[str, Any]


@cache
def rows() -> list[Row]:
    """Three hundred of two years; unit D has been silent since the window began, and two share a day."""
    chance = random.Random(7)
    found = []
    for at in range(300):
        unit = chance.choice("ABCDE")
        day = date(2023, 7, 1) + timedelta(days=chance.randrange(730))
        if unit == "D" and day >= FIRST:
            unit = "A"
        days = [chance.choice((None, 5, 60, 61, 130)) for _ in range(3)]
        feedback, action, closed = (None if one is None else day + timedelta(days=one) for one in days)
        effect = action + timedelta(days=chance.choice((20, 90, 91))) if action and chance.random() < 0.5 else None
        found.append({
            "deviation_id": f"{at}", "municipality_code": "1287", "unit_code": f"1287-{unit}", "reported_on": day,
            "reporting_actor": chance.choice(("socialtjanst", "skola")), "feedback_on": feedback,
            "counterpart_actor": chance.choice(("bup", "skola", "bvc")), "action_decided_on": action,
            "category": chance.choice(("oklart_ansvar", "utskrivning")), "effect_assessed_on": effect,
            "closed_on": closed,
        })  # fmt: skip
    return [*found, found[0] | {"deviation_id": "samma dag"}]


def fill(engine: Engine) -> None:
    deliver(engine, "2025-06-30", org_units=UNITS)
    gone = rows()[5] | {"deviation_id": "borta", "reported_on": date(2025, 3, 3)}
    deliver(engine, "2025-06-30", deviations=[*rows(), gone])
    deliver(engine, "2025-06-30", gone={"deviations": [gone]})
    shipped = catalogue()
    compute(engine, replace(shipped, definitions={one: shipped.definitions[one] for one in FIGURES}))


def page(engine: Engine, viewer: Viewer = PRESIDIUM, **asked: Any) -> DeviationPage:
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        found = deviations(connection, catalogue(), viewer, organisation, month=APRIL, **asked)
    assert found is not None
    return found


def in_board(row: Row) -> bool:
    """B left the board on the 16th of March; the others lay in it all days."""
    return bool(row["unit_code"] != "1287-B" or row["reported_on"] < date(2025, 3, 16))


def of_board(*, category: str | None = None, since: date = FIRST) -> list[Row]:
    return [
        one for one in rows()
        if in_board(one) and since <= one["reported_on"] <= STAND and category in (None, one["category"])
    ]  # fmt: skip


def state(row: Row, begins: str, ends: str, limit: int) -> tuple[State, int]:
    """What it is against a limit at the end of April, and for how many days."""
    came = row[ends] is not None and row[ends] <= STAND
    days = ((row[ends] if came else STAND) - row[begins]).days
    if came:
        return (State.IN_TIME if days <= limit else State.LATE), days
    return (State.OVERDUE if days >= limit else State.WAITING), days


def counted(found: Any) -> dict[Any, int]:
    return {key: count for key, count in dict(found).items() if count}


@pytest.mark.parametrize("category", [None, "utskrivning"])
def test_every_count_is_that_of_the_rows(filled: Filled, category: str | None) -> None:
    engine = filled(fill)
    found, own = page(engine, chosen=Chosen(category)), of_board(category=category)
    assert (found.total, found.stand, found.first) == (len(own), STAND, FIRST)
    every = Counter(one["category"] for one in of_board())
    assert [(one.category, one.count) for one in found.pareto] == every.most_common()
    assert found.pareto[-1].cumulative == 1
    assert counted(found.matrix.cells) == Counter((one["reporting_actor"], one["counterpart_actor"]) for one in own)
    assert (sum(found.matrix.sent.values()), sum(found.matrix.received.values())) == (len(own), len(own))
    for side in Side:
        ours = [one for one in own if (one["counterpart_actor"] in MUNICIPAL) is (side is Side.OURS)]
        against = Counter(state(one, "reported_on", "feedback_on", 60)[0] for one in ours)
        assert counted(found.feedback[side].counts) == against
    decided = [one for one in own if one["action_decided_on"] and one["action_decided_on"] <= STAND]
    assert found.action.counts[State.IN_TIME] == len(decided)
    waits = Counter(state(one, "action_decided_on", "effect_assessed_on", 90)[0] for one in decided)
    assert counted(found.effect.counts) == waits
    ever = of_board(category=category, since=date.min)
    ages = [(STAND - one["reported_on"]).days for one in ever if not one["closed_on"] or one["closed_on"] > STAND]
    edges = ((0, 30), (31, 60), (61, 90), (91, 10**6))
    assert found.ageing.counts == tuple(sum(low <= age <= high for age in ages) for low, high in edges)


def test_what_comes_back_is_told_with_its_months(filled: Filled) -> None:
    found = page(filled(fill))
    sort = ("unit_code", "category", "counterpart_actor")
    days: dict[tuple[str, ...], set[date]] = {}
    for one in rows():
        days.setdefault(tuple(one[name] for name in sort), set()).add(one["reported_on"])
    again: Counter[tuple[str, ...]] = Counter()
    months: dict[tuple[str, ...], set[str]] = {}
    for one in of_board():
        key, day = tuple(one[name] for name in sort), one["reported_on"]
        months.setdefault(key, set()).add(f"{day:%Y-%m}")
        again[key] += any(other < day <= half_a_year_after(other) for other in days[key])
    told = {(one.unit_code, one.category, one.counterpart): one.recurring for one in found.patterns}
    expected = {key: count for key, count in again.items() if count}
    assert (len(told), found.all_patterns, found.recurring) == (20, len(expected), sum(expected.values()))
    assert told.items() <= expected.items()
    assert list(told.values()) == sorted(expected.values(), reverse=True)[:20]
    for each in found.patterns:
        assert {str(month) for month in each.months} == months[each.unit_code, each.category, each.counterpart]


def half_a_year_after(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + 6, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def test_the_counts_are_the_key_figures(filled: Filled) -> None:
    engine = filled(fill)
    found = page(engine)
    with reading(engine) as connection:

        def cells(kpi_id: str, unit: str = BOARD) -> list[Any]:
            return figure_values(connection, catalogue(), PRESIDIUM, kpi_id, unit_code=unit)

        year = set(months_back(APRIL, 12))
        assert found.total == sum(one.numerator for one in cells("deviations_reported") if one.period in year)
        tertials = {Period.parse(one) for one in ("2024-T2", "2024-T3", "2025-T1")}
        assert found.recurring == sum(one.numerator for one in cells("deviation_recurring") if one.period in tertials)
        (silent,) = (one for one in cells("deviation_silent_units") if one.period == Period.parse("2025-T1"))
        for unit in ("1287-A", "1287-C"):
            stock = sum(one.numerator for one in cells("deviation_open_90d", unit) if one.period == APRIL)
            assert page(engine, unit_code=unit).ageing.long == stock, unit
    assert found.silent is not None
    assert (len(found.silent), len(found.units)) == (silent.numerator, silent.denominator)
    assert [one.code for one in found.silent] == ["1287-D"]


def test_each_reads_what_is_the_own(filled: Filled) -> None:
    engine = filled(fill)
    own = page(engine, manager("1287-A"))
    assert own.total == sum(one["unit_code"] in ("1287-A", "1287-D") for one in of_board())
    assert {one.code for one in own.places} == {"1287-A", "1287-D"}
    other = page(engine, chief("1287-BN"), unit_code="1287-BN")
    left = [one for one in rows() if one["unit_code"] == "1287-B" and date(2025, 3, 16) <= one["reported_on"] <= STAND]
    assert other.total == len(left)
    for viewer, unit in (
        (manager("1287-A"), BOARD),
        (PRESIDIUM, "1287-BN"),
        (PRESIDIUM, "1287"),
        (PRESIDIUM, "1287-B"),
    ):
        with pytest.raises(AccessDenied):
            page(engine, viewer, unit_code=unit)
    for wrong in ({"unit_code": "okänd"}, {"chosen": Chosen("x")}, {"chosen": Chosen(None, "x")}):
        with pytest.raises(NotFound):
            page(engine, **wrong)


def is_open(row: Row) -> bool:
    return row["closed_on"] is None or bool(row["closed_on"] > STAND)


WANTED: list[tuple[DeviationFilter, Any]] = [
    (DeviationFilter(back=Back.YEAR, category="utskrivning"), lambda one: one["category"] == "utskrivning"),
    (DeviationFilter(back=Back.YEAR, counterpart="bup", reporter="skola", order=Order.NEWEST),
     lambda one: (one["counterpart_actor"], one["reporting_actor"]) == ("bup", "skola")),
    (DeviationFilter(back=Back.YEAR, side=Side.OURS, standing=Standing.OVERDUE, order=Order.UNIT),
     lambda one: one["counterpart_actor"] == "skola"
     and state(one, "reported_on", "feedback_on", 60)[0] is State.OVERDUE),
    (DeviationFilter(back=Back.YEAR, standing=Standing.ANSWERED_LATE),
     lambda one: state(one, "reported_on", "feedback_on", 60)[0] is State.LATE),
    (DeviationFilter(back=Back.ALL, standing=Standing.OPEN_LONG, order=Order.COUNTERPART),
     lambda one: is_open(one) and (STAND - one["reported_on"]).days > 90),
    (DeviationFilter(back=Back.ALL, standing=Standing.OPEN_60),
     lambda one: is_open(one) and 31 <= (STAND - one["reported_on"]).days <= 60),
    (DeviationFilter(back=Back.YEAR, standing=Standing.WITHOUT_ACTION, order=Order.CATEGORY),
     lambda one: not one["action_decided_on"] or one["action_decided_on"] > STAND),
    (DeviationFilter(back=Back.YEAR, standing=Standing.CLOSED), lambda one: not is_open(one)),
    (DeviationFilter(back=Back.YEAR, key="17"), lambda one: one["deviation_id"] == "17"),
]  # fmt: skip
ORDERS: dict[Order, Any] = {
    Order.OLDEST: lambda one: (), Order.UNIT: lambda one: one["unit_code"], Order.CATEGORY: lambda one: one["category"],
    Order.COUNTERPART: lambda one: one["counterpart_actor"], Order.NEWEST: lambda one: (),
}  # fmt: skip


def test_the_wanted_deviations_are_read_in_order_page_by_page(filled: Filled) -> None:
    engine = filled(fill)
    for wanted, meant in WANTED:
        own = of_board(since=FIRST if wanted.back is Back.YEAR else date.min)
        by_day = sorted(own, key=lambda one: (one["reported_on"], one["deviation_id"]))
        ordered = sorted(by_day[:: -1 if wanted.order is Order.NEWEST else 1], key=ORDERS[wanted.order])
        expected = [one["deviation_id"] for one in ordered if meant(one)]
        found: list[str] = []
        while True:
            with reading(engine) as connection:
                some = cases(
                    connection, chief(), read_organisation(connection), "deviations", BOARD, APRIL, reason=REASON,
                    limit=30, offset=len(found), wanted=wanted,
                )  # fmt: skip
            assert some.total == len(expected), wanted
            found += [one.key[1] for one in some.rows]
            if not some.rows:
                break
        assert found == expected, wanted
        assert expected or wanted.key, wanted


def test_the_page_shows_numbers_to_all_and_ways_to_readers_of_rows(filled: Filled) -> None:
    engine = filled(fill)

    def shown(viewer: Viewer, **query: str) -> str:
        with reading(engine) as connection:
            definitions = cast("Any", SimpleNamespace(catalogue=catalogue()))
            context = Context(viewer, read_organisation(connection), definitions, connection, query)
            return json.dumps(pages.page(context).children, cls=PlotlyJSONEncoder, ensure_ascii=False)

    head, other = shown(chief(), manad="2025-04"), shown(PRESIDIUM, manad="2025-04")
    assert "/underlag?slag=avvikelser&enhet=1287-SN&manad=2025-04&tid=hela&lage=oppna-over-90&fran=" in head
    assert "/atgarder?enhet=1287-A&ny=1&ursprung=avvikelser&nyckeltal=deviation_recurring&serie=" in head
    assert "/underlag" not in other
    assert "/atgarder" not in other
    narrowed = shown(PRESIDIUM, manad="2025-04", kategori="utskrivning", nyckeltal="deviation_open_90d")
    assert "avvikelser om utskrivning är öppna sedan mer än 90 dagar" in narrowed
    assert "/nyckeltal/deviation_open_90d?enhet=1287-SN&manad=2025-04" in narrowed
