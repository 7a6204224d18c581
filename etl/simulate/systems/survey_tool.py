"""System 6, the survey tool: `,` CSV in UTF-8, a row per answer; who ticks several boxes gets them joined by `;`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from etl.simulate.files import file_name, write_csv
from etl.simulate.story import Story

FILE = "enkat"

GROUPS = {
    "board_members": "Ledamöter och ersättare", "staff": "Medarbetare", "children": "Barn och unga",
    "guardians": "Vårdnadshavare",
}  # fmt: skip
QUESTIONS = {
    "insight_agreements": "Jag har insyn i de överenskommelser som styr samverkan",
    "secrecy_confidence": "Jag är trygg i vad sekretess och samtycke tillåter",
    "responsibility_clear": "Ansvaret är tydligt i komplexa ärenden",
    "follow_up_happens": "Samverkan följs upp",
    "measures_taken": "Det som bestämdes blev gjort",
    "child_took_part": "Jag fick vara med och bestämma i min SIP",
    "guardian_relieved": "Jag slapp själv samordna kontakterna",
}
ANSWERS = {
    "large": "I stor utsträckning", "some": "I viss utsträckning", "small": "I liten utsträckning",
    "none": "Inte alls", "dont_know": "Vet ej",
}  # fmt: skip


def write(
    folder: Path, story: Story, answers: pd.DataFrame, rng: np.random.Generator, *, blemishes: bool
) -> list[Path]:
    """Every answer given; none when no wave lies in the window."""
    if answers.empty:
        return []
    exported = rows(answers, rng)
    if blemishes:
        exported = pd.concat([exported, exported.iloc[[-1]].assign(Svar="Ibland")], ignore_index=True)
    path = folder / file_name(FILE, story.municipality.code, "csv")
    write_csv(path, exported, separator=",", encoding="utf-8")
    return [path]


def rows(answers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A row per answer; now and then two choices of one question were ticked by the same person."""
    each = answers.loc[answers.index.repeat(answers["answers"].astype(int))].reset_index(drop=True)
    words = each["answer"].map(ANSWERS)
    same = ["survey", "board_code", "respondents", "question"]
    joins = (
        (each[same] == each[same].shift(-1)).all(axis=1) & (words != words.shift(-1)) & (rng.random(len(each)) < 0.4)
    )
    joins &= ~joins.shift(1, fill_value=False)
    text = words.where(~joins, words + ";" + words.shift(-1).fillna(""))
    kept = ~joins.shift(1, fill_value=False)
    return pd.DataFrame(
        {
            "Enkät": each["survey"],
            "Svarsdatum": each["answered_on"],
            "Grupp": each["respondents"].map(GROUPS),
            "Nämnd": each["board_code"].str.split("-", n=1).str[1],
            "Fråga": each["question"].map(QUESTIONS),
            "Svar": text,
        }
    )[kept].reset_index(drop=True)
