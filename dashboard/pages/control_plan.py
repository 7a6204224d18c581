"""Intern kontroll: a board's plan for a year, its risks and controls, and what the board has decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html

from control.occasions.reading import occasions
from control.plan.editing import hash_of_risk
from control.plan.reading import PlanSummary, PlanView, plan_of, plans
from control.plan.scale import DEFAULT, FIVE, KeptScale, scale_of
from control.plan.store import PlanStatus, Stage
from dashboard.components import plan_forms as forms
from dashboard.components import states
from dashboard.components.choices import choices, place_choice, year_choice
from dashboard.components.head import page_head
from dashboard.components.link import address
from dashboard.components.occasion_list import occasion_section
from dashboard.components.plan_forms import Form
from dashboard.components.plan_lead import Step, decision_section, no_plan_lead, plan_lead, step_list
from dashboard.components.plan_matrix import matrix_section
from dashboard.components.plan_risks import RiskWays, risk_section
from dashboard.context import Context, Page
from dashboard.plan_steps import STEPS, possible_steps
from kpi.access import (
    PLAN_ROLES,
    Place,
    can_edit_plan,
    can_open,
    can_read_control,
    can_record_decision,
    can_set_scale,
    check_can_read_plan,
    control_boards,
)
from kpi.organisation import Unit
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from warehouse import clock

ADDRESS = "/intern-kontroll"
_AUTUMN = 9
"""From this month on a new plan is next year's."""


@dataclass(frozen=True)
class _Shown:
    """What the page is about."""

    context: Context
    board: Unit
    year: int
    found: PlanView | None
    known: tuple[PlanSummary, ...]

    def href(self, **query: str) -> str:
        """An address of this board and year."""
        return address(ADDRESS, enhet=self.board.code, ar=str(self.year), **query)

    @property
    def may_edit(self) -> bool:
        return can_edit_plan(self.context.viewer, self.board.code)

    @property
    def may_decide(self) -> bool:
        return can_record_decision(self.context.viewer, self.board.code)

    @property
    def scale(self) -> KeptScale:
        """The municipality's scale."""
        return scale_of(self.context.connection, self.board.municipality_code or "")

    @property
    def may_scale(self) -> bool:
        return can_set_scale(self.context.viewer, self.board.code)

    def possible(self, found: PlanView) -> set[Form]:
        """The steps that the reader may take now."""
        return possible_steps(found, clock.today(), may_edit=self.may_edit, may_decide=self.may_decide)

    def about(self, which: Form, **more: str | int) -> dict[str, str | int]:
        """What a form of this plan tells back."""
        found: dict[str, str | int] = {"form": which.value, "board": self.board.code}
        if self.found is not None:
            found |= {"plan": self.found.plan.plan_no, "seen": self.found.shown.content_hash}
        return found | more


def page(context: Context) -> Page:
    """The plan of `enhet` (a board) and `ar`, else of the viewer's first board and this year. `gor` opens a form."""
    boards = [
        one
        for one in context.organisation.boards()
        if one.code in control_boards(context.viewer, PLAN_ROLES)
    ]  # fmt: skip
    wanted = context.query.get("enhet") or (boards[0].code if boards else "")
    check_can_read_plan(context.viewer, wanted)
    board = next((one for one in boards if one.code == wanted), None)
    if board is None:
        raise NotFound("Nämnden finns inte bland de levererade organisationsenheterna.")
    known = plans(context.connection, context.viewer, board.code)
    year, years = _years(context, known, may_edit=can_edit_plan(context.viewer, board.code))
    found = plan_of(context.connection, context.viewer, board.code, year)
    shown = _Shown(context, board, year, found, known)
    heading = f"Intern kontrollplan {year}"
    head = page_head(
        heading,
        place=board.name,
        choices=choices(place_choice("Nämnd", boards, board.code), year_choice(years, year)),
        is_synthetic=found.plan.is_synthetic if found else is_synthetic(context.connection, board.municipality_code),
    )
    body = _empty(shown) if found is None else _plan(shown, found)
    return Page(heading, [head, *(one for one in body if one is not None)])


def _years(context: Context, known: tuple[PlanSummary, ...], *, may_edit: bool) -> tuple[int, list[int]]:
    """The chosen year, and those that can be chosen, the newest first."""
    today = clock.today()
    own = {one.year for one in known}
    possible = own | {today.year} | ({today.year + 1} if may_edit else set())
    if context.query.get("ar"):
        year = context.number("ar") or 0
        if year not in possible:
            raise NotFound("Det finns ingen kontrollplan för det året.")
    elif own:
        year = today.year if today.year in own else max(own)
    else:
        year = today.year + (1 if may_edit and today.month >= _AUTUMN else 0)
    return year, sorted(possible, reverse=True)


def _empty(shown: _Shown) -> list[Any]:
    lead = no_plan_lead(shown.year, is_first=not shown.known, may_begin=shown.may_edit)
    if shown.context.query.get("gor") == Form.SCALE and shown.may_scale:
        return [lead, _scale_form(shown)]
    if not shown.may_edit:
        return [lead]
    today = clock.today()
    years = [one for one in (today.year, today.year + 1) if one not in {plan.year for plan in shown.known}]
    if shown.year not in years:
        return [lead, states.empty(f"En plan påbörjas för {today.year} eller {today.year + 1}.")]
    return [lead, _begin_form(shown, years, shown.year, is_only=not shown.known), _scale_link(shown)]


def _begin_form(shown: _Shown, years: list[int], year: int, *, is_only: bool) -> html.Section:
    decided = (PlanStatus.ADOPTED, PlanStatus.FOLLOWED_UP, PlanStatus.CLOSED)
    earlier = max((one.year for one in shown.known if one.status in decided and one.year < year), default=None)
    return forms.begin_form(shown.about(Form.BEGIN), years, year, earlier, is_only=is_only)


def _scale_link(shown: _Shown) -> Any:
    return step_list([Step("Ändra kommunens riskskala", shown.href(gor=Form.SCALE))] if shown.may_scale else [])


def _plan(shown: _Shown, found: PlanView) -> list[Any]:
    context = shown.context
    is_draft = found.working is not None and found.working.stage is Stage.DRAFT
    ways = RiskWays(
        shown.board.code, shown.href if is_draft and shown.may_edit else None, can_open(context.viewer, Place.FIGURES)
    )
    return [
        plan_lead(found),
        _form(shown, found) or step_list(_steps(shown, found)),
        _due(shown, found),
        matrix_section(found, shown.scale.scale, shown.href(gor=Form.SCALE) if shown.may_scale else None),
        risk_section(found, context.catalogue.definitions, ways),
        decision_section(found),
    ]


def _due(shown: _Shown, found: PlanView) -> html.Section | None:
    """The controls as they come due, once there are any; for those who read the board's control."""
    if not can_read_control(shown.context.viewer, shown.board.code):
        return None
    today = clock.today()
    due = occasions(shown.context.connection, shown.context.viewer, shown.board.code, found.plan.plan_no, today)
    return occasion_section(due, today) if due else None


def _steps(shown: _Shown, found: PlanView) -> list[Step]:
    """What the reader may do, the most likely first."""
    return [Step(words, shown.href(gor=one)) for one, words in STEPS.items() if one in shown.possible(found)]


def _form(shown: _Shown, found: PlanView) -> html.Section | None:
    """The form that the address opens, where the reader may use it now."""
    try:
        which = Form(shown.context.query.get("gor", ""))
    except ValueError:
        return None
    if which is Form.SCALE:
        return _scale_form(shown) if shown.may_scale else None
    if which in (Form.RISK, Form.CONTROL, Form.REMOVE):
        return _content_form(which, shown, found)
    if which not in shown.possible(found):
        return None
    about, back = shown.about(which), shown.href()
    if which is Form.REVISE:
        return forms.reason_form(about, back)
    if which in (Form.ADOPT, Form.FOLLOW_UP, Form.CLOSE):
        return forms.decision_form(which, about, back)
    return forms.asked_form(which, about, back)


def _content_form(which: Form, shown: _Shown, found: PlanView) -> html.Section | None:
    if not shown.may_edit or found.working is None or found.working.stage is not Stage.DRAFT:
        return None
    content, back = found.content, shown.href()
    risk = content.risk(shown.context.query.get("risk", ""))
    if risk is None:
        return forms.risk_form(shown.about(which), None, content.scale, back) if which is Form.RISK else None
    control = next((one for one in risk.controls if one.id == shown.context.query.get("moment")), None)
    about = shown.about(which, risk=risk.id, control=control.id if control else "", seen=hash_of_risk(risk))
    if which is Form.RISK:
        return forms.risk_form(about, risk, content.scale, back)
    if which is Form.REMOVE:
        return forms.remove_form(about, risk, control, back)
    return forms.control_form(about, risk, control, shown.context.catalogue.definitions, back)


def _scale_form(shown: _Shown) -> html.Section:
    kept = shown.scale
    size = shown.context.number("steg") or kept.scale.size
    scale = kept.scale if size == kept.scale.size else FIVE if size == FIVE.size else DEFAULT
    about = shown.about(Form.SCALE, edits=kept.edits, steps=scale.size)
    other = shown.href(gor=Form.SCALE, steg=str(FIVE.size if scale.size == DEFAULT.size else DEFAULT.size))
    return forms.scale_form(about, scale, shown.href(), other)
