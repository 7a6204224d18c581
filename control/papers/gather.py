"""Writes a paper's content from its cut: the same cut, head and definitions give the same content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from control.papers import occasions, sources
from control.papers.audit_answer import audit_answer
from control.papers.audit_facts import AUDITS
from control.papers.content import Cut, Document, Head, Moment, PaperContent
from control.papers.control_plan import control_plan
from control.papers.cut import (
    Release,
    catalogue_of,
    check_period,
    closed_before,
    definitions_at,
    period_for,
    release_for,
    releases_of,
)
from control.papers.figures import Figure, figures_of, released_until
from control.papers.follow_up import follow_up
from control.papers.kinds import PaperKind, title_of
from control.papers.levels import accepted_levels
from control.papers.material import Material
from control.papers.secrecy import secret_annex
from control.papers.sources import Plan
from control.release.rule import board_of
from kpi.definition import Catalogue
from kpi.moment import Cut as Seen
from kpi.moment import current_cut
from kpi.organisation import Organisation, Unit
from kpi.period import Period, PeriodType
from kpi.runs import cut_of
from kpi.views.freshness import is_synthetic
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.errors import UserError

_LOOKING_BACK = (PaperKind.AUDIT_ANSWER, PaperKind.CONTROL_PLAN, PaperKind.YEAR)
"""Papers that tell what is known of each figure, not only what came in the period: a board that closes months has its
tertials' and years' figures in other closings."""


@dataclass(frozen=True)
class Wanted:
    """A paper to be written. `cut`: what to write it from again; else the newest that concerns the period. `at`: when
    one that is kept is written first."""

    kind: PaperKind
    board_code: str
    period: Period | None
    dated: date
    version: int = 1
    registration_number: str = ""
    cut: Cut | None = None
    at: datetime | None = None


def gather(connection: Connection, serving: Catalogue, wanted: Wanted) -> PaperContent:
    """The content. UserError for an unknown board, a period that is not closed or of another sort, a municipality that
    no audit is known of, a board without a plan."""
    releases = releases_of(connection, wanted.board_code)
    plan, period = _subject(connection, board_of(read_organisation(connection), wanted.board_code), wanted, releases)
    release = _release(wanted, period, releases)
    moment = _moment(connection, wanted)
    made_at = datetime.fromisoformat(moment.made_at) if moment is not None else clock.now()
    organisation = _organisation(connection, release, moment, wanted)
    board = board_of(organisation, wanted.board_code)
    at = release.closed_at if release is not None else made_at
    version = (moment and moment.definitions_version) or definitions_at(connection, at)
    earlier = _earlier(connection, wanted, period, moment)
    if moment is not None and wanted.cut is None:
        moment = replace(moment, definitions_version=version)
        if earlier is not None:
            moment = replace(moment, earlier_plan_no=earlier.plan_no, earlier_revision=earlier.revision)
    catalogue = catalogue_of(connection, version, serving)
    municipality = organisation.municipality(board.municipality_code)
    if wanted.kind is not PaperKind.CONTROL_PLAN:
        plan = sources.plan_in_force(connection, board.code, period.year, at)
    head = Head(
        kind=wanted.kind.value,
        board_code=board.code,
        board=board.name,
        municipality=municipality.name if municipality is not None else board.municipality_code or "",
        period=str(period),
        version=wanted.version,
        registration_number=wanted.registration_number,
        dated=wanted.dated.isoformat(),
        is_synthetic=release.is_synthetic if release is not None else is_synthetic(connection),
        cut=replace(_cut(release, plan), moment=moment),
    )
    seen = _seen(wanted, period, release, releases)
    figures = _figures(connection, catalogue, board, municipality, release, wanted.kind, seen)
    material = Material(head, period, board, organisation, catalogue, figures, plan)
    if wanted.kind is PaperKind.CONTROL_PLAN:
        return PaperContent(control_plan(replace(material, earlier=earlier)))
    return _written(connection, wanted.kind, _with_control(connection, material, at, closed_before(period, releases)))


def _moment(connection: Connection, wanted: Wanted) -> Moment | None:
    """Of a kept paper of a plan: what no closing has frozen stands in it as it is now, and again as it was then."""
    if wanted.cut is not None:
        return wanted.cut.moment
    if wanted.at is None or wanted.kind is not PaperKind.CONTROL_PLAN:
        return None
    seen = current_cut(connection)
    return Moment(clock.utc(wanted.at).isoformat(), 0, seen.last, tuple(sorted(seen.pending)))


def _earlier(connection: Connection, wanted: Wanted, period: Period, moment: Moment | None) -> Plan | None:
    """For a plan's paper the plan of the year before, as it had been adopted when the paper was written first; where
    nobody kept when that was, by the end of its day."""
    if wanted.kind is not PaperKind.CONTROL_PLAN:
        return None
    if moment is not None and wanted.cut is not None:
        return sources.read_plan(connection, moment.earlier_plan_no, moment.earlier_revision)
    until = clock.midnight(wanted.dated + timedelta(days=1))
    if moment is not None:
        until = datetime.fromisoformat(moment.made_at)
    return sources.plan_in_force(connection, wanted.board_code, period.year - 1, until)


def _organisation(
    connection: Connection, release: Release | None, moment: Moment | None, wanted: Wanted
) -> Organisation:
    """The names as they were known when the period was closed, or when the paper was written where nothing has been;
    today's where the board was not known then."""
    seen = cut_of(connection, release.run_no) if release is not None else None
    if release is None and moment is not None:
        seen = Seen(moment.last_delivery, frozenset(moment.pending))
    found = read_organisation(connection, on=wanted.dated if seen is None else None, seen=seen)
    return found if found.spans(wanted.board_code) else read_organisation(connection)


def _written(connection: Connection, kind: PaperKind, material: Material) -> PaperContent:
    if kind is PaperKind.AUDIT_ANSWER:
        public: Document = audit_answer(material, AUDITS[material.board.municipality_code or ""])
    else:
        public = follow_up(material)
    title = title_of(kind, material.period)
    secret = secret_annex(connection, material, title)
    return PaperContent(public, secret)


def _with_control(connection: Connection, material: Material, at: datetime, since: datetime | None) -> Material:
    """With what internal control held at the cut; an answer to the audit tells of a year's controls, a follow-up
    also of earlier periods' controls that were signed `since` the closing before, or are still not carried out."""
    period, board = material.period, material.board.code
    is_answer = material.head.kind == PaperKind.AUDIT_ANSWER
    first, last = period.first_day, period.last_day
    if is_answer:
        held = occasions.occasions_of_a_year(connection, board, last, at)
    else:
        held = occasions.occasions(connection, board, first, last, at)
    return replace(
        material,
        earlier=sources.plan_in_force(connection, board, period.year - 1, at),
        occasions=held,
        late=() if is_answer else occasions.late_occasions(connection, board, first, since, at),
        undone=() if is_answer else occasions.undone_occasions(connection, board, first, at),
        actions=sources.actions(connection, board, at),
        assessments=sources.assessments(connection, board, None if is_answer else last, at),
        remarks=sources.remarks(connection, board, material.told_from, last, at),
    )


def _subject(
    connection: Connection, board: Unit, wanted: Wanted, releases: list[Release]
) -> tuple[Plan | None, Period]:
    """The plan that a control plan is of, and the period."""
    if wanted.kind is PaperKind.CONTROL_PLAN:
        if wanted.period is not None:
            check_period(wanted.kind, wanted.period, releases)
        plan = _plan(connection, board, wanted)
        if plan is None:
            raise UserError(
                f"{board.name} har ingen kontrollplan{f' för {wanted.period}' if wanted.period else ''}. Börja en på "
                "sidan Intern kontroll."
            )
        return plan, Period(PeriodType.YEAR, plan.year, 1)
    if wanted.kind is PaperKind.AUDIT_ANSWER and board.municipality_code not in AUDITS:
        raise UserError(
            f"Ingen revisionsrapport är känd för {board.name}. Yttranden görs för nämnder i kommuner som har granskats."
        )
    period = wanted.period or period_for(wanted.kind, releases)
    check_period(wanted.kind, period, releases)
    return None, period


def _plan(connection: Connection, board: Unit, wanted: Wanted) -> Plan | None:
    if wanted.cut is None:
        return sources.newest_plan(connection, board.code, wanted.period.year if wanted.period else None)
    found = sources.read_plan(connection, wanted.cut.plan_no, wanted.cut.plan_revision)
    return replace(found, decision=None) if found is not None and not wanted.cut.is_plan_adopted else found


def _release(wanted: Wanted, period: Period, releases: list[Release]) -> Release | None:
    if wanted.cut is not None:
        return next((one for one in releases if one.release_no == wanted.cut.release_no), None)
    if wanted.kind is PaperKind.CONTROL_PLAN:
        return releases[-1] if releases else None
    return release_for(period, releases)


def _figures(
    connection: Connection,
    catalogue: Catalogue,
    board: Unit,
    municipality: Unit | None,
    release: Release | None,
    kind: PaperKind,
    period: Period,
) -> list[Figure]:
    """The period's figures; in what looks beyond one period each figure's latest."""
    if release is None:
        return []
    codes = [board.code, *([municipality.code] if municipality is not None else [])]
    released = released_until(connection, release.release_no, codes)
    accepted = accepted_levels(connection, board.code, release.closed_at)
    return figures_of(
        catalogue, released, board, municipality, period, is_latest=kind in _LOOKING_BACK, accepted=accepted
    )


def _seen(wanted: Wanted, period: Period, release: Release | None, releases: list[Release]) -> Period:
    """The period whose figures are told: the paper's; for a control plan the latest that had been closed."""
    if wanted.kind is not PaperKind.CONTROL_PLAN or release is None:
        return period
    closed = (one.period for one in releases if one.release_no <= release.release_no)
    return max(closed, key=lambda one: one.last_day)


def _cut(release: Release | None, plan: Plan | None) -> Cut:
    cut = Cut(0, "", "", "")
    if release is not None:
        recorded = release.closed_at.isoformat()
        cut = Cut(release.release_no, release.content_hash, recorded, release.definitions_digest)
    if plan is None:
        return cut
    return replace(
        cut,
        plan_no=plan.plan_no,
        plan_revision=plan.revision,
        plan_hash=plan.content_hash,
        is_plan_adopted=plan.decision is not None,
    )
