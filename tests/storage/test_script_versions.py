"""Script versions: what was published stays as it was, and numbers go up by one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from storage import scripts
from storage.database import Database
from storage.scripts import Edition

SOURCES = {"weekly_checkin": "dialogue: weekly_checkin\n", "lines": "dialogue: lines\n"}
TEXTS = {"en": {"weekly_checkin/hard": "What was hard?"}, "ar": {"weekly_checkin/hard": "ما الذي كان صعبًا؟"}}


async def publish(database: Database, now: datetime, sources: object = SOURCES, texts: object = TEXTS) -> int:
    return await database.write(
        lambda conn: scripts.publish(conn, "weekly_checkin", sources, texts, "coordinator:1", now)
    )


async def test_a_version_comes_back_as_published(database: Database, now: datetime) -> None:
    assert await publish(database, now) == 1
    found = await database.read(lambda conn: scripts.version(conn, "weekly_checkin", 1))
    assert (found.dialogue, found.version, found.sources, found.texts) == ("weekly_checkin", 1, SOURCES, TEXTS)
    assert (found.published_at, found.published_by) == (now, "coordinator:1")
    assert await database.read(lambda conn: scripts.latest(conn, "weekly_checkin")) == found


async def test_what_has_not_changed_is_not_published_again(database: Database, now: datetime) -> None:
    reordered = dict(reversed(SOURCES.items()))
    assert [await publish(database, now), await publish(database, now, reordered)] == [1, 1]


async def test_what_was_published_since_a_moment_is_told_newest_first(database: Database, now: datetime) -> None:
    for days in range(3):
        await publish(database, now + timedelta(days=days), {**SOURCES, "lines": f"dialogue: lines\n# {days}\n"})
    found = await database.read(lambda conn: scripts.published_since(conn, now + timedelta(days=1)))
    assert found == [
        Edition("weekly_checkin", version, now + timedelta(days=version - 1), "coordinator:1") for version in (3, 2)
    ]


@pytest.mark.parametrize(
    ("sources", "texts"),
    [
        ({**SOURCES, "lines": "dialogue: lines\n# changed\n"}, TEXTS),
        (SOURCES, {**TEXTS, "en": {"weekly_checkin/hard": "What was not easy?"}}),
        (SOURCES, {"en": TEXTS["en"]}),
    ],
)
async def test_a_change_of_source_or_texts_makes_the_next_version_and_leaves_the_first(
    database: Database, now: datetime, sources: object, texts: object
) -> None:
    await publish(database, now)
    assert await publish(database, now, sources, texts) == 2
    first, second = await database.read(lambda conn: [scripts.version(conn, "weekly_checkin", n) for n in (1, 2)])
    assert (first.sources, first.texts) == (SOURCES, TEXTS)
    assert (second.sources, second.texts) == (sources, texts)


async def test_going_back_to_an_earlier_wording_is_a_new_version(database: Database, now: datetime) -> None:
    await publish(database, now)
    await publish(database, now, {"weekly_checkin": "other"})
    assert await publish(database, now) == 3
    newest = await database.read(lambda conn: scripts.latest(conn, "weekly_checkin"))
    assert newest is not None
    assert (newest.version, newest.sources) == (3, SOURCES)


async def test_what_was_never_published_is_not_there(database: Database, now: datetime) -> None:
    await publish(database, now)
    for name, number in (("weekly_checkin", 2), ("weekly_checkin", 0), ("pulse", 1)):
        with pytest.raises(KeyError, match=f"{name} version {number}"):
            await database.read(lambda conn, n=name, v=number: scripts.version(conn, n, v))
    assert await database.read(lambda conn: scripts.latest(conn, "pulse")) is None


async def test_the_latest_of_every_dialogue(database: Database, now: datetime) -> None:
    assert await database.read(scripts.all_latest) == []
    for name, source in (("weekly_checkin", "a"), ("onboarding", "a"), ("weekly_checkin", "b")):
        await database.write(lambda conn, n=name, s=source: scripts.publish(conn, n, {n: s}, {}, "x", now))
    found = await database.read(scripts.all_latest)
    assert [(one.dialogue, one.version) for one in found] == [("onboarding", 1), ("weekly_checkin", 2)]


async def test_two_who_publish_at_once_get_two_numbers(database: Database, now: datetime) -> None:
    work = [publish(database, now, {"weekly_checkin": str(n)}) for n in range(8)]
    assert sorted(await asyncio.gather(*work)) == list(range(1, 9))
