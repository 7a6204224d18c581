"""What time it is: moments are kept in UTC; days, nights and what people read follow Swedish time.

The server's own zone is never asked: a container's is UTC, and then every evening's delivery would be a day early.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_SWEDEN = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in Sweden."""
    return local(now()).date()


def utc(moment: datetime) -> datetime:
    """A moment as read from the warehouse, aware: SQLite forgets that it is UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def local(moment: datetime) -> datetime:
    """A moment by the Swedish clock; one without zone is UTC."""
    return utc(moment).astimezone(_SWEDEN)


def midnight(day: date) -> datetime:
    """When a day begins by the Swedish clock, in UTC."""
    return datetime.combine(day, time.min, _SWEDEN).astimezone(UTC)
