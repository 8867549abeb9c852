"""Stopping: a real process that is asked to stop tells the load balancer first, then the browsers, and ends in time,
with everything open that can be open."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import secrets
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSCloseCode, WSMsgType
from pydantic import ValidationError
from sqlalchemy import Connection

from bot.config import Settings, wrong_settings
from storage import people
from storage.opening import open_storage
from storage.people import Who
from tests.forked import Command, Streams
from tests.postgresql_cluster import Cluster, cluster
from tests.running_demo import nowhere
from tests.waiting import PATIENCE, until

IN_TIME = 15.0
"""Seconds: the ten that are promised, and some for a busy machine. What is hung up here hangs for longer."""


@dataclass
class Running:
    """A process that serves at ``site``; ``said`` is what it said when it was ready."""

    process: Command
    site: str
    said: str

    async def health(self, page: str = "ready") -> str:
        """The status and the word."""
        async with ClientSession() as session, session.get(f"{self.site}/health/{page}") as response:
            return f"{response.status} {(await response.text()).strip()}"

    async def until_stopping(self) -> None:
        """Until whoever asks is told."""

        async def is_stopping() -> bool:
            return await self.health() == "503 stopping"

        await until(is_stopping)

    async def ended(self, within: float) -> int | None:
        """How it ended. It is killed if it takes longer."""
        return await asyncio.to_thread(self.process.end, within)


@asynccontextmanager
async def running(folder: Path, *options: str, **settings: str) -> AsyncIterator[Running]:
    """The service, killed in the end if it is still there."""
    streams = Streams.within(folder)
    process = Command(("run", *options), folder, nowhere() | {"MEDVIND_PORT": "0"} | settings, streams)
    try:
        async with asyncio.timeout(PATIENCE):
            said = await _ready(process, streams)
        site = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert site is not None, said
        yield Running(process, site[0], said)
    finally:
        await asyncio.to_thread(process.kill)


async def _ready(process: Command, streams: Streams) -> str:
    said = ""
    while process.is_alive:
        said = streams.said
        if "Ctrl-C stops it" in said:
            return said
        await asyncio.sleep(0.02)
    raise AssertionError(f"it ended before it served:\n{said}")


class Browser:
    """Somebody with a session, who may behave badly."""

    def __init__(self, session: ClientSession, site: str) -> None:
        self._session = session
        self._site = site
        self._cookie = ""

    async def sign_in(self, link: str) -> None:
        async with self._session.post(link, data={"language": "en"}, headers={"Origin": self._site}) as response:
            assert response.status == 200
        jar = self._session.cookie_jar.filter_cookies(response.url.origin())
        self._cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())

    async def socket(self) -> ClientWebSocketResponse:
        return await self._session.ws_connect(f"{self._site}/chat/socket?after=0", headers={"Origin": self._site})

    async def mute_socket(self) -> asyncio.StreamWriter:
        """A phone in a tunnel: its chat is open, and it says nothing any more, not even goodbye."""
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        upgrade = (
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        )
        reader, writer = await self._begin("GET /chat/socket?after=0", *upgrade)
        assert (await reader.readline()).startswith(b"HTTP/1.1 101")
        return writer

    async def endless_form(self) -> asyncio.StreamWriter:
        """A form of which the rest never comes."""
        kind = "Content-Type: application/x-www-form-urlencoded"
        _, writer = await self._begin("POST /chat", kind, "Content-Length: 1000")
        writer.write(b"text=Hel")
        await writer.drain()
        return writer

    async def _begin(self, what: str, *headers: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host = self._site.removeprefix("http://")
        reader, writer = await asyncio.open_connection(*host.split(":"))
        own = (f"Host: {host}", f"Origin: {self._site}", f"Cookie: {self._cookie}")
        writer.write("\r\n".join([f"{what} HTTP/1.1", *own, *headers, "", ""]).encode())
        await writer.drain()
        return reader, writer


def _visit() -> ClientSession:
    """A browser's cookies: of a server without a name too."""
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def close_code(socket: ClientWebSocketResponse) -> int | None:
    """Of a socket whose end has come, or will."""
    while (await socket.receive(timeout=PATIENCE)).type is WSMsgType.TEXT:
        pass
    return socket.close_code


async def test_who_stops_says_so_first_and_then_closes_everything(tmp_path: Path) -> None:
    async with (
        running(tmp_path, "--demo", MEDVIND_STOP_DELAY="3") as medvind,
        _visit() as session,
    ):
        browser = Browser(session, medvind.site)
        link = re.search(r"http://\S+/c/\S+", medvind.said)
        assert link is not None
        await browser.sign_in(link[0])
        socket = await browser.socket()
        left_open = [await browser.mute_socket(), await browser.endless_form()]
        assert await medvind.health() == "200 ready"
        medvind.process.send(signal.SIGTERM)
        await medvind.until_stopping()
        assert await medvind.health("live") == "200 live"
        async with session.get(f"{medvind.site}/chat") as still_served:
            assert still_served.status == 200
        await socket.send_str("look")
        assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.TEXT
        assert await close_code(socket) == WSCloseCode.GOING_AWAY
        assert await medvind.ended(IN_TIME) == 0
        for writer in left_open:
            writer.close()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("stop_delay", "301", 'MEDVIND_STOP_DELAY "301": Write seconds: a number from 0 to 300.'),
        ("stop_delay", "soon", 'MEDVIND_STOP_DELAY "soon": Write seconds: a number from 0 to 300.'),
        ("metrics_port", "-1", 'MEDVIND_METRICS_PORT "-1": Write a port: a number from 0 to 65535.'),
    ],
)
def test_settings_that_cannot_be_used_are_said(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**{name: value})
    assert list(wrong_settings(refused.value)) == [sentence]


async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, "--demo", MEDVIND_STOP_DELAY="300") as medvind:
        medvind.process.send(signal.SIGTERM)
        await medvind.until_stopping()
        medvind.process.send(signal.SIGTERM)
        assert await medvind.ended(IN_TIME) == -signal.SIGTERM


async def test_it_ends_well_in_time_though_database_and_channel_hang(tmp_path: Path, master_key: bytes) -> None:
    """The server of the database stands still, so nothing that is asked of it comes to an end; Telegram takes every
    call and answers none; a browser waits for its answer."""
    async with _silent() as api:
        await _ends_though_all_hang(tmp_path, master_key, api)


async def _ends_though_all_hang(folder: Path, master_key: bytes, api: str) -> None:
    with cluster() as server:
        url = server.url.render_as_string(hide_password=False)
        token = await _participant(url, master_key)
        settings = {
            "MEDVIND_DATABASE_URL": url,
            "MEDVIND_KEY": base64.b64encode(master_key).decode(),
            "MEDVIND_TELEGRAM_TOKENS": f"700001:{'A' * 35}",
            "MEDVIND_TELEGRAM_API": api,
        }
        async with running(folder, **settings) as medvind, _visit() as session:
            browser = Browser(session, medvind.site)
            await browser.sign_in(f"{medvind.site}/c/{token}")
            socket = await browser.socket()
            frozen = _processes_of(server)
            _send(frozen, signal.SIGSTOP)
            try:
                await socket.send_str('{"id": "first-message", "text": "hello", "tap": null}')
                assert await medvind.health() == "503 database"
                medvind.process.send(signal.SIGTERM)
                assert await close_code(socket) == WSCloseCode.GOING_AWAY
                assert await medvind.ended(IN_TIME) == 0
            finally:
                _send(frozen, signal.SIGCONT)


@asynccontextmanager
async def _silent() -> AsyncIterator[str]:
    """The address of a server that takes every call and answers none."""
    calls: list[asyncio.Task[None]] = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        calls.append(task)
        await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await asyncio.gather(*calls, return_exceptions=True)


async def _participant(url: str, master_key: bytes) -> str:
    """Somebody who takes part: the token of their link."""
    database, vault = await open_storage(url, master_key)
    token, now = secrets.token_urlsafe(16), datetime.now(UTC)

    def add(conn: Connection) -> None:
        sam = {"name": "Sam", "pseudonym": "S.K.", "language": "en", "time_zone": "UTC"}
        person = people.add_participant(conn, vault, **sam, now=now)
        people.new_link(conn, vault, Who(person), token, now)

    await database.write(add)
    await database.close()
    return token


def _processes_of(server: Cluster) -> Sequence[int]:
    """The server's own process and those that it has for connections and other work."""
    main = int((server.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
    children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
    return [main, *map(int, children)]


def _send(processes: Sequence[int], number: signal.Signals) -> None:
    for process in processes:
        os.kill(process, number)
