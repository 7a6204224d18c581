"""Which period a paper tells a figure of."""

from __future__ import annotations

from control.papers.figure_words import figure_rows, new_level, sentence, short_line
from control.papers.figures import Figure, figures_of
from kpi.definition import Rebase
from kpi.period import Period
from kpi.released import Numbers
from tests.builders.figures import BOARD, MUNICIPALITY, catalogue

ONE = Numbers(30, 40, 0.75, 40)
LAWFUL, GOALS, DORMANT = "sip_lawful", "sip_goal_attainment", "sip_dormant"
FOLLOWED = "sip_followed_up_in_time"
HELD = {
    LAWFUL: "2026-T1 2026-T2 2026-T3", GOALS: "2024 2025 2026", DORMANT: "2026-08 2026-09 2026-10 2026-11",
}  # fmt: skip


def figures(paper: str, held: dict[str, str], *, is_latest: bool = True) -> list[Figure]:
    released = {
        (kpi_id, BOARD.code): {(): {Period.parse(one): ONE for one in periods.split()}}
        for kpi_id, periods in held.items()
    }
    return figures_of(catalogue(), released, BOARD, MUNICIPALITY, Period.parse(paper), is_latest=is_latest)


def told(paper: str, *, is_latest: bool = True) -> dict[str, str]:
    return {one.definition.id: str(one.of) for one in figures(paper, HELD, is_latest=is_latest)}


def test_each_figures_latest_period_is_told_and_never_a_later_one() -> None:
    assert told("2026-10") == {LAWFUL: "2026-T2", GOALS: "2025", DORMANT: "2026-10"}
    assert told("2026-T2") == {LAWFUL: "2026-T2", GOALS: "2025", DORMANT: "2026-08"}
    assert told("2026") == {LAWFUL: "2026-T3", GOALS: "2026", DORMANT: "2026-11"}
    assert told("2026-10", is_latest=False) == {DORMANT: "2026-10"}


def test_an_earlier_period_stands_beside_the_figure() -> None:
    (one,) = figures("2026-10", {LAWFUL: HELD[LAWFUL]})
    assert figure_rows(one, Period.parse("2026-10"))[0][0].below == "T2\u00a02026"
    assert "T2\u00a02026: " in short_line(one)


def test_the_periods_own_value_goes_before_the_boards_own_of_an_earlier_one() -> None:
    released = {
        (DORMANT, BOARD.code): {(): {Period.parse("2026-08"): ONE}},
        (DORMANT, MUNICIPALITY.code): {(): {Period.parse("2026-10"): ONE}},
    }
    (one,) = figures_of(catalogue(), released, BOARD, MUNICIPALITY, Period.parse("2026-10"), is_latest=True)
    assert (one.unit, str(one.of)) == (MUNICIPALITY, "2026-10")


def test_an_accepted_level_is_told_and_counted_from() -> None:
    last, since = Period.parse("2026-10"), Period.parse("2026-01")
    months = {last.shift(-step): Numbers(10 + step % 3, 40, (10 + step % 3) / 40, 40) for step in range(10)}
    months |= {since.shift(-step): Numbers(30 + step % 3, 40, (30 + step % 3) / 40, 40) for step in range(1, 15)}
    released = {(FOLLOWED, BOARD.code): {(): months}}
    accepted = {FOLLOWED: (Rebase(since, "Åtgärd: Inför en genomgång."), Rebase(last.shift(1), "Senare"))}
    (before,), (after,) = (
        figures_of(catalogue(), released, BOARD, MUNICIPALITY, last, accepted=levels) for levels in ({}, accepted)
    )
    said = "Ny vanlig nivå räknas från januari\u00a02026, på grund av åtgärden ”Inför en genomgång”."
    assert said in sentence(after)
    assert (new_level(before), new_level(after)) == ("", said)
    old, new = (one.variation.marks[-1].centre for one in (before, after))
    assert old is not None
    assert new is not None
    assert new < 0.3 < old
