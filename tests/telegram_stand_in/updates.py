"""UpdateStore: what waits for one bot, with Telegram's numbers and lifetimes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from random import Random
from typing import Any

from tests.telegram_stand_in.clock import Clock
from tests.telegram_stand_in.faults import Faults

DAY = 86_400
WEEK = 7 * DAY
TAP_LIFE = 150
FUTURE = 10
"""How far past the next number an offset may lie before it counts as a mistake and confirms nothing."""
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KINDS = NOT_BY_DEFAULT | {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
}
USUAL = frozenset(KINDS - NOT_BY_DEFAULT)


@dataclass(frozen=True, slots=True)
class Update:
    """One update. Those of one ``queue`` reach a webhook in order; ``person`` is who caused it."""

    id: int
    kind: str
    body: dict[str, Any]
    expires: float
    queue: int
    person: int


class UpdateStore:
    """``added`` is called whenever there is a new update to hand out."""

    def __init__(self, clock: Clock, random: Random, faults: Faults) -> None:
        self._clock = clock
        self._random = random
        self._faults = faults
        self._next = 0
        self._last_at = float("-inf")
        self._again: list[Update] = []
        self.pending: dict[int, Update] = {}
        self.allowed = USUAL
        self.expired: list[Update] = []
        self.added: Callable[[Update], None] = lambda update: None

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Which kinds the bot wants from now on; None leaves that as it is, and none at all means the usual ones."""
        if kinds is not None:
            chosen = frozenset(kind.lower() for kind in kinds) & KINDS
            self.allowed = chosen or USUAL

    def add(self, kind: str, body: dict[str, Any], life: float, queue: int, person: int) -> int:
        """Store an update; its number, or 0 if the bot does not want this kind."""
        return self.put({kind: body}, life, queue, person) if kind in self.allowed else 0

    def put(self, fields: dict[str, Any], life: float, queue: int, person: int) -> int:
        """Store an update whatever it holds; its number is drawn unless it brings one."""
        number = fields.get("update_id") or self._number()
        body = {"update_id": number, **fields}
        kind = next((name for name in body if name != "update_id"), "")
        update = Update(number, kind, body, self._clock.now() + life, queue, person)
        self.pending[number] = update
        self.added(update)
        return update.id

    def step_back(self, by: int = 1_000) -> None:
        """The next number is lower than earlier ones, as has been seen at Telegram."""
        self._next = max(1, self._next - by)

    def take(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Confirm what is before ``offset`` (negative: all but that many last ones) and hand out the oldest."""
        self.expire()
        if offset < 0:
            for number in list(self.pending)[:offset]:
                del self.pending[number]
        elif offset <= self._next + FUTURE:
            for number in [number for number in self.pending if number < offset]:
                self.confirm(number)
        if self._faults.withhold:
            return []
        handed = list(islice(chain(self._again, self.pending.values()), limit))
        del self._again[:limit]
        return [update.body for update in handed]

    def confirm(self, number: int) -> None:
        """The bot has this update."""
        update = self.pending.pop(number)
        if self._faults.hits("double"):
            self._again.append(update)

    def expire(self) -> None:
        """Throw away what nobody fetched in its lifetime."""
        now = self._clock.now()
        for update in [each for each in self.pending.values() if each.expires <= now]:
            self.drop(update)

    def drop(self, update: Update) -> None:
        """Give up on this update: the bot will never see it."""
        if self.pending.pop(update.id, None) is not None:
            self.expired.append(update)

    def _number(self) -> int:
        now = self._clock.now()
        if now - self._last_at >= WEEK:
            self._next = self._random.randint(FUTURE, 10**9)
        self._last_at = now
        number, self._next = self._next, self._next + 1
        return number
