"""A database without tables, and the people that tests of the storage begin with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from storage import people
from storage.database import Database
from storage.vault import Vault
from tests.storage.databases import PostgresqlDatabases, SqliteDatabases


@pytest.fixture
def empty_url(databases: SqliteDatabases | PostgresqlDatabases) -> Iterator[str]:
    """The address of a database without tables."""
    with databases.url(migrated=False) as url:
        yield url


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
