"""packages of what other municipalities have released

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_release",
        sa.Column("package_no", sa.Integer(), nullable=False),
        sa.Column("for_municipality", sa.String(length=4), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reaches", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.CheckConstraint("for_municipality <> municipality_code", name=op.f("ck_imported_release_of_another")),
        sa.PrimaryKeyConstraint("package_no", name=op.f("pk_imported_release")),
        sa.UniqueConstraint("for_municipality", "sha256", name=op.f("uq_imported_release_for_municipality_sha256")),
    )
    with op.batch_alter_table("imported_release", schema=None) as batch_op:
        batch_op.create_index(
            "uq_imported_release_shown",
            ["for_municipality", "municipality_code"],
            unique=True,
            sqlite_where=sa.text("not is_superseded"),
            postgresql_where=sa.text("not is_superseded"),
        )

    op.create_table(
        "imported_figure",
        sa.Column("figure_no", sa.Integer(), nullable=False),
        sa.Column("package_no", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.String(length=60), nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("shape", sa.String(length=10), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), nullable=False),
        sa.Column("per", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["package_no"], ["imported_release.package_no"], name=op.f("fk_imported_figure_package_no")
        ),
        sa.PrimaryKeyConstraint("figure_no", name=op.f("pk_imported_figure")),
        sa.UniqueConstraint(
            "package_no", "kpi_id", "meaning", name=op.f("uq_imported_figure_package_no_kpi_id_meaning")
        ),
    )
    op.create_table(
        "imported_value",
        sa.Column("figure_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("split", sa.String(length=400), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=True),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("is_suppressed", sa.Boolean(), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("cases", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "not is_suppressed or (numerator is null and denominator is null and value is null and cases is null)",
            name=op.f("ck_imported_value_suppressed_holds_nothing"),
        ),
        sa.ForeignKeyConstraint(["figure_no"], ["imported_figure.figure_no"], name=op.f("fk_imported_value_figure_no")),
        sa.PrimaryKeyConstraint("figure_no", "unit_code", "period", "split", name=op.f("pk_imported_value")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("imported_value")
    op.drop_table("imported_figure")
    with op.batch_alter_table("imported_release", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_imported_release_shown",
            sqlite_where=sa.text("not is_superseded"),
            postgresql_where=sa.text("not is_superseded"),
        )

    op.drop_table("imported_release")
