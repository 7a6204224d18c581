"""Reviewing a sample of plans (SIP) against the law's four contents: drawn from the source, recorded plan by plan.

It names cases by their numbers in the source, so each draw, list and review is recorded as a read of rows about
persons, with the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select

from control.audit.actions import Action
from control.locking import change
from control.occasions.carry_out import change_occasion, open_occasion, tell
from control.occasions.described import Described, describe
from control.occasions.law import Law, law_on
from control.occasions.occasion import Sample, as_stored
from control.occasions.samples import sample_size
from control.sampling import draw, fingerprint, new_key, new_seed
from kpi import format as text
from kpi.access import Viewer, check_can_read_control, check_can_review_sample
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from kpi.views.reviewed_plans import plans_to_review
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.plan_tables import sample_case

CONTENTS = ("needs_stated", "responsibilities_stated", "other_measures_stated", "lead_principal_stated")
"""What a plan must say by law, in the law's order."""
OF_PLANS = "planer (SIP) med första möte i perioden"


@dataclass(frozen=True)
class ReviewedPlan:
    """A drawn plan. `contents`: whether it holds each of the law's four, in the order of `CONTENTS`; None while it is
    not reviewed."""

    number: int
    row_no: int
    municipality_code: str
    unit_code: str
    sip_id: str
    law: Law
    reviewed_on: date | None
    reviewed_by: str | None
    contents: tuple[bool, ...] | None
    edits: int


@dataclass(frozen=True)
class Progress:
    """How many drawn plans are reviewed, how many of those hold all four contents, and what they were drawn from."""

    drawn: int
    reviewed: int
    whole: int
    sample: Sample | None = field(default=None, compare=False)


def draw_plans(engine: Engine, viewer: Viewer, number: int, seen: int, *, at: datetime | None = None) -> Sample:
    """Draw the control's number of plans among those that the board established in its period. Once: who could draw
    again would choose.

    AccessDenied, NotFound, ChangedMeanwhile; UserError when it is drawn already, when nothing is to be drawn from, and
    before the period has ended: a plan that is established later could never be drawn.
    """
    today = clock.local(at or clock.now()).date()
    with reading(engine) as connection:
        found = _review(connection, viewer, number)
        if today <= found.occasion.period.last_day:
            raise UserError(
                f"Perioden är inte slut förrän {text.day(found.occasion.period.last_day)}. Planer som upprättas efter "
                "lottningen skulle aldrig kunna dras. Lotta när perioden är slut."
            )
        board, period = found.occasion.board_code, found.occasion.period
        plans = plans_to_review(connection, viewer, read_organisation(connection), board, period)
    if not plans:
        raise UserError(
            "Inga planer har upprättats i perioden enligt de leveranser som finns, så det finns inget att lotta bland. "
            "Vänta på leveransen, eller underteckna som ”ej genomfört” med skälet."
        )
    seed, size = new_seed(), min(sample_size(found), len(plans))
    by_key = {one.key: one for one in plans}
    drawn = [by_key[key] for key in draw(by_key, size, seed)]
    key = new_key()
    sample = Sample(OF_PLANS, len(plans), size, seed, (), fingerprint(by_key, key), key)
    with writing(engine) as connection:
        found = _review(connection, viewer, number)
        if found.occasion.sample is not None:
            raise UserError("Planerna är redan lottade. Granska dem som står i listan.")
        change_occasion(connection, found.occasion, seen, {"sample": as_stored(sample)})
        connection.execute(
            insert(sample_case),
            [
                {
                    "occasion_no": number,
                    "municipality_code": one.key[0],
                    "unit_code": one.unit_code,
                    "sip_id": one.key[1],
                    "row_no": row_no,
                    "seed": seed,
                    "law": law_on(one.established_on),
                    "edits": 0,
                }
                for row_no, one in enumerate(drawn, 1)
            ],
        )
        told = {"population": len(plans), "size": size, "seed": seed, "hash": sample.fingerprint}
        keys = [one.key[1] for one in drawn]
        tell(connection, viewer, Action.PLANS_DRAWN, found.occasion, rows=keys, details=told, at=at)
    return sample


def read_drawn(engine: Engine, viewer: Viewer, number: int, *, at: datetime | None = None) -> tuple[ReviewedPlan, ...]:
    """The drawn plans in the order drawn, recorded with their keys before they are given. Raises as `draw_plans`."""
    with writing(engine) as connection:
        occasion = describe(connection, number).occasion
        check_can_review_sample(viewer, occasion.board_code)
        table = sample_case
        rows = connection.execute(select(table).where(table.c.occasion_no == number).order_by(table.c.row_no)).all()
        found = tuple(map(_plan, rows))
        if found:
            tell(connection, viewer, Action.ROWS_READ, occasion, rows=[one.sip_id for one in found], at=at)
    return found


def review_plan(
    engine: Engine,
    viewer: Viewer,
    case_no: int,
    seen: int,
    contents: Sequence[bool | None],
    *,
    today: date,
    at: datetime | None = None,
) -> ReviewedPlan:
    """Record which of the four contents a drawn plan holds. AccessDenied, NotFound, ChangedMeanwhile; UserError for an
    answer that is missing, or when the control is signed."""
    table = sample_case
    with writing(engine) as connection:
        row = connection.execute(select(table).where(table.c.case_no == case_no)).one_or_none()
        if row is None:
            raise NotFound("Planen finns inte i något urval. Ladda om sidan och välj i listan.")
        found = _review(connection, viewer, row.occasion_no)
        answers = list(contents)
        if len(answers) != len(CONTENTS) or None in answers:
            raise UserError(f"Plan {row.row_no} har frågor utan svar. Svara ja eller nej på alla fyra och spara igen.")
        values = dict(zip(CONTENTS, map(int, map(bool, answers)), strict=True))
        signed: dict[str, Any] = {"reviewed_on": today, "reviewed_by": viewer.user}
        change(connection, table, table.c.case_no == case_no, seen, values | signed, f"Plan {row.row_no}")
        tell(connection, viewer, Action.PLAN_REVIEWED, found.occasion, rows=[row.sip_id], details=values, at=at)
        return _plan(connection.execute(select(table).where(table.c.case_no == case_no)).one())


def progress(connection: Connection, viewer: Viewer, number: int) -> Progress:
    """How far the review has come; no keys. AccessDenied for another board's."""
    occasion = describe(connection, number).occasion
    check_can_read_control(viewer, occasion.board_code)
    table = sample_case
    is_whole = sum((table.c[one] for one in CONTENTS[1:]), table.c[CONTENTS[0]]) == len(CONTENTS)
    row = connection.execute(
        select(
            func.count(),
            func.count(table.c.reviewed_on),
            func.count().filter(table.c.reviewed_on.is_not(None), is_whole),
        ).where(table.c.occasion_no == number)
    ).one()
    return Progress(*row, occasion.sample)


def _review(connection: Connection, viewer: Viewer, number: int) -> Described:
    found = describe(connection, number)
    check_can_review_sample(viewer, found.occasion.board_code)
    if not found.is_review:
        raise UserError("Kontrollmomentet gäller inte granskning av planer. Välj ett som gör det i listan.")
    return open_occasion(connection, viewer, number)


def _plan(row: Row[Any]) -> ReviewedPlan:
    contents = tuple(bool(getattr(row, name)) for name in CONTENTS) if row.reviewed_on is not None else None
    return ReviewedPlan(
        row.case_no,
        row.row_no,
        row.municipality_code,
        row.unit_code,
        row.sip_id,
        Law(row.law),
        row.reviewed_on,
        row.reviewed_by,
        contents,
        row.edits,
    )
