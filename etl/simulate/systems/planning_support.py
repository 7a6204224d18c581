"""System 2, the regional planning support: UTF-8 CSV with a byte order mark, its own codes, a clock on every meeting.

One row per plan, meeting and called party; the round that the meeting agreed on stands on each of its rows. It owns
participants and follow-up rounds; the plans themselves are the case system's.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from etl.simulate.files import file_name, write_csv
from etl.simulate.frames import Frames, recode
from etl.simulate.story import Story

FILE = "planeringsstod"

PARTIES = {
    "socialtjanst": "K-IFO", "forskola": "K-FSK", "skola": "K-SKO", "elevhalsa": "K-EH", "oppen_forskola": "K-OFS",
    "bup": "R-BUP", "bum": "R-BUM", "habilitering": "R-HAB", "primarvard": "R-VC", "bvc": "R-BVC", "mvc": "R-MVC",
    "beroendevard": "R-BER", "polis": "S-POL", "barnet": "P-BARN", "vardnadshavare": "P-VH", "annan": "X-ANN",
}  # fmt: skip
_ABSENCE = {"": "", "announced": "A", "unannounced": "U"}


def write(folder: Path, story: Story, frames: Frames, rng: np.random.Generator, *, blemishes: bool) -> list[Path]:
    """All meetings and rounds, as one file; none without meetings."""
    if frames["sip_participants"].empty:
        return []
    exported = rows(frames, rng)
    if blemishes:
        exported = pd.concat([exported, _blemishes(exported)], ignore_index=True)
    path = folder / file_name(FILE, story.municipality.code, "csv")
    write_csv(path, exported, separator=";", encoding="utf-8-sig")
    return [path]


def rows(frames: Frames, rng: np.random.Generator) -> pd.DataFrame:
    """A row per participant, with the round agreed at that meeting (a round is always agreed at a meeting)."""
    participants, rounds = frames["sip_participants"], frames["sip_follow_ups"]
    merged = participants.merge(
        rounds, how="left", left_on=["sip_id", "meeting_no"], right_on=["sip_id", "follow_up_no"], sort=False
    )
    rounds_of = merged[["follow_up_no", "agreed_on", "moved_to", "held_on"]].fillna("")
    meeting = pd.factorize(participants["sip_id"] + "/" + participants["meeting_no"])[0]
    clocks = np.array([f" {hour:02}:{minute:02}" for hour in range(8, 17) for minute in (0, 15, 30)], dtype=object)
    clock = clocks[rng.integers(0, len(clocks), meeting.max() + 1)][meeting]
    return pd.DataFrame(
        {
            "plan_id": participants["sip_id"],
            "kommun": participants["municipality_code"],
            "mote_nr": participants["meeting_no"],
            "mote_tid": participants["met_on"] + clock,
            "part": recode(participants["actor"], PARTIES.__getitem__),
            "narvaro": recode(participants["attended"], {"ja": "1", "nej": "0"}.__getitem__),
            "franvaro_typ": recode(participants["absence"], _ABSENCE.__getitem__),
            "mandat": recode(participants["mandate"], {"ja": "1", "nej": "0"}.__getitem__),
            "uppf_nr": rounds_of["follow_up_no"],
            "uppf_avtalad": rounds_of["agreed_on"],
            "uppf_flyttad": rounds_of["moved_to"],
            "uppf_hallen": rounds_of["held_on"],
        }
    )


def _blemishes(exported: pd.DataFrame) -> pd.DataFrame:
    """Two rows to reject (unknown party, impossible day), one said twice, and a plan that the case system lacks."""
    last = exported.iloc[-1].to_dict()
    day = str(last["mote_tid"])[:10]
    no_round = dict.fromkeys(("uppf_nr", "uppf_avtalad", "uppf_flyttad", "uppf_hallen"), "")
    other = {**last, **no_round, "plan_id": f"SIP{day[:4]}-F301", "mote_nr": "1"}
    return pd.DataFrame(
        [
            {**last, "part": "K-FRITID"},
            {**other, "mote_tid": f"{day[:4]}-02-30 09:00"},
            last,
            {**other, "plan_id": f"SIP{day[:4]}-F302"},
        ]
    )
