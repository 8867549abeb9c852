"""Cookies of what a browser has begun and not ended: one for each kind, so that one does not spoil another."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.channels.http import is_https


def remember(request: web.Request, response: web.StreamResponse, kind: str, browser: str, lifetime: timedelta) -> None:
    """Bind what was begun to this browser."""
    response.set_cookie(
        _name(request, kind),
        browser,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="Lax",
    )


def browser_of(request: web.Request, kind: str) -> str:
    """What this browser was told to remember, or an empty string."""
    return request.cookies.get(_name(request, kind), "")


def forget(request: web.Request, response: web.StreamResponse, *kinds: str) -> None:
    """What was begun is over."""
    for kind in kinds:
        name = _name(request, kind)
        if name in request.cookies:
            response.del_cookie(name, path="/", secure=is_https(request), httponly=True, samesite="Lax")


def _name(request: web.Request, kind: str) -> str:
    return f"{'__Host-' if is_https(request) else ''}medvind-{kind}"
