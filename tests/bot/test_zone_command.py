"""The zone of a participant: check-ins follow the clocks where they are, and there is never a second one on one day."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config import Settings
from bot.people_commands import NotDone
from bot.zone_command import move
from storage import people, schema
from tests.bot.turn_world import Person, TurnWorld


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


async def taking_part(world: TurnWorld) -> Person:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    await amina.skips_all()
    return amina


async def goes_to(world: TurnWorld, person: Person, zone: str) -> None:
    await world.database.write(lambda conn: people.set_time_zone(conn, person.id, zone, world.clock.now))


async def test_check_ins_come_at_the_same_time_of_day_elsewhere(world: TurnWorld) -> None:
    amina = await taking_part(world)
    await goes_to(world, amina, "America/New_York")
    assert not await world.until(at(10, 16, 29))
    assert (await world.until(at(10, 16, 30)))["Start"] == 1, "half past twelve there"


async def test_whoever_travels_west_on_the_day_gets_no_second_one(world: TurnWorld) -> None:
    amina = await taking_part(world)
    assert (await world.until(at(10, 11, 30)))["Start"] == 1
    await amina.finds()
    await amina.skips_all()
    await goes_to(world, amina, "America/New_York")
    assert not (await world.until(at(11, 3)))["Start"]
    assert (await world.until(at(17, 16, 30)))["Start"] == 1


async def test_the_command_says_what_it_did_and_what_it_does_not_know(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path, key="A" * 43 + "=")
    said: list[str] = []
    with pytest.raises(NotDone, match='"Oslo" is not a time zone'):
        await move(settings, said.append, 1, "Oslo")
    with pytest.raises(NotDone, match="no participant with the number 7"):
        await move(settings, said.append, 7, "Europe/Oslo")
    assert not said


async def test_the_change_is_on_record(world: TurnWorld, database_url: str, master_key: bytes) -> None:
    amina = await taking_part(world)
    if world.database.dialect == "sqlite":
        await world.database.close()
    settings = Settings(database_url=database_url, key=base64.b64encode(master_key).decode())
    said: list[str] = []
    await move(settings, said.append, amina.id, "Europe/Kyiv")
    assert said == [
        "Check-ins of A. follow the clocks of Europe/Kyiv from now on. There is never a second one on one day."
    ]
    if world.database.dialect == "postgresql":
        (record,) = await world.rows(schema.audit, action="zone.changed")
        assert record.details == {"from": "Europe/Oslo", "to": "Europe/Kyiv"}
