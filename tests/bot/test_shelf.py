"""ScriptShelf: a version is read once, a new version is seen at once, and a language is taken whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from bot.shelf import ScriptShelf
from storage import scripts
from tests.bot.digest_samples import ENGLISH, NORWEGIAN, NOW
from tests.bot.staff_world import CHECKIN, World, world


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def test_a_version_is_read_once(service: World) -> None:
    shelf = ScriptShelf()

    def twice(conn: Connection) -> tuple[object, object, int]:
        asked: list[str] = []
        event.listen(conn, "before_cursor_execute", lambda *call: asked.append(call[2]))
        return shelf.get(conn, "checkin", 1), shelf.get(conn, "checkin", 1), len(asked)

    first, second, statements = await service.database.read(twice)
    assert first is second
    assert statements == 1


async def test_a_version_has_its_script_and_its_texts(service: World) -> None:
    published = await service.database.read(lambda conn: ScriptShelf().get(conn, "checkin", 1))
    assert (published.dialogue, published.version) == ("checkin", 1)
    assert list(published.script.by_key)[:2] == ["checkin/week", "checkin/sure"]
    assert published.texts["nb"]["checkin/week.label"] == "nb Week"
    assert published.language_for("nb") == "nb"
    assert published.language_for("ar") == "en"


async def test_the_latest_is_the_latest(service: World) -> None:
    shelf = ScriptShelf()
    before = await service.database.read(lambda conn: shelf.latest(conn, "checkin"))
    reworded = CHECKIN.replace("How was your week?", "How did the week go?")
    texts = {"en": ENGLISH, "nb": NORWEGIAN}
    await service.database.write(
        lambda conn: scripts.publish(conn, "checkin", {"checkin": reworded}, texts, "staff:1", NOW)
    )
    after = await service.database.read(lambda conn: shelf.latest(conn, "checkin"))
    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)
    assert await service.database.read(lambda conn: shelf.get(conn, "checkin", 1)) is before
    assert await service.database.read(lambda conn: shelf.get(conn, "checkin", 2)) is after


async def test_what_was_never_published(service: World) -> None:
    assert await service.database.read(lambda conn: ScriptShelf().latest(conn, "nothing")) is None
    with pytest.raises(KeyError):
        await service.database.read(lambda conn: ScriptShelf().get(conn, "checkin", 7))


async def test_only_so_many_are_kept_the_last_used_longest(service: World) -> None:
    for number in (2, 3):
        source = CHECKIN.replace("your week", f"week {number}")
        await service.database.write(
            lambda conn, source=source: scripts.publish(conn, "checkin", {"checkin": source}, {}, "staff:1", NOW)
        )
    shelf = ScriptShelf(room=2)

    def use(conn: Connection) -> tuple[bool, bool]:
        one, two = shelf.get(conn, "checkin", 1), shelf.get(conn, "checkin", 2)
        shelf.get(conn, "checkin", 1)
        shelf.get(conn, "checkin", 3)
        return shelf.get(conn, "checkin", 1) is one, shelf.get(conn, "checkin", 2) is two

    assert await service.database.read(use) == (True, False)
