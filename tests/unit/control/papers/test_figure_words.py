"""A figure's words in papers: one bracket at most, whose value it is, and hidden parts in one row."""

from __future__ import annotations

from control.papers.content import Items, Paragraph
from control.papers.figure_words import figure_chart, figure_rows, parts_words, sentence, short_line
from control.papers.figures import Figure, figures_of
from control.papers.follow_up import figure_part, said_of
from control.papers.material import Material
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.organisation import Organisation
from kpi.released import Numbers, Shown
from kpi.views.rows import Split
from tests.builders.figures import BOARD, MARCH, MUNICIPALITY, catalogue
from tests.builders.paper_document import head

ABSENT = Numbers(30, 100, 0.3, 100)
FEW = {(("actor", actor),): SUPPRESSED for actor in ("bvc", "mvc", "polis", "forskola")}


def figures(unit: str = BOARD.code, **released: dict[Split, Shown]) -> list[Figure]:
    found = {
        (kpi_id, unit): {split: {MARCH: one} for split, one in parts.items()} for kpi_id, parts in released.items()
    }
    return figures_of(catalogue(), found, BOARD, MUNICIPALITY, MARCH)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_the_period_stands_before_the_value_and_not_in_a_bracket_after_another() -> None:
    shown, hidden = figures(sip_dormant={(): Numbers(11, 71, 11 / 71, 71)}), figures(sip_dormant={(): SUPPRESSED})
    assert plain(short_line(shown[0])) == "Vilande SIP, mars 2025: 15 % (11 av 71), högre än det föreslagna målet"
    assert plain(short_line(hidden[0])) == "Vilande SIP, mars 2025: visas inte (för få fall)"
    (whole,) = figures(MUNICIPALITY.code, sip_dormant={(): ABSENT})
    assert plain(sentence(whole)).startswith("Mars 2025, hela kommunen: 30 % (30 av 100).")


def test_what_is_watched_has_no_target() -> None:
    (watched,) = figures(deviation_feedback_60d={(): ABSENT})
    assert "Bevakas under 80 %, föreslagen nivå." in plain(sentence(watched))
    assert "Mål" not in sentence(watched)


def test_many_hidden_parts_share_a_row() -> None:
    (one,) = figures(sip_absence_by_actor={(("actor", "bup"),): ABSENT, **FEW})
    rows = figure_rows(one, MARCH)
    assert [row[0].text for row in rows] == ["Kallade parter som inte deltog", "– BUP", "– fyra delar som inte visas"]
    assert (rows[2][0].below, rows[2][1].text) == ("BVC, förskola, MVC, polis", "..")
    assert parts_words(one) == "fem delar, varav en utanför sin nivå"


def test_a_chart_is_drawn_of_what_can_be_seen() -> None:
    months = [MARCH.shift(-step) for step in range(3)]
    for shown, is_drawn in (([ABSENT] * 3, True), ([ABSENT, ABSENT, SUPPRESSED], False)):
        released = {("sip_dormant", BOARD.code): {(): dict(zip(months, shown, strict=True))}}
        (one,) = figures_of(catalogue(), released, BOARD, MUNICIPALITY, MARCH)
        assert (figure_chart(one) is not None) is is_drawn


def test_another_areas_figures_are_not_taken_from_the_municipality() -> None:
    released = {("sip_dormant", MUNICIPALITY.code): {(): {MARCH: ABSENT}}}
    for area, count in (("social", 1), ("education", 0)):
        board = type(BOARD)(**{**vars(BOARD), "area": area})
        assert len(figures_of(catalogue(), released, board, MUNICIPALITY, MARCH)) == count


def test_how_we_call_stands_beside_who_did_not_come_also_in_the_annex() -> None:
    found = figures(sip_absence_by_actor={(): ABSENT}, sip_call_complete={(): Numbers(90, 100, 0.9, 100)})
    material = Material(head(), MARCH, BOARD, Organisation(()), catalogue(), found)
    absent = next(one for one in found if one.definition.id == "sip_absence_by_actor")
    told = plain(" ".join(one.text for one in figure_part(material, absent).blocks if isinstance(one, Paragraph)))
    assert "Varje part avgör om den deltar" in told
    assert "Vårt eget: Kallelse med syfte och frågeställning. Mars 2025: 90 % (90 av 100)." in told
    (_, items) = said_of(material, found)
    assert isinstance(items, Items)
    (line,) = items.items
    assert plain(line) == (
        "Kallade parter som inte deltog. Motparten har inte kommenterat värdet. Vårt eget: Kallelse med syfte och "
        "frågeställning, mars 2025: 90 % (90 av 100), nära det föreslagna målet."
    )
