"""Agreements: every revision comes back, nobody's act is overwritten, and a whole caseload costs one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, select

from storage import agreements, contact_log, people, replies, schema
from storage.agreements import Agreement, Overtaken
from storage.database import Database
from storage.vault import DecryptFailed, Vault
from tests.storage.plans import plan, read_whole, statements
from tests.storage.rows import SIGN, WORDS

DAY = timedelta(days=1)


def agreement(person: int, now: datetime, number: int = 1, staff_id: int | None = None) -> Agreement:
    """A first revision, proposed by the participant."""
    return Agreement(
        participant_id=person,
        number=number,
        revision=1,
        what=WORDS,
        sign=SIGN,
        language="ar",
        owner="together",
        due=date(2026, 3, 9),
        state="proposed",
        made_by="participant",
        staff_id=staff_id,
        confirmed_by_participant_at=now,
        confirmed_by_specialist_at=None,
        at=now,
    )


def confirmed(of: Agreement, now: datetime) -> Agreement:
    return replace(
        of,
        revision=of.revision + 1,
        state="active",
        made_by="specialist",
        confirmed_by_specialist_at=now,
        at=now,
    )


async def put(database: Database, vault: Vault, *made: Agreement) -> None:
    def store(conn: Connection) -> None:
        for one in made:
            agreements.put(conn, people.present(conn, vault, one.participant_id), one)

    await database.write(store)


async def test_each_revision_comes_back_as_it_was_stored(
    database: Database, vault: Vault, now: datetime, samira: int, specialists: tuple[int, int]
) -> None:
    proposed = agreement(samira, now, staff_id=specialists[0])
    active = confirmed(proposed, now + DAY)
    bare = replace(agreement(samira, now, number=2), sign="", due=None, owner="someone_else")
    await put(database, vault, proposed, active, bare)

    def read(conn: Connection) -> tuple[list[Agreement], list[Agreement], list[Agreement], list[Agreement]]:
        cipher = people.present(conn, vault, samira)
        return (
            agreements.of(conn, cipher, samira),
            agreements.one(conn, cipher, samira, 1),
            agreements.one(conn, cipher, samira, 3),
            agreements.current(conn, cipher, samira),
        )

    every, first, none, current = await database.write(read)
    assert every == [proposed, active, bare]
    assert first == [proposed, active]
    assert none == []
    assert current == [active, bare]


async def test_the_words_are_sealed_and_open_nowhere_else(
    database: Database, vault: Vault, now: datetime, samira: int
) -> None:
    await put(database, vault, agreement(samira, now), agreement(samira, now, number=2))
    assert WORDS not in repr(agreement(samira, now))
    table = schema.agreement

    def exchange(conn: Connection) -> None:
        other = conn.scalar(select(table.c.sealed_what).where(table.c.number == 2))
        assert other is not None
        assert WORDS.encode() not in other
        conn.execute(table.update().where(table.c.number == 1).values(sealed_what=other))

    await database.write(exchange)
    with pytest.raises(DecryptFailed):
        await database.write(lambda conn: agreements.of(conn, people.present(conn, vault, samira), samira))


async def test_of_two_who_act_at_once_the_second_stores_nothing(
    database: Database, vault: Vault, now: datetime, samira: int
) -> None:
    proposed = agreement(samira, now)
    quicker, slower = confirmed(proposed, now), replace(confirmed(proposed, now), state="dropped")
    await put(database, vault, proposed, quicker)
    with pytest.raises(Overtaken):
        await put(database, vault, slower)
    kept = await database.write(lambda conn: agreements.of(conn, people.present(conn, vault, samira), samira))
    assert kept == [proposed, quicker]


async def test_numbers_go_on_for_each_person(database: Database, vault: Vault, now: datetime, samira: int) -> None:
    assert await database.read(lambda conn: agreements.next_number(conn, samira)) == 1
    await put(database, vault, agreement(samira, now, number=4))
    assert await database.read(lambda conn: agreements.next_number(conn, samira)) == 5
    assert await database.read(lambda conn: agreements.next_number(conn, samira + 1)) == 1


async def test_a_caseload_costs_one_statement_and_has_only_what_is_open(
    database: Database, vault: Vault, now: datetime, samira: int
) -> None:
    def add(conn: Connection) -> list[int]:
        return [
            people.add_participant(conn, vault, name=name, pseudonym=name[0], language="en", time_zone="UTC", now=now)
            for name in ("Yusuf", "Olena", "Erased", "Another")
        ]

    yusuf, olena, erased, another = await database.write(add)
    open_one = confirmed(agreement(samira, now), now)
    over = replace(open_one, number=2, revision=3, state="done")
    await put(database, vault, agreement(samira, now), open_one)
    await put(database, vault, replace(over, revision=1, state="active"), over)
    await put(database, vault, agreement(yusuf, now), agreement(erased, now), agreement(another, now))
    await database.write(lambda conn: people.erase(conn, erased))

    sent: list[str] = []

    def read(conn: Connection) -> dict[int, list[Agreement]]:
        event.listen(conn, "before_cursor_execute", lambda *call: sent.append(call[2]))
        return agreements.open_for(conn, vault, [samira, yusuf, olena, erased, 999])

    found = await database.read(read)
    assert found == {samira: [open_one], yusuf: [agreement(yusuf, now)]}
    assert len(sent) == 1


async def test_nobody_has_no_agreements(database: Database, vault: Vault) -> None:
    assert await database.read(lambda conn: agreements.open_for(conn, vault, [])) == {}


async def test_nothing_is_read_from_beginning_to_end(
    database: Database, vault: Vault, now: datetime, samira: int, specialists: tuple[int, int]
) -> None:
    await put(database, vault, agreement(samira, now))

    def look(conn: Connection) -> set[str]:
        with statements() as sent:
            agreements.open_for(conn, vault, [samira])
            agreements.of(conn, people.present(conn, vault, samira), samira)
            agreements.next_number(conn, samira)
            replies.of_people(conn, [samira])
            replies.untold(conn, samira)
            contact_log.latest(conn, specialists[0], [samira])
            contact_log.days(conn, samira, specialists[0])
        return set().union(*(read_whole(plan(conn, statement)) for statement in sent))

    assert await database.write(look) == set()
