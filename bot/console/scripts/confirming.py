"""Confirming: what is guarded is published only after a proof of a moment ago of who somebody is."""

from __future__ import annotations

from aiohttp import web

from bot.console.access import recently_confirmed


def way(back: str) -> str:
    """The address where somebody proves who they are and comes back from."""
    return f"/confirm?back={back}"


async def confirmed(request: web.Request, back: str) -> web.Response | None:
    """None when there is such a proof, else the way to it."""
    if await recently_confirmed(request):
        return None
    return web.Response(status=303, headers={"Location": way(back)})
