"""Own data: what a person is told in the chat about what is kept of theirs. It repeats no answer: others may see the
screen. Everything else stands on My page (``bot.my_page``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.dates import day_text
from bot.rendering import Plurals
from dialogues.texts import fill

Shared = Sequence[tuple[datetime, int]]
"""When something was shared, and how many lines."""


class Page(NamedTuple):
    """How somebody comes to My page from where they are: ``door`` is an address at which it opens once
    (``bot.my_page.door``), and ``is_beside`` says that it is in the menu around this chat."""

    door: str = ""
    is_beside: bool = False


NO_PAGE = Page()
"""Where nobody knows the address of the pages."""


def own_data(
    ui: Mapping[str, str],
    plurals: Plurals,
    language: str,
    names: Mapping[str, str],
    zone: str,
    shared: Shared,
    page: Page = NO_PAGE,
) -> str:
    """What is kept, what was shared and when, and where all of it can be seen. Days are those of the time zone."""
    about = _shared(ui, plurals, language, names, zone, shared)
    return "\n".join((ui["ui/mydata.kept"], *about, *_way(ui, page)))


def _way(ui: Mapping[str, str], page: Page) -> tuple[str, ...]:
    if page.is_beside:
        return (ui["ui/mydata.menu"],)
    return (ui["ui/mydata.page"], page.door, ui["ui/mydata.link"]) if page.door else (ui["ui/mydata.ask"],)


def _shared(
    ui: Mapping[str, str], plurals: Plurals, language: str, names: Mapping[str, str], zone: str, shared: Shared
) -> Iterator[str]:
    if not shared:
        yield ui["ui/mydata.shared_none"]
    else:
        yield fill(ui["ui/mydata.shared"], names)
        for at, lines in shared:
            day = day_text(at.astimezone(ZoneInfo(zone)).date().isoformat(), language)
            yield fill(plurals.count(language, "ui/mydata.shared_on", lines), {"date": day, "n": str(lines)})
