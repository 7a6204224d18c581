"""Whether the plan that a paper asks the board to adopt is the one that has been proposed to it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from control.papers.content import Cut
from control.plan.store import Stage
from warehouse.errors import UserError
from warehouse.plan_tables import control_plan_revision as revision


def check_is_put_forward(connection: Connection, cut: Cut) -> None:
    """UserError unless the plan's revision is proposed (or adopted since), as the paper has it: the paper is the
    proposal that the board adopts."""
    row = connection.execute(
        select(revision.c.status, revision.c.content_hash).where(
            revision.c.plan_no == cut.plan_no, revision.c.revision == cut.plan_revision
        )
    ).first()
    if row is None or row.status not in (Stage.PROPOSED, Stage.ADOPTED):
        raise UserError(
            "Handlingen läggs inte fram: planen är ett utkast som ingen har föreslagit för nämnden. Föreslå planen på "
            "sidan Intern kontroll först."
        )
    if row.content_hash != cut.plan_hash:
        raise UserError(
            "Handlingen läggs inte fram: planen har ändrats sedan handlingen gjordes, så nämnden skulle anta något "
            "annat än det som är föreslaget. Gör en ny version av handlingen."
        )
