"""OwnPage: the site as it is served, one participant who also talks, and the phone on which they look at My page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.messages import Tap
from bot.my_page.record import Record, read
from bot.my_page.words import OwnWords
from storage import people
from tests.bot.phone import Phone
from tests.bot.real_chat import RealChat, real_chat
from tests.bot.turn_world import Clock, Person, TurnWorld

SESSION = "session-of-sam"


@dataclass
class OwnPage:
    """``person`` talks through turns of their own on the database of ``site``."""

    site: RealChat
    world: TurnWorld
    person: Person
    phone: Phone

    async def look(self, part: str = "") -> str:
        """Open a part of the page: the words on it."""
        response = await self.phone.get(f"/me/{part}" if part else "/me")
        assert response.status == 200, await response.text()
        return self.phone.page.words

    async def record(self) -> Record:
        """What the page is made of."""
        parts = self.site.parts
        return await parts.database.read(lambda conn: read(conn, parts.vault, parts.shelf, self.person.id))

    async def words(self, language: str = "en") -> OwnWords:
        """The words it is made of."""
        record = await self.record()
        person = record.person
        return OwnWords(self.site.parts.catalogs, language, person.time_zone, person.name, record.specialist)

    async def opens(self, dialogue: str) -> None:
        """Begin a dialogue as the buttons of the page do."""
        await self.person.taps(Tap(0, "", "open", (dialogue,)))

    def move(self, **time: float) -> None:
        """Let time pass for everything."""
        self.world.clock.forward(**time)
        self.site.now = self.world.clock.now


@asynccontextmanager
async def own_page(folder: Path, *, translates: bool = False) -> AsyncIterator[OwnPage]:
    """A participant with the page open, who has answered nothing yet."""
    async with real_chat(folder, translates=translates) as site, TestClient(TestServer(site.app)) as client:
        parts = site.parts
        world = TurnWorld(parts.database, parts.vault, site.specialist, parts.programme, Clock(site.now))
        phone = Phone(client, site)
        await site.parts.database.write(lambda conn: _enter(conn, site))
        client.session.cookie_jar.update_cookies({"medvind": SESSION})
        yield OwnPage(site, world, Person(world, site.participant), phone)
        await world.turns.close()


def _enter(conn: Connection, site: RealChat) -> None:
    who = people.Who(site.participant)
    people.start_session(conn, site.parts.vault, who, SESSION, site.now, timedelta(days=30))
