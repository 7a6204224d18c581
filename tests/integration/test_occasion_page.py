"""The page of a control that comes due: what it says to whom, its forms, its evidence, and the board's list."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from control.evidence.files import MOST_BYTES
from control.occasions.carry_out import Finding, sign
from control.occasions.described import describe
from control.occasions.reading import occasions
from dashboard.app import create_app
from dashboard.components.occasion_list import occasion_section
from dashboard.rules import MOST_FILE_TEXT, Takes
from kpi.access import Viewer
from kpi.compute import compute
from tests.builders.case_world import logged
from tests.builders.closed_world import choose
from tests.builders.dash_calls import PAGE, LoginAs, post, words
from tests.builders.figures import catalogue
from tests.builders.plan_world import (
    AUDITOR,
    BOARD,
    CHIEF,
    DEVELOPER,
    EXTRACT,
    MONTHLY,
    NEIGHBOUR,
    SAMPLED,
    TODAY,
    adopted_plan,
    control,
    numbers,
)
from tests.builders.rendered import told
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.database import reading
from warehouse.settings import Settings

FINISH = "..main.children...occasion-told.children...occasion-seen.data.."
ADD = (
    "..evidence-lists.children...evidence-result.children...evidence-label.value...evidence-link.value"
    "...evidence-number.value...evidence-file.contents...evidence-file.filename.."
)
FIGURED = control("kallelser", kpis=("sip_follow_up_agreed",))


class Site:
    """The application on a board's plan, as whoever reads."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        plan_no = adopted_plan(engine, EXTRACT, SAMPLED, FIGURED)
        self.at = {name: number for (name, period), number in numbers(engine, plan_no).items() if period == "2025-T1"}
        sips = [_sip(at) for at in range(40)]
        deliver(engine, "2025-06-30", sips=sips)
        compute(engine, choose("sip_follow_up_agreed"))
        self.login = LoginAs(CHIEF)
        app = create_app(engine, Settings(data_dir=folder), login=self.login)
        self.callbacks = app.server.config["SAMKOLL_CALLBACKS"]
        self.client: FlaskClient = app.server.test_client()

    def page(self, viewer: Viewer, name: str) -> Any:
        self.login.is_now = viewer
        return post(self.client, PAGE, [f"/intern-kontroll/{self.at[name]}", "", 0])

    def call(self, viewer: Viewer, outputs: str, inputs: list[Any], state: list[Any], **more: Any) -> Any:
        self.login.is_now = viewer
        key = next(key for key in self.callbacks if _plain(key) == outputs)
        return post(self.client, key, inputs, state, **more)

    def add(self, viewer: Viewer, content: bytes | None, name: str | None, **more: str) -> Any:
        coded = None if content is None else f"data:text/plain;base64,{b64encode(content).decode()}"
        about = f"occasion:{self.at[EXTRACT.id]}"
        state = [{about: "Kontrollmomentet"}, about, "Protokoll", "2025-04-28", more.get("link"), None, coded, name]
        return self.call(viewer, ADD, [1], state)


def _plain(key: str) -> str:
    return f"..{'...'.join(one.split('@')[0] for one in key[2:-2].split('...'))}.." if key.startswith("..") else key


def _sip(at: int) -> dict[str, Any]:
    return {
        "sip_id": f"S{at}", "municipality_code": "1287", "unit_code": "1287-A", "initiator_actor": "skola",
        "initiated_on": "2025-01-02", "met_on": f"2025-0{1 + at % 4}-10", "consent": "given",
        "birth_date": "2015-04-01", "sex": "K", "agreed_follow_up_on": "2025-06-01" if at % 4 == 0 else None,
    }  # fmt: skip


@pytest.fixture
def site(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(clock, "today", lambda: date(2025, 5, 20))
    return Site(sqlite_engine, tmp_path)


def text_of(answer: Any) -> str:
    return words(answer.get_json()["response"]["main"]["children"])


def test_the_page_says_what_to_check_what_the_figures_propose_and_who_decides(site: Site) -> None:
    said = text_of(site.page(CHIEF, FIGURED.id))
    assert "Kontrollmomentet för första tertialet 2025 är försenat 5 dagar. Det skulle ha varit" in said
    assert "Orsak. Händelse. Följd." in said
    assert "Riskvärde i planen 6 (sannolikhet 2, steg 2 × konsekvens 3, steg 3)" in said
    assert "25 %, de senaste 12 månaderna" in said
    assert "Nyckeltalen föreslår mindre brist och sannolikhet 3, steg 3. Du bedömer och avgör." in said
    assert "Uppföljningsdatum avtalat: lägre än det föreslagna målet." in said
    assert "Underteckna" in said
    developer = text_of(site.page(DEVELOPER, FIGURED.id))
    assert "Nyckeltalen föreslår mindre brist och sannolikhet 3, steg 3. Du bedömer och avgör." in developer
    assert "25 %" not in developer, "who does not read the figures is told what they propose, not their values"
    auditor = text_of(site.page(AUDITOR, FIGURED.id))
    assert "Resultatet är inte undertecknat än." in auditor
    assert "Underteckna " not in auditor
    refused = site.page(NEIGHBOUR, FIGURED.id)
    assert refused.status_code == 403
    assert logged(site.engine)[-1][:2] == ("chief", "access_refused")


def test_a_draft_is_for_those_who_write_it_and_a_signature_keeps_the_proposal(site: Site) -> None:
    at = site.at[FIGURED.id]
    finding = ["minor", "Var fjärde plan saknar datum.", "3", "3", "2025-05-19"]
    seen = {"number": at, "edits": 0}
    saved = site.call(CHIEF, FINISH, [1, None], [seen, *finding], changedPropIds=["occasion-save.n_clicks"]).get_json()
    assert "Utkastet är sparat." in str(saved)
    assert saved["response"]["occasion-seen"]["data"] == {"number": at, "edits": 1}
    assert "Var fjärde plan" not in text_of(site.page(AUDITOR, FIGURED.id))
    stale = site.call(DEVELOPER, FINISH, [1, None], [seen, *finding], changedPropIds=["occasion-save.n_clicks"])
    assert (
        "någon annan har ändrat det" in stale.get_json()["response"]["occasion-told"]["children"]["props"]["children"]
    )
    wrong = site.call(CHIEF, FINISH, [1, 1], [seen, *finding[:4], "i går"], changedPropIds=["occasion-sign.n_clicks"])
    assert "går inte att läsa som en dag" in str(wrong.get_json())
    signed = site.call(
        CHIEF, FINISH, [1, 1], [seen | {"edits": 1}, *finding], changedPropIds=["occasion-sign.n_clicks"]
    )
    said = text_of(signed)
    assert re.search(r"Mindre brist (under|i) [^.]+\. Undertecknat", said)
    assert "Förslag då Nyckeltalen föreslog mindre brist och sannolikhet 3, steg 3." in said
    with reading(site.engine) as connection:
        assert describe(connection, at).occasion.is_done
    denied = site.call(
        NEIGHBOUR, FINISH, [1, 1], [seen | {"edits": 2}, *finding], changedPropIds=["occasion-sign.n_clicks"]
    )
    assert denied.status_code == 403
    assert logged(site.engine)[-1][1] == "access_refused"


def test_a_file_is_added_listed_and_given_out_as_a_file_to_keep(site: Site) -> None:
    answer = site.add(DEVELOPER, "Tolv anteckningar lästa.".encode(), "möte.html")
    assert answer.status_code == 200
    lists = answer.get_json()["response"]["evidence-lists"]["children"]
    assert "Protokoll Fil, möte.txt, 1 kB 28 april 2025" in words(lists)
    site.login.is_now = AUDITOR
    file = site.client.get("/ladda-ned/underlag/1")
    assert (file.status_code, file.text) == (200, "Tolv anteckningar lästa.")
    assert file.headers["Content-Disposition"].startswith("attachment; filename")
    assert (file.headers["X-Content-Type-Options"], file.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert file.headers["Content-Type"].startswith("text/plain")
    assert logged(site.engine)[-1][:2] == ("auditor", "export")
    site.login.is_now = NEIGHBOUR
    assert site.client.get("/ladda-ned/underlag/1").status_code == 403
    assert logged(site.engine)[-1][:2] == ("chief", "access_refused")
    assert site.client.get("/ladda-ned/underlag/2").status_code == 404
    site.login.is_now = AUDITOR
    assert site.client.get(f"/ladda-ned/underlag/{10**20}").status_code == 404


@pytest.mark.parametrize("targets", [{"occasion:999": "x"}, {"occasion": "x"}])
def test_nothing_is_kept_when_the_list_that_would_show_it_cannot_be_drawn(site: Site, targets: dict[str, str]) -> None:
    before = logged(site.engine)
    about = f"occasion:{site.at[EXTRACT.id]}"
    answer = site.call(DEVELOPER, ADD, [1], [targets, about, "Beslut", "2025-04-28", None, "SN 2025/1", None, None])
    assert answer.status_code == 404
    assert logged(site.engine) == before


REFUSED: tuple[tuple[bytes | None, str | None, str | None, str], ...] = (
    (b"<svg onload='alert(1)'/>", "bild.png", None, "Filtypen tas inte emot."),
    (b"<html><script>", "x.txt", None, "Filtypen tas inte emot."),
    (b"20120412-2384", "x.txt", None, "kan vara ett personnummer"),
    (None, None, "javascript:alert(1)", "Länken tas inte emot"),
    (None, None, None, "ett av dem åt gången"),
    (b"text", "x.txt", "https://kommun.example/", "ett av dem åt gången"),
)


def test_what_is_refused_is_told_in_the_form(site: Site) -> None:
    for content, name, link, said in REFUSED:
        answer = site.add(CHIEF, content, name, **({"link": link} if link else {}))
        assert said in words(answer.get_json()["response"]["evidence-result"]["children"]), said
        assert "evidence-lists" not in answer.get_json()["response"]


def test_only_a_callback_that_takes_a_file_may_be_sent_one(site: Site) -> None:
    large = b"a" * (MOST_BYTES - 10)
    assert site.add(CHIEF, large, "x.txt").status_code == 200
    coded = f"data:text/plain;base64,{b64encode(large).decode()}"
    answer = post(site.client, PAGE, ["/", coded, 0])
    assert (answer.status_code, answer.text[:33]) == (413, "Det som skickades är för stort: h")
    for value in ("x", "data:text/plain;base64,<", "data:a,b;base64,", "data:;base64,A" + "A" * MOST_FILE_TEXT, 1, []):
        assert not Takes.FILE.fits(value), str(value)[:40]
    assert Takes.FILE.fits("data:application/pdf;base64,JVBERi0=")


def test_the_list_begins_with_what_is_late(sqlite_engine: Engine) -> None:
    today = date(2025, 5, 10)
    plan_no = adopted_plan(sqlite_engine, EXTRACT, MONTHLY)

    def said(on: date) -> str:
        with reading(sqlite_engine) as connection:
            return told(occasion_section(occasions(connection, AUDITOR, BOARD, plan_no, on), on)).replace("~", " ")

    assert "Tre kontrollmoment är försenade, två kontrollmoment ska genomföras, det första senast 15 maj 2025." in said(
        today
    )
    assert "Försenat 84 dagar" in said(today)
    assert "Kommande: 10 kontrollmoment" in said(today)
    at = numbers(sqlite_engine, plan_no)
    for period in ("2025-01", "2025-02", "2025-03", "2025-04"):
        sign(
            sqlite_engine, CHIEF, catalogue(), at[MONTHLY.id, period], 0, Finding("minor", "Brist.", 2, 2, TODAY),
            today=today,
        )  # fmt: skip
    assert "Ett kontrollmoment ska genomföras senast 15 maj 2025." in said(today)
    assert "Genomförda: 4 kontrollmoment" in said(today)
    assert "Mindre brist efter sista dagen" in said(today)
    assert "Inget kontrollmoment väntar nu. Nästa ska vara genomfört senast 15 maj 2025." in said(date(2025, 1, 2))
    assert "Planen har inga kontrollmoment ännu." in told(occasion_section((), today))
