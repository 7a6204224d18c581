"""The answer to the audit never says that nothing remains when nothing could be judged."""

from __future__ import annotations

from datetime import date

from control.papers.audit_remains import judged_sentence, remains
from control.papers.content import Items
from control.papers.figures import Figure, figures_of
from control.papers.material import Material
from control.papers.occasions import Occasion
from control.papers.sources import Assessment
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.organisation import Organisation
from kpi.period import Period
from kpi.released import Numbers, Shown
from tests.builders.figures import BOARD, MARCH, MUNICIPALITY, catalogue
from tests.builders.paper_document import head
from tests.builders.paper_world import FOLLOWED, REVIEW


def figures(**shown: Shown) -> list[Figure]:
    released = {(kpi_id, BOARD.code): {(): {MARCH: one}} for kpi_id, one in shown.items()}
    return figures_of(catalogue(), released, BOARD, MUNICIPALITY, MARCH)


def material(occasions: tuple[Occasion, ...] = ()) -> Material:
    return Material(head(), MARCH, BOARD, Organisation(()), catalogue(), occasions=occasions)


def occasion(control_id: str, result: str | None, *, is_pending: bool = False) -> Occasion:
    return Occasion(1, control_id, MARCH, date(2025, 4, 15), None, result, "", None, None, (), is_pending)


def told(found: list[Figure], occasions: tuple[Occasion, ...] = (), judged: tuple[Assessment, ...] = ()) -> str:
    blocks = remains(material(occasions), found, (REVIEW, FOLLOWED), (), judged)
    return " ".join(
        words for one in blocks for words in (one.items if isinstance(one, Items) else [getattr(one, "text", "")])
    )


def test_what_could_not_be_judged_is_counted_apart() -> None:
    found = figures(sip_followed_up_in_time=SUPPRESSED, sip_established=Numbers(31, None, 31, 31))
    assert judged_sentence(found) == (
        "två nyckeltal, och inget av dem kan bedömas (ett följs utan mål, ett visas inte eller har för få fall)"
    )
    assert "Inget av nyckeltalen" not in told(found)
    assert "Kunna bedöma alla nyckeltal: två kan inte bedömas" in told(found)


def test_what_is_so_of_all_is_said_once() -> None:
    hidden = figures(sip_followed_up_in_time=SUPPRESSED, sip_dormant=SUPPRESSED)
    assert judged_sentence(hidden) == ("två nyckeltal, och inget av dem kan bedömas (visas inte eller har för få fall)")
    assert judged_sentence(hidden[:1]) == "ett nyckeltal, som inte kan bedömas (visas inte eller har för få fall)"
    good, bad = Numbers(99, 100, 0.99, 100), Numbers(60, 100, 0.6, 100)
    assert judged_sentence(figures(sip_followed_up_in_time=good, sip_dormant=bad)) == (
        "två nyckeltal, alla kan bedömas och ett ligger utanför sin nivå"
    )
    assert judged_sentence(figures(sip_followed_up_in_time=bad, sip_established=good, sip_dormant=SUPPRESSED)) == (
        "tre nyckeltal, varav ett kan bedömas och ett ligger utanför sin nivå; två kan inte bedömas (ett följs utan "
        "mål, ett visas inte eller har för få fall)"
    )


def test_nothing_remains_only_when_all_is_judged_and_done() -> None:
    found = figures(sip_followed_up_in_time=Numbers(99, 100, 0.99, 100))
    assert judged_sentence(found) == "ett nyckeltal, som kan bedömas och inte ligger utanför sin nivå"
    assert told(found) == "Inget av nyckeltalen ligger utanför sitt mål eller sin nivå. De följs vidare."
    done = occasion("review", "without_remark")
    assert told(found, occasions=(done, occasion("followed", None, is_pending=True))).startswith("Inget av")


def test_controls_and_assessments_remain_too() -> None:
    found = figures(sip_followed_up_in_time=Numbers(99, 100, 0.99, 100))
    late, lacking = occasion("followed", None), occasion("review", "serious")
    words = told(found, occasions=(late, lacking))
    assert "inte blev gjorda: Följ andelen SIP som följs upp i tid." in words
    assert "Rätta det som kontrollmomenten ovan fann: allvarlig brist i ett." in words
    judged = tuple(
        Assessment("question_3", side, None, Period.parse("2025-T1"), grade, "Skäl.", ())
        for side, grade in (("presidium", 3), ("administration", 2))
    )
    assert told(found, judged=judged) == (
        "Det som återstår: Komma dit att svaret är ja: förvaltningen bedömer till viss del."
    )
