"""Serving: Medvind as a running web server, until somebody stops it."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Connection, select

from bot.app import (
    Parts,
    make_folder,
    master_key,
    now,
    opened,
    post,
    running,
    staff_chats,
    telegram_bots,
    web_app,
)
from bot.background import Background
from bot.catalogs.language import SOURCE
from bot.channels.web_visit import CHAT
from bot.collector import spare_collector
from bot.config import Settings
from bot.console.desk import DESK
from bot.console.one_tap import add_one_tap
from bot.console.turning import add_turning
from bot.health import Health, add_health
from bot.jobs import Work, working
from bot.listening import Listening, listen
from bot.metrics import Metrics, Sources, measured
from bot.programme import told
from bot.stopping import LONGEST, asked_to_stop, end_within
from bot.turned_clock import TurnedClock
from bot.turning import DemoClock
from bot.version import version
from storage import addresses, people, schema
from storage.lockfile import lock_database
from storage.people import Who
from storage.vault import Vault, read_master_key

if TYPE_CHECKING:
    from bot.channels.telegram.bot import TelegramBot

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Links:
    """Personal links of the demo's people: paths, without the server's address."""

    participant: str
    specialist: str
    coordinator: str
    colleague: str
    """Another specialist."""
    administrator: str
    auditor: str


_DEMO_STAFF = (
    ("specialist", "specialist", "Kim Berg"),
    ("coordinator", "coordinator", "Noor Lind"),
    ("colleague", "specialist", "Robin Dahl"),
    ("administrator", "administrator", "Alex Moen"),
    ("auditor", "auditor", "Sol Vik"),
)
"""What the mail of each begins with, their role, and their name."""


async def serve(settings: Settings, say: Say) -> None:
    """Serve participants and staff of a real programme. Raises what ``bot.app.opened`` raises, CannotListen, and
    CannotShow."""
    async with opened(settings, master_key(settings)) as parts, _served(parts, telegram_bots(parts)) as front:
        await front.until_stopped(
            lambda: say(
                f"{_unpublished(parts)}{_nobody_new(parts)}"
                f"Medvind is running at {front.pages}. Ctrl-C stops it.{_figures(front)}"
            )
        )


async def serve_demo(settings: Settings, say: Say, *, fresh: bool) -> None:
    """Serve a demo programme with three made-up people, and say where to find them. Raises like ``serve``."""
    settings = settings.model_copy(
        update={"folder": settings.folder / "demo", "database_url": "", "mail_from": "medvind@demo.invalid"}
    )
    key = _demo_key(settings.folder, fresh)
    clock = TurnedClock(now, settings.folder / "clock")
    async with opened(settings, key, clock.now) as parts:
        links = await parts.database.write(lambda conn: demo_people(conn, parts))
        bots = telegram_bots(parts)
        async with _served(parts, bots, settings.folder / "mail", DemoClock(parts, clock)) as front:
            chats = [await _demo_chat(parts, bot) for bot in bots]
            hello = _demo_hello(front.pages, links, chats)
            await front.until_stopped(lambda: say(f"{_unpublished(parts)}{hello}{_figures(front)}"))


@asynccontextmanager
async def _served(
    parts: Parts, bots: Sequence[TelegramBot], demo_mail: Path | None = None, clock: DemoClock | None = None
) -> AsyncIterator[Front]:
    """Everything that runs until Medvind is stopped. It ends while the pages are being closed, and not after it.

    ``demo_mail`` and ``clock`` are those of a demo.
    """
    settings, health = parts.settings, Health(parts.database)
    app = web_app(parts, demo_mail, bots)
    add_health(app, health)
    if clock is not None:
        add_turning(app, clock)
        add_one_tap(app)
    async with listen(settings, app) as listening:
        pages = settings.address if settings.address and demo_mail is None else listening.address
        mail, chats = post(settings, pages, demo_mail), staff_chats(parts, bots, pages)
        outgoing = app[DESK].outgoing
        outgoing.post, outgoing.chats = mail, chats
        tasks, where = Background(parts, mail, chats).tasks(), settings.database()
        if clock is not None:
            clock.post, clock.chats = mail, chats
        async with (
            working(parts.database, where, tasks, address=listening.address, version=version()) as work,
            _measured(parts, app, bots, work) as metrics,
            running(bots),
        ):
            yield Front(listening, metrics, health, settings.stop_delay)


@dataclass(frozen=True, slots=True)
class Front:
    """Medvind as the world sees it. ``metrics`` is where its figures are, or empty."""

    listening: Listening
    metrics: str
    health: Health
    stop_delay: int

    @property
    def pages(self) -> str:
        """The address of the pages."""
        return self.listening.address

    async def until_stopped(self, ready: Callable[[], None]) -> None:
        """Until Ctrl-C or SIGTERM. Then whoever asks is told that we stop, and only after the delay we do."""
        spare_collector()
        await asked_to_stop(ready)
        self.health.is_stopping = True
        await asyncio.sleep(self.stop_delay)
        end_within(LONGEST)
        self.listening.close_soon()


def _demo_key(folder: Path, fresh: bool) -> bytes:
    """The key of the demo in this folder, which is made with it. ``fresh`` empties the folder first."""
    make_folder(folder)
    if fresh:
        lock_database(folder / "medvind.db").release()  # Nothing is taken from under a demo that runs.
        shutil.rmtree(folder)
        folder.mkdir()
    key_file = folder / "key"
    if not key_file.exists():
        Vault.create_key_file(key_file)
    return read_master_key(None, key_file)


def demo_people(conn: Connection, parts: Parts) -> Links:
    """The demo's people, made once, with a new link for each of them."""
    now, zone = parts.now(), parts.programme.time_zone
    staff = {one.mail.partition("@")[0]: one.id for one in people.all_staff(conn, parts.vault)}
    for who, role, name in _DEMO_STAFF:
        if who not in staff:
            mail = f"{who}@demo.invalid"
            staff[who] = people.add_staff(
                conn, parts.vault, name=name, mail=mail, role=role, language="en", time_zone=zone, now=now
            )
    person = conn.scalar(select(schema.participant.c.id).order_by(schema.participant.c.id).limit(1))
    if person is None:
        language = parts.catalogs.languages[0]
        person = people.add_participant(
            conn, parts.vault, name="Sam", pseudonym="S.K.", language=language, time_zone=zone, now=now
        )
        people.assign(conn, person, staff["specialist"], now)
    links = {}
    for door, one in (("c", "participant"), *(("s", who) for who, _, _ in _DEMO_STAFF)):
        token = secrets.token_urlsafe(16)
        owner = Who(participant_id=person) if one == "participant" else Who(staff_id=staff[one])
        people.new_link(conn, parts.vault, owner, token, now)
        links[one] = f"/{door}/{token}"
    return Links(**links)


async def _demo_chat(parts: Parts, bot: TelegramBot) -> str:
    """The address that opens the participant's chat with a bot: with an invitation, until there is somebody in it. ""
    while Telegram cannot be asked."""
    from bot.invitation import invite

    def invited(conn: Connection) -> str:
        person = conn.scalars(select(schema.participant.c.id).order_by(schema.participant.c.id).limit(1)).one()
        if addresses.where(conn, parts.vault, bot.channel, [person]):
            return ""
        return "?start=" + invite(conn, parts.vault, person, "demo", parts.now(), secrets.SystemRandom()).token

    name = await bot.username()
    return f"https://t.me/{name}{await parts.database.write(invited)}" if name else ""


@asynccontextmanager
async def _measured(parts: Parts, app: web.Application, bots: Sequence[TelegramBot], work: Work) -> AsyncIterator[str]:
    """Show figures while this is open, if there is a port for them. Gives their address, or "". Raises CannotShow."""
    host, port = parts.settings.metrics_host, parts.settings.metrics_port
    if port is None:
        yield ""
        return
    sources = Sources(
        version(),
        parts.database,
        parts.now,
        parts.turns.figures,
        outcomes=lambda: {bot.channel: bot.delivery.outcomes for bot in bots},
        jobs=lambda: work.counts,
        sockets=lambda: len(app[CHAT].sockets.all()),
        leads=parts.database.leads,
    )
    async with measured(Metrics(sources), sources, host, port) as address:
        yield address


def _unpublished(parts: Parts) -> str:
    """That the scripts of the folder are not those that people get, and why."""
    if not parts.problems:
        return ""
    problems = "\n".join(map(str, parts.problems))
    return f"{problems}\n\nSo no script was published. Everybody goes on with what was published before.\n\n"


def _nobody_new(parts: Parts) -> str:
    """That nobody new can be added, and why."""
    missing = parts.programme.missing(parts.now().date())
    return f"{told(missing, parts.catalogs.ui(SOURCE))}\n\n" if missing else ""


def _figures(front: Front) -> str:
    return f" Figures are at {front.metrics}." if front.metrics else ""


def _demo_hello(pages: str, links: Links, chats: Sequence[str]) -> str:
    telegram = "".join(f"  Participant's Telegram {chat}\n" for chat in chats if chat)
    return f"""
This is a DEMO of Medvind. The people are made up, the help numbers are examples. Do not use it for real people.

  Participant's chat     {pages}{links.participant}
  Specialist's digest    {pages}{links.specialist}
  Coordinator's scripts  {pages}{links.coordinator}
  Another specialist     {pages}{links.colleague}
  Administrator's staff  {pages}{links.administrator}
  Auditor's log          {pages}{links.auditor}
{telegram}
On the staff pages you can turn the clock: a week goes by in a second.
Ctrl-C stops it. What was said is kept for the next time; make run FRESH=1 starts over.
"""
