"""Browser language: the language of somebody unknown, as their browser says it."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import hdrs, web

from bot.catalogs.wished import first_of

_LONGEST = 200


def browser_language(request: web.Request, offered: Sequence[str]) -> str:
    """The first of the wished languages that is offered, or an empty string."""
    return first_of(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")[:_LONGEST], offered)
