"""Logbook: the records of what was done, in words. Staff have names in it and participants numbers; of the details of
an act there is only what says nothing about a participant's answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.dates import moment_text
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
    "reviews",
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


_DAYS = ("first", "last", "back", "until", "from", "to")
"""Those of them that can be days or moments."""


class Detail(NamedTuple):
    """One of them. ``value`` is worded, or a name in the program (``is_name``), which is the same in every language;
    ``written`` is key and value as a table has them."""

    label: str
    value: str
    is_name: bool
    written: str


class Line(NamedTuple):
    """One record in words. ``action`` is its name in the table."""

    number: int
    record: AuditRecord
    who: str
    action: str
    does: str
    participant: str
    details: tuple[Detail, ...]


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
            details=tuple(_details(one, names, words)),
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


def _details(one: AuditRecord, names: Mapping[int, str], words: StaffWords) -> Iterator[Detail]:
    for key in TOLD:
        if one.details is not None and key in one.details:
            given = one.details[key]
            value, raw = _worded(one, key, given, names, words), _written(given)
            written = f"{key.replace('_', ' ')}: {_named(one, key, given, names, words) or raw}"
            yield Detail(words.say(f"log.detail.{key}"), value or raw, not value, written)


def _worded(one: AuditRecord, key: str, value: Any, names: Mapping[int, str], words: StaffWords) -> str:
    """A detail as it is said in the language, or ""."""
    if named := _named(one, key, value, names, words):
        return named
    if key == "role":
        return words.ui.get(f"staff/role.{value}", "")
    if key in _DAYS and isinstance(value, str):
        return _when(value, words)
    return words.number(value) if isinstance(value, int) else ""


def _named(one: AuditRecord, key: str, value: Any, names: Mapping[int, str], words: StaffWords) -> str:
    """The name, where a detail is somebody on the staff."""
    if key not in _OF_STAFF and not (one.action == "specialist changed" and key in ("from", "to")):
        return ""
    if value is None:
        return words.say("log.nobody")
    return names.get(value, words.say("log.somebody")) if isinstance(value, int) else ""


def _when(value: str, words: StaffWords) -> str:
    """A day or a moment in words, or "" where it is none."""
    try:
        if len(value) == len("2025-05-05"):
            return words.day(date.fromisoformat(value))
        return moment_text(value, words.zone, words.language)
    except ValueError:
        return ""


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
