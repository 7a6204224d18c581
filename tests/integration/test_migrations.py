"""The warehouse as Alembic makes it is the warehouse that the code declares, and every step can be taken back."""

from __future__ import annotations

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from warehouse.database import writing
from warehouse.migrate import alembic_config, current_revision, newest_revision, upgrade


def test_the_migrated_warehouse_equals_the_declared_tables(engine: Engine) -> None:
    with writing(engine) as connection:
        command.check(alembic_config(connection))


def test_upgrade_downgrade_upgrade(engine: Engine) -> None:
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    with writing(engine) as connection:
        command.check(alembic_config(connection))
        assert current_revision(connection) == newest_revision()


def test_the_head_file_names_the_only_head(engine: Engine) -> None:
    with writing(engine) as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
    assert script.get_heads() == [newest_revision()]
