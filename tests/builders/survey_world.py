"""A board with survey answers and reviews of plans of 2025, as rows of the contract."""

from __future__ import annotations

from typing import Any

from tests.builders.closed_world import BOARD, SECOND

UNITS = [*BOARD, *SECOND]


def answered(
    question: str, respondents: str, *counts: int, board: str = "1287-SN", on: str = "2025-10-14"
) -> list[dict[str, Any]]:
    """Answers in the scale's order; none where the count is 0."""
    scale = ("large", "some", "small", "none", "dont_know")
    return [
        {
            "survey": "2025", "municipality_code": "1287", "board_code": board, "respondents": respondents,
            "answered_on": on, "question": question, "answer": answer, "answers": count,
        }
        for answer, count in zip(scale, counts, strict=False) if count
    ]  # fmt: skip


SURVEY = [
    *answered("follow_up_happens", "board_members", 6, 3, 1, 0, 2),
    *answered("follow_up_happens", "staff", 8, 16, 10, 2, 4),
    *answered("secrecy_confidence", "staff", 10, 10),
    *answered("insight_agreements", "board_members", 2, 5, 2),  # nine: few
    *answered("follow_up_happens", "staff", 99, board="1287-UN"),
    *answered("insight_agreements", "staff", 50, on="2024-10-10"),
    *answered("child_took_part", "children", 7, 4, 0, 1),
    *answered("guardian_relieved", "guardians", 1, 2, 3),
]


def review(number: int, unit: str, on: str, *stated: bool) -> dict[str, Any]:
    names = ("needs_stated", "responsibilities_stated", "other_measures_stated", "lead_principal_stated")
    told = {"review_id": f"r{number}", "municipality_code": "1287", "unit_code": unit, "reviewed_on": on}
    return told | dict(zip(names, stated, strict=True))


REVIEWS = [
    *(review(n, "1287-A", "2025-10-02", True, True, True, True) for n in range(4)),
    review(4, "1287-B", "2025-11-02", True, False, True, True),
    review(5, "1287-B", "2025-12-31", True, False, False, True),
    review(6, "1287-D", "2025-10-02", False, False, False, False),  # another board's
    review(7, "1287-A", "2025-08-31", False, False, False, False),  # the tertial before
]
