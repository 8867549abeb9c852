"""A service with staff and participants in a database of its own, and browsers that open the staff pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, insert, update

from bot.catalogs import Catalogs
from bot.config import EXAMPLE
from bot.console import add_console
from bot.console.one_tap import add_one_tap
from bot.digest.day import IsHoliday, no_holiday
from bot.lines import CardLine, encode_lines
from bot.programme import InForce, Programme, load_programme
from bot.recordings import SILENCE, Recordings
from bot.shelf import ScriptShelf
from bot.signing_in.setting import SigningIn
from bot.wording import WORDING
from dialogues.model import Script
from storage import digests, people, schema, scripts, staffing
from storage.database import Database
from storage.opening import open_storage
from storage.people import Who
from storage.vault import Vault
from tests.bot.digest_samples import ENGLISH, NORWEGIAN, NOW
from tests.storage.databases import put_migrated

LOCALES = Path(__file__).parents[2] / "locales"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}

CHECKIN = """\
dialogue: checkin
title: A short check-in
language: en

steps:

  week:
    ask: How was your week?
    answer: scale 1 to 5
    points: [Very hard, Hard, In between, Good, Very good]
    label: Week

  sure:
    ask: How sure are you that there is a job for you?
    answer: scale 1 to 5
    points: [Not sure at all, A little sure, Half and half, Quite sure, Very sure]
    label: Sure there is a job

  hard:
    ask: Was something hard?
    answer: any of
    options:
      noise: Noise or many people
      boss: The boss
      nothing: Nothing special
    alone: nothing
    own words: yes
    label: Hard at work

  help:
    ask: Do you want help with something?
    answer: any of
    options:
      letters: Letters from offices
      interpreter: An interpreter for the next meeting
      no: "No"
    alone: no
    own words: yes
    label: Help wanted
    tags: [asks:help]

  good:
    ask: What was good?
    answer: any of
    options:
      rested: Rest
    own words: yes
    label: Good
    tags: [balance]

  sharing:
    share: This is what {specialist} will see.
    offer: [week, sure, hard, help, good]
"""


class MarkedArabic:
    """English and a made-up Arabic: every text of the wording with an Arabic letter before it."""

    languages: tuple[str, ...] = ("en", "ar")
    staff_languages = languages
    allow_drafts = True

    def ui(self, language: str) -> Mapping[str, str]:
        return {name: self._in(language, text) for name, text in WORDING.items() if isinstance(text, str)}

    def count(self, language: str, context: str, n: int) -> str:
        return self._in(language, WORDING[context][n != 1])

    def is_machine_draft(self, language: str) -> bool:
        return language == "ar"

    def name(self, language: str) -> str:
        return {"en": "English", "ar": "العربية"}[language]

    def direction(self, language: str) -> str:
        return "rtl" if language == "ar" else "ltr"

    def script_texts(self, script: Script, language: str) -> Mapping[str, str] | None:
        return ENGLISH if language == "en" else None

    written_texts = script_texts

    def entry(self, language: str, context: str) -> None:
        """No file has a text of a script."""

    def parent(self, language: str) -> str:
        """None is a variant of another."""
        return ""

    def in_form(self, form: str) -> MarkedArabic:
        return self

    @staticmethod
    def _in(language: str, text: str) -> str:
        return text if language == "en" else f"ع {text}"


@dataclass
class World:
    """Everything a test of the staff pages starts from. The clock stands still until a test moves ``now``."""

    database: Database
    vault: Vault
    scripts_folder: Path
    mail_folder: Path
    catalogs: Catalogs | MarkedArabic
    now: datetime = NOW
    shelf: ScriptShelf = field(default_factory=ScriptShelf)
    is_holiday: IsHoliday = no_holiday
    programme: Programme = field(default_factory=lambda: load_programme(EXAMPLE, NOW.date()))
    in_force: InForce | None = None
    """Where a test changes the programme, in place of ``programme``."""
    programme_file: Path | None = None
    bots: Mapping[str, str] = field(default_factory=dict)
    """Channels of messengers, and what the bots there are called."""
    locales: Path = LOCALES
    recordings: Recordings = SILENCE

    async def staff(self, name: str = "Anna", role: str = "specialist", language: str = "en", **more: str) -> int:
        mail = more.pop("mail", f"{name.lower()}@example.org")
        return await self.database.write(
            lambda conn: people.add_staff(
                conn, self.vault, name=name, mail=mail, role=role, language=language, time_zone="UTC", now=NOW, **more
            )
        )

    async def translator(self, name: str, *reviews: str, language: str = "en") -> int:
        """A translator who has these languages as their own."""
        made = await self.staff(name, "translator", language)
        await self.database.write(lambda conn: staffing.set_reviews(conn, made, reviews))
        return made

    async def person(self, pseudonym: str, specialist: int | None, name: str = "") -> int:
        def add(conn: Connection) -> int:
            person = people.add_participant(
                conn,
                self.vault,
                name=name or f"Name of {pseudonym}",
                pseudonym=pseudonym,
                language="ar",
                time_zone="UTC",
                now=NOW - timedelta(days=400),
            )
            if specialist is not None:
                people.assign(conn, person, specialist, NOW - timedelta(days=400))
            return person

        return await self.database.write(add)

    async def share(self, person: int, *lines: CardLine, at: datetime, conversation: int = 0, version: int = 1) -> None:
        """Writes the card that a share step writes."""

        def put(conn: Connection) -> None:
            digests.put_cards(
                conn,
                [
                    digests.sealed_card(
                        people.participant(conn, self.vault, person).cipher,
                        participant_id=person,
                        conversation=conversation or int(at.timestamp()) % 100000,
                        step="checkin/sharing",
                        dialogue="checkin",
                        version=version,
                        language="ar",
                        lines=encode_lines(lines),
                        shared_at=at,
                    )
                ],
            )

        await self.database.write(put)

    async def conversation(self, person: int, state: str) -> None:
        """A conversation that left nothing behind for staff."""
        row = {
            "participant_id": person,
            "number": 1,
            "dialogue": "checkin",
            "version": 1,
            "state": state,
            "started_at": NOW - timedelta(hours=5),
            "sealed_session": b"",
        }
        await self.database.write(lambda conn: conn.execute(insert(schema.conversation), row) and None)

    async def checkin(self, person: int, began: datetime) -> int:
        """The number of a check-in that was begun then."""
        number = int(began.timestamp()) % 100000
        row = {"participant_id": person, "number": number, "dialogue": "checkin", "version": 1, "state": "closed"}
        begun = {**row, "started_at": began, "sealed_session": b""}
        await self.database.write(lambda conn: conn.execute(insert(schema.conversation), begun) and None)
        return number

    async def leave(self, staff_id: int) -> None:
        """A member of staff who is not here any more."""
        gone = update(schema.staff).where(schema.staff.c.id == staff_id).values(active=False)
        await self.database.write(lambda conn: conn.execute(gone) and None)

    async def link(self, staff_id: int, token: str = "") -> str:
        made = token or f"link-of-{staff_id}"
        await self.database.write(
            lambda conn: people.new_link(conn, self.vault, Who(staff_id=staff_id), made, self.now)
        )
        return f"/s/{made}"

    async def _bots(self) -> Mapping[str, str]:
        return self.bots

    def application(self, demo: bool = False, signing: SigningIn | None = None) -> web.Application:
        app = web.Application()
        add_console(
            app,
            database=self.database,
            vault=self.vault,
            catalogs=self.catalogs,  # type: ignore[arg-type]
            shelf=self.shelf,
            scripts_folder=self.scripts_folder,
            now=lambda: self.now,
            programme=self.in_force or self.programme,
            programme_file=self.programme_file,
            demo_mail=self.mail_folder if demo else None,
            bots=self._bots,
            is_holiday=self.is_holiday,
            signing=signing,
            locales=self.locales,
            recordings=self.recordings,
        )
        add_one_tap(app)
        return app

    @asynccontextmanager
    async def visitor(self, demo: bool = False) -> AsyncIterator[TestClient[web.Request, web.Application]]:
        """A browser that nobody has signed in with."""
        async with TestClient(TestServer(self.application(demo))) as client:
            yield client

    @asynccontextmanager
    async def browsing(
        self, staff_id: int, demo: bool = False
    ) -> AsyncIterator[TestClient[web.Request, web.Application]]:
        """A browser in which this member of staff has pressed the button behind their link."""
        async with self.visitor(demo) as client:
            link = await self.link(staff_id, f"in-{staff_id}-{id(client)}")
            opened = await client.post(link, headers=SAME_SITE, allow_redirects=False)
            assert opened.status == 303
            yield client


@asynccontextmanager
async def world(folder: Path, catalogs: Catalogs | MarkedArabic | None = None) -> AsyncIterator[World]:
    """A new service with one published check-in, in English and (every text marked) in Norwegian."""
    scripts_folder = folder / "scripts"
    scripts_folder.mkdir(parents=True)
    database, vault = await open_storage(f"sqlite:///{put_migrated(folder / 'medvind.db')}", bytes(range(32)))
    (scripts_folder / "checkin.yaml").write_text(CHECKIN, encoding="utf-8")
    texts = {"en": ENGLISH, "nb": NORWEGIAN}
    at = datetime(2025, 1, 7, 9, 0, tzinfo=UTC)
    try:
        await database.write(lambda conn: scripts.publish(conn, "checkin", {"checkin": CHECKIN}, texts, "staff:1", at))
        loaded = catalogs or Catalogs.load(LOCALES, allow_drafts=True)
        yield World(database, vault, scripts_folder, folder / "mail", loaded)
    finally:
        await database.close()
