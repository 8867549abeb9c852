"""Sign-in: what a browser has begun and not ended, and how often something was tried lately.

What is begun belongs to the browser that began it: only a keyed hash of what its cookie holds is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from storage.schema import sign_in, sign_in_try
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Begun:
    """Something that is under way. ``state`` is left out of ``repr``: it holds challenges and hashes of codes."""

    staff_id: int | None
    state: Mapping[str, str] = field(repr=False)
    tries: int


def begin(
    conn: Connection,
    vault: Vault,
    kind: str,
    browser: str,
    state: Mapping[str, str],
    expires_at: datetime,
    staff_id: int | None = None,
) -> None:
    """Remember that a browser has begun something of this kind. ``browser`` has to be new and random."""
    key = _key(vault, kind, browser)
    sealed = vault.deployment.seal(_place(key), json.dumps(dict(state)))
    row = {"browser_hash": key, "kind": kind, "staff_id": staff_id, "sealed_state": sealed, "expires_at": expires_at}
    conn.execute(insert(sign_in), row)


def under_way(conn: Connection, vault: Vault, kind: str, browser: str, now: datetime) -> Begun | None:
    """What this browser has begun, or None when it has not, or when it took too long."""
    key = _key(vault, kind, browser)
    row = conn.execute(select(sign_in).where(_is(key, now))).first()
    if row is None:
        return None
    state = json.loads(vault.deployment.open(_place(key), row.sealed_state))
    return Begun(row.staff_id, state, row.tries)


def take(conn: Connection, vault: Vault, kind: str, browser: str, now: datetime) -> Begun | None:
    """The same, and it is over with it: of two who come at once one gets it."""
    begun = under_way(conn, vault, kind, browser, now)
    ended = conn.execute(delete(sign_in).where(_is(_key(vault, kind, browser), now))).rowcount
    return begun if ended else None


def attempt(conn: Connection, vault: Vault, kind: str, browser: str, most: int, now: datetime) -> Begun | None:
    """What this browser has begun, for one more try at ending it; None when there were ``most`` already. The try counts
    before it is looked at, so that many at once are no more than the same one after the other."""
    mine = (_is(_key(vault, kind, browser), now), sign_in.c.tries < most)
    counted = conn.execute(update(sign_in).where(*mine).values(tries=sign_in.c.tries + 1)).rowcount
    return under_way(conn, vault, kind, browser, now) if counted else None


def abandon(conn: Connection, staff_id: int) -> None:
    """End everything that is under way for a member of staff."""
    conn.execute(delete(sign_in).where(sign_in.c.staff_id == staff_id))


def tried(conn: Connection, vault: Vault, what: str, now: datetime) -> None:
    """Remember that something was tried that must not be tried too often, like "mail kim@example.org"."""
    conn.execute(insert(sign_in_try), {"lookup": vault.lookup("sign-in", what), "at": now})


def tries(conn: Connection, vault: Vault, what: str, since: datetime) -> int:
    """How often it was tried after that moment."""
    lately = (sign_in_try.c.lookup == vault.lookup("sign-in", what), sign_in_try.c.at > since)
    return conn.execute(select(func.count()).select_from(sign_in_try).where(*lately)).scalar_one()


def forget(conn: Connection, *, begun: datetime, tried: datetime) -> None:
    """Delete what ended before ``begun``, and tries from before ``tried``."""
    conn.execute(delete(sign_in).where(sign_in.c.expires_at < begun))
    conn.execute(delete(sign_in_try).where(sign_in_try.c.at < tried))


def _is(key: bytes, now: datetime) -> ColumnElement[bool]:
    return and_(sign_in.c.browser_hash == key, sign_in.c.expires_at > now)


def _key(vault: Vault, kind: str, browser: str) -> bytes:
    return vault.token_hash(f"sign-in {kind} {browser}")


def _place(key: bytes) -> str:
    return f"sign_in.state|{key.hex()}"
