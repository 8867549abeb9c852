"""People: those with phones, who hold one check-in after the other by pressing and writing what the script says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.checkin import REPLIES, TURNS, Reply, is_ticked, labels
from benchmarks.telegram.plan import account
from tests.telegram_stand_in import Bot, Phone, StandIn
from tests.telegram_stand_in.chats import Chat

Message = dict[str, Any]
PATIENCE = 10.0
Told = Callable[["Talker", float], None]
"""Called with who got a reply, and after how many seconds."""


class Talker:
    """One person. ``say`` what comes next; ``told`` is called when the reply is on the phone.

    Several options of one question are written, which is one message as in the other measurements.
    """

    def __init__(self, person: int, server: StandIn, bot: Bot, told: Told) -> None:
        self.waits = False
        """For the reply to what was said last."""
        self._phone = Phone(account(person), "en", server, bot)
        self._phone.chat.state = "open"
        self._phone.chat.listeners.append(self._shown)
        self._told = told
        self._turn = 0
        self._shows: Message = {}
        self._said_at = 0.0

    def say(self) -> None:
        """Answer what the phone shows, or begin."""
        self.waits, self._said_at = True, time.perf_counter()
        turn, self._turn = self._turn, (self._turn + 1) % TURNS
        reply = REPLIES[turn - 1] if turn else Reply("", text="/start")
        if reply.choices and not is_ticked(reply):
            self._press(reply.choices[0])
        else:
            self._phone.send({"text": reply.text or ", ".join(labels(reply))})

    def _press(self, choice: str) -> None:
        rows = self._shows.get("reply_markup", {}).get("inline_keyboard", ())
        found = [key["callback_data"] for row in rows for key in row if _stands_for(key["callback_data"], choice)]
        assert found, f"there is no key for {choice} under {self._shows['text']!r}"
        self._phone.bot.hear_tap(self._phone.chat, self._phone.person, self._shows, found[0])

    def _shown(self, chat: Chat, message: Message) -> None:
        if "edit_date" in message:
            return
        self._phone.chat.messages.clear()  # or the stand-in would hold a million of them
        self._phone.chat.messages[message["message_id"]] = self._shows = message
        took = time.perf_counter() - self._said_at
        self.waits = False
        # Not at once: first the bot hears that its message was taken.
        asyncio.get_running_loop().call_soon(self._told, self, took)


def _stands_for(data: str, choice: str) -> bool:
    return data.rpartition("|")[2] == choice


def talkers(many: int, server: StandIn, bots: Sequence[Bot], told: Told) -> list[Talker]:
    """So many people, spread over the bots as in ``Plan``."""
    return [Talker(person, server, bots[person % len(bots)], told) for person in range(1, many + 1)]


async def brought_to(server: StandIn) -> None:
    """Until every bot has said where updates are to be brought."""
    async with asyncio.timeout(PATIENCE):
        while not all(bot.webhook for bot in server.bots):  # noqa: ASYNC110, there is no event for it
            await asyncio.sleep(0.01)


async def finished(people: Sequence[Talker]) -> None:
    """Until everybody has the reply to what they said last."""
    async with asyncio.timeout(PATIENCE):
        while any(talker.waits for talker in people):  # noqa: ASYNC110, as above
            await asyncio.sleep(0.01)
