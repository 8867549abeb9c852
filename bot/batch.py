"""Batch: the messages that are answered in one transaction, from finding the people to storing what they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection

from bot import contacting
from bot.conversing import Conversing, Setting
from bot.failpoints import reached
from bot.keeping import Kept
from bot.messages import WEB, Heard, Inbound, Outbound, encode
from bot.my_page.door import add_door
from bot.past import Past
from bot.schedule import Step
from bot.timetable import Timetable
from bot.translating import words as translated
from storage import (
    agreements,
    checkins,
    contacts,
    digests,
    earlier,
    feedback,
    inbox,
    outbox,
    people,
    replies,
    translations,
)
from storage.bulk import without_waiting
from storage.checkins import Talk
from storage.inbox import Key, Person, Received, Standing
from storage.outbox import Queued
from storage.vault import Vault

Messages = tuple[tuple[int, Outbound], ...]
"""What somebody is told: numbers in the order of the whole conversation, and messages."""


class Receipt(msgspec.Struct, frozen=True):
    """What became of a message that is stored now. ``fresh`` is False for a second copy, which has no effect.

    ``left``: they want nothing more, so what was on its way to them is held back, but for ``messages``.
    """

    fresh: bool
    messages: Messages
    left: bool = False


class Unknown(Exception):
    """Nobody is reached at the address that a message came from."""


Told = tuple[int, Receipt] | Unknown
"""The participant and their receipt."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything was shared."""

NOTHING = encode(Heard("", Inbound("", "", "", datetime.min.replace(tzinfo=UTC))))
"""What is left of a message whose answer was taken back for good."""


def answer(conn: Connection, setting: Setting, batch: Sequence[Inbound], *, look: bool = True) -> list[Told]:
    """What everybody of a batch is told, in its order; all of it is stored.

    ``look`` for messages that are stored already, which else raise IntegrityError.
    """
    owners = _owners(conn, setting.vault, batch)
    there = _there(conn, setting, *checkins.taken_up(conn, set(owners.values())), max(one.at for one in batch))
    keys = [(owners.get(_place(one), 0), one.channel, one.id) for one in batch]
    turn = Batch(there, inbox.seen(conn, [key for key in keys if key[0] in there]) if look else set())
    told = {n: turn.take(keys[n], batch[n]) for n in sorted(range(len(batch)), key=lambda n: batch[n].order)}
    reached("turn.heard")
    turn.store(conn, max(one.at for one in batch))
    reached("turn.stored")
    return [told[n] for n in range(len(batch))]


def _there(
    conn: Connection, setting: Setting, persons: Sequence[Person], talks: Mapping[int, Talk], now: datetime
) -> dict[int, Conversing]:
    """Everybody of a batch, who are locked until it is committed."""
    known = [person.id for person in persons]
    past = Past(conn, known, setting.shelf, talks)
    return {one.id: _conversing(setting, past, one, talks.get(one.id), now) for one in persons}


def contact(conn: Connection, setting: Setting, now: datetime, most: int) -> list[Step | None]:
    """Do what is due for at most so many people: what was done, with a None for whoever was only looked at."""
    persons = contacts.due(conn, now, most)
    there = _there(conn, setting, persons, checkins.open_talks(conn, [one.id for one in persons]), now)
    turn = Batch(there, set())
    reaches = contacts.reaches(conn, list(there)) if there else {}
    done: list[Step | None] = []
    for one in there.values():
        one.open()
        came = contacting.contact(one, reaches.get(one.id, []), now)
        done += came.done or [None]
        for channel, number, seq, message in came.messages:
            turn.queued(Inbound(channel, "", "", now), one, number, [(seq, message)])
    if there:
        turn.store(conn, now)
    return done


def _owners(conn: Connection, vault: Vault, batch: Sequence[Inbound]) -> dict[tuple[str, str], int]:
    places = {_place(inbound) for inbound in batch}
    own = {place: int(place[1]) for place in places if place[0] == WEB and place[1].isdecimal()}
    return {**own, **inbox.participants_at(conn, vault, places - own.keys())}


def _conversing(setting: Setting, past: Past, person: Person, talk: Talk | None, now: datetime) -> Conversing:
    own, data_key, sealed_name, language, state, next_seq, next_conversation, paused_until, zone, due, sealed = person
    cipher = setting.vault.cipher(f"participant:{own}", data_key)
    timetable = Timetable(cipher, own, zone, paused_until, due, sealed, setting.calendar)
    standing = language, state, next_seq, next_conversation
    asked_seq = talk.asked_seq if talk else 0
    return Conversing(
        setting, past, own, cipher, sealed_name, *standing, talk, timetable, now, Kept(cipher), asked_seq=asked_seq
    )


def quarantine(conn: Connection, setting: Setting, inbound: Inbound, cause: str) -> list[Told]:
    """Keep a message that cannot be answered, and say so."""
    owners = _owners(conn, setting.vault, [inbound])
    there = _there(conn, setting, *checkins.taken_up(conn, set(owners.values())), inbound.at)
    if not there:
        return [Unknown()]
    (one,) = there.values()
    seq, number = one.next_seq, one.talk.number if one.talk else 0
    message = one.trouble(number)
    one.leave_broken(inbound.at)
    turn = Batch(there, set())
    one.next_seq += 2
    turn.received(inbound, one, (seq, number, ""), state="quarantined", cause=cause)
    turn.queued(inbound, one, number, [(seq + 1, message)])
    turn.store(conn, inbound.at)
    return [(one.id, Receipt(True, ((seq + 1, message),)))]


class Batch:
    """One batch under way: who is there, and the rows that it leaves."""

    def __init__(self, there: dict[int, Conversing], seen: set[Key]) -> None:
        self._there = there
        self._seen = seen
        self._received: list[Received] = []
        self._queued: list[Queued] = []
        self._held_back: set[int] = set()

    def take(self, key: Key, inbound: Inbound) -> Told:
        one = self._there.get(key[0])
        if one is None:
            return Unknown()
        if key in self._seen:
            return key[0], Receipt(False, ())
        self._seen.add(key)
        one.left = False
        seq, number, said, messages = one.hear(inbound)
        self.received(inbound, one, (seq, number, said))
        if one.left:
            self._held_back.add(one.id)
            self._queued = [row for row in self._queued if row.participant_id != one.id or row.state == "sent"]
        self.queued(inbound, one, number, messages)
        return key[0], Receipt(True, tuple(messages), one.left)

    def received(
        self,
        inbound: Inbound,
        one: Conversing,
        heard: tuple[int, int, str],
        state: str = "done",
        cause: str | None = None,
    ) -> None:
        seq, number, said = heard
        place = f"inbox.body|{one.id}|{inbound.channel}|{inbound.id}"
        sealed = one.cipher.seal(place, encode(Heard(said, inbound)))
        self._received.append(
            Received(one.id, inbound.channel, inbound.id, seq, number, sealed, inbound.at, state, cause)
        )

    def queued(self, inbound: Inbound, one: Conversing, number: int, messages: Iterable[tuple[int, Outbound]]) -> None:
        state = "sent" if inbound.channel == WEB else "queued"
        self._queued += [
            Queued(
                one.id,
                seq,
                message.conversation or number,
                inbound.channel,
                one.cipher.seal(f"outbox.body|{one.id}|{seq}", encode(message)),
                state,
                inbound.at,
            )
            for seq, message in messages
        ]

    def store(self, conn: Connection, now: datetime) -> None:
        """A fixed handful of statements, however many messages there were. The batch is over then: nobody of it can be
        asked for words any more."""
        everybody = list(self._there.values())
        open_now = [sealed for one in everybody if (sealed := one.sealed())]
        ended = [talk for one in everybody for talk in one.ended]
        latest = {talk.key: talk for talk in [*ended, *open_now]}
        begun = {talk.key for one in everybody for talk in one.begun}
        resumed = {(one.id, number) for one in everybody for number in one.resumed}
        known = [talk for key, talk in latest.items() if key not in begun and key not in resumed]
        with without_waiting(conn):
            # At most one conversation of a person is open at any moment: what ends makes room for what goes on.
            checkins.change(conn, [talk for talk in known if talk.state != "open"])
            checkins.go_on(conn, [talk for talk in known if talk.state == "open"])
            checkins.begin(conn, [talk for key, talk in latest.items() if key in begun and key not in resumed])
            checkins.change(conn, [talk for key, talk in latest.items() if key in resumed and key not in begun])
            checkins.begin(conn, [talk for key, talk in latest.items() if key in resumed and key in begun])
            checkins.add_answers(conn, [given for one in everybody for given in one.kept.given])
            checkins.add_consents(conn, [consent for one in everybody for consent in one.kept.consents])
            cards = {key: card for one in everybody for key, card in one.kept.cards.items()}
            digests.put_cards(conn, [card for card in cards.values() if card])
            digests.remove_cards(conn, [key for key, card in cards.items() if not card])
            inbox.add(conn, self._received)
            if self._held_back:
                outbox.cancel(conn, sorted(self._held_back))
            outbox.add(conn, self._queued)
            inbox.advance(
                conn,
                [Standing(one.next_seq, one.next_conversation, one.language, one.state, one.id) for one in everybody],
            )
            contacts.plan(conn, [one.planned(now) for one in everybody if one.timetable.touched])
        changed = {one.id: one.cipher for one in everybody if one.kept.cards or one.kept.withdrawn}
        if changed:
            translated.follow(conn, changed)
        for one in everybody:
            _store_rare(conn, one, now)
            one.let_go()


def _store_rare(conn: Connection, one: Conversing, now: datetime) -> None:
    """What hardly anybody leaves in a batch, one statement for each thing."""
    for withdrawn in one.kept.withdrawn:
        earlier.forget(conn, one.cipher, withdrawn, NOTHING)
    for agreement in one.kept.agreements:
        agreements.put(conn, one.cipher, agreement)
    for remark in one.kept.remarks:
        feedback.add(conn, **remark._asdict(), at=now)
    if one.kept.told:
        replies.mark_told(conn, one.kept.told, now)
    for token in one.kept.doors:
        add_door(conn, one.setting.vault, one.id, token, now)
    if one.kept.untranslated:
        translations.forget_machine(conn, one.id)
    if one.kept.handover is not None:
        people.let_see(conn, one.id, EVER if one.kept.handover else None)


def _place(inbound: Inbound) -> tuple[str, str]:
    return inbound.channel, inbound.address
