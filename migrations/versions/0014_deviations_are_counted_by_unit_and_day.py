"""deviations are counted by unit and day from an index

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_deviations_current_unit",
        "deviations",
        [
            "unit_code",
            "reported_on",
            "category",
            "reporting_actor",
            "counterpart_actor",
            "feedback_on",
            "action_decided_on",
            "effect_assessed_on",
            "closed_on",
            "municipality_code",
            "ended_by",
        ],
        sqlite_where=sa.text("ended_by IS NULL"),
        postgresql_where=sa.text("ended_by IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_deviations_current_unit", table_name="deviations")
