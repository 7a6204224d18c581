"""Internal control beside the simulated deliveries: a plan, a signed control, an action and two judgements, so that
every page has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, select

from control.actions.form import ActionForm
from control.actions.work import start_action
from control.assessments.scales import Subject
from control.assessments.service import Draft, confirm, sign
from control.occasions.carry_out import Finding
from control.occasions.carry_out import sign as sign_control
from control.occasions.described import describe
from kpi.access import Grant, Role, Side, Viewer
from kpi.definition import Catalogue
from kpi.period import Period, PeriodType
from tests.builders.plan import adopted
from warehouse import clock
from warehouse.database import reading
from warehouse.plan_tables import control_occasion

BOARD = "1287-SN"
ACTION = "Boka uppföljningen redan på mötet"


@dataclass(frozen=True)
class Control:
    """What was made: a signed control, and an action."""

    occasion: int
    action: int


def add_control(engine: Engine, catalogue: Catalogue) -> Control:
    """For Trelleborg's social services board, this year."""
    today = clock.today()
    chief, other, presidium, vice = (
        Viewer(name, (Grant(role, "1287", frozenset({BOARD})),))
        for name, role in (
            ("Förvaltningschef", Role.CHIEF), ("Controller", Role.CONTROLLER), ("Presidium", Role.PRESIDIUM),
            ("Presidium, vice ordförande", Role.PRESIDIUM),
        )
    )  # fmt: skip
    plan_no = adopted(engine, year=today.year)
    with reading(engine) as connection:
        numbers = connection.scalars(
            select(control_occasion.c.occasion_no)
            .where(control_occasion.c.plan_no == plan_no)
            .order_by(control_occasion.c.due_on, control_occasion.c.occasion_no)
        ).all()
        occasion = next(one for one in numbers if describe(connection, one).control.sample_size is None)
    finding = Finding("minor", "Två planer saknade avtalad uppföljning.", 3, 3, today)
    sign_control(engine, chief, catalogue, occasion, 0, finding, today=today)
    form = ActionForm(
        ACTION, "Uppföljningen bokas först efteråt, och glöms.", "Förvaltningschefen",
        str(today - timedelta(days=200)), str(today + timedelta(days=30)), "63", "90",
    )  # fmt: skip
    action = start_action(engine, chief, catalogue, BOARD, form, today=today, kpi_id="sip_followed_up_in_time")
    period = Period.containing(today, PeriodType.TERTIAL).shift(-1)
    for side, who, second, grade in (
        (Side.PRESIDIUM, presidium, vice, 1), (Side.ADMINISTRATION, chief, other, 2),
    ):  # fmt: skip
        why = "Planerna följs upp för sent."
        draft = Draft(BOARD, side, None, period, Subject.QUESTION_3, grade, why, None, True, None)
        confirm(engine, second, sign(engine, who, draft, today=today))
    return Control(occasion, action)
