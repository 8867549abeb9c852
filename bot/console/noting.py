"""Noting: a specialist notes that there was contact with somebody on a day, or takes the note back."""

from __future__ import annotations

from datetime import date

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, today_of, words_for
from bot.console.specialist import Typed, held, show_person
from storage import audit, contact_log
from storage.people import Staff


@only("specialist")
async def note_contact(request: web.Request, staff: Staff) -> web.Response:
    """Takes the day. A second copy changes nothing; what is no day, or has not come, comes back with a sentence."""
    desk, form, wanted = request.app[DESK], await posted(request), request.match_info["person"]
    words, day = words_for(desk, staff), day_in(form.get("day", ""))
    back = form.get("act") == "back"
    trouble = ""
    if day is None:
        trouble = words.say("agreement_no_day", example=words.today.isoformat())
    elif day > today_of(desk, staff):
        trouble = words.say("contact_not_come")
    if day is None or trouble:
        return await show_person(request, staff, Typed("contact", form, trouble))
    if not await desk.database.write(lambda conn: _note(conn, desk, staff, wanted, day, back)):
        raise not_found(request, staff)
    raise web.HTTPSeeOther(f"/people/{wanted}#contact")


def day_in(text: str) -> date | None:
    """The day that a form sends, or None when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _note(conn: Connection, desk: Desk, staff: Staff, wanted: str, day: date, back: bool) -> bool:
    """Whether there is such a person for this specialist."""
    found = held(conn, desk, staff, wanted)
    if found is None:
        return False
    person = found[0].id
    change, action = (contact_log.remove, "contact taken back") if back else (contact_log.add, "contact noted")
    if change(conn, person, staff.id, day):
        actor, details = f"staff:{staff.id}", {"day": day.isoformat()}
        audit.record(conn, at=desk.now(), actor=actor, action=action, participant_id=person, details=details)
    return True
