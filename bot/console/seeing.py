"""Seeing: a specialist says that some news, or a changed goal, was seen. Then it leaves the overview.

It takes a press. Opening a page is not seeing: pages are opened by mistake, and to look at something else.
"""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk
from bot.console.specialist import shared_with
from bot.digest.attention import lifts
from storage import audit, replies
from storage.people import Staff
from storage.replies import SEEN, LineKey, Reply


@only("specialist")
async def see(request: web.Request, staff: Staff) -> web.Response:
    """Takes the press. A second one changes nothing."""
    desk, form = request.app[DESK], await posted(request)
    person, line = form.get("person", ""), form.get("line", "")
    if not await desk.database.write(lambda conn: _see(conn, desk, staff, person, line)):
        raise not_found(request, staff)
    raise web.HTTPSeeOther("/digest")


def _see(conn: Connection, desk: Desk, staff: Staff, person: str, line: str) -> bool:
    """Whether this specialist is shown such a line."""
    key = _shown(conn, desk, staff, int(person), line) if person.isascii() and person.isdigit() else None
    if key is None:
        return False
    if replies.put(conn, Reply(*key, SEEN, None, staff.id, desk.now())):
        details = {"conversation": key[1], "step": key[2], "line": key[3]}
        actor = f"staff:{staff.id}"
        audit.record(conn, at=desk.now(), actor=actor, action="line seen", participant_id=key[0], details=details)
    return True


def _shown(conn: Connection, desk: Desk, staff: Staff, person: int, wanted: str) -> LineKey | None:
    for share in shared_with(conn, desk, staff, None, person):
        for line in share.lines:
            leaves = {lift.rule.leaves for lift in lifts(share.published.script, line)}
            if "seen" in leaves and f"{share.conversation}|{share.step}|{line.id}" == wanted:
                return share.participant_id, share.conversation, share.step, line.id
    return None
