"""What the person hears and finds when somebody opened in an emergency what they shared."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import emergency
from storage import audit, caseloads, people
from storage.emergencies import Emergency
from tests.bot.digest_samples import plain
from tests.bot.own_page import own_page
from tests.bot.test_errands import asks_for_help
from tests.bot.test_my_page import OURS
from tests.bot.turn_world import MONDAY, Person, TurnWorld

WHY = "Nobody could reach Kim, and the rent was due"


async def opened(world: TurnWorld, person: Person, name: str = "Robin Dahl") -> tuple[int, Emergency]:
    """A colleague opens it."""

    def work(conn: Connection) -> tuple[int, Emergency]:
        now, vault = world.clock.now, world.vault
        values = {"name": name, "mail": "robin@example.org", "language": "nb", "time_zone": "Europe/Oslo"}
        colleague = people.staff(conn, vault, people.add_staff(conn, vault, role="specialist", **values, now=now))
        placed = caseloads.one(conn, vault, person.id)
        assert placed is not None
        return colleague.id, emergency.begin(conn, vault, colleague, placed, WHY, now)

    return await world.database.write(work)


@pytest.fixture
async def amina(sqlite_world: TurnWorld) -> Person:
    """Somebody who takes part and has nothing open."""
    amina = await sqlite_world.person()
    await amina.onboards()
    await amina.finds()
    return amina


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Robin Dahl has opened what you shared. It could not wait. This was on Monday 2 March"),
        ("nb", "Robin Dahl har åpnet det du har delt."),
    ],
)
async def test_they_are_told_once_in_their_language_and_what_waits_is_asked_again(
    sqlite_world: TurnWorld, amina: Person, language: str, said: str
) -> None:
    await sqlite_world.database.write(lambda conn: people.set_language(conn, amina.id, language))
    await asks_for_help(amina, "letters")
    await amina.says("start")
    await amina.finds()
    await opened(sqlite_world, amina)
    assert await sqlite_world.until(sqlite_world.clock.now) == {"Tell": 1}
    told = await amina.finds()
    assert plain(told[0].text).startswith(said)
    assert WHY not in told[0].text, "others may read along in a messenger"
    assert len(told) >= 2, "what waits is asked again"
    assert not (await sqlite_world.until(sqlite_world.clock.now + timedelta(hours=3)))["Tell"]


async def test_nobody_is_written_to_at_night(sqlite_world: TurnWorld, amina: Person) -> None:
    sqlite_world.clock.now = MONDAY.replace(hour=22)
    await opened(sqlite_world, amina)
    assert not await sqlite_world.until(sqlite_world.clock.now + timedelta(hours=3))
    came = await sqlite_world.until(sqlite_world.clock.now + timedelta(hours=12))
    assert came["Tell"] == 1, came


async def test_their_page_says_who_opened_it_how_often_and_why(tmp_path: Path) -> None:
    async with own_page(tmp_path) as own:
        colleague, begun = await opened(own.world, own.person)
        actor, at = f"staff:{colleague}", begun.began_at + timedelta(minutes=2)
        await own.world.database.write(
            lambda conn: audit.record(conn, at=at, actor=actor, action="emergency read", participant_id=own.person.id)
        )
        said = plain(await own.look("opened"))
        assert "Robin Dahl, specialist" in said
        assert "Opened what you shared, as it could not wait" in said
        assert "Read what you shared, as it could not wait" in said
        assert f"The reason, as it was written: {WHY}" in " ".join(said.split())
        copy = await own.phone.client.post("/me/copy", data={"as": "json"}, headers=OURS)
        assert WHY in await copy.text()
