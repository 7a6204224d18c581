"""The overview's first sentences follow from the rows, and claim nothing that cannot be known yet."""

from dataclasses import replace
from datetime import date

from dashboard.components.figure_table import figure_table
from dashboard.components.lead import Sentence, furthest_off, sentences
from kpi.format import NBSP
from kpi.spc.series import ChartType
from kpi.spc.verdict import SMALL, Signal, Told, Variation
from kpi.status import Bound, Target
from kpi.views.rows import FigureRow
from tests.builders.figures import MARCH, late, overview, share_row
from tests.builders.rendered import told as rendered

WATCH = Target(Bound.AT_LEAST, 0.8, is_watch=True)


def told(sentence: Sentence) -> str:
    return "".join(piece.words for piece in sentence).replace(NBSP, "~")


def all_told(*rows: object, **more: object) -> list[str]:
    return [told(sentence) for sentence in sentences(overview(*rows, **more))]  # type: ignore[arg-type]


def test_the_figure_furthest_from_its_level_comes_first() -> None:
    follow_up = share_row(29, 46, before=(29, 46))
    feedback = share_row(14, 31, before=(14, 31), kpi_id="deviation_feedback_60d", target=WATCH)
    assert [row.definition.id for row in furthest_off([follow_up, feedback])] == [
        "deviation_feedback_60d",
        "sip_followed_up_in_time",
    ]
    assert all_told(follow_up, feedback)[0] == (
        "Båda de nyckeltal som går att bedöma ligger utanför sin föreslagna nivå; längst ifrån är "
        "Återkoppling på avvikelser inom 60 dagar: 14 av 31 (45~%) de senaste 12 månaderna, "
        "mot den föreslagna bevakningsnivån, 80~%."
    )
    assert all_told(feedback)[0] == (
        "Återkoppling på avvikelser inom 60 dagar ligger utanför sin föreslagna nivå: 14 av 31 (45~%) de "
        "senaste 12 månaderna, mot den föreslagna bevakningsnivån, 80~%."
    )


def test_when_nothing_is_off_it_says_so_and_how_many_are_near() -> None:
    assert all_told(share_row(95, 100, before=(95, 100)))[0] == ("Det nyckeltal som går att bedöma når sin nivå.")
    assert all_told(*3 * [share_row(95, 100)])[0] == "Alla nyckeltal som går att bedöma når sin nivå."
    assert all_told(share_row(87, 100, before=(87, 100)))[0] == (
        "Inget nyckeltal som går att bedöma ligger utanför sin nivå: ett ligger nära."
    )
    assert all_told(share_row(87, 100), *2 * [share_row(95, 100)])[0].endswith(": ett ligger nära och två når den.")


def test_how_many_are_off_near_and_there_in_one_form() -> None:
    off, near, there = share_row(29, 46), share_row(87, 100), share_row(95, 100)
    start = (
        "Av de {} nyckeltal som går att bedöma ligger {} utanför sin föreslagna nivå{}; längst ifrån är SIP uppföljda"
    )
    for rows, counts in (
        ([*27 * [off], *7 * [near], *4 * [there]], ("38", "27", " och 7 nära, medan 4 når sin nivå")),
        ([off, near], ("två", "ett", " och ett nära")),
        ([off, *2 * [there]], ("tre", "ett", ", medan två når sin nivå")),
    ):
        assert all_told(*rows)[0].startswith(start.format(*counts))
    assert all_told(*13 * [off])[0].startswith("Alla 13 nyckeltal som går att bedöma ligger utanför sin föreslagna")


def test_the_biggest_difference_is_told_with_numbers() -> None:
    small = share_row(95, 100, before=(91, 100))
    big = share_row(77, 83, before=(51, 80), kpi_id="sip_call_complete")
    assert (
        "Störst skillnad mot året före har Kallelse med syfte och frågeställning: 77 av 83 mot 51 av 80, "
        "29~procentenheter högre, vilket kan vara normal variation."
    ) in all_told(small, big)
    assert "Inga andelar skiljer sig mer än fem procentenheter från året före." in all_told(small)


def test_late_deliveries_and_an_unfinished_month_are_told() -> None:
    assert all_told(late(share_row(95, 100)))[-1] == (
        "Uppgifter saknas för hela eller delar av mars~2025 i ”SIP uppföljda i tid”, som är levererade till och med "
        "20~februari~2025."
    )
    assert all_told(late(share_row(95, 100), None))[-1].endswith("som inte har levererats.")
    unfinished = all_told(late(share_row(95, 100), date(2025, 3, 20)), preliminary_from=MARCH)
    assert unfinished[-1] == "Månaden är inte slut: alla värden är preliminära."


def test_nothing_claims_more_than_normal_variation() -> None:
    rows = [share_row(10, 100, before=(90, 100)), share_row(99, 100, before=(10, 100), kpi_id="sip_call_complete")]
    text = " ".join(all_told(*rows)).lower()
    for claim in ("tydlig", "försämr", "förbättr", "säker", "missa"):
        assert claim not in text


def test_a_clear_change_is_told_before_any_difference() -> None:
    def row(told_: Told) -> FigureRow:
        variation = Variation(ChartType.PROPORTION, (), told_, Signal.RUN, -1, 8)
        return replace(share_row(11, 18, before=(3, 18)), variation=variation)

    name = share_row(11, 18).definition.name
    assert all_told(row(Told.CONCERN))[1] == f"Tydlig försämring, mer än normal variation: ”{name}”."
    assert all_told(row(Told.IMPROVEMENT))[1] == f"Tydlig förbättring, mer än normal variation: ”{name}”."
    assert all_told(row(Told.HIGHER))[1] == f"Tydlig ökning, mer än normal variation: ”{name}”."


def test_that_nothing_is_proven_tells_how_many_could_be_tested() -> None:
    tested = replace(share_row(11, 18, before=(9, 18)), variation=Variation(ChartType.PROPORTION, (), Told.USUAL))
    untested = replace(share_row(77, 83, before=(51, 80), kpi_id="sip_call_complete"), variation=SMALL)
    assert all_told(tested, untested)[1] == (
        "Av två nyckeltal går ett att pröva mot sin normala variation, och det visar ingen säker förändring."
    )
    assert all_told(*2 * [tested], *11 * [untested])[1] == (
        "Av 13 nyckeltal går 2 att pröva mot sin normala variation, och inget av dem visar en säker förändring."
    )
    assert all_told(tested)[1] == "Inget nyckeltal visar en säker förändring."
    assert all_told(untested)[1].startswith("Störst skillnad mot året före har "), "which may be chance"
    assert "går inte att pröva: för få fall" in rendered(
        figure_table(overview(tested, untested), None, date(2025, 4, 2))
    )
    assert rendered(figure_table(overview(tested), None, date(2025, 4, 2))).count("pröva") == 0


def test_a_proposed_level_is_never_an_alarm() -> None:
    proposed = share_row(29, 46)
    decided = share_row(40, 100, kpi_id="sip_call_complete", target=Target(Bound.AT_LEAST, 0.9, is_decided=True))
    tones = [[piece.tone for piece in sentences(overview(*rows))[0]] for rows in ([proposed], 2 * [proposed])]
    assert not any("off" in found for found in tones)
    both = sentences(overview(proposed, decided))[0]
    assert both[1].tone == "off"
    assert "Båda de nyckeltal som går att bedöma ligger utanför sin nivå (ett utanför en beslutad); längst" in told(
        both
    )
    assert "ligger utanför sin nivå: 40 av 100" in told(sentences(overview(decided))[0])
