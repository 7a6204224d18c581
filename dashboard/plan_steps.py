"""The steps that a plan's place in its life and the reader's rights allow. Pure."""

from __future__ import annotations

from datetime import date

from control.plan.life import earliest_end
from control.plan.reading import PlanView
from control.plan.store import Decided, PlanStatus, Stage
from dashboard.components.plan_forms import Form

STEPS = {
    Form.ADOPT: "För in nämndens beslut att anta",
    Form.PROPOSE: "Föreslå planen för nämnden",
    Form.TAKE_BACK: "Ta tillbaka till utkast",
    Form.WITHDRAW: "Dra tillbaka revideringen",
    Form.REVISE: "Revidera planen",
    Form.FOLLOW_UP: "För in beslutet om uppföljningen",
    Form.CLOSE: "För in beslutet att avsluta",
}
"""In the order that they are offered."""
_ENDS = {
    PlanStatus.ADOPTED: (Form.FOLLOW_UP, Decided.FOLLOWED_UP),
    PlanStatus.FOLLOWED_UP: (Form.CLOSE, Decided.CLOSED),
}


def possible_steps(found: PlanView, today: date, *, may_edit: bool, may_decide: bool) -> set[Form]:
    """What may be done with the plan on a day, by who may write it and who may enter decisions."""
    work, possible = found.working, set()
    if may_edit:
        if work is not None:
            possible.add(Form.PROPOSE if work.stage is Stage.DRAFT else Form.TAKE_BACK)
            if work.revision:
                possible.add(Form.WITHDRAW)
        elif found.status is PlanStatus.ADOPTED:
            possible.add(Form.REVISE)
    if may_decide:
        if work is not None and work.stage is Stage.PROPOSED:
            possible.add(Form.ADOPT)
        elif work is None and found.status in _ENDS:
            form, kind = _ENDS[found.status]
            if earliest_end(found.plan.year, kind) <= today:
                possible.add(form)
    return possible
