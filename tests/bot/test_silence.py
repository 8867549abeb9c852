"""Silence: paused, stopped, expired, skipped, kept and never answered are the same to staff, byte by byte.

Some people shared a first check-in. A week later one of them shares again, and the others are silent, each in another
way. Then every page and every message to staff must read as they do when the ways are dealt out otherwise.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import Connection, update

from bot import emergency
from bot.delivery.outcomes import Outcome, Sent
from bot.mailing import Post
from bot.messages import Outbound, Tap
from bot.staff_chats import StaffChats
from storage import addresses, caseloads, invitations, people, schema, staff_addresses
from storage.vault import Vault
from tests.bot.mail_of_the_day import send_due
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


async def asked_and_kept(person: Person) -> None:
    """Opens a request for contact, answers it, and keeps it."""
    await person.taps(Tap(0, "", "open", ("contact_me",)))
    await person.chooses("letters")
    await person.skips_to("sharing")
    await person.presses("share_none")
    await person.skips_all()


async def asked_for_later(person: Person) -> None:
    """Asks that the specialist is told after four quiet weeks. They are not over."""
    await person.taps(Tap(0, "", "open", ("if_quiet",)))
    await person.chooses("weeks_4")
    await person.presses("share_all")
    await person.skips_all()


SILENCES: Sequence[Silence] = (
    never_answered,
    began,
    paused,
    stopped,
    expired,
    skipped_everything,
    broken,
    kept_everything,
    asked_and_kept,
    asked_for_later,
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
    addresses = ["/digest", *(f"/digest/{day}" for day in days), "/people", "/emergency", "/leave"]
    addresses += [f"/people/{person.id}" for person in everybody]
    pages = await fetched(world, world.specialist, addresses)
    office = ["/participants", "/participants?q=p1", *(f"/participants/{person.id}" for person in everybody)]
    pages |= await fetched(world, world.specialist + 1, ["/scripts", *office])
    colleague = await world.database.write(lambda conn: add_colleague(conn, world.vault))
    pages |= await in_an_emergency(world, colleague, everybody)
    return {**pages, "mail": (0, (), await mailed(world)), "messenger": (0, (), await told(world))}


def add_colleague(conn: Connection, vault: Vault) -> int:
    values = {"name": "Robin Dahl", "mail": "robin@example.org", "language": "nb", "time_zone": "Europe/Oslo"}
    return people.add_staff(conn, vault, role="specialist", **values, now=MONDAY)


async def in_an_emergency(world: TurnWorld, colleague: int, everybody: Sequence[Person]) -> Pages:
    """What somebody sees who is not assigned and opens all of them; the own specialist then too."""

    def work(conn: Connection, person: int) -> None:
        placed = caseloads.one(conn, world.vault, person)
        assert placed is not None
        staff = people.staff(conn, world.vault, colleague)
        emergency.begin(conn, world.vault, staff, placed, "It could not wait", world.clock.now)

    for person in everybody:
        await world.database.write(lambda conn, number=person.id: work(conn, number))  # type: ignore[misc]
    pages = await fetched(world, colleague, [f"/emergency/{person.id}" for person in everybody])
    mine = await fetched(world, world.specialist, ["/emergency"])
    return {**pages, "/emergency afterwards": mine["/emergency"]}


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


async def told(world: TurnWorld) -> bytes:
    """What a specialist with a chat gets in the place of the mail."""
    said: list[str] = []

    class Chat:
        async def tell(self, address: str, message: Outbound) -> Outcome:
            said.append(f"{address} {message}")
            return Sent("1")

    def begin(conn: Connection) -> None:
        conn.execute(schema.digest.delete())
        staff_addresses.put(conn, world.vault, world.specialist, "telegram:1", "55", world.clock.now)

    await world.database.write(begin)
    chats = StaffChats(world.database, catalogs(), {"telegram:1": Chat()}, "https://medvind.example.org", now_of(world))
    await send_due(
        world.clock.now, database=world.database, vault=world.vault, catalogs=catalogs(), post=None, chats=chats
    )
    (message,) = said
    return message.encode()


def now_of(world: TurnWorld) -> Callable[[], datetime]:
    """The clock of a world."""
    return lambda: world.clock.now


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
    assert b"P0" not in expected["mail"][2] + expected["messenger"][2]
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
    last = len(SILENCES) + 1
    assert different == {"/digest", "/digest/2026-03-10", f"/people/{last}", f"/emergency/{last}"}


async def test_the_silent_are_not_named_on_the_day(again: Callable[[Sequence[Silence]], Awaitable[Pages]]) -> None:
    pages = await again(SILENCES)
    for number in range(1, len(SILENCES) + 1):
        for address in ("/digest", "mail", "messenger"):
            assert f"P{number}".encode() not in pages[address][2]
            assert f"Person {number}".encode() not in pages[address][2]


# Who never shared anything --------------------------------------------------------------------------------------------


async def not_invited(person: Person) -> None:
    """Is known to the service and was never written to."""


async def invited(person: Person) -> None:
    """Has an invitation, and did not open it."""
    world, now = person.world, person.world.clock.now

    def invite(conn: Connection) -> None:
        invitations.create(
            conn,
            world.vault,
            participant_id=person.id,
            token="token",
            code="code",
            by="command line",
            now=now,
            expires_at=now + timedelta(days=14),
        )

    await world.database.write(invite)


async def reached(person: Person) -> None:
    """Has a chat, and has said nothing there."""
    world = person.world
    await world.database.write(
        lambda conn: addresses.add_address(conn, world.vault, person.id, "telegram:1", "77", world.clock.now)
    )


async def said_no(person: Person) -> None:
    """Does not want to take part."""
    await person.says("start")
    await person.says("stop")


async def takes_part(person: Person) -> None:
    """Said yes, and holds no check-in."""
    await person.onboards()


async def test_whoever_never_shared_anything_is_there_in_one_way_only(
    sqlite_databases: SqliteDatabases, master_key: bytes
) -> None:
    seen = []
    for way in (not_invited, invited, reached, said_no, takes_part, skipped_after_yes):
        with sqlite_databases.url(migrated=True) as url:
            async with opened(url, master_key) as (database, vault):
                world = await deployed(database, vault)
                await database.write(lambda conn, vault=vault: add_coordinator(conn, vault))  # type: ignore[misc]
                sharing, silent = await world.person("Sharing"), await world.person("Quiet")
                await sharing.onboards()
                await way(silent)
                await shared_week(sharing, "2")
                world.clock.forward(days=8, hours=-1)
                await shared_week(sharing, "3")
                world.clock.forward(days=1)
                seen.append((way.__name__, await staff_pages(world, [sharing, silent])))
    expected = seen[0][1]
    for name, pages in seen[1:]:
        assert pages == expected, name


async def skipped_after_yes(person: Person) -> None:
    """Said yes, and skipped a whole check-in."""
    await person.onboards()
    await skipped_everything(person)
