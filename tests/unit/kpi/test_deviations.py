"""What deviations add up to, by hand."""

from __future__ import annotations

import pytest

from kpi.deviations import (
    AGES,
    Ageing,
    Bar,
    Open,
    Pattern,
    State,
    Tally,
    Waited,
    ageing,
    bin_of,
    by_weight,
    chosen,
    counted,
    matrix,
    median_of,
    pareto,
    times,
)

TALLIES = [
    Tally("utskrivning", "skola", "bup", 3), Tally("annan", "skola", "bup", 4), Tally("annan", "bup", "skola", 1),
]  # fmt: skip


def test_categories_stand_by_weight_with_what_they_make_together() -> None:
    assert pareto(TALLIES) == (Bar("annan", 5, 5 / 8), Bar("utskrivning", 3, 1.0, 0.6))
    assert pareto([]) == ()
    assert (counted(pareto(TALLIES)), counted([])) == (8, 0)


def test_a_matrix_has_margins() -> None:
    found = matrix(TALLIES)
    assert (found.cells, found.total) == ({("skola", "bup"): 7, ("bup", "skola"): 1}, 8)
    assert (found.sent, found.received) == ({"skola": 7, "bup": 1}, {"bup": 7, "skola": 1})
    assert matrix([]).total == 0
    assert [found.at(*pair) for pair in ((None, None), ("skola", None), (None, "skola"), ("bup", "skola"))] == [
        8,
        7,
        1,
        1,
    ]
    assert (found.at("bvc", None), found.change_to(9, "skola", None), found.change_to(0, "bup", "skola")) == (0, 2, -1)


def test_what_is_chosen() -> None:
    assert chosen(TALLIES, None, None) == TALLIES
    assert [one.count for one in chosen(TALLIES, "annan", "bup")] == [4]


@pytest.mark.parametrize(
    ("days", "column"), [(-3, 0), (0, 0), (10, 0), (11, 1), (60, 5), (61, 6), (120, 11), (121, 12), (900, 12)]
)
def test_a_column_ends_with_the_last_day_in_time(days: int, column: int) -> None:
    assert bin_of(days) == column


def test_times_count_what_came_and_what_is_waited_for() -> None:
    found = times(
        [Waited(State.IN_TIME, 10, 2), Waited(State.LATE, 90, 1), Waited(State.WAITING, 5, 4),
         Waited(State.OVERDUE, 200, 3)]
    )  # fmt: skip
    assert (found.total, found.due, found.median) == (10, 6, 10)
    assert found.bins[0] == {State.IN_TIME: 2, State.WAITING: 4}
    assert (found.bins[8], found.bins[12]) == ({State.LATE: 1}, {State.OVERDUE: 3})
    assert times([]).median is None


def test_a_median_of_counts() -> None:
    assert median_of({3: 1, 5: 1}) == 4
    assert median_of({3: 2, 50: 1}) == 3
    assert median_of({}) is None


def test_what_most_of_the_oldest_are_about() -> None:
    oldest = len(AGES) - 1
    found = ageing([Open(0, "annan", "bup", 9), Open(oldest, "annan", "bup", 2), Open(oldest, "annan", "bvc", 1)])
    assert found == Ageing((9, 0, 0, 3), ("annan", "bup", 2))
    assert (found.total, found.long) == (12, 3)
    assert ageing([Open(oldest, "annan", "bup", 1)]).leading is None, "one is no pattern"
    even = [Open(oldest, "annan", "bup", 2), Open(oldest, "utskrivning", "bup", 2)]
    assert ageing(even).leading is None, "two lead as much"
    assert ageing([]) == Ageing((0, 0, 0, 0), None)


def test_what_came_back_most_stands_first() -> None:
    few, many = Pattern("A", "annan", "bup", 9, 1), Pattern("B", "annan", "bup", 4, 3)
    assert list(by_weight([few, many])) == [many, few]
