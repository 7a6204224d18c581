"""The table of what people judge where nothing can be counted. Nothing is changed: a new judgement follows an older."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text

from warehouse.tables import metadata

__all__ = ["assessment", "metadata"]

assessment = Table(
    "assessment",
    metadata,
    Column("assessment_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("unit_code", Text),
    Column("period", Integer, nullable=False),
    Column("subject", String(20), nullable=False),
    Column("side", String(20), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("motivation", Text, nullable=False),
    Column("is_without_evidence", Integer, nullable=False),
    Column("follows", Integer, ForeignKey("assessment.assessment_no"), unique=True),
    Column("signed_at", DateTime(timezone=True), nullable=False),
    Column("signed_by", String(80), nullable=False),
    Column("signed_role", String(20)),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("confirmed_by", String(80)),
    Column("confirmed_role", String(20)),
    CheckConstraint("subject in ('maturity', 'question_1', 'question_2', 'question_3', 'question_4')", name="known"),
    CheckConstraint("side in ('presidium', 'administration', 'unit')", name="side_known"),
    CheckConstraint("(side = 'unit') = (unit_code is not null)", name="unit_of_its_side"),
    CheckConstraint("grade between 1 and 5 and (subject = 'maturity' or grade <= 3)", name="grade_on_its_scale"),
    CheckConstraint("confirmed_by is null or confirmed_by <> signed_by", name="two_people"),
    Index("ix_assessment_board_code_period", "board_code", "period"),
)
"""A signed judgement, and who confirmed it. `grade`: of maturity 1..5; of an audit question 1 nej, 2 till viss del,
3 ja. `follows`: the judgement that it replaces, of the same subject, side, unit and period; an unconfirmed one counts
nowhere. `signed_role` and `confirmed_role`: the role by which each did, as it was then (none before it was kept); what
is signed is never changed, which triggers see to. `period` is `kpi.period.Period.code`."""
