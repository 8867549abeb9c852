"""Desk: what the staff pages need of the rest, and how a page is made of a template, a language and a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import aiohttp_jinja2
import jinja2
from aiohttp import web
from sqlalchemy import Connection

from bot.admission import Admission
from bot.catalogs import Catalogs
from bot.catalogs.drafts import Drafts
from bot.catalogs.language import language as known_language
from bot.channels.browser_language import browser_language
from bot.config import LOCALES
from bot.console.built import built
from bot.console.completing import code_phrases, script_grammar
from bot.console.menu import Entry, menu
from bot.dates import time_text, weekday_and_date
from bot.digest.day import IsHoliday, Rhythm, no_holiday
from bot.digest.words import StaffWords
from bot.mailing import rhythm_of
from bot.programme import InForce, Programme
from bot.shelf import ScriptShelf
from bot.signing_in.outgoing import Outgoing
from bot.signing_in.setting import SigningIn
from storage import leave
from storage.database import Database
from storage.people import Staff
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.turning import DemoClock

_FOLDER = Path(__file__).parent
_ENVIRONMENT = web.AppKey("console_environment", jinja2.Environment)
STATIC = _FOLDER / "static"


Bots = Callable[[], Awaitable[Mapping[str, str]]]
"""The messengers that people can be invited to now: channels, and what people call the bot there, without @."""


async def no_bots() -> Mapping[str, str]:
    """There is only the web chat."""
    return {}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the staff pages are given. ``demo_mail`` is the folder of the demo's mail, None outside a demo."""

    database: Database
    vault: Vault
    catalogs: Catalogs
    shelf: ScriptShelf
    scripts_folder: Path
    now: Callable[[], datetime]
    admission: Admission
    in_force: InForce
    demo_mail: Path | None = None
    bots: Bots = no_bots
    random: Random = field(default_factory=SystemRandom)
    is_holiday: IsHoliday = no_holiday
    signing_in: SigningIn = field(default_factory=SigningIn)
    outgoing: Outgoing = field(default_factory=Outgoing)
    programme_file: Path | None = None
    drafts: Drafts = field(default_factory=lambda: Drafts(LOCALES))

    @property
    def programme(self) -> Programme:
        """The programme that is in force now."""
        return self.in_force.programme

    @property
    def has_bots(self) -> bool:
        """Whether anybody can be reached in a messenger."""
        return self.bots is not no_bots


DESK = web.AppKey("console_desk", Desk)
DEMO_CLOCK: web.AppKey[DemoClock] = web.AppKey("console_demo_clock")
"""Only in a demo: its clock, which can be turned."""


TURN_THE_CLOCK = ("specialist", "coordinator")
"""Whose pages have its buttons, in a demo: what happened by itself is told there of people by name."""


class ClockFace(NamedTuple):
    """What a demo's pages show of its clock."""

    moment: str
    is_turned: bool


class Way(NamedTuple):
    """A page of the menu: its address, and what it is called in the reader's language."""

    address: str
    label: str


@dataclass(frozen=True)
class Page:
    """The frame of one page: its language and direction, and the menu of whoever is signed in."""

    desk: Desk
    words: StaffWords
    staff: Staff | None = None
    """Whose menu the page shows; None on pages outside a session."""
    here: str = ""
    clock: ClockFace | None = None
    """Of a demo, on pages with a menu."""

    @property
    def lang(self) -> str:
        """The language as a BCP 47 tag."""
        return as_tag(self.words.language)

    @property
    def direction(self) -> str:
        """Which way the page reads."""
        return direction(self.words.language)

    @staticmethod
    def name_of(language: str) -> str:
        """What a language calls itself; its code where nobody knows it."""
        try:
            return known_language(language).name
        except ValueError:
            return language

    @property
    def signed_in(self) -> bool:
        """Whether there is a session to end."""
        return self.staff is not None

    @property
    def draft(self) -> bool:
        """Whether a machine wrote any of the words."""
        return self.desk.catalogs.is_machine_draft(self.words.language)

    @cached_property
    def menu(self) -> list[Way]:
        """The pages that this person needs every day."""
        return [] if self.staff is None else self._ways(menu(self.desk, self.staff.role).daily)

    @cached_property
    def more(self) -> list[Way]:
        """The other pages that this person may open."""
        if self.staff is None:
            return []
        clock = [Way("/demo", self.words.say("clock"))] if self.clock else []
        return [*self._ways(menu(self.desk, self.staff.role).more), *clock]

    def _ways(self, entries: Iterable[Entry]) -> list[Way]:
        texts = self.texts(self.words.language)
        return [Way(entry.address, texts[entry.label]) for entry in entries]

    def texts(self, language: str) -> Mapping[str, str]:
        """The ``staff/`` texts of a language by the rest of their name."""
        ui = self.words.in_language(language).ui
        return {name.removeprefix("staff/"): text for name, text in ui.items() if name.startswith("staff/")}

    def say(self, text: str, /, **values: object) -> str:
        """A ``staff/`` text with its placeholders filled."""
        return self.words.say(text, **values)


def words_for(desk: Desk, staff: Staff | None, request: web.Request | None = None) -> StaffWords:
    """The sentences for one member of staff; or for somebody who is not signed in, in the language of their browser."""
    first = desk.catalogs.staff_languages[0]
    if staff is None:
        wished = browser_language(request, desk.catalogs.staff_languages) if request is not None else ""
        return StaffWords(desk.catalogs, wished or first, "UTC", desk.now().date())
    language = staff.language if staff.language in desk.catalogs.staff_languages else first
    return StaffWords(desk.catalogs, language, staff.time_zone, today_of(desk, staff))


def today_of(desk: Desk, staff: Staff) -> date:
    """The date where a member of staff is."""
    return rhythm_of(staff).today(desk.now())


def rhythm_for(conn: Connection, desk: Desk, staff: Staff) -> Rhythm:
    """When a specialist gets digests, with their leave and the holidays here: the pages show the days of the mails."""
    return rhythm_of(staff, leave.leaves(conn, [staff.id]).get(staff.id, ()), desk.is_holiday)


def respond(
    request: web.Request, template: str, staff: Staff | None, *, status: int = 200, menu: bool = True, **context: Any
) -> web.Response:
    """A page in the language of ``staff``, with their menu unless they are on the way in or out."""
    text = render(request, template, staff, menu=menu, **context)
    return web.Response(status=status, text=text, content_type="text/html", charset="utf-8")


def render(request: web.Request, template: str, staff: Staff | None, *, menu: bool = True, **context: Any) -> str:
    """The text of a page."""
    desk = request.app[DESK]
    words, clock = words_for(desk, staff, request), request.app.get(DEMO_CLOCK)
    turns = staff is not None and staff.role in TURN_THE_CLOCK and menu
    face = _face(clock, words) if clock is not None and turns else None
    page = Page(desk, words, staff if menu else None, request.path, face)
    context |= {"page": page, "t": page.texts(page.words.language)}
    return aiohttp_jinja2.render_string(template, request, context, app_key=_ENVIRONMENT)


def moment_text(local: datetime, language: str) -> str:
    """``Tuesday 10 March 12:30``, in the words and order of a language."""
    return f"{weekday_and_date(local.date(), language)} {time_text(local, language)}"


def _face(clock: DemoClock, words: StaffWords) -> ClockFace:
    return ClockFace(moment_text(clock.now().astimezone(ZoneInfo(words.zone)), words.language), clock.is_turned)


def set_up_templates(app: web.Application, static: Mapping[str, str]) -> None:
    """Give the staff pages a template environment of their own, apart from the chat's. ``static`` are the addresses of
    the files that pages refer to, by name."""
    environment = aiohttp_jinja2.setup(
        app,
        app_key=_ENVIRONMENT,
        loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update(static=static, built=built, script_grammar=script_grammar, code_phrases=code_phrases)
    environment.filters["tag"] = as_tag
    environment.filters["direction"] = direction
    environment.filters["isolated"] = isolated


def as_tag(language: str) -> str:
    """A language code as HTML wants it: ``fa_AF`` is ``fa-AF``."""
    return language.replace("_", "-")


def isolated(text: str) -> str:
    """A name in marks that keep its own direction, where no element can: in the entries of a list to choose from."""
    return f"\u2068{text}\u2069"


def direction(language: str) -> str:
    """``rtl`` or ``ltr``; a language nobody knows reads as its page does, from left to right."""
    try:
        return known_language(language).direction
    except ValueError:
        return "ltr"
