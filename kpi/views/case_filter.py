"""Which of a dataset's rows are meant: how far back, by which of their days, and in which order. Each dataset adds its
own sorts and standings (`deviation_filter`, `plan_filter`, `referral_filter`); what reads rows knows this alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Table

from kpi.deviations import WINDOW
from kpi.period import Period, PeriodType

EARLIEST = date(1900, 1, 1)


class Back(StrEnum):
    """How far back from a month's last day."""

    MONTH = "month"
    TERTIAL = "tertial"
    YEAR = "year"
    ALL = "all"

    def first_month(self, month: Period) -> Period | None:
        """The first month that counts, of those that end with `month`; None for all of them."""
        return None if self is Back.ALL else month.shift(1 - _MONTHS[self])

    def first_day(self, month: Period) -> date:
        """The first day that counts."""
        first = self.first_month(month)
        return first.first_day if first is not None else EARLIEST


_MONTHS = {Back.MONTH: 1, Back.TERTIAL: PeriodType.TERTIAL.months, Back.YEAR: WINDOW}


class Day(StrEnum):
    """Which of a row's days lies in the time. The others than its own narrow what is read, and never say whose a row
    is."""

    OWN = "own"
    FIRST_MEETING = "first_meeting"
    MEETING = "meeting"
    FOLLOW_UP = "follow_up"
    ACTIVITY = "activity"
    CALLED = "called"
    CLOSED = "closed"


class Order(StrEnum):
    """The order of rows; those that are alike by day and key."""

    OLDEST = "oldest"
    NEWEST = "newest"
    UNIT = "unit"
    CATEGORY = "category"
    COUNTERPART = "counterpart"
    CALLER = "caller"
    SENDER = "sender"
    RECEIVER = "receiver"


Orders = Mapping[Order, ColumnElement[Any]]


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Rows of a dataset; the default is every one of the month. `after_days`: the time holds what lies so many days
    after the day `by`, as for what is to be done within them. `key`: only that one."""

    ORDERS: ClassVar[Orders] = {}
    """What the orders sort by that are not by day."""
    GENERAL: ClassVar[frozenset[str]] = frozenset({"back", "by", "after_days", "order"})
    """Fields that leave nothing out within the time."""
    back: Back = Back.MONTH
    by: Day = Day.OWN
    after_days: int = 0
    order: Order = Order.OLDEST
    key: str | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether it is of some sort or standing only."""
        return any(getattr(self, one.name) is not None for one in fields(self) if one.name not in self.GENERAL)

    @property
    def every(self) -> CaseFilter:
        """As far back and in the same order, of every sort."""
        return type(self)(back=self.back, by=self.by, after_days=self.after_days, order=self.order)

    def days(self, month: Period) -> tuple[date, date]:
        """The first and last day that the day `by` may lie on."""
        first, later = self.back.first_day(month), timedelta(self.after_days)
        return first if first == EARLIEST else first - later, month.last_day - later

    def own_days(self, month: Period) -> tuple[date, date]:
        """The first and last of the rows' own days on which they may be meant."""
        return self.days(month) if self.by is Day.OWN else (EARLIEST, month.last_day)

    def conditions(self, stand: date, first: date, last: date) -> list[ColumnElement[bool]]:
        """Of the sort, of the standing on the day `stand`, and with the day `by` within first..last; whether the rows'
        own day does is asked elsewhere."""
        del stand, first, last
        return []

    def order_by(self, table: Table, day: str, key: str) -> Sequence[ColumnElement[Any]]:
        """The columns to sort by; the last two are the key."""
        last = (table.c[day], table.c[key], table.c.municipality_code)
        if self.order is Order.NEWEST:
            return tuple(one.desc() for one in last)
        return (self.ORDERS[self.order], *last) if self.order in self.ORDERS else last


EVERY_ONE = CaseFilter()
"""Of the month, oldest first."""
