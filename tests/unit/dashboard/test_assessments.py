"""What Bedömningar says first, and how answers are drawn."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from control.assessments.reading import Assessment, View
from control.assessments.scales import Subject, level, scale
from dashboard.app import ASSETS
from dashboard.components.assessment_lead import lead, missing, standing, waiting
from dashboard.components.survey_panel import gap_words, group_words
from dashboard.figures.answers import STRENGTHS, answers
from dashboard.figures.palette import PALETTES, Palette
from kpi.access import Side
from kpi.period import Period
from kpi.views.surveys import Group, Question
from tests.builders.rendered import told
from tests.unit.dashboard.test_colours import _contrast

T1 = Period.parse("2025-T1")
AT = datetime(2025, 4, 2, tzinfo=UTC)
QUESTION = Question("follow_up_happens", (Group("board_members", (6, 3, 1, 0, 2)), Group("staff", (8, 16, 10, 2, 4))))


def view(subject: Subject, side: Side, grade: int | None = None, *, waits: bool = False) -> View:
    judged = None
    if grade is not None:
        judged = Assessment(
            1, "1287", "1287-SN", None, T1, subject, side, grade, "Därför.", True, None, AT, "a", AT, "b"
        )
    return View(subject, side, None, None if waits else judged, judged if waits else None, ())


def views(presidium: int | None, administration: int | None, *subjects: Subject) -> list[View]:
    return [
        view(subject, side, grade)
        for subject in subjects
        for side, grade in ((Side.PRESIDIUM, presidium), (Side.ADMINISTRATION, administration))
    ]


def test_the_first_sentence_says_where_the_sides_stand() -> None:
    both = (Subject.QUESTION_1, Subject.QUESTION_2)
    assert standing([], T1) == "Ingen bedömning gäller ännu för första tertialet\xa02025."
    assert standing(views(2, 2, *Subject), T1).endswith("är eniga om alla fyra frågorna och om mognaden.")
    assert standing(views(2, 2, *both), T1).endswith("är eniga om fråga 1 och fråga 2, som båda har bedömt.")
    assert standing(views(3, 2, *both), T1) == "Presidiet och förvaltningen är inte eniga om fråga 1 och fråga 2."
    assert standing(views(3, None, *both), T1) == "Presidiet och förvaltningen har inte bedömt samma fråga ännu."
    assert missing(views(3, None, *Subject)) == ["Förvaltningen har allt kvar att bedöma."]


def test_what_waits_is_counted_and_who_may_confirm_is_told() -> None:
    waits = [view(subject, Side.PRESIDIUM, 2, waits=True) for subject in Subject]
    assert waiting([], 0) == ""
    assert waiting(waits[:1], 1) == "En bedömning väntar på en andra person. Du kan bekräfta den."
    assert waiting(waits[:3], 0) == "Tre bedömningar väntar på en andra person."
    assert waiting(waits[:3], 1).endswith("Du kan bekräfta en av dem.")
    assert waiting(waits[:3], 3).endswith("Du kan bekräfta alla.")
    assert "kvar att bedöma" not in " ".join(missing([*waits, *views(None, 2, *Subject)])), "it is signed"
    first, note = lead(waits, T1, date(2025, 10, 1), to_confirm=0)
    assert told(first).startswith("Ingen bedömning gäller ännu")
    assert told(note).endswith("Första tertialet~2025 bedömdes till och med 31~augusti~2025.")


def test_every_step_is_described() -> None:
    for subject in Subject:
        assert sorted(one.grade for one in scale(subject)) == list(range(1, 6 if subject is Subject.MATURITY else 4))
        assert all(level(subject, one.grade) is one and one.description.endswith(".") for one in scale(subject))


@pytest.mark.parametrize("palette", PALETTES, ids=lambda one: one.name)
def test_answers_fill_a_hundred_per_cent_and_their_numbers_are_readable(palette: Palette) -> None:
    figure = answers(QUESTION, ["Ledamöter", "Personal"], palette)
    assert json.loads(json.dumps(figure)) == figure
    drawn = figure["data"]
    assert [sum(trace["x"][at] for trace in drawn) for at in (0, 1)] == [pytest.approx(100)] * 2
    assert [trace["x"][1] for trace in drawn] == [20, 40, 25, 5, 10]
    for trace in drawn[:-1]:
        assert _contrast(trace["textfont"]["color"], trace["marker"]["color"]) >= 4.5
    assert drawn[-1]["marker"]["pattern"]["shape"] == "/", "who does not know is no step of the scale"
    assert drawn[3]["text"] == ["", ""], "a narrow part has no number in it"


def test_the_words_beside_the_chart_have_its_shades() -> None:
    css = (ASSETS / "5-assessments.css").read_text("utf-8")
    assert [int(one) for one in re.findall(r"var\(--accent\) (\d+)%", css)] == [
        round(100 * one) for one in STRENGTHS[1:]
    ]


def test_a_gap_is_said_in_words_and_few_answers_with_it() -> None:
    few = replace(QUESTION, groups=(Group("board_members", (1, 4, 4, 0, 0)), QUESTION.groups[1]))
    assert gap_words(QUESTION) == (
        "Andelen som svarar ”i stor utsträckning” är 30\xa0procentenheter större bland nämndens ledamöter än bland "
        "personalen."
    )
    assert (gap_words(few) or "").endswith("mindre bland nämndens ledamöter än bland personalen, men svaren är få.")
    assert gap_words(replace(QUESTION, groups=QUESTION.groups[1:])) is None
    assert group_words(few.groups[0]) == "Nämndens ledamöter: 9 svar (få svar)"
