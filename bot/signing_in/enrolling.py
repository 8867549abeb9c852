"""Enrolling: the one-time link by which somebody sets up what they sign in with, for the first time or anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.invitation import entered, new_token
from bot.signing_in.outgoing import letter
from storage import access, audit, factors, people, sign_in, staff_sessions
from storage.access import Who
from storage.people import Staff
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.console.desk import Desk

LIFETIME = timedelta(hours=24)


def enrol(
    conn: Connection, vault: Vault, staff_id: int, by: str, now: datetime, random: Random, *, afresh: bool = False
) -> str:
    """The path of a new link, which opens once and for a day. An earlier one opens nothing more, and sessions end.

    The token stands behind a ``#``: no server and no log ever gets it with an address. ``afresh``: what the person had
    is forgotten now, because it is lost, or in wrong hands. Without it the link helps only who has nothing yet.
    """
    if afresh:
        factors.forget(conn, staff_id)
    end_sessions(conn, staff_id, now)
    token = new_token(random)
    access.new_link(conn, vault, Who(staff_id=staff_id), _kept(vault, token), now, now + LIFETIME)
    audit.record(conn, at=now, actor=by, action="enrolment.made", details={"staff": staff_id, "afresh": afresh})
    return f"/enrol#{token}"


def end_sessions(conn: Connection, staff_id: int, now: datetime) -> None:
    """End all sessions of a member of staff at once, close their links, and what they have begun."""
    access.revoke_links(conn, Who(staff_id=staff_id), now)
    sign_in.abandon(conn, staff_id)


def invited(conn: Connection, vault: Vault, text: str, now: datetime) -> Staff | None:
    """Whom this link, or its token alone, lets set up what they sign in with. Nothing changes: mail programs look at
    links by themselves. None for an unknown, used or expired one, and for who has something to sign in with."""
    token = token_in(text)
    who = access.open_link(conn, vault, _kept(vault, token), now) if token else None
    if who is None or who.staff_id is None or is_set_up(conn, who.staff_id):
        return None
    return people.staff(conn, vault, who.staff_id)


def use(conn: Connection, vault: Vault, token: str, now: datetime) -> bool:
    """Close the link: of two who come at once one gets in."""
    return access.use_link(conn, vault, _kept(vault, token), now) is not None


def is_set_up(conn: Connection, staff_id: int) -> bool:
    """Whether somebody has anything to sign in with by themselves."""
    ways = factors.ways(conn, staff_id)
    return bool(ways.passkeys or ways.app)


def factor_changed(conn: Connection, vault: Vault, staff_id: int, token: str) -> int:
    """End the other sessions of somebody who signs in with something else from now on: how many there were."""
    sign_in.abandon(conn, staff_id)
    return staff_sessions.end_all(conn, vault, staff_id, token)


async def send_enrolment(desk: Desk, staff: Staff, path: str) -> bool:
    """Mail the link to whoever it is for. Whether the mail left; if not, the link has to reach them in another way."""
    from bot.console.desk import words_for

    post = desk.outgoing.post
    if post is None:
        return False
    words = words_for(desk, staff)
    lines = (words.say("enrol.mail"), f"{post.pages}{path}", "", words.say("enrol.mail_once"))
    return await desk.outgoing.mail(letter(staff, words, post, desk.now(), "enrol.mail_subject", *lines))


def token_in(text: str) -> str:
    """The token in a link, or what somebody typed of it; empty when it is none."""
    found = entered(text.strip().rpartition("#")[2])
    return found if len(found) == _TOKEN_LENGTH else ""


_TOKEN_LENGTH = 22


def _kept(vault: Vault, token: str) -> str:
    """The token as the table of links has it: it opens no other door than this."""
    return vault.lookup("enrolment", token).hex()
