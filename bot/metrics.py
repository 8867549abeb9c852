"""Metrics: the figures of one process and the backlog of the database, as Prometheus reads them.

They are on a port of their own, so that they are never public by accident. No label holds a person, an address of
theirs or a token; a channel is called by the bot's public number.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web
from sqlalchemy import Connection

from bot.figures import Figures, Spread
from bot.health import AccessLog, Readable
from storage import backlog
from storage.backlog import Heap
from storage.database import StorageAway
from storage.refusal import StartRefused

if TYPE_CHECKING:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

    from bot.delivery.outcomes import Outcomes
    from bot.performing import Ending

    Family = type[CounterMetricFamily] | type[GaugeMetricFamily]

PATIENCE = 1.0
"""Seconds that the database may take. Without its answer the other figures are shown."""

LOOK_EVERY, REMEMBERED = 1.0, 60
"""Seconds between two looks at the event loop, and how many of them count."""

PATH = "/metrics"


class CannotShow(StartRefused):
    """The port for the figures is taken, or the address is none of this machine."""


class Lag:
    """How late the event loop gets to what it was to do at a moment: the worst of the last minute."""

    def __init__(self) -> None:
        self._late: deque[float] = deque([0.0], REMEMBERED)

    def worst(self) -> float:
        """In seconds."""
        return max(self._late)

    async def run(self) -> None:
        """Look until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK_EVERY
            await asyncio.sleep(LOOK_EVERY)
            self._late.append(max(0.0, loop.time() - due))


class Behind(NamedTuple):
    """What the database says is still to be done."""

    queued: Mapping[str, Heap]
    dead: Mapping[str, int]
    due: Heap
    digests: Mapping[str, int]


@dataclass(frozen=True)
class Sources:
    """Where the figures come from. ``outcomes`` are of each channel, ``jobs`` how often each task ended in each way,
    ``leads`` the names that this process leads in."""

    version: str
    database: Readable
    now: Callable[[], datetime]
    figures: Figures
    outcomes: Callable[[], Mapping[str, Outcomes]] = dict
    jobs: Callable[[], Mapping[tuple[str, Ending], int]] = dict
    sockets: Callable[[], int] = int
    leads: Callable[[], Sequence[str]] = tuple
    lag: Lag = field(default_factory=Lag)


class Metrics:
    """Everything that is shown, in a registry of its own."""

    def __init__(self, sources: Sources, patience: float = PATIENCE) -> None:
        from prometheus_client import CollectorRegistry, ProcessCollector

        self._sources = sources
        self._patience = patience
        self._reading: asyncio.Future[Behind | None] | None = None
        self._behind: Behind | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    async def text(self) -> tuple[bytes, str]:
        """The page, and what kind of text it is."""
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        self._behind = await self._in_time()
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def collect(self) -> Iterable[Metric]:
        """Called by the registry."""
        yield from _own(self._sources)
        yield from _shared(self._behind, self._sources.now())

    def describe(self) -> Iterable[Metric]:
        """Nothing is known before it is asked for."""
        return ()

    async def _in_time(self) -> Behind | None:
        """What the database says, if it does so in time. One that hangs is asked once, however often we are."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read())
        reading = self._reading
        in_time, _ = await asyncio.wait([reading], timeout=self._patience)
        return reading.result() if in_time else None

    async def _read(self) -> Behind | None:
        now = self._sources.now()

        def read(conn: Connection) -> Behind:
            return Behind(
                backlog.queued(conn), backlog.dead(conn), backlog.due(conn, now), backlog.unsent_digests(conn)
            )

        try:
            return await self._sources.database.read(read)
        except StorageAway:
            return None


@asynccontextmanager
async def measured(metrics: Metrics, sources: Sources, host: str, port: int) -> AsyncIterator[str]:
    """Show them while this is open. Gives the address. Raises CannotShow."""

    async def show(_: web.Request) -> web.Response:
        text, kind = await metrics.text()
        return web.Response(body=text, headers={hdrs.CONTENT_TYPE: kind, hdrs.CACHE_CONTROL: "no-store"})

    app = web.Application()
    app.router.add_get(PATH, show)
    runner = web.AppRunner(app, access_log_class=AccessLog, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    looking = asyncio.create_task(sources.lag.run())
    try:
        await _start(web.TCPSite(runner, host, port), host, port)
        yield f"http://{host}:{runner.addresses[0][1]}{PATH}"
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await runner.cleanup()


async def _start(site: web.TCPSite, host: str, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        raise CannotShow(
            f"The figures cannot be shown at {host}, port {port}: {error.strerror}. Change MEDVIND_METRICS_PORT or "
            "MEDVIND_METRICS_HOST."
        ) from None


# What is shown -------------------------------------------------------------------------------------------------------


def _own(sources: Sources) -> Iterable[Metric]:
    """What this process did and holds. Add these up over all processes."""
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

    figures = sources.figures
    turns = figures.turns
    yield InfoMetricFamily("medvind_process", "Which Medvind this is.", {"version": sources.version})
    yield _histogram("medvind_turn_seconds", "From handing a message in to its commit.", turns.seconds)
    yield _histogram("medvind_batch_messages", "Messages that were stored together.", turns.sizes)
    yield CounterMetricFamily("medvind_turns_quarantined", "Messages nobody could answer.", turns.quarantined)
    yield CounterMetricFamily("medvind_turns_not_stored", "Messages that may come again.", turns.not_stored)
    parts = CounterMetricFamily("medvind_parts", "What became of what was sent.", labels=("channel", "outcome"))
    for channel, outcomes in sources.outcomes().items():
        for outcome, count in outcomes.items():
            parts.add_metric((channel, outcome.__name__.lower()), count)
    yield parts
    yield _by_label(CounterMetricFamily, "medvind_contacts", "Done of our own accord.", "kind", figures.contacts)
    yield _by_label(CounterMetricFamily, "medvind_digests", "Mails to specialists.", "outcome", figures.digests)
    jobs = CounterMetricFamily("medvind_jobs", "How background work ended.", labels=("task", "outcome"))
    for (task, ending), count in sources.jobs().items():
        jobs.add_metric((task, ending), count)
    yield jobs
    yield GaugeMetricFamily("medvind_sockets_open", "Web chats that are open.", sources.sockets())
    leads = dict.fromkeys(sources.leads(), 1)
    yield _by_label(GaugeMetricFamily, "medvind_leads", "In what this process leads.", "name", leads)
    yield GaugeMetricFamily("medvind_event_loop_lag_seconds", "The worst of the last minute.", sources.lag.worst())


def _shared(behind: Behind | None, now: datetime) -> Iterable[Metric]:
    """What all processes of a database have in common. Take the greatest of these, not their sum."""
    from prometheus_client.core import GaugeMetricFamily

    yield GaugeMetricFamily("medvind_database_up", "Whether it answered in time.", float(behind is not None))
    if behind is None:
        return
    waiting = {channel: heap.number for channel, heap in behind.queued.items()}
    ages = {channel: _age(heap, now) for channel, heap in behind.queued.items()}
    yield _by_label(GaugeMetricFamily, "medvind_outbox_waiting", "Messages that wait.", "channel", waiting)
    yield _by_label(GaugeMetricFamily, "medvind_outbox_oldest_seconds", "For how long.", "channel", ages)
    yield _by_label(GaugeMetricFamily, "medvind_outbox_dead", "Messages given up.", "channel", behind.dead)
    yield GaugeMetricFamily("medvind_due", "People for whom something is due.", behind.due.number)
    yield GaugeMetricFamily("medvind_due_oldest_seconds", "For how long.", _age(behind.due, now))
    yield _by_label(GaugeMetricFamily, "medvind_digests_open", "Mails not sent.", "state", behind.digests)


def _by_label(family: Family, name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """A metric with one label."""
    made = family(name, text, labels=(label,))
    for value, number in values.items():
        made.add_metric((value,), number)
    return made


def _histogram(name: str, text: str, spread: Spread) -> Metric:
    """As Prometheus has it: each bucket holds those below it too."""
    from prometheus_client.core import HistogramMetricFamily

    below, buckets = 0, []
    for bound, count in zip((*spread.bounds, float("inf")), spread.counts, strict=True):
        below += count
        buckets.append(("+Inf" if bound == float("inf") else str(bound), below))
    return HistogramMetricFamily(name, text, buckets=buckets, sum_value=spread.total)


def _age(heap: Heap, now: datetime) -> float:
    return max(0.0, (now - heap.oldest).total_seconds()) if heap.oldest else 0.0
