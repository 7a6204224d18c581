"""A figure that a board splits by sex: computed, shown on its page, and released only where neither sex gives the other
away. None of the shipped figures is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dashboard.routes import render
from kpi.access import Grant, Role, Viewer
from kpi.file_parts import with_figure_added
from kpi.live import LiveCatalogue
from tests.builders.closed_world import close_periods, fill, is_hidden, plan_rows, released_at
from tests.builders.rendered import told
from warehouse.settings import ROOT

PRESIDIUM = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"})),))
SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")
SPLIT = "sip_child_voice_by_sex", "sip_established_by_sex"


def _text() -> str:
    """The shipped definitions with two of them once more, split."""
    text = SHIPPED
    for kpi_id in SPLIT:
        whole = kpi_id.removesuffix("_by_sex")
        own = SHIPPED[(at := SHIPPED.index(f"  {whole}:\n")) : SHIPPED.index("\n\n", at)]
        own = own.replace(f"  {whole}:", f"  {kpi_id}:", 1)
        text = with_figure_added(text, own.replace("    smallest_level:", "    split: [sex]\n    smallest_level:", 1))
    return text


def _plans() -> list[dict[str, Any]]:
    """At A and C as many of both, at B two girls and ten boys."""
    girls, boys = ({"1287-A": [3] * 12, "1287-C": [3] * 12, "1287-B": [many]} for many in (2, 10))
    rows = [
        one | {"sip_id": f"{sex}-{one['sip_id']}", "sex": sex}
        for sex, met in (("K", girls), ("M", boys))
        for one in plan_rows(met)[:-1]
    ]
    return [*rows, plan_rows(girls)[-1] | {"sex": "K"}]


def test_a_split_by_sex_is_computed_shown_and_protected(sqlite_engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "kpi_definitions.yaml"
    path.write_text(_text(), encoding="utf-8")
    live = LiveCatalogue(path, tmp_path / "last-good.yaml")
    every = live.catalogue
    catalogue = replace(every, definitions={one: every.definitions[one] for one in SPLIT}, source=b"")
    fill(sqlite_engine, catalogue, sips=_plans())

    def page(kpi_id: str, unit: str) -> str:
        search = f"?enhet={unit}&manad=2025-12"
        shown = render(sqlite_engine, live, lambda _: PRESIDIUM, f"/nyckeltal/{kpi_id}", search)
        return told(shown.page.children).replace("~", " ")

    shown_inside = page(SPLIT[0], "1287-SN")  # two of three are heard, at B every one but the first of each three
    assert "Kön Täljare Nämnare Andel Anmärkning Flickor 49 74 66 %" in shown_inside
    assert "Pojkar 54 82 66 %" in shown_inside
    assert "Kön Antal Flickor 2 Pojkar 10" in page(SPLIT[1], "1287-B"), "the board's own see its counts"
    released = replace(catalogue, definitions={SPLIT[1]: catalogue.definitions[SPLIT[1]]})
    close_periods(sqlite_engine, released, "2025-T1", "2025-T2", "2025-T3")

    def is_shown(unit: str, sex: str) -> bool:
        (of_year,) = released_at(sqlite_engine, released, SPLIT[1], unit, {"sex": sex}).values()
        return not is_hidden(of_year)

    assert not is_shown("1287-B", "K"), "two girls"
    assert not is_shown("1287-B", "M"), "the rest of the twelve"
    for sex in ("K", "M"):
        others = [is_shown(unit, sex) for unit in ("1287-A", "1287-C", "1287-SN")]
        assert any(others)
        assert not all(others), "the difference is B's"
