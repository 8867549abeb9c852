"""How the programme file and what two people agreed to become the programme in force, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import Connection

from bot.programme import InForce, Programme, ProgrammeRefused, following
from bot.programme.changing import Overtaken, agree, publish_file, save, send
from bot.programme.following import followed, refresh
from bot.programme.versions import bring_in, in_force, readable, standing
from storage import audit, people, programmes
from storage.database import Database, StorageAway
from storage.people import Staff
from storage.vault import Vault
from tests.bot.test_programme_parts import REAL
from tests.bot.turn_world import MONDAY
from tests.waiting import PATIENCE

TODAY = MONDAY.date()
OTHER_NUMBER = REAL.replace("ambulance: 113", "ambulance: 112")


@pytest.fixture
async def two(database: Database, vault: Vault) -> tuple[Staff, Staff]:
    """Two coordinators, Noor and Bo."""

    def add(conn: Connection) -> tuple[Staff, Staff]:
        for name in ("Noor", "Bo"):
            about = {"name": name, "mail": f"{name}@service.example", "role": "coordinator", "language": "en"}
            people.add_staff(conn, vault, **about, time_zone="UTC", now=MONDAY)
        noor, bo = people.all_staff(conn, vault)
        return noor, bo

    return await database.write(add)


async def starts(database: Database, vault: Vault, text: str) -> tuple[int, Programme, tuple[str, ...]]:
    """What is in force after a start with this file: version, programme, and the guarded keys that wait."""
    found = await database.write(lambda conn: bring_in(conn, vault, text, TODAY, MONDAY))
    return found.version, found.programme, found.waits


async def test_a_file_changes_what_one_may_and_what_is_guarded_waits(database: Database, vault: Vault) -> None:
    assert (await starts(database, vault, REAL))[0] == 1
    assert (await starts(database, vault, REAL))[0] == 1, "nothing new"
    version, programme, waits = await starts(database, vault, REAL.replace("service: Medvind", "service: Vind"))
    assert (version, programme.service, waits) == (2, "Vind", ())
    both = OTHER_NUMBER.replace("service: Medvind", "service: Bris").replace("Kari Nordmann", "Nobody")
    version, programme, waits = await starts(database, vault, both)
    assert (version, programme.service, programme.ambulance) == (3, "Bris", "113")
    assert waits == ("help", "statements")
    assert programme.statements.no_consequence is not None
    assert programme.statements.no_consequence.signed_by == "Kari Nordmann"
    again = await starts(database, vault, both)
    assert (again[0], again[1].ambulance, again[2]) == (3, "113", waits), "it waits at every start"
    latest = await database.read(lambda conn: in_force(conn, vault))
    assert latest is not None
    assert (latest.version, latest.programme.ambulance) == (3, "113")


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("service: Medvind", "example: yes\nservice: Medvind"),
        lambda text: text.replace("role card:", "x:").partition("x:")[0],
        lambda text: text.replace("specialist reads: on working days", "specialist reads: once a week"),
        lambda text: text.replace("first: onboarding", "first: situation"),
        lambda text: text[: text.index("\nstatements:") + 1],
    ],
)
async def test_no_file_alone_changes_what_is_guarded(
    database: Database, vault: Vault, damage: Callable[[str], str]
) -> None:
    before = (await starts(database, vault, REAL))[1]
    damaged = damage(REAL)
    assert damaged != REAL
    version, programme, waits = await starts(database, vault, damaged)
    assert waits
    kept = ("example", "reads", "lines", "ambulance", "statements", "first")
    assert [getattr(programme, name) for name in kept] == [getattr(before, name) for name in kept]
    assert programme.role_card is not None
    assert before.role_card is not None
    assert programme.role_card.topics == before.role_card.topics
    assert version == 2


async def test_two_coordinators_bring_the_file_into_force(
    database: Database, vault: Vault, two: tuple[Staff, Staff]
) -> None:
    await starts(database, vault, REAL)

    def work(conn: Connection) -> None:
        assert publish_file(conn, vault, OTHER_NUMBER, *two, MONDAY) == 2
        assert publish_file(conn, vault, OTHER_NUMBER, *two, MONDAY) == 2, "it is in force already"
        (record,) = audit.since(conn, "programme.published", MONDAY)
        assert (record.actor, record.details) == (
            f"staff:{two[0].id}",
            {"version": 2, "second": two[1].id, "guarded": ["help"]},
        )
        with pytest.raises(ProgrammeRefused):
            publish_file(conn, vault, "service: x", *two, MONDAY)

    await database.write(work)
    version, programme, waits = await starts(database, vault, OTHER_NUMBER)
    assert (version, programme.ambulance, waits) == (2, "112", ())


async def test_what_was_agreed_to_on_the_pages_outlasts_a_start_with_the_old_file(
    database: Database, vault: Vault, two: tuple[Staff, Staff]
) -> None:
    await starts(database, vault, REAL)
    noor, bo = two

    def work(conn: Connection) -> None:
        save(conn, vault, noor, OTHER_NUMBER.replace("service: Medvind", "service: Vind"), MONDAY)
        mine = programmes.own_draft(conn, vault, noor.id)
        assert mine is not None
        with pytest.raises(Overtaken):
            send(conn, vault, noor, "another text", "", MONDAY)
        with pytest.raises(Overtaken):
            agree(conn, vault, bo, mine.id, mine.mark, MONDAY)
        assert send(conn, vault, noor, mine.mark, "", MONDAY) == "waiting"
        assert agree(conn, vault, bo, mine.id, mine.mark, MONDAY) == 2
        with pytest.raises(Overtaken):
            agree(conn, vault, bo, mine.id, mine.mark, MONDAY)

    await database.write(work)
    version, programme, waits = await starts(database, vault, REAL)
    assert (version, programme.ambulance, programme.service, waits) == (2, "112", "Vind", ("help",))
    changed = REAL.replace("time zone: Europe/Oslo", "time zone: Europe/Kyiv")
    version, programme, waits = await starts(database, vault, changed)
    assert (version, programme.ambulance, programme.time_zone, waits) == (3, "112", "Europe/Kyiv", ("help",))


async def test_two_who_agree_at_once_agree_once(database: Database, vault: Vault, two: tuple[Staff, Staff]) -> None:
    await starts(database, vault, REAL)
    noor, bo = two

    def forward(conn: Connection) -> tuple[int, str]:
        save(conn, vault, noor, OTHER_NUMBER, MONDAY)
        mine = programmes.own_draft(conn, vault, noor.id)
        assert mine is not None
        send(conn, vault, noor, mine.mark, "", MONDAY)
        return mine.id, mine.mark

    number, mark = await database.write(forward)

    async def agrees() -> object:
        try:
            return await database.write(lambda conn: agree(conn, vault, bo, number, mark, MONDAY))
        except Overtaken as late:
            return late

    came = await asyncio.gather(agrees(), agrees())
    assert sorted(isinstance(each, Overtaken) for each in came) == [False, True]
    assert await database.read(programmes.latest_version) == 2


async def test_a_file_that_is_not_in_blocks_changes_nothing_where_it_waits(database: Database, vault: Vault) -> None:
    await starts(database, vault, REAL)
    flow = "{" + ", ".join(line for line in FLOW.splitlines() if line) + "}"
    version, programme, waits = await starts(database, vault, flow)
    assert (version, programme.service) == (1, "Medvind")
    assert "help" in waits


FLOW = """
service: Vind
country: NO
time zone: Europe/Oslo
languages: [en]
host language: nb
specialist reads: on working days
first: onboarding
check-in: weekly_checkin
help: {ambulance: 112, lines: [LINE, LINE]}
""".replace("LINE", "{name: A, about: talk, call: 116 123, hours: always, languages: [nb], cost: free}")


async def test_a_version_that_cannot_be_read_any_more_leaves_the_file(database: Database, vault: Vault) -> None:
    how = {"file": "", "by": "start", "now": MONDAY}
    await database.write(lambda conn: programmes.publish(conn, vault, "service: of an older form\n", **how))
    assert await database.read(lambda conn: in_force(conn, vault)) is None
    version, programme, _ = await starts(database, vault, REAL)
    assert (version, programme.service) == (2, "Medvind")


async def test_looking_stores_nothing_and_a_wrong_file_is_refused(database: Database, vault: Vault) -> None:
    found = await database.read(lambda conn: standing(conn, vault, REAL, TODAY))
    assert (found.version, found.is_new) == (0, True)
    assert await database.read(programmes.latest_version) is None
    with pytest.raises(ProgrammeRefused, match="has not come yet"):
        await database.read(lambda conn: standing(conn, vault, REAL, date(2020, 1, 1)))


async def test_every_process_goes_on_with_the_new_version_and_asks_only_for_its_number(
    database: Database, vault: Vault
) -> None:
    await starts(database, vault, REAL)
    used = InForce(readable(REAL), 1, lambda conn, programme: programme.without({"topics"}))
    assert not await refresh(database, vault, used)
    how = {"file": "", "by": "staff:1", "second": "staff:2", "now": MONDAY + timedelta(days=1)}
    await database.write(lambda conn: programmes.publish(conn, vault, OTHER_NUMBER, **how))
    heard: list[str] = []
    used.follow(lambda programme: heard.append(programme.ambulance))
    assert await refresh(database, vault, used)
    assert (used.version, used.programme.ambulance, heard) == (2, "112", ["112"])
    assert "topics" not in used.programme.any_time, "what cannot be offered here is left out again"


async def test_the_look_goes_on_by_itself_also_after_the_database_was_away(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await starts(database, vault, REAL)
    monkeypatch.setattr(following, "EVERY", 0.001)
    used, came = InForce(readable(REAL), 1), asyncio.Event()
    used.follow(lambda programme: came.set())

    class Shaky:
        """A database that is away at first, and then has something in it that nobody expected."""

        troubles: ClassVar[list[Exception]] = [StorageAway("away"), ValueError("unexpected")]

        async def read(self, work: Callable[[Connection], object]) -> object:
            if self.troubles:
                raise self.troubles.pop()
            return await database.read(work)

    async with followed(Shaky(), vault, used):  # type: ignore[arg-type]
        how = {"file": "", "by": "staff:1", "second": "staff:2", "now": MONDAY}
        await database.write(lambda conn: programmes.publish(conn, vault, OTHER_NUMBER, **how))
        await asyncio.wait_for(came.wait(), PATIENCE)
    assert (used.version, used.programme.ambulance) == (2, "112")
