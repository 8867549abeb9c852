"""The proxy of the tests itself: it spreads requests, leaves out who is not well, and cuts off who stands still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer, unused_port

from tests.loopback_proxy import HEALTH, loopback_proxy
from tests.waiting import until


@dataclass
class Backend:
    """A process as the proxy sees it."""

    name: str
    port: int
    status: int = 200
    hangs: bool = False

    async def health(self, request: web.Request) -> web.Response:
        while self.hangs:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return web.Response(status=self.status)

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text=f"{self.name} {await request.text()}")

    async def slow(self, request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse()
        await response.prepare(request)
        async for message in response:
            await response.send_str(f"{self.name} {message.data}")
        return response


@asynccontextmanager
async def serving(backend: Backend) -> AsyncIterator[TestServer]:
    """The backend at its port."""
    app = web.Application()
    app.router.add_get(HEALTH, backend.health)
    app.router.add_post("/", backend.page)
    app.router.add_get("/slow", backend.slow)
    app.router.add_get("/socket", backend.socket)
    server = TestServer(app, port=backend.port)
    await server.start_server(shutdown_timeout=0.1)
    try:
        yield server
    finally:
        await server.close()


@pytest.fixture
async def two() -> AsyncIterator[tuple[Backend, Backend]]:
    backends = Backend("a", unused_port()), Backend("b", unused_port())
    async with AsyncExitStack() as stack:
        for backend in backends:
            await stack.enter_async_context(serving(backend))
        yield backends


async def asked(session: ClientSession, words: str = "") -> str:
    async with session.post("/", data=words) as response:
        return await response.text()


async def test_requests_of_one_client_go_to_all_and_sockets_stay(two: tuple[Backend, Backend]) -> None:
    ports = [backend.port for backend in two]
    async with loopback_proxy(ports) as proxy, ClientSession(proxy.url) as session:
        await proxy.until_well(*ports)
        assert sorted([await asked(session, "x" * 100_000) for _ in range(2)]) == [f"{n} {'x' * 100_000}" for n in "ab"]
        assert proxy.served == dict.fromkeys(ports, 1)
        async with session.ws_connect("/socket") as socket:
            said = []
            for word in ("one", "two"):
                await socket.send_str(word)
                said.append((await socket.receive_str()).split())
            assert proxy.sockets == [two[0].port]
        assert said == [["a", "one"], ["a", "two"]]


async def test_who_is_not_well_gets_nothing_until_it_is(two: tuple[Backend, Backend]) -> None:
    ports = [backend.port for backend in two]
    async with loopback_proxy([*ports, unused_port()]) as proxy, ClientSession(proxy.url) as session:
        await proxy.until_well(*ports)
        two[0].status = 503
        await until_left(proxy.well, two[0].port)
        assert {await asked(session) for _ in range(4)} == {"b "}
        two[0].status = 404
        await proxy.until_well(*ports)
        assert {await asked(session) for _ in range(4)} == {"a ", "b "}


async def test_who_stands_still_is_cut_off(two: tuple[Backend, Backend]) -> None:
    async with loopback_proxy([two[0].port]) as proxy, ClientSession(proxy.url) as session:
        await proxy.until_well(two[0].port)
        waiting = asyncio.create_task(session.get("/slow"))
        two[0].hangs = True
        with pytest.raises(ClientError):
            await waiting
        with pytest.raises(ClientError):
            await asked(session)
        two[0].hangs = False


async def until_left(well: set[int], port: int) -> None:
    """Wait until this one is left out."""
    await until(lambda: port not in well)
