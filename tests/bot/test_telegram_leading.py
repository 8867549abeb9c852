"""Who asks Telegram for updates, and who sends: one process of all, whatever else runs beside it or did before."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import unused_port

from bot.channels.telegram.bot import Rhythm, Ways
from storage import schema
from tests.bot.telegram_cases import bringing
from tests.bot.telegram_talk import HARD, WEEK, all_sent, begins, holding_talk, in_time, sees, shows, times
from tests.bot.telegram_world import BotClock, TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld, deployed, opened
from tests.prove.child import Child
from tests.storage.databases import PostgresqlDatabases
from tests.telegram_stand_in import StandIn
from tests.telegram_stand_in.webhooks import Settings as Webhook
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("no_errors")


async def test_case_50_of_two_processes_one_asks_and_the_other_waits_until_it_is_gone(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        _, phone = await t.person()
        await begins(phone)
        second = t.another_bot()
        waiting = t.start(second)
        for _ in range(10):
            t.forward(3)
            await asyncio.sleep(0.02)
        assert t.server.log.count("getMe") == 1
        assert t.server.log.count("getUpdates", 409) == 0
        first, t._tasks[:] = t._tasks[0], [waiting]
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await phone.tap("2")
        await in_time(t, lambda: shows(phone, HARD))
        assert t.server.log.count("getMe") == 2
        await all_sent(t)
        assert (times(phone, WEEK), times(phone, HARD)) == (1, 1)


async def test_case_50_a_stranger_with_the_same_token_does_not_make_the_bot_fall_over(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t, ClientSession() as session:
        person, phone = await t.person()
        await begins(phone)
        asks = f"{t.server.url}/bot{t.account.token}/getUpdates"
        for many in range(1, 4):
            async with asyncio.TaskGroup() as tasks:
                asking = tasks.create_task(_asked(session, asks))
                await in_time(t, partial(refused, t, many))
                asking.cancel()
        await phone.tap("2")
        await in_time(t, lambda: shows(phone, HARD))
        assert await person.answered() == {"week": "2"}
        assert t.server.log.dropped == []


def refused(t: TelegramWorld, many: int) -> bool:
    """Whether the bot was told so often that somebody else asks."""
    return t.server.log.count("getUpdates", 409) >= many


async def _asked(session: ClientSession, url: str) -> None:
    while True:
        async with session.post(url, json={"timeout": 20}) as response:
            await response.read()


async def test_case_50_when_the_leading_process_is_killed_another_takes_over(
    postgresql_databases: PostgresqlDatabases, master_key: bytes, tmp_path: Path
) -> None:
    with postgresql_databases.url() as url:
        async with opened(url, master_key) as (database, vault), await StandIn.start() as server:
            world = await deployed(database, vault)
            t = TelegramWorld(world, server, server.add_bot(), Ways(server.url, 25), Rhythm(BotClock(server.clock)))
            person, phone = await t.person()
            first, second = unused_port(), unused_port()
            settings = {
                "folder": tmp_path,
                "database_url": url,
                "key": b64encode(master_key).decode(),
                "telegram_tokens": t.account.token,
                "telegram_api": server.url,
            }
            leads = Child({**settings, "port": first}, str(tmp_path / "log"))
            waits = None
            try:
                await phone.type("/start")
                await phone.until(lambda it: bool(it.said), 20)
                waits = Child({**settings, "port": second}, str(tmp_path / "log"))
                await is_up(second)
                calls = server.log.count("getMe")
                leads.kill()
                await phone.tap("OK")
                await phone.until(lambda it: len(it.said) == 2, 20)
                assert server.log.count("getMe") == calls + 1 == 2
                assert await world.count(schema.inbox, participant_id=person.id, state="done") == 2
            finally:
                leads.kill()
                if waits is not None:
                    await asyncio.to_thread(waits.stop)
            assert "Error" not in (tmp_path / "log").read_text()


async def is_up(port: int) -> None:
    """Wait until a process serves its pages."""

    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    await until(answers)


async def test_case_51_a_webhook_that_was_left_is_taken_away_and_nothing_that_waits_is(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world, start=False) as t:
        person, phone = await t.person()
        t.account.bring_to(Webhook("http://127.0.0.1:9/left"))
        await phone.type("/start")
        t.start()
        await sees(phone, WEEK)
        assert t.account.webhook is None
        assert t.server.log.dropped == []
        t.account.bring_to(Webhook("http://127.0.0.1:9/again"))
        await phone.tap("2")
        await in_time(t, lambda: shows(phone, HARD))
        assert await person.answered() == {"week": "2"}
        assert t.server.log.dropped == []


async def test_case_52_nothing_that_waits_is_ever_thrown_away_at_a_start(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world, start=False) as t:
        (one, phone), (other, her_phone) = await t.person(), await t.person(name="Bea")
        await phone.type("/start")
        await her_phone.type("/start")
        t.start()
        await sees(phone, WEEK)
        await sees(her_phone, WEEK)
        await t.stop()
        await phone.tap("1")
        await her_phone.tap("3")
        async with bringing(t) as brought:
            t.start(brought.bot)
            await sees(phone, HARD)
            await sees(her_phone, HARD)
            await all_sent(t)
            await t.stop()
        assert t.server.log.dropped == []
        assert [await it.answered() for it in (one, other)] == [{"week": "1"}, {"week": "3"}]


async def test_several_bots_of_one_deployment_talk_each_with_its_own_people(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        second = TelegramWorld(world, t.server, t.server.add_bot("other_bot"), t.ways, t.rhythm)
        other, her_phone = await second.person(name="Bea")
        second.start()
        try:
            await begins(phone)
            await begins(her_phone)
            await phone.tap("1")
            await her_phone.tap("3")
            await sees(phone, HARD)
            await sees(her_phone, HARD)
            await all_sent(t)
            await all_sent(second)
        finally:
            await second.stop()
        assert [await it.answered() for it in (person, other)] == [{"week": "1"}, {"week": "3"}]
        assert {each.chat for each in t.server.log.sent if each.bot == t.account.username} == {phone.id}
        assert {each.chat for each in t.server.log.sent if each.bot == second.account.username} == {her_phone.id}
