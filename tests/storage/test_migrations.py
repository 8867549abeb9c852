"""Migrations lead to the tables of the schema and back, whole or not at all, on both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, LargeBinary, Text, inspect, text

from storage import addresses, people
from storage.database import Database
from storage.engines import Limits, sqlite_writer
from storage.migrating import migration
from storage.refusal import StorageNewer
from storage.schema import metadata
from storage.vault import Vault
from tests.storage.databases import SqliteDatabases, counts

BOOKKEEPING = {"alembic_version"}


def tables(conn: Connection) -> set[str]:
    return set(inspect(conn).get_table_names())


def differences(conn: Connection) -> list[object]:
    options = {"target_metadata": metadata, "compare_type": True, "compare_server_default": True}
    return compare_metadata(MigrationContext.configure(conn, opts=options), metadata)


async def test_the_migrated_tables_are_those_of_the_schema(database: Database) -> None:
    assert await database.read(differences) == []
    assert await database.read(tables) == set(metadata.tables) | BOOKKEEPING


async def test_the_comparison_would_see_a_difference(database: Database) -> None:
    def change(conn: Connection) -> None:
        conn.execute(text("ALTER TABLE staff ADD COLUMN shoe_size INTEGER"))
        conn.execute(text("DROP INDEX ix_audit_participant_id_at"))

    await database.write(change)
    assert len(await database.read(differences)) == 2


async def test_down_leaves_no_table_and_up_again_makes_them_all(database: Database) -> None:
    await database.downgrade("base")
    assert await database.read(tables) <= BOOKKEEPING
    await database.migrate()
    assert await database.read(differences) == []
    assert await database.read(tables) == set(metadata.tables) | BOOKKEEPING


async def test_rows_that_change_with_every_message_have_room_on_their_page(database: Database) -> None:
    """So that a changed row stays on its page, and its indexes as they are."""

    def room(conn: Connection) -> dict[str, str]:
        if conn.dialect.name == "sqlite":
            return {}
        asked = "SELECT relname, array_to_string(reloptions, ',') FROM pg_class WHERE reloptions IS NOT NULL"
        return {table: options for table, options in conn.execute(text(asked)) if table in metadata.tables}

    meant = {
        table.name: f"fillfactor={options['fillfactor']}"
        for table in metadata.tables.values()
        if (options := table.dialect_options["postgresql"]["with"]) and database.dialect == "postgresql"
    }
    assert await database.read(room) == meant
    await database.downgrade("0012")
    assert await database.read(room) == {}


async def test_migrating_again_changes_nothing(database: Database, vault: Vault) -> None:
    before = await database.read(counts)
    await database.migrate()
    assert await database.read(counts) == before == {"vault_key": 2}


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    database = Database.open(empty_url)
    await database.write(lambda conn: conn.execute(text("CREATE TABLE audit (note TEXT)")))
    with pytest.raises(Exception, match="audit"):
        await database.migrate()
    assert await database.read(tables) == {"audit"}
    await database.write(lambda conn: conn.execute(text("DROP TABLE audit")))
    await database.migrate()
    assert await database.read(differences) == []
    await database.close()


async def test_a_database_of_a_newer_medvind_is_refused_and_left_alone(database: Database) -> None:
    await database.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StorageNewer, match=r"newer Medvind.*9999.*Nothing was changed"):
        await database.migrate()
    found = await database.read(lambda conn: conn.execute(text("SELECT version_num FROM alembic_version")).scalars())
    assert list(found) == ["9999"]


async def test_two_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    databases = [Database.open(empty_url)]
    if databases[0].dialect == "postgresql":  # on SQLite the second process is refused
        databases.append(Database.open(empty_url))
    await asyncio.gather(*(database.migrate() for database in databases))
    assert await databases[0].read(differences) == []
    for database in databases:
        await database.close()


async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(
    sqlite_databases: SqliteDatabases, master_key: bytes, now: datetime
) -> None:
    with sqlite_databases.url() as url:
        engine = sqlite_writer(Path(url.removeprefix("sqlite:///")), Limits())
    with engine.begin() as conn:
        vault = Vault.open(conn, master_key)
        person = people.add_participant(
            conn, vault, name="Samira", pseudonym="S.K.", language="ar", time_zone="Europe/Oslo", now=now
        )
        addresses.add_address(conn, vault, person, "web", "1", now)
    with migration(engine) as conn:
        operations = Operations(MigrationContext.configure(conn))
        with operations.batch_alter_table("participant", recreate="always") as batch:
            batch.alter_column("language", type_=Text())
    with engine.connect() as conn:
        assert counts(conn) == {"vault_key": 2, "participant": 1, "address": 1}
        assert people.participant(conn, vault, person).name == "Samira"
    engine.dispose()


async def test_a_migration_that_would_orphan_rows_is_undone(
    sqlite_databases: SqliteDatabases, master_key: bytes, now: datetime
) -> None:
    with sqlite_databases.url() as url:
        engine = sqlite_writer(Path(url.removeprefix("sqlite:///")), Limits())
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO vault_key VALUES ('a', 'b')"))
    with pytest.raises(RuntimeError, match="refer to nothing"), migration(engine) as conn:
        conn.execute(text("INSERT INTO digest VALUES (77, '2026-03-02', '<m>', 'sent', '2026-03-02', NULL)"))
    with engine.connect() as conn:
        assert counts(conn) == {"vault_key": 1}
    engine.dispose()


@pytest.mark.parametrize("column", [c for t in metadata.sorted_tables for c in t.c if c.name.startswith("sealed_")])
def test_what_is_sealed_is_kept_as_bytes(column: Column[bytes]) -> None:
    assert isinstance(column.type, LargeBinary)
