"""What becomes of referrals: contact within 30 days, none within 60, and how long it took. Pure.

The meaning of the figures `referral_contact_30d` and `referral_lost`, by centre and receiving actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from kpi.period import Period

CONTACT_DAYS, LOST_DAYS = 30, 60
DROP_IN = "oppen_forskola"
"""One goes there without an appointment, so nobody is lost on the way."""


@dataclass(frozen=True)
class Referred:
    """A referral."""

    centre_code: str
    to_actor: str
    referred_on: date
    contact_on: date | None
    is_declined: bool


@dataclass(frozen=True)
class Counted:
    """A month's referrals of a centre that only counts; None where it does not count that."""

    centre_code: str
    to_actor: str
    month: Period
    referred: int
    contacted: int | None
    lost: int | None


@dataclass(frozen=True)
class Contact:
    """How many were due and got contact, how many could be told lost and were; `days`: of each that got contact within
    60 days, of those whose day 60 has passed."""

    due: int = 0
    contacted: int = 0
    lost_due: int = 0
    lost: int = 0
    days: tuple[int, ...] = ()

    @property
    def middle(self) -> float | None:
        """The median of the days."""
        return float(median(self.days)) if self.days else None

    @property
    def contacted_share(self) -> float | None:
        """Of those due, 0–1; None without any."""
        return self.contacted / self.due if self.due else None

    @property
    def lost_share(self) -> float | None:
        """Of those that could be told lost, 0–1; None without any."""
        return self.lost / self.lost_due if self.lost_due else None

    def and_(self, other: Contact) -> Contact:
        """Both together."""
        return Contact(
            self.due + other.due,
            self.contacted + other.contacted,
            self.lost_due + other.lost_due,
            self.lost + other.lost,
            self.days + other.days,
        )


Key = tuple[str, str]
"""Centre and receiving actor."""


def contacts(
    referred: Iterable[Referred], counted: Iterable[Counted], first: Period, last: Period, as_of: date
) -> dict[Key, Contact]:
    """What fell due in the months first..last, as deliveries hold it to `as_of`."""
    found: dict[Key, Contact] = {}
    days = first.first_day, min(last.last_day, as_of)
    for one in referred:
        _add(found, (one.centre_code, one.to_actor), _of_referral(one, *days))
    for many in counted:
        if first <= many.month <= last:
            _add(found, (many.centre_code, many.to_actor), _of_count(many, as_of))
    return {key: one for key, one in found.items() if one.due or one.lost_due}


def _add(found: dict[Key, Contact], key: Key, one: Contact) -> None:
    found[key] = found.get(key, Contact()).and_(one)


def _of_referral(one: Referred, first: date, last: date) -> Contact:
    due_on, lost_on = (one.referred_on + timedelta(days=days) for days in (CONTACT_DAYS, LOST_DAYS))
    is_due, is_over = first <= due_on <= last, first <= lost_on <= last
    in_time = one.contact_on is not None and one.contact_on <= lost_on
    can_be_lost = is_over and not one.is_declined and one.to_actor != DROP_IN
    return Contact(
        int(is_due),
        int(is_due and one.contact_on is not None and one.contact_on <= due_on),
        int(can_be_lost),
        int(can_be_lost and not in_time),
        ((one.contact_on - one.referred_on).days,) if is_over and in_time and one.contact_on is not None else (),
    )


def _of_count(one: Counted, as_of: date) -> Contact:
    """A month's numbers stand when its last day and the days after it have passed."""
    over = one.month.last_day
    is_due = one.contacted is not None and over + timedelta(days=CONTACT_DAYS) <= as_of
    can_be_lost = one.lost is not None and over + timedelta(days=LOST_DAYS) <= as_of and one.to_actor != DROP_IN
    return Contact(
        one.referred if is_due else 0,
        one.contacted or 0 if is_due else 0,
        one.referred if can_be_lost else 0,
        one.lost or 0 if can_be_lost else 0,
    )


def by_part(found: Mapping[Key, Contact], part: int) -> dict[str, Contact]:
    """Together by centre (0) or by receiving actor (1)."""
    summed: dict[str, Contact] = {}
    for key, one in found.items():
        summed[key[part]] = summed.get(key[part], Contact()).and_(one)
    return summed


def together(found: Mapping[Key, Contact]) -> Contact:
    """All of them."""
    total = Contact()
    for one in found.values():
        total = total.and_(one)
    return total
