"""Bedömningar: what the sides judge of each question, what people answer, what reviews of plans found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from control.assessments.evidence import references
from control.assessments.reading import Assessment, View, board_views, periods_assessed, view_of
from control.assessments.scales import Subject
from control.assessments.service import is_open
from control.evidence import About, can_add_evidence, evidence_of
from dashboard import texts
from dashboard.components.assessment_cards import Shown, heading, subject_section
from dashboard.components.assessment_form import form
from dashboard.components.assessment_lead import lead
from dashboard.components.attributes import aria
from dashboard.components.choices import choices, period_choice, place_choice
from dashboard.components.evidence import Target, evidence_section
from dashboard.components.head import page_head
from dashboard.components.link import address
from dashboard.components.states import empty
from dashboard.components.survey_panel import Figures, figure_links, review_section, survey_section
from dashboard.context import Context, Page
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import (
    Place,
    Role,
    Side,
    can_assess,
    can_confirm,
    can_read_control,
    can_read_figure,
    check_can_read_control,
)
from kpi.definition import Definition
from kpi.organisation import Unit
from kpi.period import Period, PeriodType
from kpi.views import reviews, surveys
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from warehouse import clock
from warehouse.contract import AREAS

CONFIRMED_ID = "assessment-confirmed"
SUBJECT, PART = "fraga", "part"
"""The parameters that open a form."""
_SUBJECTS = {**{str(one.question): one for one in Subject if one.question}, "mognad": Subject.MATURITY}
_PARTS = {"presidium": Side.PRESIDIUM, "forvaltning": Side.ADMINISTRATION}
_FEWEST_PERIODS = 4


def page(context: Context) -> Page:
    """`enhet` says which board, `period` which tertial; `fraga` and `part` open the form."""
    boards = [one for one in context.organisation.boards() if can_read_control(context.viewer, one.code)]
    board = _board(context, boards)
    if board is None:
        return Page("Bedömningar", [page_head("Bedömningar"), empty("Ingen nämnd som du hör till är levererad ännu.")])
    today = clock.today()
    period, periods = _periods(context, board)
    views = _with_own_units(context, board, period, board_views(context.connection, context.viewer, board.code, period))
    confirming = [one.waiting for one in views if one.waiting is not None and _may_confirm(context, one.waiting)]
    opened = _opened(context, board, views) if is_open(period, today) else None
    shown = Shown(
        lambda view: _name(context, view),
        lambda view: _form_at(context, board, period, view) if is_open(period, today) else None,
        lambda one: one in confirming,
        references(context.connection, _numbers(views)),
    )
    head = page_head(
        "Bedömningar",
        place=board.name,
        choices=choices(place_choice("Nämnd", boards, board.code), period_choice("Tertial", periods, period)),
        is_synthetic=is_synthetic(context.connection),
    )
    children: list[Any] = [head, *lead(views, period, today, to_confirm=len(confirming))]
    children.append(html.Div(id=CONFIRMED_ID, role="status", **aria(live="polite")))
    if opened is not None:
        back = address(ADDRESSES[Place.ASSESSMENTS], enhet=board.code, period=str(period))
        children.append(form(board.code, period, opened, _name(context, opened), back))
    children += [subject_section(subject, [one for one in views if one.subject is subject], shown)
                 for subject in Subject]  # fmt: skip
    children += [_evidence(context, views), *_figures(context, board, period)]
    title = f"Bedöm {opened.subject.words}: {heading(opened.subject)}" if opened is not None else "Bedömningar"
    return Page(title, [one for one in children if one is not None])


def _evidence(context: Context, views: Sequence[View]) -> html.Section | None:
    """What the assessments rest on; the form is for who signs them, and adds to those."""
    judged = [(view, one) for view in views for one in (view.current, view.waiting) if one is not None]
    if not judged:
        return None
    connection, viewer = context.connection, context.viewer
    mine = [one for one in judged if can_add_evidence(connection, viewer, About.ASSESSMENT, one[1].number)]
    targets = [
        Target(
            About.ASSESSMENT,
            one.number,
            f"{heading(view.subject)} {text.capital(_name(context, view))}",
            evidence_of(connection, viewer, About.ASSESSMENT, one.number),
        )
        for view, one in mine or judged
    ]
    shown = targets if mine else [one for one in targets if one.found]
    return evidence_section(shown, may_add=bool(mine), heading="Underlag till bedömningarna") if shown else None


def _board(context: Context, boards: Sequence[Unit]) -> Unit | None:
    wanted = context.query.get("enhet")
    found = next((one for one in boards if wanted in (None, one.code)), None)
    if found is None and wanted is not None:
        check_can_read_control(context.viewer, wanted)
        raise NotFound("Nämnden finns inte. Välj en i listan.")
    return found


def _periods(context: Context, board: Unit) -> tuple[Period, list[Period]]:
    """The wanted tertial, else the newest one assessed that is still open, else the one that today lies in; and those
    to choose from, the newest first."""
    now = Period.containing(clock.today(), PeriodType.TERTIAL)
    assessed = periods_assessed(context.connection, context.viewer, board.code)
    oldest = min([now.shift(1 - _FEWEST_PERIODS), *assessed])
    periods = [now]
    while periods[-1] > oldest:
        periods.append(periods[-1].shift(-1))
    wanted = context.query.get("period")
    if not wanted:
        return next((one for one in assessed if is_open(one, clock.today())), now), periods
    found = next((one for one in periods if str(one) == wanted), None)
    if found is None:
        raise NotFound(f"Det finns inga bedömningar för perioden. Välj ett tertial från {oldest} till {now}.")
    return found, periods


def _with_own_units(context: Context, board: Unit, period: Period, views: Sequence[View]) -> tuple[View, ...]:
    """The views, and those of the viewer's own units that have assessed nothing yet."""
    own = {
        unit
        for grant in context.viewer.grants
        if grant.role is Role.UNIT_MANAGER and board.code in grant.boards
        for unit in grant.units
        if board.code in context.organisation.boards_of(unit, period.first_day, period.last_day)
    }
    known = {(one.subject, one.unit_code) for one in views}
    more = [
        view_of((), subject, Side.UNIT, unit)
        for subject in Subject for unit in sorted(own) if (subject, unit) not in known
    ]  # fmt: skip
    return (*views, *more)


def _numbers(views: Sequence[View]) -> list[int]:
    return [one.number for view in views for one in (view.current, view.waiting) if one is not None]


def _name(context: Context, view: View) -> str:
    if view.unit_code is None:
        return texts.SIDES[view.side.value]
    spans = context.organisation.spans(view.unit_code)
    return spans[-1].name if spans else view.unit_code


def _may_confirm(context: Context, one: Assessment) -> bool:
    viewer = context.viewer
    return one.signed_by != viewer.user and can_confirm(viewer, one.board_code, one.side, one.unit_code)


def _form_at(context: Context, board: Unit, period: Period, view: View) -> str | None:
    if not can_assess(context.viewer, board.code, view.side, view.unit_code):
        return None
    subject = next(code for code, one in _SUBJECTS.items() if one is view.subject)
    part = view.unit_code or next(code for code, side in _PARTS.items() if side is view.side)
    wanted = {"enhet": board.code, "period": str(period), SUBJECT: subject, PART: part}
    return address(ADDRESSES[Place.ASSESSMENTS], **wanted)


def _opened(context: Context, board: Unit, views: Sequence[View]) -> View | None:
    """The view that the address asks to assess; None where it asks for none, or for what the viewer does not sign."""
    subject, part = _SUBJECTS.get(context.query.get(SUBJECT, "")), context.query.get(PART, "")
    if subject is None or not part:
        return None
    side = _PARTS.get(part, Side.UNIT)
    unit_code = part if side is Side.UNIT else None
    if not can_assess(context.viewer, board.code, side, unit_code):
        return None
    return view_of(views, subject, side, unit_code)


def _figures(context: Context, board: Unit, period: Period) -> list[Any]:
    """Surveys and reviews, for who reads the board's figures from the inside."""
    connection, viewer, organisation = context.connection, context.viewer, context.organisation
    if not can_read_figure(viewer, organisation, board.code, period.first_day, period.last_day, areas=AREAS):
        return []
    code = board.municipality_code or ""

    def read(place_code: str, figures: Iterable[Definition]) -> list[Definition]:
        days = period.first_day, period.last_day
        return [one for one in figures if can_read_figure(viewer, organisation, place_code, *days, areas=one.areas)]

    def asked(place_code: str) -> tuple[str, Figures]:
        return place_code, lambda question: read(place_code, surveys.figures_of(context.catalogue, question))

    return [
        survey_section(
            surveys.board_survey(connection, viewer, organisation, board.code, period),
            surveys.family_survey(connection, context.catalogue, viewer, organisation, code, period),
            asked(board.code),
            asked(code),
        ),
        review_section(
            reviews.reviewed(connection, viewer, organisation, board.code, period),
            period,
            figure_links(read(board.code, reviews.figures_of(context.catalogue)), board.code),
        ),
    ]
