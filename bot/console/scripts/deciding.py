"""Deciding: what one coordinator wants to publish waits here for another, who sees exactly what would change."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only, recently_confirmed
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts import sentences
from bot.console.scripts.bench import Bench, bench, see_other
from bot.console.scripts.comparing import LONGEST_NOTE
from bot.console.scripts.confirming import confirmed, way
from bot.editor import publishing
from bot.editor.differences import Differences, differences
from dialogues.loader import load_bundle
from dialogues.problems import ScriptRefused
from storage import publications, scripts
from storage.people import Staff
from storage.publications import Publication


@only("coordinator")
async def publication_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """One publication, waiting or decided."""
    return await _page(request, staff)


async def _page(request: web.Request, staff: Staff, *, answer: str = "", trouble: str = "") -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    found, bench_ = await _found(request, staff)
    current = bench_.library.current(found.dialogue)
    changes, texts = await desk.database.read(lambda conn: _changes(conn, found))
    names = {code: desk.catalogs.name(code) if code in desk.catalogs.languages else code for code in texts}
    return respond(
        request,
        "publication.html",
        staff,
        status=422 if trouble else 200,
        dialogue=found.dialogue,
        title=(script.title if (script := bench_.scripts.get(found.dialogue)) else "") or found.dialogue,
        script_lang="en" if current is None else _language(found),
        publication=found,
        by=bench_.by(found.staff_id),
        at=words.date(found.at),
        second=bench_.by(found.second_id or 0),
        decided=words.date(found.decided_at) if found.decided_at else "",
        told=sentences.told(changes, words),
        texts=[(names[code], one) for code, one in texts.items()],
        along=[name for name in found.content if name != found.dialogue],
        own=found.staff_id == staff.id,
        confirm="" if await recently_confirmed(request) else way(f"/publications/{found.id}"),
        answer=answer,
        trouble=trouble,
        longest=LONGEST_NOTE,
    )


async def _found(request: web.Request, staff: Staff) -> tuple[Publication, Bench]:
    desk, number = request.app[DESK], int(request.match_info["number"])
    found = await desk.database.read(lambda conn: publications.get(conn, desk.vault, number))
    if found is None:
        raise not_found(request, staff)
    return found, await desk.database.read(lambda conn: bench(conn, desk))


Reworded = list[tuple[str, str, str]]


def _changes(conn: Connection, found: Publication) -> tuple[Differences, dict[str, Reworded]]:
    """What the publication changes against the version it follows: the script, and texts in other languages."""
    own = found.content[found.dialogue]
    try:
        script = load_bundle(own.sources, found.dialogue)
    except ScriptRefused:
        return Differences(), {}
    if not own.follows:
        return differences(None, script), {}
    before = scripts.version(conn, found.dialogue, own.follows)
    texts = {}
    for language in sorted(own.texts.keys() - {script.language}):
        was, now = before.texts.get(language, {}), own.texts[language]
        changed = [(key, was.get(key, ""), now[key]) for key in now if now[key] != was.get(key, "")]
        if changed:
            texts[language] = changed
    try:
        return differences(load_bundle(before.sources, found.dialogue), script), texts
    except ScriptRefused:
        return Differences(), texts


def _language(found: Publication) -> str:
    try:
        return load_bundle(found.content[found.dialogue].sources, found.dialogue).language
    except ScriptRefused:
        return "en"


@only("coordinator")
async def decide(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Agree, decline, or take it back."""
    form = await posted(request)
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    found, _ = await _found(request, staff)
    if found.state != "waiting":
        return await _page(request, staff, trouble=words.say("edit_decided_already"))
    wanted, answer = form.get("decision", ""), form.get("answer", "").strip()[:LONGEST_NOTE]
    if wanted == "withdraw" and found.staff_id == staff.id:
        await desk.database.write(lambda conn: publishing.withdraw(conn, found, staff_id=staff.id, now=desk.now()))
        return see_other(f"/publications/{found.id}")
    if found.staff_id == staff.id:
        return await _page(request, staff, trouble=words.say("edit_second_only"))
    if wanted == "decline":
        if not answer:
            return await _page(request, staff, trouble=words.say("edit_decline_why"))
        await desk.database.write(
            lambda conn: publishing.decline(conn, desk.vault, found, answer=answer, second_id=staff.id, now=desk.now())
        )
        return see_other(f"/publications/{found.id}")
    if wanted != "agree":
        return await _page(request, staff, answer=answer, trouble=words.say("edit_senseless"))
    if (refused := await confirmed(request, f"/publications/{found.id}")) is not None:
        return refused
    decided = await desk.database.write(
        lambda conn: publishing.agree(conn, desk.vault, found, second_id=staff.id, now=desk.now())
    )
    if decided == "overtaken":
        return await _page(request, staff, trouble=words.say("edit_overtaken"))
    return see_other(f"/scripts/{found.dialogue}/history")
