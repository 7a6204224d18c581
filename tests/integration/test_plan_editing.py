"""Editing a plan on both databases: two people at once, texts that may not be kept, ids that are never used again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from control.audit.actions import Action
from control.locking import ChangedMeanwhile
from control.plan.content import Category, Control, Frequency, Handling, Method, Risk, Source
from control.plan.editing import hash_of_risk, remove_control, remove_risk, save_control, save_risk
from kpi.access import AccessDenied, Role
from tests.builders.figures import catalogue
from tests.builders.plan import BOARD, CHIEF, DEVELOPER, OTHER, begun, draft, organised, person, seen
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.errors import UserError

RISK = Risk(
    "", "Placerade barn", "ingen är utsedd", "planen följs inte upp", "barnet står utan stöd", Category.LEGAL, 2, 4,
    Handling.CONTROL, 3, None,
)  # fmt: skip
CONTROL = Control(
    "", "Granska tio planer", Method.SAMPLE, Frequency.TERTIAL, "Enhetschefen", "Nämnden", "Varje tertial",
    ("sip_lawful", "sip_lawful"), 10, is_review=True,
)  # fmt: skip


@pytest.fixture
def plan(engine: Engine) -> tuple[Engine, int]:
    world = organised(engine)
    return world, begun(world)


def risk_of(engine: Engine, plan_no: int, risk_id: str) -> Risk:
    found = draft(engine, plan_no).risk(risk_id)
    assert found is not None
    return found


def test_a_risk_and_its_controls_are_added_changed_and_removed(plan: tuple[Engine, int]) -> None:
    engine, plan_no = plan
    first = save_risk(engine, CHIEF, plan_no, RISK)
    assert first == "risk-1"
    read = hash_of_risk(risk_of(engine, plan_no, first))
    control = save_control(engine, DEVELOPER, catalogue(), plan_no, first, CONTROL, read)
    kept = risk_of(engine, plan_no, first)
    assert kept.controls == (replace(CONTROL, id="kontroll-1", kpis=("sip_lawful",)),)
    with pytest.raises(ChangedMeanwhile, match=r"^Risken sparades inte"):
        save_risk(engine, CHIEF, plan_no, replace(RISK, id=first, probability=4), read)
    save_risk(engine, CHIEF, plan_no, replace(RISK, id=first, probability=4), hash_of_risk(kept))
    changed = risk_of(engine, plan_no, first)
    assert (changed.probability, changed.controls) == (4, kept.controls)
    total = replace(CONTROL, id=control, method=Method.TOTAL, sample_size=None, is_review=False)
    save_control(engine, CHIEF, catalogue(), plan_no, first, total, hash_of_risk(changed))
    remove_control(engine, CHIEF, plan_no, first, control, hash_of_risk(risk_of(engine, plan_no, first)))
    assert risk_of(engine, plan_no, first).controls == ()
    assert save_risk(engine, CHIEF, plan_no, RISK) == "risk-2"
    remove_risk(engine, CHIEF, plan_no, first, hash_of_risk(risk_of(engine, plan_no, first)))
    assert draft(engine, plan_no).risk(first) is None
    with pytest.raises(ChangedMeanwhile):
        remove_risk(engine, CHIEF, plan_no, first, read)


def test_two_who_edit_different_risks_do_not_hinder_each_other(plan: tuple[Engine, int]) -> None:
    engine, plan_no = plan
    risks = draft(engine, plan_no).risks[:6]

    def edit(risk: Risk) -> str:
        return save_risk(engine, CHIEF, plan_no, replace(risk, cause="ändrad"), hash_of_risk(risk))

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(edit, risks)) == {one.id for one in risks}
    assert [one.cause for one in draft(engine, plan_no).risks[:7]].count("ändrad") == 6


def test_of_two_who_edit_the_same_risk_one_is_told_and_nothing_is_lost(plan: tuple[Engine, int]) -> None:
    engine, plan_no = plan
    risk = draft(engine, plan_no).risks[0]

    def edit(word: str) -> str:
        try:
            save_risk(engine, CHIEF, plan_no, replace(risk, cause=word), hash_of_risk(risk))
        except ChangedMeanwhile:
            return "nej"
        return word

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(edit, ("ena", "andra")))
    assert sorted(answers, key=lambda one: one == "nej")[1] == "nej"
    assert draft(engine, plan_no).risks[0].cause in answers


def test_a_save_that_changes_nothing_leaves_no_event(sqlite_engine: Engine) -> None:
    engine = organised(sqlite_engine)
    plan_no = begun(engine)
    before, risk = seen(engine, plan_no), draft(engine, plan_no).risks[0]
    save_risk(engine, CHIEF, plan_no, risk, hash_of_risk(risk))
    assert seen(engine, plan_no) == before
    save_risk(engine, CHIEF, plan_no, replace(risk, consequence=1), hash_of_risk(risk))
    with reading(engine) as connection:
        found = connection.execute(select(audit_event).where(audit_event.c.action == Action.PLAN_EDITED)).all()
    assert [(one.resource, one.board_code) for one in found] == [(f"Kontrollplan 2026, {BOARD}: {risk.id}", BOARD)]
    assert (found[0].details["before"], found[0].details["hash"]) == (before, seen(engine, plan_no))


def test_what_may_not_be_kept_is_told_by_its_name(sqlite_engine: Engine) -> None:
    engine = organised(sqlite_engine)
    plan_no = begun(engine)
    wrong = [
        (replace(RISK, probability=5), "steg 1–4"),
        (replace(RISK, consequence=0), "steg 1–4"),
        (replace(RISK, audit_question=5), "Revisionsfrågan"),
        (replace(RISK, event="  "), "Händelsen saknas"),
        (replace(RISK, cause="Gäller 120315-1234"), "Orsaken innehåller ett nummer"),
        (replace(RISK, effect="x" * 601), "Följden är längre än 600"),
        (replace(RISK, source=Source("Trelleborg 2021", "", "")), "Källans avsnitt saknas"),
    ]
    for risk, told in wrong:
        with pytest.raises(UserError, match=told):
            save_risk(engine, CHIEF, plan_no, risk)
    risk_id = save_risk(engine, CHIEF, plan_no, replace(RISK, source=Source("", " ", "")))
    known = risk_of(engine, plan_no, risk_id)
    assert known.source is None
    for control, told in [
        (replace(CONTROL, sample_size=None), "saknar storlek"),
        (replace(CONTROL, sample_size=501), "1–500"),
        (replace(CONTROL, method=Method.TOTAL), "Bara ett stickprov"),
        (replace(CONTROL, kpis=("sip_lawful", "pahittat")), "Nyckeltalet ”pahittat” finns inte"),
        (replace(CONTROL, what=""), "Kontrollmomentet saknas"),
        (replace(CONTROL, responsible=""), "Ansvarig saknas"),
    ]:
        with pytest.raises(UserError, match=told):
            save_control(engine, CHIEF, catalogue(), plan_no, risk_id, control, hash_of_risk(known))
    with pytest.raises(ChangedMeanwhile, match="Kontrollmomentet"):
        save_control(engine, CHIEF, catalogue(), plan_no, risk_id, replace(CONTROL, id="x"), hash_of_risk(known))


def test_another_boards_plan_is_not_edited(sqlite_engine: Engine) -> None:
    engine = organised(sqlite_engine)
    plan_no = begun(engine)
    risk = draft(engine, plan_no).risks[0]
    read = hash_of_risk(risk)
    for role in set(Role) - {Role.OPERATOR}:
        viewer = person(role, OTHER)
        with pytest.raises(AccessDenied):
            save_risk(engine, viewer, plan_no, risk, read)
        with pytest.raises(AccessDenied):
            save_control(engine, viewer, catalogue(), plan_no, risk.id, CONTROL, read)
        with pytest.raises(AccessDenied):
            remove_risk(engine, viewer, plan_no, risk.id, read)
        with pytest.raises(AccessDenied):
            remove_control(engine, viewer, plan_no, risk.id, risk.controls[0].id, read)
    assert draft(engine, plan_no).risks[0] == risk
