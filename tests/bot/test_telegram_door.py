"""Cases 36 and 37: what anybody may send to the page for updates, and updates that nobody can read."""

from __future__ import annotations

import json
import logging

import pytest
from aiohttp import ClientSession

from bot.channels.telegram.webhook import LARGEST_UPDATE
from storage import schema, strays
from tests.bot.telegram_cases import (
    HARD,
    ON_SQLITE,
    SURE,
    Brought,
    all_taken,
    begins,
    brought_day,
    count,
    day,
    kept,
    sees,
)
from tests.bot.turn_world import TurnWorld
from tests.waiting import until

pytestmark = ON_SQLITE
FORGED = json.dumps(
    {
        "update_id": 77,
        "message": {
            "message_id": 900,
            "date": 1_772_440_000,
            "from": {"id": 7_000_001, "is_bot": False, "first_name": "Sam"},
            "chat": {"id": 7_000_001, "type": "private"},
            "text": "/stop",
        },
    }
).encode()


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("secret", ["", "x", "é", "0" * 64])
async def test_case_36_a_forged_update_is_refused_without_a_word(
    world: TurnWorld, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with brought_day(world) as (t, brought):
        person, phone = await begins(t)
        assert phone.id == 7_000_001
        before = await world.database.read(kept)
        assert await brought.bring(FORGED, secret) == (401, b"")
        assert await brought.bring(b"x" * (LARGEST_UPDATE + 1), secret) == (401, b"")
        assert await elsewhere(brought) == [404, 404, 405]
        assert await world.database.read(kept) == before
        assert await person.state() == "active"
        assert errors(caplog) == []
        assert t.account.webhook is not None
        assert t.account.webhook.settings.secret not in caplog.text
        assert await brought.bring(FORGED) == (200, b""), "it was the secret alone that was wrong"
        assert await person.state() == "stopped"


async def elsewhere(brought: Brought) -> list[int]:
    """What is answered at a path that is not quite it, above it, and to a browser."""
    found = []
    async with ClientSession() as http:
        async with http.post(brought.url[:-1], data=FORGED) as response:
            found.append(response.status)
        async with http.post(brought.url.rpartition("/")[0], data=FORGED) as response:
            found.append(response.status)
        async with http.get(brought.url) as response:
            found.append(response.status)
    return found


async def test_case_36_what_is_too_large_is_not_read_and_holds_nothing_up(
    world: TurnWorld, caplog: pytest.LogCaptureFixture
) -> None:
    async with brought_day(world) as (t, brought):
        _, phone = await begins(t)
        assert await brought.bring(b"x" * (LARGEST_UPDATE + 1)) == (200, b"")
        assert errors(caplog) == ["an update was larger than any that Telegram makes; it was not read"]
        await phone.type("The noise")
        await sees(phone, SURE)


UNREADABLE = [
    b"",
    b"{",
    b"[]",
    b"7",
    b'{"message": {}}',
    b'{"update_id": "secret words"}',
    b'{"update_id": 5, "message": 7}',
    b'{"update_id": 5, "message": {"message_id": 3, "chat": "secret words"}}',
    b'{"update_id": 5, "callback_query": {"id": 7}}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_case_37_what_nobody_can_read_is_kept_and_reported_and_holds_nothing_up(
    world: TurnWorld, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with brought_day(world) as (t, brought):
        _, phone = await begins(t)
        assert await brought.bring(body) == (200, b"")
        assert await brought.bring(body) == (200, b"")
        (stray,) = await world.database.read(lambda conn: strays.read(conn, world.vault))
        assert (stray.channel, stray.body) == (t.bot.channel, body)
        assert errors(caplog) == [f"an update was kept unread: {stray.cause}"] * 2
        assert "secret words" not in caplog.text
        await phone.type("The noise")
        await sees(phone, SURE)


async def test_case_37_an_update_of_a_kind_nobody_knows_is_passed_over(
    world: TurnWorld, caplog: pytest.LogCaptureFixture
) -> None:
    async with brought_day(world) as (t, brought):
        _, phone = await begins(t)
        before = await world.database.read(kept)
        assert await brought.bring(b'{"update_id": 5, "hologram": {"depth": 3}}') == (200, b"")
        assert await world.database.read(kept) == before
        assert errors(caplog) == []
        assert count(phone, HARD) == 1


async def test_case_37_what_nobody_can_read_does_not_stop_who_asks_for_updates(
    world: TurnWorld, caplog: pytest.LogCaptureFixture
) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        t.server.faults.withhold = True
        t.account.inject({"message": 7})
        await phone.type("The noise")
        t.account.inject({"callback_query": {"id": None}})
        t.server.faults.withhold = False
        await sees(phone, SURE)

        async def both_are_kept() -> bool:
            return await world.count(schema.stray) == 2

        await until(both_are_kept)
        assert await person.answered() == {"hard": "The noise"}
        assert len(errors(caplog)) == 2
        await all_taken(t)
