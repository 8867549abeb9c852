"""Setting: what the proof with several machines stands on, and what outlives each of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from aiohttp.test_utils import unused_port

from tests.bot.turn_world import MONDAY
from tests.loopback_proxy import HOST, LoopbackProxy, loopback_proxy
from tests.postgresql_cluster import Cluster
from tests.prove.clocks import TurnedClock, turn
from tests.prove.machine import Machine, Place
from tests.prove.mailbox import Mailbox, mailbox
from tests.telegram_stand_in import Bot, Limits, StandIn
from tests.telegram_stand_in.clock import Clock

KEY = bytes(range(32))


@dataclass
class Setting:
    """``bots`` are one that is brought its messages and one that asks for them. ``running`` machines go by port."""

    folder: Path
    cluster: Cluster
    proxy: LoopbackProxy
    mailbox: Mailbox
    telegram: StandIn
    bots: tuple[Bot, Bot]
    ports: list[int]
    running: dict[int, Machine] = field(default_factory=dict)

    @property
    def time(self) -> Path:
        """The file that says what time it is in the world."""
        return self.folder / "time"

    @property
    def error(self) -> Path:
        """The file by which the clocks of all machines are wrong."""
        return self.folder / "error"

    @property
    def url(self) -> str:
        """The database."""
        return self.cluster.url.render_as_string(hide_password=False)

    def own_clock(self, port: int) -> Path:
        """The file by which the clock at this port is wrong."""
        return self.folder / f"error-{port}"

    def now(self) -> datetime:
        """What the machines' clocks show."""
        return TurnedClock(self.time, self.error).now()

    def start(self, port: int) -> None:
        """Begin a life at this port."""
        brought, polled = self.bots
        settings: dict[str, object] = {
            "folder": self.folder,
            "database_url": self.url,
            "key": b64encode(KEY).decode(),
            "host": HOST,
            "address": self.proxy.url,
            "telegram_tokens": brought.token,
            "telegram_mode": "webhook",
            "telegram_api": self.telegram.url,
            "telegram_per_second": 1_000,
            "smtp_host": HOST,
            "smtp_port": self.mailbox.port,
        }
        place = Place(port, (self.time, self.error, self.own_clock(port)), polled.token, self.folder / "machines.log")
        self.running[port] = Machine(settings, place)

    def kill(self) -> None:
        """All that run."""
        for machine in self.running.values():
            machine.kill()


@asynccontextmanager
async def setting(cluster: Cluster, folder: Path, many: int, random: Random) -> AsyncIterator[Setting]:
    """So many machines, still to be started. Their clocks show a Monday in March."""
    ports, time = [unused_port() for _ in range(many)], folder / "time"
    turn(time, MONDAY - datetime.now(UTC))
    clock = Clock(lambda: TurnedClock(time).now().timestamp())
    async with (
        await StandIn.start(limits=Limits.none(), clock=clock) as telegram,
        mailbox(random) as mails,
        loopback_proxy(ports) as proxy,
    ):
        bots = telegram.add_bot(), telegram.add_bot("medvind_too_bot")
        made = Setting(folder, cluster, proxy, mails, telegram, bots, ports)
        try:
            yield made
        finally:
            made.kill()
