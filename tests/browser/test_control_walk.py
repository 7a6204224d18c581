"""The whole way of internal control in a browser, as the issue tells it: a plan is adopted, sides assess, a sample is
reviewed, a figure has fallen, an action is started, periods are closed, its effect is signed, papers are printed.

The parts are tested on their own elsewhere; here they meet. One reader's window follows the roles as the demo does, and
each step happens on the day that it would: the clock goes on between them, from December to the January after next.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader
from sqlalchemy import Engine, func, select
from werkzeug.serving import make_server

from control.audit.actions import Action as AuditAction
from dashboard.app import create_app
from dashboard.login.demo import COOKIE, DemoLogin
from etl.own import deliver_own
from etl.requests import carry_out_requests
from etl.run import load
from etl.simulate import simulate
from kpi.compute import compute
from kpi.loader import load_catalogue
from tests.browser.conftest import Watched
from tests.builders.pdf import pdf_text
from warehouse import clock
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading
from warehouse.migrate import upgrade
from warehouse.settings import ROOT, Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("control walk")]

PATIENCE_MS = 60_000
"""Others use the machine too."""
FIRST_DAY, LAST_DAY = date(2024, 12, 3), date(2026, 1, 9)
MONTHS = 28
"""Simulated up to the last day; the staff turn over in the winter and spring before the action."""
BOARD = "1287-SN"
FIGURE = "sip_followed_up_in_time"
PLAN = f"/intern-kontroll?enhet={BOARD}&ar=2025"
CLOSED = {"2025-09": date(2025, 10, 9), "2025-10": date(2025, 11, 10), "2025-11": date(2025, 12, 9)}
"""Each period that is closed, and the day."""
REPORTED = "2025-12"
"""The period of the papers, closed when the effect has been signed."""
REVIEW = "Granska ett slumpmässigt urval planer mot lagens fyra uppgifter"
ACTION = "En vikarierande samordnare tar över när någon slutar"
SECOND = "Presidium, vice ordförande"
WHY_NONE = "Åtgärder tas fram till nämndens nästa möte."
WHY = "Uppföljningarna hölls i tid i februari och mars, men inte i januari och april. Vi litar inte på rutinen ännu."
FOUND = "I en av fyra planer står det inte vilken huvudman som har det övergripande ansvaret."
JUDGED = "Uppföljningarna hålls i tid igen, också när någon slutar."
PAPERS = {
    "Månadsuppföljning": ("Uppföljning av intern kontroll i december 2025", (REVIEW, ACTION, JUDGED)),
    "Yttrande över revisionsrapport": ("Yttrande över revisionsrapport", (REVIEW, ACTION, JUDGED, FOUND, WHY)),
}
"""Each paper's title, and what it tells of what has happened."""


class Shown:
    """The time that everything is told: it goes as it does, on another day."""

    def __init__(self, day: date) -> None:
        self._told = clock.now
        self.show(day)

    def show(self, day: date) -> None:
        """The morning of that day."""
        self._ahead = clock.midnight(day) + timedelta(hours=9) - self._told()

    def now(self) -> datetime:
        """This moment."""
        return self._told() + self._ahead


@dataclass
class Walk:
    """The reader's window, and what stands behind it."""

    window: Watched
    engine: Engine
    settings: Settings
    shown: Shown

    def at(self, persona: str, address: str) -> Page:
        """The page as the persona."""
        self.window.page.context.add_cookies([{"name": COOKIE, "value": persona, "url": self.window.base}])
        return self.open(address)

    def open(self, address: str) -> Page:
        """The page, when nothing that the one before asked for is on its way."""
        if self.window.page.url != "about:blank":
            self.window.settle()
        return self.window.open(address)

    def today(self, day: date) -> None:
        """The day that it is from now on."""
        self.shown.show(day)

    def recompute(self) -> None:
        """What the scheduler does within seconds: the product's own records, and the figures."""
        deliver_own(self.engine, self.settings)
        compute(self.engine, load_catalogue(self.settings.definitions))


@pytest.fixture(scope="module")
def walk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with pytest.MonkeyPatch.context() as patch:
        shown = Shown(FIRST_DAY)
        patch.setattr(clock, "now", shown.now)
        engine, settings = _world(tmp_path_factory.mktemp("walk"))
        app = create_app(engine, settings, login=DemoLogin())
        server = make_server("127.0.0.1", 0, app.server, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        context = browser.new_context(
            viewport={"width": 1440, "height": 1000}, locale="sv-SE", reduced_motion="reduce", accept_downloads=True
        )
        context.set_default_timeout(PATIENCE_MS)
        window = Watched(context.new_page(), f"http://127.0.0.1:{server.port}", PATIENCE_MS)
        window.listen()
        yield Walk(window, engine, settings, shown)
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()
        engine.dispose()


def _world(folder: Path) -> tuple[Engine, Settings]:
    """Trelleborg's simulated deliveries, all of them: the pages are asked for the months that have gone."""
    definitions = folder / "kpi_definitions.yaml"
    definitions.write_bytes((ROOT / "kpi_definitions.yaml").read_bytes())
    settings = Settings(data_dir=folder / "var", definitions=definitions, requests_per_minute=10_000)
    engine = open_engine(settings.warehouse_url)
    upgrade(engine)
    simulate(folder / "files", municipalities=("1287",), months=MONTHS, seed=4, until=LAST_DAY)
    load(engine, settings, [folder / "files"], as_of=LAST_DAY)
    compute(engine, load_catalogue(definitions))
    return engine, settings


def told(where: Locator, words: str) -> None:
    """That a person reads the words there, soon."""
    expect(where).to_contain_text(words, timeout=PATIENCE_MS)


def choose(page: Page | Locator, label: str, option: str) -> None:
    """One of a list."""
    page.get_by_role("combobox", name=label).or_(page.get_by_role("textbox", name=label)).first.click()
    whole = page if isinstance(page, Page) else page.page
    whole.get_by_role("option", name=option).click()


def test_the_way_of_internal_control(walk: Walk) -> None:
    _adopt_the_plan(walk)
    _assess(walk)
    _carry_out_a_sample_control(walk)
    _start_an_action(walk)
    _close_three_periods(walk)
    _show_the_effect(walk)
    _close(walk, REPORTED, LAST_DAY)
    _print_the_papers(walk)
    _see_the_own_figure(walk)
    assert walk.window.troubles == []
    assert walk.window.violations == []


def _adopt_the_plan(walk: Walk) -> None:
    page = walk.at("utvecklare", PLAN)
    page.get_by_role("button", name="Påbörja planen").click()
    told(page.locator(".lead"), "Planen för 2025 är ett utkast.")
    page.get_by_role("row", name=REVIEW).get_by_role("link", name="Ändra").click()
    page.get_by_label("Stickprovets storlek").fill("4")
    page.get_by_role("button", name="Spara kontrollmomentet").click()
    told(page.get_by_role("row", name=REVIEW), "4 planer, mot lagens fyra uppgifter")
    page.get_by_role("link", name="Föreslå planen för nämnden").click()
    page.get_by_role("button", name="Föreslå planen").click()
    told(page.locator(".lead"), "väntar på nämndens beslut")

    walk.today(date(2024, 12, 19))
    page = walk.at("sekreterare", PLAN)
    page.get_by_role("link", name="För in nämndens beslut att anta").click()
    page.get_by_label("Beslutsdag").fill("2024-12-17")
    page.get_by_label("Paragraf").fill("§ 71")
    page.get_by_label("Diarienummer").fill("SN 2024/118")
    page.get_by_role("button", name="För in beslutet").click()
    told(page.locator(".lead"), "Planen för 2025 är antagen 17 december 2024, § 71.")


def _assess(walk: Walk) -> None:
    walk.today(date(2025, 5, 7))
    address = f"/bedomningar?enhet={BOARD}&period=2025-T1"
    page = walk.at("presidium", address)
    page.get_by_role("link", name="Bedöm av fråga 3 för presidiet").click()
    page.get_by_role("radio", name="Till viss del").check()
    page.get_by_label("Motivering").fill(WHY)
    page.get_by_label("Underlag", exact=True).fill("Protokoll, § 31")
    page.get_by_label("Var det finns").fill("SN 2025/97")
    page.get_by_label("Underlagets dag").fill("2025-04-15")
    page.get_by_role("button", name="Underteckna").click()
    card = page.locator(".card.assessment", has_text=WHY)
    told(card, "Väntar på en andra person")
    expect(card.get_by_role("button", name="Bekräfta")).to_have_count(0)

    walk.today(date(2025, 5, 9))
    page = walk.at("presidium-vice", address)
    page.get_by_role("button", name="Bekräfta").click()
    told(page.locator(".card.assessment", has_text=WHY), f"Bekräftad av {SECOND}")


def _carry_out_a_sample_control(walk: Walk) -> None:
    walk.today(date(2025, 5, 12))
    page = walk.at("utvecklare", PLAN)
    page.get_by_role("link", name=REVIEW).click()
    told(page.locator(".lead"), "ska vara genomfört senast 15 maj 2025")
    page.get_by_role("button", name="Lotta planer").click()
    told(page.locator("#plans-state"), "4 av ")
    for number, card in enumerate(page.locator(".plan-card").all(), 1):
        for radio in card.get_by_role("radio", name="Ja").all():
            radio.check()
        if number == 4:
            card.get_by_role("radio", name="Nej").last.check()
        card.get_by_role("button", name="Spara").click()
        told(page.locator("#plans-told"), f"Plan {number} är sparad.")
    told(page.locator("#plans-told"), "4 av 4 planer är granskade, och 3 av dem har lagens fyra uppgifter.")
    page.get_by_text("Lägg till underlag").click()
    page.get_by_label("Vad är det?").fill("Granskningsprotokoll")
    page.get_by_label("Underlagets datum").fill("2025-05-11")
    page.locator("#evidence-file input").set_input_files(
        {"name": "protokoll.txt", "mimeType": "text/plain", "buffer": b"Granskning av fyra planer."}
    )
    told(page.locator("#evidence-picked"), "protokoll.txt")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    told(page.locator("#evidence-lists"), "Granskningsprotokoll")
    page.get_by_role("radio", name="Mindre brist").check()
    page.get_by_label("Analys").fill(FOUND)
    page.get_by_role("button", name="Underteckna").click()
    signed = "Undertecknat 12 maj 2025 av Verksamhetsutvecklare."
    told(page.locator(".lead"), f"Mindre brist under första tertialet 2025. {signed}")


def _start_an_action(walk: Walk) -> None:
    walk.today(date(2025, 5, 20))
    page = walk.at("chef", f"/nyckeltal/{FIGURE}?enhet={BOARD}&manad=2024-12")
    told(page.locator(".lead"), "(87 %) de senaste 12 månaderna")
    page = walk.open(f"/nyckeltal/{FIGURE}?enhet={BOARD}&manad=2025-04")
    told(
        page.locator(".lead"), "79 av 98 (81 %) de senaste 12 månaderna (maj 2024 – apr 2025): lägre än det föreslagna"
    )
    page.get_by_role("link", name="Starta en åtgärd").click()
    page.get_by_label("Vad ska göras?").fill(ACTION)
    page.get_by_label("Varför? Vad är orsaken?").fill("Ansvaret för uppföljningen tappades när personal slutade.")
    page.get_by_role("combobox", name="Ansvarig").fill("Enhetschefen")
    page.get_by_label("Börjar").fill("2025-05-20")
    page.get_by_label("Klar senast").fill("2026-02-27")
    page.get_by_label("Värde i dag").fill("62")
    page.get_by_label("Väntat värde").fill("90")
    page.get_by_role("button", name="Starta åtgärden").click()
    expect(page.locator("h1")).to_have_text(ACTION, timeout=PATIENCE_MS)


def _close_three_periods(walk: Walk) -> None:
    first, day = next(iter(CLOSED.items()))
    walk.today(day)
    walk.recompute()
    page = walk.at("controller", f"/stangning?enhet={BOARD}&period={first}")
    assert _rules_set(walk) == 0, "to open the page chooses nothing"
    choose(page, "Stäng från och med nu", "Månader")
    page.locator("#closing-rule-save").click()
    told(page.locator("#closing-done"), "Valet är sparat")
    told(page.locator("#main"), "Nämnden stänger månader.")
    assert _rules_set(walk) == 1
    for period, day in CLOSED.items():
        _close(walk, period, day)


def _close(walk: Walk, period: str, day: date) -> None:
    """The controller asks, answers for what is red, and the scheduler closes."""
    walk.today(day)
    page = walk.at("controller", f"/stangning?enhet={BOARD}&period={period}")
    before = (closed := page.get_by_role("cell", name="Stängd", exact=True)).count()
    page.get_by_role("button", name="Stäng perioden").click()
    told(page.locator("#closing-result"), "varje rött nyckeltal ska ha en åtgärd eller ett skäl")
    page.get_by_label("Varför har de röda nyckeltalen ingen åtgärd?").fill(WHY_NONE)
    page.get_by_role("button", name="Stäng perioden").click()
    told(page.locator("#closing-result"), "Begäran är lämnad")
    assert carry_out_requests(walk.engine, walk.settings) == 1
    expect(closed).to_have_count(before + 1, timeout=PATIENCE_MS)


def _rules_set(walk: Walk) -> int:
    with reading(walk.engine) as connection:
        query = select(func.count()).where(audit_event.c.action == AuditAction.CLOSING_RULE_SET)
        return connection.execute(query).scalar_one()


def _show_the_effect(walk: Walk) -> None:
    walk.today(date(2026, 1, 7))
    page = walk.at("chef", "/atgarder")
    _holds_on_a_phone(page)
    page.get_by_role("link", name=ACTION).click()
    told(
        page.locator("#main"),
        "Före åtgärden låg nyckeltalet på 82 % (jan 2024 – apr 2025), efter på 93 % (jun 2025 – dec 2025). Det är en "
        "förbättring som är större än vanlig variation. Det förväntade värdet 90 % är nått.",
    )
    page.get_by_label("Motivering").fill(JUDGED)
    page.get_by_role("button", name="Skriv under bedömningen").click()
    told(page.locator(".lead"), "Förvaltningen bedömer effekten: ja.")
    page = walk.open(f"/nyckeltal/{FIGURE}?enhet={BOARD}")
    told(page.locator(".lead"), "108 av 128 (84 %) de senaste 12 månaderna (jan 2025 – dec 2025)")
    told(page.locator("#main"), f"åtgärden ”{ACTION}” började i maj 2025")
    expect(page.locator(".js-plotly-plot").first.get_by_text("åtgärd", exact=True)).to_be_visible()


def _holds_on_a_phone(page: Page) -> None:
    """The table is blocks there, which need no scrolling; who listens to it hears the same."""
    cell, wide = page.get_by_role("table", name="Åtgärder").get_by_role("cell").first, _heard(page)
    assert ("cell", "Pågår") in wide
    page.set_viewport_size({"width": 320, "height": 800})
    expect(cell).to_have_css("display", "block")
    assert page.evaluate(
        "[...document.querySelectorAll('.table-box')].every(one => one.scrollWidth <= one.clientWidth)"
    )
    assert _heard(page) == wide
    page.set_viewport_size({"width": 1440, "height": 1000})


def _heard(page: Page) -> list[tuple[str, str]]:
    """The tables of the browser's accessibility tree: each part's role and name."""
    parts = ("table", "rowgroup", "row", "columnheader", "rowheader", "cell")
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        (one["role"]["value"], one.get("name", {}).get("value", ""))
        for one in nodes
        if not one["ignored"] and one["role"]["value"] in parts
    ]


def _print_the_papers(walk: Walk) -> None:
    for number, (kind, (title, happened)) in enumerate(PAPERS.items(), 1):
        page = walk.at("sekreterare", "/handlingar")
        form = page.locator(".paper-form", has_text="Gör en handling")
        choose(form, "Slag", kind)
        form.get_by_label("Period").fill(REPORTED)
        form.get_by_role("button", name="Gör utkast").click()
        page.get_by_role("link", name="Öppna det").click(timeout=PATIENCE_MS)
        expect(page.locator("h1")).to_contain_text(title, timeout=PATIENCE_MS)
        page.get_by_label("Diarienummer").fill(f"SN 2026/20{number}")
        page.get_by_role("button", name="Spara diarienummer").click()
        told(page.locator("article.paper"), f"SN 2026/20{number}")
        page.get_by_label("Lägg fram för nämnden").fill("JA")
        page.get_by_role("button", name="Lägg fram", exact=True).click()
        told(page.locator(".lead"), "Lades fram för nämnden 9 januari 2026.")
        _check_paper(_pdf(walk), (title, f"SN 2026/20{number}", *happened))
    walk.open("/handlingar")
    told(page.locator(".lead"), "Senast framlagd: yttrande över revisionsrapport för december 2025, 9 januari 2026.")


def _pdf(walk: Walk) -> bytes:
    """The paper's file, as the browser saves it."""
    page = walk.window.page
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF av handlingen").click()
    saved = waiting.value
    walk.window.troubles.remove(f"failed: {saved.url}")  # a browser gives up showing what it saves
    return saved.path().read_bytes()


def _check_paper(data: bytes, own: tuple[str, ...]) -> None:
    """What a secretary looks for, and the marks of a file that everybody can read and that can be kept."""
    reader, text = PdfReader(BytesIO(data)), pdf_text(data)
    always = ("Trelleborgs kommun", "Socialnämnden", "Förslag till beslut", "Syntetiska data")
    for words in (*always, *own):
        assert words in text, words
    assert reader.metadata is not None
    assert own[0] in (reader.metadata.title or "").replace("\u00a0", " ")
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("sv-SE", True)
    kept = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in kept
    assert "pdfaid:part>2<" in kept


def _see_the_own_figure(walk: Walk) -> None:
    """When the controls' last day has gone, their own figure tells how many were carried out in time."""
    walk.today(date(2026, 1, 20))
    walk.recompute()
    page = walk.at("chef", f"/nyckeltal/controls_on_time?enhet={BOARD}&manad=2025-05")
    told(page.locator(".lead"), "1 av 28 (4 %)")
