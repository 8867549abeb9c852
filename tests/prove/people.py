"""People: simulated participants who answer whatever their phone shows, and remember what they said to what."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from bot.channels.telegram.buttons import tap_of
from bot.messages import Tap
from tests.telegram_stand_in import Bubble, Phone

IMPATIENT = 2.5
"""Seconds after which somebody who sees nothing new tries again."""

ANSWERS = ("choose", "tick", "done", "skip", "does_not_fit", "share_all", "share_choose", "share_none", "start")
"""Presses that lead on. Nobody here goes back, so each question of a check-in has one answer at most."""

TWICE = 0.1
"""How often a finger presses twice."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody sent: a press, or ``words`` typed under the question ``step`` that the screen showed."""

    id: str
    conversation: int
    step: str
    tap: Tap | None = None
    words: str = ""


@dataclass
class Talker:
    """One person with a phone."""

    number: int
    phone: Phone
    random: Random
    said: dict[str, Said] = field(default_factory=dict)
    counted: int = 0
    since: int = 0

    async def live(self) -> None:
        """Talk until cancelled."""
        await self.phone.type("/start")
        while True:
            seen = len(self.phone.said)
            await self.act()
            if await sees_more(self.phone, seen, IMPATIENT):
                await asyncio.sleep(self.random.uniform(0.0, 0.2))

    async def act(self) -> None:
        """Do one thing with what the screen shows."""
        asking = self.asking()
        if asking is None:
            await self.phone.type("/start")
            return
        bubble, presses = asking
        if self.typed_for(presses):
            self.counted += 1
            words = f"w{self.number}x{self.counted}"
            tap = presses[0][1]
            message = await self.phone.type(words)
            self.said[f"m{message}"] = Said(f"m{message}", tap.conversation, tap.step, words=words)
            return
        data, tap = self.random.choice(presses)
        for _ in range(2 if self.random.random() < TWICE else 1):
            callback = await self.phone.tap(data, bubble.id)
            self.said[f"c{callback}"] = Said(f"c{callback}", tap.conversation, tap.step, tap)

    def typed_for(self, presses: list[tuple[str, Tap]]) -> bool:
        """Whether words are written: mostly, where there is nothing to press but Skip."""
        return all(tap.action == "skip" for _, tap in presses) and self.random.random() < 0.8

    def asking(self) -> tuple[Bubble, list[tuple[str, Tap]]] | None:
        """The newest message with buttons that lead on, and these."""
        for bubble in reversed(self.phone.said):
            presses = [(data, tap) for data, tap in _presses(bubble) if tap.action in ANSWERS]
            if presses:
                return bubble, presses
        return None


async def sees_more(phone: Phone, than: int, seconds: float) -> bool:
    """Whether the bot says more than so many things within so many seconds."""
    try:
        await phone.until(lambda phone: len(phone.said) > than, seconds)
    except AssertionError:
        return False
    return True


def _presses(bubble: Bubble) -> Iterator[tuple[str, Tap]]:
    for row in bubble.keyboard:
        for _, data in row:
            yield data, tap_of(data)
