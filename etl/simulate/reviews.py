"""Sample reviews: each quarter a few plans are read against the law's four contents, and the plans get better."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.days import to_workday
from etl.simulate.frames import canonical
from etl.simulate.story import Days, Flags, Story

_FEWEST, _MOST = 5, 10
_LOOKS_BACK = np.timedelta64(365, "D")
_CONTENTS = {
    "needs_stated": (0.88, 0.98),
    "responsibilities_stated": (0.68, 0.94),
    "other_measures_stated": (0.55, 0.88),
    "lead_principal_stated": (0.9, 0.99),
}
"""The share of plans that state each content, in the first quarter and in the last."""


def simulate_reviews(story: Story, sips: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical `sip_reviews`: a sample near the end of each quarter, of the plans established in the year before.

    A plan without a lead principal never states one, whoever reads it.
    """
    met = sips["met_on"].to_numpy(dtype=object).astype("datetime64[D]")
    quarters = _quarters(story)
    days, plan, share = (list[np.ndarray]() for _ in range(3))
    for place, quarter in enumerate(quarters):
        day = to_workday(quarter + rng.integers(0, 12, 1).astype("timedelta64[D]"))
        wanted = int(rng.integers(_FEWEST, _MOST + 1))
        known = np.flatnonzero((met <= day) & (met > day - _LOOKS_BACK)) if day[0] <= story.until else np.arange(0)
        drawn = np.sort(rng.choice(known, size=min(wanted, len(known)), replace=False))
        days.append(np.repeat(day, len(drawn)))
        plan.append(drawn.astype(np.int64))
        share.append(np.full(len(drawn), place / max(len(quarters) - 1, 1)))
    reviewed, sampled = np.concatenate(days or [quarters]), np.concatenate(plan or [np.arange(0)])
    return _rows(story, sips.iloc[sampled], reviewed, np.concatenate(share or [np.zeros(0)]), rng)


def _rows(
    story: Story, plans: pd.DataFrame, reviewed: Days, progress: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    stated: dict[str, Flags] = {
        content: rng.random(len(plans)) < first + (last - first) * progress
        for content, (first, last) in _CONTENTS.items()
    }
    stated["lead_principal_stated"] &= (plans["lead_principal"] != "").to_numpy()
    return canonical(
        "sip_reviews",
        {
            "review_id": _ids(reviewed),
            "municipality_code": story.municipality.code,
            "unit_code": plans["unit_code"].to_numpy(dtype=object),
            "reviewed_on": reviewed,
            "sip_id": plans["sip_id"].to_numpy(dtype=object),
            **stated,
        },
    )


def _quarters(story: Story) -> Days:
    """The tenth day of each quarter's last month within the window."""
    months = np.arange(story.window.first.astype("datetime64[M]"), story.window.end.astype("datetime64[M]"))
    days: Days = months[months.astype(np.int64) % 3 == 2].astype("datetime64[D]") + np.timedelta64(9, "D")
    return days


def _ids(reviewed: Days) -> np.ndarray:
    """`GR2025-3-07`: year, quarter, number within it."""
    month = reviewed.astype("datetime64[M]").astype(np.int64)
    _, first, place = np.unique(month, return_index=True, return_inverse=True)
    number = np.arange(len(month)) - first[place] + 1
    return np.array(
        [f"GR{m // 12 + 1970}-{m % 12 // 3 + 1}-{n:02}" for m, n in zip(month, number, strict=True)], dtype=object
    )
