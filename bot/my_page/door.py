"""Door: a way from a messenger to My page. It opens once, soon after it was asked for, and not for long: others may see
the chat that the link stands in."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import access
from storage.access import Who
from storage.vault import Vault

OPENS_WITHIN = timedelta(minutes=15)
"""How long somebody has to open it."""

STAYS_OPEN = timedelta(hours=1)
"""How long the page can be used then."""


def add_door(conn: Connection, vault: Vault, participant_id: int, token: str, now: datetime) -> None:
    """Let ``token`` open the page of this participant once."""
    access.new_link(conn, vault, Who(participant_id), _kept(vault, token), now, now + OPENS_WITHIN)


def is_there(conn: Connection, vault: Vault, token: str, now: datetime) -> bool:
    """Whether it would open. Nothing changes: mail programs and messengers look at links by themselves."""
    return access.open_link(conn, vault, _kept(vault, token), now) is not None


def enter(conn: Connection, vault: Vault, token: str, session: str, now: datetime) -> int | None:
    """The participant, whose session begins with the token ``session``; None when the door is shut."""
    who = access.use_link(conn, vault, _kept(vault, token), now)
    if who is None or who.participant_id is None:
        return None
    access.start_session(conn, vault, who, session, now, STAYS_OPEN)
    return who.participant_id


def _kept(vault: Vault, token: str) -> str:
    """The token as the table of links has it. It is no link to the chat, which would stay open for weeks."""
    return vault.lookup("my page", token).hex()
