"""Other municipalities beside the own: only what may be compared is, on the page and in its files, for its readers."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from control.release.importing import import_release
from dashboard.components.funnel_graph import funnel_graph
from dashboard.components.places_table import places_table
from dashboard.exports.csv_file import write_csv
from dashboard.exports.figure import figure_export
from dashboard.exports.pdf_file import write_pdf
from dashboard.figures.funnel import funnel
from dashboard.figures.palette import LIGHT
from dashboard.routes import render
from kpi.access import OPERATOR, Grant, Role, Viewer
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.live import LiveCatalogue
from kpi.period import Period
from kpi.released import Numbers
from kpi.spc.funnel import Significance
from kpi.views.compared import Comparison, comparison
from kpi.views.comparison import compared_figure
from kpi.views.funnel_places import PlacesBeside, places_beside
from kpi.views.neighbours import NeighbourValue, Standing, neighbour_values, neighbours
from kpi.views.organisation import read_organisation
from kpi.views.rows import FigurePage
from tests.builders.figures import BOARD, catalogue, definition, plain_row, units_beside
from tests.builders.figures import share as inside_share
from tests.builders.packages import COUNT, SHARE, TRUSTED, count, figure, package, share, value
from tests.builders.pdf import pdf_text
from tests.builders.release_rows import release
from tests.builders.rendered import told
from tests.builders.warehouse import deliver
from tests.integration.test_released_pages import ORGANISATION
from warehouse.database import open_engine, reading
from warehouse.migrate import upgrade
from warehouse.settings import Settings

PRESIDIUM = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"})),))
MEMBER = Viewer("ledamot", (Grant(Role.MEMBER, "1287", frozenset({"1287-SN"})),))
ELSEWHERE = Viewer("presidium", (Grant(Role.PRESIDIUM, "1233", frozenset({"1233-SN"})),))
STOCK = "sip_active"
HOME = "/jamforelse/"


def delregional(*codes: str) -> Viewer:
    return Viewer("delregional", tuple(Grant(Role.DELREGIONAL, code) for code in codes))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trelleborg's social board has closed the third tertial of 2024, and Svedala's board here the second."""
    path = tmp_path_factory.mktemp("neighbours") / "samkoll.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    deliver(engine, "2025-01-31", org_units=ORGANISATION)
    own = (
        (SHARE, "1287-SN", "board", "2024-T3", "", (403.0, 790.0, 403 / 790, 790)),
        (SHARE, "1287-N", "unit", "2024-T3", "", (402.0, 780.0, 402 / 780, 780)),
        (COUNT, "1287", "municipality", "2024-T3", "", (31.0, None, 31.0, 31)),
        (STOCK, "1287", "municipality", "2024-T3", "", None),
    )
    release(engine, "1287-SN", "2024-T3", own)
    release(engine, "1263-SN", "2024-T3", [(SHARE, "1263-SN", "board", "2024-T3", "", (555.0, 999.0, 555 / 999, 999))])
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine.dispose()
    return path


@pytest.fixture
def warehouse(made: Path, tmp_path: Path) -> Engine:
    """A copy of it, for a test of its own."""
    shutil.copyfile(made, tmp_path / "samkoll.db")
    return open_engine(f"sqlite:///{tmp_path / 'samkoll.db'}")


def take(engine: Engine, *figures: Mapping[str, Any], **changes: Any) -> None:
    import_release(engine, OPERATOR, package(*figures, **changes), "p.json", TRUSTED, for_municipality="1287")


def beside(engine: Engine, kpi_id: str, unit: str, viewer: Viewer = PRESIDIUM) -> tuple[NeighbourValue, ...]:
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        found = compared_figure(connection, catalogue(), viewer, organisation, kpi_id, unit_code=unit)
        assert found is not None
        return neighbour_values(connection, viewer, organisation, found)


@cache
def _live() -> LiveCatalogue:
    return LiveCatalogue(Settings().definitions, Path("/nonexistent/last-good.yaml"))


def page(engine: Engine, viewer: Viewer, path: str, search: str = "") -> str:
    return told(render(engine, _live(), lambda _: viewer, path, search).page.children).replace("~", " ")


def in_funnel(engine: Engine, month: str = "2024-12", viewer: Viewer = PRESIDIUM) -> PlacesBeside | None:
    """Beside three units of the third tertial, whose average is a half."""
    end = Period.parse("2024-12")
    readings = [inside_share(numerator, 100, end, periods=4, covered=4) for numerator in (45, 50, 55)]
    whole = replace(plain_row(SHARE, inside_share(150, 300, end, periods=4, covered=4)), unit=BOARD)
    one = FigurePage(
        whole, Period.parse(month), (), (), units_beside(whole.definition, *readings), (), 0, 0, is_synthetic=False
    )
    with reading(engine) as connection:
        return places_beside(connection, catalogue(), viewer, read_organisation(connection), one)


def test_municipalities_stand_in_the_units_funnel(warehouse: Engine) -> None:
    assert in_funnel(warehouse) is None, "one municipality is all that is read"
    take(warehouse, figure(SHARE, value("1263-SN", "2024-T3", share(240, 400))))
    assert in_funnel(warehouse, "2025-02") == PlacesBeside((), Period.parse("2024-12"))
    found = in_funnel(warehouse)
    assert found is not None
    own, other = found.places
    assert (own.municipality, own.is_own, own.compared and own.compared.significance) == (
        "Trelleborg", True, Significance.NONE,
    )  # fmt: skip
    # 60 % of 400 about 50 %: sqrt(.25 / 400) = 2.5 points, so 4 times that from the average: beyond 3.09
    assert (other.municipality, other.compared and other.compared.significance) == ("Svedala", Significance.HIGH_BY_FAR)
    units = units_beside(definition(SHARE), *(inside_share(numerator, 100) for numerator in (45, 50, 55)))
    middle = comparison(definition(SHARE), units)
    assert middle is not None
    chart = funnel(definition(SHARE), middle, units, LIGHT, found.places)
    assert chart["data"][-1]["marker"]["symbol"] == "diamond"
    assert chart["data"][-1]["x"] == [300, 400]
    assert max(chart["data"][0]["x"]) == 400, "the funnel goes on to the largest"
    shown = told(funnel_graph(definition(SHARE), middle, units, found.places)).replace("~", " ")
    assert "Svedala Socialnämnden 60 % 240 av 400 utanför tratten, över snittet: mer än normal variation" in shown
    assert "Trelleborg (egen) Socialnämnden 50 % 150 av 300 inom tratten" in shown


def test_in_a_funnel_what_is_hidden_is_told_and_what_is_of_another_time_is_not_drawn(warehouse: Engine) -> None:
    take(warehouse, figure(SHARE, value("1263-SN", "2024-T3", None)))
    found = in_funnel(warehouse)
    assert found is not None
    assert [(one.is_hidden, one.reading is None) for one in found.places] == [(False, False), (True, True)]
    assert "visas inte (för få fall)" in told(places_table(definition(SHARE), Comparison(0.5), found.places))
    take(warehouse, figure(SHARE, value("1263-SN", "2024-T2", share(240, 400))), exported_at="2025-03-03T09:00:00Z")
    assert in_funnel(warehouse) == PlacesBeside(())


def test_the_same_time_and_definition_are_compared_with_uncertainty(warehouse: Engine) -> None:
    take(warehouse)
    (one,) = beside(warehouse, SHARE, "1287-SN")
    assert (one.standing, one.neighbour.name, one.is_corrected) == (Standing.COMPARED, "Svedala", False)
    assert one.value is not None
    assert one.value.judged == Numbers(311.0, 622.0, 0.5, 622)
    assert one.value.interval is not None
    assert one.value.interval.lower == pytest.approx(0.46083, abs=1e-5)  # Wilson, by hand
    shown = page(warehouse, PRESIDIUM, HOME + SHARE, "?enhet=1287-SN")
    assert "Här står värdet för Socialnämnden i Trelleborg bredvid värdet för samma slags nämnd i andra" in shown
    assert "En skillnad som ryms inom osäkerheten är ingen säker skillnad." in shown
    assert "Svedala Socialnämnden 50 % 311 av 622 Tredje tertialet 2024 46 % till 54 %" in shown
    assert "paket från 3 februari 2025 (syntetiska data)" in shown


@pytest.mark.parametrize(
    ("figures", "unit", "standing", "words"),
    [
        ((figure(SHARE, value("1263-SN", "2024-T2", share(311, 622))),), "1287-SN", Standing.OTHER_PERIOD, "period"),
        (
            (figure(SHARE, value("1263-SN", "2024-T3", share(311, 622)), meaning="0" * 64),),
            "1287-SN", Standing.OTHER_DEFINITION, "annan definition: jämförs inte",
        ),
        ((figure(SHARE, value("1263-UN", "2024-T3", share(311, 622))),), "1287-SN", Standing.NOT_RELEASED, "Ingen av"),
        ((figure(COUNT, value("1263", "2024-T3", count(311))),), "1287-SN", Standing.NOT_RELEASED, "Ingen av"),
    ],
)  # fmt: skip
def test_what_may_not_be_compared_is_told_as_such(
    warehouse: Engine, figures: tuple[Mapping[str, Any], ...], unit: str, standing: Standing, words: str
) -> None:
    take(warehouse, *figures)
    (one,) = beside(warehouse, SHARE, unit)
    assert one.standing is standing
    assert one.value is None or one.value.target is None
    assert words in page(warehouse, PRESIDIUM, HOME + SHARE, f"?enhet={unit}").replace("Annan", "annan")


def test_a_meaning_that_the_sender_does_not_know_is_another(warehouse: Engine) -> None:
    unknown = figure(SHARE, value("1263-SN", "2024-T3", share(311, 622)))
    del unknown["meaning"]
    take(warehouse, unknown)
    assert [one.standing for one in beside(warehouse, SHARE, "1287-SN")] == [Standing.OTHER_DEFINITION]


def test_our_definition_with_numbers_of_another_shape_is_another(warehouse: Engine) -> None:
    take(warehouse, figure(SHARE, value("1263-SN", "2024-T3", count(311)), shape="count", unit="count"))
    assert [one.standing for one in beside(warehouse, SHARE, "1287-SN")] == [Standing.OTHER_DEFINITION]
    assert "311" in page(warehouse, PRESIDIUM, HOME + SHARE, "?enhet=1287-SN")


def test_a_hidden_value_is_hidden_on_the_page_and_in_every_file(warehouse: Engine) -> None:
    take(warehouse, figure(SHARE, value("1263-SN", "2024-T3", None, 2)), figure(COUNT, value("1263", "2024-T3", None)))
    (one,) = beside(warehouse, SHARE, "1287-SN")
    assert (one.standing, one.is_corrected) == (Standing.COMPARED, True)
    assert one.value is not None
    assert one.value.judged == SUPPRESSED
    shown = page(warehouse, PRESIDIUM, HOME + SHARE, "?enhet=1287-SN")
    assert "Visas inte (för få fall), rättat efter stängningen" in shown
    lines, paper = files(warehouse, SHARE, "1287-SN")
    line = next(line for line in lines if line["Kommun"] == "Svedala")
    assert (line["Täljare"], line["Nämnare"], line["Värde"], line["95 %-intervall, nedre"]) == ("..",) * 4
    assert "för få fall" in line["Anmärkning"]
    assert "Svedala" in paper


def test_the_files_hold_what_the_page_shows(warehouse: Engine) -> None:
    take(warehouse)
    lines, paper = files(warehouse, SHARE, "1287-SN")
    assert [(one["Kommun"], one["Plats"], one["Värde"]) for one in lines] == [
        ("Trelleborg", "Socialnämnden", "51"), ("Svedala", "Socialnämnden", "50"),
    ]  # fmt: skip
    shown = page(warehouse, PRESIDIUM, HOME + SHARE, "?enhet=1287-SN")
    for line in lines:
        assert f"{line['Täljare']} av {line['Nämnare']}" in shown
        assert line["Täljare"] in paper
    assert "signerat med nyckeln" in paper


def test_units_and_parts_of_others_are_nowhere_on_the_page(warehouse: Engine) -> None:
    take(
        warehouse, figure(SHARE, value("1263-A", "2024-T3", share(313, 626)), value("1263-SN", "2024-T3", share(1, 2)))
    )
    assert beside(warehouse, SHARE, "1287-N") == ()
    assert "Andra kommuner" not in page(warehouse, PRESIDIUM, HOME + SHARE, "?enhet=1287-N")
    assert "313" not in page(warehouse, PRESIDIUM, HOME + SHARE, "?enhet=1287-SN")


def test_the_first_page_says_whose_packages_there_are(warehouse: Engine) -> None:
    assert "andra kommuner" not in page(warehouse, PRESIDIUM, "/jamforelse")
    take(warehouse)
    shown = page(warehouse, PRESIDIUM, "/jamforelse")
    assert "Svedala: till och med december 2024, paket från 3 februari 2025" in shown
    take(warehouse, exported_at="2025-02-04T10:00:00Z")
    assert "paket från 4 februari 2025" in page(warehouse, PRESIDIUM, "/jamforelse")


def test_who_meets_the_others(warehouse: Engine) -> None:
    take(warehouse)

    def met(viewer: Viewer) -> list[tuple[str, bool]]:
        with reading(warehouse) as connection:
            found = neighbours(connection, viewer, read_organisation(connection), "1287")
        return [(one.municipality_code, one.package_no is not None) for one in found]

    readers = {
        Role.OPERATOR, Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR, Role.UNIT_MANAGER,
        Role.CENTRAL_CONTROLLER,
    }  # fmt: skip
    for role in Role:
        own = Viewer(role.value, (Grant(role, "1287", frozenset({"1287-SN"})),))
        assert met(own) == ([("1263", True)] if role in readers else []), role
    assert met(ELSEWHERE) == []
    assert met(delregional("1287", "1263")) == [("1263", True)]
    assert met(delregional("1287", "1233")) == []


def test_delregional_cooperation_meets_its_municipalities_without_packages_too(warehouse: Engine) -> None:
    viewer = delregional("1287", "1263", "1233")
    (one,) = beside(warehouse, SHARE, "1287-SN", viewer)
    assert (one.standing, one.neighbour.package_no) == (Standing.COMPARED, None)
    assert "555 av 999" in page(warehouse, viewer, HOME + SHARE, "?enhet=1287-SN")
    assert "403 av 790" in page(warehouse, viewer, HOME + SHARE, "?enhet=1263-SN")
    assert "Det här har Socialnämnden släppt" in page(warehouse, viewer, "/jamforelse")
    assert beside(warehouse, SHARE, "1287-SN", PRESIDIUM) == ()
    assert "555" not in page(warehouse, PRESIDIUM, HOME + SHARE, "?enhet=1287-SN")


def files(engine: Engine, kpi_id: str, unit: str) -> tuple[list[dict[str, str]], str]:
    """The table of other municipalities in the CSV file, and the paper's words."""
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        found = compared_figure(connection, catalogue(), PRESIDIUM, organisation, kpi_id, unit_code=unit)
        assert found is not None
        others = neighbour_values(connection, PRESIDIUM, organisation, found)
    export = figure_export(found, organisation, others)
    tables = write_csv(export).decode("utf-8-sig").split("\r\n\r\n")
    own = next(one for one in tables if one.startswith("Trelleborg och andra kommuner"))
    return list(csv.DictReader(io.StringIO(own.partition("\r\n")[2]), delimiter=";")), pdf_text(write_pdf(export))
