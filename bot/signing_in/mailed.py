"""Mailed: the first step without a passkey: a code that is sent to the address of whoever wants to come in.

It opens only in the browser that asked for it, once, and for ten minutes. Whether anybody has the address makes no
difference to what the browser is told, nor to what is done before it is told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from bot.invitation import new_code
from bot.signing_in.limits import OF_AN_ADDRESS, allowed
from storage import factors, people, sign_in, staff_addresses
from storage.people import Staff
from storage.staff_addresses import Place
from storage.vault import Vault

KIND = "mail"
LIFETIME = timedelta(minutes=10)
MOST = 3
"""Codes that may be typed before a new one is needed."""

LONGEST_ADDRESS = 254
"""RFC 5321, with its two brackets taken off."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What has to reach somebody now. ``place`` is their chat in a messenger, if there is one."""

    staff: Staff
    code: str = field(repr=False)
    place: Place | None
    has_second: bool
    """Whether the code leads on: there is something to prove oneself with after it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking for a code: the cookie of the browser, and a letter when somebody has the address."""

    browser: str = field(repr=False)
    letter: Letter | None


def ask(conn: Connection, vault: Vault, mail: str, back: str, now: datetime, random: Random) -> Asked:
    """Let this browser come in with a code that only the owner of the address gets. Of an address that is asked for too
    often nothing more is sent."""
    mail = mail.strip().casefold()
    wanted = allowed(conn, vault, f"mail {mail}", OF_AN_ADDRESS, now)
    found = [one for one in people.all_staff(conn, vault) if one.mail.casefold() == mail]
    staff = found[0] if wanted and len(found) == 1 else None
    browser, code = secrets.token_urlsafe(32), new_code(random)
    state = {"code": _hash(vault, browser, code), "back": back}
    sign_in.begin(conn, vault, KIND, browser, state, now + LIFETIME, None if staff is None else staff.id)
    if staff is None:
        return Asked(browser, None)
    ways = factors.ways(conn, staff.id)
    place = staff_addresses.active(conn, vault, [staff.id]).get(staff.id)
    return Asked(browser, Letter(staff, code, place, bool(ways.passkeys or ways.app)))


def enter(conn: Connection, vault: Vault, browser: str, code: str, now: datetime) -> tuple[int, str] | None:
    """Who may go on to the second step, and to which page in the end; None when the code is wrong, old or used. A code
    counts as tried whether or not anybody has the address."""
    begun = sign_in.attempt(conn, vault, KIND, browser, MOST, now)
    if begun is None or not secrets.compare_digest(begun.state["code"], _hash(vault, browser, code)):
        return None
    ended = sign_in.take(conn, vault, KIND, browser, now)
    return None if ended is None or ended.staff_id is None else (ended.staff_id, ended.state["back"])


def waits(conn: Connection, vault: Vault, browser: str, now: datetime) -> bool:
    """Whether a code can still be typed in this browser."""
    begun = sign_in.under_way(conn, vault, KIND, browser, now)
    return begun is not None and begun.tries < MOST


def _hash(vault: Vault, browser: str, code: str) -> str:
    return vault.token_hash(f"code {browser} {code}").hex()
