"""Publications: what coordinators brought into use in the console, and what waits for a second one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, update

from storage import scripts
from storage.schema import publication, publication_version, script_version
from storage.scripts import Texts
from storage.vault import Vault

State = Literal["waiting", "published", "declined", "withdrawn"]


class Content(NamedTuple):
    """What becomes a version of one dialogue: ``follows`` is the version that it was compared with, 0 for none."""

    sources: Mapping[str, str]
    texts: Texts
    follows: int


class Publication(NamedTuple):
    """One of them. ``earlier`` is the version that is used again, 0 for none; ``revision`` that of the draft, or 0."""

    id: int
    dialogue: str
    revision: int
    earlier: int
    content: Mapping[str, Content]
    note: str
    staff_id: int
    at: datetime
    state: State
    second_id: int | None = None
    decided_at: datetime | None = None
    answer: str = ""


class Overtaken(Exception):
    """Another version came into use meanwhile, so what was compared is not what would change."""


def ask(
    conn: Connection,
    vault: Vault,
    *,
    dialogue: str,
    revision: int,
    earlier: int,
    content: Mapping[str, Content],
    note: str,
    staff_id: int,
    now: datetime,
) -> int:
    """The number of a publication that waits. One that waited for the same dialogue is withdrawn."""
    waits = (publication.c.dialogue == dialogue) & (publication.c.state == "waiting")
    conn.execute(update(publication).where(waits).values(state="withdrawn", decided_at=now))
    row = {"dialogue": dialogue, "revision": revision, "earlier": earlier, "staff_id": staff_id, "at": now}
    packed = {name: one._asdict() for name, one in content.items()}
    sealed = vault.deployment.seal(_place("note", dialogue), note)
    made = conn.execute(
        insert(publication), {**row, "content": packed, "sealed_note": sealed, "state": "waiting"}
    ).inserted_primary_key
    assert made is not None, "an insert of one row has a key"
    return int(made[0])


def carry_out(conn: Connection, found: Publication, *, by: str, second_id: int | None, now: datetime) -> dict[str, int]:
    """Dialogue -> its version now. Raises Overtaken, and has then changed nothing."""
    scripts.one_at_a_time(conn)
    newest = scripts.latest_versions(conn)
    if any(newest.get(name, 0) != one.follows for name, one in found.content.items()):
        raise Overtaken
    if not _decide(conn, found.id, "published", second_id, None, now):
        raise Overtaken
    versions = {}
    for name, one in found.content.items():
        number = scripts.publish(conn, name, one.sources, one.texts, by, now)
        if number != one.follows:
            row = {"dialogue": name, "version": number, "publication_id": found.id}
            conn.execute(insert(publication_version), row)
        versions[name] = number
    return versions


def decline(conn: Connection, vault: Vault, found: Publication, answer: str, second_id: int, now: datetime) -> bool:
    """Whether it still waited; now it does not come into use."""
    sealed = vault.deployment.seal(_place("answer", found.dialogue), answer)
    return _decide(conn, found.id, "declined", second_id, sealed, now)


def withdraw(conn: Connection, number: int, now: datetime) -> bool:
    """Whether it still waited; whoever asked does not want it any more."""
    return _decide(conn, number, "withdrawn", None, None, now)


def get(conn: Connection, vault: Vault, number: int) -> Publication | None:
    """One of them."""
    row = conn.execute(select(publication).where(publication.c.id == number)).first()
    return None if row is None else _publication(vault, row)


def waiting(conn: Connection, vault: Vault) -> list[Publication]:
    """Those that wait for a second person, oldest first."""
    asked = select(publication).where(publication.c.state == "waiting").order_by(publication.c.id)
    return [_publication(vault, row) for row in conn.execute(asked)]


def of_dialogue(conn: Connection, vault: Vault, dialogue: str, most: int = 50) -> list[Publication]:
    """Those of a dialogue, newest first."""
    asked = select(publication).filter_by(dialogue=dialogue).order_by(publication.c.id.desc()).limit(most)
    return [_publication(vault, row) for row in conn.execute(asked)]


def by_version(conn: Connection, vault: Vault, dialogue: str) -> dict[int, Publication]:
    """The publications that the versions of a dialogue came of, by version."""
    both = publication_version.c.publication_id == publication.c.id
    asked = select(publication_version.c.version, *publication.c).join(publication_version, both)
    rows = conn.execute(asked.where(publication_version.c.dialogue == dialogue))
    return {row[0]: _publication(vault, row) for row in rows}


def held(conn: Connection) -> frozenset[str]:
    """The dialogues whose version in use was published in the console as their own: files do not change them any more.
    Those that only run such a one are not among them."""
    columns = script_version.c
    newest = select(columns.dialogue, func.max(columns.version).label("version")).group_by(columns.dialogue).subquery()
    same = (publication_version.c.dialogue == newest.c.dialogue) & (publication_version.c.version == newest.c.version)
    own = (publication.c.id == publication_version.c.publication_id) & (publication.c.dialogue == newest.c.dialogue)
    asked = select(newest.c.dialogue).join(publication_version, same).join(publication, own)
    return frozenset(conn.execute(asked).scalars())


def _decide(
    conn: Connection, number: int, state: State, second_id: int | None, answer: bytes | None, now: datetime
) -> bool:
    values = {"state": state, "second_id": second_id, "decided_at": now, "sealed_answer": answer}
    still = (publication.c.id == number) & (publication.c.state == "waiting")
    return conn.execute(update(publication).where(still).values(**values)).rowcount == 1


def _place(column: str, dialogue: str) -> str:
    return f"publication.sealed_{column}|{dialogue}"


def _publication(vault: Vault, row: Row[Any]) -> Publication:
    sealed = row.sealed_answer
    answer = vault.deployment.open(_place("answer", row.dialogue), sealed).decode() if sealed is not None else ""
    return Publication(
        id=row.id,
        dialogue=row.dialogue,
        revision=row.revision,
        earlier=row.earlier,
        content={name: Content(**one) for name, one in row.content.items()},
        note=vault.deployment.open(_place("note", row.dialogue), row.sealed_note).decode(),
        staff_id=row.staff_id,
        at=row.at,
        state=row.state,
        second_id=row.second_id,
        decided_at=row.decided_at,
        answer=answer,
    )
