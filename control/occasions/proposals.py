"""What a control's figures propose: a result and a risk value, with the reasons. A person decides. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from control.occasions.occasion import Proposal, Result
from kpi.spc.verdict import Told
from kpi.status import State
from kpi.views.rows import FigureRow

NOT_READ = Proposal(
    None, None, ("Nyckeltalen och deras förslag visas för dem som läser eller genomför nämndens kontroller.",)
)
"""For who neither reads the board's figures nor carries out its controls."""
_WORSE = "har försämrats mer än den vanliga variationen"
_JUDGED = frozenset({State.REACHES, State.NEAR, State.OFF})
_FAR = 2.0
"""So many margins on the wrong side of a decided target are serious by themselves."""
_STEPS = {Result.WITHOUT_REMARK: 0, Result.MINOR: 1, Result.SERIOUS: 2}
"""By how many steps of probability a result raises the plan's."""


def propose(rows: Sequence[FigureRow], probability: int, size: int) -> Proposal:
    """From the figures that measure the control; `probability`: the risk's in the plan, on a scale of `size` steps.

    A figure off its level or with a special cause the wrong way proposes a minor remark. Both at once, or far from a
    target that the board has decided, proposes a serious one. A target that is only proposed is never told as missed.
    """
    if not rows:
        return Proposal(None, None, ("Inget nyckeltal för nämnden mäter kontrollmomentet.",))
    found = [_result(row) for row in rows]
    because = tuple(_sentence(row) for row in rows)
    judged = [one for one in found if one is not None]
    if not judged:
        return Proposal(None, None, because)
    result = max(judged, key=_STEPS.__getitem__)
    return Proposal(result, min(size, probability + _STEPS[result]), because)


def _result(row: FigureRow) -> Result | None:
    """What one figure proposes; None when it cannot be judged."""
    is_off, is_worse = row.status.state is State.OFF, row.variation.told is Told.CONCERN
    if is_off and (is_worse or _is_far(row)):
        return Result.SERIOUS
    if is_off or is_worse:
        return Result.MINOR
    return Result.WITHOUT_REMARK if row.status.state in _JUDGED else None


def _is_far(row: FigureRow) -> bool:
    is_missed = row.target is not None and row.target.is_decided and not row.target.is_watch
    return is_missed and row.severity is not None and row.severity >= _FAR


def _sentence(row: FigureRow) -> str:
    """`Upprättade SIP: når inte målet och har försämrats mer än den vanliga variationen.`"""
    words = row.status.words[:1].lower() + row.status.words[1:]
    told = f"{words} och {_WORSE}" if row.variation.told is Told.CONCERN else words
    return f"{row.definition.name}: {told}."
