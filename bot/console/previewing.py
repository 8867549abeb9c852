"""Previewing: a draft held as the chat it would be, in one language or in two, beside the card that comes of it.

Nothing is stored: what was done so far stands in the page (``bot.preview.Acts``). With the field ``part`` comes only
what changes on the page, and with ``draft`` a text that is not saved yet: so the editor shows it while it is written.
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from bot.channels.http import LARGEST_BODY, posted
from bot.channels.web_pages import capitalised
from bot.console.access import only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.reflecting import OWN_CHECKINS
from bot.console.scripts.bench import Bench, Context, at
from bot.console.scripts.editing import frame
from bot.console.trial import Wish, trial
from bot.editor.library import Current
from bot.preview import Acts, CannotPlay, scripted, tried
from storage.people import Staff

LARGEST_FORM = 4 * LARGEST_BODY
"""Bytes: a script of 256 KiB that is not saved yet takes up to three times as many in a form."""


@only("coordinator")
async def preview_page(request: web.Request, staff: Staff) -> web.Response:
    """The draft from its beginning."""
    return await _page(request, staff, MultiDictProxy(MultiDict(request.query)))


@only("coordinator")
async def go_on(request: web.Request, staff: Staff) -> web.Response:
    """The same after one thing more was done."""
    return await _page(request, staff, await posted(request, LARGEST_FORM))


async def _page(request: web.Request, staff: Staff, form: MultiDictProxy[str]) -> web.Response:
    found, current = await at(request, staff)
    text = form.get("draft", current.text).replace("\r\n", "\n")
    context = await asyncio.to_thread(_context, request, staff, found, current, text, form)
    template = "preview_part.html" if "part" in form else "preview.html"
    return respond(request, template, staff, status=200 if context["trial"] else 422, **context)


def _context(
    request: web.Request, staff: Staff, found: Bench, current: Current, text: str, form: MultiDictProxy[str]
) -> Context:
    desk = request.app[DESK]
    words, wish, languages = words_for(desk, staff), _wish(desk, form), desk.catalogs.languages
    shown = {
        **frame(current, found, staff, words),
        "address": f"/scripts/{current.dialogue}/preview",
        "languages": [(code, capitalised(desk.catalogs.name(code))) for code in languages],
        "first": wish.first,
        "beside": wish.beside,
        "played": wish.acts.written(),
        "trial": None,
    }
    try:
        script = scripted({**current.library, current.dialogue: text}, current.dialogue)
        read_in = [code for code in (wish.first, wish.beside, words.language) if code]
        draft = tried(script, read_in, found.wordings.of)
        made = trial(desk, request.app[OWN_CHECKINS].pages, words, draft, wish, form)
    except CannotPlay:
        return shown
    return {**shown, "trial": made, "played": made.acts.written()}


def _wish(desk: Desk, form: MultiDictProxy[str]) -> Wish:
    known = desk.catalogs.languages
    first = form.get("first", "") if form.get("first", "") in known else known[0]
    beside = form.get("beside", "")
    return Wish(
        acts=Acts.read(form.get("played", ""), desk.now()),
        first=first,
        beside=beside if beside in known and beside != first else "",
        do=form.get("do", ""),
    )


ROUTES = [
    web.get("/scripts/{dialogue}/preview", preview_page),
    web.post("/scripts/{dialogue}/preview", go_on),
]
