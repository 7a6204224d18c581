"""no insert replaces an event or a checkpoint of the audit log, or a review of it

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TRIGGERS = {
    "audit_event_is_never_replaced": (
        "before insert on audit_event when exists (select 1 from audit_event where event_no = new.event_no) "
        "begin select raise(abort, 'audit_event is append only'); end"
    ),
    "audit_checkpoint_is_never_replaced": (
        "before insert on audit_checkpoint when exists (select 1 from audit_checkpoint "
        "where checkpoint_no = new.checkpoint_no or up_to = new.up_to) "
        "begin select raise(abort, 'audit_checkpoint is append only'); end"
    ),
    "access_review_is_never_replaced": (
        "before insert on access_review when exists (select 1 from access_review where review_no = new.review_no "
        "or (municipality_code = new.municipality_code and period = new.period)) "
        "begin select raise(abort, 'access_review is append only'); end"
    ),
}
"""SQLite's `insert or replace` removes the old row without a delete trigger. PostgreSQL has no such statement."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, rest in _TRIGGERS.items():
            op.execute(sa.text(f"create trigger {name} {rest}"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in _TRIGGERS:
            op.execute(sa.text(f"drop trigger {name}"))
