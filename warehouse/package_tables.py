"""The tables of packages from other municipalities. They refer to nothing of our own figures and units."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from warehouse.closed_tables import metadata

__all__ = ["imported_figure", "imported_release", "imported_value", "metadata"]

imported_release = Table(
    "imported_release",
    metadata,
    Column("package_no", Integer, primary_key=True),
    Column("for_municipality", String(4), nullable=False),
    Column("municipality_code", String(4), nullable=False),
    Column("name", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("exported_at", DateTime(timezone=True), nullable=False),
    Column("reaches", Date, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("imported_by", String(80), nullable=False),
    Column("is_synthetic", Boolean, nullable=False),
    Column("is_superseded", Boolean, nullable=False),
    UniqueConstraint("for_municipality", "sha256"),
    CheckConstraint("for_municipality <> municipality_code", name="of_another"),
)
"""A package that was read in for the readers of a municipality. `content`: the signed file itself, so that it can be
proven later; `fingerprint`: of the key that it was signed by; `reaches`: the last closed day; `is_superseded`: a newer
one is shown in its place."""

Index(
    "uq_imported_release_shown",
    imported_release.c.for_municipality,
    imported_release.c.municipality_code,
    unique=True,
    sqlite_where=text("not is_superseded"),
    postgresql_where=text("not is_superseded"),
)

imported_figure = Table(
    "imported_figure",
    metadata,
    Column("figure_no", Integer, primary_key=True),
    Column("package_no", Integer, ForeignKey("imported_release.package_no"), nullable=False),
    Column("kpi_id", String(60), nullable=False),
    Column("meaning", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("shape", String(10), nullable=False),
    Column("decimals", SmallInteger, nullable=False),
    Column("per", Integer),
    UniqueConstraint("package_no", "kpi_id", "meaning"),
)
"""A figure as its sender defines it. `meaning`: the definition's hash; '' where the sender no longer knows it."""

imported_value = Table(
    "imported_value",
    metadata,
    Column("figure_no", Integer, ForeignKey("imported_figure.figure_no"), primary_key=True, autoincrement=False),
    Column("unit_code", String(80), primary_key=True),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("split", String(400), primary_key=True),
    Column("unit_name", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("area", String(20)),
    Column("is_corrected", Boolean, nullable=False),
    Column("is_suppressed", Boolean, nullable=False),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("cases", BigInteger),
    CheckConstraint(
        "not is_suppressed or (numerator is null and denominator is null and value is null and cases is null)",
        name="suppressed_holds_nothing",
    ),
    sqlite_with_rowid=False,
)
"""A released value of another municipality's unit. A suppressed value holds no numbers at all."""
