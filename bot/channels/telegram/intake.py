"""Intake: what Telegram says happened, taken in. When ``take`` returns, everything of it is stored and it may be
confirmed; when it raises StorageAway, nothing is, and Telegram keeps it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from bot.admission import Admission
from bot.batch import Unknown
from bot.catalogs import Catalogs
from bot.catalogs.wished import nearest
from bot.channels.http import place_of
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.updates import Arrived, Raw, Unreadable, read
from bot.delivery.book import Mark, StoredBook
from bot.delivery.delivery import Delivery
from bot.messages import Button, Inbound, Outbound, Tap
from bot.programme import Programme
from bot.telling import Telling
from bot.turns import Turns
from storage import addresses, staff_addresses, strays
from storage.database import Database, StorageAway
from storage.vault import Vault

LONGEST_WAIT = 1.0
"""Seconds that a message waits for what we are just sending to the same person to be stored."""

_MOST_AWAY = 1_000
_log = logging.getLogger(__name__)


class Intake:
    """Takes the updates of one bot."""

    def __init__(
        self,
        channel: str,
        *,
        client: TelegramClient,
        turns: Turns,
        admission: Admission,
        delivery: Delivery,
        book: StoredBook,
        database: Database,
        vault: Vault,
        catalogs: Catalogs,
        programme: Programme,
        now: Callable[[], datetime],
    ) -> None:
        self.channel = channel
        self._client = client
        self._turns = turns
        self._admission = admission
        self._delivery = delivery
        self._book = book
        self._database = database
        self._vault = vault
        self._catalogs = catalogs
        self._telling = Telling(catalogs, programme)
        self._now = now
        self._aside: set[asyncio.Task[None]] = set()
        self._told_away: set[str] = set()
        self._left: set[int] = set()

    def use(self, programme: Programme) -> None:
        """From now on, the numbers of another programme."""
        self._telling = Telling(self._catalogs, programme)

    async def take(self, raw: Raw) -> str:
        """Take one update. The id under which a pressed button waits for an answer, or "". Raises StorageAway."""
        try:
            arrived = read(raw, channel=self.channel, now=self._now())
        except Unreadable as strange:
            await self._keep(raw, strange)
            return ""
        if arrived.leave:
            self._leave(arrived.leave)
        elif arrived.reach:
            await self._reached(arrived)
        elif arrived.inbound is not None:
            await self._heard(arrived.inbound, arrived)
        return arrived.callback_id

    def aside(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something for which nobody waits, and which may come to nothing."""
        task = asyncio.create_task(_quietly(work))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def close(self) -> None:
        """Drop what was being done aside."""
        for task in [*self._aside]:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)

    # People who take part -------------------------------------------------------------------------------------------

    async def _heard(self, inbound: Inbound, arrived: Arrived) -> None:
        if inbound.tap is not None and inbound.tap.action == "help":
            self.aside(self._help(inbound.address, inbound.tap.choices))
            return
        await self._delivery.settled(inbound.address, LONGEST_WAIT)
        try:
            await self._turns.submit(inbound)
        except Unknown:
            await self._stranger(inbound, arrived)
        except StorageAway:
            self._say_away(inbound.address, arrived.language_code)
            raise
        else:
            self._told_away.discard(inbound.address)

    async def _help(self, address: str, choices: tuple[str, ...]) -> None:
        """Help needs no database, and nobody is told that it was asked for: nothing of this press is stored."""
        card = self._telling.help(choices[0] if choices else "")
        back = Button(self._catalogs.ui(card.language)["ui/help.back"], Tap(0, "", "again"))
        await self._say(address, msgspec.structs.replace(card, buttons=(back,), pick="one"))

    def _say_away(self, address: str, language_code: str) -> None:
        """Once an outage. The message itself waits at Telegram and comes again."""
        if address in self._told_away or len(self._told_away) >= _MOST_AWAY:
            return
        self._told_away.add(address)
        language = nearest(language_code, self._catalogs.languages)
        self.aside(self._say(address, self._telling.told(language, "ui/away")))

    async def _reached(self, arrived: Arrived) -> None:
        """Somebody has shut the bot out, or let it in again: then the question that waits is offered once more."""
        place = (self.channel, arrived.address)
        person = (await self._database.read(lambda conn: addresses.participants_at(conn, self._vault, [place]))).get(
            place
        )
        if person is None:
            await self._reached_staff(arrived)
            return
        if arrived.reach == "blocked":
            await self._book.write([Mark(person, gone="blocked by the person")])
            self._delivery.forget(person)
        elif await self._delivery.back(person):
            again = Tap(0, "", "again")
            await self._turns.submit(
                Inbound(self.channel, arrived.address, f"r{arrived.update_id}", self._now(), tap=again)
            )

    async def _reached_staff(self, arrived: Arrived) -> None:
        """The same for somebody on the staff: while the bot is shut out, they are told by mail."""
        turn = staff_addresses.unreachable if arrived.reach == "blocked" else staff_addresses.reachable

        def work(conn: Connection) -> None:
            standing = staff_addresses.standing_at(conn, self._vault, self.channel, arrived.address)
            if standing is not None:
                turn(conn, standing.staff_id, self.channel, self._now())

        await self._database.write(work)

    # Everybody else -------------------------------------------------------------------------------------------------

    async def _stranger(self, inbound: Inbound, arrived: Arrived) -> None:
        text = inbound.text if not arrived.start else arrived.start
        answer = await self._admission.knock(self.channel, inbound.address, text, arrived.language_code, self._now())
        if answer is not None:
            self.aside(self._say(inbound.address, answer))

    def _leave(self, chat: int) -> None:
        """Groups are no place for a check-in. Nothing that is said there is read or kept."""
        if chat not in self._left:
            self._left.add(chat)
            self.aside(self._go(chat))

    async def _go(self, chat: int) -> None:
        await self._say(str(chat), self._telling.told("", "ui/messenger.private_only"))
        await self._client.leave(chat)
        self._left.discard(chat)

    async def _keep(self, raw: Raw, strange: Unreadable) -> None:
        """An update that nobody can read is kept for an operator: an error in its place would have Telegram repeat it
        for a day, and hold back everything behind it."""
        body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        number = hashlib.sha256(body).hexdigest()[:32] if strange.update_id is None else str(strange.update_id)
        _log.error("an update was kept unread: %s", strange.cause)
        await self._database.write(
            lambda conn: strays.keep(conn, self._vault, self.channel, number, body, strange.cause, self._now())
        )

    # Saying ---------------------------------------------------------------------------------------------------------

    async def _say(self, address: str, message: Outbound) -> None:
        for part in self._client.parts([message]):
            await self._client.send(address, part)


async def _quietly(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except Exception as error:
        _log.warning("aside: %s at %s", type(error).__name__, place_of(error))
