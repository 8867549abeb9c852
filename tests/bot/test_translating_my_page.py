"""What people see of the translations of their own words: word for word, by whom, and that it can be switched off."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import agreements as pure
from bot.agreements import Hand, Wording
from bot.my_page import taking_back
from bot.translating.words import seen_by_staff
from storage import agreements, audit, people, schema, translations
from storage.translations import Kind, Translation
from tests.bot.diary import STEP, wrote
from tests.bot.digest_samples import plain
from tests.bot.own_page import OwnPage, own_page
from tests.bot.test_my_page_taking_back import act
from tests.bot.test_translating_turns import AFTERWARDS
from tests.bot.turn_world import TurnWorld

SAID, MACHINE, WRITTEN = "My shoulder hurts", "Skulderen gjør vondt", "Jeg har vondt i skulderen"


@pytest.fixture
async def sam(tmp_path: Path) -> AsyncIterator[OwnPage]:
    """Somebody who shared something in own words, where a program translates."""
    async with own_page(tmp_path, translates=True) as page:
        await page.world.publish("afterwards", AFTERWARDS)
        page.world.holding("afterwards")
        person = page.person
        await person.says("start")
        await person.chooses("bad")
        await person.says(SAID)
        await person.presses("share_all")
        await person.skips_all()
        yield page


async def put(page: OwnPage, kind: Kind, text: str, language: str = "nb") -> None:
    """A translation of everything that the person shared."""
    vault, person, now = page.site.parts.vault, page.person.id, page.site.now
    by = page.site.specialist if kind == "human" else None

    def work(conn: Connection) -> None:
        cipher = people.participant(conn, vault, person).cipher
        for words in seen_by_staff(conn, cipher, person):
            made = Translation(person, words.mark(cipher), language, kind, by, now, text)
            translations.put(conn, cipher, made)

    await page.site.parts.database.write(work)


async def html(sam: OwnPage, part: str) -> str:
    """A page as it is sent."""
    return await (await sam.phone.client.get(f"/me/{part}")).text()


async def test_a_machines_translation_stands_under_the_words_it_is_of(sam: OwnPage) -> None:
    assert MACHINE not in await sam.look("sent")
    await put(sam, "machine", MACHINE)
    words = plain(await sam.look("sent"))
    assert words.index(SAID) < words.index("Machine translation, Monday 2 March 2026") < words.index(MACHINE)
    assert f'<q lang="nb" dir="ltr">{MACHINE}</q>' in await html(sam, "sent")


async def test_somebodys_own_is_there_with_their_name_and_hides_the_machines(sam: OwnPage) -> None:
    await put(sam, "machine", MACHINE)
    await put(sam, "human", WRITTEN)
    words = plain(await sam.look("sent"))
    assert "Translation by Kim Berg, Monday 2 March 2026" in words
    assert WRITTEN in words
    assert MACHINE not in words


async def test_each_language_in_which_it_was_read_is_there(sam: OwnPage) -> None:
    await put(sam, "human", WRITTEN)
    await put(sam, "machine", "كتفي يؤلمني", "ar")
    assert WRITTEN in await sam.look("sent")
    assert '<q lang="ar" dir="rtl">كتفي يؤلمني</q>' in await html(sam, "sent")


async def test_an_agreement_of_theirs_has_it_too(sam: OwnPage) -> None:
    person, vault = sam.person.id, sam.site.parts.vault
    says = Wording("I ask about Saturdays", "There is an answer", "en", "participant", None)
    made = pure.propose(person, 1, says, Hand("participant", sam.site.specialist, sam.site.now))
    await sam.site.parts.database.write(lambda conn: agreements.put(conn, people.present(conn, vault, person), made))
    await put(sam, "human", WRITTEN)
    assert (await sam.look("agreements")).count(WRITTEN) == 2


async def test_the_copy_has_all_of_it(sam: OwnPage) -> None:
    await put(sam, "machine", MACHINE)
    await put(sam, "human", WRITTEN)
    as_data = await sam.phone.client.post("/me/copy", data={"as": "json"}, headers={"Sec-Fetch-Site": "same-origin"})
    (found,) = json.loads(await as_data.text())["translations"]
    assert (found["of"], found["language"], found["text"], found["by"]) == (SAID, "nb", WRITTEN, "Kim Berg")
    as_page = await sam.phone.client.post("/me/copy", data={"as": "html"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert WRITTEN in await as_page.text()


async def chooses(sam: OwnPage, on: str) -> None:
    answer = await sam.phone.client.post(
        "/me/translating", data={"on": on}, headers={"Sec-Fetch-Site": "same-origin"}, allow_redirects=False
    )
    assert (answer.status, answer.headers["Location"]) == (303, "/me/settings#translating")


async def kinds(sam: OwnPage) -> list[str]:
    return [row.kind for row in await sam.world.rows(schema.translation)]


async def test_it_can_be_switched_off_and_on_again(sam: OwnPage) -> None:
    await put(sam, "machine", MACHINE)
    await put(sam, "human", WRITTEN)
    words = await sam.look("settings")
    assert "This is on." in words
    assert "Translations that the program made are then deleted." in words
    await chooses(sam, "no")
    assert await kinds(sam) == ["human"]
    words = await sam.look("settings")
    assert "This is off." in words
    assert "Switch it on" in words
    await chooses(sam, "perhaps")
    assert "This is off." in await sam.look("settings")
    await chooses(sam, "yes")
    assert "This is on." in await sam.look("settings")
    database = sam.site.parts.database
    records = await database.read(lambda conn: audit.records(conn, sam.person.id))
    assert [one.details for one in records if one.action == "translation chosen"] == [{"on": False}, {"on": True}]


async def test_where_no_program_translates_there_is_nothing_to_choose(tmp_path: Path) -> None:
    async with own_page(tmp_path) as page:
        assert "Translation of your own words" not in await page.look("settings")
        await chooses(page, "no")
        assert await page.world.count(schema.audit, action="translation chosen") == 0


@pytest.mark.parametrize("way", ["withdraw", "delete the answer", "delete the conversation"])
async def test_words_that_are_taken_back_take_their_translation_along(world: TurnWorld, way: str) -> None:
    samira = await wrote(world, "step", "sure")
    now = world.clock.now

    def translate(conn: Connection) -> None:
        cipher = people.participant(conn, world.vault, samira.id).cipher
        (words,) = seen_by_staff(conn, cipher, samira.id)
        assert words.text == STEP
        made = Translation(samira.id, words.mark(cipher), "nb", "human", world.specialist, now, WRITTEN)
        translations.put(conn, cipher, made)

    await world.database.write(translate)
    match way:
        case "withdraw":
            await act(samira, lambda at: taking_back.withdraw(at, 1, "diary/sharing", "diary/sure", now))
            assert await world.count(schema.translation) == 1
            await act(samira, lambda at: taking_back.withdraw(at, 1, "diary/sharing", "diary/step", now))
        case "delete the answer":
            await act(samira, lambda at: taking_back.delete_answer(at, 1, "diary/step", now))
        case _:
            await act(samira, lambda at: taking_back.delete_conversation(at, 1, now))
    assert await world.count(schema.translation) == 0
