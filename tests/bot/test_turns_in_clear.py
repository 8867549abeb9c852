"""Nothing in clear: no file, no table and no log holds a word that a person wrote in a conversation, or a name."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.messages import Tap
from storage.database import StorageAway
from tests.bot.turn_world import Person, TurnWorld, deployed, opened
from tests.storage.databases import everything
from tests.storage.searching import found_in, written

NAMES = ("Samirazade", "S.K.Z.", "Kim Berg", "kim@example.org")
WORDS = (
    "Zwetschgenkuchen",
    "Quittengelee",
    "شمس‌الضحى",
    "Blåbærsyltetøy",
    "Xylophonstunde",
    "Wolpertinger",
    "Jitterbug",
)
"""Words that stand in no text of ours."""
READABLE = b"weekly_checkin/what_hard"
"""The name of a question is readable to SQL: a search that does not find it would find nothing."""


async def tells_everything(person: Person) -> None:
    """Free text wherever there is room for it, and where there is none."""
    cake, jelly, sun, jam, xylophone, wolpertinger, jitterbug = WORDS
    await person.onboards()
    await person.says(f"before it begins: {wolpertinger}")
    await person.says("start")
    await person.says(f"{jitterbug} does not fit here")
    await person.chooses("2")
    await person.chooses("1")
    await person.chooses(words=cake)
    await person.chooses("outside", "work")
    await person.chooses("sleep", words=jelly)
    await person.says(sun)
    await person.says(jam)
    await person.presses("back")
    await person.says(xylophone)
    await person.shares("more_sure", "what_hard|outside", "help")
    await person.says(jitterbug)
    await person.taps(Tap(1, "onboarding/explained", "choose", (wolpertinger,)), text=wolpertinger)


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every record of every library, from the first one on."""
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "aiohttp", "asyncio", "bot", "storage"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


def said(logs: pytest.LogCaptureFixture) -> bytes:
    """All that was logged, with what was given to be filled in and where errors came from."""
    return "\n".join(f"{record.getMessage()} {record.args} {record.exc_text}" for record in logs.records).encode()


async def test_no_word_of_a_conversation_stands_in_clear(
    database_url: str, master_key: bytes, logs: pytest.LogCaptureFixture
) -> None:
    async with opened(database_url, master_key) as (database, vault):
        world = await deployed(database, vault)
        samira = await world.person(NAMES[0], language="nb", pseudonym=NAMES[1])
        await tells_everything(samira)
        assert await world.quarantined() == []
        kept = {one.value for one in await samira.answers()}
        assert {WORDS[0], WORDS[3], WORDS[4]} <= kept, "the words were taken"
        stored = await database.read(everything)
        while_open = await asyncio.to_thread(written, database_url)
    after = await asyncio.to_thread(written, database_url)
    for place in (stored, while_open, after):
        assert READABLE in place
        assert found_in(place, (*NAMES, *WORDS)) == set()
    assert b"SELECT staff.id" in said(logs), "statements are logged"
    assert found_in(said(logs), (*NAMES, *WORDS)) == set()


async def test_no_word_is_logged_when_things_go_wrong(world: TurnWorld, logs: pytest.LogCaptureFixture) -> None:
    """A message that cannot be answered, one that comes from a stranger, and a database that goes away."""
    samira = await world.person(NAMES[0])
    await samira.onboards()
    await samira.says("start")
    await world.database.write(lambda conn: conn.exec_driver_sql("UPDATE conversation SET version = 99") and None)
    await samira.says(WORDS[0])
    assert len(await world.quarantined()) == 1
    await world.database.close()
    with pytest.raises(StorageAway) as away:
        await world.turns.submit(samira.message(WORDS[1]))
    assert "quarantined" in said(logs).decode()
    assert found_in(said(logs) + repr(away.value).encode(), (*NAMES, *WORDS)) == set()
