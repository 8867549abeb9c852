"""The token of a bot is in no line of the log, at no level, whatever happens."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import unused_port

from bot.channels.http import AccessLog
from bot.channels.telegram.webhook import Webhook
from tests.bot.telegram_talk import HARD, WEEK, begins, holding_talk, in_time, sees, shows, times
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every record of every logger, however quiet it is told to be."""
    levels = {name: logging.getLogger(name).level for name in [*logging.root.manager.loggerDict]}
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def loudly() -> None:
    """All that is there says everything from now on."""
    for name in [*logging.root.manager.loggerDict]:
        logging.getLogger(name).setLevel(logging.DEBUG)


def tellers(caplog: pytest.LogCaptureFixture, *secrets: str) -> set[str]:
    """The loggers that let one of these slip out, in whatever way a handler writes their records."""
    records = caplog.get_records("call")
    assert len(records) > 100
    full = logging.Formatter("%(message)s %(pathname)s")
    said = [(each.name, f"{full.format(each)} {each.__dict__!r}") for each in records]
    return {f"{name}: {text[:200]}" for name, text in said if any(secret in text for secret in secrets)}


@pytest.mark.parametrize("fault", ["drop", "cut", "fail", "truncate"])
async def test_the_token_is_in_no_line_of_the_log(
    sqlite_world: TurnWorld, everything: pytest.LogCaptureFixture, fault: str
) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        tokens = [t.account.token]
        loudly()
        _, phone = await t.person()
        await begins(phone)
        getattr(t.server.faults, fault)(times=8)
        await phone.tap("1")
        await in_time(t, lambda: shows(phone, HARD), 600, by=5)
        many = times(phone, HARD)
        await t.server.refuse()
        for _ in range(5):
            t.forward(40)
        await t.server.listen()
        tokens.append(t.account.revoke())
        await in_time(t, lambda: any(call.status == 401 for call in t.server.log.calls))
        await t.restart()
        loudly()
        await phone.type("/start")
        await in_time(t, lambda: times(phone, HARD) > many, 400, by=5)
    assert tellers(everything, *(token.partition(":")[2] for token in tokens)) == set()


@asynccontextmanager
async def served(t: TelegramWorld) -> AsyncIterator[Webhook]:
    """A bot whose updates are brought, and whose requests are written down as the service does it."""
    port = unused_port()
    t.ways = replace(t.ways, address=f"http://127.0.0.1:{port}")
    bot = t.another_bot()
    assert bot.webhook is not None
    app = web.Application()
    bot.webhook.add_to(app)
    runner = web.AppRunner(app, access_log_class=AccessLog)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    loudly()
    t.start(bot)
    try:
        yield bot.webhook
    finally:
        await t.stop()
        await runner.cleanup()


async def test_neither_the_token_nor_the_secrets_of_the_webhook_are_in_the_log(
    sqlite_world: TurnWorld, everything: pytest.LogCaptureFixture
) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world, start=False) as t, served(t) as webhook:
        _, phone = await t.person()
        await phone.type("/start")
        await sees(phone, WEEK)
        async with ClientSession() as session:
            async with session.post(t.ways.address + webhook.path, data=b"{}") as response:
                assert response.status == 401
            async with session.post(f"{t.ways.address}/telegram/else", data=b"{}") as response:
                assert response.status == 404
    access = [each.getMessage() for each in everything.get_records("call") if each.name == "aiohttp.access"]
    assert any("POST /telegram/{bot} 200" in line for line in access)
    assert tellers(everything, t.account.token.partition(":")[2], webhook.secret, webhook.path) == set()
