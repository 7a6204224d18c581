"""Assessments: who signs and confirms, what is asked for, two people at once, and a history that nobody changes."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DatabaseError

from control.assessments.disagreement import disagreed, disagreement
from control.assessments.evidence import Reference, kept_reference, references
from control.assessments.reading import board_views, confirmed, periods_assessed, view_of
from control.assessments.scales import Subject
from control.assessments.service import Draft, confirm, sign
from control.locking import ChangedMeanwhile
from kpi.access import AccessDenied, Grant, Role, Side, Viewer
from kpi.period import Period
from kpi.views.errors import NotFound
from tests.builders.closed_world import BOARD, SECOND, unit_row
from tests.builders.warehouse import deliver
from warehouse.assessment_tables import assessment
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError

TODAY, T1 = date(2025, 5, 20), Period.parse("2025-T1")
WHY = "Samverkansavtalet följdes i alla granskade ärenden."
OTHER = [unit_row("1263", "municipality", None), unit_row("1263-SN", "board", "1263", "social")]


def who(user: str, role: Role, board: str = "1287-SN", *units: str) -> Viewer:
    return Viewer(user, (Grant(role, board[:4], frozenset({board}), frozenset(units)),))


CHAIR, VICE = who("ordförande", Role.PRESIDIUM), who("vice ordförande", Role.PRESIDIUM)
CHIEF, DEVELOPER = who("chef", Role.CHIEF), who("utvecklare", Role.DEVELOPER)
CONTROLLER, AUDITOR = who("controller", Role.CONTROLLER), who("revisor", Role.AUDITOR)
MANAGER = who("enhetschef", Role.UNIT_MANAGER, "1287-SN", "1287-A")


def draft(side: Side = Side.PRESIDIUM, subject: Subject = Subject.QUESTION_2, grade: int = 3, **more: Any) -> Draft:
    unit = "1287-A" if side is Side.UNIT else None
    return replace(Draft("1287-SN", side, unit, T1, subject, grade, WHY, None, True, None), **more)


@pytest.fixture
def world(engine: Engine) -> Engine:
    deliver(engine, "2025-04-30", org_units=[*BOARD, *SECOND, *OTHER])
    return engine


def test_a_second_person_makes_it_count_and_a_new_one_follows(world: Engine) -> None:
    first = sign(world, CHAIR, draft(), today=TODAY, at=datetime(2025, 5, 2, 10, tzinfo=UTC))
    with reading(world) as connection:
        view = view_of(board_views(connection, AUDITOR, "1287-SN", T1), Subject.QUESTION_2, Side.PRESIDIUM)
        assert view.current is None
        assert view.waiting is not None
        assert view.waiting.number == first
        assert confirmed(connection) == ()
    assert confirm(world, VICE, first).confirmed_by == "vice ordförande"
    with pytest.raises(ChangedMeanwhile):
        confirm(world, VICE, first)

    second = sign(world, VICE, draft(grade=1, follows=first), today=TODAY)
    with reading(world) as connection:
        view = view_of(board_views(connection, CHAIR, "1287-SN", T1), Subject.QUESTION_2, Side.PRESIDIUM)
        assert (view.current and view.current.number, view.waiting and view.waiting.number) == (first, second)
        assert [one.number for one in confirmed(connection)] == [first], "what waits counts nowhere"
    confirm(world, CHAIR, second)
    later = sign(world, CHAIR, draft(period=Period.parse("2025-T2")), today=TODAY)
    with reading(world) as connection:
        assert [(one.number, one.grade) for one in confirmed(connection)] == [(second, 1)]
        view = view_of(board_views(connection, CHAIR, "1287-SN", T1), Subject.QUESTION_2, Side.PRESIDIUM)
        assert view.current is not None
        assert view.current.signed_by == "vice ordförande"
        assert [(one.number, one.motivation, one.grade) for one in view.earlier] == [(first, WHY, 3)]
        after = view_of(
            board_views(connection, CHAIR, "1287-SN", Period.parse("2025-T2")), Subject.QUESTION_2, Side.PRESIDIUM
        )
        assert (after.current, after.waiting and after.waiting.number) == (None, later)
        assert [one.number for one in after.earlier] == [second, first]
        assert [str(one) for one in periods_assessed(connection, CHAIR, "1287-SN")] == ["2025-T2", "2025-T1"]
        rows = connection.execute(select(assessment).order_by(assessment.c.assessment_no)).all()
        assert [(row.grade, row.follows, row.confirmed_by) for row in rows] == [
            (3, None, "vice ordförande"), (1, first, "ordförande"), (3, None, None),
        ]  # fmt: skip
        assert {(row.signed_role, row.confirmed_role) for row in rows} == {
            (Role.PRESIDIUM, Role.PRESIDIUM), (Role.PRESIDIUM, None),
        }  # fmt: skip
    with pytest.raises(DatabaseError, match="assessment is never changed"), writing(world) as connection:
        connection.execute(update(assessment).values(signed_role=Role.CHIEF))


def test_who_signed_does_not_confirm_and_what_is_followed_is_not_confirmed(world: Engine) -> None:
    first = sign(world, CHAIR, draft(), today=TODAY)
    with pytest.raises(AccessDenied, match="själv undertecknat"):
        confirm(world, CHAIR, first)
    second = sign(world, CHAIR, draft(grade=2, follows=first), today=TODAY)
    with pytest.raises(ChangedMeanwhile):
        confirm(world, VICE, first)
    with pytest.raises(NotFound):
        confirm(world, VICE, second + 1)
    assert confirm(world, VICE, second).grade == 2


@pytest.mark.parametrize("side", list(Side))
def test_each_side_is_signed_and_confirmed_by_its_own(sqlite_engine: Engine, side: Side) -> None:
    deliver(sqlite_engine, "2025-04-30", org_units=[*BOARD, *SECOND, *OTHER])
    signs = {Side.PRESIDIUM: {CHAIR, VICE}, Side.ADMINISTRATION: {CHIEF, DEVELOPER}, Side.UNIT: {MANAGER}}[side]
    confirms = {
        Side.PRESIDIUM: {CHAIR, VICE},
        Side.ADMINISTRATION: {CHIEF, DEVELOPER, CONTROLLER},
        Side.UNIT: {MANAGER, CHIEF},
    }[side]
    outsiders = [who("annan", role, board, *units) for role in Role if role is not Role.OPERATOR
                 for board, *units in (("1287-UN", "1287-D"), ("1263-SN", "1263-A"))]  # fmt: skip
    outsiders.append(who("annan enhet", Role.UNIT_MANAGER, "1287-SN", "1287-B"))
    own = [CHAIR, VICE, CHIEF, DEVELOPER, CONTROLLER, AUDITOR, MANAGER]
    for viewer in (*own, *outsiders):
        if viewer not in signs:
            with pytest.raises(AccessDenied):
                sign(sqlite_engine, viewer, draft(side), today=TODAY)
    number = sign(sqlite_engine, next(iter(signs)), draft(side), today=TODAY)
    for viewer in (*own, *outsiders):
        if viewer not in confirms:
            with pytest.raises(AccessDenied):
                confirm(sqlite_engine, viewer, number)
    with reading(sqlite_engine) as connection:
        for viewer in outsiders[:-1]:
            with pytest.raises(AccessDenied):
                board_views(connection, viewer, "1287-SN", T1)
            with pytest.raises(AccessDenied):
                periods_assessed(connection, viewer, "1287-SN")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"motivation": "Det går bra."}, "kortare än 20 tecken"),
        ({"motivation": " "}, "Motiveringen saknas"),
        ({"motivation": "Ärendet 20121212-1212 visar hur det gick."}, "personnummer"),
        ({"grade": 4}, "Välj ett steg"),
        ({"grade": None}, "Välj ett steg"),
        ({"is_without_evidence": False}, "Underlag saknas"),
        ({"reference": Reference("Protokoll", "SN 2025/12", TODAY)}, "Behåll det ena"),
        ({"period": Period.parse("2025-T3")}, "har inte börjat"),
        ({"period": Period.parse("2024-T3")}, None),
        ({"period": Period.parse("2024-T2")}, "bedömdes senast 2024-12-31"),
        ({"period": Period.parse("2025-03")}, "för ett tertial"),
    ],
)
def test_what_an_assessment_must_hold(sqlite_engine: Engine, change: dict[str, Any], sentence: str | None) -> None:
    deliver(sqlite_engine, "2025-04-30", org_units=BOARD)
    day = date(2025, 4, 30) if sentence is None or "2024" in sentence else TODAY
    if sentence is None:
        assert sign(sqlite_engine, CHAIR, draft(**change), today=day) == 1
        return
    with pytest.raises(UserError, match=sentence):
        sign(sqlite_engine, CHAIR, draft(**change), today=day)


def test_a_unit_of_another_board_is_not_assessed_under_this_one(sqlite_engine: Engine) -> None:
    deliver(sqlite_engine, "2025-04-30", org_units=[*BOARD, *SECOND])
    both = Viewer("två", (Grant(Role.UNIT_MANAGER, "1287", frozenset({"1287-SN", "1287-UN"}), frozenset({"1287-D"})),))
    with pytest.raises(UserError, match="hör inte till nämnden"):
        sign(sqlite_engine, both, draft(Side.UNIT, unit_code="1287-D"), today=TODAY)
    assert sign(sqlite_engine, both, draft(Side.UNIT, unit_code="1287-D", board_code="1287-UN"), today=TODAY)


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_at_once_one_is_told_and_nothing_is_lost(world: Engine, is_first: bool) -> None:
    follows = None if is_first else sign(world, CHAIR, draft(), today=TODAY)
    told: list[object] = []
    gate = threading.Barrier(2)

    def write(viewer: Viewer) -> None:
        gate.wait()
        try:
            told.append(sign(world, viewer, draft(grade=2, follows=follows), today=TODAY))
        except ChangedMeanwhile as changed:
            told.append(str(changed))

    threads = [threading.Thread(target=write, args=(one,)) for one in (CHAIR, VICE)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (number,) = (one for one in told if isinstance(one, int))
    (sentence,) = (one for one in told if isinstance(one, str))
    assert "Det du har skrivit står kvar" in sentence
    with reading(world) as connection:
        rows = connection.execute(select(assessment.c.assessment_no, assessment.c.follows)).all()
    assert {row.assessment_no for row in rows} == {number, follows} - {None}


def test_disagreement_is_said_and_what_waits_is_no_part_of_it(sqlite_engine: Engine) -> None:
    deliver(sqlite_engine, "2025-04-30", org_units=BOARD)
    confirm(sqlite_engine, VICE, sign(sqlite_engine, CHAIR, draft(), today=TODAY))
    number = sign(sqlite_engine, CHIEF, draft(Side.ADMINISTRATION, grade=2), today=TODAY)
    with reading(sqlite_engine) as connection:
        assert disagreed(board_views(connection, CHIEF, "1287-SN", T1)) == ()
    confirm(sqlite_engine, CONTROLLER, number)
    for viewer, other, side, grade in (
        (CHAIR, VICE, Side.PRESIDIUM, 4), (CHIEF, DEVELOPER, Side.ADMINISTRATION, 2),
    ):  # fmt: skip
        confirm(sqlite_engine, other, sign(sqlite_engine, viewer, draft(side, Subject.MATURITY, grade), today=TODAY))
    with reading(sqlite_engine) as connection:
        views = board_views(connection, MANAGER, "1287-SN", T1)
    assert disagreed(views) == (Subject.QUESTION_2, Subject.MATURITY)
    assert disagreement(views, Subject.QUESTION_2) == "Presidiet säger ja, förvaltningen till viss del."
    assert disagreement(views, Subject.MATURITY) == "Presidiet säger nivå 4, förvaltningen nivå 2."
    assert disagreement(views, Subject.QUESTION_1) is None


def test_evidence_goes_with_it_and_the_log_tells_of_both_people(world: Engine) -> None:
    told = kept_reference("Protokoll 12 mars, § 8", "SN 2025/12", date(2025, 3, 12), today=TODAY)
    number = sign(world, CHIEF, draft(Side.ADMINISTRATION, reference=told, is_without_evidence=False), today=TODAY)
    confirm(world, DEVELOPER, number)
    with reading(world) as connection:
        assert references(connection, [number, 99]) == {number: (told,)}
        events = connection.execute(
            select(audit_event.c.actor, audit_event.c.action, audit_event.c.board_code, audit_event.c.resource,
                   audit_event.c.details).order_by(audit_event.c.event_no)
        ).all()  # fmt: skip
    assert [tuple(one)[:4] for one in events] == [
        ("chef", "evidence_added", "1287-SN", "underlag 1: Protokoll 12 mars, § 8"),
        ("chef", "assessment_signed", "1287-SN", "fråga 2 2025-T1: ja"),
        ("utvecklare", "assessment_confirmed", "1287-SN", "fråga 2 2025-T1: ja"),
    ]
    assert WHY not in str(events)


def test_evidence_is_whole_or_none_and_never_of_a_day_to_come() -> None:
    assert kept_reference("", None, None, today=TODAY) is None
    link = kept_reference("Rapport", "https://diariet.example/12", TODAY, today=TODAY)
    assert link is not None
    assert link.is_link
    odd = kept_reference("Rapport", "javascript:alert(1)", TODAY, today=TODAY)
    assert odd is not None
    assert not odd.is_link, "it is shown as a text"
    with pytest.raises(UserError, match="inte helt ifyllt"):
        kept_reference("Rapport", "", None, today=TODAY)
    with pytest.raises(UserError, match="har inte varit ännu"):
        kept_reference("Rapport", "SN 2025/12", date(2025, 5, 21), today=TODAY)
