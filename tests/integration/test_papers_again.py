"""A paper written again from its stored cut is the same, whatever has been changed since."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, insert

from control.papers.kinds import PaperKind
from control.papers.reading import find_paper
from control.papers.service import is_verified, make_paper
from kpi.access import OPERATOR
from kpi.definition import Catalogue
from kpi.live import digest_of
from kpi.loader import read_catalogue
from tests.builders.figures import catalogue
from tests.builders.paper_world import BOARD, UNITS, make_world
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.settings import ROOT
from warehouse.tables import definitions_version

TODAY = date(2025, 2, 3)
SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")


@pytest.fixture
def world(engine: Engine) -> Engine:
    return make_world(engine)


def make(engine: Engine, kind: PaperKind = PaperKind.MONTHLY) -> int:
    return make_paper(engine, catalogue(), OPERATOR, kind, BOARD, None, today=TODAY)


def stands(engine: Engine, number: int, serving: Catalogue | None = None) -> bool:
    with reading(engine) as connection:
        found = find_paper(connection, number)
        assert found is not None
        return is_verified(connection, serving or catalogue(), found)


def test_definitions_that_serve_later_change_no_paper(world: Engine) -> None:
    number = make(world)  # nothing is kept yet: by what serves
    renamed = read_catalogue(SHIPPED.replace("name: ", "name: Ändrat ").encode(), "renamed")
    _keep(world, SHIPPED)
    _keep(world, "later: true")
    assert stands(world, number, renamed)


def _keep(engine: Engine, content: str) -> None:
    with writing(engine) as connection:
        values = {"digest": digest_of(content.encode()), "content": content, "saved_at": clock.now()}
        connection.execute(insert(definitions_version).values(**values, saved_by="controller", reason="Ny."))


@pytest.mark.parametrize("kind", [PaperKind.MONTHLY, PaperKind.CONTROL_PLAN])
def test_a_paper_keeps_the_names_of_its_time(world: Engine, kind: PaperKind) -> None:
    number = make(world, kind)
    renamed = {"1287": "Trelleborgs stad", BOARD: "Omsorgsnämnden", "1287-A": "Enhet norr"}
    deliver(world, "2025-03-31", org_units=[{**one, "name": renamed.get(one["unit_code"], "")} for one in UNITS])
    assert stands(world, number)
