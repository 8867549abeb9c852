"""Service: what is measured, in a process of its own, so that its processor time and memory are its alone."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from aiohttp import web

from benchmarks.telegram import ours, plain
from benchmarks.telegram.plan import HOST, Plan
from bot.channels.http import AccessLog
from bot.collector import spare_collector

SYSTEMS: dict[str, Callable[[Plan, str], AbstractAsyncContextManager[web.Application]]] = {
    "medvind": ours.opened,
    "python-telegram-bot": plain.opened,
}
"""Each gives its web pages, for Telegram to bring updates to under the address that it is told."""

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Used:
    """What the process has used so far: seconds of a processor, and the most bytes that it ever held."""

    processor: float
    memory: int


class Service:
    """A running service."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    async def used(self) -> Used:
        """Until now."""
        self._pipe.send(None)
        return await asyncio.to_thread(self._pipe.recv)


@asynccontextmanager
async def running(plan: Plan) -> AsyncIterator[Service]:
    """The service listens while this is open."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_live, args=(plan, there), daemon=True)
    process.start()
    there.close()
    try:
        await asyncio.to_thread(here.recv)
        yield Service(here)
    finally:
        here.close()
        await asyncio.to_thread(process.join, PATIENCE)
        process.kill()
        process.join()


def _live(plan: Plan, pipe: Connection) -> None:
    asyncio.run(_serve(plan, pipe))


async def _serve(plan: Plan, pipe: Connection) -> None:
    """Until the other end of the pipe is closed."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def asked() -> None:
        try:
            pipe.recv()
        except EOFError:
            loop.remove_reader(pipe.fileno())
            over.set()
        else:
            pipe.send(Used(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))

    with socket.create_server((HOST, 0)) as listening:
        async with SYSTEMS[plan.system](plan, f"http://{HOST}:{listening.getsockname()[1]}") as app:
            runner = web.AppRunner(app, access_log_class=AccessLog, handle_signals=False)
            await runner.setup()
            await web.SockSite(runner, listening).start()
            spare_collector()
            loop.add_reader(pipe.fileno(), asked)
            pipe.send(None)
            await over.wait()
            await runner.cleanup()
