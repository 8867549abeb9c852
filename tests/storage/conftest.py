"""Every test that asks for ``database`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from storage import people
from storage.database import Database
from storage.vault import Vault
from tests.storage.databases import DIALECTS, PostgresqlDatabases, SqliteDatabases

MASTER_KEY = bytes(range(32))


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Where new SQLite databases come from."""
    return SqliteDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_url: str) -> PostgresqlDatabases:
    """Where new PostgreSQL databases come from."""
    return PostgresqlDatabases(postgresql_url)


@pytest.fixture(params=DIALECTS)
def databases(request: pytest.FixtureRequest) -> SqliteDatabases | PostgresqlDatabases:
    """One after the other."""
    return request.getfixturevalue(f"{request.param}_databases")  # type: ignore[no-any-return]


@pytest.fixture
def database_url(databases: SqliteDatabases | PostgresqlDatabases) -> Iterator[str]:
    """The address of a migrated database without rows."""
    with databases.url() as url:
        yield url


@pytest.fixture
def empty_url(databases: SqliteDatabases | PostgresqlDatabases) -> Iterator[str]:
    """The address of a database without tables."""
    with databases.url(migrated=False) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database without rows, open."""
    opened = Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def master_key() -> bytes:
    """The key of the deployment."""
    return MASTER_KEY


@pytest.fixture
async def vault(database: Database, master_key: bytes) -> Vault:
    """The vault of ``database``."""
    return await database.write(lambda conn: Vault.open(conn, master_key))


@pytest.fixture
def now() -> datetime:
    """A Monday, 09:30 in Oslo."""
    return datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
async def samira(database: Database, vault: Vault, now: datetime) -> int:
    """The id of a participant."""
    return await database.write(
        lambda conn: people.add_participant(
            conn, vault, name="Samira Khoury", pseudonym="S.K.", language="ar", time_zone="Europe/Oslo", now=now
        )
    )


@pytest.fixture
async def specialists(database: Database, vault: Vault, now: datetime) -> tuple[int, int]:
    """The ids of two specialists, Ola and Kari."""

    def add(conn: Connection) -> tuple[int, int]:
        ola, kari = (
            people.add_staff(
                conn,
                vault,
                name=name,
                mail=f"{name.lower()}@kommune.example",
                role="specialist",
                language="nb",
                time_zone="Europe/Oslo",
                now=now,
            )
            for name in ("Ola", "Kari")
        )
        return ola, kari

    return await database.write(add)
