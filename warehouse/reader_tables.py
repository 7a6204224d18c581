"""The tables of what readers keep and tell: their saved views, and what they say of the interface."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Integer, String, Table, Text, UniqueConstraint

from warehouse.tables import metadata

__all__ = ["feedback", "metadata", "saved_view"]

saved_view = Table(
    "saved_view",
    metadata,
    Column("view_no", Integer, primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("name", String(80), nullable=False),
    Column("address", String(500), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("owner", "name"),
)
"""An address of ours under a name, for the one who saved it."""

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("about", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("reply_to", String(120), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Index("ix_feedback_municipality_code", "municipality_code"),
)
"""What somebody could not do. `about`: the page; `reply_to`: where an answer is wanted, "" for none. Who wrote it is
not kept."""
