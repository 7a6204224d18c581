"""The tables of actions, of their effect, and of what is said about figures. `edits` as in `warehouse.plan_tables`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from warehouse.tables import metadata

__all__ = [
    "action", "action_effect", "action_event", "chart_mark", "deviation_series_decision", "figure_remark", "metadata",
]  # fmt: skip

action = Table(
    "action",
    metadata,
    Column("action_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("unit_code", Text),
    Column("what", Text, nullable=False),
    Column("root_cause", Text, nullable=False),
    Column("origin", String(12), nullable=False),
    Column("origin_reference", Text),
    Column("kpi_id", Text),
    Column("responsible", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("first_due_on", Date, nullable=False),
    Column("expected_from", Float),
    Column("expected_to", Float),
    Column("cost_class", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("done_on", Date),
    Column("cancelled_on", Date),
    Column("edits", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(80), nullable=False),
    CheckConstraint("origin in ('figure', 'deviations', 'control', 'decision')", name="origin_known"),
    CheckConstraint("status in ('planned', 'started', 'done', 'cancelled')", name="status_known"),
    CheckConstraint("cost_class in ('none', 'low', 'medium', 'high')", name="cost_class_known"),
    CheckConstraint("(status = 'done') = (done_on is not null)", name="done_has_its_day"),
    CheckConstraint("(status = 'cancelled') = (cancelled_on is not null)", name="cancelled_has_its_day"),
    Index("ix_action_board_code_due_on", "board_code", "due_on"),
)
"""What is done, why, by whom (an office, never a name), and what it is expected to change: `kpi_id`'s value, from and
to, in the figure's own scale. `first_due_on` is never moved: in time is by it. `origin_reference`: the figure's id, the
pattern, the occasion's number or the decision's registration number."""

action_event = Table(
    "action_event",
    metadata,
    Column("event_no", Integer, primary_key=True),
    Column("action_no", Integer, ForeignKey("action.action_no"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("changed", JSON),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", String(80), nullable=False),
    CheckConstraint("kind in ('made', 'comment', 'changed', 'reminder', 'effect')", name="kind_known"),
    Index("ix_action_event_action_no", "action_no"),
)
"""What has happened with an action, in order; only ever added to. `changed`: each field's value before and after."""

action_effect = Table(
    "action_effect",
    metadata,
    Column("effect_no", Integer, primary_key=True),
    Column("action_no", Integer, ForeignKey("action.action_no"), nullable=False),
    Column("effect", String(10), nullable=False),
    Column("motivation", Text, nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Column("assessed_on", Date, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False),
    Column("signed_by", String(80), nullable=False),
    CheckConstraint("effect in ('yes', 'partly', 'no', 'too_early')", name="effect_known"),
    Index("ix_action_effect_action_no", "action_no"),
)
"""What a person judged an action to have done; the newest counts. `before` and `after`: the figure's value, limits and
periods as they were shown then."""

chart_mark = Table(
    "chart_mark",
    metadata,
    Column("mark_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("unit_code", Text),
    Column("kpi_id", Text, nullable=False),
    Column("month", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("is_rebase", Integer, nullable=False),
    Column("action_no", Integer, ForeignKey("action.action_no")),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("removed_at", DateTime(timezone=True)),
    Column("removed_by", String(80)),
    Index("ix_chart_mark_municipality_code_kpi_id", "municipality_code", "kpi_id"),
)
"""A mark in a figure's chart. `is_rebase`: a person accepted that the usual level is counted anew from the month."""

figure_remark = Table(
    "figure_remark",
    metadata,
    Column("remark_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("kpi_id", Text, nullable=False),
    Column("period", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("follows", Integer, ForeignKey("figure_remark.remark_no"), unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", String(80), nullable=False),
    CheckConstraint("kind in ('comment', 'no_action', 'counterpart')", name="kind_known"),
    Index("ix_figure_remark_board_code_period", "board_code", "period"),
)
"""What is said about a board's figure of a period; a corrected one follows the older. `no_action`: why a red figure
has no action. `counterpart`: what the other principal says of a figure that it governs."""

deviation_series_decision = Table(
    "deviation_series_decision",
    metadata,
    Column("decision_no", Integer, primary_key=True),
    Column("municipality_code", String(4), nullable=False),
    Column("board_code", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("category", String(30), nullable=False),
    Column("counterpart_actor", String(30), nullable=False),
    Column("first_month", Integer, nullable=False),
    Column("last_month", Integer, nullable=False),
    Column("action_no", Integer, ForeignKey("action.action_no")),
    Column("reason", Text),
    Column("follows", Integer, ForeignKey("deviation_series_decision.decision_no"), unique=True),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("closed_by", String(80), nullable=False),
    CheckConstraint("action_no is not null or reason is not null", name="answered"),
    CheckConstraint("first_month <= last_month", name="months_in_order"),
    Index("ix_deviation_series_decision_board_code", "board_code"),
)
"""That a series of deviations of one sort at a unit was closed: by an action, or with the reason for none. Deviations
later than `last_month` begin a new series, whose decision `follows` this. Only ever added to; it names no case."""
