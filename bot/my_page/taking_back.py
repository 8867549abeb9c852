"""Taking back: what a person shared is withdrawn, and what they said is deleted, in every place where it lies.

Each act is one transaction, in which the person is locked: a turn of theirs comes before it or after it. What is left
of a deleted answer is that its line was withdrawn, if it was shared. What somebody has read cannot be unread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bot.keeping import CONSENT
from bot.lines import decode_lines, encode_lines
from bot.messages import encode
from bot.my_page.traces import EMPTIED, Gone, heard_without, told_without
from bot.past_answers import answer_of
from bot.schedule import Agenda
from bot.shelf import ScriptShelf
from bot.translating.words import follow
from dialogues import meanings
from dialogues.model import Script
from dialogues.session import Answer, Session, Sharing
from storage import audit, own, people, redacting, snoozes
from storage.own import OwnTalk
from storage.vault import Cipher, Vault

FORGOTTEN = Answer(words="…")
"""What an open conversation remembers instead of an answer that is gone: it goes on as it was asked."""


PICTURED = ("month:", "web:")
"""What tags begin with of answers that are drawn."""


class StillOpen(Exception):
    """The conversation is not over. Its answers are changed in the chat, where what follows from them changes too."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an act works on: one person, locked."""

    conn: Connection
    cipher: Cipher
    shelf: ScriptShelf
    person: int
    talks: Mapping[int, OwnTalk]

    def session(self, number: int) -> Session:
        """What a conversation stands at."""
        return Session.from_json(own.session(self.conn, self.cipher, self.person, number))

    def is_over(self, number: int) -> bool:
        """Whether nobody goes on with a conversation. So it is with what belongs to none."""
        talk = self.talks.get(number)
        return talk is None or talk.is_over

    def keep(self, number: int, session: Session) -> None:
        """The conversation stands there from now on."""
        redacting.put_session(self.conn, self.cipher, self.person, number, session.to_json())


def ground(conn: Connection, vault: Vault, shelf: ScriptShelf, participant_id: int) -> Ground:
    """One person, locked until the transaction ends. Raises KeyError and Erased."""
    cipher = people.present(conn, vault, participant_id)
    talks = {talk.number: talk for talk in own.talks(conn, participant_id)}
    return Ground(conn, cipher, shelf, participant_id, talks)


def withdraw(at: Ground, conversation: int, step: str, line: str, now: datetime) -> bool:
    """Take one shared line back: whether there was such a line. The answer stays, for the person alone."""
    card = own.one_card(at.conn, at.cipher, at.person, conversation, step)
    lines = decode_lines(card.lines) if card else ()
    if card is None or not any(each.id == line and not each.withdrawn for each in lines):
        return False
    changed = [each.taken_back() if each.id == line else each for each in lines]
    redacting.put_card(at.conn, at.cipher, at.person, card._replace(lines=encode_lines(changed)))
    session = at.session(conversation)
    at.keep(conversation, msgspec.structs.replace(session, done=_without_line(session, step, line)))
    follow(at.conn, {at.person: at.cipher})
    snoozes.forget(at.conn, at.person, conversation, line)
    _record(at, "line withdrawn", now, conversation=conversation, step=step, line=line)
    return True


def delete_answer(at: Ground, conversation: int, name: str, now: datetime) -> bool:
    """Delete one answer of a conversation that is over: whether there was one. Raises StillOpen."""
    given = [one for one in _deletable(at, conversation) if one.name == name]
    if not given:
        return False
    session = at.session(conversation)
    done = {key: record for key, record in session.done.items() if key != name}
    at.keep(conversation, msgspec.structs.replace(session, done=done))
    _forget(at, _gone(at, conversation, given), given)
    _record(at, "answer deleted", now, conversation=conversation, answer=name)
    return True


def delete_conversation(at: Ground, conversation: int, now: datetime) -> bool:
    """Delete all that was said in a conversation that is over: whether there was one. That it took place stays, and so
    does the decision to take part. Raises StillOpen."""
    if conversation not in at.talks:
        return False
    given = _deletable(at, conversation)
    at.keep(conversation, Session())
    _forget(at, replace(_gone(at, conversation, given), everything=True), given)
    _record(at, "conversation deleted", now, conversation=conversation)
    return True


def _deletable(at: Ground, conversation: int) -> list[own.OwnAnswer]:
    """Every revision of every answer of a conversation but those that say whether the person takes part."""
    talk = at.talks.get(conversation)
    if talk is None:
        return []
    if not talk.is_over:
        raise StillOpen
    script = at.shelf.get(at.conn, talk.dialogue, talk.version).script
    decisions = {step.key for step in script.steps if CONSENT in step.tags}
    every = own.answers(at.conn, at.cipher, at.person)
    return [one for one in every if one.conversation == conversation and one.given.question not in decisions]


def _gone(at: Ground, conversation: int, given: Sequence[own.OwnAnswer]) -> Gone:
    talk = at.talks[conversation]
    steps = at.shelf.get(at.conn, talk.dialogue, talk.version).script.by_key
    tags = [tag for one in given if one.given.question in steps for tag in steps[one.given.question].tags]
    return Gone(
        conversation,
        names=frozenset(one.name for one in given),
        revisions=frozenset(one.given.revision for one in given),
        words=frozenset(one.words for one in given),
        pictured=any(tag.startswith(PICTURED) for tag in tags),
        proposed=meanings.AGREEMENT_OFFER in tags,
    )


def _forget(at: Ground, gone: Gone, given: Sequence[own.OwnAnswer]) -> None:
    for question, each in {(one.given.question, one.given.each) for one in given}:
        redacting.forget_answer(at.conn, at.person, gone.conversation, question, each)
    _withdraw_all(at, gone)
    follow(at.conn, {at.person: at.cipher})
    _unremember(at, gone, given)
    _rewrite_messages(at, gone)
    _drop_promise(at, gone)


def _withdraw_all(at: Ground, gone: Gone) -> None:
    for card in own.cards(at.conn, at.cipher, at.person):
        lines = decode_lines(card.lines)
        if card.conversation == gone.conversation and any(line.name in gone.names for line in lines):
            changed = [line.taken_back() if line.name in gone.names else line for line in lines]
            redacting.put_card(at.conn, at.cipher, at.person, card._replace(lines=encode_lines(changed)))
            for line in lines:
                if line.name in gone.names:
                    snoozes.forget(at.conn, at.person, card.conversation, line.id)


def _unremember(at: Ground, gone: Gone, given: Sequence[own.OwnAnswer]) -> None:
    """Later conversations began with answers of earlier ones. What is open goes on as if it still knew one."""
    answers = [answer_of(one.given, one.words) for one in given]
    for talk in at.talks.values():
        script = at.shelf.get(at.conn, talk.dialogue, talk.version).script
        names = {name for name, key in script.remember.items() if key in gone.questions}
        session = at.session(talk.number)
        held = {name for name in names if session.remembered.get(name) in answers}
        if held:
            kept = {name: each for name, each in session.remembered.items() if name not in held}
            instead: dict[str, Answer] = {} if talk.is_over else dict.fromkeys(held, FORGOTTEN)
            session = msgspec.structs.replace(session, remembered={**kept, **instead})
        suggests = gone.proposed and bool(session.suggested)
        if suggests:
            session = msgspec.structs.replace(session, suggested={})
        if held or suggests:
            at.keep(talk.number, session)


def _rewrite_messages(at: Ground, gone: Gone) -> None:
    emptied: set[str] = set()
    for message in own.messages(at.conn, at.cipher, at.person):
        if message.message_id is not None:
            if (heard := heard_without(message, gone, emptied)) is not None:
                redacting.put_message(at.conn, at.cipher, at.person, message._replace(body=heard))
            continue
        told = told_without(message, _script_of(at, message), gone, is_over=at.is_over(message.conversation))
        if told is not None:
            changed = message._replace(body=encode(told))
            redacting.put_message(at.conn, at.cipher, at.person, changed, is_gone=told.kind == EMPTIED)


def _script_of(at: Ground, message: own.Message) -> Script | None:
    talk = at.talks.get(message.conversation)
    return at.shelf.get(at.conn, talk.dialogue, talk.version).script if talk else None


def _drop_promise(at: Ground, gone: Gone) -> None:
    """What was to be told on a later day is a copy of lines."""
    stored = own.agenda(at.conn, at.cipher, at.person)
    agenda = msgspec.json.decode(stored, type=Agenda) if stored else Agenda()
    promise = agenda.promise
    if promise is None or promise.conversation != gone.conversation:
        return
    if any(line.name in gone.names for line in decode_lines(promise.lines.encode())):
        kept = msgspec.structs.replace(agenda, promise=None)
        redacting.put_agenda(at.conn, at.cipher, at.person, msgspec.json.encode(kept))


def _without_line(session: Session, step: str, line: str) -> dict[str, object]:
    """What was done, with one line less that may leave: a correction later on does not share it again."""
    record = session.done.get(step)
    if not isinstance(record, Sharing):
        return dict(session.done)
    kept = tuple(each for each in record.lines if each != line)
    return {**session.done, step: msgspec.structs.replace(record, lines=kept)}


def _record(at: Ground, action: str, now: datetime, **details: object) -> None:
    actor = f"participant:{at.person}"
    audit.record(at.conn, at=now, actor=actor, action=action, participant_id=at.person, details=details)
