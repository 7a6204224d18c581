"""Closing periods on both databases: what is frozen, what is released, what stays hidden, and who may do it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from benchmarks.release import decided, print_hidden
from control.release.closing import Summary, close_period
from control.release.rule import rules, set_rule
from control.release.store import closings, is_intact
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.disclosure.suppressed import Suppressed
from kpi.period import Period, PeriodType
from kpi.released import Numbers, Shown
from kpi.views.released import released_figure
from tests.builders.figures import catalogue as shipped
from tests.builders.warehouse import deliver
from warehouse import clock, closed_tables, tables
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.tables import definitions_version

AS_OF = "2025-12-31"
CONTROLLER = Viewer("controller", (Grant(Role.CONTROLLER, "1287", frozenset({"1287-SN"})),))
OTHER_BOARD = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-BN"})),))
ELSEWHERE = Viewer("presidium", (Grant(Role.PRESIDIUM, "1263", frozenset({"1263-SN"})),))
FIGURES = ("sip_established", "sip_follow_up_agreed", "sip_child_voice", "deviations_reported", "sip_active")


@cache
def _catalogue() -> Catalogue:
    """A few of the shipped figures, of all release classes that hide anything."""
    found = {one.id: one for one in shipped().definitions.values() if one.id in FIGURES}
    return replace(shipped(), definitions=found, source=b"")


def _unit(code: str, level: str, parent: str | None, area: str | None = None) -> dict[str, Any]:
    return {
        "unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": code[:4],
        "area": area,
    }  # fmt: skip


ORGANISATION = [
    _unit("1287", "municipality", None),
    _unit("1287-SN", "board", "1287", "social"),
    _unit("1287-N", "unit", "1287-SN"),
    _unit("1287-S", "unit", "1287-SN"),
    _unit("1287-V", "unit", "1287-SN"),
    _unit("1287-BN", "board", "1287", "education"),
    _unit("1287-SK", "unit", "1287-BN"),
]
MET = {"1287-N": (8, 9, 7, 11, *[7] * 8), "1287-S": (2, 0, 3, 1, *[0] * 8), "1287-V": (6, 12, 9, 7, *[0] * 8)}
"""Plans met in each unit, by month of 2025: 75 in the first tertial, 28 in each of the others."""


def _sip(unit: str, month: int, number: int, **more: Any) -> dict[str, Any]:
    day = f"2025-{month:02}-{10 + number % 10:02}"
    return {
        "sip_id": f"{unit}-{month}-{number}", "municipality_code": "1287", "unit_code": unit, "person_id": "p",
        "initiator_actor": "skola", "initiated_on": "2024-12-01", "called_on": "2024-12-02", "met_on": day,
        "consent": "given", "child_voice": "attended" if number % 3 else "none",
        "agreed_follow_up_on": "2025-09-01" if number % 2 else None,
    } | more  # fmt: skip


def _deviation(unit: str, month: int, number: int) -> dict[str, Any]:
    return {
        "deviation_id": f"{unit}-{month}-{number}", "municipality_code": "1287", "unit_code": unit,
        "reported_on": f"2025-{month:02}-07", "reporting_actor": "socialtjanst", "counterpart_actor": "bup",
        "category": "oklart_ansvar",
    }  # fmt: skip


@pytest.fixture
def warehouse(sqlite_engine: Engine) -> Engine:
    """As `fill` leaves it."""
    return fill(sqlite_engine)


def fill(engine: Engine) -> Engine:
    """Two boards; three units with plans, one of them small; deviations in both boards."""
    deliver(engine, AS_OF, org_units=ORGANISATION)
    each = [(unit, month, n) for unit, met in MET.items() for month, many in enumerate(met, 1) for n in range(many)]
    sips = [_sip(*one) for one in each]
    early = _sip(
        "1287-N", 1, 99, sip_id="early", initiated_on="2024-01-05", called_on="2024-01-06", met_on="2024-01-08"
    )
    deliver(engine, AS_OF, sips=[*sips, early])
    deviations = [
        _deviation(unit, month, n) for unit in ("1287-N", "1287-SK") for month in (1, 2, 3, 4) for n in range(6)
    ]
    old = [_deviation("1287-N", 1, 0) | {"deviation_id": "old", "reported_on": "2024-01-04"}]
    deliver(engine, AS_OF, deviations=[*deviations, *old])
    compute(engine, _catalogue())
    return engine


def _close(engine: Engine, period: str, board: str = "1287-SN", viewer: Viewer = OPERATOR, **more: Any) -> Summary:
    return close_period(engine, _catalogue(), viewer, board, Period.parse(period), **more)


def _released(engine: Engine, kpi_id: str, unit: str, viewer: Viewer = OTHER_BOARD) -> Mapping[str, Shown]:
    with reading(engine) as connection:
        found = released_figure(connection, _catalogue(), viewer, kpi_id, unit_code=unit)
    return {str(one.period): one.content for one in found if one.split is None}


def test_a_tertial_is_released_with_its_months_and_small_counts_are_hidden(warehouse: Engine) -> None:
    _close(warehouse, "2025-T1")
    board = _released(warehouse, "sip_established", "1287-SN")
    assert board["2025-T1"] == Numbers(75.0, None, 75.0, 75)
    assert set(board) == {"2025-01", "2025-02", "2025-03", "2025-04", "2025-T1"}
    assert _released(warehouse, "sip_established", "1287-S") == {"2025-T1": Numbers(6.0, None, 6.0, 6)}
    assert set(_released(warehouse, "sip_active", "1287-S")) == {"2025-04"}, "what stands is told at the period's end"


def test_nothing_that_is_shown_gives_a_hidden_count_away_by_subtraction(warehouse: Engine) -> None:
    for month in ("2025-01", "2025-02", "2025-03", "2025-04"):
        _close(warehouse, month)
    units = {unit: _released(warehouse, "sip_established", unit) for unit in MET}
    board = _released(warehouse, "sip_established", "1287-SN")
    for month in ("2025-01", "2025-02", "2025-03", "2025-04"):
        hidden = [unit for unit in units if isinstance(units[unit][month], Suppressed)]
        assert "1287-S" in hidden
        assert len(hidden) > 1 or isinstance(board[month], Suppressed)


def test_a_share_is_hidden_whole_or_not_at_all_and_the_count_behind_it_likewise(warehouse: Engine) -> None:
    _close(warehouse, "2025-T1")
    for unit in (*MET, "1287-SN"):
        counts, shares = (_released(warehouse, id_, unit) for id_ in ("sip_established", "sip_follow_up_agreed"))
        for period, share in shares.items():
            if isinstance(share, Numbers):
                counted = counts[period]
                assert isinstance(counted, Numbers), "the denominator is the same plans"
                assert share.denominator == counted.value
                assert share.denominator is not None
                assert share.denominator >= 5


def test_levels_above_wait_for_every_board_that_has_any_rows(warehouse: Engine) -> None:
    first = _close(warehouse, "2025-T1")
    assert "1287" in first.above, "plans are in one board only"
    assert "2025-T1" not in _released(warehouse, "deviations_reported", "1287")
    _close(warehouse, "2025-T1", "1287-BN")
    assert _released(warehouse, "deviations_reported", "1287")["2025-T1"] == Numbers(48.0, None, 48.0, 48)


def test_the_year_is_released_with_its_last_period(warehouse: Engine) -> None:
    for period in ("2025-T1", "2025-T3"):
        _close(warehouse, period)
        assert "2025" not in _released(warehouse, "sip_established", "1287-SN")
    _close(warehouse, "2025-T2")
    assert _released(warehouse, "sip_established", "1287-SN")["2025"] == Numbers(131.0, None, 131.0, 131)
    unit = _released(warehouse, "sip_established", "1287-V")
    assert unit["2025-T1"] == Numbers(34.0, None, 34.0, 34)
    assert isinstance(unit["2025-T2"], Suppressed)
    assert isinstance(unit["2025"], Suppressed), "34 for the year would say that the other tertials are empty"


def test_inside_values_move_on_and_the_release_stands_until_it_is_revised(engine: Engine) -> None:
    warehouse = fill(engine)
    _close(warehouse, "2025-T1")
    deliver(warehouse, AS_OF, sips=[_sip("1287-N", 3, 50 + n) for n in range(6)])
    compute(warehouse, _catalogue())
    assert _released(warehouse, "sip_established", "1287-SN")["2025-T1"] == Numbers(75.0, None, 75.0, 75)
    with pytest.raises(UserError, match="redan stängd"):
        _close(warehouse, "2025-T1")
    summary = _close(warehouse, "2025-T1", reason="Sex planer registrerades sent.")
    assert summary.stored.header.revision == 1
    assert _released(warehouse, "sip_established", "1287-SN")["2025-T1"] == Numbers(81.0, None, 81.0, 81)
    with pytest.raises(UserError, match="Inget har ändrats"):
        _close(warehouse, "2025-T1", reason="Igen")


def test_what_was_hidden_stays_hidden_when_it_is_corrected(warehouse: Engine) -> None:
    _close(warehouse, "2025-01")
    before = {unit: _released(warehouse, "sip_established", unit) for unit in (*MET, "1287-SN")}
    deliver(warehouse, AS_OF, sips=[_sip("1287-S", 1, 50 + n) for n in range(20)])
    compute(warehouse, _catalogue())
    assert any(isinstance(one, Suppressed) for one in before["1287-S"].values())
    _close(warehouse, "2025-01", reason="Tjugo planer saknades.")
    for unit, periods in before.items():
        after = _released(warehouse, "sip_established", unit)
        assert all(isinstance(after[one], Suppressed) for one, was in periods.items() if isinstance(was, Suppressed))


def test_a_later_closing_sums_what_was_frozen(warehouse: Engine) -> None:
    _close(warehouse, "2025-T1")
    deliver(warehouse, AS_OF, sips=[_sip("1287-N", 3, 50 + n) for n in range(6)])
    compute(warehouse, _catalogue())
    _close(warehouse, "2025-T2")
    _close(warehouse, "2025-T3")
    assert _released(warehouse, "sip_established", "1287-SN")["2025"] == Numbers(131.0, None, 131.0, 131)


def test_the_true_values_are_frozen_for_the_board(warehouse: Engine) -> None:
    _close(warehouse, "2025-T1")
    table = closed_tables.closed_value
    with reading(warehouse) as connection:
        rows = connection.execute(
            select(table.c.numerator)
            .join(tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no)
            .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == table.c.unit_no)
            .where(tables.kpi.c.kpi_id == "sip_established", tables.kpi_unit.c.unit_code == "1287-S")
            .order_by(table.c.period)
        )
        assert [row.numerator for row in rows] == [2, 0, 3, 1]


def test_a_board_closes_the_sort_of_period_that_it_has_set(warehouse: Engine) -> None:
    set_rule(warehouse, OPERATOR, "1287-SN", PeriodType.QUARTER)
    with pytest.raises(UserError, match="stänger kvartal, inte tertial"):
        _close(warehouse, "2025-T1")
    _close(warehouse, "2025-K1")
    assert _released(warehouse, "sip_established", "1287-SN")["2025-K1"] == Numbers(56.0, None, 56.0, 56)
    _close(warehouse, "2025-H1", "1287-BN")
    with reading(warehouse) as connection:
        assert rules(connection) == {"1287-SN": PeriodType.QUARTER, "1287-BN": PeriodType.HALF_YEAR}


@pytest.mark.parametrize(
    ("period", "board", "sentence"),
    [
        ("2025", "1287-SN", "stänger inte ett helt år"),
        ("2099-T1", "1287-SN", "är inte slut"),
        ("2025-T1", "1287-N", "är ingen nämnd"),
        ("2025-T1", "9999", "finns inte bland"),
        ("2020-T1", "1287-SN", "Inget att stänga"),
    ],
)
def test_what_cannot_be_closed_is_told(warehouse: Engine, period: str, board: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        _close(warehouse, period, board)


def test_only_the_boards_controller_closes(warehouse: Engine) -> None:
    for viewer in (OTHER_BOARD, ELSEWHERE, Viewer("ingen", ())):
        with pytest.raises(AccessDenied):
            _close(warehouse, "2025-T1", viewer=viewer)
    with pytest.raises(UserError, match="Det saknas för Barnets röst; Uppföljningsdatum avtalat"):
        _close(warehouse, "2025-T1", viewer=CONTROLLER)
    closed = _close(warehouse, "2025-T1", viewer=CONTROLLER, without_action="Åtgärder tas fram till oktober.")
    assert closed.stored.header.closed_by == "controller"


def test_a_closing_keeps_the_file_that_its_definitions_were_read_from(warehouse: Engine) -> None:
    read = replace(_catalogue(), source=b"figures: {}")
    summary = close_period(warehouse, read, OPERATOR, "1287-SN", Period.parse("2025-T1"))
    with reading(warehouse) as connection:
        (kept,) = connection.execute(select(definitions_version)).all()
    assert (kept.content, clock.utc(kept.saved_at) <= summary.stored.header.closed_at) == ("figures: {}", True)


def test_releases_are_read_in_the_own_municipality_only(warehouse: Engine) -> None:
    _close(warehouse, "2025-T1")
    with pytest.raises(AccessDenied):
        _released(warehouse, "sip_established", "1287-SN", ELSEWHERE)
    with reading(warehouse) as connection:
        assert released_figure(connection, _catalogue(), ELSEWHERE, "sip_established") == []
        assert released_figure(connection, _catalogue(), Viewer("ingen", ()), "sip_established") == []


def test_a_deliverys_late_figures_are_told_and_released_with_a_correction(sqlite_engine: Engine) -> None:
    engine = sqlite_engine
    deliver(engine, "2025-03-15", org_units=ORGANISATION)
    deliver(engine, "2025-03-15", sips=[_sip("1287-N", month, n) for month in (1, 2, 3) for n in range(4)])
    deliver(engine, AS_OF, deviations=[_deviation("1287-N", month, n) for month in (1, 2, 3) for n in range(6)])
    compute(engine, _catalogue())
    summary = _close(engine, "2025-K1")
    assert "Upprättade SIP, 0–17 år" in summary.late
    assert "2025-K1" not in _released(engine, "sip_established", "1287-SN")
    deliver(engine, AS_OF, sips=[_sip("1287-N", 3, 90)])
    compute(engine, _catalogue())
    assert not _close(engine, "2025-K1", reason="Planerna kom.").late
    assert _released(engine, "sip_established", "1287-SN")["2025-K1"] == Numbers(13.0, None, 13.0, 13)


def test_a_release_that_is_changed_afterwards_is_found(warehouse: Engine) -> None:
    _close(warehouse, "2025-T1")
    _close(warehouse, "2025-T2")
    with writing(warehouse) as connection:
        assert all(is_intact(connection, one.release_no) for one in closings(connection))
        value = closed_tables.release_value
        shown = connection.execute(select(value).where(~value.c.is_suppressed, value.c.release_no == 1)).first()
        assert shown is not None
        same = (value.c.release_no == 1) & (value.c.kpi_no == shown.kpi_no) & (value.c.unit_no == shown.unit_no)
        connection.execute(update(value).where(same, value.c.period == shown.period).values(value=shown.value + 1))
        assert not is_intact(connection, 1)
        assert is_intact(connection, 2)
        connection.execute(
            update(closed_tables.closed_value).where(closed_tables.closed_value.c.release_no == 2).values(cases=99)
        )
        assert not is_intact(connection, 2), "the frozen values too"


def test_the_certificate_holds_zero_to_four_for_every_small_count(warehouse: Engine) -> None:
    _close(warehouse, "2025-T1")
    _close(warehouse, "2025-T2")
    _close(warehouse, "2025-T3")
    with reading(warehouse) as connection:
        audits = [json.loads(text) for (text,) in connection.execute(select(closed_tables.release.c.audit))]
    assert all(audit["exposed"] == [] for audit in audits)
    assert sum(len(audit["certificate"]) for audit in audits) > 50
    for audit in audits:
        assert all(low <= 0 and high >= 4 for low, high in audit["certificate"].values())
        small = {f"{place}@{version}" for place, version, count, limit, *_ in audit["entries"] if count <= limit}
        assert small <= audit["certificate"].keys()
        assert not {f"{place}@{version}" for place, version, _, _, shown, _ in audit["entries"] if shown} & small


def test_the_benchmark_tells_the_share_of_hidden_values(warehouse: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    summary = _close(warehouse, "2025-T1")
    print_hidden(warehouse, _catalogue())
    told = capsys.readouterr().out
    assert "| sip_established | process | 0% of 3 |" in told
    cells, small = decided(warehouse, summary.stored.release_no)
    assert cells > small > 0
