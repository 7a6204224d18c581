"""Where the principals meet: central, delregional and local forums, steering groups, and information to the boards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.days import after, only, to_workday
from etl.simulate.frames import canonical
from etl.simulate.organisation import SOUTHWEST, boards
from etl.simulate.story import Days, Shares, Story, Texts

_MONTHS = {
    "central": (2, 5, 9, 11),
    "delregional": (3, 6, 10, 12),
    "local": (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12),
    "steering": (1, 4, 8, 12),
    "information": (4, 10),
}
"""The calendar of each year: a local group meets every month but July."""
_PREFIX = {"central": "CEN", "delregional": "DEL", "local": "LOK", "steering": "STY", "information": "INF"}
_HELD = {"central": 0.93, "delregional": 0.88, "local": 0.86, "steering": 0.9, "information": 0.75}
_MINUTES = (0.62, 0.86)
"""The share of meetings whose minutes come in time, at the window's beginning and at its end."""


def simulate_meetings(story: Story, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical `meetings`, planned from the window's first day to the end of the last year, as calendars are."""
    month, forum, board, number = _calendar(story)
    count = len(month)
    planned = to_workday(month.astype("datetime64[D]") + rng.integers(6, 19, count).astype("timedelta64[D]"))
    takes_place = rng.random(count) < _by_forum(_HELD, forum)
    moved = np.where(rng.random(count) < 0.12, rng.integers(7, 29, count), 0)
    held = _until(story, only(after(planned, moved), takes_place))
    progress = np.clip((planned - story.window.first) / (story.until - story.window.first + 1), 0, 1)
    in_time = rng.random(count) < _MINUTES[0] + (_MINUTES[1] - _MINUTES[0]) * progress
    late = rng.random(count) < 0.5
    steps = np.where(in_time, rng.integers(1, 15, count), rng.integers(30, 80, count))
    return canonical(
        "meetings",
        {
            "meeting_id": number,
            "municipality_code": story.municipality.code,
            "forum": forum,
            "board_code": board,
            "planned_on": planned,
            "held_on": held,
            "minutes_on": _until(story, only(after(held, steps), in_time | late)),
            "children_on_agenda": ~np.isnat(held) & (forum != "information") & (rng.random(count) < 0.5),
        },
    )


def _calendar(story: Story) -> tuple[Days, Texts, Texts, Texts]:
    """Month, forum, board (blank but for information) and number of every meeting, in the order of the months."""
    first, year = story.window.first.astype("datetime64[M]"), story.until.astype("datetime64[Y]")
    rows: list[tuple[np.datetime64, str, str, str]] = []
    for month in np.arange(first, (year + 1).astype("datetime64[M]")):
        for forum, months in _MONTHS.items():
            if month.astype(int) % 12 + 1 not in months or not _has(story, forum):
                continue
            for board in [board.local for board in boards(story.municipality)] if forum == "information" else [""]:
                prefix = "-".join(part for part in (_PREFIX[forum], board) if part)
                code = f"{story.municipality.code}-{board}" if board else ""
                rows.append((month, forum, code, f"{prefix}-{month}"))
    texts = [np.array([row[place] for row in rows], dtype=object) for place in (1, 2, 3)]
    return np.array([row[0] for row in rows], dtype="datetime64[M]"), texts[0], texts[1], texts[2]


def _has(story: Story, forum: str) -> bool:
    return forum != "delregional" or story.municipality.code in SOUTHWEST


def _by_forum(shares: dict[str, float], forum: Texts) -> Shares:
    return np.array([shares[name] for name in forum])


def _until(story: Story, days: Days) -> Days:
    return only(days, days <= story.until)
