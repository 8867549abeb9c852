"""Machines: several real processes on one PostgreSQL, and people who take part for weeks whatever befalls them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import Connection, func, select

from bot.slots import rhythm_of
from storage import schema
from storage.database import Database
from storage.vault import Vault
from tests.bot.turn_world import deployed, opened
from tests.prove.ledger import Found, audit
from tests.prove.neighbourhood import Ways, moved_in
from tests.prove.participants import Browsing, Participant
from tests.prove.proof import unconfirmed
from tests.prove.reckoning import Reckoning, hours_of, is_caught_up, look_around, reckoned
from tests.prove.setting import KEY, Setting
from tests.prove.setting import setting as setting
from tests.prove.troubles import Trouble, Troubles
from tests.telegram_stand_in import Bot
from tests.waiting import PATIENCE

HOUR = timedelta(hours=1)
TWO_AT_ONCE = 0.2
"""How often something else goes wrong in the middle of something."""

TOLD: dict[Trouble, str] = {
    "database": "restarts",
    "kill": "kills",
    "roll": "rolls",
    "freeze": "freezes",
    "asleep": "asleep",
    "wrong": "clocks wrong",
    "askew": "one wrong",
}
"""What each trouble is called in the one line that is printed."""

CAUGHT_UP = 0.7
"""How often everything that is due is done before time passes again, as it is where machines run."""

SOON = 10.0
QUIET = 3.0
CALM = 6.0
"""Seconds in which people go on after the last trouble."""


class Proof:
    """``run`` once. ``say`` is told how far it is."""

    def __init__(self, at: Setting, people: int, random: Random, say: Callable[[str], None]) -> None:
        self.found = Found()
        self.reckoning = Reckoning()
        self.troubles = Troubles(at, random)
        self._at = at
        self._people = people
        self._random = random
        self._say = say
        self._began = at.now()

    async def run(self, plan: Sequence[Trouble]) -> None:
        """Let all this happen, one after the other, and look."""
        migrated = Database.open(self._at.url)
        await migrated.migrate()
        await migrated.close()
        async with opened(self._at.url, KEY) as (database, vault):
            world = await deployed(database, vault)
            world.clock.now = self._at.now()
            ways = Ways(self._at.telegram, self._at.bots, self._at.proxy.url)
            async with moved_in(world, ways, self._people, self._random) as everybody:
                self._began = self._at.now()
                await self._live(everybody, database, plan)
                self.found = await database.read(
                    lambda conn: audit(conn, vault, everybody, frozenset(_unsure(everybody, self._at.bots)))
                )
                self.found.stuck = await self._stuck(everybody)
                await self._rest(database)
                self.reckoning = await database.read(lambda conn: self._reckoned(conn, vault))
            await world.turns.close()

    async def _live(self, everybody: Sequence[Participant], database: Database, plan: Sequence[Trouble]) -> None:
        for port in self._at.ports:
            self._at.start(port)
        await self._at.proxy.until_well(*self._at.ports)
        lives = [asyncio.create_task(one.live()) for one in everybody]
        for number, trouble in enumerate(plan, 1):
            to_due = bool(number % 2)
            self.troubles.forward(await database.read(lambda conn: self._to_pass(conn, to_due)))  # noqa: B023
            await self._round(everybody, trouble)
            if self._random.random() < CAUGHT_UP:
                await self._catch_up(database)
            if not number % 20 or number == len(plan):
                self._say(f"{number} of {len(plan)} troubles, {self._at.now():%d %b %H:%M}")
        self.troubles.set_right()
        await asyncio.sleep(CALM)
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
        await self._rest(database)

    async def _round(self, everybody: Sequence[Participant], trouble: Trouble) -> None:
        """Something befalls the machines in the middle of what the time brings, and everybody goes on."""
        for one in everybody:
            one.looks = self._random.random() < one.keen
        await asyncio.sleep(self._random.uniform(0.0, 2.0))
        others: list[Trouble] = ["kill", "freeze", "asleep"]
        too = [self._random.choice(others)] if trouble != "roll" and self._random.random() < TWO_AT_ONCE else []
        await asyncio.gather(*map(self.troubles.befall, {trouble, *too}))
        await asyncio.sleep(self._random.uniform(0.2, 1.0))
        self.troubles.revive()
        await self._somebody_well()

    async def _somebody_well(self) -> None:
        """Until the proxy sends people anywhere. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not self._at.proxy.well:  # noqa: ASYNC110, checks come in their own rhythm
                await asyncio.sleep(0.02)

    async def _catch_up(self, database: Database) -> None:
        """Until nobody waits for anything, or so long as it takes to take over."""
        for _ in range(int(SOON / 0.25)):
            if await database.read(lambda conn: is_caught_up(conn, self._at.now())):
                return
            await asyncio.sleep(0.25)

    def _to_pass(self, conn: Connection, to_due: bool) -> timedelta:
        """Until right after something is due for somebody, or right after a specialist's hour, or anything."""
        now, a_little = self._at.now(), timedelta(seconds=self._random.uniform(0, 120))
        if to_due:
            due = conn.scalar(select(func.min(schema.participant.c.next_due)))
            return max(due - now, timedelta(0)) + a_little if due is not None and due < now + 60 * HOUR else HOUR
        if self._random.random() < 0.5:
            rhythm = rhythm_of(self._random.choice([*hours_of(conn).values()]))
            moment = rhythm.moment(rhythm.today(now))
            return (moment - now if moment > now else moment + 24 * HOUR - now) + a_little
        return self._random.uniform(0.2, 8) * HOUR

    async def _rest(self, database: Database) -> None:
        """Until nothing waits anywhere, and nobody hears anything new for a while; or for as long as we are patient."""
        quiet, before = 0.0, -1
        for look in range(int(PATIENCE)):
            waits = await database.read(lambda conn: _waits(conn, self._at))
            said = await database.read(lambda conn: conn.scalar(select(func.count()).select_from(schema.outbox)))
            pending = [bot for bot in self._at.bots if bot.updates.pending]
            quiet = quiet + 1.0 if not waits and not pending and said == before else 0.0
            if quiet >= QUIET:
                return
            before = said or 0
            for bot in pending if look % 10 == 9 else ():
                if bot.webhook is not None:  # Telegram itself would wait for up to two minutes
                    bot.bring_to(bot.webhook.settings)
            await asyncio.sleep(1.0)

    async def _stuck(self, everybody: Sequence[Participant]) -> int:
        """How many get no reply to one more message."""
        replied = await asyncio.gather(*(one.replied() for one in everybody))
        stuck = [one for one, is_well in zip(everybody, replied, strict=True) if not is_well]
        for one in stuck:
            self._say(f"participant:{one.number} is stuck ({type(one).__name__})")
        return len(stuck)

    def _reckoned(self, conn: Connection, vault: Vault) -> Reckoning:
        pids = [machine.pid for machine in self._at.running.values()]
        return reckoned(conn, vault, self._at.now(), self._at.mailbox.taken, pids, self._began)

    def __str__(self) -> str:
        counts = self.troubles.counts
        happened = " ".join(f"{TOLD[trouble]} {counts[trouble]}" for trouble in TOLD)
        ends = f"fallen {self.troubles.fallen} late {self.troubles.late}"
        return f"{happened} {ends} {self.found} {self.reckoning}"

    @property
    def wrong(self) -> dict[str, int]:
        """What is not 0 and ought to be."""
        found, troubles = self.found, self.troubles
        ought = {"lost": found.lost, "doubled": found.doubled, "misfiled": found.misfiled, "stuck": found.stuck}
        ought |= {"fallen": troubles.fallen, "late": troubles.late}
        return {name: many for name, many in ought.items() if many} | self.reckoning.wrong


def _waits(conn: Connection, at: Setting) -> bool:
    found = Reckoning()
    look_around(conn, at.now(), [machine.pid for machine in at.running.values()], found)
    return bool(found.wrong)


def _unsure(everybody: Sequence[Participant], bots: Sequence[Bot]) -> Iterator[str]:
    """Messages of which nobody was told that they arrived."""
    for bot in bots:
        yield from unconfirmed(bot)
    for one in everybody:
        if isinstance(one, Browsing):
            yield from one.unsure
