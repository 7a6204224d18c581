"""A sample of anything that can be numbered: so many of so many, drawn by the system."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from control.audit.actions import Action
from control.free_text import kept_text
from control.occasions.carry_out import change_occasion, open_occasion, reason_to_change, tell
from control.occasions.described import Described
from control.occasions.occasion import Sample, as_stored
from control.sampling import draw, fingerprint, new_key, new_seed
from kpi.access import Viewer
from warehouse.database import writing
from warehouse.errors import UserError

MOST = 100_000
"""Things in a list to draw from."""


def draw_sample(
    engine: Engine,
    viewer: Viewer,
    number: int,
    seen: int,
    *,
    of: str | None,
    population: int | None,
    reason: str | None = None,
) -> Sample:
    """Draw as many numbers as the plan says out of 1..population. `of`: what is numbered, in words.

    AccessDenied, NotFound, ChangedMeanwhile. UserError for a size that will not do, and for drawing again without a
    reason: whoever could draw until it suits would choose.
    """
    with writing(engine) as connection:
        found = open_occasion(connection, viewer, number)
        size = sample_size(found)
        if found.is_review:
            raise UserError("Planerna lottas ur källan. Använd formuläret för granskning av planer.")
        what = kept_text(of, "Vad det lottas bland", longest=200)
        if population is None or not 1 <= population <= MOST:
            raise UserError(f"Antalet att lotta bland ska vara ett heltal mellan 1 och {MOST}. Ändra antalet.")
        before = found.occasion.sample
        why = reason_to_change(reason, "Stickprovet är redan draget. Skriv varför det ska dras om") if before else None
        seed, drawn = new_seed(), min(size, population)
        key, numbers = new_key(), range(1, population + 1)
        proof = fingerprint([what, *map(str, numbers)], key)
        sample = Sample(what, population, drawn, seed, tuple(draw(numbers, drawn, seed)), proof, key)
        change_occasion(connection, found.occasion, seen, {"sample": as_stored(sample)})
        details: dict[str, Any] = {"of": what, "population": population, "size": drawn, "seed": seed, "hash": proof}
        if before is not None:
            details["before"] = {"of": before.of, "population": before.population, "seed": before.seed}
        tell(connection, viewer, Action.SAMPLE_DRAWN, found.occasion, reason=why, details=details)
    return sample


def sample_size(found: Described) -> int:
    """How many the plan says. UserError when it does not."""
    if not found.control.sample_size:
        raise UserError("Planen säger inte hur stort stickprovet ska vara. Ändra kontrollmomentet i planen.")
    return found.control.sample_size
