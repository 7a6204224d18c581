"""What a follow-up says of the figures, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from control.papers.content import Document, Paragraph, Section
from control.papers.figures import Figure, figures_of
from control.papers.follow_up import MOST_SHOWN, figure_part, follow_up
from control.papers.material import Material
from control.papers.sources import Action, Remark
from kpi.organisation import Organisation
from kpi.released import Numbers
from kpi.spc.verdict import Told
from tests.builders.figures import BOARD, MARCH, MUNICIPALITY, catalogue
from tests.builders.paper_document import head


def figure(kpi_id: str, numerator: int = 10) -> Figure:
    released = {(kpi_id, BOARD.code): {(): {MARCH: Numbers(numerator, 100, numerator / 100, 100)}}}
    (found,) = figures_of(catalogue(), released, BOARD, MUNICIPALITY, MARCH)
    return found


def material(*figures: Figure) -> Material:
    return Material(head(), MARCH, BOARD, Organisation(()), catalogue(), figures)


def words(section: Section) -> str:
    return " ".join(one.text for one in section.blocks if isinstance(one, Paragraph))


def action(status: str, done: date | None = None, starts: date = date(2025, 1, 10)) -> Action:
    due = date(2025, 4, 30)
    return Action(
        1, "Inför genomgång.", "", "figure", None, "sip_followed_up_in_time", "Enhetschefen", starts, due, due, None,
        None, status, done, None, None, (),
    )  # fmt: skip


def told(*actions: Action) -> tuple[str, bool]:
    """What stands at the figure, of which a reason for no action was written, and whether actions are asked for."""
    one = figure("sip_followed_up_in_time")
    worse = replace(one, variation=replace(one.variation, told=Told.CONCERN))
    reason = Remark("sip_followed_up_in_time", MARCH, "no_action", "Få fall.")
    held = replace(material(worse), actions=actions, remarks=(reason,))
    asked = replace(held, remarks=())
    found = words(figure_part(held, worse)).replace("\u00a0", " ")
    return found, any("föreslå åtgärder" in line for line in follow_up(asked).decisions)


@pytest.mark.parametrize(
    ("actions", "sentence", "is_asked"),
    [
        ([], "Ingen åtgärd har beslutats. Skälet är: Få fall.", True),
        (
            [action("started")],
            "Åtgärd från 10 januari 2025, pågår: Inför genomgång. Ansvarig: Enhetschefen; klar senast 30 april 2025.",
            False,
        ),
        (
            [action("done", date(2025, 3, 12))],
            "Åtgärd från 10 januari 2025, klar 12 mars 2025: Inför genomgång. Ansvarig: Enhetschefen.",
            False,
        ),
        ([action("done", date(2025, 2, 28))], "Ingen ny åtgärd har beslutats. Skälet är: Få fall.", True),
    ],
)
def test_only_an_action_of_the_period_answers_for_a_red_figure(
    actions: list[Action], sentence: str, is_asked: bool
) -> None:
    found, was_asked = told(*actions)
    assert found.endswith(f" {sentence}")
    assert ("Skälet är" in found) is ("Skälet är" in sentence)
    assert was_asked is is_asked


def attention(document: Document) -> Section:
    return document.sections[0]


def test_what_is_told_in_the_annex_is_said_after_what_is_told_one_by_one() -> None:
    one = figure("sip_followed_up_in_time")
    assert one.is_off
    found = attention(follow_up(material(*[one] * (MOST_SHOWN + 2))))
    assert (found.blocks, len(found.parts)) == ((), MOST_SHOWN + 1)
    assert words(found.parts[-1]).startswith("Ytterligare två står i bilaga 1: ")
    assert len(attention(follow_up(material(*[one] * MOST_SHOWN))).parts) == MOST_SHOWN


def test_the_board_answers_only_for_what_stands_beside() -> None:
    theirs, ours = figure("deviation_feedback_60d"), figure("deviation_answered_60d")
    assert "deviation_answered_60d" in theirs.definition.beside
    both, alone = (words(figure_part(material(*found), theirs)) for found in ((theirs, ours), (theirs,)))
    assert "svarar själv för det som står bredvid" in both
    assert "bredvid" not in alone
    without = replace(theirs, definition=replace(theirs.definition, beside=()))
    assert "bredvid" not in words(figure_part(material(without, ours), without))
