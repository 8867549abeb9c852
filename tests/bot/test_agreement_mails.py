"""Turning a clock: the message on the day of an agreement comes, however many quiet days lie before it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage import agreements, people
from tests.bot.attention_script import agreed
from tests.bot.passing_world import PassingWorld, at, turned
from tests.bot.turn_world import TurnWorld


@pytest.fixture
def there(world: TurnWorld, tmp_path: Path) -> PassingWorld:
    return turned(world, tmp_path)


async def agrees(there: PassingWorld, day: date) -> None:
    """Somebody who holds no check-ins has agreed on something with the specialist."""
    person = (await there.world.person()).id

    def put(conn: Connection) -> None:
        cipher = people.participant(conn, there.world.vault, person).cipher
        agreements.put(conn, cipher, agreed(person, "together", day))

    await there.world.database.write(put)


@pytest.mark.parametrize(
    ("day", "mailed"),
    [(date(2026, 3, 12), at(12, "08:00")), (date(2026, 3, 14), at(16, "08:00")), (date(2026, 3, 3), at(3, "08:00"))],
    ids=["a Thursday", "a Saturday", "tomorrow"],
)
async def test_it_is_the_next_thing(there: PassingWorld, day: date, mailed: object) -> None:
    await agrees(there, day)
    assert await there.passing.next() == mailed
    assert [(one.at, one.what) for one in await there.until(at(30))] == [(mailed, "mail")]
    assert await there.passing.next() is None
