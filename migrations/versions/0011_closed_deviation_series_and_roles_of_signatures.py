"""closed series of deviations, and the roles of who signs an assessment

Policy
- One revision = one numbered file; `migrations/HEAD` names the newest, so that two branches conflict in git.
- Every revision has a downgrade; the tests walk upgrade -> downgrade -> upgrade on SQLite and PostgreSQL.
- A revision never imports the application: it states the tables as they were then.
- Data are never dropped to make a migration easier: deliveries are public documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SIGNED = (
    "board_code, unit_code, period, subject, side, grade, motivation, is_without_evidence, follows, signed_at, "
    "signed_by, signed_role"
)
"""What a signature is of. Who confirms is written later."""
_TRIGGER = "assessment_is_never_changed"


def upgrade() -> None:
    op.create_table(
        "deviation_series_decision",
        sa.Column("decision_no", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("board_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("counterpart_actor", sa.String(length=30), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("action_no", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "action_no is not null or reason is not null", name=op.f("ck_deviation_series_decision_answered")
        ),
        sa.CheckConstraint("first_month <= last_month", name=op.f("ck_deviation_series_decision_months_in_order")),
        sa.ForeignKeyConstraint(
            ["action_no"], ["action.action_no"], name=op.f("fk_deviation_series_decision_action_no")
        ),
        sa.ForeignKeyConstraint(
            ["follows"], ["deviation_series_decision.decision_no"], name=op.f("fk_deviation_series_decision_follows")
        ),
        sa.PrimaryKeyConstraint("decision_no", name=op.f("pk_deviation_series_decision")),
        sa.UniqueConstraint("follows", name=op.f("uq_deviation_series_decision_follows")),
    )
    op.create_index("ix_deviation_series_decision_board_code", "deviation_series_decision", ["board_code"])
    for name in ("signed_role", "confirmed_role"):
        op.add_column("assessment", sa.Column(name, sa.String(length=20), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        refuse = "begin select raise(abort, 'assessment is never changed'); end"
        op.execute(sa.text(f"create trigger {_TRIGGER} before update of {_SIGNED} on assessment {refuse}"))
    else:
        op.execute(
            sa.text(
                "create function assessment_refuse() returns trigger language plpgsql as "
                "$$ begin raise exception 'assessment is never changed'; end $$"
            )
        )
        refuse = "for each row execute function assessment_refuse()"
        op.execute(sa.text(f"create trigger {_TRIGGER} before update of {_SIGNED} on assessment {refuse}"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text(f"drop trigger {_TRIGGER}"))
    else:
        op.execute(sa.text(f"drop trigger {_TRIGGER} on assessment"))
        op.execute(sa.text("drop function assessment_refuse()"))
    for name in ("confirmed_role", "signed_role"):
        op.drop_column("assessment", name)
    op.drop_table("deviation_series_decision")
