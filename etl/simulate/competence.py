"""Training registers and surveys: who has taken which course lately, and what people answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.frames import canonical_rows
from etl.simulate.organisation import boards, units
from etl.simulate.story import Story

SUBJECTS = ("agreements", "sip_routine", "secrecy")
BOARD_MEMBERS = 11
QUESTIONS = {
    "staff": ("insight_agreements", "secrecy_confidence", "responsibility_clear", "follow_up_happens"),
    "board_members": ("insight_agreements", "responsibility_clear", "follow_up_happens"),
    "guardians": ("guardian_relieved", "measures_taken"),
    "children": ("child_took_part",),
}
"""What each group is asked."""
ANSWERS = ("large", "some", "small", "none", "dont_know")


def simulate_training(story: Story, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical `training`: staff concerned and trained, per unit, subject and last month of each quarter."""
    code = story.municipality.code
    groups = [(f"{code}-{unit.local}", unit.staff) for unit in units(story.municipality)]
    groups += [(f"{code}-{board.local}", BOARD_MEMBERS) for board in boards(story.municipality)]
    months = _quarters(story)
    rows: list[tuple[object, ...]] = []
    for unit_code, staff in groups:
        start = rng.uniform(0.25, 0.55, len(SUBJECTS))
        for place, month in enumerate(months):
            share = start + 0.3 * place / max(len(months) - 1, 1)
            trained = rng.binomial(staff, np.clip(share, 0, 1))
            rows.extend(
                (unit_code, month, subject, staff, int(count)) for subject, count in zip(SUBJECTS, trained, strict=True)
            )
    return canonical_rows("training", ("unit_code", "month", "subject", "staff", "trained"), rows)


def simulate_survey(story: Story, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical `survey_answers`: one wave each October within the window, per board and group asked."""
    code = story.municipality.code
    rows: list[tuple[object, ...]] = []
    for year in range(*_years(story)):
        day = np.datetime64(f"{year}-10-14")
        if not (story.window.first <= day <= story.until):
            continue
        for board in boards(story.municipality):
            for respondents, questions in QUESTIONS.items():
                if respondents in ("guardians", "children") and board.area != "social":
                    continue
                for question in questions:
                    counts = rng.multinomial(_asked(story, respondents), _shares(respondents, question))
                    rows.extend(
                        (f"SAMVERKAN-{year}", code, f"{code}-{board.local}", respondents, str(day), question, answer, n)
                        for answer, n in zip(ANSWERS, counts, strict=True)
                        if n
                    )
    names = ("survey", "municipality_code", "board_code", "respondents", "answered_on", "question", "answer", "answers")
    return canonical_rows("survey_answers", names, rows)


def _quarters(story: Story) -> list[str]:
    """The last month of each quarter that has ended."""
    months = np.arange(story.window.first.astype("datetime64[M]"), (story.until + 1).astype("datetime64[M]"))
    return [str(month) for month in months if month.astype(int) % 3 == 2]


def _years(story: Story) -> tuple[int, int]:
    first, last = (int(day.astype("datetime64[Y]").astype(int)) + 1970 for day in (story.window.first, story.until))
    return first, last + 1


def _asked(story: Story, respondents: str) -> int:
    """How many answer; every one of them answers each question of the group."""
    if respondents == "board_members":
        return BOARD_MEMBERS - 2
    staff = sum(unit.staff for unit in units(story.municipality))
    return {"staff": staff // 3, "guardians": staff // 6, "children": staff // 9}[respondents]


def _shares(respondents: str, question: str) -> list[float]:
    """Members of the board think that more is followed up than the staff do."""
    if question == "follow_up_happens":
        return [0.5, 0.3, 0.1, 0.0, 0.1] if respondents == "board_members" else [0.18, 0.34, 0.26, 0.08, 0.14]
    if question == "insight_agreements":
        return [0.2, 0.38, 0.24, 0.08, 0.1]
    return [0.32, 0.38, 0.16, 0.05, 0.09]
