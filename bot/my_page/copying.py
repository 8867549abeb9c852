"""Copying: all that is kept of one person as JSON: as it is stored, opened, with the words that stood on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from bot.lines import decode_lines
from bot.my_page.answered import entry, title_of
from bot.my_page.opened import who_of
from bot.my_page.record import Record, staff_name
from bot.my_page.words import OwnWords
from bot.translating.reading import of_one
from bot.translating.words import seen_by_staff
from storage import agreements, audit, emergencies, own, replies
from storage.own import Message, OwnAnswer, OwnCard, OwnTalk
from storage.vault import Cipher, Vault

Facts = dict[str, Any]

_WITHIN = ("participant_id", "sealed_words")
"""Columns that say nothing to the person."""


def copy(conn: Connection, vault: Vault, record: Record, words: OwnWords, now: datetime) -> bytes:
    """JSON text, for people and programs. Times are in UTC, names of questions and options as in the scripts."""
    person, cipher = record.person.id, record.person.cipher
    whole = {
        "made_at": now,
        "person": _person(conn, cipher, record),
        "plan": msgspec.Raw(own.agenda(conn, cipher, person) or b"{}"),
        "decisions": [each._asdict() for each in own.consents(conn, person)],
        "conversations": [_talk(record, talk, words) for talk in record.talks.values()],
        "shared": [_card(card) for card in record.cards],
        "translations": list(_translations(conn, vault, cipher, record)),
        "agreements": [asdict(each) for each in agreements.of(conn, cipher, person)],
        "replies": [each._asdict() for each in replies.of_people(conn, [person]).values()],
        "contacts": [
            {"who": staff_name(conn, vault, one.staff_id), "day": one.day} for one in own.contacts(conn, person)
        ],
        "messages": [_message(each) for each in own.messages(conn, cipher, person)],
        "emergencies": [
            {**asdict(each), "who": staff_name(conn, vault, each.staff_id)}
            for each in emergencies.of(conn, cipher, person)
        ],
        "access": list(_access(conn, vault, person, words)),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def _person(conn: Connection, cipher: Cipher, record: Record) -> Facts:
    person = record.person
    return {
        "name": person.name,
        "called_by_staff": person.pseudonym,
        "language": person.language,
        "time_zone": person.time_zone,
        "state": person.state,
        "paused_until": person.paused_until,
        "since": own.created_at(conn, person.id),
        "specialists": [{"name": one.name, "since": one.since, "until": one.until} for one in record.readers],
        "reached_at": [each._asdict() for each in own.places(conn, cipher, person.id)],
    }


def _talk(record: Record, talk: OwnTalk, words: OwnWords) -> Facts:
    mine = [one for one in record.answers if one.conversation == talk.number]
    title = title_of(record.published(talk.number), words)
    return {**talk._asdict(), "title": title, "answers": [_answer(record, one, words) for one in mine]}


def _answer(record: Record, given: OwnAnswer, words: OwnWords) -> Facts:
    shown = entry(record, given, words) if given.given.outcome == "answered" else None
    facts = {
        key: value for key, value in given.given._asdict().items() if key not in ("participant_id", "sealed_words")
    }
    in_words = {"asked": shown.question, "in_words": shown.value} if shown else {}
    return {**facts, "words": given.words, **in_words}


def _card(card: OwnCard) -> Facts:
    return {**card._asdict(), "lines": decode_lines(card.lines)}


def _translations(conn: Connection, vault: Vault, cipher: Cipher, record: Record) -> Iterable[Facts]:
    """Each with the words that it stands beside."""
    found = of_one(conn, vault, cipher, record.person.id)
    for words in sorted(seen_by_staff(conn, cipher, record.person.id)) if found else ():
        for one in found.get(words.mark(cipher), ()):
            by = "machine" if one.by is None else one.name
            yield {"of": words.text, "of_language": words.language, "language": one.language, "text": one.text} | {
                "by": by,
                "at": one.at,
            }


def _message(message: Message) -> Facts:
    return {**message._asdict(), "body": msgspec.Raw(message.body)}


def _access(conn: Connection, vault: Vault, person: int, words: OwnWords) -> Iterable[Mapping[str, Any]]:
    """Everything that was done with the person's data. Names are in it only of staff."""
    names: dict[str, str] = {}
    for each in audit.records(conn, person):
        if each.actor not in names:
            names[each.actor] = who_of(conn, vault, each.actor, words)
        yield {"at": each.at, "who": names[each.actor], "what": each.action, "details": each.details}
