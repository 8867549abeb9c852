"""Cases 1 to 6 and 9 to 11: what was confirmed is kept once, whatever ends, comes twice or gets in the way."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.pool import NullPool

from bot.messages import Inbound, Tap
from storage import inbox, schema
from storage.database import Database, StorageAway
from storage.engines import Limits
from storage.vault import Vault
from tests.bot.telegram_cases import MORE, SURE, begins, bringing, brought_day, count, day, dies_at, heard, sees, ui
from tests.bot.telegram_cases import nothing_went_wrong as nothing_went_wrong
from tests.bot.telegram_world import TelegramWorld
from tests.bot.turn_world import MONDAY, Person, TurnWorld, deployed
from tests.telegram_stand_in import Phone
from tests.waiting import PATIENCE, until

NOW = int(MONDAY.timestamp())
QUICK = Limits(connect=1, lock=0.2, statement=2.0, transaction=3.0)


@asynccontextmanager
async def opened_impatiently(url: str, key: bytes) -> AsyncIterator[TurnWorld]:
    """A deployment that does not wait for long."""
    database = Database.open(url, QUICK)
    try:
        world = await deployed(database, await database.write(lambda conn: Vault.open(conn, key)))
        yield world
        await world.turns.close()
    finally:
        await database.close()


async def dies_and_comes_back(t: TelegramWorld, person: Person, phone: Phone, place: str) -> int:
    """An answer is sent and the process ends at this place; how many rows the answer left behind then."""
    before = await person.world.count(schema.inbox)
    with dies_at(place) as reached:
        await phone.type("The noise")
        await asyncio.wait_for(reached.wait(), PATIENCE)
        await t.stop()
    left = await person.world.count(schema.inbox) - before
    await t.restart()
    await sees(phone, SURE)
    await phone.tap("2")
    await sees(phone, MORE)
    return left


async def answered_once(person: Person, phone: Phone) -> None:
    assert [(one.question, one.value) for one in await person.answers()] == [("hard", "The noise"), ("sure", "2")]
    assert await heard(person) == ["/start", "The noise", "Half and half"]
    assert count(phone, SURE) == 1
    numbers = await person.seqs()
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(("place", "stored"), [("turn.heard", 0), ("intake.before_confirm", 1)])
async def test_case_01_a_process_that_ends_before_it_confirmed_gets_the_message_again(
    world: TurnWorld, place: str, stored: int
) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        assert await dies_and_comes_back(t, person, phone, place) == stored
        await answered_once(person, phone)


@pytest.mark.parametrize(("place", "stored"), [("turn.stored", 0), ("turn.committed", 1)])
async def test_case_02_an_answer_and_its_place_and_the_next_question_are_stored_together(
    world: TurnWorld, place: str, stored: int
) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        assert await dies_and_comes_back(t, person, phone, place) == stored
        await answered_once(person, phone)


async def test_case_03_a_message_that_comes_twice_counts_once(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        t.server.faults.double(times=2)
        await phone.type("The noise")
        await sees(phone, SURE)
        await phone.tap("2")
        await sees(phone, MORE)
        await phone.type("/help")
        await sees(phone, MORE, times=2)
        assert (await heard(person))[:3] == ["/start", "The noise", "Half and half"]
        assert [one.value for one in await person.answers()] == ["The noise", "2"]
        assert (count(phone, SURE), count(phone, ui("ui/messenger.already_saved"))) == (1, 0)


async def test_case_04_that_a_message_is_known_and_what_it_did_are_stored_together(world: TurnWorld) -> None:
    """A message whose effect was undone is not taken for a second copy when it comes again."""
    async with day(world) as t:
        person, phone = await begins(t)
        with dies_at("turn.stored") as reached:
            number = await phone.type("The noise")
            await asyncio.wait_for(reached.wait(), PATIENCE)
            await t.stop()
        assert await world.count(schema.inbox, message_id=f"m{number}") == 0
        assert await person.answers() == []
        await t.restart()
        await sees(phone, SURE)
        assert [one.value for one in await person.answers()] == ["The noise"]


async def test_case_05_two_copies_at_the_same_moment_have_one_effect(world: TurnWorld) -> None:
    """Two processes are brought the same update at once, as Telegram may do when an answer was slow."""
    async with brought_day(world) as (t, one):
        world.turns = world.another_turns()
        async with bringing(t) as other:
            person, phone = await begins(t)

            async def is_stored() -> bool:
                return {row.state for row in await world.rows(schema.outbox, participant_id=person.id)} == {"sent"}

            await until(is_stored)  # Till then nobody but the sender knows that the question was on the screen.
            sender = {"id": phone.id, "is_bot": False, "first_name": "Sam"}
            message = {"message_id": 900, "from": sender, "chat": {"id": phone.id, "type": "private"}, "date": NOW}
            body = json.dumps({"update_id": 77, "message": {**message, "text": "The noise"}}).encode()
            answers = await asyncio.gather(*(to.bring(body) for to in (one, other) for _ in range(3)))
            assert answers == [(200, b"")] * 6
            await sees(phone, SURE)
            await phone.tap("2")
            await sees(phone, MORE)
            await answered_once(person, phone)


async def test_case_06_numbers_of_updates_may_fall(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        await phone.type("The noise")
        await sees(phone, SURE)
        t.account.updates.step_back()
        await phone.tap("2")
        await sees(phone, MORE)
        t.forward(timedelta(days=8).total_seconds())
        await phone.type("The rain")
        await sees(phone, "This is what")
        assert [one.value for one in await person.answers()] == ["The noise", "2", "The rain"]


async def held(world: TurnWorld, person: Person, ends: threading.Event) -> None:
    """Somebody else works on this person until ``ends``, and then loses the connection."""

    def hold(conn: Connection) -> None:
        inbox.lock(conn, [person.id])
        ends.wait(PATIENCE)
        raise StorageAway("the connection was lost")

    with suppress(StorageAway):
        await world.database.write(hold)


async def test_case_09_what_a_dead_process_has_locked_is_free_again(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        ends = threading.Event()
        holding = asyncio.create_task(held(world, person, ends))
        await asyncio.sleep(0.05)
        await phone.type("The noise")
        await asyncio.sleep(0.1)
        assert (await person.answers(), count(phone, SURE)) == ([], 0)
        ends.set()
        await holding
        await sees(phone, SURE)
        assert [one.value for one in await person.answers()] == ["The noise"]


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds everybody, for longer than we wait."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as conn:
        conn.execute(select(schema.participant.c.id).with_for_update())
        yield
        conn.rollback()


async def test_case_10_a_message_that_waits_too_long_for_its_turn_is_not_lost(
    database_url: str, master_key: bytes
) -> None:
    async with opened_impatiently(database_url, master_key) as world, day(world) as t:
        person, phone = await begins(t)
        with locked(database_url):
            await phone.type("The noise")
            await sees(phone, ui("ui/away"))
            t.forward(2)
            await asyncio.sleep(0.05)
            assert await person.answers() == []
        t.forward(60)
        await sees(phone, SURE)
        assert [one.value for one in await person.answers()] == ["The noise"]
        assert count(phone, ui("ui/away")) == 1


async def test_case_11_what_we_begin_ourselves_waits_for_its_turn_as_well(world: TurnWorld) -> None:
    """While somebody answers, they are asked once more after a time away: both are taken one after the other."""
    async with day(world) as t:
        person, phone = await begins(t)
        again = Inbound(t.bot.channel, str(phone.id), "gap1", world.clock.now, tap=Tap(0, "", "again", ("gap",)))
        await t.bot.delivery.settled(str(phone.id), 1)
        number = await phone.type("The noise")
        await world.turns.submit(again)
        await sees(phone, SURE)
        await phone.tap("2")
        await sees(phone, MORE)
        assert [(one.question, one.value) for one in await person.answers()] == [("hard", "The noise"), ("sure", "2")]
        assert await world.count(schema.inbox, message_id=f"m{number}") == 1
        numbers = await person.seqs()
        assert numbers == list(range(1, len(numbers) + 1))
