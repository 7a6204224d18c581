"""The familjecentral's referrals between its parties: a row each, or only counts by month and direction."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.days import after, only, spread
from etl.simulate.frames import Frames, canonical
from etl.simulate.organisation import CENTRE, has_centre
from etl.simulate.story import Days, Story

_SEASON = (1.0, 1.05, 1.1, 1.0, 1.05, 0.85, 0.35, 0.8, 1.15, 1.2, 1.15, 0.85)
_FLOWS = {
    ("bvc", "socialtjanst"): 0.17, ("bvc", "primarvard"): 0.21, ("bvc", "oppen_forskola"): 0.17,
    ("mvc", "socialtjanst"): 0.08, ("mvc", "primarvard"): 0.1, ("mvc", "bvc"): 0.08,
    ("oppen_forskola", "socialtjanst"): 0.06, ("oppen_forskola", "bvc"): 0.04, ("socialtjanst", "bvc"): 0.04,
    ("socialtjanst", "primarvard"): 0.05,
}  # fmt: skip
"""Share of each direction (from, to)."""


def simulate_referrals(story: Story, rng: np.random.Generator) -> Frames:
    """`referrals` or `referral_counts` of the municipality's centre, never both; nothing without a centre."""
    if not has_centre(story.municipality):
        return {}
    referred = spread(rng, story.window, story.referrals_a_year, _SEASON)
    referred = referred[referred <= story.until]
    count = len(referred)
    flows = np.array(list(_FLOWS), dtype=object)
    flow = rng.choice(len(flows), size=count, p=list(_FLOWS.values()))
    from_actor, to_actor = flows[flow, 0], flows[flow, 1]

    # In one period referrals toward primary care get lost: fewer are sent on, and most of those reach nobody.
    to_primary_care = (to_actor == "primarvard") & story.loss.holds(referred)
    registered = ~(to_primary_care & (rng.random(count) < 0.45))
    # After it every family is called back: nearly all are reached, and sooner.
    called_back = referred >= story.loss.end
    reaches = rng.random(count) < np.where(to_primary_care, 0.35, np.where(called_back, 0.985, 0.93))
    received = only(after(referred, rng.integers(0, 8, count)), reaches)
    days = rng.gamma(2.0, 1.0, count) * np.where(called_back, 4.0, 7.0)
    contact = only(after(received, days), rng.random(count) < np.where(called_back, 0.985, 0.93))
    declined = reaches & np.isnat(contact) & (rng.random(count) < 0.5)
    if story.counts_referrals:
        return {"referral_counts": _counts(story, referred[registered], from_actor[registered], to_actor[registered])}

    def until(days: Days) -> Days:
        return only(days, days <= story.until)

    old = referred + np.timedelta64(60, "D") <= story.until
    received, contact = until(received), until(contact)
    arrived = ~np.isnat(received)
    outcome = np.select([declined & arrived, arrived, old], ["declined", "received", "no_contact"], "")
    year = referred.astype("datetime64[Y]").astype(np.int64) + 1970
    frame = canonical(
        "referrals",
        {
            "referral_id": np.array([f"H{y}-{n:06}" for n, y in enumerate(year, start=1)], dtype=object),
            "municipality_code": story.municipality.code,
            "centre_code": f"{story.municipality.code}-{CENTRE}",
            "from_actor": from_actor,
            "to_actor": to_actor,
            "referred_on": referred,
            "received_on": received,
            "first_contact_on": contact,
            "outcome": outcome.astype(object),
        },
    )
    return {"referrals": frame[registered].reset_index(drop=True)}


def _counts(story: Story, referred: Days, from_actor: np.ndarray, to_actor: np.ndarray) -> pd.DataFrame:
    """A count per month and direction; a sheet holds no zeros, so neither do the rows."""
    counted = (
        pd.DataFrame({"month": referred.astype("datetime64[M]").astype(str), "from": from_actor, "to": to_actor})
        .groupby(["month", "from", "to"], sort=True)
        .size()
        .reset_index(name="referred")
    )
    return canonical(
        "referral_counts",
        {
            "municipality_code": story.municipality.code,
            "centre_code": f"{story.municipality.code}-{CENTRE}",
            "month": counted["month"].to_numpy(dtype=object),
            "from_actor": counted["from"].to_numpy(dtype=object),
            "to_actor": counted["to"].to_numpy(dtype=object),
            "referred": counted["referred"].to_numpy(),
        },
    )
