"""Book: what delivery reads from the storage and writes to it, for one channel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple, Protocol

import msgspec
from sqlalchemy import Connection

from bot.delivery.chats import LARGEST_GROUP
from bot.messages import Outbound, decode_outbound
from storage import addresses, audit, channel_state, contacts, outbox
from storage.addresses import ACTIVE, UNREACHABLE, Where
from storage.channel_state import ChannelState
from storage.database import Database
from storage.outbox import Key, Settled, Waiting
from storage.vault import Vault

UNREADABLE = "unreadable"
TOO_LATE = "its check-in is over"

_STEP = 50


@dataclass(frozen=True, slots=True)
class Mark:
    """What one thing that happened leaves in the storage. Without ``participant_id`` it is about the channel."""

    participant_id: int = 0
    settled: tuple[Settled, ...] = ()
    quiet_until: datetime | None = None
    gone: str | None = None
    """Why this person cannot be reached any more."""
    reached: bool = False
    """A message was taken for them, so they can be reached, whatever was known before."""
    paused_until: datetime | None = None
    trouble: str | None = None
    """What an operator has to see to; empty when it is over."""

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        channel = self.paused_until or self.trouble is not None
        return bool(self.settled or self.quiet_until or self.gone is not None or self.reached or channel)


@dataclass(frozen=True, slots=True)
class Opened:
    """Messages that were read. One that is in none of these is not queued any more."""

    messages: dict[Key, Outbound] = field(default_factory=dict)
    too_late: set[Key] = field(default_factory=set)
    unreadable: set[Key] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)
    """Everything that waits for those who were looked for."""
    where: dict[int, Where] = field(default_factory=dict)


class Figures(NamedTuple):
    """How the channel does: since when the oldest message waits, and how many were given up."""

    oldest: datetime | None
    dead: int


class Book(Protocol):
    """Every method raises StorageAway, and has then done nothing."""

    @property
    def channel(self) -> str:
        """Its name."""
        ...

    async def state(self) -> ChannelState | None:
        """What is known of the channel."""
        ...

    async def waiting(self, after: Key, most: int) -> Sequence[Waiting]:
        """What is queued, in order of participant and number, beginning behind ``after``."""
        ...

    async def open(self, keys: Sequence[Key], look: Collection[int] = ()) -> Opened:
        """Messages and the addresses of their people, as they are at this moment; and what else waits for those among
        them whose ids are in ``look``, of which the first messages are opened too."""
        ...

    async def write(self, marks: Sequence[Mark]) -> None:
        """All of them or none. A message that is not queued any more stays as it is."""
        ...

    async def reachable(self, participant_id: int) -> bool:
        """Somebody is there again. True only when they could not be reached before."""
        ...

    async def figures(self) -> Figures:
        """How the channel does."""
        ...


class StoredBook:
    """The book in the database."""

    def __init__(self, database: Database, vault: Vault, channel: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self.channel = channel
        self._now = now

    async def state(self) -> ChannelState | None:
        """From the table of channels."""
        return await self._database.read(lambda conn: channel_state.read(conn, self.channel))

    async def waiting(self, after: Key, most: int) -> Sequence[Waiting]:
        """By the index of what is queued."""
        return await self._database.read(lambda conn: outbox.waiting(conn, self.channel, after, most))

    async def open(self, keys: Sequence[Key], look: Collection[int] = ()) -> Opened:
        """Two statements, whatever the number of messages, and one for each who is looked for. Messages are opened
        outside the event loop."""
        return await self._database.read(lambda conn: self._open(conn, keys, look))

    async def write(self, marks: Sequence[Mark]) -> None:
        """One transaction."""
        await self._database.write(lambda conn: self._write(conn, marks))

    async def reachable(self, participant_id: int) -> bool:
        """Audited when something changed."""
        return await self._database.write(lambda conn: self._reached(conn, participant_id))

    async def figures(self) -> Figures:
        """By the indexes of what is queued and what is dead."""

        def read(conn: Connection) -> Figures:
            return Figures(outbox.oldest_waiting(conn, self.channel), outbox.dead(conn, self.channel))

        return await self._database.read(read)

    def _open(self, conn: Connection, keys: Sequence[Key], look: Collection[int]) -> Opened:
        waiting = {person: list(self._queued_for(conn, person)) for person in look}
        found = [row[:2] for rows in waiting.values() for row in rows[:LARGEST_GROUP]]
        bodies = outbox.bodies(conn, self._vault, list(dict.fromkeys([*keys, *found])), self._now())
        where = self._where(conn, {person for person, _ in keys})
        opened = Opened({}, set(), bodies.unreadable, list(chain(*waiting.values())), where)
        for key, body in (bodies.opened | bodies.too_late).items():
            try:
                message = decode_outbound(body)
            except msgspec.DecodeError:
                opened.unreadable.add(key)
            else:
                if key in bodies.too_late and _asks(message):
                    opened.too_late.add(key)
                else:
                    opened.messages[key] = message
        return opened

    def _where(self, conn: Connection, people: Collection[int]) -> dict[int, Where]:
        """Who was gone and has written since is there again, whichever process heard them."""
        where = addresses.where(conn, self._vault, self.channel, people)
        if gone := [person for person, place in where.items() if place.state == UNREACHABLE]:
            back = outbox.wrote_since(conn, self.channel, gone)
            where |= {person: replace(where[person], state=ACTIVE) for person in back}
        return where

    def _write(self, conn: Connection, marks: Sequence[Mark]) -> None:
        outbox.settle(conn, [row for mark in marks for row in mark.settled])
        for mark in marks:
            if mark.quiet_until is not None:
                addresses.be_quiet(conn, mark.participant_id, self.channel, mark.quiet_until)
            if mark.reached:
                self._reached(conn, mark.participant_id)
            if mark.gone is not None:
                self._lost(conn, mark.participant_id, mark.gone)
            if mark.paused_until is not None:
                channel_state.pause(conn, self.channel, mark.paused_until)
            if mark.trouble is not None:
                channel_state.trouble(conn, self.channel, mark.trouble or None)

    def _reached(self, conn: Connection, participant_id: int) -> bool:
        changed = addresses.reachable(conn, participant_id, self.channel, self._now())
        if changed:
            contacts.look_again(conn, participant_id, self._now())
            self._record(conn, participant_id, "address.reachable")
        return changed

    def _lost(self, conn: Connection, participant_id: int, cause: str) -> None:
        """Everything that is queued for them here is cancelled, but nothing in other channels."""
        outbox.settle(conn, [cancelled(row, cause) for row in self._queued_for(conn, participant_id)])
        if addresses.unreachable(conn, participant_id, self.channel, self._now()):
            self._record(conn, participant_id, "address.unreachable")

    def _queued_for(self, conn: Connection, participant_id: int) -> Iterator[Waiting]:
        """In small steps: behind theirs stands what waits for everybody else."""
        after = (participant_id, 0)
        while found := outbox.waiting(conn, self.channel, after, _STEP):
            for row in found:
                if row.participant_id != participant_id:
                    return
                yield row
            after = found[-1][:2]

    def _record(self, conn: Connection, participant_id: int, action: str) -> None:
        details = {"channel": self.channel}
        audit.record(
            conn, at=self._now(), actor="system", action=action, participant_id=participant_id, details=details
        )


def _asks(message: Outbound) -> bool:
    """Whether it leads to an answer. Words of help and buttons that go away come late rather than never."""
    return message.kind in ("asked", "offered", "said") or bool(message.buttons or message.controls)


def cancelled(row: Waiting, cause: str) -> Settled:
    """A message that nobody gets."""
    return Settled("cancelled", None, None, row.parts_sent, row.attempts, None, cause, row.participant_id, row.seq)
