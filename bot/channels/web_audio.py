"""Audio: the recordings of texts, as files for whoever has the chat open."""

from __future__ import annotations

from aiohttp import hdrs, web

from bot.channels.web_visit import CHAT
from bot.recordings import KINDS
from storage.database import StorageAway

_KEPT = "private, max-age=86400"
"""A browser keeps a recording for a day: it costs mobile data. Closing the chat on the phone throws it away."""


async def play(request: web.Request) -> web.StreamResponse:
    """One recording, or a part of it. Only what was found at the start is there: an address is no path."""
    chat = request.app[CHAT]
    path = chat.pages.recordings.files.get((request.match_info["language"], request.match_info["context"]))
    try:
        visitor = await chat.visitor(request)
    except StorageAway:
        raise web.HTTPServiceUnavailable from None
    if visitor is None:
        raise web.HTTPForbidden
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={hdrs.CONTENT_TYPE: KINDS[path.suffix], hdrs.CACHE_CONTROL: _KEPT})
