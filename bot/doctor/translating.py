"""Translating: whether the program that translates people's own words can be asked, and what it cannot do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import aiohttp

from bot.config import Settings
from bot.doctor.findings import Finding, found
from bot.translating import Away
from bot.translating.libre import LibreTranslate

PATIENCE = aiohttp.ClientTimeout(total=10)
"""Whoever asks waits in front of a terminal."""


async def translator(settings: Settings, languages: Sequence[str]) -> AsyncIterator[Finding]:
    """What is wrong with it; nothing where there is none. ``languages`` are those that people may write in."""
    if not settings.translate_url:
        return
    server = LibreTranslate(settings.translate_url, settings.translation_key(), limits=PATIENCE)
    try:
        unknown = await server.unknown(languages)
    except Away as away:
        yield found("MD029", f"The server that translates does not help: {away}.")
        return
    if unknown:
        yield found("MD030", f"The server that translates does not know: {', '.join(unknown)}.")
