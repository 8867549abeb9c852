"""A demo's clock is turned while one of its people is reached in a messenger: what comes arrives there, and the
messenger does not seem to have been away."""

from __future__ import annotations

from pathlib import Path

from bot.admission import Admission
from bot.channels.telegram.bot import Ground, Rhythm, TelegramBot
from storage import channel_state, schema
from tests.bot.passing_world import PassingWorld, turned
from tests.bot.shown_text import shown
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld, catalogs
from tests.waiting import until


def bot_of(there: PassingWorld, at_telegram: TelegramWorld) -> TelegramBot:
    """The demo's bot, as a demo makes it."""
    world = there.world
    admission = Admission(database=world.database, vault=world.vault, catalogs=catalogs(), first=("en",))
    ground = Ground(world.database, world.vault, catalogs(), world.programme, world.turns, admission, there.clock.now)
    return TelegramBot(at_telegram.account.token, ground, at_telegram.ways, Rhythm(chat_interval=0.0))


async def test_what_comes_arrives_and_nobody_was_away(sqlite_world: TurnWorld, tmp_path: Path) -> None:
    there, question, next_one = turned(sqlite_world, tmp_path), "weekly_checkin/week", "weekly_checkin/job_sure"
    async with telegram(sqlite_world, start=False) as at_telegram:
        person, phone = await at_telegram.person()
        await person.onboards()
        await person.says("start")
        await person.skips_all()
        bot = bot_of(there, at_telegram)
        at_telegram.start(bot)

        async def alive_now() -> bool:
            state = await sqlite_world.database.read(lambda conn: channel_state.read(conn, bot.channel))
            return state is not None and state.alive_at == there.clock.now()

        async def sees(context: str) -> bool:
            return shown(context, "en") in phone.screen[-1].text

        await phone.type("hello")
        await until(lambda: sees("ui/nothing_open"))
        await until(alive_now)
        assert [await there.turning.turn("week"), await there.turning.turn("next")] == [False, True]
        await until(lambda: sees(question))
        await phone.type("4")
        await until(lambda: sees(next_one))
        await until(alive_now)
        asked = [bubble.text for bubble in phone.screen if shown(question, "en") in bubble.text]
        assert len(asked) == 1, "nobody is asked again as after a time away"
        assert await sqlite_world.rows(schema.audit, action="channel.long_gap") == []
