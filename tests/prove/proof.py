"""Proof: twenty people, one service that dies again and again, and what is left of it all at the end."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from bot.channels.telegram.bot import channel_of
from bot.failpoints import NAMES
from storage import addresses
from storage.database import Database
from storage.vault import Vault
from tests.bot.turn_world import deployed
from tests.prove.child import Child
from tests.prove.ledger import Found, audit
from tests.prove.people import Talker, sees_more
from tests.telegram_stand_in import Bot, Limits, Phone, StandIn

PEOPLE = 20
KEY = bytes(range(32))
SHORTEST, LONGEST = 0.3, 1.5
"""Seconds of one life of the service."""

A_FAILPOINT = (1, 2, 5)
"""The how-manieth pass of each failpoint is the last."""

CALM = 5.0
"""Seconds in which people go on talking after the last kill."""

PATIENCE = 30.0
QUIET = 3.0


class Proof:
    """``run`` once. ``say`` is told how far it is."""

    def __init__(self, url: str, folder: Path, log: Path, *, seed: int, say: Callable[[str], None]) -> None:
        self.kills = 0
        self._url = url
        self._folder = folder
        self._log = log
        self._random = Random(seed)
        self._say = say
        self._talkers: Sequence[Talker] = ()
        self._pending: frozenset[str] = frozenset()

    async def run(self, kills: int) -> Found:
        """Kill so often, at every failpoint first, then let everything come to rest and look."""
        async with await StandIn.start(limits=Limits.none()) as server:
            account = server.add_bot()
            talkers = await self._moved_in(server, account)
            live = [asyncio.create_task(talker.live()) for talker in talkers]
            for failpoint, times in self._deaths(kills):
                await self._one_life(account, server, failpoint, times)
                if self.kills % 50 == 0:
                    self._say(f"{self.kills} kills, {sum(len(talker.said) for talker in talkers)} messages")
            last = Child(self._settings(account, server), str(self._log))
            await asyncio.sleep(CALM)
            for task in live:
                task.cancel()
            await asyncio.gather(*live, return_exceptions=True)
            try:
                await _rest(account, talkers)
                stuck = await _stuck(talkers)
                await _rest(account, talkers)
            finally:
                await asyncio.to_thread(last.stop)
            self._talkers, self._pending = talkers, frozenset(unconfirmed(account))
            found = await self.looked_at()
            found.stuck = stuck
            return found

    def _deaths(self, kills: int) -> Iterator[tuple[str, int]]:
        """Where each life ends: at failpoints as far as there are kills for them, then anywhere."""
        places = [(name, times) for times in A_FAILPOINT for name in NAMES][: kills // 2]
        yield from places
        yield from (("", 0) for _ in range(kills - len(places)))

    async def _one_life(self, account: Bot, server: StandIn, failpoint: str, times: int) -> None:
        child = Child(self._settings(account, server), str(self._log), failpoint, times)
        if failpoint:
            died = await child.died(PATIENCE)
            assert died, f"nothing passed {failpoint}"
        else:
            await asyncio.sleep(self._random.uniform(SHORTEST, LONGEST))
        await asyncio.to_thread(child.kill)
        self.kills += 1

    def _settings(self, account: Bot, server: StandIn) -> dict[str, object]:
        return {
            "folder": self._folder,
            "database_url": self._url,
            "key": b64encode(KEY).decode(),
            "port": 0,
            "telegram_tokens": account.token,
            "telegram_api": server.url,
            "telegram_per_second": 1_000,
        }

    async def _moved_in(self, server: StandIn, account: Bot) -> Sequence[Talker]:
        """Everybody is known to the service, which nobody has opened yet."""
        database = Database.open(self._url)
        try:
            await database.migrate()
            vault = await database.write(lambda conn: Vault.open(conn, KEY))
            world = await deployed(database, vault)
            everybody = await world.people(PEOPLE)
            talkers = [
                Talker(person.id, Phone(9_000_000 + n, "en", server, account), Random(self._random.random()))
                for n, person in enumerate(everybody)
            ]

            def reach(conn: Connection) -> None:
                for talker in talkers:
                    place = str(talker.phone.id)
                    addresses.add_address(conn, vault, talker.number, channel_of(account.token), place, world.clock.now)

            await database.write(reach)
            return talkers
        finally:
            await database.close()

    async def looked_at(self) -> Found:
        """What the database has, held against what was said. Nobody is asked anything for it."""
        database = Database.open(self._url)
        try:
            vault = await database.write(lambda conn: Vault.open(conn, KEY))
            return await database.read(lambda conn: audit(conn, vault, self._talkers, self._pending))
        finally:
            await database.close()


async def _rest(account: Bot, talkers: Sequence[Talker]) -> None:
    """Until nothing waits at Telegram and nobody is told anything new for a while."""
    before, quiet = -1, 0.0
    for _ in range(int(PATIENCE / 0.1)):
        now = sum(len(talker.phone.said) for talker in talkers)
        quiet = quiet + 0.1 if now == before and not account.updates.pending else 0.0
        if quiet >= QUIET:
            return
        before = now
        await asyncio.sleep(0.1)


async def _stuck(talkers: Sequence[Talker]) -> int:
    """How many get no reply to one more message."""

    async def replies(talker: Talker) -> bool:
        seen = len(talker.phone.said)
        await talker.phone.type("/start")
        return await sees_more(talker.phone, seen, PATIENCE)

    return sum(1 for one in await asyncio.gather(*map(replies, talkers)) if not one)


def unconfirmed(account: Bot) -> Iterator[str]:
    """Messages that Telegram still has, because they were never confirmed, or has thrown away."""
    for update in [*account.updates.pending.values(), *account.updates.expired]:
        if "callback_query" in update.body:
            yield f"c{update.body['callback_query']['id']}"
        elif "message" in update.body:
            yield f"m{update.body['message']['message_id']}"
