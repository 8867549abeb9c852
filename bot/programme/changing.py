"""Changing: how a coordinator's draft of the programme comes into force, alone or with somebody else's agreement.

Every function takes an open transaction and writes down in the audit what it did. Whoever acts says which text and
which version were on the page: if either has changed since, nothing happens.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.programme.guarded import changed, needs_two
from bot.programme.programme import Programme
from bot.programme.versions import in_force, readable, readable_still
from storage import audit, programmes
from storage.people import Staff
from storage.programmes import Draft, Version
from storage.vault import Vault

LONGEST_NOTE = 500
"""Letters of what is said to a draft."""


class Overtaken(Exception):
    """The draft or the programme has changed since the page was made, or the draft is gone."""


class OwnDraft(Exception):
    """Nobody agrees to what they wrote themselves."""


def save(conn: Connection, vault: Vault, staff: Staff, text: str, now: datetime) -> None:
    """Keep somebody's draft, which begins at the version that is in force. Raises ProgrammeRefused."""
    readable(text)
    base = programmes.latest_version(conn) or 0
    programmes.save_draft(conn, staff.id, base, text, now)


def send(
    conn: Connection, vault: Vault, staff: Staff, mark: str, note: str, now: datetime
) -> Literal["published", "waiting"]:
    """Bring the own draft into force, or have it wait for somebody else where it takes two. Raises Overtaken."""
    programmes.lock(conn)
    mine = programmes.own_draft(conn, vault, staff.id)
    if mine is None or mine.state != "draft" or mine.mark != mark:
        raise Overtaken
    before, after = _both(conn, vault, mine)
    actor = f"staff:{staff.id}"
    if before is not None and needs_two(before, after):
        programmes.put_forward(conn, vault, mine.id, note[:LONGEST_NOTE], now)
        details = {"draft": mine.id, "guarded": list(changed(before, after))}
        audit.record(conn, at=now, actor=actor, action="programme.proposed", details=details)
        return "waiting"
    _publish(conn, vault, mine, actor, "", note[:LONGEST_NOTE], now)
    programmes.decide(conn, vault, mine.id, "agreed", staff.id, now)
    return "published"


def agree(conn: Connection, vault: Vault, staff: Staff, draft_id: int, mark: str, now: datetime) -> int:
    """Bring into force what somebody else put forward: the new version. Raises Overtaken and OwnDraft."""
    programmes.lock(conn)
    theirs = _waiting(conn, vault, staff, draft_id, mark)
    _both(conn, vault, theirs)
    number = _publish(conn, vault, theirs, f"staff:{theirs.staff_id}", f"staff:{staff.id}", theirs.note, now)
    programmes.decide(conn, vault, theirs.id, "agreed", staff.id, now)
    return number


def decline(conn: Connection, vault: Vault, staff: Staff, draft_id: int, mark: str, words: str, now: datetime) -> None:
    """Say no to what somebody else put forward; they read the words. Raises Overtaken and OwnDraft."""
    programmes.lock(conn)
    theirs = _waiting(conn, vault, staff, draft_id, mark)
    programmes.decide(conn, vault, theirs.id, "declined", staff.id, now, words[:LONGEST_NOTE])
    details = {"draft": theirs.id, "of": theirs.staff_id}
    audit.record(conn, at=now, actor=f"staff:{staff.id}", action="programme.declined", details=details)


def drop(conn: Connection, vault: Vault, staff: Staff, now: datetime) -> None:
    """Throw the own draft away, also one that waits."""
    programmes.lock(conn)
    mine = programmes.own_draft(conn, vault, staff.id)
    if mine is not None:
        programmes.decide(conn, vault, mine.id, "dropped", staff.id, now)
        details = {"draft": mine.id}
        audit.record(conn, at=now, actor=f"staff:{staff.id}", action="programme.dropped", details=details)


def publish_file(conn: Connection, vault: Vault, text: str, by: Staff, second: Staff, now: datetime) -> int:
    """Bring a file into force that two coordinators agreed to on the command line: the version. Nothing is stored
    where it says what is in force already. Raises ProgrammeRefused."""
    programmes.lock(conn)
    readable(text)
    before = programmes.latest(conn, vault)
    file = programmes.fingerprint(text)
    if before is not None and (before.text, before.file) == (text, file):
        return before.version
    actors = f"staff:{by.id}", f"staff:{second.id}"
    number = programmes.publish(conn, vault, text, file=file, by=actors[0], second=actors[1], now=now)
    _written_down(conn, number, before, readable(text), *actors, now)
    return number


def _waiting(conn: Connection, vault: Vault, staff: Staff, draft_id: int, mark: str) -> Draft:
    try:
        theirs = programmes.draft(conn, vault, draft_id)
    except KeyError:
        raise Overtaken from None
    if theirs.state != "waiting" or theirs.mark != mark:
        raise Overtaken
    if theirs.staff_id == staff.id:
        raise OwnDraft
    return theirs


def _both(conn: Connection, vault: Vault, draft: Draft) -> tuple[Programme | None, Programme]:
    """What is in force and what a draft says. Raises Overtaken where it was written on top of an earlier version."""
    if (programmes.latest_version(conn) or 0) != draft.base:
        raise Overtaken
    found = in_force(conn, vault)
    return (found.programme if found else None), readable(draft.text)


def _publish(conn: Connection, vault: Vault, draft: Draft, by: str, second: str, note: str, now: datetime) -> int:
    before = programmes.latest(conn, vault)
    file = before.file if before else ""
    number = programmes.publish(conn, vault, draft.text, file=file, by=by, second=second, note=note, now=now)
    _written_down(conn, number, before, readable(draft.text), by, second, now)
    return number


def _written_down(
    conn: Connection, number: int, before: Version | None, after: Programme, by: str, second: str, now: datetime
) -> None:
    old = readable_still(before)
    guarded = [] if old is None else list(changed(old, after))
    agreed = {"second": int(second.partition(":")[2])} if second else {}
    details = {"version": number, **agreed, "guarded": guarded}
    audit.record(conn, at=now, actor=by, action="programme.published", details=details)
