"""What is said of the tertials' red figures before they are closed, so that a paper has a comment where one is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from control.actions.store import read_actions
from control.remarks import RemarkKind, latest, read_remarks, without_answer, write_remark
from etl.demo_control.cast import BOARD, CHIEF
from etl.demo_control.words import COMMENT, COMMENTS, COUNTERPART, NO_ACTION, STILL
from etl.demo_steps import Step, moment
from kpi.definition import Catalogue
from kpi.period import Period, PeriodType, overlap
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from kpi.views.overview import overview
from warehouse.database import reading

_OF_COUNTERPART = "sip_absence_by_actor"
"""The figure that the region's own words stand beside."""


def remark_steps(engine: Engine, catalogue: Catalogue, tertials: list[Period]) -> Iterator[Step]:
    """Two weeks and some days after each tertial."""
    for period in tertials:
        day = period.last_day + timedelta(days=17)
        yield Step(moment(day, 14), partial(_comment, engine, catalogue, period))
        if period in tertials[-2:]:
            yield Step(moment(day, 15, 30), partial(_counterpart, engine, catalogue, period))


def _comment(engine: Engine, catalogue: Catalogue, period: Period, at: datetime) -> None:
    month = Period.containing(period.last_day, PeriodType.MONTH)
    with reading(engine) as connection:
        try:
            found = overview(connection, catalogue, CHIEF, read_organisation(connection), BOARD, month)
        except NotFound:  # the deliveries begin later
            return
        actions, said = read_actions(connection, CHIEF, BOARD), read_remarks(connection, CHIEF, BOARD)
        rows = without_answer(found.rows if found is not None else (), actions, said)
    before = {one.kpi_id for one in latest(said) if overlap(one.period, period.shift(-1))}
    for number, row in enumerate(rows):
        figure, about = row.definition.id, row.current.last
        text = COMMENTS.get(figure, COMMENT)
        told = f"{STILL} {text}" if figure in before else text
        when = at + timedelta(minutes=2 * number)
        write_remark(engine, CHIEF, catalogue, BOARD, figure, about, RemarkKind.COMMENT, told, at=when)
        write_remark(engine, CHIEF, catalogue, BOARD, figure, about, RemarkKind.NO_ACTION, NO_ACTION, at=when)


def _counterpart(engine: Engine, catalogue: Catalogue, period: Period, at: datetime) -> None:
    kind = RemarkKind.COUNTERPART
    write_remark(engine, CHIEF, catalogue, BOARD, _OF_COUNTERPART, period, kind, COUNTERPART, at=at)
