"""What figures propose about a control, by a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from control.occasions.occasion import Proposal, Result
from control.occasions.proposals import propose
from kpi.spc.verdict import Told
from kpi.status import Bound, Target
from kpi.views.rows import FigureRow
from tests.builders.figures import PROPOSED_90, plain_row, share_row, value

DECIDED_90 = Target(Bound.AT_LEAST, 0.9, is_decided=True)
WATCHED_90 = Target(Bound.AT_LEAST, 0.9, is_decided=True, is_watch=True)
WORSE = "har försämrats mer än den vanliga variationen"


def row(numerator: int, target: Target | None = DECIDED_90, *, told: Told = Told.USUAL, of: int = 100) -> FigureRow:
    found = share_row(numerator, of, target=target)
    return replace(found, variation=replace(found.variation, told=told))


@pytest.mark.parametrize(
    ("rows", "result", "probability", "words"),
    [
        ([row(95)], Result.WITHOUT_REMARK, 2, "når målet"),
        ([row(87)], Result.WITHOUT_REMARK, 2, "nära målet"),
        ([row(95, told=Told.CONCERN)], Result.MINOR, 3, f"når målet och {WORSE}"),
        ([row(82)], Result.MINOR, 3, "når inte målet"),
        ([row(82, told=Told.CONCERN)], Result.SERIOUS, 4, f"når inte målet och {WORSE}"),
        ([row(40)], Result.SERIOUS, 4, "når inte målet"),  # ten margins away
        ([row(40, PROPOSED_90)], Result.MINOR, 3, "lägre än det föreslagna målet"),
        ([row(40, WATCHED_90)], Result.MINOR, 3, "under bevakningsnivån"),
        ([row(40, told=Told.IMPROVEMENT)], Result.SERIOUS, 4, "når inte målet"),
        ([row(95), row(82)], Result.MINOR, 3, "når inte målet"),  # the worst one counts
        ([row(60, None)], None, None, "följs utan mål"),
        ([row(60, None, told=Told.CONCERN)], Result.MINOR, 3, f"följs utan mål och {WORSE}"),
        ([row(1, of=2)], None, None, "för få fall att bedöma"),
        ([row(1, of=2), row(95)], Result.WITHOUT_REMARK, 2, "når målet"),
    ],
)
def test_what_the_figures_propose(
    rows: list[FigureRow], result: Result | None, probability: int | None, words: str
) -> None:
    found = propose(rows, 2, 4)
    assert (found.result, found.probability) == (result, probability)
    assert len(found.because) == len(rows)
    assert found.because[-1] == f"{rows[-1].definition.name}: {words}."


def test_the_probability_stays_on_the_scale() -> None:
    assert propose([row(40)], 4, 4).probability == 4
    assert propose([row(40)], 3, 5).probability == 5


def test_nothing_is_proposed_without_figures() -> None:
    assert propose([], 2, 4) == Proposal(None, None, ("Inget nyckeltal för nämnden mäter kontrollmomentet.",))
    assert propose([plain_row("collaboration_maturity", value(None, "2025-T1"))], 2, 4).result is None


@pytest.mark.parametrize("found", [propose([row(82)], 2, 4), propose([], 2, 4)])
def test_it_is_kept_as_it_was(found: Proposal) -> None:
    assert Proposal.from_json(found.as_json()) == found
