"""Reads notices, and marks them as read: who reads the board's internal control."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, insert, select
from sqlalchemy.exc import IntegrityError

from control.notices.content import Notice, NoticeKind
from kpi.access import Viewer, can_read_control, check_can_read_control
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.paper_tables import notice, notice_read


def read_notices(
    connection: Connection, viewer: Viewer, boards: Iterable[str], *, most: int = 20
) -> tuple[Notice, ...]:  # fmt: skip
    """The newest of the boards whose internal control the viewer reads."""
    codes = sorted(code for code in set(boards) if can_read_control(viewer, code))
    own = and_(notice_read.c.notice_no == notice.c.notice_no, notice_read.c.user == _reader(viewer))
    rows = connection.execute(
        select(notice, notice_read.c.read_at)
        .outerjoin(notice_read, own)
        .where(notice.c.board_code.in_(codes))
        .order_by(notice.c.notice_no.desc())
        .limit(most)
    )
    return tuple(
        Notice(
            row.notice_no, row.board_code, NoticeKind(row.kind), row.title, row.text, row.address or "",
            clock.utc(row.made_at), row.read_at is not None,
        )
        for row in rows
    )  # fmt: skip


def mark_read(engine: Engine, viewer: Viewer, number: int, *, at: datetime | None = None) -> None:
    """The viewer has read it; again changes nothing. NotFound for none, AccessDenied for another board's."""
    with reading(engine) as connection:
        board_code = connection.scalar(select(notice.c.board_code).where(notice.c.notice_no == number))
    if board_code is None:
        raise NotFound("Meddelandet finns inte. Ladda om sidan.")
    check_can_read_control(viewer, board_code)
    told = {"notice_no": number, "user": _reader(viewer), "read_at": clock.utc(at or clock.now())}
    try:
        with writing(engine) as connection:
            connection.execute(insert(notice_read).values(told))
    except IntegrityError:
        return  # the reader has marked it before


def _reader(viewer: Viewer) -> str:
    """Who has read it: one person, also where two are called the same."""
    return viewer.tag or viewer.user[:80]
