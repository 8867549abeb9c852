"""Requests to Telegram: what every kind of trouble on the way becomes, and that no secret comes with it."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from typing import Any

import msgspec
import pytest
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.request import AiohttpRequest, Refusal, Unanswered, Unreached
from tests.waiting import PATIENCE

TOKEN = "7000000001:AAsecret_secret"
SAID = "nobody else reads this"
Reply = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(reply: Reply, *, reads: bool = True) -> AsyncIterator[str]:
    """A server that reads one request after the other and does ``reply`` with each: the address of the bot there."""
    serving: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            while not writer.is_closing():
                await reply(await _read(reader) if reads else b"", writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/bot{TOKEN}/sendMessage"
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: (\d+)", head)
    return head + (await reader.readexactly(int(found[1])) if found else b"")


@asynccontextmanager
async def request(**options: Any) -> AsyncIterator[AiohttpRequest]:
    """A request that is open."""
    made = AiohttpRequest(**options)
    await made.initialize()
    yield made
    await made.shutdown()


def message(**values: Any) -> RequestData:
    """What the library hands over."""
    given = {"chat_id": 77, "text": SAID, **values}
    return RequestData([RequestParameter.from_input(name, value) for name, value in given.items()])


def answering(status: str, body: bytes, length: int | None = None) -> Reply:
    """A reply with this status and body, and perhaps a length that is not true."""

    async def reply(request: bytes, writer: asyncio.StreamWriter) -> None:
        size = len(body) if length is None else length
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode() + body)
        if size != len(body):
            writer.close()

    return reply


def ok(result: Any) -> Reply:
    """A good answer."""
    return answering("200 OK", msgspec.json.encode({"ok": True, "result": result}))


async def silence(request: bytes, writer: asyncio.StreamWriter) -> None:
    """No answer at all, for as long as a test lasts."""
    await asyncio.sleep(30)


async def cut(request: bytes, writer: asyncio.StreamWriter) -> None:
    """The connection ends."""
    writer.close()


async def nonsense(request: bytes, writer: asyncio.StreamWriter) -> None:
    """What no web server says."""
    writer.write(TOKEN.encode() + b" " + SAID.encode() + b"\r\n\r\n")
    writer.close()


async def failure(url: str, **options: Any) -> TelegramError:
    """The error that a message comes back with. Nothing in it, nor in what caused it, names a secret."""
    async with request(**options) as made:
        with pytest.raises(TelegramError) as caught:
            await made.post(url, message())
    error = caught.value
    found: BaseException | None = error
    while found is not None:
        for text in (str(found), repr(found), str(vars(found)), str(found.args)):
            assert not any(secret in text for secret in ("secret", SAID, "sendMessage"))
        found = found.__cause__ or found.__context__
    shown = "".join(traceback.format_exception(error))
    assert not any(secret in shown for secret in (TOKEN, SAID))
    return error


# Going well ---------------------------------------------------------------------------------------------------------


async def test_a_call_is_json_and_the_answer_comes_back() -> None:
    seen: list[bytes] = []

    async def reply(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        await ok({"message_id": 5})(request, writer)

    rows = {"inline_keyboard": [[{"text": "Ja", "callback_data": "c|1|a/b|yes"}]]}
    async with server(reply) as url, request() as made:
        assert await made.post(url, message(reply_markup=rows, protect_content=True)) == {"message_id": 5}
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert b"Content-Type: application/json" in head
    assert msgspec.json.decode(body) == {"chat_id": 77, "text": SAID, "reply_markup": rows, "protect_content": True}


async def test_one_connection_serves_many_calls() -> None:
    peers: set[Any] = set()

    async def reply(request: bytes, writer: asyncio.StreamWriter) -> None:
        peers.add(writer.get_extra_info("peername"))
        await ok(True)(request, writer)

    async with server(reply) as url, request() as made:
        assert [await made.post(url, message()) for _ in range(5)] == [True] * 5
    assert len(peers) == 1


async def test_files_go_as_a_form() -> None:
    seen: list[bytes] = []

    async def reply(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        await ok(True)(request, writer)

    async with server(reply) as url, request() as made:
        await made.post(url, message(photo=InputFile(BytesIO(b"pixels"), filename="a.png"), list=[1, "b"]))
    assert b"Content-Type: multipart/form-data" in seen[0]
    for part in (b'name="text"', SAID.encode(), b'filename="a.png"', b"pixels", b"image/png", b'[1, "b"]'):
        assert part in seen[0]


async def test_it_opens_and_closes_more_than_once() -> None:
    made = AiohttpRequest(read_timeout=3)
    assert made.read_timeout == 3
    for _ in range(2):
        await made.initialize()
        await made.initialize()
        await made.shutdown()
        await made.shutdown()


# Nothing was sent ---------------------------------------------------------------------------------------------------


async def nowhere() -> str:
    """An address where nobody listens."""
    listening = await asyncio.start_server(cut, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    return f"http://127.0.0.1:{port}/bot{TOKEN}/sendMessage"


async def test_where_nobody_listens_nothing_was_sent() -> None:
    error = await failure(await nowhere())
    assert type(error) is NetworkError
    assert type(error.__cause__) is Unreached


@pytest.mark.parametrize("host", [":0:", "a..invalid", "256.256.256.256", "x" * 300])
async def test_an_address_that_is_none(host: str) -> None:
    error = await failure(f"http://{host}/bot{TOKEN}/sendMessage")
    assert type(error.__cause__) is Unreached


async def test_a_server_that_speaks_no_tls() -> None:
    async with server(nonsense, reads=False) as url:
        error = await failure(url.replace("http:", "https:"))
    assert type(error.__cause__) is Unreached


async def test_when_all_connections_are_in_use_nothing_was_sent() -> None:
    taken = asyncio.Semaphore(0)

    async def takes(request: bytes, writer: asyncio.StreamWriter) -> None:
        taken.release()
        await silence(request, writer)

    async with server(takes) as url, request() as made:
        busy = [asyncio.create_task(made.post(url, message())) for _ in range(20)]
        async with asyncio.timeout(PATIENCE):
            for _ in busy:
                await taken.acquire()
        with pytest.raises(TimedOut) as caught:
            await made.post(url, message(), connect_timeout=0.05, pool_timeout=0.05)
        for each in busy:
            each.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
    assert type(caught.value.__cause__) is Unreached
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_a_closed_session_sends_nothing() -> None:
    with pytest.raises(NetworkError) as caught:
        await AiohttpRequest().post(f"http://127.0.0.1:1/bot{TOKEN}/sendMessage", message())
    assert type(caught.value.__cause__) is Unreached


async def test_half_a_character_is_refused_before_it_is_sent() -> None:
    async with request() as made:
        with pytest.raises(Refusal) as caught:
            await made.post(await nowhere(), message(text="\ud800"))
    assert (caught.value.status, caught.value.__context__) == (400, None)


# It may have been sent ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        cut,
        nonsense,
        answering("200 OK", b'{"ok": true, "res', length=60),
        answering("200 OK", b'{"ok": true, "res'),
        answering("200 OK", b'{"ok": true}'),
        answering("200 OK", b"[]"),
        answering("200 OK", b""),
        answering("504 Gateway Timeout", b"<html>"),
    ],
)
async def test_an_answer_that_is_not_whole_leaves_it_open_what_happened(reply: Reply) -> None:
    async with server(reply) as url:
        error = await failure(url)
    assert isinstance(error, NetworkError)
    assert type(error.__cause__) is Unanswered


async def test_an_answer_that_does_not_come_in_time() -> None:
    async with server(silence) as url:
        error = await failure(url, read_timeout=0.05)
    assert type(error) is TimedOut
    assert type(error.__cause__) is Unanswered


async def test_a_call_can_have_a_time_of_its_own() -> None:
    async with server(silence) as url, request(read_timeout=30) as made:
        with pytest.raises(TimedOut):
            await made.post(url, message(), read_timeout=0.05)


# Telegram, or somebody in between, says no --------------------------------------------------------------------------


async def test_what_telegram_says_comes_with_its_status() -> None:
    body = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    async with server(answering("429 Too Many Requests", msgspec.json.encode(body))) as url:
        error = await failure(url)
    assert isinstance(error, Refusal)
    assert (error.status, error.description, error.retry_after) == (429, body["description"], 7)


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "502 Bad Gateway", "302 Found"])
@pytest.mark.parametrize("page", [b"<html>secret</html>", b'{"detail": "secret"}', b"", b"\xff"])
async def test_a_page_from_in_between_is_not_taken_for_telegram(status: str, page: bytes) -> None:
    async with server(answering(status, page)) as url:
        error = await failure(url)
    assert (type(error), str(error), error.__cause__) == (NetworkError, f"HTTP {status[:3]}", None)


async def test_nothing_is_carried_to_where_somebody_in_between_points() -> None:
    async with server(ok(True)) as elsewhere:

        async def reply(request: bytes, writer: asyncio.StreamWriter) -> None:
            writer.write(f"HTTP/1.1 307 Go\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n".encode())

        async with server(reply) as url:
            error = await failure(url)
    assert str(error) == "HTTP 307"


async def test_the_log_holds_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for reply in (cut, answering("200 OK", f'{{"text": "{SAID}'.encode()), answering("500 Oh", SAID.encode())):
        async with server(reply) as url:
            await failure(url)
    assert not any(secret in caplog.text for secret in (TOKEN, SAID))
