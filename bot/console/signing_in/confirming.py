"""Confirming: proving again who one is, before something that matters more than reading."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted, session_token
from bot.console.access import everybody, not_found
from bot.console.desk import DESK, Desk, respond
from bot.console.one_tap import HOW as ONE_TAP
from bot.console.one_tap import is_one_tap
from bot.console.sessions import ACCOUNT, page_of, session_of
from bot.console.signing_in import identity
from bot.console.signing_in import passkeys as browsers
from bot.signing_in import passkeys
from bot.signing_in.proving import RIGHT, hash_typed, prove, salt_for
from storage import audit, factors, staff_sessions
from storage.people import Staff


@everybody
async def confirm_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The ways in which this person can prove it."""
    return await _page(request, staff, request.query.get("back", ""))


@everybody
async def confirm_code(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Takes a code of the app, or one from paper."""
    desk, form = request.app[DESK], await posted(request)
    text, token = form.get("code", ""), session_token(request, "staff")
    salt = await desk.database.read(lambda conn: salt_for(conn, staff.id))
    paper = await asyncio.to_thread(hash_typed, desk.vault, text, salt)

    def work(conn: Connection) -> str:
        proof = prove(conn, desk.vault, staff.id, text, paper, desk.now())
        if proof in RIGHT:
            _confirmed(conn, desk, staff, token, proof)
        return proof

    proof = await desk.database.write(work)
    if proof not in RIGHT:
        return await _page(request, staff, form.get("back", ""), trouble=proof)
    raise web.HTTPSeeOther(page_of(form.get("back", "")) or ACCOUNT)


@everybody
async def passkey_options(request: web.Request, staff: Staff) -> web.StreamResponse:
    """What the browser is asked for: one of this person's own passkeys."""
    desk = request.app[DESK]
    known = await desk.database.read(lambda conn: factors.passkeys(conn, desk.vault, staff.id))
    wanted = await asyncio.to_thread(passkeys.ask_for_one, desk.signing_in.site(request), known)
    return await browsers.asked(request, wanted, "confirm", staff.id)


@everybody
async def confirm_passkey(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Takes what the passkey says."""
    desk, form, token = request.app[DESK], await posted(request), session_token(request, "staff")
    if await browsers.proved(request, form, "confirm", staff.id) is None:
        return await _page(request, staff, form.get("back", ""), trouble="passkey")
    await desk.database.write(lambda conn: _confirmed(conn, desk, staff, token, "passkey"))
    raise web.HTTPSeeOther(page_of(form.get("back", "")) or ACCOUNT)


@everybody
async def confirm_identity(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Leads to the organisation's sign-in, where the person signs in anew."""
    return await identity.sent(request, "confirm", staff, page_of((await posted(request)).get("back", "")))


@everybody
async def confirm_one_tap(request: web.Request, staff: Staff) -> web.StreamResponse:
    """In a demo nobody has anything to prove themselves with: one press does it. Elsewhere there is no such page."""
    desk, form, token = request.app[DESK], await posted(request), session_token(request, "staff")
    session = await session_of(request)
    if not is_one_tap(request) or session is None or session.how != ONE_TAP:
        raise not_found(request, staff)
    await desk.database.write(lambda conn: _confirmed(conn, desk, staff, token, ONE_TAP))
    raise web.HTTPSeeOther(page_of(form.get("back", "")) or ACCOUNT)


def _confirmed(conn: Connection, desk: Desk, staff: Staff, token: str, how: str) -> None:
    now = desk.now()
    staff_sessions.confirmed(conn, desk.vault, token, now)
    audit.record(conn, at=now, actor=f"staff:{staff.id}", action="confirmed", details={"how": how})


async def _page(request: web.Request, staff: Staff, back: str, trouble: str = "") -> web.Response:
    desk = request.app[DESK]
    ways = await desk.database.read(lambda conn: factors.ways(conn, staff.id))
    session = await session_of(request)
    status = {"": 200, "too_often": 429}.get(trouble, 422)
    wrong = {"wrong": "in.code_wrong", "too_often": "in.too_often", "passkey": "in.passkey_wrong"}.get(trouble, "")
    return respond(
        request,
        "confirm.html",
        staff,
        status=status,
        back=page_of(back) or ACCOUNT,
        ways=ways,
        trouble=wrong,
        on_passkey=trouble == "passkey",
        provider=desk.signing_in.provider is not None and ways.identity,
        one_tap=is_one_tap(request) and session is not None and session.how == ONE_TAP,
    )
