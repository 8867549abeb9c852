"""Health: whether this process lives, and whether it takes work: for a load balancer, or whoever else keeps watch."""

from __future__ import annotations

import asyncio
from typing import Protocol, TypeVar

from aiohttp import hdrs, web
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import http
from storage import form
from storage.database import StorageAway, Work

PATIENCE = 2.0
"""Seconds that the database may take to answer."""

FOLDER = "/health/"

_HEADERS = {hdrs.CACHE_CONTROL: "no-store"}
T = TypeVar("T")


class Readable(Protocol):
    """A database as far as it is asked here."""

    async def read(self, work: Work[T]) -> T:
        """As ``storage.database.Database`` does. Raises StorageAway."""
        ...


class Health:
    """The state of one process. ``is_stopping`` is set as soon as it is to end, before anything is closed."""

    def __init__(self, database: Readable, patience: float = PATIENCE) -> None:
        self.is_stopping = False
        self._database = database
        self._patience = patience
        self._looking: asyncio.Future[str] | None = None

    async def why_not(self) -> str:
        """Why this process takes no work, in one word: "stopping", "database" (it does not answer in time) or
        "tables" (they are not of the form that this Medvind knows). Empty when it does.

        A look that takes too long goes on, and whoever asks meanwhile waits for the same one: a database that hangs
        is not given more to do.
        """
        if self.is_stopping:
            return "stopping"
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())
        looking = self._looking
        in_time, _ = await asyncio.wait([looking], timeout=self._patience)
        return looking.result() if in_time else "database"

    async def _look(self) -> str:
        try:
            found = await self._database.read(form.found)
        except StorageAway:
            return "database"
        except SQLAlchemyError:
            return "tables"
        return "" if found == form.newest() else "tables"


def add_health(app: web.Application, health: Health) -> None:
    """Add the two pages to an application. They say no more than one word, to whoever asks."""

    async def live(_: web.Request) -> web.Response:
        """That it can answer is the answer: an event loop that is stuck cannot."""
        return web.Response(text="live\n", headers=_HEADERS)

    async def ready(_: web.Request) -> web.Response:
        why_not = await health.why_not()
        return web.Response(status=503 if why_not else 200, text=f"{why_not or 'ready'}\n", headers=_HEADERS)

    app.router.add_get(f"{FOLDER}live", live)
    app.router.add_get(f"{FOLDER}ready", ready)


class AccessLog(http.AccessLog):
    """Without those who only ask how we do, every few seconds and for ever."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """``time`` is in seconds."""
        if not request.path.startswith(FOLDER):
            super().log(request, response, time)
