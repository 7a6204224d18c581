"""Plans the board's year: days are accepted, moved, cancelled, and a risk analysis is done. A paper's day is done when
the paper is put before the board (`control.papers.service.deliver`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from control.audit.actions import Action
from control.audit.log import record
from control.free_text import kept_text
from control.locking import change
from control.release.rule import board_of, rules
from control.year.days import BoardDate, DateKind, Day, proposed_days, title_of
from kpi.access import Viewer, can_read_papers, check_can_make_papers
from kpi.period import Period, PeriodType
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.paper_tables import board_date

_YEARS_AHEAD = 2
_LONGEST_REASON = 1_000
_NAME = "Dagen i nämndens år"


def read_year(connection: Connection, viewer: Viewer, boards: Iterable[str]) -> tuple[BoardDate, ...]:
    """Every day of those of the boards whose papers the viewer reads, by day."""
    codes = sorted(code for code in set(boards) if can_read_papers(viewer, code))
    return _built(connection, board_date.c.board_code.in_(codes))


def proposal(connection: Connection, viewer: Viewer, board_code: str, today: date) -> tuple[Day, ...]:
    """The sensible days that the board has not decided about. AccessDenied for who does not plan its year."""
    check_can_make_papers(viewer, board_code)
    known = {(one.kind, one.period) for one in _built(connection, board_date.c.board_code == board_code)}
    closes = rules(connection).get(board_code, PeriodType.TERTIAL)
    return tuple(one for one in proposed_days(closes, today) if (one.kind, one.period) not in known)


def plan_days(
    engine: Engine, viewer: Viewer, board_code: str, days: Sequence[Day], *, today: date, at: datetime | None = None
) -> None:
    """Put days into the board's year; all of them or none. AccessDenied, or UserError for none, for a day that has
    passed, a period of another sort, and what is in the year already."""
    check_can_make_papers(viewer, board_code)
    if not days:
        raise UserError("Ingen dag är ifylld. Fyll i minst en dag och spara igen.")
    moment = at or clock.now()
    with writing(engine) as connection:
        municipality = board_of(read_organisation(connection), board_code).municipality_code or ""
        for one in days:
            _check_day(one.on, today, title_of(one.kind, one.period))
            _check_period(one)
            _insert(connection, viewer, municipality, board_code, one, moment)
        told = {"days": [f"{one.kind} {one.period} {one.on}" for one in days]}
        _record(connection, viewer, Action.YEAR_PLANNED, municipality, board_code, told, moment)


def move_day(
    engine: Engine, viewer: Viewer, number: int, seen: int, on: date, *, today: date, at: datetime | None = None
) -> None:
    """Another day; a cancelled one is in force again. One that has passed counts as late whatever the new day is.

    AccessDenied, NotFound, UserError; ChangedMeanwhile when another has changed it since `seen`.
    """
    moment = at or clock.now()
    with writing(engine) as connection:
        found = _planned(connection, viewer, number)
        if found.done_on is not None:
            raise UserError(f"{found.title} är redan klar och flyttas inte. Ladda om sidan.")
        _check_day(on, today, found.title)
        if on == found.planned_on and found.is_open:
            raise UserError(f"{found.title} ligger redan på {on}. Skriv en annan dag.")
        counted_on = on if found.counted_on >= today else found.counted_on
        values = {"planned_on": on, "counted_on": counted_on, "cancelled_on": None}
        _change(connection, viewer, found, seen, values, moment)
        told = {"day": found.number, "from": found.planned_on.isoformat(), "to": on.isoformat()}
        _record(connection, viewer, Action.YEAR_DAY_MOVED, found.municipality_code, found.board_code, told, moment)


def cancel_day(
    engine: Engine, viewer: Viewer, number: int, seen: int, reason: str, *, today: date, at: datetime | None = None
) -> None:
    """It will not be put before the board; why stands in the log. As `move_day`."""
    moment = at or clock.now()
    with writing(engine) as connection:
        found = _planned(connection, viewer, number)
        if not found.is_open:
            raise UserError(f"{found.title} är redan klar eller inställd. Ladda om sidan.")
        told = kept_text(reason, "Skälet", longest=_LONGEST_REASON)
        _change(connection, viewer, found, seen, {"cancelled_on": today}, moment)
        record(
            connection, viewer, Action.YEAR_DAY_CANCELLED, _resource(found.board_code), reason=told,
            municipality_code=found.municipality_code, board_code=found.board_code, details={"day": found.number},
            at=moment,
        )  # fmt: skip


def finish_risk_analysis(
    engine: Engine, viewer: Viewer, number: int, seen: int, on: date, *, today: date, at: datetime | None = None
) -> None:
    """The risk analysis was made on a day. As `move_day`; UserError for a paper, which is done when it is delivered."""
    moment = at or clock.now()
    with writing(engine) as connection:
        found = _planned(connection, viewer, number)
        if found.kind is not DateKind.RISK_ANALYSIS:
            raise UserError(f"{found.title} blir klar när handlingen läggs fram för nämnden.")
        if not found.is_open:
            raise UserError(f"{found.title} är redan klar eller inställd. Ladda om sidan.")
        if on > today:
            raise UserError("Dagen ligger framåt i tiden. Skriv den dag det hände, senast i dag.")
        _change(connection, viewer, found, seen, {"done_on": on}, moment)
        told = {"day": found.number, "on": on.isoformat()}
        _record(connection, viewer, Action.YEAR_DAY_DONE, found.municipality_code, found.board_code, told, moment)


def open_days(connection: Connection) -> tuple[BoardDate, ...]:
    """Every board's days that are still to come, for the reminders."""
    return _built(connection, board_date.c.done_on.is_(None) & board_date.c.cancelled_on.is_(None))


def _planned(connection: Connection, viewer: Viewer, number: int) -> BoardDate:
    found = _built(connection, board_date.c.date_no == number)
    if not found:
        raise NotFound("Dagen finns inte i nämndens år. Ladda om sidan.")
    check_can_make_papers(viewer, found[0].board_code)
    return found[0]


def _built(connection: Connection, which: Any) -> tuple[BoardDate, ...]:
    rows = connection.execute(select(board_date).where(which).order_by(board_date.c.planned_on, board_date.c.date_no))
    return tuple(
        BoardDate(
            row.date_no, row.municipality_code, row.board_code, DateKind(row.kind), Period.from_code(row.period),
            row.planned_on, row.counted_on, row.done_on, row.paper_no, row.cancelled_on, row.edits,
        )
        for row in rows
    )  # fmt: skip


def _check_day(on: date, today: date, what: str) -> None:
    if not today <= on <= date(today.year + _YEARS_AHEAD, 12, 31):
        raise UserError(
            f"{what}: {on} går inte att planera. Skriv en dag från i dag till och med {today.year + _YEARS_AHEAD}."
        )


def _check_period(one: Day) -> None:
    wanted = one.kind.period_type
    if wanted is not None and one.period.type is not wanted:
        examples = {PeriodType.MONTH: "en månad (2026-03)", PeriodType.TERTIAL: "ett tertial (2026-T1)"}
        raise UserError(f"{one.kind.word} gäller {examples.get(wanted, 'ett år (2026)')}. Ändra perioden.")


def _insert(
    connection: Connection, viewer: Viewer, municipality: str, board_code: str, one: Day, at: datetime
) -> None:  # fmt: skip
    try:
        connection.execute(
            insert(board_date).values(
                municipality_code=municipality, board_code=board_code, kind=one.kind.value, period=one.period.code,
                planned_on=one.on, counted_on=one.on, edits=0, changed_at=clock.utc(at), changed_by=viewer.user[:80],
            )
        )  # fmt: skip
    except IntegrityError:  # also when somebody else put it there at the same moment
        what = title_of(one.kind, one.period)
        raise UserError(f"{what} finns redan i nämndens år. Ladda om sidan och flytta dagen i stället.") from None


def _change(
    connection: Connection, viewer: Viewer, found: BoardDate, seen: int, values: Mapping[str, Any], at: datetime
) -> None:
    values = {**values, "changed_at": clock.utc(at), "changed_by": viewer.user[:80]}
    change(connection, board_date, board_date.c.date_no == found.number, seen, values, _NAME)


def _record(
    connection: Connection, viewer: Viewer, action: Action, municipality: str, board_code: str,
    details: Mapping[str, Any], at: datetime,
) -> None:  # fmt: skip
    record(
        connection, viewer, action, _resource(board_code), municipality_code=municipality, board_code=board_code,
        details=details, at=at,
    )  # fmt: skip


def _resource(board_code: str) -> str:
    return f"Nämndens år, {board_code}"
