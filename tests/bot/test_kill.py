"""Processes that are killed, and processes beside each other: what was confirmed is there, once, in its place.

On SQLite one process serves everybody, and the next one takes over its file. On PostgreSQL several serve the same
people.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import pytest

from bot.messages import Inbound
from tests.bot.nine_questions import NINE, thrice, thrice_answered
from tests.bot.turn_child import Child, Gone, Stored
from tests.bot.turn_world import Person, TurnWorld, deployed, opened, programme_of
from tests.storage.databases import PostgresqlDatabases

PEOPLE = 6
KILLS = 7
BETWEEN_KILLS = 20
"""Confirmed messages from one kill to the next."""


@dataclass
class Place:
    """Where a deployment lives, and what everybody is going to send, in order. Nobody has it open."""

    url: str
    key: bytes
    sent: dict[int, list[Inbound]]

    async def child(self) -> Child:
        """A process that serves it."""
        return await Child.start(self.url, self.key, "nine")

    async def thrice_answered(self) -> None:
        """Open it, now that nobody else has it open, and look."""
        async with opened(self.url, self.key) as (database, vault):
            world = TurnWorld(database, vault, 1, programme_of("nine"))
            for number in self.sent:
                await thrice_answered(Person(world, number))


async def made(url: str, key: bytes) -> Place:
    """A deployment with people who answer nine questions three times."""
    async with opened(url, key) as (database, vault):
        world = await deployed(database, vault)
        await world.publish("nine", NINE)
        everybody = await world.people(PEOPLE)
        return Place(url, key, {who.id: [who.message(text) for text in thrice(who.id)] for who in everybody})


class Service:
    """Whatever process serves at the moment. What it does not confirm is sent again, as channels do."""

    def __init__(self, place: Place, first: Child, chance: random.Random) -> None:
        self.place = place
        self.child = first
        self.chance = chance
        self.confirmed: list[tuple[Inbound, Stored]] = []
        self.tries = 0
        self.up = asyncio.Event()
        self.up.set()
        self._enough: asyncio.Queue[int] = asyncio.Queue()

    async def take(self, inbound: Inbound) -> Stored:
        """Send a message until it is confirmed."""
        while True:
            await self.up.wait()
            self.tries += 1
            try:
                stored = await self.child.submit(inbound)
            except Gone:
                self.up.clear()
                continue
            assert stored.ok
            self.confirmed.append((inbound, stored))
            if len(self.confirmed) % BETWEEN_KILLS == 0:
                self._enough.put_nowait(len(self.confirmed))
            return stored

    async def killing(self, times: int) -> None:
        """Kill it at some moment, start the next one, and again."""
        for _ in range(times):
            await self._enough.get()
            await asyncio.sleep(self.chance.random() * 0.02)
            self.up.clear()
            await self.child.kill()
            self.child = await self.place.child()
            self.up.set()


@pytest.fixture
async def place(database_url: str, master_key: bytes) -> Place:
    """One on SQLite and one on PostgreSQL."""
    return await made(database_url, master_key)


async def test_what_was_confirmed_survives_kill_9_at_any_moment(place: Place) -> None:
    service = Service(place, await place.child(), random.Random(20260302))

    async def talk(messages: list[Inbound]) -> None:
        for inbound in messages:
            await service.take(inbound)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(service.killing(KILLS))
        for messages in place.sent.values():
            tasks.create_task(talk(messages))
    assert service.tries > len(service.confirmed), "a kill interrupts somebody"
    assert await service.child.end() == 0
    await place.thrice_answered()


async def test_the_conversation_goes_on_where_it_was(place: Place) -> None:
    child = await place.child()
    number, messages = next(iter(place.sent.items()))
    for inbound in messages[:5]:
        before = await child.submit(inbound)
    await child.kill()
    child = await place.child()
    again = await child.submit(messages[4])
    assert (again.fresh, again.messages) == (False, ())
    asked = await child.submit(Inbound("web", str(number), "asks-again", messages[4].at, "start"))
    assert asked.messages == before.messages
    assert asked.messages[0].step == "nine/question5"
    assert await child.end() == 0


async def test_a_process_that_is_killed_at_once_has_confirmed_nothing(place: Place) -> None:
    """Everything is sent at once and the kill comes right behind it: what was not confirmed is sent again."""
    child = await place.child()
    sending = [asyncio.create_task(child.submit(inbound)) for each in place.sent.values() for inbound in each]
    await asyncio.sleep(0)
    await child.kill()
    ended = await asyncio.gather(*sending, return_exceptions=True)
    assert any(isinstance(end, Gone) for end in ended)
    child = await place.child()
    for messages in place.sent.values():
        await asyncio.gather(*map(child.submit, messages))
    assert await child.end() == 0
    await place.thrice_answered()


async def test_two_processes_on_one_server_serve_the_same_people(
    postgresql_databases: PostgresqlDatabases, master_key: bytes
) -> None:
    with postgresql_databases.url() as url:
        place = await made(url, master_key)
        both = [await place.child(), await place.child()]

        async def talk(messages: list[Inbound]) -> None:
            for number, inbound in enumerate(messages):
                first, second = await asyncio.gather(*(child.submit(inbound) for child in both))
                assert {first.fresh, second.fresh} == {True, False}, f"message {number} has its effect once"

        await asyncio.gather(*map(talk, place.sent.values()))
        assert [await child.end() for child in both] == [0, 0]
        await place.thrice_answered()


async def test_one_of_two_processes_is_killed_and_the_other_one_goes_on(
    postgresql_databases: PostgresqlDatabases, master_key: bytes
) -> None:
    """What the dead one has locked is free again at once."""
    with postgresql_databases.url() as url:
        place = await made(url, master_key)
        dying, other = await place.child(), await place.child()
        sending = [asyncio.create_task(dying.submit(inbound)) for each in place.sent.values() for inbound in each]
        await asyncio.sleep(0.02)
        await dying.kill()
        await asyncio.gather(*sending, return_exceptions=True)
        for messages in place.sent.values():
            await asyncio.gather(*map(other.submit, messages))
        assert await other.end() == 0
        await place.thrice_answered()
