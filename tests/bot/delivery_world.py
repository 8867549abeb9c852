"""A delivery on a clock that is turned by hand: a channel that answers as it is told, and a storage in memory that
keeps what the real one keeps."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.delivery.book import Book, Figures, Mark, Opened, cancelled
from bot.delivery.delivery import Delivery
from bot.delivery.limits import Limits
from bot.delivery.outcomes import Key, Outcome, Part, Sent
from bot.messages import Button, Outbound, Tap
from storage.addresses import Where
from storage.channel_state import ChannelState
from storage.database import StorageAway
from storage.outbox import Key as RowKey
from storage.outbox import Settled, Waiting

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CHANNEL = "telegram:700001"
ROOM = 40
"""Letters that a message of the channel in these tests holds."""

LOOKS = 30
"""So often everybody gets to run before it is said that nothing happens any more at this moment."""


class TurnedClock:
    """Stands still until it is turned, and then stops at every moment that somebody waits for.

    ``activity``: how much was begun that takes no time on this clock, e.g. in another thread, and how much of it is
    under way.
    """

    def __init__(self, activity: Callable[[], tuple[int, int]] = lambda: (0, 0)) -> None:
        self.seconds = 0.0
        self.wall = MONDAY
        self.idle_turns = 0
        """How often somebody waited for a moment that was over."""
        self._activity = activity
        self._waiting: list[tuple[float, asyncio.Event]] = []

    def now(self) -> datetime:
        return self.wall + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def wait(self, event: asyncio.Event, until: float) -> None:
        if until <= self.seconds:
            self.idle_turns += 1
            await asyncio.sleep(0)
        else:
            entry = until, event
            self._waiting.append(entry)
            try:
                await event.wait()
            finally:
                self._waiting.remove(entry)
        event.clear()

    async def sleep(self, seconds: float) -> None:
        await self.wait(asyncio.Event(), self.seconds + seconds)

    async def turn(self, seconds: float = 0.0) -> None:
        """Let so many seconds pass."""
        end = self.seconds + seconds
        while True:
            await self._settle()
            upcoming = min((until for until, _ in self._waiting), default=end)
            if upcoming > end:
                break
            if upcoming <= self.seconds and self.seconds >= end:
                break
            self.seconds = max(self.seconds, upcoming)
            for until, event in self._waiting:
                if until <= self.seconds:
                    event.set()
        self.seconds = end
        await self._settle()

    async def _settle(self) -> None:
        while True:
            before = self._activity()
            for _ in range(LOOKS):
                await asyncio.sleep(0)
            after = self._activity()
            if before == after and not after[1]:
                return
            if after[1]:
                await asyncio.sleep(0.001)


class Handed(NamedTuple):
    """One call of the channel: when it came, for whom, and what."""

    at: float
    address: str
    part: Part
    outcome: Outcome


Answer = Callable[[str, Part], Outcome | Awaitable[Outcome]]


class FakeSender:
    """Joins messages without buttons as long as they fit, and cuts what does not. ``answers`` come first, one a call,
    whoever it is for; then what ``answer`` says."""

    def __init__(self, clock: TurnedClock) -> None:
        self.clock = clock
        self.handed: list[Handed] = []
        self.answers: list[Outcome] = []
        self.answer: Answer = lambda address, part: Sent()
        self.takes = 0.0
        """Seconds that a call takes."""
        self.room = ROOM

    def parts(self, messages: Sequence[Outbound]) -> Sequence[Part]:
        made: list[Part] = []
        for message in messages:
            keys = tuple((Key(button.label, button.label),) for button in message.buttons)
            if message.edits:
                made.append(Part("", keys, message.edits))
                continue
            texts = [message.text[start : start + self.room] for start in range(0, len(message.text), self.room)]
            joined = made and not made[-1].keyboard and not made[-1].edits
            if joined and len(made[-1].text) + 2 + len(texts[0]) <= self.room and len(texts) == 1:
                texts = [f"{made.pop().text}\n\n{texts[0]}"]
            made += [Part(text) for text in texts[:-1]]
            made.append(Part(texts[-1], keys))
        return made

    async def send(self, address: str, part: Part) -> Outcome:
        at = self.clock.seconds
        if self.takes:
            await self.clock.sleep(self.takes)
        outcome = self.answers.pop(0) if self.answers else self.answer(address, part)
        if not isinstance(outcome, Outcome):
            outcome = await outcome
        number = str(len(self.handed) + 1)
        self.handed.append(Handed(at, address, part, outcome))
        return Sent(number) if outcome == Sent() else outcome

    @property
    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [each.part.text for each in self.handed if isinstance(each.outcome, Sent)]

    def sent_to(self, address: str) -> list[str]:
        """What arrived there, in order."""
        return [each.part.text for each in self.handed if each.address == address and isinstance(each.outcome, Sent)]

    @property
    def times(self) -> list[float]:
        """When each call came."""
        return [each.at for each in self.handed]


@dataclass
class KeptRow:
    """A row of the outbox."""

    message: Outbound | None
    state: str = "queued"
    attempts: int = 0
    parts_sent: int = 0
    not_before: datetime | None = None
    channel_id: str | None = None
    cause: str | None = None
    created_at: datetime = MONDAY
    too_late: bool = False


@dataclass
class MemoryBook:
    """What the storage keeps of one channel. While ``is_away`` nothing works."""

    clock: TurnedClock
    rows: dict[RowKey, KeptRow] = field(default_factory=dict)
    where: dict[int, Where] = field(default_factory=dict)
    stored: ChannelState | None = None
    audited: list[tuple[int, str]] = field(default_factory=list)
    is_away: bool = False
    refuses: set[int] = field(default_factory=set)
    """Participants whose messages or marks break every statement that holds them."""
    calls: list[str] = field(default_factory=list)
    writing_takes: float = 0.0
    """Seconds."""
    opening_takes: float = 0.0
    """Seconds from the moment that is read."""
    channel: str = CHANNEL

    async def state(self) -> ChannelState | None:
        await self._called("state")
        return self.stored

    async def waiting(self, after: RowKey, most: int) -> Sequence[Waiting]:
        found = [
            Waiting(*key, row.attempts, row.parts_sent, row.not_before)
            for key, row in sorted(self.rows.items())
            if row.state == "queued" and key > after
        ][:most]
        await self._called("waiting")
        return found

    async def open(self, keys: Sequence[RowKey], look: Collection[int] = ()) -> Opened:
        opened = Opened()
        for key in sorted(key for key in self.rows if key[0] in look) if look else ():
            row = self.rows[key]
            if row.state == "queued":
                opened.waiting.append(Waiting(*key, row.attempts, row.parts_sent, row.not_before))
        for key in {*keys, *(waiting[:2] for waiting in opened.waiting)}:
            row = self.rows[key]
            if row.state != "queued":
                continue
            if row.too_late:
                opened.too_late.add(key)
            elif row.message is None:
                opened.unreadable.add(key)
            else:
                opened.messages[key] = row.message
        opened.where.update({person: self.where[person] for person, _ in keys if person in self.where})
        if self.opening_takes:
            await self.clock.sleep(self.opening_takes)
        await self._called("open")
        self._check({person for person, _ in keys})
        return opened

    async def write(self, marks: Sequence[Mark]) -> None:
        if self.writing_takes:
            await self.clock.sleep(self.writing_takes)
        await self._called("write")
        self._check({mark.participant_id for mark in marks})
        for mark in marks:
            self._settle(mark.settled)
            person = mark.participant_id
            if mark.quiet_until is not None:
                self.where[person] = Where(self.where[person].address, self.where[person].state, mark.quiet_until)
            if mark.reached:
                self._turn(person, "unreachable", "active", "address.reachable")
            if mark.gone is not None:
                queued = [row for row in await self.waiting((person, 0), 10_000) if row.participant_id == person]
                self._settle([cancelled(row, mark.gone) for row in queued])
                self._turn(person, "active", "unreachable", "address.unreachable")
            known = self.stored or ChannelState(CHANNEL, None, None, None)
            if mark.paused_until is not None:
                self.stored = known._replace(paused_until=mark.paused_until)
            if mark.trouble is not None:
                self.stored = known._replace(trouble=mark.trouble or None)

    async def reachable(self, participant_id: int) -> bool:
        await self._called("reachable")
        return self._turn(participant_id, "unreachable", "active", "address.reachable")

    async def figures(self) -> Figures:
        await self._called("figures")
        queued = [row.created_at for row in self.rows.values() if row.state == "queued"]
        return Figures(min(queued, default=None), sum(row.state == "dead" for row in self.rows.values()))

    async def _called(self, what: str) -> None:
        await asyncio.sleep(0)
        if self.is_away:
            raise StorageAway("away")
        self.calls.append(what)

    def _check(self, people: set[int]) -> None:
        if people & self.refuses:
            raise LookupError("a mistake of ours")

    def _settle(self, settled: Sequence[Settled]) -> None:
        for one in settled:
            row = self.rows[one.participant_id, one.seq]
            if row.state == "queued":
                row.state, row.attempts, row.parts_sent = one.state, one.attempts, one.parts_sent
                row.not_before, row.channel_id, row.cause = one.not_before, one.channel_id, one.cause

    def _turn(self, person: int, before: str, now: str, action: str) -> bool:
        place = self.where[person]
        if place.state != before:
            return False
        self.where[person] = Where(place.address, now, place.quiet_until)
        self.audited.append((person, action))
        return True


class Cable:
    """What a process reaches the world by. When the process is killed it is cut, and nothing has an effect any more."""

    def __init__(self, target: object) -> None:
        self.is_cut = False
        self.activity = (0, 0)
        """How many calls were begun, and how many of them have not come to their end."""
        self._target = target

    def __getattr__(self, name: str) -> object:
        found = getattr(self._target, name)
        if not inspect.iscoroutinefunction(found):
            return found

        async def call(*given: object) -> object:
            if self.is_cut:
                raise StorageAway("this process is dead")
            self.activity = self.activity[0] + 1, self.activity[1] + 1
            try:
                return await found(*given)
            finally:
                self.activity = self.activity[0], self.activity[1] - 1

        return call


class Process:
    """Delivers from a book by a sender, until it is stopped or killed; then another one may start."""

    def __init__(self, book: Book, clock: TurnedClock, limits: Limits, chance: float) -> None:
        self.book = book
        self.clock = clock
        self.sender = FakeSender(clock)
        self.limits = limits
        self.chance = chance
        self._task: asyncio.Task[None] | None = None
        self._restarted()

    def _restarted(self) -> None:
        """A process that knows nothing."""
        self._cables = Cable(self.book), Cable(self.sender)
        self.delivery = Delivery(*self._cables, self.limits, clock=self.clock, chance=lambda: self.chance)

    def activity(self) -> tuple[int, int]:
        """How often it read or wrote, and how much of that is under way."""
        return self._cables[0].activity

    async def start(self) -> None:
        """Begin to deliver."""
        self._others = asyncio.all_tasks()
        self._task = asyncio.create_task(self.delivery.run())
        await self.clock.turn()

    async def stop(self) -> None:
        """End in order, and be ready to start again."""
        if self._task is None:
            return
        task, self._task = self._task, None
        task.cancel()
        while not task.done():
            await self.clock.turn(0.1)
        with suppress(asyncio.CancelledError):
            await task
        self._restarted()

    def cut(self) -> None:
        """From this moment on the process has no effect, as when the machine lost its power."""
        for cable in self._cables:
            cable.is_cut = True

    @property
    def is_dead(self) -> bool:
        """Whether it was cut."""
        return self._cables[0].is_cut

    async def kill(self) -> None:
        """End at once, with everything that was on its way, and be ready to start again."""
        self.cut()
        left = asyncio.all_tasks() - self._others
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._task = None
        self._restarted()


class DeliveryWorld(Process):
    """One channel with its people, in memory. Everybody's address is the letter A and their number."""

    book: MemoryBook

    def __init__(self, limits: Limits = Limits(), chance: float = 0.0) -> None:  # noqa: B008
        clock = TurnedClock()
        super().__init__(MemoryBook(clock), clock, limits, chance)

    def queue(self, person: int, seq: int, message: Outbound | str, **other: object) -> Outbound:
        """Store a message that waits, and tell nobody."""
        message = said(message) if isinstance(message, str) else message
        self.book.where.setdefault(person, Where(f"A{person}", "active", None))
        self.book.rows[person, seq] = KeptRow(message, created_at=self.clock.now(), **other)  # type: ignore[arg-type]
        return message

    def reply(self, person: int, *messages: tuple[int, Outbound | str]) -> None:
        """Store replies and tell, as after a turn."""
        self.delivery.told(person, f"A{person}", [(seq, self.queue(person, seq, one)) for seq, one in messages])

    def cancel(self, person: int) -> None:
        """What a stop leaves in the storage."""
        for (owner, _), row in self.book.rows.items():
            if owner == person and row.state == "queued":
                row.state = "cancelled"

    def states(self, person: int) -> list[str]:
        """Of all their messages, in order."""
        return [row.state for (owner, _), row in sorted(self.book.rows.items()) if owner == person]


@asynccontextmanager
async def delivering(limits: Limits = Limits(), chance: float = 0.0) -> AsyncIterator[DeliveryWorld]:  # noqa: B008
    """A world whose delivery runs."""
    world = DeliveryWorld(limits, chance)
    await world.start()
    yield world
    await world.stop()


def said(text: str, language: str = "en") -> Outbound:
    """A message without buttons."""
    return Outbound("said", language, text)


def asked(text: str, *labels: str) -> Outbound:
    """A question with buttons."""
    buttons = tuple(Button(label, Tap(1, "d/s", "choose", (label,))) for label in labels or ("yes", "no"))
    return Outbound("asked", "en", text, buttons=buttons)


def redrawn(edits: str, *labels: str) -> Outbound:
    """New buttons under an earlier message."""
    return Outbound("redrawn", "en", "", buttons=asked("", *labels).buttons if labels else (), edits=edits)
