"""rows handed over to the auditor

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_handover",
        sa.Column("handover_no", sa.Integer(), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("size between 1 and population", name=op.f("ck_row_handover_size_within_population")),
        sa.PrimaryKeyConstraint("handover_no", name=op.f("pk_row_handover")),
    )
    op.create_table(
        "row_handover_row",
        sa.Column("handover_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_no"], ["row_handover.handover_no"], name=op.f("fk_row_handover_row_handover_no")
        ),
        sa.PrimaryKeyConstraint("handover_no", "row_no", name=op.f("pk_row_handover_row")),
    )


def downgrade() -> None:
    op.drop_table("row_handover_row")
    op.drop_table("row_handover")
