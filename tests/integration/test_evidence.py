"""Evidence on both databases: added by who does the work, read by the board's, given out as it was and logged."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select

from control.evidence import About, EvidenceKind, Given, add_evidence, can_add_evidence, evidence_file, evidence_of
from kpi.access import AccessDenied, Role, Viewer
from kpi.views.errors import NotFound
from tests.builders.case_world import logged
from tests.builders.plan_world import (
    AUDITOR,
    BOARD,
    CHIEF,
    DEVELOPER,
    EXTRACT,
    NEIGHBOUR,
    PRESIDIUM,
    TODAY,
    adopted_plan,
    numbers,
    viewer,
)
from warehouse import clock
from warehouse.action_tables import action, action_effect
from warehouse.assessment_tables import assessment
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.plan_tables import evidence_file as file_table

TEXT = Given(EvidenceKind.FILE, "Protokoll", "möte.txt", date(2025, 4, 28), "Tolv anteckningar lästa.".encode())
LINK = Given(EvidenceKind.LINK, "Rutinen", "https://intern.kommun.example/rutin?sida=2", date(2025, 1, 8))
NUMBERED = Given(EvidenceKind.REGISTRATION_NUMBER, "Beslutet", "SN 2025/123", date(2025, 2, 3))
MANAGER = viewer(Role.UNIT_MANAGER, units=frozenset({"1287-A"}))


@pytest.fixture
def at(engine: Engine) -> int:
    """An occasion."""
    return numbers(engine, adopted_plan(engine, EXTRACT))[EXTRACT.id, "2025-T1"]


def test_each_kind_is_listed_as_it_was_added(engine: Engine, at: int) -> None:
    made = [add_evidence(engine, DEVELOPER, About.OCCASION, at, one, today=TODAY) for one in (TEXT, LINK, NUMBERED)]
    with reading(engine) as connection:
        found = evidence_of(connection, AUDITOR, About.OCCASION, at)
    assert [one.number for one in found] == made
    assert [(one.kind, one.label, one.reference, one.evidence_on) for one in found] == [
        (one.kind, one.label, one.reference, one.evidence_on) for one in (TEXT, LINK, NUMBERED)
    ]
    assert TEXT.content is not None
    assert (found[0].file_hash, found[0].size) == (hashlib.sha256(TEXT.content).hexdigest(), len(TEXT.content))
    assert {one.added_by for one in found} == {"developer"}
    file = evidence_file(engine, AUDITOR, made[0])
    assert (file.name, file.media_type, file.content) == ("möte.txt", "text/plain", TEXT.content)
    assert [line[:2] for line in logged(engine)] == [("developer", "evidence_added")] * 3 + [("auditor", "export")]
    with pytest.raises(NotFound):
        evidence_file(engine, AUDITOR, made[1])


def test_the_same_bytes_are_held_once_under_each_ones_own_name(engine: Engine, at: int) -> None:
    first = add_evidence(engine, CHIEF, About.OCCASION, at, TEXT, today=TODAY)
    second = add_evidence(engine, CHIEF, About.OCCASION, at, replace(TEXT, reference="kopia.txt"), today=TODAY)
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(file_table)).scalar_one() == 1
    assert [evidence_file(engine, CHIEF, one).name for one in (first, second)] == ["möte.txt", "kopia.txt"]


def test_another_boards_evidence_is_neither_read_nor_added(engine: Engine, at: int) -> None:
    number, link = (add_evidence(engine, CHIEF, About.OCCASION, at, one, today=TODAY) for one in (TEXT, LINK))
    before = logged(engine)
    for other in (NEIGHBOUR, Viewer("ingen", ())):
        for each in (number, link):
            with pytest.raises(AccessDenied) as denied:
                evidence_file(engine, other, each)
            assert denied.value.municipality_code == "1287"
        with pytest.raises(NotFound):
            evidence_file(engine, other, 999)
        with reading(engine) as connection, pytest.raises(AccessDenied):
            evidence_of(connection, other, About.OCCASION, at)
    for other in (NEIGHBOUR, AUDITOR, PRESIDIUM, MANAGER):
        with pytest.raises(AccessDenied):
            add_evidence(engine, other, About.OCCASION, at, TEXT, today=TODAY)
    for about in About:
        with pytest.raises(NotFound):
            add_evidence(engine, CHIEF, about, 999, TEXT, today=TODAY)
    assert logged(engine) == before


def test_who_does_the_work_adds_what_it_rests_on(engine: Engine) -> None:
    now = clock.now()
    with writing(engine) as connection:
        of_board = {"municipality_code": "1287", "board_code": BOARD, "period": 202521, "subject": "maturity"}
        signed = {"grade": 3, "motivation": "m", "is_without_evidence": 0, "signed_at": now, "signed_by": "x"}
        for side, unit in (("presidium", None), ("unit", "1287-A")):
            connection.execute(insert(assessment).values(**of_board, **signed, side=side, unit_code=unit))
        connection.execute(
            insert(action).values(
                municipality_code="1287", board_code=BOARD, unit_code="1287-A", what="w", root_cause="r",
                origin="control", responsible="Chefen", starts_on=TODAY, due_on=TODAY, first_due_on=TODAY,
                cost_class="low", status="started", edits=0, made_at=now, made_by="x",
            )
        )  # fmt: skip
        connection.execute(
            insert(action_effect).values(
                action_no=1, effect="yes", motivation="m", assessed_on=TODAY, signed_at=now, signed_by="x"
            )
        )
    cases: dict[tuple[About, int], set[str]] = {
        (About.ASSESSMENT, 1): {"presidium"},
        (About.ASSESSMENT, 2): {"unit_manager"},
        (About.ACTION, 1): {"chief", "developer", "unit_manager"},
        (About.EFFECT, 1): {"chief", "developer", "unit_manager"},
    }
    readers = (CHIEF, DEVELOPER, AUDITOR, PRESIDIUM, MANAGER, NEIGHBOUR)
    for (about, number), expected in cases.items():
        with reading(engine) as connection:
            may = {one.user for one in readers if can_add_evidence(connection, one, about, number)} - {"auditor"}
        assert may == expected, (about, number)
        adder = next(one for one in readers if one.user in expected and one is not NEIGHBOUR)
        with writing(engine) as connection:  # in the caller's own transaction
            add_evidence(connection, adder, about, number, NUMBERED, today=TODAY)
            assert len(evidence_of(connection, AUDITOR, about, number)) == 1
            file = add_evidence(connection, adder, about, number, TEXT, today=TODAY)
            opens = {one.user for one in readers[:-1] if evidence_of(connection, one, about, number)[1].is_open}
        whole = {"chief", "developer", "auditor", "presidium"}
        assert opens == (whole if (about, number) == (About.ASSESSMENT, 1) else whole | {"unit_manager"})
        if "unit_manager" in opens:
            assert evidence_file(engine, MANAGER, file).content == TEXT.content
        else:
            with pytest.raises(AccessDenied):
                evidence_file(engine, MANAGER, file)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (replace(TEXT, label=" "), "Vad underlaget är saknas"),
        (replace(TEXT, label="Barnet 20120412-2384"), "personnummer"),
        (replace(TEXT, evidence_on=None), "datum saknas"),
        (replace(TEXT, evidence_on=TODAY + timedelta(days=1)), "framåt i tiden"),
        (replace(TEXT, content=None), "Filen saknas"),
        (replace(TEXT, content=b"<svg onload=alert(1)>"), "Filtypen tas inte emot"),
        (replace(TEXT, content=b"20120412-2384"), "personnummer"),
        (replace(TEXT, reference="20120412-2384.txt"), "Filens namn"),
        *(
            (replace(LINK, reference=link), "Länken")
            for link in (
                None, "", "http://kommun.example/", "javascript:alert(1)", "https://", "//kommun.example/x",
                "https://a:b@kommun.example/", "https://kommun.example/a b", 'https://kommun.example/"x',
                "data:text/html,x", "https://kommun.example/" + "a" * 500, "https://[::1", "HTTPS:kommun.example",
            )
        ),
        (replace(LINK, reference="https://kommun.example/20120412-2384"), "personnummer"),
        (replace(NUMBERED, reference=" "), "Diarienumret saknas"),
    ],
)  # fmt: skip
def test_what_is_not_kept_says_why(sqlite_engine: Engine, given: Given, words: str) -> None:
    with pytest.raises(UserError, match=words):
        add_evidence(sqlite_engine, CHIEF, About.OCCASION, _occasion(sqlite_engine), given, today=TODAY)
    assert logged(sqlite_engine) == []


def _occasion(engine: Engine) -> int:
    return numbers(engine, adopted_plan(engine, EXTRACT, with_units=False))[EXTRACT.id, "2025-T1"]
