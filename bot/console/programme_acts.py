"""Programme acts: what a coordinator does with a draft of the programme: bring it into force, ask somebody else, and
agree, or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, respond, words_for
from bot.console.programme import HOME, change_of, file_text, scene_of, show_page
from bot.console.programme_words import of_mistakes
from bot.programme import ProgrammeRefused
from bot.programme.changing import Overtaken, OwnDraft, agree, decline, drop, save, send
from bot.programme.following import refresh
from storage import programmes
from storage.people import Staff


@only("coordinator")
async def send_draft(request: web.Request, staff: Staff) -> web.Response:
    """Bring the own draft into force, or ask somebody else."""
    desk, form, words = request.app[DESK], await posted(request), words_for(request.app[DESK], staff)
    mark, note = form.get("mark", ""), form.get("note", "").strip()

    def work(conn: Connection, now: datetime) -> bool:
        mine = programmes.own_draft(conn, desk.vault, staff.id)
        if mine is not None and change_of(mine, scene_of(conn, desk), words).stops:
            raise Overtaken
        return send(conn, desk.vault, staff, mark, note, now) == "published"

    return await _done(request, staff, work)


@only("coordinator")
async def drop_draft(request: web.Request, staff: Staff) -> web.Response:
    """Throw the own draft away."""
    return await _done(request, staff, lambda conn, now: drop(conn, request.app[DESK].vault, staff, now))


@only("coordinator")
async def renew_draft(request: web.Request, staff: Staff) -> web.Response:
    """Keep the own draft on top of what is in force by now."""
    desk = request.app[DESK]

    def work(conn: Connection, now: datetime) -> None:
        mine = programmes.own_draft(conn, desk.vault, staff.id)
        if mine is None:
            raise Overtaken
        save(conn, desk.vault, staff, mine.text, now)

    return await _done(request, staff, work)


@only("coordinator")
async def draft_of_file(request: web.Request, staff: Staff) -> web.Response:
    """Take what stands in the programme file as a draft."""
    desk = request.app[DESK]
    text = await asyncio.to_thread(file_text, desk)
    return await _taken(request, staff, lambda conn: text)


@only("coordinator")
async def draft_of_version(request: web.Request, staff: Staff) -> web.Response:
    """Take an earlier version as a draft."""
    desk, number = request.app[DESK], int(request.match_info["number"])
    return await _taken(request, staff, lambda conn: programmes.version(conn, desk.vault, number).text)


async def _taken(request: web.Request, staff: Staff, text: Callable[[Connection], str]) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    try:
        await desk.database.write(lambda conn: save(conn, desk.vault, staff, text(conn), desk.now()))
    except KeyError:
        raise not_found(request, staff) from None
    except ProgrammeRefused as refused:
        troubles = of_mistakes(words, refused.mistakes)
        return await show_page(request, staff, " ".join((words.say("programme.trouble"), troubles[0].message)), 422)
    raise web.HTTPSeeOther(HOME)


@only("coordinator")
async def decide(request: web.Request, staff: Staff) -> web.Response:
    """Agree to what somebody else put forward, or not."""
    desk, form, number = request.app[DESK], await posted(request), int(request.match_info["number"])
    mark, said = form.get("mark", ""), form.get("words", "").strip()

    def work(conn: Connection, now: datetime) -> bool:
        if form.get("act") != "agree":
            decline(conn, desk.vault, staff, number, mark, said, now)
            return False
        words, scene = words_for(desk, staff), scene_of(conn, desk)
        if any(
            change_of(each, scene, words).stops for each in programmes.waiting(conn, desk.vault) if each.id == number
        ):
            raise Overtaken
        agree(conn, desk.vault, staff, number, mark, now)
        return True

    return await _done(request, staff, work)


async def _done(
    request: web.Request, staff: Staff, work: Callable[[Connection, datetime], bool | None]
) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    try:
        is_new = await desk.database.write(lambda conn: work(conn, desk.now()))
    except Overtaken:
        return await show_page(request, staff, words.say("programme.meanwhile"), 409)
    except OwnDraft:
        return await show_page(request, staff, words.say("programme.own_draft"), 409)
    if is_new:
        await refresh(desk.database, desk.vault, desk.in_force)
    raise web.HTTPSeeOther(f"{HOME}?done=published" if is_new else HOME)


@only("coordinator")
async def version_page(request: web.Request, staff: Staff) -> web.Response:
    """The text of one version."""
    desk, words, number = request.app[DESK], words_for(request.app[DESK], staff), int(request.match_info["number"])
    try:
        version = await desk.database.read(lambda conn: programmes.version(conn, desk.vault, number))
    except KeyError:
        raise not_found(request, staff) from None
    title = words.say("programme.text_of", version=version.version)
    return respond(request, "programme_version.html", staff, title=title, version=version)
