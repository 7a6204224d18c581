"""Series of deviations: which ones recur at a board, and closing one by an action, or with the reason for none.

A series is told by unit, category and counterpart, never by a case. It is closed up to its last month: what is reported
later begins a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, insert, select

from control.actions.content import BoardAction, Origin
from control.actions.store import read_actions
from control.audit.actions import Action
from control.audit.log import lock_chain, record
from control.free_text import kept_text
from control.locking import ChangedMeanwhile
from control.release.rule import board_of
from kpi.access import Viewer, can_manage_action, can_read_figure, check_can_manage_action, check_can_read_control
from kpi.code_words import ACTORS, PARTS
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.recurring import WINDOW, Series, Sort, faded, recurring
from kpi.views.coverage import coverage
from kpi.views.deviations import deviation_counts
from kpi.views.organisation import read_organisation
from kpi.views.overview import months_to_choose
from warehouse import clock
from warehouse.action_tables import deviation_series_decision as table
from warehouse.database import writing
from warehouse.errors import UserError

_NAME = "Serien"
_FIGURES = "deviation"
"""How the ids of the figures about deviations begin."""


@dataclass(frozen=True)
class OpenSeries:
    """A series that nobody has closed. `count`: None for who does not read the unit's figures; `follows`: the decision
    that closed the sort's series before; `actions`: those that may answer for it, the one made from it first;
    `is_faded`: it no longer recurs, and is told for six months more."""

    sort: Sort
    unit: Unit
    months: tuple[Period, ...]
    count: int | None
    follows: int | None
    actions: tuple[BoardAction, ...]
    may_close: bool
    is_faded: bool = False

    @property
    def has_own_action(self) -> bool:
        """Whether an action was made from it."""
        return bool(self.actions) and _is_of(self.actions[0], self.sort)


@dataclass(frozen=True)
class Decision:
    """That a series was closed, by an action or with a reason."""

    number: int
    sort: Sort
    first: Period
    last: Period
    action_no: int | None
    reason: str | None
    at: datetime
    by: str


def named(sort: Sort) -> str:
    """`oklart ansvar, BUP`: what the sort's deviations are about, and with whom."""
    return f"{PARTS['category'].get(sort.category, sort.category)}, {ACTORS.get(sort.counterpart, sort.counterpart)}"


def open_series(
    connection: Connection, viewer: Viewer, organisation: Organisation, board_code: str
) -> tuple[OpenSeries, ...]:
    """The board's series in the last six months that deliveries reach the end of, then those that have faded since, of
    units whose figures the viewer reads or whose actions the viewer manages. AccessDenied for another's board."""
    board = board_of(organisation, board_code)
    last = _last_month(connection, board)
    if last is None:
        return ()
    first = last.shift(1 - 2 * WINDOW)
    counts = deviation_counts(connection, viewer, organisation, board_code, first, last)
    closed = {one.sort: one for one in reversed(decisions(connection, viewer, board_code))}
    until = {sort: decision.last for sort, decision in closed.items()}
    actions = read_actions(connection, viewer, board_code)
    found = []
    for one in (*recurring(counts, last, until), *faded(counts, last, until)):
        unit_code = one.sort.unit_code
        may_close = can_manage_action(viewer, board_code, unit_code)
        days = one.months[0].first_day, one.months[-1].last_day
        reads = can_read_figure(viewer, organisation, unit_code, *days, areas=(board.area or "",))
        if may_close or reads:
            before = closed.get(one.sort)
            found.append(_open(organisation, one, actions, before, reads=reads, may_close=may_close))
    return tuple(found)


def decisions(connection: Connection, viewer: Viewer, board_code: str) -> tuple[Decision, ...]:
    """What has been closed, the newest first. AccessDenied for who does not read the board's internal control."""
    check_can_read_control(viewer, board_code)
    rows = connection.execute(
        select(table).where(table.c.board_code == board_code).order_by(table.c.decision_no.desc())
    )
    return tuple(map(_decision, rows))


def close_series(
    engine: Engine,
    viewer: Viewer,
    board_code: str,
    sort: Sort,
    *,
    seen: Period,
    follows: int | None,
    action_no: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> int:
    """Close the series up to its last month; the decision's number. `seen` and `follows`: its last month and the
    decision before, as the page showed them.

    AccessDenied for who does not manage the unit's actions; UserError without an action and a reason, or when there is
    no such series; ChangedMeanwhile when it has gone on, or somebody else has closed it.
    """
    check_can_manage_action(viewer, board_code, sort.unit_code)
    kept, moment = kept_text(reason, "Skälet", is_required=False), clock.utc(at or clock.now())
    with writing(engine) as connection:
        lock_chain(connection)  # one closes at a time: two first decisions would both stand
        organisation = read_organisation(connection)
        found = next(
            (one for one in open_series(connection, viewer, organisation, board_code) if one.sort == sort), None
        )
        if found is None or (found.months[-1], found.follows) != (seen, follows):
            raise ChangedMeanwhile(_NAME)
        if action_no is not None and action_no not in {one.number for one in found.actions}:
            raise UserError(
                "Åtgärden svarar inte på serien: den gäller en annan enhet eller något annat än avvikelser, är "
                "avbruten eller var klar innan serien började. Välj en annan i listan."
            )
        if action_no is None and not kept:
            raise UserError(
                f"Serien avslutas inte: {named(sort)} på {found.unit.name} har varken en åtgärd eller ett skäl. Välj "
                "åtgärden som svarar på den, starta en ny, eller skriv varför ingen behövs."
            )
        number: int = connection.execute(
            insert(table)
            .values(
                municipality_code=found.unit.municipality_code, board_code=board_code, unit_code=sort.unit_code,
                category=sort.category, counterpart_actor=sort.counterpart, first_month=found.months[0].code,
                last_month=found.months[-1].code, action_no=action_no, reason=kept or None, follows=follows,
                closed_at=moment, closed_by=viewer.user[:80],
            )
            .returning(table.c.decision_no)
        ).scalar_one()  # fmt: skip
        record(
            connection, viewer, Action.SERIES_CLOSED, f"avvikelser: {named(sort)}",
            municipality_code=found.unit.municipality_code, board_code=board_code, unit_code=sort.unit_code,
            reason=kept or None, details={"decision": number, "action": action_no, "until": str(found.months[-1])},
            at=moment,
        )  # fmt: skip
    return number


def _open(
    organisation: Organisation, one: Series, actions: tuple[BoardAction, ...], before: Decision | None, *,
    reads: bool, may_close: bool,
) -> OpenSeries:  # fmt: skip
    unit_code = one.sort.unit_code
    answering = [each for each in actions if _answers(each, one)]
    answering.sort(key=lambda each: (not _is_of(each, one.sort), each.origin is not Origin.DEVIATIONS))
    follows = before.number if before is not None else None
    unit = organisation.spans(unit_code)[-1]
    return OpenSeries(
        one.sort, unit, one.months, one.count if reads else None, follows, tuple(answering), may_close, one.is_faded
    )  # fmt: skip


def _answers(action: BoardAction, series: Series) -> bool:
    """Whether it is about deviations, of the unit or the whole board, and is under way or was done after the series
    began."""
    is_about = action.origin is Origin.DEVIATIONS or (action.kpi_id or "").startswith(_FIGURES)
    is_in_time = action.is_ongoing or (action.done_on is not None and action.done_on >= series.months[0].first_day)
    return is_about and is_in_time and action.unit_code in (None, series.sort.unit_code)


def _is_of(action: BoardAction, sort: Sort) -> bool:
    """Whether the action was made from the sort's series."""
    is_here = action.origin is Origin.DEVIATIONS and action.unit_code == sort.unit_code
    return is_here and action.origin_reference == named(sort)


def _last_month(connection: Connection, board: Unit) -> Period | None:
    months = months_to_choose(coverage(connection, board.municipality_code or ""))
    return months.default if months is not None else None


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(
        row.decision_no, Sort(row.unit_code, row.category, row.counterpart_actor), Period.from_code(row.first_month),
        Period.from_code(row.last_month), row.action_no, row.reason, clock.utc(row.closed_at), row.closed_by,
    )  # fmt: skip
