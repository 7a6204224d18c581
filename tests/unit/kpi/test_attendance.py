"""Who comes to meetings: margins add up, and school is compared over the same actors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.attendance import Attended, Called, attendance, school_gap
from kpi.period import Period

JANUARY, DECEMBER = Period.parse("2025-01"), Period.parse("2025-12")


def called(caller: str, actor: str, attended: int, of: int, month: str = "2025-03") -> Called:
    return Called(Period.parse(month), caller, actor, of, attended)


ROWS = [
    called("skola", "bup", 1, 4),
    called("elevhalsa", "bup", 1, 1),
    called("skola", "skola", 5, 5),
    called("skola", "polis", 0, 3),
    called("skola", "bum", 2, 2, "2024-12"),
    called("socialtjanst", "bup", 6, 8),
    called("socialtjanst", "bum", 1, 9),
    called("bup", "bup", 4, 4),
]


def test_the_same_actors_without_the_caller() -> None:
    found = school_gap(ROWS, JANUARY, DECEMBER)
    assert (found.school, found.others) == (Attended(5, 2), Attended(8, 6)), "only bup is called to both"
    assert found.difference == 2 / 5 - 6 / 8
    assert found.cases == 5
    assert school_gap(ROWS[5:], JANUARY, DECEMBER).difference is None
    assert school_gap(ROWS, Period.parse("2024-12"), DECEMBER).others == Attended(17, 7)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda caller, actor, of, less: called(caller, actor, max(of - less, 0), of),
            st.sampled_from(["skola", "bup", "socialtjanst"]),
            st.sampled_from(["skola", "bup", "bvc"]),
            st.integers(1, 9),
            st.integers(0, 9),
        ),
        max_size=20,
    )
)
def test_margins_add_up(rows: list[Called]) -> None:
    found = attendance(rows)
    assert all((one.share or 0) + (one.absent_share or 0) == pytest.approx(1) for one in found.cells.values())
    for margin in (found.by_caller, found.by_actor, found.cells):
        assert sum(one.called for one in margin.values()) == found.total.called == sum(one.called for one in rows)
        assert sum(one.absent for one in margin.values()) == found.total.absent
    assert found.callers == tuple(sorted({one.caller for one in rows}))
