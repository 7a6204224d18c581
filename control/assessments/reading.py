"""Reads assessments: a board's of a period, by subject and side, with what came before; and all that are confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from control.assessments.scales import Subject
from kpi.access import Role, Side, Viewer, check_can_read_control
from kpi.period import Period
from warehouse import clock
from warehouse.assessment_tables import assessment

Matter = tuple[str, Subject, Side, str | None]
"""Whose view of what: board, subject, side and, of a unit, its code."""


@dataclass(frozen=True)
class Assessment:
    """A signed judgement. `follows`: the number of the one that it replaces, of the same matter and period. The roles
    are those by which it was signed and confirmed; None where they were not kept."""

    number: int
    municipality_code: str
    board_code: str
    unit_code: str | None
    period: Period
    subject: Subject
    side: Side
    grade: int
    motivation: str
    is_without_evidence: bool
    follows: int | None
    signed_at: datetime
    signed_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    signed_role: Role | None = None
    confirmed_role: Role | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether a second person has confirmed it; until then it counts nowhere."""
        return self.confirmed_by is not None

    @property
    def matter(self) -> Matter:
        """Whose view of what."""
        return self.board_code, self.subject, self.side, self.unit_code


@dataclass(frozen=True)
class View:
    """A side's view of a subject in a period. `current`: the newest confirmed one; `waiting`: a newer one that waits
    for a second person; `earlier`: all others of the matter, the newest first."""

    subject: Subject
    side: Side
    unit_code: str | None
    current: Assessment | None
    waiting: Assessment | None
    earlier: tuple[Assessment, ...]

    @property
    def previous(self) -> Assessment | None:
        """What counted in the nearest earlier period that has something."""
        shown = self.current or self.waiting
        return next(
            (one for one in self.earlier if one.is_confirmed and (shown is None or one.period < shown.period)), None
        )

    @property
    def newest(self) -> Assessment | None:
        """What the next assessment of the period follows."""
        return self.waiting or self.current


def board_views(connection: Connection, viewer: Viewer, board_code: str, period: Period) -> tuple[View, ...]:
    """Every subject as the presidium and the administration see it, then the units that have ever assessed it.
    AccessDenied for who does not read the board's internal control."""
    check_can_read_control(viewer, board_code)
    found = _read(connection, assessment.c.board_code == board_code)
    units = sorted({one.unit_code for one in found if one.unit_code})
    sides = [(Side.PRESIDIUM, None), (Side.ADMINISTRATION, None), *((Side.UNIT, unit) for unit in units)]
    views = [_view(found, (board_code, subject, side, unit), period) for subject in Subject for side, unit in sides]
    return tuple(one for one in views if one.side is not Side.UNIT or one.newest or one.earlier)


def view_of(views: Iterable[View], subject: Subject, side: Side, unit_code: str | None = None) -> View:
    """The view of a matter; an empty one where nothing is assessed yet."""
    wanted = subject, side, unit_code
    return next(
        (one for one in views if (one.subject, one.side, one.unit_code) == wanted), View(*wanted, None, None, ())
    )


def periods_assessed(connection: Connection, viewer: Viewer, board_code: str) -> tuple[Period, ...]:
    """The periods that the board has assessments of, the newest first. AccessDenied as `board_views`."""
    check_can_read_control(viewer, board_code)
    codes = connection.scalars(
        select(assessment.c.period).where(assessment.c.board_code == board_code).distinct()
    ).all()
    return tuple(sorted(map(Period.from_code, codes), reverse=True))


def find(connection: Connection, number: int) -> Assessment | None:
    """The assessment of that number. The caller asks who may know of it."""
    return next(iter(_read(connection, assessment.c.assessment_no == number)), None)


def newest(connection: Connection, matter: Matter, period: Period) -> Assessment | None:
    """What a new assessment of the matter in the period follows. The caller asks who may know of it."""
    board_code, subject, side, unit_code = matter
    same = (
        assessment.c.board_code == board_code,
        assessment.c.subject == subject.value,
        assessment.c.side == side.value,
        assessment.c.unit_code.is_(None) if unit_code is None else assessment.c.unit_code == unit_code,
        assessment.c.period == period.code,
    )
    return next(iter(_read(connection, *same)), None)


def confirmed(connection: Connection) -> tuple[Assessment, ...]:
    """What counts, of every board: of each matter and period the newest that a second person has confirmed. By number.

    For the product's own figures, which have rules of their own for who reads them.
    """
    latest: dict[tuple[Matter, Period], Assessment] = {}
    for one in _read(connection, assessment.c.confirmed_by.is_not(None)):
        latest.setdefault((one.matter, one.period), one)
    return tuple(sorted(latest.values(), key=lambda one: one.number))


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> list[Assessment]:
    """The newest first."""
    rows = connection.execute(select(assessment).where(*conditions).order_by(assessment.c.assessment_no.desc()))
    return [_assessment(row) for row in rows]


def _assessment(row: Row[Any]) -> Assessment:
    return Assessment(
        row.assessment_no,
        row.municipality_code,
        row.board_code,
        row.unit_code,
        Period.from_code(row.period),
        Subject(row.subject),
        Side(row.side),
        row.grade,
        row.motivation,
        bool(row.is_without_evidence),
        row.follows,
        clock.utc(row.signed_at),
        row.signed_by,
        clock.utc(row.confirmed_at) if row.confirmed_at else None,
        row.confirmed_by,
        Role(row.signed_role) if row.signed_role else None,
        Role(row.confirmed_role) if row.confirmed_role else None,
    )


def _view(found: Sequence[Assessment], matter: Matter, period: Period) -> View:
    of_matter = [one for one in found if one.matter == matter and one.period <= period]
    here = [one for one in of_matter if one.period == period]
    current = next((one for one in here if one.is_confirmed), None)
    waiting = next(iter(here), None)
    if waiting is current:
        waiting = None
    shown = {one.number for one in (current, waiting) if one is not None}
    earlier = sorted(
        (one for one in of_matter if one.number not in shown), key=lambda one: (one.period, one.number), reverse=True
    )
    _, subject, side, unit_code = matter
    return View(subject, side, unit_code, current, waiting, tuple(earlier))
