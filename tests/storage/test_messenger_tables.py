"""The second migration: what was stored before it stays as it was, on the way up and on the way back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, insert, select, text
from sqlalchemy.exc import IntegrityError

from storage import addresses, checkins, outbox, people, schema
from storage.database import Database
from storage.outbox import Settled, Waiting
from storage.vault import Vault

BOT = "telegram:700001"
DAY = timedelta(days=1)


@pytest.fixture
async def older(database: Database, vault: Vault, samira: int, now: datetime) -> Database:
    """A database of the first Medvind, with a person who was sent something and has something to answer."""
    await database.downgrade("0001")

    def fill(conn: Connection) -> None:
        cipher = people.present(conn, vault, samira)
        mine = {"participant_id": samira}
        sealed = cipher.seal(f"address.address|{samira}|{BOT}", "123")
        _add(conn, "address", **mine, channel=BOT, lookup=vault.lookup(BOT, "123"), sealed_address=sealed)
        _add(
            conn, "conversation", **mine, number=1, dialogue="weekly_checkin", version=1, state="open",
            started_at=now, sealed_session=b"sealed",
        )  # fmt: skip
        for seq, state in ((1, "sent"), (2, "queued"), (3, "dead")):
            sealed = cipher.seal(f"outbox.body|{samira}|{seq}", str(seq))
            _add(
                conn, "outbox", **mine, seq=seq, conversation=1, channel=BOT, sealed_body=sealed, state=state,
                created_at=now,
            )  # fmt: skip

    await database.write(fill)
    return database


def _add(conn: Connection, table: str, **values: Any) -> None:
    """A row of a table as it is in this database, whatever the schema of today says."""
    conn.execute(insert(Table(table, MetaData(), autoload_with=conn)), values)


async def test_whoever_had_an_address_is_reached_there(
    older: Database, vault: Vault, samira: int, now: datetime
) -> None:
    await older.migrate()
    row = await older.read(lambda conn: conn.execute(select(schema.address)).one())
    assert (row.state, row.since, row.check_number, row.quiet_until) == ("active", now, None, None)
    assert await older.read(lambda conn: addresses.participants_at(conn, vault, [(BOT, "123")])) == {
        (BOT, "123"): samira
    }
    assert (await older.read(lambda conn: addresses.where(conn, vault, BOT, [samira])))[samira].address == "123"


async def test_what_was_queued_waits_and_a_check_in_goes_on(
    older: Database, vault: Vault, samira: int, now: datetime
) -> None:
    await older.migrate()
    assert await older.read(lambda conn: outbox.waiting(conn, BOT)) == [Waiting(samira, 2, 0, 0, None)]
    found = await older.read(lambda conn: outbox.bodies(conn, vault, [(samira, 1), (samira, 2)], now))
    assert found.opened == {(samira, 2): b"2"}
    assert await older.read(lambda conn: outbox.dead(conn, BOT)) == 1
    talk = (await older.read(lambda conn: checkins.open_talks(conn, [samira])))[samira]
    assert (talk.asked_seq, talk.sealed_session) == (0, b"sealed")


async def test_on_the_way_back_nobody_is_let_in_who_was_not_confirmed(
    older: Database, vault: Vault, samira: int, now: datetime
) -> None:
    """The older Medvind takes every address for one that may be heard."""
    await older.migrate()

    def claim(conn: Connection) -> None:
        yusuf = people.add_participant(
            conn, vault, name="Yusuf", pseudonym="Y.", language="en", time_zone="UTC", now=now
        )
        addresses.claim(conn, vault, yusuf, BOT, "456", "0417", now)
        addresses.unreachable(conn, samira, BOT, now)

    await older.write(claim)
    await older.downgrade("0001")
    asked = text("SELECT participant_id, channel FROM address")
    assert await older.read(lambda conn: conn.execute(asked).all()) == [(samira, BOT)]


async def test_on_the_way_back_messages_have_states_that_were_known(
    older: Database, samira: int, now: datetime
) -> None:
    await older.migrate()
    row = Settled("cancelled", None, None, 0, 1, None, None, samira, 2)
    await older.write(lambda conn: outbox.settle(conn, [row]))
    await older.downgrade("0001")
    asked = text("SELECT state FROM outbox ORDER BY seq")
    assert list(await older.read(lambda conn: conn.scalars(asked).all())) == ["sent", "dead", "dead"]


async def test_after_the_way_back_one_conversation_is_open_and_many_may_be_over(
    older: Database, samira: int, now: datetime
) -> None:
    """The index that says so knows which rows it is about: a copied table could lose that."""
    await older.migrate()
    await older.downgrade("0001")

    def hold(conn: Connection, number: int, state: str) -> None:
        _add(
            conn, "conversation", participant_id=samira, number=number, dialogue="weekly_checkin", version=1,
            state=state, started_at=now, sealed_session=b"sealed",
        )  # fmt: skip

    for number in (2, 3):
        await older.write(lambda conn, number=number: hold(conn, number, "closed"))
    with pytest.raises(IntegrityError):
        await older.write(lambda conn: hold(conn, 4, "open"))


async def test_up_and_back_and_up_again_loses_nothing(
    older: Database, vault: Vault, samira: int, now: datetime
) -> None:
    await older.migrate()
    await older.downgrade("0001")
    await older.migrate()
    assert await older.read(lambda conn: outbox.waiting(conn, BOT)) == [Waiting(samira, 2, 0, 0, None)]
    assert set(await older.read(lambda conn: checkins.open_talks(conn, [samira]))) == {samira}
