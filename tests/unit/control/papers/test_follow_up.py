"""What a follow-up says of the figures, and in which order."""

from __future__ import annotations

from dataclasses import replace

from control.papers.content import Document, Paragraph, Section
from control.papers.figures import Figure, figures_of
from control.papers.follow_up import MOST_SHOWN, figure_part, follow_up
from control.papers.material import Material
from kpi.organisation import Organisation
from kpi.released import Numbers
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
