"""Listening: the web server that people reach, from the port it takes to the last answer it finishes."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from yarl import URL

from bot.config import Settings
from bot.health import AccessLog
from storage.refusal import StartRefused

ANSWERING = 3.0
"""Seconds that an answer gets to be finished when Medvind stops; after it is given up it gets as long to notice."""

CLOSING = 7.0
"""Seconds until the rest is closed, whoever has not gone by then."""

_log = logging.getLogger(__name__)


class CannotListen(StartRefused):
    """The port is taken, or the address is none of this machine."""


class Listening:
    """A web server at work. ``address`` is where."""

    def __init__(self, runner: web.AppRunner, address: str) -> None:
        self.address = address
        self._runner = runner
        self._closing: asyncio.Task[None] | None = None

    def close_soon(self) -> None:
        """Begin to close: nobody new is let in, chats are told that they go away, and answers are finished."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._runner.cleanup())

    async def closed(self) -> None:
        """Until it is closed, or for so long that nobody will notice the rest."""
        self.close_soon()
        assert self._closing is not None
        closed, _ = await asyncio.wait([self._closing], timeout=CLOSING)
        for error in filter(None, (task.exception() for task in closed)):
            _log.error("closing: %s", type(error).__name__)


@asynccontextmanager
async def listen(settings: Settings, app: web.Application) -> AsyncIterator[Listening]:
    """Answer browsers while this is open. Raises CannotListen."""
    runner = web.AppRunner(app, access_log_class=AccessLog, handle_signals=False, shutdown_timeout=ANSWERING)
    await runner.setup()
    listening = Listening(runner, "")
    try:
        await _start(web.TCPSite(runner, settings.host, settings.port), settings)
        listening.address = str(URL.build(scheme="http", host=settings.host, port=runner.addresses[0][1]))
        yield listening
    finally:
        await listening.closed()


async def _start(site: web.TCPSite, settings: Settings) -> None:
    try:
        await site.start()
    except OSError as error:
        raise CannotListen(_why_not(error, settings)) from None


def _why_not(error: OSError, settings: Settings) -> str:
    other = settings.port + 1 if settings.port < 65535 else 8080
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken by another program. Choose another one: make run PORT={other}"
            f" (or medvind run --port {other})."
        )
    if error.errno == errno.EACCES:
        return f"Port {settings.port} is for the system only. Choose one above 1023: medvind run --port 8080."
    return (
        f"Medvind cannot listen on {settings.host}: it is no address of this machine. Set MEDVIND_HOST to 127.0.0.1"
        " (this machine only) or 0.0.0.0 (the network too)."
    )
