"""Which specialists have an agreement whose day has come, and which days are ahead, without opening any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import agreements, people
from storage.agreements import Agreement
from storage.database import Database
from storage.vault import Vault

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 3, day) for day in (2, 3, 4, 5))

Put = Callable[[Connection, int, date | None], Agreement]


@pytest.fixture
def active(vault: Vault, now: datetime) -> Put:
    """Stores what both have confirmed."""

    def put(conn: Connection, person: int, due: date | None) -> Agreement:
        number = agreements.next_number(conn, person)
        made = Agreement(
            participant_id=person,
            number=number,
            revision=1,
            what="call the shop",
            sign="",
            language="en",
            owner="specialist",
            due=due,
            state="active",
            made_by="specialist",
            staff_id=1,
            confirmed_by_participant_at=now,
            confirmed_by_specialist_at=now,
            at=now,
        )
        agreements.put(conn, people.participant(conn, vault, person).cipher, made)
        return made

    return put


async def test_a_day_is_found_once_between_two_working_days(
    database: Database, samira: int, specialists: tuple[int, int], now: datetime, active: Put
) -> None:
    ola, kari = specialists

    def work(conn: Connection) -> list[set[int]]:
        people.assign(conn, samira, ola, now)
        active(conn, samira, WEDNESDAY)
        active(conn, samira, None)
        spans = [(MONDAY, TUESDAY), (TUESDAY, WEDNESDAY), (MONDAY, THURSDAY), (WEDNESDAY, THURSDAY)]
        found = [agreements.with_day(conn, [ola, kari], *span) for span in spans]
        return [
            *found,
            agreements.with_day(conn, [kari], MONDAY, THURSDAY),
            agreements.with_day(conn, [], MONDAY, THURSDAY),
        ]

    assert await database.write(work) == [set(), {ola}, {ola}, set(), set(), set()]


@pytest.mark.parametrize("what", ["proposed anew", "done", "dropped", "another day"])
async def test_what_somebody_has_changed_since_is_not_found(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime, active: Put, what: str
) -> None:
    changes = {
        "proposed anew": {"state": "proposed"},
        "done": {"state": "done"},
        "dropped": {"state": "dropped"},
        "another day": {"due": THURSDAY},
    }

    def work(conn: Connection) -> tuple[set[int], list[date]]:
        people.assign(conn, samira, specialists[0], now)
        made = active(conn, samira, TUESDAY)
        changed = replace(made, revision=2, **changes[what])  # type: ignore[arg-type]
        agreements.put(conn, people.participant(conn, vault, samira).cipher, changed)
        return agreements.with_day(conn, specialists, MONDAY, TUESDAY), agreements.days_ahead(conn, MONDAY)

    found, ahead = await database.write(work)
    assert found == set()
    assert ahead == ([THURSDAY] if what == "another day" else [])


async def test_whoever_accompanied_before_and_the_erased_are_not_found(
    database: Database, samira: int, specialists: tuple[int, int], now: datetime, active: Put
) -> None:
    ola, kari = specialists

    def work(conn: Connection) -> list[set[int]]:
        people.assign(conn, samira, ola, now)
        active(conn, samira, TUESDAY)
        people.assign(conn, samira, kari, now + timedelta(hours=1))
        passed_on = agreements.with_day(conn, specialists, MONDAY, TUESDAY)
        people.erase(conn, samira)
        return [passed_on, agreements.with_day(conn, specialists, MONDAY, TUESDAY)]

    assert await database.write(work) == [{kari}, set()]


async def test_days_ahead_are_each_named_once(
    database: Database, samira: int, specialists: tuple[int, int], now: datetime, active: Put
) -> None:
    def work(conn: Connection) -> list[date]:
        people.assign(conn, samira, specialists[0], now)
        for due in (THURSDAY, TUESDAY, THURSDAY, MONDAY, None):
            active(conn, samira, due)
        return agreements.days_ahead(conn, MONDAY)

    assert await database.write(work) == [TUESDAY, THURSDAY]
