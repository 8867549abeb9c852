"""Staff door: how a member of staff comes to be told in a messenger that an overview is ready, and what is said there.

A link that is made on the staff pages opens once. What staff write in such a chat is neither read nor kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from bot.invitation import new_token
from bot.messages import Outbound
from bot.welcome import Wordings
from storage import audit, people, staff_addresses
from storage.people import Staff
from storage.staff_addresses import Taken
from storage.vault import Vault

LIFETIME = timedelta(hours=1)
"""A link is opened a moment after it was made, on one's own phone."""


@dataclass(frozen=True, slots=True)
class StaffLink:
    """What opens a chat for one member of staff. The token is left out of ``repr``, so that no log shows it."""

    token: str = field(repr=False)
    expires_at: datetime

    def link(self, bot: str) -> str:
        """The address that opens the chat with a bot of Telegram's and hands it the token."""
        return f"https://t.me/{bot}?start={self.token}"


def make_link(conn: Connection, vault: Vault, staff: Staff, now: datetime, random: Random) -> StaffLink:
    """A new link. An earlier one opens nothing any more. ``random`` has to be one that nobody can foresee."""
    made = StaffLink(new_token(random), now + LIFETIME)
    staff_addresses.invite(conn, vault, staff.id, made.token, now, made.expires_at)
    return made


def enter(
    conn: Connection, vault: Vault, texts: Wordings, channel: str, address: str, token: str, now: datetime
) -> Outbound | None:
    """What is said to whoever brings a link of the staff pages, who is told here from now on; None when it opens
    nothing. A link that leads where somebody takes part stays unused."""
    try:
        with conn.begin_nested():
            staff_id = staff_addresses.claim(conn, vault, token, now)
            if staff_id is None:
                return None
            staff_addresses.put(conn, vault, staff_id, channel, address, now)
    except Taken:
        return None
    details = {"channel": channel}
    audit.record(conn, at=now, actor=f"staff:{staff_id}", action="messenger connected", details=details)
    return _said(texts, people.staff(conn, vault, staff_id), "staff/messenger_started")


def inside(conn: Connection, vault: Vault, texts: Wordings, channel: str, address: str) -> Outbound | None:
    """What is said to a member of staff who writes here; None when it is nobody on the staff."""
    standing = staff_addresses.standing_at(conn, vault, channel, address)
    if standing is None:
        return None
    return _said(texts, people.staff(conn, vault, standing.staff_id), "staff/messenger_unread")


def _said(texts: Wordings, staff: Staff, context: str) -> Outbound:
    language = staff.language if staff.language in texts.staff_languages else texts.staff_languages[0]
    return Outbound("note", language, texts.ui(language)[context])
