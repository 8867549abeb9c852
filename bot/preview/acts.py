"""Acts: what somebody did in a preview so far, as a text that travels with the page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.messages import Tap
from dialogues.answers import LONGEST_WORDS

MOST_ACTS = 200
"""More than anybody does by hand. What comes after them is left out."""
MOST_LETTERS = 60_000
"""Of all of it: room enough for long own words, and little enough for a form."""
_LONGEST_NAME = 300
_YEARS_AWAY = timedelta(days=800)

Turn = Literal["", "hour", "day", "next"]


class Act(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was done: an answer (``tap``, ``text`` or both), a turn of the clock, or ``anew``: the next
    conversation begins, and remembers this one."""

    tap: Tap | None = None
    text: str = ""
    turn: Turn = ""
    anew: bool = False


class Acts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that was done, and when the first conversation began."""

    began: datetime
    acts: tuple[Act, ...] = ()

    @classmethod
    def read(cls, text: str, now: datetime) -> Acts:
        """The inverse of ``written``; for anything else a preview in which nothing was done yet."""
        if len(text) > MOST_LETTERS:
            return cls(now)
        try:
            found = _decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return cls(now)
        if found.began.tzinfo is None or abs(found.began - now) > _YEARS_AWAY:
            return cls(now)
        return cls(found.began, tuple(filter(_is_sound, found.acts[:MOST_ACTS])))

    def written(self) -> str:
        """As a field of a form."""
        return msgspec.json.encode(self).decode()

    def and_then(self, *more: Act) -> Acts:
        """With these after them; the same where there is no room for them."""
        longer = Acts(self.began, (*self.acts, *more))
        return longer if len(longer.acts) <= MOST_ACTS and len(longer.written()) <= MOST_LETTERS else self

    def undone(self) -> Acts:
        """Without the last one."""
        return Acts(self.began, self.acts[:-1])


_decode = msgspec.json.Decoder(Acts).decode


def _is_sound(act: Act) -> bool:
    names = (act.tap.step, *act.tap.choices) if act.tap else ()
    return len(act.text) <= LONGEST_WORDS and len(names) <= MOST_ACTS and all(len(n) <= _LONGEST_NAME for n in names)
