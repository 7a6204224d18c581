"""Every table of the warehouse.

Dataset tables are made from `warehouse.contract`: one row per *version* of an entity. A version carries the delivery
that recorded it and the one that ended it (numbers, for "what changed since"), and the same moments as days (the
deliveries' as-of, for "as known on"). The current version has `ended_by` null; a soft-deleted key has only ended ones.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from warehouse.contract import DATASETS, Dataset, Field, Kind

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite only aliases the row id for a column typed exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

# --- deliveries ------------------------------------------------------------

source = Table(
    "source",
    metadata,
    Column("source_id", Integer, primary_key=True),
    Column("code", String(60), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("delivery_id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.source_id"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("encoding", String(20)),
    Column("separator", String(4)),
    Column("mapping_hash", String(64), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("committed_at", DateTime(timezone=True)),
    Column("status", String(12), nullable=False),
    Column("reason", Text),
    Column("warnings", JSON, nullable=False),
    Column("is_synthetic", Boolean, nullable=False),
    Column("replay_of", ForeignKey("delivery.delivery_id")),
    CheckConstraint("status in ('received', 'loaded', 'unchanged', 'held', 'failed', 'refused')", name="status_known"),
)
"""received: bytes kept, rows not yet · loaded · unchanged: same bytes as the latest of its scopes · held: waits for a
controller · failed: rolled back, with its reason · refused: a controller said no, or the as-of was too old."""

delivery_chunk = Table(
    "delivery_chunk",
    metadata,
    Column("delivery_id", ForeignKey("delivery.delivery_id"), primary_key=True),
    Column("chunk_no", Integer, primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
)

delivery_dataset = Table(
    "delivery_dataset",
    metadata,
    Column("delivery_id", ForeignKey("delivery.delivery_id"), primary_key=True),
    Column("dataset", String(30), primary_key=True),
    Column("read", Integer, nullable=False),
    Column("inserted", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("duplicate", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("out_of_scope", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    CheckConstraint(
        "read = inserted + changed + unchanged + duplicate + rejected + out_of_scope",
        name="every_row_accounted_for",
    ),
)

delivery_scope = Table(
    "delivery_scope",
    metadata,
    Column("delivery_id", ForeignKey("delivery.delivery_id"), primary_key=True),
    Column("dataset", String(30), primary_key=True),
    Column("municipality_code", String(4), primary_key=True),
    Column("source_id", ForeignKey("source.source_id"), nullable=False),
    Column("as_of", Date, nullable=False),
    Index("ix_delivery_scope_latest", "source_id", "dataset", "municipality_code", "delivery_id"),
)
"""The scopes (source x dataset x municipality) that a committed delivery spoke for; '' = rows name no municipality."""

raw_block = Table(
    "raw_block",
    metadata,
    Column("delivery_id", ForeignKey("delivery.delivery_id"), primary_key=True),
    Column("block_no", Integer, primary_key=True),
    Column("sheet", Text),
    Column("first_line", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
"""Raw rows as they came (identity numbers and free text already made safe), as compressed Arrow: the file's own columns
as text, `line`, and `outcome` (what became of the row, per dataset)."""

rejected_row = Table(
    "rejected_row",
    metadata,
    Column("reject_id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("delivery.delivery_id"), nullable=False, index=True),
    Column("source_id", ForeignKey("source.source_id"), nullable=False),
    Column("dataset", String(30), nullable=False),
    Column("municipality_code", String(4)),
    Column("sheet", Text),
    Column("line", Integer, nullable=False),
    Column("field", String(60)),
    Column("rule", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("other_problems", JSON, nullable=False),
    Column("row_key", Text),
    Column("row", JSON, nullable=False),
    Column("resolved_by", ForeignKey("delivery.delivery_id")),
)
"""A row in quarantine, with its first problem in the order of the fields; open while `resolved_by` is null."""

# --- entities of the contract, versioned -----------------------------------

_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TEXT: Text(),
    Kind.CODE: Text(),
    Kind.CHOICE: String(30),
    Kind.DAY: Date(),
    Kind.MONTH: String(7),
    Kind.BOOLEAN: Boolean(),
    Kind.INTEGER: Integer(),
    Kind.NUMBER: Float(),
    Kind.PERSON: Text(),
    Kind.FREE_TEXT: Text(),
}


def _column(field: Field) -> Column[Any]:
    always_filled = field.key or field.required or field.kind is Kind.BOOLEAN or field.default is not None
    return Column(field.column, _TYPES[field.kind], nullable=not always_filled)


def _version_table(dataset: Dataset) -> Table:
    table = Table(
        dataset.name,
        metadata,
        Column("version_id", BigId, primary_key=True),
        *(_column(field) for field in dataset.fields),
        Column("source_id", ForeignKey("source.source_id"), nullable=False),
        Column("content_hash", BigInteger, nullable=False),
        Column("raw_line", Integer, nullable=False),
        Column("recorded_by", ForeignKey("delivery.delivery_id"), nullable=False),
        Column("recorded_on", Date, nullable=False),
        Column("ended_by", ForeignKey("delivery.delivery_id")),
        Column("ended_on", Date),
    )
    current = table.c.ended_by.is_(None)
    Index(
        f"uq_{dataset.name}_current_key",
        *(table.c[field.column] for field in dataset.key),
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    Index(f"ix_{dataset.name}_recorded_by", table.c.recorded_by)
    ended = table.c.ended_by.is_not(None)
    Index(f"ix_{dataset.name}_ended_by", table.c.ended_by, sqlite_where=ended, postgresql_where=ended)
    return table


VERSIONED: dict[str, Table] = {name: _version_table(dataset) for name, dataset in DATASETS.items()}

_deviations = VERSIONED["deviations"].c
Index(
    "ix_deviations_current_unit",
    *(
        _deviations[name]
        for name in (
            "unit_code", "reported_on", "category", "reporting_actor", "counterpart_actor", "feedback_on",
            "action_decided_on", "effect_assessed_on", "closed_on", "municipality_code", "ended_by",
        )
    ),
    sqlite_where=_deviations.ended_by.is_(None),
    postgresql_where=_deviations.ended_by.is_(None),
)  # fmt: skip
"""Holds all that the page Avvikelser counts, so that a million rows are counted without being read; `ended_by`, since
SQLite else reads the row to learn that it is current."""

# --- key figures -----------------------------------------------------------

kpi = Table(
    "kpi",
    metadata,
    Column("kpi_no", SmallInteger, primary_key=True),
    Column("kpi_id", String(60), nullable=False, unique=True),
)

kpi_definition = Table(
    "kpi_definition",
    metadata,
    Column("definition_no", Integer, primary_key=True),
    Column("kpi_no", ForeignKey("kpi.kpi_no"), nullable=False),
    Column("definition_hash", String(64), nullable=False),
    Column("meaning", JSON, nullable=False),
    Column("first_seen_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("kpi_no", "definition_hash"),
)

kpi_unit = Table(
    "kpi_unit",
    metadata,
    Column("unit_no", Integer, primary_key=True),
    Column("unit_code", Text, nullable=False, unique=True),
)

kpi_split = Table(
    "kpi_split",
    metadata,
    Column("split_no", Integer, primary_key=True),
    Column("split", String(120), nullable=False, unique=True),
)
"""'' = no split; else `name=value` pairs in the definition's order, joined by `;`."""

kpi_run = Table(
    "kpi_run",
    metadata,
    Column("run_no", Integer, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("kind", String(12), nullable=False),
    Column("status", String(10), nullable=False),
    Column("reason", Text),
    Column("last_delivery_id", Integer, nullable=False),
    Column("definitions_hash", String(64), nullable=False),
    Column("scope", JSON, nullable=False),
    Column("written", Integer, nullable=False),
    CheckConstraint("kind in ('full', 'incremental', 'check')", name="kind_known"),
    CheckConstraint("status in ('running', 'done', 'failed')", name="status_known"),
)
"""`last_delivery_id`: the data cut; `scope`: what was touched, as told to a reader."""

kpi_value = Table(
    "kpi_value",
    metadata,
    Column("kpi_no", SmallInteger, ForeignKey("kpi.kpi_no"), primary_key=True, autoincrement=False),
    Column("unit_no", Integer, ForeignKey("kpi_unit.unit_no"), primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("split_no", Integer, ForeignKey("kpi_split.split_no"), primary_key=True, autoincrement=False),
    Column("level", SmallInteger, nullable=False),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("cases", BigInteger, nullable=False),
    Column("basis", SmallInteger, nullable=False),
    Column("definition_no", Integer, ForeignKey("kpi_definition.definition_no"), nullable=False),
    Column("run_no", Integer, ForeignKey("kpi_run.run_no"), nullable=False),
    sqlite_with_rowid=False,
)
"""Empty cells are not stored. `period` is `kpi.period.Period.code`; `level` an index into `contract.LEVELS`; `basis`
says whether the cell rests on events, reported values or both (`kpi.pieces`)."""

kpi_coverage = Table(
    "kpi_coverage",
    metadata,
    Column("kpi_no", SmallInteger, ForeignKey("kpi.kpi_no"), primary_key=True, autoincrement=False),
    Column("municipality_code", String(4), primary_key=True),
    Column("first_on", Date, nullable=False),
    Column("as_of", Date, nullable=False),
)
"""From which day to which a municipality's deliveries hold what the figure counts: zero inside, missing outside."""

kpi_unplaced = Table(
    "kpi_unplaced",
    metadata,
    Column("kpi_no", SmallInteger, ForeignKey("kpi.kpi_no"), primary_key=True, autoincrement=False),
    Column("municipality_code", String(4), primary_key=True),
    Column("rows", Integer, nullable=False),
)
"""Rows that no figure counts yet because their unit or plan is unknown."""

definitions_version = Table(
    "definitions_version",
    metadata,
    Column("version_no", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Column("saved_by", String(80), nullable=False),
    Column("reason", Text, nullable=False),
)
"""Every definitions file that has served: who saved it, when and why. The newest is the one that served last."""

# --- jobs ------------------------------------------------------

job_run = Table(
    "job_run",
    metadata,
    Column("job_run_id", Integer, primary_key=True),
    Column("job", String(40), nullable=False),
    Column("slot", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("retry_at", DateTime(timezone=True)),
    Column("result", Text),
    Column("error", Text),
    Column("worker", String(80), nullable=False),
    Column("step", String(40)),
    Column("step_done", Integer),
    Column("step_total", Integer),
    UniqueConstraint("job", "slot"),
    CheckConstraint("state in ('running', 'done', 'failed')", name="state_known"),
)
"""A job's run. `step`: what is done while it runs, with `step_done` of `step_total`."""

job_request = Table(
    "job_request",
    metadata,
    Column("request_id", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("delivery_id", ForeignKey("delivery.delivery_id")),
    Column("board_code", Text),
    Column("period", Integer),
    Column("reason", Text),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("state", String(10), nullable=False),
    Column("done_at", DateTime(timezone=True)),
    Column("message", Text),
    Column("step", String(40)),
    Column("step_done", Integer),
    Column("step_total", Integer),
    CheckConstraint("kind in ('approve', 'refuse', 'replay', 'close')", name="kind_known"),
    CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="state_known"),
)
"""What a page asks the scheduler to do; the dashboard never loads or closes anything itself. `board_code`, `period` and
`reason` (of a correction): for what is to be closed; `step`: as of a job's run."""
