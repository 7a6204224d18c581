"""how far a job and a request have come

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES = ("job_run", "job_request")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("step", sa.String(length=40)))
        op.add_column(table, sa.Column("step_done", sa.Integer()))
        op.add_column(table, sa.Column("step_total", sa.Integer()))


def downgrade() -> None:
    for table in _TABLES:
        for column in ("step_total", "step_done", "step"):
            op.drop_column(table, column)
