"""Who was called to each meeting, who came, and with what mandate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.frames import canonical
from etl.simulate.plans import Plans
from etl.simulate.rounds import Meetings
from etl.simulate.story import Flags, Story
from warehouse.contract import ACTORS, FAMILY

_ACTORS = np.array(ACTORS, dtype=object)
_IS_FAMILY = np.isin(_ACTORS, FAMILY)


def called(plans: Plans, rng: np.random.Generator) -> Flags:
    """Plan × actor (in the contract's order): who is called to the plan's meetings, by the child's age."""
    age = plans.children.age
    count = len(plans)
    in_school, small, teenager = age >= 6, age < 6, age >= 13
    share = {
        "socialtjanst": np.full(count, 0.94),
        "forskola": np.where(small, 0.6, 0.0),
        "skola": np.where(in_school, 0.74, 0.0),
        "elevhalsa": np.where(in_school, 0.42, 0.0),
        "bup": np.where(in_school, 0.62, 0.12),
        "bum": np.full(count, 0.14),
        "habilitering": np.full(count, 0.18),
        "primarvard": np.full(count, 0.1),
        "bvc": np.where(small, 0.45, 0.0),
        "beroendevard": np.where(teenager, 0.07, 0.0),
        "polis": np.where(teenager, 0.03, 0.0),
        "barnet": np.where(teenager, 0.95, np.where(in_school, 0.8, 0.25)),
        "vardnadshavare": np.full(count, 1.0),
    }
    probability = np.stack([share.get(actor, np.zeros(count)) for actor in ACTORS], axis=1)
    chosen = rng.random(probability.shape) < probability
    return np.asarray(chosen | (plans.caller[:, None] == _ACTORS[None, :]), dtype=bool)


def participants(story: Story, plans: Plans, meetings: Meetings, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical `sip_participants`: a row per meeting and called party."""
    to_plan = called(plans, rng)
    to_meeting = to_plan[meetings.plan]
    # To a follow-up meeting some parties are no longer called; the family and the caller always are.
    stays = rng.random(to_meeting.shape) < 0.9
    always = _IS_FAMILY[None, :] | (plans.caller[meetings.plan][:, None] == _ACTORS[None, :])
    to_meeting &= (meetings.number == 1)[:, None] | stays | always
    meeting, place = np.nonzero(to_meeting)
    actor, plan = _ACTORS[place], meetings.plan[meeting]
    attended = rng.random(len(actor)) < story.attends(actor, plans.caller[plan])
    absence = np.where(attended, "", np.where(rng.random(len(actor)) < 0.62, "announced", "unannounced"))
    mandate = attended & ~_IS_FAMILY[place] & (rng.random(len(actor)) < 0.79)
    return canonical(
        "sip_participants",
        {
            "sip_id": plans.sip_id[plan],
            "municipality_code": story.municipality.code,
            "meeting_no": meetings.number[meeting],
            "actor": actor,
            "met_on": meetings.met_on[meeting],
            "attended": attended,
            "absence": absence.astype(object),
            "mandate": mandate,
        },
    )
