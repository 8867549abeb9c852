"""Serving: Medvind as a running web server, until somebody stops it."""

from __future__ import annotations

import asyncio
import errno
import secrets
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Connection, select
from yarl import URL

from bot.app import (
    Parts,
    mailing,
    make_folder,
    master_key,
    opened,
    post,
    running,
    spare_collector,
    telegram_bots,
    web_app,
)
from bot.channels.http import AccessLog
from bot.config import Settings
from storage import addresses, people, schema
from storage.lockfile import lock_database
from storage.people import Who
from storage.refusal import StartRefused
from storage.vault import Vault, read_master_key

if TYPE_CHECKING:
    from bot.channels.telegram.bot import TelegramBot

Say = Callable[[str], None]


class CannotListen(StartRefused):
    """The port is taken, or the address is none of this machine."""


@dataclass(frozen=True, slots=True)
class Links:
    """Personal links of the demo's three people: paths, without the server's address."""

    participant: str
    specialist: str
    coordinator: str


async def serve(settings: Settings, say: Say) -> None:
    """Serve participants and staff of a real programme. Raises what ``bot.app.opened`` raises, and CannotListen."""
    async with opened(settings, master_key(settings)) as parts:
        bots = telegram_bots(parts)
        async with (
            _listening(settings, web_app(parts, bots=bots)) as pages,
            mailing(parts, post(settings, settings.address or pages, None)),
            running(bots),
        ):
            await _until_stopped(lambda: say(f"{_unpublished(parts)}Medvind is running at {pages}. Ctrl-C stops it."))


async def serve_demo(settings: Settings, say: Say, *, fresh: bool) -> None:
    """Serve a demo programme with three made-up people, and say where to find them. Raises like ``serve``."""
    settings = settings.model_copy(
        update={"folder": settings.folder / "demo", "database_url": "", "mail_from": "medvind@demo.invalid"}
    )
    outbox = settings.folder / "mail"
    async with opened(settings, _demo_key(settings.folder, fresh)) as parts:
        links = await parts.database.write(lambda conn: demo_people(conn, parts))
        bots = telegram_bots(parts)
        async with (
            _listening(settings, web_app(parts, outbox, bots)) as pages,
            mailing(parts, post(settings, pages, outbox)),
            running(bots),
        ):
            chats = [await _demo_chat(parts, bot) for bot in bots]
            await _until_stopped(lambda: say(_unpublished(parts) + _demo_hello(pages, links, chats)))


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
    staff = {one.role: one.id for one in people.all_staff(conn, parts.vault)}
    for role, name in (("specialist", "Kim Berg"), ("coordinator", "Noor Lind")):
        if role not in staff:
            mail = f"{role}@demo.invalid"
            staff[role] = people.add_staff(
                conn, parts.vault, name=name, mail=mail, role=role, language="en", time_zone=zone, now=now
            )
    person = conn.scalar(select(schema.participant.c.id).order_by(schema.participant.c.id).limit(1))
    if person is None:
        language = parts.catalogs.languages[0]
        person = people.add_participant(
            conn, parts.vault, name="Sam", pseudonym="S.K.", language=language, time_zone=zone, now=now
        )
        people.assign(conn, person, staff["specialist"], now)
    owners = (Who(participant_id=person), Who(staff_id=staff["specialist"]), Who(staff_id=staff["coordinator"]))
    tokens = [secrets.token_urlsafe(16) for _ in owners]
    for who, token in zip(owners, tokens, strict=True):
        people.new_link(conn, parts.vault, who, token, now)
    return Links(f"/c/{tokens[0]}", f"/s/{tokens[1]}", f"/s/{tokens[2]}")


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
async def _listening(settings: Settings, app: web.Application) -> AsyncIterator[str]:
    """Answer browsers while this is open. Gives the address of the pages. Raises CannotListen."""
    runner = web.AppRunner(app, access_log_class=AccessLog, handle_signals=False)
    await runner.setup()
    try:
        await _start(web.TCPSite(runner, settings.host, settings.port, shutdown_timeout=5), settings)
        yield str(URL.build(scheme="http", host=settings.host, port=runner.addresses[0][1]))
    finally:
        await runner.cleanup()


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


async def _until_stopped(ready: Callable[[], None]) -> None:
    """Until Ctrl-C or SIGTERM."""
    spare_collector()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    ready()
    await stop.wait()


def _unpublished(parts: Parts) -> str:
    """That the scripts of the folder are not those that people get, and why."""
    if not parts.problems:
        return ""
    problems = "\n".join(map(str, parts.problems))
    return f"{problems}\n\nSo no script was published. Everybody goes on with what was published before.\n\n"


def _demo_hello(pages: str, links: Links, chats: Sequence[str]) -> str:
    telegram = "".join(f"  Participant's Telegram {chat}\n" for chat in chats if chat)
    return f"""
This is a DEMO of Medvind. The people are made up, the help numbers are examples. Do not use it for real people.

  Participant's chat     {pages}{links.participant}
  Specialist's digest    {pages}{links.specialist}
  Coordinator's scripts  {pages}{links.coordinator}
{telegram}
Ctrl-C stops it. What was said is kept for the next time; make run FRESH=1 starts over.
"""
