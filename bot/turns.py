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
from typing import Any

import msgspec
from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from bot.catalogs import Catalogs
from bot.channels.http import place_of
from bot.commands import Commands
from bot.conversing import Conversing, Setting
from bot.messages import Heard, Inbound, Outbound, decode_heard, decode_outbound, encode
from bot.past import Past
from bot.programme import Programme
from bot.shelf import ScriptShelf
from bot.speaking import Names, Speaking
from storage import checkins, digests, inbox, outbox, people
from storage.bulk import without_waiting
from storage.database import Database, StorageAway
from storage.inbox import Key, Person, Received, Standing
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
        waiting = _Waiting(_whole(inbound), asyncio.get_running_loop().create_future())
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
        """Second copies are rare, so a batch does not look for them: the database refuses them, and then it looks."""
        inbound = [each.inbound for each in batch]
        try:
            try:
                told = await self._database.write(lambda conn: self._turn(conn, inbound, look=False))
            except IntegrityError:
                told = await self._database.write(lambda conn: self._turn(conn, inbound))
        except StorageAway as away:
            _settle(batch, away)
        except Exception:
            await self._one_by_one(batch)
        else:
            self._tell(batch, told)

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

    def _turn(self, conn: Connection, batch: Sequence[Inbound], *, look: bool = True) -> list[_Told]:
        """Answer a batch. ``look`` for messages that are stored already, which else raise IntegrityError."""
        owners = self._owners(conn, batch)
        there = self._there(conn, set(owners.values()))
        keys = [(owners.get(_place(one), 0), one.channel, one.id) for one in batch]
        turn = _Turn(there, inbox.seen(conn, [key for key in keys if key[0] in there]) if look else set())
        told = [turn.take(key, inbound) for key, inbound in zip(keys, batch, strict=True)]
        turn.store(conn)
        return told

    def _there(self, conn: Connection, ids: Iterable[int]) -> dict[int, Conversing]:
        """Everybody of a batch, locked until it is committed."""
        persons = inbox.lock(conn, ids)
        known = [person.id for person in persons]
        past = Past(conn, known, self._setting.shelf)
        talks = checkins.open_talks(conn, known)
        return {one.id: self._conversing(past, one, talks.get(one.id)) for one in persons}

    def _owners(self, conn: Connection, batch: Sequence[Inbound]) -> dict[tuple[str, str], int]:
        places = {_place(inbound) for inbound in batch}
        own = {place: int(place[1]) for place in places if place[0] == WEB and place[1].isdecimal()}
        return {**own, **inbox.participants_at(conn, self._vault, places - own.keys())}

    def _conversing(self, past: Past, person: Person, talk: checkins.Talk | None) -> Conversing:
        own, data_key, sealed_name, language, state, next_seq, next_conversation = person
        cipher = self._vault.cipher(f"participant:{own}", data_key)
        names = Names(
            name=lambda: people.participant_name(cipher, own, sealed_name),
            specialist=lambda: past.specialist(own, self._vault),
        )
        return Conversing(self._setting, past, own, cipher, names, language, state, next_seq, next_conversation, talk)

    def _quarantine(self, conn: Connection, inbound: Inbound, cause: str) -> list[_Told]:
        """Keep a message that cannot be answered, and say so."""
        owners = self._owners(conn, [inbound])
        there = self._there(conn, set(owners.values()))
        if not there:
            return [Unknown()]
        (one,) = there.values()
        seq, number = one.next_seq, one.talk.number if one.talk else 0
        message = one.trouble(number)
        one.leave_broken(inbound.at)
        turn = _Turn(there, set())
        one.next_seq += 2
        turn.received(inbound, one, (seq, number, ""), state="quarantined", cause=cause)
        turn.queued(inbound, one, number, [(seq + 1, message)])
        turn.store(conn)
        return [(one.id, Receipt(True, ((seq + 1, message),)))]

    def _history(self, conn: Connection, participant_id: int, after: int) -> list[Entry]:
        talk = checkins.last_talk(conn, participant_id)
        if talk is None:
            return []
        cipher = people.participant(conn, self._vault, participant_id).cipher
        rows = outbox.talk(conn, participant_id, talk.number, after)
        if talk.state != "open":
            rows = _said_last(rows)
        elif talk.number > 1 and all(row.message_id is None for row in rows):
            # It was begun in the turn that ended the one before, whose last words nobody has seen otherwise.
            rows = [*_said_last(outbox.talk(conn, participant_id, talk.number - 1, after)), *rows]
        return [_entry(cipher, participant_id, row) for row in rows]


def _said_last(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """What was said after the person's last message."""
    last = max((row.seq for row in rows if row.message_id is not None), default=0)
    return [row for row in rows if row.seq > last]


_Told = tuple[int, Receipt] | Unknown


class _Turn:
    """One batch under way: who is there, and the rows that it leaves."""

    def __init__(self, there: dict[int, Conversing], seen: set[Key]) -> None:
        self._there = there
        self._seen = seen
        self._received: list[Received] = []
        self._queued: list[Queued] = []

    def take(self, key: Key, inbound: Inbound) -> _Told:
        one = self._there.get(key[0])
        if one is None:
            return Unknown()
        if key in self._seen:
            return key[0], Receipt(False, ())
        self._seen.add(key)
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
        place = f"inbox.body|{one.id}|{inbound.channel}|{inbound.id}"
        sealed = one.cipher.seal(place, encode(Heard(said, inbound)))
        self._received.append(
            Received(one.id, inbound.channel, inbound.id, seq, number, sealed, inbound.at, state, cause)
        )

    def queued(self, inbound: Inbound, one: Conversing, number: int, messages: Iterable[tuple[int, Outbound]]) -> None:
        state = "sent" if inbound.channel == WEB else "queued"
        self._queued += [
            Queued(
                one.id,
                seq,
                message.conversation or number,
                inbound.channel,
                one.cipher.seal(f"outbox.body|{one.id}|{seq}", encode(message)),
                state,
                inbound.at,
            )
            for seq, message in messages
        ]

    def store(self, conn: Connection) -> None:
        """A fixed handful of statements, however many messages there were."""
        everybody = list(self._there.values())
        open_now = [sealed for one in everybody if (sealed := one.sealed())]
        ended = [talk for one in everybody for talk in one.ended]
        latest = {talk[:2]: talk for talk in [*ended, *open_now]}
        begun = {talk[:2] for one in everybody for talk in one.begun}
        with without_waiting(conn):
            checkins.change(conn, [talk for key, talk in latest.items() if key not in begun])
            checkins.begin(conn, [talk for key, talk in latest.items() if key in begun])
            checkins.add_answers(conn, [given for one in everybody for given in one.given])
            checkins.add_consents(conn, [consent for one in everybody for consent in one.consents])
            cards = {key: card for one in everybody for key, card in one.cards.items()}
            digests.put_cards(conn, [card for card in cards.values() if card])
            digests.remove_cards(conn, [key for key, card in cards.items() if not card])
            inbox.add(conn, self._received)
            outbox.add(conn, self._queued)
            inbox.advance(
                conn,
                [Standing(one.next_seq, one.next_conversation, one.language, one.state, one.id) for one in everybody],
            )


def _whole(inbound: Inbound) -> Inbound:
    """A message that can be stored: half a character, which some keyboards send, would be refused for ever."""
    if inbound.text.isascii():
        return inbound
    return msgspec.structs.replace(inbound, text=inbound.text.encode("utf-8", "replace").decode("utf-8"))


def _place(inbound: Inbound) -> tuple[str, str]:
    return inbound.channel, inbound.address


def _settle(batch: Iterable[_Waiting], error: Exception) -> None:
    for each in batch:
        if not each.receipt.done():
            each.receipt.set_exception(error)


def _entry(cipher: Cipher, participant_id: int, row: Row[Any]) -> Entry:
    if row.message_id is None:
        opened = cipher.open(f"outbox.body|{participant_id}|{row.seq}", row.sealed_body)
        return Entry(row.seq, decode_outbound(opened), "")
    opened = cipher.open(f"inbox.body|{participant_id}|{row.channel}|{row.message_id}", row.sealed_body)
    return Entry(row.seq, None, decode_heard(opened).said)
