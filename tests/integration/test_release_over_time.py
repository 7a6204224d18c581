"""Releases one after another: late figures, corrections, other periods, moved units, changed definitions.

What was hidden stays possible whatever comes beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from control.release.rule import set_rule
from kpi.access import OPERATOR
from kpi.compute import compute
from kpi.period import PeriodType
from kpi.released import Numbers
from tests.builders.closed_world import (
    AS_OF,
    BOARD,
    SECOND,
    TERTIALS,
    YEAR,
    activity_rows,
    choose,
    close_periods,
    deviation_rows,
    fill,
    findings,
    is_hidden,
    number_in,
    plan_rows,
    referral_rows,
    released_at,
    unit_row,
)
from tests.builders.figures import catalogue as shipped
from tests.builders.warehouse import deliver
from warehouse.errors import UserError


def test_a_figure_that_is_released_late_tells_nothing_that_was_hidden(sqlite_engine: Engine) -> None:
    figures = choose("sip_established", "deviations_reported")
    deliver(sqlite_engine, "2025-03-15", org_units=BOARD)
    met = {"1287-A": [8, 9, 7, 6], "1287-B": [2, 7, 6, 6], "1287-C": [9, 9, 9, 9]}
    deliver(sqlite_engine, "2025-03-15", sips=plan_rows(met))
    deliver(sqlite_engine, AS_OF, deviations=deviation_rows({"1287-A": [9] * 12, "1287-B": [8] * 12}))
    compute(sqlite_engine, figures)
    *_, last = close_periods(sqlite_engine, figures, *YEAR[:4])
    assert last.late == ("Upprättade SIP, 0–17 år",)
    assert set(released_at(sqlite_engine, figures, "sip_established", "1287-SN")) == {"2025-01", "2025-02"}
    deliver(sqlite_engine, AS_OF, sips=plan_rows({"1287-C": [0] * 11 + [1]})[:1])
    compute(sqlite_engine, figures)
    close_periods(sqlite_engine, figures, "2025-03", "2025-04", reason="Planerna kom.")
    assert "2025-04" in released_at(sqlite_engine, figures, "sip_established", "1287-SN")
    assert not is_hidden(released_at(sqlite_engine, figures, "sip_established", "1287-A")["2025-02"])
    assert is_hidden(released_at(sqlite_engine, figures, "sip_established", "1287-B")["2025-01"])
    assert findings(sqlite_engine, figures) == []


def test_a_correction_beside_the_old_release_tells_no_small_count(sqlite_engine: Engine) -> None:
    figures = choose("sip_established")
    met = {"1287-A": [8, 9, 7, 6], "1287-B": [2, 7, 6, 6], "1287-C": [9, 9, 9, 9]}
    fill(sqlite_engine, figures, sips=plan_rows(met))
    close_periods(sqlite_engine, figures, *YEAR[:4])
    old = {unit: released_at(sqlite_engine, figures, "sip_established", unit) for unit in (*met, "1287-SN")}
    deliver(sqlite_engine, AS_OF, sips=[plan_rows({"1287-B": [3]})[2]])
    compute(sqlite_engine, figures)
    close_periods(sqlite_engine, figures, "2025-01", reason="En plan saknades.")
    new = {unit: released_at(sqlite_engine, figures, "sip_established", unit) for unit in (*met, "1287-SN")}
    assert findings(sqlite_engine, figures) == []
    for release in (old, new):
        hidden = [unit for unit in met if is_hidden(release[unit]["2025-01"])]
        assert "1287-B" in hidden
        assert len(hidden) > 1 or is_hidden(release["1287-SN"]["2025-01"])
    assert all(
        is_hidden(new[unit][at]) for unit, periods in old.items() for at, one in periods.items() if is_hidden(one)
    )
    assert (number_in(old["1287-A"]["2025-03"]), number_in(new["1287-A"]["2025-03"])) == (7, 7)


@pytest.mark.parametrize("change", [{"cancelled_on": "2025-01-20"}, {"principal": "municipality"}])
def test_a_correction_of_one_category_is_not_what_the_total_and_the_others_leave_over(
    sqlite_engine: Engine, change: dict[str, str]
) -> None:
    figures = choose("sip_activities_done")
    plans = plan_rows({"1287-A": [4] * 12, "1287-B": [4] * 12})[:-1]
    done = activity_rows(plans)
    early = done[-1] | {"activity_no": 9, "due_on": "2024-01-05"}
    fill(sqlite_engine, figures, sips=plans, sip_activities=[*done, early])
    close_periods(sqlite_engine, figures, *TERTIALS)
    private = {"principal": "private"}
    before = released_at(sqlite_engine, figures, "sip_activities_done", "1287-SN", private)["2025"]
    deliver(sqlite_engine, AS_OF, sip_activities=[done[0] | change, done[1] | change])
    compute(sqlite_engine, figures)
    close_periods(sqlite_engine, figures, "2025-T1", reason="Rättat")
    assert before == Numbers(3.0, 6.0, 0.5, 6)
    assert is_hidden(released_at(sqlite_engine, figures, "sip_activities_done", "1287-SN", private)["2025"])
    for one in findings(sqlite_engine, figures):
        assert one.low <= 3 < one.count < one.high, "no more than what was told before: three were done"


def test_a_correction_in_one_of_many_categories_can_be_released(sqlite_engine: Engine) -> None:
    figures = choose("referral_flows")
    flows = {("bvc", "socialtjanst"): 19, ("bvc", "mvc"): 18, ("mvc", "socialtjanst"): 22, ("skola", "mvc"): 23}
    rows = referral_rows(flows)
    fill(sqlite_engine, figures, referrals=rows)
    close_periods(sqlite_engine, figures, *TERTIALS)
    deliver(sqlite_engine, AS_OF, referrals=[rows[0] | {"to_actor": "mvc"}])
    compute(sqlite_engine, figures)
    close_periods(sqlite_engine, figures, "2025-T1", reason="Fel mottagare")
    assert number_in(released_at(sqlite_engine, figures, "referral_flows", "1287-SN")["2025"]) == 82
    assert findings(sqlite_engine, figures) == []


def test_one_board_does_not_correct_another(sqlite_engine: Engine) -> None:
    figures = choose("sip_established", "sip_follow_up_agreed")
    met = {"1287-A": [8] * 4, "1287-B": [7] * 4, "1287-D": [9] * 4}
    fill(sqlite_engine, figures, [*BOARD, *SECOND], sips=plan_rows(met))
    close_periods(sqlite_engine, figures, "2025-T1")
    deliver(
        sqlite_engine, AS_OF, sips=[one | {"sip_id": f"late-{one['sip_id']}"} for one in plan_rows({"1287-A": [6]})]
    )
    compute(sqlite_engine, figures)
    (second,) = close_periods(sqlite_engine, figures, "2025-T1", board="1287-UN")
    assert second.unmodelled == 0
    assert number_in(released_at(sqlite_engine, figures, "sip_established", "1287")["2025-T1"]) == 4 * (8 + 7 + 9)
    with pytest.raises(UserError, match="Inget har ändrats"):
        close_periods(sqlite_engine, figures, "2025-T1", board="1287-UN", reason="Ingen")
    close_periods(sqlite_engine, figures, "2025-T1", reason="Sex kom sent")
    assert number_in(released_at(sqlite_engine, figures, "sip_established", "1287")["2025-T1"]) == 4 * (8 + 7 + 9) + 6
    assert findings(sqlite_engine, figures) == []


def test_another_sort_of_period_begins_where_the_closed_ones_end(sqlite_engine: Engine) -> None:
    figures = choose("sip_established")
    fill(sqlite_engine, figures, sips=plan_rows({"1287-A": [1, 1, 2, 6, 9, 9]}))
    close_periods(sqlite_engine, figures, "2025-T1")
    set_rule(sqlite_engine, OPERATOR, "1287-SN", PeriodType.QUARTER)
    with pytest.raises(UserError, match="går in i 2025-T1"):
        close_periods(sqlite_engine, figures, "2025-K1")
    close_periods(sqlite_engine, figures, "2025-K3")


def test_boards_that_close_different_periods_have_a_common_total_that_tells_nothing(sqlite_engine: Engine) -> None:
    figures = choose("sip_established", "sip_closed_evaluated")
    met = {"1287-A": [8, 2, 7, 6] * 3, "1287-B": [6, 7, 6, 6] * 3, "1287-D": [1, 9, 0, 6, 7, 7] * 2}
    fill(sqlite_engine, figures, [*BOARD, *SECOND], sips=plan_rows(met))
    for at, tertial in enumerate(TERTIALS):
        close_periods(sqlite_engine, figures, tertial)
        close_periods(sqlite_engine, figures, *YEAR[4 * at : 4 * at + 4], board="1287-UN")
        assert findings(sqlite_engine, figures) == []
    assert number_in(released_at(sqlite_engine, figures, "sip_established", "1287")["2025"]) == 69 + 75 + 60
    assert "2025-T1" in released_at(sqlite_engine, figures, "sip_established", "1287-UN")


@pytest.mark.parametrize("kpi_id", ["sip_established", "sip_closed_evaluated"])
def test_a_unit_that_moves_between_boards_is_not_what_both_leave_over(sqlite_engine: Engine, kpi_id: str) -> None:
    figures = choose(kpi_id)
    moved = [
        unit_row("1287-E", "unit", "1287-SN", valid_from="2020-01-01", valid_to="2025-06-30"),
        unit_row("1287-E", "unit", "1287-UN", valid_from="2025-07-01"),
    ]
    met = {
        "1287-A": [8] * 12, "1287-B": [7] * 12, "1287-D": [9] * 12,
        "1287-E": [3, 3, 3, 3, 1, 1, 1, 1, 3, 3, 3, 3],
    }  # fmt: skip
    fill(sqlite_engine, figures, [*BOARD, *SECOND, *moved], sips=plan_rows(met))
    for tertial in TERTIALS:
        close_periods(sqlite_engine, figures, tertial)
        close_periods(sqlite_engine, figures, tertial, board="1287-UN")
    assert is_hidden(released_at(sqlite_engine, figures, kpi_id, "1287-E")["2025-T2"])
    assert not is_hidden(released_at(sqlite_engine, figures, kpi_id, "1287")["2025"])
    assert findings(sqlite_engine, figures) == []


def test_the_order_in_which_periods_are_closed_exposes_nothing(sqlite_engine: Engine) -> None:
    figures = choose("sip_established", "sip_follow_up_agreed")
    met = {"1287-A": [8, 2, 7, 6] * 3, "1287-B": [6, 7, 6, 6] * 3, "1287-C": [9, 9, 0, 9] * 3}
    fill(sqlite_engine, figures, sips=plan_rows(met))
    for tertial in ("2025-T3", "2025-T1", "2025-T2"):
        (closed,) = close_periods(sqlite_engine, figures, tertial)
        assert closed.exposed == ()
        assert findings(sqlite_engine, figures) == []
    assert number_in(released_at(sqlite_engine, figures, "sip_established", "1287-SN")["2025"]) == 69 + 75 + 81


def test_a_changed_definition_gives_no_year_to_subtract_the_old_months_from(sqlite_engine: Engine) -> None:
    old = choose("sip_met_30d")
    met = {"1287-A": [8] * 7 + [1, 1, 1, 0, 0], "1287-B": [9] * 12, "1287-C": [7] * 12}
    started = [one | {"initiated_on": one["met_on"]} for one in plan_rows(met)]
    fill(sqlite_engine, old, sips=started)
    close_periods(sqlite_engine, old, "2025-T1", "2025-T2")
    definition = old.definitions["sip_met_30d"]
    other = shipped().definitions["sip_established"].meaning.measures[0].where
    measure = replace(definition.meaning.measures[0], where=other)
    new = replace(
        old, definitions={"sip_met_30d": replace(definition, meaning=replace(definition.meaning, measures=(measure,)))}
    )
    compute(sqlite_engine, new)
    close_periods(sqlite_engine, new, "2025-T3")
    unit = released_at(sqlite_engine, new, "sip_met_30d", "1287-A")
    assert is_hidden(unit["2025-T3"])
    told = [unit[period] for period in ("2025-T1", "2025-T2", "2025")]
    assert any(map(is_hidden, told)), "else the year less the two tertials is the third"
    assert not is_hidden(unit["2025-T1"])


def test_two_figures_of_the_same_plans_that_were_frozen_at_different_times_do_not_mix(sqlite_engine: Engine) -> None:
    first = choose("sip_established")
    both = choose("sip_established", "sip_follow_up_agreed")
    met = {"1287-A": [8] * 12, "1287-B": [6] * 12, "1287-C": [7] * 12}
    fill(sqlite_engine, first, sips=plan_rows(met))
    close_periods(sqlite_engine, first, "2025-T1", "2025-T2")
    deliver(sqlite_engine, AS_OF, sips=[one | {"sip_id": "late"} for one in plan_rows({"1287-A": [1]})[:1]])
    compute(sqlite_engine, both)
    close_periods(sqlite_engine, both, "2025-T3")
    plans = released_at(sqlite_engine, both, "sip_established", "1287-SN")["2025"]
    shares = released_at(sqlite_engine, both, "sip_follow_up_agreed", "1287-SN")
    assert number_in(plans) == 21 * 12, "of the plans as they were frozen"
    assert is_hidden(shares["2025"]), "a plan more than the other figure's year: the late one"
    assert "2025-T1" not in shares
    assert not is_hidden(shares["2025-T3"])
