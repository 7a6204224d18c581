"""Whose evidence it is, and so who adds it: by what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from kpi.access import Side, Viewer, check_can_assess, check_can_carry_out, check_can_manage_action
from kpi.views.errors import NotFound
from warehouse.action_tables import action, action_effect
from warehouse.assessment_tables import assessment
from warehouse.plan_tables import control_occasion


class About(StrEnum):
    """What evidence is about."""

    OCCASION = "occasion"
    ASSESSMENT = "assessment"
    ACTION = "action"
    EFFECT = "effect"


@dataclass(frozen=True)
class Owner:
    """The board that the thing belongs to; `unit_code` and `side` where it has them."""

    municipality_code: str
    board_code: str
    unit_code: str | None = None
    side: str | None = None


def owner_of(connection: Connection, about: About, about_no: int) -> Owner:
    """NotFound when there is no such thing."""
    occasion = control_occasion.c
    query = {
        About.OCCASION: select(occasion.municipality_code, occasion.board_code).where(occasion.occasion_no == about_no),
        About.ASSESSMENT: select(
            assessment.c.municipality_code, assessment.c.board_code, assessment.c.unit_code, assessment.c.side
        ).where(assessment.c.assessment_no == about_no),
        About.ACTION: _ACTION.where(action.c.action_no == about_no),
        About.EFFECT: _ACTION.join(action_effect, action_effect.c.action_no == action.c.action_no).where(
            action_effect.c.effect_no == about_no
        ),
    }[about]
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("Det som underlaget gäller finns inte. Ladda om sidan.")
    return Owner(*row)


_ACTION = select(action.c.municipality_code, action.c.board_code, action.c.unit_code)


def check_can_add(viewer: Viewer, about: About, owner: Owner) -> None:
    """Who does the work adds what it rests on. AccessDenied otherwise."""
    if about is About.OCCASION:
        check_can_carry_out(viewer, owner.board_code)
    elif about is About.ASSESSMENT:
        check_can_assess(viewer, owner.board_code, Side(owner.side or ""), owner.unit_code)
    else:
        check_can_manage_action(viewer, owner.board_code, owner.unit_code)
