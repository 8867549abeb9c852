"""Check-ins: conversations, the answers given in them, and what an earlier one leaves for the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import astuple
from sqlalchemy import Connection, Row, func, literal_column, select

from storage.among import among, rows_among
from storage.bulk import insert_rows, update_rows
from storage.hours import KEPT
from storage.inbox import LOCKED, Person
from storage.schema import UtcDateTime, answer, assignment, consent, conversation, staff
from storage.vault import Cipher


class Talk(Struct, frozen=True, gc=False):
    """One conversation as it is kept. ``sealed_session`` lies at ``conversation.session|participant|number``.

    ``asked_seq`` is the outbox number of the question or offer that waits, 0 when none does. ``reacted_at`` is when the
    person first wrote or pressed something in it, None while they have not. ``resumes`` is the number of the
    conversation that was set aside for this one.
    """

    participant_id: int
    number: int
    dialogue: str
    version: int
    state: str
    started_at: datetime
    closes_at: datetime | None
    ended_at: datetime | None
    sealed_session: bytes
    asked_seq: int = 0
    reacted_at: datetime | None = None
    resumes: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Participant and number."""
        return self.participant_id, self.number


class Held(NamedTuple):
    """That a dialogue was held: when last, and how often."""

    last: datetime
    times: int


class Given(NamedTuple):
    """One revision of an answer. ``outcome`` is answered, skipped, does_not_fit or retracted; ``sealed_words`` was
    made by ``seal_words``."""

    participant_id: int
    conversation: int
    question: str
    each: str
    revision: int
    outcome: str
    choices: list[str] | None
    number: float | None
    day: str | None
    sealed_words: bytes | None
    version: int
    language: str
    at: datetime
    mode: str | None = None
    """How the question was asked: "faces" where faces stood beside its words, else None."""


AnswerKey = tuple[int, int, str, str, int]
"""Participant, conversation, question, each and revision."""


class Consent(NamedTuple):
    """What somebody decided about taking part, with the words it was asked in (version and language)."""

    participant_id: int
    question: str
    at: datetime
    decision: str
    version: int
    language: str
    channel: str


_FIELDS = Talk.__struct_fields__
_KEYS = ("participant_id", "number")
_GOES_ON = ("sealed_session", "asked_seq", "reacted_at")
_OPEN = select(*(conversation.c[name] for name in _FIELDS)).where(
    among(conversation.c.participant_id, "ids"), conversation.c.state == literal_column("'open'")
)
_HELD_BY = (
    select(
        conversation.c.participant_id,
        conversation.c.dialogue,
        func.max(conversation.c.started_at, type_=UtcDateTime()),
        func.count(),
    )
    .where(among(conversation.c.participant_id, "ids"))
    .group_by(conversation.c.participant_id, conversation.c.dialogue)
)
_SPECIALISTS = (
    select(assignment.c.participant_id, assignment.c.since, staff.c.language, *KEPT)
    .join(staff, staff.c.id == assignment.c.staff_id)
    .where(among(assignment.c.participant_id, "ids"), assignment.c.until.is_(None))
)
_NEWEST_FIRST = func.row_number().over(
    partition_by=(answer.c.participant_id, answer.c.question),
    order_by=(answer.c.conversation.desc(), answer.c.revision.desc()),
)
_REVISIONS = (
    select(answer, _NEWEST_FIRST.label("age"))
    .where(among(answer.c.participant_id, "ids"), among(answer.c.question, "questions"))
    .subquery()
)
_LATEST = select(_REVISIONS).where(_REVISIONS.c.age == 1)


def open_talks(conn: Connection, ids: Iterable[int]) -> dict[int, Talk]:
    """The open conversation of each participant who has one."""
    (found,) = rows_among(conn, _OPEN, ids=ids)
    return _by_person(found)


def taken_up(conn: Connection, ids: Iterable[int]) -> tuple[list[Person], dict[int, Talk]]:
    """The participants, locked as by ``storage.inbox.lock``, and the open conversation of each who has one, as it is
    once they are locked."""
    persons, talks = rows_among(conn, LOCKED, _OPEN, ids=sorted(ids))
    return list(map(Person._make, persons)), _by_person(talks)


def _by_person(rows: Iterable[Iterable[Any]]) -> dict[int, Talk]:
    return {talk.participant_id: talk for talk in starmap(Talk, rows)}


def last_talk(conn: Connection, participant_id: int) -> Talk | None:
    """The newest conversation, open or not."""
    mine = select(*(conversation.c[name] for name in _FIELDS)).filter_by(participant_id=participant_id)
    row = conn.execute(mine.order_by(conversation.c.number.desc()).limit(1)).first()
    return None if row is None else Talk(*row)


def talk(conn: Connection, participant_id: int, number: int) -> Talk | None:
    """One conversation, or None where there is none with that number."""
    asked = select(*(conversation.c[name] for name in _FIELDS))
    row = conn.execute(asked.filter_by(participant_id=participant_id, number=number)).first()
    return None if row is None else Talk(*row)


def dialogues_held(conn: Connection, ids: Iterable[int]) -> dict[int, dict[str, Held]]:
    """The dialogues that each participant has ever begun."""
    held: dict[int, dict[str, Held]] = {}
    (found,) = rows_among(conn, _HELD_BY, ids=ids)
    for participant_id, dialogue, last, times in found:
        held.setdefault(participant_id, {})[dialogue] = Held(last, times)
    return held


def specialists(conn: Connection, ids: Iterable[int]) -> dict[int, Any]:
    """The specialist who is assigned to each participant now, ``since`` when, with the hours they keep;
    ``storage.people.staff_name`` opens the name."""
    rows = conn.execute(_SPECIALISTS, {"ids": list(ids)}).all()
    return {row.participant_id: row for row in rows}


def begin(conn: Connection, talks: Sequence[Talk]) -> None:
    """Store new conversations."""
    insert_rows(conn, conversation, _FIELDS, list(map(astuple, talks)))


def go_on(conn: Connection, talks: Sequence[Talk]) -> None:
    """Store the session and what waits of conversations that are open and were open before. On SQLite whatever sets the
    state, even to what it is, writes the index of open conversations anew."""
    rows = [(one.sealed_session, one.asked_seq, one.reacted_at, one.participant_id, one.number) for one in talks]
    update_rows(conn, conversation, _KEYS, _GOES_ON, rows)


def change(conn: Connection, talks: Sequence[Talk]) -> None:
    """Store how conversations go on or end: state, end, session and what waits; nothing else of them changes."""
    rows = [
        (one.sealed_session, one.asked_seq, one.reacted_at, one.state, one.ended_at, one.participant_id, one.number)
        for one in talks
    ]
    update_rows(conn, conversation, _KEYS, (*_GOES_ON, "state", "ended_at"), rows)


def add_answers(conn: Connection, given: Sequence[Given]) -> None:
    """Store answers, each a revision of its own: what was said before stays as history."""
    insert_rows(conn, answer, Given._fields, given)


def add_consents(conn: Connection, consents: Sequence[Consent]) -> None:
    """Store decisions about taking part."""
    insert_rows(conn, consent, Consent._fields, consents)


def latest_given(conn: Connection, ids: Iterable[int], questions: Iterable[str]) -> dict[int, dict[str, Row[Any]]]:
    """The newest revision of each participant's answer to each of these questions."""
    found: dict[int, dict[str, Row[Any]]] = {}
    for row in conn.execute(_LATEST, {"ids": list(ids), "questions": list(questions)}).all():
        found.setdefault(row.participant_id, {})[row.question] = row
    return found


def seal_words(cipher: Cipher, key: AnswerKey, words: str) -> bytes | None:
    """Free text as an answer keeps it."""
    return cipher.seal(_place(*key), words) if words else None


def words_of(cipher: Cipher, row: Row[Any] | Given) -> str:
    """The free text of a stored answer."""
    if row.sealed_words is None:
        return ""
    place = _place(row.participant_id, row.conversation, row.question, row.each, row.revision)
    return cipher.open(place, row.sealed_words).decode()


def _place(person: int, conversation: int, question: str, each: str, revision: int) -> str:
    return f"answer.words|{person}|{conversation}|{question}|{each}|{revision}"
