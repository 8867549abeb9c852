"""Replies: what specialists answered to shared lines that ask for something. A line has one reply, and it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, and_, select

from storage.among import among
from storage.bulk import update_rows
from storage.dialects import insert_new
from storage.schema import reply

Code = Literal["yes", "together", "try", "not_my_role", "talk_first", "seen"]

SEEN: Code = "seen"
"""Nobody is told of it: it only says that a line needs no more looking at."""

LineKey = tuple[int, int, str, str]
"""Participant, conversation, share step, and the line of the card: ``name`` or ``name|group``."""


class Reply(NamedTuple):
    """One reply. ``who`` is who does it instead, by the role card, with ``not_my_role``; ``told_at`` when the
    participant was told, None before."""

    participant_id: int
    conversation: int
    step: str
    line: str
    code: Code
    who: str | None
    staff_id: int
    at: datetime
    told_at: datetime | None = None

    @property
    def key(self) -> LineKey:
        """The line it answers."""
        return self[:4]

    @property
    def about(self) -> str:
        """The line it answers, among those of its participant: ``conversation|step|line``."""
        return f"{self.conversation}|{self.step}|{self.line}"


def put(conn: Connection, made: Reply) -> bool:
    """Whether this is the line's reply now. A second one has no effect: what somebody was told stands."""
    stored = insert_new(conn, reply).returning(reply.c.line)
    return conn.execute(stored, made._asdict()).first() is not None


def of_people(conn: Connection, ids: Iterable[int]) -> dict[LineKey, Reply]:
    """Every reply to these people, by the line it answers."""
    rows = conn.execute(_OF_PEOPLE, {"ids": list(ids)}).all()
    return {made.key: made for made in (Reply(*row) for row in rows)}


def untold(conn: Connection, participant_id: int) -> list[Reply]:
    """The replies of which a person is still to be told, oldest first."""
    still = and_(reply.c.participant_id == participant_id, reply.c.told_at.is_(None), reply.c.code != SEEN)
    order = (reply.c.at, reply.c.conversation, reply.c.step, reply.c.line)
    return [Reply(*row) for row in conn.execute(select(*_COLUMNS).where(still).order_by(*order))]


def mark_told(conn: Connection, keys: Iterable[LineKey], now: datetime) -> None:
    """The participant was told of these replies."""
    update_rows(conn, reply, _KEY, ("told_at",), [(now, *key) for key in keys])


_KEY = Reply._fields[:4]
_COLUMNS = [reply.c[name] for name in Reply._fields]
_OF_PEOPLE = select(*_COLUMNS).where(among(reply.c.participant_id, "ids"))
