"""Child: the real service in a process of its own, begun by a server process that has loaded everything already, so
that it is there again soon after each kill. It may kill itself at a failpoint."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess

from bot import failpoints
from bot.config import Settings

_LOADED = ["bot.serving", "bot.app", "bot.channels.telegram.bot", "bot.admission", "storage.migrating", "psycopg"]


class Child:
    """One life of the service. ``failpoint`` is where it kills itself, when it passes there the ``times``-th time."""

    def __init__(self, settings: dict[str, object], log: str, failpoint: str = "", times: int = 1) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_LOADED)
        self._process: BaseProcess = context.Process(target=_live, args=(settings, log, failpoint, times), daemon=True)
        self._process.start()

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.is_alive()

    def kill(self) -> None:
        """With SIGKILL: nothing of it can run after this."""
        self._process.kill()
        self._process.join()

    def stop(self) -> None:
        """As an operator stops it."""
        self._process.terminate()
        self._process.join(15)
        if self._process.is_alive():
            self.kill()

    async def died(self, within: float) -> bool:
        """Whether it ended by itself in so many seconds."""
        for _ in range(int(within / 0.02)):
            if not self.is_alive:
                return True
            await asyncio.sleep(0.02)
        return not self.is_alive


def _live(settings: dict[str, object], log: str, failpoint: str, times: int) -> None:
    logging.basicConfig(filename=log, level=logging.WARNING, format="%(asctime)s %(message)s")
    if failpoint:
        failpoints.hook = _Fatal(failpoint, times).reached
    from bot.serving import serve

    asyncio.run(serve(Settings(**settings), lambda _: None))  # type: ignore[arg-type]


class _Fatal:
    """Ends the process at a failpoint."""

    def __init__(self, name: str, times: int) -> None:
        self._name = name
        self._left = times

    def reached(self, name: str) -> None:
        if name == self._name:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
