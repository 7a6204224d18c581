"""Plans (SIP) with meetings and rounds of follow-up in a small municipality, as rows of the contract. Unit E moves from
the social board to the other in the middle of the time."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine

from kpi.access import Grant, Role, Viewer
from kpi.compute import compute
from kpi.definition import Catalogue
from tests.builders.figures import catalogue
from tests.builders.warehouse import deliver

BEGAN, AS_OF = date(2023, 1, 1), date(2025, 6, 30)
MOVED = date(2024, 9, 1)
FIGURES = ("sip_met_30d", "sip_absence_by_actor", "sip_school_gap", "sip_lead_time", "sip_follow_up_overdue")
_ACTORS = ("socialtjanst", "skola", "elevhalsa", "bup", "bum", "barnet", "vardnadshavare")
_PLANS = 240


@cache
def figures() -> Catalogue:
    """The shipped figures that the page says the same as."""
    return replace(catalogue(), definitions={one: catalogue().definitions[one] for one in FIGURES})


def who(role: Role, board: str = "1287-SN", *units: str) -> Viewer:
    return Viewer(role.value, (Grant(role, "1287", frozenset({board}), frozenset(units)),))


def _unit(code: str, level: str, parent: str | None, **more: Any) -> dict[str, Any]:
    return {"unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": "1287"} | more


UNITS = [
    _unit("1287", "municipality", None),
    _unit("1287-SN", "board", "1287", area="social"),
    _unit("1287-BN", "board", "1287", area="education"),
    _unit("1287-A", "unit", "1287-SN", actor="socialtjanst"),
    _unit("1287-B", "unit", "1287-SN", actor="socialtjanst"),
    _unit("1287-E", "unit", "1287-SN", valid_to=str(MOVED - timedelta(days=1))),
    _unit("1287-E", "unit", "1287-BN", valid_from=str(MOVED)),
]
Rows = list[dict[str, Any]]


def made() -> tuple[Rows, Rows, Rows]:
    """Plans, participants and rounds, drawn by a fixed seed."""
    dice = random.Random(7)
    plans, participants, rounds = [], [], []
    for number in range(_PLANS):
        plan = _plan(dice, f"S{number}")
        plans.append(plan)
        if plan["met_on"]:
            participants += _meeting(dice, plan)
            rounds += _rounds(dice, plan)
    return plans, participants, rounds


def _plan(dice: random.Random, sip_id: str) -> dict[str, Any]:
    began = BEGAN + timedelta(days=dice.randrange((AS_OF - BEGAN).days))

    def later(after: date | None, most: int, odds: float) -> date | None:
        day = after + timedelta(days=dice.randrange(most)) if after is not None and dice.random() < odds else None
        return day if day is None or day <= AS_OF else None

    called = later(began, 20, 0.95)
    met = later(called, 45, 0.85)
    consent = dice.choice(["given"] * 8 + ["declined", "withdrawn"])
    met = None if consent == "declined" else met
    closed = later(met or called, 300, 0.5)
    return {
        "sip_id": sip_id, "municipality_code": "1287", "unit_code": dice.choice(["1287-A", "1287-B", "1287-E"]),
        "person_id": sip_id, "initiator_actor": dice.choice(["skola", "socialtjanst", "bup"]),
        "calling_actor": dice.choice([None, None, "elevhalsa"]), "initiated_on": began, "called_on": called,
        "mapped_on": later(called, 20, 0.7), "met_on": met, "consent": consent,
        "activity_followed_up_on": later(met, 150, 0.6), "evaluated_on": later(met, 200, 0.5),
        "agreed_follow_up_on": met + timedelta(days=90) if met and dice.random() < 0.6 else None,
        "followed_up_on": later(met, 120, 0.4), "closed_on": closed,
        "closed_reason": dice.choice(["goals_met", "moved", "other", "age_18"]) if closed else None,
    }  # fmt: skip


def _meeting(dice: random.Random, plan: dict[str, Any]) -> Rows:
    here = dice.sample(_ACTORS, dice.randrange(2, 6))
    return [
        {
            "sip_id": plan["sip_id"], "municipality_code": "1287", "meeting_no": 1, "actor": actor,
            "met_on": plan["met_on"] + timedelta(days=at), "attended": dice.random() < 0.7,
        }
        for at, actor in enumerate(here)
    ]  # fmt: skip


def _rounds(dice: random.Random, plan: dict[str, Any]) -> Rows:
    """For some plans the first round of its own, which takes the place of the plan's days; for some a second."""
    return [
        {
            "sip_id": plan["sip_id"], "municipality_code": "1287", "follow_up_no": number,
            "agreed_on": plan["met_on"] + timedelta(days=60 * number),
            "held_on": plan["met_on"] + timedelta(days=60 * number + 5) if dice.random() < 0.5 else None,
        }
        for number in (1, 2)
        if dice.random() < 0.3
    ]  # fmt: skip


def fill(engine: Engine) -> None:
    """All of it, and the figures."""
    plans, participants, rounds = made()
    deliver(engine, str(AS_OF), org_units=UNITS)
    gone = plans[0] | {"sip_id": "borta"}
    deliver(engine, str(AS_OF), sips=[*plans, gone], sip_participants=participants, sip_follow_ups=rounds)
    deliver(engine, str(AS_OF), gone={"sips": [gone]})
    compute(engine, figures())
