"""Invitation: what lets one person in once: a long token for a link, and a short code to read out and type.

Both are shown once, to whoever made them; only keyed hashes are kept.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from storage import audit, invitations
from storage.vault import Vault

LIFETIME = timedelta(days=14)

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter looks like another one, or like a digit."""
CODE_LENGTH = 8
"""40 bits."""
TOKEN_BYTES = 16

_TOKEN = re.compile(r"(?:.*[?&]start=|/start\s+)?([\w-]{22})", re.ASCII | re.DOTALL)
_CODE = re.compile(rf"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")
_LONGEST = 200
_LOOKALIKES = str.maketrans("OILАВЕЅІЈКМНОРСТХ", "011ABES1JKMH0PCTX")  # The last of them are Cyrillic.
_BETWEEN = frozenset(("Pd", "Pc", "Zs", "Cc", "Cf"))
"""Unicode categories of what may stand between the letters: dashes, spaces, marks of direction."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One way in for one person. What opens the door is left out of ``repr``, so that no log shows it."""

    participant_id: int
    token: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime

    @property
    def spoken(self) -> str:
        """The code in two halves, as it is written and read out: ``K7QF-2M9T``."""
        half = CODE_LENGTH // 2
        return f"{self.code[:half]}-{self.code[half:]}"

    def link(self, bot: str) -> str:
        """The address that opens the chat with a bot of Telegram's and hands it the token."""
        return f"https://t.me/{bot}?start={self.token}"


def invite(conn: Connection, vault: Vault, participant_id: int, by: str, now: datetime, random: Random) -> Invitation:
    """A new invitation. An earlier one of the same person opens nothing any more. Raises KeyError.

    ``by`` is "staff:7" or "command line"; ``random`` has to be one that nobody can foresee.
    """
    made = Invitation(participant_id, new_token(random), new_code(random), now + LIFETIME)
    invitations.revoke(conn, participant_id, now)
    invitations.create(
        conn,
        vault,
        participant_id=participant_id,
        token=made.token,
        code=made.code,
        by=by,
        now=now,
        expires_at=made.expires_at,
    )
    audit.record(conn, at=now, actor=by, action="invitation.made", participant_id=participant_id)
    return made


def new_token(random: Random) -> str:
    """128 bits in 22 letters that may stand in any link."""
    return urlsafe_b64encode(random.randbytes(TOKEN_BYTES)).decode().rstrip("=")


def new_code(random: Random) -> str:
    """A short code in its normal form, without what stands between its halves."""
    return "".join(random.choices(CODE_LETTERS, k=CODE_LENGTH))


def entered(text: str) -> str:
    """The token or the code that somebody sent, in its normal form; empty when the text is neither.

    A token may come in its link. A code may be typed in small letters, with or without spaces and dashes, in the
    digits of any script, with O for 0 and I or L for 1, and with Cyrillic letters that look like Latin ones.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    if token := _TOKEN.fullmatch(text):
        return token[1]
    code = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text)).upper().translate(_LOOKALIKES)
    return code if _CODE.fullmatch(code) else ""


def _plain(letter: str) -> str:
    if unicodedata.category(letter) in _BETWEEN:
        return ""
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)
