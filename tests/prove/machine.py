"""Machine: the real service in a process of its own, one of several, with a clock that can be turned while it runs.

It is put together as ``bot.serving`` does it, but for three things: the clock, background work that comes every two
seconds instead of every minute, and one bot that is brought its messages beside one that asks for them.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.delivery.clock import SystemClock
from storage.database import StorageAway
from tests.forked import Forked
from tests.prove.clocks import TurnedClock

if TYPE_CHECKING:
    from bot.app import Parts
    from bot.channels.telegram.bot import TelegramBot

OFTEN = "*/2 * * * * *"
NOT_STARTED = 3
"""How a life ends that has found no database."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a machine lives: its port, the files that its clock goes by, and the token of the bot that is polled."""

    port: int
    clocks: tuple[Path, ...]
    polled: str
    log: Path


class _TurnedSystemClock(SystemClock):
    """What delivery goes by: the time can be turned, what is waited for cannot."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now()


class Machine(Forked):
    """One life of the service at a place."""

    def __init__(self, settings: dict[str, object], place: Place) -> None:
        super().__init__(_live, settings, place)


def _live(settings: dict[str, object], place: Place) -> None:
    words = f"%(asctime)s {place.port} %(levelname)s %(name)s %(message)s"
    logging.basicConfig(filename=place.log, level=logging.WARNING, format=words)
    try:
        asyncio.run(_serve(Settings(port=place.port, **settings), place))  # type: ignore[arg-type]
    except StorageAway as away:
        logging.warning("did not start: %s", away)
        sys.exit(NOT_STARTED)


async def _serve(settings: Settings, place: Place) -> None:
    from bot.app import master_key, opened, post, running, web_app
    from bot.background import Background
    from bot.health import Health, add_health
    from bot.jobs import working
    from bot.listening import listen
    from bot.serving import Front
    from bot.version import version

    async with opened(settings, master_key(settings), TurnedClock(*place.clocks).now) as parts:
        brought, asking = *settings.bot_tokens(), place.polled
        bots = [_bot(parts, brought, settings.address), _bot(parts, asking, "")]
        app, health = web_app(parts, None, bots), Health(parts.database)
        add_health(app, health)
        async with listen(settings, app) as listening:
            tasks = Background(parts, post(settings, settings.address, None)).tasks()
            often = [replace(task, cron=OFTEN) if task.name != "purge" else task for task in tasks]
            async with (
                working(parts.database, settings.database(), often, address=listening.address, version=version()),
                running(bots),
            ):
                await Front(listening, "", health, settings.stop_delay).until_stopped(lambda: None)


def _bot(parts: Parts, token: str, brought_to: str) -> TelegramBot:
    """A bot all of whose clocks are turned."""
    from bot.admission import Admission
    from bot.channels.telegram.bot import Ground, Rhythm, TelegramBot, Ways

    database, vault, catalogs, programme = parts.database, parts.vault, parts.catalogs, parts.programme
    admission = Admission(database=database, vault=vault, catalogs=catalogs, first=programme.languages)
    ground = Ground(database, vault, catalogs, programme, parts.turns, admission, parts.now)
    ways = Ways(parts.settings.telegram_api, parts.settings.telegram_per_second, brought_to)
    return TelegramBot(token, ground, ways, Rhythm(_TurnedSystemClock(parts.now)))
