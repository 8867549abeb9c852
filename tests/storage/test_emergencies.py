"""Emergencies and what staff are told at once, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import digests, emergencies, people, staff_notices, staffing
from storage.database import Database
from storage.emergencies import Emergency
from storage.people import Participant
from storage.vault import Vault
from tests.storage.databases import everything

HOUR = timedelta(hours=1)
WHY = "in tears on the phone"


async def shared(database: Database, vault: Vault, person: int, at: datetime) -> None:
    def put(conn: Connection) -> None:
        cipher = people.participant(conn, vault, person).cipher
        where = {"participant_id": person, "conversation": int(at.timestamp()) % 1000, "step": "checkin/share"}
        what = {"dialogue": "checkin", "version": 1, "language": "ar", "lines": b"[]", "shared_at": at}
        digests.put_cards(conn, [digests.sealed_card(cipher, **where, **what)])  # type: ignore[arg-type]

    await database.write(put)


async def begun(database: Database, vault: Vault, person: int, by: int, at: datetime) -> None:
    def put(conn: Connection) -> None:
        cipher = people.present(conn, vault, person)
        emergencies.begin(conn, cipher, Emergency(person, by, at, at + HOUR, reason=WHY))

    await database.write(put)


async def seen(database: Database, vault: Vault, by: int, person: int, at: datetime) -> int:
    found = await database.read(lambda conn: digests.cards_in_emergency(conn, vault, by, person, at))
    return len(found)


async def test_the_cards_are_there_for_this_hour_this_person_and_this_specialist(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now - HOUR))
    await shared(database, vault, samira, now - 2 * HOUR)
    await shared(database, vault, samira, now)
    assert await seen(database, vault, kari, samira, now) == 0
    await begun(database, vault, samira, kari, now)
    moments = {now - timedelta(seconds=1): 0, now: 1, now + HOUR - timedelta(microseconds=1): 1, now + HOUR: 0}
    for moment, cards in moments.items():
        assert await seen(database, vault, kari, samira, moment) == cards, moment
    assert await seen(database, vault, ola, samira, now) == 0, "only who opened it"
    await database.write(lambda conn: people.let_see(conn, samira, now - 3 * HOUR))
    assert await seen(database, vault, kari, samira, now) == 2, "as the own specialist"
    usual = await database.read(lambda conn: digests.cards_for(conn, vault, kari, None))
    assert usual == [], "no overview and no mail has them"


async def test_it_is_over_when_it_is_ended_or_the_specialist_leaves(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now - HOUR))
    await shared(database, vault, samira, now)
    await begun(database, vault, samira, kari, now)
    for expected in ([samira], []):
        ended = await database.write(lambda conn: emergencies.end(conn, kari, samira, now + HOUR / 2))
        assert ended == expected
    assert await seen(database, vault, kari, samira, now + HOUR / 2) == 0
    assert await database.read(lambda conn: emergencies.current(conn, kari, now + HOUR / 2)) == []
    await begun(database, vault, samira, kari, now + HOUR / 2)
    assert await seen(database, vault, kari, samira, now + HOUR / 2) == 1
    await database.write(lambda conn: staffing.disable(conn, kari, now))
    assert await seen(database, vault, kari, samira, now + HOUR / 2) == 0


async def test_those_whom_it_concerns_find_it_and_the_reason_is_the_persons(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now - HOUR))
    await begun(database, vault, samira, kari, now)
    one = Emergency(samira, kari, now, now + HOUR)

    def read(conn: Connection) -> list[list[tuple[Emergency, str]]]:
        person: Participant = people.participant(conn, vault, samira)
        found = (
            emergencies.since(conn, now),
            emergencies.of_caseload(conn, vault, ola, now),
            emergencies.of_caseload(conn, vault, kari, now),
            emergencies.of(conn, person.cipher, samira),
            emergencies.since(conn, now + HOUR),
        )
        return [[(each, each.reason) for each in every] for every in found]

    told, own, others, mine, later = await database.read(read)
    assert (told, others, later) == ([(one, "")], [], [])
    assert [why for _, why in own] == [why for _, why in mine] == [WHY]
    assert WHY not in repr(mine[0][0])
    assert WHY.encode() not in await database.read(everything)
    await database.write(lambda conn: people.erase(conn, samira))
    assert await database.read(lambda conn: emergencies.since(conn, now)) == []


# Notices --------------------------------------------------------------------------------------------------------------


async def test_a_notice_is_claimed_once_and_comes_again_when_it_was_not_sent(
    database: Database, specialists: tuple[int, int], now: datetime
) -> None:
    details = {"by": specialists[1], "until": now.isoformat()}
    await database.write(lambda conn: staff_notices.put(conn, specialists, "emergency", details, now))
    await database.write(lambda conn: staff_notices.put(conn, [], "emergency", details, now))
    first, second = await database.read(lambda conn: staff_notices.due(conn, now))
    until = now + timedelta(minutes=2)

    async def claim(at: datetime) -> list[tuple[int, int]]:
        claimed = await database.write(lambda conn: staff_notices.claim(conn, [first, second], at, at + HOUR, now))
        return [(one.id, one.attempts) for one in claimed]

    claimed = await database.write(lambda conn: staff_notices.claim(conn, [first, second], now, until, now))
    assert [(one.staff_id, one.kind, one.details) for one in claimed] == [
        (specialists[0], "emergency", details),
        (specialists[1], "emergency", details),
    ]
    assert await claim(now) == []
    await database.write(lambda conn: staff_notices.sent(conn, first, now))
    assert await claim(until) == [(second, 2)]
    await database.write(lambda conn: staff_notices.later(conn, second, until))
    assert await claim(until) == [(second, 3)]
    await database.write(lambda conn: staff_notices.give_up(conn, second))
    assert await database.read(lambda conn: staff_notices.due(conn, now + 9 * HOUR)) == []
    await database.write(lambda conn: staff_notices.forget(conn, now + HOUR))
    assert b"emergency" not in await database.read(everything)


async def test_nobody_who_has_left_is_told(database: Database, specialists: tuple[int, int], now: datetime) -> None:
    await database.write(lambda conn: staff_notices.put(conn, specialists, "emergency", {"by": 1}, now))
    await database.write(lambda conn: staffing.disable(conn, specialists[0], now))
    due = await database.read(lambda conn: staff_notices.due(conn, now))
    claimed = await database.write(lambda conn: staff_notices.claim(conn, due, now, now + HOUR, now))
    assert [one.staff_id for one in claimed] == [specialists[1]]


async def test_what_is_no_news_any_more_is_given_up(
    database: Database, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: staff_notices.put(conn, specialists, "emergency", {"by": 1}, now))
    late = now + 24 * HOUR
    due = await database.read(lambda conn: staff_notices.due(conn, late))
    assert len(due) == 2
    assert await database.write(lambda conn: staff_notices.claim(conn, due, late, late + HOUR, now + HOUR)) == []
    assert await database.read(lambda conn: staff_notices.due(conn, late + HOUR)) == []


@pytest.mark.parametrize("kept", [0, 1])
async def test_what_waits_is_never_forgotten(
    database: Database, specialists: tuple[int, int], now: datetime, kept: int
) -> None:
    await database.write(lambda conn: staff_notices.put(conn, specialists[:1], "emergency", {"by": 1}, now))
    if not kept:
        (waiting,) = await database.read(lambda conn: staff_notices.due(conn, now))
        await database.write(lambda conn: staff_notices.sent(conn, waiting, now))
    await database.write(lambda conn: staff_notices.forget(conn, now + HOUR))
    assert len(await database.read(lambda conn: staff_notices.due(conn, now))) == kept
