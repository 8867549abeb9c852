"""Ledger: what everybody said, held against what the database has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, select

from storage import checkins, people, schema
from storage.vault import Vault
from tests.prove.people import Said


class Speaker(Protocol):
    """Somebody who remembers what they said. What lies before the number ``since`` is not theirs to answer for."""

    number: int
    since: int

    @property
    def said(self) -> Mapping[str, Said]:
        """By the channel's own id of each message."""
        ...


@dataclass
class Found:
    """What the proof counts. ``accepted``: what was sent and confirmed; the others ought to be 0."""

    accepted: int = 0
    answers: int = 0
    lost: int = 0
    doubled: int = 0
    misfiled: int = 0
    stuck: int = 0

    def __str__(self) -> str:
        return (
            f"accepted {self.accepted} lost {self.lost} doubled {self.doubled} "
            f"misfiled {self.misfiled} stuck {self.stuck}"
        )


def audit(conn: Connection, vault: Vault, talkers: Sequence[Speaker], pending: frozenset[str]) -> Found:
    """Compare. ``pending`` are ids of messages that were never confirmed: they are nobody's promise."""
    found = Found()
    for talker in talkers:
        _one(conn, vault, talker, pending, found)
    return found


def _one(conn: Connection, vault: Vault, talker: Speaker, pending: frozenset[str], found: Found) -> None:
    cipher = people.participant(conn, vault, talker.number).cipher
    heard: dict[int, str] = {
        row.seq: row.message_id for row in conn.execute(select(schema.inbox).filter_by(participant_id=talker.number))
    }
    stored = Counter(heard.values())
    accepted = {said.id for said in talker.said.values()} - pending
    found.accepted += len(accepted)
    found.lost += sum(1 for said in accepted if not stored[said])
    found.doubled += sum(many - 1 for many in stored.values())
    of_theirs = schema.answer.c.participant_id == talker.number, schema.answer.c.revision >= talker.since
    given = conn.execute(select(schema.answer).where(*of_theirs)).all()
    found.answers += len(given)
    # One message answers one question, and a press is the only answer to its question; words may go on in a second one.
    found.doubled += _surplus(row.revision for row in given)
    found.doubled += _surplus((row.conversation, row.question, row.each) for row in given if row.sealed_words is None)
    for row in given:
        said = talker.said.get(heard.get(row.revision, ""))
        if said is None or not _is_here(said, row, checkins.words_of(cipher, row)):
            found.misfiled += 1


def _surplus(things: Iterable[Hashable]) -> int:
    return sum(many - 1 for many in Counter(things).values())


def _is_here(said: Said, row: Any, words: str) -> bool:
    """Whether an answer stands under the question that the person was looking at, and is what they said."""
    name = f"{row.question}:{row.each}" if row.each else row.question
    if (said.conversation, said.step) != (row.conversation, name):
        return False
    if said.tap is None:
        return words.split("\n")[-1] == said.words
    match said.tap.action:
        case "choose":
            number = f"{row.number:g}" if row.number is not None else None
            return said.tap.choices[0] in (row.choices or [number])
        case "skip" | "does_not_fit":
            return row.outcome == {"skip": "skipped"}.get(said.tap.action, "does_not_fit")
        case _:
            return said.tap.action == "done"
