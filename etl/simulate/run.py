"""One round of deliveries from seven simulated source systems: the same arguments give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from etl.simulate.activities import simulate_activities
from etl.simulate.agreements import simulate_agreements
from etl.simulate.canonical_files import write_context, write_organisation, write_population, write_region
from etl.simulate.centres import simulate_referrals
from etl.simulate.competence import simulate_survey, simulate_training
from etl.simulate.context import municipality_context, region_context
from etl.simulate.deviations import simulate_deviations
from etl.simulate.draws import Draw, generator
from etl.simulate.files import MARK
from etl.simulate.forums import simulate_meetings
from etl.simulate.frames import Frames
from etl.simulate.readme import write_readme
from etl.simulate.reference import municipality
from etl.simulate.reviews import simulate_reviews
from etl.simulate.sips import simulate_sips
from etl.simulate.story import Story, tell
from etl.simulate.systems import (
    case_system,
    centre_sheet,
    collaboration_register,
    deviation_system,
    planning_activities,
    planning_reviews,
    planning_support,
    survey_tool,
    training_register,
)
from warehouse import clock
from warehouse.errors import UserError

Progress = Callable[[str, int, int], None]

HELD_MUNICIPALITY = "1233"
"""Whose deviation export breaks the five per cent rule when a held delivery is asked for."""
_MOST_MONTHS = 240


def simulate(
    out: Path,
    *,
    municipalities: Sequence[str],
    months: int,
    seed: int,
    events: int | None = None,
    until: date | None = None,
    progress: Progress | None = None,
    blemishes: bool = True,
    held: bool = False,
) -> list[Path]:
    """Write deliveries for `months` months, the last of which holds `until` (default today); the files, sorted.

    `events`: about how many rows of events in total, instead of plausible numbers. `blemishes`: each file holds a few
    bad rows, as real exports do. `held`: Vellinge's deviation export breaks the five per cent rule, so that loading it
    waits for a controller. UserError for arguments that make no sense.
    """
    _check(out, municipalities, months, seed, events)
    until = until or clock.today()
    chosen = [municipality(code) for code in municipalities]
    plausible = [tell(each, months=months, until=until) for each in chosen]
    factor = 1.0 if events is None else events / sum(story.expected_events for story in plausible)
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for region in sorted({each.region_code for each in chosen}):
        context = region_context(region, plausible[0], generator(seed, region, Draw.CONTEXT))
        written += write_region(out, region) + write_context(out, f"region-{region}", context)
    for place, each in enumerate(chosen):
        if progress is not None:
            progress(f"Simulerar {each.name}", place, len(chosen))
        story = tell(each, months=months, until=until, factor=factor)
        written += write_organisation(out, each) + write_population(out, each)
        written += write_context(out, each.code, municipality_context(story, generator(seed, each.code, Draw.CONTEXT)))
        written += _write_systems(out, story, seed, blemishes=blemishes, breaks=held and each.code == HELD_MUNICIPALITY)
    if progress is not None:
        progress("Simulerar", len(chosen), len(chosen))
    written.append(write_readme(out, chosen, months=months, until=until, seed=seed, held=held))
    return sorted(written)


def tell_frames(story: Story, seed: int) -> Frames:
    """Everything that happens in one municipality, as canonical rows by dataset. Pure."""
    code = story.municipality.code
    frames = simulate_sips(story, generator(seed, code, Draw.SIPS))
    frames["sip_activities"] = simulate_activities(
        story, frames["sips"], frames["sip_participants"], generator(seed, code, Draw.ACTIVITIES)
    )
    frames["sip_reviews"] = simulate_reviews(story, frames["sips"], generator(seed, code, Draw.REVIEWS))
    frames["deviations"] = simulate_deviations(story, frames["sips"], generator(seed, code, Draw.DEVIATIONS))
    frames |= simulate_referrals(story, generator(seed, code, Draw.REFERRALS))
    frames["training"] = simulate_training(story, generator(seed, code, Draw.TRAINING))
    frames["survey_answers"] = simulate_survey(story, generator(seed, code, Draw.SURVEY))
    frames["agreements"] = simulate_agreements(story, generator(seed, code, Draw.AGREEMENTS))
    frames["meetings"] = simulate_meetings(story, generator(seed, code, Draw.MEETINGS))
    return frames


def _write_systems(out: Path, story: Story, seed: int, *, blemishes: bool, breaks: bool) -> list[Path]:
    code = story.municipality.code
    for old in out.glob(f"*_{MARK}_{code}*"):
        old.unlink()  # an earlier round may have had more parts
    frames = tell_frames(story, seed)

    return [
        *case_system.write(out, story, frames["sips"], generator(seed, code, Draw.CASE_SYSTEM), blemishes=blemishes),
        *planning_support.write(out, story, frames, generator(seed, code, Draw.PLANNING), blemishes=blemishes),
        *planning_activities.write(out, story, frames["sip_activities"], blemishes=blemishes),
        *planning_reviews.write(out, story, frames["sip_reviews"], blemishes=blemishes),
        *deviation_system.write(out, story, frames["deviations"], blemishes=blemishes, breaks=breaks),
        *centre_sheet.write(out, story, frames, blemishes=blemishes),
        *training_register.write(
            out, story, frames["training"], generator(seed, code, Draw.REGISTER), blemishes=blemishes
        ),
        *survey_tool.write(
            out, story, frames["survey_answers"], generator(seed, code, Draw.SURVEY_TOOL), blemishes=blemishes
        ),
        *collaboration_register.write(out, story, frames, blemishes=blemishes),
    ]


def _check(out: Path, municipalities: Sequence[str], months: int, seed: int, events: int | None) -> None:
    if out.exists() and not out.is_dir():
        raise UserError(f"{out.name} är ingen mapp. Ange en mapp att skriva de simulerade leveranserna i.")
    if not municipalities:
        raise UserError("Ingen kommun är angiven. Ange minst en kommunkod, till exempel 1287.")
    if twice := sorted({code for code in municipalities if list(municipalities).count(code) > 1}):
        raise UserError(f"Kommunen {twice[0]} är angiven flera gånger. Ange varje kommun en gång.")
    if not 1 <= months <= _MOST_MONTHS:
        raise UserError(f"Antalet månader är {months}. Ange 1–{_MOST_MONTHS}.")
    if seed < 0:
        raise UserError(f"Fröet är {seed}. Ange ett heltal som är 0 eller större.")
    if events is not None and events < 1:
        raise UserError(f"Antalet händelser är {events}. Ange ett heltal som är 1 eller större.")
