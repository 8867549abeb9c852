"""Doctor: looks at a deployment from outside, and says what has to be seen to and how. Nothing personal is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from bot.calendars import Calendar
from bot.config import Settings
from bot.doctor import checks, surroundings, translating
from bot.doctor.findings import Finding, found, rank
from bot.doctor.seen import Unseen, gone_on, look, sqlite_file
from storage.processes import Process


@dataclass(frozen=True, slots=True)
class Report:
    """What was found at a moment, worst first, and which processes there are."""

    at: datetime
    processes: Sequence[Process]
    findings: Sequence[Finding]

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be seen to."""
        return all(finding.severity == "know" for finding in self.findings)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield from map(_line, self.processes)
        for finding in self.findings:
            yield f"{finding.code} ({finding.severity}): {finding.sentence}"
            yield f"  {finding.remedy}"
        to_do = sum(finding.severity != "know" for finding in self.findings)
        yield f"{to_do} thing{'' if to_do == 1 else 's'} to see to." if to_do else "All is well."

    def json(self) -> str:
        """For machines. Keys may be added, and are never taken away."""
        processes: list[dict[str, Any]] = [
            {
                "host": process.host,
                "pid": process.pid,
                "address": process.address,
                "version": process.version,
                "started_at": process.started_at.isoformat(),
                "seconds_silent": round(process.age, 1),
                "stopping": process.stopping,
                "leads": list(process.leads),
            }
            for process in self.processes
        ]
        findings = [asdict(finding) for finding in self.findings]
        whole = {"well": self.is_well, "at": self.at.isoformat(), "processes": processes, "findings": findings}
        return json.dumps(whole, ensure_ascii=False, indent=2)


async def examine(settings: Settings, now: datetime) -> Report:
    """Look at everything. It works while Medvind runs and while it does not, and changes nothing.

    Raises StorageAddressWrong.
    """
    began, url = monotonic(), settings.database()
    programme, findings = surroundings.read(settings, now.date())
    mailing = Calendar(programme.country) if programme and settings.smtp_host else None
    languages = programme.languages if programme else ()
    of_words = [finding async for finding in translating.translator(settings, languages)]
    seen = await look(url, gone_on(now, began), mailing)
    if (path := sqlite_file(url)) is not None:
        findings += surroundings.disk(path)
    if isinstance(seen, Unseen):
        findings += [*of_words, found(seen.code, seen.sentence)]
        return Report(now, (), sorted(findings, key=rank))
    if seen.programme:
        findings = surroundings.read(settings, now.date(), seen.programme)[1]
        findings += surroundings.disk(path) if path is not None else ()
    findings += [*of_words, *checks.check(seen, bots(settings))]
    return Report(now, seen.processes, sorted(findings, key=rank))


def bots(settings: Settings) -> Sequence[str]:
    """The channels of the bots in the settings."""
    tokens = settings.bot_tokens()
    if not tokens:
        return ()
    from bot.channels.telegram.bot import channel_of  # it takes a while to load

    return [channel_of(token) for token in tokens]


async def tell(settings: Settings, say: Callable[[str], None], now: datetime, *, as_json: bool) -> bool:
    """Say what was found. Whether all is well."""
    report = await examine(settings, now)
    say(report.json() if as_json else "\n".join(report.lines()))
    return report.is_well


def _line(process: Process) -> str:
    silent = f"silent for {process.age:.0f} s" if process.age > checks.SILENT else "alive"
    state = "stopping" if process.stopping else silent
    leads = f", leads in {', '.join(process.leads)}" if process.leads else ""
    where = f" at {process.address}" if process.address else ""
    since = f"{process.started_at:%Y-%m-%d %H:%M} UTC"
    return f"{checks.named(process)}{where}: {state}, version {process.version}, since {since}{leads}"
