"""The cells that every file is made of: what is hidden is hidden whole, whatever the caller has."""

from __future__ import annotations

from typing import get_args

import pytest

from dashboard.exports.cells import BLANK, NOT_RELEASED, WORDS, Amount, told, value_cells
from dashboard.exports.comparison import comparison_rows
from dashboard.exports.csv_file import in_csv
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.period import Period
from kpi.schema import CountEntry
from kpi.spc.intervals import Interval
from tests.builders.exported import DECEMBER, ORGANISATION, comparison_of, count_of, place_value, share_of
from tests.builders.figures import BOARD, definition

SHARE, COUNT, DAYS = definition("sip_call_complete"), definition("sip_established"), definition("sip_lead_time")


def test_a_hidden_share_hides_its_parts_and_its_interval() -> None:
    cells = value_cells(SHARE, SUPPRESSED, Interval(0.47111, 0.47222))
    assert {cells.numerator, cells.denominator, cells.value, cells.lower, cells.upper} == {SUPPRESSED}


def test_what_a_figure_has_not_is_blank_whether_it_is_hidden_or_not() -> None:
    for shown in (SUPPRESSED, count_of(61)):
        cells = value_cells(COUNT, shown)
        assert (cells.numerator, cells.denominator, cells.lower, cells.upper) == (BLANK,) * 4


def test_what_is_not_released_is_neither_zero_nor_blank() -> None:
    cells = value_cells(SHARE, None)
    assert cells.value is NOT_RELEASED
    assert told(cells.value) == "inte släppt"
    with pytest.raises(TypeError):
        bool(NOT_RELEASED)


def test_nothing_to_divide_is_blank_and_its_parts_are_told() -> None:
    cells = value_cells(SHARE, share_of(0, 0))
    assert (cells.numerator, cells.denominator, cells.value) == (Amount(0), Amount(0), BLANK)


def test_a_share_has_its_parts_its_value_and_its_interval() -> None:
    cells = value_cells(SHARE, share_of(43, 79), Interval(0.43, 0.65))
    assert [told(one) for one in (cells.numerator, cells.denominator, cells.value, cells.lower, cells.upper)] == [
        "43", "79", "54\u00a0%", "43\u00a0%", "65\u00a0%",
    ]  # fmt: skip


def test_a_row_tells_its_standing_only_of_what_is_shown() -> None:
    found = comparison_of({"sip_call_complete": (share_of(43, 79), SUPPRESSED, None)})
    shown, hidden, none = comparison_rows(found, ORGANISATION)
    assert (shown.time, shown.standing) == ("tredje tertialet\u00a02024", "Lägre än det föreslagna målet")
    assert (hidden.standing, hidden.remark[:25]) == (SUPPRESSED, "Visas inte (för få fall).")
    assert (none.time, none.standing, none.remark) == ("", BLANK, "")


def test_the_time_is_that_of_the_judged_value() -> None:
    from dashboard.exports.comparison import period_words, place_row

    row = place_row(SHARE, place_value(SHARE.id, BOARD, share_of(9, 20), twelve=SUPPRESSED), "Socialnämnden", DECEMBER)
    assert row.time == "12\u00a0mån till och med dec\u00a02024"
    assert row.cells.value is SUPPRESSED
    assert period_words(definition("sip_active"), Period.parse("2024-12")) == "31\u00a0december\u00a02024"


def test_every_unit_of_a_figure_has_a_word() -> None:
    assert set(WORDS) == set(get_args(CountEntry.model_fields["unit"].annotation))


@pytest.mark.parametrize("unseen", [" ", "\xa0", "\u200b", "\ufeff", "\u2060 \u202e", "\x0b", ""])
def test_a_text_is_no_formula_behind_signs_that_nobody_sees(unseen: str) -> None:
    assert in_csv(f"{unseen}=1+1").startswith("'")
    assert in_csv(f"{unseen}Skolan") == f"{unseen}Skolan".replace("\xa0", " ")
