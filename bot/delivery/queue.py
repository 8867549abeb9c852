"""Queue: whose turn it is. First those who wrote just now, then whoever waits longest."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator

from bot.delivery.chats import JUST_NOW, Chat

KEPT = 10.0
"""Seconds for which a chat without anything to send is remembered, so that what is late finds out that it is late."""

Rank = tuple[int, float, int]
"""The smaller, the sooner."""

_LAST: Rank = (2, math.inf, 0)


class Queue:
    """Chats by the moment in which they may be served, and then by rank.

    What is served was read just before. So those whose turn comes next are read ahead (``to_read``), and nobody is
    served while somebody of a better rank is being read. Times are monotonic seconds.
    """

    def __init__(self, interval: float) -> None:
        self.chats: dict[int, Chat] = {}
        self._interval = interval
        self._resting: list[tuple[float, int, int]] = []
        self._fresh: list[tuple[Rank, int, int]] = []
        self._stale: list[tuple[Rank, int, int]] = []
        self._reading: dict[int, Rank] = {}
        self._tickets = itertools.count(1)

    def chat(self, participant_id: int) -> Chat:
        """Theirs, which is new if nothing was known of them."""
        found = self.chats.get(participant_id)
        if found is None:
            found = self.chats[participant_id] = Chat(participant_id)
        return found

    def place(self, chat: Chat, now: float) -> None:
        """Give a chat the place that it has now, after anything about it changed."""
        chat.ticket = next(self._tickets)
        if chat.busy or not chat.rows:
            return
        due = chat.due(self._interval)
        if due > now:
            heapq.heappush(self._resting, (due, chat.participant_id, chat.ticket))
        else:
            ready = self._fresh if chat.is_fresh(now) else self._stale
            heapq.heappush(ready, (_rank(chat, now), chat.participant_id, chat.ticket))

    def hold(self, chat: Chat) -> None:
        """Something of this chat is under way: it has no place until it is released."""
        chat.busy, chat.ticket = True, next(self._tickets)

    def release(self, chats: Iterable[Chat], now: float) -> None:
        """Give them a place again."""
        for chat in chats:
            chat.busy = False
            self._reading.pop(chat.participant_id, None)
            self.place(chat, now)

    def next(self, now: float) -> Chat | None:
        """Who is served now, or None: nobody is due, or somebody has to be read first."""
        self._wake(now)
        while self._fresh:
            chat = self._front(self._fresh, now)
            if chat is None:
                continue
            if self._best_unread(now) < self._fresh[0][0]:
                return None
            heapq.heappop(self._fresh)
            return chat
        return None

    def to_read(self, most: int, now: float) -> list[Chat]:
        """Who has to be read now, best first. They are held. Nobody while enough are ready to be served."""
        self._wake(now)
        worth_it = len(self._fresh) * 2 <= most or self._best_unread(now) < self._best_fresh(now)
        found: list[Chat] = []
        while worth_it and self._stale and len(found) < most:
            chat = self._front(self._stale, now)
            if chat is not None:
                rank = heapq.heappop(self._stale)[0]
                self.hold(chat)
                self._reading[chat.participant_id] = rank
                found.append(chat)
        return found

    def wakes_at(self) -> float:
        """When the next chat is due that is not yet."""
        while self._resting and not self._holds(self._resting[0][1:]):
            heapq.heappop(self._resting)
        return self._resting[0][0] if self._resting else math.inf

    def forget_idle(self, now: float) -> None:
        """Keep only whom there is something to remember of."""
        for chat in [chat for chat in self.chats.values() if not chat.rows and not chat.busy]:
            if max(chat.said_at, chat.edited_at, chat.rest_until) + KEPT < now > chat.wrote_at + JUST_NOW:
                del self.chats[chat.participant_id]

    def __iter__(self) -> Iterator[Chat]:
        return iter(self.chats.values())

    def _wake(self, now: float) -> None:
        while self._resting and self._resting[0][0] <= now:
            place = heapq.heappop(self._resting)[1:]
            if self._holds(place):
                self.place(self.chats[place[0]], now)

    def _holds(self, place: tuple[int, int]) -> bool:
        chat = self.chats.get(place[0])
        return chat is not None and chat.ticket == place[1]

    def _front(self, ready: list[tuple[Rank, int, int]], now: float) -> Chat | None:
        """Who stands in front; None when that place did not count, or not any more."""
        rank, *place = ready[0]
        if not self._holds((place[0], place[1])):
            heapq.heappop(ready)
            return None
        chat = self.chats[place[0]]
        if rank != _rank(chat, now) or (ready is self._fresh) != chat.is_fresh(now):
            heapq.heappop(ready)
            self.place(chat, now)
            return None
        return chat

    def _best_unread(self, now: float) -> Rank:
        while self._stale and self._front(self._stale, now) is None:
            pass
        stale = self._stale[0][0] if self._stale else _LAST
        return min(stale, min(self._reading.values(), default=_LAST))

    def _best_fresh(self, now: float) -> Rank:
        while self._fresh and self._front(self._fresh, now) is None:
            pass
        return self._fresh[0][0] if self._fresh else _LAST


def _rank(chat: Chat, now: float) -> Rank:
    head = chat.head
    assert head
    return 0 if chat.wrote_just_now(now) else 1, head.since, chat.participant_id
