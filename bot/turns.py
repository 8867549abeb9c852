"""Turns: inbound messages -> one transaction -> outbox. Everything that waits at a moment becomes one batch.

A message is confirmed when it is stored together with what it led to; not before, and nothing is sent before either.
A batch that breaks is answered one message at a time; a message that still breaks is quarantined with its cause, its
sender gets an honest sentence, and nobody else notices.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row

from bot.catalogs import Catalogs
from bot.channels.http import place_of
from bot.commands import Commands
from bot.conversing import Conversing, Setting, body, said_in
from bot.messages import Inbound, Outbound, decode_outbound, encode
from bot.programme import Programme
from bot.shelf import ScriptShelf
from bot.speaking import Speaking
from storage import checkins, inbox, outbox, people
from storage.database import Database, StorageAway
from storage.inbox import Received
from storage.outbox import Queued
from storage.vault import Cipher, Vault

LARGEST_BATCH = 256
"""Messages in one transaction: enough to share a commit, few enough that nobody waits for the others' rendering."""

WEB = "web"
"""The channel whose address is the participant's own number and whose pages fetch messages themselves."""

Messages = tuple[tuple[int, Outbound], ...]
Listener = Callable[[int, Messages], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message that is stored now. ``fresh`` is False for a second copy, which has no effect."""

    fresh: bool
    messages: Messages


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said in a conversation: by us (``outbound``), or by the person in words (``said``)."""

    seq: int
    outbound: Outbound | None
    said: str


class Unknown(Exception):
    """Nobody is reached at the address that a message came from."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    inbound: Inbound
    receipt: asyncio.Future[Receipt]


class Turns:
    """Answers messages in groups. ``listeners`` are called after the commit with what each participant was told."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        catalogs: Catalogs,
        programme: Programme,
        shelf: ScriptShelf | None = None,
    ) -> None:
        self.listeners: list[Listener] = []
        self._database = database
        self._vault = vault
        self._setting = Setting(
            vault,
            shelf or ScriptShelf(),
            Speaking(catalogs),
            Commands([catalogs.ui(language) for language in catalogs.languages]),
            programme,
        )
        self._waiting: list[_Waiting] = []
        self._answering: asyncio.Task[None] | None = None

    async def submit(self, inbound: Inbound) -> Receipt:
        """Store a message and what it leads to.

        Raises StorageAway when nothing was stored (the same message may come again), and Unknown for a stranger.
        """
        waiting = _Waiting(inbound, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._answering is None:
            self._answering = asyncio.create_task(self._answer())
        return await waiting.receipt

    async def history(self, participant_id: int, after: int = 0) -> list[Entry]:
        """The open conversation, both sides. Of one that is over only what was said last: others may see the screen."""
        return await self._database.read(lambda conn: self._history(conn, participant_id, after))

    async def close(self) -> None:
        """Wait for what has begun."""
        while self._answering is not None:
            await self._answering

    # Batches --------------------------------------------------------------------------------------------------------

    async def _answer(self) -> None:
        """One batch after the other until nothing waits. Only one is under way, so a person's messages keep order."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                await self._together(batch)
        finally:
            self._answering = None

    async def _together(self, batch: Sequence[_Waiting]) -> None:
        inbound = [each.inbound for each in batch]
        try:
            receipts = await self._database.write(lambda conn: self._turn(conn, inbound))
        except StorageAway as away:
            _settle(batch, away)
        except Exception:
            await self._one_by_one(batch)
        else:
            self._tell(batch, receipts)

    async def _one_by_one(self, batch: Sequence[_Waiting]) -> None:
        for each in batch:
            try:
                receipts = await self._alone(each.inbound)
            except (StorageAway, Unknown) as refused:
                _settle([each], refused)
            except Exception as error:
                _log.error("%s at %s", type(error).__name__, place_of(error))
                _settle([each], StorageAway("the message could not be stored"))
            else:
                self._tell([each], receipts)

    async def _alone(self, inbound: Inbound) -> list[_Told]:
        try:
            return await self._database.write(lambda conn: self._turn(conn, [inbound]))
        except (StorageAway, Unknown):
            raise
        except Exception as error:
            cause = f"{type(error).__name__} at {place_of(error)}"
            _log.error("quarantined: %s", cause)
            return await self._database.write(lambda conn: self._quarantine(conn, inbound, cause))

    def _tell(self, batch: Sequence[_Waiting], told: Iterable[_Told]) -> None:
        for waiting, one in zip(batch, told, strict=True):
            if isinstance(one, Unknown):
                _settle([waiting], one)
                continue
            participant_id, receipt = one
            if not waiting.receipt.done():
                waiting.receipt.set_result(receipt)
            for listener in self.listeners if receipt.messages else ():
                listener(participant_id, receipt.messages)

    # In the transaction ---------------------------------------------------------------------------------------------

    def _turn(self, conn: Connection, batch: Sequence[Inbound]) -> list[_Told]:
        owners = self._owners(conn, batch)
        rows = {row.id: row for row in inbox.lock(conn, set(owners.values()))}
        keys = {one: (owner, one.channel, one.id) for one in batch if (owner := owners.get(_place(one), 0)) in rows}
        seen = inbox.seen(conn, list(keys.values()))
        talks = checkins.open_talks(conn, rows)
        names = checkins.specialists(conn, self._vault, rows)
        there = {
            number: self._conversing(conn, row, talks.get(number), names.get(number, ""))
            for number, row in rows.items()
        }
        turn = _Turn(there, keys, seen)
        told = [turn.take(inbound) for inbound in batch]
        turn.store(conn)
        return told

    def _owners(self, conn: Connection, batch: Sequence[Inbound]) -> dict[tuple[str, str], int]:
        places = {_place(inbound) for inbound in batch}
        own = {place: int(place[1]) for place in places if place[0] == WEB and place[1].isdecimal()}
        return {**own, **inbox.participants_at(conn, self._vault, places - own.keys())}

    def _conversing(
        self, conn: Connection, row: Row[tuple[object, ...]], talk: checkins.Talk | None, specialist: str
    ) -> Conversing:
        person = people.as_participant(self._vault, row)
        return Conversing(self._setting, conn, person, specialist, row.next_seq, row.next_conversation, talk)

    def _quarantine(self, conn: Connection, inbound: Inbound, cause: str) -> list[_Told]:
        """Keep a message that cannot be answered, and say so."""
        owners = self._owners(conn, [inbound])
        rows = inbox.lock(conn, set(owners.values()))
        if not rows:
            return [Unknown()]
        talk = checkins.open_talks(conn, [rows[0].id]).get(rows[0].id)
        one = self._conversing(conn, rows[0], None, "")
        seq, number = one.next_seq, talk.number if talk else 0
        message = one.trouble(number)
        turn = _Turn({one.person.id: one}, {}, set())
        one.next_seq += 2
        turn.received(inbound, one, (seq, number, ""), state="quarantined", cause=cause)
        turn.queued(inbound, one, number, [(seq + 1, message)])
        turn.store(conn)
        return [(one.person.id, Receipt(True, ((seq + 1, message),)))]

    def _history(self, conn: Connection, participant_id: int, after: int) -> list[Entry]:
        talk = checkins.last_talk(conn, participant_id)
        if talk is None:
            return []
        cipher = people.participant(conn, self._vault, participant_id).cipher
        rows = outbox.talk(conn, participant_id, talk.number, after)
        if talk.state != "open":
            last = max((row.seq for row in rows if row.message_id is not None), default=0)
            rows = [row for row in rows if row.seq > last]
        return [_entry(cipher, participant_id, row) for row in rows]


_Told = tuple[int, Receipt] | Unknown


class _Turn:
    """One batch under way: who is there, and the rows that it leaves."""

    def __init__(self, there: dict[int, Conversing], keys: dict[Inbound, inbox.Key], seen: set[inbox.Key]) -> None:
        self._there = there
        self._keys = keys
        self._seen = seen
        self._received: list[Received] = []
        self._queued: list[Queued] = []

    def take(self, inbound: Inbound) -> _Told:
        key = self._keys.get(inbound)
        if key is None:
            return Unknown()
        if key in self._seen:
            return key[0], Receipt(False, ())
        self._seen.add(key)
        one = self._there[key[0]]
        seq, number, said, messages = one.hear(inbound)
        self.received(inbound, one, (seq, number, said))
        self.queued(inbound, one, number, messages)
        return key[0], Receipt(True, tuple(messages))

    def received(
        self,
        inbound: Inbound,
        one: Conversing,
        heard: tuple[int, int, str],
        state: str = "done",
        cause: str | None = None,
    ) -> None:
        seq, number, said = heard
        person, cipher = one.person.id, one.person.cipher
        sealed = cipher.seal(f"inbox.body|{person}|{inbound.channel}|{inbound.id}", body(inbound, said))
        self._received.append(
            Received(person, inbound.channel, inbound.id, seq, number, sealed, inbound.at, state, cause)
        )

    def queued(self, inbound: Inbound, one: Conversing, number: int, messages: Iterable[tuple[int, Outbound]]) -> None:
        person, cipher = one.person.id, one.person.cipher
        state = "sent" if inbound.channel == WEB else "queued"
        self._queued += [
            Queued(
                person,
                seq,
                message.conversation or number,
                inbound.channel,
                cipher.seal(f"outbox.body|{person}|{seq}", encode(message)),
                state,
                inbound.at,
            )
            for seq, message in messages
        ]

    def store(self, conn: Connection) -> None:
        """A fixed handful of statements, however many messages there were."""
        everybody = list(self._there.values())
        open_now = [sealed for one in everybody if (sealed := one.sealed())]
        latest = {(talk.participant_id, talk.number): talk for one in everybody for talk in [*one.ended, *open_now]}
        begun = {(talk.participant_id, talk.number) for one in everybody for talk in one.begun}
        checkins.begin(conn, [latest[key] for key in begun])
        checkins.change(conn, [talk for key, talk in latest.items() if key not in begun])
        checkins.add_answers(conn, [(one.person.cipher, given) for one in everybody for given in one.given])
        inbox.add(conn, self._received)
        outbox.add(conn, self._queued)
        inbox.advance(
            conn,
            [
                (one.person.id, one.next_seq, one.next_conversation, one.person.language, one.person.state)
                for one in everybody
            ],
        )


def _place(inbound: Inbound) -> tuple[str, str]:
    return inbound.channel, inbound.address


def _settle(batch: Iterable[_Waiting], error: Exception) -> None:
    for each in batch:
        if not each.receipt.done():
            each.receipt.set_exception(error)


def _entry(cipher: Cipher, participant_id: int, row: Row[tuple[object, ...]]) -> Entry:
    if row.message_id is None:
        opened = cipher.open(f"outbox.body|{participant_id}|{row.seq}", row.sealed_body)
        return Entry(row.seq, decode_outbound(opened), "")
    opened = cipher.open(f"inbox.body|{participant_id}|{row.channel}|{row.message_id}", row.sealed_body)
    return Entry(row.seq, None, said_in(opened))
