"""The pages' reads are stopped when they ask for too much or take too long; nobody else's are. Both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from kpi.access import OPERATOR
from kpi.compute import compute
from kpi.period import Period
from kpi.views.values import figure_values
from tests.builders.figures import catalogue
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION, PRESIDIUM
from warehouse.database import reading, writing
from warehouse.errors import TooMuch
from warehouse.limited import limited

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000000000) select max(i) from n"
DEVIATION = {
    "deviation_id": "d1",
    "municipality_code": "1287",
    "unit_code": "1287-N",
    "reported_on": "2024-02-01",
    "reporting_actor": "skola",
    "counterpart_actor": "bup",
    "category": "other",
}
JANUARY = Period.parse("2025-01")


def test_everything_times_everything_is_refused(engine: Engine) -> None:
    deliver(engine, "2025-03-31", org_units=ORGANISATION)
    deliver(engine, "2025-03-31", municipalities={"deviations": ["1287", "1263"]}, deviations=[DEVIATION])
    compute(engine, catalogue())
    pages = limited(engine, statement_seconds=30, most_cells=20)
    asked = (catalogue(), PRESIDIUM, "deviations_reported")
    with reading(pages) as connection:
        with pytest.raises(TooMuch, match="Välj en kortare tid"):
            figure_values(connection, *asked)
        assert figure_values(connection, *asked, unit_code="1287-SN", first=JANUARY, last=JANUARY) is not None
        assert figure_values(connection, catalogue(), OPERATOR, "deviations_reported")
    with reading(engine) as connection:
        assert figure_values(connection, *asked)


def test_a_statement_that_takes_too_long_is_stopped(engine: Engine) -> None:
    pages = limited(engine, statement_seconds=1, most_cells=1000)
    with pytest.raises(TooMuch, match="tog för lång tid"), reading(pages) as connection:
        connection.execute(text(ENDLESS)).all()
    with reading(pages) as connection:
        assert connection.scalar(text("select 1")) == 1
    with writing(pages) as connection:
        assert connection.scalar(text("select 1")) == 1


def test_the_limit_stays_with_the_pages(engine: Engine) -> None:
    with reading(limited(engine, statement_seconds=1, most_cells=1000)) as connection:
        connection.execute(text("select 1"))
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            assert connection.scalar(text("show statement_timeout")) == "0"
        short = ENDLESS.replace("2000000000", "3000000")
        assert connection.scalar(text(short)) == 3_000_000
