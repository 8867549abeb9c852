"""Trouble: a message that cannot be answered, and a database that is away. Nobody loses more than that one reply."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TypeVar

import pytest
from sqlalchemy import Connection, create_engine, make_url, text, update
from sqlalchemy.pool import NullPool

from bot.messages import decode_heard
from storage import people, schema
from storage.database import Database, StorageAway, Work
from storage.engines import Limits
from storage.vault import Vault
from tests.bot.turn_world import Person, TurnWorld, catalogs, deployed, worded
from tests.storage.databases import SqliteDatabases

T = TypeVar("T")
WORDS = "my brother Yusuf was here"
QUICK = Limits(connect=1, lock=0.2, statement=2.0, transaction=3.0)
"""For tests in which the database does not answer."""

# A message that cannot be answered


def noise(person: Person, conn: Connection) -> dict[str, object]:
    """Bytes that nothing opens."""
    return {"sealed_session": b"noise"}


def of_somebody_else(person: Person, conn: Connection) -> dict[str, object]:
    """A session that was moved from another row."""
    return {"sealed_session": sealed(person, conn, 99, b'{"done":{},"waiting":"weekly_checkin/week"}')}


def no_session(person: Person, conn: Connection) -> dict[str, object]:
    """Something else in the place of a session."""
    return {"sealed_session": sealed(person, conn, 2, b'["weekly_checkin/week"]')}


def unknown_step(person: Person, conn: Connection) -> dict[str, object]:
    """A session that waits at a step which its version does not have."""
    return {"sealed_session": sealed(person, conn, 2, b'{"done":{},"waiting":"weekly_checkin/nowhere"}')}


def version_gone(person: Person, conn: Connection) -> dict[str, object]:
    """A conversation whose script is not there."""
    return {"version": 99}


def sealed(person: Person, conn: Connection, number: int, session: bytes) -> bytes:
    cipher = people.participant(conn, person.world.vault, person.id).cipher
    return cipher.seal(f"conversation.session|{person.id}|{number}", session)


DAMAGES = [noise, of_somebody_else, no_session, unknown_step, version_gone]
Damage = Callable[[Person, Connection], dict[str, object]]


async def damaged(person: Person, damage: Damage) -> None:
    """Damage the open conversation of one person."""

    def change(conn: Connection) -> None:
        mine = update(schema.conversation).filter_by(participant_id=person.id, number=2)
        assert conn.execute(mine.values(damage(person, conn))).rowcount == 1

    await person.world.database.write(change)


async def in_a_check_in(world: TurnWorld, *names: str, language: str = "en") -> list[Person]:
    """People in whose second conversation the first question waits."""
    made = [await world.person(name, language) for name in names]
    for person in made:
        await person.onboards()
        await person.says("start")
    return made


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_cannot_be_answered_is_kept_apart_and_nobody_else_notices(
    world: TurnWorld, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    amina, *others = await in_a_check_in(world, "Amina", "Sam", "Noor", "Lea")
    await damaged(amina, damage)
    bad = amina.message(WORDS)
    # A fresh process: what the first one had opened already would hide the damage.
    turns = world.another_turns()
    receipt, *replies = await asyncio.gather(
        turns.submit(bad), *(turns.submit(person.message("4")) for person in others)
    )
    assert receipt.fresh
    assert worded((message for _, message in receipt.messages), "en") == ["ui/trouble"]
    for person, reply in zip(others, replies, strict=True):
        assert [message.step for _, message in reply.messages] == ["weekly_checkin/job_sure"]
        assert (await person.answered(2)) == {"week": "4"}
    (row,) = await world.quarantined()
    assert (row.participant_id, row.message_id, row.conversation) == (amina.id, bad.id, 2)
    assert await amina.answered(2) == {}
    for said in (row.cause, caplog.text):
        assert row.cause.partition(" ")[0] in said
        assert not [word for word in ("Yusuf", "brother", "Amina", "Sam", "Kim") if word in said]


async def test_what_was_kept_apart_can_be_read_again_with_the_persons_key(world: TurnWorld) -> None:
    (amina,) = await in_a_check_in(world, "Amina")
    await damaged(amina, noise)
    bad = amina.message(WORDS)
    await amina.send(bad)
    (row,) = await world.quarantined()
    cipher = await world.database.read(lambda conn: people.participant(conn, world.vault, amina.id).cipher)
    kept = cipher.open(f"inbox.body|{amina.id}|web|{bad.id}", row.sealed_body)
    assert decode_heard(kept).inbound == bad


async def test_the_sentence_is_in_the_language_of_the_person(world: TurnWorld) -> None:
    (amina,) = await in_a_check_in(world, "Amina", language="ar")
    await damaged(amina, noise)
    (said,) = await amina.says(WORDS)
    assert (said.language, said.text) == ("ar", catalogs().ui("ar")["ui/trouble"])


async def test_a_second_copy_of_it_has_no_effect(world: TurnWorld) -> None:
    (amina,) = await in_a_check_in(world, "Amina")
    await damaged(amina, noise)
    bad = amina.message(WORDS)
    assert (await amina.send(bad)).fresh
    before = await amina.seqs()
    again = await amina.send(bad)
    assert (again.fresh, again.messages) == (False, ())
    assert await amina.seqs() == before


async def test_who_is_left_with_a_broken_conversation_can_start_a_new_one(world: TurnWorld) -> None:
    (amina,) = await in_a_check_in(world, "Amina")
    await damaged(amina, noise)
    await amina.says("4")
    (broken,) = await world.rows(schema.conversation, participant_id=amina.id, number=2)
    assert broken.state == "broken"
    await amina.says("start")
    await amina.says("4")
    assert await amina.answered(3) == {"week": "4"}
    numbers = await amina.seqs()
    assert numbers == list(range(1, len(numbers) + 1))


async def test_the_page_does_not_show_what_was_kept_apart_as_said(world: TurnWorld) -> None:
    (amina,) = await in_a_check_in(world, "Amina")
    await damaged(amina, noise)
    await amina.says(WORDS)
    entries = await world.turns.history(amina.id)
    assert WORDS not in [entry.said for entry in entries]
    assert entries[-1].outbound is not None
    assert worded([entries[-1].outbound], "en") == ["ui/trouble"]


async def test_letters_that_no_file_can_hold_are_no_trouble(world: TurnWorld) -> None:
    """Half of a pair of surrogates: what a channel makes of bytes that are no UTF-8."""
    (amina,) = await in_a_check_in(world, "Amina")
    await amina.skips_to("next_step")
    await amina.says("Call \ud800the shop\udfff")
    assert (await amina.answered(2))["next_step"] == "Call ?the shop?"
    assert worded(await amina.says("\ud800"), "en")[0] == "ui/again.not_an_option"
    assert await world.quarantined() == []


# A database that is away


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else writes and does not come to an end."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as other:
        other.execute(text("LOCK TABLE participant IN ACCESS EXCLUSIVE MODE"))
        yield
        other.rollback()


@contextmanager
def gone(url: str) -> Iterator[None]:
    """The server hangs up and lets nobody in; the file of SQLite cannot be read."""
    if url.startswith("sqlite"):
        with locked(url):
            yield
        return
    name = make_url(url).database
    server = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as conn:
        conn.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        conn.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        yield
        conn.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))


@pytest.fixture
async def impatient(database_url: str, master_key: bytes) -> AsyncIterator[TurnWorld]:
    """A deployment that does not wait for long."""
    database = Database.open(database_url, QUICK)
    vault = await database.write(lambda conn: Vault.open(conn, master_key))
    yield await deployed(database, vault)
    await database.close()


@pytest.mark.parametrize("away", [locked, gone])
async def test_nothing_is_confirmed_while_the_database_is_away_and_all_goes_on_after(
    impatient: TurnWorld, database_url: str, away: Callable[[str], AbstractContextManager[None]]
) -> None:
    people_there = await in_a_check_in(impatient, "Amina", "Sam", "Noor")
    heard: list[int] = []
    impatient.turns.listeners.append(lambda participant_id, inbound, receipt: heard.append(participant_id))
    sent = [person.message("4") for person in people_there]
    before = [await person.seqs() for person in people_there]
    with away(database_url):
        for _ in range(2):
            ended = await asyncio.gather(*map(impatient.turns.submit, sent), return_exceptions=True)
            assert [type(end) for end in ended] == [StorageAway] * 3
    assert [await person.seqs() for person in people_there] == before
    assert heard == []
    receipts = await asyncio.gather(*map(impatient.turns.submit, sent))
    assert [receipt.fresh for receipt in receipts] == [True] * 3
    assert sorted(heard) == [person.id for person in people_there]
    for person in people_there:
        assert await person.answered(2) == {"week": "4"}
    again = await asyncio.gather(*map(impatient.turns.submit, sent))
    assert [receipt.fresh for receipt in again] == [False] * 3


async def test_nothing_is_confirmed_when_the_disk_is_full(sqlite_databases: SqliteDatabases, master_key: bytes) -> None:
    with sqlite_databases.url() as url:
        database = Database.open(url, QUICK)
    world = await deployed(database, await database.write(lambda conn: Vault.open(conn, master_key)))
    (amina,) = await in_a_check_in(world, "Amina")
    await amina.skips_to("next_step")

    def most_pages(conn: Connection, pages: int) -> int:
        return int(conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}").scalar_one())

    await database.write(lambda conn: most_pages(conn, 1))  # It never goes below what there is.
    long = amina.message("a long story " * 300)
    before = await amina.seqs()
    with pytest.raises(StorageAway):
        await world.turns.submit(long)
    assert await amina.seqs() == before
    await database.write(lambda conn: most_pages(conn, 1_000_000))
    assert (await amina.send(long)).fresh
    assert (await amina.answered(2))["next_step"] == long.text.strip()
    await database.close()


async def test_history_says_that_the_database_is_away(impatient: TurnWorld, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        await impatient.database.close()
        with pytest.raises(StorageAway):
            await impatient.turns.history(1)
        return
    (amina,) = await in_a_check_in(impatient, "Amina")
    with gone(database_url), pytest.raises(StorageAway):
        await impatient.turns.history(amina.id)
    assert await impatient.turns.history(amina.id)


class ReplyLost:
    """A database whose commits reach the disk, and whose word about it does not reach us."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.lost = 0

    async def read(self, work: Work[T]) -> T:
        """As the database does."""
        return await self._database.read(work)

    async def write(self, work: Work[T]) -> T:
        """It is done, and nobody knows."""
        await self._database.write(work)
        self.lost += 1
        raise StorageAway("the connection was lost")


async def test_a_commit_nobody_knows_of_is_not_done_again(world: TurnWorld) -> None:
    people_there = await in_a_check_in(world, "Amina", "Sam")
    broken = ReplyLost(world.database)
    unsure = world.another_turns(broken)  # type: ignore[arg-type]
    sent = [person.message("4") for person in people_there]
    ended = await asyncio.gather(*map(unsure.submit, sent), return_exceptions=True)
    assert [type(end) for end in ended] == [StorageAway] * 2
    assert broken.lost == 1
    receipts = await asyncio.gather(*map(world.turns.submit, sent))
    assert [receipt.fresh for receipt in receipts] == [False] * 2
    for person in people_there:
        assert await person.answered(2) == {"week": "4"}
        assert len([one for one in await person.answers() if one.question == "week"]) == 1


class AwayAfter(ReplyLost):
    """A database that answers so many times and then is away."""

    def __init__(self, database: Database, times: int) -> None:
        super().__init__(database)
        self.times = times

    async def write(self, work: Work[T]) -> T:
        """As the database does, while it is there."""
        if self.times == 0:
            raise StorageAway("it has gone")
        self.times -= 1
        return await self._database.write(work)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_database_that_goes_while_messages_are_tried_alone_confirms_no_more(
    world: TurnWorld, times: int
) -> None:
    """The batch breaks, each of its messages is tried alone, and meanwhile the database goes."""
    sam, amina = await in_a_check_in(world, "Sam", "Amina")
    await damaged(amina, noise)
    turns = world.another_turns(AwayAfter(world.database, times))  # type: ignore[arg-type]
    sent = [sam.message("4"), amina.message(WORDS)]
    first, second = await asyncio.gather(*map(turns.submit, sent), return_exceptions=True)
    confirmed = [not isinstance(each, BaseException) for each in (first, second)]
    assert confirmed == [times == 2, False]
    assert await sam.answered(2) == ({"week": "4"} if times == 2 else {})
    assert await world.quarantined() == []
    receipts = await asyncio.gather(*map(world.turns.submit, sent))
    assert [receipt.fresh for receipt in receipts] == [times == 1, True]
    assert await sam.answered(2) == {"week": "4"}
    assert [row.message_id for row in await world.quarantined()] == [sent[1].id]
