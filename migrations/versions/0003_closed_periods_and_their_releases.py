"""closed periods and their releases

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing_rule",
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("period_type", sa.String(length=10), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "period_type in ('month', 'quarter', 'tertial', 'half_year')",
            name=op.f("ck_closing_rule_period_type_known"),
        ),
        sa.PrimaryKeyConstraint("board_code", name=op.f("pk_closing_rule")),
    )
    op.create_table(
        "release",
        sa.Column("release_no", sa.Integer(), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("definitions_digest", sa.String(length=64), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("audit", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["run_no"], ["kpi_run.run_no"], name=op.f("fk_release_run_no")),
        sa.PrimaryKeyConstraint("release_no", name=op.f("pk_release")),
        sa.UniqueConstraint("board_code", "period", "revision", name=op.f("uq_release_board_code_period_revision")),
    )
    op.create_table(
        "closed_value",
        sa.Column("release_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kpi_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("split_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kpi_no"], ["kpi.kpi_no"], name=op.f("fk_closed_value_kpi_no")),
        sa.ForeignKeyConstraint(["release_no"], ["release.release_no"], name=op.f("fk_closed_value_release_no")),
        sa.ForeignKeyConstraint(["split_no"], ["kpi_split.split_no"], name=op.f("fk_closed_value_split_no")),
        sa.ForeignKeyConstraint(["unit_no"], ["kpi_unit.unit_no"], name=op.f("fk_closed_value_unit_no")),
        sa.PrimaryKeyConstraint("release_no", "kpi_no", "unit_no", "period", "split_no", name=op.f("pk_closed_value")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "release_value",
        sa.Column("kpi_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("split_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("is_suppressed", sa.Boolean(), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("cases", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "not is_suppressed or (numerator is null and denominator is null and value is null and cases is null)",
            name=op.f("ck_release_value_suppressed_holds_nothing"),
        ),
        sa.ForeignKeyConstraint(["kpi_no"], ["kpi.kpi_no"], name=op.f("fk_release_value_kpi_no")),
        sa.ForeignKeyConstraint(["release_no"], ["release.release_no"], name=op.f("fk_release_value_release_no")),
        sa.ForeignKeyConstraint(["split_no"], ["kpi_split.split_no"], name=op.f("fk_release_value_split_no")),
        sa.ForeignKeyConstraint(["unit_no"], ["kpi_unit.unit_no"], name=op.f("fk_release_value_unit_no")),
        sa.PrimaryKeyConstraint("kpi_no", "unit_no", "period", "split_no", "release_no", name=op.f("pk_release_value")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("release_value", schema=None) as batch_op:
        batch_op.create_index("ix_release_value_release_no", ["release_no"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("release_value", schema=None) as batch_op:
        batch_op.drop_index("ix_release_value_release_no")

    op.drop_table("release_value")
    op.drop_table("closed_value")
    op.drop_table("release")
    op.drop_table("closing_rule")
