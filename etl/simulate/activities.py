"""What the plans decided: two to four activities each, done in time, late or never; the region's later."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.days import after, only, past_july
from etl.simulate.frames import canonical
from etl.simulate.story import Days, Flags, Shares, Story, Texts
from warehouse.contract import FAMILY

_NOT_RESPONSIBLE = (*FAMILY, "polis")
_MUNICIPAL = ("socialtjanst", "forskola", "skola", "elevhalsa", "oppen_forskola")
_PRIVATE = {"forskola": 0.12, "skola": 0.1, "elevhalsa": 0.06, "primarvard": 0.3}
"""How often the unit behind the actor is an independent school or a private health centre."""
_NEVER = {"municipality": 0.09, "region": 0.16, "private": 0.12}
_DELAY_DAYS = {"municipality": 5.0, "region": 11.0, "private": 8.0}


def simulate_activities(
    story: Story, sips: pd.DataFrame, participants: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Canonical `sip_activities` of every established plan; who answers for them was called to its first meeting."""
    is_first, can_answer = participants["meeting_no"] == "1", ~participants["actor"].isin(_NOT_RESPONSIBLE)
    called = participants[is_first & can_answer]
    row, plans = pd.factorize(called["sip_id"])  # the rows of a plan stand together
    many = np.bincount(row, minlength=len(plans))
    first = np.cumsum(many) - many
    decided = rng.integers(2, 5, len(plans))
    plan = np.repeat(np.arange(len(plans)), decided)
    number: np.ndarray = np.arange(len(plan)) - np.repeat(np.cumsum(decided) - decided, decided) + 1
    picked = first[plan] + np.floor(rng.random(len(plan)) * many[plan]).astype(np.int64)
    actor = called["actor"].to_numpy(dtype=object)[picked]
    met = _days(called["met_on"])[first[plan]]
    closed = _days(sips["closed_on"])[pd.Index(sips["sip_id"]).get_indexer(pd.Index(plans))][plan]
    principal = _principals(actor, rng)
    due = past_july(rng, after(met, rng.integers(30, 150, len(plan))))
    completed, cancelled = _outcomes(story, principal, met, due, closed, rng)
    return canonical(
        "sip_activities",
        {
            "sip_id": np.asarray(plans, dtype=object)[plan],
            "municipality_code": story.municipality.code,
            "activity_no": number,
            "principal": principal,
            "actor": actor,
            "due_on": due,
            "completed_on": completed,
            "cancelled_on": cancelled,
        },
    )


def _outcomes(
    story: Story, principal: Texts, met: Days, due: Days, closed: Days, rng: np.random.Generator
) -> tuple[Days, Days]:
    """When each was completed, and when cancelled: one of them or neither; closure cancels most of the rest."""
    count = len(due)
    late = rng.gamma(2.0, 1.0, count) * _by_principal(_DELAY_DAYS, principal)
    completed = np.maximum(after(due, late - 12), after(met, rng.integers(1, 8, count)))
    cancelled = after(met, np.floor(rng.random(count) * (due - met).astype(np.int64)))
    cancels, never = rng.random(count) < 0.07, rng.random(count) < _by_principal(_NEVER, principal)
    dropped = rng.random(count) < 0.6
    in_time = _by(completed, story.until) & ~(completed > closed)
    completed = only(completed, in_time & ~cancels & ~never)
    cancelled = only(cancelled, cancels & _by(cancelled, story.until) & ~(cancelled > closed))
    is_open = np.isnat(completed) & np.isnat(cancelled)
    return completed, np.where(is_open & dropped & ~np.isnat(closed), closed, cancelled)


def _principals(actor: Texts, rng: np.random.Generator) -> Texts:
    public = np.where(np.isin(actor, _MUNICIPAL), "municipality", "region")
    share = np.zeros(len(actor))
    for name, private in _PRIVATE.items():
        share[actor == name] = private
    return np.where(rng.random(len(actor)) < share, "private", public).astype(object)


def _by_principal(values: dict[str, float], principal: Texts) -> Shares:
    result = np.zeros(len(principal))
    for name, value in values.items():
        result[principal == name] = value
    return result


def _by(days: Days, last: np.datetime64) -> Flags:
    return np.asarray(days <= last, dtype=bool)


def _days(texts: pd.Series) -> Days:
    """ISO days of a canonical column; a blank is missing."""
    return texts.to_numpy(dtype=object).astype("datetime64[D]")
