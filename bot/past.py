"""Past: what earlier conversations leave for the people of a batch. Each thing is read once, for all of them, when the
first of them needs it; so a batch costs the same few statements however many people begin something in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row

from bot.expecting import Calendars, calendars
from bot.lines import decode_lines
from bot.messages import Inbound, decode_heard
from bot.shelf import Published, ScriptShelf
from dialogues.model import Ask, Script
from storage import agreements, answers, checkins, earlier, leave, outbox, people, replies, scripts
from storage.agreements import Agreement
from storage.answers import Stored
from storage.bulk import settle
from storage.checkins import Held, Talk
from storage.earlier import OwnCard
from storage.leave import Absence
from storage.outbox import HandedOver
from storage.replies import Reply
from storage.vault import Cipher, Vault


class Past:
    """Reads in the transaction of one batch. ``ids`` are those of everybody in it, ``talks`` what is open of theirs."""

    def __init__(
        self, conn: Connection, ids: Sequence[int], shelf: ScriptShelf, talks: Mapping[int, Talk] | None = None
    ) -> None:
        self._connection = conn
        self._ids = ids
        self._shelf = shelf
        self._talks = talks or {}
        self._scripts: dict[tuple[str, int], Published] = {}
        self._away: Mapping[int, Absence] | None = None
        self._given: dict[frozenset[str], dict[int, dict[str, Row[Any]]]] = {}

    @property
    def _conn(self) -> Connection:
        settle(self._connection)
        return self._connection

    def script(self, dialogue: str, version: int) -> Published:
        """One version. Raises KeyError when it was never published."""
        key = dialogue, version
        if key not in self._scripts:
            self._scripts[key] = self._shelf.get(self._conn, dialogue, version)
        return self._scripts[key]

    def latest_script(self, dialogue: str) -> Published | None:
        """The version that new conversations use, or None before anything was published."""
        version = self._versions.get(dialogue)
        return None if version is None else self.script(dialogue, version)

    def held(self, person: int) -> Mapping[str, Held]:
        """The dialogues that somebody has ever begun: how often, and when last."""
        return self._held.get(person, {})

    def specialist_id(self, person: int) -> int | None:
        """Who is assigned to somebody now."""
        row = self._specialists.get(person)
        return row.id if row else None

    def reads_in(self, person: int) -> str:
        """The language of whoever is assigned to somebody now; "" where nobody is."""
        row = self._specialists.get(person)
        return row.language if row else ""

    def accompanied_since(self, person: int) -> datetime | None:
        """Since when; None where nobody is."""
        row = self._specialists.get(person)
        return row.since if row else None

    @cached_property
    def calendars(self) -> Calendars:
        """When those answer who are assigned to anybody here."""
        return calendars(self._conn, self._specialists.values())

    def agreement(self, person: int, cipher: Cipher, number: int) -> list[Agreement]:
        """Every revision of one agreement of somebody. Rare, like what follows, so it is read for one person."""
        return agreements.one(self._conn, cipher, person, number)

    def next_agreement(self, person: int, taken: Iterable[int]) -> int:
        """The number of somebody's next agreement, after those of this batch."""
        return max(agreements.next_number(self._conn, person), *(number + 1 for number in taken), 1)

    def untold(self, person: int) -> list[Reply]:
        """The replies of which somebody is still to be told."""
        return replies.untold(self._conn, person)

    def card(self, person: int, cipher: Cipher, conversation: int, step: str) -> OwnCard | None:
        """What somebody shares at one step."""
        return earlier.own_card(self._conn, cipher, person, conversation, step)

    def answers(self, person: int) -> list[Stored]:
        """Everything that somebody answered and that stands, in all their conversations."""
        return self._answers.get(person, [])

    def talk(self, person: int, number: int) -> Talk | None:
        """One conversation of somebody. Rare, so it is read for one person."""
        return checkins.talk(self._conn, person, number)

    def given(self, person: int, questions: frozenset[str]) -> Mapping[str, Row[Any]]:
        """Somebody's latest answer to each of these questions."""
        if not questions:
            return {}
        if questions not in self._given:
            self._given[questions] = checkins.latest_given(self._conn, self._ids, questions)
        return self._given[questions].get(person, {})

    def specialist(self, person: int, vault: Vault) -> str:
        """The name of the specialist who is assigned to somebody now, or ""."""
        row = self._specialists.get(person)
        return people.staff_name(vault, row) if row else ""

    def staff_name(self, staff_id: int, vault: Vault) -> str:
        """The name of a member of staff, whoever accompanies whom by now. Rare, so it is read for one."""
        return people.staff(self._conn, vault, staff_id).name

    def absence(self, person: int, now: datetime) -> Absence | None:
        """Until when the specialist of somebody is away, and who reads meanwhile. None while they are there."""
        if self._away is None:
            self._away = leave.cover_now(self._conn, self._ids, now)
        return self._away.get(person)

    def handed_over(self, person: int, seq: int) -> HandedOver | None:
        """Where the question is that was asked with this number; None before it left."""
        return self._handed_over.get((person, seq))

    def given_by(self, person: int, channel: str, message_id: str) -> Row[Any] | None:
        """The answer that an earlier message led to. Rare, so it is read for one person."""
        return earlier.given_by(self._conn, person, channel, message_id)

    def said_before(self, person: int, cipher: Cipher, change: Inbound) -> str:
        """The text of a message as it was before this change of it, or ""."""
        edits = f"e{change.of.removeprefix('m')}."
        body = earlier.latest_body(self._conn, cipher, person, change.channel, change.of, edits)
        return decode_heard(body).inbound.text if body else ""

    def shared(self, person: int, cipher: Cipher) -> list[tuple[datetime, int]]:
        """When somebody shared something that can be seen now, and how many lines. Rare as well."""
        found = earlier.shared(self._conn, cipher, person)
        return [(at, len(decode_lines(lines))) for at, lines in found]

    @cached_property
    def _handed_over(self) -> Mapping[tuple[int, int], HandedOver]:
        return outbox.handed_over(self._conn, [(one.participant_id, one.asked_seq) for one in self._talks.values()])

    @cached_property
    def _answers(self) -> Mapping[int, list[Stored]]:
        return answers.standing(self._conn, self._ids)

    @cached_property
    def _specialists(self) -> Mapping[int, Row[Any]]:
        return checkins.specialists(self._conn, self._ids)

    @cached_property
    def _versions(self) -> Mapping[str, int]:
        return scripts.latest_versions(self._conn)

    @cached_property
    def _held(self) -> Mapping[int, Mapping[str, Held]]:
        return checkins.dialogues_held(self._conn, self._ids)


def looked_back_at(script: Script) -> frozenset[str]:
    """Keys of the questions whose earlier answers a script remembers, or that it does not ask again too soon."""
    resting = (step.key for step in script.steps if isinstance(step, Ask) and step.rest)
    rotated = (key for rotation in script.rotations for key in rotation.of)
    return frozenset((*script.remember.values(), *resting, *rotated))
