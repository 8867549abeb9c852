"""One tap: signing in by a personal link, in the demo alone. No setting of a real service adds these pages."""

from __future__ import annotations

from aiohttp import web

from bot.console.access import calm, notice
from bot.console.desk import DESK, respond, words_for
from bot.console.sessions import begin_session
from storage import people
from storage.people import Staff

ONE_TAP = web.AppKey("console_one_tap", bool)
HOW = "demo"


def add_one_tap(app: web.Application) -> None:
    """Let whoever has a link come in with a press of a button. Only a demo calls this, and tests."""
    app[ONE_TAP] = True
    app.add_routes([web.get("/s/{token}", show_door), web.post("/s/{token}", open_door)])


def is_one_tap(request: web.Request) -> bool:
    """Whether people sign in with a press of a button here."""
    return request.app.get(ONE_TAP, False)


@calm
async def show_door(request: web.Request) -> web.StreamResponse:
    """The page behind a personal link: one button. It changes nothing."""
    staff = await _link_owner(request)
    if staff is None:
        return notice(request, None, "link_closed", status=404)
    words = words_for(request.app[DESK], staff)
    return respond(
        request, "open.html", staff, menu=False, greeting=words.say("welcome", name=staff.name), action=request.path
    )


@calm
async def open_door(request: web.Request) -> web.StreamResponse:
    """Exchanges the link for a session and leaves the link out of the address bar."""
    staff = await _link_owner(request)
    if staff is None:
        return notice(request, None, "link_closed", status=404)
    return await begin_session(request, staff, HOW)


async def _link_owner(request: web.Request) -> Staff | None:
    desk, token = request.app[DESK], request.match_info["token"]
    owner = await desk.database.read(lambda conn: people.open_link(conn, desk.vault, token, desk.now()))
    if owner is None or (staff_id := owner.staff_id) is None:
        return None
    return await desk.database.read(lambda conn: people.staff(conn, desk.vault, staff_id))
