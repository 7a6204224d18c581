"""The page Intern kontroll without a browser: what each role reads and may do, and what a form answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dash
import pytest
from sqlalchemy import Engine, select

from control.plan.content import Handling
from control.plan.editing import hash_of_risk, save_risk
from control.plan.life import begin_revision, propose
from control.plan.reading import plan_of
from control.plan.store import PlanStatus
from dashboard.app import create_app
from dashboard.components.plan_forms import FIELD_TYPE, Form
from kpi.access import Grant, Role, Viewer
from tests.builders.dash_calls import PAGE, LoginAs, post, words
from tests.builders.plan import (
    BOARD,
    CHIEF,
    FOREIGN,
    OTHER,
    adopted,
    begun,
    draft,
    organised,
    person,
    seen,
)
from warehouse import clock
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.settings import Settings

TODAY = date(2026, 11, 20)
READERS = (
    Role.PRESIDIUM, Role.CHIEF, Role.UNIT_MANAGER, Role.DEVELOPER, Role.CONTROLLER, Role.SECRETARY, Role.AUDITOR,
)  # fmt: skip
WRITERS = {Role.CHIEF, Role.DEVELOPER, Role.CONTROLLER}
DECIDERS = {Role.SECRETARY, Role.CONTROLLER}
PLACE = "/intern-kontroll"


class World:
    """The application, as whoever `being` is now."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.being = LoginAs(CHIEF)
        self.app: dash.Dash = create_app(engine, Settings(data_dir=folder), login=self.being)

    def opened(self, role: Role, search: str = "", *, board: str = BOARD) -> Any:
        self.being.is_now = person(role, board)
        return post(self.app.server.test_client(), PAGE, [PLACE, search, 0])

    def read(self, role: Role, search: str = "", *, board: str = BOARD) -> str:
        answer = self.opened(role, search, board=board)
        return words(json.loads(answer.data)["response"]["main"]["children"])

    def saved(self, viewer: Viewer, about: Mapping[str, Any], kpis: list[str] | None = None, **told: str) -> Any:
        """A form is saved, as the page sends it."""
        self.being.is_now = viewer
        found = [one for one in self.app.server.config["SAMKOLL_CALLBACKS"] if "plan-result" in one]
        output = next(one for one in found if ("plan-result.children@" in one) is (kpis is not None))
        values = [{"id": {"type": FIELD_TYPE, "name": name}, "property": "value", "value": told[name]} for name in told]
        ids = [{"id": one["id"], "property": "id", "value": one["id"]} for one in values]
        state: list[Any] = [values, ids, cell("plan-about", "data", dict(about)), cell("address", "search", "?ar=2026")]
        if kpis is not None:
            state.insert(0, cell("plan-kpis", "value", kpis))
        return post(self.app.server.test_client(), output, [1], [], state=state)

    def about(self, form: Form, **more: Any) -> dict[str, Any]:
        with reading(self.engine) as connection:
            found = plan_of(connection, CHIEF, BOARD, 2026)
        known = {"plan": found.plan.plan_no, "seen": found.shown.content_hash} if found else {}
        return {"form": form.value, "board": BOARD, **known, **more}

    def status(self) -> PlanStatus:
        with reading(self.engine) as connection:
            found = plan_of(connection, CHIEF, BOARD, 2026)
        assert found is not None
        return found.status


def cell(identity: str, name: str, value: Any) -> dict[str, Any]:
    return {"id": identity, "property": name, "value": value}


def answered(answer: Any) -> tuple[str, str | None]:
    """The sentence in the form, and the address afterwards."""
    found = json.loads(answer.data)["response"] if answer.status_code != 204 else {}
    return words(found.get("plan-result", {}).get("children")), found.get("address", {}).get("search")


@pytest.fixture
def world(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return World(organised(sqlite_engine), tmp_path)


def test_a_new_installation_begins_with_the_proposal(world: World) -> None:
    for role in READERS:
        shown = world.read(role)
        assert "Nämnden har ingen kontrollplan ännu." in shown
        assert ("Börja med ett förslag" in shown) is (role in WRITERS)
    assert "Intern kontrollplan 2027" in world.read(Role.CHIEF), "in the autumn a plan is next year's"
    answer = world.saved(CHIEF, world.about(Form.BEGIN), year="2026", start="proposed")
    assert answered(answer) == ("", f"?ar=2026&enhet={BOARD}")
    shown = world.read(Role.CHIEF, "?ar=2026")
    assert "Planen för 2026 är ett utkast. 5 av 15 risker har högt riskvärde." in shown
    assert "R15 Nämndens uppföljning av samverkan" in shown
    assert "SIP uppföljda i tid" in shown


@pytest.fixture
def standing(world: World) -> World:
    """Last year's plan and this year's, in which one risk has grown, one is new and one is gone."""
    adopted(world.engine, 2025)
    plan_no = begun(world.engine)
    risks = draft(world.engine, plan_no).risks
    save_risk(world.engine, CHIEF, plan_no, replace(risks[0], probability=4, consequence=4), hash_of_risk(risks[0]))
    save_risk(world.engine, CHIEF, plan_no, replace(risks[0], id="", process="Nytt område", handling=Handling.ACCEPT))
    propose(world.engine, CHIEF, plan_no, seen(world.engine, plan_no))
    return world


def test_the_boards_decision_is_entered_by_the_secretary(standing: World) -> None:
    for role in READERS:
        shown = standing.read(role, "?ar=2026")
        assert "Planen för 2026 är föreslagen och väntar på nämndens beslut." in shown
        assert ("För in nämndens beslut att anta" in shown) is (role in DECIDERS)
        assert ("Ta tillbaka till utkast" in shown) is (role in WRITERS)
        assert "Lägg till en risk" not in shown
        assert ("Efter det är innehållet fryst" in standing.read(role, "?ar=2026&gor=anta")) is (role in DECIDERS)
    secretary = person(Role.SECRETARY)
    about = standing.about(Form.ADOPT)
    told = {"decided_on": "2025-11-12", "paragraph": "98", "registration_number": "SN 2025/123", "note": ""}
    for wrong, sentence in [
        ({"decided_on": "i går"}, "Beslutsdagen saknas"), ({"decided_on": "2026-12-01"}, "har inte varit"),
        ({"paragraph": " "}, "Paragrafen saknas"),
    ]:  # fmt: skip
        said, address = answered(standing.saved(secretary, about, **told | wrong))
        assert sentence in said
        assert address is None, "the form stands, with what was typed"
    assert answered(standing.saved(secretary, about, **told)) == ("", None), "the address is as it was: the page anew"
    shown = standing.read(Role.PRESIDIUM, "?ar=2026")
    assert "Planen för 2026 är antagen 12 november 2025, § 98. 6 av 16 risker har högt riskvärde." in shown
    assert "Ändrat sedan 2025" in shown
    assert "R1 Kunskap om överenskommelser och rutiner: ökat från 9 till 16." in shown
    assert "R16 Nytt område: ny i år." in shown
    begin_revision(standing.engine, CHIEF, about["plan"], "Ny lag")
    assert "Revidering 1 är ett utkast och visas här. Skäl: Ny lag" in standing.read(Role.AUDITOR, "?ar=2026")


def test_the_matrix_is_a_table_that_says_in_words_what_it_shows(standing: World) -> None:
    answer = standing.opened(Role.AUDITOR, "?ar=2026").get_data(as_text=True)
    shown = standing.read(Role.AUDITOR, "?ar=2026")
    assert answer.count('"risk-matrix"') == 1
    assert "4 sannolik 4 medelhögt riskvärde 8 medelhögt riskvärde 12 högt riskvärde" in shown
    assert "16 högt riskvärde R1 ↑ Kunskap om överenskommelser och rutiner, ökat från 9 till 16" in shown
    assert '"href":"#risk-1"' in answer


RISK = {
    "process": "Placerade barn", "cause": "orsak", "event": "händelse", "effect": "följd", "category": "legal",
    "handling": "control", "probability": "2", "consequence": "4", "audit_question": "3",
}  # fmt: skip
CONTROL = {
    "what": "Granska tio planer", "method": "sample", "frequency": "tertial", "sample_size": "10", "sampled": "review",
    "responsible": "Enhetschefen", "reported_to": "Nämnden", "reported_when": "Varje tertial",
}  # fmt: skip


def test_a_draft_is_edited_in_the_page(world: World) -> None:
    plan_no = begun(world.engine)
    for role in READERS:
        assert ("Lägg till en risk" in world.read(role, "?ar=2026")) is (role in WRITERS)
        assert ("Spara risken" in world.read(role, "?ar=2026&gor=risk&risk=secrecy")) is (role in WRITERS)
    assert (
        "Händelsen saknas" in answered(world.saved(CHIEF, world.about(Form.RISK, risk=""), **RISK | {"event": ""}))[0]
    )
    assert (
        "Kategorin är inte vald" in answered(world.saved(CHIEF, world.about(Form.RISK), **RISK | {"category": "x"}))[0]
    )
    world.saved(CHIEF, world.about(Form.RISK, risk=""), **RISK)
    risk = draft(world.engine, plan_no).risks[-1]
    about = world.about(Form.CONTROL, risk=risk.id, seen=hash_of_risk(risk))
    said, _ = answered(world.saved(CHIEF, about, ["sip_lawful"], **CONTROL | {"sample_size": "några"}))
    assert "Stickprovets storlek är inte ifylld" in said
    assert "finns inte bland definitionerna" in answered(world.saved(CHIEF, about, ["x"], **CONTROL))[0]
    world.saved(CHIEF, about, ["sip_lawful"], **CONTROL)
    (control,) = draft(world.engine, plan_no).risks[-1].controls
    assert (control.sample_size, control.is_review, control.kpis) == (10, True, ("sip_lawful",))
    assert "någon annan har ändrat det" in answered(world.saved(CHIEF, about, ["sip_lawful"], **CONTROL))[0]
    assert "Granska tio planer" in world.read(Role.CHIEF, f"?ar=2026&gor=moment&risk={risk.id}&moment={control.id}")
    about |= {"form": Form.REMOVE.value, "seen": hash_of_risk(draft(world.engine, plan_no).risks[-1])}
    world.saved(CHIEF, about)
    assert draft(world.engine, plan_no).risk(risk.id) is None
    world.saved(CHIEF, world.about(Form.PROPOSE))
    assert world.status() is PlanStatus.PROPOSED
    world.saved(CHIEF, world.about(Form.TAKE_BACK))
    assert world.status() is PlanStatus.DRAFT
    assert "går inte att förstå" in answered(world.saved(CHIEF, {"form": "annat"}))[0]


def test_the_controller_sets_the_scale(world: World) -> None:
    controller = person(Role.CONTROLLER)
    for role in READERS:
        assert ("Spara skalan" in world.read(role, "?gor=skala&steg=5")) is (role is Role.CONTROLLER)
    names = [f"{which}-{number}{more}" for which in ("probability", "consequence") for number in range(1, 6)
             for more in ("", "-meaning")]  # fmt: skip
    assert "fyra eller fem steg" in answered(world.saved(controller, world.about(Form.SCALE, steps=2**31 - 1)))[0]
    about = world.about(Form.SCALE, steps=5, edits=0)
    assert "två steg med samma ord" in answered(world.saved(controller, about, **dict.fromkeys(names, "samma")))[0]
    adopted(world.engine, 2026)
    told = "Kommunens riskskala är ändrad sedan planen påbörjades."
    assert told not in world.read(Role.CONTROLLER, "?ar=2026")
    written = {name: name for name in names}
    world.saved(controller, about, **written)
    shown = world.read(Role.CONTROLLER, "?ar=2026")
    assert told in shown
    assert "4 sannolik 4 medelhögt riskvärde" in shown, "what is begun keeps its scale"
    assert "sparades inte: någon annan" in answered(world.saved(controller, about, **written))[0]
    world.saved(CHIEF, world.about(Form.BEGIN), year="2027", start="earlier")
    shown = world.read(Role.CHIEF, "?ar=2027")
    assert "5 probability-5 5 lågt riskvärde" in shown
    assert "Riskskalan har bytts sedan 2026, så årens värden jämförs inte. Riskerna är flyttade till närmaste" in shown
    assert told not in shown
    fewer = world.about(Form.SCALE, steps=4, edits=1)
    assert answered(world.saved(controller, fewer, **written))[0] == ""
    shown = world.read(Role.CHIEF, "?ar=2027")
    assert told in shown
    assert "5 probability-5 5 lågt riskvärde" in shown


def refusals(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(
            connection.execute(select(audit_event.c.event_no).where(audit_event.c.action == "access_refused")).all()
        )


@pytest.mark.parametrize("board", [OTHER, FOREIGN])
def test_another_boards_plan_is_neither_read_nor_changed(world: World, board: str) -> None:
    plan_no = begun(world.engine)
    risk = draft(world.engine, plan_no).risks[0]
    before, refused = seen(world.engine, plan_no), 0
    attackers = (Role.CHIEF, Role.CONTROLLER, Role.SECRETARY)
    for role in attackers:
        answer = world.opened(role, f"?enhet={BOARD}&ar=2026", board=board)
        assert answer.status_code == 403
        assert risk.process not in answer.get_data(as_text=True)
        for form in Form:
            about = world.about(form, risk=risk.id, seen=hash_of_risk(risk), steps=4, edits=0)
            told = RISK | CONTROL | {
                "year": "2026", "start": "proposed", "decided_on": "2026-11-12", "paragraph": "1",
                "registration_number": "SN 1", "reason": "x",
            }  # fmt: skip
            answer = world.saved(person(role, board), about, [] if form is Form.CONTROL else None, **told)
            assert answer.status_code == 403, (role, form)
            refused += 1
    assert seen(world.engine, plan_no) == before
    assert refusals(world.engine) == refused + len(attackers)


def test_made_up_numbers_and_boards_lead_nowhere(world: World) -> None:
    begun(world.engine)
    for number in (0, 99, 2**40, -1):
        assert world.saved(CHIEF, world.about(Form.PROPOSE, plan=number)).status_code == 404
    assert "någon annan har ändrat" in answered(world.saved(CHIEF, world.about(Form.RISK, risk="x"), **RISK))[0]
    assert world.opened(Role.CHIEF, "?enhet=pahittad").status_code == 403
    assert world.opened(Role.CHIEF, "?ar=1999").status_code == 404
    assert world.opened(Role.CHIEF, "?ar=inte").status_code == 404
    for role in set(Role) - set(READERS) - {Role.OPERATOR}:
        assert world.opened(role).status_code == 403
    world.being.is_now = Viewer("del", (Grant(Role.CHIEF, "1287", frozenset({BOARD}), frozenset({"1287-A"})),))
    assert post(world.app.server.test_client(), PAGE, [PLACE, "", 0]).status_code == 403, "a part of the board"
