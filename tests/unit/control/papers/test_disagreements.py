"""A paper tells a disagreement of one and the same period only."""

from __future__ import annotations

from control.papers.control_sections import disagreements
from control.papers.sources import Assessment
from kpi.period import Period


def judged(side: str, period: str, grade: int) -> Assessment:
    return Assessment("question_3", side, None, Period.parse(period), grade, "Skäl.", ())


def test_the_same_period_is_compared() -> None:
    found = disagreements([judged("presidium", "2026-T2", 3), judged("administration", "2026-T2", 2)])
    assert len(found) == 1
    assert "presidiet: ja" in found[0]


def test_what_one_side_has_not_judged_yet_is_no_disagreement() -> None:
    assert disagreements([judged("presidium", "2026-T1", 3), judged("administration", "2026-T2", 2)]) == []
