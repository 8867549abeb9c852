"""Serving: Medvind as a running web server, until somebody stops it."""

from __future__ import annotations

import asyncio
import errno
import secrets
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection, select

from bot.app import Parts, mailing, opened, post, web_app
from bot.channels.http import AccessLog
from bot.config import Settings
from storage import people, schema
from storage.people import Who
from storage.vault import Vault, read_master_key

Say = Callable[[str], None]


class PortTaken(Exception):
    """Another program listens on the port."""


@dataclass(frozen=True, slots=True)
class Links:
    """Personal links of the demo's three people: paths, without the server's address."""

    participant: str
    specialist: str
    coordinator: str


async def serve(settings: Settings, say: Say) -> None:
    """Serve participants and staff of a real programme. Raises what ``bot.app.opened`` raises, and PortTaken."""
    key = read_master_key(settings.key.get_secret_value() or None, settings.key_file)
    async with opened(settings, key) as parts:
        pages = settings.address or f"http://{settings.host}:{settings.port}"
        async with mailing(parts, post(settings, pages, None)):
            await _listen(parts, web_app(parts), lambda port: say(f"Medvind is running. Port {port}. Ctrl-C stops it."))


async def serve_demo(settings: Settings, say: Say, *, fresh: bool) -> None:
    """Serve a demo programme with three made-up people, and say where to find them. Raises like ``serve``."""
    folder = settings.folder / "demo"
    if fresh and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    key_file = folder / "key"
    if not key_file.exists():
        Vault.create_key_file(key_file)
    key = read_master_key(None, key_file)
    settings = settings.model_copy(update={"folder": folder, "database_url": "", "mail_from": "medvind@demo.invalid"})
    async with opened(settings, key) as parts:
        links = await parts.database.write(lambda conn: demo_people(conn, parts))
        outbox = folder / "mail"

        def hello(port: int) -> None:
            say(_demo_hello(f"http://{settings.host}:{port}", links))

        pages = f"http://{settings.host}:{settings.port}"
        async with mailing(parts, post(settings, pages, outbox)):
            await _listen(parts, web_app(parts, outbox), hello)


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


async def _listen(parts: Parts, app: web.Application, ready: Callable[[int], None]) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(app, access_log_class=AccessLog, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, parts.settings.host, parts.settings.port, shutdown_timeout=5)
        try:
            await site.start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(_taken(parts.settings.port)) from None
            raise
        ready(runner.addresses[0][1])
        await stop.wait()
    finally:
        await runner.cleanup()


def _taken(port: int) -> str:
    return (
        f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}"
        f" (or medvind run --port {port + 1})."
    )


def _demo_hello(pages: str, links: Links) -> str:
    return f"""
This is a DEMO of Medvind. The people are made up, the help numbers are examples. Do not use it for real people.

  Participant's chat     {pages}{links.participant}
  Specialist's digest    {pages}{links.specialist}
  Coordinator's scripts  {pages}{links.coordinator}

Ctrl-C stops it. What was said is kept for the next time; make run FRESH=1 starts over.
"""
