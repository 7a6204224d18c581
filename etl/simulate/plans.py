"""Plans from initiative to first meeting: who called, whether the call was complete, consent, and what may end them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.simulate.days import after, numbered_by_year, only, past_july, spread
from etl.simulate.organisation import units
from etl.simulate.people import Children, adult_on, draw
from etl.simulate.story import Days, Flags, Story, Texts

_SEASON = (1.0, 1.1, 1.15, 1.05, 1.15, 0.8, 0.3, 0.75, 1.2, 1.2, 1.15, 0.85)
"""Work follows the school year: July is still."""

_INITIATORS = {
    "socialtjanst": 0.44, "skola": 0.21, "elevhalsa": 0.12, "forskola": 0.04, "bup": 0.07, "habilitering": 0.04,
    "bum": 0.03, "bvc": 0.02, "vardnadshavare": 0.03,
}  # fmt: skip
_MAY_CALL = ("socialtjanst", "skola", "elevhalsa", "forskola", "bup", "habilitering")


@dataclass(frozen=True)
class Plans:
    """One row per plan, in the order they began; days not reached are missing.

    `ends_on`, `end_reason`: what ends the plan from outside whether it has done its work or not (moving, withdrawn
    consent, turning 18); not yet cut at the story's last day.
    """

    sip_id: Texts
    unit: Texts
    children: Children
    initiator: Texts
    caller: Texts
    initiated_on: Days
    called_on: Days
    mapped_on: Days
    met_on: Days
    purpose: Flags
    question: Flags
    consent: Texts
    consent_on: Days
    coordinator: Flags
    lead: Texts
    voice: Texts
    ends_on: Days
    end_reason: Texts

    def __len__(self) -> int:
        return len(self.sip_id)


def begin(story: Story, rng: np.random.Generator) -> Plans:
    """Every plan that begins in the window."""
    initiated = spread(rng, story.window, story.plans_a_year, _SEASON)
    initiated = initiated[initiated <= story.until]
    count = len(initiated)
    children = draw(rng, initiated)
    unit = _units(story, rng, count)

    initiator = rng.choice(list(_INITIATORS), size=count, p=np.array(list(_INITIATORS.values()))).astype(object)
    initiator[(initiator == "forskola") & (children.age > 6)] = "skola"
    initiator[(initiator == "bvc") & (children.age > 5)] = "elevhalsa"
    delegates = ~np.isin(initiator, _MAY_CALL) | (rng.random(count) < 0.05)
    caller = np.where(delegates, "socialtjanst", initiator).astype(object)

    slow = np.where(story.turnover.holds(initiated), 1.25, 1.0)
    called = _until(story, after(initiated, 1 + rng.gamma(2.0, 4.0, count)))
    mapped = after(called, rng.gamma(2.0, 3.0, count))
    meets = past_july(rng, after(called, 5 + rng.gamma(2.6, 7.2, count) * slow))
    drawn = rng.random(count)
    consent = np.select(
        [drawn < 0.07, drawn < 0.12, drawn < 0.15], ["declined", "unknown", "withdrawn"], "given"
    ).astype(object)
    answered = after(initiated, rng.integers(0, 6, count))
    held = (consent != "declined") & (rng.random(count) > 0.05)
    met = _until(story, only(meets, held))
    mapped = _until(story, only(np.minimum(mapped, meets), rng.random(count) < 0.8))

    ends_on, end_reason = _ends(rng, children, meets, consent, answered)
    called, mapped, met = (only(days, ~(days > ends_on)) for days in (called, mapped, met))
    withdrawn = (end_reason == "consent_withdrawn") & (ends_on <= story.until)
    consent = np.where((consent == "withdrawn") & ~withdrawn, "given", consent).astype(object)
    consent_on = np.where(withdrawn, ends_on, only(answered, consent != "unknown"))
    consent = np.where(consent_on > story.until, "unknown", consent).astype(object)
    consent_on = _until(story, consent_on)
    met = only(met, consent != "declined")

    purpose, question = story.call_states(called)
    is_called = ~np.isnat(called)
    established = ~np.isnat(met)
    lead = rng.choice(["municipality", "region", ""], size=count, p=[0.7, 0.17, 0.13]).astype(object)
    return Plans(
        sip_id=numbered_by_year("SIP", initiated),
        unit=unit,
        children=children,
        initiator=initiator,
        caller=caller,
        initiated_on=initiated,
        called_on=called,
        mapped_on=mapped,
        met_on=met,
        purpose=is_called & (rng.random(count) < purpose),
        question=is_called & (rng.random(count) < question),
        consent=consent,
        consent_on=consent_on,
        coordinator=established & (rng.random(count) < 0.87),
        lead=np.where(established, lead, "").astype(object),
        voice=_voices(rng, children.age, established),
        ends_on=ends_on,
        end_reason=end_reason,
    )


def _until(story: Story, days: Days) -> Days:
    return only(days, days <= story.until)


def _units(story: Story, rng: np.random.Generator, count: int) -> Texts:
    holders = [unit for unit in units(story.municipality) if unit.plans > 0]
    weights = np.array([unit.plans for unit in holders])
    return rng.choice([unit.local for unit in holders], size=count, p=weights / weights.sum()).astype(object)


def _ends(
    rng: np.random.Generator, children: Children, meets: Days, consent: Texts, answered: Days
) -> tuple[Days, Texts]:
    """What ends each plan from outside, the earliest first; every child turns 18 some day."""
    count = len(meets)
    adult = adult_on(children)
    moves = only(after(meets, rng.integers(20, 500, count)), rng.random(count) < 0.05)
    withdraws = only(after(meets, rng.integers(15, 200, count)), consent == "withdrawn")
    declines = only(after(answered, rng.integers(0, 15, count)), consent == "declined")
    days = np.stack([np.where(np.isnat(choice), adult, choice) for choice in (declines, withdraws, moves)] + [adult])
    first = days.argmin(axis=0)
    reason = np.array(["other", "consent_withdrawn", "moved", "age_18"], dtype=object)[first]
    reason[days.min(axis=0) == adult] = "age_18"
    return days.min(axis=0), reason


def _voices(rng: np.random.Generator, age: np.ndarray, established: Flags) -> Texts:
    drawn = rng.random(len(age))
    small = np.select([drawn < 0.6, drawn < 0.7], ["observed", "attended"], "none")
    older = np.select([drawn < 0.62, drawn < 0.74, drawn < 0.86], ["attended", "statement", "asked_declined"], "none")
    return np.where(established, np.where(age < 5, small, older), "").astype(object)
