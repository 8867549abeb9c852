"""Replying: a specialist answers what somebody asked for, by a press on one of a few answers. Nothing is written: the
person gets the answer in words that are reviewed in their language."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console import asked
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk
from bot.console.specialist import held, shared_with
from bot.errands import bring
from bot.schedule import Errand
from storage import audit, replies
from storage.people import Staff
from storage.replies import SEEN, Reply


@only("specialist")
async def reply(request: web.Request, staff: Staff) -> web.Response:
    """Takes an answer. The first stands: whoever presses again, or later, changes nothing."""
    desk, form, wanted = request.app[DESK], await posted(request), request.match_info["person"]
    if not await desk.database.write(lambda conn: _reply(conn, desk, staff, wanted, form)):
        raise not_found(request, staff)
    raise web.HTTPSeeOther(f"/people/{wanted}#requests")


def _reply(conn: Connection, desk: Desk, staff: Staff, wanted: str, form: Mapping[str, str]) -> bool:
    """Whether it answers something that this specialist is shown."""
    found = held(conn, desk, staff, wanted)
    made = None if found is None else _made(conn, desk, staff, found[0].id, form)
    if made is None:
        return False
    if replies.put(conn, made):
        _written_down(conn, made)
        if made.code != SEEN:
            bring(conn, desk.vault, made.participant_id, Errand("reply", made.about, made.at), made.at)
    return True


def _made(conn: Connection, desk: Desk, staff: Staff, person: int, form: Mapping[str, str]) -> Reply | None:
    """The reply that a form sends; None where there is no such line, or where it cannot be answered so."""
    shared = shared_with(conn, desk, staff, None, person)
    request = next((one for one in asked.requests(shared) if one.about == form.get("about")), None)
    code = next((one for one in (request.codes if request else ()) if one == form.get("code")), None)
    if request is None or code is None:
        return None
    who = form.get("who") if code == "not_my_role" else None
    card = desk.programme.role_card
    if who and (card is None or card.named(who) is None):
        return None
    return Reply(*request.key, code, who or None, staff.id, desk.now())


def _written_down(conn: Connection, made: Reply) -> None:
    audit.record(
        conn,
        at=made.at,
        actor=f"staff:{made.staff_id}",
        action="request answered" if made.code != SEEN else "line seen",
        participant_id=made.participant_id,
        details={"conversation": made.conversation, "step": made.step, "line": made.line, "code": made.code},
    )
