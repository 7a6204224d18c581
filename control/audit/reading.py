"""Reads the log, for those who may: a municipality's data protection officer, and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from control.audit.event import Event
from control.audit.log import MUNICIPALITIES
from control.audit.verify import event_of
from kpi.access import Viewer, check_can_read_log
from warehouse import clock
from warehouse.audit_tables import audit_event

_LISTED = audit_event.c.details[MUNICIPALITIES].as_string()
"""A list's JSON, on both databases."""


@dataclass(frozen=True)
class Filter:
    """Which events: days by the Swedish clock, the last one included; an actor by any part of the label."""

    first: date | None = None
    last: date | None = None
    actor: str = ""
    action: str = ""


@dataclass(frozen=True)
class LogPage:
    """Some of the events, the newest first, and how many there are."""

    events: tuple[Event, ...]
    total: int


def read_log(
    connection: Connection,
    viewer: Viewer,
    municipality_code: str | None,
    wanted: Filter,
    *,
    limit: int,
    offset: int = 0,
) -> LogPage:
    """The events of a municipality, those of viewers with grants there and in others, and those that concern every one;
    None: all, for the operator. AccessDenied."""
    check_can_read_log(viewer, municipality_code or "")
    where = [*_within(municipality_code), *_conditions(wanted)]
    total = connection.scalar(select(func.count()).select_from(audit_event).where(*where)) or 0
    rows = connection.execute(
        select(audit_event).where(*where).order_by(audit_event.c.event_no.desc()).limit(limit).offset(offset)
    )
    return LogPage(tuple(event_of(row) for row in rows), int(total))


def read_events(
    connection: Connection, viewer: Viewer, municipality_code: str, first: date, last: date
) -> tuple[Event, ...]:
    """Every event of the days, in order; as `read_log`."""
    check_can_read_log(viewer, municipality_code)
    where = [*_within(municipality_code), *_conditions(Filter(first, last))]
    rows = connection.execute(select(audit_event).where(*where).order_by(audit_event.c.event_no))
    return tuple(event_of(row) for row in rows)


def actors(connection: Connection, viewer: Viewer, municipality_code: str) -> tuple[str, ...]:
    """Everybody whom the log tells of; as `read_log`."""
    check_can_read_log(viewer, municipality_code)
    return tuple(
        connection.scalars(
            select(audit_event.c.actor).where(*_within(municipality_code)).distinct().order_by(audit_event.c.actor)
        )
    )


def first_event_at(connection: Connection, municipality_code: str) -> datetime | None:
    """When the kept log of a municipality begins: with what concerns it, alone or among others."""
    code = audit_event.c.municipality_code
    concerned = or_(code == municipality_code, and_(code.is_(None), _lists(municipality_code)))
    found: datetime | None = connection.scalar(select(func.min(audit_event.c.at)).where(concerned))
    return None if found is None else clock.utc(found)


def _within(municipality_code: str | None) -> list[ColumnElement[bool]]:
    if municipality_code is None:
        return []
    code = audit_event.c.municipality_code
    theirs = or_(_LISTED.is_(None), _lists(municipality_code))
    return [or_(code == municipality_code, and_(code.is_(None), theirs))]


def _lists(municipality_code: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _LISTED.contains(f'"{municipality_code}"', autoescape=True)
    return found


def _conditions(wanted: Filter) -> list[ColumnElement[Any]]:
    table, found = audit_event.c, list[ColumnElement[Any]]()
    if wanted.first is not None:
        found.append(table.at >= clock.midnight(wanted.first))
    if wanted.last is not None:
        found.append(table.at < clock.midnight(wanted.last + timedelta(days=1)))
    if wanted.actor:
        found.append(func.lower(table.actor).contains(wanted.actor.lower(), autoescape=True))
    if wanted.action:
        found.append(table.action == wanted.action)
    return found
