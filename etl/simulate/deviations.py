"""Deviations in collaboration, as units report them: with counterpart, feedback, action, effect and free text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.days import after, numbered_by_year, only, spread, texts
from etl.simulate.descriptions import describe
from etl.simulate.frames import canonical
from etl.simulate.organisation import Unit, units
from etl.simulate.story import Days, Story, Texts

_SEASON = (1.0, 1.1, 1.1, 1.0, 1.1, 0.9, 0.4, 0.7, 1.2, 1.2, 1.2, 0.9)
_COUNTERPARTS = {
    "socialtjanst": {"bup": 0.38, "skola": 0.2, "elevhalsa": 0.1, "bum": 0.08, "habilitering": 0.1,
                     "primarvard": 0.1, "beroendevard": 0.04},
    "skola": {"bup": 0.42, "socialtjanst": 0.36, "habilitering": 0.1, "bum": 0.07, "primarvard": 0.05},
    "elevhalsa": {"bup": 0.46, "socialtjanst": 0.3, "primarvard": 0.12, "bum": 0.12},
    "forskola": {"socialtjanst": 0.45, "bvc": 0.3, "habilitering": 0.25},
}  # fmt: skip
_CATEGORIES = {
    "utebliven_medverkan": 0.34, "oklart_ansvar": 0.17, "finansieringstvist": 0.06, "bristande_information": 0.2,
    "sekretess_samtycke": 0.07, "bristande_tillganglighet": 0.11, "utskrivning": 0.02, "annan": 0.03,
}  # fmt: skip


def simulate_deviations(story: Story, sips: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical `deviations`: each year's number by unit, so that the quiet unit stays quiet; some name a plan."""
    parts = [_of_unit(story, unit, rng) for unit in units(story.municipality) if unit.deviations > 0]
    reported, local, actor = (np.concatenate([part[place] for part in parts]) for place in range(3))
    order = np.argsort(reported, kind="stable")
    reported, local, actor = reported[order], local[order], actor[order]
    count = len(reported)
    counterpart = _counterparts(actor, rng)
    category = rng.choice(list(_CATEGORIES), size=count, p=list(_CATEGORIES.values())).astype(object)

    def until(days: Days) -> Days:
        return only(days, days <= story.until)

    prompt = rng.random(count)
    quick, slow = rng.integers(6, 58, count), 61 + rng.gamma(2.0, 25.0, count)
    feedback = until(only(after(reported, np.where(prompt < 0.6, quick, slow)), prompt < 0.84))
    decided = until(only(after(reported, rng.integers(10, 75, count)), rng.random(count) < 0.55))
    assessed = until(only(after(decided, rng.integers(60, 150, count)), rng.random(count) < 0.45))
    last = np.fmax(np.fmax(feedback, decided), assessed)
    closed = until(only(after(last, rng.integers(0, 30, count)), rng.random(count) < 0.8))
    effect = rng.choice(["yes", "partly", "no"], size=count, p=[0.45, 0.4, 0.15])
    drawn = rng.random(count)
    return canonical(
        "deviations",
        {
            "deviation_id": numbered_by_year("AVV", reported),
            "municipality_code": story.municipality.code,
            "unit_code": (story.municipality.code + "-" + local).astype(object),
            "occurred_on": reported - rng.integers(0, 16, count).astype("timedelta64[D]"),
            "reported_on": reported,
            "reporting_actor": actor,
            "counterpart_actor": counterpart,
            "category": category,
            "severity": np.select([drawn < 0.45, drawn < 0.85], ["low", "medium"], "high").astype(object),
            "level": np.select([drawn < 0.31, drawn > 0.95], ["working_group", "steering_group"], "managers").astype(
                object
            ),
            "sip_id": _plans(sips, reported, rng),
            "feedback_on": feedback,
            "action_decided_on": decided,
            "effect_assessed_on": assessed,
            "effect": np.where(np.isnat(assessed), "", effect).astype(object),
            "closed_on": closed,
            "description": describe(category, counterpart, rng),
        },
    )


def _of_unit(story: Story, unit: Unit, rng: np.random.Generator) -> tuple[Days, Texts, Texts]:
    a_year = story.deviations_a_year * unit.deviations
    days = spread(rng, story.window, a_year, _SEASON)
    days = days[days <= story.until]
    return days, np.full(len(days), unit.local, dtype=object), np.full(len(days), unit.actor, dtype=object)


def _counterparts(actor: Texts, rng: np.random.Generator) -> Texts:
    result = np.full(len(actor), "", dtype=object)
    for reporting, shares in _COUNTERPARTS.items():
        mine = actor == reporting
        result[mine] = rng.choice(list(shares), size=int(mine.sum()), p=list(shares.values()))
    return result


def _plans(sips: pd.DataFrame, reported: Days, rng: np.random.Generator) -> Texts:
    """Four of ten name a plan that had begun by then, most often one of the latest."""
    begun = np.searchsorted(sips["initiated_on"].to_numpy(dtype=object), texts(reported))
    back = np.floor(rng.gamma(1.5, 8.0, len(reported))).astype(np.int64) + 1
    names = (rng.random(len(reported)) < 0.4) & (back <= begun)
    result = np.full(len(reported), "", dtype=object)
    result[names] = sips["sip_id"].to_numpy(dtype=object)[(begun - back)[names]]
    return result
