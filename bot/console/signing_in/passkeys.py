"""Passkeys in the browser: what it is asked for, and what it answers. Each question is answered once, by who was asked.

A form holds the answer, which a script puts there: so the pages that follow are those of any other form.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import calm
from bot.console.desk import DESK, Desk
from bot.console.sessions import begin_session, page_of
from bot.console.signing_in.cookies import browser_of, forget, remember
from bot.console.way_in import way_in
from bot.signing_in import passkeys
from bot.signing_in.limits import OF_A_CLIENT, allowed
from bot.signing_in.passkeys import New, Refused, Wanted
from storage import audit, people, sign_in
from storage.people import Staff

KIND = "passkey"
LIFETIME = timedelta(minutes=5)
Purpose = Literal["sign_in", "confirm", "new"]


async def asked(request: web.Request, wanted: Wanted, purpose: Purpose, staff_id: int | None = None) -> web.Response:
    """Hand the browser what it is asked for. Only this browser may answer, soon, and for this purpose."""
    desk, browser = request.app[DESK], secrets.token_urlsafe(32)
    state = {"challenge": wanted.challenge, "for": purpose}
    ends = desk.now() + LIFETIME
    await desk.database.write(lambda conn: sign_in.begin(conn, desk.vault, KIND, browser, state, ends, staff_id))
    response = web.Response(text=wanted.options, content_type="application/json")
    remember(request, response, KIND, browser, LIFETIME)
    return response


class NotAsked(Refused):
    """This browser was not asked for anything, or not for this. Anybody could send that, as often as they like."""


def challenge_for(conn: Connection, desk: Desk, browser: str, purpose: Purpose, staff_id: int | None) -> str:
    """What the answer has to hold. It is over with it, whatever the answer is. Raises NotAsked."""
    begun = sign_in.take(conn, desk.vault, KIND, browser, desk.now())
    if begun is None or begun.state["for"] != purpose or begun.staff_id != staff_id:
        raise NotAsked
    return begun.state["challenge"]


@calm
async def options(request: web.Request) -> web.StreamResponse:
    """What a browser is asked for when somebody signs in with a passkey."""
    desk, client = request.app[DESK], request.app[DESK].signing_in.client(request)
    now = desk.now()
    if not await desk.database.write(lambda conn: allowed(conn, desk.vault, f"client {client}", OF_A_CLIENT, now)):
        return web.Response(status=429)
    wanted = await asyncio.to_thread(passkeys.ask_for_one, desk.signing_in.site(request))
    return await asked(request, wanted, "sign_in")


@calm
async def enter(request: web.Request) -> web.StreamResponse:
    """Signs in who proves themselves with their passkey."""
    form = await posted(request)
    back = page_of(form.get("back", ""))
    staff = await proved(request, form, "sign_in")
    if staff is None:
        return way_in(request, back=back, status=422, again="in.passkey_wrong")
    response = await begin_session(request, staff, "passkey", back)
    forget(request, response, KIND, "mail", "second")
    return response


async def proved(
    request: web.Request, form: Mapping[str, str], purpose: Purpose, staff_id: int | None = None
) -> Staff | None:
    """Who proved themselves with what this form holds. An answer that proves nothing is in the audit."""
    desk, browser = request.app[DESK], browser_of(request, KIND)
    site, answer = desk.signing_in.site(request), form.get("credential", "")

    def work(conn: Connection) -> Staff | None:
        now = desk.now()
        try:
            challenge = challenge_for(conn, desk, browser, purpose, staff_id)
            found = passkeys.prove(conn, desk.vault, site, challenge, answer, now)
            if staff_id is not None and found != staff_id:
                raise Refused("of somebody else")
        except NotAsked:
            return None
        except Refused as wrong:
            actor = "somebody" if staff_id is None else f"staff:{staff_id}"
            details = {"how": "passkey", "why": str(wrong)}
            audit.record(conn, at=now, actor=actor, action="sign_in.refused", details=details)
            return None
        return people.staff(conn, desk.vault, found)

    return await desk.database.write(work)


def made(conn: Connection, request: web.Request, form: Mapping[str, str], staff_id: int) -> New:
    """The new passkey that this form holds. Raises Refused."""
    desk = request.app[DESK]
    challenge = challenge_for(conn, desk, browser_of(request, KIND), "new", staff_id)
    return passkeys.made(desk.signing_in.site(request), challenge, form.get("credential", ""))
