"""Conversing: one person's part of a batch. Hears that person's messages in order and keeps what has to be stored.

Nothing here writes on its own: ``bot.batch`` loads before and stores after, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from bot import hearing
from bot.commands import Command, Commands
from bot.lines import encode_lines
from bot.messages import Button, Inbound, Outbound, Tap
from bot.past import Past, looked_back_at
from bot.programme import Programme
from bot.rendering import Voice, card_line, rendered
from bot.shelf import Published, ScriptShelf
from bot.speaking import Names, Speaking
from dialogues import engine
from dialogues.answers import Vocabulary
from dialogues.events import Answered, Closed, Corrected, Event, Shared
from dialogues.model import Ask
from dialogues.session import Answer, Outcome, Session
from storage import checkins
from storage.checkins import Consent, Given, Talk
from storage.digests import Card, CardKey, sealed_card
from storage.vault import Cipher, Vault

CONSENT = "consent"
"""The tag of questions about taking part: their answers are recorded with the words they were asked in."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every conversation of this deployment stands on."""

    vault: Vault
    shelf: ScriptShelf
    speaking: Speaking
    commands: Commands
    programme: Programme


@dataclass(slots=True)
class Conversing:
    """One participant while a batch is answered, and what is to be stored of it afterwards."""

    setting: Setting
    past: Past
    id: int
    cipher: Cipher
    names: Names
    language: str
    state: str
    next_seq: int
    next_conversation: int
    talk: Talk | None
    published: Published | None = None
    session: Session | None = None
    begun: list[Talk] = field(default_factory=list)
    ended: list[Talk] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    cards: dict[CardKey, Card | None] = field(default_factory=dict)
    """By share step; None where nothing is shared any more."""
    touched: bool = False
    voice: Voice | None = None

    def hear(self, inbound: Inbound) -> tuple[int, int, str, list[tuple[int, Outbound]]]:
        """Take one message: its number, its conversation, what the person said in words, and what they are told."""
        seq = self._seq()
        self._open()
        before = self.talk.number if self.talk else 0
        expired = self._expired(inbound.at)
        number, said = before, inbound.text
        if self.talk is not None and self.session is not None:
            number, said = self.talk.number, hearing.said(inbound, self._voice(), self.session)
        messages = [*expired, *self._reply(inbound, seq)]
        number = number or (self.talk.number if self.talk else 0)
        return seq, number, said, [(self._seq(), message) for message in messages]

    # What was sent ------------------------------------------------------------------------------------------------

    def _reply(self, inbound: Inbound, seq: int) -> list[Outbound]:
        tap = inbound.tap
        if tap is not None and tap.action == "language":
            return self._speak(tap.choices[0] if tap.choices else "", inbound)
        if tap is None and (command := self.setting.commands.find(inbound.text)):
            return self._obey(command, inbound, seq)
        if self.talk is None:
            if tap is not None and tap.action == "start":
                return self._start(inbound)
            return [self._idle()]
        if tap is not None and tap.action == "start":
            return self._play(engine.Again(), inbound, seq)
        assert self.session is not None and self.published is not None, "an open conversation has a session"  # noqa: PT018
        if tap is not None and (tap.conversation, tap.step) != (self.talk.number, self.session.waiting):
            return [self._voice().note("ui/old_button"), *self._play(engine.Again(), inbound, seq)]
        given = hearing.meant(inbound, self.published.script, self.session, self._voice().ui, self._vocabulary)
        return self._play(given, inbound, seq)

    def _vocabulary(self, step: Ask) -> Vocabulary:
        assert self.published is not None, "an open conversation has a script"
        return self.setting.speaking.vocabulary(self.published, step, self._voice())

    def _obey(self, command: Command, inbound: Inbound, seq: int) -> list[Outbound]:
        match command:
            case Command.START:
                return self._play(engine.Again(), inbound, seq) if self.talk else self._start(inbound)
            case Command.LANGUAGE:
                return [self._choose_language()]
            case Command.PAUSE | Command.STOP:
                return [self._leave(command, inbound)]
            case Command.HELP:
                return [self._help(), *(self._play(engine.Again(), inbound, seq) if self.talk else [])]
            case Command.BACK | Command.SKIP if self.talk:
                return self._play(engine.Back() if command is Command.BACK else engine.Skip(), inbound, seq)
            case _:
                return [self._idle()]

    # What happens -------------------------------------------------------------------------------------------------

    def _start(self, inbound: Inbound) -> list[Outbound]:
        """The next dialogue of the programme: the first one, then the check-in."""
        self.state = "active"
        programme = self.setting.programme
        dialogue = programme.check_in if self._takes_part() else programme.first
        return self._begin(dialogue, inbound) or [self._idle()]

    def _takes_part(self) -> bool:
        """Whether the first dialogue was held and everything it asks consent for was agreed to, the last time."""
        first = self.setting.programme.first
        published = self.past.latest_script(first)
        if first not in self._held() or published is None:
            return published is None
        asked = [step.key for step in published.script.steps if isinstance(step, Ask) and CONSENT in step.tags]
        given = self._latest(frozenset(asked))
        return all(key in given and given[key].choices == ["yes"] for key in asked)

    def _held(self) -> set[str]:
        return self.past.held(self.id) | {talk.dialogue for talk in self.begun}

    def _begin(self, dialogue: str, inbound: Inbound) -> list[Outbound]:
        """Begin a conversation; nothing where it has nothing to ask now."""
        published = self.past.latest_script(dialogue)
        if published is None:
            return []
        session, events = engine.start(published.script, *self._memory(published, inbound.at))
        if session.closed:
            return []
        closes = published.script.close_after
        self.talk = Talk(
            self.id,
            self.next_conversation,
            dialogue,
            published.version,
            "open",
            inbound.at,
            inbound.at + closes if closes else None,
            None,
            b"",
        )
        self.next_conversation += 1
        self.begun.append(self.talk)
        self.published, self.session, self.touched = published, session, True
        return rendered(self._voice(), session, events)

    def _memory(self, published: Published, now: datetime) -> tuple[Mapping[str, Answer], frozenset[str]]:
        """What earlier conversations leave for this one: remembered answers, and questions that are still resting."""
        script = published.script
        latest = self._latest(looked_back_at(script))
        kept = {
            name: _answer(latest[key], checkins.words_of(self.cipher, latest[key]))
            for name, key in script.remember.items()
            if key in latest and latest[key].outcome == "answered"
        }
        resting = (
            step.key
            for step in script.steps
            if isinstance(step, Ask) and step.rest and step.key in latest and now - latest[step.key].at < step.rest
        )
        return kept, frozenset(resting)

    def _latest(self, questions: frozenset[str]) -> Mapping[str, Row[Any] | Given]:
        """The latest answers to these questions, those of this batch among them."""
        now_given = {one.question: one for one in self.given if one.question in questions}
        return {**self.past.given(self.id, questions), **now_given}

    def _play(self, given: engine.Input, inbound: Inbound, seq: int) -> list[Outbound]:
        assert self.session is not None and self.published is not None, "an open conversation has a session"  # noqa: PT018
        self.session, events = engine.play(self.published.script, self.session, given)
        self.touched = True
        for event in events:
            self._keep(event, inbound, seq)
        messages = rendered(self._voice(), self.session, events)
        if events and isinstance(events[-1], Closed):
            messages = self._go_on(messages, inbound)
        return messages

    def _go_on(self, messages: list[Outbound], inbound: Inbound) -> list[Outbound]:
        """After a check-in, at most one small dialogue that was not held yet: one thing at a time."""
        assert self.talk is not None, "only an open conversation ends"
        ended = self.talk.dialogue
        self._end("closed", inbound.at)
        if ended != self.setting.programme.check_in:
            return messages
        held = self._held()
        for dialogue in self.setting.programme.later:
            if dialogue not in held and (more := self._begin(dialogue, inbound)):
                last = msgspec.structs.replace(messages[-1], kind="said")
                return [*messages[:-1], last, self._voice().note("ui/one_more"), *more]
        return messages

    def _keep(self, event: Event, inbound: Inbound, seq: int) -> None:
        """What an event leaves in the tables."""
        match event:
            case Answered(name, answer):
                self._answered(name, answer, inbound, seq)
            case Corrected(name, _, answer):
                self._answered(name, answer, inbound, seq)
            case Shared():
                self._share(event, inbound.at)
            case _:
                pass

    def _answered(self, name: str, answer: Answer | Outcome | None, inbound: Inbound, seq: int) -> None:
        assert self.talk is not None and self.published is not None, "answers belong to a conversation"  # noqa: PT018
        question, _, each = name.partition(":")
        outcome = "retracted" if answer is None else "answered" if isinstance(answer, Answer) else str(answer)
        value = answer if isinstance(answer, Answer) else Answer()
        key: dict[str, Any] = {
            "participant_id": self.id,
            "conversation": self.talk.number,
            "question": question,
            "each": each,
            "revision": seq,
        }
        self.given.append(
            Given(
                **key,
                outcome=outcome,
                choices=list(value.choices) or None,
                number=None if value.number is None else float(value.number),
                day=value.day or None,
                sealed_words=checkins.seal_words(self.cipher, key, value.words),
                version=self.talk.version,
                language=self._voice().language,
                at=inbound.at,
            )
        )
        if CONSENT in self.published.script.step(name).tags and value.choices:
            self._consented(question, value.choices[0], inbound)

    def _consented(self, question: str, decision: str, inbound: Inbound) -> None:
        assert self.talk is not None, "answers belong to a conversation"
        version, language = self.talk.version, self._voice().language
        self.consents.append(Consent(self.id, question, inbound.at, decision, version, language, inbound.channel))

    def _share(self, event: Shared, at: datetime) -> None:
        assert self.talk is not None and self.published is not None and self.session is not None  # noqa: PT018
        key = (self.id, self.talk.number, event.name)
        if not event.lines:
            self.cards[key] = None
            return
        lines = encode_lines(card_line(self.published.script, self.session, line) for line in event.lines)
        self.cards[key] = sealed_card(
            self.cipher,
            participant_id=self.id,
            conversation=self.talk.number,
            step=event.name,
            dialogue=self.talk.dialogue,
            version=self.talk.version,
            language=self._voice().language,
            lines=lines,
            shared_at=at,
        )

    def _expired(self, now: datetime) -> list[Outbound]:
        """A conversation that was open for too long is closed honestly; nothing of it leaves."""
        if self.talk is None or self.talk.closes_at is None or now <= self.talk.closes_at:
            return []
        note = self._voice().note("ui/expired")
        self._end("expired", now)
        return [note]

    def _leave(self, command: Command, inbound: Inbound) -> Outbound:
        self.state = "paused" if command is Command.PAUSE else "stopped"
        if self.talk is not None:
            self._end("stopped", inbound.at)
        return self._told(f"ui/{command}.done", kind="closed")

    def _speak(self, language: str, inbound: Inbound) -> list[Outbound]:
        """Another language, at the same place. What waits is asked again in it."""
        if language not in self.setting.speaking.catalogs.languages:
            return [self._choose_language()]
        changed = language != self.language
        self.language, self.voice = language, None
        if self.talk is None:
            return [self._told("ui/language.changed") if changed else self._idle()]
        at_once = self._voice().language == language
        told = [self._told("ui/language.changed" if at_once else "ui/language.later")] if changed else []
        return [*told, *self._play(engine.Again(), inbound, 0)]

    # Around the conversation --------------------------------------------------------------------------------------

    def _open(self) -> None:
        """The open conversation, ready to go on: read once a batch."""
        if self.talk is None or self.session is not None:
            return
        talk = self.talk
        self.published = self.past.script(talk.dialogue, talk.version)
        place = f"conversation.session|{self.id}|{talk.number}"
        self.session = Session.from_json(self.cipher.open(place, talk.sealed_session))

    def sealed(self) -> Talk | None:
        """The conversation as it is to be stored."""
        if self.talk is None or self.session is None or not self.touched:
            return None
        place = f"conversation.session|{self.id}|{self.talk.number}"
        return self.talk._replace(sealed_session=self.cipher.seal(place, self.session.to_json()))

    def leave_broken(self, at: datetime) -> None:
        """End a conversation that cannot be opened, as it is: whoever starts again gets a new one."""
        if self.talk is None:
            return
        try:
            self._open()
        except Exception:
            self.ended.append(self.talk._replace(state="broken", ended_at=at))
            self.talk = None

    def _end(self, state: str, at: datetime) -> None:
        """The conversation is over and is stored as it stands."""
        assert self.talk is not None, "only an open conversation ends"
        self.touched = True
        self.talk = self.talk._replace(state=state, ended_at=at)
        sealed = self.sealed()
        assert sealed is not None, "an open conversation has a session"
        self.ended.append(sealed)
        self.talk = self.session = self.published = self.voice = None
        self.touched = False

    def _voice(self) -> Voice:
        if self.voice is None:
            assert self.published is not None and self.talk is not None, "a conversation is open"  # noqa: PT018
            speaking = self.setting.speaking
            self.voice = speaking.voice(self.published, self.language, self.talk.number, self.names)
        return self.voice

    def _told(self, context: str, kind: str = "note", buttons: tuple[Button, ...] = ()) -> Outbound:
        catalogs = self.setting.speaking.catalogs
        language = self.language if self.language in catalogs.languages else catalogs.languages[0]
        return Outbound(kind, language, catalogs.ui(language)[context], buttons=buttons)  # type: ignore[arg-type]

    def _idle(self) -> Outbound:
        return self._told("ui/nothing_open", kind="closed")

    def trouble(self, conversation: int) -> Outbound:
        """What is said when a message could not be answered through a fault of ours."""
        return msgspec.structs.replace(self._told("ui/trouble"), conversation=conversation)

    def _help(self) -> Outbound:
        """The numbers in words; the pages have them as links, one tap from everywhere."""
        note, programme = self._told("ui/help.alone"), self.setting.programme
        ui = self.setting.speaking.catalogs.ui(note.language)
        lines = [f"{ui['ui/help.danger']}: \u2068{programme.ambulance}\u2069"]
        lines += [f"\u2068{line.name}\u2069: \u2068{line.call or line.text}\u2069" for line in programme.lines]
        return msgspec.structs.replace(note, text="\n".join([note.text, *lines, ui["ui/help.not_read"]]))

    def _choose_language(self) -> Outbound:
        catalogs = self.setting.speaking.catalogs
        number, step = (self.talk.number, self.session.waiting) if self.talk and self.session else (0, "")
        buttons = tuple(
            Button(catalogs.name(code), Tap(number, step, "language", (code,))) for code in catalogs.languages
        )
        return msgspec.structs.replace(self._told("ui/language.choose", buttons=buttons), pick="one")

    def _seq(self) -> int:
        self.next_seq += 1
        return self.next_seq - 1


def _answer(row: Row[Any] | Given, words: str) -> Answer:
    number = int(row.number) if row.number is not None and float(row.number).is_integer() else row.number
    return Answer(tuple(row.choices or ()), number, row.day or "", words)
