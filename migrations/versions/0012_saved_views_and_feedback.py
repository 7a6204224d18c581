"""readers' saved views, and what they say of the interface

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("view_no", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("view_no", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_saved_view_owner_name")),
    )
    op.create_table(
        "feedback",
        sa.Column("feedback_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("feedback_no", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_municipality_code", "feedback", ["municipality_code"])


def downgrade() -> None:
    op.drop_index("ix_feedback_municipality_code", table_name="feedback")
    op.drop_table("feedback")
    op.drop_table("saved_view")
