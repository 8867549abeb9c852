"""Silence: paused, stopped, expired, skipped, kept and never answered are the same to staff, byte by byte.

Some people shared a first check-in. A week later one of them shares again, and the others are silent, each in another
way. Then every page and the mail must read as they do when the ways are dealt out otherwise.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from email.message import EmailMessage

import pytest
from sqlalchemy import Connection, update

from bot.mailing import Post, send_due
from storage import people, schema
from storage.vault import Vault
from tests.bot.staff_pages import Pages, fetched
from tests.bot.turn_world import MONDAY, Person, TurnWorld, catalogs, deployed, opened, programme
from tests.storage.databases import PostgresqlDatabases, SqliteDatabases

Silence = Callable[[Person], Awaitable[None]]


async def never_answered(person: Person) -> None:
    """Is not here this week."""


async def began(person: Person) -> None:
    """Answers two questions, and the third one waits."""
    await person.says("start")
    await person.chooses("1")
    await person.chooses("1")


async def paused(person: Person) -> None:
    """Takes a break in the middle."""
    await began(person)
    await person.says("pause")


async def stopped(person: Person) -> None:
    """Stops before it begins."""
    await person.says("stop")


async def expired(person: Person) -> None:
    """Comes back too late to a check-in with an answer in it."""
    await began(person)
    now = person.world.clock.now
    person.world.clock.forward(days=4)
    await person.says("hello")
    person.world.clock.now = now


async def skipped_everything(person: Person) -> None:
    """Holds the whole check-in without an answer."""
    await person.says("start")
    await person.skips_all()


async def kept_everything(person: Person) -> None:
    """Answers, asks for help and for contact, and keeps it all."""
    await began(person)
    await person.says("language")
    await person.skips_to("help")
    await person.chooses("interpreter", words="I need a person to talk to")
    await person.skips_all()


async def broken(person: Person) -> None:
    """Meets a mistake of ours in the middle."""
    await began(person)
    mine = update(schema.conversation).filter_by(participant_id=person.id, state="open").values(sealed_session=b"noise")
    await person.world.database.write(lambda conn: conn.execute(mine) and None)
    await person.says("4")
    assert (await person.conversations())[-1][1] == "broken"


SILENCES: Sequence[Silence] = (
    never_answered,
    began,
    paused,
    stopped,
    expired,
    skipped_everything,
    broken,
    kept_everything,
)


async def shared_week(person: Person, point: str) -> None:
    """Hold a check-in and share one line of it."""
    await person.says("start")
    await person.chooses(point)
    await person.skips_to("sharing")
    await person.presses("share_all")
    await person.skips_all()


async def first_week(url: str, key: bytes) -> None:
    """Everybody shares one line."""
    async with opened(url, key) as (database, vault):
        world = await deployed(database, vault)
        await database.write(lambda conn: add_coordinator(conn, vault))
        names = range(len(SILENCES) + 1)
        everybody = [await world.person(f"Person {number}", pseudonym=f"P{number}") for number in names]
        await asyncio.gather(*(person.onboards() for person in everybody))
        await asyncio.gather(*(shared_week(person, str(person.id % 5 + 1)) for person in everybody))


def add_coordinator(conn: Connection, vault: Vault) -> int:
    values = {"name": "Noor Lind", "mail": "noor@example.org", "language": "nb", "time_zone": "Europe/Oslo"}
    return people.add_staff(conn, vault, role="coordinator", **values, now=MONDAY)


async def second_week(url: str, key: bytes, ways: Sequence[Silence]) -> Pages:
    """The first of them shares, the others are silent: every page of the specialist, the scripts page, and the mail."""
    async with opened(url, key) as (database, vault):
        world = TurnWorld(database, vault, 1, programme())
        world.clock.forward(days=7)
        everybody = [Person(world, row.id) for row in await world.rows(schema.participant)]
        for person, silent in zip(everybody[1:], ways, strict=True):
            await silent(person)
        await shared_week(everybody[0], "2")
        world.clock.forward(days=1, hours=-1)
        return await staff_pages(world, everybody)


async def staff_pages(world: TurnWorld, everybody: Sequence[Person]) -> Pages:
    """What browsers and a mail program get."""
    days = ("2026-03-10", "2026-03-09", "2026-03-06", "2026-03-03", "2026-03-02")
    addresses = ["/digest", *(f"/digest/{day}" for day in days), "/people"]
    addresses += [f"/people/{person.id}" for person in everybody]
    pages = await fetched(world, world.specialist, addresses)
    pages |= await fetched(world, world.specialist + 1, ["/scripts"])
    return {**pages, "mail": (0, (), await mailed(world))}


async def mailed(world: TurnWorld) -> bytes:
    """The digest mail of the day."""
    kept: list[EmailMessage] = []

    class Postbox:
        async def send(self, message: EmailMessage) -> None:
            kept.append(message)

    post = Post(Postbox(), "medvind@example.org", "https://medvind.example.org")
    await send_due(world.clock.now, database=world.database, vault=world.vault, catalogs=catalogs(), post=post)
    (mail,) = kept
    return mail.as_bytes()


def dealt_otherwise() -> Iterator[list[Silence]]:
    """One silence in the place of another, each of them once; then all in the other order."""
    for place, _ in enumerate(SILENCES):
        other = SILENCES[(place + 1) % len(SILENCES)]
        yield [*SILENCES[:place], other, *SILENCES[place + 1 :]]
    yield list(reversed(SILENCES))


@pytest.fixture
async def again(
    sqlite_databases: SqliteDatabases, master_key: bytes
) -> Callable[[Sequence[Silence]], Awaitable[Pages]]:
    """The same first week, and then another second one each time."""
    with sqlite_databases.url() as before:
        await first_week(before, master_key)

    async def seen(ways: Sequence[Silence]) -> Pages:
        with sqlite_databases.url(migrated=False) as url:
            shutil.copy(before.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
            return await second_week(url, master_key, ways)

    return seen


async def test_every_silence_reads_the_same(again: Callable[[Sequence[Silence]], Awaitable[Pages]]) -> None:
    expected = await again(SILENCES)
    assert {status for status, _, _ in expected.values()} == {0, 200}
    assert b"P0" in expected["/digest"][2]
    assert b"P0" in expected["mail"][2]
    for ways in dealt_otherwise():
        assert await again(ways) == expected, [silence.__name__ for silence in ways]


async def test_every_silence_reads_the_same_on_postgresql(
    postgresql_databases: PostgresqlDatabases, master_key: bytes
) -> None:
    with postgresql_databases.url() as one, postgresql_databases.url() as other:
        for url in (one, other):
            await first_week(url, master_key)
        expected = await second_week(one, master_key, SILENCES)
        assert await second_week(other, master_key, list(reversed(SILENCES))) == expected


async def test_sharing_is_not_silence(again: Callable[[Sequence[Silence]], Awaitable[Pages]]) -> None:
    """The comparison would notice a line."""

    async def shares(person: Person) -> None:
        await shared_week(person, "3")

    silent, not_silent = await again(SILENCES), await again([*SILENCES[:-1], shares])
    different = {address for address in silent if silent[address] != not_silent[address]}
    assert different == {"/digest", "/digest/2026-03-10", f"/people/{len(SILENCES) + 1}", "mail"}


async def test_the_silent_are_not_named_on_the_day(again: Callable[[Sequence[Silence]], Awaitable[Pages]]) -> None:
    pages = await again(SILENCES)
    for number in range(1, len(SILENCES) + 1):
        for address in ("/digest", "mail"):
            assert f"P{number}".encode() not in pages[address][2]
            assert f"Person {number}".encode() not in pages[address][2]
