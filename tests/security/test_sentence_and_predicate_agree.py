"""The rule of units is told twice, in Python and in SQL: on random organisations both say the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, literal, select, union_all

from kpi.access import OPERATOR, Grant, Role, Viewer, can_read_figure, can_read_rows
from kpi.access.figures import READS_INSIDE, covers
from kpi.access.rows import ROW_READERS
from kpi.views.organisation import read_organisation
from kpi.views.reached import reached
from kpi.views.unit_reach import unit_in_reach
from tests.builders.warehouse import deliver
from warehouse.tables import VERSIONED, delivery, source

START = date(2025, 1, 1)
ORGANISATIONS = 25
BOARDS = ("A-SN", "A-BN", "B-SN")
UNITS = ("F1", "F2", "u1", "u2", "u3", "u4")
ACTORS = (None, None, "socialtjanst", "skola", "elevhalsa")
ROLES = tuple(Role)
Asked = tuple[str, date, date]


def organisation_rows(dice: random.Random) -> list[dict[str, Any]]:
    """Boards and units with one to three spans each, under a parent drawn for each span: gaps, overlaps, loops, units
    that lie nowhere and boards that change municipality or end are all there."""
    rows = [_row("A", "municipality", None, "1287"), _row("B", "municipality", None, "1263")]
    for code in BOARDS:
        home = "1287" if code.startswith("A") else "1263"
        rows += _spans(
            dice, code, lambda home=home: {"level": "board", "parent_code": home[0], "municipality_code": home}
        )
    for code in UNITS:
        level = "administration" if code.startswith("F") else "unit"
        rows += _spans(
            dice,
            code,
            lambda level=level: {
                "level": level,
                "parent_code": dice.choice([None, "A", *BOARDS, *BOARDS, *BOARDS, *UNITS]),
                "municipality_code": dice.choice(["1287", "1263", None]),
                "actor": dice.choice(ACTORS),
            },
        )
    return rows


def _row(code: str, level: str, parent: str | None, municipality: str | None) -> dict[str, Any]:
    return {"unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": municipality}


def _spans(dice: random.Random, code: str, drawn: Any) -> Iterator[dict[str, Any]]:
    day = None if dice.random() < 0.6 else START + timedelta(dice.randrange(90))
    for _ in range(dice.choice([1, 1, 2, 3])):
        begin = day
        end = None if dice.random() < 0.4 else (begin or START) + timedelta(dice.randrange(90))
        yield {"unit_code": code, "name": code, "valid_from": begin or date(1, 1, 1), "valid_to": end} | drawn()
        day = (end or begin or START) + timedelta(dice.randrange(1, 40))


def viewer(dice: random.Random) -> Viewer:
    def some(of: Sequence[Any], most: int) -> frozenset[Any]:
        return frozenset(dice.sample(of, dice.randrange(most + 1)))

    grants = tuple(
        Grant(
            dice.choice(ROLES) if dice.random() < 0.4 else dice.choice([Role.CHIEF, Role.UNIT_MANAGER]),
            dice.choice(["1287", "1287", "1263"]),
            some(BOARDS, 2),
            some(UNITS, 2) if dice.random() < 0.5 else frozenset(),
            some(("socialtjanst", "skola", "elevhalsa"), 2) if dice.random() < 0.3 else frozenset(),
        )
        for _ in range(dice.choice([1, 1, 2, 3]))
    )
    return Viewer("prov", tuple(grant for grant in grants if grant.role is not Role.OPERATOR))


def asked(dice: random.Random) -> list[Asked]:
    found = []
    for code in ("A", "B", *BOARDS, *UNITS, "okänd"):
        for length in (0, 30, 120):
            first = START + timedelta(dice.randrange(-20, 150))
            found.append((code, first, first + timedelta(length)))
    return found


def by_predicate(connection: Connection, who: Viewer, roles: frozenset[Role], questions: list[Asked]) -> list[bool]:
    each = [
        select(
            *(literal(part).label(name) for part, name in zip((no, *one), ("no", "unit", "first", "last"), strict=True))
        )
        for no, one in enumerate(questions)
    ]
    table = union_all(*each).subquery("asked")
    reached = unit_in_reach(who, roles, table.c.unit, table.c.first, table.c.last)
    found = set(connection.scalars(select(table.c.no).where(reached)))
    return [no in found for no in range(len(questions))]


def fill(connection: Connection, rows: list[dict[str, Any]]) -> None:
    known = {"source_id": connection.scalar(select(source.c.source_id)), "content_hash": 0, "raw_line": 1}
    known |= {"recorded_by": connection.scalar(select(delivery.c.delivery_id)), "recorded_on": START}
    table = VERSIONED["org_units"]
    seen = set()
    whole = {"valid_from": date(1, 1, 1), "valid_to": None, "area": None, "actor": None, "principal": None}
    for row in rows:
        key = row["unit_code"], row.get("valid_from", date(1, 1, 1))
        if key not in seen:
            seen.add(key)
            connection.execute(insert(table).values(**(known | whole | row)))


@pytest.fixture
def warehouse(engine: Engine) -> Engine:
    deliver(engine, "2025-06-30", org_units=[_row("X", "region", None, None)])
    return engine


def test_sentence_and_predicate_agree_on_random_organisations(warehouse: Engine) -> None:
    yes = no = 0
    for seed in range(ORGANISATIONS):
        dice = random.Random(seed)
        with warehouse.connect() as connection, connection.begin() as transaction:
            fill(connection, organisation_rows(dice))
            organisation = read_organisation(connection)
            for _ in range(4):
                who, questions = viewer(dice), asked(dice)
                below = [one for one in questions if organisation.paths(*one)]
                told = [can_read_figure(who, organisation, *one, areas=()) for one in below]
                assert by_predicate(connection, who, READS_INSIDE, below) == told, (seed, who)
                reason = "Granskning av ärenden"
                rows = [can_read_rows(who, organisation, *one, reason=reason) for one in questions]
                assert by_predicate(connection, who, ROW_READERS, questions) == rows, (seed, who)
                yes, no = yes + sum(told) + sum(rows), no + told.count(False) + rows.count(False)
            transaction.rollback()
    assert yes > 120, "the draw tries too little of what is allowed"
    assert no > 800


def test_what_is_reached_below_a_unit_is_what_the_sentence_allows_day_by_day(warehouse: Engine) -> None:
    """Also what a looser rule said, any way to a board being enough, wherever there is one way only."""
    yes = no = apart = 0
    for seed in range(12):
        dice = random.Random(seed)
        with warehouse.connect() as connection, connection.begin() as transaction:
            fill(connection, organisation_rows(dice))
            organisation = read_organisation(connection)
            first = START + timedelta(dice.randrange(60))
            days = [first + timedelta(at) for at in range(0, 80, 9)]
            for _ in range(3):
                above = dice.choice(BOARDS)
                own = Grant(Role.PRESIDIUM, "1287" if above.startswith("A") else "1263", frozenset({above}))
                some = [viewer(dice).grants, (own,), (replace(own, branches=frozenset({"skola"})),)]
                who = Viewer("prov", dice.choice([*some, some[0] + some[1]]))
                found = reached(connection, who, READS_INSIDE, organisation, above, days[0], days[-1])
                every = reached(connection, OPERATOR, READS_INSIDE, organisation, above, days[0], days[-1])
                for code, day in ((code, day) for code in (*BOARDS, *UNITS) for day in days):
                    paths = organisation.paths(code, day, day)
                    lay = any(above in one.through for one in paths)
                    allowed = lay and can_read_figure(who, organisation, code, day, day, areas=())
                    assert found.has(code, day) == allowed, (seed, who, above, code, day)
                    assert every.has(code, day) == lay
                    loose = any(above in way.through and covers(one, way) for way in paths for one in who.grants)
                    assert loose == allowed or len(paths) > 1
                    yes, no, apart = yes + allowed, no + (lay and not allowed), apart + (loose != allowed)
            assert not reached(connection, OPERATOR, ROW_READERS, organisation, BOARDS[0], START, START).codes
            transaction.rollback()
    assert yes > 100, "the draw tries too little of what is allowed"
    assert no > 100
    assert apart > 0, "some unit lies under two boards at once"
