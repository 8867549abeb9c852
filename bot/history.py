"""History: what stands on the page of somebody who comes back: both sides of the conversation, and no older one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from bot.messages import Outbound, decode_heard, decode_outbound
from storage import checkins, outbox, people
from storage.vault import Cipher, Vault

_SILENT = ("tick", "untick", "again")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said in a conversation: by us (``outbound``), or by the person in words (``said``)."""

    seq: int
    outbound: Outbound | None
    said: str


def history(conn: Connection, vault: Vault, participant_id: int, after: int = 0) -> list[Entry]:
    """The open conversation, both sides. Of one that is over only what was said last: others may see the screen."""
    talk = checkins.last_talk(conn, participant_id)
    if talk is None:
        return []
    cipher = people.participant(conn, vault, participant_id).cipher
    rows = outbox.talk(conn, participant_id, talk.number, after)
    if talk.state != "open":
        rows = _said_last(rows)
    elif talk.number > 1 and all(row.message_id is None for row in rows):
        # It was begun in the turn that ended the one before, whose last words nobody has seen otherwise.
        rows = [*_said_last(outbox.talk(conn, participant_id, talk.number - 1, after)), *rows]
    return [entry for row in rows if (entry := _entry(cipher, participant_id, row))]


def _said_last(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """What was said after the person's last message."""
    last = max((row.seq for row in rows if row.message_id is not None), default=0)
    return [row for row in rows if row.seq > last]


def _entry(cipher: Cipher, participant_id: int, row: Row[Any]) -> Entry | None:
    """None for what said nothing: buttons that were drawn anew, and the ticks before an answer."""
    if row.message_id is None:
        outbound = decode_outbound(cipher.open(f"outbox.body|{participant_id}|{row.seq}", row.sealed_body))
        return Entry(row.seq, outbound, "") if outbound.kind != "redrawn" else None
    heard = decode_heard(cipher.open(f"inbox.body|{participant_id}|{row.channel}|{row.message_id}", row.sealed_body))
    tap = heard.inbound.tap
    return None if tap and tap.action in _SILENT else Entry(row.seq, None, heard.said)
