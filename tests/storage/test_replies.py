"""Replies and the contact log: a line has one reply, a person is told of it once, and contact is a day and no more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from storage import contact_log, people, replies
from storage.database import Database
from storage.replies import Reply
from storage.vault import Vault

HOUR = timedelta(hours=1)
LINE = "help_wanted/what|own_words"


def reply(person: int, staff_id: int, now: datetime, **other: Any) -> Reply:
    return Reply(person, 3, "help_wanted/sharing", LINE, "yes", None, staff_id, now)._replace(**other)


async def put(database: Database, *made: Reply) -> list[bool]:
    return await database.write(lambda conn: [replies.put(conn, one) for one in made])


async def test_the_first_reply_to_a_line_stands(
    database: Database, now: datetime, samira: int, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    first = reply(samira, ola, now, code="not_my_role", who="nav")
    second = reply(samira, kari, now + HOUR, code="yes")
    assert await put(database, first) == [True]
    assert await put(database, second, first) == [False, False]
    found = await database.read(lambda conn: replies.of_people(conn, [samira]))
    assert found == {(samira, 3, "help_wanted/sharing", LINE): first}
    assert first.about == f"3|help_wanted/sharing|{LINE}"


async def test_replies_are_found_for_those_who_are_asked_for(
    database: Database, vault: Vault, now: datetime, samira: int, specialists: tuple[int, int]
) -> None:
    yusuf = await database.write(
        lambda conn: people.add_participant(
            conn, vault, name="Yusuf", pseudonym="Y", language="ar", time_zone="UTC", now=now
        )
    )
    ola = specialists[0]
    made = [reply(samira, ola, now), reply(samira, ola, now, conversation=4), reply(yusuf, ola, now)]
    await put(database, *made)
    assert set((await database.read(lambda conn: replies.of_people(conn, [samira]))).values()) == set(made[:2])
    assert set((await database.read(lambda conn: replies.of_people(conn, [samira, yusuf]))).values()) == set(made)
    assert await database.read(lambda conn: replies.of_people(conn, [])) == {}


async def test_a_person_is_told_of_each_reply_once_and_never_that_something_was_seen(
    database: Database, now: datetime, samira: int, specialists: tuple[int, int]
) -> None:
    ola = specialists[0]
    later, sooner = reply(samira, ola, now + HOUR), reply(samira, ola, now, line="help_wanted/what")
    await put(database, later, sooner, reply(samira, ola, now, conversation=9, code="seen"))
    assert await database.read(lambda conn: replies.untold(conn, samira)) == [sooner, later]
    await database.write(lambda conn: replies.mark_told(conn, [sooner.key], now + 2 * HOUR))
    assert await database.read(lambda conn: replies.untold(conn, samira)) == [later]
    found = await database.read(lambda conn: replies.of_people(conn, [samira]))
    assert found[sooner.key] == sooner._replace(told_at=now + 2 * HOUR)
    await database.write(lambda conn: replies.mark_told(conn, [], now))


async def test_contact_is_noted_by_day_and_can_be_taken_back(
    database: Database, samira: int, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists

    def note(conn: Connection) -> list[bool]:
        return [
            contact_log.add(conn, samira, ola, date(2026, 3, 2)),
            contact_log.add(conn, samira, ola, date(2026, 2, 9)),
            contact_log.add(conn, samira, ola, date(2026, 3, 2)),
            contact_log.add(conn, samira, kari, date(2026, 3, 20)),
        ]

    assert await database.write(note) == [True, True, False, True]
    assert await database.read(lambda conn: contact_log.latest(conn, ola, [samira, 99])) == {samira: date(2026, 3, 2)}
    assert await database.read(lambda conn: contact_log.latest(conn, ola, [99])) == {}
    assert await database.read(lambda conn: contact_log.days(conn, samira, ola)) == [
        date(2026, 3, 2),
        date(2026, 2, 9),
    ]
    for there in (True, False):
        removed = await database.write(lambda conn: contact_log.remove(conn, samira, ola, date(2026, 3, 2)))
        assert removed is there
    assert await database.read(lambda conn: contact_log.latest(conn, ola, [samira])) == {samira: date(2026, 2, 9)}
    assert await database.read(lambda conn: contact_log.days(conn, samira, kari)) == [date(2026, 3, 20)]
