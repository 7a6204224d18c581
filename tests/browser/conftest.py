"""A real browser in front of the real application, once per session. Without a browser the tests fail, never skip."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, expect, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from control.release.closing import close_period
from control.release.importing import import_release
from dashboard.app import create_app
from dashboard.login.demo import COOKIE, DemoLogin
from kpi.access import OPERATOR
from kpi.loader import load_catalogue
from kpi.period import Period
from tests.browser.control_world import Control, add_control
from tests.browser.pipeline import prepare
from tests.builders.packages import TRUSTED, figure, package, share, value
from warehouse.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NO_BROWSER = (
    "No browser was found. Install Debian's package ”chromium”, or run ”playwright install chromium”; "
    "”make test” does one of them where it may."
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000
_GO = """address => { history.pushState({}, '', address);
  window.dispatchEvent(new CustomEvent('_dashprivate_pushstate')) }"""
_TELL_VIOLATIONS = """document.addEventListener('securitypolicyviolation', found =>
  window.violated([found.effectiveDirective, found.blockedURI, found.sourceFile, found.lineNumber].join(' ')))"""


@dataclass
class Watched:
    """A page of the browser, and everything that went wrong on it."""

    page: Page
    base: str
    patience_ms: int = PATIENCE_MS
    troubles: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    """What the content security policy refused; a test that leaves any here fails."""

    def open(self, address: str) -> Page:
        """Go to an address of ours and wait until its content stands there."""
        self.page.goto(self.base + address)
        self.page.wait_for_selector("#main h1", timeout=self.patience_ms)
        self.settle()
        return self.page

    def follow(self, address: str, heading: str) -> Page:
        """Go on to another address of ours as a link within the page does, and wait for its heading."""
        self.page.evaluate(_GO, address)
        expect(self.page.locator("h1")).to_have_text(heading, timeout=self.patience_ms)
        self._is_drawn()
        return self.page

    def go_on(self, address: str) -> Page:
        """Go on to another address of ours as a link within the page does, and wait until its content stands there."""
        with self.page.expect_response(_tells_a_page, timeout=self.patience_ms):
            self.page.evaluate(_GO, address)
        self.settle()
        return self.page

    def comes_true(self, script: str) -> bool:
        """Whether an expression of the page holds, now or soon."""
        for _ in range(50):
            if self.page.evaluate(script):
                return True
            self.page.wait_for_timeout(100)
        return False

    def refused(self, *statuses: int) -> None:
        """That the answers of these statuses are what should come, and there was at least one of them."""
        wanted = re.compile(rf"^(?:{'|'.join(map(str, statuses))}): |the server responded with a status of [45]")
        told = [words for words in self.troubles if wanted.search(words)]
        assert told, "nothing was refused"
        self.troubles = [words for words in self.troubles if words not in told]

    def settle(self) -> None:
        """Wait until nothing more is fetched or drawn."""
        self.page.wait_for_load_state("networkidle", timeout=self.patience_ms)
        self._is_drawn()
        self.page.wait_for_timeout(150)

    def _is_drawn(self) -> None:
        expect(self.page.locator('[data-dash-is-loading="true"]')).to_have_count(0, timeout=self.patience_ms)

    def listen(self) -> None:
        """Note console errors and warnings, failing requests, requests to other addresses than ours, and what the
        policy refuses. Before the first page is opened."""
        self.page.expose_binding("violated", lambda _source, words: self.violations.append(words))
        self.page.add_init_script(_TELL_VIOLATIONS)
        self.page.on("console", lambda said: self._note(said.type in ("error", "warning"), f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self._note(True, f"uncaught: {error}"))
        self.page.on("requestfailed", lambda request: self._note(True, f"failed: {request.url}"))
        self.page.on("response", lambda answer: self._note(answer.status >= 400, f"{answer.status}: {answer.url}"))
        self.page.on("request", lambda request: self._note(not self._is_ours(request.url), f"left us: {request.url}"))

    def leave_nothing(self) -> None:
        """Close the window; the next one in its context knows nothing of this one's reader."""
        if self.page.url.startswith(self.base):
            self.page.evaluate("localStorage.clear()")
        self.page.close()
        self.page.context.clear_cookies()

    def _is_ours(self, url: str) -> bool:
        return url.startswith((self.base, "data:", "blob:"))

    def _note(self, is_trouble: bool, words: str) -> None:
        if is_trouble:
            self.troubles.append(words)


def _tells_a_page(answer: Response) -> bool:
    return '"main.children' in (answer.request.post_data or "").replace("..main", "main")


Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def controlled(prepared: tuple[Engine, Settings]) -> Control:
    """What the board's internal control holds."""
    engine, settings = prepared
    return add_control(engine, load_catalogue(settings.definitions))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Settings]]:
    """The warehouse and its settings; one board has closed a period, and Svedala has sent a package of the same."""
    engine, settings = prepare(tmp_path_factory.mktemp("browser"))
    close_period(engine, load_catalogue(settings.definitions), OPERATOR, "1287-SN", Period.parse("2024-T1"))
    sent = [value(place, "2024-T1", share(12, 31)) for place in ("1263", "1263-SN")]
    content = package(figure("sip_full_attendance", *sent))
    import_release(engine, OPERATOR, content, "svedala.json", TRUSTED, for_municipality="1287")
    yield engine, settings
    engine.dispose()


@pytest.fixture(scope="session")
def base(prepared: tuple[Engine, Settings], controlled: Control) -> Iterator[str]:  # made before it is served
    """The address of the demo."""
    engine, settings = prepared
    server = make_server("127.0.0.1", 0, create_app(engine, settings, login=DemoLogin()).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the machine's, else Playwright's own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_executable(playwright), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def _kept_contexts() -> list[BrowserContext]:
    """Those that windows may have: a browser keeps the scripts that it has read, and what they were made into."""
    return []


@pytest.fixture
def visit(browser: Browser, base: str, _kept_contexts: list[BrowserContext]) -> Iterator[Open]:
    """Opens browser windows as a persona, in a colour scheme and width; each is a reader of its own, new to us."""
    windows: list[Watched] = []

    def open_window(persona: str = "presidium", *, scheme: str = "light", width: int = 1440) -> Watched:
        if len(windows) == len(_kept_contexts):
            _kept_contexts.append(browser.new_context(locale="sv-SE", reduced_motion="reduce"))
        context = _kept_contexts[len(windows)]
        context.add_cookies([{"name": COOKIE, "value": persona, "url": base}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        windows.append(Watched(page, base))
        windows[-1].listen()
        return windows[-1]

    yield open_window
    for window in windows:
        window.leave_nothing()
    assert [words for window in windows for words in window.violations] == []


def is_looked_at() -> bool:
    """Whether somebody wants the pictures."""
    return bool(os.environ.get("SAMKOLL_TEST_PICTURES"))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures are saved: the documentation's folder when SAMKOLL_TEST_PICTURES asks for it."""
    if is_looked_at():
        return ROOT / "docs" / "images"
    return tmp_path


@pytest.fixture
def pictures_of_pages() -> Path | None:
    """Where the pages' pictures are saved: in `var/pictures` when SAMKOLL_TEST_PICTURES asks for it."""
    if not is_looked_at():
        return None
    folder = ROOT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _executable(playwright: Playwright) -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    pytest.fail(NO_BROWSER)
