"""One PostgreSQL database for many tests: emptied between them, which costs far less than a new one for each."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from tests.builders.filled import Fill
from warehouse.database import open_engine

_COUNTER = text("select pg_snapshot_xmax(pg_current_snapshot())::text")
"""Goes on when anything at all is written on the server, and not when something is read."""
_OWN = "c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and pg_relation_size(c.oid) > 0"
_FILLED = text(
    "select quote_ident(c.relname), exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) "
    f"from pg_class c where {_OWN} and c.relname <> 'alembic_version'"
)
_NEWEST = "max(xmin::text::bigint)"
_SCHEMA = text(
    " union all ".join(
        f"select count(*), {newest} from {name} where {key} >= 16384"  # the first number that is not PostgreSQL's own
        for name, key, newest in (
            ("pg_class", "oid", "count(relacl)"),
            ("pg_attribute", "attrelid", _NEWEST),
            *((f"pg_{part}", "oid", _NEWEST) for part in ("constraint", "proc", "trigger", "rewrite")),
        )
    )
)
"""How many parts the schema has, and when the newest was made: a truncated table changes none of it."""
_END_OTHERS = text(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
    "and pid <> pg_backend_pid() and usename = current_user"
)


class Emptied:
    """A database that is copied from a migrated one, and copied anew when a test has changed its schema.

    `administer` runs a statement on the server, `address` is a database's there."""

    def __init__(self, administer: Callable[[str], None], address: Callable[[str], str], template: str) -> None:
        self._administer, self._address, self._template = administer, address, template
        self._name = f"samkoll_{uuid4().hex[:12]}"
        self._watching: Engine | None = None
        self._schema: object = None
        self._counter = ""
        self._is_filled = False

    def given(self, fill: Fill | None = None) -> Engine:
        """As the function makes it of an empty one, which it does anew when something was written since. The tests
        that have it follow one another."""
        if self._watching is not None and not self._is_untouched():
            self._empty()
        engine = open_engine(self._address(self._name))
        if self._watching is None:
            self._make()
        if fill is not None and not self._is_filled:
            fill(engine)
            engine.dispose()
            self._note()
            self._is_filled = True
        return engine

    def _empty(self) -> None:
        assert self._watching is not None
        self._is_filled = False
        try:
            with self._watching.connect() as connection:
                is_as_made = self._schema == _schema(connection)
                if is_as_made:
                    _empty(connection)
        except DBAPIError:  # somebody holds a table, or has stopped the connection
            is_as_made = False
        if is_as_made:
            self._note()
        else:
            self.drop()

    def drop(self) -> None:
        """The next test has a new one."""
        if self._watching is not None:
            self._watching.dispose()
            self._watching = None
            self._administer(f"drop database {self._name} with (force)")

    def _make(self) -> None:
        self._administer(f"create database {self._name} template {self._template}")
        self._watching = open_engine(self._address(self._name)).execution_options(isolation_level="AUTOCOMMIT")
        with self._watching.connect() as connection:
            assert connection.execute(_FILLED).all() == [], "what migrations write is not to be emptied"
        self._note()

    def _is_untouched(self) -> bool:
        assert self._watching is not None
        with self._watching.connect() as connection:
            return bool(self._counter == connection.execute(_COUNTER).scalar_one())

    def _note(self) -> None:
        assert self._watching is not None
        with self._watching.connect() as connection:
            self._schema = _schema(connection)
            self._counter = connection.execute(_COUNTER).scalar_one()


def _schema(connection: Connection) -> object:
    return connection.execute(_SCHEMA).all()


def _empty(connection: Connection) -> None:
    """The tables that hold something, and those that refer to them; their numbers begin anew."""
    connection.execute(_END_OTHERS)
    filled = connection.execute(_FILLED).all()
    if filled:
        guarded = [name for name, has_triggers in filled if has_triggers]
        connection.exec_driver_sql(
            ";".join(
                (
                    "begin",
                    "set local lock_timeout = '5s'",
                    *(f"alter table {name} disable trigger user" for name in guarded),
                    f"truncate {', '.join(name for name, _ in filled)} restart identity cascade",
                    *(f"alter table {name} enable trigger user" for name in guarded),
                    "commit",
                )
            )
        )
