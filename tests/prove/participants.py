"""Participants: people who do not only answer, but also look away for days, on the phone or on the web."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random

import msgspec
from aiohttp import ClientError

from bot.messages import Tap
from tests.bot.many_processes import Visitor
from tests.bot.page_forms import Fields, Form
from tests.prove.people import IMPATIENT, TWICE, Said, Talker, sees_more

ON_THE_PAGE = ("choose", "skip", "does_not_fit", "share_all", "share_none", "start")
"""Presses that lead on, on a page without scripts."""

PATIENCE = 40.0
PAUSE = 0.4


@dataclass
class Phoning(Talker):
    """Somebody with a phone. ``keen`` is how often they look at all; who always does begins check-ins too."""

    keen: float = 1.0
    looks: bool = True

    async def live(self) -> None:
        """Until cancelled."""
        while True:
            if self.looks and (self.keen == 1.0 or self.asking() is not None):
                seen = len(self.phone.said)
                await self.act()
                await sees_more(self.phone, seen, IMPATIENT)
            await asyncio.sleep(self.random.uniform(0.1, PAUSE))

    async def replied(self) -> bool:
        """Whether one more message is answered."""
        seen = len(self.phone.said)
        await self.phone.type("/start")
        return await sees_more(self.phone, seen, PATIENCE)


@dataclass
class Browsing:
    """Somebody with a browser without scripts. ``unsure`` are messages after which no page came back."""

    number: int
    visitor: Visitor
    random: Random
    keen: float = 1.0
    looks: bool = True
    since: int = 0
    said: dict[str, Said] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    counted: int = 0

    async def live(self) -> None:
        """Until cancelled."""
        await self.come()
        while True:
            if self.looks:
                await self.act()
            await asyncio.sleep(self.random.uniform(0.1, PAUSE))

    async def come(self) -> None:
        """By the personal link, as often as it takes."""
        await self._until_shown(f"/c/{self.visitor.token}", [("language", "en")])

    async def act(self) -> None:
        """Look at the page, and do one thing with it."""
        if not await self._looked():
            return
        ways = [way for way in self._ways() if self.keen == 1.0 or way[2].action != "start"]
        if not ways:
            return
        form, fields, tap = self.random.choice(ways)
        typed = next((one for one in self.visitor.page.page.forms if "text" in one.texts and not _taps(one)), None)
        if typed is not None and self.random.random() < 0.7:
            self.counted += 1
            words = f"w{self.number}x{self.counted}"
            await self._send(typed.action, typed.sent(next(iter(typed.buttons)), text=words), tap, words)
        else:
            await self._send(form.action, fields, tap)

    async def replied(self) -> bool:
        """Whether a page comes, and whether something can be done with it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._looked():  # noqa: ASYNC110, the server cannot say when it is well
                    await asyncio.sleep(0.1)
                return bool(list(self._ways()))
        except TimeoutError:
            return False

    async def _send(self, action: str, fields: Fields, tap: Tap, words: str = "") -> None:
        """One message, again and again until a page comes: a form holds the name of its message."""
        name = dict(fields)["id"]
        self.said[name] = Said(name, tap.conversation, tap.step, None if words else tap, words)
        self.unsure.add(name)
        await self._until_shown(action, fields)
        if self.random.random() < TWICE:
            await self._shown(action, fields)
        self.unsure.discard(name)

    async def _looked(self) -> bool:
        try:
            await self.visitor.page.get("/chat")
        except (ClientError, TimeoutError):
            return False
        return await self._let_in()

    async def _until_shown(self, action: str, fields: Fields) -> None:
        while not await self._shown(action, fields):  # noqa: ASYNC110, the server cannot say when it is well
            await asyncio.sleep(0.1)

    async def _shown(self, action: str, fields: Fields) -> bool:
        try:
            await self.visitor.page.post(action, fields)
        except (ClientError, TimeoutError):
            return False
        return await self._let_in()

    async def _let_in(self) -> bool:
        """Whether the page is there. Who has been away for long has to come anew."""
        if self.visitor.page.status == HTTPStatus.FORBIDDEN:
            await self.come()
            return False
        return self.visitor.page.status == HTTPStatus.OK

    def _ways(self) -> Iterator[tuple[Form, Fields, Tap]]:
        for form in self.visitor.page.page.forms:
            for label, tap in _taps(form):
                if tap.action not in ON_THE_PAGE:
                    continue
                if form.boxes and not tap.choices:
                    ticked = self.random.choice(sorted(form.boxes))
                    yield form, form.sent(label, (ticked,)), _ticked(tap, form.boxes[ticked][1])
                elif "text" not in form.texts:
                    yield form, form.sent(label), tap


def _ticked(tap: Tap, choice: str) -> Tap:
    """The press, with a box that was ticked."""
    return msgspec.structs.replace(tap, choices=(choice,))


def _taps(form: Form) -> list[tuple[str, Tap]]:
    return [
        (label, msgspec.convert(json.loads(pressed[1]), Tap))
        for label, pressed in form.buttons.items()
        if pressed is not None and pressed[0] == "tap"
    ]


Participant = Phoning | Browsing
