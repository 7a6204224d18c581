"""Opening the warehouse that the settings name: is it there, and is it of this program's revision?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from warehouse.database import open_engine, reading
from warehouse.database_role import check_role
from warehouse.errors import UserError
from warehouse.migrate import alembic_config, current_revision, newest_revision, upgrade
from warehouse.settings import Settings


class Standing(StrEnum):
    """How a warehouse stands to the program."""

    MISSING = "missing"  # no file, or no tables
    OUTDATED = "outdated"  # an older revision: `samkoll upgrade` brings it here
    READY = "ready"
    NEWER = "newer"  # made by a newer program


class WarehouseUnreachable(Exception):
    """The database does not answer; a Swedish sentence with its address, never its password."""


def warehouse_address(settings: Settings) -> str:
    """The warehouse's address as it may be shown: without a password. UserError when it is none."""
    try:
        return make_url(settings.warehouse_url).render_as_string(hide_password=True)
    except ArgumentError:
        raise UserError(
            "Inställningen SAMKOLL_DATABASE_URL är ingen databasadress. "
            "Skriv till exempel sqlite:///var/samkoll.db eller postgresql://server/samkoll."
        ) from None


def find_standing(settings: Settings) -> Standing:
    """How the warehouse stands. Creates nothing: a missing SQLite file stays missing."""
    address = warehouse_address(settings)
    url = make_url(settings.warehouse_url)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
        return Standing.MISSING
    engine = _engine(settings)
    try:
        with reading(engine) as connection:
            found = current_revision(connection)
            is_known = found in (None, newest_revision()) or found in _revisions(connection)
    except DBAPIError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            raise UserError(
                f"Rollen får inte läsa databasen {address}. Kör ”samkoll database-role {url.username or 'ROLL'}” som "
                "databasens ägare."
            ) from None
        reason = str(error.orig).splitlines()[0]
        raise WarehouseUnreachable(
            f"Databasen {address} svarar inte: {reason}. Kontrollera att den är igång och SAMKOLL_DATABASE_URL."
        ) from None
    finally:
        engine.dispose()
    if found is None:
        return Standing.MISSING
    if not is_known:
        return Standing.NEWER
    return Standing.READY if found == newest_revision() else Standing.OUTDATED


def _revisions(connection: Connection) -> set[str]:
    from alembic.script import ScriptDirectory  # as in `warehouse.migrate`

    return {script.revision for script in ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()}


def open_warehouse(settings: Settings, *, create: bool = False) -> Engine:
    """An engine for a warehouse of this program's revision.

    `create`: make a missing warehouse. An outdated one is never migrated in passing: that is `samkoll upgrade`.
    Raises UserError with the remedy, WarehouseUnreachable when the database does not answer.
    """
    standing = find_standing(settings)
    address = warehouse_address(settings)
    if standing is Standing.OUTDATED:
        raise UserError(f"Databasen {address} har en äldre version än programmet. Kör ”samkoll upgrade” först.")
    if standing is Standing.NEWER:
        raise UserError(f"Databasen {address} har en nyare version än programmet. Uppdatera programmet.")
    if standing is Standing.MISSING and not create:
        raise UserError(f"Databasen {address} finns inte än. Kör ”samkoll upgrade” eller ”samkoll load” först.")
    engine = _engine(settings)
    if standing is Standing.MISSING:
        upgrade(engine)
    return engine


def open_for_pages(settings: Settings) -> Engine:
    """The warehouse as the dashboard's process reaches it: when a role of its own is set, as that role, which must have
    what the pages need and nothing more. Raises as `open_warehouse`."""
    if not settings.dashboard_database_url:
        return open_warehouse(settings)
    _check_is_postgresql(settings.dashboard_database_url)
    engine = open_warehouse(settings.of_the_pages)
    try:
        check_role(engine)
    except UserError:
        engine.dispose()
        raise
    return engine


def _check_is_postgresql(address: str) -> None:
    try:
        backend = make_url(address).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend != "postgresql":
        raise UserError(
            "Inställningen SAMKOLL_DASHBOARD_DATABASE_URL är ingen adress till PostgreSQL. Skriv till exempel "
            "postgresql://samkoll_pages@server/samkoll, eller ta bort den: bara PostgreSQL har roller."
        )


def upgrade_warehouse(settings: Settings) -> Standing:
    """Create or migrate the warehouse; says how it stood before."""
    before = find_standing(settings)
    if before is Standing.NEWER:
        raise UserError(f"Databasen {warehouse_address(settings)} har en nyare version än programmet.")
    engine = _engine(settings)
    upgrade(engine)
    engine.dispose()
    return before


def _engine(settings: Settings) -> Engine:
    try:
        return open_engine(settings.warehouse_url)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise UserError(
            f"Databasen {warehouse_address(settings)} är av en sort som Samkoll inte kan. "
            "Använd sqlite:/// eller postgresql://."
        ) from None
    except OSError:
        folder = Path(make_url(settings.warehouse_url).database or "").parent
        raise UserError(
            f"Mappen {folder} för databasen går inte att skapa. Rätta SAMKOLL_DATA_DIR eller mappens rättigheter."
        ) from None
