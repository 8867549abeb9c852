"""Checks: what follows from what was seen. Pure; each check looks at one thing and says all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.doctor.findings import Finding, found
from bot.doctor.seen import Seen
from storage.processes import Process

SILENT = 6.0
"""Seconds: a process that lives is heard of every two."""

JUST_STARTED = timedelta(seconds=30)
"""Within this nobody has to lead yet."""

CHANNEL_SILENT = timedelta(minutes=2)
"""After so long without Telegram, presses of buttons may be lost there."""

WAITS_LONG = timedelta(minutes=5)
"""A message that waits for longer is noticed by whoever waits for it."""

APART = timedelta(seconds=2)
"""Clocks that the network sets are within a fraction of this."""


def running(seen: Seen) -> list[Process]:
    """The processes that were heard of just now."""
    return [process for process in seen.processes if process.age <= SILENT]


def check(seen: Seen, bots: Sequence[str]) -> Iterator[Finding]:
    """Everything. ``bots`` are the channels of the bots in the settings."""
    alive = running(seen)
    yield from _processes(seen, alive)
    yield from _clocks(seen)
    if alive:
        yield from _leaders(seen, alive, bots)
        yield from _silent_channels(seen, bots)
    yield from _channels(seen, bots)
    yield from _outbox(seen)
    yield from _contacts(seen)
    yield from _digests(seen)
    yield from _broken(seen)


def _processes(seen: Seen, alive: Sequence[Process]) -> Iterator[Finding]:
    if not alive:
        yield found("MD005", "No process is running.")
    for process in seen.processes:
        if process.age > SILENT and not process.stopping:
            yield found("MD006", f"{named(process)} was last heard of {lasting(timedelta(seconds=process.age))} ago.")
    versions = sorted({process.version for process in alive})
    if len(versions) > 1:
        yield found("MD007", f"Versions {' and '.join(versions)} run at once.")


def _clocks(seen: Seen) -> Iterator[Finding]:
    """A process notes its start by its own clock, and signs of life by the database's."""
    apart = seen.at - seen.clock
    if abs(apart) > APART:
        how = "ahead of" if apart > timedelta() else "behind"
        yield found("MD008", f"The clock of this machine is {lasting(abs(apart))} {how} that of the database.")
    for process in seen.processes:
        if (ahead := process.started_at - process.alive_at) > APART:
            yield found("MD008", f"The clock of {named(process)} is at least {lasting(ahead)} ahead of the database's.")


def _leaders(seen: Seen, alive: Sequence[Process], bots: Sequence[str]) -> Iterator[Finding]:
    if seen.clock - min(process.started_at for process in alive) < JUST_STARTED:
        return
    led = {name for process in alive for name in process.leads}
    for bot in bots:
        if bot not in led:
            yield found("MD009", f"No process sends for {bot}.")


def _channels(seen: Seen, bots: Sequence[str]) -> Iterator[Finding]:
    for state in seen.channels:
        if state.channel not in bots:
            continue
        if state.trouble:
            yield found("MD010", f"{state.channel}: {state.trouble}")
        if state.paused_until is not None and state.paused_until > seen.at:
            rest = lasting(state.paused_until - seen.at)
            yield found("MD012", f"{state.channel} asked us to send nothing for {rest} more.")


def _silent_channels(seen: Seen, bots: Sequence[str]) -> Iterator[Finding]:
    for state in seen.channels:
        if state.channel in bots and state.alive_at is not None and seen.at - state.alive_at > CHANNEL_SILENT:
            yield found("MD011", f"{state.channel} last answered {lasting(seen.at - state.alive_at)} ago.")


def _outbox(seen: Seen) -> Iterator[Finding]:
    for channel, heap in sorted(seen.queued.items()):
        if heap.oldest is not None and seen.at - heap.oldest > WAITS_LONG:
            wait = lasting(seen.at - heap.oldest)
            yield found("MD013", f"Waiting for {channel}: {counted(heap.number, 'message')}, the oldest for {wait}.")
    for channel, number in sorted(seen.dead.items()):
        yield found("MD014", f"Not taken by {channel} in the last seven days: {counted(number, 'message')}.")


def _contacts(seen: Seen) -> Iterator[Finding]:
    if seen.late.oldest is not None:
        late = lasting(seen.at - seen.late.oldest)
        yield found("MD015", f"Something is due for {counted(seen.late.number, 'participant')}, for up to {late}.")
    if seen.missed:
        yield found(
            "MD016", f"Left out in the last seven days, as Medvind was away: {counted(seen.missed, 'check-in')}."
        )


def _digests(seen: Seen) -> Iterator[Finding]:
    if seen.held:
        yield found("MD017", f"Held in the last seven days: {counted(seen.held, 'digest mail')}.")
    if seen.unsent:
        yield found("MD018", f"Should have left by now: {counted(seen.unsent, 'digest mail')}.")
    if seen.untold:
        yield found("MD031", f"Not told within fifteen minutes, or not at all: {counted(seen.untold, 'notice')}.")


def _broken(seen: Seen) -> Iterator[Finding]:
    if seen.given_up:
        yield found("MD019", f"Given up in the last day: {counted(seen.given_up, 'job')}.")
    for channel, number in sorted(seen.strays.items()):
        yield found("MD020", f"Came by {channel} and could not be read: {counted(number, 'message')}.")
    if seen.quarantined:
        yield found("MD021", f"Not answered in the last seven days: {counted(seen.quarantined, 'message')}.")


def counted(number: int, what: str) -> str:
    """So many of something."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def named(process: Process) -> str:
    """What an operator calls a process."""
    return f"process {process.pid} on {process.host}"


def lasting(time: timedelta) -> str:
    """A length of time in words, as exact as somebody needs it."""
    seconds = round(time.total_seconds())
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds // size} {word}s"
    return f"{seconds} seconds"
