"""ChatSite: the web chat on a database of its own, with one participant who has a personal link."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bot.catalogs import Catalogs
from bot.channels.web import add_chat
from bot.programme import Programme, load_programme
from storage import people
from storage.database import Database, StorageAway, Work
from storage.opening import open_storage
from storage.vault import Vault
from tests.bot.fake_turns import FakeTurns
from tests.storage.databases import put_migrated

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


@cache
def catalogs() -> Catalogs:
    """The shipped languages."""
    return Catalogs.load(ROOT / "locales", allow_drafts=True)


@cache
def programme() -> Programme:
    """The demo's."""
    return load_programme(ROOT / "bot" / "demo" / "programme.yaml", NOW.date())


class Interrupted:
    """A database that can be taken away and brought back."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.away = False

    async def read(self, work: Work[T]) -> T:
        """As the database does, unless it is away."""
        self._check()
        return await self._database.read(work)

    async def write(self, work: Work[T]) -> T:
        """As the database does, unless it is away."""
        self._check()
        return await self._database.write(work)

    def _check(self) -> None:
        if self.away:
            raise StorageAway("as told")


@dataclass
class ChatSite:
    """``now`` can be moved; ``token`` is the participant's personal link."""

    app: web.Application
    turns: FakeTurns
    database: Interrupted
    vault: Vault
    participant: int
    token: str
    now: datetime = NOW

    def lose_database(self) -> None:
        """From now on nothing can be read or written."""
        self.database.away = self.turns.away = True

    def find_database(self) -> None:
        """It is back."""
        self.database.away = self.turns.away = False

    async def link(self, who: people.Who, token: str, expires_at: datetime | None = None) -> None:
        """One more personal link."""
        await self.database.write(lambda conn: people.new_link(conn, self.vault, who, token, self.now, expires_at))


@asynccontextmanager
async def chat_site(folder: Path, language: str = "en") -> AsyncIterator[ChatSite]:
    """A site that is ready to be served."""
    database, vault = await open_storage(f"sqlite:///{put_migrated(folder / 'medvind.db')}", secrets.token_bytes(32))

    async def set_language(participant_id: int, code: str) -> None:
        await database.write(lambda conn: people.set_language(conn, participant_id, code))

    turns = FakeTurns(set_language)
    site = ChatSite(web.Application(), turns, Interrupted(database), vault, 0, secrets.token_urlsafe(16))
    values = {"name": "Sam", "pseudonym": "S.", "language": language, "time_zone": "Europe/Oslo", "now": NOW}
    site.participant = await database.write(lambda conn: people.add_participant(conn, vault, **values))
    await site.link(people.Who(site.participant), site.token)
    turns.talks[site.participant].language = language
    add_chat(
        site.app,
        turns=turns,
        database=site.database,
        vault=vault,
        catalogs=catalogs(),
        programme=programme(),
        now=lambda: site.now,
    )
    yield site
    await database.close()
