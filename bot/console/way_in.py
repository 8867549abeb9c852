"""Way in: the page where somebody says who they are, in the language of their browser."""

from __future__ import annotations

from aiohttp import web

from bot.console.desk import DESK, respond


def way_in(
    request: web.Request, *, back: str = "", status: int = 200, trouble: str = "", mail: str = "", again: str = ""
) -> web.Response:
    """The page to sign in on. ``back`` is the page that was asked for, ``trouble`` and ``again`` are texts (``staff/``
    and their name): what is wrong with the address, and why the sign-in has to begin anew."""
    values = {"back": back, "trouble": trouble, "again": again, "mail": mail}
    provider = request.app[DESK].signing_in.provider is not None
    return respond(request, "sign_in.html", None, status=status, menu=False, provider=provider, **values)
