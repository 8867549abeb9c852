"""What is known of a channel outlives a restart: when it answered, whether it asked to wait, what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage import channel_state
from storage.channel_state import ChannelState
from storage.database import Database

BOT, OTHER = "telegram:700001", "telegram:700002"
MINUTE = timedelta(minutes=1)


async def state(database: Database, channel: str = BOT) -> ChannelState | None:
    return await database.read(lambda conn: channel_state.read(conn, channel))


async def test_a_sign_of_life_tells_when_the_one_before_it_was(database: Database, now: datetime) -> None:
    assert await state(database) is None
    signs = [now, now + MINUTE, now + 3 * MINUTE]
    before = [await database.write(lambda conn, at=at: channel_state.touch(conn, BOT, at)) for at in signs]
    assert before == [None, *signs[:2]]
    assert await state(database) == ChannelState(BOT, signs[2], None, None)
    assert await state(database, OTHER) is None


async def test_trouble_is_kept_of_a_channel_that_never_answered(database: Database, now: datetime) -> None:
    await database.write(lambda conn: channel_state.trouble(conn, BOT, "Unauthorized"))
    assert await state(database) == ChannelState(BOT, None, None, "Unauthorized")
    assert await database.write(lambda conn: channel_state.touch(conn, BOT, now)) is None
    assert await state(database) == ChannelState(BOT, now, None, "Unauthorized")
    await database.write(lambda conn: channel_state.trouble(conn, BOT, None))
    assert await state(database) == ChannelState(BOT, now, None, None)


async def test_a_pause_is_kept_until_it_is_lifted(database: Database, now: datetime) -> None:
    await database.write(lambda conn: channel_state.touch(conn, BOT, now))
    for until in (now + MINUTE, now + 2 * MINUTE, None):
        await database.write(lambda conn, until=until: channel_state.pause(conn, BOT, until))
        assert await state(database) == ChannelState(BOT, now, until, None)


@pytest.mark.parametrize(("said", "stored"), [("x" * 500, "x" * 200), ("a\0b", "ab"), ("", "")])
async def test_whatever_is_wrong_can_be_stored(database: Database, said: str, stored: str) -> None:
    await database.write(lambda conn: channel_state.trouble(conn, BOT, said))
    found = await state(database)
    assert found is not None
    assert found.trouble == stored


async def test_all_channels_are_listed_by_name(database: Database, now: datetime) -> None:
    assert await database.read(channel_state.all_states) == []
    await database.write(lambda conn: channel_state.pause(conn, OTHER, now))
    await database.write(lambda conn: channel_state.touch(conn, BOT, now))
    assert await database.read(channel_state.all_states) == [
        ChannelState(BOT, now, None, None),
        ChannelState(OTHER, None, now, None),
    ]
