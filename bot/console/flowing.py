"""Flowing: the steps of a draft as a picture, which the browser draws, and the same in words."""

from __future__ import annotations

from aiohttp import web

from bot.channels.http import content_policy
from bot.console.access import only
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts.bench import at
from bot.console.scripts.editing import frame
from bot.preview import CannotPlay, scripted
from dialogues.outline import graph, outline
from storage.people import Staff

DRAWN = content_policy("'self' 'wasm-unsafe-eval'")
"""Graphviz comes as WebAssembly, which this page alone may run."""


@only("coordinator")
async def flow_page(request: web.Request, staff: Staff) -> web.Response:
    """The picture of the draft as it is saved."""
    found, current = await at(request, staff)
    shown = {**frame(current, found, staff, words_for(request.app[DESK], staff)), "graph": "", "outline": ""}
    try:
        script = scripted(current.library, current.dialogue)
    except CannotPlay:
        return respond(request, "flow.html", staff, status=422, **shown)
    shown |= {"graph": graph(script), "outline": outline(script)}
    response = respond(request, "flow.html", staff, **shown)
    response.headers["Content-Security-Policy"] = DRAWN
    return response


ROUTES = [web.get("/scripts/{dialogue}/flow", flow_page)]
