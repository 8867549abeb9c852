"""Handing: gives the channel what may leave now, and draws the consequences of what became of it."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.channels.http import place_of
from bot.delivery import after
from bot.delivery.after import Group, Moment
from bot.delivery.book import Book, Mark
from bot.delivery.chats import Chat
from bot.delivery.clock import Clock
from bot.delivery.gate import Gate
from bot.delivery.limits import Limits, Pace
from bot.delivery.marking import Marking
from bot.delivery.outcomes import Gone, Outcome, Outcomes, Sender, Sent, Unclear
from bot.delivery.queue import Queue
from bot.delivery.tasks import Tasks
from bot.failpoints import reached
from storage.channel_state import ChannelState

AT_ONCE = 50
"""Messages that may be on their way at the same time: enough while each takes two seconds."""

GRACE = 5.0
"""Seconds that what is on its way gets to come to its end when delivery is stopped."""

_log = logging.getLogger(__name__)


class Handing:
    """Serves a queue. ``wake`` is set whenever there may be more to do; ``outcomes`` are counted in."""

    def __init__(
        self,
        book: Book,
        sender: Sender,
        limits: Limits,
        clock: Clock,
        chance: Callable[[], float],
        wake: asyncio.Event,
        outcomes: Outcomes,
    ) -> None:
        self.queue = Queue(limits.chat_interval)
        self.gate = Gate()
        self.sends = Tasks(wake)
        self._pace = Pace(limits.per_second)
        self._sender = sender
        self._clock = clock
        self._chance = chance
        self._wake = wake
        self._outcomes = outcomes
        self._marking = Marking(book, clock, self._written, limits.gather)
        self._under_way: dict[int, tuple[str, asyncio.Future[None]]] = {}
        self._on_the_way_to: dict[str, asyncio.Future[None]] = {}
        self._noted = ""
        self._known: set[int] = set()

    def recall(self, state: ChannelState | None) -> None:
        """What the storage knows of the channel from before."""
        if state is None:
            return
        self._noted = state.trouble or ""
        if state.paused_until is not None:
            pause = (state.paused_until - self._clock.now()).total_seconds()
            self.gate.paused_until = self._clock.monotonic() + pause

    def send(self) -> float:
        """Send what may leave now. When there may be more; what is under way wakes us at its end."""
        while True:
            now = self._clock.monotonic()
            free_at = max(self._pace.free_at(), self.gate.opens_at())
            if free_at > now:
                return free_at
            if len(self.sends) >= AT_ONCE or not self.gate.admits(now, len(self.sends)):
                return math.inf
            chat = self.queue.next(now)
            if chat is None:
                return self.queue.wakes_at()
            self._serve(chat, now)

    async def settled(self, address: str, longest: float) -> None:
        """Until what became of the part that is on its way to this address is stored, or for so many seconds."""
        if under_way := self._on_the_way_to.get(address):
            self._marking.hurry()
            await asyncio.wait([under_way], timeout=longest)

    def store(self, chat: Chat, mark: Mark) -> None:
        """Have this stored; the chat, which is held, goes on when it is."""
        if mark:
            self._marking.add(mark)
        else:
            self._written([chat.participant_id])

    async def finish(self) -> None:
        """Let what is on its way come to its end, and have it stored."""
        until = self._clock.monotonic() + GRACE
        while self.sends and self._clock.monotonic() < until:
            await self._clock.wait(self._wake, until)
        await self.sends.cancel()
        await self._marking.close()
        for participant_id in [*self._under_way]:
            self._arrived(participant_id)

    def _set_out(self, chat: Chat) -> None:
        """A part is on its way from now on, to the address that the chat has now."""
        future = asyncio.get_running_loop().create_future()
        self._under_way[chat.participant_id] = chat.address, future
        self._on_the_way_to[chat.address] = future

    def _arrived(self, participant_id: int) -> None:
        if under_way := self._under_way.pop(participant_id, None):
            address, future = under_way
            if self._on_the_way_to.get(address) is future:
                del self._on_the_way_to[address]
            future.set_result(None)

    def _serve(self, chat: Chat, now: float) -> None:
        self.queue.hold(chat)
        if outdated := chat.superseded():
            return self.store(chat, after.nothing_to_send(chat, outdated, self._moment()))
        rows = chat.group(now)
        try:
            parts = self._sender.parts([row.message for row in rows if row.message])
        except Exception as error:
            _log.error("parts: %s at %s", type(error).__name__, place_of(error))
            return self.store(chat, after.refused(chat, rows, type(error).__name__))
        part = after.part_of(chat, rows, parts)
        if part is None:
            return self.store(chat, after.nothing_to_send(chat, rows, self._moment()))
        self._pace.spend(now)
        self._set_out(chat)
        return self.sends.start(self._hand_over(Group(chat, tuple(rows), part, len(parts))))

    async def _hand_over(self, group: Group) -> None:
        reached("delivery.before_send")
        outcome: Outcome
        try:
            outcome = await self._sender.send(group.chat.address, group.part)
        except Exception as error:
            _log.error("sending: %s at %s", type(error).__name__, place_of(error))
            outcome = Unclear(type(error).__name__)
        reached("delivery.after_send")
        self._follow(group, outcome)

    def _follow(self, group: Group, outcome: Outcome) -> None:
        moment, person = self._moment(), group.chat.participant_id
        self._outcomes[type(outcome)] += 1
        if self.gate.heard(person, outcome, moment.seconds):
            self._marking.add(Mark(paused_until=moment.later(self.gate.paused_until - moment.seconds)))
        if self.gate.trouble != self._noted:
            self._noted = self.gate.trouble
            self._marking.add(Mark(trouble=self._noted))
        mark = after.follow(group, outcome, moment)
        if isinstance(outcome, Sent) and person not in self._known:
            self._known.add(person)
            mark = replace(mark, reached=True)
        elif isinstance(outcome, Gone):
            self._known.discard(person)
        self.store(group.chat, mark)

    def _written(self, participant_ids: Iterable[int]) -> None:
        chats = [self.queue.chats[participant_id] for participant_id in participant_ids]
        self.queue.release(chats, self._clock.monotonic())
        for chat in chats:
            self._arrived(chat.participant_id)
        if any(chat.rows for chat in chats):
            self._wake.set()

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.monotonic(), self._chance)
