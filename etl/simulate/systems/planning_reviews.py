"""System 2 once more, the planning support's review form: a row per plan read, each legal content ticked or not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from etl.simulate.files import file_name, write_csv
from etl.simulate.frames import recode
from etl.simulate.story import Story

FILE = "planeringsgranskning"

_CONTENTS = {
    "behov": "needs_stated", "ansvar": "responsibilities_stated", "andra_atgarder": "other_measures_stated",
    "huvudansvar": "lead_principal_stated",
}  # fmt: skip


def write(folder: Path, story: Story, reviews: pd.DataFrame, *, blemishes: bool) -> list[Path]:
    """All reviews, as one file; none when no quarter's sample lies in the window."""
    if reviews.empty:
        return []
    exported = rows(reviews)
    if blemishes:
        unsure = exported.iloc[[-1]].assign(granskning=f"{exported['granskning'].iloc[-1]}-F", ansvar="delvis")
        exported = pd.concat([exported, unsure], ignore_index=True)
    path = folder / file_name(FILE, story.municipality.code, "csv")
    write_csv(path, exported, separator=";", encoding="utf-8-sig")
    return [path]


def rows(reviews: pd.DataFrame) -> pd.DataFrame:
    """Canonical reviews in the system's words."""
    contents = {name: recode(reviews[field], {"ja": "1", "nej": "0"}.__getitem__) for name, field in _CONTENTS.items()}
    return pd.DataFrame(
        {
            "granskning": reviews["review_id"],
            "kommun": reviews["municipality_code"],
            "enhet": recode(reviews["unit_code"], lambda code: code.split("-", 1)[1]),
            "granskad": reviews["reviewed_on"],
            "plan_id": reviews["sip_id"],
            **contents,
        }
    )
