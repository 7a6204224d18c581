"""What the product itself holds of internal control, as rows of the contract's own datasets.

No row ever goes away: a control that falls away is cancelled, and a later judgement of a chain replaces the earlier
under the chain's first number. So a delivery of all rows says all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from kpi.period import Period
from warehouse.action_tables import action, action_effect
from warehouse.assessment_tables import assessment
from warehouse.paper_tables import board_date
from warehouse.plan_tables import control_occasion, sample_case

OwnRow = Mapping[str, str]
"""A row's fields as texts: days as ISO, nothing as ''."""
OwnRows = Mapping[str, Mapping[str, tuple[OwnRow, ...]]]
"""By municipality and dataset; a dataset that is not there has no rows."""

_NOT_CARRIED_OUT = "not_carried_out"
_NO_REPORT = "risk_analysis"
"""A day of the board's year on which nothing is reported."""


def read_own_records(connection: Connection) -> OwnRows:
    """Every row, in the order of its key."""
    found: dict[str, dict[str, list[OwnRow]]] = {}
    for dataset, rows in _READERS.items():
        for row in rows(connection):
            found.setdefault(row["municipality_code"], {}).setdefault(dataset, []).append(row)
    return {
        municipality: {dataset: tuple(rows) for dataset, rows in datasets.items()}
        for municipality, datasets in sorted(found.items())
    }


def records_digest(connection: Connection) -> str | None:
    """Another text whenever any record has changed, from the tables' counters alone; None while there is no record."""
    counters = [
        _counter(control_occasion, func.sum(control_occasion.c.edits)),
        _counter(action, func.sum(action.c.edits)),
        _counter(action_effect, func.max(action_effect.c.effect_no)),
        _counter(board_date, func.sum(board_date.c.edits)),
        _counter(assessment, func.count(assessment.c.confirmed_at)),
        _counter(sample_case, func.sum(sample_case.c.edits)),
    ]
    numbers = [tuple(connection.execute(one).one()) for one in counters]
    if not any(rows for rows, _ in numbers):
        return None
    return hashlib.sha256(repr([(int(rows), int(edits or 0)) for rows, edits in numbers]).encode()).hexdigest()[:16]


def _counter(table: Table, edits: ColumnElement[Any]) -> Select[int, Any]:
    return select(func.count(), func.coalesce(edits, 0)).select_from(table)


# --- one dataset each ------------------------------------------------------


def _controls(connection: Connection) -> Iterator[OwnRow]:
    """Done is what is signed; what was found not to have been carried out is not done, though the finding is."""
    for row in connection.execute(select(control_occasion).order_by(control_occasion.c.occasion_no)):
        is_done = row.status == "done" and row.result != _NOT_CARRIED_OUT
        done_on = row.done_on if is_done else None
        yield _row(control_no=row.occasion_no, municipality_code=row.municipality_code, unit_code=row.board_code,
                   due_on=row.due_on, done_on=done_on, cancelled_on=row.cancelled_on)  # fmt: skip


def _actions(connection: Connection) -> Iterator[OwnRow]:
    """By the day that was promised first: a day that is moved makes nothing on time."""
    for row in connection.execute(select(action).order_by(action.c.action_no)):
        yield _row(action_no=row.action_no, municipality_code=row.municipality_code,
                   unit_code=row.unit_code or row.board_code, due_on=row.first_due_on, done_on=row.done_on,
                   cancelled_on=row.cancelled_on)  # fmt: skip


def _effects(connection: Connection) -> Iterator[OwnRow]:
    """Of a day's judgements of an action the newest."""
    query = (
        select(action_effect, action.c.municipality_code, action.c.board_code, action.c.unit_code)
        .join(action, action.c.action_no == action_effect.c.action_no)
        .order_by(action_effect.c.action_no, action_effect.c.assessed_on, action_effect.c.effect_no)
    )
    newest = {(row.action_no, row.assessed_on): row for row in connection.execute(query)}
    for row in newest.values():
        yield _row(action_no=row.action_no, municipality_code=row.municipality_code,
                   unit_code=row.unit_code or row.board_code, assessed_on=row.assessed_on,
                   effect=row.effect)  # fmt: skip


def _reports(connection: Connection) -> Iterator[OwnRow]:
    """By the day that counts: one that has passed is late wherever it is moved."""
    query = select(board_date).where(board_date.c.kind != _NO_REPORT).order_by(board_date.c.date_no)
    for row in connection.execute(query):
        yield _row(report_no=row.date_no, municipality_code=row.municipality_code, unit_code=row.board_code,
                   planned_on=row.counted_on, delivered_on=row.done_on, cancelled_on=row.cancelled_on)  # fmt: skip


def _assessments(connection: Connection) -> Iterator[OwnRow]:
    """Of each chain the newest that a second person has confirmed."""
    first: dict[int, int] = {}
    newest = {}
    for row in connection.execute(select(assessment).order_by(assessment.c.assessment_no)):
        chain = first.setdefault(row.assessment_no, first.get(row.follows, row.assessment_no))
        if row.confirmed_at is not None:
            newest[chain] = row
    for chain, row in sorted(newest.items()):
        yield _row(assessment_no=chain, municipality_code=row.municipality_code,
                   unit_code=row.unit_code or row.board_code, period_begins_on=Period.from_code(row.period).first_day,
                   about=row.subject, assessor=row.side, grade=row.grade)  # fmt: skip


def _reviews(connection: Connection) -> Iterator[OwnRow]:
    query = select(sample_case).where(sample_case.c.reviewed_on.is_not(None)).order_by(sample_case.c.case_no)
    for row in connection.execute(query):
        yield _row(review_id=f"samkoll-{row.case_no}", municipality_code=row.municipality_code,
                   unit_code=row.unit_code, reviewed_on=row.reviewed_on, sip_id=row.sip_id,
                   needs_stated=row.needs_stated, responsibilities_stated=row.responsibilities_stated,
                   other_measures_stated=row.other_measures_stated,
                   lead_principal_stated=row.lead_principal_stated)  # fmt: skip


_READERS: Mapping[str, Callable[[Connection], Iterable[OwnRow]]] = {
    "controls": _controls,
    "actions": _actions,
    "action_effects": _effects,
    "board_reports": _reports,
    "assessments": _assessments,
    "sip_reviews": _reviews,
}


def _row(**fields: object) -> OwnRow:
    return {name: _text(value) for name, value in fields.items()}


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
