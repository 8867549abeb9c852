"""Stopping: how a process ends. Asked once it ends in order and in time; asked twice it ends at once."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable

LONGEST = 9.0
"""Seconds in which everything has to be closed. Whoever started us usually gives ten or more before they kill."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


async def asked_to_stop(ready: Callable[[], None]) -> None:
    """Until Ctrl-C or SIGTERM. ``ready`` is called when these are listened for.

    From then on another one has its plain effect: the process ends by it at once, even where nothing of ours runs any
    more. That loses nothing: what was confirmed is stored.
    """
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def heard() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        asked.set()

    for number in SIGNALS:
        loop.add_signal_handler(number, heard)
    ready()
    await asked.wait()


def end_within(seconds: float) -> None:
    """End this process well, however much still hangs by then: a database that is away, or a browser that is mute.

    Closing is a courtesy: locks end with the process, and what is queued is found again by the next one.
    """
    timer = threading.Timer(seconds, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    """The last words get a moment and no more: nobody may be reading them."""
    last_words = threading.Thread(target=_log.warning, args=("stopped before everything was closed",), daemon=True)
    last_words.start()
    last_words.join(0.5)
    os._exit(0)
