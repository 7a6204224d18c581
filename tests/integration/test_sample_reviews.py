"""Plans drawn for review against the law's four contents: from the board's own, by a seed, logged, locked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from control.locking import ChangedMeanwhile
from control.occasions.carry_out import Finding, sign
from control.occasions.law import Law
from control.occasions.reviews import Progress, draw_plans, progress, read_drawn, review_plan
from control.sampling import draw, fingerprint
from kpi.access import AccessDenied, Viewer
from kpi.views.errors import NotFound
from tests.builders.case_world import logged
from tests.builders.figures import catalogue
from tests.builders.plan_world import (
    AUDITOR,
    BOARD,
    CHIEF,
    CONTROLLER,
    DEVELOPER,
    EXTRACT,
    NEIGHBOUR,
    OTHER_BOARD,
    REVIEW,
    TODAY,
    adopted_plan,
    numbers,
)
from tests.builders.warehouse import deliver
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.errors import UserError


def sip(key: str, unit: str, met_on: str | None, **more: Any) -> dict[str, Any]:
    return {
        "sip_id": key, "municipality_code": "1287", "unit_code": unit, "person_id": "p", "birth_date": "2015-04-01",
        "sex": "K", "initiator_actor": "skola", "initiated_on": "2025-01-02", "met_on": met_on,
    } | more  # fmt: skip


OURS = [sip(f"vår-{at}", "1287-A" if at % 2 else "1287-C", f"2025-0{1 + at % 4}-10") for at in range(8)]
LEFT = sip("före flytten", "1287-B", "2025-03-10")  # B lay under us until 15 March
NOT_OURS = [
    sip("efter flytten", "1287-B", "2025-03-20"),
    sip("annan nämnds", "1287-G", "2025-03-10"),
    sip("utan möte", "1287-A", None),
    sip("nekat", "1287-A", "2025-02-10", consent="declined"),
    sip("tidigare", "1287-A", "2024-12-31"),
    sip("senare", "1287-A", "2025-05-01"),
]


@pytest.fixture
def at(engine: Engine) -> int:
    """The occasion of the review for the first tertial of 2025."""
    plan_no = adopted_plan(engine, REVIEW, EXTRACT)
    deliver(engine, "2025-06-30", sips=[*OURS, LEFT, *NOT_OURS])
    return numbers(engine, plan_no)[REVIEW.id, "2025-T1"]


def events(engine: Engine, action: str) -> list[Any]:
    with reading(engine) as connection:
        table = audit_event
        return list(connection.execute(select(table).where(table.c.action == action).order_by(table.c.event_no)))


def test_plans_are_drawn_from_the_boards_own_by_a_seed_and_the_draw_is_logged(engine: Engine, at: int) -> None:
    sample = draw_plans(engine, DEVELOPER, at, 0)
    assert (sample.population, sample.size, sample.drawn) == (9, 5, ())
    keys = [("1287", one["sip_id"]) for one in [*OURS, LEFT]]
    expected = [key for _, key in draw(keys, 5, sample.seed)]
    (drawn,) = events(engine, "plans_drawn")
    assert list(drawn.rows) == expected
    assert (drawn.board_code, drawn.municipality_code, drawn.actor) == (BOARD, "1287", "developer")
    assert fingerprint(reversed(keys), sample.key) == sample.fingerprint, "which list it was can be proved"
    assert fingerprint(keys[1:], sample.key) != sample.fingerprint
    assert drawn.details == {"population": 9, "size": 5, "seed": sample.seed, "hash": sample.fingerprint}
    found = read_drawn(engine, DEVELOPER, at)
    assert [one.sip_id for one in found] == expected
    assert {one.law for one in found} == {Law.SOL_2001}
    assert list(events(engine, "rows_read")[0].rows) == expected
    with pytest.raises(UserError, match="redan lottade"):
        draw_plans(engine, DEVELOPER, at, 1)


def test_nothing_is_drawn_before_the_period_has_ended(engine: Engine, at: int) -> None:
    with pytest.raises(UserError, match="Perioden är inte slut förrän 30\u00a0april\u00a02025"):
        draw_plans(engine, DEVELOPER, at, 0, at=datetime(2025, 4, 30, 12, tzinfo=UTC))
    draw_plans(engine, DEVELOPER, at, 0, at=datetime(2025, 4, 30, 22, 30, tzinfo=UTC))  # the first of May in Sweden


def test_a_review_is_saved_plan_by_plan_and_nobody_overwrites_another(engine: Engine, at: int) -> None:
    draw_plans(engine, DEVELOPER, at, 0)
    plans = read_drawn(engine, DEVELOPER, at)
    whole = review_plan(engine, DEVELOPER, plans[0].number, 0, (True, True, True, True), today=TODAY)
    assert (whole.contents, whole.reviewed_on, whole.reviewed_by) == ((True,) * 4, TODAY, "developer")
    review_plan(engine, CHIEF, plans[1].number, 0, (True, False, True, True), today=TODAY)
    with pytest.raises(ChangedMeanwhile):
        review_plan(engine, DEVELOPER, plans[1].number, 0, (True, True, True, True), today=TODAY)
    with pytest.raises(UserError, match="frågor utan svar"):
        review_plan(engine, DEVELOPER, plans[2].number, 0, (True, True, None, True), today=TODAY)
    with reading(engine) as connection:
        assert progress(connection, AUDITOR, at) == Progress(5, 2, 1)
    assert [list(one.rows) for one in events(engine, "plan_reviewed")] == [[one.sip_id] for one in plans[:2]]
    some = Finding("without_remark", None, 2, 3, TODAY)
    with pytest.raises(UserError, match="varför inte alla lottade planer är granskade"):
        sign(engine, DEVELOPER, catalogue(), at, 1, some, today=TODAY)
    for one in plans[2:]:
        review_plan(engine, DEVELOPER, one.number, 0, (True, True, True, False), today=TODAY)
    sign(engine, DEVELOPER, catalogue(), at, 1, some, today=TODAY)
    with pytest.raises(UserError, match="undertecknat"):
        review_plan(engine, DEVELOPER, plans[0].number, 1, (False, True, True, True), today=TODAY)
    with reading(engine) as connection:
        assert progress(connection, AUDITOR, at) == Progress(5, 5, 1)


def test_others_read_and_review_no_plan(engine: Engine, at: int) -> None:
    draw_plans(engine, DEVELOPER, at, 0)
    number = read_drawn(engine, DEVELOPER, at)[0].number
    before = logged(engine)
    for other in (NEIGHBOUR, AUDITOR, CONTROLLER, Viewer("ingen", ())):
        with pytest.raises(AccessDenied):
            draw_plans(engine, other, at, 1)
        with pytest.raises(AccessDenied):
            read_drawn(engine, other, at)
        with pytest.raises(AccessDenied):
            review_plan(engine, other, number, 0, (True,) * 4, today=TODAY)
    with reading(engine) as connection, pytest.raises(AccessDenied):
        progress(connection, NEIGHBOUR, at)
    with pytest.raises(NotFound):
        review_plan(engine, DEVELOPER, 999, 0, (True,) * 4, today=TODAY)
    assert logged(engine) == before


def test_the_plan_says_what_is_reviewed_and_there_must_be_something(engine: Engine, at: int) -> None:
    with reading(engine) as connection:
        assert progress(connection, AUDITOR, at) == Progress(0, 0, 0)
    assert read_drawn(engine, DEVELOPER, at) == ()
    assert logged(engine) == []
    elsewhere = numbers(engine, adopted_plan(engine, REVIEW, EXTRACT, board=OTHER_BOARD, with_units=False))
    with pytest.raises(UserError, match="Inga planer har upprättats"):
        draw_plans(engine, NEIGHBOUR, elsewhere[REVIEW.id, "2025-T3"], 0)
    with pytest.raises(UserError, match="gäller inte granskning av planer"):
        draw_plans(engine, NEIGHBOUR, elsewhere[EXTRACT.id, "2025-T1"], 0)
    sample = draw_plans(engine, NEIGHBOUR, elsewhere[REVIEW.id, "2025-T1"], 0)
    assert (sample.population, sample.size) == (2, 2), "B's after it moved, and the other board's own"
