"""StandIn: a server on this machine that a bot takes for Telegram."""

from __future__ import annotations

import asyncio
import random
import socket
from functools import partial
from types import TracebackType
from typing import Any

from aiohttp import ClientSession, TCPConnector
from aiohttp.web import BaseRequest, Server, StreamResponse

from tests.telegram_stand_in.api import Api
from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.chats import Person
from tests.telegram_stand_in.clock import Clock
from tests.telegram_stand_in.faults import Faults
from tests.telegram_stand_in.flood import Limits
from tests.telegram_stand_in.log import Log
from tests.telegram_stand_in.pages import Pages
from tests.telegram_stand_in.platform import Platform

HOST = "127.0.0.1"
PATIENCE = 0.05
"""Seconds that open requests have when the server stops."""
FIRST_BOT = 7_000_000_001
MOST_BYTES = 60 << 20
"""Of one request: a file may have 50 MiB."""


class StandIn:
    """``async with StandIn() as telegram`` or ``await StandIn.start()`` and ``close()``. Everything is in memory."""

    def __init__(
        self,
        port: int = 0,
        *,
        clock: Clock | None = None,
        seed: int = 1,
        limits: Limits | None = None,
        local: bool = True,
    ) -> None:
        chance = random.Random(seed)
        faults = Faults(random.Random(seed + 1))
        self.platform = Platform(clock or Clock(), chance, faults, limits or Limits(), local=local)
        self.platform.answered = self._answered
        faults.resumed = self._resumed
        self.people: dict[int, Person] = {}
        self.port = port
        self._api = Api(self.platform)
        self._pages = Pages(self)
        self._web: Server | None = None
        self._listening: asyncio.Server | None = None
        self._replies: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(cls, port: int = 0, **options: Any) -> StandIn:
        """Listen on this port of the machine itself; 0 takes a free one. ``options`` as for the class."""
        made = cls(port, **options)
        await made.listen()
        return made

    async def __aenter__(self) -> StandIn:
        if self._listening is None:
            await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
        if error is None and self.platform.broken:
            raise self.platform.broken[0]

    @property
    def url(self) -> str:
        """The address; that of the Bot API is ``{url}/bot``."""
        return f"http://{HOST}:{self.port}"

    @property
    def clock(self) -> Clock:
        """The stand-in's own time."""
        return self.platform.clock

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.platform.faults

    @property
    def limits(self) -> Limits:
        """How much a bot may send."""
        return self.platform.limits

    @property
    def log(self) -> Log:
        """What was called and sent."""
        return self.platform.log

    @property
    def bots(self) -> list[Bot]:
        """All bots."""
        return self._api.bots

    def add_bot(self, username: str = "medvind_bot", name: str = "Medvind") -> Bot:
        """One more bot, with a token of its own; ValueError if the username is taken."""
        if any(bot.username.lower() == username.lower() for bot in self.bots):
            raise ValueError(f"there is a bot {username} already")
        made = Bot(FIRST_BOT + len(self.bots), username, name, self.platform)
        self.bots.append(made)
        return made

    def bot_named(self, username: str) -> Bot:
        """The bot with this username; LookupError if there is none."""
        for bot in self.bots:
            if bot.username.lower() == username.lower():
                return bot
        raise LookupError(username)

    def person(self, number: int, language_code: str = "en", first_name: str = "Sam") -> Person:
        """Somebody with this id, known from before or new."""
        known = self.people.get(number)
        if known is None:
            known = self.people[number] = Person(number, first_name, language_code)
        return known

    async def listen(self) -> None:
        """Take connections, on the same port as before."""
        if self.platform.session is None:
            self.platform.session = ClientSession(connector=TCPConnector(limit=0))
        loop = asyncio.get_running_loop()
        self._web = Server(self._answer, request_factory=partial(_request, loop), access_log=None)
        self._listening = await loop.create_server(
            self._web, HOST, self.port, family=socket.AF_INET, backlog=1024, reuse_address=True
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Refuse connections and end those there are, until ``listen()``."""
        listening, web = self._listening, self._web
        self._listening = self._web = None
        if listening is None or web is None:
            return
        listening.close()
        web.pre_shutdown()
        await web.shutdown(PATIENCE)
        await listening.wait_closed()

    async def close(self) -> None:
        """End everything."""
        await self.refuse()
        tasks = list(self._replies)
        for bot in self.bots:
            if bot.webhook is not None:
                tasks += bot.webhook.tasks
            bot.drop_webhook()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.platform.session is not None:
            await self.platform.session.close()
            self.platform.session = None

    async def _answer(self, request: BaseRequest) -> StreamResponse:
        if request.path.startswith("/bot"):
            return await self._api.answer(request)
        return await self._pages.answer(request)

    def _answered(self, bot: Bot, given: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._api.reply(bot, given))
        self._replies.add(task)
        task.add_done_callback(self._replies.discard)

    def _resumed(self) -> None:
        for bot in self.bots:
            bot.resume()


def _request(loop: asyncio.AbstractEventLoop, *parts: Any) -> BaseRequest:
    return BaseRequest(*parts, loop, client_max_size=MOST_BYTES)
