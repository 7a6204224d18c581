"""Search by the words of names."""

from __future__ import annotations

from kpi.search import Findable, find

THINGS = [
    Findable("Återkoppling på avvikelser", "svar till den som rapporterar"),
    Findable("Avvikelser öppna mer än 90 dagar"),
    Findable("SIP uppföljda i tid", "följs planen upp"),
    Findable("Barn och familj norr", "enhet"),
]


def names(asked: str) -> list[str]:
    return [one.name for one in find(asked, THINGS)]


def test_names_that_begin_so_come_first_then_names_then_the_rest() -> None:
    assert names("avvikelser") == ["Avvikelser öppna mer än 90 dagar", "Återkoppling på avvikelser"]
    assert names("RAPPORTERAR") == ["Återkoppling på avvikelser"]
    assert names("följ") == ["SIP uppföljda i tid"]


def test_every_word_must_be_there_and_short_ones_begin_a_word() -> None:
    assert names("avvikelser 90") == ["Avvikelser öppna mer än 90 dagar"]
    assert names("avvikelser sip") == []
    assert names("ip") == []
    assert names("si") == ["SIP uppföljda i tid"]


def test_nothing_is_found_by_nothing() -> None:
    assert names("") == names("  ") == names("?!") == []
