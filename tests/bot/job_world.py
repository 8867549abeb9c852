"""Background work in tests: quick, and able to wait for what happens in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, make_url, text

from bot.job_tables import SCHEMA, job_file
from bot.jobs import Pace, Task, Work, working
from storage.database import Database

QUICK = Pace(poll=0.1, beat=0.1, silence=4.0, look=0.2, pauses=(0.01, 0.01), longest=60.0, stop=1.0)
NEVER = "0 0 31 12 *"
"""Once a year: a test that runs just then has something to tell."""


def quick(database: Database, url: str, *tasks: Task, pace: Pace = QUICK) -> AbstractAsyncContextManager[Work]:
    """Work that does these tasks when it is told to."""
    return working(database, url, tasks, pace=pace)


class Doing:
    """A task that notes what it is given. ``before`` is what it does first."""

    def __init__(
        self,
        name: str,
        groups: Sequence[Sequence[int]] | None = None,
        before: Callable[[Sequence[int]], Awaitable[None]] | None = None,
    ) -> None:
        self.begun: list[tuple[int, ...]] = []
        self.done: list[tuple[int, ...]] = []
        self.groups = groups
        self._before = before
        self.task = Task(name, NEVER, self._do, None if groups is None else self._find)

    async def _find(self) -> Sequence[Sequence[int]]:
        return self.groups or ()

    async def _do(self, ids: Sequence[int]) -> None:
        self.begun.append(tuple(ids))
        if self._before is not None:
            await self._before(ids)
        self.done.append(tuple(ids))


class Rows:
    """What lies in the engine's tables."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self._schema = None if address.get_backend_name() == "sqlite" else SCHEMA
        if self._schema is None:
            address = address.set(database=str(job_file(Path(str(address.database)))))
        self._engine: Engine = create_engine(address)

    def everything(self) -> str:
        """Every value of every table, as text."""
        seen = inspect(self._engine)
        tables = [self._named(name) for name in seen.get_table_names(schema=self._schema)]
        with self._engine.connect() as conn:
            rows = [row for table in tables for row in conn.execute(text(f"SELECT * FROM {table}"))]
        self._engine.dispose()
        return "\n".join(map(repr, rows))

    def jobs(self, prefix: str = "") -> dict[str, str]:
        """The state of every job whose id begins so."""
        with self._engine.connect() as conn:
            found = conn.execute(text(f"SELECT workflow_uuid, status FROM {self._named('workflow_status')}")).all()
        self._engine.dispose()
        return {job: state for job, state in sorted(map(tuple, found)) if job.startswith(prefix)}

    def grow_old(self, prefix: str, days: int) -> None:
        """Let it be that long ago that these were begun."""
        table = self._named("workflow_status")
        aged = text(f"UPDATE {table} SET created_at = created_at - :age WHERE workflow_uuid LIKE :prefix")
        with self._engine.begin() as conn:
            conn.execute(aged, {"age": days * 86_400_000, "prefix": f"{prefix}%"})
        self._engine.dispose()

    def _named(self, table: str) -> str:
        return f'"{self._schema}"."{table}"' if self._schema else f'"{table}"'
