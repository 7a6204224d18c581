"""What a reader must know about one value alone is told beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard import words
from dashboard.components.figure_lead import note_of
from dashboard.components.figure_table import figure_table
from kpi.rolling import months_back, window
from tests.builders.figures import MARCH, count, definition, overview, share_row

TODAY = date(2025, 4, 2)
NOTE = "Utan uppgifter från Svedala."


def test_a_remark_holds_the_values_own_note() -> None:
    assert words.remark("preliminärt", NOTE) == f"Preliminärt. {NOTE}"
    assert words.remark("", NOTE) == NOTE
    assert words.remark("få fall", None) == "få fall"


def test_a_note_is_told_on_the_figures_page_and_on_the_overview() -> None:
    plain = share_row(29, 46)
    noted = replace(plain, current=replace(plain.current, note=NOTE))
    assert NOTE in (note_of(noted) or "")
    assert NOTE not in (note_of(plain) or "")
    assert NOTE in str(figure_table(overview(noted), None, TODAY))
    assert NOTE not in str(figure_table(overview(plain), None, TODAY))


def test_a_window_tells_each_note_of_its_months_once() -> None:
    months = months_back(MARCH, 3)
    noted = [replace(count(1, month), note=note) for month, note in zip(months, ("A.", "B.", "A."), strict=True)]
    assert window(definition("deviations_reported"), noted).note == "A. B."
