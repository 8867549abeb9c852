"""Opening: a key that is missing or wrong stops the start before anything is touched."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, make_url, text, update

from storage import people
from storage.database import Database, StorageAway
from storage.opening import open_storage
from storage.schema import vault_key
from storage.vault import Cipher, DecryptFailed, KeyWrong, Vault, key_id
from tests.storage.databases import PostgresqlDatabases, SqliteDatabases, counts, everything

WRONG = b"w" * 32


async def test_a_new_database_is_made_ready_and_opens_again(empty_url: str, master_key: bytes) -> None:
    database, vault = await open_storage(empty_url, master_key)
    found, sealed = vault.lookup("web", "1"), vault.deployment.seal("place", "words")
    await database.close()
    database, vault = await open_storage(empty_url, master_key)
    assert vault.lookup("web", "1") == found
    assert vault.deployment.open("place", sealed) == b"words"
    assert await database.read(counts) == {"vault_key": 2}
    await database.close()


async def test_two_deployments_look_up_differently(sqlite_databases: SqliteDatabases, master_key: bytes) -> None:
    lookups = set()
    for _ in range(2):
        with sqlite_databases.url(migrated=False) as url:
            database, vault = await open_storage(url, master_key)
            lookups.add(vault.lookup("web", "1"))
            await database.close()
    assert len(lookups) == 2


async def test_a_wrong_key_is_refused_and_told_what_to_do(empty_url: str, master_key: bytes) -> None:
    database, _ = await open_storage(empty_url, master_key)
    before = await database.read(everything)
    await database.close()
    with pytest.raises(KeyWrong) as caught:
        await open_storage(empty_url, WRONG)
    for part in (key_id(WRONG).hex(), key_id(master_key).hex(), "Nothing was changed", "Set MEDVIND_KEY"):
        assert part in str(caught.value)
    database, _ = await open_storage(empty_url, master_key)  # and the refused start has let go of the file
    assert await database.read(everything) == before
    await database.close()


async def test_a_wrong_key_changes_no_byte_of_the_file(
    sqlite_databases: SqliteDatabases, master_key: bytes, tmp_path: Path, now: datetime
) -> None:
    with sqlite_databases.url(migrated=False) as url:
        database, vault = await open_storage(url, master_key)
        await database.write(lambda conn: _add(conn, vault, now))
        crashed = _as_after_a_crash(url, tmp_path)
        await database.close()
    before = _contents(crashed)
    assert set(before) == {"medvind.db", "medvind.db-wal"}
    with pytest.raises(KeyWrong):
        await open_storage(f"sqlite:///{crashed}", WRONG)
    after = _contents(crashed)
    assert {name: after[name] for name in before} == before
    database, vault = await open_storage(f"sqlite:///{crashed}", master_key)
    assert (await database.read(lambda conn: people.participant(conn, vault, 1))).name == "Samira"
    await database.close()


async def test_a_wrong_key_is_noticed_before_the_tables_are_migrated(database_url: str, master_key: bytes) -> None:
    """An older database, whose tables a new Medvind would change."""
    database, _ = await open_storage(database_url, master_key)
    await database.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '0000'")))
    await database.close()
    with pytest.raises(KeyWrong):
        await open_storage(database_url, WRONG)
    database = Database.open(database_url)
    assert await database.read(_revision) == "0000"
    await database.close()


async def test_people_without_the_key_of_their_addresses_are_not_given_a_new_one(
    database: Database, vault: Vault, master_key: bytes, now: datetime
) -> None:
    await database.write(lambda conn: _add(conn, vault, now))
    await database.write(lambda conn: conn.execute(delete(vault_key)))
    with pytest.raises(KeyWrong, match="not in its table vault_key"):
        await database.write(lambda conn: Vault.open(conn, master_key))
    assert await database.read(lambda conn: counts(conn).get("vault_key")) is None


async def test_an_older_database_gets_the_key_it_does_not_have_and_keeps_the_other(
    database: Database, vault: Vault, master_key: bytes, now: datetime
) -> None:
    await database.write(lambda conn: _add(conn, vault, now))
    await database.write(lambda conn: conn.execute(delete(vault_key).where(vault_key.c.name == "deployment")))
    opened = [await database.write(lambda conn: Vault.open(conn, master_key)) for _ in range(2)]
    assert [each.lookup("web", "1") for each in opened] == [vault.lookup("web", "1")] * 2
    sealed = opened[0].deployment.seal("place", "words")
    assert opened[1].deployment.open("place", sealed) == b"words"
    with pytest.raises(DecryptFailed):
        vault.deployment.open("place", sealed)


async def test_the_key_of_the_deployment_does_not_stand_for_that_of_the_addresses(
    database: Database, vault: Vault, master_key: bytes, now: datetime
) -> None:
    await database.write(lambda conn: _add(conn, vault, now))
    await database.write(lambda conn: conn.execute(delete(vault_key).where(vault_key.c.name == "lookup")))
    with pytest.raises(KeyWrong, match="Restore the table"):
        await database.read(lambda conn: Vault.check(conn, master_key))
    with pytest.raises(KeyWrong, match="Restore the table"):
        await database.write(lambda conn: Vault.open(conn, master_key))
    assert await database.read(lambda conn: counts(conn)["vault_key"]) == 1


@pytest.mark.parametrize("name", ["lookup", "deployment"])
async def test_each_key_has_to_be_of_the_same_master_key(
    database: Database, vault: Vault, master_key: bytes, name: str
) -> None:
    foreign = Cipher(WRONG).seal(f"vault_key.wrapped|{name}", b"k" * 32)
    of_it = update(vault_key).where(vault_key.c.name == name)
    await database.write(lambda conn: conn.execute(of_it.values(wrapped=foreign)))
    with pytest.raises(KeyWrong, match=key_id(WRONG).hex()):
        await database.read(lambda conn: Vault.check(conn, master_key))


async def test_two_processes_that_start_at_once_agree_on_the_keys(
    postgresql_databases: PostgresqlDatabases, master_key: bytes
) -> None:
    with postgresql_databases.url(migrated=False) as url:
        opened = await asyncio.gather(*(open_storage(url, master_key) for _ in range(3)))
        assert len({vault.lookup("web", "1") for _, vault in opened}) == 1
        sealed = opened[0][1].deployment.seal("place", "words")
        assert [vault.deployment.open("place", sealed) for _, vault in opened] == [b"words"] * 3
        for database, _ in opened:
            await database.close()


async def test_a_refused_start_lets_go_of_everything(tmp_path: Path, master_key: bytes) -> None:
    (tmp_path / "medvind.db").write_bytes(b"no database" * 1000)
    for _ in range(2):
        with pytest.raises(StorageAway):
            await open_storage(f"sqlite:///{tmp_path}/medvind.db", master_key)


def _add(conn: Connection, vault: Vault, now: datetime) -> int:
    return people.add_participant(
        conn, vault, name="Samira", pseudonym="S.K.", language="ar", time_zone="Europe/Oslo", now=now
    )


def _revision(conn: Connection) -> str:
    return str(conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _as_after_a_crash(url: str, folder: Path) -> Path:
    """A copy of the files of an open database: what a kill leaves on the disk, the log not yet taken over."""
    path = Path(str(make_url(url).database))
    shutil.copy(path, folder / "medvind.db")
    shutil.copy(path.with_name(path.name + "-wal"), folder / "medvind.db-wal")
    return folder / "medvind.db"


def _contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.glob("medvind.db*") if file.suffix != ".lock"}
