"""The sentence on variation: for every state, and never more than the rules can bear."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from dashboard.variation import of_target, of_variation, short_of_target, untested
from kpi import format as text
from kpi.format import NBSP
from kpi.spc.icons import Assurance
from kpi.spc.series import ChartType
from kpi.spc.verdict import SMALL, Mark, Signal, Told, Variation
from kpi.status import Bound, Target
from tests.builders.figures import catalogue, share_row

WORDS = {
    Told.IMPROVEMENT: "en tydlig förbättring",
    Told.CONCERN: "en tydlig försämring",
    Told.HIGHER: "en tydlig ökning",
    Told.LOWER: "en tydlig minskning",
}
TARGETS = (None, Target(Bound.AT_LEAST, 0.9), Target(Bound.AT_LEAST, 0.9, is_decided=True),
           Target(Bound.AT_MOST, 0.1, is_watch=True))  # fmt: skip


def said(found: Variation, target: Target | None) -> str:
    row = replace(share_row(26, 29, target=target), variation=found)
    assert of_variation(row) is not None
    return " ".join(one for one in (of_variation(row), of_target(row)) if one).replace(NBSP, " ")


def test_a_signal_is_told_as_what_it_is() -> None:
    for told, sign, signal, assurance, target in product(WORDS, (1, -1), Signal, (None, *Assurance), TARGETS):
        text = said(Variation(ChartType.PROPORTION, (), told, signal, sign, 7, assurance), target)
        assert f"{WORDS[told]}, mer än normal variation." in text
        assert not any(word in text for word in ("verklig", "slump", "bevis", "None"))
        assert text.endswith(".")
        is_told = assurance is not None and target is not None
        assert ("90 %" in text or "10 %" in text) == is_told, text
        if assurance is not None and target is not None:
            assert ("föreslagna" in text) == (not target.is_decided)
            assert (" inte utan en förändring" in text) == (assurance is Assurance.FAIL)


def test_without_a_signal_nothing_is_claimed() -> None:
    for assurance, target in product((None, *Assurance), TARGETS):
        text = said(Variation(ChartType.PROPORTION, (), Told.USUAL, assurance=assurance), target)
        assert text.startswith("Ingen säker förändring")
        assert "tydlig" not in text


def test_a_month_that_is_marked_in_the_chart_is_told_of_though_the_latest_is_as_usual() -> None:
    row = share_row(26, 29)
    usual, marked = Mark(0.9, 0.8, 1.0, 0), Mark(0.9, 0.8, 1.0, -1)
    for ago, is_told in ((1, True), (5, True), (6, False)):
        marks = [*[usual] * (len(row.series) - ago - 1), marked, *[usual] * ago]
        shown = replace(row, variation=Variation(ChartType.PROPORTION, tuple(marks), Told.USUAL))
        month = text.month(row.series[-1 - ago].last)
        assert (of_variation(shown) == (
            f"Ingen säker förändring nu. Senast mer än normal variation: {month}, under den vanliga nivån."
        )) == is_told  # fmt: skip
        assert ("de senaste månaderna svänger som vanligt" in str(of_variation(shown))) != is_told


def test_too_small_numbers_claim_nothing() -> None:
    assert of_variation(share_row(11, 18)) == "Om något har ändrats går inte att pröva: månaderna har för få fall var."


def test_a_row_that_cannot_be_tested_says_why() -> None:
    row, usual = share_row(11, 18), Variation(ChartType.PROPORTION, (), Told.USUAL)
    of = catalogue().definitions
    assert untested(replace(row, variation=SMALL)) == "går inte att pröva: för få fall"
    assert untested(row) == "går inte att pröva: för få månader"
    assert untested(replace(row, definition=of["sip_mandate"])) == "prövas inte: ett värde per tertial"
    assert untested(replace(row, definition=of["sip_coordinator"])) == "prövas inte: samma fall räknas i flera månader"
    assert untested(replace(row, variation=usual)) is None


def test_a_run_says_how_long_it_has_lasted() -> None:
    found = Variation(ChartType.XMR, (), Told.CONCERN, Signal.RUN, -1, 7, Assurance.FAIL)
    assert said(found, Target(Bound.AT_LEAST, 0.9, is_decided=True)) == (
        "Sju månader i rad under den vanliga nivån: en tydlig försämring, mer än normal variation. "
        "Målet 90 % nås inte utan en förändring, hur värdet än svänger."
    )


def test_the_tables_words_say_the_same_of_the_target() -> None:
    for told, assurance, target in product((*WORDS, Told.USUAL), (None, *Assurance), TARGETS):
        signal = None if told is Told.USUAL else Signal.RUN
        row = replace(
            share_row(26, 29, target=target),
            variation=Variation(ChartType.PROPORTION, (), told, signal, 1, 7, assurance),
        )
        short, long = short_of_target(row), of_target(row)
        assert (short is None) == (long is None)
        if short is not None and long is not None:
            assert ("inte utan förändring" in short) == ("inte utan en förändring" in long)
            assert ("ibland" in short) == ("ibland" in long)
            assert short.startswith("nivån") == (target is not None and target.is_watch)
