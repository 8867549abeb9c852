"""App codes: the six digits of an authenticator app (RFC 6238). Each is taken once."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import pyotp
from sqlalchemy import Connection

from storage import factors
from storage.vault import Vault

STEP = 30
"""Seconds."""

EARLY_OR_LATE = (0, -1, 1)
"""Clocks may differ by a step."""

DIGITS = 6


def new_secret() -> str:
    """160 bits in base 32, as apps take them."""
    return pyotp.random_base32()


def address(secret: str, mail: str) -> str:
    """What an app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=mail, issuer_name="Medvind")


def typed(text: str) -> str:
    """Six digits as somebody typed them, in the digits of any script; empty when these are none."""
    letters = [unicodedata.decimal(letter, None) for letter in text if not letter.isspace()]
    if len(letters) != DIGITS or None in letters:
        return ""
    return "".join(map(str, letters))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step of time that this code belongs to, now or a moment ago; None when it is wrong."""
    totp, step = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    right = [step + by for by in EARLY_OR_LATE if pyotp.utils.strings_equal(totp.generate_otp(step + by), code)]
    return right[0] if right else None


def take(conn: Connection, vault: Vault, staff_id: int, code: str, now: datetime) -> bool:
    """Whether this is a code of somebody's app that was not taken before."""
    app = factors.app(conn, vault, staff_id)
    step = None if app is None else step_of(app.secret, code, now)
    return step is not None and factors.use_step(conn, staff_id, step)
