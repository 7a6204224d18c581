"""Hard cases of disclosure control, each in a warehouse made by hand: what is hidden stays possible, and what can be
shown is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from control.release.closing import Summary, close_period
from control.release.rule import set_rule
from kpi.access import OPERATOR, Grant, Role, Viewer
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.disclosure.quantity import counted
from kpi.disclosure.suppressed import Suppressed
from kpi.period import Period, PeriodType
from kpi.released import Numbers, ReleasedValue, Shown, over_twelve, released_variation
from kpi.rolling import months_back
from kpi.spc.verdict import NOTHING
from kpi.views.organisation import read_organisation
from kpi.views.released import released_figure, released_values
from tests.builders.figures import catalogue as shipped
from tests.builders.narrowing import Finding
from tests.builders.outsider import narrowed, true_counts
from tests.builders.warehouse import deliver
from warehouse import tables
from warehouse.database import reading
from warehouse.errors import UserError

AS_OF = "2026-02-28"
YEAR = tuple(f"2025-{month:02}" for month in range(1, 13))
TERTIALS = ("2025-T1", "2025-T2", "2025-T3")


def _unit(code: str, level: str, parent: str | None, area: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": code[:4],
        "area": area,
    } | more  # fmt: skip


BOARD = [
    _unit("1287", "municipality", None),
    _unit("1287-SN", "board", "1287", "social"),
    _unit("1287-A", "unit", "1287-SN"),
    _unit("1287-B", "unit", "1287-SN"),
    _unit("1287-C", "unit", "1287-SN"),
]
SECOND = [_unit("1287-UN", "board", "1287", "social"), _unit("1287-D", "unit", "1287-UN")]
Monthly = Mapping[str, Sequence[int]]
"""How many in each month of 2025, by unit."""


def _figures(*ids: str) -> Catalogue:
    return replace(shipped(), definitions={id_: shipped().definitions[id_] for id_ in ids})


def _plans(met: Monthly, **more: Any) -> list[dict[str, Any]]:
    """Plans that met in each unit and month; every other one has agreed on a follow-up."""
    rows = [
        {
            "sip_id": f"{unit}-{month}-{n}", "municipality_code": "1287", "unit_code": unit,
            "initiator_actor": "skola", "initiated_on": "2024-12-20", "called_on": "2024-12-21",
            "met_on": f"2025-{month:02}-{10 + n % 10}", "consent": "given",
            "child_voice": "attended" if n % 3 else "none",
            "agreed_follow_up_on": "2025-12-24" if n % 2 else None, "closed_on": f"2025-{month:02}-25",
        } | more
        for unit, months in met.items() for month, many in enumerate(months, 1) for n in range(many)
    ]  # fmt: skip
    early = rows[0] | {"sip_id": "early", "initiated_on": "2024-01-02", "called_on": "2024-01-03"}
    return [*rows, early | {"met_on": "2024-01-08", "closed_on": "2024-01-09"}]


def _deviations(reported: Monthly, **more: Any) -> list[dict[str, Any]]:
    rows = [
        {
            "deviation_id": f"{unit}-{month}-{n}", "municipality_code": "1287", "unit_code": unit,
            "reported_on": f"2025-{month:02}-{10 + n % 10}", "reporting_actor": "socialtjanst",
            "counterpart_actor": "bup", "category": "oklart_ansvar",
        } | more
        for unit, months in reported.items() for month, many in enumerate(months, 1) for n in range(many)
    ]  # fmt: skip
    return [*rows, rows[0] | {"deviation_id": "early", "reported_on": "2024-01-04"}]


def _fill(engine: Engine, catalogue: Catalogue, units: list[dict[str, Any]] = BOARD, **datasets: Any) -> Engine:
    deliver(engine, AS_OF, org_units=units)
    for name, rows in datasets.items():
        deliver(engine, AS_OF, **{name: rows})
    compute(engine, catalogue)
    return engine


def _close(engine: Engine, catalogue: Catalogue, *periods: str, board: str = "1287-SN", **more: Any) -> list[Summary]:
    return [close_period(engine, catalogue, OPERATOR, board, Period.parse(period), **more) for period in periods]


def _read(engine: Engine, catalogue: Catalogue) -> list[ReleasedValue]:
    with reading(engine) as connection:
        return released_values(connection, OPERATOR, catalogue.definitions.values())


def _of(
    engine: Engine, catalogue: Catalogue, kpi_id: str, unit: str, split: Mapping[str, str] | None = None
) -> dict[str, Shown]:
    wanted = tuple(split.items()) if split else None
    return {
        str(one.period): one.content
        for one in _read(engine, catalogue)
        if one.kpi_id == kpi_id and one.unit.code == unit and one.split == wanted
    }


def _found(engine: Engine, catalogue: Catalogue, *, knows_of_figures: bool = False) -> list[Finding]:
    """What an outsider narrows: one who knows which units never have any row, and one who does not."""
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        released = released_values(connection, OPERATOR, catalogue.definitions.values())
        truth = true_counts(connection, catalogue, catalogue.definitions.values())
    return [
        finding
        for knows in (True, False)
        for finding in narrowed(
            released, catalogue, organisation, truth, knows_of_figures=knows_of_figures, knows_the_empty=knows
        )
    ]


def _is_hidden(content: Shown) -> bool:
    return isinstance(content, Suppressed)


def _number(content: Shown) -> float:
    assert isinstance(content, Numbers)
    assert content.value is not None
    return content.value


def test_a_small_unit_is_not_what_its_board_and_the_other_units_leave_over(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established")
    _fill(sqlite_engine, figures, sips=_plans({"1287-A": [8] * 12, "1287-B": [2] * 12, "1287-C": [6] * 12}))
    _close(sqlite_engine, figures, *YEAR)
    for period in (*YEAR, "2025"):
        units = [
            _of(sqlite_engine, figures, "sip_established", unit)[period] for unit in ("1287-A", "1287-B", "1287-C")
        ]
        board = _of(sqlite_engine, figures, "sip_established", "1287-SN")[period]
        assert sum(map(_is_hidden, [*units, board])) != 1
    assert _found(sqlite_engine, figures) == []
    assert _number(_of(sqlite_engine, figures, "sip_established", "1287-SN")["2025"]) == 192


def test_a_hidden_month_is_not_what_the_year_and_the_other_months_leave_over(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established")
    alone = [one for one in BOARD if one["unit_code"] not in ("1287-B", "1287-C")]
    _fill(sqlite_engine, figures, alone, sips=_plans({"1287-A": [9, 8, 7, 3, 9, 8, 7, 6, 9, 8, 7, 6]}))
    _close(sqlite_engine, figures, *YEAR)
    unit = _of(sqlite_engine, figures, "sip_established", "1287-A")
    assert _is_hidden(unit["2025-04"])
    assert sum(_is_hidden(unit[month]) for month in YEAR) == 2
    assert _number(unit["2025"]) == 87
    assert _found(sqlite_engine, figures) == []


def test_a_small_category_is_not_what_the_total_and_the_others_leave_over(sqlite_engine: Engine) -> None:
    figures = _figures("sip_activities_done")
    plans = _plans({"1287-A": [3] * 12, "1287-B": [3] * 12})
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
    _fill(sqlite_engine, figures, sips=plans, sip_activities=[*promised, early])
    _close(sqlite_engine, figures, *TERTIALS)
    parts = [one for one in _read(sqlite_engine, figures) if one.split and one.unit.code == "1287-SN"]
    assert {str(one.period) for one in parts} == {"2025"}
    assert any(not _is_hidden(one.content) for one in parts)
    assert _found(sqlite_engine, figures) == []


def test_a_rate_with_a_small_part_is_hidden_and_no_other_figure_tells_the_part(sqlite_engine: Engine) -> None:
    figures = _figures("deviations_per_100_sip", "deviations_reported", "sip_active")
    plans = _plans({"1287-A": [20] + [0] * 11, "1287-B": [3] + [0] * 11}, closed_on=None)
    reported = _deviations({"1287-A": [7, 2, 6, 8] * 3, "1287-B": [6, 6, 6, 6] * 3})
    _fill(sqlite_engine, figures, sips=plans, deviations=reported)
    _close(sqlite_engine, figures, *YEAR)
    for unit, small in (("1287-A", "2025-02"), ("1287-B", "2025-03")):
        assert _is_hidden(_of(sqlite_engine, figures, "deviations_per_100_sip", unit)[small])
    for unit in ("1287-A", "1287-B", "1287-SN"):
        rates = _of(sqlite_engine, figures, "deviations_per_100_sip", unit)
        counts = _of(sqlite_engine, figures, "deviations_reported", unit)
        stocks = _of(sqlite_engine, figures, "sip_active", unit)
        for period, rate in rates.items():
            if isinstance(rate, Numbers):
                assert (rate.numerator, rate.denominator) == (_number(counts[period]), _number(stocks[period]))
    assert any(not _is_hidden(one.content) for one in _read(sqlite_engine, figures) if "per_100" in one.kpi_id)
    assert _found(sqlite_engine, figures) == []


def test_a_rate_without_plans_does_not_make_its_reports_none(sqlite_engine: Engine) -> None:
    figures = _figures("deviations_reported", "sip_active", "deviations_per_100_sip")
    plans = _plans({"1287-B": [9] + [0] * 11, "1287-C": [0, 0, 0, 0, 9] + [0] * 7}, closed_on=None)
    reported = {"1287-A": [1, 3, 1, 0], "1287-B": [0, 2, 2, 0], "1287-C": [1, 3, 1, 1]}
    _fill(sqlite_engine, figures, sips=plans, deviations=_deviations(reported))
    _close(sqlite_engine, figures, *YEAR[:4])
    with reading(sqlite_engine) as connection:
        audits = connection.scalars(select(tables.release.c.audit)).all()
    assert '|1287-A|2025-02",1,3,4,false,false]' in "".join(audits), "three deviations, and no plan to divide them by"
    assert _found(sqlite_engine, figures) == []


def test_two_rolling_years_that_are_shown_differ_by_no_hidden_month(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established")
    met = {"1287-A": [9, 3, 8, 7, 9, 8, 7, 6, 9, 2, 7, 6], "1287-B": [9, 8, 7, 7, 9, 8, 7, 6, 9, 8, 7, 6]}
    later = [
        one | {"sip_id": f"later-{one['sip_id']}", "met_on": one["met_on"].replace("2025", "2026")}
        for one in _plans({"1287-A": [9, 7], "1287-B": [8, 8]})[:-1]
    ]
    _fill(sqlite_engine, figures, sips=[*_plans(met), *later])
    _close(sqlite_engine, figures, *YEAR, "2026-01", "2026-02")
    definition = figures.definitions["sip_established"]
    shown = 0
    for unit in ("1287-A", "1287-B", "1287-SN", "1287"):
        months = {Period.parse(at): one for at, one in _of(sqlite_engine, figures, "sip_established", unit).items()}
        for last in (Period.parse("2026-01"), Period.parse("2026-02")):
            before, now = over_twelve(definition, months, last.shift(-1)), over_twelve(definition, months, last)
            if isinstance(before, Numbers) and isinstance(now, Numbers):
                shown += 1
                assert not _is_hidden(months[last.shift(-12)])
                assert not _is_hidden(months[last])
    assert shown
    assert _found(sqlite_engine, figures) == []


def test_a_chart_with_a_hidden_month_has_no_line_that_tells_it(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established")
    full, holed = [9, 8, 7, 7, 9, 8, 7, 6, 9, 8, 7, 6], [9, 8, 7, 7, 9, 8, 4, 6, 9, 8, 7, 6]
    _fill(sqlite_engine, figures, sips=_plans({"1287-A": full, "1287-B": holed, "1287-C": full}))
    _close(sqlite_engine, figures, *YEAR)
    definition, last = figures.definitions["sip_established"], Period.parse("2025-12")
    told = {}
    for unit in ("1287-B", "1287-SN"):
        values = _of(sqlite_engine, figures, "sip_established", unit)
        months = [values[str(month)] for month in months_back(last, 12)]
        told[unit] = released_variation(definition, months, last, None, ("1287-SN", "1287"))
    assert told["1287-B"] == NOTHING
    assert told["1287-SN"] != NOTHING


def test_a_value_is_hidden_in_every_export_or_in_none(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established", "sip_follow_up_agreed")
    _fill(sqlite_engine, figures, sips=_plans({"1287-A": [8] * 12, "1287-B": [2] * 12, "1287-C": [6] * 12}))
    _close(sqlite_engine, figures, *YEAR)
    everything = _read(sqlite_engine, figures)
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
    assert any(_is_hidden(one.content) for one in everything)


def _referrals(flows: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    rows = [
        {
            "referral_id": f"{one}-{to}-{n}", "municipality_code": "1287", "centre_code": "1287-A", "from_actor": one,
            "to_actor": to, "referred_on": f"2025-{1 + n % 12:02}-12", "outcome": "accepted",
        }
        for (one, to), many in flows.items() for n in range(many)
    ]  # fmt: skip
    return [*rows, rows[0] | {"referral_id": "early", "referred_on": "2024-01-04"}]


def test_a_flow_is_not_what_the_margins_of_its_table_leave_over(sqlite_engine: Engine) -> None:
    figures = _figures("referral_flows")
    flows = {
        ("bvc", "socialtjanst"): 9, ("bvc", "mvc"): 8, ("bvc", "primarvard"): 3,
        ("mvc", "socialtjanst"): 12, ("mvc", "primarvard"): 7, ("skola", "socialtjanst"): 11, ("skola", "mvc"): 13,
        ("skola", "primarvard"): 9,
    }  # fmt: skip
    _fill(sqlite_engine, figures, referrals=_referrals(flows))
    _close(sqlite_engine, figures, *TERTIALS)
    table = [one for one in _read(sqlite_engine, figures) if str(one.period) == "2025" and one.unit.code == "1287-SN"]
    assert len(table) == 1 + 3 + 3 + 9, "every combination stands there, so that none is known to be empty"
    margins = [one for one in table if one.split is None or len(one.split) == 1]
    assert sum(not _is_hidden(one.content) for one in margins) >= 4
    for split in ((("from_actor", "bvc"), ("to_actor", "primarvard")), (("from_actor", "mvc"), ("to_actor", "mvc"))):
        assert [_is_hidden(one.content) for one in table if one.split == split] == [True]
    assert _found(sqlite_engine, figures) == []


def test_a_boards_only_unit_is_hidden_when_the_board_is(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established")
    units = [one for one in BOARD if one["unit_code"] not in ("1287-B", "1287-C")]
    _fill(sqlite_engine, figures, units, sips=_plans({"1287-A": [9, 3, 8, 7, 9, 8, 7, 6, 9, 8, 7, 6]}))
    _close(sqlite_engine, figures, *YEAR)
    places = [_of(sqlite_engine, figures, "sip_established", unit) for unit in ("1287-A", "1287-SN", "1287")]
    for period in (*YEAR, "2025"):
        assert len({str(place[period]) for place in places}) == 1, "the three are the same plans"
    assert _is_hidden(places[2]["2025-02"])
    assert _number(places[2]["2025"]) == 87
    assert _found(sqlite_engine, figures) == []


def test_none_is_hidden_like_any_small_count(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established", "sip_follow_up_agreed")
    _fill(sqlite_engine, figures, sips=_plans({"1287-A": [9] * 12, "1287-B": [7] + [0] * 11, "1287-C": [8] * 12}))
    _close(sqlite_engine, figures, *YEAR)
    for kpi_id in figures.definitions:
        unit = _of(sqlite_engine, figures, kpi_id, "1287-B")
        assert all(_is_hidden(unit[month]) for month in YEAR[1:])
    assert _found(sqlite_engine, figures) == []
    assert _number(_of(sqlite_engine, figures, "sip_established", "1287-SN")["2025"]) == 211


def test_a_unit_that_has_never_had_any_is_hidden_and_protects_nobody(sqlite_engine: Engine) -> None:
    """Two readers: one knows that the family centre has no plans, the other learns nothing of it."""
    figures = _figures("sip_established")
    _fill(sqlite_engine, figures, sips=_plans({"1287-A": [9, 8, 7, 3], "1287-B": [9, 9, 9, 9]}))
    _close(sqlite_engine, figures, *YEAR[:4])
    never = _of(sqlite_engine, figures, "sip_established", "1287-C")
    assert set(never) == set(YEAR[:4])
    assert all(map(_is_hidden, never.values()))
    april = [
        _of(sqlite_engine, figures, "sip_established", unit)["2025-04"] for unit in ("1287-A", "1287-B", "1287-SN")
    ]
    assert sum(map(_is_hidden, april)) >= 2, "the empty unit alone does not hide the small one"
    assert _found(sqlite_engine, figures) == []


def test_a_figure_that_is_released_late_tells_nothing_that_was_hidden(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established", "deviations_reported")
    deliver(sqlite_engine, "2025-03-15", org_units=BOARD)
    met = {"1287-A": [8, 9, 7, 6], "1287-B": [2, 7, 6, 6], "1287-C": [9, 9, 9, 9]}
    deliver(sqlite_engine, "2025-03-15", sips=_plans(met))
    deliver(sqlite_engine, AS_OF, deviations=_deviations({"1287-A": [9] * 12, "1287-B": [8] * 12}))
    compute(sqlite_engine, figures)
    *_, last = _close(sqlite_engine, figures, *YEAR[:4])
    assert last.late == ("Upprättade SIP, 0–17 år",)
    assert set(_of(sqlite_engine, figures, "sip_established", "1287-SN")) == {"2025-01", "2025-02"}
    deliver(sqlite_engine, AS_OF, sips=_plans({"1287-C": [0] * 11 + [1]})[:1])
    compute(sqlite_engine, figures)
    _close(sqlite_engine, figures, "2025-03", "2025-04", reason="Planerna kom.")
    assert "2025-04" in _of(sqlite_engine, figures, "sip_established", "1287-SN")
    assert not _is_hidden(_of(sqlite_engine, figures, "sip_established", "1287-A")["2025-02"])
    assert _is_hidden(_of(sqlite_engine, figures, "sip_established", "1287-B")["2025-01"])
    assert _found(sqlite_engine, figures) == []


def test_a_correction_beside_the_old_release_tells_no_small_count(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established")
    met = {"1287-A": [8, 9, 7, 6], "1287-B": [2, 7, 6, 6], "1287-C": [9, 9, 9, 9]}
    _fill(sqlite_engine, figures, sips=_plans(met))
    _close(sqlite_engine, figures, *YEAR[:4])
    old = {unit: _of(sqlite_engine, figures, "sip_established", unit) for unit in (*met, "1287-SN")}
    deliver(sqlite_engine, AS_OF, sips=[_plans({"1287-B": [3]})[2]])
    compute(sqlite_engine, figures)
    _close(sqlite_engine, figures, "2025-01", reason="En plan saknades.")
    new = {unit: _of(sqlite_engine, figures, "sip_established", unit) for unit in (*met, "1287-SN")}
    assert _found(sqlite_engine, figures) == []
    for release in (old, new):
        hidden = [unit for unit in met if _is_hidden(release[unit]["2025-01"])]
        assert "1287-B" in hidden
        assert len(hidden) > 1 or _is_hidden(release["1287-SN"]["2025-01"])
    assert all(
        _is_hidden(new[unit][at]) for unit, periods in old.items() for at, one in periods.items() if _is_hidden(one)
    )
    assert (_number(old["1287-A"]["2025-03"]), _number(new["1287-A"]["2025-03"])) == (7, 7)


def _activities(plans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Two for each plan; four in all are private."""
    return [
        {
            "sip_id": plan["sip_id"], "municipality_code": "1287", "activity_no": no,
            "principal": "private" if at < 2 else ("municipality", "region")[(at + no) % 2], "actor": "socialtjanst",
            "due_on": f"2025-{1 + at % 12:02}-05", "completed_on": f"2025-{1 + at % 12:02}-06" if at % 4 else None,
        }
        for at, plan in enumerate(plans) for no in (1, 2, 3)
    ]  # fmt: skip


@pytest.mark.parametrize("change", [{"cancelled_on": "2025-01-20"}, {"principal": "municipality"}])
def test_a_correction_of_one_category_is_not_what_the_total_and_the_others_leave_over(
    sqlite_engine: Engine, change: dict[str, str]
) -> None:
    figures = _figures("sip_activities_done")
    plans = _plans({"1287-A": [4] * 12, "1287-B": [4] * 12})[:-1]
    done = _activities(plans)
    early = done[-1] | {"activity_no": 9, "due_on": "2024-01-05"}
    _fill(sqlite_engine, figures, sips=plans, sip_activities=[*done, early])
    _close(sqlite_engine, figures, *TERTIALS)
    private = {"principal": "private"}
    before = _of(sqlite_engine, figures, "sip_activities_done", "1287-SN", private)["2025"]
    deliver(sqlite_engine, AS_OF, sip_activities=[done[0] | change, done[1] | change])
    compute(sqlite_engine, figures)
    _close(sqlite_engine, figures, "2025-T1", reason="Rättat")
    assert before == Numbers(3.0, 6.0, 0.5, 6)
    assert _is_hidden(_of(sqlite_engine, figures, "sip_activities_done", "1287-SN", private)["2025"])
    for one in _found(sqlite_engine, figures):
        assert one.low <= 3 < one.count < one.high, "no more than what was told before: three were done"


def test_a_correction_in_one_of_many_categories_can_be_released(sqlite_engine: Engine) -> None:
    figures = _figures("referral_flows")
    flows = {("bvc", "socialtjanst"): 19, ("bvc", "mvc"): 18, ("mvc", "socialtjanst"): 22, ("skola", "mvc"): 23}
    rows = _referrals(flows)
    _fill(sqlite_engine, figures, referrals=rows)
    _close(sqlite_engine, figures, *TERTIALS)
    deliver(sqlite_engine, AS_OF, referrals=[rows[0] | {"to_actor": "mvc"}])
    compute(sqlite_engine, figures)
    _close(sqlite_engine, figures, "2025-T1", reason="Fel mottagare")
    assert _number(_of(sqlite_engine, figures, "referral_flows", "1287-SN")["2025"]) == 82
    assert _found(sqlite_engine, figures) == []


def test_one_board_does_not_correct_another(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established", "sip_follow_up_agreed")
    met = {"1287-A": [8] * 4, "1287-B": [7] * 4, "1287-D": [9] * 4}
    _fill(sqlite_engine, figures, [*BOARD, *SECOND], sips=_plans(met))
    _close(sqlite_engine, figures, "2025-T1")
    deliver(sqlite_engine, AS_OF, sips=[one | {"sip_id": f"late-{one['sip_id']}"} for one in _plans({"1287-A": [6]})])
    compute(sqlite_engine, figures)
    (second,) = _close(sqlite_engine, figures, "2025-T1", board="1287-UN")
    assert second.unmodelled == 0
    assert _number(_of(sqlite_engine, figures, "sip_established", "1287")["2025-T1"]) == 4 * (8 + 7 + 9)
    with pytest.raises(UserError, match="Inget har ändrats"):
        _close(sqlite_engine, figures, "2025-T1", board="1287-UN", reason="Ingen")
    _close(sqlite_engine, figures, "2025-T1", reason="Sex kom sent")
    assert _number(_of(sqlite_engine, figures, "sip_established", "1287")["2025-T1"]) == 4 * (8 + 7 + 9) + 6
    assert _found(sqlite_engine, figures) == []


def test_another_sort_of_period_begins_where_the_closed_ones_end(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established")
    _fill(sqlite_engine, figures, sips=_plans({"1287-A": [1, 1, 2, 6, 9, 9]}))
    _close(sqlite_engine, figures, "2025-T1")
    set_rule(sqlite_engine, OPERATOR, "1287-SN", PeriodType.QUARTER)
    with pytest.raises(UserError, match="går in i 2025-T1"):
        _close(sqlite_engine, figures, "2025-K1")
    _close(sqlite_engine, figures, "2025-K3")


def test_boards_that_close_different_periods_have_a_common_total_that_tells_nothing(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established", "sip_closed_evaluated")
    met = {"1287-A": [8, 2, 7, 6] * 3, "1287-B": [6, 7, 6, 6] * 3, "1287-D": [1, 9, 0, 6, 7, 7] * 2}
    _fill(sqlite_engine, figures, [*BOARD, *SECOND], sips=_plans(met))
    for at, tertial in enumerate(TERTIALS):
        _close(sqlite_engine, figures, tertial)
        _close(sqlite_engine, figures, *YEAR[4 * at : 4 * at + 4], board="1287-UN")
        assert _found(sqlite_engine, figures) == []
    assert _number(_of(sqlite_engine, figures, "sip_established", "1287")["2025"]) == 69 + 75 + 60
    assert "2025-T1" in _of(sqlite_engine, figures, "sip_established", "1287-UN")


@pytest.mark.parametrize("kpi_id", ["sip_established", "sip_closed_evaluated"])
def test_a_unit_that_moves_between_boards_is_not_what_both_leave_over(sqlite_engine: Engine, kpi_id: str) -> None:
    figures = _figures(kpi_id)
    moved = [
        _unit("1287-E", "unit", "1287-SN", valid_from="2020-01-01", valid_to="2025-06-30"),
        _unit("1287-E", "unit", "1287-UN", valid_from="2025-07-01"),
    ]
    met = {
        "1287-A": [8] * 12, "1287-B": [7] * 12, "1287-D": [9] * 12,
        "1287-E": [3, 3, 3, 3, 1, 1, 1, 1, 3, 3, 3, 3],
    }  # fmt: skip
    _fill(sqlite_engine, figures, [*BOARD, *SECOND, *moved], sips=_plans(met))
    for tertial in TERTIALS:
        _close(sqlite_engine, figures, tertial)
        _close(sqlite_engine, figures, tertial, board="1287-UN")
    assert _is_hidden(_of(sqlite_engine, figures, kpi_id, "1287-E")["2025-T2"])
    assert not _is_hidden(_of(sqlite_engine, figures, kpi_id, "1287")["2025"])
    assert _found(sqlite_engine, figures) == []


def test_the_order_in_which_periods_are_closed_exposes_nothing(sqlite_engine: Engine) -> None:
    figures = _figures("sip_established", "sip_follow_up_agreed")
    met = {"1287-A": [8, 2, 7, 6] * 3, "1287-B": [6, 7, 6, 6] * 3, "1287-C": [9, 9, 0, 9] * 3}
    _fill(sqlite_engine, figures, sips=_plans(met))
    for tertial in ("2025-T3", "2025-T1", "2025-T2"):
        (closed,) = _close(sqlite_engine, figures, tertial)
        assert closed.exposed == ()
        assert _found(sqlite_engine, figures) == []
    assert _number(_of(sqlite_engine, figures, "sip_established", "1287-SN")["2025"]) == 69 + 75 + 81


def test_figures_of_different_classes_that_count_the_same_plans_do_not_tell_on_each_other(
    sqlite_engine: Engine,
) -> None:
    figures = _figures("sip_lead_time", "sip_child_voice")
    times, voices = (counted(one, figures.facts) for one in figures.definitions.values())
    assert times is not None
    assert voices is not None
    assert times.denominator == voices.denominator, "every plan has a day of initiative, so all that met have a time"
    met = {"1287-A": [30, 40, 30, 20], "1287-B": [28, 2, 31, 18], "1287-C": [40, 33, 3, 26]}
    _fill(sqlite_engine, figures, sips=_plans(met))
    _close(sqlite_engine, figures, *YEAR[:4])
    for unit in (*met, "1287-SN"):
        waits, heard = (_of(sqlite_engine, figures, kpi_id, unit) for kpi_id in ("sip_lead_time", "sip_child_voice"))
        for month in YEAR[:4]:
            time, voice = waits[month], heard[month]
            if isinstance(time, Numbers) and isinstance(voice, Numbers):
                assert time.cases == voice.denominator
    assert any(not _is_hidden(one.content) for one in _read(sqlite_engine, figures))
    assert _found(sqlite_engine, figures) == []


def test_a_changed_definition_gives_no_year_to_subtract_the_old_months_from(sqlite_engine: Engine) -> None:
    old = _figures("sip_met_30d")
    met = {"1287-A": [8] * 7 + [1, 1, 1, 0, 0], "1287-B": [9] * 12, "1287-C": [7] * 12}
    started = [one | {"initiated_on": one["met_on"]} for one in _plans(met)]
    _fill(sqlite_engine, old, sips=started)
    _close(sqlite_engine, old, "2025-T1", "2025-T2")
    definition = old.definitions["sip_met_30d"]
    other = shipped().definitions["sip_established"].meaning.measures[0].where
    measure = replace(definition.meaning.measures[0], where=other)
    new = replace(
        old, definitions={"sip_met_30d": replace(definition, meaning=replace(definition.meaning, measures=(measure,)))}
    )
    compute(sqlite_engine, new)
    _close(sqlite_engine, new, "2025-T3")
    unit = _of(sqlite_engine, new, "sip_met_30d", "1287-A")
    assert _is_hidden(unit["2025-T3"])
    told = [unit[period] for period in ("2025-T1", "2025-T2", "2025")]
    assert any(map(_is_hidden, told)), "else the year less the two tertials is the third"
    assert not _is_hidden(unit["2025-T1"])


def test_how_many_units_are_silent_does_not_tell_which(sqlite_engine: Engine) -> None:
    figures = _figures("deviation_silent_units", "deviations_reported")
    units = [*BOARD, *(_unit(f"1287-{one}", "unit", "1287-SN") for one in "FGHIJ")]
    reported = {f"1287-{one}": [2] * 12 for one in "ABCFGHI"} | {"1287-J": [0, 0, 1] + [0] * 9}
    early = [
        one | {"deviation_id": f"early-{one['unit_code']}", "reported_on": "2024-01-03"}
        for one in _deviations(reported | {"1287-J": [1] + [0] * 11})
        if one["reported_on"].startswith("2025-01") and one["deviation_id"].endswith("-0")
    ]
    _fill(sqlite_engine, figures, units, deviations=[*_deviations(reported), *early])
    _close(sqlite_engine, figures, *TERTIALS)
    silent = _of(sqlite_engine, figures, "deviation_silent_units", "1287-SN")
    unit = _of(sqlite_engine, figures, "deviations_reported", "1287-J")["2025"]
    assert _is_hidden(unit)
    assert not silent, "all but one are known to have reported, so the number of silent units tells of that one"


def test_two_figures_of_the_same_plans_that_were_frozen_at_different_times_do_not_mix(sqlite_engine: Engine) -> None:
    first = _figures("sip_established")
    both = _figures("sip_established", "sip_follow_up_agreed")
    met = {"1287-A": [8] * 12, "1287-B": [6] * 12, "1287-C": [7] * 12}
    _fill(sqlite_engine, first, sips=_plans(met))
    _close(sqlite_engine, first, "2025-T1", "2025-T2")
    deliver(sqlite_engine, AS_OF, sips=[one | {"sip_id": "late"} for one in _plans({"1287-A": [1]})[:1]])
    compute(sqlite_engine, both)
    _close(sqlite_engine, both, "2025-T3")
    plans = _of(sqlite_engine, both, "sip_established", "1287-SN")["2025"]
    shares = _of(sqlite_engine, both, "sip_follow_up_agreed", "1287-SN")
    assert _number(plans) == 21 * 12, "of the plans as they were frozen"
    assert _is_hidden(shares["2025"]), "a plan more than the other figure's year: the late one"
    assert "2025-T1" not in shares
    assert not _is_hidden(shares["2025-T3"])


def test_a_figure_that_only_municipalities_have_is_released_with_the_last_of_its_boards(sqlite_engine: Engine) -> None:
    figures = _figures("referral_flows", "referral_contact_30d")
    flows = {("bvc", "socialtjanst"): 36, ("bvc", "mvc"): 24}
    _fill(sqlite_engine, figures, [*BOARD, *SECOND], referrals=_referrals(flows))
    _close(sqlite_engine, figures, "2025-T2")
    assert not _of(sqlite_engine, figures, "referral_contact_30d", "1287")
    _close(sqlite_engine, figures, "2025-T2", board="1287-UN")
    assert isinstance(_of(sqlite_engine, figures, "referral_contact_30d", "1287")["2025-T2"], Numbers)
