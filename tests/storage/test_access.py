"""Access: a link or a session opens its owner's door, for as long as it is meant to, and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from storage import access, people, schema
from storage.database import Database
from storage.people import Who
from storage.vault import Vault

HOUR = timedelta(hours=1)


@pytest.fixture
def doors(samira: int, specialists: tuple[int, int]) -> tuple[Who, Who]:
    """A participant and a member of staff."""
    return Who(participant_id=samira), Who(staff_id=specialists[0])


@pytest.mark.parametrize("who", [(None, None), (1, 1)])
def test_who_is_one_person(who: tuple[int | None, int | None]) -> None:
    with pytest.raises(ValueError, match="either"):
        Who(*who)


async def test_a_link_opens_its_owners_door_again_and_again(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    for who, token in zip(doors, ("one", "two"), strict=True):
        await database.write(lambda conn, w=who, t=token: people.new_link(conn, vault, w, t, now))
    for _ in range(2):
        opened = [
            await database.read(lambda conn, t=token: people.open_link(conn, vault, t, now + 1000 * HOUR))
            for token in ("one", "two", "three", "")
        ]
        assert opened == [*doors, None, None]


async def test_a_link_that_is_used_opens_once(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    for token in ("one", "two"):
        await database.write(lambda conn, t=token: people.new_link(conn, vault, doors[0], t, now, now + HOUR))
    opened = [await database.write(lambda conn: access.use_link(conn, vault, "one", now)) for _ in range(2)]
    assert opened == [doors[0], None]
    assert await database.read(lambda conn: people.open_link(conn, vault, "one", now)) is None
    assert await database.read(lambda conn: people.open_link(conn, vault, "two", now)) == doors[0], "others stay"


async def test_of_two_who_use_a_link_at_once_one_gets_in(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    await database.write(lambda conn: people.new_link(conn, vault, doors[0], "one", now, now + HOUR))
    tries = [database.write(lambda conn: access.use_link(conn, vault, "one", now)) for _ in range(4)]
    assert sorted(await asyncio.gather(*tries), key=str) == [None, None, None, doors[0]]


@pytest.mark.parametrize("token", ["one", "nobodys"])
async def test_a_link_that_has_expired_or_never_was_cannot_be_used(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime, token: str
) -> None:
    await database.write(lambda conn: people.new_link(conn, vault, doors[0], "one", now, now + HOUR))
    assert await database.write(lambda conn: access.use_link(conn, vault, token, now + HOUR)) is None


async def test_a_link_ends_when_it_expires(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    await database.write(lambda conn: people.new_link(conn, vault, doors[0], "one", now, now + HOUR))
    for at, expected in ((now, doors[0]), (now + HOUR, None)):
        assert await database.read(lambda conn, at=at: people.open_link(conn, vault, "one", at)) == expected


async def test_revoking_ends_links_and_sessions_of_this_person_only(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    def enter(conn: Connection) -> None:
        for who, token in zip(doors, ("one", "two"), strict=True):
            people.new_link(conn, vault, who, token, now)
            people.start_session(conn, vault, who, token, now, HOUR)

    await database.write(enter)
    for who, expected in zip(doors, ([None, doors[1]], [None, None]), strict=True):
        await database.write(lambda conn, who=who: people.revoke_links(conn, who, now))
        for ask in (people.open_link, people.session_owner):
            assert await database.read(_each(ask, vault, now)) == expected


async def test_a_session_ends_with_its_time_or_when_it_is_ended(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    await database.write(lambda conn: people.start_session(conn, vault, doors[0], "one", now, HOUR))
    await database.write(lambda conn: people.start_session(conn, vault, doors[1], "two", now, 2 * HOUR))
    assert await database.read(_each(people.session_owner, vault, now)) == list(doors)
    assert await database.read(_each(people.session_owner, vault, now + HOUR)) == [None, doors[1]]
    for _ in range(2):
        await database.write(lambda conn: people.end_session(conn, vault, "two"))
    assert await database.read(_each(people.session_owner, vault, now)) == [doors[0], None]


async def test_a_link_is_no_session_and_a_session_no_link(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    await database.write(lambda conn: people.new_link(conn, vault, doors[0], "one", now))
    await database.write(lambda conn: people.start_session(conn, vault, doors[1], "two", now, HOUR))
    assert await database.read(_each(people.session_owner, vault, now)) == [None, doors[1]]
    assert await database.read(_each(people.open_link, vault, now)) == [doors[0], None]


async def test_staff_who_have_left_come_in_no_more(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    await database.write(lambda conn: people.new_link(conn, vault, doors[1], "one", now))
    await database.write(lambda conn: people.start_session(conn, vault, doors[1], "one", now, HOUR))
    left = update(schema.staff).where(schema.staff.c.id == doors[1].staff_id).values(active=False)
    await database.write(lambda conn: conn.execute(left))
    for ask in (people.open_link, people.session_owner):
        assert await database.read(_each(ask, vault, now)) == [None, None]


async def test_a_token_is_given_once(database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime) -> None:
    await database.write(lambda conn: people.new_link(conn, vault, doors[0], "one", now))
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: people.new_link(conn, vault, doors[1], "one", now))


async def test_expired_sessions_are_cleared_away(
    database: Database, vault: Vault, doors: tuple[Who, Who], now: datetime
) -> None:
    for hours in range(3):
        token, at = f"token{hours}", now + hours * HOUR
        await database.write(lambda conn, t=token, at=at: people.start_session(conn, vault, doors[0], t, at, HOUR))
    rows = await database.read(lambda conn: conn.execute(select(schema.web_session)).all())
    assert [row.token_hash for row in rows] == [vault.token_hash("token2")]


def _each(
    ask: Callable[[Connection, Vault, str, datetime], Who | None], vault: Vault, at: datetime
) -> Callable[[Connection], list[Who | None]]:
    return lambda conn: [ask(conn, vault, token, at) for token in ("one", "two")]
