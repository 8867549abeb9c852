"""Answers: everything that participants have answered and that stands now, over all their conversations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlalchemy.sql.selectable import Subquery

from storage.among import among
from storage.checkins import Given
from storage.schema import UtcDateTime, answer, conversation

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Before every conversation."""


class Stored(NamedTuple):
    """The newest revision of one answer, and the dialogue whose version it names. ``storage.checkins.words_of`` opens
    what was written."""

    dialogue: str
    given: Given


def _newest() -> Subquery:
    age = func.row_number().over(
        partition_by=(answer.c.participant_id, answer.c.conversation, answer.c.question, answer.c.each),
        order_by=answer.c.revision.desc(),
    )
    mine = and_(
        among(answer.c.participant_id, "ids"), conversation.c.started_at >= bindparam("since", type_=UtcDateTime())
    )
    return (
        select(*(answer.c[name] for name in Given._fields), conversation.c.dialogue, age.label("age"))
        .join(
            conversation,
            and_(
                conversation.c.participant_id == answer.c.participant_id,
                conversation.c.number == answer.c.conversation,
            ),
        )
        .where(mine)
        .subquery()
    )


_REVISIONS = _newest()
_STANDING = (
    select(_REVISIONS)
    .where(_REVISIONS.c.age == 1, _REVISIONS.c.outcome == "answered")
    .order_by(_REVISIONS.c.participant_id, _REVISIONS.c.conversation, _REVISIONS.c.revision)
)


def standing(conn: Connection, ids: Iterable[int], since: datetime = EVER) -> dict[int, list[Stored]]:
    """What each participant answered in conversations that began at ``since`` or later, oldest conversation first:
    as it was corrected last, and without what was skipped or taken back. One statement, whatever the number of people.
    """
    found: dict[int, list[Stored]] = {}
    for row in conn.execute(_STANDING, {"ids": list(ids), "since": since}).all():
        given = Given(*(getattr(row, name) for name in Given._fields))
        found.setdefault(given.participant_id, []).append(Stored(row.dialogue, given))
    return found
