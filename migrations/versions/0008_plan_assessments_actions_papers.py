"""the control plan, assessments, actions and papers

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("action_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("origin_reference", sa.Text(), nullable=True),
        sa.Column("kpi_id", sa.Text(), nullable=True),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("expected_from", sa.Float(), nullable=True),
        sa.Column("expected_to", sa.Float(), nullable=True),
        sa.Column("cost_class", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_on is not null)", name=op.f("ck_action_cancelled_has_its_day")
        ),
        sa.CheckConstraint("(status = 'done') = (done_on is not null)", name=op.f("ck_action_done_has_its_day")),
        sa.CheckConstraint("cost_class in ('none', 'low', 'medium', 'high')", name=op.f("ck_action_cost_class_known")),
        sa.CheckConstraint(
            "origin in ('figure', 'deviations', 'control', 'decision')", name=op.f("ck_action_origin_known")
        ),
        sa.CheckConstraint(
            "status in ('planned', 'started', 'done', 'cancelled')", name=op.f("ck_action_status_known")
        ),
        sa.PrimaryKeyConstraint("action_no", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index("ix_action_board_code_due_on", ["board_code", "due_on"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("assessment_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("is_without_evidence", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("(side = 'unit') = (unit_code is not null)", name=op.f("ck_assessment_unit_of_its_side")),
        sa.CheckConstraint(
            "grade between 1 and 5 and (subject = 'maturity' or grade <= 3)",
            name=op.f("ck_assessment_grade_on_its_scale"),
        ),
        sa.CheckConstraint("side in ('presidium', 'administration', 'unit')", name=op.f("ck_assessment_side_known")),
        sa.CheckConstraint(
            "subject in ('maturity', 'question_1', 'question_2', 'question_3', 'question_4')",
            name=op.f("ck_assessment_known"),
        ),
        sa.CheckConstraint("confirmed_by is null or confirmed_by <> signed_by", name=op.f("ck_assessment_two_people")),
        sa.ForeignKeyConstraint(["follows"], ["assessment.assessment_no"], name=op.f("fk_assessment_follows")),
        sa.PrimaryKeyConstraint("assessment_no", name=op.f("pk_assessment")),
        sa.UniqueConstraint("follows", name=op.f("uq_assessment_follows")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_board_code_period", ["board_code", "period"], unique=False)

    op.create_table(
        "control_plan",
        sa.Column("plan_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("is_synthetic", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["based_on"], ["control_plan.plan_no"], name=op.f("fk_control_plan_based_on")),
        sa.PrimaryKeyConstraint("plan_no", name=op.f("pk_control_plan")),
        sa.UniqueConstraint("board_code", "year", name=op.f("uq_control_plan_board_code_year")),
    )
    op.create_table(
        "evidence_file",
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_hash", name=op.f("pk_evidence_file")),
    )
    op.create_table(
        "figure_remark",
        sa.Column("remark_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("kpi_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind in ('comment', 'no_action', 'counterpart')", name=op.f("ck_figure_remark_kind_known")),
        sa.ForeignKeyConstraint(["follows"], ["figure_remark.remark_no"], name=op.f("fk_figure_remark_follows")),
        sa.PrimaryKeyConstraint("remark_no", name=op.f("pk_figure_remark")),
        sa.UniqueConstraint("follows", name=op.f("uq_figure_remark_follows")),
    )
    with op.batch_alter_table("figure_remark", schema=None) as batch_op:
        batch_op.create_index("ix_figure_remark_board_code_period", ["board_code", "period"], unique=False)

    op.create_table(
        "notice",
        sa.Column("notice_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("mail_state", sa.String(length=10), nullable=False),
        sa.Column("mail_tries", sa.Integer(), nullable=False),
        sa.Column("mail_problem", sa.Text(), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('decision', 'reminder')", name=op.f("ck_notice_kind_known")),
        sa.CheckConstraint(
            "mail_state in ('none', 'waiting', 'sent', 'failed')", name=op.f("ck_notice_mail_state_known")
        ),
        sa.PrimaryKeyConstraint("notice_no", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_board_code", ["board_code"], unique=False)

    op.create_table(
        "paper",
        sa.Column("paper_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("is_synthetic", sa.Integer(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivered_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(status = 'delivered') = (delivered_on is not null)", name=op.f("ck_paper_delivered_has_its_day")
        ),
        sa.CheckConstraint(
            "kind in ('control_plan', 'monthly', 'tertial', 'year', 'audit_answer')", name=op.f("ck_paper_kind_known")
        ),
        sa.CheckConstraint("status in ('draft', 'delivered')", name=op.f("ck_paper_status_known")),
        sa.PrimaryKeyConstraint("paper_no", name=op.f("pk_paper")),
        sa.UniqueConstraint(
            "board_code", "kind", "period", "version", name=op.f("uq_paper_board_code_kind_period_version")
        ),
    )
    op.create_table(
        "risk_scale",
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("municipality_code", name=op.f("pk_risk_scale")),
    )
    op.create_table(
        "action_effect",
        sa.Column("effect_no", sa.Integer(), nullable=False),
        sa.Column("action_no", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "effect in ('yes', 'partly', 'no', 'too_early')", name=op.f("ck_action_effect_effect_known")
        ),
        sa.ForeignKeyConstraint(["action_no"], ["action.action_no"], name=op.f("fk_action_effect_action_no")),
        sa.PrimaryKeyConstraint("effect_no", name=op.f("pk_action_effect")),
    )
    with op.batch_alter_table("action_effect", schema=None) as batch_op:
        batch_op.create_index("ix_action_effect_action_no", ["action_no"], unique=False)

    op.create_table(
        "action_event",
        sa.Column("event_no", sa.Integer(), nullable=False),
        sa.Column("action_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "kind in ('made', 'comment', 'changed', 'reminder', 'effect')", name=op.f("ck_action_event_kind_known")
        ),
        sa.ForeignKeyConstraint(["action_no"], ["action.action_no"], name=op.f("fk_action_event_action_no")),
        sa.PrimaryKeyConstraint("event_no", name=op.f("pk_action_event")),
    )
    with op.batch_alter_table("action_event", schema=None) as batch_op:
        batch_op.create_index("ix_action_event_action_no", ["action_no"], unique=False)

    op.create_table(
        "board_date",
        sa.Column("date_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("paper_no", sa.Integer(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "kind in ('risk_analysis', 'control_plan', 'monthly', 'tertial', 'year', 'audit_answer')",
            name=op.f("ck_board_date_kind_known"),
        ),
        sa.ForeignKeyConstraint(["paper_no"], ["paper.paper_no"], name=op.f("fk_board_date_paper_no")),
        sa.PrimaryKeyConstraint("date_no", name=op.f("pk_board_date")),
        sa.UniqueConstraint("board_code", "kind", "period", name=op.f("uq_board_date_board_code_kind_period")),
    )
    with op.batch_alter_table("board_date", schema=None) as batch_op:
        batch_op.create_index("ix_board_date_board_code_planned_on", ["board_code", "planned_on"], unique=False)

    op.create_table(
        "chart_mark",
        sa.Column("mark_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("kpi_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_rebase", sa.Integer(), nullable=False),
        sa.Column("action_no", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["action_no"], ["action.action_no"], name=op.f("fk_chart_mark_action_no")),
        sa.PrimaryKeyConstraint("mark_no", name=op.f("pk_chart_mark")),
    )
    with op.batch_alter_table("chart_mark", schema=None) as batch_op:
        batch_op.create_index("ix_chart_mark_municipality_code_kpi_id", ["municipality_code", "kpi_id"], unique=False)

    op.create_table(
        "control_occasion",
        sa.Column("occasion_no", sa.Integer(), nullable=False),
        sa.Column("plan_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("control_id", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("analysis", sa.Text(), nullable=True),
        sa.Column("probability", sa.Integer(), nullable=True),
        sa.Column("consequence", sa.Integer(), nullable=True),
        sa.Column("proposal", sa.JSON(), nullable=True),
        sa.Column("sample", sa.JSON(), nullable=True),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_on is not null)",
            name=op.f("ck_control_occasion_cancelled_has_its_day"),
        ),
        sa.CheckConstraint(
            "(status = 'done') = (signed_at is not null)", name=op.f("ck_control_occasion_done_is_signed")
        ),
        sa.CheckConstraint(
            "result is null or result in ('without_remark', 'minor', 'serious', 'not_carried_out')",
            name=op.f("ck_control_occasion_result_known"),
        ),
        sa.CheckConstraint("status in ('due', 'done', 'cancelled')", name=op.f("ck_control_occasion_status_known")),
        sa.ForeignKeyConstraint(["plan_no"], ["control_plan.plan_no"], name=op.f("fk_control_occasion_plan_no")),
        sa.PrimaryKeyConstraint("occasion_no", name=op.f("pk_control_occasion")),
        sa.UniqueConstraint(
            "plan_no", "control_id", "period", name=op.f("uq_control_occasion_plan_no_control_id_period")
        ),
    )
    with op.batch_alter_table("control_occasion", schema=None) as batch_op:
        batch_op.create_index("ix_control_occasion_board_code_due_on", ["board_code", "due_on"], unique=False)

    op.create_table(
        "control_plan_decision",
        sa.Column("plan_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("paragraph", sa.String(length=20), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "kind in ('adopted', 'followed_up', 'closed')", name=op.f("ck_control_plan_decision_kind_known")
        ),
        sa.ForeignKeyConstraint(["plan_no"], ["control_plan.plan_no"], name=op.f("fk_control_plan_decision_plan_no")),
        sa.PrimaryKeyConstraint("plan_no", "decision_no", name=op.f("pk_control_plan_decision")),
    )
    op.create_table(
        "control_plan_revision",
        sa.Column("plan_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "status in ('draft', 'proposed', 'adopted', 'withdrawn')",
            name=op.f("ck_control_plan_revision_status_known"),
        ),
        sa.ForeignKeyConstraint(["plan_no"], ["control_plan.plan_no"], name=op.f("fk_control_plan_revision_plan_no")),
        sa.PrimaryKeyConstraint("plan_no", "revision", name=op.f("pk_control_plan_revision")),
    )
    op.create_table(
        "evidence",
        sa.Column("evidence_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=12), nullable=False),
        sa.Column("about_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("(kind = 'file') = (file_hash is not null)", name=op.f("ck_evidence_file_has_its_hash")),
        sa.CheckConstraint(
            "about in ('occasion', 'assessment', 'action', 'effect')", name=op.f("ck_evidence_about_known")
        ),
        sa.CheckConstraint("kind in ('file', 'link', 'registration_number')", name=op.f("ck_evidence_kind_known")),
        sa.ForeignKeyConstraint(["file_hash"], ["evidence_file.file_hash"], name=op.f("fk_evidence_file_hash")),
        sa.PrimaryKeyConstraint("evidence_no", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_about_about_no", ["about", "about_no"], unique=False)

    op.create_table(
        "notice_read",
        sa.Column("notice_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_no"], ["notice.notice_no"], name=op.f("fk_notice_read_notice_no")),
        sa.PrimaryKeyConstraint("notice_no", "user", name=op.f("pk_notice_read")),
    )
    op.create_table(
        "sample_case",
        sa.Column("case_no", sa.Integer(), nullable=False),
        sa.Column("occasion_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("sip_id", sa.Text(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("law", sa.String(length=20), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=80), nullable=True),
        sa.Column("needs_stated", sa.Integer(), nullable=True),
        sa.Column("responsibilities_stated", sa.Integer(), nullable=True),
        sa.Column("other_measures_stated", sa.Integer(), nullable=True),
        sa.Column("lead_principal_stated", sa.Integer(), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_no"], ["control_occasion.occasion_no"], name=op.f("fk_sample_case_occasion_no")
        ),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_sample_case")),
        sa.UniqueConstraint(
            "occasion_no",
            "municipality_code",
            "sip_id",
            name=op.f("uq_sample_case_occasion_no_municipality_code_sip_id"),
        ),
        sa.UniqueConstraint("occasion_no", "row_no", name=op.f("uq_sample_case_occasion_no_row_no")),
    )
    op.create_index("ix_closed_value_unit_no_kpi_no_period", "closed_value", ["unit_no", "kpi_no", "period"])
    with op.batch_alter_table("job_request") as batch:
        batch.add_column(sa.Column("board_code", sa.Text(), nullable=True))
        batch.add_column(sa.Column("period", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch.drop_constraint(op.f("ck_job_request_kind_known"), type_="check")
        batch.create_check_constraint("kind_known", "kind in ('approve', 'refuse', 'replay', 'close')")


def downgrade() -> None:
    op.execute("delete from job_request where kind = 'close'")
    with op.batch_alter_table("job_request") as batch:
        batch.drop_constraint(op.f("ck_job_request_kind_known"), type_="check")
        batch.create_check_constraint("kind_known", "kind in ('approve', 'refuse', 'replay')")
        batch.drop_column("reason")
        batch.drop_column("period")
        batch.drop_column("board_code")
    op.drop_index("ix_closed_value_unit_no_kpi_no_period", table_name="closed_value")
    op.drop_table("sample_case")
    op.drop_table("notice_read")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_about_about_no")

    op.drop_table("evidence")
    op.drop_table("control_plan_revision")
    op.drop_table("control_plan_decision")
    with op.batch_alter_table("control_occasion", schema=None) as batch_op:
        batch_op.drop_index("ix_control_occasion_board_code_due_on")

    op.drop_table("control_occasion")
    with op.batch_alter_table("chart_mark", schema=None) as batch_op:
        batch_op.drop_index("ix_chart_mark_municipality_code_kpi_id")

    op.drop_table("chart_mark")
    with op.batch_alter_table("board_date", schema=None) as batch_op:
        batch_op.drop_index("ix_board_date_board_code_planned_on")

    op.drop_table("board_date")
    with op.batch_alter_table("action_event", schema=None) as batch_op:
        batch_op.drop_index("ix_action_event_action_no")

    op.drop_table("action_event")
    with op.batch_alter_table("action_effect", schema=None) as batch_op:
        batch_op.drop_index("ix_action_effect_action_no")

    op.drop_table("action_effect")
    op.drop_table("risk_scale")
    op.drop_table("paper")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_board_code")

    op.drop_table("notice")
    with op.batch_alter_table("figure_remark", schema=None) as batch_op:
        batch_op.drop_index("ix_figure_remark_board_code_period")

    op.drop_table("figure_remark")
    op.drop_table("evidence_file")
    op.drop_table("control_plan")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_board_code_period")

    op.drop_table("assessment")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index("ix_action_board_code_due_on")

    op.drop_table("action")
