"""Logbook: the records of what was done, in words. Staff have names in it and participants numbers; of the details of
an act there is only what says nothing about a participant's answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.digest.words import StaffWords
from storage import staffing
from storage.audit import AuditRecord
from storage.vault import Vault

TOLD = (
    "staff",
    "from",
    "to",
    "by",
    "cover",
    "role",
    "changed",
    "first",
    "last",
    "back",
    "channel",
    "how",
    "why",
    "purpose",
    "until",
    "people",
    "dialogue",
    "version",
    "month",
    "kind",
    "second",
    "working_days",
    "digest_at",
    "time_zone",
)
"""Details that are shown. What names questions, lines or conversations is not: it would tell what somebody said."""

_OF_STAFF = ("staff", "by", "cover", "second")


class Line(NamedTuple):
    """One record in words. ``action`` is its name in the table."""

    number: int
    record: AuditRecord
    who: str
    action: str
    does: str
    participant: str
    details: str


def names_of(conn: Connection, vault: Vault) -> dict[int, str]:
    """Everybody who is or was on the staff, by number."""
    return {one.id: one.name for one, _ in staffing.members(conn, vault)}


def lines(records: Iterable[AuditRecord], names: Mapping[int, str], words: StaffWords) -> Iterator[Line]:
    """The records, worded."""
    for one in records:
        yield Line(
            number=one.id,
            record=one,
            who=who(one.actor, names, words),
            action=one.action,
            does=does(one.action, words),
            participant="" if one.participant_id is None else str(one.participant_id),
            details="; ".join(_details(one, names, words)),
        )


def does(action: str, words: StaffWords) -> str:
    """What an action means. One of an older or newer Medvind that has no words stands as it is written down."""
    return words.ui.get(text_of(action), action)


def text_of(action: str) -> str:
    """The name of the text for an action."""
    return f"staff/log.does.{re.sub('[^a-z0-9]+', '_', action)}"


def who(actor: str, names: Mapping[int, str], words: StaffWords) -> str:
    """An actor in words."""
    kind, _, number = actor.partition(":")
    if kind == "participant" and number:
        return words.say("log.a_participant", number=number)
    if kind == "staff" and number.isdecimal():
        return names.get(int(number), words.say("log.somebody"))
    known = {"system": "system", "command line": "command_line", "start": "start"}
    return words.say(f"log.{known.get(actor, 'somebody')}")


def _details(one: AuditRecord, names: Mapping[int, str], words: StaffWords) -> Iterator[str]:
    for key in TOLD:
        if one.details is not None and key in one.details:
            yield f"{key.replace('_', ' ')}: {_value(one, key, one.details[key], names, words)}"


def _value(one: AuditRecord, key: str, value: Any, names: Mapping[int, str], words: StaffWords) -> str:
    of_staff = key in _OF_STAFF or (one.action == "specialist changed" and key in ("from", "to"))
    if of_staff and value is None:
        return words.say("log.nobody")
    if of_staff and isinstance(value, int):
        return names.get(value, words.say("log.somebody"))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
