"""Hard cases of disclosure control, each in a warehouse made by hand: what is hidden stays possible, and what can be
shown is shown."""

from __future__ import annotations

from sqlalchemy import Engine, select

from kpi.access import Grant, Role, Viewer
from kpi.disclosure.quantity import counted
from kpi.period import Period
from kpi.released import Numbers, over_twelve, released_variation
from kpi.rolling import months_back
from kpi.spc.verdict import NOTHING
from kpi.views.released import released_figure, released_values
from tests.builders.closed_world import (
    BOARD,
    SECOND,
    TERTIALS,
    YEAR,
    choose,
    close_periods,
    deviation_rows,
    fill,
    findings,
    is_hidden,
    number_in,
    plan_rows,
    read_released,
    referral_rows,
    released_at,
    unit_row,
)
from warehouse import closed_tables
from warehouse.database import reading


def test_a_small_unit_is_not_what_its_board_and_the_other_units_leave_over(sqlite_engine: Engine) -> None:
    figures = choose("sip_established")
    fill(sqlite_engine, figures, sips=plan_rows({"1287-A": [8] * 12, "1287-B": [2] * 12, "1287-C": [6] * 12}))
    close_periods(sqlite_engine, figures, *YEAR)
    for period in (*YEAR, "2025"):
        units = [
            released_at(sqlite_engine, figures, "sip_established", unit)[period]
            for unit in ("1287-A", "1287-B", "1287-C")
        ]
        board = released_at(sqlite_engine, figures, "sip_established", "1287-SN")[period]
        assert sum(map(is_hidden, [*units, board])) != 1
    assert findings(sqlite_engine, figures) == []
    assert number_in(released_at(sqlite_engine, figures, "sip_established", "1287-SN")["2025"]) == 192


def test_a_hidden_month_is_not_what_the_year_and_the_other_months_leave_over(sqlite_engine: Engine) -> None:
    figures = choose("sip_established")
    alone = [one for one in BOARD if one["unit_code"] not in ("1287-B", "1287-C")]
    fill(sqlite_engine, figures, alone, sips=plan_rows({"1287-A": [9, 8, 7, 3, 9, 8, 7, 6, 9, 8, 7, 6]}))
    close_periods(sqlite_engine, figures, *YEAR)
    unit = released_at(sqlite_engine, figures, "sip_established", "1287-A")
    assert is_hidden(unit["2025-04"])
    assert sum(is_hidden(unit[month]) for month in YEAR) == 2
    assert number_in(unit["2025"]) == 87
    assert findings(sqlite_engine, figures) == []


def test_a_small_category_is_not_what_the_total_and_the_others_leave_over(sqlite_engine: Engine) -> None:
    figures = choose("sip_activities_done")
    plans = plan_rows({"1287-A": [3] * 12, "1287-B": [3] * 12})
    who = ("kommun", "kommun", "region")
    promised = [
        {
            "sip_id": plan["sip_id"], "municipality_code": "1287", "activity_no": no,
            "principal": who[(at + no) % 3] if at % 9 else "annan", "actor": "socialtjanst",
            "due_on": f"2025-{1 + at % 12:02}-05", "completed_on": f"2025-{1 + at % 12:02}-06" if at % 4 else None,
        }
        for at, plan in enumerate(plans[:-1]) for no in (1, 2)
    ]  # fmt: skip
    early = promised[0] | {"activity_no": 9, "due_on": "2024-01-05"}
    fill(sqlite_engine, figures, sips=plans, sip_activities=[*promised, early])
    close_periods(sqlite_engine, figures, *TERTIALS)
    parts = [one for one in read_released(sqlite_engine, figures) if one.split and one.unit.code == "1287-SN"]
    assert {str(one.period) for one in parts} == {"2025"}
    assert any(not is_hidden(one.content) for one in parts)
    assert findings(sqlite_engine, figures) == []


def test_a_rate_with_a_small_part_is_hidden_and_no_other_figure_tells_the_part(sqlite_engine: Engine) -> None:
    figures = choose("deviations_per_100_sip", "deviations_reported", "sip_active")
    plans = plan_rows({"1287-A": [20] + [0] * 11, "1287-B": [3] + [0] * 11}, closed_on=None)
    reported = deviation_rows({"1287-A": [7, 2, 6, 8] * 3, "1287-B": [6, 6, 6, 6] * 3})
    fill(sqlite_engine, figures, sips=plans, deviations=reported)
    close_periods(sqlite_engine, figures, *YEAR)
    for unit, small in (("1287-A", "2025-02"), ("1287-B", "2025-03")):
        assert is_hidden(released_at(sqlite_engine, figures, "deviations_per_100_sip", unit)[small])
    for unit in ("1287-A", "1287-B", "1287-SN"):
        rates = released_at(sqlite_engine, figures, "deviations_per_100_sip", unit)
        counts = released_at(sqlite_engine, figures, "deviations_reported", unit)
        stocks = released_at(sqlite_engine, figures, "sip_active", unit)
        for period, rate in rates.items():
            if isinstance(rate, Numbers):
                assert (rate.numerator, rate.denominator) == (number_in(counts[period]), number_in(stocks[period]))
    assert any(not is_hidden(one.content) for one in read_released(sqlite_engine, figures) if "per_100" in one.kpi_id)
    assert findings(sqlite_engine, figures) == []


def test_a_rate_without_plans_does_not_make_its_reports_none(sqlite_engine: Engine) -> None:
    figures = choose("deviations_reported", "sip_active", "deviations_per_100_sip")
    plans = plan_rows({"1287-B": [9] + [0] * 11, "1287-C": [0, 0, 0, 0, 9] + [0] * 7}, closed_on=None)
    reported = {"1287-A": [1, 3, 1, 0], "1287-B": [0, 2, 2, 0], "1287-C": [1, 3, 1, 1]}
    fill(sqlite_engine, figures, sips=plans, deviations=deviation_rows(reported))
    close_periods(sqlite_engine, figures, *YEAR[:4])
    with reading(sqlite_engine) as connection:
        audits = connection.scalars(select(closed_tables.release.c.audit)).all()
    assert '|1287-A|2025-02",1,3,4,false,false]' in "".join(audits), "three deviations, and no plan to divide them by"
    assert findings(sqlite_engine, figures) == []


def test_two_rolling_years_that_are_shown_differ_by_no_hidden_month(sqlite_engine: Engine) -> None:
    figures = choose("sip_established")
    met = {"1287-A": [9, 3, 8, 7, 9, 8, 7, 6, 9, 2, 7, 6], "1287-B": [9, 8, 7, 7, 9, 8, 7, 6, 9, 8, 7, 6]}
    later = [
        one | {"sip_id": f"later-{one['sip_id']}", "met_on": one["met_on"].replace("2025", "2026")}
        for one in plan_rows({"1287-A": [9, 7], "1287-B": [8, 8]})[:-1]
    ]
    fill(sqlite_engine, figures, sips=[*plan_rows(met), *later])
    close_periods(sqlite_engine, figures, *YEAR, "2026-01", "2026-02")
    definition = figures.definitions["sip_established"]
    shown = 0
    for unit in ("1287-A", "1287-B", "1287-SN", "1287"):
        months = {
            Period.parse(at): one for at, one in released_at(sqlite_engine, figures, "sip_established", unit).items()
        }
        for last in (Period.parse("2026-01"), Period.parse("2026-02")):
            before, now = over_twelve(definition, months, last.shift(-1)), over_twelve(definition, months, last)
            if isinstance(before, Numbers) and isinstance(now, Numbers):
                shown += 1
                assert not is_hidden(months[last.shift(-12)])
                assert not is_hidden(months[last])
    assert shown
    assert findings(sqlite_engine, figures) == []


def test_a_chart_with_a_hidden_month_has_no_line_that_tells_it(sqlite_engine: Engine) -> None:
    figures = choose("sip_established")
    full, holed = [9, 8, 7, 7, 9, 8, 7, 6, 9, 8, 7, 6], [9, 8, 7, 7, 9, 8, 4, 6, 9, 8, 7, 6]
    fill(sqlite_engine, figures, sips=plan_rows({"1287-A": full, "1287-B": holed, "1287-C": full}))
    close_periods(sqlite_engine, figures, *YEAR)
    definition, last = figures.definitions["sip_established"], Period.parse("2025-12")
    told = {}
    for unit in ("1287-B", "1287-SN"):
        values = released_at(sqlite_engine, figures, "sip_established", unit)
        months = [values[str(month)] for month in months_back(last, 12)]
        told[unit] = released_variation(definition, months, last, None, ("1287-SN", "1287"))
    assert told["1287-B"] == NOTHING
    assert told["1287-SN"] != NOTHING


def test_a_value_is_hidden_in_every_export_or_in_none(sqlite_engine: Engine) -> None:
    figures = choose("sip_established", "sip_follow_up_agreed")
    fill(sqlite_engine, figures, sips=plan_rows({"1287-A": [8] * 12, "1287-B": [2] * 12, "1287-C": [6] * 12}))
    close_periods(sqlite_engine, figures, *YEAR)
    everything = read_released(sqlite_engine, figures)
    controller = Viewer("controller", (Grant(Role.CONTROLLER, "1287", frozenset({"1287-SN"})),))
    presidium = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-UN"})),))
    units = sorted({one.unit.code for one in everything})
    with reading(sqlite_engine) as connection:
        for viewer in (controller, presidium):
            assert released_values(connection, viewer, figures.definitions.values()) == everything
            per_figure = [
                one for id_ in figures.definitions for one in released_figure(connection, figures, viewer, id_)
            ]
            per_unit = [
                one for unit in units for id_ in figures.definitions
                for one in released_figure(connection, figures, viewer, id_, unit_code=unit)
            ]  # fmt: skip
            for filtered in (per_figure, per_unit):
                assert sorted(filtered, key=repr) == sorted(everything, key=repr)
    assert any(is_hidden(one.content) for one in everything)


def test_a_flow_is_not_what_the_margins_of_its_table_leave_over(sqlite_engine: Engine) -> None:
    figures = choose("referral_flows")
    flows = {
        ("bvc", "socialtjanst"): 9, ("bvc", "mvc"): 8, ("bvc", "primarvard"): 3,
        ("mvc", "socialtjanst"): 12, ("mvc", "primarvard"): 7, ("skola", "socialtjanst"): 11, ("skola", "mvc"): 13,
        ("skola", "primarvard"): 9,
    }  # fmt: skip
    fill(sqlite_engine, figures, referrals=referral_rows(flows))
    close_periods(sqlite_engine, figures, *TERTIALS)
    table = [
        one for one in read_released(sqlite_engine, figures) if str(one.period) == "2025" and one.unit.code == "1287-SN"
    ]
    assert len(table) == 1 + 3 + 3 + 9, "every combination stands there, so that none is known to be empty"
    margins = [one for one in table if one.split is None or len(one.split) == 1]
    assert sum(not is_hidden(one.content) for one in margins) >= 4
    for split in ((("from_actor", "bvc"), ("to_actor", "primarvard")), (("from_actor", "mvc"), ("to_actor", "mvc"))):
        assert [is_hidden(one.content) for one in table if one.split == split] == [True]
    assert findings(sqlite_engine, figures) == []


def test_a_boards_only_unit_is_hidden_when_the_board_is(sqlite_engine: Engine) -> None:
    figures = choose("sip_established")
    units = [one for one in BOARD if one["unit_code"] not in ("1287-B", "1287-C")]
    fill(sqlite_engine, figures, units, sips=plan_rows({"1287-A": [9, 3, 8, 7, 9, 8, 7, 6, 9, 8, 7, 6]}))
    close_periods(sqlite_engine, figures, *YEAR)
    places = [released_at(sqlite_engine, figures, "sip_established", unit) for unit in ("1287-A", "1287-SN", "1287")]
    for period in (*YEAR, "2025"):
        assert len({str(place[period]) for place in places}) == 1, "the three are the same plans"
    assert is_hidden(places[2]["2025-02"])
    assert number_in(places[2]["2025"]) == 87
    assert findings(sqlite_engine, figures) == []


def test_none_is_hidden_like_any_small_count(sqlite_engine: Engine) -> None:
    figures = choose("sip_established", "sip_follow_up_agreed")
    fill(sqlite_engine, figures, sips=plan_rows({"1287-A": [9] * 12, "1287-B": [7] + [0] * 11, "1287-C": [8] * 12}))
    close_periods(sqlite_engine, figures, *YEAR)
    for kpi_id in figures.definitions:
        unit = released_at(sqlite_engine, figures, kpi_id, "1287-B")
        assert all(is_hidden(unit[month]) for month in YEAR[1:])
    assert findings(sqlite_engine, figures) == []
    assert number_in(released_at(sqlite_engine, figures, "sip_established", "1287-SN")["2025"]) == 211


def test_a_unit_that_has_never_had_any_is_hidden_and_protects_nobody(sqlite_engine: Engine) -> None:
    """Two readers: one knows that the family centre has no plans, the other learns nothing of it."""
    figures = choose("sip_established")
    fill(sqlite_engine, figures, sips=plan_rows({"1287-A": [9, 8, 7, 3], "1287-B": [9, 9, 9, 9]}))
    close_periods(sqlite_engine, figures, *YEAR[:4])
    never = released_at(sqlite_engine, figures, "sip_established", "1287-C")
    assert set(never) == set(YEAR[:4])
    assert all(map(is_hidden, never.values()))
    april = [
        released_at(sqlite_engine, figures, "sip_established", unit)["2025-04"]
        for unit in ("1287-A", "1287-B", "1287-SN")
    ]
    assert sum(map(is_hidden, april)) >= 2, "the empty unit alone does not hide the small one"
    assert findings(sqlite_engine, figures) == []


def test_figures_of_different_classes_that_count_the_same_plans_do_not_tell_on_each_other(
    sqlite_engine: Engine,
) -> None:
    figures = choose("sip_lead_time", "sip_child_voice")
    times, voices = (counted(one, figures.facts) for one in figures.definitions.values())
    assert times is not None
    assert voices is not None
    assert times.denominator == voices.denominator, "every plan has a day of initiative, so all that met have a time"
    met = {"1287-A": [30, 40, 30, 20], "1287-B": [28, 2, 31, 18], "1287-C": [40, 33, 3, 26]}
    fill(sqlite_engine, figures, sips=plan_rows(met))
    close_periods(sqlite_engine, figures, *YEAR[:4])
    for unit in (*met, "1287-SN"):
        waits, heard = (
            released_at(sqlite_engine, figures, kpi_id, unit) for kpi_id in ("sip_lead_time", "sip_child_voice")
        )
        for month in YEAR[:4]:
            time, voice = waits[month], heard[month]
            if isinstance(time, Numbers) and isinstance(voice, Numbers):
                assert time.cases == voice.denominator
    assert any(not is_hidden(one.content) for one in read_released(sqlite_engine, figures))
    assert findings(sqlite_engine, figures) == []


def test_how_many_units_are_silent_does_not_tell_which(sqlite_engine: Engine) -> None:
    figures = choose("deviation_silent_units", "deviations_reported")
    units = [*BOARD, *(unit_row(f"1287-{one}", "unit", "1287-SN") for one in "FGHIJ")]
    reported = {f"1287-{one}": [2] * 12 for one in "ABCFGHI"} | {"1287-J": [0, 0, 1] + [0] * 9}
    early = [
        one | {"deviation_id": f"early-{one['unit_code']}", "reported_on": "2024-01-03"}
        for one in deviation_rows(reported | {"1287-J": [1] + [0] * 11})
        if one["reported_on"].startswith("2025-01") and one["deviation_id"].endswith("-0")
    ]
    fill(sqlite_engine, figures, units, deviations=[*deviation_rows(reported), *early])
    close_periods(sqlite_engine, figures, *TERTIALS)
    silent = released_at(sqlite_engine, figures, "deviation_silent_units", "1287-SN")
    unit = released_at(sqlite_engine, figures, "deviations_reported", "1287-J")["2025"]
    assert is_hidden(unit)
    assert not silent, "all but one are known to have reported, so the number of silent units tells of that one"


def test_a_figure_that_only_municipalities_have_is_released_with_the_last_of_its_boards(sqlite_engine: Engine) -> None:
    figures = choose("referral_flows", "referral_contact_30d")
    flows = {("bvc", "socialtjanst"): 36, ("bvc", "mvc"): 24}
    fill(sqlite_engine, figures, [*BOARD, *SECOND], referrals=referral_rows(flows))
    close_periods(sqlite_engine, figures, "2025-T2")
    assert not released_at(sqlite_engine, figures, "referral_contact_30d", "1287")
    close_periods(sqlite_engine, figures, "2025-T2", board="1287-UN")
    assert isinstance(released_at(sqlite_engine, figures, "referral_contact_30d", "1287")["2025-T2"], Numbers)
