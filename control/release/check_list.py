"""What is left to do before a board's period is closed. Only red figures that nobody has answered for stop a closing:
whoever closes sees the rest, and it is kept with what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile

from sqlalchemy import Connection

from control.release.answers import left_unanswered
from control.release.rule import board_of, rules
from control.release.store import Stored, closings
from kpi.access import OPERATOR, Viewer, check_can_read_closing
from kpi.definition import Catalogue, Kind
from kpi.organisation import Unit
from kpi.period import Period, PeriodType, overlap, periods_between
from kpi.views.coverage import Held, coverage
from kpi.views.deliveries import deliveries
from kpi.views.freshness import open_rejects
from kpi.views.jobs import ClosingRequest, closing_requests
from kpi.views.organisation import read_organisation

FIRST_RULE = PeriodType.TERTIAL
"""What a board is proposed to close, until it has decided or closed anything."""
OFFERED = 12
"""How many periods back are shown."""


class Matter(StrEnum):
    """What is looked at."""

    DELIVERIES = "deliveries"  # do they reach the period's end
    HOLDS = "holds"  # deliveries that wait for a decision
    REJECTS = "rejects"  # rows in quarantine
    REMARKS = "remarks"  # red figures without an action or a reason


@dataclass(frozen=True)
class Check:
    """What is left of a matter: `count` things, `names` of them where they have names."""

    matter: Matter
    count: int
    names: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.count == 0


@dataclass(frozen=True)
class PeriodState:
    """A period of the board, and its closings, the first one first."""

    period: Period
    closings: tuple[Stored, ...]

    @property
    def is_closed(self) -> bool:
        """Whether it has been closed."""
        return bool(self.closings)


@dataclass(frozen=True)
class CheckList:
    """A board's closings, and what is left before `chosen` is closed. `decided`: which periods the board closes, None
    before it has decided; `periods`: those that have ended, the newest first (empty before any delivery); `requests`:
    what the scheduler has been asked to close, the newest first."""

    board: Unit
    decided: PeriodType | None
    periods: tuple[PeriodState, ...]
    chosen: PeriodState | None
    checks: tuple[Check, ...]
    requests: tuple[ClosingRequest, ...]

    @property
    def left(self) -> tuple[Check, ...]:
        """What is not done."""
        return tuple(one for one in self.checks if not one.is_done)

    @property
    def is_waiting(self) -> bool:
        """Whether the scheduler has a closing of the board left to carry out."""
        return any(one.is_waiting for one in self.requests)


def check_list(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    board_code: str,
    *,
    today: date,
    wanted: Period | None = None,
) -> CheckList:
    """Of the wanted period, else of the first that waits to be closed, else of the newest. AccessDenied; UserError for
    an unknown board."""
    check_can_read_closing(viewer, board_code)
    board = board_of(read_organisation(connection), board_code)
    decided = rules(connection).get(board_code)
    held = coverage(connection, board.municipality_code or "")
    own = [one for one in closings(connection) if one.header.board_code == board_code]
    periods = _periods(decided or FIRST_RULE, held, own, today)
    chosen = next((one for one in periods if one.period == wanted), None) or _first_to_close(periods, held)
    checks: tuple[Check, ...] = ()
    if chosen is not None:
        left = left_unanswered(connection, catalogue, board, chosen.period)
        named = tuple(row.definition.name for row in left)
        checks = (
            _deliveries(catalogue, board, chosen.period, held),
            Check(Matter.HOLDS, _holds(connection, board)),
            Check(Matter.REJECTS, _rejects(connection, board)),
            Check(Matter.REMARKS, len(named), named),
        )
    requests = closing_requests(connection, board_code)
    return CheckList(board, decided, periods, chosen, checks, requests)


def _periods(
    type_: PeriodType, held: Mapping[str, Held], own: Sequence[Stored], today: date
) -> tuple[PeriodState, ...]:
    """Those that the board closes and that have ended, since the first delivery; and what it has closed of other
    sorts."""
    by_period: dict[Period, list[Stored]] = {}
    for one in own:
        by_period.setdefault(one.header.period, []).append(one)
    offered: list[Period] = []
    if held:
        last = Period.containing(today, type_).shift(-1)
        first = max(Period.containing(min(one.first_on for one in held.values()), type_), last.shift(1 - OFFERED))
        offered = [one for one in periods_between(first, last) if not any(_crosses(one, other) for other in by_period)]
    shown = sorted({*offered, *by_period}, key=lambda one: one.last_day, reverse=True)
    return tuple(PeriodState(one, tuple(by_period.get(one, ()))) for one in shown)


def _crosses(one: Period, other: Period) -> bool:
    return one != other and overlap(one, other)


def _first_to_close(periods: Sequence[PeriodState], held: Mapping[str, Held]) -> PeriodState | None:
    """The first after the newest closed one; before any closing the newest that deliveries reach the end of, since
    nobody closes years of history."""
    if not any(one.is_closed for one in periods):
        reach = max((one.as_of for one in held.values()), default=date.min)
        reached = (one for one in periods if one.period.last_day <= reach)
        return next(reached, periods[0] if periods else None)
    waiting = [*takewhile(lambda one: not one.is_closed, periods)]
    return waiting[-1] if waiting else periods[0]


def _deliveries(catalogue: Catalogue, board: Unit, period: Period, held: Mapping[str, Held]) -> Check:
    """The board's figures that lack the end of the period. Of what the product counts from its own records, nothing
    is missing where none is kept."""
    late = [
        one.name
        for one in catalogue.definitions.values()
        if board.area in one.areas
        and one.kind is not Kind.CONTEXT
        and (held[one.id].as_of < period.last_day if one.id in held else not one.is_own)
    ]
    return Check(Matter.DELIVERIES, len(late), tuple(late))


def _holds(connection: Connection, board: Unit) -> int:
    held = deliveries(connection, OPERATOR, status=("held",))
    return sum(board.municipality_code in one.municipalities for one in held)


def _rejects(connection: Connection, board: Unit) -> int:
    waiting = open_rejects(connection, OPERATOR)
    return sum(count for (_, _, code), count in waiting.items() if code in (board.municipality_code, ""))
