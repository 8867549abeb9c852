"""Recovery: codes on paper, for the day when the phone is gone. Each helps in once, like a code of the app."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import Connection

from bot.invitation import CODE_LENGTH, entered, new_code
from storage import factors
from storage.vault import Vault

HOW_MANY = 10
_SALT = 16


@dataclass(frozen=True, slots=True)
class Codes:
    """New codes, which are shown once and not kept."""

    codes: Sequence[str] = field(repr=False)
    salt: bytes = field(repr=False)
    hashes: Sequence[bytes] = field(repr=False)


def make(vault: Vault, random: Random) -> Codes:
    """New codes. It takes a moment, on purpose: call it outside a transaction."""
    salt, codes = os.urandom(_SALT), [new_code(random) for _ in range(HOW_MANY)]
    return Codes([spoken(code) for code in codes], salt, [hashed(vault, code, salt) for code in codes])


def spoken(code: str) -> str:
    """A code in two halves, as it is written: ``K7QF-2M9T``."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def typed(text: str) -> str:
    """A code as somebody typed it, in its normal form; empty when it is none."""
    code = entered(text)
    return code if len(code) == CODE_LENGTH else ""


def hashed(vault: Vault, code: str, salt: bytes) -> bytes:
    """What is kept of a code. 40 bits could be tried out, so each try costs time and memory, and wants our key."""
    slow = hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return vault.token_hash(f"recovery {slow.hex()}")


def put(conn: Connection, staff_id: int, codes: Codes) -> None:
    """Let these codes help somebody in, and no earlier ones."""
    factors.put_codes(conn, staff_id, codes.salt, codes.hashes)
