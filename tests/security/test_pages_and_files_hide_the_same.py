"""Roles × pages × files: whoever reads what has been released meets the same, in every form; nobody else meets any."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plotly.utils
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.login.demo import DemoLogin
from dashboard.routes import render
from kpi.access import Grant, Role, Viewer
from kpi.live import LiveCatalogue
from tests.builders.pdf import pdf_text
from tests.builders.release_rows import Released, release
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse.database import open_engine
from warehouse.migrate import upgrade
from warehouse.settings import Settings

FIGURES = ("sip_call_complete", "sip_established", "sip_child_voice", "deviations_reported")
PLACES = {"1287-SN": "board", "1287-N": "unit", "1287-S": "unit", "1287": "municipality"}
READERS = {
    Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR, Role.UNIT_MANAGER, Role.CENTRAL_CONTROLLER,
    Role.SECRETARY, Role.DELREGIONAL, Role.MEMBER,
}  # fmt: skip
patterns = st.lists(st.booleans(), min_size=len(FIGURES) * len(PLACES), max_size=len(FIGURES) * len(PLACES))


def _numbers(kpi_id: str, at: int) -> tuple[float, float | None, float, int]:
    if kpi_id in ("sip_established", "deviations_reported"):
        return (301.0 + at, None, 301.0 + at, 301 + at)
    return (11.0 + at, 401.0 + at, (11.0 + at) / (401.0 + at), 401 + at)


def _values(pattern: list[bool]) -> list[Released]:
    pairs = [(kpi_id, place) for kpi_id in FIGURES for place in PLACES]
    return [
        (kpi_id, place, PLACES[place], "2024-T3", "", _numbers(kpi_id, at) if is_shown else None)
        for at, ((kpi_id, place), is_shown) in enumerate(zip(pairs, pattern, strict=True))
    ]


class _Installation:
    """A warehouse with one release, and its pages and files as a viewer meets them."""

    def __init__(self, folder: Path, pattern: list[bool]) -> None:
        self.engine: Engine = open_engine(f"sqlite:///{folder / 'samkoll.db'}")
        upgrade(self.engine)
        deliver(self.engine, "2025-01-31", org_units=ORGANISATION)
        release(self.engine, "1287-SN", "2024-T3", _values(pattern))
        found = Settings(data_dir=folder)
        self.live = LiveCatalogue(found.definitions, found.last_good_definitions)
        self.live.state()
        self._client = create_app(self.engine, found, login=DemoLogin()).server.test_client()

    def page(self, viewer: Viewer, path: str, search: str = "") -> str:
        """Everything that is sent to the browser, as text."""
        page = render(self.engine, self.live, lambda _: viewer, path, search).page
        return json.dumps(page.children, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)

    def file(self, monkeypatch: pytest.MonkeyPatch, viewer: Viewer, address: str) -> tuple[int, bytes]:
        """The status and the bytes."""
        monkeypatch.setattr("dashboard.login.demo.demo_viewer", lambda _organisation, _code: viewer)
        answer = self._client.get(address)
        return answer.status_code, answer.data


def _viewer(role: Role, municipality: str = "1287", board: str = "1287-SN") -> Viewer:
    return Viewer(role.value, (Grant(role, municipality, frozenset({board})),))


def _addresses() -> Iterator[tuple[str, str, str]]:
    """Each page with its query and its file."""
    yield "/jamforelse", "?slut=2024-12", "jamforelse"
    for kpi_id, places in (("sip_call_complete", ("1287-SN", "1287-N")), ("sip_established", ("1287",))):
        for place in places:
            yield f"/jamforelse/{kpi_id}", f"?enhet={place}&slut=2024-12", f"jamforelse/{kpi_id}"


def test_every_reader_meets_the_same_and_nobody_else_anything(tmp_path_factory: pytest.TempPathFactory) -> None:
    pattern = [at % 3 > 0 for at in range(len(FIGURES) * len(PLACES))]
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = _Installation(tmp_path_factory.mktemp("roles"), pattern)
        for path, search, name in _addresses():
            address = f"/ladda-ned/{name}.csv{search}"
            page = made.page(_viewer(Role.CONTROLLER), path, search)
            status, file = made.file(monkeypatch, _viewer(Role.CONTROLLER), address)
            assert status == 200, address
            for role in Role:
                if role in (Role.OPERATOR, Role.CONTROLLER):
                    continue
                seen, (code, got) = (
                    made.page(_viewer(role), path, search),
                    made.file(monkeypatch, _viewer(role), address),
                )
                if role in READERS:
                    assert (seen, code, got) == (page, 200, file), (role, path)
                else:
                    assert not _numbers_in(seen) & _all_shown(pattern), (role, path)
                    assert code in (403, 404)
            elsewhere = _viewer(Role.PRESIDIUM, "1263", "1263-SN")
            assert not _numbers_in(made.page(elsewhere, path, search)) & _all_shown(pattern)
            assert made.file(monkeypatch, elsewhere, address)[0] in (403, 404)
        made.engine.dispose()


@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(patterns)
def test_the_page_and_its_files_show_and_hide_the_same_values(
    tmp_path_factory: pytest.TempPathFactory, pattern: list[bool]
) -> None:
    reader = _viewer(Role.SECRETARY)
    at_places = {"1287-SN", "1287"}
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = _Installation(tmp_path_factory.mktemp("forms"), pattern)
        page = _numbers_in(made.page(reader, "/jamforelse", "?slut=2024-12"))
        table = made.file(monkeypatch, reader, "/ladda-ned/jamforelse.csv?slut=2024-12")[1].decode("utf-8-sig")
        paper = _numbers_in(pdf_text(made.file(monkeypatch, reader, "/ladda-ned/jamforelse.pdf?slut=2024-12")[1]))
        lines = list(csv.DictReader(io.StringIO(table.split("\r\n\r\n")[0]), delimiter=";"))
        pairs = [(kpi_id, place) for kpi_id in FIGURES for place in PLACES]
        for at, ((kpi_id, place), is_shown) in enumerate(zip(pairs, pattern, strict=True)):
            telling = {int(one) for one in _numbers(kpi_id, at)[:2] if one is not None and one > 100}
            wanted = telling if is_shown and place in at_places else set()
            for form in (page, paper, _numbers_in(table)):
                assert form & telling == wanted, (kpi_id, place)
        hidden = sum(not shown for (_, place), shown in zip(pairs, pattern, strict=True) if place in at_places)
        assert sum(line["Värde"] == ".." for line in lines) == hidden
        made.engine.dispose()


def _all_shown(pattern: list[bool]) -> set[int]:
    return {
        int(one)
        for value, is_shown in zip(_values([True] * len(pattern)), pattern, strict=True) if is_shown
        for one in (value[5] or ())[:2] if one is not None and one > 100
    }  # fmt: skip


def _numbers_in(text: str) -> set[int]:
    """Every whole number from 300 on, in running text or as a value of its own."""
    found: Any = "".join(sign if sign.isdigit() else " " for sign in text).split()
    return {int(one) for one in found if one.isascii() and 300 <= int(one) < 1000}
