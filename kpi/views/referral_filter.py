"""Which referrals are meant: from whom, to whom, and what came of them by a day. As SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ColumnElement, and_, func, not_

from kpi.views.case_filter import CaseFilter, Order, Orders
from kpi.views.deviation_filter import by
from warehouse.tables import VERSIONED

_TABLE = VERSIONED["referrals"]


class ReferralStanding(StrEnum):
    """What came of a referral."""

    CONTACT = "contact"
    NO_CONTACT = "no_contact"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True)
class ReferralFilter(CaseFilter):
    """What of a unit's referrals."""

    ORDERS: ClassVar[Orders] = {
        Order.UNIT: _TABLE.c.centre_code,
        Order.SENDER: _TABLE.c.from_actor,
        Order.RECEIVER: _TABLE.c.to_actor,
    }
    sender: str | None = None
    receiver: str | None = None
    standing: ReferralStanding | None = None

    def conditions(self, stand: date, first: date, last: date) -> list[ColumnElement[bool]]:
        """As `CaseFilter.conditions`."""
        wanted = (_TABLE.c.from_actor, self.sender), (_TABLE.c.to_actor, self.receiver)
        found = [column == value for column, value in wanted if value is not None]
        if self.standing is not None:
            contact, declined = by(_TABLE.c.first_contact_on, stand), func.coalesce(_TABLE.c.outcome, "") == "declined"
            found.append(
                {
                    ReferralStanding.CONTACT: contact,
                    ReferralStanding.NO_CONTACT: and_(not_(contact), not_(declined)),
                    ReferralStanding.DECLINED: declined,
                }[self.standing]
            )
        return found
