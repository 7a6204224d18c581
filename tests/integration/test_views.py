"""What pages read, on both databases: figures by hand-counted rows, and nothing that a viewer has no grant for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from control.requests import ask
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.compute import compute
from kpi.period import Period
from kpi.status import State
from kpi.views.deliveries import deliveries, rejects
from kpi.views.errors import NotFound
from kpi.views.figure import figure
from kpi.views.freshness import freshness, is_synthetic
from kpi.views.jobs import latest_jobs, latest_requests
from kpi.views.organisation import read_organisation
from kpi.views.overview import overview
from kpi.views.rows import FigurePage, FigureRow, Overview
from tests.builders.figures import catalogue
from tests.builders.filled import Filled
from tests.builders.warehouse import deliver
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.tables import delivery, job_request, job_run, rejected_row

AS_OF = "2025-03-31"
MARCH = Period.parse("2025-03")
PRESIDIUM = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"})),))
CONTROLLER = Viewer("controller", (Grant(Role.CONTROLLER, "1287", frozenset({"1287-SN"})),))
AUDITOR_ELSEWHERE = Viewer("revisor", (Grant(Role.AUDITOR, "1263", frozenset({"1263-SN"})),))


def _unit(code: str, name: str, level: str, parent: str | None, area: str | None = None) -> dict[str, Any]:
    municipality = code[:4] if len(code) >= 4 else None
    return {
        "unit_code": code,
        "name": name,
        "level": level,
        "parent_code": parent,
        "municipality_code": municipality,
        "area": area,
    }


ORGANISATION = [
    _unit("12", "Region Skåne", "region", None),
    _unit("1287", "Trelleborg", "municipality", "12"),
    _unit("1287-SN", "Socialnämnden", "board", "1287", "social"),
    _unit("1287-N", "Öppenvård", "unit", "1287-SN"),
    _unit("1287-S", "Barn och familj söder", "unit", "1287-SN"),
    _unit("1287-BN", "Bildningsnämnden", "board", "1287", "education"),
    _unit("1263", "Svedala", "municipality", "12"),
    _unit("1263-SN", "Socialnämnden", "board", "1263", "social"),
    _unit("1263-B", "Barn och unga", "unit", "1263-SN"),
]


def _sip(number: int, unit: str, called_on: str, *, complete: bool, met_on: str | None = None) -> dict[str, Any]:
    return {
        "sip_id": f"s{number}",
        "municipality_code": unit[:4],
        "unit_code": unit,
        "person_id": f"p{number}",
        "initiator_actor": "skola" if number % 2 else "socialtjanst",
        "initiated_on": called_on,
        "called_on": called_on,
        "met_on": met_on,
        "consent": "given",
        "purpose_stated": complete,
        "question_stated": complete,
    }


def _calls(engine: Engine) -> None:
    """Calls in Trelleborg: 12 in 2024 (3 complete), 8 in March 2025 (6 complete); three plans met in January."""
    deliver(engine, AS_OF, org_units=ORGANISATION)
    earlier = [_sip(n, "1287-N", f"2023-{n + 1:02}-10", complete=n < 3) for n in range(12)]
    now = [_sip(20 + n, "1287-S" if n < 5 else "1287-N", "2025-03-05", complete=n < 6) for n in range(8)]
    met = [_sip(40 + n, "1287-S", "2025-01-02", complete=True, met_on="2025-01-20") for n in range(3)]
    deliver(engine, AS_OF, sips=[*earlier, *now, *met])
    deliver(engine, AS_OF, sips=[_sip(60, "1263-B", "2025-03-02", complete=True, met_on="2025-03-09")])
    deliver(
        engine,
        AS_OF,
        population=[
            {"municipality_code": code, "year": 2024, "age": "0-17", "children": 1000} for code in ("1287", "1263")
        ],
    )
    compute(engine, catalogue())


@pytest.fixture
def loaded(filled: Filled) -> Engine:
    """`_calls`, on both databases."""
    return filled(_calls)


def _overview(engine: Engine, viewer: Viewer, board: str = "1287-SN", month: Period | None = MARCH) -> Overview:
    with reading(engine) as connection:
        found = overview(connection, catalogue(), viewer, read_organisation(connection), board, month)
    assert found is not None
    return found


def _row(page: Overview, kpi_id: str) -> FigureRow:
    return next(row for row in page.rows if row.definition.id == kpi_id)


def _figure(engine: Engine, viewer: Viewer, kpi_id: str, **more: Any) -> FigurePage:
    with reading(engine) as connection:
        found = figure(connection, catalogue(), viewer, read_organisation(connection), kpi_id, **more)
    assert found is not None
    return found


def test_a_share_is_summed_over_twelve_months_and_judged_on_them(loaded: Engine) -> None:
    row = _row(_overview(loaded, PRESIDIUM), "sip_call_complete")
    assert (row.current.numerator, row.current.denominator) == (6, 8)
    assert row.year is not None
    assert (row.year.numerator, row.year.denominator) == (9, 11)
    assert row.status.state is State.OFF
    assert row.status.words == "Lägre än det föreslagna målet"


def test_a_count_is_zero_in_a_covered_month_and_missing_before_coverage(loaded: Engine) -> None:
    row = _row(_overview(loaded, PRESIDIUM), "sip_established")
    assert row.current.value == 0
    assert row.year is not None
    assert row.year.value == 3
    outside = [one for one in row.series if one.last < Period.parse("2023-02")]
    assert all(one.value is None for one in outside)


def test_the_boards_own_municipality_figure_is_shown_at_municipality_level(loaded: Engine) -> None:
    row = _row(_overview(loaded, PRESIDIUM, month=Period.parse("2025-04").shift(-1)), "sip_per_1000")
    assert row.unit.code == "1287"
    assert str(row.current.last) == "2024-T3"


def test_the_default_month_is_the_latest_finished_one(loaded: Engine) -> None:
    page = _overview(loaded, PRESIDIUM, month=None)
    assert page.month == MARCH
    assert page.preliminary_from is None
    assert page.is_synthetic


def test_another_boards_page_is_denied_and_unknown_things_are_not_found(loaded: Engine) -> None:
    for board in ("1263-SN", "1287-BN", "finns-inte"):
        with pytest.raises(AccessDenied):
            _overview(loaded, PRESIDIUM, board)
    with pytest.raises(NotFound, match="inga leveranser"):
        _overview(loaded, PRESIDIUM, month=Period.parse("2031-01"))
    with pytest.raises(NotFound, match="Nyckeltalet finns inte"):
        _figure(loaded, PRESIDIUM, "finns_inte")
    with pytest.raises(NotFound, match="Enheten finns inte"):
        _figure(loaded, PRESIDIUM, "sip_established", unit_code="finns-inte")


@pytest.mark.parametrize("unit", ["1263-SN", "1263-B", "1263", "12"])
@pytest.mark.parametrize("kpi_id", ["sip_established", "sip_call_complete"])
def test_a_figure_of_another_board_or_level_above_is_denied(loaded: Engine, unit: str, kpi_id: str) -> None:
    with pytest.raises((AccessDenied, NotFound)):
        _figure(loaded, PRESIDIUM, kpi_id, unit_code=unit)


def test_units_are_compared_in_order_of_name(loaded: Engine) -> None:
    page = _figure(loaded, PRESIDIUM, "sip_call_complete", month=MARCH)
    assert [one.unit.name for one in page.units] == ["Barn och familj söder", "Öppenvård"]
    south, north = page.units
    assert (south.reading.numerator, south.reading.denominator) == (8, 8)
    assert (north.reading.numerator, north.reading.denominator) == (1, 3)
    assert north.is_small
    assert not south.is_small
    assert {unit.code for unit in page.places} == {"1287", "1287-SN", "1287-S", "1287-N"}
    assert [source.dataset for source in page.sources] == ["sips"]


def test_a_units_own_page_shows_its_own_numbers(loaded: Engine) -> None:
    page = _figure(loaded, PRESIDIUM, "sip_call_complete", unit_code="1287-N", month=MARCH)
    assert (page.row.current.numerator, page.row.current.denominator) == (1, 3)
    assert page.units == ()


def test_nothing_computed_yet_is_told(engine: Engine) -> None:
    deliver(engine, AS_OF, org_units=ORGANISATION)
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        assert overview(connection, catalogue(), PRESIDIUM, organisation, "1287-SN") is None
        assert figure(connection, catalogue(), PRESIDIUM, organisation, "sip_active") is None


# --- every sort of figure ----------------------------------------------------


def _every_sort(engine: Engine) -> None:
    """Besides the calls, statistics of both Trelleborg and its region, training and agreements."""
    statistics = [
        _statistic("N15608", "1287", 2021, 79.5),
        _statistic("N15608", "1287", 2023, 80.1),
        _statistic("N15638", "1287", 2022, 64.6),
        _statistic("U72552", "0012", 2023, 72.5),
        _statistic("U72552", "0012", 2024, 70.0),
        _statistic("U33578", "1263", 2024, 84.0),
    ]
    training = [_trained("1287-SN", "secrecy", 5, 11), _trained("1287-N", "secrecy", 50, 60)]
    agreements = [
        {
            "municipality_code": "1287",
            "agreement_id": f"a{number}",
            "kind": "agreement",
            "name": "SIP",
            "parties": "kommunen, regionen",
            "valid_from": "2023-01-01",
            "signed_on": signed_on,
        }
        for number, signed_on in enumerate(("2023-01-01", None))
    ]
    _calls(engine)
    deliver(engine, AS_OF, context_values=statistics, training=training, agreements=agreements)
    compute(engine, catalogue())


@pytest.fixture
def varied(filled: Filled) -> Engine:
    """`_every_sort`, on both databases."""
    return filled(_every_sort)


def _statistic(series: str, municipality: str, year: int, value: float) -> dict[str, Any]:
    return {"kpi_id": series, "municipality_code": municipality, "year": year, "sex": "T", "value": value}


def _trained(unit: str, subject: str, trained: int, staff: int) -> dict[str, Any]:
    return {"unit_code": unit, "month": "2024-12", "subject": subject, "trained": trained, "staff": staff}


def test_statistics_are_the_latest_measured_and_compared_with_the_time_before(varied: Engine) -> None:
    row = _row(_overview(varied, PRESIDIUM), "bup_first_visit_90d")
    assert (row.unit.code, str(row.current.last), row.current.value) == ("12", "2024", 70.0)
    assert row.change is not None
    assert row.change.difference == pytest.approx(-2.5)
    assert (row.status.state, row.status.words) == (State.OFF, "Under den föreslagna bevakningsnivån")
    assert not row.is_late


def test_statistics_of_another_boards_area_are_on_their_page_with_each_series_apart(varied: Engine) -> None:
    assert "school_health_access" not in {row.definition.id for row in _overview(varied, PRESIDIUM).rows}
    page = _figure(varied, PRESIDIUM, "school_health_access", month=MARCH)
    assert page.row.unit.code == "1287"
    assert [(part.split[0][1], str(part.reading.last), part.reading.value) for part in page.row.parts] == [
        ("N15608", "2023", 80.1),
        ("N15638", "2022", 64.6),
    ]
    assert page.row.current.value is None
    assert [one.unit for one in page.units] == []


def test_statistics_and_open_figures_stay_in_the_own_municipality(varied: Engine) -> None:
    page = _figure(varied, PRESIDIUM, "bup_first_visit_90d", unit_code="12", month=MARCH)
    assert (page.row.has_values, [one.unit.code for one in page.beside]) == (True, ["1287-SN", "1287"])
    for kpi_id in ("youth_influence", "agreements_valid", "training_coverage"):
        with pytest.raises(AccessDenied):
            _figure(varied, PRESIDIUM, kpi_id, unit_code="1263", month=MARCH)
    with pytest.raises(AccessDenied):
        _figure(varied, PRESIDIUM, "agreements_valid", unit_code="12", month=MARCH)


def test_an_open_figure_of_both_areas_is_read_at_the_municipality(varied: Engine) -> None:
    row = _row(_overview(varied, PRESIDIUM), "agreements_valid")
    assert row.unit.code == "1287"
    assert (row.current.numerator, row.current.denominator) == (1, 2)
    assert str(row.current.last) == "2024-T3"


def test_parts_that_do_not_add_up_have_no_sum_and_are_judged_by_the_lowest(varied: Engine) -> None:
    row = _row(_overview(varied, PRESIDIUM), "training_coverage")
    assert row.current.value is None
    assert row.telling is not None
    assert dict(row.telling.split) == {"subject": "secrecy", "group": "board_members"}
    assert (row.judged.numerator, row.judged.denominator) == (5, 11)
    assert row.status.state is State.OFF
    assert {part.status.state for part in row.parts if part.status} == {State.OFF, State.REACHES}


@pytest.mark.parametrize("kpi_id", ["controls_on_time", "collaboration_maturity"])
def test_what_is_not_counted_from_deliveries_awaits(loaded: Engine, kpi_id: str) -> None:
    row = _row(_overview(loaded, PRESIDIUM), kpi_id)
    assert row.status.state is State.AWAITS
    assert not row.has_values
    assert not row.is_late
    assert not _figure(loaded, PRESIDIUM, kpi_id, month=MARCH).row.has_values


def test_figures_beside_are_read_for_the_same_unit(loaded: Engine) -> None:
    page = _figure(loaded, PRESIDIUM, "deviation_feedback_60d", unit_code="1287-N", month=MARCH)
    assert [(row.definition.id, row.unit.code) for row in page.beside] == [("deviation_answered_60d", "1287-N")]


def test_every_figure_of_the_catalogue_can_be_opened(varied: Engine) -> None:
    for kpi_id in catalogue().definitions:
        assert _figure(varied, PRESIDIUM, kpi_id, month=MARCH).row.definition.id == kpi_id


# --- deliveries --------------------------------------------------------------


def _reject(engine: Engine, delivery_id: int, municipality: str | None, line: int = 7) -> None:
    with writing(engine) as connection:
        connection.execute(
            insert(rejected_row).values(
                delivery_id=delivery_id,
                source_id=1,
                dataset="sips",
                municipality_code=municipality,
                line=line,
                field="met_on",
                rule="day",
                message="Datumet finns inte.",
                other_problems=["ett fel till"],
                row={"secret": "cell"},
            )
        )


def _held(engine: Engine, municipality: str) -> int:
    number = deliver(engine, AS_OF, status="held")
    _reject(engine, number, municipality)
    return number


def test_freshness_is_read_within_the_viewers_municipality(loaded: Engine) -> None:
    with reading(loaded) as connection:
        found = freshness(connection, PRESIDIUM)
        assert {one.municipality_code for one in found} == {"1287", ""}
        assert {one.as_of for one in found} == {date(2025, 3, 31)}
        assert {one.municipality_code for one in freshness(connection, AUDITOR_ELSEWHERE)} == {"1263", ""}
        assert is_synthetic(connection, "1287", ["sips"])
        assert not is_synthetic(connection, "1233", ["sips"])


def test_rejects_are_paged_counted_and_never_hold_cells(loaded: Engine) -> None:
    for line in range(5):
        _reject(loaded, 2, "1287", line)
    _reject(loaded, 2, "1263", 99)
    with reading(loaded) as connection:
        page = rejects(connection, CONTROLLER, limit=2, offset=2)
        assert page.total == 5
        assert [row.line for row in page.rows] == [2, 3]
        assert "cell" not in repr(page)
        assert {one.open_rejects for one in freshness(connection, CONTROLLER) if one.dataset == "sips"} == {5}
        with pytest.raises(AccessDenied):
            rejects(connection, PRESIDIUM)


def test_a_controller_asks_once_and_only_about_a_held_delivery_of_its_own(loaded: Engine) -> None:
    held, elsewhere = _held(loaded, "1287"), _held(loaded, "1263")
    first = ask(loaded, CONTROLLER, "approve", held)
    assert ask(loaded, CONTROLLER, "approve", held) == first
    with reading(loaded) as connection:
        rows = connection.execute(select(job_request)).all()
        assert [(row.kind, row.delivery_id, row.state, row.asked_by) for row in rows] == [
            ("approve", held, "waiting", "controller")
        ]
        assert [row.request_id for row in latest_requests(connection, CONTROLLER)] == [first]
        assert latest_requests(connection, AUDITOR_ELSEWHERE) == ()
        assert [row.delivery_id for row in deliveries(connection, CONTROLLER, status=("held",))] == [held]
    with pytest.raises(AccessDenied):
        ask(loaded, PRESIDIUM, "approve", held)
    with pytest.raises(NotFound, match="finns inte"):
        ask(loaded, CONTROLLER, "approve", elsewhere)
    with pytest.raises(UserError, match="väntar inte på beslut"):
        ask(loaded, CONTROLLER, "refuse", 2)


def test_a_delivery_that_also_speaks_for_others_is_not_decided_alone(loaded: Engine) -> None:
    shared = _held(loaded, "1287")
    _reject(loaded, shared, "1263")
    with pytest.raises(AccessDenied, match="andra kommuner"):
        ask(loaded, CONTROLLER, "approve", shared)


def test_failing_jobs_come_first(loaded: Engine) -> None:
    now = datetime(2025, 3, 31, 6, tzinfo=UTC)
    with writing(loaded) as connection:
        for job, state in (("compute", "done"), ("pick_up", "failed")):
            connection.execute(
                insert(job_run).values(
                    job=job, slot="1", state=state, attempts=1, started_at=now, retry_at=now, error="Fel.", worker="w"
                )
            )
        connection.execute(delivery.update().where(delivery.c.delivery_id == 1).values(is_synthetic=False))
    with reading(loaded) as connection:
        assert [row.job for row in latest_jobs(connection, PRESIDIUM)] == ["pick_up", "compute"]
        with pytest.raises(AccessDenied):
            latest_jobs(connection, Viewer("ingen", ()))
