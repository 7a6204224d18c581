"""Åtgärder and what a figure's page tells of them, as each role sees them and by what is posted; no browser."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dash
import pytest
from sqlalchemy import Engine, func, select

from control.actions.content import Effect
from control.actions.store import effects, read_action
from dashboard.app import create_app
from dashboard.routes import render
from kpi.access import Role, Viewer
from kpi.live import LiveCatalogue
from tests.builders import action_world as world
from tests.builders.dash_calls import LoginAs, post
from tests.builders.figures import catalogue
from tests.builders.rendered import told
from warehouse.action_tables import action, action_event, chart_mark, figure_remark
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading
from warehouse.settings import Settings

CHIEF, STRANGER = world.of(Role.CHIEF), world.of(Role.CHIEF, world.OTHER)
FIGURE_PAGE = f"/nyckeltal/{world.FIGURE}"


@dataclass
class Made:
    engine: Engine
    app: dash.Dash
    being: LoginAs
    live: LiveCatalogue
    done: int
    late: int
    foreign: int

    def page(self, viewer: Viewer, path: str, search: str = "") -> str:
        return told(render(self.engine, self.live, lambda _: viewer, path, search).page.children)

    def send(self, viewer: Viewer, form: str, about: dict[str, Any], **fields: str) -> Any:
        """Press the form's button, whatever its page would show."""
        self.being.is_now = viewer
        rules = self.app.server.config["SAMKOLL_CALLBACKS"]
        key = next(one for one in rules if one.endswith(f"...{form}-said.children.."))
        ids = [{"type": f"{form}-field", "name": name} for name in fields]
        values = [{"id": one, "property": "value", "value": fields[one["name"]]} for one in ids]
        told_ids = [{"id": one, "property": "id", "value": one} for one in ids]
        state = [values, told_ids, {"id": "action-about", "property": "data", "value": about}]
        if form.startswith("remark"):
            state = [
                values[0], {"id": "x", "property": "data", "value": about},
                {"id": "address", "property": "pathname", "value": FIGURE_PAGE},
                {"id": "address", "property": "search", "value": "?manad=2025-12"},
            ]  # fmt: skip
        return post(self.app.server.test_client(), key, [1], [], state=state)


@pytest.fixture(scope="module")
def filled(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[int, int, int]]:
    path = tmp_path_factory.mktemp("actions") / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    world.fill(engine, catalogue())
    numbers = world.act(engine, catalogue())
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine.dispose()
    return path, numbers


@pytest.fixture
def made(filled: tuple[Path, tuple[int, int, int]], tmp_path: Path) -> Made:
    path, numbers = filled
    shutil.copyfile(path, tmp_path / "samkoll.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'samkoll.db'}")
    settings, being = Settings(data_dir=tmp_path), LoginAs(CHIEF)
    app = create_app(engine, settings, login=being)
    return Made(engine, app, being, LiveCatalogue(settings.definitions, settings.last_good_definitions), *numbers)


def test_each_role_reads_the_boards_actions_and_only_who_reads_figures_their_values(made: Made) -> None:
    one = f"/atgarder/{made.done}"
    for role in world.ROLES:
        viewer = world.of(role)
        listed, page = made.page(viewer, "/atgarder"), made.page(viewer, one)
        assert "En åtgärd är försenad." in listed
        assert "Bildningsnämndens egen sak" not in listed + page
        reads_board = role not in (Role.DEVELOPER, Role.UNIT_MANAGER)
        assert ("visas för dem som läser nämndens nyckeltal" in page) is not reads_board, role
        assert ("efter på 92~%" in page) is reads_board, role
        manages = role in (Role.CHIEF, Role.DEVELOPER, Role.CONTROLLER)
        assert ("Arbeta med åtgärden" in page) is manages, role
        assert ("Starta en åtgärd" in listed) is (manages or role is Role.UNIT_MANAGER), role
        assert "Arbeta med åtgärden" in made.page(viewer, f"/atgarder/{made.late}") or not (
            manages or role is Role.UNIT_MANAGER
        )


def test_an_action_that_was_entered_in_afterthought_says_so(made: Made) -> None:
    address = f"/atgarder/{made.done}"
    assert "i efterhand" not in made.page(CHIEF, address)
    with made.engine.begin() as connection:
        connection.exec_driver_sql(f"update action set made_at = '2026-02-12 08:00:00' where action_no = {made.done}")
    assert "Införd 12~februari~2026, i efterhand" in made.page(CHIEF, address)


def test_what_was_promised_and_what_came_of_it(made: Made) -> None:
    page = made.page(CHIEF, f"/atgarder/{made.done}")
    for words in (
        "Klar 15~september~2025, efter den dag som lovades först.", "Effekten är inte bedömd ännu.",
        "från 50~% till 90~%", "Ingen har haft ansvaret", "31~augusti~2025", "En samordnare slutade",
        "Före åtgärden låg nyckeltalet på 49~% (jan~2024 – mar~2025), efter på 92~% (apr~2025 – dec~2025).",
        "större än vanlig variation", "Det förväntade värdet 90~% är nått.", "Siffrorna talar för: ja.",
        "Räkna vanlig nivå på nytt",
    ):  # fmt: skip
        assert words in page, words
    listed = made.page(CHIEF, "/atgarder", "?visa=klara")
    assert "Barnsamordnare" in listed
    assert "Rutin för kallelser" not in listed.split("Vad som är lovat")[1]


def test_a_person_signs_the_effect_and_accepts_a_new_usual_level(made: Made) -> None:
    about = {"number": made.done, "seen": 2}
    assert made.send(CHIEF, "action-judge", about, effect="yes", text="Nio månader i rad").status_code == 200
    with reading(made.engine) as connection:
        one = read_action(connection, CHIEF, made.done)
        (signed,) = effects(connection, CHIEF, one)
    assert signed.effect is Effect.YES
    assert signed.after is not None
    assert (signed.after["count"], signed.after["level"]) == (9, pytest.approx(11 / 12))
    assert signed.before is not None
    assert signed.before["level"] == pytest.approx(sum(world.HEARD[:15]) / 180)
    assert "bedöms av förvaltningen ha gett effekt" in made.page(CHIEF, "/atgarder")
    before = made.page(CHIEF, FIGURE_PAGE)
    assert "åtgärden ”Barnsamordnare i varje möte” började i april~2025" in before
    assert "Ny vanlig nivå" not in before
    made.send(CHIEF, "action-rebase", about)
    after = made.page(CHIEF, FIGURE_PAGE)
    assert "Ny vanlig nivå från april~2025: Åtgärd: Barnsamordnare i varje möte." in after
    assert "Ny vanlig nivå" not in made.page(CHIEF, FIGURE_PAGE, f"?enhet={world.UNIT}"), "the unit has its own level"
    assert (
        "räknas inte på nytt"
        in made.send(CHIEF, "action-rebase", about).get_json()["response"]["action-rebase-said"]["children"]["props"][
            "children"
        ]
    )
    with reading(made.engine) as connection:
        wanted = select(func.count()).select_from(chart_mark).where(chart_mark.c.is_rebase == 1)
        assert connection.scalar(wanted) == 1


def test_a_mark_is_taken_out_of_the_chart(made: Made) -> None:
    about, before = {"number": made.done, "seen": 2}, made.page(CHIEF, FIGURE_PAGE)
    made.send(CHIEF, "action-rebase", about)
    assert "Ny vanlig nivå" in made.page(CHIEF, FIGURE_PAGE)
    with reading(made.engine) as connection:
        mark = str(connection.scalar(select(chart_mark.c.mark_no).where(chart_mark.c.is_rebase == 1)))

    def send(viewer: Viewer, why: str, about: dict[str, Any] = about) -> str:
        return str(made.send(viewer, "action-unmark", about, mark=mark, text=why).get_json())

    assert "Ta bort en markering ur diagrammet" in made.page(CHIEF, f"/atgarder/{made.done}")
    assert "Skälet saknas" in send(CHIEF, " ")
    assert "nämnd" in send(STRANGER, "Vårt")
    assert "redan borttagen" in send(CHIEF, "En annans markering", {"number": made.late, "seen": 0})
    assert "Ny vanlig nivå" in made.page(CHIEF, FIGURE_PAGE)
    assert "redan borttagen" not in send(CHIEF, "Nivån beror på färre kallelser")
    assert "redan borttagen" in send(CHIEF, "En gång till")
    assert made.page(CHIEF, FIGURE_PAGE) == before, "the usual level is as it was"
    page = made.page(CHIEF, f"/atgarder/{made.done}")
    assert "Vanlig nivå räknas inte längre på nytt. Nivån beror på färre kallelser" in page
    assert "Räkna vanlig nivå på nytt" in page, "it is offered again"
    with reading(made.engine) as connection:
        event = select(audit_event.c.action, audit_event.c.board_code).where(audit_event.c.action.like("mark%"))
        assert connection.execute(event).one() == ("mark_removed", world.BOARD)


def test_an_action_is_started_from_a_figure(made: Made) -> None:
    figure = made.page(CHIEF, FIGURE_PAGE)
    assert "Starta en åtgärd" in figure
    form = json.dumps(
        render(
            made.engine, made.live, lambda _: CHIEF, "/atgarder", f"?ny=1&nyckeltal={world.FIGURE}&enhet={world.UNIT}"
        ).page.children,
        default=lambda one: one.to_plotly_json(),
    )
    assert f'"value": "{world.FIGURE}"' in form
    assert f'"value": "{world.UNIT}"' in form
    fields = {
        "what": "Fråga alltid barnet", "root_cause": "Det glöms", "responsible": "Enhetschefen", "kpi": world.FIGURE,
        "unit": world.UNIT, "starts_on": "2026-01-01", "due_on": "2026-02-28", "expected_from": "92",
        "expected_to": "80", "cost_class": "low", "origin": "figure", "origin_reference": "",
    }  # fmt: skip
    wrong = made.send(CHIEF, "action-new", {"board": world.BOARD}, **fields)
    assert "högre än i dag" in wrong.get_json()["response"]["action-new-said"]["children"]["props"]["children"]
    right = made.send(CHIEF, "action-new", {"board": world.BOARD}, **(fields | {"expected_to": "95"}))
    address = right.get_json()["response"]["address"]
    assert made.page(CHIEF, address["pathname"]).startswith("Åtgärder")
    assert "Fråga alltid barnet" in made.page(CHIEF, address["pathname"])


def test_another_boards_action_by_its_number_is_refused_and_logged(made: Made) -> None:
    assert "läses av dem som arbetar med den" in made.page(CHIEF, f"/atgarder/{made.foreign}")
    assert "läses av dem som arbetar med den" in made.page(CHIEF, "/atgarder", f"?enhet={world.OTHER}")
    for path in ("/atgarder/999", "/atgarder/x", "/atgarder/1/2"):
        assert "Sidan finns inte" in made.page(CHIEF, path)
    counted = (action, action_event, figure_remark)

    def state() -> list[Any]:
        with reading(made.engine) as connection:
            return [connection.execute(select(table)).all() for table in counted]

    before = state()
    about = {"number": made.foreign, "seen": 0}
    for form in ("change", "begin", "finish", "cancel", "reopen", "comment", "judge", "rebase"):
        for viewer in (CHIEF, world.of(Role.PRESIDIUM)):
            answer = made.send(viewer, f"action-{form}", about, text="Hej", effect="yes", on="2025-05-01")
            assert answer.status_code == 403, form
    manager = world.of(Role.UNIT_MANAGER)
    assert made.send(manager, "action-comment", {"number": made.done, "seen": 2}, text="Hej").status_code == 403
    remark = {"board": world.BOARD, "kpi": world.FIGURE, "period": "2025-12"}
    for kind in ("comment", "no-action", "counterpart"):
        for viewer in (STRANGER, world.of(Role.PRESIDIUM), manager):
            assert made.send(viewer, f"remark-{kind}", remark, text="Hej").status_code == 403
    assert state() == before
    with reading(made.engine) as connection:
        refused = connection.scalar(
            select(func.count()).select_from(audit_event).where(audit_event.c.action == "access_refused")
        )
    assert refused == 2 + 16 + 1 + 9


def test_a_comment_stands_on_the_figures_page_and_is_corrected_by_whoever_read_it(made: Made) -> None:
    about: dict[str, Any] = {"board": world.BOARD, "kpi": world.FIGURE, "period": "2025-12"}
    assert "Ingen har kommenterat nyckeltalet ännu." in made.page(world.of(Role.AUDITOR), FIGURE_PAGE)
    assert made.send(CHIEF, "remark-comment", about, text="Samordnarna fungerar").status_code == 200
    again = made.send(CHIEF, "remark-comment", about, text="Jag såg inte att det fanns en")
    assert "någon annan har ändrat" in json.dumps(again.get_json(), ensure_ascii=False)
    page = made.page(world.of(Role.AUDITOR), FIGURE_PAGE, "?manad=2025-12")
    assert "Samordnarna fungerar" in page
    assert "Spara kommentaren" not in page
    assert "Senast skrevs" in made.page(CHIEF, FIGURE_PAGE, "?manad=2025-11")
    assert "Rätta: kommentera perioden" in made.page(CHIEF, FIGURE_PAGE, "?manad=2025-12")
