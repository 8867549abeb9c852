"""Check-ins: conversations, the answers given in them, and what an earlier one leaves for the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from storage.schema import answer, assignment, consent, conversation, staff
from storage.vault import Cipher, Vault


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as it is kept. ``sealed_session`` lies at ``conversation.session|participant|number``."""

    participant_id: int
    number: int
    dialogue: str
    version: int
    state: str
    started_at: datetime
    closes_at: datetime | None
    ended_at: datetime | None
    sealed_session: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """One revision of an answer. ``outcome`` is answered, skipped, does_not_fit or retracted."""

    participant_id: int
    conversation: int
    question: str
    each: str
    revision: int
    outcome: str
    choices: tuple[str, ...]
    number: float | None
    day: str
    words: str
    version: int
    language: str
    at: datetime


_OPEN = select(conversation).where(
    conversation.c.participant_id.in_(bindparam("ids", expanding=True)), conversation.c.state == "open"
)
_SPECIALISTS = (
    select(assignment.c.participant_id, staff.c.id, staff.c.data_key, staff.c.sealed_name)
    .join(staff, staff.c.id == assignment.c.staff_id)
    .where(assignment.c.participant_id.in_(bindparam("ids", expanding=True)), assignment.c.until.is_(None))
)
_CHANGED = (
    update(conversation)
    .where(conversation.c.participant_id == bindparam("of"), conversation.c.number == bindparam("talk"))
    .values(state=bindparam("is_now"), ended_at=bindparam("ended"), sealed_session=bindparam("session"))
)


def open_talks(conn: Connection, ids: Iterable[int]) -> dict[int, Talk]:
    """The open conversation of each participant who has one."""
    rows = conn.execute(_OPEN, {"ids": list(ids)})
    return {row.participant_id: Talk(**row._mapping) for row in rows}


def last_talk(conn: Connection, participant_id: int) -> Talk | None:
    """The newest conversation, open or not."""
    mine = select(conversation).where(conversation.c.participant_id == participant_id)
    row = conn.execute(mine.order_by(conversation.c.number.desc()).limit(1)).first()
    return None if row is None else Talk(**row._mapping)


def dialogues_had(conn: Connection, participant_id: int) -> dict[str, int]:
    """How many conversations there were on each dialogue."""
    mine = select(conversation.c.dialogue, func.count()).where(conversation.c.participant_id == participant_id)
    return {row[0]: row[1] for row in conn.execute(mine.group_by(conversation.c.dialogue))}


def specialists(conn: Connection, vault: Vault, ids: Iterable[int]) -> dict[int, str]:
    """The name of the specialist who is assigned to each participant now."""
    return {row.participant_id: _staff_name(vault, row) for row in conn.execute(_SPECIALISTS, {"ids": list(ids)})}


def begin(conn: Connection, talks: Sequence[Talk]) -> None:
    """Store new conversations."""
    if talks:
        conn.execute(insert(conversation), [{name: getattr(one, name) for name in Talk.__slots__} for one in talks])


def change(conn: Connection, talks: Sequence[Talk]) -> None:
    """Store how conversations go on: state, end and session; nothing else of them changes."""
    if talks:
        names = ("of", "talk", "is_now", "ended", "session")
        rows = ((one.participant_id, one.number, one.state, one.ended_at, one.sealed_session) for one in talks)
        conn.execute(_CHANGED, [dict(zip(names, row, strict=True)) for row in rows])


def add_answers(conn: Connection, given: Sequence[tuple[Cipher, Given]]) -> None:
    """Store answers, each a revision of its own: what was said before stays as history."""
    if given:
        conn.execute(insert(answer), [_values(cipher, one) for cipher, one in given])


def add_consent(
    conn: Connection,
    *,
    participant_id: int,
    question: str,
    at: datetime,
    decision: str,
    version: int,
    language: str,
    channel: str,
) -> None:
    """What somebody decided about taking part, with the words it was asked in (version and language)."""
    conn.execute(
        insert(consent),
        {
            "participant_id": participant_id,
            "question": question,
            "at": at,
            "decision": decision,
            "version": version,
            "language": language,
            "channel": channel,
        },
    )


def given_before(conn: Connection, participant_id: int, questions: Iterable[str]) -> Sequence[Row[Any]]:
    """Every revision of the answers to these questions, oldest first."""
    mine = select(answer).where(answer.c.participant_id == participant_id, answer.c.question.in_(list(questions)))
    return conn.execute(mine.order_by(answer.c.conversation, answer.c.revision)).all()


def words_of(cipher: Cipher, row: Row[Any]) -> str:
    """The free text of a stored answer."""
    if row.sealed_words is None:
        return ""
    return cipher.open(_place(row), row.sealed_words).decode()


def _values(cipher: Cipher, given: Given) -> dict[str, Any]:
    values = {name: getattr(given, name) for name in Given.__slots__ if name != "words"}
    sealed = cipher.seal(_place(given), given.words) if given.words else None
    return {**values, "choices": list(given.choices) or None, "day": given.day or None, "sealed_words": sealed}


def _place(given: Given | Row[Any]) -> str:
    return f"answer.words|{given.participant_id}|{given.conversation}|{given.question}|{given.each}|{given.revision}"


def _staff_name(vault: Vault, row: Any) -> str:
    cipher = vault.cipher(f"staff:{row.id}", row.data_key)
    return cipher.open(f"staff.name|{row.id}", row.sealed_name).decode()
