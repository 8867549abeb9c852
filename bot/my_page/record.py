"""Record: what one participant answered and shared, and who was there to read it, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from bot.lines import CardLine, decode_lines
from bot.shelf import Published, ScriptShelf
from storage import own, people
from storage.own import OwnAnswer, OwnCard, OwnTalk
from storage.people import Participant
from storage.vault import Erased, Vault


@dataclass(frozen=True, slots=True)
class Reader:
    """A specialist who was assigned: ``storage.own.Accompanied`` with a name, which is "" where it was forgotten."""

    name: str = field(repr=False)
    since: datetime
    until: datetime | None
    sees_since: datetime | None = None


@dataclass(frozen=True)
class Record:
    """``answers`` are all revisions, oldest first; ``cards`` newest first; ``readers`` oldest first."""

    person: Participant
    talks: Mapping[int, OwnTalk]
    answers: Sequence[OwnAnswer]
    cards: Sequence[OwnCard]
    readers: Sequence[Reader]
    scripts: Mapping[tuple[str, int], Published]

    @property
    def specialist(self) -> str:
        """Who is assigned now, or ""."""
        return next((one.name for one in self.readers if one.until is None), "")

    def reader_at(self, moment: datetime) -> str:
        """Who was assigned then, or ""."""
        there = (one for one in self.readers if one.since <= moment and (one.until is None or moment < one.until))
        return next((one.name for one in there), "")

    def let_in(self, moment: datetime) -> str:
        """The specialist of now, where the person lets them see what was shared then, before they came; else ""."""
        for one in self.readers:
            if one.until is None and one.sees_since is not None and one.sees_since <= moment < one.since:
                return one.name
        return ""

    def published(self, conversation: int) -> Published:
        """The script version of a conversation."""
        talk = self.talks[conversation]
        return self.scripts[talk.dialogue, talk.version]

    @cached_property
    def latest(self) -> Sequence[OwnAnswer]:
        """The answers that count, in the order of giving; what was skipped or taken back is none."""
        newest = {(one.conversation, one.name): one for one in self.answers}
        return [one for one in newest.values() if one.given.outcome == "answered"]

    @cached_property
    def shared(self) -> Mapping[int, Sequence[CardLine]]:
        """The lines that are shared now, by conversation; without those that were withdrawn."""
        found: dict[int, list[CardLine]] = {}
        for card in self.cards:
            found.setdefault(card.conversation, []).extend(
                line for line in decode_lines(card.lines) if not line.withdrawn
            )
        return found


def read(conn: Connection, vault: Vault, shelf: ScriptShelf, participant_id: int) -> Record:
    """The record of one participant. Raises KeyError and Erased."""
    person = people.participant(conn, vault, participant_id)
    talks = {talk.number: talk for talk in own.talks(conn, participant_id)}
    versions = {(talk.dialogue, talk.version) for talk in talks.values()}
    return Record(
        person=person,
        talks=talks,
        answers=own.answers(conn, person.cipher, participant_id),
        cards=own.cards(conn, person.cipher, participant_id),
        readers=[
            Reader(staff_name(conn, vault, one.staff_id), one.since, one.until, one.sees_since)
            for one in own.accompanied(conn, participant_id)
        ],
        scripts={key: shelf.get(conn, *key) for key in versions},
    )


def staff_name(conn: Connection, vault: Vault, staff_id: int) -> str:
    """The name of somebody on the staff, also of one who has left; "" where nobody knows it any more."""
    try:
        return people.staff(conn, vault, staff_id).name
    except (KeyError, Erased):
        return ""
