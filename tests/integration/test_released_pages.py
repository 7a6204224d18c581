"""The comparison's pages: the same for every reader of a municipality, nothing for others, and never
anything from inside a board."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.context import Page
from dashboard.routes import render
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.compute import compute
from kpi.live import LiveCatalogue
from kpi.period import Period
from kpi.released import Numbers
from kpi.views.comparison import ComparedFigure, compared_figure, comparison
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from tests.builders.figures import catalogue
from tests.builders.release_rows import add_values, count_of, release
from tests.builders.rendered import told
from tests.builders.warehouse import deliver
from warehouse.database import open_engine, reading
from warehouse.migrate import upgrade
from warehouse.settings import Settings

ORGANISATION: list[Mapping[str, Any]] = [
    {
        "unit_code": code,
        "name": name,
        "level": level,
        "parent_code": parent,
        "municipality_code": code[:4],
        "area": area,
    }
    for code, name, level, parent, area in (
        ("1287", "Trelleborg", "municipality", None, None),
        ("1287-SN", "Socialnämnden", "board", "1287", "social"),
        ("1287-N", "Öppenvård", "unit", "1287-SN", None),
        ("1287-BN", "Bildningsnämnden", "board", "1287", "education"),
        ("1263", "Svedala", "municipality", None, None),
        ("1263-SN", "Socialnämnden", "board", "1263", "social"),
    )
]
INSIDE = 7
"""How many plans there really were: a number that stands nowhere in the release."""
OTHER_PRESIDIUM = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-BN"})),))
OWN_PRESIDIUM = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"})),))
SECRETARY = Viewer("sekreterare", (Grant(Role.SECRETARY, "1287", frozenset({"1287-SN"})),))
MEMBER = Viewer("ledamot", (Grant(Role.MEMBER, "1287", frozenset({"1287-SN"})),))
ELSEWHERE = Viewer("presidium", (Grant(Role.PRESIDIUM, "1263", frozenset({"1263-SN"})),))
DEVELOPER = Viewer("verksamhetsutvecklare", (Grant(Role.DEVELOPER, "1287", frozenset({"1287-SN"})),))
FIGURE = "sip_established"
TERTIALS = [Period.parse(f"2024-T{number}") for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The social board's year, released by hand: its plans are shown, its unit's and their last tertial's are not."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('released') / 'samkoll.db'}")
    upgrade(engine)
    deliver(engine, "2025-01-31", org_units=ORGANISATION)
    deliver(
        engine,
        "2025-01-31",
        sips=[
            {
                "sip_id": f"s{number}", "municipality_code": "1287", "unit_code": "1287-N", "person_id": f"p{number}",
                "initiator_actor": "skola", "initiated_on": "2024-10-02", "called_on": "2024-10-02",
                "met_on": "2024-10-20", "consent": "given",
            }
            for number in range(INSIDE)
        ],
    )  # fmt: skip
    compute(engine, catalogue())
    for number, period in enumerate(TERTIALS, 1):
        shown = {"1287-SN": None if number == 3 else 20 + number, "1287-N": None, "1287": 40 + number}
        levels = {"1287-SN": "board", "1287-N": "unit", "1287": "municipality"}
        values = [count_of(FIGURE, unit, levels[unit], str(period), count) for unit, count in shown.items()]
        release(engine, "1287-SN", str(period), values)
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine.dispose()
    return engine


@pytest.fixture
def copied(released: Engine, tmp_path: Path) -> Engine:
    """The same in a file of its own, for tests that release more."""
    shutil.copyfile(str(released.url.database), tmp_path / "samkoll.db")
    return open_engine(f"sqlite:///{tmp_path / 'samkoll.db'}")


@cache
def _live() -> LiveCatalogue:
    """Read once: a file of definitions takes half a second."""
    return LiveCatalogue(Settings().definitions, Path("/nonexistent/last-good.yaml"))


def _open(engine: Engine, viewer: Viewer, path: str, search: str = "") -> Page:
    return render(engine, _live(), lambda _organisation: viewer, path, search).page


@pytest.fixture
def page(released: Engine) -> Any:
    """Opens an address as a viewer; the title and the words."""

    def read(viewer: Viewer, path: str, search: str = "") -> tuple[str, str]:
        found = _open(released, viewer, path, search)
        return found.title, told(found.children)

    return read


ADDRESSES = (
    ("/jamforelse", ""),
    ("/jamforelse", "?slut=2024-08"),
    ("/jamforelse/sip_established", "?enhet=1287-SN"),
    ("/jamforelse/sip_established", "?enhet=1287-N&slut=2024-04"),
    ("/jamforelse/sip_established", "?enhet=1287"),
)


@pytest.mark.parametrize(("path", "search"), ADDRESSES)
def test_every_reader_of_the_municipality_sees_the_same(page: Any, path: str, search: str) -> None:
    seen = {page(viewer, path, search) for viewer in (OTHER_PRESIDIUM, OWN_PRESIDIUM, SECRETARY)}
    assert len(seen) == 1
    assert page(MEMBER, path, search) in seen, "the board with releases is the member's own"
    ((title, words),) = seen
    assert title in ("Jämförelse", "Upprättade SIP, 0–17 år")
    assert f" {INSIDE} " not in f" {words} "


def test_the_comparison_shows_what_is_released_and_marks_what_is_hidden(page: Any) -> None:
    _, words = page(SECRETARY, "/jamforelse")
    assert "Det här har Socialnämnden släppt till och med december~2024. Ett nyckeltal är släppt, och alla" in words
    assert "Upprättade SIP, 0–17 år .. visas inte (för få fall) , senaste 12~mån" in words
    assert "126 senaste 12~mån T3~2024: 43" in words, "the municipality's three tertials"
    assert "Syntetiska data" in words


def test_a_hidden_tertial_stands_as_the_marker_between_the_shown(page: Any) -> None:
    _, words = page(OTHER_PRESIDIUM, "/jamforelse/sip_established", "?enhet=1287-SN")
    hidden = ".. visas inte (för få fall)"
    assert f"Tredje tertialet~2024 {hidden} {hidden} Andra tertialet~2024 22 inte släppt" in words
    assert words.count("Öppenvård") == 1
    assert "Styrdiagram visas inte" in words


def test_who_reads_no_board_lands_on_what_is_its_own(page: Any) -> None:
    assert page(MEMBER, "/") == page(MEMBER, "/handlingar")
    assert page(SECRETARY, "/") == page(SECRETARY, "/intern-kontroll")
    assert page(OTHER_PRESIDIUM, "/")[0] != "Jämförelse"


def test_others_read_nothing(page: Any) -> None:
    title, words = page(ELSEWHERE, "/jamforelse")
    assert (title, "Ännu är inget släppt som du får läsa." in words) == ("Jämförelse", True)
    assert "126" not in words
    for viewer in (ELSEWHERE, DEVELOPER, Viewer("ingen", ())):
        title, words = page(viewer, "/jamforelse/sip_established", "?enhet=1287-SN")
        assert title == "Behörighet saknas"
        assert "22" not in words


def test_a_place_where_the_figure_is_not_released_says_so(page: Any) -> None:
    _, words = page(OWN_PRESIDIUM, "/jamforelse/sip_established", "?enhet=1287-BN")
    assert "Nyckeltalet är inte släppt här ännu." in words
    _, words = page(SECRETARY, "/jamforelse/sip_met_30d")
    assert "Nyckeltalet är inte släppt här ännu." in words
    assert page(SECRETARY, "/jamforelse/finns_inte")[0] == "Sidan finns inte"
    assert page(SECRETARY, "/jamforelse", "?slut=2024-09")[0] == "Sidan finns inte"
    assert page(SECRETARY, "/jamforelse", "?slut=igår")[0] == "Sidan finns inte"


def _figure(engine: Engine, viewer: Viewer, **more: Any) -> ComparedFigure | None:
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        return compared_figure(connection, catalogue(), viewer, organisation, "sip_established", **more)


def test_the_whole_of_a_tables_year_stands_beside_its_parts(copied: Engine) -> None:
    year = Period.parse("2024")
    counts = (("actor=bup", 30), ("actor=skola", None), ("", 63))
    add_values(copied, 3, [count_of(FIGURE, "1287-SN", "board", "2024", count, split) for split, count in counts])
    found = _figure(copied, SECRETARY, unit_code="1287-SN")
    assert found is not None
    assert (found.parts_of, found.parts_total) == (year, Numbers(63.0, None, 63.0, 63))
    assert len(found.parts) == 2


def test_a_reader_of_several_municipalities_reads_one_at_a_time(copied: Engine) -> None:
    both = Viewer("regional", (*ELSEWHERE.grants, *SECRETARY.grants))
    release(copied, "1263-SN", "2025-T1", [count_of(FIGURE, "1263-SN", "board", "2025-T1", 11)])
    with reading(copied) as connection:
        organisation = read_organisation(connection)
        own = comparison(connection, catalogue(), both, organisation)
        other = comparison(connection, catalogue(), both, organisation, municipality_code="1287")
        with pytest.raises(NotFound):
            comparison(connection, catalogue(), both, organisation, municipality_code="1233")
    assert own is not None
    assert other is not None
    assert own.municipalities == other.municipalities == ("1263", "1287")
    assert [one.code for one in own.places] == ["1263-SN", "1263"]
    assert [one.code for one in other.places] == ["1287-SN", "1287"]
    assert [str(one) for one in own.ends] == ["2025-04"]
    assert own.closings[0].board.code == "1263-SN"
    figure = _figure(copied, both, unit_code="1287")
    assert figure is not None
    assert [str(one) for one in figure.ends] == ["2024-12", "2024-08", "2024-04"]
    with pytest.raises(AccessDenied):
        _figure(copied, ELSEWHERE, unit_code="1287")
