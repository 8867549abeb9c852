"""Proving: the second step: a code of the app, or one from paper. Wrong ones count, whoever types them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.signing_in import app_codes, recovery
from bot.signing_in.limits import OF_CODES, allowed
from storage import audit, factors
from storage.vault import Vault

Proof = Literal["app", "code", "wrong", "too_often"]
"""With what somebody proved who they are, or why not. ``wrong``: or used before."""

RIGHT: tuple[Proof, ...] = ("app", "code")


def salt_for(conn: Connection, staff_id: int) -> bytes:
    """With what a code from paper has to be hashed for this person."""
    return factors.salt_of_codes(conn, staff_id) or b""


def hash_typed(vault: Vault, text: str, salt: bytes) -> bytes:
    """The hash of a code from paper; empty when the text is none. It takes a moment: call it outside a transaction."""
    code = recovery.typed(text)
    return recovery.hashed(vault, code, salt) if code and salt else b""


def prove(conn: Connection, vault: Vault, staff_id: int, text: str, paper: bytes, now: datetime) -> Proof:
    """What becomes of the code that somebody typed; ``paper`` is its hash. What came of it is in the audit.

    Tries of one person wait for each other, so that many at once are not more than the limit.
    """
    factors.hold(conn, staff_id)
    found = _prove(conn, vault, staff_id, text, paper, now)
    actor = f"staff:{staff_id}"
    if found == "code":
        audit.record(conn, at=now, actor=actor, action="code.used")
    elif found not in RIGHT:
        audit.record(conn, at=now, actor=actor, action="sign_in.refused", details={"how": "code", "why": found})
    return found


def _prove(conn: Connection, vault: Vault, staff_id: int, text: str, paper: bytes, now: datetime) -> Proof:
    if not allowed(conn, vault, f"code {staff_id}", OF_CODES, now):
        return "too_often"
    if (code := app_codes.typed(text)) and app_codes.take(conn, vault, staff_id, code, now):
        return "app"
    return "code" if paper and factors.use_code(conn, staff_id, paper) else "wrong"
