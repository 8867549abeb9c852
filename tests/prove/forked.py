"""Forked: a process of its own, begun by a server process that has loaded everything already, so that it is there again
soon after each kill."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

_LOADED = [
    "bot.serving",
    "bot.app",
    "bot.channels.telegram.bot",
    "bot.admission",
    "storage.migrating",
    "psycopg",
    "dbos",
]
STOPPING = 15.0
"""Seconds that a process gets to end after it was asked to."""


class Forked:
    """One life of ``target``."""

    def __init__(self, target: Callable[..., None], *given: Any) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_LOADED)
        self._process: BaseProcess = context.Process(target=target, args=given, daemon=True)
        self._process.start()

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or stands still."""
        return self._process.is_alive()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """The code with which it ended; None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        """With SIGKILL: nothing of it can run after this."""
        self._process.kill()
        self._process.join()

    def stop(self) -> bool:
        """As an operator stops it: whether it ended in good order and in time. If not, it is killed."""
        self._process.terminate()
        self._process.join(STOPPING)
        if self._process.is_alive():
            self.kill()
        return self._process.exitcode == 0

    def freeze(self) -> None:
        """Let it stand still, with all its connections open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.is_alive:
            os.kill(self.pid, number)

    async def died(self, within: float) -> bool:
        """Whether it ended by itself in so many seconds."""
        for _ in range(int(within / 0.02)):
            if not self.is_alive:
                return True
            await asyncio.sleep(0.02)
        return not self.is_alive
