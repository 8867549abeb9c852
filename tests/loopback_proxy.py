"""A small load balancer for tests, on this machine alone: each request goes to the next process that is well."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from tests.waiting import until

HOST = "127.0.0.1"
HEALTH = "/health/ready"
CHECK_EVERY = 0.2
HEALTHY = 1.0
"""Seconds that a process may take to answer whether it is well."""

FALLS = 2
"""So many checks in a row without an answer, and a process gets nothing more."""

_END = b"\r\n\r\n"
_HOP = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
_UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)


class LoopbackProxy:
    """``served`` counts requests by the port that got them; ``sockets`` are the ports of open web sockets, the newest
    last. A process whose health page has an error, or cannot be reached, is left out until that changes."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.well: set[int] = set()
        self.served: Counter[int] = Counter()
        self.sockets: list[int] = []
        self.port = 0
        self._ports = list(ports)
        self._next = 0
        self._open: dict[asyncio.Task[None], int] = {}

    @property
    def url(self) -> str:
        """Where everybody knocks."""
        return f"http://{HOST}:{self.port}"

    async def until_well(self, *ports: int) -> None:
        """Wait until these are well. Raises TimeoutError."""
        await until(lambda: self.well.issuperset(ports))

    async def check(self, port: int) -> None:
        """Look after one process until cancelled."""
        fails = 0
        while True:
            fails = 0 if await _is_well(port) else fails + 1
            if not fails:
                self.well.add(port)
            elif fails >= FALLS:
                self.well.discard(port)
                for task in [task for task, its in self._open.items() if its == port]:
                    task.cancel()
            await asyncio.sleep(CHECK_EVERY)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, or one web socket."""
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = 0
        try:
            head = await reader.readuntil(_END)
            port, backend = await self._connected()
            self._open[task] = port
            self.served[port] += 1
            await self._relay(head, port, (reader, writer), backend)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # whoever asked sees that the line is dead
        finally:
            del self._open[task]
            writer.transport.abort() if task.cancelling() else writer.close()

    async def _connected(self) -> tuple[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A line to the next process that takes one. Raises ConnectionError."""
        for _ in self._ports:
            port = self._ports[self._next % len(self._ports)]
            self._next += 1
            if port in self.well:
                with suppress(OSError):
                    return port, await asyncio.open_connection(HOST, port)
        raise ConnectionError("nobody is well")

    async def _relay(
        self,
        head: bytes,
        port: int,
        person: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        backend: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        is_socket = bool(_UPGRADE.search(head))
        if is_socket:
            self.sockets.append(port)
        else:  # one request a line, so that the next one may go elsewhere
            head = _HOP.sub(b"", head)[: -len(_END)] + b"\r\nConnection: close" + _END
        backend[1].write(head)
        there = asyncio.create_task(_pipe(person[0], backend[1]))
        try:
            await _pipe(backend[0], person[1])
        finally:
            there.cancel()
            backend[1].close()
            if is_socket:
                self.sockets.remove(port)


async def _pipe(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            to.write(data)
            await to.drain()


async def _is_well(port: int) -> bool:
    try:
        async with asyncio.timeout(HEALTHY):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(f"GET {HEALTH} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
                status = (await reader.readline()).split()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return len(status) > 1 and int(status[1]) < 500


@asynccontextmanager
async def loopback_proxy(ports: Sequence[int]) -> AsyncIterator[LoopbackProxy]:
    """A proxy in front of processes on these ports of this machine, none of which has to be there yet."""
    proxy = LoopbackProxy(ports)
    server = await asyncio.start_server(proxy.take, HOST, 0, limit=2**20)
    proxy.port = server.sockets[0].getsockname()[1]
    checks = [asyncio.create_task(proxy.check(port)) for port in ports]
    try:
        yield proxy
    finally:
        server.close()
        for task in [*checks, *proxy._open]:
            task.cancel()
        await asyncio.gather(*checks, *proxy._open, return_exceptions=True)
