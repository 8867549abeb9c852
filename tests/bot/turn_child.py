"""Turns in a process of its own, that can be killed, and what its parent sees of it.

The process comes from multiprocessing's fork server, which has imported everything already: a new one is there at once.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from contextlib import suppress

import msgspec

from bot.messages import Inbound, Outbound
from bot.turns import Turns
from storage.database import Database, StorageAway
from storage.vault import Vault
from tests.bot.turn_world import catalogs, programme_of
from tests.forked import server

LONGEST_LINE = 1 << 20


class Stored(msgspec.Struct, frozen=True):
    """That a message is stored now, and what its sender is told. Without ``ok`` it is not."""

    id: str
    ok: bool = True
    fresh: bool = False
    messages: tuple[Outbound, ...] = ()


class Gone(Exception):
    """The process is not there any more; what was not confirmed may be stored or not."""


class Child:
    """A process that answers messages on one database, with one dialogue as its programme."""

    def __init__(self, process: multiprocessing.process.BaseProcess, reader: asyncio.StreamReader) -> None:
        self._process = process
        self._reader = reader
        self._writer: asyncio.StreamWriter
        self._waiting: dict[str, asyncio.Future[Stored]] = {}
        self._reading: asyncio.Task[None]
        self.gone = False

    @classmethod
    async def start(cls, url: str, key: bytes, dialogue: str) -> Child:
        """Returns when it is ready for messages."""
        ours, theirs = socket.socketpair()
        process = server().Process(target=_run, args=(url, key, dialogue, theirs), daemon=True)
        await asyncio.to_thread(process.start)
        theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours, limit=LONGEST_LINE)
        child = cls(process, reader)
        child._writer = writer
        assert await reader.readline() == b"ready\n", "the process did not start"
        child._reading = asyncio.create_task(child._read())
        return child

    async def submit(self, inbound: Inbound) -> Stored:
        """What becomes of a message. Raises Gone."""
        if self.gone:
            raise Gone
        waiting = self._waiting[inbound.id] = asyncio.get_running_loop().create_future()
        self._writer.write(msgspec.json.encode(inbound) + b"\n")
        return await waiting

    async def kill(self) -> None:
        """Kill it as a power cut would: it gets no chance to do anything."""
        self._process.kill()
        await self._ended()

    async def end(self) -> int | None:
        """Let it finish what it has begun, and stop: its exit code."""
        self._writer.write_eof()
        return await self._ended()

    async def _ended(self) -> int | None:
        await self._reading
        await asyncio.to_thread(self._process.join)
        code = self._process.exitcode
        self._process.close()
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        return code

    async def _read(self) -> None:
        with suppress(OSError):
            while (line := await self._reader.readline()).endswith(b"\n"):
                stored = msgspec.json.decode(line, type=Stored)
                self._waiting.pop(stored.id).set_result(stored)
        self.gone = True
        for waiting in self._waiting.values():
            waiting.set_exception(Gone())


def _run(url: str, key: bytes, dialogue: str, line: socket.socket) -> None:
    asyncio.run(_serve(url, key, dialogue, line))


async def _serve(url: str, key: bytes, dialogue: str, line: socket.socket) -> None:
    """Answer every message that comes, in its own task, until no more come."""
    reader, writer = await asyncio.open_connection(sock=line, limit=LONGEST_LINE)
    database = Database.open(url)
    vault = await database.read(lambda conn: Vault.open(conn, key))
    turns = Turns(database=database, vault=vault, catalogs=catalogs(), programme=programme_of(dialogue))
    writer.write(b"ready\n")

    async def answer(inbound: Inbound) -> None:
        try:
            receipt = await turns.submit(inbound)
        except StorageAway:
            stored = Stored(inbound.id, ok=False)
        else:
            stored = Stored(inbound.id, True, receipt.fresh, tuple(message for _, message in receipt.messages))
        writer.write(msgspec.json.encode(stored) + b"\n")

    async with asyncio.TaskGroup() as tasks:
        while text := await reader.readline():
            tasks.create_task(answer(msgspec.json.decode(text, type=Inbound)))
    await turns.close()
    await database.close()
    writer.close()
    await writer.wait_closed()
