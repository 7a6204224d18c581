"""The tables of papers for the board, of its year, and of what is told to the administration. `edits` as in
`warehouse.plan_tables`; periods are `kpi.period.Period.code`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.tables import metadata

__all__ = ["board_date", "metadata", "notice", "notice_read", "paper"]

_KINDS = "'control_plan', 'monthly', 'tertial', 'year', 'audit_answer'"

paper = Table(
    "paper",
    metadata,
    Column("paper_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("period", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("registration_number", String(40)),
    Column("content", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("is_synthetic", Integer, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("delivered_on", Date),
    Column("delivered_by", String(80)),
    CheckConstraint(f"kind in ({_KINDS})", name="kind_known"),
    CheckConstraint("status in ('draft', 'delivered')", name="status_known"),
    CheckConstraint("(status = 'delivered') = (delivered_on is not null)", name="delivered_has_its_day"),
    UniqueConstraint("board_code", "kind", "period", "version"),
)
"""A paper as it was made from frozen data: `content` is all that its files are drawn from, so they can be drawn again
byte for byte. Delivered, it is never changed; what is made later is another version."""

board_date = Table(
    "board_date",
    metadata,
    Column("date_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("period", Integer, nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("counted_on", Date, nullable=False),
    Column("done_on", Date),
    Column("paper_no", Integer, ForeignKey("paper.paper_no")),
    Column("cancelled_on", Date),
    Column("edits", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", String(80), nullable=False),
    CheckConstraint(f"kind in ('risk_analysis', {_KINDS})", name="kind_known"),
    UniqueConstraint("board_code", "kind", "period"),
    Index("ix_board_date_board_code_planned_on", "board_code", "planned_on"),
)
"""A day of the board's year: when its risk analysis, plan or a follow-up is to be put before it, and when it was.
`counted_on` says whether it was on time: it follows `planned_on` until the day has passed, and then never moves."""

notice = Table(
    "notice",
    metadata,
    Column("notice_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("address", Text),
    Column("key", String(80), unique=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("mail_state", String(10), nullable=False),
    Column("mail_tries", Integer, nullable=False),
    Column("mail_problem", Text),
    Column("mailed_at", DateTime(timezone=True)),
    CheckConstraint("kind in ('decision', 'reminder')", name="kind_known"),
    CheckConstraint("mail_state in ('none', 'waiting', 'sent', 'failed')", name="mail_state_known"),
    Index("ix_notice_board_code", "board_code"),
)
"""What the board has decided, or what is due, told to its administration: in the product, and by mail where that is
set. Never about a person. `address`: the page to look at. `key`: what it tells and at which stage, so that nothing is
told twice. `mail_problem`: why it was not sent, or who did not take it."""

notice_read = Table(
    "notice_read",
    metadata,
    Column("notice_no", Integer, ForeignKey("notice.notice_no"), primary_key=True, autoincrement=False),
    Column("user", String(80), primary_key=True),
    Column("read_at", DateTime(timezone=True), nullable=False),
)
"""Who has read a notice."""
