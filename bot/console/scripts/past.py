"""Past: every version of a dialogue, who brought it into use and why, and the way back to one of them."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only, recently_confirmed
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts import sentences
from bot.console.scripts.bench import Bench, at, dialogue_of, see_other
from bot.console.scripts.comparing import LONGEST_NOTE
from bot.console.scripts.confirming import confirmed, way
from bot.console.scripts.editing import frame
from bot.digest.words import StaffWords
from bot.editor import publishing
from bot.editor.differences import Differences, differences
from bot.editor.library import Current
from bot.editor.proposing import earlier
from dialogues.loader import load_bundle
from dialogues.problems import ScriptRefused
from storage import publications, scripts
from storage.people import Staff
from storage.publications import Content, Publication
from storage.scripts import ScriptVersion


@dataclass(frozen=True, slots=True)
class Edition:
    """One version as the page shows it."""

    version: int
    date: str
    by: str
    note: str
    in_use: bool


@only("coordinator")
async def history_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The versions, newest first, and what was declined."""
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    found, current = await at(request, staff)

    def read(conn: Connection) -> tuple[list[scripts.Edition], dict[int, Publication], list[Publication]]:
        mine = publications.by_version(conn, desk.vault, current.dialogue)
        rest = publications.of_dialogue(conn, desk.vault, current.dialogue)
        return scripts.editions(conn, current.dialogue), mine, [one for one in rest if one.state == "declined"]

    editions, publications_, declined = await desk.database.read(read)
    newest = current.published.version if current.published else 0
    return respond(
        request,
        "script_history.html",
        staff,
        **frame(current, found, staff, words),
        editions=[
            Edition(
                one.version,
                words.date(one.published_at),
                _by(one, publications_.get(one.version), found, words),
                publications_[one.version].note if one.version in publications_ else "",
                one.version == newest,
            )
            for one in editions
        ],
        declined=[(one.id, found.by(one.staff_id), words.date(one.at), one.answer) for one in declined],
    )


def _by(one: scripts.Edition, made: Publication | None, found: Bench, words: StaffWords) -> str:
    if made is not None:
        return words.listed(filter(None, (found.by(made.staff_id), found.by(made.second_id or 0))))
    return words.say("edit_from_folder") if one.published_by == "start" else one.published_by


@only("coordinator")
async def version_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """One version beside the one in use, and the way back to it."""
    return await _page(request, staff)


async def _page(request: web.Request, staff: Staff, *, note: str = "", trouble: str = "") -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    found, current, version = await _version(request, staff)
    content = _content(version, current, example=desk.programme.example)
    in_use = current.published is not None and current.published.version == version.version
    guarded = content is not None and content[1]
    return respond(
        request,
        "script_version.html",
        staff,
        status=422 if trouble else 200,
        **frame(current, found, staff, words),
        version=version.version,
        date=words.date(version.published_at),
        text=version.sources.get(current.dialogue, ""),
        told=sentences.told(_changes(version, current), words),
        in_use=in_use,
        playable=content is not None,
        guarded=guarded,
        confirm=way(request.path) if guarded and not await recently_confirmed(request) else "",
        mark=current.mark,
        note=note,
        trouble=trouble,
        longest=LONGEST_NOTE,
    )


async def _version(request: web.Request, staff: Staff) -> tuple[Bench, Current, ScriptVersion]:
    desk, dialogue, number = request.app[DESK], dialogue_of(request), int(request.match_info["version"])
    found, current = await at(request, staff)
    try:
        version = await desk.database.read(lambda conn: scripts.version(conn, dialogue, number))
    except KeyError:
        raise not_found(request, staff) from None
    return found, current, version


def _content(version: ScriptVersion, current: Current, *, example: bool) -> tuple[Content, bool] | None:
    try:
        return earlier(version, current, example=example)
    except ScriptRefused:
        return None


def _changes(version: ScriptVersion, current: Current) -> Differences:
    """What would change if this version were used again."""
    if current.published is None:
        return Differences()
    try:
        before = load_bundle(current.published.sources, current.dialogue)
        return differences(before, load_bundle(version.sources, current.dialogue))
    except ScriptRefused:
        return Differences()


@only("coordinator")
async def use_again(request: web.Request, staff: Staff) -> web.StreamResponse:
    """An earlier version becomes the next one, word for word."""
    form = await posted(request)
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    _, current, version = await _version(request, staff)
    note = form.get("note", "").strip()
    content = _content(version, current, example=desk.programme.example)
    if not note or len(note) > LONGEST_NOTE:
        return await _page(request, staff, note=note, trouble=words.say("edit_note_missing"))
    if content is None or current.published is None or current.published.version == version.version:
        return await _page(request, staff, note=note, trouble=words.say("edit_not_ready"))
    again, guarded = content
    if guarded and (answer := await confirmed(request, request.path)) is not None:
        return answer
    decided, number = await desk.database.write(
        lambda conn: publishing.use_again(
            conn,
            desk.vault,
            current.dialogue,
            again,
            earlier=version.version,
            guarded=guarded,
            note=note,
            staff_id=staff.id,
            now=desk.now(),
        )
    )
    if decided == "overtaken":
        return await _page(request, staff, note=note, trouble=words.say("edit_overtaken"))
    waits = decided == "waits"
    return see_other(f"/publications/{number}" if waits else f"/scripts/{current.dialogue}/history")
