"""Caller: a plain client of the Bot API, and the stand-in with one bot and one phone that it calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from tests.telegram_stand_in import Bot, Clock, Phone, StandIn
from tests.waiting import PATIENCE, until

NOON = 1_800_000_000.0
SAM = 1_001


@dataclass
class Caller:
    """What a bot would call with, beside what it calls. The clock stands still until a test turns it."""

    telegram: StandIn
    bot: Bot
    phone: Phone
    session: ClientSession

    def address(self, method: str, token: str = "") -> str:
        """Where a method is called."""
        return f"{self.telegram.url}/bot{token or self.bot.token}/{method}"

    async def call(self, method: str, **given: Any) -> tuple[int, dict[str, Any]]:
        """Call with JSON: the status and the answer."""
        async with self.session.post(self.address(method), json=given) as response:
            return response.status, await response.json()

    async def result(self, method: str, **given: Any) -> Any:
        """What is answered to a call that is taken."""
        status, answer = await self.call(method, **given)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def refused(self, method: str, **given: Any) -> str:
        """The words of a refusal."""
        status, answer = await self.call(method, **given)
        assert not answer["ok"]
        assert answer["error_code"] == status
        return str(answer["description"])

    async def say(self, text: str = "Hello", *rows: list[tuple[str, str]], **given: Any) -> dict[str, Any]:
        """Send to the phone, with rows of buttons as label and data."""
        return await self.result("sendMessage", chat_id=SAM, text=text, **board(*rows), **given)  # type: ignore[no-any-return]

    async def waits(self, number: int = 1) -> None:
        """Until so many wait by the clock: long polls, and pauses before another attempt."""
        await until(lambda: self.telegram.clock.alarms == number)

    async def updates(self, **given: Any) -> list[dict[str, Any]]:
        """getUpdates."""
        return await self.result("getUpdates", **given)  # type: ignore[no-any-return]


def board(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    """The parameter for an inline keyboard; none for no rows."""
    if not rows:
        return {}
    return {"reply_markup": {"inline_keyboard": [[{"text": a, "callback_data": b} for a, b in row] for row in rows]}}


@asynccontextmanager
async def calling(**options: Any) -> AsyncIterator[Caller]:
    """A new stand-in, a bot that may fetch as often as it likes, and a phone that has started it."""
    options.setdefault("clock", Clock(lambda: NOON))
    async with StandIn(**options) as telegram, ClientSession(timeout=ClientTimeout(total=PATIENCE)) as session:
        bot = telegram.add_bot()
        bot.polling.throttles = False
        phone = Phone(SAM, "nb", telegram, bot)
        phone.chat.state = "open"
        yield Caller(telegram, bot, phone, session)


async def settled() -> None:
    """Long enough for anything that is about to happen on this machine."""
    await asyncio.sleep(0.05)
