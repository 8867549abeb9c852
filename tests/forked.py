"""Forked: a process of its own, begun by a server process that has loaded everything already (``tests.loaded``), so
that it is there at once, and again soon after each kill."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

STOPPING = 15.0
"""Seconds that a process gets to end after it was asked to."""


def server() -> ForkServerContext:
    """What begins processes. The first who asks it for one makes it load everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.loaded", "tests.bot.turn_child"])
    return context


class Forked:
    """One life of ``target``."""

    def __init__(self, target: Callable[..., None], *given: Any) -> None:
        self._process: BaseProcess = server().Process(target=target, args=given, daemon=True)
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
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.send(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.is_alive:
            os.kill(self.pid, number)

    async def died(self, within: float) -> bool:
        """Whether it ended by itself in so many seconds."""
        for _ in range(int(within / 0.02)):
            if not self.is_alive:
                return True
            await asyncio.sleep(0.02)
        return not self.is_alive

    def end(self, within: float) -> int | None:
        """Wait until it has ended: its code. One that takes longer is killed."""
        self._process.join(within)
        if self._process.is_alive():
            self.kill()
        return self._process.exitcode


@dataclass(frozen=True, slots=True)
class Streams:
    """The files that are the three streams of a command. What it says is added at their end."""

    given: Path
    out: Path
    wrong: Path

    @classmethod
    def within(cls, folder: Path, given: bytes = b"") -> Streams:
        """Files in a folder, with what is typed."""
        streams = cls(folder / "given", folder / "out", folder / "wrong")
        streams.given.write_bytes(given)
        return streams

    @property
    def said(self) -> str:
        """What it has said so far."""
        return self.out.read_text(encoding="utf-8") if self.out.exists() else ""


class Command(Forked):
    """``medvind`` as it is typed in a folder, with these variables in the environment and no others."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], streams: Streams
    ) -> None:
        super().__init__(_medvind, tuple(arguments), folder, dict(environment), streams)


def _medvind(arguments: tuple[str, ...], folder: Path, environment: dict[str, str], streams: Streams) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    write = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, (path, how) in enumerate(((streams.given, os.O_RDONLY), (streams.out, write), (streams.wrong, write))):
        os.dup2(os.open(path, how), number)
    coding = environment.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), coding)
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.FileIO(number, "w", closefd=False), coding, write_through=True) for number in (1, 2)
    )
    sys.argv = ["medvind", *arguments]
    from bot.__main__ import main

    main()
