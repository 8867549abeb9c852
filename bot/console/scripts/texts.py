"""Texts: the texts of a dialogue in one language beside the language it is written in, with how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from bot.catalogs import comparing
from bot.catalogs.catalogs import fits
from bot.catalogs.language import language as known_language
from bot.catalogs.po import Entry
from bot.catalogs.safety import is_safety
from bot.catalogs.states import State
from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts import sentences
from bot.console.scripts.bench import Bench, at, see_other
from bot.console.scripts.editing import frame
from bot.editor.library import Current
from bot.editor.wordings import Worded
from dialogues.loader import load
from dialogues.model import Script, Share
from dialogues.problems import ScriptRefused
from dialogues.texts import texts_of
from storage import audit, script_texts
from storage.people import Staff
from storage.script_texts import ScriptText

_GIVEN = (State.HUMAN_DRAFT, State.REVIEWED)
"""What somebody who writes a translation can say of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text. ``remarks`` say what is odd about its translation; ``trouble`` why it was not taken."""

    context: str
    source: str
    text: str
    state: str
    is_open: bool
    made_for: str
    by: str
    date: str
    remarks: tuple[str, ...]
    safety: bool
    trouble: str = ""


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
    return await _page(request, staff)


async def _page(
    request: web.Request, staff: Staff, *, context: str = "", text: str = "", trouble: str = ""
) -> web.Response:
    desk, words, code = request.app[DESK], words_for(request.app[DESK], staff), request.match_info["language"]
    found, current = await at(request, staff)
    script = readable(current)
    if code not in found.wordings.languages or (script is not None and code == script.language):
        raise not_found(request, staff)
    rows = []
    for one in texts_of(script) if script is not None else ():
        worded = found.wordings.of(code, one.context, one.text)
        guarded = script is not None and isinstance(script.by_key.get(one.context), Share)
        mine = trouble if one.context == context else ""
        date = worded.day.isoformat() if worded.day else ""
        rows.append(
            Row(
                context=one.context,
                source=one.text,
                text=text if mine else worded.text,
                state=sentences.state_text(worded.state, words),
                is_open=worded.state in (State.MISSING, State.OUTDATED),
                made_for=worded.made_for,
                by=_by(worded, found),
                date=date,
                remarks=_remarks(one.context, one.text, worded.text, code),
                safety=guarded or is_safety(one.context),
                trouble=mine,
            )
        )
    return respond(
        request,
        "script_texts.html",
        staff,
        status=422 if trouble else 200,
        **frame(current, found, staff, words),
        code=code,
        name=desk.catalogs.name(code),
        rows=rows,
        readable=script is not None,
        mark=current.mark,
    )


def _by(worded: Worded, found: Bench) -> str:
    return found.by(worded.by) if isinstance(worded.by, int) else worded.by


def _remarks(context: str, source: str, text: str, code: str) -> tuple[str, ...]:
    if not text:
        return ()
    entry = Entry(context, (source,), (text,))
    return tuple(f"{what} {remedy}" for what, remedy in comparing.of_entry(entry, known_language(code)))


@only("coordinator", "translator")
async def save_translation(request: web.Request, staff: Staff) -> web.StreamResponse:
    """One text in one language."""
    form = await posted(request)
    desk, words, code = request.app[DESK], words_for(request.app[DESK], staff), request.match_info["language"]
    found, current = await at(request, staff)
    script = readable(current)
    if script is None or code not in found.wordings.languages or code == script.language:
        raise not_found(request, staff)
    context, text = form.get("context", ""), form.get("text", "").replace("\r\n", "\n").strip()
    source = next((one.text for one in texts_of(script) if one.context == context), None)
    if source is None or form.get("source", "").replace("\r\n", "\n").strip() != source:
        return await _page(request, staff, context=context, text=text, trouble=words.say("edit_source_changed"))
    state = next((one for one in _GIVEN if one.value == form.get("state")), State.HUMAN_DRAFT)
    if not text:
        return await _page(request, staff, context=context, text=text, trouble=words.say("edit_text_missing"))
    if not fits([text], [source]):
        wrong = _remarks(context, source, text, code)
        return await _page(request, staff, context=context, text=text, trouble=" ".join(wrong))
    given = ScriptText(code, context, source, text, state.value, staff.id, desk.now())
    await desk.database.write(lambda conn: put(conn, [given], desk.now()))
    return see_other(f"/scripts/{current.dialogue}/texts/{code}#{context}")


def put(conn: Connection, given: list[ScriptText], now: datetime) -> int:
    """Store translations, and that somebody wrote them; how many there were."""
    stored = [one for one in given if script_texts.put(conn, one)]
    for dialogue, language, by in {
        (script_texts.dialogue_of(one.context), one.language, one.staff_id) for one in stored
    }:
        details = {"dialogue": dialogue, "language": language}
        audit.record(conn, at=now, actor=f"staff:{by}", action="script.translated", details=details)
    return len(stored)
