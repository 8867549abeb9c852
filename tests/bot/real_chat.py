"""RealChat: the whole site as it is served, with real turns over the shipped scripts, and one participant."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection, select

from bot.app import Parts, load_texts, web_app
from bot.config import Settings
from bot.console.one_tap import add_one_tap
from bot.lines import decode_lines
from bot.programme import InForce
from bot.shelf import ScriptShelf
from bot.turns import Turns
from storage import digests, people, schema
from storage.engines import Limits
from storage.opening import open_storage
from tests.bot.shown_text import shown
from tests.bot.translate_stand_in import Words
from tests.bot.turn_world import publish_shipped
from tests.storage.databases import put_migrated

MONDAY = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
IMPATIENT = Limits(lock=0.3, transaction=2.0)
"""So that a database that is locked counts as away while a test waits."""


@dataclass
class RealChat:
    """``token`` is the participant's personal link, ``staff_token`` the specialist's; ``now`` can be moved."""

    parts: Parts
    app: web.Application
    file: Path
    participant: int
    specialist: int
    token: str
    staff_token: str
    now: datetime = MONDAY

    def text(self, context: str, language: str = "en") -> str:
        """A text as it stands on the page: of a script, or ``ui/...``."""
        return shown(context, language)

    async def answers(self) -> list[tuple[str, str, str]]:
        """Every revision of every answer: question, what was chosen (or how it was passed over), and the language."""
        rows = schema.answer.c
        wanted = select(rows.question, rows.choices, rows.number, rows.outcome, rows.language)
        found = await self.parts.database.read(
            lambda conn: conn.execute(wanted.order_by(rows.conversation, rows.revision)).all()
        )
        return [(row.question, _chosen(row.choices, row.number) or row.outcome, row.language) for row in found]

    async def shared(self) -> list[str]:
        """The names of the lines that the specialist has been given, newest card last."""
        cards = await self.parts.database.read(
            lambda conn: digests.cards_for(conn, self.parts.vault, self.specialist, None)
        )
        return [
            line.name + (f"|{line.group}" if line.group else "") for card in cards for line in decode_lines(card.lines)
        ]

    async def link(self, who: people.Who, token: str, expires_at: datetime | None = None) -> None:
        """One more personal link."""
        await self.parts.database.write(
            lambda conn: people.new_link(conn, self.parts.vault, who, token, self.now, expires_at)
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While this is open, somebody else holds the database and nothing can be written."""
        other = sqlite3.connect(self.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()


def _chosen(choices: Sequence[str] | None, number: float | None) -> str:
    return " ".join(choices or ()) or ("" if number is None else f"{number:g}")


@asynccontextmanager
async def real_chat(folder: Path, *, translates: bool = False) -> AsyncIterator[RealChat]:
    """A site that is ready to be served. ``translates``: with a program that does."""
    settings = Settings(folder=folder)
    programme, catalogs = load_texts(settings, MONDAY.date())
    put_migrated(folder / "medvind.db")
    database, vault = await open_storage(settings.database(), secrets.token_bytes(32), IMPATIENT)
    shelf = ScriptShelf()
    turns = Turns(database=database, vault=vault, catalogs=catalogs, programme=programme, shelf=shelf)

    def people_of(conn: Connection) -> tuple[int, int]:
        publish_shipped(conn)
        before, zone = MONDAY - timedelta(days=1), programme.time_zone
        kim = {"name": "Kim Berg", "mail": "kim@example.org", "role": "specialist", "language": "en"}
        sam = {"name": "Sam", "pseudonym": "S.K.", "language": "en"}
        specialist = people.add_staff(conn, vault, **kim, time_zone=zone, now=before)
        participant = people.add_participant(conn, vault, **sam, time_zone=zone, now=before)
        people.assign(conn, participant, specialist, before)
        return participant, specialist

    participant, specialist = await database.write(people_of)
    parts = Parts(settings, database, vault, catalogs, InForce(programme), shelf, turns, lambda: site.now)
    parts = replace(parts, translator=Words()) if translates else parts
    tokens = [secrets.token_urlsafe(16) for _ in range(2)]
    app = web_app(parts)
    add_one_tap(app)
    site = RealChat(parts, app, folder / "medvind.db", participant, specialist, *tokens)
    await site.link(people.Who(participant), site.token)
    await site.link(people.Who(staff_id=specialist), site.staff_token)
    try:
        yield site
    finally:
        await turns.close()
        await database.close()
