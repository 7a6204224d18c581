"""What a board has to take a position on, and what it is proposed to decide. Pure.

What to do about a figure is the administration's to prepare, so the proposals are the same for all: ask for actions or
for an analysis, or, where another principal decides, raise it in the delregional collaboration. The papers propose the
first by the same rule (`control.papers.follow_up`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from control import remarks
from control.actions.content import BoardAction
from control.board_work import BoardWork
from control.occasions.reading import Listed
from control.remarks import is_red
from kpi.spc.verdict import Told
from kpi.status import State
from kpi.views.rows import FigureRow


class MatterKind(StrEnum):
    """What a matter is about, in the order that a board takes them."""

    PLAN = "plan"  # a plan waits to be adopted
    MISSED = "missed"  # a decided target is missed, or a figure has clearly become worse, and nothing is done about it
    LATE_ACTIONS = "late_actions"
    LATE_CONTROLS = "late_controls"
    PROPOSED = "proposed"  # on the wrong side of a level that the board has not decided, and nobody has said why
    COUNTERPART = "counterpart"  # another principal decides
    TARGETS = "targets"  # the board has not decided its targets


@dataclass(frozen=True)
class Matter:
    """`row`: the figure it is about; else the actions or controls that are late, the `year` of a plan, or how many
    targets are undecided."""

    kind: MatterKind
    row: FigureRow | None = None
    actions: tuple[BoardAction, ...] = ()
    controls: tuple[Listed, ...] = ()
    year: int | None = None
    undecided: int = 0


def matters(rows: Sequence[FigureRow], work: BoardWork | None, today: date) -> tuple[Matter, ...]:
    """The most pressing first, the farthest from its level first among figures. `work`: None for who reads nothing of
    the board's control, and is told of the figures alone."""
    found = [Matter(kind, row) for row in rows if (kind := _of_figure(row, work)) is not None]
    if work is not None:
        found += [Matter(MatterKind.PLAN, year=year) for year in work.plans_proposed]
        if actions := work.late_actions(today):
            found.append(Matter(MatterKind.LATE_ACTIONS, actions=actions))
        if controls := work.late_controls:
            found.append(Matter(MatterKind.LATE_CONTROLS, controls=controls))
    undecided = sum(row.target is not None and not row.target.is_decided and not row.target.is_watch for row in rows)
    if undecided:
        found.append(Matter(MatterKind.TARGETS, undecided=undecided))
    return tuple(sorted(found, key=_order))


NAMED = 3
"""So many figures are named in one proposed decision, and stand on its card; the others are to be known."""


def grouped(matters: Sequence[Matter]) -> tuple[tuple[Matter, ...], ...]:
    """Those that end in one decision together, in their order: the figures of one kind, each plan by itself."""
    by_decision = groupby(matters, key=lambda one: (one.kind, one.year))
    return tuple(tuple(those) for _, those in by_decision)


def is_answered(row: FigureRow, work: BoardWork) -> bool:
    """By the rule that a closing asks by."""
    return remarks.is_answered(row, work.actions, work.remarks)


def _of_figure(row: FigureRow, work: BoardWork | None) -> MatterKind | None:
    if not is_red(row) or (work is not None and is_answered(row, work)):
        return None
    if row.definition.control == "counterpart":
        return MatterKind.COUNTERPART
    is_missed = row.status.state is State.OFF and row.target is not None and row.target.is_decided
    return MatterKind.MISSED if is_missed or row.variation.told is Told.CONCERN else MatterKind.PROPOSED


def _order(matter: Matter) -> tuple[int, float, str]:
    row = matter.row
    return (
        list(MatterKind).index(matter.kind),
        -(row.severity or 0.0) if row is not None else 0.0,
        row.definition.name if row is not None else "",
    )
