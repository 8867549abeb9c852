"""Bot: one Telegram bot of a deployment. Of all processes one leads: it sends, and asks for updates or has set where
they are brought. Every process takes what is brought to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.admission import Admission
from bot.catalogs import Catalogs
from bot.channels.http import place_of
from bot.channels.telegram.client import TelegramClient, Trouble
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.leading import Surely
from bot.channels.telegram.menu import show_menu
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.webhook import Webhook
from bot.delivery.book import StoredBook
from bot.delivery.clock import Clock, SystemClock
from bot.delivery.delivery import Delivery
from bot.delivery.limits import Limits
from bot.delivery.outcomes import Failed, Outcome
from bot.messages import AWAY, Inbound, Outbound, Tap
from bot.programme import Programme
from bot.recordings import SILENCE, Recordings
from bot.schedule import is_daytime
from bot.turns import Turns
from storage import addresses, audit, channel_state, outbox, strays
from storage.database import Database, StorageAway
from storage.vault import Vault

CHANNEL = "telegram"

GAP = timedelta(seconds=120)
"""After so long without Telegram, presses of buttons may be lost there: it keeps them for 150 seconds."""

LONG_GAP = timedelta(hours=24)
"""After so long written messages may be lost as well."""

IN_THE_MIDDLE = timedelta(hours=1)
"""Who began to answer no longer ago is in the middle of a conversation."""

GATHER = 0.03
"""Seconds that what became of messages waits for more of its kind before it is stored."""

STRAYS_KEPT = timedelta(days=8)
"""How long something that nobody could read is kept for whoever finds out why."""

MENU_AGAIN = 60.0
"""Seconds until the menu is tried again."""

_TOGETHER = 64
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every bot of a deployment stands on."""

    database: Database
    vault: Vault
    catalogs: Catalogs
    programme: Programme
    turns: Turns
    admission: Admission
    now: Callable[[], datetime]
    recordings: Recordings = SILENCE


@dataclass(frozen=True, slots=True)
class Ways:
    """How a bot reaches Telegram, and how Telegram reaches it: at ``address`` where that is set, else it is asked.
    ``patience`` is how many seconds the bot waits for an answer."""

    api: str
    per_second: int
    address: str = ""
    patience: float = 15.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a bot does what nobody asked it for. Seconds on ``clock``: between two looks whether we lead, between two
    notes that Telegram answered, and between two messages to one chat."""

    clock: Clock = field(default_factory=SystemClock)
    look_every: float = 2.0
    note_every: float = 15.0
    chat_interval: float = 1.0

    async def pause(self, seconds: float) -> None:
        """Let so many seconds pass."""
        await self.clock.wait(asyncio.Event(), self.clock.monotonic() + seconds)


def channel_of(token: str) -> str:
    """The channel of a bot: its number stays the same when its token is renewed."""
    return f"{CHANNEL}:{token.partition(':')[0]}"


class TelegramBot:
    """One bot. ``run`` until cancelled; ``webhook`` is a page for the web server, where updates are brought."""

    def __init__(self, token: str, ground: Ground, ways: Ways, rhythm: Rhythm | None = None) -> None:
        self.channel = channel_of(token)
        self._rhythm = rhythm or Rhythm()
        self._ground = ground
        self._ways = ways
        self._noted: datetime | None = None
        self._username = ""
        database, vault = ground.database, ground.vault
        self._client = TelegramClient(
            token,
            ground.catalogs,
            base_url=ways.api,
            read_timeout=ways.patience,
            recordings=ground.recordings,
        )
        book = StoredBook(database, vault, self.channel, ground.now)
        limits = Limits(ways.per_second, self._rhythm.chat_interval, GATHER)
        self._leadership = database.leadership(self.channel)
        sender = Surely(self._client, self._leadership)
        self.delivery = Delivery(book, sender, limits, clock=self._rhythm.clock)
        ground.turns.listeners.append(self.delivery.heard)
        self._intake = Intake(
            self.channel,
            client=self._client,
            turns=ground.turns,
            admission=ground.admission,
            delivery=self.delivery,
            book=book,
            database=database,
            vault=vault,
            catalogs=ground.catalogs,
            programme=ground.programme,
            now=ground.now,
        )
        self.webhook = Webhook(self.channel, vault, self._intake) if ways.address else None

    def use(self, programme: Programme) -> None:
        """From now on, the numbers of another programme."""
        self._intake.use(programme)

    async def username(self) -> str:
        """The bot's name at Telegram, or "" while nobody can be asked."""
        if not self._username:
            with suppress(Trouble):
                self._username = (await self._client.start()).username
        return self._username

    async def tell(self, address: str, message: Outbound) -> Outcome:
        """Say something short at an address, beside all conversations. Whatever happens to it is an outcome."""
        if not await self.username():
            return Failed("Telegram cannot be asked")
        (part,) = self._client.parts([message])
        return await self._client.send(address, part)

    async def run(self) -> None:
        """Lead whenever nobody else does."""
        leading: asyncio.Task[None] | None = None
        try:
            while True:
                if not await self._leadership.won():
                    await _stopped(leading)
                    leading = None
                elif leading is None or leading.done():
                    leading = asyncio.create_task(self._lead())
                await self._rhythm.pause(self._rhythm.look_every)
        finally:
            await _stopped(leading)
            await self._intake.close()
            await self._client.close()
            await self._leadership.release()

    async def _lead(self) -> None:
        """Until cancelled, or until something breaks that nobody thought of: then it begins anew."""
        try:
            await self._begin()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.delivery.run())
                tasks.create_task(self._listen())
                tasks.create_task(self._show_menu())
        except* Exception as group:
            for error in group.exceptions:
                _log.error("%s: %s at %s", self.channel, type(error).__name__, place_of(error))

    async def _begin(self) -> None:
        """Find out whether the token is any good. Without Telegram it is tried again until there is one."""
        while True:
            try:
                self._username = (await self._client.start()).username
                _log.info("%s is @%s", self.channel, self._username)
                return
            except Trouble as trouble:
                _log.warning("%s: Telegram cannot be asked: %s", self.channel, trouble)
                await self._note_trouble(str(trouble))
            await self._rhythm.pause(self._rhythm.look_every)

    async def _listen(self) -> None:
        if self.webhook is None:
            await Polling(self._client, self._intake, self._contact, sleep=self._rhythm.pause).run()
        else:
            await self._be_brought(self.webhook)

    async def _be_brought(self, webhook: Webhook) -> None:
        """Have updates brought to us, and see to it that it stays so."""
        url = self._ways.address + webhook.path
        while True:
            try:
                if await self._client.webhook_url() != url:
                    await self._client.set_webhook(url, webhook.secret)
                await self._contact()
            except Trouble as trouble:
                _log.warning("%s: Telegram cannot be asked: %s", self.channel, trouble)
            await self._rhythm.pause(self._rhythm.note_every)

    async def _show_menu(self) -> None:
        while True:
            try:
                await show_menu(self._client, self._ground.catalogs)
                return
            except Trouble as trouble:
                _log.warning("%s: the menu is as it was: %s", self.channel, trouble)
            await self._rhythm.pause(MENU_AGAIN)

    # Time away ------------------------------------------------------------------------------------------------------

    async def _contact(self) -> None:
        """Telegram answered. After too long a time without it everybody is asked once more what they were asked."""
        now = self._ground.now()
        if self._noted is not None and now - self._noted < timedelta(seconds=self._rhythm.note_every):
            return
        try:
            before = await self._ground.database.read(lambda conn: channel_state.read(conn, self.channel))
            if before is not None and before.alive_at is not None and now - before.alive_at > GAP:
                await self._ask_again(before.alive_at, now)
            await self._ground.database.write(lambda conn: self._touch(conn, now))
        except StorageAway:
            return  # it is noted with the next answer
        self._noted = now

    def _touch(self, conn: Connection, now: datetime) -> None:
        before = channel_state.touch(conn, self.channel, now)
        strays.purge(conn, now - STRAYS_KEPT)
        if before is not None and now - before > LONG_GAP:
            details = {"channel": self.channel, "from": before.isoformat(), "to": now.isoformat()}
            audit.record(conn, at=now, actor="system", action="channel.long_gap", details=details)

    async def _ask_again(self, start: datetime, end: datetime) -> None:
        """Once for a time away, though it may be begun anew: these messages have the number of that time. Raises
        StorageAway."""
        moments = (start.isoformat(), end.isoformat()) if end - start > LONG_GAP else ()
        tap = Tap(0, "", "again", (AWAY, *moments))
        places = await self._ground.database.read(lambda conn: self._asked(conn, end))
        number = f"gap{int(start.timestamp())}"
        for few in (places[n : n + _TOGETHER] for n in range(0, len(places), _TOGETHER)):
            said = (Inbound(self.channel, place, number, end, tap=tap) for place in few)
            await asyncio.gather(*map(self._ground.turns.submit, said))
        _log.warning("%s was away for %d s: %d asked again", self.channel, (end - start).total_seconds(), len(places))

    def _asked(self, conn: Connection, end: datetime) -> Sequence[str]:
        """At night only those who were in the middle of it: nobody else is written to then."""
        waiting = outbox.asked_in(conn, self.channel, end, end)
        middle = end - IN_THE_MIDDLE
        people = [
            one.participant_id
            for one in waiting
            if is_daytime(end, one.time_zone) or (one.reacted_at is not None and one.reacted_at >= middle)
        ]
        found = addresses.where(conn, self._ground.vault, self.channel, people)
        return [place.address for place in found.values() if place.state == addresses.ACTIVE]

    async def _note_trouble(self, trouble: str) -> None:
        with suppress(StorageAway):
            await self._ground.database.write(lambda conn: channel_state.trouble(conn, self.channel, trouble))


async def _stopped(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
