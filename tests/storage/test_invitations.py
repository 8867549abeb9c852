"""Invitations: each opens once, for whoever it was made for, and cannot be guessed for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage import invitations, people
from storage.database import Database
from storage.vault import Erased, Vault
from tests.storage.databases import counts, everything, until_somebody_waits
from tests.storage.plans import plan, read_whole, statements

BOT, OTHER = "telegram:700001", "telegram:700002"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Claim = Callable[..., Awaitable[int | None]]


@pytest.fixture
def invite(database: Database, vault: Vault, samira: int, now: datetime) -> Callable[..., Awaitable[None]]:
    """Makes an invitation for Samira that ends in 14 days."""

    async def make(token: str = "link", code: str = "7KQ2", **other: Any) -> None:
        values = {"participant_id": samira, "by": "staff:7", "now": now, "expires_at": now + 14 * DAY, **other}
        await database.write(lambda conn: invitations.create(conn, vault, token=token, code=code, **values))

    return make


@pytest.fixture
def claim(database: Database, vault: Vault, now: datetime) -> Claim:
    return lambda secret, at=now: database.write(lambda conn: invitations.claim(conn, vault, secret, at))


Invite = Callable[..., Awaitable[None]]


@pytest.mark.parametrize("secret", ["link", "7KQ2"])
async def test_an_invitation_opens_once_by_link_or_code(invite: Invite, claim: Claim, samira: int, secret: str) -> None:
    await invite()
    for wrong in ("", "Link", "7kq2", "unknown"):
        assert await claim(wrong) is None
    assert await claim(secret) == samira
    assert await claim("link") is None
    assert await claim("7KQ2") is None


async def test_an_invitation_ends_with_its_time(invite: Invite, claim: Claim, samira: int, now: datetime) -> None:
    await invite()
    assert await claim("link", now + 14 * DAY) is None
    assert await claim("link", now + 14 * DAY - timedelta(seconds=1)) == samira


async def test_revoking_closes_all_of_this_person_and_nobody_elses(
    database: Database, vault: Vault, invite: Invite, claim: Claim, samira: int, now: datetime
) -> None:
    yusuf = await database.write(
        lambda conn: people.add_participant(
            conn, vault, name="Yusuf", pseudonym="Y.", language="en", time_zone="UTC", now=now
        )
    )
    await invite("one", "1111")
    await invite("two", "2222")
    await invite("three", "3333", participant_id=yusuf)
    await database.write(lambda conn: invitations.revoke(conn, samira, now))
    assert [await claim(secret) for secret in ("one", "2222", "three")] == [None, None, yusuf]
    await invite("four", "4444")
    assert await claim("four") == samira


async def test_a_secret_is_given_once(invite: Invite) -> None:
    await invite("one", "1111")
    for token, code in (("one", "2222"), ("two", "1111")):
        with pytest.raises(IntegrityError):
            await invite(token, code)


async def test_nobody_is_invited_who_is_unknown_or_was_erased(
    database: Database, invite: Invite, claim: Claim, samira: int
) -> None:
    with pytest.raises(KeyError):
        await invite(participant_id=999)
    await invite("one", "1111")
    await database.write(lambda conn: people.erase(conn, samira))
    assert await claim("one") is None
    with pytest.raises(Erased):
        await invite("two", "2222")


async def test_of_two_who_come_at_once_one_is_let_in(
    database: Database, vault: Vault, invite: Invite, samira: int, now: datetime
) -> None:
    await invite()
    let_in = await _both(database, vault, now, lambda found: found)
    assert let_in == [samira, None]


async def test_an_invitation_whose_claim_is_undone_can_be_used_again(
    database: Database, vault: Vault, invite: Invite, samira: int, now: datetime
) -> None:
    def fail(found: int | None) -> int | None:
        raise ZeroDivisionError

    await invite()
    first, second = await _both(database, vault, now, fail)
    assert isinstance(first, ZeroDivisionError)
    assert second == samira


async def _both(
    database: Database, vault: Vault, now: datetime, end: Callable[[int | None], int | None]
) -> list[int | BaseException | None]:
    """One brings the link and does not commit before another, with the code, waits for that."""
    claimed, go_on = threading.Event(), threading.Event()

    def first(conn: Connection) -> int | None:
        found = invitations.claim(conn, vault, "link", now)
        claimed.set()
        assert go_on.wait(10)
        return end(found)

    one = asyncio.create_task(database.write(first))
    await asyncio.to_thread(claimed.wait, 10)
    two = asyncio.create_task(database.write(lambda conn: invitations.claim(conn, vault, "7KQ2", now)))
    await until_somebody_waits(database)
    go_on.set()
    return await asyncio.gather(one, two, return_exceptions=True)


async def test_neither_link_nor_code_nor_address_can_be_read_from_the_tables(
    database: Database, vault: Vault, invite: Invite, now: datetime
) -> None:
    await invite("a-long-secret-token", "7KQ2-MZ4T")
    await database.write(lambda conn: invitations.failed(conn, vault, BOT, "900000017", now))
    stored = await database.read(everything)
    assert b"staff:7" in stored
    for word in (b"a-long-secret-token", b"7KQ2-MZ4T", b"900000017"):
        assert word not in stored


async def test_tries_that_failed_are_counted_for_each_address_during_a_while(
    database: Database, vault: Vault, now: datetime
) -> None:
    async def tries(where: str, at: datetime, channel: str = BOT) -> int:
        return await database.read(lambda conn: invitations.tries(conn, vault, channel, where, at, HOUR))

    for minutes in (0, 0, 30, 59):  # two at the very same moment
        at = now + timedelta(minutes=minutes)
        await database.write(lambda conn, at=at: invitations.failed(conn, vault, BOT, "17", at))
    assert await tries("17", now + timedelta(minutes=59)) == 4
    assert await tries("17", now + HOUR) == 2
    assert await tries("17", now + timedelta(minutes=119)) == 0
    assert await tries("18", now + HOUR) == await tries("17", now + HOUR, OTHER) == 0


async def test_old_tries_are_forgotten(database: Database, vault: Vault, now: datetime) -> None:
    for hours in range(4):
        at = now + hours * HOUR
        await database.write(lambda conn, at=at: invitations.failed(conn, vault, BOT, "17", at))
    await database.write(lambda conn: invitations.forget_tries(conn, now + 2 * HOUR))
    assert await database.read(lambda conn: invitations.tries(conn, vault, BOT, "17", now + 3 * HOUR, DAY)) == 2
    assert (await database.read(counts))["invitation_attempt"] == 2


async def test_looking_up_reads_no_whole_table(database: Database, vault: Vault, samira: int, now: datetime) -> None:
    def ask(conn: Connection) -> None:
        invitations.claim(conn, vault, "link", now)
        invitations.revoke(conn, samira, now)
        invitations.tries(conn, vault, BOT, "17", now, HOUR)

    with statements() as seen:
        await database.write(ask)
    assert len(seen) == 3
    plans = await database.write(lambda conn: [plan(conn, each) for each in seen])
    assert [read_whole(each) for each in plans] == [set()] * 3
