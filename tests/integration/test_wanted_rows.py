"""Plans and referrals as they are asked for: against plain Python over the same rows, on both databases; and the ways
that lead to them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from kpi.access import Role
from kpi.period import Period
from kpi.views.case_filter import Back, CaseFilter, Day, Order
from kpi.views.cases import cases
from kpi.views.organisation import read_organisation
from kpi.views.plan_filter import Came, PlanFilter, PlanStanding
from kpi.views.referral_filter import ReferralFilter, ReferralStanding
from tests.builders.filled import Filled
from tests.builders.process_world import AS_OF, MOVED, UNITS, Rows, made, who
from tests.builders.warehouse import deliver
from warehouse.database import reading

JUNE = Period.parse("2025-06")
FIRST, LAST = date(2024, 7, 1), AS_OF
"""Twelve months."""
REASON = "Uppföljning av möten inför nämnden"
Row = dict[str, Any]


def referrals() -> Rows:
    dice = random.Random(3)
    found = []
    for at in range(120):
        on = FIRST + timedelta(days=dice.randrange(364))
        contact = on + timedelta(days=dice.randrange(60)) if dice.random() < 0.6 else None
        sender, receiver = dice.sample(("bvc", "mvc", "socialtjanst"), 2)
        found.append(
            {
                "referral_id": f"H{at:03}", "municipality_code": "1287", "referred_on": on,
                "centre_code": dice.choice(["1287-A", "1287-B"]), "from_actor": sender, "to_actor": receiver,
                "first_contact_on": contact if contact and contact <= AS_OF else None,
                "outcome": dice.choice([None, "received", "declined"]),
            }
        )  # fmt: skip
    return found


def activities(plans: Rows) -> Rows:
    return [
        {
            "sip_id": one["sip_id"], "municipality_code": "1287", "activity_no": 1, "principal": "region",
            "actor": "bup", "due_on": one["initiated_on"] + timedelta(days=40),
        } for one in plans[::3]
    ]  # fmt: skip


def _fill(engine: Engine) -> None:
    plans, participants, rounds = made()
    deliver(engine, str(AS_OF), org_units=UNITS)
    deliver(engine, str(AS_OF), sips=plans, sip_participants=participants, sip_follow_ups=rounds,
            sip_activities=activities(plans), referrals=referrals())  # fmt: skip


PLANS, PARTICIPANTS, ROUNDS = made()


def within(day: date | None) -> bool:
    return day is not None and FIRST <= day <= LAST


def caller(plan: Row) -> str:
    return str(plan["calling_actor"] or plan["initiator_actor"])


def at_meetings(plan: Row, of: Callable[[Row], bool] = lambda _: True) -> bool:
    """Whether some party like that was called to a meeting of the plan's whose earliest day lies in the time."""
    here = [one for one in PARTICIPANTS if one["sip_id"] == plan["sip_id"]]
    return bool(here) and within(min(one["met_on"] for one in here)) and any(of(one) for one in here)


def followed(plan: Row) -> bool:
    own = [one for one in ROUNDS if one["sip_id"] == plan["sip_id"]]
    has_first = any(one["follow_up_no"] == 1 for one in own)
    return any(within(one["agreed_on"]) for one in own) or (not has_first and within(plan["agreed_follow_up_on"]))


def overdue(plan: Row) -> bool:
    """Whether some round was agreed to be held more than 30 days before the day, and has not been; the plan goes on."""
    rounds = [one for one in ROUNDS if one["sip_id"] == plan["sip_id"]]
    pairs = [(one["agreed_on"], one.get("held_on")) for one in rounds]
    if all(one["follow_up_no"] != 1 for one in rounds):
        pairs.append((plan["agreed_follow_up_on"], plan["followed_up_on"]))
    late = [agreed for agreed, held in pairs if agreed and not held and (LAST - agreed).days > 30]
    return bool(late) and plan["closed_on"] is None


def due(plan: Row) -> bool:
    return any(one["sip_id"] == plan["sip_id"] and within(one["due_on"]) for one in activities(PLANS))


def own(plan: Row) -> bool:
    return within(plan["initiated_on"])


OF_PLANS: list[tuple[PlanFilter, Callable[[Row], bool]]] = [
    (PlanFilter(back=Back.YEAR), own),
    (PlanFilter(), lambda one: own(one) and one["initiated_on"].month == 6),
    (PlanFilter(back=Back.TERTIAL), lambda one: own(one) and one["initiated_on"] >= date(2025, 3, 1)),
    (PlanFilter(back=Back.YEAR, initiator="bup", order=Order.NEWEST), lambda one: own(one)
     and one["initiator_actor"] == "bup"),
    (PlanFilter(back=Back.YEAR, caller="skola", order=Order.UNIT), lambda one: own(one) and caller(one) == "skola"),
    (PlanFilter(back=Back.YEAR, consent="declined", order=Order.CALLER), lambda one: own(one)
     and one["consent"] == "declined"),
    (PlanFilter(back=Back.YEAR, by=Day.FIRST_MEETING), lambda one: within(one["met_on"])),
    (PlanFilter(back=Back.YEAR, by=Day.CLOSED), lambda one: within(one["closed_on"])),
    (PlanFilter(back=Back.YEAR, by=Day.CALLED), lambda one: within(one["called_on"])),
    (PlanFilter(back=Back.YEAR, after_days=30), lambda one: within(one["initiated_on"] + timedelta(30))),
    (PlanFilter(back=Back.YEAR, by=Day.CLOSED, after_days=90),
     lambda one: one["closed_on"] is not None and within(one["closed_on"] + timedelta(90))),
    (PlanFilter(back=Back.YEAR, by=Day.MEETING), at_meetings),
    (PlanFilter(back=Back.YEAR, by=Day.MEETING, caller="skola", called="bup"),
     lambda one: caller(one) == "skola" and at_meetings(one, lambda party: party["actor"] == "bup")),
    (PlanFilter(back=Back.YEAR, by=Day.MEETING, called="bum", came=Came.NO),
     lambda one: at_meetings(one, lambda party: party["actor"] == "bum" and not party["attended"])),
    (PlanFilter(back=Back.YEAR, called="bum", came=Came.YES), lambda one: own(one) and any(
        party["sip_id"] == one["sip_id"] and party["actor"] == "bum" and party["attended"] for party in PARTICIPANTS)),
    (PlanFilter(back=Back.YEAR, by=Day.FOLLOW_UP), followed),
    (PlanFilter(back=Back.YEAR, by=Day.ACTIVITY), due),
    (PlanFilter(back=Back.ALL, standing=PlanStanding.ONGOING), lambda one: one["closed_on"] is None),
    (PlanFilter(back=Back.YEAR, standing=PlanStanding.CLOSED), lambda one: own(one) and one["closed_on"] is not None),
    (PlanFilter(back=Back.YEAR, standing=PlanStanding.WITHOUT_CALL), lambda one: own(one) and one["called_on"] is None),
    (PlanFilter(back=Back.YEAR, standing=PlanStanding.WITHOUT_MEETING), lambda one: own(one) and one["met_on"] is None),
    (PlanFilter(back=Back.YEAR, standing=PlanStanding.WITHOUT_COORDINATOR), own),
    (PlanFilter(back=Back.YEAR, standing=PlanStanding.CLOSED_UNEVALUATED), lambda one: own(one)
     and one["closed_on"] is not None and one["evaluated_on"] is None),
    (PlanFilter(back=Back.ALL, standing=PlanStanding.FOLLOW_UP_OVERDUE), overdue),
    (PlanFilter(back=Back.YEAR, key="S7"), lambda one: one["sip_id"] == "S7" and own(one)),
]  # fmt: skip
OF_REFERRALS: list[tuple[ReferralFilter, Callable[[Row], bool]]] = [
    (ReferralFilter(back=Back.YEAR, sender="bvc", order=Order.RECEIVER), lambda one: one["from_actor"] == "bvc"),
    (ReferralFilter(back=Back.YEAR, receiver="mvc", order=Order.SENDER), lambda one: one["to_actor"] == "mvc"),
    (ReferralFilter(back=Back.YEAR, standing=ReferralStanding.CONTACT, order=Order.UNIT),
     lambda one: one["first_contact_on"] is not None),
    (ReferralFilter(back=Back.YEAR, standing=ReferralStanding.NO_CONTACT, order=Order.NEWEST),
     lambda one: one["first_contact_on"] is None and one["outcome"] != "declined"),
    (ReferralFilter(back=Back.YEAR, standing=ReferralStanding.DECLINED), lambda one: one["outcome"] == "declined"),
]  # fmt: skip
KEYS: dict[Order, Callable[[Row], Any]] = {
    Order.UNIT: lambda one: one.get("unit_code") or one["centre_code"],
    Order.CALLER: caller, Order.SENDER: lambda one: one["from_actor"], Order.RECEIVER: lambda one: one["to_actor"],
}  # fmt: skip


def _read(engine: Engine, dataset: str, wanted: CaseFilter) -> list[str]:
    found: list[str] = []
    while True:
        with reading(engine) as connection:
            some = cases(
                connection, who(Role.CHIEF), read_organisation(connection), dataset, "1287-SN", JUNE, reason=REASON,
                limit=40, offset=len(found), wanted=wanted,
            )  # fmt: skip
        found += [one.key[1] for one in some.rows]
        if not some.rows:
            assert len(found) == some.total
            return found


def _expected(rows: Rows, wanted: CaseFilter, day: str, key: str) -> list[str]:
    by_day = sorted(rows, key=lambda one: (one[day], one[key]), reverse=wanted.order is Order.NEWEST)
    return [one[key] for one in sorted(by_day, key=KEYS.get(wanted.order, lambda _: ()))]


def test_plans_and_referrals_are_read_as_wanted(filled: Filled) -> None:
    engine = filled(_fill)
    ours = [one for one in PLANS if one["unit_code"] != "1287-E" or one["initiated_on"] < MOVED]
    for wanted, meant in OF_PLANS:
        expected = _expected([one for one in ours if meant(one)], wanted, "initiated_on", "sip_id")
        assert _read(engine, "sips", wanted) == expected, wanted
        assert expected or wanted.key, wanted
    for of_referrals, means in OF_REFERRALS:
        chosen = [one for one in referrals() if means(one)]
        expected = _expected(chosen, of_referrals, "referred_on", "referral_id")
        assert _read(engine, "referrals", of_referrals) == expected, of_referrals
        assert expected
    for other in (ReferralFilter(back=Back.YEAR), CaseFilter(back=Back.YEAR)):
        assert _read(engine, "sips", other) == _read(engine, "sips", PlanFilter()), "it is meant for other rows"
