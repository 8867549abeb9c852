"""Changing: what somebody signs in with from now on. It wants a proof of a moment ago; other sessions end with it, and
a mail says that it happened."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta

from aiohttp import web
from markupsafe import Markup
from sqlalchemy import Connection

from bot.channels.http import posted, session_token
from bot.console.access import confirmed, everybody, not_found
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.sessions import ACCOUNT
from bot.console.signing_in import identity
from bot.console.signing_in import passkeys as browsers
from bot.console.signing_in.account import show_account
from bot.console.signing_in.cookies import browser_of, forget, remember
from bot.console.signing_in.enrolling import codes_page
from bot.console.signing_in.naming import name_in
from bot.qr import in_page
from bot.signing_in import app_codes, passkeys
from bot.signing_in.enrolling import factor_changed
from bot.signing_in.limits import OF_CODES, allowed
from bot.signing_in.outgoing import letter
from bot.signing_in.passkeys import Refused
from storage import audit, factors, sign_in
from storage.factors import Taken, Ways
from storage.people import Staff

APP = "app"
_WITHIN = timedelta(minutes=10)


# Passkeys -------------------------------------------------------------------------------------------------------------


@everybody
@confirmed
async def passkey_options(request: web.Request, staff: Staff) -> web.StreamResponse:
    """What the browser is asked for when it makes another passkey."""
    desk = request.app[DESK]
    known = await desk.database.read(lambda conn: factors.passkeys(conn, desk.vault, staff.id))
    wanted = await asyncio.to_thread(passkeys.ask_for_new, desk.signing_in.site(request), desk.vault, staff, known)
    return await browsers.asked(request, wanted, "new", staff.id)


@everybody
@confirmed
async def add_passkey(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Keeps the passkey that the browser made."""
    desk, form = request.app[DESK], await posted(request)
    name = name_in(form, desk, staff)

    def work(conn: Connection) -> bool:
        now = desk.now()
        try:
            browsers.made(conn, request, form, staff.id).keep(conn, desk.vault, staff.id, name, now)
        except (Refused, Taken):
            return False
        _changed(conn, request, staff, "passkey.added")
        return True

    if not await desk.database.write(work):
        return await show_account(request, staff, "account.passkey_wrong", "passkey")
    _tell(desk, staff)
    raise web.HTTPSeeOther(ACCOUNT)


@everybody
@confirmed
async def remove_passkey(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Forgets a passkey, unless it is the last way in."""
    desk, number = request.app[DESK], int(request.match_info["number"])

    def work(conn: Connection) -> str:
        ways = _locked_ways(conn, staff)
        if number not in {one.id for one in factors.passkeys(conn, desk.vault, staff.id)}:
            return "unknown"
        if not _stays_in(ways._replace(passkeys=ways.passkeys - 1), desk):
            return "last"
        factors.remove_passkey(conn, staff.id, number)
        _changed(conn, request, staff, "passkey.removed")
        return ""

    return await _removed(request, staff, await desk.database.write(work), "passkey")


# Authenticator app ----------------------------------------------------------------------------------------------------


@everybody
@confirmed
async def begin_app(request: web.Request, staff: Staff) -> web.StreamResponse:
    """A new secret, as a picture and in letters. It counts when a code of it was typed."""
    desk, secret, browser = request.app[DESK], app_codes.new_secret(), secrets.token_urlsafe(32)
    ends = desk.now() + _WITHIN
    await desk.database.write(
        lambda conn: sign_in.begin(conn, desk.vault, APP, browser, {"secret": secret}, ends, staff.id)
    )
    response = _app_page(request, staff, secret)
    remember(request, response, APP, browser, _WITHIN)
    return response


@everybody
@confirmed
async def set_app(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Keeps the app when its code is right, in place of another one."""
    desk, form, browser = request.app[DESK], await posted(request), browser_of(request, APP)
    code = app_codes.typed(form.get("code", ""))

    def work(conn: Connection) -> str:
        now = desk.now()
        begun = sign_in.under_way(conn, desk.vault, APP, browser, now)
        if begun is None or begun.staff_id != staff.id:
            return ""
        secret = begun.state["secret"]
        within = allowed(conn, desk.vault, f"code {staff.id}", OF_CODES, now)
        step = app_codes.step_of(secret, code, now) if code and within else None
        if step is None:
            return secret
        factors.put_app(conn, desk.vault, staff.id, secret, step, now)
        _changed(conn, request, staff, "app.set")
        return ""

    secret = await desk.database.write(work)
    if secret:
        return _app_page(request, staff, secret, wrong=True)
    _tell(desk, staff)
    response = web.Response(status=303, headers={"Location": ACCOUNT})
    forget(request, response, APP)
    return response


@everybody
@confirmed
async def remove_app(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Forgets the app, unless it is the last way in."""
    desk = request.app[DESK]

    def work(conn: Connection) -> str:
        ways = _locked_ways(conn, staff)
        if ways.app and not _stays_in(ways._replace(app=False), desk):
            return "last"
        if not factors.remove_app(conn, staff.id):
            return "unknown"
        _changed(conn, request, staff, "app.removed")
        return ""

    return await _removed(request, staff, await desk.database.write(work), "app")


def _app_page(request: web.Request, staff: Staff, secret: str, *, wrong: bool = False) -> web.Response:
    picture = Markup(in_page(app_codes.address(secret, staff.mail)))  # noqa: S704, lines and numbers only
    status = 422 if wrong else 200
    return respond(request, "account_app.html", staff, status=status, secret=secret, picture=picture, wrong=wrong)


# Codes on paper, and the organisation's sign-in -----------------------------------------------------------------------


@everybody
@confirmed
async def new_codes(request: web.Request, staff: Staff) -> web.StreamResponse:
    """New codes on paper. Earlier ones open nothing more."""
    _tell(request.app[DESK], staff)
    return await codes_page(request, staff, menu=True)


@everybody
@confirmed
async def link_identity(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Leads to the organisation's sign-in; whoever comes back is linked."""
    return await identity.sent(request, "link", staff, ACCOUNT)


@everybody
@confirmed
async def remove_identity(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Unlinks the organisation's sign-in, unless it is the last way in."""
    desk = request.app[DESK]

    def work(conn: Connection) -> str:
        ways = _locked_ways(conn, staff)
        if ways.identity and not _stays_in(ways._replace(identity=False), desk):
            return "last"
        if not factors.unlink_identity(conn, staff.id):
            return "unknown"
        _changed(conn, request, staff, "identity.removed")
        return ""

    return await _removed(request, staff, await desk.database.write(work), "identity")


# All of them ----------------------------------------------------------------------------------------------------------


def _locked_ways(conn: Connection, staff: Staff) -> Ways:
    """One change at a time: of two who remove the last two ways in, one is refused."""
    factors.hold(conn, staff.id)
    return factors.ways(conn, staff.id)


def _stays_in(ways: Ways, desk: Desk) -> bool:
    return bool(ways.passkeys or ways.app or (ways.identity and desk.signing_in.provider is not None))


def _changed(conn: Connection, request: web.Request, staff: Staff, action: str) -> None:
    desk, actor = request.app[DESK], f"staff:{staff.id}"
    now = desk.now()
    audit.record(conn, at=now, actor=actor, action=action)
    if factor_changed(conn, desk.vault, staff.id, session_token(request, "staff")):
        audit.record(conn, at=now, actor=actor, action="sessions.ended", details={"staff": staff.id})


async def _removed(request: web.Request, staff: Staff, became: str, about: str) -> web.Response:
    if became == "last":
        return await show_account(request, staff, "account.last_way_in", about)
    if became == "unknown":
        raise not_found(request, staff)
    _tell(request.app[DESK], staff)
    raise web.HTTPSeeOther(ACCOUNT)


def _tell(desk: Desk, staff: Staff) -> None:
    post, words = desk.outgoing.post, words_for(desk, staff)
    if post is not None:
        lines = (words.say("account.mail_changed"), "", words.say("account.mail_not_you"))
        desk.outgoing.soon(desk.outgoing.mail(letter(staff, words, post, desk.now(), "account.mail_subject", *lines)))
