"""Many rows in one statement: what goes in comes out, and what goes wrong leaves the connection as good as before."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Interval, select
from sqlalchemy.exc import DataError, IntegrityError

from storage import checkins, inbox, outbox
from storage.arrays import packer
from storage.bulk import delete_rows, found_rows, insert_rows, settle, update_rows, without_waiting
from storage.checkins import Given
from storage.database import Database, StorageAway
from storage.inbox import Received
from storage.outbox import Queued
from storage.schema import answer, participant, process
from storage.schema import inbox as inbox_table

KEY = Received._fields[:3]
MOMENTS = (
    datetime(2026, 3, 2, 8, 30, 0, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=5, minutes=45))),
)


def received(person: int, message: str, at: datetime, body: bytes = b"body") -> Received:
    """A message as it is kept."""
    return Received(person, "web", message, 1, 1, body, at)


def stored(conn: Connection) -> list[str]:
    """The ids of the messages that are there."""
    return list(conn.scalars(select(inbox_table.c.message_id).order_by(inbox_table.c.message_id)))


def given(person: int, at: datetime, revision: int, **values: Any) -> Given:
    """An answer in which nothing is said but ``values``."""
    nothing = {"choices": None, "number": None, "day": None, "sealed_words": None, "mode": None}
    return Given(
        **{
            **nothing,
            "participant_id": person,
            "conversation": 1,
            "question": "weekly/confidence",
            "each": "",
            "revision": revision,
            "outcome": "answered",
            "version": 1,
            "language": "nb",
            "at": at,
            **values,
        }
    )


async def test_every_kind_of_value_comes_out_as_it_went_in(database: Database, samira: int) -> None:
    rows = [
        given(samira, MOMENTS[0], 2**31 - 1),
        given(samira, MOMENTS[1], 2, choices=["yes", "برید"], number=-0.1, day="2026-03-02", sealed_words=b"\0\xff\0"),
        given(samira, MOMENTS[2], 3, choices=[], number=0.0, day="", sealed_words=b"", question="ukjent/æøå\U0001f600"),
    ]
    await database.write(lambda conn: checkins.add_answers(conn, rows))
    names = Given._fields
    found = await database.read(lambda conn: conn.execute(select(*(answer.c[name] for name in names))).all())
    assert sorted(map(tuple, found), key=lambda row: row[4]) == sorted(map(tuple, rows), key=lambda row: row[4])
    assert all(row.at.utcoffset() == timedelta(0) for row in found)


async def test_yes_and_no_come_out_as_they_went_in(database: Database) -> None:
    names = ("id", "host", "pid", "address", "version", "stopping", "started_at", "alive_at", "leads")
    rows = [(each, "here", 1, "", "1", each == "b", MOMENTS[0], MOMENTS[0], []) for each in "abc"]
    await database.write(lambda conn: insert_rows(conn, process, names, rows))
    asked = select(process.c.id, process.c.stopping).order_by(process.c.id)
    found = await database.read(lambda conn: conn.execute(asked).all())
    assert list(map(tuple, found)) == [("a", False), ("b", True), ("c", False)]


async def test_a_column_without_any_value_and_a_single_row_are_arrays_too(database: Database, samira: int) -> None:
    await database.write(lambda conn: checkins.add_answers(conn, [given(samira, MOMENTS[0], 1)]))
    (row,) = await database.read(lambda conn: conn.execute(select(answer)).all())
    assert (row.choices, row.number, row.day, row.sealed_words, row.mode) == (None,) * 5


async def test_rows_are_changed_deleted_and_found_by_their_keys(database: Database, samira: int, now: datetime) -> None:
    rows = [received(samira, f"m{number}", now) for number in range(5)]
    keys = [row[:3] for row in rows]

    def work(conn: Connection) -> tuple[set[Any], list[str]]:
        insert_rows(conn, inbox_table, Received._fields, rows)
        changed = [("quarantined", "cause", *key) for key in keys[:2]]
        update_rows(conn, inbox_table, KEY, ("state", "cause"), changed, only="inbox.message_id <> 'm1'")
        delete_rows(conn, inbox_table, KEY, keys[4:])
        found = found_rows(conn, inbox_table, KEY, [*keys, (samira, "web", "never")])
        state = inbox_table.c.state == "quarantined"
        return found, list(conn.scalars(select(inbox_table.c.message_id).where(state)))

    assert await database.write(work) == (set(keys[:4]), ["m0"])


async def test_what_is_written_without_waiting_is_seen_once_it_is_settled(
    database: Database, samira: int, now: datetime
) -> None:
    def work(conn: Connection) -> list[list[str]]:
        seen = []
        with without_waiting(conn):
            for message in ("a", "b"):
                inbox.add(conn, [received(samira, message, now)])
                settle(conn)
                seen.append(stored(conn))
            inbox.add(conn, [received(samira, "c", now)])
        return [*seen, stored(conn)]

    assert await database.write(work) == [["a"], ["a", "b"], ["a", "b", "c"]]


async def test_nothing_may_be_written_at_all(database: Database, samira: int, now: datetime) -> None:
    def work(conn: Connection) -> None:
        with without_waiting(conn):
            settle(conn)
        with without_waiting(conn):
            inbox.add(conn, [])
        inbox.add(conn, [received(samira, "a", now)])

    await database.write(work)
    assert await database.read(stored) == ["a"]


async def test_a_part_that_is_undone_leaves_the_rest_as_it_was(database: Database, samira: int, now: datetime) -> None:
    def work(conn: Connection) -> None:
        inbox.add(conn, [received(samira, "a", now)])
        with pytest.raises(IntegrityError), conn.begin_nested():
            inbox.add(conn, [received(samira, "a", now)])
        inbox.add(conn, [received(samira, "b", now)])

    await database.write(work)
    assert await database.read(stored) == ["a", "b"]


async def test_nothing_of_it_stays_when_one_of_them_is_refused(database: Database, samira: int, now: datetime) -> None:
    def work(conn: Connection) -> None:
        with without_waiting(conn):
            inbox.add(conn, [received(samira, "a", now)])
            inbox.add(conn, [received(samira, "a", now)])
            outbox.add(conn, [Queued(samira, 1, 1, "web", b"", "sent", now)])

    for _ in range(2):
        with pytest.raises(IntegrityError):
            await database.write(work)
    await database.write(lambda conn: inbox.add(conn, [received(samira, "b", now)]))
    assert await database.read(stored) == ["b"]


async def test_a_mistake_of_ours_in_between_undoes_what_was_sent(
    database: Database, samira: int, now: datetime
) -> None:
    def work(conn: Connection) -> None:
        with without_waiting(conn):
            inbox.add(conn, [received(samira, "a", now)])
            raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await database.write(work)
        assert await database.read(stored) == []
        await database.write(lambda conn: conn.execute(select(participant.c.id)).all() and None)
    await database.write(lambda conn: inbox.add(conn, [received(samira, "b", now)]))
    assert await database.read(stored) == ["b"]


async def test_more_than_any_buffer_holds_goes_through(database: Database, samira: int, now: datetime) -> None:
    large = [received(samira, f"m{number:02}", now, bytes(1_000_000)) for number in range(12)]

    def work(conn: Connection) -> None:
        with without_waiting(conn):
            for row in large:
                inbox.add(conn, [row])

    await database.write(work)
    assert await database.read(stored) == [row.message_id for row in large]


async def test_what_may_only_be_read_is_not_written(database: Database, samira: int, now: datetime) -> None:
    """The transaction begins with the statement itself, and begins as all do that read."""
    with pytest.raises((StorageAway, IntegrityError)):
        await database.read(lambda conn: inbox.add(conn, [received(samira, "a", now)]))
    assert await database.read(stored) == []


async def test_a_time_without_a_zone_is_refused(database: Database, samira: int) -> None:
    naive = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001, it is what is refused
    for moments in ([naive], [naive, MOMENTS[0]]):
        rows = [received(samira, f"m{number}", at) for number, at in enumerate(moments)]
        with pytest.raises((TypeError, ValueError)):
            await database.write(lambda conn, rows=rows: inbox.add(conn, rows))
    assert await database.read(stored) == []


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1])
async def test_a_number_that_a_column_cannot_hold_is_refused(
    database: Database, samira: int, now: datetime, number: int
) -> None:
    """SQLite's whole numbers have eight bytes, whatever a column says."""
    row = received(samira, "a", now)._replace(conversation=number)
    with pytest.raises(DataError) if database.dialect == "postgresql" else nullcontext():
        await database.write(lambda conn: inbox.add(conn, [row]))
    assert await database.read(stored) == (["a"] if database.dialect == "sqlite" else [])


async def test_who_is_locked_is_seen_with_what_is_open_once_the_other_is_done(
    database: Database, samira: int, now: datetime
) -> None:
    """Two statements go out together: the second still sees what the first had to wait for."""
    talk = checkins.Talk(samira, 1, "weekly", 1, "open", now, None, None, b"first")
    await database.write(lambda conn: checkins.begin(conn, [talk]))

    def changed(conn: Connection) -> bytes:
        _, talks = checkins.taken_up(conn, [samira])
        before = talks[samira].sealed_session
        checkins.change(conn, [replace(talks[samira], sealed_session=before + b"+")])
        return before

    seen = await asyncio.gather(*(database.write(changed) for _ in range(12)))
    assert sorted(seen) == [b"first" + b"+" * times for times in range(12)]


def test_a_kind_of_column_without_a_binary_form_is_named() -> None:
    with pytest.raises(TypeError, match="Interval"):
        packer(Interval())
