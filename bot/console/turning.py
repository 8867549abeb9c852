"""Turning: the page of a demo on which its clock is turned, with what came of it. A real service has no such page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DEMO_CLOCK, DESK, Desk, moment_text, respond, words_for
from bot.digest.words import StaffWords
from bot.passing import Happened, What
from bot.turning import TURNS, DemoClock
from storage import people
from storage.access import Who
from storage.people import Staff
from storage.vault import Erased

NOTHING = "nothing"
"""In the address of the page: nothing comes by itself now."""

_SAID: Mapping[What, str] = {
    "closes": "came_closes",
    "silence": "came_silence",
    "check_in": "came_check_in",
    "offer": "came_offer",
    "reminder": "came_reminder",
    "note": "came_note",
    "left_out": "came_left_out",
    "mail": "came_mail",
    "reply": "came_reply",
    "agreement": "came_agreement",
    "handover": "came_handover",
    "pulse": "came_pulse",
    "promise": "came_promise",
}
_PAGE = re.compile(
    r"/(digest|people|invite|participants|leave|emergency|hours|numbers|programme|scripts|demo)(/[\w-]+)*"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened, as the page says it."""

    when: str
    said: str


def add_turning(app: web.Application, clock: DemoClock) -> None:
    """Add the page to the staff pages of a demo, and the buttons to each of them."""
    app[DEMO_CLOCK] = clock
    app.add_routes([web.get("/demo", demo_page), web.post("/demo/turn", turn)])


@only("specialist", "coordinator")
async def demo_page(request: web.Request, staff: Staff) -> web.Response:
    """What happened by itself, the newest first. Of people's words nothing: only what it was, and for whom."""
    desk, happened = request.app[DESK], list(reversed(request.app[DEMO_CLOCK].happened))
    names = await desk.database.read(lambda conn: _names(conn, desk, {one.who for one in happened}))
    items = list(_items(happened, names, words_for(desk, staff)))
    return respond(request, "demo.html", staff, items=items, nothing=NOTHING in request.query)


@only("specialist", "coordinator")
async def turn(request: web.Request, staff: Staff) -> web.Response:
    """Turns the clock and goes back to the page where that was asked for."""
    form = await posted(request)
    how = next((each for each in TURNS if each == form.get("by")), None)
    if how is None:
        raise not_found(request, staff)
    happened = await request.app[DEMO_CLOCK].turn(how)
    back = form.get("back", "")
    if how == "next" and not happened:
        raise web.HTTPSeeOther(f"/demo?{NOTHING}")
    raise web.HTTPSeeOther(back if _PAGE.fullmatch(back) else "/demo")


def _names(conn: Connection, desk: Desk, everybody: Iterable[Who]) -> Mapping[Who, str]:
    """What lists call people. Who was erased has no name."""
    names = {}
    for who in everybody:
        try:
            names[who] = _name(conn, desk, who)
        except Erased:
            continue
    return names


def _name(conn: Connection, desk: Desk, who: Who) -> str:
    if who.participant_id is not None:
        return people.participant(conn, desk.vault, who.participant_id).pseudonym
    assert who.staff_id is not None, "either a participant or a member of staff"
    return people.staff(conn, desk.vault, who.staff_id).name


def _items(happened: Iterable[Happened], names: Mapping[Who, str], words: StaffWords) -> Iterable[Item]:
    for one in happened:
        if one.who in names:
            local = one.at.astimezone(ZoneInfo(words.zone))
            yield Item(moment_text(local, words.language), words.say(_SAID[one.what], name=names[one.who]))
