"""Publishing: a draft becomes a version that people meet, by one coordinator or, where it has to be, by two."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.editor.proposing import Proposal
from storage import audit, drafts, publications
from storage.publications import Content, Overtaken, Publication
from storage.vault import Vault

Decided = Literal["published", "waits", "overtaken"]


def publish(
    conn: Connection, vault: Vault, found: Proposal, *, note: str, staff_id: int, now: datetime
) -> tuple[Decided, int]:
    """Bring a proposal into use, or let it wait for a second coordinator; with the number of the publication."""
    current = found.current
    number = _ask(
        conn,
        vault,
        current.dialogue,
        content=dict(found.content),
        revision=current.revision,
        earlier=0,
        note=note,
        staff_id=staff_id,
        now=now,
    )
    return _next(conn, vault, number, guarded=found.guarded, staff_id=staff_id, now=now)


def use_again(
    conn: Connection,
    vault: Vault,
    dialogue: str,
    content: Content,
    *,
    earlier: int,
    guarded: bool,
    note: str,
    staff_id: int,
    now: datetime,
) -> tuple[Decided, int]:
    """The same for an earlier version. A draft stays as it is."""
    number = _ask(
        conn,
        vault,
        dialogue,
        content={dialogue: content},
        revision=0,
        earlier=earlier,
        note=note,
        staff_id=staff_id,
        now=now,
    )
    return _next(conn, vault, number, guarded=guarded, staff_id=staff_id, now=now)


def agree(conn: Connection, vault: Vault, found: Publication, *, second_id: int, now: datetime) -> Decided:
    """A second coordinator brings it into use."""
    try:
        _carry_out(conn, found, second_id=second_id, now=now)
    except Overtaken:
        publications.withdraw(conn, found.id, now)
        return "overtaken"
    return "published"


def decline(conn: Connection, vault: Vault, found: Publication, *, answer: str, second_id: int, now: datetime) -> None:
    """A second coordinator does not agree, and says why. The draft is there as before."""
    if publications.decline(conn, vault, found, answer, second_id, now):
        _note(conn, "script.declined", found.dialogue, found.id, second_id, now)


def withdraw(conn: Connection, found: Publication, *, staff_id: int, now: datetime) -> None:
    """Whoever asked takes it back."""
    if publications.withdraw(conn, found.id, now):
        _note(conn, "script.withdrawn", found.dialogue, found.id, staff_id, now)


def _ask(
    conn: Connection,
    vault: Vault,
    dialogue: str,
    *,
    content: dict[str, Content],
    revision: int,
    earlier: int,
    note: str,
    staff_id: int,
    now: datetime,
) -> int:
    return publications.ask(
        conn,
        vault,
        dialogue=dialogue,
        revision=revision,
        earlier=earlier,
        content=content,
        note=note,
        staff_id=staff_id,
        now=now,
    )


def _next(
    conn: Connection, vault: Vault, number: int, *, guarded: bool, staff_id: int, now: datetime
) -> tuple[Decided, int]:
    found = publications.get(conn, vault, number)
    assert found is not None, "it was stored a moment ago"
    if guarded:
        _note(conn, "script.asked", found.dialogue, number, staff_id, now)
        return "waits", number
    try:
        _carry_out(conn, found, second_id=None, now=now)
    except Overtaken:
        publications.withdraw(conn, number, now)
        return "overtaken", number
    return "published", number


def _carry_out(conn: Connection, found: Publication, *, second_id: int | None, now: datetime) -> None:
    by = f"staff:{found.staff_id}" + (f", staff:{second_id}" if second_id is not None else "")
    versions = publications.carry_out(conn, found, by=by, second_id=second_id, now=now)
    if found.revision:
        drafts.put_away(conn, found.dialogue, found.revision)
    for dialogue, version in versions.items():
        details = {"dialogue": dialogue, "version": version, "publication": found.id}
        audit.record(
            conn,
            at=now,
            actor=f"staff:{second_id or found.staff_id}",
            action="script.published",
            details={**details, "by": found.staff_id},
        )


def _note(conn: Connection, action: str, dialogue: str, number: int, staff_id: int, now: datetime) -> None:
    details = {"dialogue": dialogue, "publication": number}
    audit.record(conn, at=now, actor=f"staff:{staff_id}", action=action, details=details)
