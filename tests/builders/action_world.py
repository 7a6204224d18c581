"""A board whose children were heard in about half of the plans, until an action began in April 2025."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from control.actions.content import Status
from control.actions.form import ActionForm
from control.actions.work import change_action, comment_action, move_action, start_action
from kpi.access import Grant, Role, Viewer
from kpi.compute import compute
from kpi.definition import Catalogue
from tests.builders.closed_world import unit_row
from tests.builders.warehouse import deliver

BOARD, UNIT, OTHER_UNIT, OTHER = "1287-SN", "1287-A", "1287-B", "1287-BN"
FIGURE = "sip_child_voice"
BEGAN = date(2025, 4, 1)
HEARD = [5, 7] * 7 + [5] + [11] * 9
"""Of twelve plans a month, from January 2024 to December 2025: 49 % before the action, 92 % after."""
UNITS = [
    unit_row("1287", "municipality", None),
    unit_row(BOARD, "board", "1287", "social") | {"name": "Socialnämnden"},
    unit_row(OTHER, "board", "1287", "education") | {"name": "Bildningsnämnden"},
    unit_row(UNIT, "unit", BOARD) | {"name": "Barn och familj"},
    unit_row(OTHER_UNIT, "unit", BOARD) | {"name": "Öppenvården"},
]
FORM = ActionForm(
    what="Barnsamordnare i varje möte",
    root_cause="Ingen har haft ansvaret för att fråga barnet",
    responsible="Enhetschefen Barn och familj",
    starts_on=BEGAN.isoformat(),
    due_on="2025-08-31",
    expected_from="50",
    expected_to="90",
)
ROLES = (
    Role.PRESIDIUM, Role.CHIEF, Role.UNIT_MANAGER, Role.DEVELOPER, Role.CONTROLLER, Role.AUDITOR,
)  # fmt: skip


def of(role: Role, board: str = BOARD) -> Viewer:
    units = frozenset({UNIT}) if role is Role.UNIT_MANAGER else frozenset[str]()
    return Viewer(role.value, (Grant(role, "1287", frozenset({board}), units),))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def plans() -> list[dict[str, Any]]:
    found = []
    for month, heard in enumerate(HEARD):
        year, number = 2024 + month // 12, month % 12 + 1
        found += [
            {
                "sip_id": f"{year}-{number}-{n}", "municipality_code": "1287",
                "unit_code": UNIT if n % 2 else OTHER_UNIT, "initiator_actor": "socialtjanst",
                "initiated_on": f"{year}-{number:02}-01", "called_on": f"{year}-{number:02}-02",
                "met_on": f"{year}-{number:02}-{10 + n}", "consent": "given",
                "child_voice": "attended" if n < heard else "none", "closed_on": f"{year}-{number:02}-25",
            } for n in range(12)
        ]  # fmt: skip
    return found


def fill(engine: Engine, catalogue: Catalogue) -> None:
    """The figure, computed."""
    deliver(engine, "2025-12-31", org_units=UNITS, sips=plans())
    compute(engine, replace(catalogue, definitions={FIGURE: catalogue.definitions[FIGURE]}))


def act(engine: Engine, catalogue: Catalogue) -> tuple[int, int, int]:
    """A board's action that is done, a unit's that is late, and another board's; their numbers."""
    chief = of(Role.CHIEF)
    done = start_action(engine, chief, catalogue, BOARD, FORM, today=BEGAN, kpi_id=FIGURE, at=at(BEGAN))
    comment_action(engine, chief, done, "Samordnarna är utsedda", at=at(date(2025, 4, 20)))
    moved = replace(FORM, due_on="2025-09-30")
    change_action(engine, chief, catalogue, done, 0, moved, reason="En samordnare slutade", at=at(date(2025, 8, 1)))
    ended = date(2025, 9, 15)
    move_action(engine, chief, done, 1, Status.DONE, on=ended, today=ended, text="Alla enheter", at=at(ended))
    late = ActionForm(
        "Rutin för kallelser", "Kallelser saknar fråga", "Enhetschefen", "2025-10-01", "2025-12-15", cost_class="none",
        origin="decision", origin_reference="SN 2025/112",
    )  # fmt: skip
    day = date(2025, 10, 1)
    unit = start_action(engine, chief, catalogue, BOARD, late, today=day, unit_code=UNIT, at=at(day))
    foreign = replace(FORM, what="Bildningsnämndens egen sak")
    other = start_action(
        engine, of(Role.CHIEF, OTHER), catalogue, OTHER, foreign, today=BEGAN, kpi_id=FIGURE, at=at(BEGAN)
    )
    return done, unit, other
