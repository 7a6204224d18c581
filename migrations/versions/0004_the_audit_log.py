"""the audit log: chained by hash, in place of access_log

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FIRST_HASH = "0" * 64
_ACTIONS = {
    "kpi show": "read",
    "kpi backcast": "read",
    "download": "export",
    "definitions preview": "definitions_previewed",
}
"""The old log's words; others, such as "close", were written before it was known what came of them."""

_EVENT = sa.table(
    "audit_event",
    sa.column("event_no", _NUMBER),
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name, sa.Text()) for name in ("actor", "roles", "action", "municipality_code", "board_code")),
    sa.column("unit_code", sa.Text()),
    sa.column("resource", sa.Text()),
    sa.column("rows", sa.JSON(none_as_null=True)),
    sa.column("row_count", sa.Integer()),
    sa.column("reason", sa.Text()),
    sa.column("details", sa.JSON()),
    sa.column("previous_hash", sa.Text()),
    sa.column("hash", sa.Text()),
)
_LOG = sa.table(
    "access_log",
    sa.column("access_id", _NUMBER),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("viewer", sa.Text()),
    sa.column("action", sa.Text()),
    sa.column("resource", sa.Text()),
)

_SQLITE = (
    (
        "create trigger audit_event_is_never_changed before update on audit_event "
        "begin select raise(abort, 'audit_event is append only'); end"
    ),
    (
        "create trigger audit_event_is_kept before delete on audit_event "
        "when not exists (select 1 from audit_checkpoint where up_to >= old.event_no) "
        "begin select raise(abort, 'audit_event is append only'); end"
    ),
    (
        "create trigger audit_checkpoint_is_never_changed before update on audit_checkpoint "
        "begin select raise(abort, 'audit_checkpoint is append only'); end"
    ),
    (
        "create trigger audit_checkpoint_is_kept before delete on audit_checkpoint "
        "begin select raise(abort, 'audit_checkpoint is append only'); end"
    ),
)
_POSTGRESQL = (
    (
        "create function audit_refuse() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append only', tg_table_name; end $$"
    ),
    (
        "create function audit_keep() returns trigger language plpgsql as $$ begin "
        "if exists (select 1 from audit_checkpoint where up_to >= old.event_no) then return old; end if; "
        "raise exception 'audit_event is append only'; end $$"
    ),
    (
        "create trigger audit_event_is_never_changed before update on audit_event "
        "for each row execute function audit_refuse()"
    ),
    "create trigger audit_event_is_kept before delete on audit_event for each row execute function audit_keep()",
    (
        "create trigger audit_event_is_never_emptied before truncate on audit_event "
        "for each statement execute function audit_refuse()"
    ),
    (
        "create trigger audit_checkpoint_is_never_changed before update or delete on audit_checkpoint "
        "for each row execute function audit_refuse()"
    ),
    (
        "create trigger audit_checkpoint_is_never_emptied before truncate on audit_checkpoint "
        "for each statement execute function audit_refuse()"
    ),
)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("event_no", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=True),
        sa.Column("board_code", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("resource", sa.String(length=300), nullable=False),
        sa.Column("rows", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("event_no", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("checkpoint_no", sa.Integer(), nullable=False),
        sa.Column("up_to", _NUMBER, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("checkpoint_no", name=op.f("pk_audit_checkpoint")),
        sa.UniqueConstraint("up_to", name=op.f("uq_audit_checkpoint_up_to")),
    )
    op.create_table(
        "access_review",
        sa.Column("review_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("review_no", name=op.f("pk_access_review")),
        sa.UniqueConstraint("municipality_code", "period", name=op.f("uq_access_review_municipality_code_period")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_at", ["at"], unique=False)
    _chain_the_old_log()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(sa.text(statement))
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_at"))
    op.drop_table("access_log")


def _chain_the_old_log() -> None:
    connection, previous = op.get_bind(), _FIRST_HASH
    for number, row in enumerate(connection.execute(sa.select(_LOG).order_by(_LOG.c.access_id)).all(), start=1):
        at = row.at.astimezone(UTC) if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        event = {
            "event_no": number, "at": at, "actor": row.viewer, "roles": "",
            "action": _ACTIONS.get(row.action, "earlier"), "municipality_code": None, "board_code": None,
            "unit_code": None, "resource": row.resource, "rows": None, "row_count": None, "reason": None,
            "details": {"action": row.action},
        }  # fmt: skip
        told = json.dumps(
            event | {"at": at.isoformat(timespec="microseconds")},
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        current = hashlib.sha256(f"{previous}\n{told}".encode()).hexdigest()
        connection.execute(sa.insert(_EVENT).values(**event, previous_hash=previous, hash=current))
        previous = current


def downgrade() -> None:
    """What the old log could hold of each event; that the log was chained is lost."""
    op.create_table(
        "access_log",
        sa.Column("access_id", _NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("viewer", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("resource", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("access_id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_log_at"), ["at"], unique=False)
    connection = op.get_bind()
    for row in connection.execute(sa.select(_EVENT).order_by(_EVENT.c.event_no)).all():
        connection.execute(
            sa.insert(_LOG).values(
                at=row.at, viewer=row.actor, action=(row.details or {}).get("action", row.action),
                resource=row.resource[:200],
            )
        )  # fmt: skip
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_at")
    for name in ("access_review", "audit_event", "audit_checkpoint"):
        op.drop_table(name)  # their triggers go with them
    if connection.dialect.name == "postgresql":
        op.execute(sa.text("drop function audit_keep()"))
        op.execute(sa.text("drop function audit_refuse()"))
