"""Reflecting: the pages of a specialist's own check-in: the question that waits, what was written before, and one of
these to read, to print and to delete. Whoever is signed in sees their own, and nobody's page leads to another's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from aiohttp import web
from markupsafe import Markup
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.channels.web_forms import Malformed, from_form
from bot.channels.web_pages import Pages
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.history import Entry
from bot.messages import Outbound
from bot.reflecting import Heard, Opened, Setting, begin, forget, hear, opened, waiting
from bot.reflecting.meaning import is_too_heavy, wants_a_colleague
from bot.reflecting.transcript import Turn, transcript
from bot.rendering import rendered
from dialogues import engine
from storage import reflections
from storage.people import Staff

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class OwnCheckins:
    """What these pages need: what own check-ins stand on, and the chat's ways to answer a question."""

    setting: Setting
    pages: Pages


OWN_CHECKINS = web.AppKey("own_checkins", OwnCheckins)


@dataclass(frozen=True, slots=True)
class Talk:
    """A check-in that goes on: what was said, the question that waits, and the forms that answer it."""

    turns: Sequence[Turn]
    asked: Outbound
    progress: str
    """Which question of how many, in words; empty for what is none."""
    form: Markup
    language: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One check-in as a line of the list, or as a page of its own."""

    number: int
    day: str
    colleague: bool
    """Whether its writer wanted to talk it over."""
    turns: Sequence[Turn] = ()
    language: str = ""


@only("specialist")
async def own_page(request: web.Request, staff: Staff) -> web.Response:
    """The question that waits, or a button that begins; below, what was written before."""
    return await _page(request, staff, Heard())


@only("specialist")
async def begin_own(request: web.Request, staff: Staff) -> web.Response:
    """Begins one. Pressing twice begins one."""
    desk, setting = request.app[DESK], request.app[OWN_CHECKINS].setting
    dialogue = desk.programme.own_check_in
    await desk.database.write(lambda conn: begin(conn, setting, staff, dialogue, desk.now()))
    raise web.HTTPSeeOther("/own")


@only("specialist")
async def answer_own(request: web.Request, staff: Staff) -> web.Response:
    """Takes an answer. One that is none comes back with a sentence and with what was typed."""
    desk, setting, form = request.app[DESK], request.app[OWN_CHECKINS].setting, await posted(request)
    now = desk.now()
    try:
        inbound = from_form(form).inbound(staff.id, now)
    except Malformed:
        raise not_found(request, staff) from None
    heard = await desk.database.write(lambda conn: hear(conn, setting, staff, inbound, now))
    if heard.text:
        return await _page(request, staff, heard)
    raise web.HTTPSeeOther("/own")


@only("specialist")
async def own_sheet(request: web.Request, staff: Staff) -> web.Response:
    """One that is finished, to read and to print."""
    desk, own, wanted = request.app[DESK], request.app[OWN_CHECKINS], request.match_info["number"]

    def read(conn: Connection) -> Sheet | None:
        kept = reflections.all_of(conn, desk.vault, staff.id)
        one = next((each for each in kept if str(each.number) == wanted and each.ended_at), None)
        return None if one is None else _sheet(desk, staff, opened(conn, own.setting, staff, one), whole=True)

    sheet = await desk.database.read(read)
    if sheet is None:
        raise not_found(request, staff)
    return respond(request, "own_sheet.html", staff, sheet=sheet)


@only("specialist")
async def delete_own(request: web.Request, staff: Staff) -> web.Response:
    """Deletes one, or without a number everything."""
    desk, setting, wanted = request.app[DESK], request.app[OWN_CHECKINS].setting, request.match_info.get("number")
    if wanted is not None and not _NUMBER.fullmatch(wanted):
        raise not_found(request, staff)
    number = None if wanted is None else int(wanted)
    await desk.database.write(lambda conn: forget(conn, setting, staff, number, desk.now()))
    raise web.HTTPSeeOther("/own")


async def _page(request: web.Request, staff: Staff, heard: Heard) -> web.Response:
    desk, own = request.app[DESK], request.app[OWN_CHECKINS]

    def read(conn: Connection) -> tuple[list[Opened], Opened | None, bool]:
        kept = reflections.all_of(conn, desk.vault, staff.id)
        going_on = waiting(kept)
        over = [opened(conn, own.setting, staff, one) for one in kept if one is not going_on]
        latest = desk.shelf.latest(conn, desk.programme.own_check_in)
        now = opened(conn, own.setting, staff, going_on) if going_on is not None else None
        return over, now, latest is not None

    over, going_on, is_there = await desk.database.read(read)
    newest = going_on or next(iter(over), None)
    return respond(
        request,
        "own.html",
        staff,
        status=422 if heard.text else 200,
        talk=going_on and _talk(request, staff, going_on, heard),
        number=going_on.kept.number if going_on else 0,
        trouble=heard.text,
        is_there=is_there,
        too_heavy=newest is not None and is_too_heavy(newest.script, newest.session),
        sheets=[_sheet(desk, staff, one) for one in over],
    )


def _talk(request: web.Request, staff: Staff, going_on: Opened, heard: Heard) -> Talk:
    desk, pages = request.app[DESK], request.app[OWN_CHECKINS].pages
    words, voice = words_for(desk, staff), going_on.voice
    _, events = engine.play(going_on.script, going_on.session, engine.Again())
    asked = rendered(voice, going_on.session, events)[-1]
    if asked.placeholder:
        asked = msgspec.structs.replace(asked, placeholder=voice.ui["staff/own_hint"])
    form = pages.render(
        "answer.html",
        voice.language,
        waiting=Entry(0, asked, ""),
        action="/own/answer",
        typed=heard.typed,
        new_id=lambda: going_on.mark,
    )
    return Talk(
        turns=list(transcript(voice, going_on.session)),
        asked=asked,
        progress=words.say("own_progress", number=asked.number, total=asked.total) if asked.number else "",
        form=Markup(form),  # noqa: S704, the template escapes
        language=voice.language,
    )


def _sheet(desk: Desk, staff: Staff, one: Opened, *, whole: bool = False) -> Sheet:
    turns = [turn for turn in transcript(one.voice, one.session) if turn.answer] if whole else []
    return Sheet(
        number=one.kept.number,
        day=words_for(desk, staff).date(one.kept.started_at),
        colleague=wants_a_colleague(one.script, one.session),
        turns=turns,
        language=one.voice.language,
    )
