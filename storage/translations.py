"""Translations: what people's own words mean in another language, made by a program or written by staff.

A translation is found by a keyed hash of the words (``Cipher.mark``), and sealed with the key of the person whose words
they are. Which words are still shared is known to whoever calls (``bot.translating``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Column, Connection, Label, Row, Select, and_, delete, func, insert, select, update

from storage.among import among
from storage.digests import card_place
from storage.schema import assignment, card, participant, staff, translation
from storage.vault import Cipher, Vault

Kind = Literal["machine", "human"]


class Translation(NamedTuple):
    """One translation of words with the mark ``words``. ``staff_id`` is who wrote it, None for a program."""

    participant_id: int
    words: bytes
    language: str
    kind: Kind
    staff_id: int | None
    at: datetime
    text: str


class CardKey(NamedTuple):
    """One card of a person, as it waits since then."""

    conversation: int
    step: str
    since: datetime


class WaitingCard(NamedTuple):
    """A card whose own words wait to be translated into ``target``. ``lines`` are as the share step stored them."""

    key: CardKey
    language: str
    target: str
    lines: bytes

    @property
    def since(self) -> datetime:
        """When it was left to be translated."""
        return self.key.since


def put(conn: Connection, cipher: Cipher, made: Translation) -> None:
    """Store a translation instead of the one of the same kind."""
    remove(conn, made.participant_id, made.words, made.language, made.kind)
    row = {name: value for name, value in made._asdict().items() if name != "text"}
    conn.execute(insert(translation), {**row, "sealed_text": cipher.seal(_place(made), made.text)})


def remove(conn: Connection, participant_id: int, words: bytes, language: str, kind: Kind) -> bool:
    """Delete a translation: whether there was one."""
    this = and_(
        translation.c.participant_id == participant_id,
        translation.c.words == words,
        translation.c.language == language,
        translation.c.kind == kind,
    )
    return bool(conn.execute(delete(translation).where(this)).rowcount)


def of_people(
    conn: Connection, vault: Vault, ids: Iterable[int], language: str
) -> dict[int, tuple[Cipher, list[Translation]]]:
    """What there is for these people in one language, with their ciphers. Others are left out. One statement."""
    asked = (
        select(translation, participant.c.data_key)
        .join(participant, participant.c.id == translation.c.participant_id)
        .where(
            among(translation.c.participant_id, "ids"),
            translation.c.language == language,
            participant.c.data_key.is_not(None),
        )
    )
    found: dict[int, tuple[Cipher, list[Translation]]] = {}
    for row in conn.execute(asked, {"ids": list(ids)}).all():
        person = row.participant_id
        if person not in found:
            found[person] = vault.cipher(f"participant:{person}", row.data_key), []
        found[person][1].append(_opened(found[person][0], row))
    return found


def of_person(conn: Connection, cipher: Cipher, participant_id: int) -> list[Translation]:
    """All translations of one person's words, by language."""
    asked = select(translation).where(translation.c.participant_id == participant_id)
    rows = conn.execute(asked.order_by(translation.c.language, translation.c.at, translation.c.words))
    return [_opened(cipher, row) for row in rows]


def marks(conn: Connection, participant_id: int, language: str) -> set[bytes]:
    """The words of one person that have a translation in a language."""
    mine = and_(translation.c.participant_id == participant_id, translation.c.language == language)
    return set(conn.scalars(select(translation.c.words).where(mine)))


def holders(conn: Connection, ids: Iterable[int]) -> set[int]:
    """Those of these people of whose words there is any translation."""
    asked = select(translation.c.participant_id).where(among(translation.c.participant_id, "ids")).distinct()
    return set(conn.scalars(asked, {"ids": list(ids)}))


def keep_only(conn: Connection, participant_id: int, words: Collection[bytes]) -> None:
    """Delete every translation of one person's words but those of these."""
    mine = translation.c.participant_id == participant_id
    for mark in set(conn.scalars(select(translation.c.words).where(mine))) - set(words):
        conn.execute(delete(translation).where(mine, translation.c.words == mark))


def forget_machine(conn: Connection, participant_id: int) -> None:
    """Delete what a program made of one person's words, and let none of theirs wait for it."""
    of_a_program = and_(translation.c.participant_id == participant_id, translation.c.kind == "machine")
    conn.execute(delete(translation).where(of_a_program))
    waits = and_(card.c.participant_id == participant_id, card.c.untranslated_since.is_not(None))
    conn.execute(update(card).where(waits).values(untranslated_since=None))


# What waits -----------------------------------------------------------------------------------------------------------


def waiting(conn: Connection, most: int) -> list[int]:
    """At most so many people whose cards wait, those first whose card waits longest. Nothing is decrypted."""
    asked = (
        _visible(card.c.participant_id)
        .group_by(card.c.participant_id)
        .order_by(func.min(card.c.untranslated_since), card.c.participant_id)
        .limit(most)
    )
    return list(conn.scalars(asked))


def waiting_cards(conn: Connection, cipher: Cipher, participant_id: int) -> list[WaitingCard]:
    """The cards of one person that wait, oldest first."""
    columns = (card.c.conversation, card.c.step, card.c.untranslated_since, card.c.language)
    asked = _visible(card.c.participant_id, *columns, card.c.sealed_lines, staff.c.language.label("target"))
    rows = conn.execute(asked.where(card.c.participant_id == participant_id).order_by(card.c.shared_at)).all()
    return [
        WaitingCard(
            CardKey(row.conversation, row.step, row.untranslated_since),
            row.language,
            row.target,
            cipher.open(card_place(row), row.sealed_lines),
        )
        for row in rows
    ]


def wait_no_more(conn: Connection, participant_id: int, keys: Sequence[CardKey]) -> None:
    """These cards do not wait any more. One that was shared anew meanwhile goes on waiting."""
    for key in keys:
        this = and_(
            card.c.participant_id == participant_id,
            card.c.conversation == key.conversation,
            card.c.step == key.step,
            card.c.untranslated_since == key.since,
        )
        conn.execute(update(card).where(this).values(untranslated_since=None))


def _visible(*columns: Column[Any] | Label[Any]) -> Select[Any]:
    """Of cards that wait and that the specialist of now sees."""
    return (
        select(*columns)
        .join(participant, participant.c.id == card.c.participant_id)
        .join(assignment, assignment.c.participant_id == card.c.participant_id)
        .join(staff, staff.c.id == assignment.c.staff_id)
        .where(
            card.c.untranslated_since.is_not(None),
            participant.c.data_key.is_not(None),
            assignment.c.until.is_(None),
            staff.c.active,
            card.c.shared_at >= func.coalesce(assignment.c.sees_since, assignment.c.since),
        )
    )


def _opened(cipher: Cipher, row: Row[Any]) -> Translation:
    plain = (row.participant_id, row.words, row.language, row.kind, row.staff_id, row.at)
    return Translation(*plain, cipher.open(_place(row), row.sealed_text).decode())


def _place(of: Translation | Row[Any]) -> str:
    return f"translation.text|{of.participant_id}|{of.words.hex()}|{of.language}|{of.kind}"
