"""The board's year on both databases: who may, what is kept, two people at once, and when something counts as late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import ProgrammingError

from control.locking import ChangedMeanwhile
from control.notices.decisions import tell
from control.notices.reading import mark_read, read_notices
from control.papers.content import PaperContent, as_json
from control.papers.service import deliver as deliver_paper
from control.release.rule import set_rule
from control.year.days import BoardDate, DateKind, Day
from control.year.planning import cancel_day, finish_risk_analysis, move_day, plan_days, proposal, read_year
from etl.mail import send_waiting
from kpi.access import AccessDenied, Role
from kpi.period import Period, PeriodType
from kpi.views.errors import NotFound
from tests.builders.database_role import warehouse_with_roles
from tests.builders.paper_document import document
from tests.builders.plan import BOARD, CHIEF, CONTROLLER, FOREIGN, OTHER, SECRETARY, adopted, organised, person
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.database_role import give_privileges
from warehouse.errors import UserError
from warehouse.paper_tables import paper
from warehouse.settings import Settings

TODAY, AT = date(2026, 3, 2), datetime(2026, 5, 20, tzinfo=UTC)
T1 = Day(DateKind.TERTIAL, Period.parse("2026-T1"), date(2026, 6, 12))
RISK = Day(DateKind.RISK_ANALYSIS, Period.parse("2027"), date(2026, 10, 15))


@pytest.fixture
def world(engine: Engine) -> Engine:
    return organised(engine)


def year(engine: Engine, board: str = BOARD) -> dict[DateKind, BoardDate]:
    with reading(engine) as connection:
        return {one.kind: one for one in read_year(connection, person(Role.MEMBER, board), [BOARD, OTHER])}


def planned(engine: Engine) -> BoardDate:
    plan_days(engine, SECRETARY, BOARD, [T1, RISK], today=TODAY)
    return year(engine)[DateKind.TERTIAL]


def test_the_proposal_is_accepted_with_days_of_ones_own_and_is_not_proposed_again(world: Engine) -> None:
    with reading(world) as connection:
        proposed = proposal(connection, SECRETARY, BOARD, TODAY)
    assert T1 in proposed
    moved = [Day(one.kind, one.period, date(2026, 11, 20)) for one in proposed]
    plan_days(world, SECRETARY, BOARD, moved, today=TODAY)
    with reading(world) as connection:
        assert proposal(connection, SECRETARY, BOARD, TODAY) == ()
        (event,) = connection.execute(select(audit_event).where(audit_event.c.action == "year_planned"))
    assert event.board_code == BOARD
    assert {one.planned_on for one in year(world).values()} == {date(2026, 11, 20)}
    assert year(world, OTHER) == {}, "another board's member sees none of it"
    set_rule(world, CONTROLLER, BOARD, PeriodType.MONTH)
    with reading(world) as connection:
        assert {one.kind for one in proposal(connection, SECRETARY, BOARD, TODAY)} == {DateKind.MONTHLY}


def test_what_cannot_be_planned(world: Engine) -> None:
    planned(world)
    for days, match in (
        ([], "minst en dag"),
        ([T1], "finns redan"),
        ([Day(DateKind.YEAR, Period.parse("2025"), date(2026, 3, 1))], "går inte att planera"),
        ([Day(DateKind.YEAR, Period.parse("2025"), date(2029, 3, 1))], "går inte att planera"),
        ([Day(DateKind.MONTHLY, Period.parse("2026-T1"), date(2026, 5, 1))], "gäller en månad"),
    ):
        with pytest.raises(UserError, match=match):
            plan_days(world, SECRETARY, BOARD, days, today=TODAY)
    with pytest.raises(UserError, match="finns redan"):
        plan_days(world, SECRETARY, BOARD, [Day(DateKind.YEAR, Period.parse("2025"), TODAY), T1], today=TODAY)
    assert set(year(world)) == {DateKind.TERTIAL, DateKind.RISK_ANALYSIS}, "all of them or none"


def test_a_day_that_is_moved_in_time_counts_and_one_that_has_passed_does_not(world: Engine) -> None:
    one = planned(world)
    move_day(world, SECRETARY, one.number, one.edits, date(2026, 6, 18), today=T1.on)
    kept = year(world)[DateKind.TERTIAL]
    assert (kept.planned_on, kept.counted_on, kept.edits) == (date(2026, 6, 18), date(2026, 6, 18), 1)
    late = date(2026, 6, 19)
    move_day(world, SECRETARY, one.number, 1, date(2026, 8, 20), today=late)
    move_day(world, SECRETARY, one.number, 2, date(2026, 8, 27), today=late)
    kept = year(world)[DateKind.TERTIAL]
    assert (kept.planned_on, kept.counted_on) == (date(2026, 8, 27), date(2026, 6, 18))
    assert kept.is_late(late)
    for on, match in ((date(2026, 6, 18), "går inte att planera"), (date(2026, 8, 27), "redan på")):
        with pytest.raises(UserError, match=match):
            move_day(world, SECRETARY, one.number, 3, on, today=late)


def test_cancelled_with_a_reason_and_in_force_again_by_a_new_day(world: Engine) -> None:
    one = planned(world)
    with pytest.raises(UserError, match="Skälet saknas"):
        cancel_day(world, SECRETARY, one.number, 0, " ", today=TODAY)
    with pytest.raises(UserError, match="personnummer"):
        cancel_day(world, SECRETARY, one.number, 0, "19810203-1234 är sjuk", today=TODAY)
    cancel_day(world, SECRETARY, one.number, 0, "Nämnden har inget möte", today=TODAY)
    assert year(world)[DateKind.TERTIAL].cancelled_on == TODAY
    with pytest.raises(UserError, match="redan klar eller inställd"):
        cancel_day(world, SECRETARY, one.number, 1, "Igen", today=TODAY)
    move_day(world, SECRETARY, one.number, 1, date(2026, 8, 20), today=date(2026, 5, 1))
    kept = year(world)[DateKind.TERTIAL]
    assert (kept.is_open, kept.counted_on) == (True, date(2026, 8, 20))
    with reading(world) as connection:
        told = connection.execute(select(audit_event.c.action, audit_event.c.reason)).all()
    assert ("year_day_cancelled", "Nämnden har inget möte") in [tuple(one) for one in told]


def test_a_risk_analysis_is_done_by_hand_and_a_paper_by_being_delivered(world: Engine) -> None:
    paper = planned(world)
    risk = year(world)[DateKind.RISK_ANALYSIS]
    with pytest.raises(UserError, match="när handlingen läggs fram"):
        finish_risk_analysis(world, SECRETARY, paper.number, 0, TODAY, today=TODAY)
    with pytest.raises(UserError, match="framåt i tiden"):
        finish_risk_analysis(world, SECRETARY, risk.number, 0, date(2026, 3, 3), today=TODAY)
    finish_risk_analysis(world, SECRETARY, risk.number, 0, TODAY, today=TODAY)
    assert year(world)[DateKind.RISK_ANALYSIS].was_in_time
    with pytest.raises(UserError, match="flyttas inte"):
        move_day(world, SECRETARY, risk.number, 1, date(2026, 11, 1), today=TODAY)


def test_two_people_at_once(world: Engine) -> None:
    one = planned(world)
    move_day(world, SECRETARY, one.number, 0, date(2026, 6, 11), today=TODAY)
    for attempt in (
        lambda: move_day(world, CONTROLLER, one.number, 0, date(2026, 6, 10), today=TODAY),
        lambda: cancel_day(world, CONTROLLER, one.number, 0, "Skäl", today=TODAY),
    ):
        with pytest.raises(ChangedMeanwhile, match="Det du har skrivit står kvar"):
            attempt()
    assert year(world)[DateKind.TERTIAL].planned_on == date(2026, 6, 11)


def test_who_may(world: Engine) -> None:
    one = planned(world)
    for role in Role:
        if role in (Role.SECRETARY, Role.CONTROLLER, Role.OPERATOR):
            continue
        for attempt in (
            lambda viewer: plan_days(world, viewer, BOARD, [T1], today=TODAY),
            lambda viewer: move_day(world, viewer, one.number, 0, date(2026, 6, 11), today=TODAY),
            lambda viewer: cancel_day(world, viewer, one.number, 0, "Skäl", today=TODAY),
            lambda viewer: finish_risk_analysis(world, viewer, one.number, 0, TODAY, today=TODAY),
        ):
            with pytest.raises(AccessDenied):
                attempt(person(role))
    for board in (OTHER, FOREIGN):
        with pytest.raises(AccessDenied):
            move_day(world, person(Role.CONTROLLER, board), one.number, 0, date(2026, 6, 11), today=TODAY)
    with pytest.raises(NotFound):
        move_day(world, SECRETARY, 999, 0, date(2026, 6, 11), today=TODAY)


@pytest.mark.parametrize("kind", ["tertial", "audit_answer"])
def test_a_delivered_paper_makes_its_day_done(world: Engine, kind: str) -> None:
    """An answer to the audit is planned before anybody knows which period its figures are of."""
    period = Period.parse("2026-T1" if kind == "tertial" else "2026")
    plan_days(world, SECRETARY, BOARD, [Day(DateKind(kind), period, T1.on)], today=TODAY)
    with writing(world) as connection:
        connection.execute(
            insert(paper).values(
                paper_no=7, municipality_code="1287", board_code=BOARD, kind=kind, period=202621, version=1,
                status="draft", registration_number="SN 1", content=as_json(PaperContent(document())),
                content_hash="0" * 64, is_synthetic=0, edits=0, made_at=AT, made_by="s",
            )
        )  # fmt: skip
    deliver_paper(world, SECRETARY, 7, 0, today=date(2026, 6, 10))
    one = year(world)[DateKind(kind)]
    assert (one.done_on, one.paper_no, one.was_in_time) == (date(2026, 6, 10), 7, True)


@pytest.mark.postgres
def test_the_pages_database_role_plans_the_year_and_tells(postgres_url: str) -> None:
    with warehouse_with_roles(postgres_url) as roles:
        organised(roles.owner)
        adopted(roles.owner)
        give_privileges(roles.owner, roles.role)
        one = planned(roles.pages)
        move_day(roles.pages, SECRETARY, one.number, 0, date(2026, 6, 11), today=TODAY)
        cancel_day(roles.pages, SECRETARY, one.number, 1, "Inget möte", today=TODAY)
        number = tell(roles.pages, SECRETARY, "plan 1 1", today=date(2025, 11, 20))
        mark_read(roles.pages, CHIEF, number)
        with reading(roles.pages) as connection:
            (told,) = read_notices(connection, CHIEF, [BOARD])
        assert told.is_read
        with pytest.raises(ProgrammingError, match="permission denied"):
            send_waiting(roles.pages, Settings())
