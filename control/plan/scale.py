"""How risks are judged: the steps of probability and consequence with their words, set per municipality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from control.audit.actions import Action
from control.audit.log import record
from control.free_text import kept_text
from control.locking import ChangedMeanwhile, change
from control.plan.content import PlanContent, Risk, Scale, Step
from control.release.rule import board_of
from kpi.access import Viewer, check_can_set_scale
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.plan_tables import risk_scale

SIZES = (4, 5)
_LONGEST_WORD, _LONGEST_MEANING = 40, 200
_ADAPTER = TypeAdapter(Scale)


def _steps(*steps: tuple[str, str]) -> tuple[Step, ...]:
    return tuple(Step(*one) for one in steps)


DEFAULT = Scale(
    _steps(
        ("osannolik", "vi har aldrig sett det och väntar det inte"),
        ("mindre sannolik", "det kan hända, men vi har inte sett det på flera år"),
        ("möjlig", "det har hänt och kan hända igen under året"),
        ("sannolik", "det händer återkommande, eller kommer att hända under året"),
    ),
    _steps(
        ("försumbar", "märks inte för barn och familjer"),
        ("lindrig", "uppfattas som liten, rättas i det dagliga arbetet"),
        ("kännbar", "barn och familjer får sämre eller senare stöd"),
        ("allvarlig", "ett barn far illa, eller lagen följs inte"),
    ),
)
"""Four steps; what a municipality has until it sets its own."""
FIVE = Scale(
    _steps(
        ("osannolik", "vi har aldrig sett det och väntar det inte"),
        ("mindre sannolik", "det kan hända, men vi har inte sett det på flera år"),
        ("möjlig", "det har hänt någon gång de senaste åren"),
        ("sannolik", "det kommer troligen att hända under året"),
        ("mycket sannolik", "det händer återkommande"),
    ),
    _steps(
        ("försumbar", "märks inte för barn och familjer"),
        ("lindrig", "uppfattas som liten, rättas i det dagliga arbetet"),
        ("kännbar", "barn och familjer får sämre eller senare stöd"),
        ("allvarlig", "barn står utan stöd, eller lagen följs inte"),
        ("mycket allvarlig", "ett barn far illa"),
    ),
)
"""Five steps, to begin from."""


class Band(StrEnum):
    """How a risk value is told."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def band_of(scale: Scale, value: int) -> Band:
    """High from three fifths of the greatest value (12 of 16, 15 of 25), low under a quarter (1–3, 1–6)."""
    greatest = scale.size**2
    if 5 * value >= 3 * greatest:
        return Band.HIGH
    return Band.LOW if 4 * value < greatest else Band.MEDIUM


@dataclass(frozen=True)
class KeptScale:
    """The scale in force. `edits`: what its changer states; 0 while the municipality has set none."""

    scale: Scale
    edits: int


def scale_of(connection: Connection, municipality_code: str) -> KeptScale:
    """What the municipality has set, else the default."""
    row = connection.execute(select(risk_scale).where(risk_scale.c.municipality_code == municipality_code)).first()
    return KeptScale(DEFAULT, 0) if row is None else KeptScale(_ADAPTER.validate_python(row.content), row.edits)


def set_scale(
    engine: Engine, viewer: Viewer, board_code: str, scale: Scale, seen: int, *, at: datetime | None = None
) -> None:
    """Set the scale of the board's municipality. Plans that are begun keep the one that they began with.

    AccessDenied, UserError for an unknown board or a scale that is none, ChangedMeanwhile.
    """
    check_can_set_scale(viewer, board_code)
    kept = _kept(scale)
    moment = at or clock.now()
    with writing(engine) as connection:
        code = board_of(read_organisation(connection), board_code).municipality_code or ""
        values = {"content": _ADAPTER.dump_python(kept, mode="json"), "set_at": moment, "set_by": viewer.user}
        if seen:
            change(connection, risk_scale, risk_scale.c.municipality_code == code, seen, values, "Riskskalan")
        else:
            try:
                connection.execute(insert(risk_scale).values(municipality_code=code, edits=1, **values))
            except IntegrityError:
                raise ChangedMeanwhile("Riskskalan") from None
        record(
            connection, viewer, Action.RISK_SCALE_SET, f"Riskskala med {kept.size} steg",
            municipality_code=code, board_code=board_code, details={"steps": kept.size}, at=moment,
        )  # fmt: skip


def _kept(scale: Scale) -> Scale:
    if scale.size not in SIZES or len(scale.consequence) != scale.size:
        raise UserError("Riskskalan ska ha fyra eller fem steg, lika många för sannolikhet och konsekvens. Välj antal.")

    def kept(steps: tuple[Step, ...], name: str) -> tuple[Step, ...]:
        found = tuple(
            Step(
                kept_text(one.word, f"{name}, ordet för steg {number},", longest=_LONGEST_WORD),
                kept_text(one.meaning, f"{name}, betydelsen av steg {number},", longest=_LONGEST_MEANING),
            )
            for number, one in enumerate(steps, 1)
        )
        if len({one.word.casefold() for one in found}) < len(found):
            raise UserError(f"{name} har två steg med samma ord. Ge varje steg ett eget ord.")
        return found

    return Scale(kept(scale.probability, "Sannolikhet"), kept(scale.consequence, "Konsekvens"))


def rescaled(content: PlanContent, scale: Scale) -> PlanContent:
    """The content on another scale: each step goes where it lies as far from the ends, halves upwards."""

    def moved(step: int) -> int:
        old, new = content.scale.size - 1, scale.size - 1
        return 1 + (2 * (step - 1) * new + old) // (2 * old)

    if content.scale.size == scale.size:
        return replace(content, scale=scale)
    risks: tuple[Risk, ...] = tuple(
        replace(one, probability=moved(one.probability), consequence=moved(one.consequence)) for one in content.risks
    )
    return PlanContent(scale, risks)
