"""Canonical rows about plans: `sips`, `sip_follow_ups`, `sip_participants`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.days import only
from etl.simulate.frames import Frames, canonical
from etl.simulate.participants import participants
from etl.simulate.plans import Plans, begin
from etl.simulate.rounds import Endings, Rounds, follow
from etl.simulate.story import Story


def simulate_sips(story: Story, rng: np.random.Generator) -> Frames:
    """Everything that the municipality's plans lead to, by dataset."""
    plans = begin(story, rng)
    rounds, meetings, endings = follow(story, plans, rng)
    return {
        "sips": _sips(story, plans, rounds, endings),
        "sip_follow_ups": _follow_ups(story, plans, rounds),
        "sip_participants": participants(story, plans, meetings, rng),
    }


def _sips(story: Story, plans: Plans, rounds: Rounds, endings: Endings) -> pd.DataFrame:
    """The case system knows the first round too; it agrees with `sip_follow_ups`, which owns it."""
    first = rounds.number == 1
    agreed, followed_up = (np.full(len(plans), np.datetime64("NaT", "D")) for _ in range(2))
    agreed[rounds.plan[first]] = rounds.agreed_on[first]
    followed_up[rounds.plan[first]] = rounds.held_on[first]
    has_number = plans.children.has_number
    return canonical(
        "sips",
        {
            "sip_id": plans.sip_id,
            "municipality_code": story.municipality.code,
            "unit_code": (story.municipality.code + "-" + plans.unit).astype(object),
            "person_id": plans.children.person,
            "birth_date": only(plans.children.birth, ~has_number),
            "sex": plans.children.sex,
            "initiator_actor": plans.initiator,
            "calling_actor": np.where(np.isnat(plans.called_on), "", plans.caller).astype(object),
            "initiated_on": plans.initiated_on,
            "consent": plans.consent,
            "consent_on": plans.consent_on,
            "called_on": plans.called_on,
            "purpose_stated": plans.purpose,
            "question_stated": plans.question,
            "mapped_on": plans.mapped_on,
            "met_on": plans.met_on,
            "coordinator_named": plans.coordinator,
            "lead_principal": plans.lead,
            "child_voice": plans.voice,
            "agreed_follow_up_on": agreed,
            "activity_followed_up_on": endings.activity_followed_up_on,
            "evaluated_on": endings.evaluated_on,
            "goal_attainment": endings.goal,
            "followed_up_on": followed_up,
            "closed_on": endings.closed_on,
            "closed_reason": endings.reason,
        },
    )


def _follow_ups(story: Story, plans: Plans, rounds: Rounds) -> pd.DataFrame:
    return canonical(
        "sip_follow_ups",
        {
            "sip_id": plans.sip_id[rounds.plan],
            "municipality_code": story.municipality.code,
            "follow_up_no": rounds.number,
            "agreed_on": rounds.agreed_on,
            "moved_to": rounds.moved_to,
            "held_on": rounds.held_on,
        },
    )
