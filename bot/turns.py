"""Turns: inbound messages -> one transaction -> outbox. Everything that waits at a moment becomes one batch.

A message is confirmed when it is stored together with what it led to; not before, and nothing is sent before either.
A batch that breaks is answered one message at a time; a message that still breaks is quarantined with its cause, its
sender gets an honest sentence, and nobody else notices.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter

import msgspec
from sqlalchemy.exc import IntegrityError

from bot.batch import Receipt, Told, Unknown, answer, contact, quarantine
from bot.calendars import Calendar
from bot.catalogs import Catalogs
from bot.channels.http import place_of
from bot.commands import Commands
from bot.conversing import Setting
from bot.failpoints import reached
from bot.figures import Figures
from bot.history import Entry, history
from bot.messages import Inbound
from bot.programme import Programme
from bot.recordings import SILENCE, Recordings
from bot.schedule import Step
from bot.shelf import ScriptShelf
from bot.speaking import Speaking
from bot.telling import Telling
from storage import contacts
from storage.database import Database, StorageAway
from storage.vault import Vault

LARGEST_CONTACT = 64
"""People who are written to in one transaction: few, because whoever answers meanwhile has to wait for it."""

PUT_OFF = timedelta(hours=1)
"""When somebody is looked at again for whom nothing could be done through a fault of ours."""

LARGEST_BATCH = 256
"""Messages in one transaction: enough to share a commit, few enough that nobody waits for the others' rendering."""

Listener = Callable[[int, Inbound, Receipt], None]
_log = logging.getLogger(__name__)


class _Waiting(msgspec.Struct, frozen=True, eq=False):
    inbound: Inbound
    receipt: asyncio.Future[Receipt]


class Turns:
    """Answers messages in groups. ``listeners`` are called after the commit with a participant's number, the message
    and what became of it, when there is something to tell."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        catalogs: Catalogs,
        programme: Programme,
        shelf: ScriptShelf | None = None,
        address: str = "",
        translates: bool = False,
        recordings: Recordings = SILENCE,
    ) -> None:
        self.listeners: list[Listener] = []
        self.figures = Figures()
        self._since = 0.0
        self._database = database
        self._setting = Setting(
            vault,
            shelf or ScriptShelf(),
            Speaking(catalogs, programme.reads),
            Telling(catalogs, programme),
            Commands([catalogs.ui(language) for language in catalogs.languages]),
            programme,
            Calendar(programme.country),
            address,
            translates,
            recordings,
        )
        self._waiting: list[_Waiting] = []
        self._answering: asyncio.Task[None] | None = None

    def use(self, programme: Programme) -> None:
        """From the next batch on, another programme."""
        catalogs = self._setting.speaking.catalogs
        self._setting = replace(
            self._setting,
            speaking=Speaking(catalogs, programme.reads),
            telling=Telling(catalogs, programme),
            programme=programme,
            calendar=Calendar(programme.country),
        )

    async def submit(self, inbound: Inbound) -> Receipt:
        """Store a message and what it leads to.

        Raises StorageAway when nothing was stored (the same message may come again), and Unknown for a stranger.
        """
        waiting = _Waiting(_whole(inbound), asyncio.get_running_loop().create_future())
        if not self._waiting:
            self._since = perf_counter()
        self._waiting.append(waiting)
        if self._answering is None:
            self._answering = asyncio.create_task(self._answer())
        return await waiting.receipt

    async def contact(self, now: datetime) -> Counter[str]:
        """Do what is due at this moment for everybody: how often what was done, by the names in ``bot.schedule``.

        A few people at a time, each group in one transaction, until nobody is due. What is not finished is found again
        the next time. Raises StorageAway.
        """
        came: Counter[str] = Counter()
        while True:
            done = await self._contact(now)
            came.update(type(step).__name__ for step in done if step)
            if not done:
                return came

    async def _contact(self, now: datetime) -> Sequence[Step | None]:
        try:
            return await self._database.write(lambda conn: contact(conn, self._setting, now, LARGEST_CONTACT))
        except StorageAway:
            raise
        except Exception:
            return await self._contact_one(now)

    async def _contact_one(self, now: datetime) -> Sequence[Step | None]:
        """Somebody in the group cannot be looked at: so the others are not held up, who comes first is alone."""
        try:
            return await self._database.write(lambda conn: contact(conn, self._setting, now, 1))
        except StorageAway:
            raise
        except Exception as error:
            person = await self._database.write(lambda conn: contacts.put_off(conn, now, now + PUT_OFF))
            _log.error("participant:%s is put off: %s at %s", person, type(error).__name__, place_of(error))
            return [None]

    async def history(self, participant_id: int, after: int = 0) -> list[Entry]:
        """The open conversation, both sides. Of one that is over only what was said last: others may see the screen."""
        return await self._database.read(lambda conn: history(conn, self._setting.vault, participant_id, after))

    async def close(self) -> None:
        """Wait for what has begun."""
        while self._answering is not None:
            await self._answering

    # Batches --------------------------------------------------------------------------------------------------------

    async def _answer(self) -> None:
        """One batch after the other until nothing waits. Only one is under way, so a person's messages keep order."""
        try:
            while self._waiting:
                since, self._since = self._since, perf_counter()
                batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                await self._together(batch, since)
        finally:
            self._answering = None

    async def _together(self, batch: Sequence[_Waiting], since: float) -> None:
        """Second copies are rare, so a batch does not look for them: the database refuses them, and then it looks."""
        inbound = [each.inbound for each in batch]
        try:
            try:
                told = await self._database.write(lambda conn: answer(conn, self._setting, inbound, look=False))
            except IntegrityError:
                told = await self._database.write(lambda conn: answer(conn, self._setting, inbound))
        except StorageAway as away:
            self.figures.turns.not_stored += len(batch)
            _settle(batch, away)
        except Exception:
            await self._one_by_one(batch, since)
        else:
            reached("turn.committed")
            self.figures.turns.committed(since, len(batch))
            self._tell(batch, told)

    async def _one_by_one(self, batch: Sequence[_Waiting], since: float) -> None:
        for each in batch:
            try:
                receipts = await self._alone(each.inbound)
            except Unknown as refused:
                _settle([each], refused)
            except StorageAway as away:
                self.figures.turns.not_stored += 1
                _settle([each], away)
            except Exception as error:
                _log.error("%s at %s", type(error).__name__, place_of(error))
                self.figures.turns.not_stored += 1
                _settle([each], StorageAway("the message could not be stored"))
            else:
                self.figures.turns.committed(since, 1)
                self._tell([each], receipts)

    async def _alone(self, inbound: Inbound) -> list[Told]:
        try:
            return await self._database.write(lambda conn: answer(conn, self._setting, [inbound]))
        except (StorageAway, Unknown):
            raise
        except Exception as error:
            cause = f"{type(error).__name__} at {place_of(error)}"
            _log.error("quarantined: %s", cause)
            self.figures.turns.quarantined += 1
            return await self._database.write(lambda conn: quarantine(conn, self._setting, inbound, cause))

    def _tell(self, batch: Sequence[_Waiting], told: Iterable[Told]) -> None:
        for waiting, one in zip(batch, told, strict=True):
            if isinstance(one, Unknown):
                _settle([waiting], one)
                continue
            participant_id, receipt = one
            if not waiting.receipt.done():
                waiting.receipt.set_result(receipt)
            for listener in self.listeners if receipt.messages else ():
                _call(listener, participant_id, waiting.inbound, receipt)


def _whole(inbound: Inbound) -> Inbound:
    """A message that can be stored: half a character, which some keyboards send, would be refused for ever."""
    if inbound.text.isascii():
        return inbound
    return msgspec.structs.replace(inbound, text=inbound.text.encode("utf-8", "replace").decode("utf-8"))


def _call(listener: Listener, participant_id: int, inbound: Inbound, receipt: Receipt) -> None:
    """A listener's mistake is nobody else's: the message is stored."""
    try:
        listener(participant_id, inbound, receipt)
    except Exception as error:
        _log.error("a listener: %s at %s", type(error).__name__, place_of(error))


def _settle(batch: Iterable[_Waiting], error: Exception) -> None:
    for each in batch:
        if not each.receipt.done():
            each.receipt.set_exception(error)
