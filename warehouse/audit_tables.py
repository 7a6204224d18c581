"""The tables of the audit log, which is only ever added to, and of the reviews of it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.closed_tables import metadata
from warehouse.tables import BigId

__all__ = ["access_review", "audit_checkpoint", "audit_event", "metadata"]

audit_event = Table(
    "audit_event",
    metadata,
    Column("event_no", BigId, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("roles", Text, nullable=False),
    Column("action", String(40), nullable=False),
    Column("municipality_code", String(4)),
    Column("board_code", Text),
    Column("unit_code", Text),
    Column("resource", String(300), nullable=False),
    Column("rows", JSON(none_as_null=True)),
    Column("row_count", Integer),
    Column("reason", Text),
    Column("details", JSON, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_event_at", "at"),
)
"""Who did or read what. Numbered without gaps and chained by hash. Triggers refuse every change, and every removal that
no checkpoint covers; a migration that rebuilds the table must make them again."""

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("checkpoint_no", Integer, primary_key=True),
    Column("up_to", BigId, nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Column("count", Integer, nullable=False),
    Column("decision", Text, nullable=False),
    Column("purged_at", DateTime(timezone=True), nullable=False),
)
"""Up to which event the log has been purged, by which decision, and the hash that the rest follows on."""

access_review = Table(
    "access_review",
    metadata,
    Column("review_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("period", Integer, nullable=False),
    Column("reviewed_at", DateTime(timezone=True), nullable=False),
    Column("reviewer", String(80), nullable=False),
    Column("outcome", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("municipality_code", "period"),
)
"""A signed review of who read what. `period` is `kpi.period.Period.code`; `outcome` holds what stood out and what the
reviewer found of each; `hash` stands in the log's event of the signing too."""
