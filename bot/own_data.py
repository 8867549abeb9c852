"""Own data: what a person is told about what is kept of theirs. It repeats no answer: others may see the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.lines import day_text
from bot.rendering import Plurals
from dialogues.texts import fill

Shared = Sequence[tuple[datetime, int]]
"""When something was shared, and how many lines."""


def own_data(
    ui: Mapping[str, str], plurals: Plurals, language: str, names: Mapping[str, str], zone: str, shared: Shared
) -> str:
    """What is kept, what was shared and when, and what the person can ask for. Days are those of the time zone."""
    return "\n".join(_paragraphs(ui, plurals, language, names, zone, shared))


def _paragraphs(
    ui: Mapping[str, str], plurals: Plurals, language: str, names: Mapping[str, str], zone: str, shared: Shared
) -> Iterator[str]:
    yield ui["ui/mydata.kept"]
    if not shared:
        yield ui["ui/mydata.shared_none"]
    else:
        yield fill(ui["ui/mydata.shared"], names)
        for at, lines in shared:
            day = day_text(at.astimezone(ZoneInfo(zone)).date().isoformat(), language)
            yield fill(plurals.count(language, "ui/mydata.shared_on", lines), {"date": day, "n": str(lines)})
    yield ui["ui/mydata.ask"]
