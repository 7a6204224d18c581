"""What readers could not do, told to those who administer the product. Who wrote is not kept, unless an answer is asked
for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from control.free_text import kept_text
from kpi.access import Role, Viewer, can_administer, check_can_administer
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.reader_tables import feedback

_LONGEST, _LONGEST_ABOUT, _LONGEST_REPLY = 2_000, 200, 120
_SHOWN = 100


@dataclass(frozen=True)
class Feedback:
    """`about`: the page; `reply_to`: "" where no answer is asked for."""

    about: str
    text: str
    reply_to: str
    made_at: datetime


def give_feedback(engine: Engine, viewer: Viewer, text: str | None, about: str | None, reply_to: str | None) -> None:
    """From any reader with a grant, to the administrators of the first municipality of the reader's."""
    municipality = next((grant.municipality_code for grant in viewer.grants if grant.municipality_code), None)
    if municipality is None:
        raise UserError("Du har ingen kommun att lämna synpunkter till. Be systemadministratören om behörighet.")
    values = {
        "municipality_code": municipality,
        "about": kept_text(about, "Vad det gäller", longest=_LONGEST_ABOUT, is_required=False),
        "text": kept_text(text, "Synpunkten", longest=_LONGEST),
        "reply_to": kept_text(reply_to, "Svarsadressen", longest=_LONGEST_REPLY, is_required=False),
        "made_at": clock.now(),
    }
    with writing(engine) as connection:
        connection.execute(insert(feedback).values(values))


def read_feedback(connection: Connection, viewer: Viewer) -> tuple[Feedback, ...]:
    """The newest of the municipalities that the viewer administers; AccessDenied for who administers none."""
    codes = {grant.municipality_code for grant in viewer.grants if grant.role is Role.ADMIN}
    own = sorted(code for code in codes if can_administer(viewer, code))
    if not own:
        check_can_administer(viewer, "")
    rows = connection.execute(
        select(feedback)
        .where(feedback.c.municipality_code.in_(own))
        .order_by(feedback.c.feedback_no.desc())
        .limit(_SHOWN)
    )
    return tuple(Feedback(row.about, row.text, row.reply_to, clock.utc(row.made_at)) for row in rows)
