"""Child: the real service in a process of its own. It may kill itself at a failpoint."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

from bot import failpoints
from bot.config import Settings
from tests.forked import Forked


class Child(Forked):
    """One life of the service. ``failpoint`` is where it kills itself, when it passes there the ``times``-th time."""

    def __init__(self, settings: dict[str, object], log: str, failpoint: str = "", times: int = 1) -> None:
        super().__init__(_live, settings, log, failpoint, times)


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
