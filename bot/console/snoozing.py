"""Snoozing: a specialist puts a request off until one of their next working days, or takes that back. It is for their
own eyes: nobody is told, and it is in no record."""

from __future__ import annotations

from datetime import date

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console import asked
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, rhythm_for, today_of, words_for
from bot.console.noting import day_in
from bot.console.specialist import Typed, held, shared_with, show_person
from bot.console.waiting import offered
from storage import snoozes
from storage.people import Staff


class NotOffered(Exception):
    """This day is none of the next working days, or not any more."""


@only("specialist")
async def snooze(request: web.Request, staff: Staff) -> web.Response:
    """Takes the day. A day that is over by now comes back with a sentence; then it can be chosen anew."""
    desk, form, wanted = request.app[DESK], await posted(request), request.match_info["person"]
    about, back = form.get("about", ""), form.get("act") == "back"
    until = None if back else day_in(form.get("until", "")) or date.min
    try:
        done = await desk.database.write(lambda conn: _snooze(conn, desk, staff, wanted, about, until))
    except NotOffered:
        trouble = words_for(desk, staff).say("snooze_passed")
        return await show_person(request, staff, Typed("snooze", form, trouble))
    if not done:
        raise not_found(request, staff)
    raise web.HTTPSeeOther(f"/people/{wanted}#requests")


def _snooze(conn: Connection, desk: Desk, staff: Staff, wanted: str, about: str, until: date | None) -> bool:
    """Whether this specialist is shown such a request. None takes back what they put off. Raises NotOffered."""
    found = held(conn, desk, staff, wanted)
    if found is None:
        return False
    shared = shared_with(conn, desk, staff, None, found[0].id)
    one = next((each for each in asked.requests(shared) if each.about == about and each.can_wait), None)
    if one is None:
        return False
    if until is None:
        snoozes.remove(conn, one.key, staff.id)
    elif until in offered(rhythm_for(conn, desk, staff), today_of(desk, staff)):
        snoozes.put(conn, one.key, staff.id, until)
    else:
        raise NotOffered
    return True
