"""Staff addresses: a link opens once, a chat is one person's, and never a participant's at the same time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import addresses, purging, schema, staff_addresses
from storage.addresses import AddressTaken
from storage.database import Database
from storage.staff_addresses import Chat, Place, Standing, Taken
from storage.vault import Vault
from tests.storage.databases import everything

BOT, OTHER = "telegram:700001", "telegram:700002"
HOUR = timedelta(hours=1)
WHERE = "5512345678"

Do = Callable[..., Awaitable[Any]]


@pytest.fixture
def do(database: Database) -> Do:
    """Runs a function in a transaction of its own."""
    return lambda function, *args, **more: database.write(lambda conn: function(conn, *args, **more))


async def test_a_link_opens_once_and_only_the_last_one(
    do: Do, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    for staff_id, token in ((ola, "first"), (ola, "second"), (kari, "hers")):
        await do(staff_addresses.invite, vault, staff_id, token, now, now + HOUR)
    assert await do(staff_addresses.claim, vault, "first", now) is None
    assert await do(staff_addresses.claim, vault, "", now) is None
    assert await do(staff_addresses.claim, vault, "second", now) == ola
    assert await do(staff_addresses.claim, vault, "second", now) is None
    assert await do(staff_addresses.claim, vault, "hers", now + HOUR) is None
    assert await do(staff_addresses.claim, vault, "hers", now + HOUR - timedelta(seconds=1)) == kari


async def test_the_link_of_somebody_who_has_left_opens_nothing(
    do: Do, database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    await do(staff_addresses.invite, vault, specialists[0], "token", now, now + HOUR)
    await database.write(lambda conn: conn.execute(update(schema.staff).values(active=False)) and None)
    assert await do(staff_addresses.claim, vault, "token", now) is None


async def test_links_that_are_over_are_forgotten(
    do: Do, database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await do(staff_addresses.invite, vault, ola, "used", now, now + 9 * HOUR)
    await do(staff_addresses.claim, vault, "used", now)
    await do(staff_addresses.invite, vault, kari, "open", now, now + 9 * HOUR)
    before = now + HOUR
    await do(purging.purge, sessions=before, tries=before, unread=before, doors=before)
    left = await database.read(lambda conn: conn.scalars(select(schema.staff_invitation.c.staff_id)).all())
    assert left == [kari]


async def test_somebody_is_told_where_they_came_last(
    do: Do, database: Database, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await do(staff_addresses.put, vault, ola, BOT, "1", now)
    await do(staff_addresses.put, vault, ola, BOT, WHERE, now + HOUR)
    assert await do(staff_addresses.active, vault, [ola, kari]) == {ola: Place(BOT, WHERE)}
    await do(staff_addresses.put, vault, ola, OTHER, "3", now + 2 * HOUR)
    assert await do(staff_addresses.active, vault, [ola, kari]) == {ola: Place(OTHER, "3")}
    assert await do(staff_addresses.chats, ola) == [
        Chat(BOT, "active", now + HOUR),
        Chat(OTHER, "active", now + 2 * HOUR),
    ]
    assert await do(staff_addresses.standing_at, vault, BOT, "1") is None
    assert await do(staff_addresses.standing_at, vault, BOT, WHERE) == Standing(ola, "active")
    assert await do(staff_addresses.standing_at, vault, OTHER, WHERE) is None
    assert WHERE.encode() not in await database.read(everything)
    assert await do(staff_addresses.remove, ola, OTHER) is True
    assert await do(staff_addresses.remove, ola, OTHER) is False
    assert WHERE not in repr(await do(staff_addresses.active, vault, [ola]))


async def test_who_cannot_be_reached_is_not_told_until_they_can(
    do: Do, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, _ = specialists
    await do(staff_addresses.put, vault, ola, BOT, WHERE, now)
    await do(staff_addresses.reachable, ola, BOT, now + HOUR)
    assert await do(staff_addresses.chats, ola) == [Chat(BOT, "active", now)]
    for hour in (1, 2):
        await do(staff_addresses.unreachable, ola, BOT, now + hour * HOUR)
    assert await do(staff_addresses.chats, ola) == [Chat(BOT, "unreachable", now + HOUR)]
    assert await do(staff_addresses.active, vault, [ola]) == {}
    assert await do(staff_addresses.standing_at, vault, BOT, WHERE) == Standing(ola, "unreachable")
    await do(staff_addresses.reachable, ola, BOT, now + 3 * HOUR)
    assert await do(staff_addresses.active, vault, [ola]) == {ola: Place(BOT, WHERE)}


async def test_whoever_has_left_is_nobody_there(
    do: Do, database: Database, vault: Vault, specialists: tuple[int, int], samira: int, now: datetime
) -> None:
    ola, _ = specialists
    await do(staff_addresses.put, vault, ola, BOT, WHERE, now)
    await database.write(lambda conn: conn.execute(update(schema.staff).values(active=False)) and None)
    assert await do(staff_addresses.active, vault, [ola]) == {}
    assert await do(staff_addresses.standing_at, vault, BOT, WHERE) is None
    await do(addresses.add_address, vault, samira, BOT, WHERE, now)


async def test_a_chat_is_of_one_person_on_the_staff(
    do: Do, vault: Vault, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await do(staff_addresses.put, vault, ola, BOT, WHERE, now)
    with pytest.raises(Taken):
        await do(staff_addresses.put, vault, kari, BOT, WHERE, now)
    assert await do(staff_addresses.standing_at, vault, BOT, WHERE) == Standing(ola, "active")
    with pytest.raises(KeyError):
        await do(staff_addresses.put, vault, 999, BOT, "7", now)


@pytest.mark.parametrize("waits", [True, False], ids=["waits", "takes part"])
async def test_a_chat_is_never_a_participants_and_of_the_staff(
    do: Do, vault: Vault, specialists: tuple[int, int], samira: int, now: datetime, waits: bool
) -> None:
    ola, _ = specialists

    async def comes(where: str) -> None:
        if waits:
            await do(addresses.claim, vault, samira, BOT, where, "0042", now)
        else:
            await do(addresses.add_address, vault, samira, BOT, where, now)

    await do(staff_addresses.put, vault, ola, BOT, WHERE, now)
    with pytest.raises(AddressTaken):
        await comes(WHERE)
    await comes("2")
    with pytest.raises(Taken):
        await do(staff_addresses.put, vault, ola, BOT, "2", now)
    assert await do(staff_addresses.standing_at, vault, BOT, WHERE) == Standing(ola, "active")
