"""What stands on the overview and on a figure's page for each sort of figure. `~` stands for a no-break space."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.components.beside_panel import beside_panel
from dashboard.components.definition import meaning_panel, source_panel
from dashboard.components.figure_cells import most_telling
from dashboard.components.figure_lead import figure_lead, note_of
from dashboard.components.figure_table import figure_table, in_reading_order
from dashboard.components.parts_panel import parts_panel
from dashboard.components.series_panel import series_panel
from dashboard.components.units_panel import units_panel
from dashboard.pages.figure_list import _item
from kpi.definition import Review
from kpi.format import NBSP
from kpi.organisation import Unit
from kpi.period import Period
from kpi.status import Status, judge
from kpi.views.rows import FigurePage, FigureRow, Part, UnitReading
from tests.builders.figures import (
    BOARD,
    MARCH,
    PROPOSED_90,
    count,
    definition,
    overview,
    part,
    plain_row,
    share,
    share_row,
    units_beside,
    value,
)
from tests.builders.rendered import told

TODAY = date(2025, 4, 2)
TERTIAL = Period.parse("2024-T3")


def page_of(row: FigureRow, **more: Any) -> FigurePage:
    found = FigurePage(row, MARCH, (MARCH,), (row.unit,), (), (), 0, 0, is_synthetic=False)
    return replace(found, **more)


def training() -> FigureRow:
    parts = (
        part(5, 11, "2024-T3", subject="secrecy", group="board_members"),
        part(50, 60, "2024-T3", subject="sip_routine", group="staff"),
    )
    judged = tuple(replace(one, status=_judged(one)) for one in parts)
    return plain_row("training_coverage", value(None, "2024-T3"), parts=judged)


def _judged(one: Part) -> Status:
    meaning, reading = definition("training_coverage"), one.reading
    target = replace(PROPOSED_90, level=0.8)
    return judge(reading.value, reading.cases, minimum_cases=meaning.minimum_cases, target=target, is_share=True)


@pytest.mark.parametrize("kpi_id", ["controls_on_time", "purposeful_collaboration"])
def test_what_is_not_counted_from_deliveries_says_so_and_draws_nothing(kpi_id: str) -> None:
    row = plain_row(kpi_id, value(None, "2025-03"))
    assert told(figure_lead(row)).startswith("Inga uppgifter än. ")
    assert "saknas" not in told(figure_lead(row))
    assert "Samkoll" in told(source_panel(page_of(row)))
    assert row.definition.description in told(meaning_panel(page_of(row)))
    table = told(figure_table(overview(row), None, TODAY))
    assert "Inga uppgifter än (1)" in table
    assert row.definition.name in table


def test_those_who_judge_otherwise_stand_beside_each_other_and_are_never_averaged() -> None:
    def judged(grade: float, **split: str) -> Part:
        return Part(tuple(split.items()), value(grade, "2025-T1", 1))

    row = plain_row(
        "purposeful_collaboration",
        value(None, "2025-T1"),
        parts=(
            judged(3, about="question_1", assessor="presidium"),
            judged(2, about="question_1", assessor="administration"),
            judged(1, about="question_4", assessor="presidium"),
        ),
    )
    lead = told(figure_lead(row))
    assert "fråga 1: presidiet ja, förvaltningen till viss del; fråga 4: presidiet nej" in lead
    assert lead.endswith("De som har bedömt är inte överens om fråga 1.")
    panel = told(parts_panel(row))
    assert "Fråga Presidiet Förvaltningen Anmärkning" in panel
    assert "1. Följs överenskommelser och rutiner? ja till viss del inte överens" in panel
    assert "4. Leder uppföljning och kontroll till förbättring? nej –" in panel
    cell = told(figure_table(overview(row), None, TODAY))
    assert "Fråga 1: presidiet ja , förvaltningen till viss del Fråga 4: presidiet nej" in cell
    maturity = plain_row(
        "collaboration_maturity", value(None, "2025-T1"), parts=(judged(4, assessor="administration"),)
    )
    assert "förvaltningen nivå~4 av~5" in told(figure_lead(maturity))
    assert "inte överens" not in told(figure_lead(maturity))


def test_the_overview_reads_from_what_is_furthest_off() -> None:
    reaches = share_row(95, 100)
    near = share_row(87, 100, kpi_id="sip_call_complete")
    off = share_row(60, 100, kpi_id="sip_child_voice")
    worse = share_row(20, 100, kpi_id="sip_met_30d")
    assert in_reading_order([reaches, near, off, worse]) == [worse, off, near, reaches]
    table = told(figure_table(overview(reaches, near, off, worse), None, TODAY))
    assert "2 utanför sin nivå, 1 nära" in table


def test_parts_that_do_not_add_up_are_told_apart() -> None:
    row = training()
    assert told(figure_lead(row)).startswith(
        "Lägst: sekretess, nämndens ledamöter, 5 av 11 (45~%) under tredje tertialet~2024 : "
        "lägre än det föreslagna målet , minst 80~%."
    )
    assert told(figure_lead(row)).endswith("Två delar följs var för sig; en ligger utanför sin nivå.")
    panel = told(parts_panel(row))
    assert "Per ämne och grupp, tredje tertialet~2024" in panel
    assert "Utbildade Berörda Andel Mot målet" in panel
    assert "Sekretess Nämndens ledamöter 5 11 45~% 21–72~% Lägre än det föreslagna målet" in panel
    assert "lägst av två delar: sekretess, nämndens ledamöter" in told(figure_table(overview(row), None, TODAY))
    assert "77" not in panel, "5 + 50 of 11 + 60 is no share of anybody"


def test_units_show_the_parts_of_such_a_figure() -> None:
    unit = UnitReading(Unit("a", "Alfa", "unit", None, "1287"), value(None, "2024-T3"), True, training().parts)
    panel = told(units_panel(page_of(training(), units=(unit,))))
    assert "Alfa" in panel
    assert "83~% 50 av 60 72–91~%" in panel
    assert "45~% 5 av 11 21–72~%" in panel


def test_the_panel_has_the_sentence_first_and_the_same_facts_in_its_table() -> None:
    shares = (70, 100), (35, 50), (14, 20), (5, 50), (50, 50), (1, 4)
    found = units_beside(definition("sip_followed_up_in_time"), *(share(*one) for one in shares))
    text = told(units_panel(page_of(share_row(29, 46, target=PROPOSED_90), units=found)))
    assert text.startswith("Enheter, apr~2024 – mar~2025 Två av fem enheter skiljer sig")
    assert "Triangel: utanför tratten" in text
    assert "Enhet Värde Underlag Osäkerhet (95 %) Jämfört med snittet" in text
    assert "Alfa 70~% 70~av~100 60–78~% inom tratten" in text
    assert "Delta 10~% 5~av~50 4–21~% utanför tratten, under snittet: mer än normal variation" in text
    assert "Epsilon 100~% 50~av~50 93–100~% utanför tratten, över snittet: mer än normal variation" in text
    assert "Zeta 25~% 1~av~4 5–70~% för få fall" in text


def test_one_unit_is_drawn_without_being_compared() -> None:
    found = units_beside(definition("sip_followed_up_in_time"), share(30, 40))
    text = told(units_panel(page_of(share_row(29, 46), units=found)))
    assert "snittet" not in text
    assert "60–86~%" in text


def test_a_split_that_adds_up_names_its_worst_part() -> None:
    region = part(27, 60, "2025-03", principal="region")
    row = replace(share_row(132, 188, kpi_id="sip_activities_done"), parts=(region,), telling=region)
    assert (most_telling(row) or "").replace(NBSP, "~") == "Minst andel: regionen, 27 av 60 (45~%)"
    panel = told(parts_panel(row))
    assert "Huvudman Klara i tid Skulle vara klara Andel Anmärkning" in panel
    assert "Deltog inte" not in panel


def test_a_distribution_has_every_answer_with_number_and_share() -> None:
    answers = tuple(part(n, 64, "2024", answer=code) for code, n in (("large", 8), ("some", 27), ("dont_know", 29)))
    row = plain_row("insight_in_agreements", share(8, 64, Period.parse("2024"), periods=1, covered=1), parts=answers)
    panel = told(parts_panel(row))
    assert panel.startswith("Svarens fördelning, 2024")
    assert "I stor utsträckning 8 13~% 6–23~% I viss utsträckning 27 42~% 31–54~% Vet ej 29 45~% 34–57~%" in panel
    assert told(figure_lead(row)).startswith(
        "8 av 64 svar (13~%) under 2024 : lägre än det föreslagna målet , minst 60~%."
    )


def test_statistics_name_their_source_and_each_series() -> None:
    parts = (
        replace(part(1, 2, "2023", series="N15608"), reading=value(80.1, "2023")),
        replace(part(1, 2, "2023", series="N15638"), reading=value(64.6, "2023")),
    )
    row = plain_row("school_health_access", value(None, "2023"), parts=parts)
    assert told(figure_lead(row)).replace("  ", " ") == (
        "Årskurs 5: 80,1~% under 2023. Årskurs 8: 64,6~% under 2023. Källa: Kolada."
    )
    assert "källa: Kolada" in told(figure_table(overview(row), None, TODAY))
    assert "Nyckeltal N15608 i Kolada årskurs 5" in told(source_panel(page_of(row)))
    assert "Årskurs 5 80,1~% 2023" in told(parts_panel(row))
    assert "2023" in told(series_panel(row))


def test_a_figure_above_the_units_says_from_which_level_it_is() -> None:
    board = plain_row("sip_school_gap", value(0.1, "2024-T3", 40))
    assert "Nyckeltalet finns för nämnden" in told(units_panel(page_of(board)))
    municipality = plain_row("agreements_valid", share(3, 5, TERTIAL, periods=1, covered=1))
    assert "Nyckeltalet finns för kommunen" in told(units_panel(page_of(municipality)))


def test_figures_beside_are_small_rows_with_value_and_time() -> None:
    panel = told(beside_panel([share_row(6, 11, kpi_id="deviation_answered_60d")], MARCH))
    assert "Återkoppling vi gett inom 60 dagar 6 av 11 (55~%) de senaste 12 månaderna" in panel
    assert beside_panel([], MARCH) is None


def test_a_review_is_marked_with_day_and_role_and_lost_with_a_new_meaning() -> None:
    row = share_row(29, 46)
    meaning = row.definition
    reviewed = replace(
        meaning,
        review=Review("controller", date(2026, 3, 12), meaning.definition_hash[:12]),
        next_review=date(2027, 3, 1),
    )
    panel = told(meaning_panel(page_of(replace(row, definition=reviewed))))
    assert "Granskning Granskad 12~mars~2026 av controller" in panel
    assert "Nästa granskning 1~mars~2027" in panel
    changed = replace(reviewed, review=Review("controller", date(2026, 3, 12), "0" * 12))
    assert "Granskad i en tidigare lydelse" in told(meaning_panel(page_of(replace(row, definition=changed))))
    assert "Granskning" not in told(meaning_panel(page_of(row)))


def test_validity_is_told_when_it_is_set() -> None:
    row = share_row(29, 46)
    meaning = replace(row.definition.meaning, first=Period.parse("2024-01"), last=Period.parse("2025-12"))
    limited = replace(row, definition=replace(row.definition, meaning=meaning))
    assert "Gäller Från och med januari~2024 till och med december~2025" in told(meaning_panel(page_of(limited)))
    assert "Gäller Från" not in told(meaning_panel(page_of(row)))


def test_few_cases_in_a_tertial_are_told() -> None:
    row = plain_row("sip_lawful", share(3, 6, TERTIAL, periods=1, covered=1))
    assert note_of(row) == "Perioden har få fall: ett enda fall ändrar andelen mycket."
    assert note_of(plain_row("sip_lead_time", count(34))) is None


def test_what_was_never_delivered_is_folded_with_the_reason() -> None:
    row = replace(plain_row("sip_mandate", replace(value(None, "2024-T3"), covered=0)), as_of=None)
    table = told(figure_table(overview(row), None, TODAY))
    assert "Inga uppgifter än (1) Inga leveranser med de här uppgifterna har kommit för kommunen." in table
    assert row.unit == BOARD


def test_a_line_of_a_few_values_is_told_in_words_and_drawn_from_the_first_value() -> None:
    none = share(0, 0, periods=1, covered=0)
    row = share_row(29, 46)
    month = row.series[-1]
    short = replace(row, rolling=(), series=(*[none] * 22, month, month))
    page = told(series_panel(short))
    assert "Det finns inte tillräckligt många värden ännu för att rita en utveckling." in page
    assert "Visa som tabell" not in page, "the table stands by itself"
    assert page.count("uppgifter saknas") == 0, "before the first value there is nothing to tell"
    longer = replace(row, rolling=(), series=(*[none] * 21, month, none, month, month)).from_first_value
    assert [one.value is None for one in longer.series] == [False, True, False, False]
    assert "Spara bild" in told(series_panel(longer))


def test_the_list_of_figures_shows_where_each_stands() -> None:
    row = share_row(29, 46)
    page = overview(row)
    item = told(_item(row.definition, row, page, is_open=True))
    assert item.startswith(f"{row.definition.name} 29 av 46 (63~%)")
    assert row.status.words in item
    empty = told(_item(row.definition, None, page, is_open=True))
    assert empty.startswith(f"{row.definition.name} {row.definition.why}")
    closed = _item(row.definition, None, page, is_open=False)
    assert told(closed).startswith(f"{row.definition.name} Visas inte här:")
    assert "Link(" not in repr(closed), "no way that ends in a refusal"
