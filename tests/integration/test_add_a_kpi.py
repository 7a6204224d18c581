"""docs/add-a-kpi.md is true: its entry and its check query are taken from the page and followed."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

import tests.spec.check as check_queries
from kpi.compute import compute
from kpi.loader import DefinitionError, read_catalogue
from kpi.store import read_stored
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, deviation
from warehouse.database import reading
from warehouse.settings import ROOT

PAGE = (ROOT / "docs" / "add-a-kpi.md").read_text(encoding="utf-8")
SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_pages_figure_is_computed_alone_and_equals_its_check(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(
        engine,
        "2024-06-30",
        org_units=ORGANISATION,
        deviations=[
            {**deviation("in time", "2024-01-10"), "closed_on": "2024-04-09"},
            {**deviation("a day late", "2024-01-10"), "closed_on": "2024-04-10"},
            deviation("open", "2024-02-01"),
        ],
    )
    compute(engine, read_catalogue(SHIPPED.encode(), "kpi_definitions.yaml"))
    catalogue = read_catalogue(f"{SHIPPED}\n{block('yaml')}".encode(), "kpi_definitions.yaml")
    assert dict(compute(engine, catalogue).touched) == {"deviation_closed_90d": None}
    query = re.sub(r"(?m)^   ", "", block("sql"))
    written = {"deviation_closed_90d": query}
    monkeypatch.setattr(check_queries, "own_text", lambda name: written.get(name) or check_queries.file_text(name))
    with reading(engine) as connection:
        stored = {key: cell[1:] for key, cell in read_stored(connection, "deviation_closed_90d").items()}
    assert stored["norr", 202404, ""] == (1, 2, 2, 0.5)
    assert stored == check_queries.run_check(engine, "deviation_closed_90d")


def test_the_pages_mistake_is_told_as_the_page_says() -> None:
    wrong = block("yaml").replace("closed_on <=", "close_on <=")
    with pytest.raises(DefinitionError) as refused:
        read_catalogue(f"{SHIPPED}\n{wrong}".encode(), "kpi_definitions.yaml")
    told = re.sub(r"\s+", " ", PAGE)
    sentence = re.sub(r":\d+:", ":", str(refused.value), count=1)
    assert sentence in re.sub(r"(kpi_definitions\.yaml):\d+:", r"\1:", told)


def test_the_page_names_every_fact() -> None:
    facts = read_catalogue(SHIPPED.encode(), "kpi_definitions.yaml").facts
    rows = re.findall(r"(?m)^\| (`\w+`(?:, `\w+`)*) \|", PAGE)
    placed = {name for name, fact in facts.items() if fact.unit}
    assert {name for row in rows for name in re.findall(r"\w+", row)} == placed
    assert all(f"`{name}`" in PAGE for name in facts)
