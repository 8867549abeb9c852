"""Account: what one member of staff signs in with, where they are signed in, and the language of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted, session_token
from bot.console.access import everybody, not_found
from bot.console.desk import DESK, Desk, moment_text, respond, words_for
from bot.console.sessions import ACCOUNT
from bot.digest.words import StaffWords
from bot.signing_in.sessions import holds
from storage import audit, factors, hours, staff_sessions
from storage.factors import Passkey, Ways
from storage.people import Staff
from storage.staff_sessions import StaffSession


@dataclass(frozen=True, slots=True)
class Shown:
    """One session, or one passkey, as the page says it."""

    number: int
    title: str
    said: Sequence[str]
    is_this: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    sessions: Sequence[StaffSession]
    passkeys: Sequence[Passkey]
    app: factors.App | None
    ways: Ways


@everybody
async def account_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The page."""
    return await show_account(request, staff)


async def show_account(request: web.Request, staff: Staff, trouble: str = "", about: str = "") -> web.Response:
    """The page, with what is wrong (a text of ``staff/``) beside what it is ``about``."""
    desk, token = request.app[DESK], session_token(request, "staff")
    words, now = words_for(desk, staff), desk.now()

    def read(conn: Connection) -> _Kept:
        sessions = staff_sessions.of(conn, desk.vault, staff.id, token, now)
        keys = factors.passkeys(conn, desk.vault, staff.id)
        app, ways = factors.app(conn, desk.vault, staff.id), factors.ways(conn, staff.id)
        return _Kept([one for one in sessions if holds(one, now)], keys, app, ways)

    kept = await desk.database.read(read)
    return respond(
        request,
        "account.html",
        staff,
        status=422 if trouble else 200,
        name=staff.name,
        mail=staff.mail,
        sessions=[_session(one, words) for one in kept.sessions],
        passkeys=[_passkey(one, words) for one in kept.passkeys],
        app_since=words.say("account.app_since", date=words.date(kept.app.created_at)) if kept.app else "",
        codes_left=words.count("account.codes_left", kept.ways.codes),
        ways=kept.ways,
        provider=desk.signing_in.provider is not None,
        languages={code: desk.catalogs.name(code) for code in desk.catalogs.staff_languages},
        spoken=words.language,
        trouble=trouble,
        about=about,
    )


@everybody
async def end_others(request: web.Request, staff: Staff) -> web.StreamResponse:
    """Ends every session of this person but the one that asks."""
    desk, token = request.app[DESK], session_token(request, "staff")

    def work(conn: Connection) -> None:
        if staff_sessions.end_all(conn, desk.vault, staff.id, token):
            _audit(conn, desk, staff, "sessions.ended", {"staff": staff.id})

    await desk.database.write(work)
    raise web.HTTPSeeOther(ACCOUNT)


@everybody
async def set_language(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The language of the pages and mails from now on."""
    desk, wished = request.app[DESK], (await posted(request)).get("language", "")
    if wished not in desk.catalogs.staff_languages:
        raise not_found(request, staff)
    await desk.database.write(lambda conn: hours.set_language(conn, staff.id, wished))
    raise web.HTTPSeeOther(ACCOUNT)


def _session(one: StaffSession, words: StaffWords) -> Shown:
    zone = ZoneInfo(words.zone)
    begun, used = (moment_text(at.astimezone(zone), words.language) for at in (one.begun_at, one.used_at))
    said = (words.say("account.since", moment=begun), words.say("account.used", moment=used))
    return Shown(0, words.say(f"account.how_{one.how}"), said, one.is_this)


def _passkey(one: Passkey, words: StaffWords) -> Shown:
    said = [words.say("account.added", date=words.date(one.created_at))]
    if one.used_at is not None:
        said.append(words.say("account.used_on", date=words.date(one.used_at)))
    return Shown(one.id, one.name, said)


def _audit(conn: Connection, desk: Desk, staff: Staff, action: str, details: dict[str, int] | None = None) -> None:
    audit.record(conn, at=desk.now(), actor=f"staff:{staff.id}", action=action, details=details)
