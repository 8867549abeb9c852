"""Browser language: the language of somebody unknown, as their browser says it."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import hdrs, web
from babel import negotiate_locale

from bot.catalogs.language import WRITTEN_FOR

_LONGEST = 200


def browser_language(request: web.Request, offered: Sequence[str]) -> str:
    """The first of the wished languages that is offered, or an empty string."""
    header = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")[:_LONGEST]
    wished = [part.partition(";")[0].strip().replace("-", "_") for part in header.split(",")]
    return negotiate_locale([WRITTEN_FOR.get(code, code) for code in wished], offered) or ""
