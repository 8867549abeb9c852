"""A deployment whose clock is turned: people who talk as in ``turn_world``, mail in a folder, and the demo's pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import Parts, web_app
from bot.channels.mail import FolderSender
from bot.config import Settings
from bot.console.one_tap import add_one_tap
from bot.console.turning import add_turning
from bot.mailing import Post
from bot.passing import Happened, Passing
from bot.programme import InForce
from bot.shelf import ScriptShelf
from bot.turned_clock import TurnedClock
from bot.turning import DemoClock
from storage import people
from storage.people import Who
from tests.bot.staff_world import SAME_SITE
from tests.bot.turn_world import MONDAY, Person, TurnWorld, catalogs

Client = TestClient[web.Request, web.Application]


def at(day: int, time: str = "12:30", month: int = 3) -> datetime:
    """A moment in Oslo in spring 2026, before clocks go forward."""
    hour, minute = map(int, time.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@dataclass
class PassingWorld:
    """The real clock stands still on a Monday in March; ``turning`` is what is ahead of it."""

    world: TurnWorld
    turning: DemoClock
    mail: Path

    @property
    def clock(self) -> TurnedClock:
        return self.turning.clock

    @property
    def passing(self) -> Passing:
        return self.turning.passing

    async def until(self, moment: datetime) -> list[Happened]:
        """Let time pass for everybody."""
        happened = await self.passing.until(moment)
        self.world.clock.now = self.clock.now()
        return happened

    async def takes_part(self, name: str = "Amina", language: str = "en") -> Person:
        """Somebody who takes part and held a first check-in on that Monday."""
        person = await self.world.person(name, language)
        await person.onboards()
        await person.says("start")
        await person.skips_all()
        return person

    async def staff(self, role: str, language: str = "en") -> int:
        """One more member of staff."""
        values = {"name": f"Noor {role}", "mail": f"{role}-{language}@example.org", "role": role, "language": language}
        return await self.world.database.write(
            lambda conn: people.add_staff(conn, self.world.vault, **values, time_zone="Europe/Oslo", now=MONDAY)
        )

    async def link(self, who: Who) -> str:
        """A personal link: its path."""
        token = f"link-{who.participant_id}-{who.staff_id}"
        now = self.clock.now()
        await self.world.database.write(lambda conn: people.new_link(conn, self.world.vault, who, token, now))
        return f"/{'c' if who.staff_id is None else 's'}/{token}"

    def app(self, *, demo: bool = True) -> web.Application:
        """All pages, as a demo has them or as a real service does."""
        app = web_app(self.turning.parts, self.mail if demo else None)
        if demo:
            add_turning(app, self.turning)
        add_one_tap(app)
        return app

    @asynccontextmanager
    async def browsing(self, staff_id: int, *, demo: bool = True) -> AsyncIterator[Client]:
        """A browser in which this member of staff has come in."""
        async with TestClient(TestServer(self.app(demo=demo))) as client:
            opened = await client.post(
                await self.link(Who(staff_id=staff_id)), headers=SAME_SITE, allow_redirects=False
            )
            assert opened.status == 303
            yield client


def turned(world: TurnWorld, folder: Path) -> PassingWorld:
    """The same deployment with a clock that can be turned."""
    mail = folder / "mail"
    clock = TurnedClock(lambda: MONDAY, folder / "clock")
    parts = Parts(
        Settings(folder=folder),
        world.database,
        world.vault,
        catalogs(),
        InForce(world.programme),
        ScriptShelf(),
        world.turns,
        clock.now,
    )
    post = Post(FolderSender(mail), "medvind@example.org", "http://127.0.0.1")
    return PassingWorld(world, DemoClock(parts, clock, post), mail)
