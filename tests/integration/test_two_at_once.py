"""Two people in the same moment, on a real PostgreSQL: nothing is made or signed twice, and nobody meets a fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select

from control.locking import ChangedMeanwhile, change
from control.occasions.carry_out import Finding, sign
from control.occasions.due import renew
from control.occasions.reviews import draw_plans, read_drawn, review_plan
from control.plan.decided import BoardDecision
from control.plan.life import close_plan, follow_up
from control.release.closing import close_period
from control.release.store import closings
from control.series import close_series
from etl.deliveries import add_record
from etl.mapping import canonical_mapping
from kpi.access import OPERATOR, Viewer
from kpi.moment import Cut, current_cut
from kpi.period import Period
from kpi.recurring import Sort
from tests.builders.closed_world import choose, deviation_rows, fill
from tests.builders.figures import catalogue
from tests.builders.plan_world import (
    BOARD,
    CHIEF,
    CONTROLLER,
    DEVELOPER,
    EXTRACT,
    MONTHLY,
    REVIEW,
    TODAY,
    adopt,
    adopted_plan,
    numbers,
    plan,
)
from tests.builders.warehouse import deliver
from tests.integration.test_sample_reviews import sip
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.plan_tables import control_occasion, control_plan_decision

CATALOGUE = choose("deviations_reported")


def at_once(*each: Callable[[], object]) -> list[UserError | None]:
    """What each came to when all were done in the same moment."""
    gate, told = Barrier(len(each)), list[UserError | None]()

    def run(do: Callable[[], object]) -> None:
        gate.wait()
        try:
            do()
        except UserError as error:
            told.append(error)
        else:
            told.append(None)

    threads = [Thread(target=run, args=(one,)) for one in each]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(told) == len(each), "another fault than one that is told to the user"
    return told


def of_two(do: Callable[[Viewer], object]) -> UserError:
    """What the slower of the two was told: the other succeeded."""
    (told,) = (one for one in at_once(lambda: do(CHIEF), lambda: do(CONTROLLER)) if one is not None)
    return told


@pytest.mark.postgres
def test_two_in_the_same_moment(postgres_engine: Engine) -> None:
    engine = postgres_engine
    plan_no = adopted_plan(engine, EXTRACT, MONTHLY)
    fill(engine, CATALOGUE, [], deviations=deviation_rows({"1287-A": [0] * 9 + [1, 1, 1]}))

    with writing(engine) as connection:
        adopt(connection, plan_no, plan(EXTRACT, MONTHLY), date(2025, 1, 9))
        connection.execute(control_occasion.delete())

    def renewed() -> None:
        with writing(engine) as connection:
            renew(connection, plan_no, TODAY)

    assert at_once(renewed, renewed) == [None, None]
    made = numbers(engine, plan_no)
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(control_occasion)) == len(made) == 15

    found = Finding("minor", "Två av tolv anteckningar saknades.", 3, 3, TODAY)
    number = made[MONTHLY.id, "2025-02"]
    assert isinstance(
        of_two(lambda viewer: sign(engine, viewer, catalogue(), number, 0, found, today=TODAY)), UserError
    )
    with reading(engine) as connection:
        signed = select(func.count()).where(audit_event.c.action == "control_signed")
        assert connection.scalar(signed) == 1

    end, after = BoardDecision(date(2026, 2, 10), "§ 12", "SN 2025/1"), date(2026, 2, 12)
    for ended in (follow_up, close_plan):
        once = partial(ended, engine, CONTROLLER, plan_no, end, today=after)
        at_once(once, once)
    with reading(engine) as connection:
        kinds = connection.scalars(select(control_plan_decision.c.kind).order_by(control_plan_decision.c.decision_no))
        assert list(kinds) == ["adopted", "adopted", "followed_up", "closed"]

    sort, until = Sort("1287-A", "oklart_ansvar", "bup"), Period.parse("2025-12")
    told = of_two(
        lambda viewer: close_series(engine, viewer, BOARD, sort, seen=until, follows=None, reason="Vi enades.")
    )
    assert isinstance(told, ChangedMeanwhile)

    last = Period.parse("2025-T3")
    at_once(*(lambda: close_period(engine, CATALOGUE, OPERATOR, BOARD, last, without_action="Prövas") for _ in "ab"))
    with reading(engine) as connection:
        assert [one.header.period for one in closings(connection)] == [last]


@pytest.mark.postgres
def test_a_review_that_is_being_saved_is_waited_for_by_the_signature(
    postgres_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = postgres_engine
    number = numbers(engine, adopted_plan(engine, REVIEW))[REVIEW.id, "2025-T1"]
    deliver(engine, "2025-06-30", sips=[sip("vår", "1287-A", "2025-02-10")])
    draw_plans(engine, DEVELOPER, number, 0)
    (drawn,) = read_drawn(engine, DEVELOPER, number)
    found = Finding("minor", "Ansvaret framgår inte.", 3, 3, TODAY)
    signing = Thread(target=lambda: sign(engine, CHIEF, catalogue(), number, 1, found, today=TODAY))

    def change_slowly(*what: Any) -> None:
        signing.start()
        signing.join(0.5)
        change(*what)

    monkeypatch.setattr("control.occasions.reviews.change", change_slowly)
    review_plan(engine, DEVELOPER, drawn.number, 0, (True, True, True, False), today=TODAY)
    signing.join()
    with reading(engine) as connection:
        told = list(connection.scalars(select(audit_event.c.action).order_by(audit_event.c.event_no)))
    assert told[-2:] == ["plan_reviewed", "control_signed"]


@pytest.mark.postgres
def test_deliveries_are_committed_in_the_order_of_their_numbers(postgres_engine: Engine) -> None:
    """A large file is being kept while a small one is read: who saw the small one would never look for it again."""
    numbered = list[int]()

    def keep(connection: Connection) -> None:
        mapping, about = canonical_mapping("deviations"), {"file_name": "f.csv", "sha": "0" * 64}
        numbered.append(add_record(connection, mapping, **about, size=1, as_of=TODAY, status="received"))

    def keep_another() -> None:
        with writing(postgres_engine) as connection:
            keep(connection)

    another = Thread(target=keep_another)
    with writing(postgres_engine) as connection:
        keep(connection)
        another.start()
        another.join(0.5)
        assert len(numbered) == 1, "it waits"
        with reading(postgres_engine) as before:
            assert current_cut(before) == Cut(0, frozenset())
    another.join()
    assert numbered == [1, 2]
    with reading(postgres_engine) as after:
        assert current_cut(after) == Cut(2, frozenset({1, 2}))
