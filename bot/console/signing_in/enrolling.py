"""Enrolling: the page behind a one-time link, on which somebody sets up a passkey or an authenticator app.

The link is used up when one of them is set up, and not before: who is interrupted can begin again.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta

from aiohttp import web
from markupsafe import Markup
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import calm
from bot.console.desk import DESK, Desk, respond
from bot.console.sessions import first_page, hand_over, new_session
from bot.console.signing_in import passkeys as browsers
from bot.console.signing_in.cookies import browser_of, forget, remember
from bot.console.signing_in.naming import name_in
from bot.qr import in_page
from bot.signing_in import app_codes, enrolling, passkeys, recovery
from bot.signing_in.limits import OF_A_CLIENT, OF_CODES, allowed
from bot.signing_in.passkeys import Refused
from storage import audit, factors, sign_in
from storage.factors import Taken
from storage.people import Staff

KIND = "enrol"
_WITHIN = timedelta(minutes=30)


class _Closed(Exception):
    """Somebody was quicker with the same link."""


@calm
async def enrol_page(request: web.Request) -> web.StreamResponse:
    """Where the token goes that stands in the link."""
    return respond(request, "enrol.html", None, menu=False, wrong=False)


@calm
async def begin(request: web.Request) -> web.StreamResponse:
    """Takes the token, and leads on. The link is not used up by it."""
    desk, text = request.app[DESK], (await posted(request)).get("token", "")
    client, now, browser = desk.signing_in.client(request), desk.now(), secrets.token_urlsafe(32)

    def work(conn: Connection) -> Staff | None:
        if not allowed(conn, desk.vault, f"client {client}", OF_A_CLIENT, now):
            return None
        staff = enrolling.invited(conn, desk.vault, text, now)
        if staff is not None:
            state = {"token": enrolling.token_in(text), "secret": app_codes.new_secret()}
            sign_in.begin(conn, desk.vault, KIND, browser, state, now + _WITHIN, staff.id)
        return staff

    if await desk.database.write(work) is None:
        return _closed(request)
    response = web.Response(status=303, headers={"Location": "/enrol/set-up"})
    remember(request, response, KIND, browser, _WITHIN)
    return response


@calm
async def set_up_page(request: web.Request) -> web.StreamResponse:
    """What can be set up."""
    found = await _invited(request)
    return _closed(request) if found is None else _set_up_page(request, *found)


@calm
async def passkey_options(request: web.Request) -> web.StreamResponse:
    """What the browser is asked for when it makes the first passkey."""
    desk, found = request.app[DESK], await _invited(request)
    if found is None:
        return web.Response(status=404)
    staff = found[0]
    wanted = await asyncio.to_thread(passkeys.ask_for_new, desk.signing_in.site(request), desk.vault, staff, ())
    return await browsers.asked(request, wanted, "new", staff.id)


@calm
async def set_passkey(request: web.Request) -> web.StreamResponse:
    """Keeps the passkey that the browser made, and signs its owner in."""
    desk, form, found = request.app[DESK], await posted(request), await _invited(request)
    if found is None:
        return _closed(request)
    staff, _ = found
    name = name_in(form, desk, staff)

    def work(conn: Connection) -> str:
        now = desk.now()
        try:
            new = browsers.made(conn, request, form, staff.id)
            with conn.begin_nested():
                new.keep(conn, desk.vault, staff.id, name, now)
                if not _use(conn, desk, request):
                    raise _Closed
        except (Refused, Taken):
            return "wrong"
        except _Closed:
            return "closed"
        audit.record(conn, at=now, actor=f"staff:{staff.id}", action="enrolled", details={"how": "passkey"})
        return ""

    match await desk.database.write(work):
        case "closed":
            return _closed(request)
        case "wrong":
            return _set_up_page(request, *found, passkey_wrong=True)
    return await _welcome(request, staff, "passkey")


@calm
async def set_app(request: web.Request) -> web.StreamResponse:
    """Keeps the app when its code is right, and signs its owner in."""
    desk, form, found = request.app[DESK], await posted(request), await _invited(request)
    if found is None:
        return _closed(request)
    staff, secret = found
    code = app_codes.typed(form.get("code", ""))

    def work(conn: Connection) -> str:
        now = desk.now()
        within = allowed(conn, desk.vault, f"code {staff.id}", OF_CODES, now)
        step = app_codes.step_of(secret, code, now) if code and within else None
        if step is None:
            return "wrong"
        if not _use(conn, desk, request):
            return "closed"
        factors.put_app(conn, desk.vault, staff.id, secret, step, now)
        audit.record(conn, at=now, actor=f"staff:{staff.id}", action="enrolled", details={"how": "app"})
        return ""

    match await desk.database.write(work):
        case "closed":
            return _closed(request)
        case "wrong":
            return _set_up_page(request, *found, code_wrong=True)
    return await _welcome(request, staff, "app")


def _use(conn: Connection, desk: Desk, request: web.Request) -> bool:
    begun = sign_in.take(conn, desk.vault, KIND, browser_of(request, KIND), desk.now())
    return begun is not None and enrolling.use(conn, desk.vault, begun.state["token"], desk.now())


async def _invited(request: web.Request) -> tuple[Staff, str] | None:
    """Who brought a link in this browser that still opens, and the secret of the app they may set up."""
    desk, browser = request.app[DESK], browser_of(request, KIND)

    def read(conn: Connection) -> tuple[Staff, str] | None:
        begun = sign_in.under_way(conn, desk.vault, KIND, browser, desk.now())
        if begun is None:
            return None
        staff = enrolling.invited(conn, desk.vault, begun.state["token"], desk.now())
        return None if staff is None or staff.id != begun.staff_id else (staff, begun.state["secret"])

    return await desk.database.read(read) if browser else None


async def _welcome(request: web.Request, staff: Staff, how: str) -> web.Response:
    """The codes on paper, shown once to whoever has just come in."""
    token = await new_session(request, staff, how)
    response = await codes_page(request, staff, menu=False)
    hand_over(request, response, token)
    forget(request, response, KIND, browsers.KIND)
    return response


async def codes_page(request: web.Request, staff: Staff, *, menu: bool) -> web.Response:
    """New codes on paper in place of any others. They are shown this once."""
    desk = request.app[DESK]
    codes = await asyncio.to_thread(recovery.make, desk.vault, desk.random)

    def work(conn: Connection) -> None:
        recovery.put(conn, staff.id, codes)
        audit.record(conn, at=desk.now(), actor=f"staff:{staff.id}", action="codes.made")

    await desk.database.write(work)
    to = first_page(staff.role)
    return respond(request, "codes.html", staff, menu=menu, codes=codes.codes, to=to)


def _set_up_page(
    request: web.Request, staff: Staff, secret: str, *, code_wrong: bool = False, passkey_wrong: bool = False
) -> web.Response:
    picture = Markup(in_page(app_codes.address(secret, staff.mail)))  # noqa: S704, lines and numbers only
    wrong = {"code_wrong": code_wrong, "passkey_wrong": passkey_wrong}
    status = 422 if code_wrong or passkey_wrong else 200
    values = {"name": staff.name, "secret": secret, "picture": picture, **wrong}
    return respond(request, "enrol_set_up.html", staff, status=status, menu=False, **values)


def _closed(request: web.Request) -> web.Response:
    return respond(request, "enrol.html", None, status=404, menu=False, wrong=True)
