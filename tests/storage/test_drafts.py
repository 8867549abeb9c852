"""Drafts, publications, translations and examples of scripts, on both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import drafts, examples, people, publications, script_texts, scripts, text_notes
from storage.database import Database
from storage.drafts import Draft
from storage.publications import Content, Overtaken, Publication
from storage.script_texts import ScriptText
from storage.text_notes import TextNote
from storage.vault import Vault

TEXTS = {"en": {"talk/hello": "Hello"}}


@pytest.fixture
async def nora(database: Database, vault: Vault, now: datetime) -> int:
    def add(conn: Connection) -> int:
        scripts.publish(conn, "talk", {"talk": "one"}, TEXTS, "start", now)
        return people.add_staff(
            conn,
            vault,
            name="Nora",
            mail="nora@example.org",
            role="coordinator",
            language="en",
            time_zone="UTC",
            now=now,
        )

    return await database.write(add)


async def save(database: Database, text: str, after: int | None, base: int, by: int, now: datetime) -> Draft | None:
    return await database.write(
        lambda conn: drafts.save(conn, "talk", text, after=after, base=base, staff_id=by, now=now)
    )


async def test_a_draft_is_saved_only_on_what_it_was_made_from(database: Database, nora: int, now: datetime) -> None:
    assert await save(database, "two", None, 0, nora, now) is None, "version 1 is in use"
    first = await save(database, "two", None, 1, nora, now)
    assert first == Draft("talk", 1, 1, "two", nora, now)
    assert await save(database, "three", None, 1, nora, now) is None
    assert await save(database, "three", 7, 1, nora, now) is None
    second = await save(database, "three", 1, 1, nora, now)
    assert await database.read(drafts.all_drafts) == {"talk": second}
    assert await database.read(lambda conn: drafts.text_of(conn, "talk", 1)) == "two"
    with pytest.raises(KeyError):
        await database.read(lambda conn: drafts.text_of(conn, "talk", 3))
    assert not await database.write(lambda conn: drafts.put_away(conn, "talk", 1))
    assert await database.write(lambda conn: drafts.put_away(conn, "talk", 2))
    assert await database.read(lambda conn: drafts.draft(conn, "talk")) is None
    third = await save(database, "four", None, 1, nora, now)
    assert third is not None
    assert third.revision == 3, "numbers are never used again"
    kept = await database.read(lambda conn: drafts.revisions(conn, "talk"))
    assert [one.revision for one in kept] == [3, 2, 1]


async def test_of_two_who_save_at_once_one_is_told(database: Database, nora: int, now: datetime) -> None:
    found = await asyncio.gather(*(save(database, text, None, 1, nora, now) for text in ("a", "b", "c")))
    assert sum(one is not None for one in found) == 1
    assert len(await database.read(lambda conn: drafts.revisions(conn, "talk"))) == 1


async def test_who_is_there_counts_for_a_minute(database: Database, nora: int, now: datetime) -> None:
    for moment in (now, now + timedelta(seconds=30)):
        await database.write(lambda conn, at=moment: drafts.note_presence(conn, "talk", nora, at))
    assert await database.read(lambda conn: drafts.present(conn, now + timedelta(seconds=90))) == {"talk": (nora,)}
    assert await database.read(lambda conn: drafts.present(conn, now + timedelta(seconds=91))) == {}


def asked(conn: Connection, vault: Vault, by: int, now: datetime, follows: int = 1, text: str = "two") -> int:
    content = {"talk": Content({"talk": text}, TEXTS, follows)}
    return publications.ask(
        conn, vault, dialogue="talk", revision=0, earlier=0, content=content, note="Why", staff_id=by, now=now
    )


async def found(database: Database, vault: Vault, number: int) -> Publication:
    one = await database.read(lambda conn: publications.get(conn, vault, number))
    assert one is not None
    return one


async def test_a_publication_waits_and_comes_into_use_once(
    database: Database, vault: Vault, nora: int, now: datetime
) -> None:
    first = await database.write(lambda conn: asked(conn, vault, nora, now))
    number = await database.write(lambda conn: asked(conn, vault, nora, now, text="three"))
    assert (await found(database, vault, first)).state == "withdrawn", "only the newest waits"
    waits = await found(database, vault, number)
    assert (waits.note, waits.content["talk"].sources, waits.state) == ("Why", {"talk": "three"}, "waiting")
    assert await database.read(publications.held) == frozenset()
    done = await database.write(lambda conn: publications.carry_out(conn, waits, by="staff:1", second_id=None, now=now))
    assert done == {"talk": 2}
    assert await database.read(publications.held) == {"talk"}
    with pytest.raises(Overtaken):
        await database.write(lambda conn: publications.carry_out(conn, waits, by="x", second_id=None, now=now))
    by_version = await database.read(lambda conn: publications.by_version(conn, vault, "talk"))
    assert [(version, one.id) for version, one in by_version.items()] == [(2, number)]
    await database.write(lambda conn: scripts.publish(conn, "talk", {"talk": "four"}, TEXTS, "start", now))
    assert await database.read(publications.held) == frozenset(), "the folder brought the newest"


async def test_what_was_overtaken_changes_nothing(database: Database, vault: Vault, nora: int, now: datetime) -> None:
    number = await database.write(lambda conn: asked(conn, vault, nora, now, follows=0))
    waits = await found(database, vault, number)
    with pytest.raises(Overtaken):
        await database.write(lambda conn: publications.carry_out(conn, waits, by="x", second_id=None, now=now))
    assert (await found(database, vault, number)).state == "waiting"
    assert await database.read(lambda conn: scripts.latest_version(conn, "talk")) == 1


async def test_a_publication_is_declined_with_words(database: Database, vault: Vault, nora: int, now: datetime) -> None:
    number = await database.write(lambda conn: asked(conn, vault, nora, now))
    waits = await found(database, vault, number)
    assert await database.write(lambda conn: publications.decline(conn, vault, waits, "Not so", nora, now))
    assert not await database.write(lambda conn: publications.withdraw(conn, number, now))
    declined = await found(database, vault, number)
    assert (declined.state, declined.answer, declined.second_id) == ("declined", "Not so", nora)
    assert await database.read(lambda conn: publications.waiting(conn, vault)) == []
    assert len(await database.read(lambda conn: publications.of_dialogue(conn, vault, "talk"))) == 1


async def test_a_translation_belongs_to_one_wording(database: Database, nora: int, now: datetime) -> None:
    one = ScriptText("ar", "talk/hello", "Hello", "مرحبا", "human draft", nora, now)
    blank, other = one._replace(text=" "), one._replace(source="Hi")
    again = one._replace(text="أهلا", state="reviewed", at=now + timedelta(days=1))
    stored = [
        await database.write(lambda conn, given=given: script_texts.put(conn, given))
        for given in (one, blank, other, again)
    ]
    assert stored == [True, False, True, True]
    assert await database.read(script_texts.every) == [other, again]
    assert await database.read(lambda conn: script_texts.of_dialogues(conn, ["tal"])) == []
    assert script_texts.dialogue_of("talk.title") == "talk"


async def test_a_note_at_a_text_takes_the_place_of_the_one_before(
    database: Database, vault: Vault, nora: int, now: datetime
) -> None:
    one = TextNote("ar", "talk/hello", "Too formal", nora, now)
    other, elsewhere = one._replace(note="Still too formal"), one._replace(language="uk", note="Fine?")
    for given in (one, elsewhere, other):
        await database.write(lambda conn, given=given: text_notes.put(conn, vault, given))
    read = [
        await database.read(lambda conn, code=code: text_notes.of_language(conn, vault, code)) for code in ("ar", "uk")
    ]
    assert read == [{"talk/hello": other}, {"talk/hello": elsewhere}]
    await database.write(lambda conn: text_notes.put(conn, vault, one._replace(note="")))
    assert await database.read(lambda conn: text_notes.of_language(conn, vault, "ar")) == {}


async def test_examples_are_kept_changed_and_removed(database: Database, nora: int, now: datetime) -> None:
    def add(conn: Connection) -> int:
        return examples.add(conn, "talk", "A", {"hello": "1"}, (("asked", "hello"),), nora, now)

    number = await database.write(add)
    [kept] = await database.read(lambda conn: examples.of(conn, "talk"))
    assert (kept.id, kept.answers, kept.course) == (number, {"hello": "1"}, [["asked", "hello"]])
    await database.write(lambda conn: examples.right_now(conn, kept, (("closed",),), nora, now))
    [kept] = await database.read(lambda conn: examples.of(conn, "talk"))
    assert kept.course == [["closed"]]
    assert not await database.write(lambda conn: examples.remove(conn, "other", number))
    assert await database.write(lambda conn: examples.remove(conn, "talk", number))
