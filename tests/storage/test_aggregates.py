"""What is counted for everybody together, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from storage import aggregates, digests, people, schema
from storage.aggregates import Asked, Total
from storage.database import Database
from storage.vault import Vault

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
BEFORE, WITHIN = START - timedelta(days=40), datetime(2026, 3, 10, 12, tzinfo=UTC)
LAST = END - timedelta(microseconds=1)


class Town:
    """People, who accompanies them, and what they did, written as one transaction each."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self.vault = vault

    async def person(self, *specialists: tuple[int, datetime]) -> int:
        def add(conn: Connection) -> int:
            new = people.add_participant(
                conn, self.vault, name="N", pseudonym="P", language="en", time_zone="UTC", now=BEFORE
            )
            for staff_id, since in specialists:
                people.assign(conn, new, staff_id, since)
            return new

        return await self.database.write(add)

    async def _insert(self, table: Any, **row: Any) -> None:
        await self.database.write(lambda conn: conn.execute(insert(table), row) and None)

    async def talk(self, person: int, at: datetime, dialogue: str = "weekly", *, took_up: bool = True) -> None:
        await self._insert(
            schema.conversation,
            participant_id=person,
            number=int(at.timestamp()) % 10_000_000,
            dialogue=dialogue,
            version=1,
            state="closed",
            started_at=at,
            sealed_session=b"",
            reacted_at=at if took_up else None,
        )

    async def message(self, person: int, seq: int, at: datetime, state: str) -> None:
        await self._insert(
            schema.outbox,
            participant_id=person,
            seq=seq,
            conversation=0,
            channel="telegram",
            sealed_body=b"",
            state=state,
            created_at=at,
        )

    async def share(self, person: int, at: datetime, lines: bytes = b"[]") -> None:
        def put(conn: Connection) -> None:
            cipher = people.participant(conn, self.vault, person).cipher
            key = {"participant_id": person, "conversation": int(at.timestamp()) % 10_000_000, "step": "weekly/share"}
            how = {"dialogue": "weekly", "version": 1, "language": "ar", "lines": lines, "shared_at": at}
            digests.put_cards(conn, [digests.sealed_card(cipher, **key, **how)])

        await self.database.write(put)

    async def shared(self, room: int = 100) -> list[aggregates.SharedCard]:
        found: list[aggregates.SharedCard] = []
        after = 0
        while True:
            after, cards = await self.database.read(
                lambda conn, a=after: aggregates.shared(conn, self.vault, START, END, a, room)
            )
            found += cards
            if not after:
                return found


@pytest.fixture
def town(database: Database, vault: Vault) -> Town:
    return Town(database, vault)


async def test_who_takes_part_is_who_did_something_in_a_conversation_of_that_time(
    town: Town, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    mine, hers = await town.person((ola, BEFORE)), await town.person((kari, BEFORE))
    alone, quiet, early, late = [await town.person() for _ in range(4)]
    for at in (START, WITHIN, LAST):
        await town.talk(mine, at)
    await town.talk(hers, WITHIN)
    await town.talk(alone, WITHIN, "other")
    await town.talk(quiet, WITHIN, took_up=False)
    await town.talk(early, START - timedelta(microseconds=1))
    await town.talk(late, END)
    assert await town.database.read(lambda conn: aggregates.taking_part(conn, START, END)) == Total(3, 2)


async def test_who_moved_on_counts_for_the_specialist_of_that_moment_and_once(
    town: Town, specialists: tuple[int, int]
) -> None:
    ola, kari = specialists
    person = await town.person((ola, BEFORE), (kari, WITHIN))
    await town.talk(person, WITHIN - timedelta(days=1))
    counted = await town.database.read(lambda conn: aggregates.invited(conn, ["weekly"], START, END))
    assert counted == Asked(Total(1, 1), 1, 1)
    await town.talk(person, WITHIN)
    counted = await town.database.read(lambda conn: aggregates.invited(conn, ["weekly"], START, END))
    assert counted == Asked(Total(1, 2), 2, 2)


async def test_check_ins_are_counted_whether_taken_up_or_not(town: Town, specialists: tuple[int, int]) -> None:
    one, other = [await town.person((specialists[0], BEFORE)) for _ in range(2)]
    await town.talk(one, WITHIN)
    await town.talk(other, WITHIN, took_up=False)
    await town.talk(other, LAST, "at_work", took_up=False)
    await town.talk(other, START, "small_talk")
    counted = await town.database.read(lambda conn: aggregates.invited(conn, ["weekly", "at_work"], START, END))
    assert counted == Asked(Total(2, 1), 3, 1)
    nothing = await town.database.read(lambda conn: aggregates.invited(conn, [], START, END))
    assert nothing == Asked(Total(0, 0), 0, 0)


async def test_only_what_was_given_up_is_undelivered(town: Town, specialists: tuple[int, int]) -> None:
    one, other = [await town.person((specialists[0], BEFORE)) for _ in range(2)]
    for seq, state in enumerate(("dead", "dead", "sent", "queued", "cancelled"), 1):
        await town.message(one, seq, WITHIN, state)
    await town.message(other, 1, END, "dead")
    assert await town.database.read(lambda conn: aggregates.undelivered(conn, START, END)) == Total(1, 1)


@pytest.mark.parametrize("room", [1, 2, 100])
async def test_what_was_shared_comes_card_by_card_with_the_specialist_of_that_moment(
    town: Town, specialists: tuple[int, int], room: int
) -> None:
    ola, kari = specialists
    moved, alone, silent = await town.person((ola, BEFORE), (kari, WITHIN)), await town.person(), await town.person()
    await town.share(moved, START - timedelta(seconds=1))
    await town.share(moved, WITHIN, b"[2]")
    await town.share(moved, START, b"[1]")
    await town.share(alone, LAST, b"[3]")
    await town.share(alone, END)
    found = await town.shared(room)
    assert [(card.participant_id, card.staff_id, card.lines) for card in found] == [
        (moved, ola, b"[1]"),
        (moved, kari, b"[2]"),
        (alone, None, b"[3]"),
    ]
    assert silent not in {card.participant_id for card in found}


async def test_who_was_erased_is_in_no_count(town: Town, specialists: tuple[int, int]) -> None:
    gone, here = [await town.person((specialists[0], BEFORE)) for _ in range(2)]
    for person in (gone, here):
        await town.talk(person, WITHIN)
        await town.share(person, WITHIN)
    await town.database.write(lambda conn: people.erase(conn, gone))
    assert await town.database.read(aggregates.people_here) == 1
    assert await town.database.read(lambda conn: aggregates.taking_part(conn, START, END)) == Total(1, 1)
    assert [card.participant_id for card in await town.shared()] == [here]
