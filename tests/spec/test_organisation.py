"""Where an event counts: units that move, close, are unknown, or lie in a circle."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from kpi.compute import compute
from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, cells, deviation, only, sip, table, unit
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.tables import kpi, kpi_run, kpi_unplaced


def test_an_event_counts_where_its_unit_lay_that_day(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
    moved = unit("norr", "unit", "bild", valid_from="2024-02-15")
    rows = [deviation("before", "2024-02-14"), deviation("after", "2024-02-15"), deviation("later", "2024-03-01")]
    deliver(engine, "2024-03-31", org_units=[*ORGANISATION, moved], deviations=rows)
    assert table(engine, figures, "deviations_reported", "soc") == {"2024-02": "1", "2024-03": "0"}
    assert table(engine, figures, "deviations_reported", "bild") == {"2024-02": "1", "2024-03": "1"}
    assert table(engine, figures, "deviations_reported", TRELLEBORG) == {"2024-02": "2", "2024-03": "1"}


def test_a_unit_counts_on_its_first_and_last_day_only_within(engine: Engine, catalogue: Catalogue) -> None:
    brief = unit("kort", "unit", "soc", valid_from="2024-02-01", valid_to="2024-02-29")
    days = ["2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"]
    rows = [deviation(day, day, unit_code="kort") for day in days]
    deliver(engine, "2024-03-31", org_units=[*ORGANISATION, brief], deviations=rows)
    assert table(engine, only(catalogue, "deviations_reported"), "deviations_reported", "kort") == {"2024-02": "2"}
    assert unplaced(engine, "deviations_reported") == 2


def test_an_unknown_unit_is_unplaced_until_it_arrives(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
    deliver(engine, "2024-02-29", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-10", unit_code="ny")])
    assert table(engine, figures, "deviations_reported", TRELLEBORG) == {"2024-01": "0", "2024-02": "0"}
    assert unplaced(engine, "deviations_reported") == 1
    deliver(engine, "2024-02-29", org_units=[unit("ny", "unit", "soc")])
    assert table(engine, figures, "deviations_reported", TRELLEBORG) == {"2024-01": "1", "2024-02": "0"}
    assert unplaced(engine, "deviations_reported") == 0


def test_a_unit_whose_parent_is_unknown_counts_at_the_levels_it_has(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
    orphan = unit("ensam", "unit", "finns inte")
    deliver(
        engine,
        "2024-01-31",
        org_units=[*ORGANISATION, orphan],
        deviations=[deviation("a", "2024-01-10", unit_code="ensam")],
    )
    assert table(engine, figures, "deviations_reported", "ensam") == {"2024-01": "1"}
    assert table(engine, figures, "deviations_reported", TRELLEBORG) == {"2024-01": "0"}


def test_the_regions_own_units_count_in_the_region_only(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
    rows = [deviation("a", "2024-01-10", unit_code="bup"), deviation("b", "2024-01-11")]
    deliver(engine, "2024-01-31", org_units=ORGANISATION, deviations=rows)
    assert table(engine, figures, "deviations_reported", "bup") == {"2024-01": "1"}
    assert table(engine, figures, "deviations_reported", SKANE) == {"2024-01": "2"}
    assert table(engine, figures, "deviations_reported", TRELLEBORG) == {"2024-01": "1"}


def test_a_circle_is_told_and_nothing_is_changed(engine: Engine, catalogue: Catalogue) -> None:
    deliver(engine, "2024-01-31", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-10")])
    compute(engine, catalogue)
    deliver(engine, "2024-02-29", org_units=[unit("soc", "board", "norr")])
    with pytest.raises(UserError, match="norr → soc → norr"):
        compute(engine, catalogue)
    with reading(engine) as connection:
        runs = connection.execute(select(kpi_run.c.status, kpi_run.c.reason).order_by(kpi_run.c.run_no)).all()
    assert [run.status for run in runs] == ["done", "failed"]
    assert "går i cirkel" in runs[1].reason
    deliver(engine, "2024-02-29", org_units=[unit("soc", "board", TRELLEBORG)])
    assert table(engine, catalogue, "deviations_reported", "soc") == {"2024-01": "1"}


def unplaced(engine: Engine, kpi_id: str) -> int:
    with reading(engine) as connection:
        query = select(kpi_unplaced.c.rows).join(kpi, kpi.c.kpi_no == kpi_unplaced.c.kpi_no)
        return sum(connection.scalars(query.where(kpi.c.kpi_id == kpi_id)))


def test_a_unit_in_a_silent_municipality_is_judged_by_its_nearest_parent(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
    svedala = unit("svedala", "municipality", SKANE, "1263")
    moved = unit("norr", "unit", "svedala", "1263", valid_from="2024-02-01")
    rows = [deviation("a", "2024-01-10"), deviation("b", "2024-02-10")]
    deliver(engine, "2024-02-15", org_units=[*ORGANISATION, svedala, moved], deviations=rows)
    assert table(engine, figures, "deviations_reported") == {"2024-01": "1", "2024-02": "1*"}
    assert table(engine, figures, "deviations_reported", "svedala") == {"2024-02": "1*"}


@pytest.mark.parametrize("kpi_id", ["deviations_reported", "sip_active"])
def test_a_sum_above_a_municipality_tells_whose_rows_it_lacks(
    engine: Engine, catalogue: Catalogue, kpi_id: str
) -> None:
    figures = only(catalogue, kpi_id)
    others = [unit("svedala", "municipality", SKANE, "1263"), unit("vellinge", "municipality", SKANE, "1233")]
    there = {"unit_code": "svedala", "municipality_code": "1263"}
    first = [deviation("a", "2024-01-10")], [sip("a", initiated_on="2024-01-05", met_on="2024-01-10")]
    other = [{**first[0][0], "deviation_id": "b", **there}], [{**first[1][0], "sip_id": "b", **there}]
    deliver(engine, "2024-01-31", org_units=[*ORGANISATION, *others], deviations=other[0], sips=other[1])
    deliver(engine, "2024-02-29", deviations=first[0], sips=first[1])
    if kpi_id == "deviations_reported":
        deliver(engine, "2024-02-29", deviations=[deviation("c", "2024-02-10")])
    notes = {str(cell.period): cell.note for cell in cells(engine, figures, kpi_id, SKANE)}
    assert notes == {"2024-01": None, "2024-02": "Utan uppgifter från svedala."}, "vellinge delivers nothing at all"
    assert {cell.note for cell in cells(engine, figures, kpi_id, TRELLEBORG)} == {None}
