"""Translations: kept sealed beside the words they are of, found by a mark, and gone with the person and the words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from storage import digests, people, translations
from storage.database import Database
from storage.schema import staff
from storage.translations import CardKey, Translation
from storage.vault import Cipher, Vault
from tests.storage.databases import everything
from tests.storage.searching import found_in

WORDS, TEXT = "متعبة جدا", "Very tired"
DAY = timedelta(days=1)


async def cipher_of(database: Database, vault: Vault, person: int) -> Cipher:
    return await database.read(lambda conn: people.participant(conn, vault, person).cipher)


def made(person: int, cipher: Cipher, now: datetime, staff_id: int | None = None, text: str = TEXT) -> Translation:
    kind = "machine" if staff_id is None else "human"
    return Translation(person, cipher.mark(WORDS), "nb", kind, staff_id, now, text)


def share(conn: Connection, cipher: Cipher, person: int, at: datetime, since: datetime | None, number: int = 1) -> None:
    shared = digests.sealed_card(
        cipher,
        participant_id=person,
        conversation=number,
        step="weekly_checkin/sharing",
        dialogue="weekly_checkin",
        version=1,
        language="ar",
        lines=b"[]",
        shared_at=at,
        untranslated_since=since,
    )
    digests.put_cards(conn, [shared])


def test_a_mark_tells_texts_and_people_apart_and_nothing_else() -> None:
    one, other = Cipher(bytes(32)), Cipher(bytes([1] * 32))
    assert one.mark(WORDS) == one.mark(WORDS) != one.mark(TEXT)
    assert one.mark(WORDS) != other.mark(WORDS)
    assert len(one.mark("")) == 32


async def test_a_program_and_somebody_of_the_staff_each_have_one(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    cipher = await cipher_of(database, vault, samira)

    def work(conn: Connection) -> list[Translation]:
        translations.put(conn, cipher, made(samira, cipher, now, text="Tired"))
        translations.put(conn, cipher, made(samira, cipher, now))
        translations.put(conn, cipher, made(samira, cipher, now + DAY, specialists[0], "Worn out"))
        return translations.of_person(conn, cipher, samira)

    found = await database.write(work)
    assert [(one.kind, one.text, one.staff_id) for one in found] == [
        ("machine", TEXT, None),
        ("human", "Worn out", specialists[0]),
    ]
    _, read = (await database.read(lambda conn: translations.of_people(conn, vault, [samira], "nb")))[samira]
    assert {one.text for one in read} == {TEXT, "Worn out"}
    assert await database.read(lambda conn: translations.of_people(conn, vault, [samira], "en")) == {}
    assert await database.read(lambda conn: translations.marks(conn, samira, "nb")) == {cipher.mark(WORDS)}
    key = samira, cipher.mark(WORDS), "nb", "human"
    assert await database.write(lambda conn: translations.remove(conn, *key))
    assert not await database.write(lambda conn: translations.remove(conn, *key))


async def test_neither_the_words_nor_their_translation_can_be_read_in_a_table(
    database: Database, vault: Vault, samira: int, now: datetime
) -> None:
    cipher = await cipher_of(database, vault, samira)
    await database.write(lambda conn: translations.put(conn, cipher, made(samira, cipher, now)))
    stored = await database.read(everything)
    assert b"machine" in stored
    assert found_in(stored, (WORDS, TEXT)) == set()


async def test_only_the_words_that_are_left_keep_theirs(
    database: Database, vault: Vault, samira: int, now: datetime
) -> None:
    cipher = await cipher_of(database, vault, samira)
    other = made(samira, cipher, now)._replace(words=cipher.mark("other words"))

    def work(conn: Connection) -> tuple[set[int], list[Translation]]:
        translations.put(conn, cipher, made(samira, cipher, now))
        translations.put(conn, cipher, other)
        held = translations.holders(conn, [samira, samira + 1])
        translations.keep_only(conn, samira, {other.words})
        return held, translations.of_person(conn, cipher, samira)

    assert await database.write(work) == ({samira}, [other])
    await database.write(lambda conn: translations.keep_only(conn, samira, ()))
    assert await database.read(lambda conn: translations.holders(conn, [samira])) == set()


async def test_an_erased_person_leaves_none(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    cipher = await cipher_of(database, vault, samira)

    def work(conn: Connection) -> tuple[object, object, list[int]]:
        people.assign(conn, samira, specialists[0], now)
        translations.put(conn, cipher, made(samira, cipher, now))
        share(conn, cipher, samira, now, now)
        people.erase(conn, samira)
        left = translations.of_people(conn, vault, [samira], "nb"), translations.holders(conn, [samira])
        return *left, translations.waiting(conn, 10)

    assert await database.write(work) == ({}, set(), [])


async def test_cards_wait_in_the_order_of_sharing_until_they_are_done(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    cipher = await cipher_of(database, vault, samira)

    def shared(conn: Connection) -> None:
        people.assign(conn, samira, specialists[0], now)
        share(conn, cipher, samira, now + DAY, now + DAY, 2)
        share(conn, cipher, samira, now, now, 1)
        share(conn, cipher, samira, now, None, 3)

    await database.write(shared)
    assert await database.read(lambda conn: translations.waiting(conn, 10)) == [samira]
    assert await database.read(lambda conn: translations.waiting(conn, 0)) == []
    cards = await database.read(lambda conn: translations.waiting_cards(conn, cipher, samira))
    step = "weekly_checkin/sharing"
    assert [card.key for card in cards] == [CardKey(1, step, now), CardKey(2, step, now + DAY)]
    specialist = await database.read(lambda conn: people.staff(conn, vault, specialists[0]))
    assert {(card.language, card.target, card.lines) for card in cards} == {("ar", specialist.language, b"[]")}

    def anew(conn: Connection) -> list[int]:
        share(conn, cipher, samira, now + DAY, now + 2 * DAY, 2)
        translations.wait_no_more(conn, samira, [card.key for card in cards])
        return [card.key.conversation for card in translations.waiting_cards(conn, cipher, samira)]

    assert await database.write(anew) == [2]  # it was shared anew meanwhile
    await database.write(lambda conn: translations.forget_machine(conn, samira))
    assert await database.read(lambda conn: translations.waiting(conn, 10)) == []


@pytest.mark.parametrize("who", ["nobody", "somebody new", "somebody who left"])
async def test_what_no_specialist_sees_waits_for_nothing(
    database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime, who: str
) -> None:
    cipher = await cipher_of(database, vault, samira)

    def work(conn: Connection) -> list[int]:
        share(conn, cipher, samira, now, now)
        if who == "somebody new":
            people.assign(conn, samira, specialists[0], now - DAY)
            people.assign(conn, samira, specialists[1], now + DAY)
        if who == "somebody who left":
            people.assign(conn, samira, specialists[0], now - DAY)
            conn.execute(update(staff).where(staff.c.id == specialists[0]).values(active=False))
        return translations.waiting(conn, 10)

    assert await database.write(work) == []
