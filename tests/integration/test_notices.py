"""What the board decided and what is due, told once to those who work with its internal control, on both databases."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select

from control.actions.form import ActionForm
from control.actions.store import history, read_action
from control.actions.work import change_action, start_action
from control.definitions import record_if_changed
from control.notices.decisions import tell, untold
from control.notices.reading import mark_read, read_notices
from control.notices.reminders import remind
from control.plan.store import adopted_of, revisions_of
from control.year.days import DateKind, Day
from control.year.planning import plan_days
from etl.jobs import jobs_of, remind_of_what_is_due
from kpi.access import OPERATOR, AccessDenied, Role, Viewer
from kpi.format import day
from kpi.period import Period
from kpi.views.errors import NotFound
from tests.builders.figures import catalogue
from tests.builders.plan import BOARD, CHIEF, DEVELOPER, OTHER, SECRETARY, adopted, organised, person
from warehouse import clock
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.paper_tables import notice, paper
from warehouse.plan_tables import control_occasion
from warehouse.settings import ROOT, Settings

TODAY, AT = date(2025, 11, 20), datetime(2025, 11, 20, 9, tzinfo=UTC)
FORM = ActionForm(
    what="Barnsamordnare i varje möte", root_cause="Ingen har ansvaret", responsible="Enhetschefen",
    starts_on="2025-11-01", due_on="2025-12-01", origin="decision", origin_reference="SN 2025/112",
)  # fmt: skip


@pytest.fixture
def world(engine: Engine) -> Engine:
    return organised(engine)


def act(engine: Engine, viewer: Viewer = CHIEF, board: str = BOARD, form: ActionForm = FORM) -> int:
    return start_action(engine, viewer, catalogue(), board, form, today=TODAY, at=AT)


def deliver(engine: Engine, number: int, **more: Any) -> None:
    told = {
        "paper_no": number, "municipality_code": "1287", "board_code": BOARD, "kind": "tertial", "period": 202522,
        "version": number, "status": "delivered", "registration_number": "SN 2025/77", "content": {},
        "content_hash": "0" * 64, "is_synthetic": 0, "edits": 0, "made_at": AT, "made_by": "s",
        "delivered_on": date(2025, 11, 10), "delivered_by": "s",
    } | more  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(paper).values(told))


def offered(engine: Engine, viewer: Viewer = SECRETARY, today: date = TODAY) -> dict[str, tuple[str, str]]:
    with reading(engine) as connection:
        found = untold(connection, viewer, [BOARD, OTHER], today=today)
    return {one.key: (one.title.replace("\u00a0", " "), one.text.replace("\u00a0", " ")) for one in found}


def shown(engine: Engine, viewer: Viewer = CHIEF) -> list[tuple[str, bool]]:
    with reading(engine) as connection:
        found = read_notices(connection, viewer, [BOARD, OTHER])
    return [(one.title.replace("\u00a0", " "), one.is_read) for one in found]


def test_what_the_board_decided_is_offered_and_told_once(world: Engine) -> None:
    adopted(world)
    deliver(world, 1)
    deliver(world, 2, status="draft", delivered_on=None, delivered_by=None)
    number = act(world)
    act(world, form=ActionForm(**(FORM.__dict__ | {"origin": "control"})))
    act(world, person(Role.CHIEF, OTHER), OTHER)
    assert offered(world) == {
        "plan 1 1": (
            "Nämnden har antagit intern kontrollplan 2026",
            "Beslutat 12 november 2025, § 98, diarienummer SN 2025/123.",
        ),
        "paper 1": (
            "Tertialuppföljning för andra tertialet 2025 är framlagd för nämnden",
            "Framlagd 10 november 2025, diarienummer SN 2025/77.",
        ),
        f"action {number}": (
            "Nämnden har beslutat om en åtgärd, som ska vara klar 1 december 2025",
            "Barnsamordnare i varje möte. Ansvarig: Enhetschefen. Beslut: SN 2025/112.",
        ),
    }
    tell(world, SECRETARY, "plan 1 1", today=TODAY)
    assert set(offered(world)) == {"paper 1", f"action {number}"}
    with pytest.raises(UserError, match="redan meddelats"):
        tell(world, SECRETARY, "plan 1 1", today=TODAY)
    assert shown(world) == [("Nämnden har antagit intern kontrollplan 2026", False)]
    with reading(world) as connection:
        (event,) = connection.execute(select(audit_event).where(audit_event.c.action == "decision_told"))
        (kept,) = connection.execute(select(notice))
    assert (event.board_code, event.details["key"]) == (BOARD, "plan 1 1")
    assert (kept.kind, kept.mail_state, kept.made_by) == ("decision", "waiting", "secretary")
    assert kept.address == "/intern-kontroll?enhet=1287-SN&ar=2026", "the year that the decision is about"
    assert offered(world, today=date(2026, 3, 1)) == {}, "what is older than 90 days is history"


def test_a_decision_about_targets_is_offered_once_however_many_they_are(sqlite_engine: Engine) -> None:
    world, shipped = organised(sqlite_engine), (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")
    decided = (
        "at_least: {level}\n        near: 0.05\n        board: 1287-SN\n        decision:\n          date: {day}\n"
        "          paragraph: § 45\n          dnr: SN 2025/12\n"
    )
    for level, on in (("0.8", TODAY), ("0.95", TODAY), ("0.9", date(2025, 3, 1))):
        old = f"at_least: {level}\n        near: 0.05\n"
        assert old in shipped
        shipped = shipped.replace(old, decided.format(level=level, day=on), 1)
    record_if_changed(world, shipped.encode())
    ((key, told),) = offered(world).items()
    names = [catalogue().definitions[one].name for one in ("sip_met_30d", "sip_call_complete")]
    assert told == (
        "Nämnden har beslutat om mål för två nyckeltal",
        (
            f"Beslutat {day(TODAY)}, § 45, diarienummer SN 2025/12. {names[0]}: minst 80 %; {names[1]}: minst 95 %."
        ).replace("\u00a0", " "),
    )
    tell(world, SECRETARY, key, today=TODAY)
    assert offered(world) == {}
    with reading(world) as connection:
        assert connection.scalar(select(notice.c.address)) == "/nyckeltal/sip_met_30d?enhet=1287-SN"


def test_two_who_tell_the_same_tell_it_once(world: Engine) -> None:
    adopted(world)
    together, refused = Barrier(2), []

    def attempt() -> None:
        together.wait()
        try:
            tell(world, SECRETARY, "plan 1 1", today=TODAY)
        except UserError as error:
            refused.append(str(error))

    threads = [Thread(target=attempt) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 1
    assert len(shown(world)) == 1


def test_who_tells_who_reads_and_who_has_read(world: Engine) -> None:
    adopted(world)
    for role in Role:
        if role not in (Role.SECRETARY, Role.CONTROLLER, Role.OPERATOR):
            assert offered(world, person(role)) == {}
            with pytest.raises(AccessDenied):
                tell(world, person(role), "plan 1 1", today=TODAY)
    other = person(Role.SECRETARY, OTHER)
    for key in ("plan 1 1", "plan 9 9", "x"):
        with pytest.raises(AccessDenied):
            tell(world, other, key, today=TODAY)
    number = tell(world, SECRETARY, "plan 1 1", today=TODAY)
    for role in (Role.PRESIDIUM, Role.CHIEF, Role.UNIT_MANAGER, Role.DEVELOPER, Role.CONTROLLER, Role.AUDITOR):
        assert len(shown(world, person(role))) == 1
    for viewer in (person(Role.MEMBER), SECRETARY, person(Role.DPO), person(Role.CHIEF, OTHER)):
        assert shown(world, viewer) == []
        with pytest.raises(AccessDenied):
            mark_read(world, viewer, number)
    for _ in range(2):
        mark_read(world, CHIEF, number)
    assert [read for _, read in shown(world)] == [True]
    assert [read for _, read in shown(world, DEVELOPER)] == [False], "each reader marks for oneself"
    with pytest.raises(NotFound):
        mark_read(world, CHIEF, 999)


def occasion(engine: Engine, plan_no: int, due_on: date, period: int = 202601, **more: Any) -> None:
    with reading(engine) as connection:
        found = adopted_of(revisions_of(connection, plan_no))
    assert found is not None
    told = {
        "plan_no": plan_no, "municipality_code": "1287", "board_code": BOARD, "period": period,
        "control_id": next(one.id for risk in found.content.risks for one in risk.controls), "due_on": due_on,
        "status": "due", "edits": 0, "earlier": [],
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(control_occasion).values(told | more))


def test_each_thing_is_reminded_of_once_at_each_stage(world: Engine) -> None:
    plan_no = adopted(world)
    with writing(world) as connection:  # other controls of the plan come due too
        connection.execute(delete(control_occasion))
    occasion(world, plan_no, date(2026, 1, 31))
    occasion(world, plan_no, date(2026, 1, 31), 202602, status="done", signed_at=AT, signed_by="c")
    number = act(world, form=ActionForm(**(FORM.__dict__ | {"due_on": "2026-01-25"})))
    day = Day(DateKind.YEAR, Period.parse("2025"), date(2026, 2, 10))
    plan_days(world, SECRETARY, BOARD, [day], today=TODAY)
    assert remind(world, OPERATOR, today=date(2026, 1, 10)) == 0
    assert remind(world, OPERATOR, today=date(2026, 1, 20)) == 2
    assert remind(world, OPERATOR, today=date(2026, 1, 20)) == 0, "a second run the same night"
    assert remind(world, OPERATOR, today=date(2026, 2, 1)) == 3
    assert remind(world, OPERATOR, today=date(2026, 2, 2)) == 0
    assert remind(world, OPERATOR, today=date(2026, 2, 11)) == 1
    assert [title for title, _ in reversed(shown(world))] == [
        "Ett kontrollmoment ska vara genomfört 31 januari 2026",
        "En åtgärd ska vara klar 25 januari 2026",
        "Ett kontrollmoment skulle ha varit genomfört 31 januari 2026",
        "Årsuppföljning för 2025 ska vara klar 10 februari 2026",
        "En åtgärd skulle ha varit klar 25 januari 2026",
        "Årsuppföljning för 2025 skulle ha varit klar 10 februari 2026",
    ]
    with reading(world) as connection:
        texts = [one.text for one in read_notices(connection, CHIEF, [BOARD]) if "Ansvarig" in one.text]
        assert len(texts) == 4
        assert all(re.search(r"[^.]\. Ansvarig: ", one) for one in texts), texts
        told = [one.kind for one in history(connection, CHIEF, read_action(connection, CHIEF, number))]
    assert told.count("reminder") == 2, "the action's own history tells of it"
    moved = ActionForm(**(FORM.__dict__ | {"due_on": "2026-02-20", "starts_on": "2025-11-01"}))
    change_action(world, CHIEF, catalogue(), number, 0, moved, reason="Rekrytering")
    assert remind(world, OPERATOR, today=date(2026, 2, 11)) == 1, "a new day is a new thing to be reminded of"


def test_only_the_scheduler_reminds(world: Engine) -> None:
    with pytest.raises(AccessDenied):
        remind(world, SECRETARY, today=TODAY)


def test_nothing_that_may_be_a_persons_stands_in_a_notice(world: Engine) -> None:
    """As when a text was kept before what it may hold was tried."""
    number = act(world, form=ActionForm(**(FORM.__dict__ | {"due_on": "2025-11-25"})))
    with writing(world) as connection:
        connection.exec_driver_sql(f"update action set what = 'Ring 19810203-1234' where action_no = {number}")
    remind(world, OPERATOR, today=TODAY)
    tell(world, SECRETARY, f"action {number}", today=TODAY)
    with reading(world) as connection:
        rows = connection.execute(select(notice)).all()
    assert len(rows) == 2
    assert "19810203" not in repr([(row.title, row.text) for row in rows])


def test_the_nightly_job_runs_once_a_night(world: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    act(world)
    night = datetime(2025, 11, 20, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    jobs = {job.name: job for job in jobs_of(world, settings)}
    assert jobs["reminders"].due_slot(night) == "2025-11-20"
    assert jobs["mail"].due_slot(night) is None
    assert jobs["reminders"].work(None) == "1 påminnelse är gjord."
    assert remind_of_what_is_due(world) is None
    assert jobs["mail"].due_slot(night) == "2025-11-20T03:00:00Z"
    assert jobs["mail"].work(None) is None, "no mail is set"
    assert jobs["mail"].due_slot(night) is None
    with reading(world) as connection:
        assert connection.scalars(select(notice.c.mail_state)).all() == ["none"]


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(data_dir=tmp_path)
