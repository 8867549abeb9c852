"""Background work in a process of its own, that can be killed or stopped, and what its parent sees of it.

``python -m tests.bot.job_child ADDRESS GROUPS HOLDS`` does the task "digests", which always finds so many groups of two
ids. With ``HOLDS`` it does not finish them before it is told to. Lines on its output say what it does; a line "tick" on
its input begins one, "release" lets it finish what it holds, and the end of the input ends it.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.jobs import Task, working
from storage.database import Database
from tests.bot.job_world import NEVER, QUICK
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
PACE = replace(QUICK, beat=0.5, look=1.0)


class JobChild:
    """A process with background work. ``said`` is what it has said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.said: list[list[object]] = []
        self._process = process
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, url: str, *, groups: int = 0, holds: bool = False) -> JobChild:
        """Returns when its engine runs."""
        command = [sys.executable, "-m", "tests.bot.job_child", url, str(groups), "holds" if holds else ""]
        pipe = asyncio.subprocess.PIPE
        child = cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT))
        await child.says("ready")
        return child

    def of(self, kind: str) -> list[object]:
        """What it has said of one kind."""
        return [said for name, said in self.said if name == kind]

    async def says(self, kind: str, times: int = 1) -> list[object]:
        """Wait until it has said so."""
        await until(lambda: len(self.of(kind)) >= times or self._reading.done())
        assert len(self.of(kind)) >= times, f"it has ended without {kind}: {self.said}"
        return self.of(kind)

    def tell(self, command: str) -> None:
        """Give it a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n".encode())

    def signal(self, what: signal.Signals) -> None:
        """Let it stand still, go on, or die."""
        self._process.send_signal(what)

    async def end(self) -> int:
        """Let it end in good order: its exit code."""
        assert self._process.stdin is not None
        self._process.stdin.write_eof()
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it is gone: its exit code."""
        async with asyncio.timeout(PATIENCE):
            await self._reading
            return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self.said.append(json.loads(line))


def _say(kind: str, said: object = None) -> None:
    print(json.dumps([kind, said]), flush=True)


async def _run(url: str, groups: int, holds: bool) -> None:
    may_finish = asyncio.Event()
    if not holds:
        may_finish.set()

    async def find() -> Sequence[Sequence[int]]:
        return [[number, number + 1] for number in range(1, 2 * groups, 2)]

    async def do(ids: Sequence[int]) -> None:
        _say("begun", ids)
        await may_finish.wait()
        _say("done", ids)

    async def ticked(ids: Sequence[int]) -> None:
        _say("second")

    database = Database.open(url)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = [Task("digests", NEVER, do, find), Task("seconds", "* * * * * *", ticked)]
    ticking = set()
    async with working(database, url, tasks, pace=PACE) as work:
        await work.ready()
        _say("ready", work.process)
        while command := await reader.readline():
            if command == b"release\n":
                may_finish.set()
            else:
                ticking.add(asyncio.create_task(work.tick("digests")))
        _say("skipped", work.counts["seconds", "skipped"])
        for each in ticking:
            each.cancel()
    await database.close()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], int(sys.argv[2]), bool(sys.argv[3])))
