"""A plan's life on both databases: what each step asks, what is frozen, who may do it, and what is told in the log."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from control.audit.actions import Action
from control.locking import ChangedMeanwhile
from control.plan.content import Handling
from control.plan.decided import BoardDecision
from control.plan.editing import hash_of_risk, remove_risk, save_risk
from control.plan.life import (
    Start,
    adopt,
    begin_plan,
    begin_revision,
    close_plan,
    follow_up,
    propose,
    take_back,
    withdraw_revision,
)
from control.plan.reading import plan_of, plans
from control.plan.scale import DEFAULT, FIVE, KeptScale, scale_of, set_scale
from control.plan.store import PlanStatus
from kpi.access import OPERATOR, AccessDenied, Role
from kpi.views.errors import NotFound
from tests.builders.plan import (
    BOARD,
    CHIEF,
    CONTROLLER,
    DECISION,
    DEVELOPER,
    FOREIGN,
    OTHER,
    SECRETARY,
    TODAY,
    adopted,
    begun,
    draft,
    organised,
    person,
    seen,
)
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.plan_tables import control_occasion, control_plan_revision

LATER = date(2026, 6, 1)


@pytest.fixture
def world(engine: Engine) -> Engine:
    return organised(engine)


def view(engine: Engine, year: int = 2026, board: str = BOARD) -> Any:
    with reading(engine) as connection:
        return plan_of(connection, person(Role.AUDITOR, board), board, year)


def actions(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(audit_event.c.action).order_by(audit_event.c.event_no)).scalars())


def test_from_the_proposal_to_the_end(world: Engine) -> None:
    plan_no = begun(world)
    assert view(world).status is PlanStatus.DRAFT
    assert len(view(world).content.risks) == 15
    propose(world, DEVELOPER, plan_no, seen(world, plan_no))
    assert view(world).status is PlanStatus.PROPOSED
    with pytest.raises(UserError, match="Ta först tillbaka den"):
        save_risk(world, CHIEF, plan_no, replace(view(world).content.risks[0], id=""))
    take_back(world, CHIEF, plan_no, seen(world, plan_no))
    propose(world, CHIEF, plan_no, seen(world, plan_no))
    adopt(world, SECRETARY, plan_no, seen(world, plan_no), DECISION, today=TODAY)
    standing = view(world)
    assert (standing.status, standing.working, standing.adopted.revision) == (PlanStatus.ADOPTED, None, 0)
    (decision,) = standing.decisions
    assert (decision.paragraph, decision.registration_number) == ("§ 98", "SN 2025/123")
    assert decision.content_hash == standing.adopted.content_hash
    assert standing.is_intact
    with pytest.raises(UserError, match="bara en gång"):
        close_plan(world, SECRETARY, plan_no, DECISION, today=TODAY)
    with pytest.raises(UserError, match="tidigast den 1 december 2026"):
        follow_up(world, CONTROLLER, plan_no, DECISION, today=date(2026, 11, 30))
    with pytest.raises(UserError, match="mellan 2026-12-01 och"):
        follow_up(world, CONTROLLER, plan_no, BoardDecision(date(2026, 11, 30), "§ 1", "SN 1"), today=date(2026, 12, 2))
    end = BoardDecision(date(2027, 2, 10), "§ 12 a", "SN 2025/123")
    follow_up(world, CONTROLLER, plan_no, replace(end, decided_on=date(2026, 12, 9)), today=date(2026, 12, 12))
    with pytest.raises(UserError, match="från den 1 januari 2027"):
        close_plan(world, SECRETARY, plan_no, end, today=date(2026, 12, 31))
    with pytest.raises(UserError, match="ändras inte mer"):
        begin_revision(world, CHIEF, plan_no, "För sent")
    with pytest.raises(UserError, match="ändras inte mer"):
        follow_up(world, CONTROLLER, plan_no, end, today=date(2027, 2, 12))
    close_plan(world, SECRETARY, plan_no, end, today=date(2027, 2, 12))
    with pytest.raises(UserError, match="bara en gång"):
        close_plan(world, SECRETARY, plan_no, end, today=date(2027, 2, 12))
    assert view(world).status is PlanStatus.CLOSED
    told = [one for one in actions(world) if one.startswith("plan_")]
    assert told == [
        Action.PLAN_BEGUN, Action.PLAN_PROPOSED, Action.PLAN_TAKEN_BACK, Action.PLAN_PROPOSED, Action.PLAN_ADOPTED,
        Action.PLAN_FOLLOWED_UP, Action.PLAN_CLOSED,
    ]  # fmt: skip


def test_what_is_adopted_is_frozen_and_a_revision_has_its_own_decision(world: Engine) -> None:
    plan_no = adopted(world)
    first = view(world).adopted
    risk = first.content.risks[0]
    with pytest.raises(UserError, match="Börja en revidering"):
        save_risk(world, CHIEF, plan_no, replace(risk, probability=1), hash_of_risk(risk))
    assert begin_revision(world, CHIEF, plan_no, "Ny lag") == 1
    with pytest.raises(UserError, match="väntar redan"):
        begin_revision(world, CHIEF, plan_no, "En till")
    save_risk(world, CHIEF, plan_no, replace(risk, probability=1), hash_of_risk(risk))
    standing = view(world)
    assert standing.adopted == first
    assert (standing.working.reason, standing.working.content.risks[0].probability) == ("Ny lag", 1)
    with pytest.raises(UserError, match="väntar redan"):
        follow_up(world, CONTROLLER, plan_no, DECISION, today=TODAY)
    propose(world, CHIEF, plan_no, seen(world, plan_no))
    early = BoardDecision(date(2025, 11, 1), "99", "SN 2026/7")
    with pytest.raises(UserError, match="ska ligga mellan 2025-11-12 och 2026-12-31"):
        adopt(world, SECRETARY, plan_no, seen(world, plan_no), early, today=LATER)
    adopt(world, SECRETARY, plan_no, seen(world, plan_no), replace(early, decided_on=date(2026, 5, 6)), today=LATER)
    standing = view(world)
    assert standing.revisions[0].content == first.content
    assert standing.adopted.revision == 1
    assert [(one.revision, one.paragraph) for one in standing.decisions] == [(0, "§ 98"), (1, "§ 99")]
    begin_revision(world, CHIEF, plan_no, "Ångrad")
    withdraw_revision(world, CHIEF, plan_no, seen(world, plan_no))
    assert view(world).adopted.revision == 1
    assert begin_revision(world, CHIEF, plan_no, "Igen") == 3
    with writing(world) as connection:
        table = control_plan_revision
        connection.execute(update(table).where(table.c.revision == 0).values(content_hash="0" * 64))
    assert not view(world).is_intact


def test_of_two_who_begin_a_revision_at_once_one_is_told(world: Engine) -> None:
    plan_no = adopted(world)

    def begin(reason: str) -> int | str:
        try:
            return begin_revision(world, CHIEF, plan_no, reason)
        except UserError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(begin, ("ena", "andra")))
    assert 1 in answers
    assert [one for one in answers if one != 1] == [
        "En revidering väntar redan. Anta den eller dra tillbaka den först."
    ]


def test_the_first_draft_is_not_withdrawn(world: Engine) -> None:
    plan_no = begun(world)
    with pytest.raises(UserError, match="aldrig har antagits"):
        withdraw_revision(world, CHIEF, plan_no, seen(world, plan_no))


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"decided_on": date(2025, 11, 21)}, "har inte varit"),
    ({"decided_on": date(2024, 12, 31)}, "ska ligga mellan 2025-01-01 och 2026-12-31"),
    ({"paragraph": ""}, "Paragrafen saknas"),
    ({"paragraph": "ja"}, "Paragrafen saknas"),
    ({"registration_number": ""}, "Diarienumret saknas"),
    ({"registration_number": "utan nummer"}, "Diarienumret saknas"),
    ({"registration_number": "20120315-1234"}, "Diarienumret saknas"),
    ({"note": "Gäller 20120315-1234"}, "personnummer"),
]


def test_a_decision_that_cannot_be_right_is_refused(sqlite_engine: Engine) -> None:
    world = organised(sqlite_engine)
    plan_no = begun(world)
    with pytest.raises(UserError, match="Föreslå den först"):
        adopt(world, SECRETARY, plan_no, seen(world, plan_no), DECISION, today=TODAY)
    propose(world, CHIEF, plan_no, seen(world, plan_no))
    for changed, told in REFUSED:
        with pytest.raises(UserError, match=told):
            adopt(world, SECRETARY, plan_no, seen(world, plan_no), replace(DECISION, **changed), today=TODAY)
    assert view(world).status is PlanStatus.PROPOSED


def test_a_decision_is_about_what_was_read(world: Engine) -> None:
    plan_no = begun(world)
    read = seen(world, plan_no)
    risk = draft(world, plan_no).risks[0]
    save_risk(world, CHIEF, plan_no, replace(risk, probability=1), hash_of_risk(risk))
    with pytest.raises(ChangedMeanwhile):
        propose(world, DEVELOPER, plan_no, read)
    propose(world, DEVELOPER, plan_no, seen(world, plan_no))
    with pytest.raises(ChangedMeanwhile):
        adopt(world, SECRETARY, plan_no, read, DECISION, today=TODAY)


def test_a_plan_that_lacks_something_is_not_proposed(world: Engine) -> None:
    plan_no = begun(world, Start.EMPTY)
    with pytest.raises(UserError, match="har inga risker"):
        propose(world, CHIEF, plan_no, seen(world, plan_no))
    risk = replace(draft(world, begun(world, board=OTHER)).risks[0], id="")
    identity = save_risk(world, CHIEF, plan_no, risk)
    with pytest.raises(UserError, match="har inget kontrollmoment"):
        propose(world, CHIEF, plan_no, seen(world, plan_no))
    known = draft(world, plan_no).risks[0]
    save_risk(world, CHIEF, plan_no, replace(risk, id=identity, handling=Handling.ACCEPT), hash_of_risk(known))
    propose(world, CHIEF, plan_no, seen(world, plan_no))


def occasion(plan_no: int, control_id: str, done_on: date, probability: int | None, **more: Any) -> dict[str, Any]:
    return {
        "plan_no": plan_no, "municipality_code": "1287", "board_code": BOARD, "control_id": control_id,
        "period": done_on.toordinal(), "due_on": done_on, "status": "done", "done_on": done_on, "result": "minor",
        "probability": probability, "consequence": probability, "edits": 1, "earlier": [],
        "signed_at": datetime(2025, 5, 1, tzinfo=UTC), "signed_by": "chef",
    } | more  # fmt: skip


def test_next_years_plan_begins_from_the_last_judged_risks_and_tells_what_moved(world: Engine) -> None:
    with pytest.raises(UserError, match="ingen tidigare antagen plan"):
        begun(world, Start.EARLIER, 2025)
    last_year = adopted(world, 2025)
    rows = [
        occasion(last_year, "knowledge-training", date(2025, 5, 2), 4),
        occasion(last_year, "knowledge-survey", date(2025, 9, 2), 2),
        occasion(last_year, "frames-agreements", date(2025, 9, 2), None),
        occasion(last_year, "secrecy-survey", date(2025, 9, 2), 5),  # outside the scale
    ]
    with writing(world) as connection:
        connection.execute(insert(control_occasion), rows)
    judged = view(world, 2025).judged
    assert {one: (found.value, found.control_id) for one, found in judged.items()} == {
        "knowledge": (4, "knowledge-survey")
    }
    begin_revision(world, CHIEF, last_year, "Väntar")  # what is not adopted is not what the next year begins from
    risk = draft(world, last_year).risk("frames")
    assert risk is not None
    remove_risk(world, CHIEF, last_year, "frames", hash_of_risk(risk))
    plan_no = begun(world, Start.EARLIER, 2026)
    standing = view(world)
    assert standing.plan.based_on == last_year
    assert [one.id for one in standing.content.risks] == [one.id for one in view(world, 2025).adopted.content.risks]
    frames = standing.content.risk("frames")
    remove_risk(world, CHIEF, plan_no, "frames", hash_of_risk(frames))
    added = save_risk(world, CHIEF, plan_no, replace(frames, id=""))
    moves = view(world).moves
    assert (moves["knowledge"].then, moves["knowledge"].now) == (9, 4)
    assert (moves["frames"].then, moves["frames"].now) == (6, None)
    assert (moves[added].then, moves[added].now) == (None, 6)
    assert (moves["secrecy"].then, moves["secrecy"].now) == (9, 9)


def test_a_plan_takes_the_scale_in_force_and_keeps_it(world: Engine) -> None:
    old = adopted(world, 2025)
    set_scale(world, CONTROLLER, BOARD, FIVE, 0)
    for refused in (0, 2):
        with pytest.raises(ChangedMeanwhile):
            set_scale(world, CONTROLLER, BOARD, DEFAULT, refused)
    plan_no = begun(world, Start.EARLIER)
    assert draft(world, plan_no).scale == FIVE
    steps = [(one.probability, one.consequence) for one in draft(world, plan_no).risks[:4]]
    assert steps == [(4, 4), (2, 4), (4, 4), (4, 5)]
    assert not view(world).is_same_scale
    assert view(world, 2025).content.scale == DEFAULT
    set_scale(world, person(Role.CONTROLLER, OTHER), OTHER, DEFAULT, 1)
    with reading(world) as connection:
        assert scale_of(connection, "1287") == KeptScale(DEFAULT, 2)
        assert scale_of(connection, "1263") == KeptScale(DEFAULT, 0)
    assert draft(world, plan_no).scale == FIVE
    assert old != plan_no
    for viewer in (CHIEF, SECRETARY, person(Role.CONTROLLER, OTHER)):
        with pytest.raises(AccessDenied):
            set_scale(world, viewer, BOARD, FIVE, 2)


def test_a_year_is_begun_once_and_only_now(world: Engine) -> None:
    adopted(world, 2025)
    begun(world)
    for start in Start:
        with pytest.raises(UserError, match="redan påbörjad"):
            begun(world, start)
    for year in (2024, 2027):
        with pytest.raises(UserError, match="påbörjas inte nu"):
            begin_plan(world, CHIEF, BOARD, year, Start.PROPOSED, today=TODAY)
    with reading(world) as connection:
        assert [(one.year, one.status) for one in plans(connection, SECRETARY, BOARD)] == [
            (2026, PlanStatus.DRAFT), (2025, PlanStatus.ADOPTED),
        ]  # fmt: skip


AT_ITS_END = replace(DECISION, decided_on=date(2026, 12, 9))
Step = Callable[[Engine, Any, int, str], Any]
STEPS: dict[str, tuple[Step, set[Role]]] = {
    "propose": (lambda *given: propose(*given), {Role.CHIEF, Role.DEVELOPER, Role.CONTROLLER}),
    "adopt": (lambda *given: adopt(*given, DECISION, today=TODAY), {Role.SECRETARY, Role.CONTROLLER}),
    "take back": (lambda *given: take_back(*given), {Role.CHIEF, Role.DEVELOPER, Role.CONTROLLER}),
    "withdraw": (lambda *given: withdraw_revision(*given), {Role.CHIEF, Role.DEVELOPER, Role.CONTROLLER}),
    "follow up": (
        lambda engine, viewer, plan_no, _: follow_up(engine, viewer, plan_no, AT_ITS_END, today=AT_ITS_END.decided_on),
        {Role.SECRETARY, Role.CONTROLLER},
    ),
    "revise": (
        lambda engine, viewer, plan_no, _: begin_revision(engine, viewer, plan_no, "skäl"),
        {Role.CHIEF, Role.DEVELOPER, Role.CONTROLLER},
    ),
}


def test_each_step_is_its_roles_and_no_other_boards(sqlite_engine: Engine) -> None:
    world = organised(sqlite_engine)
    plan_no = begun(world)
    shown = seen(world, plan_no)
    before = actions(world)
    for step, allowed in STEPS.values():
        own = [person(role) for role in Role if role not in allowed]
        others = [person(role, board) for role in allowed for board in (OTHER, FOREIGN)]
        for viewer in (*own, *others, OPERATOR):
            with pytest.raises(AccessDenied):
                step(world, viewer, plan_no, shown)
        for missing in (0, 99, 2**40):
            with pytest.raises(NotFound):
                step(world, CONTROLLER, missing, shown)
    for viewer in [person(role, board) for role in set(Role) - {Role.OPERATOR} for board in (OTHER, FOREIGN)]:
        with reading(world) as connection, pytest.raises(AccessDenied):
            plan_of(connection, viewer, BOARD, 2026)
    assert actions(world) == before
