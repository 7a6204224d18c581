"""Where a unit's events count, by day."""

from __future__ import annotations

from datetime import date

import pytest

from kpi.organisation import Unit, organisation
from kpi.placement import placements
from warehouse.errors import UserError


def unit(
    code: str, parent: str | None, first: str = "0001-01-01", last: str | None = None, level: str = "unit"
) -> Unit:
    ends = date.fromisoformat(last) if last else None
    return Unit(code, code, level, parent, "1287", valid_from=date.fromisoformat(first), valid_to=ends)


def shown(*units: Unit, code: str = "u") -> list[str]:
    return [
        f"{one.first}..{one.last} {' '.join(above.code for above in one.chain)}"
        for one in placements(organisation(units))
        if one.unit_code == code
    ]


ALWAYS = "0001-01-01..9999-12-31"


def test_a_unit_counts_in_itself_and_all_above() -> None:
    assert shown(unit("u", "b"), unit("b", "k"), unit("k", None)) == [f"{ALWAYS} u b k"]


def test_a_move_cuts_the_time() -> None:
    moved = unit("u", "b2", "2024-03-01")
    assert shown(unit("u", "b1"), moved, unit("b1", None), unit("b2", None)) == [
        "0001-01-01..2024-02-29 u b1",
        "2024-03-01..9999-12-31 u b2",
    ]


def test_a_later_span_ends_an_earlier_one_that_says_otherwise() -> None:
    assert shown(unit("u", "b1", "2024-01-01", "2024-12-31"), unit("u", None, "2024-06-01", "2024-06-30")) == [
        "2024-01-01..2024-05-31 u",
        "2024-06-01..2024-06-30 u",
    ]


def test_a_parent_that_is_not_valid_leaves_the_unit_alone_those_days() -> None:
    parents = unit("b", "k", "2024-02-01", "2024-02-29"), unit("b", "k", "2024-05-01"), unit("k", None)
    assert shown(unit("u", "b", "2024-01-01", "2024-06-30"), *parents) == [
        "2024-01-01..2024-01-31 u",
        "2024-02-01..2024-02-29 u b k",
        "2024-03-01..2024-04-30 u",
        "2024-05-01..2024-06-30 u b k",
    ]


def test_a_grandparents_change_cuts_the_time_too() -> None:
    above = unit("k", "r", "0001-01-01", "2024-06-30"), unit("k", None, "2024-07-01"), unit("r", None)
    assert shown(unit("u", "b"), unit("b", "k"), *above) == [
        "0001-01-01..2024-06-30 u b k r",
        "2024-07-01..9999-12-31 u b k",
    ]


def test_a_circle_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="a → b → a"):
        placements(organisation([unit("a", "b"), unit("b", "a")]))


def test_a_circle_that_never_holds_on_one_day_is_no_circle() -> None:
    units = unit("a", "b", "2024-01-01", "2024-06-30"), unit("a", None, "2024-07-01"), unit("b", "a", "2024-07-01")
    assert shown(*units, code="b") == ["2024-07-01..9999-12-31 b a"]
