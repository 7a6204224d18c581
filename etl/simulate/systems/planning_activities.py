"""System 2 again, the planning support's list of activities: a row per activity, its principal and party as codes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from etl.simulate.files import file_name, write_csv
from etl.simulate.frames import recode
from etl.simulate.story import Story
from etl.simulate.systems.planning_support import PARTIES

FILE = "planeringsinsatser"

PRINCIPALS = {"municipality": "K", "region": "R", "private": "E"}
"""E = enskild."""


def write(folder: Path, story: Story, activities: pd.DataFrame, *, blemishes: bool) -> list[Path]:
    """All activities, as one file; none without activities."""
    if activities.empty:
        return []
    exported = rows(activities)
    if blemishes:
        exported = pd.concat([exported, _blemishes(exported)], ignore_index=True)
    path = folder / file_name(FILE, story.municipality.code, "csv")
    write_csv(path, exported, separator=";", encoding="utf-8-sig")
    return [path]


def rows(activities: pd.DataFrame) -> pd.DataFrame:
    """Canonical activities in the system's words."""
    return pd.DataFrame(
        {
            "plan_id": activities["sip_id"],
            "kommun": activities["municipality_code"],
            "insats_nr": activities["activity_no"],
            "huvudman": recode(activities["principal"], PRINCIPALS.__getitem__),
            "part": recode(activities["actor"], PARTIES.__getitem__),
            "klar_senast": activities["due_on"],
            "utford": activities["completed_on"],
            "avbruten": activities["cancelled_on"],
        }
    )


def _blemishes(exported: pd.DataFrame) -> pd.DataFrame:
    """Two rows to reject: an unknown principal, and a day that does not exist."""
    last = exported.iloc[-1].to_dict()
    year = str(last["klar_senast"])[:4]
    return pd.DataFrame(
        [
            {**last, "insats_nr": "91", "huvudman": "S"},
            {**last, "insats_nr": "92", "klar_senast": f"{year}-02-30"},
        ]
    )
