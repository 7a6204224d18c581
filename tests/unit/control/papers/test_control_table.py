"""Controls in papers: one row each, however often they were carried out; nothing that was found is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from control.occasions.occasion import Sample
from control.papers.content import Items, Paragraph, Table
from control.papers.control_sections import controls_section
from control.papers.control_table import controls_sentence, controls_table
from control.papers.occasions import Occasion
from control.papers.samples import samples_annex, secret_samples
from control.papers.sources import Plan
from kpi.period import Period
from tests.builders.paper_world import FOLLOWED, PLAN, REVIEW

HELD = Plan(1, 2025, 0, PLAN, "", None)


def occasion(
    month: int, result: str | None, analysis: str = "", *, control: str = "followed", **more: bool
) -> Occasion:
    done = date(2025, month + 1, 10) if result else None
    period = Period.parse(f"2025-{month:02}")
    due = date(2025, month + 1, 15)
    return Occasion(month, control, period, due, done, result, analysis, None, None, (f"Prov {month}",), **more)


def row(*found: Occasion) -> list[tuple[str, str]]:
    (cells,) = controls_table("Kontroller", [HELD], found).rows
    return [(cell.text.replace("\u00a0", " "), cell.below.replace("\u00a0", " ")) for cell in cells]


def test_a_control_that_recurs_has_one_row_with_all_that_was_found() -> None:
    found = row(occasion(1, "minor", "Sent."), occasion(2, "minor", "Sent."), occasion(3, "without_remark"))
    assert found == [
        (FOLLOWED.what, "Risk: Planer följs inte upp i tid"),
        ("Tre gånger", "15 feb 2025 – 15 apr 2025"),
        ("Mindre brist (2), utan anmärkning (1)", ""),
        ("Jan 2025, feb 2025: Sent.", "Underlag: Prov 1; Prov 2; Prov 3"),
    ]
    assert row(occasion(1, "minor", "Sent."), occasion(2, "minor", "Sent."))[2:] == [
        ("Mindre brist", "alla gånger"), ("Sent.", "Underlag: Prov 1; Prov 2"),
    ]  # fmt: skip
    many = row(*(occasion(month, "minor", "Sent." if month < 5 else "") for month in range(1, 6)))
    assert many[3][0] == "4 av 5 gånger: Sent."


def test_what_was_signed_long_after_it_was_done_is_told_with_the_day() -> None:
    signed = [replace(occasion(1, "minor"), signed_at=datetime(2025, month, 20, tzinfo=UTC)) for month in (2, 6)]
    assert [row(one)[1][1] for one in signed] == ["", "klart 10 feb 2025, signerat först 20 jun 2025"]


def test_the_worst_is_told_first() -> None:
    found = [occasion(1, "without_remark"), occasion(2, "serious", control="review")]
    rows = controls_table("Kontroller", [HELD], found).rows
    assert [one[0].text for one in rows] == [REVIEW.what, FOLLOWED.what]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ([occasion(1, "minor"), occasion(2, "minor")], "Båda kontrollerna är genomförda: båda med mindre brist."),
        (
            [occasion(1, "serious"), occasion(2, "without_remark"), occasion(3, "not_carried_out")],
            "Två av tre kontroller är genomförda: en med allvarlig brist, en utan anmärkning. En är inte genomförd.",
        ),
        ([occasion(1, None)], "Periodens enda kontroll är inte genomförd."),
        (
            [occasion(2, None, is_pending=True), occasion(1, None, is_pending=True)],
            (
                "Ingen av två kontroller är genomförd. "
                "Två hade sin sista dag kvar när perioden stängdes, den första 15 februari 2025."
            ),
        ),
    ],
)
def test_what_was_carried_out_is_counted(found: list[Occasion], sentence: str) -> None:
    assert controls_sentence(found).replace("\u00a0", " ") == sentence


def test_those_whose_day_had_not_come_are_a_line_for_each_day() -> None:
    pending = [occasion(1, None, is_pending=True), occasion(1, None, control="review", is_pending=True)]
    section = controls_section(HELD, [*pending, occasion(2, "minor")])
    kinds = [type(one) for one in section.blocks]
    assert kinds == [Paragraph, Table, Paragraph, Items]
    assert isinstance(section.blocks[3], Items)
    (line,) = section.blocks[3].items
    assert line.replace("\u00a0", " ") == f"Senast 15 februari 2025: {FOLLOWED.what}; {REVIEW.what}."


LISTED = Sample("anteckningar", 112, 17, 4711, tuple(range(1, 18)), "ab12" * 16, "cd" * 16)
OF_PLANS = replace(LISTED, of="planer", drawn=())
FEW = replace(LISTED, population=4, size=4)


@pytest.mark.parametrize(
    ("sample", "words", "many"),
    [
        (LISTED, "Stickprov: 17 av 112 lottade, fingeravtryck ab12ab12ab12", "17 av 112"),
        (OF_PLANS, "Stickprov lottat av systemet, fingeravtryck ab12ab12ab12", ".."),
        (FEW, "Stickprov lottat av systemet, fingeravtryck ab12ab12ab12", ".."),
    ],
)
def test_a_sample_is_told_and_its_numbers_where_they_may_be(sample: Sample, words: str, many: str) -> None:
    found = [replace(occasion(1, "minor"), sample=sample), replace(occasion(2, None), is_pending=True)]
    assert row(*found[:1])[3][1] == f"Underlag: Prov 1. {words}"
    (annex,) = samples_annex([HELD], found)
    (table,) = [one for one in annex.sections[0].blocks if isinstance(one, Table)]
    assert [one.text.replace("\u00a0", " ") for one in table.rows[0]][1:] == ["jan 2025", many, "4711", "ab12ab12ab12"]
    assert (secret_samples([HELD], found) == []) is (many != "..")
    assert f"{sample.size} av {sample.population}" in str([annex, *secret_samples([HELD], found)])


def test_of_several_samples_the_annex_tells() -> None:
    found = [replace(occasion(month, "minor"), sample=LISTED) for month in (1, 2)]
    assert row(*found)[3][1] == "Underlag: Prov 1; Prov 2. Två stickprov lottade av systemet, se bilagan om stickprov"
    assert samples_annex([HELD], [occasion(1, "minor")]) == []


def test_those_signed_late_are_counted_and_only_what_was_lacking_is_named() -> None:
    late = [occasion(1, "without_remark"), occasion(2, "without_remark"), occasion(3, "serious", control="review")]
    told, table = controls_section(HELD, [], late).blocks[1:]
    assert isinstance(told, Paragraph)
    assert told.text == (
        "Tre kontroller för tidigare perioder signerades efter förra stängningen: en med allvarlig brist, två utan "
        "anmärkning."
    )
    assert isinstance(table, Table)
    assert [one[0].text for one in table.rows] == [REVIEW.what]
    assert len(controls_section(HELD, [], late[:2]).blocks) == 2
