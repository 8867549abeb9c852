"""Screens: Medvind's own texts for participants in one language beside the English, with how far each has come."""

from __future__ import annotations

from aiohttp import web

from bot.catalogs.language import LEFT_TO_RIGHT, RIGHT_TO_LEFT, SOURCE
from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts.bench import Bench, bench, see_other
from bot.console.scripts.reading import Wanted, name_of, reading, shown
from bot.console.scripts.rows import Typed, progress, texts_of_screens
from bot.console.scripts.saving import save
from bot.editor.screens import GROUPS
from storage.people import Staff

ADDRESS = "/screens"


@only("coordinator", "translator")
async def screens_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The languages."""
    found = await _bench(request)
    known = [code for code in found.wordings.known if code not in (SOURCE, LEFT_TO_RIGHT, RIGHT_TO_LEFT)]
    offered = [(code, name_of(code)) for code in known if code in found.wordings.languages]
    others = [(code, name_of(code)) for code in known if code not in found.wordings.languages]
    return respond(request, "screens.html", staff, offered=offered, others=others)


@only("coordinator", "translator")
async def screen_texts_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The texts in one language."""
    return await _page(request, staff, Wanted.of(request.query), Typed())


@only("coordinator", "translator")
async def save_screen_text(request: web.Request, staff: Staff) -> web.StreamResponse:
    """One of them."""
    form, code = await posted(request), request.match_info["language"]
    if code == SOURCE:
        raise not_found(request, staff)
    now, wanted = await reading(request, staff, await _bench(request), code), Wanted.of(form)
    one = next((each for each in texts_of_screens() if each.context == form.get("context")), None)
    typed = await save(request.app[DESK], staff, now, one, form)
    if typed.trouble:
        return await _page(request, staff, wanted, typed)
    return see_other(f"{wanted.address(f'{ADDRESS}/{code}')}#{typed.context}")


async def _page(request: web.Request, staff: Staff, wanted: Wanted, typed: Typed) -> web.Response:
    words, code, found = words_for(request.app[DESK], staff), request.match_info["language"], await _bench(request)
    if code == SOURCE:
        raise not_found(request, staff)
    now = await reading(request, staff, found, code)
    return respond(
        request,
        "screen_texts.html",
        staff,
        status=422 if typed.trouble else 200,
        **shown(now, staff, f"{ADDRESS}/{code}", texts_of_screens(), wanted, typed),
        progress=progress(found, code, words),
        groups=[("", words.say("texts_all")), *((group, words.say(f"screens_{group}")) for group in GROUPS)],
        script_lang=SOURCE,
        is_offered=code in found.wordings.languages,
    )


async def _bench(request: web.Request) -> Bench:
    desk = request.app[DESK]
    return await desk.database.read(lambda conn: bench(conn, desk))
