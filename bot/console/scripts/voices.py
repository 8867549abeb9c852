"""Voices: the recordings of texts, for whoever reads over the words."""

from __future__ import annotations

from aiohttp import hdrs, web

from bot.console.access import not_found, only
from bot.console.scripts.reading import READ_OVER
from bot.recordings import KINDS
from storage.people import Staff


@only("coordinator", "translator")
async def play(request: web.Request, staff: Staff) -> web.StreamResponse:
    """One recording, or a part of it. Only what was found at the start is there: an address is no path."""
    wanted = request.match_info["language"], request.match_info["context"]
    path = request.app[READ_OVER].recordings.files.get(wanted)
    if path is None:
        raise not_found(request, staff)
    return web.FileResponse(path, headers={hdrs.CONTENT_TYPE: KINDS[path.suffix]})
