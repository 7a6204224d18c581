"""The tables of samples of rows that a chief has handed to the auditor; they refer to none of the rows' own."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Integer, String, Table, Text

from warehouse.tables import metadata

__all__ = ["metadata", "row_handover", "row_handover_row"]

row_handover = Table(
    "row_handover",
    metadata,
    Column("handover_no", Integer, primary_key=True),
    Column("board_code", Text, nullable=False),
    Column("municipality_code", String(4), nullable=False),
    Column("dataset", String(40), nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("month", Integer, nullable=False),
    Column("population", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(80), nullable=False),
    CheckConstraint("size between 1 and population", name="size_within_population"),
)
"""`size` of `population` rows, drawn by the seed (`control.handover.draw`). `month` is `kpi.period.Period.code`."""

row_handover_row = Table(
    "row_handover_row",
    metadata,
    Column("handover_no", Integer, ForeignKey("row_handover.handover_no"), primary_key=True, autoincrement=False),
    Column("row_no", Integer, primary_key=True, autoincrement=False),
    Column("municipality_code", String(4), nullable=False),
    Column("row_key", Text, nullable=False),
)
"""The drawn rows' keys, in the order they were drawn. The rows themselves stay where they are."""
