"""A first and a second load in Chromium: bytes on the wire, and when the page can be read."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, CDPSession, sync_playwright

from benchmarks.served import PRODUCT, Served

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_READABLE = {PRODUCT: "#main table tbody tr", "plain": "#main table tbody tr"}
_NOTE = """new MutationObserver((_found, watcher) => {
  if (document.querySelector('%s')) { window.readable = performance.now(); watcher.disconnect(); }
}).observe(document, { childList: true, subtree: true });"""
_CHART = "/nyckeltal/sip_lead_time"


def look(served: Served) -> dict[str, float]:
    """By words: bytes, and milliseconds from the navigation's start until the overview's table stands there."""
    told: dict[str, float] = {}
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        for kind, is_slow in (("plain line", False), ("10 Mbit/s, 40 ms, CPU ×4", True)):
            cold, warm = _loads(browser, served, "/", is_slow=is_slow)
            told[f"{served.name}: overview readable cold, {kind}, ms"] = cold["readable"]
            told[f"{served.name}: overview readable warm, {kind}, ms"] = warm["readable"]
            told.setdefault(f"{served.name}: bytes of a first load", cold["bytes"])
            told.setdefault(f"{served.name}: bytes of a second load", warm["bytes"])
        if served.name == PRODUCT:
            told["product: bytes of a first load of a page with a chart"] = _loads(browser, served, _CHART)[0]["bytes"]
        browser.close()
    return told


def _loads(browser: Browser, served: Served, path: str, *, is_slow: bool = False) -> list[dict[str, float]]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="sv-SE")
    page = context.new_page()
    page.add_init_script(_NOTE % (_READABLE[served.name] if path == "/" else "#main h1"))
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if is_slow:
        _slow(session)
    found = []
    for _ in range(2):
        counted: list[float] = []
        session.on("Network.loadingFinished", lambda one, counted=counted: counted.append(one["encodedDataLength"]))
        page.goto(f"http://127.0.0.1:{served.port}{path}")
        readable: float | None = None
        while readable is None:  # Playwright's own waiting is refused by the pages' policy
            page.wait_for_timeout(50)
            readable = page.evaluate("window.readable ?? null")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        found.append({"readable": float(readable), "bytes": float(sum(counted))})
    context.close()
    return found


def _slow(session: CDPSession) -> None:
    rate = 10_000_000 / 8
    how = {"offline": False, "latency": 40, "downloadThroughput": rate, "uploadThroughput": rate}
    session.send("Network.emulateNetworkConditions", how)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
