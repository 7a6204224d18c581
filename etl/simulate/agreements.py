"""The agreements and group mandates that a municipality has with its region: some have run out, one is unsigned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.simulate.days import only, to_workday
from etl.simulate.frames import canonical
from etl.simulate.organisation import SOUTHWEST, boards, has_centre
from etl.simulate.reference import REGIONS, Municipality
from etl.simulate.story import Days, Story


@dataclass(frozen=True)
class _Text:
    """An agreement as adopted.

    `begins`: months from the window's first day; `lasts`: months, None = until further notice; `parties`: `principals`
    or `boards`; `is_signed`: whether anybody has signed it.
    """

    number: str
    kind: str
    name: str
    begins: int
    lasts: int | None = None
    parties: str = "principals"
    is_signed: bool = True


_COMMON = (
    _Text("AVT-01", "agreement", "Överenskommelse om samarbete kring barn och unga", -31),
    _Text("AVT-02", "agreement", "Gemensam rutin för samordnad individuell plan", -9, 84),
    _Text("AVT-03", "agreement", "Överenskommelse om barn som placeras utanför hemmet", -40),
    _Text("AVT-04", "agreement", "Överenskommelse om unga med risk för missbruk och beroende", -5, is_signed=False),
    _Text("UPP-01", "group_mandate", "Uppdrag för central samverkansgrupp", -22),
    _Text("UPP-02", "group_mandate", "Uppdrag för lokal arbetsgrupp barn och unga", -26, parties="boards"),
    _Text("UPP-03", "group_mandate", "Uppdrag för styrgrupp barn och unga", -14, parties="boards"),
)
_CENTRE = _Text("AVT-05", "agreement", "Samverkansavtal om familjecentralen", -12, 60)
_SOUTHWEST = _Text("UPP-04", "group_mandate", "Uppdrag för delregional samverkan Sydväst", -18)

_RAN_OUT = {"AVT-03": 0.6}
"""At which share of the window an agreement ran out without anybody renewing it; one group's mandate did too."""
_MANDATE_RAN_OUT = 0.35


def simulate_agreements(story: Story, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical `agreements`, in the order of their numbers."""
    texts = _texts(story.municipality)
    lapsed = _RAN_OUT | {f"UPP-0{rng.integers(1, 4)}": _MANDATE_RAN_OUT}
    count = len(texts)
    begins = _months(story, [text.begins for text in texts])
    ends = [_ends(story, text, start, lapsed) for text, start in zip(texts, begins, strict=True)]
    before = to_workday(begins - rng.integers(3, 45, count).astype("timedelta64[D]"))
    read = to_workday(story.until - rng.integers(15, 500, count).astype("timedelta64[D]"))
    return canonical(
        "agreements",
        {
            "agreement_id": np.array([text.number for text in texts], dtype=object),
            "municipality_code": story.municipality.code,
            "kind": np.array([text.kind for text in texts], dtype=object),
            "name": np.array([text.name for text in texts], dtype=object),
            "parties": np.array([_parties(story.municipality, text.parties) for text in texts], dtype=object),
            "valid_from": begins,
            "valid_to": np.array(ends, dtype="datetime64[D]"),
            "signed_on": only(before, np.array([text.is_signed for text in texts])),
            "reviewed_on": only(read, (read > begins) & (rng.random(count) < 0.55)),
        },
    )


def _texts(municipality: Municipality) -> list[_Text]:
    texts = [*_COMMON]
    if has_centre(municipality):
        texts.append(_CENTRE)
    if municipality.code in SOUTHWEST:
        texts.append(_SOUTHWEST)
    return sorted(texts, key=lambda text: text.number)


def _parties(municipality: Municipality, parties: str) -> str:
    region = REGIONS[municipality.region_code]
    if parties == "boards":
        return ", ".join([*(board.name for board in boards(municipality)), region])
    return f"{municipality.name}, {region}"


def _months(story: Story, offsets: list[int]) -> Days:
    first = story.window.first.astype("datetime64[M]")
    months: Days = first + np.array(offsets).astype("timedelta64[M]")
    return months.astype("datetime64[D]")


def _ends(story: Story, text: _Text, begins: np.datetime64, lapsed: dict[str, float]) -> np.datetime64:
    """The last day that it holds; missing = until further notice."""
    if text.number in lapsed:
        passed = int((story.until - story.window.first).astype(int))
        return story.window.first + np.timedelta64(int(passed * lapsed[text.number]), "D")
    if text.lasts is None:
        return np.datetime64("NaT", "D")
    end: np.datetime64 = (begins.astype("datetime64[M]") + np.timedelta64(text.lasts, "M")).astype("datetime64[D]")
    return end - np.timedelta64(1, "D")
