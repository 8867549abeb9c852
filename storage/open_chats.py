"""Open chats: of people who have a page open, whether its session still holds, and how far their numbers have come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from storage.among import among
from storage.schema import participant, web_session


def numbers(conn: Connection, participant_ids: Iterable[int], now: datetime) -> dict[bytes, int]:
    """For every session of these people that holds: the hash of its token, and the person's next number.

    One statement, however many they are. Who was erased has no session.
    """
    found = conn.execute(
        select(web_session.c.token_hash, participant.c.next_seq)
        .join_from(web_session, participant)
        .where(
            among(web_session.c.participant_id, "people"),
            web_session.c.expires_at > now,
            participant.c.data_key.is_not(None),
        ),
        {"people": list(participant_ids)},
    )
    return {row.token_hash: row.next_seq for row in found}
