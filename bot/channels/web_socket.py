"""Sockets: the open chats. A message is acknowledged only when it is stored, and what it led to is sent after that."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web

from bot.batch import Receipt
from bot.catalogs.forms import NEUTRAL
from bot.channels.http import LARGEST_BODY
from bot.channels.web_forms import Malformed, Sent, from_socket
from bot.channels.web_pages import Pages, spoken
from bot.history import Entry
from bot.messages import Inbound, Outbound
from bot.turns import Turns
from storage.database import StorageAway

SIGNED_OUT = 4401
"""The close code that makes the browser open the page anew, which then says what to do."""

HEARTBEAT = 25.0
"""Seconds between two signs of life. Phone networks drop connections that are silent for about a minute."""

GOODBYE = 2.0
"""Seconds that a browser gets to say goodbye. One that has lost its connection says nothing."""

LOOK_AGAIN = 2.0
"""Seconds until what could not be read is looked for again."""

_Messages = Iterable[tuple[int, Outbound]]


class Sockets:
    """All open chats of this process, by participant."""

    def __init__(self) -> None:
        self._open: defaultdict[int, set[Socket]] = defaultdict(set)

    def told(self, participant_id: int, _: Inbound, receipt: Receipt) -> None:
        """Show new messages wherever the participant has the chat open: a listener of ``Turns``."""
        for socket in self._open.get(participant_id, ()):
            socket.told(each for each in receipt.messages if each[1].kind != "redrawn")

    async def run(self, socket: Socket) -> None:
        """Serve one chat until it ends."""
        mine = self._open[socket.participant_id]
        mine.add(socket)
        try:
            await socket.run()
        finally:
            mine.discard(socket)
            if not mine:
                self._open.pop(socket.participant_id, None)

    def all(self) -> list[Socket]:
        """Every chat that is open."""
        return [socket for mine in self._open.values() for socket in mine]

    async def sign_out(self, token: str) -> None:
        """Close every chat of this process that was opened with this session."""
        await _close((socket for socket in self.all() if socket.token == token), SIGNED_OUT)

    async def close(self) -> None:
        """Close every chat: the server stops, and browsers come back when it is there again."""
        await _close(self.all(), WSCloseCode.GOING_AWAY)


async def _close(sockets: Iterable[Socket], code: int) -> None:
    """All at once: nobody waits for another one's goodbye."""
    await asyncio.gather(*(socket.close(code) for socket in sockets))


class Socket:
    """One open chat. What has come from the person is answered in order; what has come for them is sent on."""

    def __init__(
        self,
        response: web.WebSocketResponse,
        *,
        participant_id: int,
        token: str,
        after: int,
        language: str,
        form: str = NEUTRAL,
        turns: Turns,
        pages: Pages,
        now: Callable[[], datetime],
        is_signed_in: Callable[[], Awaitable[bool]],
        listens: Callable[[], Awaitable[bool]],
    ) -> None:
        self.participant_id = participant_id
        self.token = token
        self._response = response
        self._last = after
        self._reached = after + 1
        self._language = language
        self._form = form
        self._turns = turns
        self._pages = pages
        self._now = now
        self._is_signed_in = is_signed_in
        self._listens = listens
        self._told: dict[int, Outbound] = {}
        self._news = asyncio.Event()
        self._sending = asyncio.Lock()

    def told(self, messages: _Messages) -> None:
        """Remember messages that are new, and show them soon."""
        self._told.update(messages)
        self._news.set()

    def reached(self, next_seq: int) -> None:
        """The person's numbers have come so far. Where that is further than what was shown, look what it is: once,
        for not every number is something to see."""
        if next_seq > self._reached:
            self._reached = next_seq
            self._news.set()

    async def close(self, code: int) -> None:
        """End the chat."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._response.close(code=code)

    async def run(self) -> None:
        """Until the browser goes."""
        showing = asyncio.create_task(self._show_news())
        try:
            async for message in self._response:
                if message.type is not WSMsgType.TEXT:
                    break
                await self._take(message.data)
        except ClientConnectionResetError:
            pass  # The browser is gone; it asks again for what it has not seen.
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _show_news(self) -> None:
        while True:
            await self._news.wait()
            await self._show()

    async def _take(self, data: str) -> None:
        """One frame from the browser: a message, or (without one) the wish to see what is new."""
        if len(data) > LARGEST_BODY:
            await self._send({"refused": ""})
        elif data == "look":
            await self._show(always=True)
        else:
            await self._submit(data)

    async def _submit(self, data: str) -> None:
        sent = Sent("")
        try:
            sent = from_socket(data)
            inbound = sent.inbound(self.participant_id, self._now())
            if not await self._is_signed_in():
                await self.close(SIGNED_OUT)
                return
            receipt = await self._turns.submit(inbound)
        except Malformed:
            await self._send({"refused": sent.id})
        except StorageAway:
            await self._send({"away": sent.id})
        else:
            self._told.update(receipt.messages)
            await self._show(stored=sent.id)

    async def _show(self, *, stored: str = "", always: bool = False) -> None:
        """Send what is new; ``stored`` is the id of a message that it answers and acknowledges."""
        async with self._sending:
            self._news.clear()
            try:
                entries, listens = await self._entries(), await self._listens()
            except StorageAway:
                await self._show_later(stored)
                return
            last = max((entry.seq for entry in entries), default=0)
            if last > self._last or stored or always:
                await self._send(self._frame(entries, stored, listens=listens))
            self._last = max(last, self._last)
            self._reached = max(self._last + 1, self._reached)
            self._told = {seq: message for seq, message in self._told.items() if seq > self._last}

    async def _show_later(self, stored: str) -> None:
        """What is stored is acknowledged at once, whether or not the rest can be read now."""
        asyncio.get_running_loop().call_later(LOOK_AGAIN, self._news.set)
        if stored:
            await self._send({"stored": stored})

    async def _entries(self) -> list[Entry]:
        """The conversation, and what was told that it does not hold: the last words of one that has just closed."""
        entries = {entry.seq: entry for entry in await self._turns.history(self.participant_id)}
        for seq, message in self._told.items():
            entries.setdefault(seq, Entry(seq, message, ""))
        return [entries[seq] for seq in sorted(entries)]

    def _frame(self, entries: list[Entry], stored: str, *, listens: bool) -> Mapping[str, Any]:
        return {
            "stored": stored,
            "last": max((entry.seq for entry in entries), default=self._last),
            "language": spoken(entries, self._language),
            "messages": self._pages.messages(self._language, entries, self._last, self._form, listens=listens),
            "answer": self._pages.answer(self._language, entries, self._form, listens=listens),
        }

    async def _send(self, frame: Mapping[str, Any]) -> None:
        await self._response.send_str(msgspec.json.encode(frame).decode())
