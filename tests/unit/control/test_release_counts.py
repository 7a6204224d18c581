"""The values of a closing and the counts that they give away; which of them are too small."""

from __future__ import annotations

import pytest

from control.release.counts import NONE_COUNTED, WHOLE, FigureCell, Value, cells_of, with_margins
from control.release.due import DueUnit
from kpi.disclosure.quantity import counted
from kpi.period import Period
from tests.builders.figures import BOARD, catalogue

YEAR = Period.parse("2025")
MONTHS = tuple(Period.parse(f"2025-{month:02}") for month in range(1, 13))


def _cell(kpi_id: str, value: Value) -> FigureCell:
    definition = catalogue().definitions[kpi_id]
    return FigureCell(definition, "u", "unit", YEAR, WHOLE, value, counted(definition, catalogue().facts))


def _too_small(cell: FigureCell) -> str:
    """Which of numerator, complement and denominator are too small, by first letter."""
    assert cell.counted is not None
    assert cell.counts is not None
    limits = dict(cell.counted.limits)
    pieces = {"n": cell.counted.numerator, "c": cell.counted.complement, "d": cell.counted.denominator}
    return "".join(
        letter for letter, piece in pieces.items() if piece is not None and cell.counts[piece] <= limits[piece]
    )


@pytest.mark.parametrize(
    ("kpi_id", "numerator", "denominator", "small"),
    [
        ("sip_follow_up_agreed", 0, 0, "d"),
        ("sip_follow_up_agreed", 3, 4, "d"),
        ("sip_follow_up_agreed", 0, 5, ""),
        ("sip_follow_up_agreed", 1, 40, ""),
        ("sip_child_voice", 0, 0, "ncd"),
        ("sip_child_voice", 2, 4, "ncd"),
        ("sip_child_voice", 4, 40, "n"),
        ("sip_child_voice", 36, 40, "c"),
        ("sip_child_voice", 4, 8, "nc"),
        ("sip_child_voice", 5, 10, ""),
        ("sip_child_voice", 40, 40, "c"),
        ("insight_in_agreements", 5, 9, "cd"),
        ("insight_in_agreements", 5, 10, ""),
    ],
)
def test_what_is_too_small_by_release_class(kpi_id: str, numerator: int, denominator: int, small: str) -> None:
    assert _too_small(_cell(kpi_id, Value(numerator, denominator, None, denominator))) == small


def test_a_count_and_both_counts_of_a_rate_are_judged() -> None:
    assert _too_small(_cell("deviations_reported", Value(4.0, None, 4.0, 4))) == "d"
    assert _too_small(_cell("deviations_per_100_sip", Value(4.0, 60.0, 6.7, 4))) == "n"
    assert _too_small(_cell("deviations_per_100_sip", Value(9.0, 4.0, 225.0, 9))) == "d"
    assert _too_small(_cell("sip_per_1000", Value(4.0, 9000.0, 0.4, 4))) == "d", "children are known to everybody"


def test_what_is_no_count_is_never_shown() -> None:
    assert not _cell("sip_follow_up_agreed", Value(3.5, 10.0, 0.35, 10)).is_protected
    assert not _cell("sip_follow_up_agreed", Value(11.0, 10.0, 1.1, 10)).is_protected
    assert _cell("sip_follow_up_agreed", Value(7.0, 10.0, 0.7, 10)).is_protected


def test_a_year_sums_its_months_and_every_category_that_is_known_anywhere() -> None:
    definition = catalogue().definitions["sip_absence_by_actor"]
    bup, skola, polis = ((("actor", name),) for name in ("bup", "skola", "polis"))
    own = {
        ("1287-SN", MONTHS[0]): {bup: Value(1.0, 6.0, 1 / 6, 6), skola: Value(0.0, 9.0, 0.0, 9)},
        ("1287-SN", MONTHS[5]): {bup: Value(2.0, 2.0, 1.0, 2)},
    }
    due = [DueUnit(BOARD, YEAR, MONTHS)]
    base = counted(definition, catalogue().facts)
    found = {one.split: one.value for one in cells_of(definition, base, due, own, {bup, skola, polis}, {"1287-SN"})}
    assert found[WHOLE] == Value(3.0, 17.0, 3 / 17, 17)
    assert found[bup] == Value(3.0, 8.0, 3 / 8, 8)
    assert found[polis] == Value(0.0, 0.0, None, 0)


def test_a_table_has_every_pair_and_both_margins() -> None:
    known = {(("from", "a"), ("to", "x")), (("from", "b"), ("to", "y"))}
    assert with_margins(known) == known | {
        (("from", "a"), ("to", "y")), (("from", "b"), ("to", "x")),
        (("from", "a"),), (("from", "b"),), (("to", "x"),), (("to", "y"),),
    }  # fmt: skip


def test_a_unit_that_never_counted_anything_has_cells_like_any_other() -> None:
    definition = catalogue().definitions["sip_established"]
    base = counted(definition, catalogue().facts)
    (one,) = cells_of(definition, base, [DueUnit(BOARD, MONTHS[0], MONTHS[:1])], {}, (), set())
    assert one.value == NONE_COUNTED
    assert one.is_never_counted
    assert _too_small(one) == "d"


def test_a_difference_needs_the_figures_fewest_cases_in_each_group() -> None:
    assert _too_small(_cell("sip_school_gap", Value(None, None, 0.1, 9))) == "d"
    assert _too_small(_cell("sip_school_gap", Value(None, None, 0.1, 10))) == ""
