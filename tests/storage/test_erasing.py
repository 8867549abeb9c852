"""Erasing: the person is gone from every table, and what a copy still holds can no longer be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from storage import addresses, audit, digests, people, schema
from storage.database import Database
from storage.people import Who
from storage.vault import Cipher, DecryptFailed, Erased, Vault
from tests.storage.databases import SqliteDatabases, counts, everything
from tests.storage.rows import fill, owned_tables

HOUR = timedelta(hours=1)


async def test_an_erased_person_is_in_no_table_but_as_a_number(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: fill(conn, vault, samira, specialists[0], now))
    before = await database.read(counts)
    assert {table.name for table in owned_tables()} <= set(before)  # or the test would prove nothing
    await database.write(lambda conn: people.erase(conn, samira))
    after = await database.read(counts)
    assert set(after) == {"vault_key", "participant", "staff", "digest", "audit"}
    row = await database.read(lambda conn: conn.execute(select(schema.participant)).one())
    assert (row.data_key, row.sealed_name, row.sealed_pseudonym, row.paused_until) == (None, None, None, None)
    assert (row.state, row.language, row.time_zone) == ("stopped", "und", "UTC")


async def test_what_was_done_with_an_erased_persons_data_stays_on_record(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: fill(conn, vault, samira, specialists[0], now))
    await database.write(lambda conn: people.erase(conn, samira))
    assert len(await database.read(lambda conn: audit.records(conn, samira))) == 1


async def test_everybody_else_stays_as_they_are(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    def add_yusuf(conn: Connection) -> int:
        yusuf = people.add_participant(
            conn, vault, name="Yusuf", pseudonym="Y.", language="en", time_zone="UTC", now=now
        )
        fill(conn, vault, yusuf, specialists[0], now)
        return yusuf

    yusuf = await database.write(add_yusuf)
    before = await database.read(counts)
    await database.write(lambda conn: fill(conn, vault, samira, specialists[1], now))
    await database.write(lambda conn: people.erase(conn, samira))
    after = await database.read(counts)
    assert {name: number for name, number in after.items() if name not in ("digest", "audit")} == {
        name: number for name, number in before.items() if name not in ("digest", "audit")
    }
    assert (await database.read(lambda conn: people.participant(conn, vault, yusuf))).name == "Yusuf"
    assert len(await database.read(lambda conn: digests.cards_for(conn, vault, specialists[0], None))) == 1


async def test_an_erased_person_cannot_be_had_seen_or_let_in(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    def enter(conn: Connection) -> None:
        fill(conn, vault, samira, specialists[0], now)
        people.new_link(conn, vault, Who(participant_id=samira), "link", now)
        people.start_session(conn, vault, Who(participant_id=samira), "session", now, HOUR)

    await database.write(enter)
    await database.write(lambda conn: people.erase(conn, samira))
    with pytest.raises(Erased):
        await database.read(lambda conn: people.participant(conn, vault, samira))
    with pytest.raises(Erased):
        await database.write(lambda conn: addresses.add_address(conn, vault, samira, "web", "1", now))
    assert await database.read(lambda conn: people.open_link(conn, vault, "link", now)) is None
    assert await database.read(lambda conn: people.session_owner(conn, vault, "session", now)) is None
    assert await database.read(lambda conn: people.caseload(conn, vault, specialists[0])) == []
    assert await database.read(lambda conn: digests.cards_for(conn, vault, specialists[0], None)) == []
    assert await database.read(lambda conn: people.specialist_of(conn, samira)) is None


async def test_erasing_twice_has_no_effect(database: Database, samira: int) -> None:
    for _ in range(2):
        await database.write(lambda conn: people.erase(conn, samira))


async def test_the_number_is_not_given_to_somebody_else(
    database: Database, vault: Vault, samira: int, now: datetime
) -> None:
    await database.write(lambda conn: people.erase(conn, samira))

    def add(conn: Connection) -> int:
        return people.add_participant(conn, vault, name="Y", pseudonym="Y", language="en", time_zone="UTC", now=now)

    assert await database.write(add) != samira


async def test_a_row_that_was_kept_somewhere_cannot_be_read_after_an_erasure(
    database: Database, vault: Vault, master_key: bytes, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    """As when somebody has copied the sealed card, but not the key that stood in another table."""
    await database.write(lambda conn: fill(conn, vault, samira, specialists[0], now))
    kept = await database.read(lambda conn: conn.execute(select(schema.card)).one())
    place = f"card.lines|{samira}|{kept.conversation}|{kept.step}"
    cipher = await database.read(lambda conn: people.participant(conn, vault, samira).cipher)
    assert cipher.open(place, kept.sealed_lines)
    await database.write(lambda conn: people.erase(conn, samira))
    with pytest.raises(Erased):
        await database.read(lambda conn: people.participant(conn, vault, samira))
    for key in (master_key, await database.read(lambda conn: _lookup_key(conn, master_key))):
        with pytest.raises(DecryptFailed):
            Cipher(key).open(place, kept.sealed_lines)


async def test_the_erased_key_is_in_no_file_any_more(
    sqlite_databases: SqliteDatabases, master_key: bytes, now: datetime
) -> None:
    with sqlite_databases.url() as url:
        path = Path(url.removeprefix("sqlite:///"))
    database = Database.open(url)
    vault = await database.write(lambda conn: Vault.open(conn, master_key))
    many = await database.write(lambda conn: _add_many(conn, vault, now))
    erased = many[len(many) // 2]
    before = await database.read(lambda conn: _keys(conn, many))
    await database.write(lambda conn: people.erase(conn, erased))
    await database.scrub()
    found = _bytes_of(path)
    assert before[erased] not in found
    assert all(key in found for person, key in before.items() if person != erased)
    await database.close()
    assert before[erased] not in _bytes_of(path)


async def test_scrubbing_disturbs_nothing(database: Database, vault: Vault, samira: int) -> None:
    before = await database.read(everything)
    await database.scrub()
    assert await database.read(everything) == before


def _add_many(conn: Connection, vault: Vault, now: datetime) -> list[int]:
    return [
        people.add_participant(conn, vault, name=f"Person {n}", pseudonym="P.", language="en", time_zone="UTC", now=now)
        for n in range(100)
    ]


def _keys(conn: Connection, of: list[int]) -> dict[int, bytes]:
    columns = schema.participant.c
    return {
        row.id: row.data_key for row in conn.execute(select(columns.id, columns.data_key).where(columns.id.in_(of)))
    }


def _bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def _lookup_key(conn: Connection, master_key: bytes) -> bytes:
    wrapped = conn.scalars(select(schema.vault_key.c.wrapped).where(schema.vault_key.c.name == "lookup")).one()
    return Cipher(master_key).open("vault_key.wrapped|lookup", wrapped)
