"""Two municipalities in one installation: no role of the one meets the other's boards, units or totals, in any way."""

from __future__ import annotations

import json
from pathlib import Path

import plotly.utils
import pytest
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.routes import render
from kpi.access import Grant, Role, Viewer
from kpi.live import LiveCatalogue
from kpi.views.neighbours import neighbours
from kpi.views.organisation import read_organisation
from kpi.views.released import closings, released_values
from tests.builders.dash_calls import LoginAs
from tests.builders.figures import catalogue
from tests.builders.release_rows import Released, release
from tests.builders.warehouse import deliver
from warehouse.database import reading
from warehouse.settings import Settings

SHARE = "sip_call_complete"
ORGANISATION = [
    {"unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": municipality,
     "area": "social" if level == "board" else None}
    for code, level, parent, municipality in (
        ("12", "region", None, None),
        ("12-D", "delregional", "12", None),
        *(row for own in ("1263", "1287") for row in (
            (own, "municipality", "12-D", own), (f"{own}-SN", "board", own, own), (f"{own}-A", "unit", f"{own}-SN", own)
        )),
    )
]  # fmt: skip
OTHERS = "7"
"""Every number of the other municipality is made of this digit."""


def _values(own: str, digit: int) -> list[Released]:
    levels = {f"{own}-SN": "board", f"{own}-A": "unit", own: "municipality"}
    numbers = float(f"{digit}" * 3), float(f"{digit}" * 4)
    return [
        (SHARE, unit, level, "2024-T3", "", (*numbers, numbers[0] / numbers[1], int(numbers[1])))
        for unit, level in levels.items()
    ]


@pytest.fixture
def both(sqlite_engine: Engine) -> Engine:
    """Both have closed the same tertial, and what lies above them is released with the last."""
    deliver(sqlite_engine, "2025-01-31", org_units=ORGANISATION)
    release(sqlite_engine, "1287-SN", "2024-T3", _values("1287", 1))
    above: list[Released] = [(SHARE, "12-D", "delregional", "2024-T3", "", (222.0, 888.0, 0.25, 888))]
    release(sqlite_engine, "1263-SN", "2024-T3", [*_values("1263", 7), *above])
    return sqlite_engine


def test_no_role_meets_the_other_municipality(both: Engine, tmp_path: Path) -> None:
    live = LiveCatalogue(Settings().definitions, tmp_path / "last-good.yaml")
    settings = Settings(data_dir=tmp_path)
    login = LoginAs(Viewer("", ()))
    client = create_app(both, settings, login=login).server.test_client()
    units = {"1263", "1263-SN", "1263-A"}
    for role in Role:
        if role is Role.OPERATOR:
            continue
        viewer = Viewer(role.value, (Grant(role, "1287", frozenset({"1287-SN"})),))
        with reading(both) as connection:
            values = released_values(connection, viewer, catalogue().definitions.values())
            assert not units & {one.unit.code for one in values}, role
            assert not units & {one.board.code for one in closings(connection, viewer)}, role
            assert neighbours(connection, viewer, read_organisation(connection), "1287") == ()
        login.is_now = viewer
        for unit in ("", *sorted(units)):
            for path in ("/jamforelse", f"/jamforelse/{SHARE}"):
                page = render(both, live, lambda _, viewer=viewer: viewer, path, f"?enhet={unit}").page
                shown = json.dumps(page.children, cls=plotly.utils.PlotlyJSONEncoder)
                answer = client.get(f"/ladda-ned{path}.csv?enhet={unit}")
                for told in (shown, answer.get_data(as_text=True)):
                    assert OTHERS * 3 not in told, (role, path, unit)
                assert answer.status_code in ((403, 404) if unit else (200, 403, 404))


def test_what_lies_above_both_is_read_by_both(both: Engine) -> None:
    for own in ("1263", "1287"):
        viewer = Viewer("sekreterare", (Grant(Role.SECRETARY, own, frozenset({f"{own}-SN"})),))
        with reading(both) as connection:
            found = {one.unit.code for one in released_values(connection, viewer, catalogue().definitions.values())}
        assert found == {own, f"{own}-SN", f"{own}-A", "12-D"}
