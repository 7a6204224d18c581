"""An action's effect by hand-made series: levels, natural limits and what they speak for, worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from control.actions.content import Effect
from control.actions.effect import Comparison, compare
from kpi.definition import Rebase
from kpi.period import Period
from kpi.views.rows import Reading
from tests.builders.figures import count, definition, share

ATTENDANCE = definition("sip_full_attendance")
"""A share; higher is better."""
FIRST = Period.parse("2024-01")
BEFORE = [10, 12] * 6
"""Of twenty: 50 % and 60 % in turn, so every moving range is 10 points: 55 ± 2.66 × 10."""
STARTED = date(2025, 1, 1)


def readings(met: Sequence[int | None], of: int = 20) -> list[Reading]:
    return [
        share(one or 0, of if one is not None else 0, FIRST.shift(at), periods=1, covered=1)
        for at, one in enumerate(met)
    ]


def effect(after: Sequence[int | None], *, to: float | None = 0.85, starts_on: date = STARTED) -> Comparison:
    return compare(ATTENDANCE, readings([*BEFORE, *after]), starts_on, expected_from=0.55, expected_to=to)


def test_levels_and_natural_limits_before() -> None:
    found = effect([18] * 7)
    assert found.before is not None
    assert found.after is not None
    assert found.before.level == pytest.approx(132 / 240)
    assert (found.before.lower, found.before.upper) == (pytest.approx(0.55 - 0.266), pytest.approx(0.55 + 0.266))
    assert (str(found.before.first), str(found.before.last), found.before.count) == ("2024-01", "2024-12", 12)
    assert (found.after.level, found.after.median, found.after.count) == (0.9, 0.9, 7)
    assert (found.after.lower, found.after.upper) == (None, None)
    assert found.before.stored["cases"] == 240


@pytest.mark.parametrize(
    ("after", "to", "proposal"),
    [
        ([18] * 7, 0.85, Effect.YES),
        ([18] * 7, None, Effect.YES),
        ([14] * 7, 0.85, Effect.PARTLY),  # a new level, not as far as was promised
        ([11, 13, 11, 12, 10], 0.57, Effect.PARTLY),  # 57 % as promised, which is usual variation
        ([10, 12, 10, 13, 11], 0.85, Effect.NO),
        ([8] * 7, 0.85, Effect.NO),
        ([18, 18], 0.85, Effect.TOO_EARLY),
        ([], 0.85, Effect.TOO_EARLY),
        ([18, 18, 10], 0.85, Effect.PARTLY),  # two beyond the limit
    ],
)
def test_what_the_numbers_speak_for(after: list[int], to: float | None, proposal: Effect) -> None:
    assert effect(after, to=to).proposal is proposal


def test_a_new_level_is_seven_in_a_row_and_offers_a_new_usual_level_from_the_first_whole_month() -> None:
    assert str(effect([14] * 7).rebase) == "2025-01"
    assert effect([14] * 6).rebase is None
    assert effect([14, 14, 14, 10, 14, 14, 14]).rebase is None
    assert str(effect([14, *[14] * 7], starts_on=date(2025, 1, 15)).rebase) == "2025-02"
    worse = effect([7] * 7)
    assert worse.is_shift
    assert not worse.is_wanted
    assert str(worse.rebase) == "2025-01"


def test_what_is_unfinished_missing_or_before_an_earlier_new_level_does_not_count() -> None:
    found = readings([*BEFORE, 18, None, 18])
    found[-1] = replace(found[-1], is_preliminary=True)
    told = compare(ATTENDANCE, found, STARTED)
    assert told.after is not None
    assert told.after.count == 1
    rebased = compare(ATTENDANCE, found, STARTED, rebases=(Rebase(Period.parse("2024-07"), "Ny rutin"),))
    assert rebased.before is not None
    assert str(rebased.before.first) == "2024-07"
    assert rebased.before.lower is None, "six values tell no limits"


def test_without_limits_only_a_lasting_shift_is_spoken_for() -> None:
    def few(after: list[int]) -> Comparison:
        return compare(ATTENDANCE, readings([2, 3] * 6 + after, of=5), STARTED, expected_from=0.5, expected_to=0.8)

    assert few([4] * 7).proposal is Effect.YES
    assert few([3, 3, 4]).proposal is None, "nothing says what is more than usual variation"
    assert few([2, 2, 2]).proposal is None
    assert compare(ATTENDANCE, readings([2, 3] * 6 + [5] * 7, of=5)[11:], STARTED).proposal is None, "one month before"
    assert few([4] * 7).rebase is None, "no chart is drawn of them"
    unpromised = compare(ATTENDANCE, readings([2, 3] * 6 + [4] * 7, of=5), STARTED)
    assert unpromised.proposal is Effect.YES


def test_fewer_and_neutral_figures() -> None:
    deviations = definition("deviations_reported")
    months = [count(number, FIRST.shift(at)) for at, number in enumerate([20, 24] * 6 + [30] * 7)]
    assert compare(deviations, months, STARTED).proposal is None, "more reports are neither better nor worse"
    wanted = compare(deviations, months, STARTED, expected_from=22, expected_to=30)
    assert (wanted.way, wanted.proposal) == (1, Effect.YES)
    assert wanted.is_shift
    lost = definition("referral_lost")
    fewer = compare(lost, readings([6, 8] * 6 + [1] * 7), STARTED, expected_from=0.35, expected_to=0.1)
    assert (fewer.way, fewer.proposal) == (-1, Effect.YES)
