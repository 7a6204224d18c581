"""The tables of closed periods and of what is released of them; they refer to those of `warehouse.tables`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.tables import metadata

__all__ = ["closed_value", "closing_rule", "metadata", "release", "release_value"]

closing_rule = Table(
    "closing_rule",
    metadata,
    Column("board_code", Text, primary_key=True),
    Column("period_type", String(10), nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    Column("set_by", String(80), nullable=False),
    CheckConstraint("period_type in ('month', 'quarter', 'tertial', 'half_year')", name="period_type_known"),
)
"""Which periods a board closes."""

release = Table(
    "release",
    metadata,
    Column("release_no", Integer, primary_key=True),
    Column("board_code", Text, nullable=False),
    Column("municipality_code", String(4), nullable=False),
    Column("period", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("closed_by", String(80), nullable=False),
    Column("reason", Text),
    Column("run_no", Integer, ForeignKey("kpi_run.run_no"), nullable=False),
    Column("definitions_digest", String(64), nullable=False),
    Column("is_synthetic", Boolean, nullable=False),
    Column("audit", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    UniqueConstraint("board_code", "period", "revision"),
)
"""A board's closing of a period (revision 0) or its later correction. `audit`: every count that was decided, the sums
between them and the certificate, as JSON, for those who audit. The hashes chain the releases."""

release_value = Table(
    "release_value",
    metadata,
    Column("kpi_no", SmallInteger, ForeignKey("kpi.kpi_no"), primary_key=True, autoincrement=False),
    Column("unit_no", Integer, ForeignKey("kpi_unit.unit_no"), primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("split_no", Integer, ForeignKey("kpi_split.split_no"), primary_key=True, autoincrement=False),
    Column("release_no", Integer, ForeignKey("release.release_no"), primary_key=True, autoincrement=False),
    Column("level", SmallInteger, nullable=False),
    Column("is_suppressed", Boolean, nullable=False),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("cases", BigInteger),
    CheckConstraint(
        "not is_suppressed or (numerator is null and denominator is null and value is null and cases is null)",
        name="suppressed_holds_nothing",
    ),
    Index("ix_release_value_release_no", "release_no"),
    sqlite_with_rowid=False,
)
"""What released readers see, the newest release of a value counting. A suppressed value holds no numbers at all."""

closed_value = Table(
    "closed_value",
    metadata,
    Column("release_no", Integer, ForeignKey("release.release_no"), primary_key=True, autoincrement=False),
    Column("kpi_no", SmallInteger, ForeignKey("kpi.kpi_no"), primary_key=True, autoincrement=False),
    Column("unit_no", Integer, ForeignKey("kpi_unit.unit_no"), primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("split_no", Integer, ForeignKey("kpi_split.split_no"), primary_key=True, autoincrement=False),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("cases", BigInteger, nullable=False),
    Index("ix_closed_value_unit_no_kpi_no_period", "unit_no", "kpi_no", "period"),
    sqlite_with_rowid=False,
)
"""The true values that a closing froze, for the board's own papers. A period that held nothing has one empty row."""
