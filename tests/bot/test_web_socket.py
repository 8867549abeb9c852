"""The chat's socket: acknowledged means stored, the same message counts once, and what was missed is sent again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient

from bot.channels.http import LARGEST_BODY
from bot.messages import Tap
from storage import people
from storage.database import StorageAway
from tests.bot.chat_site import ChatSite, chat_site
from tests.bot.page_forms import Seen
from tests.waiting import PATIENCE

OURS = {"Sec-Fetch-Site": "same-origin"}
NewClient = Callable[..., Awaitable[TestClient]]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[ChatSite]:
    async with chat_site(tmp_path) as site:
        yield site


@pytest.fixture
async def client(site: ChatSite, aiohttp_client: NewClient) -> TestClient:
    client = await aiohttp_client(site.app)
    await client.post(f"/c/{site.token}", data={"language": "en"}, headers=OURS)
    return client


async def joined(client: TestClient, after: int = 2, **headers: str) -> ClientWebSocketResponse:
    here = str(client.make_url("")).rstrip("/")
    return await client.ws_connect(f"/chat/socket?after={after}", headers={"Origin": here, **headers})


def message(name: str, text: str = "", tap: Tap | None = None) -> str:
    return msgspec.json.encode({"id": name, "text": text, "tap": tap}).decode()


def good(name: str = "first-message") -> str:
    return message(name, tap=Tap(1, "week", "choose", ("week4",)))


async def frame(socket: ClientWebSocketResponse) -> dict[str, Any]:
    return await socket.receive_json(timeout=PATIENCE)  # type: ignore[no-any-return]


async def test_an_answer_is_acknowledged_with_what_comes_next(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    await socket.send_str(good())
    answered = await frame(socket)
    assert answered["stored"] == "first-message"
    assert answered["last"] == 4
    shown = Seen(answered["messages"]).words
    assert "Good" in shown
    assert "Do you have a job or a work trial now?" in shown
    assert "How was your week" not in shown
    assert "Yes, a work trial" in Seen(answered["answer"]).form("Yes, a job").buttons
    assert site.turns.received[-1].id == "first-message"


async def test_the_second_copy_is_acknowledged_and_has_no_effect(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    for _ in range(2):
        await socket.send_str(good())
        answered = await frame(socket)
        assert answered["stored"] == "first-message"
    assert answered["messages"].strip() == ""
    assert len(site.turns.received) == 2


async def test_a_browser_that_was_away_gets_what_it_missed(client: TestClient) -> None:
    socket = await joined(client)
    await socket.send_str(good())
    await frame(socket)
    again = await joined(client, after=3)
    await again.send_str("look")
    missed = await frame(again)
    assert missed["stored"] == ""
    assert "Do you have a job" in missed["messages"]
    assert "Good" not in Seen(missed["messages"]).words
    assert "Yes, a job" in missed["answer"]


async def test_nothing_is_acknowledged_that_is_not_stored(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    site.lose_database()
    await socket.send_str(good())
    assert await frame(socket) == {"away": "first-message"}
    site.find_database()
    await socket.send_str(good())
    assert (await frame(socket))["stored"] == "first-message"
    assert len(site.turns.received) == 2


async def test_what_is_stored_is_acknowledged_though_the_rest_cannot_be_read(
    site: ChatSite, client: TestClient
) -> None:
    socket = await joined(client)
    history = site.turns.history

    async def away(participant_id: int, after: int = 0) -> list[Any]:
        site.turns.history = history  # type: ignore[method-assign]
        raise StorageAway("for a moment")

    site.turns.history = away  # type: ignore[method-assign]
    await socket.send_str(good())
    assert await frame(socket) == {"stored": "first-message"}
    assert "Do you have a job" in (await frame(socket))["messages"]


async def test_the_last_words_of_a_conversation_arrive(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    site.turns.talks[site.participant].place = 4

    async def nothing(participant_id: int, after: int = 0) -> list[Any]:
        return []

    site.turns.history = nothing  # type: ignore[method-assign]
    await socket.send_str(message("last-message", tap=Tap(1, "share", "share_none")))
    closed = await frame(socket)
    assert "Thank you, Sam." in closed["messages"]
    assert "Start a check-in" in closed["answer"]


async def test_news_are_shown_without_being_asked_for(site: ChatSite, client: TestClient) -> None:
    first, second = await joined(client), await joined(client)
    await first.send_str("look")
    await frame(first)
    await second.send_str("look")
    await frame(second)
    site.turns.tell(site.participant, "Kim has read it.")
    for socket in (first, second):
        news = await frame(socket)
        assert "Kim has read it." in news["messages"]
        assert "How was your week" not in news["messages"]
        assert news["stored"] == ""


async def test_nobody_hears_what_is_said_to_another(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    site.turns.tell(site.participant + 1, "For somebody else")
    await socket.send_str("look")
    assert "somebody else" not in (await frame(socket))["messages"]


@pytest.mark.parametrize(
    "data", ["", "{", "[]", '{"id":"x"}', '{"id":"some-message","tap":{"action":"erase"}}', "\x00"]
)
async def test_what_our_script_never_sends_is_refused(site: ChatSite, client: TestClient, data: str) -> None:
    socket = await joined(client)
    await socket.send_str(data)
    assert "refused" in await frame(socket)
    assert len(site.turns.received) == 1


async def test_a_frame_that_is_too_large_ends_the_chat(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    await socket.send_str(message("some-message", "x" * (LARGEST_BODY + 1)))
    assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.CLOSE
    assert len(site.turns.received) == 1


async def test_without_a_session_it_is_closed_with_a_code_that_says_so(client: TestClient) -> None:
    client.session.cookie_jar.clear()
    socket = await joined(client)
    assert (await socket.receive(timeout=PATIENCE)).data == 4401


async def test_other_sites_cannot_open_it(client: TestClient) -> None:
    for headers in ({"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        with pytest.raises(WSServerHandshakeError) as refused:
            await joined(client, **headers)
        assert refused.value.status == 403
    with pytest.raises(WSServerHandshakeError):
        await client.ws_connect("/chat/socket")


async def test_closing_the_chat_closes_its_sockets(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    await socket.send_str("look")
    await frame(socket)
    await client.post("/chat/close", data={"": ""}, headers=OURS)
    assert (await socket.receive(timeout=PATIENCE)).data == 4401


async def test_a_session_that_was_taken_back_sends_nothing(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    who = people.Who(site.participant)
    await site.database.write(lambda conn: people.revoke_links(conn, who, site.now))
    await socket.send_str(good())
    assert (await socket.receive(timeout=PATIENCE)).data == 4401
    assert len(site.turns.received) == 1


async def test_browsers_are_told_when_the_server_stops(site: ChatSite, client: TestClient) -> None:
    socket = await joined(client)
    await socket.send_str("look")
    await frame(socket)
    closing = asyncio.create_task(client.server.close())
    assert (await socket.receive(timeout=PATIENCE)).data == 1001
    await closing


async def test_a_number_that_is_none_shows_everything(client: TestClient) -> None:
    socket = await client.ws_connect("/chat/socket?after=x", headers=OURS)
    await socket.send_str("look")
    assert "How was your week" in (await frame(socket))["messages"]


async def test_a_mistake_of_ours_ends_the_chat_and_not_the_server(
    site: ChatSite, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(inbound: object) -> None:
        raise ValueError(f"cannot take {inbound}")

    site.turns.submit = broken  # type: ignore[assignment,method-assign]
    socket = await joined(client)
    await socket.send_str(good())
    assert (await socket.receive(timeout=PATIENCE)).data == 1011
    assert [record.getMessage().partition(" at ")[0] for record in caplog.records if record.levelname == "ERROR"] == [
        "ValueError"
    ]
    assert "week4" not in caplog.text
