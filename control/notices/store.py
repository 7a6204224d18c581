"""Notices as they are kept. No rights are asked for here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from control.notices.content import NoticeKind, Telling
from kpi.access import Viewer
from warehouse import clock
from warehouse.errors import UserError
from warehouse.paper_tables import notice


def known_keys(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Those that have been told."""
    return frozenset(connection.scalars(select(notice.c.key).where(notice.c.key.in_(sorted(keys)))))


def keep(connection: Connection, viewer: Viewer, one: Telling, kind: NoticeKind, at: datetime) -> int:
    """A new notice, which waits to be mailed; its number. UserError when another told it at the same moment."""
    try:
        number = connection.execute(
            insert(notice)
            .values(
                municipality_code=one.municipality_code, board_code=one.board_code, kind=kind.value, title=one.title,
                text=one.text, address=one.address, key=one.key, made_at=clock.utc(at), made_by=viewer.user[:80],
                mail_state="waiting", mail_tries=0,
            )
            .returning(notice.c.notice_no)
        ).scalar_one()  # fmt: skip
    except IntegrityError:
        raise UserError("Det har redan meddelats. Ladda om sidan.") from None
    return int(number)
