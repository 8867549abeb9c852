"""Help card: the numbers to call, in words. It needs no database: help is there when nothing else is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.programme import Programme


def help_card(programme: Programme, ui: Mapping[str, str]) -> str:
    """Who can be called now, the number for danger first. Each number stands on a line of its own and is isolated, so
    that it reads from left to right in every language."""
    return "\n".join(_lines(programme, ui))


def _lines(programme: Programme, ui: Mapping[str, str]) -> Iterator[str]:
    yield ui["ui/help.alone"]
    if not programme.police:
        yield f"{ui['ui/help.danger']}: {_apart(programme.ambulance)}"
    else:
        yield f"{ui['ui/help.danger']}"
        yield f"{ui['ui/help.ambulance']}: {_apart(programme.ambulance)}"
        yield f"{ui['ui/help.police']}: {_apart(programme.police)}"
    for line in programme.lines:
        yield f"{_apart(line.name)}: {_apart(line.call or line.text)}"
    if programme.example:
        yield ui["ui/help.example"]
    yield ui["ui/help.not_read"]


def _apart(text: str) -> str:
    return f"\u2068{text}\u2069"
