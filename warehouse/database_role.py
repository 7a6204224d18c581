"""The role in PostgreSQL that the dashboard connects as: gives it what `warehouse.privileges` says, and finds what it
lacks or has besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import ProgrammingError

from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.privileges import NEEDS, Need, sequences

_quote = postgresql.dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
_MOST_TOLD = 3

Privilege = tuple[str, str, str]
"""A table or sequence, a column ('' for all of it), and what may be done."""

_HELD = text("""
    select c.relname, a.attname::text, p.privilege
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) p(privilege)
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and has_column_privilege(:role, c.oid, a.attnum, p.privilege)
    union all
    select c.relname, '', p.privilege
    from pg_class c cross join (values ('DELETE'), ('TRUNCATE'), ('TRIGGER')) p(privilege)
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and has_table_privilege(:role, c.oid, p.privilege)
    union all
    select c.relname, '', p.privilege
    from pg_class c cross join (values ('USAGE'), ('UPDATE')) p(privilege)
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'S'
    and has_sequence_privilege(:role, c.oid, p.privilege)
""")
_COLUMNS = text("""
    select c.relname, a.attname::text
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
""")
_STANDING = text("""
    select r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls,
        has_database_privilege(:role, current_database(), 'CREATE') as creates_schemas,
        has_database_privilege(:role, current_database(), 'TEMPORARY') as makes_temporary,
        has_schema_privilege(:role, current_schema(), 'CREATE') as creates_tables,
        exists (
            select 1 from pg_roles other where other.rolname <> r.rolname and pg_has_role(:role, other.oid, 'MEMBER')
        ) as is_member
    from pg_roles r where r.rolname = :role
""")
_TOO_MUCH: Mapping[str, str] = {
    "rolsuper": "är superanvändare",
    "rolcreaterole": "får skapa roller",
    "rolcreatedb": "får skapa databaser",
    "rolreplication": "får kopiera hela servern",
    "rolbypassrls": "går förbi radskydd",
    "is_member": "är medlem i en annan roll",
    "creates_schemas": "får skapa scheman",
    "creates_tables": "får skapa tabeller",
    "makes_temporary": "får skapa tillfälliga tabeller",
}


@dataclass(frozen=True)
class Examined:
    """A role beside what it needs; both in Swedish, empty when it is right."""

    role: str
    too_much: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is not right, with a few examples."""
        parts = ((self.too_much, "har mer än den behöver"), (self.missing, "saknar rättigheter"))
        told = [f"{words} ({_some(found)})" for found, words in parts if found]
        return f"Databasrollen {self.role} {' och '.join(told)}." if told else ""


def statements(role: str, database: str, schema: str) -> tuple[str, ...]:
    """SQL that takes everything from the role and gives it what it needs; the same whenever it is run."""
    to, of = _quote(role), _quote(schema)
    return (
        f"revoke temporary on database {_quote(database)} from public",
        f"revoke create on schema {of} from public",
        f"revoke all on all tables in schema {of} from {to}",
        f"revoke all on all sequences in schema {of} from {to}",
        f"revoke all on schema {of} from {to}",
        f"grant usage on schema {of} to {to}",
        *(
            f"grant {', '.join(given)} on {of}.{_quote(name)} to {to}"
            for name, need in NEEDS.items()
            if (given := list(_given(need)))
        ),
        *(f"grant usage on sequence {of}.{_quote(name)} to {to}" for name in sequences()),
    )


def statements_for(engine: Engine, role: str) -> tuple[str, ...]:
    """Those for the role in the warehouse's database. UserError when it has no such role, or has no roles at all."""
    _check_is_postgresql(engine)
    with reading(engine) as connection:
        return _statements_for(connection, role)


def give_privileges(engine: Engine, role: str) -> None:
    """Give the role what it needs and nothing else, at once. UserError when it would have more all the same (then
    nothing is given), or when the warehouse's own role may not give it."""
    _check_is_postgresql(engine)
    try:
        with writing(engine) as connection:
            for statement in _statements_for(connection, role):
                connection.exec_driver_sql(statement)
            found = examine_role(connection, role)
            if found.too_much:
                raise UserError(
                    f"{found.sentence} Inget är ändrat. Gör en egen roll för sidorna, som inte äger något och inte är "
                    "medlem i någon annan roll (docs/operate.md)."
                )
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise UserError(
            f"Rättigheterna för {role} går inte att ge: {str(error.orig).splitlines()[0]}. Kör kommandot som den roll "
            "som äger databasen (SAMKOLL_DATABASE_URL)."
        ) from None


def check_role(engine: Engine) -> None:
    """UserError when the role that the engine connects as has less or more than it needs."""
    with reading(engine) as connection:
        found = examine_role(connection)
    if found.sentence:
        raise UserError(f"{found.sentence} Kör ”samkoll database-role {found.role}” som databasens ägare.")


def examine_role(connection: Connection, role: str | None = None) -> Examined:
    """What the role (by default the connection's own) has too much and what it lacks."""
    name: str = role or connection.exec_driver_sql("select current_user").scalar_one()
    standing = connection.execute(_STANDING, {"role": name}).one()
    told = [words for attribute, words in _TOO_MUCH.items() if getattr(standing, attribute)]
    held: set[Privilege] = {(row[0], row[1], row[2]) for row in connection.execute(_HELD, {"role": name})}
    needed = set(_needed([(row[0], row[1]) for row in connection.execute(_COLUMNS)]))
    return Examined(name, (*told, *_told(held - needed)), _told(needed - held))


def _statements_for(connection: Connection, role: str) -> tuple[str, ...]:
    if connection.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": role}) is None:
        raise UserError(
            f"Rollen {role} finns inte i databasen. Be databasadministratören göra den: "
            f"create role {_quote(role)} login password '…'"
        )
    database, schema = connection.exec_driver_sql("select current_database(), current_schema()").one()
    return statements(role, database, schema)


def _check_is_postgresql(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        raise UserError("Bara PostgreSQL har roller. En SQLite-fil skyddas av filens och datamappens rättigheter.")


def _given(need: Need) -> Iterator[str]:
    if need.reads:
        yield f"select ({', '.join(map(_quote, sorted(need.reads)))})"
    if need.inserts:
        yield "insert"
    if need.updates:
        yield f"update ({', '.join(map(_quote, sorted(need.updates)))})"
    if need.deletes:
        yield "delete"


def _needed(columns: Sequence[tuple[str, str]]) -> Iterator[Privilege]:
    for table, column in columns:
        need = NEEDS.get(table, Need())
        if column in need.reads:
            yield table, column, "SELECT"
        if need.inserts:
            yield table, column, "INSERT"
        if column in need.updates:
            yield table, column, "UPDATE"
    yield from ((name, "", "DELETE") for name, need in NEEDS.items() if need.deletes)
    yield from ((name, "", "USAGE") for name in sequences())


def _told(privileges: set[Privilege]) -> tuple[str, ...]:
    """Each table once for each thing that may be done with it."""
    return tuple(sorted({f"{what} {table}" for table, _, what in privileges}))


def _some(found: Sequence[str]) -> str:
    rest = len(found) - _MOST_TOLD
    return ", ".join(found[:_MOST_TOLD]) + (f" och {rest} till" if rest > 0 else "")
