"""What answers an audit today: for each of its questions and recommendations the board's controls, actions, assessments
and figures, what they rest on, and what remains. The paper that answers the audit is made of what was frozen
(`control.papers.audit_answer`); here is what is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from control.actions.content import BoardAction, Origin, Status
from control.actions.store import read_actions
from control.assessments.reading import Assessment, View, board_views, periods_assessed
from control.assessments.scales import Subject
from control.evidence.owners import About
from control.evidence.service import labels_of
from control.occasions.occasion import Result
from control.occasions.reading import Listed, Standing, occasions
from control.papers.audit_facts import Audit, Question, Recommendation
from control.papers.content import listed
from control.plan.content import Control, PlanContent, Risk
from control.plan.store import adopted_of, plans_of, revisions_of
from kpi import format as text
from kpi.access import Side, Viewer, check_can_read_control
from kpi.status import State
from kpi.views.rows import FigureRow


@dataclass(frozen=True)
class ControlState:
    """A control of the plan in force, as it was carried out last, and how often it is late. `evidence`: what the last
    result rests on."""

    risk: Risk
    control: Control
    latest: Listed | None
    late: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What stands for a question (`question`) or a recommendation of the audit."""

    question: Question | None
    recommendation: Recommendation | None
    rows: tuple[FigureRow, ...]
    controls: tuple[ControlState, ...]
    actions: tuple[BoardAction, ...]
    assessments: tuple[Assessment, ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        """The sorts of answer that there is none of, in Swedish."""
        found = {"kontrollmoment": self.controls, "nyckeltal": self.rows, "åtgärd": self.actions}
        if self.question is not None:
            found["bekräftad bedömning"] = self.assessments
        return tuple(name for name, those in found.items() if not those)


@dataclass(frozen=True)
class BoardControl:
    """What a board's internal control holds that may answer an audit."""

    content: PlanContent | None
    occasions: tuple[Listed, ...]
    evidence: Mapping[int, tuple[str, ...]]
    actions: tuple[BoardAction, ...]
    views: tuple[View, ...]


def read_board_control(connection: Connection, viewer: Viewer, board_code: str, today: date) -> BoardControl:
    """AccessDenied for who does not read the board's control."""
    check_can_read_control(viewer, board_code)
    adopted = (adopted_of(revisions_of(connection, one.plan_no)) for one in plans_of(connection, board_code))
    content = next((one.content for one in adopted if one is not None), None)
    listed = occasions(connection, viewer, board_code, None, today)
    done = [one.occasion.number for one in listed if one.standing is Standing.DONE]
    assessed = next(iter(periods_assessed(connection, viewer, board_code)), None)
    return BoardControl(
        content,
        listed,
        labels_of(connection, viewer, board_code, About.OCCASION, done),
        read_actions(connection, viewer, board_code),
        board_views(connection, viewer, board_code, assessed) if assessed is not None else (),
    )


def answers(audit: Audit, held: BoardControl, rows: Sequence[FigureRow]) -> tuple[Answer, ...]:
    """The questions, then the recommendations. `rows`: the board's figures that the viewer reads. Pure."""
    return (
        *(_to_question(one, held, rows) for one in audit.questions),
        *(_to_recommendation(one, held, rows) for one in audit.recommendations),
    )


def remains(answer: Answer) -> tuple[str, ...]:
    """What is still to be done, in sentences; that nothing is off is never said of what could not be judged. Pure."""
    parts = []
    if off := [one.definition.name for one in answer.rows if one.status.state is State.OFF]:
        parts.append(f"Nå mål eller nivå: {'; '.join(off)}.")
    if late := [one.control.what.rstrip(".") for one in answer.controls if one.late]:
        parts.append(f"Genomföra {_named(late, 'det försenade kontrollmomentet', 'försenade kontrollmoment')}.")
    if short := sum(map(is_short, answer.controls)):
        parts.append(f"Rätta det som {text.count_word(short)} kontrollmoment fann.")
    if going := [one.what.rstrip(".") for one in answer.actions if one.is_ongoing]:
        parts.append(f"Slutföra {_named(going, 'åtgärden', 'åtgärder')}.")
    if answer.lacks:
        parts.append(f"{text.capital(listed(answer.lacks))} saknas.")
    return tuple(parts)


def is_short(one: ControlState) -> bool:
    """Whether the control found a shortcoming the last time."""
    return one.latest is not None and one.latest.occasion.result in (Result.MINOR, Result.SERIOUS)


def _named(names: Sequence[str], one: str, several: str) -> str:
    """One by its name, several by their number."""
    return f"{one} ”{names[0]}”" if len(names) == 1 else f"{text.count_word(len(names))} {several}"


def _to_question(question: Question, held: BoardControl, rows: Sequence[FigureRow]) -> Answer:
    own = tuple(one for one in rows if one.definition.audit_question == question.number)
    controls = _controls(held, lambda risk, _: risk.audit_question == question.number)
    subject = Subject(f"question_{question.number}")
    judged = tuple(
        one.current
        for one in held.views
        if one.subject is subject and one.side in (Side.PRESIDIUM, Side.ADMINISTRATION) and one.current is not None
    )
    return Answer(question, None, own, controls, _actions(held, own, controls), judged)


def _to_recommendation(one: Recommendation, held: BoardControl, rows: Sequence[FigureRow]) -> Answer:
    by_id = {row.definition.id: row for row in rows}
    own = tuple(by_id[kpi_id] for kpi_id in one.kpis if kpi_id in by_id)
    controls = _controls(held, lambda _, control: bool(set(control.kpis) & set(one.kpis)))
    return Answer(None, one, own, controls, _actions(held, own, controls), ())


def _controls(held: BoardControl, is_wanted: Callable[[Risk, Control], bool]) -> tuple[ControlState, ...]:
    risks = held.content.risks if held.content is not None else ()
    return tuple(_state(held, risk, control) for risk in risks for control in risk.controls if is_wanted(risk, control))


def _state(held: BoardControl, risk: Risk, control: Control) -> ControlState:
    own = [one for one in held.occasions if one.occasion.control_id == control.id]
    done = [one for one in own if one.standing is Standing.DONE]
    latest = max(done, key=lambda one: one.occasion.due_on, default=None)
    evidence = held.evidence.get(latest.occasion.number, ()) if latest is not None else ()
    return ControlState(risk, control, latest, sum(one.standing is Standing.LATE for one in own), evidence)


def _actions(
    held: BoardControl, rows: Sequence[FigureRow], controls: Sequence[ControlState]
) -> tuple[BoardAction, ...]:
    """The actions that are to change the figures, and those that what the controls found led to."""
    ids, control_ids = {one.definition.id for one in rows}, {one.control.id for one in controls}
    numbers = {str(one.occasion.number) for one in held.occasions if one.occasion.control_id in control_ids}
    found = (
        one
        for one in held.actions
        if one.status is not Status.CANCELLED
        and (one.kpi_id in ids or (one.origin is Origin.CONTROL and one.origin_reference in numbers))
    )
    return tuple(sorted(found, key=lambda one: (not one.is_ongoing, one.due_on)))
