"""Keeping: what one person's part of a batch leaves in the tables: answers, decisions about taking part, and cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from bot.lines import encode_lines
from bot.rendering import card_line, never
from dialogues import meanings
from dialogues.events import Answered, Corrected, Event, Shared
from dialogues.model import Script, Step
from dialogues.session import Answer, Outcome, Session
from storage import checkins
from storage.agreements import Agreement
from storage.checkins import Consent, Given, Talk
from storage.digests import Card, CardKey, sealed_card
from storage.earlier import Withdrawn
from storage.replies import LineKey
from storage.vault import Cipher

CONSENT = "consent"
"""The tag of questions about taking part: their answers are recorded with the words they were asked in."""


def without_faces(_: Step) -> bool:
    """No."""
    return False


class Occasion(NamedTuple):
    """Where and when something was said: the conversation, its words, and the number of the message."""

    talk: Talk
    script: Script
    session: Session
    language: str
    channel: str
    at: datetime
    seq: int
    translates: Callable[[], bool] = never
    """Whether a program may translate own words that are shared now."""
    shows_faces: Callable[[Step], bool] = without_faces
    """Whether faces stood beside the words of a question."""


_NOTHING = Answer()

FACES = "faces"
"""How a question was asked where faces stood beside its words (``mode`` of an answer)."""


class Remark(NamedTuple):
    """What somebody thinks of a question: the words it was asked in, and a reason of ``storage.feedback``."""

    dialogue: str
    step: str
    version: int
    language: str
    reason: str


class Kept(msgspec.Struct, eq=False):
    """Rows that are to be stored. They are sealed already."""

    cipher: Cipher
    given: list[Given] = []
    consents: list[Consent] = []
    cards: dict[CardKey, Card | None] = {}
    """By share step; None where nothing is shared any more."""
    withdrawn: list[Withdrawn] = []
    remarks: list[Remark] = []
    agreements: list[Agreement] = []
    """New revisions."""
    told: list[LineKey] = []
    """Replies that the person was told now."""
    doors: list[str] = []
    """Tokens that open My page once."""
    untranslated: bool = False
    """The person wants no program to translate their words any more."""
    handover: bool | None = None
    """Whether a new specialist may see what was shared before; None where nothing was decided."""

    def keep(self, event: Event, on: Occasion) -> None:
        """What an event leaves in the tables."""
        match event:
            case Answered(name, answer):
                self._answered(name, answer, on)
            case Corrected(name, _, answer):
                self._answered(name, answer, on)
            case Shared():
                self._share(event, on)
            case _:
                pass

    def withdraw(self, name: str, on: Occasion) -> None:
        """Nothing of an answer is kept but that it was taken back."""
        question, _, each = name.partition(":")
        self.withdrawn.append(Withdrawn((on.talk.participant_id, on.talk.number, question, each), on.seq))

    def _answered(self, name: str, answer: Answer | Outcome | None, on: Occasion) -> None:
        step = on.script.step(name)
        if meanings.is_in_the_plan(step.tags):
            return  # It is in the person's sealed plan: days of rest say what somebody believes.
        question, _, each = name.partition(":")
        key = on.talk.participant_id, on.talk.number, question, each, on.seq
        outcome = "retracted" if answer is None else "answered" if isinstance(answer, Answer) else str(answer)
        value = answer if isinstance(answer, Answer) else _NOTHING
        self.given.append(
            Given(
                *key,
                outcome,
                list(value.choices) or None,
                None if value.number is None else float(value.number),
                value.day or None,
                checkins.seal_words(self.cipher, key, value.words),
                on.talk.version,
                on.language,
                on.at,
                FACES if outcome == "answered" and on.shows_faces(step) else None,
            )
        )
        if CONSENT in step.tags and value.choices:
            self._consented(question, value.choices[0], on)

    def _consented(self, question: str, decision: str, on: Occasion) -> None:
        person, version = on.talk.participant_id, on.talk.version
        self.consents.append(Consent(person, question, on.at, decision, version, on.language, on.channel))

    def _share(self, event: Shared, on: Occasion) -> None:
        key = (on.talk.participant_id, on.talk.number, event.name)
        if not event.lines:
            self.cards[key] = None
            return
        lines = [card_line(on.script, on.session, line) for line in event.lines]
        waits = any(line.answer.words for line in lines) and on.translates()
        self.cards[key] = sealed_card(
            self.cipher,
            participant_id=on.talk.participant_id,
            conversation=on.talk.number,
            step=event.name,
            dialogue=on.talk.dialogue,
            version=on.talk.version,
            language=on.language,
            lines=encode_lines(lines),
            shared_at=on.at,
            untranslated_since=on.at if waits else None,
        )
