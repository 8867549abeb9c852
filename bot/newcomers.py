"""Newcomers: who is added by staff, and the ways that are opened and closed for somebody who is here.

Every function takes an open transaction, and each of its doings is in the audit. ``by`` is "staff:7" or "command line".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from sqlalchemy import Connection, select

from bot.admission import send_away
from bot.invitation import new_token
from bot.programme import Missing, Programme
from storage import addresses, audit, invitations, outbox, people, schema
from storage.people import Staff, Who
from storage.vault import Vault

LONGEST_NAME = 80
"""Letters of a name or a pseudonym, which stand in sentences and on buttons."""


class NotAdded(ValueError):
    """What cannot be used. ``reason`` is "lacks" (a name), "long", "taken" (the pseudonym), "reached" (in this
    chat already) or "unknown" (none of those that can be chosen)."""

    def __init__(self, reason: str, pseudonym: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.pseudonym = pseudonym


class NobodyNew(Exception):
    """Nobody new can be taken in now, because of what is ``missing`` in the programme file."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(", ".join(each.what for each in missing))
        self.missing = missing


def add(
    conn: Connection,
    vault: Vault,
    programme: Programme,
    *,
    name: str,
    pseudonym: str,
    language: str,
    specialist: Staff,
    by: str,
    now: datetime,
) -> int:
    """The number of a new participant, whom this specialist accompanies. Raises NobodyNew, and NotAdded.

    Two people of one specialist cannot have the same pseudonym: on lists and in mails nobody could tell them apart.
    """
    if missing := programme.missing(now.date()):
        raise NobodyNew(missing)
    name, pseudonym = " ".join(name.split()), " ".join(pseudonym.split())
    if not name or not pseudonym:
        raise NotAdded("lacks")
    if max(len(name), len(pseudonym)) > LONGEST_NAME:
        raise NotAdded("long")
    if pseudonym.casefold() in {one.pseudonym.casefold() for one in people.caseload(conn, vault, specialist.id)}:
        raise NotAdded("taken")
    values = {"name": name, "pseudonym": pseudonym, "language": language, "time_zone": specialist.time_zone}
    person = people.add_participant(conn, vault, **values, now=now)
    people.assign(conn, person, specialist.id, now)
    audit.record(conn, at=now, actor=by, action="participant.added", participant_id=person)
    return person


def open_web_chat(conn: Connection, vault: Vault, person: int, by: str, now: datetime, random: Random) -> str:
    """The path of a new personal link to the web chat. Earlier ones keep opening it. Raises KeyError and Erased."""
    people.present(conn, vault, person)
    token = new_token(random)
    people.new_link(conn, vault, Who(participant_id=person), token, now)
    audit.record(conn, at=now, actor=by, action="link.made", participant_id=person)
    return f"/c/{token}"


def take_back(conn: Connection, person: int, by: str, now: datetime) -> None:
    """No invitation of this person opens anything any more, and whoever waits with one waits no longer."""
    for channel in channels_of(conn, person, addresses.WAITING):
        send_away(conn, person, channel, by, "address.refused", now)
    invitations.revoke(conn, person, now)
    audit.record(conn, at=now, actor=by, action="invitation.revoked", participant_id=person)


def leave_messengers(conn: Connection, person: int, by: str, now: datetime) -> None:
    """The chats that this person has had so far are theirs no longer, so that a new invitation can open another one."""
    outbox.cancel(conn, [person])  # First, as delivery does: two who lock in different orders wait for each other.
    for channel in channels_of(conn, person):
        send_away(conn, person, channel, by, "address.detached", now)


def channels_of(conn: Connection, person: int, *states: str) -> list[str]:
    """Where somebody has an address, or one in one of these states."""
    address = schema.address
    asked = select(address.c.channel).where(address.c.participant_id == person).order_by(address.c.channel)
    return list(conn.scalars(asked.where(address.c.state.in_(states)) if states else asked))
