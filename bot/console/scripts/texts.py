"""Texts: the texts of a dialogue in one language beside the language it is written in, with how far each has come."""

from __future__ import annotations

from aiohttp import web

from bot.catalogs.states import State
from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts import sentences
from bot.console.scripts.bench import at, see_other
from bot.console.scripts.editing import frame
from bot.console.scripts.reading import Wanted, others, reading, shown
from bot.console.scripts.rows import Typed, progress, texts_in
from bot.console.scripts.saving import save
from bot.editor.library import Current
from dialogues.loader import load
from dialogues.model import Script
from dialogues.problems import ScriptRefused
from dialogues.texts import texts_of
from storage.people import Staff


@only("coordinator", "translator")
async def languages_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The languages of a dialogue, with how far each has come."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    found, current = await at(request, staff)
    script = readable(current)
    rows = []
    for code in found.wordings.languages if script is not None else ():
        if script is None or code == script.language:
            continue
        states = [found.wordings.of(code, one.context, one.text).state for one in texts_of(script)]
        counts = [(n, state) for state in State if (n := states.count(state))]
        said = words.listed(f"{n} {sentences.state_text(state, words)}" for n, state in counts)
        rows.append((code, desk.catalogs.name(code), said))
    return respond(
        request,
        "script_languages.html",
        staff,
        **frame(current, found, staff, words),
        rows=rows,
        others=others(found, script.language) if script is not None else [],
        readable=script is not None,
        mark=current.mark,
    )


def readable(current: Current) -> Script | None:
    """The script as it is being written, None while the check finds problems."""
    try:
        return load(current.text, current.library)
    except ScriptRefused:
        return None


@only("coordinator", "translator")
async def language_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The texts in one language."""
    return await _page(request, staff, Wanted.of(request.query), Typed())


async def _page(request: web.Request, staff: Staff, wanted: Wanted, typed: Typed) -> web.Response:
    words, code = words_for(request.app[DESK], staff), request.match_info["language"]
    found, current = await at(request, staff)
    script = readable(current)
    if script is not None and code == script.language:
        raise not_found(request, staff)
    now = await reading(request, staff, found, code)
    texts = [] if script is None else texts_in(script)
    return respond(
        request,
        "script_texts.html",
        staff,
        status=422 if typed.trouble else 200,
        **frame(current, found, staff, words),
        **shown(now, staff, f"/scripts/{current.dialogue}/texts/{code}", texts, wanted, typed),
        progress=progress(found, code, words),
        readable=script is not None,
        is_offered=code in found.wordings.languages,
        mark=current.mark,
    )


@only("coordinator", "translator")
async def save_translation(request: web.Request, staff: Staff) -> web.StreamResponse:
    """One text in one language."""
    form = await posted(request)
    code = request.match_info["language"]
    found, current = await at(request, staff)
    script = readable(current)
    if script is None or code == script.language:
        raise not_found(request, staff)
    now, wanted = await reading(request, staff, found, code), Wanted.of(form)
    one = next((each for each in texts_in(script) if each.context == form.get("context")), None)
    typed = await save(request.app[DESK], staff, now, one, form)
    if typed.trouble:
        return await _page(request, staff, wanted, typed)
    return see_other(f"{wanted.address(f'/scripts/{current.dialogue}/texts/{code}')}#{typed.context}")
