"""The tables of the internal control plan, of its controls as they come due, and of the evidence behind what is found.

`edits` counts the changes of a row: who writes states the number that was read, so that nobody overwrites another.
Periods are `kpi.period.Period.code`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.tables import metadata

__all__ = [
    "control_occasion",
    "control_plan",
    "control_plan_decision",
    "control_plan_revision",
    "evidence",
    "evidence_file",
    "metadata",
    "risk_scale",
    "sample_case",
]

risk_scale = Table(
    "risk_scale",
    metadata,
    Column("municipality_code", String(4), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    Column("set_by", String(80), nullable=False),
)
"""How a municipality judges risks: 4 or 5 steps of probability and consequence, each with its words."""

control_plan = Table(
    "control_plan",
    metadata,
    Column("plan_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("based_on", Integer, ForeignKey("control_plan.plan_no")),
    Column("is_synthetic", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(80), nullable=False),
    UniqueConstraint("board_code", "year"),
)
"""A board's plan for a year. `based_on`: the plan that it began from."""

control_plan_revision = Table(
    "control_plan_revision",
    metadata,
    Column("plan_no", Integer, ForeignKey("control_plan.plan_no"), primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("status", String(10), nullable=False),
    Column("content", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("edits", Integer, nullable=False),
    Column("reason", Text),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", String(80), nullable=False),
    CheckConstraint("status in ('draft', 'proposed', 'adopted', 'withdrawn')", name="status_known"),
)
"""What a plan says: revision 0, and each later one with its own decision. Adopted, it is never changed again. `reason`:
why a revision was begun."""

control_plan_decision = Table(
    "control_plan_decision",
    metadata,
    Column("plan_no", Integer, ForeignKey("control_plan.plan_no"), primary_key=True, autoincrement=False),
    Column("decision_no", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("paragraph", String(20), nullable=False),
    Column("registration_number", String(40), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("note", Text),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    Column("entered_by", String(80), nullable=False),
    CheckConstraint("kind in ('adopted', 'followed_up', 'closed')", name="kind_known"),
)
"""What the board decided about a plan, in order; only ever added to."""

control_occasion = Table(
    "control_occasion",
    metadata,
    Column("occasion_no", Integer, primary_key=True),
    Column("plan_no", Integer, ForeignKey("control_plan.plan_no"), nullable=False),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("control_id", String(40), nullable=False),
    Column("period", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("status", String(10), nullable=False),
    Column("done_on", Date),
    Column("cancelled_on", Date),
    Column("result", String(20)),
    Column("analysis", Text),
    Column("probability", Integer),
    Column("consequence", Integer),
    Column("proposal", JSON),
    Column("sample", JSON),
    Column("earlier", JSON, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("signed_at", DateTime(timezone=True)),
    Column("signed_by", String(80)),
    CheckConstraint("status in ('due', 'done', 'cancelled')", name="status_known"),
    CheckConstraint(
        "result is null or result in ('without_remark', 'minor', 'serious', 'not_carried_out')", name="result_known"
    ),
    CheckConstraint("(status = 'done') = (signed_at is not null)", name="done_is_signed"),
    CheckConstraint("(status = 'cancelled') = (cancelled_on is not null)", name="cancelled_has_its_day"),
    UniqueConstraint("plan_no", "control_id", "period"),
    Index("ix_control_occasion_board_code_due_on", "board_code", "due_on"),
)
"""A control that comes due for a period, and what was found. `probability` and `consequence`: the risk as it was judged
then. `proposal`: the result and risk that the figures proposed, and why. `sample`: how one was drawn (population, size,
seed, what of). `earlier`: what was signed before it was reopened, the oldest first, with the reason."""

sample_case = Table(
    "sample_case",
    metadata,
    Column("case_no", Integer, primary_key=True),
    Column("occasion_no", Integer, ForeignKey("control_occasion.occasion_no"), nullable=False),
    Column("municipality_code", String(4), nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("sip_id", Text, nullable=False),
    Column("row_no", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("law", String(20), nullable=False),
    Column("reviewed_on", Date),
    Column("reviewed_by", String(80)),
    Column("needs_stated", Integer),
    Column("responsibilities_stated", Integer),
    Column("other_measures_stated", Integer),
    Column("lead_principal_stated", Integer),
    Column("edits", Integer, nullable=False),
    UniqueConstraint("occasion_no", "row_no"),
    UniqueConstraint("occasion_no", "municipality_code", "sip_id"),
)
"""A plan (SIP) that was drawn for review, in the order drawn, and which of the law's four contents it holds (0, 1, or
null = not reviewed). `law`: which law applied on the plan's day."""

evidence = Table(
    "evidence",
    metadata,
    Column("evidence_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("about", String(12), nullable=False),
    Column("about_no", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("label", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("file_hash", String(64), ForeignKey("evidence_file.file_hash")),
    Column("evidence_on", Date, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", String(80), nullable=False),
    CheckConstraint("about in ('occasion', 'assessment', 'action', 'effect')", name="about_known"),
    CheckConstraint("kind in ('file', 'link', 'registration_number')", name="kind_known"),
    CheckConstraint("(kind = 'file') = (file_hash is not null)", name="file_has_its_hash"),
    Index("ix_evidence_about_about_no", "about", "about_no"),
)
"""What a result, an assessment, an action or an effect rests on; only ever added to. `reference`: the file's name, the
link or the registration number; `evidence_on`: the day of the evidence itself, apart from when it was added."""

evidence_file = Table(
    "evidence_file",
    metadata,
    Column("file_hash", String(64), primary_key=True),
    Column("media_type", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""A file by its SHA-256. Two boards may hold the same; each knows it by a name of its own (`evidence.reference`)."""
