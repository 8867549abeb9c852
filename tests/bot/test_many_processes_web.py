"""Web chats on three real processes behind a proxy: whichever of them dies, the conversation goes on with another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientError, ClientWebSocketResponse, WSMessage, WSMsgType, WSServerHandshakeError

from bot.channels.web_socket import SIGNED_OUT
from tests.bot.many_processes import Service, Visitor, service
from tests.bot.page_forms import Form, Seen
from tests.bot.phone import OURS
from tests.loopback_proxy import HOST
from tests.storage.databases import PostgresqlDatabases
from tests.waiting import PATIENCE

ONBOARDING = {"free_choice": "ok", "limits": "ok", "not_live": "ok", "explained": "me"}
WHO_SEES = "Who can see an answer that you keep?"
START = "Do you want to start?"


@pytest.fixture
async def three(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> AsyncIterator[Service]:
    with postgresql_databases.url() as url:
        async with service(url, tmp_path) as made:
            await made.start()
            yield made
            assert made.trouble() == ""


@pytest.fixture
async def two(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> AsyncIterator[Service]:
    with postgresql_databases.url() as url:
        async with service(url, tmp_path, 2) as made:
            await made.start()
            yield made
            assert made.trouble() == ""


async def pressed(visitor: Visitor, button: str) -> None:
    """Press a button, and again if no page comes back: a form holds the name of its message, so it counts once."""
    form = visitor.page.page.form(button)
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await visitor.page.post(form.action, form.sent(button))
            except ClientError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_a_conversation_over_plain_forms_outlives_two_of_three_processes(three: Service) -> None:
    person = await three.world.person()
    async with three.visitor(person) as visitor:
        await visitor.page.arrive()
        for _ in range(3):
            await pressed(visitor, "OK")
        assert len(three.proxy.served) == 3
        assert visitor.page.sees(WHO_SEES)
        first, second, third = three.ports
        for port, button, seen in ((first, "Only me", START), (second, "Yes", "Do you have a job")):
            killing = asyncio.create_task(three.kill(port))
            await pressed(visitor, button)
            await killing
            assert visitor.page.sees(seen)
        await three.start(first)
        await three.kill(third)
        await pressed(visitor, "Yes, a job")
        for _ in range(2):
            await pressed(visitor, "Skip")
        assert visitor.page.sees("Your first check-in can start now.")
    assert await person.answered() == {**ONBOARDING, "taking_part": "yes", "work_now": "job"}
    assert len(await person.answers()) == 6


class Chat:
    """A browser with scripts: it has a socket, and opens it anew when that breaks. ``last`` is what it has seen."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.last = 0
        self.words = ""
        self.form: Form | None = None
        self.socket: ClientWebSocketResponse | None = None

    async def joined(self) -> Chat:
        """With what was said before on the screen."""
        await self.open()
        await self.frame()
        return self

    async def open(self) -> None:
        """Join, and see what is new."""
        async with asyncio.timeout(PATIENCE):
            while self.socket is None:
                try:
                    address = f"/chat/socket?after={self.last}"
                    self.socket = await self.visitor.session.ws_connect(address, headers=OURS)
                    await self.socket.send_str("look")
                except (ClientError, WSServerHandshakeError):
                    self.socket = None
                    await asyncio.sleep(0.05)

    async def frame(self) -> dict[str, Any] | None:
        """What the server says next; None when the line broke."""
        assert self.socket is not None
        message: WSMessage = await self.socket.receive(timeout=PATIENCE)
        if message.type is not WSMsgType.TEXT:
            self.socket = None
            return None
        said: dict[str, Any] = msgspec.json.decode(message.data)
        if "messages" in said:
            self.last = said["last"]
            self.words += Seen(said["messages"]).words
            self.form = Seen(said["answer"]).forms[0] if "<form" in said["answer"] else None
        return said

    async def sees(self, words: str) -> None:
        """Wait until this was said, opening the socket anew whenever it breaks."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.words:
                if self.socket is None:
                    await self.open()
                await self.frame()

    async def press(self, button: str, name: str) -> None:
        """Send an answer until it is stored."""
        assert self.form is not None
        pressed = self.form.buttons[button]
        assert pressed is not None
        body = msgspec.json.encode({"id": name, "text": "", "tap": msgspec.json.decode(pressed[1])}).decode()
        stored: Any = ""
        while stored != name:
            if self.socket is None:
                await self.open()
            assert self.socket is not None
            try:
                await self.socket.send_str(body)
            except ClientError:
                self.socket = None
                continue
            while self.socket is not None and (said := await self.frame()) is not None:
                if (stored := said.get("stored")) == name:
                    break


async def test_a_socket_shows_what_was_said_elsewhere_and_comes_back_after_each_kill(three: Service) -> None:
    person = await three.world.person()
    async with three.visitor(person) as visitor:
        await visitor.page.arrive()
        chat = await Chat(visitor).joined()
        await chat.press("OK", "the-first-answer")
        await chat.sees("There are limits.")
        (killed,) = three.proxy.sockets
        await three.kill(killed)
        await chat.press("OK", "the-second-answer")
        await chat.sees("Nobody reads your answers right away.")

        (other,) = {*three.ports} - {killed, *three.proxy.sockets}
        await visitor.page.get("/chat")
        await visitor.page.post(f"http://{HOST}:{other}/chat", visitor.page.page.form("OK").sent("OK"))
        await chat.sees(WHO_SEES)
    assert await person.answered() == {"free_choice": "ok", "limits": "ok", "not_live": "ok"}


async def test_a_chat_that_is_closed_at_one_process_is_closed_at_the_other(two: Service) -> None:
    person = await two.world.person()
    async with two.visitor(person) as visitor:
        await visitor.page.arrive()
        chats = [await Chat(visitor).joined() for _ in two.ports]
        assert sorted(two.proxy.sockets) == sorted(two.ports)
        await visitor.page.post("/chat/close", [("", "")])
        assert visitor.page.status == HTTPStatus.FORBIDDEN
        for chat in chats:
            assert chat.socket is not None
            assert (await chat.socket.receive(timeout=PATIENCE)).data == SIGNED_OUT
