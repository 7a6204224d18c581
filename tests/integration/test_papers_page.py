"""The page Handlingar: what each role meets, how a paper is made and put before the board, and its files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from control.papers.kinds import PaperKind
from control.papers.service import make_paper
from dashboard.app import create_app
from kpi.access import Grant, Role, Viewer
from tests.builders.dash_calls import PAGE, LoginAs, post
from tests.builders.figures import catalogue
from tests.builders.paper_world import BOARD, make_world
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.paper_tables import paper
from warehouse.settings import Settings

DRAFT = "/ladda-ned/handling/1"


def viewer(role: Role) -> Viewer:
    return Viewer(role.value, (Grant(role, "1287", frozenset({BOARD})),))


class World:
    """One viewer at a time, on a warehouse with one draft."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = make_world(engine)
        self.login = LoginAs(viewer(Role.SECRETARY))
        self.app = create_app(engine, Settings(data_dir=folder), login=self.login)
        make_paper(
            engine, catalogue(), self.login.is_now, PaperKind.MONTHLY, BOARD, None, today=date(2025, 2, 3)
        )  # fmt: skip

    def page(self, role: Role, path: str = "/handlingar", search: str = "") -> tuple[int, str]:
        self.login.is_now = viewer(role)
        answer = post(self.app.server.test_client(), PAGE, [path, search, 0])
        return answer.status_code, answer.text.encode().decode("unicode_escape").replace("\xa0", " ")

    def get(self, role: Role, path: str) -> Any:
        self.login.is_now = viewer(role)
        return self.app.server.test_client().get(path)

    def press(self, role: Role, output: str, inputs: list[Any], state: list[Any], pressed: str) -> Any:
        self.login.is_now = viewer(role)
        key = next(one for one in self.app.callback_map if one.startswith(output))
        changed = {"changedPropIds": [f"{pressed}.n_clicks"]}
        return post(self.app.server.test_client(), key, inputs, state, **changed)


@pytest.fixture
def world(sqlite_engine: Engine, tmp_path: Path) -> World:
    return World(sqlite_engine, tmp_path)


def test_the_draft_is_there_for_its_makers_and_nowhere_for_members(world: World) -> None:
    status, told = world.page(Role.SECRETARY)
    assert status == 200
    assert "Ett utkast väntar" in told
    assert "Gör utkast" in told
    status, told = world.page(Role.CHIEF, "/handlingar/1")
    assert status == 200
    assert "Förslag till beslut" in told
    assert "bilaga-sekretess.pdf" in told
    assert "Lägg fram" not in told
    assert "Pröva handlingen" in told
    assert world.page(Role.MEMBER, "/handlingar/1")[0] == 404
    assert "Inga handlingar har lagts fram" in world.page(Role.MEMBER)[1]
    assert world.page(Role.DPO)[0] == 403
    assert world.page(Role.SECRETARY, "/handlingar/x")[0] == 404


def test_a_paper_that_is_not_the_readers_is_nowhere_and_the_log_says_that_it_was_asked_for(world: World) -> None:
    elsewhere = Viewer("granne", (Grant(Role.MEMBER, "1263", frozenset({"1263-SN"})),))
    world.login.is_now = elsewhere
    client = world.app.server.test_client()
    for path in (f"{DRAFT}.html", f"{DRAFT}/bilaga-sekretess.html"):
        there, nowhere = client.get(path), client.get(path.replace("/1", "/2"))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.text.replace("Handling 1 ", "Handling 2 ") == nowhere.text
    assert post(client, PAGE, ["/handlingar/1", "", 0]).status_code == 404
    assert client.get(f"/ladda-ned/handling/{10**30}.html").status_code == 404
    with reading(world.engine) as connection:
        events = connection.execute(
            select(audit_event).where(audit_event.c.action == "access_refused", audit_event.c.actor == "granne")
        ).all()
    assert len(events) == 3
    assert all("Handling 1 " in one.resource for one in events)
    assert {tuple(one.details["municipalities"]) for one in events} == {("1263", "1287")}


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx", "html"])
def test_files_are_given_by_right_and_logged(world: World, ending: str) -> None:
    assert world.get(Role.MEMBER, f"{DRAFT}.{ending}").status_code == 404
    given = world.get(Role.AUDITOR, f"{DRAFT}.{ending}")
    assert given.status_code == 200
    assert given.headers["Content-Disposition"] == f'attachment; filename="monthly-1287-SN-2025-01-v1.{ending}"'
    assert given.data == world.get(Role.SECRETARY, f"{DRAFT}.{ending}").data
    with reading(world.engine) as connection:
        found = connection.execute(select(audit_event.c.actor, audit_event.c.action, audit_event.c.resource)).all()
    assert ("auditor", "export", f"monthly-1287-SN-2025-01-v1.{ending}") in [tuple(one) for one in found]
    assert world.get(Role.AUDITOR, f"{DRAFT}.exe").status_code == 404


def test_a_secretary_makes_numbers_and_delivers_and_then_the_member_reads(world: World) -> None:
    made = world.press(
        Role.SECRETARY, "paper-made", [1], [PaperKind.MONTHLY.value, BOARD, "2024-12", ""], "paper-make"
    )  # fmt: skip
    assert "/handlingar/2" in _plain(made)
    key = next(one for one in world.app.callback_map if "paper-done" in one)

    def step(pressed: str, number: str, sure: str, edits: int) -> Any:
        clicks = [1, None] if pressed == "paper-save" else [None, 1]
        return world.press(Role.SECRETARY, key, clicks, [number, sure, {"paper": 1, "edits": edits}], pressed)

    assert "sparades inte" in _plain(step("paper-save", "SN 2025/44", "", 5))
    assert "dnr SN 2025/44" in _plain(step("paper-save", "SN 2025/44", "", 0))
    assert "skriv JA" in _plain(step("paper-deliver", "SN 2025/44", "", 1))
    step("paper-deliver", "SN 2025/44", "ja", 1)
    status, told = world.page(Role.MEMBER, "/handlingar/1")
    assert status == 200
    assert "Lades fram för nämnden" in told
    assert "bilaga-sekretess" not in told
    assert world.get(Role.MEMBER, f"{DRAFT}.pdf").status_code == 200
    assert world.get(Role.MEMBER, f"{DRAFT}/bilaga-sekretess.pdf").status_code == 403
    assert world.get(Role.CHIEF, f"{DRAFT}/bilaga-sekretess.pdf").status_code == 200


def test_an_auditor_has_a_paper_proved(world: World) -> None:
    assert "blir densamma" in world.page(Role.AUDITOR, "/handlingar/1", "?prova=ja")[1]
    with writing(world.engine) as connection:
        connection.execute(update(paper).values(content_hash="0" * 64))
    assert "ändrade i efterhand" in world.page(Role.AUDITOR, "/handlingar/1", "?prova=ja")[1]


def _plain(answer: Any) -> str:
    return str(answer.get_json())


def test_who_may_not_is_told_and_nothing_is_made(world: World) -> None:
    answer = world.press(Role.CHIEF, "paper-made", [1], [PaperKind.MONTHLY.value, BOARD, "", ""], "paper-make")
    assert answer.status_code == 403
    answer = world.press(Role.SECRETARY, "paper-made", [1], ["nonsense", BOARD, "", ""], "paper-make")
    assert "Välj vilket slags" in _plain(answer)
    answer = world.press(Role.SECRETARY, "paper-made", [1], ["tertial", BOARD, "2024-13", ""], "paper-make")
    assert "är ingen period" in _plain(answer)
