"""Bedömningar: what each role sees and may do on the page, and what a browser may send."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dash
import pytest
from sqlalchemy import Engine, select

from control.assessments.evidence import Reference
from control.assessments.scales import Subject
from control.assessments.service import Draft, confirm, sign
from dashboard.app import create_app
from dashboard.components.assessment_cards import CONFIRM_TYPE
from dashboard.components.assessment_form import RESULT_ID, WITHOUT
from kpi.access import Grant, Role, Side, Viewer
from kpi.access.control import CONTROL_ROLES
from kpi.period import Period
from tests.builders.dash_calls import PAGE, LoginAs, post, words
from tests.builders.survey_world import REVIEWS, SURVEY, UNITS
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.assessment_tables import assessment
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.settings import Settings

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
TODAY, T3 = date(2025, 11, 20), Period.parse("2025-T3")
WHY = "Ansvaret var oklart i tre av tolv granskade ärenden."
FIRST = Draft("1287-SN", Side.PRESIDIUM, None, T3, Subject.QUESTION_2, 3, WHY, None, True, None)


def who(user: str, role: Role, board: str = "1287-SN", *units: str) -> Viewer:
    return Viewer(user, (Grant(role, board[:4], frozenset({board}), frozenset(units)),))


CHAIR, VICE = who("ordförande", Role.PRESIDIUM), who("vice ordförande", Role.PRESIDIUM)
CHIEF, DEVELOPER = who("chef", Role.CHIEF), who("utvecklare", Role.DEVELOPER)
MANAGER = who("enhetschef", Role.UNIT_MANAGER, "1287-SN", "1287-A")
Served = tuple[dash.Dash, LoginAs, Engine]


@pytest.fixture
def served(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    deliver(sqlite_engine, "2025-12-31", org_units=UNITS, survey_answers=SURVEY, sip_reviews=REVIEWS)
    confirm(sqlite_engine, VICE, sign(sqlite_engine, CHAIR, replace(FIRST, period=T3.shift(-1), grade=1), today=TODAY))
    confirm(sqlite_engine, VICE, sign(sqlite_engine, CHAIR, FIRST, today=TODAY))
    told = Reference("Stickprov i oktober", "SN 2025/77", date(2025, 10, 20))
    theirs = replace(FIRST, side=Side.ADMINISTRATION, grade=2, reference=told, is_without_evidence=False)
    confirm(sqlite_engine, DEVELOPER, sign(sqlite_engine, CHIEF, theirs, today=TODAY))
    sign(sqlite_engine, CHIEF, replace(theirs, subject=Subject.MATURITY, grade=4), today=TODAY)
    being = LoginAs(CHAIR)
    return create_app(sqlite_engine, Settings(data_dir=tmp_path), login=being), being, sqlite_engine


def page(app: dash.Dash, search: str = "") -> str:
    answer = post(app.server.test_client(), PAGE, ["/bedomningar", search, 0])
    return words(json.loads(answer.data)["response"]["main"]["children"])


def test_the_first_sentences_say_where_the_sides_stand_and_what_waits(served: Served) -> None:
    app, being, _ = served
    told = page(app)
    assert "Presidiet och förvaltningen är inte eniga om fråga 2. En bedömning väntar på en andra person." in told
    assert "Du kan bekräfta" not in told
    assert "Presidiet säger ja, förvaltningen till viss del." in told
    assert "Presidiet har fråga 1, fråga 3, fråga 4 och mognaden kvar att bedöma." in told
    assert "Tredje tertialet 2025 bedöms till och med 30 april 2026." in told
    assert "Stickprov i oktober (SN 2025/77) , 20 oktober 2025" in told
    assert "4 Styrd" in told
    assert "Undertecknad av ordförande (presidium) 20 november 2025." in told
    assert "Bekräftad av vice ordförande (presidium) 20 november 2025." in told
    assert "Andra tertialet 2025: Nej. Tidigare bedömningar (1)" in told
    being.is_now = DEVELOPER
    assert "väntar på en andra person. Du kan bekräfta den." in page(app)
    being.is_now = CHIEF
    assert "Du kan bekräfta" not in page(app), "the chief has signed it"


def test_each_role_sees_what_it_is_for(served: Served) -> None:
    app, being, _ = served
    for role in set(Role) - {Role.OPERATOR}:
        is_manager = role is Role.UNIT_MANAGER
        being.is_now = who(role.value, role, "1287-SN", *(["1287-A"] if is_manager else []))
        told = page(app)
        assert ("Presidiet säger ja" in told) == (role in CONTROL_ROLES)
        inside = role in {Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR}
        assert ("Andelen som svarar ”i stor utsträckning” är 30 procentenheter större bland" in told) == inside
        assert ("4 av 6 granskade planer har lagens fyra uppgifter." in told) == inside
        signs = role in {Role.PRESIDIUM, Role.CHIEF, Role.DEVELOPER, Role.UNIT_MANAGER}
        assert ("Bedöm av fråga 1 för" in told) == signs
        being.is_now = who(role.value, role, "1287-UN", *(["1287-D"] if is_manager else []))
        assert "Presidiet säger ja" not in page(app, "?enhet=1287-SN"), "another board's"


def test_few_answers_are_marked_and_no_statement_is_without_its_number(served: Served) -> None:
    app, _, _ = served
    told = page(app)
    assert "Nämndens ledamöter få svar 2 (22 %) 5 (56 %) 2 (22 %) 0 (0 %) 0 (0 %) 9" in told
    assert "Nämndens ledamöter 6 (50 %) 3 (25 %) 1 (8 %) 0 (0 %) 2 (17 %) 12" in told
    assert "Personal 8 (20 %) 16 (40 %) 10 (25 %) 2 (5 %) 4 (10 %) 40" in told
    assert "Nyckeltal: Skillnad mellan nämndens och personalens svar om samverkan följs upp" in told
    assert "Nyckeltal: SIP med lagens fyra uppgifter" in told


def test_the_form_is_for_who_may_sign(served: Served) -> None:
    app, being, _ = served
    at = "?enhet=1287-SN&fraga=mognad&part=presidium"
    assert "Bedöm mognaden för presidiet" in page(app, at)
    for viewer in (CHIEF, MANAGER, who("revisor", Role.AUDITOR)):
        being.is_now = viewer
        assert "Bedöm mognaden för presidiet" not in page(app, at)
    being.is_now = MANAGER
    assert "Bedöm mognaden för 1287-A" in page(app, "?fraga=mognad&part=1287-A")
    assert "Bedöm mognaden för 1287-B" not in page(app, "?fraga=mognad&part=1287-B")
    being.is_now = CHAIR
    assert "Bedöm mognaden" not in page(app, "?fraga=mognad&part=presidium&period=2025-T1"), "its time is over"
    assert "Sidan finns inte" in page(app, "?period=2031-T1")


def key(app: dash.Dash, output: str) -> str:
    return next(one for one in app.server.config["SAMKOLL_CALLBACKS"] if one.endswith(f"...{output}.children.."))


def written(app: dash.Dash, *, grade: Any = "2", why: Any = WHY, without: Any = (WITHOUT,), **seen: Any) -> Any:
    about = {"board": "1287-SN", "period": "2025-T3", "subject": "question_1", "side": "presidium"} | seen
    state = [grade, why, "", "", "", list(without), about, "?enhet=1287-SN&fraga=1&part=presidium"]
    return post(app.server.test_client(), key(app, RESULT_ID), [1], state)


def kept(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(assessment.c.assessment_no)).all())


def test_a_signed_form_closes_and_a_refused_one_keeps_its_words(served: Served) -> None:
    app, being, engine = served
    done = json.loads(written(app).data)["response"]
    assert done == {"address": {"search": "?enhet=1287-SN"}}
    assert kept(engine) == 5
    for told, sentence in (
        ({"why": "Kort."}, "kortare än 20 tecken"),
        ({"grade": None}, "Svaret saknas"),
        ({"without": ()}, "Underlag saknas"),
        ({}, "någon annan har ändrat det"),
        ({"side": "hela kommunen"}, "går inte att läsa"),
        ({"period": "2025-13"}, "går inte att läsa"),
        ({"board": "1287-UN"}, "undertecknas av den som den gäller"),
        ({"side": "administration"}, "undertecknas av den som den gäller"),
        ({"side": "unit", "unit": "1287-B"}, "undertecknas av den som den gäller"),
    ):
        answer = json.loads(written(app, **told).data)["response"]
        assert set(answer) == {RESULT_ID}, "only the sentence comes: what is written stands"
        assert sentence in words(answer[RESULT_ID]["children"])
    assert kept(engine) == 5
    being.is_now = who("annan", Role.PRESIDIUM, "1287-UN")
    assert written(app).status_code == 403
    with reading(engine) as connection:
        refused = connection.execute(
            select(audit_event.c.actor, audit_event.c.resource).where(audit_event.c.action == "access_refused")
        ).all()
    assert [one.actor for one in refused] == ["ordförande"] * 3 + ["annan"]
    assert written(app, grade=["2"]).status_code == 400


def pressed(app: dash.Dash, number: Any) -> Any:
    identity = {"number": number, "type": CONFIRM_TYPE}
    inputs = [[{"id": identity, "property": "n_clicks", "value": 1}]]
    changed = [f"{json.dumps(identity, separators=(',', ':'))}.n_clicks"]
    return post(
        app.server.test_client(), key(app, "assessment-confirmed"), [], [""], inputs=inputs, changedPropIds=changed
    )


def test_the_second_person_confirms_by_the_button(served: Served) -> None:
    app, being, engine = served
    with reading(engine) as connection:
        number = connection.scalar(select(assessment.c.assessment_no).where(assessment.c.confirmed_by.is_(None)))
    refused = []
    for viewer in (CHIEF, CHAIR, MANAGER, who("annan", Role.CONTROLLER, "1287-UN")):
        being.is_now = viewer
        refused.append(pressed(app, number).status_code)
    assert refused == [403, 403, 403, 403]
    being.is_now = DEVELOPER
    for odd in (0, 99, -1, "x", 10**12):
        assert pressed(app, odd).status_code == 404
    told = words(json.loads(pressed(app, number).data)["response"]["main"]["children"])
    assert "Bekräftad av utvecklare" in told
    assert "väntar på en andra person" not in told
