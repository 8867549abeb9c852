"""Several real processes on one PostgreSQL behind one proxy, as an operator runs them, and people who talk to them."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import unused_port
from sqlalchemy import Connection, select, text

from bot.channels.telegram.bot import channel_of
from storage import addresses, people, schema
from storage.database import Database
from tests.bot.phone import Phone as Page
from tests.bot.turn_world import Person, TurnWorld, deployed, opened
from tests.forked import Command, Streams
from tests.loopback_proxy import HOST, LoopbackProxy, loopback_proxy
from tests.running_demo import nowhere
from tests.telegram_stand_in import Bot, Phone, StandIn
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))

_LEADS = text("""
SELECT session.application_name FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND session.datname = current_database()
""")
"""Each leading session is called after its process."""


def begun(port: int, settings: Mapping[str, str], log: Path) -> Command:
    """A process of its own, which has only just been started."""
    return Command(("run", "--port", str(port)), ROOT, {**nowhere(), **settings}, Streams(Path(os.devnull), log, log))


@dataclass
class Visitor:
    """A browser without scripts. ``site`` is what a page needs to know of its person."""

    token: str
    session: ClientSession
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = Page(self.session, self)  # type: ignore[arg-type]


@dataclass
class Service:
    """``ports`` are those of the processes; ``proxy`` stands in front of them. The tests look at ``database``."""

    world: TurnWorld
    proxy: LoopbackProxy
    ports: list[int]
    settings: dict[str, str]
    log: Path
    running: dict[int, Command] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The same database, in the process of the test."""
        return self.world.database

    # Processes --------------------------------------------------------------------------------------------------------

    async def start(self, *ports: int) -> None:
        """Start these (or all), and wait until the proxy sends people there."""
        for port in ports or self.ports:
            self.running[port] = begun(port, self.settings, self.log)
        await self.proxy.until_well(*(ports or self.ports))

    async def kill(self, port: int) -> None:
        """With SIGKILL: nothing of it can run after this."""
        await asyncio.to_thread(self.running.pop(port).kill)

    async def stop(self, port: int) -> int | None:
        """As an operator stops it: the code with which it ended."""
        process = self.running.pop(port)
        process.send(signal.SIGTERM)
        return await asyncio.to_thread(process.end, PATIENCE)

    def freeze(self, port: int, number: signal.Signals = signal.SIGSTOP) -> None:
        """Let it stand still, with all its connections open; SIGCONT lets it go on."""
        self.running[port].send(number)

    async def leader(self) -> int:
        """The port of the process that leads. Waits until there is one."""
        ports = {process.pid: port for port, process in self.running.items()}
        found: list[int] = []

        async def leads() -> bool:
            names = await self.database.read(lambda conn: conn.execute(_LEADS).scalars().all())
            pids = [int(name.removeprefix("medvind ")) for name in names if name.startswith("medvind ")]
            found.extend(ports[pid] for pid in pids if pid in ports)
            return bool(found)

        await until(leads)
        return found[0]

    def trouble(self) -> str:
        """What the processes wrote that somebody would have to look into."""
        lines = self.log.read_text().splitlines()
        return "\n".join(line for line in lines if "Traceback" in line or "Error at" in line)

    # People -----------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def visitor(self, person: Person) -> AsyncIterator[Visitor]:
        """Somebody who comes with a personal link."""
        token, who, now = secrets.token_urlsafe(16), people.Who(person.id), self.world.clock.now
        await self.database.write(lambda conn: people.new_link(conn, self.world.vault, who, token, now))
        async with ClientSession(self.proxy.url, cookie_jar=CookieJar(unsafe=True)) as session:
            yield Visitor(token, session)

    async def on_the_phone(self, server: StandIn, account: Bot, number: int) -> tuple[Person, Phone]:
        """A participant who is reached in Telegram."""
        person = await self.world.person(f"Person{number}")
        phone = Phone(number, "en", server, account)
        channel, now = channel_of(account.token), self.world.clock.now

        def reach(conn: Connection) -> None:
            addresses.add_address(conn, self.world.vault, person.id, channel, str(phone.id), now)

        await self.database.write(reach)
        return person, phone

    async def sent(self, person: Person) -> list[int]:
        """The numbers that Telegram gave to what is stored as sent to somebody, in the order in which it was said. What
        was said together may be one message there, or several: then the number is that of the last, and 0 stands for
        each of the others."""
        rows = schema.outbox.c
        asked = select(rows.channel_id, rows.parts_sent).where(rows.participant_id == person.id, rows.state == "sent")
        found = await self.database.read(lambda conn: conn.execute(asked.order_by(rows.seq)).all())
        parts = {int(row.channel_id): row.parts_sent for row in found if row.channel_id}
        return [number for last, many in parts.items() for number in (*[0] * (many - 1), last)]


def own_settings(url: str, folder: Path) -> dict[str, str]:
    """What every process is told."""
    return {
        "MEDVIND_DATABASE_URL": url,
        "MEDVIND_KEY": b64encode(KEY).decode(),
        "MEDVIND_FOLDER": str(folder),
        "MEDVIND_HOST": HOST,
    }


@asynccontextmanager
async def service(url: str, folder: Path, many: int = 3, **settings: str) -> AsyncIterator[Service]:
    """So many processes, still to be started, on the empty database at ``url``. ``{proxy}`` in a setting is where the
    proxy is."""
    ports = [unused_port() for _ in range(many)]
    async with opened(url, KEY) as (database, vault), loopback_proxy(ports) as proxy:
        given = {name: value.format(proxy=proxy.url) for name, value in settings.items()}
        world = await deployed(database, vault)
        world.clock.now = datetime.now(UTC)  # the processes go by the real one
        made = Service(world, proxy, ports, own_settings(url, folder) | given, folder / "processes.log")
        try:
            yield made
        finally:
            await asyncio.gather(*(asyncio.to_thread(process.kill) for process in made.running.values()))
            await world.turns.close()
