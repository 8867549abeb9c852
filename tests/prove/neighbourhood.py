"""Neighbourhood: who lives where the proof takes place: participants and specialists, in several time zones."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random

from aiohttp import ClientSession, ClientTimeout, CookieJar
from sqlalchemy import Connection, select

from bot.channels.telegram.bot import channel_of
from storage import addresses, people, schema
from storage.people import Who
from tests.bot.many_processes import Visitor
from tests.bot.turn_world import Person, TurnWorld
from tests.prove.participants import Browsing, Participant, Phoning
from tests.telegram_stand_in import Bot, Phone, StandIn

ZONES = ("Europe/Oslo", "Asia/Kabul", "America/St_Johns", "Pacific/Auckland", "Europe/Kyiv")
STAFF = (
    ("Europe/Oslo", "08:00", "12345"),
    ("America/New_York", "09:30", "135"),
    ("Asia/Kathmandu", "10:15", "12345"),
    ("Europe/London", "12:00", "1234567"),
)
"""Where each specialist lives, and when they want to know what is new on which days."""

KEEN = (1.0, 0.5, 0.8, 0.0)
"""How often people look at what comes. The last ones never do."""

SLOWEST = ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Ways:
    """How people are reached: a Telegram with a bot that is brought messages and one that asks for them, and pages."""

    telegram: StandIn
    bots: Sequence[Bot]
    pages: str


@asynccontextmanager
async def moved_in(world: TurnWorld, ways: Ways, many: int, random: Random) -> AsyncIterator[list[Participant]]:
    """So many people who take part, by turns with each bot and on the web. They have held the first conversation."""
    specialists = await world.database.write(lambda conn: _specialists(conn, world))
    async with AsyncExitStack() as stack:
        found: list[Participant] = []
        for number in range(many):
            zone, specialist = ZONES[number % len(ZONES)], specialists[number % len(specialists)]
            person = await _taken_part(world, number, zone, specialist)
            keen, own = KEEN[number // (len(ways.bots) + 1) % len(KEEN)], Random(random.random())
            way = number % (len(ways.bots) + 1)
            if way < len(ways.bots):
                phone = Phone(9_000_000 + number, "en", ways.telegram, ways.bots[way])
                phone.chat.state = "open"  # they have pressed Start before
                await _reached(world, person, phone)
                one: Participant = Phoning(person.id, phone, own, keen=keen)
            else:
                one = Browsing(person.id, await _visitor(world, person, ways.pages, stack), own, keen)
            one.since = await _next_seq(world, person)
            found.append(one)
        yield found


def _specialists(conn: Connection, world: TurnWorld) -> list[int]:
    return [
        people.add_staff(
            conn,
            world.vault,
            name=f"Kim{number}",
            mail=f"kim{number}@example.org",
            role="specialist",
            language="en",
            time_zone=zone,
            working_days=days,
            digest_at=at,
            now=world.clock.now,
        )
        for number, (zone, at, days) in enumerate(STAFF)
    ]


async def _taken_part(world: TurnWorld, number: int, zone: str, specialist: int) -> Person:
    def add(conn: Connection) -> int:
        named = {"name": f"Person{number}", "pseudonym": f"P{number}.", "language": "en", "time_zone": zone}
        made = people.add_participant(conn, world.vault, **named, now=world.clock.now)
        people.assign(conn, made, specialist, world.clock.now)
        return made

    person = Person(world, await world.database.write(add))
    await person.onboards()
    return person


async def _reached(world: TurnWorld, person: Person, phone: Phone) -> None:
    channel, place, now = channel_of(phone.bot.token), str(phone.id), world.clock.now
    await world.database.write(lambda conn: addresses.add_address(conn, world.vault, person.id, channel, place, now))


async def _visitor(world: TurnWorld, person: Person, pages: str, stack: AsyncExitStack) -> Visitor:
    token, now = secrets.token_urlsafe(16), world.clock.now
    await world.database.write(lambda conn: people.new_link(conn, world.vault, Who(person.id), token, now))
    session = ClientSession(pages, cookie_jar=CookieJar(unsafe=True), timeout=SLOWEST)
    return Visitor(token, await stack.enter_async_context(session))


async def _next_seq(world: TurnWorld, person: Person) -> int:
    asked = select(schema.participant.c.next_seq).where(schema.participant.c.id == person.id)
    return await world.database.read(lambda conn: conn.execute(asked).scalar_one())
