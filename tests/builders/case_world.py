"""A small organisation with rows about persons, and viewers of every sort. Units move in the middle of March 2025."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert, select

from kpi.access import Grant, Role, Viewer
from kpi.period import Period
from tests.builders.warehouse import deliver
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.tables import kpi, kpi_coverage

MARCH, APRIL = Period.parse("2025-03"), Period.parse("2025-04")
REASON = "Uppföljning av sena återkopplingar"
SECRET = "hemlig fritext"
PERSON = "pseudonym-av-en-person"
MANY = 120
"""Deviations of unit C in April."""


def chief(*boards: str, **more: Any) -> Viewer:
    return Viewer("chef", (Grant(Role.CHIEF, "1287", frozenset(boards or {"1287-SN"}), **more),))


def manager(*units: str) -> Viewer:
    return Viewer("enhetschef", (Grant(Role.UNIT_MANAGER, "1287", frozenset({"1287-SN"}), frozenset(units)),))


def auditor(board: str = "1287-SN") -> Viewer:
    return Viewer("revisor", (Grant(Role.AUDITOR, "1287", frozenset({board})),))


def _unit(code: str, level: str, parent: str | None, **more: Any) -> dict[str, Any]:
    return {"unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": "1287"} | more


UNITS = [
    _unit("1287", "municipality", None),
    _unit("1287-SN", "board", "1287", area="social"),
    _unit("1287-BN", "board", "1287", area="education"),
    _unit("1287-F", "administration", "1287-SN"),
    _unit("1287-H", "administration", "1287-SN"),
    _unit("1287-G", "administration", "1287-BN"),
    _unit("1287-A", "unit", "1287-F", actor="socialtjanst"),
    _unit("1287-D", "unit", "1287-A", actor="elevhalsa"),
    _unit("1287-C", "unit", "1287-F", actor="socialtjanst"),
    _unit("1287-B", "unit", "1287-F", valid_to="2025-03-15"),  # leaves the board
    _unit("1287-B", "unit", "1287-G", valid_from="2025-03-16"),
    _unit("1287-E", "unit", "1287-F", valid_to="2025-03-15"),  # moves within the board
    _unit("1287-E", "unit", "1287-H", valid_from="2025-03-16"),
]
DAYS = ("2025-02-28", "2025-03-01", "2025-03-10", "2025-03-20", "2025-03-31", "2025-04-01")


def deviation(key: str, unit: str, day: str, **more: Any) -> dict[str, Any]:
    return {
        "deviation_id": key, "municipality_code": "1287", "unit_code": unit, "reported_on": day,
        "reporting_actor": "socialtjanst", "counterpart_actor": "bup", "category": "oklart_ansvar",
        "description": SECRET,
    } | more  # fmt: skip


def fill(engine: Engine) -> Engine:
    """Deviations of each unit on each of the days; 120 more of C in April; a plan and a referral; one row removed."""
    deliver(engine, "2025-06-30", org_units=UNITS)
    letters = "ABCDE"
    rows = [deviation(f"{one}{day[5:]}", f"1287-{one}", day, severity="high") for one in letters for day in DAYS]
    more = [deviation(f"C{at:03}", "1287-C", f"2025-04-{2 + at % 20:02}") for at in range(MANY)]
    gone = deviation("borta", "1287-A", "2025-03-02")
    plan = {
        "sip_id": "S1", "municipality_code": "1287", "unit_code": "1287-A", "person_id": PERSON,
        "birth_date": "2015-04-01", "sex": "K", "initiator_actor": "skola", "initiated_on": "2025-03-04",
        "met_on": "2025-03-30",
    }  # fmt: skip
    referral = {
        "referral_id": "H1", "municipality_code": "1287", "centre_code": "1287-A", "from_actor": "bvc",
        "to_actor": "socialtjanst", "referred_on": "2025-03-05",
    }  # fmt: skip
    deliver(engine, "2025-06-30", deviations=[*rows, *more, gone], sips=[plan], referrals=[referral])
    deliver(engine, "2025-06-30", gone={"deviations": [gone]}, deviations=[rows[1] | {"severity": "low"}])
    with writing(engine) as connection:
        connection.execute(insert(kpi).values(kpi_no=1, kpi_id="deviations_reported"))
        held = {"kpi_no": 1, "municipality_code": "1287", "first_on": MARCH.first_day.replace(month=1)}
        connection.execute(insert(kpi_coverage).values(held | {"as_of": APRIL.last_day}))
    return engine


def logged(engine: Engine) -> list[tuple[str, str, str]]:
    """What the log holds, the oldest first: viewer, action, resource."""
    with reading(engine) as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.event_no))
        return [(row.actor, row.action, _told(row)) for row in rows]


def _told(row: Any) -> str:
    return f"{row.resource}; {row.unit_code}; skäl: {row.reason}; rader: {', '.join(row.rows or [])}"
