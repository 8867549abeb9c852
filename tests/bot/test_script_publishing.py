"""How a draft comes into use: what it changes, who has to agree, the way back, and what stays with those who began."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete

from bot.catalogs import Catalogs
from bot.catalogs.sources import script_texts
from bot.publishing import beside_console, publish
from dialogues.loader import load
from storage import publications, schema, scripts
from tests.bot.digest_samples import NOW
from tests.bot.staff_world import CHECKIN, SAME_SITE, MarkedArabic, World, world
from tests.bot.test_script_pages import change, html_of, mark_of, post, text_of

LATER = """\
dialogue: later
language: en

remember:
  week_before: checkin/week

steps:

  hello:
    when: week_before was answered
    say: Your week was {week_before}.

  now:
    run: checkin
"""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.programme = replace(made.programme, example=False)
        await made.database.write(_published_whole)
        yield made


def _published_whole(conn: Connection) -> None:
    """The check-in in use has exactly the texts of its script."""
    conn.execute(delete(schema.script_version))
    texts = {"en": script_texts(load(CHECKIN))}
    scripts.publish(conn, "checkin", {"checkin": CHECKIN}, texts, "start", NOW - timedelta(days=30))


async def latest(service: World, dialogue: str = "checkin") -> scripts.ScriptVersion:
    found = await service.database.read(lambda conn: scripts.latest(conn, dialogue))
    assert found is not None
    return found


async def test_words_and_rules_are_told_before_it_is_published(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        await change(browser, do="set_key", step="good", key="when", value="week is at least 4")
        page = await html_of(await browser.get("/scripts/checkin/publish"))
        assert "<del" in page
        assert "How was your week?" in page
        assert "And the week?" in page
        assert "good, when it comes: before nothing, now week is at least 4." in page
        assert "A few people at most are in the middle of it." in page
        assert "It changes what is shared" not in page
        missing = await post(browser, "/scripts/checkin/publish", {"revision": await mark_of(browser), "note": " "})
        assert "Say in a sentence or two" in await html_of(missing, 422)
        stale = await post(browser, "/scripts/checkin/publish", {"revision": "r1", "note": "Shorter."})
        assert "Something else was saved" in await html_of(stale, 422)
        assert (await latest(service)).version == 1
        done = await post(browser, "/scripts/checkin/publish", {"revision": "r2", "note": "Shorter."})
        assert done.headers["Location"] == "/scripts/checkin/history"
        page = await html_of(await browser.get("/scripts/checkin/history"))
        assert "Shorter." in page
        assert "Nora" in page
        again = await post(browser, "/scripts/checkin/publish", {"revision": "v2", "note": "Once more."})
        assert "This cannot be published as it is." in await html_of(again, 422)
    newest = await latest(service)
    assert newest.version == 2
    assert "And the week?" in newest.sources["checkin"]
    before = await service.database.read(lambda conn: scripts.version(conn, "checkin", 1))
    assert before.sources["checkin"] == CHECKIN, "whoever is in the middle of it goes on with their version"


async def test_five_people_in_the_middle_are_counted_and_four_are_not(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        for number in range(4):
            await service.conversation(await service.person(f"S.{number}", anna), "open")
        nobody_or_few = await html_of(await browser.get("/scripts/checkin/publish"))
        assert "A few people at most" in nobody_or_few
        await service.conversation(await service.person("S.5", anna), "aside")
        assert "5 people are in the middle of it." in await html_of(await browser.get("/scripts/checkin/publish"))


async def test_a_draft_with_a_problem_is_not_published(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        text = CHECKIN.replace("offer: [week,", "offer: [wek,")
        await post(browser, "/scripts/checkin", {"revision": "v1", "text": text})
        page = await html_of(await browser.get("/scripts/checkin/publish"))
        assert "Did you mean" in page
        assert "Publish it now" not in page
        refused = await post(browser, "/scripts/checkin/publish", {"revision": "r1", "note": "Broken."})
        assert refused.status == 422
    assert (await latest(service)).version == 1


async def guarded_change(service: World, browser: object) -> str:
    """A change of what is offered, asked for; the address where it waits."""
    await change(browser, do="set_key", step="help", key="private", value="yes")  # type: ignore[arg-type]
    fields = {"revision": "r1", "note": "Help stays private."}
    answer = await post(browser, "/scripts/checkin/publish", fields)  # type: ignore[arg-type]
    assert answer.status == 303
    return answer.headers["Location"]


async def test_what_is_shared_waits_for_a_second_coordinator(service: World) -> None:
    nora, kari = await service.staff("Nora", "coordinator"), await service.staff("Kari", "coordinator")
    async with service.browsing(nora) as first, service.browsing(kari) as second:
        waits = await guarded_change(service, first)
        assert waits == "/publications/1"
        assert (await latest(service)).version == 1
        own = await post(first, waits, {"decision": "agree"})
        assert "Another coordinator decides about this." in await html_of(own, 422)
        assert (await latest(service)).version == 1
        assert "Waiting for a second coordinator" in await html_of(await second.get("/scripts"))
        page = await html_of(await second.get(waits))
        assert "Help stays private." in page
        assert "help, private: before nothing, now yes." in page
        why = await post(second, waits, {"decision": "decline", "answer": " "})
        assert "Say in a sentence what you want to be different." in await html_of(why, 422)
        assert (await post(second, waits, {"decision": "agree"})).headers["Location"] == "/scripts/checkin/history"
        assert "This is decided already." in await html_of(await post(second, waits, {"decision": "agree"}), 422)
        assert "Nora, Kari" in await html_of(await second.get("/scripts/checkin/history"))
    newest = await latest(service)
    assert (newest.version, newest.published_by) == (2, f"staff:{nora}, staff:{kari}")
    assert await text_of(service) == newest.sources["checkin"]


async def test_a_new_conversation_in_which_something_is_shared_waits_for_a_second_coordinator(service: World) -> None:
    nora, kari = await service.staff("Nora", "coordinator"), await service.staff("Kari", "coordinator")
    alone = "dialogue: after_work\nlanguage: en\n\nsteps:\n\n  rested:\n    ask: Did you rest?\n    answer: yes or no\n"
    both = (
        f"{alone}    label: Rest\n\n  sharing:\n    share: This is what {{specialist}} will see.\n    offer: rested\n"
    )
    async with service.browsing(nora) as first, service.browsing(kari) as second:
        for name, text, leads in (
            ("before_work", alone.replace("after_work", "before_work"), "/scripts/before_work/history"),
            ("after_work", both, "/publications/2"),
        ):
            await post(first, "/scripts", {"name": name})
            saved = await post(first, f"/scripts/{name}", {"revision": await mark_of(first, name), "text": text})
            assert saved.status == 303
            note = {"revision": await mark_of(first, name), "note": "The first one."}
            assert (await post(first, f"/scripts/{name}/publish", note)).headers["Location"] == leads
        assert await service.database.read(lambda conn: scripts.latest(conn, "after_work")) is None
        assert "sharing" in await html_of(await second.get("/publications/2"))
        await post(second, "/publications/2", {"decision": "agree"})
    newest = await latest(service, "after_work")
    assert (newest.version, newest.published_by) == (1, f"staff:{nora}, staff:{kari}")


async def test_a_second_coordinator_may_say_no_and_the_first_take_it_back(service: World) -> None:
    nora, kari = await service.staff("Nora", "coordinator"), await service.staff("Kari", "coordinator")
    async with service.browsing(nora) as first, service.browsing(kari) as second:
        waits = await guarded_change(service, first)
        await post(second, waits, {"decision": "decline", "answer": "People want to share help."})
        assert "People want to share help." in await html_of(await first.get(waits))
        assert "People want to share help." in await html_of(await first.get("/scripts/checkin/history"))
        assert "private: yes" in await text_of(service), "the draft is there as before"
        again = await post(first, "/scripts/checkin/publish", {"revision": "r1", "note": "Again."})
        waits = again.headers["Location"]
        assert (await post(second, waits, {"decision": "withdraw"})).status == 422
        assert (await post(first, waits, {"decision": "withdraw"})).status == 303
        assert "It was taken back." in await html_of(await first.get(waits))
        assert (await post(second, waits, {"decision": "agree"})).status == 422
    assert (await latest(service)).version == 1


async def test_what_was_overtaken_is_not_published(service: World) -> None:
    nora, kari = await service.staff("Nora", "coordinator"), await service.staff("Kari", "coordinator")
    async with service.browsing(nora) as first, service.browsing(kari) as second:
        waits = await guarded_change(service, first)
        other = CHECKIN.replace("What was good?", "And what was good?")
        texts = (await latest(service)).texts
        await service.database.write(
            lambda conn: scripts.publish(conn, "checkin", {"checkin": other}, texts, "start", service.now)
        )
        answer = await post(second, waits, {"decision": "agree"})
        assert "Something else was saved or published meanwhile." in await html_of(answer, 422)
        assert "Another version came into use since this draft began." in await html_of(
            await first.get("/scripts/checkin")
        )
    assert (await latest(service)).sources["checkin"] == other


async def test_without_a_proof_of_a_moment_ago_nothing_guarded_is_published(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        await change(browser, do="set_key", step="help", key="private", value="yes")
        service.now += timedelta(minutes=11)
        page = await html_of(await browser.get("/scripts/checkin/publish"))
        assert "Confirm first that it is you" in page
        answer = await post(browser, "/scripts/checkin/publish", {"revision": "r1", "note": "Private."})
        assert answer.headers["Location"] == "/confirm?back=/scripts/checkin/publish"
    assert await service.database.read(lambda conn: publications.waiting(conn, service.vault)) == []


async def test_an_earlier_version_is_used_again_word_for_word(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        await post(browser, "/scripts/checkin/publish", {"revision": "r1", "note": "Shorter."})
        page = await html_of(await browser.get("/scripts/checkin/history/1"))
        assert "Use this version again" in page
        assert (await post(browser, "/scripts/checkin/history/1", {"note": ""})).status == 422
        assert (await post(browser, "/scripts/checkin/history/2", {"note": "The same."})).status == 422
        done = await post(browser, "/scripts/checkin/history/1", {"note": "The old words were better."})
        assert done.status == 303
        assert await text_of(service) == CHECKIN
    first = await service.database.read(lambda conn: scripts.version(conn, "checkin", 1))
    newest = await latest(service)
    assert newest.version == 3
    assert (newest.sources, newest.texts) == (first.sources, first.texts)


async def test_dialogues_that_run_it_get_a_new_version_too(service: World) -> None:
    (service.scripts_folder / "later.yaml").write_text(LATER, encoding="utf-8")
    await service.database.write(lambda conn: _publish_folder(conn, service))
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        assert "get a new version too" in await html_of(await browser.get("/scripts/checkin/publish"))
        await post(browser, "/scripts/checkin/publish", {"revision": "r1", "note": "Shorter."})
    later = await latest(service, "later")
    assert later.version == 2
    assert "And the week?" in later.sources["checkin"]
    assert later.texts["en"]["checkin/week"] == "And the week?"
    held = await service.database.read(publications.held)
    assert held == {"checkin"}, "what only runs it still follows the folder"
    await service.database.write(lambda conn: _publish_folder(conn, service))
    assert (await latest(service, "checkin")).version == 2
    assert (await latest(service, "later")).version == 2


async def test_a_change_that_breaks_another_dialogue_is_not_published(service: World) -> None:
    (service.scripts_folder / "later.yaml").write_text(LATER, encoding="utf-8")
    await service.database.write(lambda conn: _publish_folder(conn, service))
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        warned = await html_of(await change(browser, do="rename_step", step="week", name="days"))
        assert "later.yaml" in warned
        await change(browser, do="rename_step", step="week", name="days", sure="yes")
        page = await html_of(await browser.get("/scripts/checkin/publish"))
        assert "later.yaml" in page
        assert "Publish it now" not in page


def _publish_folder(conn: Connection, service: World) -> None:
    """What a start does."""
    assert isinstance(service.catalogs, Catalogs)
    checked, wordings, _ = beside_console(conn, service.scripts_folder, service.catalogs)
    publish(conn, checked, wordings, by="start", now=service.now)


async def test_the_language_of_the_page_is_that_of_whoever_reads_it(tmp_path: Path) -> None:
    async with world(tmp_path, MarkedArabic()) as service:
        kari = await service.staff("Kari", "coordinator", language="ar")
        async with service.browsing(kari) as browser:
            for tab in ("", "/checkin", "/checkin/publish", "/checkin/examples", "/checkin/texts/ar"):
                page = await html_of(await browser.get(f"/scripts{tab}", headers=SAME_SITE))
                assert '<html lang="ar" dir="rtl">' in page
                assert 'lang="en"' in page
