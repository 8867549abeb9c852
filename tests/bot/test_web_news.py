"""News in open chats: what another process stored is shown here, and a session that was ended there ends here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse
from aiohttp.test_utils import TestClient

from bot.app import web_app
from bot.channels.web_news import News
from bot.channels.web_socket import SIGNED_OUT
from bot.channels.web_visit import CHAT
from bot.turns import Turns
from storage import people
from storage.database import StorageAway
from tests.bot.chat_site import Interrupted
from tests.bot.phone import OURS, Phone
from tests.bot.real_chat import RealChat, real_chat
from tests.waiting import PATIENCE

NewClient = Callable[..., Awaitable[TestClient]]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[RealChat]:
    async with real_chat(tmp_path) as site:
        yield site


def another_turns(site: RealChat, database: Any) -> Turns:
    """Those of another process."""
    parts = site.parts
    return Turns(database=database, vault=parts.vault, catalogs=parts.catalogs, programme=parts.programme)


@pytest.fixture
async def phone(site: RealChat, aiohttp_client: NewClient) -> Phone:
    """A browser at one process, before the first question."""
    phone = Phone(await aiohttp_client(site.app), site)
    await phone.arrive()
    return phone


@pytest.fixture
async def elsewhere(site: RealChat, phone: Phone, aiohttp_client: NewClient) -> AsyncIterator[Phone]:
    """The same person at another process, which shares the database and nothing else."""
    turns = another_turns(site, site.parts.database)
    other = Phone(await aiohttp_client(web_app(replace(site.parts, turns=turns))), site)
    await other.arrive()
    yield other
    await turns.close()


async def joined(phone: Phone) -> ClientWebSocketResponse:
    """A socket that has seen everything so far."""
    socket = await phone.client.ws_connect("/chat/socket?after=0", headers=OURS)
    await socket.send_str("look")
    await frame(socket)
    return socket


async def frame(socket: ClientWebSocketResponse) -> dict[str, Any]:
    return await socket.receive_json(timeout=PATIENCE)  # type: ignore[no-any-return]


class Counting(Interrupted):
    """A database that counts what is read."""

    reads = 0

    async def read(self, work: Any) -> Any:
        """As the database does."""
        self.reads += 1
        return await super().read(work)


def news(phone: Phone, database: Interrupted) -> News:
    """A look after the sockets of the phone's process, whenever the test wants one."""
    site: RealChat = phone.site
    sockets = phone.client.app[CHAT].sockets  # type: ignore[union-attr]
    return News(sockets, database=database, vault=site.parts.vault, now=lambda: site.now)  # type: ignore[arg-type]


async def test_what_is_said_at_another_process_is_shown_here(phone: Phone, elsewhere: Phone) -> None:
    socket = await joined(phone)
    await elsewhere.press("OK")
    shown = await frame(socket)
    assert "There are limits." in shown["messages"]
    assert "You choose if you use me." not in shown["messages"]
    assert shown["stored"] == ""


async def test_the_last_words_of_a_conversation_that_ended_elsewhere_are_shown_here(
    phone: Phone, elsewhere: Phone
) -> None:
    for button in ("OK", "OK", "OK", "Only me"):
        await elsewhere.press(button)
    socket = await joined(phone)
    await elsewhere.press("Not now")
    shown = await frame(socket)
    assert "You can come back" in shown["messages"]
    assert "Start a check-in" in shown["answer"]


async def test_a_chat_that_is_closed_elsewhere_is_closed_here(phone: Phone, elsewhere: Phone) -> None:
    socket = await joined(phone)
    for cookie in phone.client.session.cookie_jar:
        elsewhere.client.session.cookie_jar.update_cookies({cookie.key: cookie.value}, elsewhere.client.make_url("/"))
    await elsewhere.post("/chat/close", [("", "")])
    assert (await socket.receive(timeout=PATIENCE)).data == SIGNED_OUT


async def test_a_link_that_was_taken_back_closes_every_chat_at_once(phone: Phone) -> None:
    site: RealChat = phone.site
    sockets = [await joined(phone) for _ in range(3)]
    who = people.Who(site.participant)
    await site.parts.database.write(lambda conn: people.revoke_links(conn, who, site.now))
    await news(phone, Interrupted(site.parts.database)).look()
    for socket in sockets:
        assert (await socket.receive(timeout=PATIENCE)).data == SIGNED_OUT


async def test_a_database_that_is_away_sends_nobody_away(phone: Phone, elsewhere: Phone) -> None:
    site: RealChat = phone.site
    socket = await joined(phone)
    database = Interrupted(site.parts.database)
    looking = news(phone, database)
    database.away = True
    with pytest.raises(StorageAway):
        await looking.look()
    await elsewhere.press("OK")
    database.away = False
    await looking.look()
    assert "There are limits." in (await frame(socket))["messages"]


async def test_nothing_is_asked_while_no_chat_is_open(phone: Phone) -> None:
    database = Counting(phone.site.parts.database)
    looking = news(phone, database)
    await looking.look()
    assert database.reads == 0
    await joined(phone)
    await looking.look()
    assert database.reads == 1


async def test_what_shows_nothing_is_looked_at_once(site: RealChat, aiohttp_client: NewClient) -> None:
    """A button that was drawn anew has a number, and is nothing to see."""
    database = Counting(site.parts.database)
    turns = another_turns(site, database)
    phone = Phone(await aiohttp_client(web_app(replace(site.parts, turns=turns))), site)
    await phone.arrive()
    socket = await joined(phone)
    (mine,) = phone.client.app[CHAT].sockets.all()  # type: ignore[union-attr]
    before = database.reads
    for looks in (3, 4, 5, 6):
        mine.reached(1_000)
        for _ in range(2 if looks == 3 else 1):
            await socket.send_str("look")
            await frame(socket)
        assert database.reads == before + looks
    await turns.close()
