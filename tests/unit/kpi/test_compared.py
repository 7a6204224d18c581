"""Units beside each other: each with its interval, and told apart only where size does not explain it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from scipy import stats

from kpi.organisation import Unit
from kpi.period import Period
from kpi.spc.funnel import Significance, funnel_curves, funnel_limits
from kpi.spc.intervals import wilson
from kpi.views.compared import comparison, interval_of, with_uncertainty
from kpi.views.rows import Reading, UnitReading
from tests.builders.figures import MARCH, count, definition, part, share
from tests.builders.spc import GOLDEN, is_close

SHARE = definition("sip_call_complete")
RATE = definition("deviations_per_100_sip")


def unit(name: str) -> Unit:
    return Unit(name, name, "unit", "1287-SN", "1287")


def beside(*readings: Reading) -> tuple[UnitReading, ...]:
    units = [UnitReading(unit(f"{at:02}"), one, one.cases < 5) for at, one in enumerate(readings)]
    return with_uncertainty(SHARE, units)


def rate(events: int, exposure: int) -> Reading:
    return Reading(MARCH, MARCH, events, exposure, 100 * events / exposure, events)


def test_a_share_has_wilsons_interval_and_only_what_is_far_off_is_told() -> None:
    found = beside(share(45, 50), share(44, 50), share(20, 50), share(1, 3))
    assert found[0].interval == wilson(45, 50)
    assert [one.side for one in found] == [0, 0, -1, 0]


def test_one_unit_alone_is_compared_with_nothing() -> None:
    [found] = beside(share(1, 50))
    assert found.interval is not None
    assert found.interval.upper == pytest.approx(0.105, abs=0.01)
    assert (found.compared, found.side) == (None, 0)
    assert comparison(SHARE, [found]) is None


def test_counts_have_no_interval() -> None:
    [found] = with_uncertainty(definition("deviations_reported"), [UnitReading(unit("a"), count(7), is_small=False)])
    assert (found.interval, found.side) == (None, 0)
    assert comparison(definition("deviations_reported"), [found]) is None


def test_the_funnel_is_the_reference_packages() -> None:
    golden = GOLDEN["funnel"]["proportion"]
    numbers = list(zip(golden["numerator"], golden["denominator"], strict=True))
    units = beside(*(share(*one) for one in numbers))
    found = comparison(SHARE, units)
    assert found is not None
    assert is_close(found.average, golden["average"])
    assert [one.compared.significance.value for one in units if one.compared] == golden["significance"]
    curve = {one.cases: one for one in funnel_curves(found.average, max(golden["denominator"]))}
    for at, (_, below) in enumerate(numbers):
        usual, wide = funnel_limits(found.average, below)
        expected = [golden[f"{end}_{tail}"][at] for tail in ("0.025", "0.001") for end in ("lower", "upper")]
        assert is_close([usual.lower, usual.upper, wide.lower, wide.upper], expected)
        if below in curve:
            assert (curve[below].usual, curve[below].wide) == (usual, wide)


def test_the_curves_are_scipys_normal_limits_from_one_case_to_the_largest_unit() -> None:
    found = comparison(SHARE, beside(share(30, 40), share(180, 260), share(3, 4)))
    assert found is not None
    assert found.average == pytest.approx(213 / 304)
    assert [found.funnel[0].cases, found.funnel[-1].cases] == [1, 260]
    assert all(one.cases < other.cases for one, other in pairwise(found.funnel))
    for one in found.funnel:
        spread = (found.average * (1 - found.average) / one.cases) ** 0.5
        usual = stats.norm.interval(0.95, found.average, spread)
        wide = stats.norm.interval(0.998, found.average, spread)
        assert is_close([one.usual.lower, one.usual.upper], list(map(float, usual)))
        assert is_close([one.wide.lower, one.wide.upper], list(map(float, wide)))


def test_few_cases_count_in_the_average_but_are_never_told_apart() -> None:
    found = beside(share(99, 100), share(98, 100), share(1, 4))
    middle = comparison(SHARE, found)
    assert middle is not None
    assert middle.average == pytest.approx(198 / 204)
    assert found[2].compared is not None
    assert found[2].compared.significance is Significance.LOW_BY_FAR
    assert (found[2].side, found[2].is_judged) == (0, False)


def test_all_alike_have_a_funnel_without_width() -> None:
    found = beside(share(20, 20), share(30, 30))
    assert [one.side for one in found] == [0, 0]
    middle = comparison(SHARE, found)
    assert middle is not None
    assert {(one.wide.lower, one.wide.upper) for one in middle.funnel} == {(1.0, 1.0)}


def test_rates_are_judged_by_their_own_exact_interval_against_the_average() -> None:
    readings = [rate(9, 20), rate(2, 120), rate(4, 80)]
    units = with_uncertainty(RATE, [UnitReading(unit(f"{one}"), one, is_small=False) for one in readings])
    found = comparison(RATE, units)
    assert found is not None
    assert found.average == pytest.approx(100 * 15 / 220)
    assert found.funnel == ()
    assert [one.side for one in units] == [1, 0, 0]
    for one, (events, exposure) in zip(units, [(9, 20), (2, 120), (4, 80)], strict=True):
        assert one.interval is not None
        assert one.compared is not None
        for interval, tail in ((one.interval, 0.025), (one.compared.wide, 0.001)):
            ends = [stats.chi2.ppf(tail, 2 * events) / 2, stats.chi2.ppf(1 - tail, 2 * events + 2) / 2]
            assert [interval.lower, interval.upper] == pytest.approx([100 * end / exposure for end in ends])


@pytest.mark.parametrize(
    ("kpi_id", "reading"),
    [
        ("sip_coordinator", share(19, 28, periods=1, covered=1)),  # a share of what stands
        ("deviation_recurring", share(1, 4, Period.parse("2025-T1"), periods=1, covered=1)),
        ("insight_in_agreements", part(8, 64, "2025", answer="large").reading),  # an answer of a distribution
        ("sip_absence_by_actor", part(31, 87, "2025-03", actor="bup").reading),  # a part of a split
        ("training_coverage", part(5, 11, "2025-T1", subject="secrecy", group="board").reading),  # told by its parts
        ("deviations_per_100_sip", rate(5, 21)),
        ("sip_per_1000", rate(40, 9000)),
    ],
)
def test_every_sort_of_share_and_rate_has_an_interval(kpi_id: str, reading: Reading) -> None:
    found = interval_of(definition(kpi_id), reading)
    assert found is not None
    assert found.lower < (reading.numerator or 0) / (reading.denominator or 1) * (
        definition(kpi_id).meaning.per or 1
    ) < found.upper  # fmt: skip


@pytest.mark.parametrize(("middle", "cases"), [(1.2, 5), (-0.1, 5), (0.5, 0)])
def test_what_is_no_funnel_is_refused(middle: float, cases: int) -> None:
    with pytest.raises(ValueError, match="funnel"):
        funnel_limits(middle, cases)
