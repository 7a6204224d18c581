"""What answers the audit's questions, and what remains: from a hand-made plan with two controls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from control.actions.content import BoardAction, CostClass, Origin, Status
from control.assessments.reading import Assessment, View
from control.assessments.scales import Subject
from control.audit_answers import Answer, BoardControl, answers, remains
from control.occasions.described import Described
from control.occasions.occasion import Occasion, Result
from control.occasions.reading import Listed, Standing
from control.papers.audit_facts import GENERAL, audit_of
from control.plan.content import PlanContent, Scale, Step
from control.plan.proposed import proposed_content
from dashboard.components.audit_answer_panel import answer_panel
from dashboard.pages.audit import lead
from kpi.access import Side
from kpi.period import Period
from tests.builders.figures import share_row
from tests.builders.rendered import told

AUDIT = audit_of("1287")
TERTIAL = Period.parse("2025-T1")
AT = datetime(2025, 5, 2, 8, tzinfo=UTC)
SCALE = Scale((Step("låg", ""),) * 4, (Step("låg", ""),) * 4)
WHOLE = proposed_content("social", SCALE)
RISKS = [next(one for one in WHOLE.risks if one.audit_question == number) for number in (1, 3)]
PLAN = PlanContent(WHOLE.scale, tuple(replace(one, controls=one.controls[:1]) for one in RISKS))
FIRST, THIRD = (one.controls[0] for one in PLAN.risks)


def listed(control_id: str, number: int, standing: Standing, result: Result | None = None) -> Listed:
    occasion = Occasion(
        number, 1, "1287", "1287-SN", control_id, TERTIAL, date(2025, 5, 15), "done" if result else "due",
        date(2025, 5, 2) if result else None, result, "", None, None, None, None, (), 1, None, None,
    )  # fmt: skip
    found = PLAN.control(control_id)
    assert found is not None
    return Listed(Described(occasion, *found, PLAN.scale), standing)


def action(kpi_id: str | None, origin: Origin, reference: str | None, number: int) -> BoardAction:
    return BoardAction(
        number, "1287", "1287-SN", None, f"Åtgärd {number}", "", origin, reference, kpi_id, "Chefen", date(2025, 1, 1),
        date(2025, 9, 1), date(2025, 9, 1), None, None, CostClass.NONE, Status.STARTED, None, 1, AT, "någon",
    )  # fmt: skip


def judged(number: int, side: Side, grade: int) -> View:
    subject = Subject(f"question_{number}")
    one = Assessment(
        number, "1287", "1287-SN", None, TERTIAL, subject, side, grade, "Därför.", True, None, AT, "a", AT, "b"
    )
    return View(subject, side, None, one, None, ())


HELD = BoardControl(
    PLAN,
    (
        listed(FIRST.id, 11, Standing.DONE, Result.MINOR),
        listed(FIRST.id, 12, Standing.LATE),
        listed(THIRD.id, 13, Standing.DONE, Result.WITHOUT_REMARK),
    ),
    {11: ("Protokoll från april",)},
    (
        action("sip_followed_up_in_time", Origin.FIGURE, None, 1),
        action(None, Origin.CONTROL, "11", 2),
        action(None, Origin.DECISION, "11", 3),
    ),
    (judged(1, Side.PRESIDIUM, 2), judged(3, Side.ADMINISTRATION, 3)),
)
ROWS = (share_row(29, 46), share_row(95, 100, kpi_id="sip_coordinator"))


def of(number: int, held: BoardControl = HELD) -> Answer:
    return answers(AUDIT, held, ROWS)[number - 1]


def test_a_question_gets_its_own_controls_figures_actions_and_judgements() -> None:
    first, third = of(1), of(3)
    assert [one.control.id for one in first.controls] == [FIRST.id]
    assert (first.controls[0].late, first.controls[0].evidence) == (1, ("Protokoll från april",))
    assert [one.number for one in first.actions] == [2], "what the control led to; a decision's number is no control's"
    assert [one.grade for one in first.assessments] == [2]
    assert {row.definition.id for row in third.rows} == {"sip_followed_up_in_time", "sip_coordinator"}
    assert [one.number for one in third.actions] == [1]
    assert third.lacks == ()
    assert of(2).lacks == ("kontrollmoment", "nyckeltal", "åtgärd", "bekräftad bedömning")


def test_what_remains_names_what_is_off_late_and_short_and_what_there_is_none_of() -> None:
    assert remains(of(1)) == (
        f"Genomföra det försenade kontrollmomentet ”{FIRST.what.rstrip('.')}”.",
        "Rätta det som ett kontrollmoment fann.",
        "Slutföra åtgärden ”Åtgärd 2”.",
        "Nyckeltal saknas.",
    )
    assert "Nå mål eller nivå: SIP uppföljda i tid." in remains(of(3))
    bare = BoardControl(None, (), {}, (), ())
    assert remains(answers(AUDIT, bare, ())[0]) == (
        "Kontrollmoment, nyckeltal, åtgärd och bekräftad bedömning saknas.",
    )


def test_the_first_sentence_counts_whole_answers_and_where_something_remains() -> None:
    questions = [of(number) for number in (1, 2, 3, 4)]
    assert lead(questions) == (
        "En av fyra revisionsfrågor har kontroller, nyckeltal, åtgärder och en bekräftad bedömning; fråga 1 saknar "
        "nyckeltal; fråga 2 saknar kontrollmoment, nyckeltal, åtgärd och bekräftad bedömning; fråga 4 saknar "
        "kontrollmoment, nyckeltal, åtgärd och bekräftad bedömning. I alla återstår något att göra."
    )


def test_a_recommendation_is_answered_by_the_figures_that_it_names() -> None:
    third = answers(AUDIT, HELD, ROWS)[len(AUDIT.questions) + 2]
    assert third.recommendation is not None
    assert [row.definition.id for row in third.rows] == ["sip_followed_up_in_time"]
    assert "bekräftad bedömning" not in third.lacks, "nobody judges a recommendation"


def test_a_panel_says_what_the_auditors_found_and_the_general_questions_claim_nothing() -> None:
    said = told(answer_panel(of(1)))
    assert said.startswith("Fråga 1. Följs gällande överenskommelser, riktlinjer och rutiner? Revisorerna: ")
    assert "Presidiet, första tertialet~2025: till viss del. Därför." in said
    assert "Ett kontrollmoment, som fann brister senast" in said
    assert "Protokoll från april" in said
    assert audit_of("1233") is GENERAL
    assert "Revisorerna" not in told(answer_panel(answers(GENERAL, HELD, ROWS)[0]))
