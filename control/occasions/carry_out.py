"""Carrying out a control: what was found is saved, signed, and opened again only for a reason that is kept.

`seen` is the occasion's `edits` when the page was read (`control.locking`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from control.audit.actions import Action
from control.audit.log import record
from control.free_text import kept_text
from control.locking import change
from control.occasions.described import Described, describe
from control.occasions.figures import figures_of
from control.occasions.occasion import Occasion, Result, as_stored
from control.plan.content import Method
from control.plan.store import hold, is_closed
from control.reasons import kept_reason
from kpi.access import Viewer, check_can_carry_out
from kpi.access.rows import SHORTEST_REASON
from kpi.definition import Catalogue
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading, writes, writing
from warehouse.errors import UserError
from warehouse.plan_tables import control_occasion, sample_case

WHAT = "Kontrollmomentet"


@dataclass(frozen=True)
class Finding:
    """What a person writes about a control; what is not filled in yet is None. `probability` and `consequence`: the
    risk as it is judged now, as steps of the plan's scale."""

    result: str | None = None
    analysis: str | None = None
    probability: int | None = None
    consequence: int | None = None
    done_on: date | None = None


def save(engine: Engine, viewer: Viewer, number: int, seen: int, finding: Finding, *, today: date) -> None:
    """Keep what is written so far. AccessDenied, NotFound, ChangedMeanwhile, UserError for what may not be kept."""
    with writing(engine) as connection:
        found = open_occasion(connection, viewer, number)
        change_occasion(connection, found.occasion, seen, _checked(found, finding, today))
        tell(connection, viewer, Action.CONTROL_SAVED, found.occasion)


def sign(
    engine: Engine,
    viewer: Viewer,
    catalogue: Catalogue,
    number: int,
    seen: int,
    finding: Finding,
    *,
    today: date,
    at: datetime | None = None,
) -> None:
    """Sign the result, which then stands. What the figures proposed to the signer is kept beside it. Raises as `save`,
    and UserError when something is missing."""
    with reading(engine) as connection:
        found = open_occasion(connection, viewer, number)
        _, proposal = figures_of(connection, viewer, catalogue, read_organisation(connection), found)
    with writing(engine) as connection:
        found = open_occasion(connection, viewer, number)
        values = _checked(found, finding, today)
        _check_is_whole(connection, found, values)
        signature = {"status": "done", "signed_at": at or clock.now(), "signed_by": viewer.user}
        change_occasion(connection, found.occasion, seen, values | signature | {"proposal": proposal.as_json()})
        told = {name: values[name] for name in ("result", "probability", "consequence")}
        told |= {"done_on": str(values["done_on"]), "proposed": proposal.result.value if proposal.result else None}
        tell(connection, viewer, Action.CONTROL_SIGNED, found.occasion, details=told, at=at)


def reopen(engine: Engine, viewer: Viewer, number: int, seen: int, reason: str | None) -> None:
    """Take a signature back, to correct the result; what was signed is kept with the reason."""
    with writing(engine) as connection:
        found = _held(connection, viewer, number)
        if not found.occasion.is_done:
            raise UserError("Kontrollmomentet är inte undertecknat. Ändra resultatet direkt.")
        why = reason_to_change(reason, "Skriv varför resultatet ska rättas")
        earlier = [*map(dict, found.occasion.earlier), _as_signed(found.occasion, viewer, why)]
        values = {"status": "due", "signed_at": None, "signed_by": None, "proposal": None, "earlier": earlier}
        change_occasion(connection, found.occasion, seen, values)
        tell(connection, viewer, Action.CONTROL_REOPENED, found.occasion, reason=why)


def open_occasion(connection: Connection, viewer: Viewer, number: int) -> Described:
    """An occasion that the viewer may carry out now. AccessDenied, NotFound; UserError when it is signed or
    cancelled, or its plan is closed."""
    found = _held(connection, viewer, number)
    if found.occasion.is_done:
        raise UserError(
            "Kontrollmomentet är undertecknat och ändras inte. Öppna det igen och skriv varför, om det ska rättas."
        )
    if found.occasion.status == "cancelled":
        raise UserError("Kontrollmomentet utgår: planen har ändrats. Välj ett annat i listan.")
    return found


def _held(connection: Connection, viewer: Viewer, number: int) -> Described:
    """An occasion of a plan that is not closed; who writes has it and its plan alone until the transaction ends."""
    if writes(connection):
        hold(connection, describe(connection, number).occasion.plan_no)
        connection.execute(
            select(control_occasion.c.edits).where(control_occasion.c.occasion_no == number).with_for_update()
        )
    found = describe(connection, number)
    check_can_carry_out(viewer, found.occasion.board_code)
    if is_closed(connection, found.occasion.plan_no):
        raise UserError(
            "Kontrollmomentet ändras inte mer: nämnden har avslutat planen. Det som visar sig nu hör till årets plan."
        )
    return found


def change_occasion(connection: Connection, occasion: Occasion, seen: int, values: Mapping[str, Any]) -> None:
    """Update it, unless somebody else has since it was seen."""
    change(connection, control_occasion, control_occasion.c.occasion_no == occasion.number, seen, values, WHAT)


def reason_to_change(reason: str | None, ask: str) -> str:
    """A reason that says something. UserError otherwise."""
    why = kept_reason(reason) or ""
    if len(why) < SHORTEST_REASON:
        raise UserError(f"{ask}, med minst {SHORTEST_REASON} tecken. Skälet sparas.")
    return why


def _checked(found: Described, finding: Finding, today: date) -> dict[str, Any]:
    """As it is stored. UserError for what cannot be."""
    if finding.result is not None and finding.result not in set(Result):
        raise UserError("Resultatet är okänt. Välj ett i listan.")
    size, period, done_on = found.scale.size, found.occasion.period, finding.done_on
    for step, word in ((finding.probability, "Sannolikheten"), (finding.consequence, "Konsekvensen")):
        if step is not None and not 1 <= step <= size:
            raise UserError(f"{word} är utanför planens skala. Välj ett steg från 1 till {size}.")
    if done_on is not None and done_on > today:
        raise UserError("Dagen då kontrollen gjordes ligger framåt i tiden. Ange en dag som har varit.")
    if done_on is not None and done_on < period.first_day:
        raise UserError("Dagen då kontrollen gjordes ligger före perioden som kontrollen gäller. Ange en senare dag.")
    return {
        "result": finding.result,
        "analysis": kept_text(finding.analysis, "Analysen", is_required=False) or None,
        "probability": finding.probability,
        "consequence": finding.consequence,
        "done_on": done_on,
    }


def _check_is_whole(connection: Connection, found: Described, values: Mapping[str, Any]) -> None:
    """Whether it can be signed."""
    result = values["result"]
    if result is None:
        raise UserError("Resultatet saknas. Välj ett och underteckna igen.")
    if values["done_on"] is None:
        raise UserError("Dagen då kontrollen gjordes saknas. Ange den och underteckna igen.")
    if values["probability"] is None or values["consequence"] is None:
        raise UserError("Risken är inte bedömd. Välj sannolikhet och konsekvens och underteckna igen.")
    if result == Result.NOT_CARRIED_OUT:
        missing = "varför kontrollen inte genomfördes"
    elif result != Result.WITHOUT_REMARK:
        missing = "vad bristen består i och vad den beror på"
    elif _waiting(connection, found.occasion.number):
        missing = "varför inte alla lottade planer är granskade"
    else:
        missing = ""
    if missing and not values["analysis"]:
        raise UserError(f"Analysen saknas. Skriv {missing} och underteckna igen.")
    if found.control.method is Method.SAMPLE and found.occasion.sample is None and result != Result.NOT_CARRIED_OUT:
        raise UserError("Stickprovet är inte draget. Lotta det först, eller välj resultatet ”ej genomfört”.")


def _waiting(connection: Connection, number: int) -> int:
    """How many drawn plans are not reviewed."""
    table = sample_case
    where = (table.c.occasion_no == number, table.c.reviewed_on.is_(None))
    return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def _as_signed(occasion: Occasion, viewer: Viewer, why: str) -> dict[str, Any]:
    return {
        "result": occasion.result,
        "analysis": occasion.analysis,
        "probability": occasion.probability,
        "consequence": occasion.consequence,
        "done_on": str(occasion.done_on),
        "sample": as_stored(occasion.sample) if occasion.sample is not None else None,
        "signed_at": clock.utc(occasion.signed_at).isoformat() if occasion.signed_at else None,
        "signed_by": occasion.signed_by,
        "reopened_at": clock.utc(clock.now()).isoformat(),
        "reopened_by": viewer.user,
        "reason": why,
    }


def tell(connection: Connection, viewer: Viewer, action: Action, occasion: Occasion, **more: Any) -> None:
    """The event of what was done with an occasion."""
    record(
        connection,
        viewer,
        action,
        f"kontrollmoment {occasion.number}: {occasion.control_id}, {occasion.period}",
        municipality_code=occasion.municipality_code,
        board_code=occasion.board_code,
        **more,
    )
