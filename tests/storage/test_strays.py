"""What nobody could read is kept once, sealed, and for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from storage import strays
from storage.database import Database
from storage.schema import stray
from storage.strays import Stray
from storage.vault import DecryptFailed, Vault
from tests.storage.databases import everything

BOT, OTHER = "telegram:700001", "telegram:700002"
BODY = b'{"update_id": 5, "message": "a word of Samira\'s"}\xff'
DAY = timedelta(days=1)


async def keep(database: Database, vault: Vault, update_id: str, at: datetime, channel: str = BOT) -> None:
    await database.write(lambda conn: strays.keep(conn, vault, channel, update_id, BODY, "KeyError at updates:41", at))


async def test_what_came_is_kept_as_it_came_oldest_first(database: Database, vault: Vault, now: datetime) -> None:
    assert await database.read(strays.count) == 0
    await keep(database, vault, "6", now)
    await keep(database, vault, "5", now + DAY)
    await keep(database, vault, "5", now, OTHER)
    assert await database.read(strays.count) == 3
    found = await database.read(lambda conn: strays.read(conn, vault))
    cause = "KeyError at updates:41"
    assert found == [
        Stray(BOT, "6", BODY, cause, now),
        Stray(OTHER, "5", BODY, cause, now),
        Stray(BOT, "5", BODY, cause, now + DAY),
    ]
    assert "Samira" not in repr(found)


async def test_a_second_copy_has_no_effect(database: Database, vault: Vault, now: datetime) -> None:
    for at in (now, now + DAY):
        await keep(database, vault, "5", at)
    assert [one.received_at for one in await database.read(lambda conn: strays.read(conn, vault))] == [now]


async def test_it_cannot_be_read_from_the_table(database: Database, vault: Vault, now: datetime) -> None:
    await keep(database, vault, "5", now)
    stored = await database.read(everything)
    assert b"KeyError at updates:41" in stored
    assert b"Samira" not in stored
    await database.write(lambda conn: conn.execute(update(stray).values(update_id="6")))  # moved to another place
    with pytest.raises(DecryptFailed):
        await database.read(lambda conn: strays.read(conn, vault))


async def test_whatever_the_cause_is_it_can_be_stored(database: Database, vault: Vault, now: datetime) -> None:
    await database.write(lambda conn: strays.keep(conn, vault, BOT, "5", b"", "odd\0 \ud83d" + "x" * 500, now))
    (found,) = await database.read(lambda conn: strays.read(conn, vault))
    assert found.cause == "odd ?" + "x" * 195


async def test_old_ones_are_forgotten(database: Database, vault: Vault, now: datetime) -> None:
    for days in range(10):
        await keep(database, vault, str(days), now + days * DAY)
    assert await database.write(lambda conn: strays.purge(conn, now + 8 * DAY)) == 8
    found = await database.read(lambda conn: strays.read(conn, vault))
    assert [one.update_id for one in found] == ["8", "9"]
    assert await database.write(lambda conn: strays.purge(conn, now)) == 0
