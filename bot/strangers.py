"""Strangers: who was told lately that the door stays closed, so that nobody can make the bot talk. In memory alone, by
keyed hashes: a restart forgets it, and nothing else of a stranger is known here."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

SILENCE = timedelta(minutes=1)
"""Between two answers to the same stranger."""
ALARM_ABOVE = 50
"""Failed codes in an hour, from all addresses together: more than people mistype."""
ALARM_EVERY = timedelta(hours=1)


class Strangers:
    """Remembers the last ``room`` of them."""

    def __init__(self, room: int = 10_000) -> None:
        self._room = room
        self._told: OrderedDict[bytes, tuple[datetime, bool]] = OrderedDict()
        self._alarmed: datetime | None = None

    def is_settled(self, who: bytes, brings_secret: bool, now: datetime) -> bool:
        """Whether nothing has to be looked up: they were answered a moment ago, and bring no code, or one too many."""
        at, spent = self._told.get(who, (None, False))
        return at is not None and now - at < SILENCE and (spent or not brings_secret)

    def may_be_told(self, who: bytes, spent: bool, now: datetime) -> bool:
        """Whether they get the sentence now. ``spent``: they have no tries left in this hour."""
        at, _ = self._told.get(who, (None, False))
        again = at is None or now - at >= SILENCE
        self._told[who] = (now if again or at is None else at, spent)
        self._told.move_to_end(who)
        if len(self._told) > self._room:
            self._told.popitem(last=False)
        return again

    def forget(self, who: bytes) -> None:
        """They are no stranger any more."""
        self._told.pop(who, None)

    def is_alarming(self, failures: int, now: datetime) -> bool:
        """Whether so many failed codes within the last hour have to be reported: once an hour."""
        if failures <= ALARM_ABOVE or (self._alarmed is not None and now - self._alarmed < ALARM_EVERY):
            return False
        self._alarmed = now
        return True
