"""Where coordinators write scripts: cards, the whole text, two people at once, and what is in use meanwhile."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from html import unescape
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from bot.console import desk
from bot.editor import library
from bot.editor.differences import RULES
from bot.publishing import read_folder
from bot.wording.editing import EDITING
from storage import audit, drafts, publications, scripts
from tests.bot.staff_world import CHECKIN, SAME_SITE, World, world

FILES = ("spoilt", "checkin")
Browser = TestClient[web.Request, web.Application]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def html_of(answer: ClientResponse, status: int = 200) -> str:
    text = await answer.text()
    assert answer.status == status, text
    return re.sub("[\u2066-\u2069]", "", unescape(text))


async def mark_of(browser: Browser, dialogue: str = "checkin") -> str:
    found = re.search(r'name="revision" value="([^"]*)"', await html_of(await browser.get(f"/scripts/{dialogue}")))
    assert found is not None
    return found[1]


async def post(browser: Browser, address: str, fields: Mapping[str, str]) -> ClientResponse:
    return await browser.post(address, data=fields, headers=SAME_SITE, allow_redirects=False)


async def change(browser: Browser, **fields: str) -> ClientResponse:
    given = {"revision": await mark_of(browser), **fields}
    return await post(browser, "/scripts/checkin/change", given)


async def text_of(service: World) -> str:
    found = await service.database.read(lambda conn: library.load(conn, service.scripts_folder).current("checkin"))
    assert found is not None
    return found.text


async def test_a_card_rewords_a_question_and_nothing_else_changes(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        page = await html_of(await browser.get("/scripts/checkin"))
        assert 'id="step-week"' in page
        assert "How was your week?" in page
        answer = await change(browser, do="reword", step="week", part="", text="How did your week go?")
        assert (answer.status, answer.headers["Location"]) == (303, "/scripts/checkin#step-week")
        page = await html_of(await browser.get("/scripts/checkin"))
        assert "How did your week go?" in page
        assert "Draft, last saved by Nora on" in page
    assert await text_of(service) == CHECKIN.replace("How was your week?", "How did your week go?")
    latest = await service.database.read(lambda conn: scripts.latest(conn, "checkin"))
    assert latest is not None
    assert (latest.version, latest.sources["checkin"]) == (1, CHECKIN), "a draft is in nobody's way"


async def test_what_a_change_breaks_is_shown_before_it_is_done(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        first = await change(browser, do="remove_step", step="week")
        page = await html_of(first)
        assert 'There is no earlier question called "week".' in page
        assert "week will not be asked any more." in page
        assert await text_of(service) == CHECKIN
        done = await change(browser, do="remove_step", step="week", sure="yes")
        assert done.status == 303
        assert "  week:" not in await text_of(service)
        shown = await html_of(await browser.get("/scripts/checkin"))
        assert "What keeps it from being published" in shown


async def test_a_misspelt_word_is_put_right_by_one_press(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        text = CHECKIN.replace("offer: [week,", "offer: [wek,")
        await post(browser, "/scripts/checkin", {"revision": await mark_of(browser), "text": text})
        page = await html_of(await browser.get("/scripts/checkin"))
        found = re.search(
            r'<form class="edit"[^>]*>((?:<input[^>]*name="(?:revision|do|line|column|old|new)"[^>]*>)+)', page
        )
        assert found is not None
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[1]))
        assert (fields["old"], fields["new"]) == ("wek", "week")
        assert (await post(browser, "/scripts/checkin/change", fields)).status == 303
    assert await text_of(service) == CHECKIN


async def test_a_change_that_cannot_be_made_says_why(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        answer = await change(browser, do="rename_step", step="week", name="Week 1")
        assert "A name has small letters" in await html_of(answer, 422)
        answer = await change(browser, do="reword", step="gone", part="", text="x")
        assert "There is no gone any more." in await html_of(answer, 422)
        answer = await change(browser, do="explode")
        assert "Something is missing in what was sent." in await html_of(answer, 422)
        answer = await post(browser, "/scripts/checkin", {"revision": "v1", "text": "x" * (257 * 1024)})
        assert "This script is too large." in await html_of(answer, 422)
    assert await service.database.read(drafts.all_drafts) == {}


async def test_two_who_write_at_once_lose_nothing(service: World) -> None:
    nora, kari = await service.staff("Nora", "coordinator"), await service.staff("Kari", "coordinator")
    async with service.browsing(nora) as first, service.browsing(kari) as second:
        mark = await mark_of(first)
        assert "At work here now: Nora" in await html_of(await second.get("/scripts/checkin"))
        assert "At work here now: Nora" in await html_of(await second.get("/scripts"))
        hers = CHECKIN.replace("How was your week?", "How did your week go?")
        assert (await post(first, "/scripts/checkin", {"revision": mark, "text": hers})).status == 303
        mine = CHECKIN.replace("What was good?", "What was good this week?")
        answer = await post(second, "/scripts/checkin", {"revision": mark, "text": mine})
        page = await html_of(answer, 409)
        assert "Nora saved this script while you were writing." in page
        assert "They can be saved together." in page
        seen = re.search(r'name="seen" value="([^"]*)"', page)
        assert seen is not None
        both = {"revision": mark, "text": mine, "seen": seen[1]}
        assert (await post(second, "/scripts/checkin", both)).status == 303
    text = await text_of(service)
    assert "How did your week go?" in text
    assert "What was good this week?" in text


async def test_where_both_changed_one_line_somebody_chooses(service: World) -> None:
    nora, kari = await service.staff("Nora", "coordinator"), await service.staff("Kari", "coordinator")
    async with service.browsing(nora) as first, service.browsing(kari) as second:
        mark = await mark_of(first)
        hers, mine = (CHECKIN.replace("How was your week?", each) for each in ("And your week?", "Your week?"))
        await post(first, "/scripts/checkin", {"revision": mark, "text": hers})
        page = await html_of(await post(second, "/scripts/checkin", {"revision": mark, "text": mine}), 409)
        assert "The lines of Nora" in page
        assert "ask: And your week?" in page
        assert "ask: Your week?" in page
        stale = {"revision": mark, "text": mine, "seen": "v1", "choice-0": "mine"}
        assert (await post(second, "/scripts/checkin", stale)).status == 409
        assert await text_of(service) == hers
        chosen = {**stale, "seen": "r1", "choice-0": "mine"}
        assert (await post(second, "/scripts/checkin", chosen)).status == 303
        assert await text_of(service) == mine
        again = await html_of(await second.get("/scripts/checkin"))
        assert "Go on with the text of" in again
        back = {"revision": "r2", "wanted": "r1"}
        assert (await post(second, "/scripts/checkin/take", back)).status == 303
        assert await text_of(service) == hers


async def test_a_draft_is_put_away_and_its_texts_stay(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        stale = await post(browser, "/scripts/checkin/discard", {"revision": "v1"})
        assert stale.status == 303
        assert "And the week?" in await text_of(service)
        await post(browser, "/scripts/checkin/discard", {"revision": "r1"})
        assert await text_of(service) == CHECKIN
        answer = await post(browser, "/scripts/checkin/take", {"revision": "v1", "wanted": "r1"})
        assert answer.status == 303
        assert "And the week?" in await text_of(service)
        nothing = await post(browser, "/scripts/checkin/take", {"revision": "r2", "wanted": "r99"})
        assert nothing.status == 422


async def test_the_folder_changes_nothing_that_is_written_in_the_console(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        fields = {"revision": "r1", "note": "Shorter."}
        assert (await post(browser, "/scripts/checkin/publish", fields)).status == 303
        page = await html_of(await browser.get("/scripts/checkin"))
        assert "The folder has another text." in page
        answer = await post(browser, "/scripts/checkin/take", {"revision": "v2", "wanted": "f"})
        assert answer.status == 303
    assert await text_of(service) == CHECKIN
    assert await service.database.read(publications.held) == {"checkin"}


async def test_a_new_conversation_begins_as_a_draft(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        wrong = await post(browser, "/scripts", {"name": "New one"})
        assert "A name has small Latin letters" in await html_of(wrong, 422)
        taken = await post(browser, "/scripts", {"name": "checkin"})
        assert "There is a conversation with this name already." in await html_of(taken, 422)
        made = await post(browser, "/scripts", {"name": "after_work"})
        assert made.headers["Location"] == "/scripts/after_work"
        page = await html_of(await browser.get("/scripts/after_work"))
        assert "The check found no problems." in page
        assert "Not published yet" in page
        note = {"revision": await mark_of(browser, "after_work"), "note": "The first one."}
        assert (await post(browser, "/scripts/after_work/publish", note)).status == 303
        assert "In use now" in await html_of(await browser.get("/scripts/after_work/history"))


async def test_a_file_that_cannot_be_read_is_a_problem_of_that_file_alone(service: World) -> None:
    spoilt = CHECKIN.replace("checkin", "spoilt", 1).replace("How was your week?", "Hvordan går det?")
    (service.scripts_folder / "spoilt.yaml").write_bytes(spoilt.encode("latin-1"))
    (service.scripts_folder / "closed.yaml").mkdir()
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        page = await html_of(await browser.get("/scripts"))
        spoilt_row, checkin_row = (page.partition(f'id="s-{name}"')[2].partition("</article>")[0] for name in FILES)
        assert "1 problem" in spoilt_row
        assert "The check found no problems." in checkin_row
        assert "Medvind cannot open the file closed.yaml." in page
        opened = await html_of(await browser.get("/scripts/spoilt"))
        assert "A sign is lost here, because the file is not saved as UTF-8." in opened
        mended = {"revision": await mark_of(browser, "spoilt"), "text": spoilt}
        assert (await post(browser, "/scripts/spoilt", mended)).status == 303
        assert "The check found no problems." in await html_of(await browser.get("/scripts/spoilt"))
        assert (await browser.get("/scripts/checkin/publish")).status == 200
    problems = {str(one).partition("  ")[2] for one in read_folder(service.scripts_folder).problems}
    assert any("This file cannot be opened." in one for one in problems)
    assert any("This file is not saved as UTF-8." in one for one in problems)


async def test_what_is_done_stands_in_the_log(service: World) -> None:
    nora = await service.staff("Nora", "coordinator")
    async with service.browsing(nora) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        await post(browser, "/scripts/checkin/publish", {"revision": "r1", "note": "Shorter."})
    saved = await service.database.read(lambda conn: audit.since(conn, "script.saved", service.now))
    done = await service.database.read(lambda conn: audit.since(conn, "script.published", service.now))
    assert [(one.actor, one.details) for one in saved] == [(f"staff:{nora}", {"dialogue": "checkin"})]
    assert done[0].actor == f"staff:{nora}"
    assert done[0].details is not None
    assert done[0].details["version"] == 2


@pytest.mark.parametrize("role", ["specialist", "translator", "administrator", "auditor"])
async def test_only_coordinators_write_scripts(service: World, role: str) -> None:
    async with service.browsing(await service.staff("Ola", role)) as browser:
        for tab in ("", "/publish", "/history", "/history/1", "/examples", "/script.yaml"):
            assert (await browser.get(f"/scripts/checkin{tab}")).status == 404
        for action in ("", "/change", "/discard", "/take", "/publish", "/history/1", "/examples", "/check", "/edit"):
            assert (await post(browser, f"/scripts/checkin{action}", {})).status == 404
        for tab in ("", "/checkin/texts", "/checkin/texts/nb", "/checkin/texts.xlsx"):
            assert (await browser.get(f"/scripts{tab}")).status == (200 if role == "translator" else 404)


async def test_what_does_not_exist_is_not_there(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        for address in ("/scripts/gone", "/scripts/gone/publish", "/scripts/checkin/history/7", "/publications/9"):
            assert (await browser.get(address)).status == 404
        for address in ("/scripts/checkin/texts/en", "/scripts/checkin/texts/xx"):
            assert (await browser.get(address)).status == 404
        assert (await post(browser, "/scripts/gone/take", {})).status == 404


# What the program of the editor asks ------------------------------------------------------------------------------


async def test_the_check_of_a_text_that_is_not_saved(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        text = CHECKIN.replace("offer: [week,", "offer: [wek,")
        answer = await browser.post("/scripts/checkin/check", json={"text": text}, headers=SAME_SITE)
        found = await answer.json()
    assert answer.status == 200
    [problem] = found["problems"]
    assert (problem["code"], problem["step"], problem["advice"]) == ("MV021", "sharing", False)
    assert problem["fix"]["edit"]["new"] == "week"
    assert [card["step"] for card in found["cards"]][:2] == ["week", "sure"]
    assert found["cards"][2]["options"][0] == {"name": "noise", "text": "Noise or many people", "group": "", "line": 23}
    assert 'id="step-week"' in found["html"]["cards"]
    assert "wek" in found["html"]["problems"]
    assert await service.database.read(drafts.all_drafts) == {}


async def test_an_edit_of_a_text_that_is_not_saved(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        edit = {"do": "set_key", "step": "good", "key": "tags", "value": ["balance", "month:good"]}
        answer = await browser.post("/scripts/checkin/edit", json={"text": CHECKIN, "edit": edit}, headers=SAME_SITE)
        found = await answer.json()
        assert found["text"].startswith(CHECKIN[:200])
        assert "month:good" in found["text"]
        assert (found["breaks"], found["html"]) == ([], "")
        edit = {"do": "remove_option", "step": "hard", "option": "nothing"}
        answer = await browser.post("/scripts/checkin/edit", json={"text": CHECKIN, "edit": edit}, headers=SAME_SITE)
        found = await answer.json()
        assert found["breaks"][0]["code"]
        assert "After this change" in found["html"]


@pytest.mark.parametrize("body", ["[]", "{", '{"text": 1}', '{"text": "a", "edit": {"do": "no"}}', '{"edit": {}}'])
async def test_what_makes_no_sense_is_refused(service: World, body: str) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        headers = {**SAME_SITE, "Content-Type": "application/json"}
        answer = await browser.post("/scripts/checkin/edit", data=body, headers=headers)
        assert answer.status == 422
        assert (await answer.json())["trouble"]
        large = {"text": "x" * (257 * 1024)}
        assert (await browser.post("/scripts/checkin/check", json=large, headers=SAME_SITE)).status == 413
        assert (await browser.post("/scripts/checkin/check", data="x", headers=SAME_SITE)).status == 415


async def test_who_else_is_there_is_told_for_a_minute(service: World) -> None:
    nora, kari = await service.staff("Nora", "coordinator"), await service.staff("Kari", "coordinator")
    async with service.browsing(nora) as first, service.browsing(kari) as second:
        await first.post("/scripts/checkin/here", json={}, headers=SAME_SITE)
        answer = await second.post("/scripts/checkin/here", json={}, headers=SAME_SITE)
        assert await answer.json() == {"others": ["Nora"]}
        service.now += drafts.HERE_FOR * 1.1
        answer = await second.post("/scripts/checkin/here", json={}, headers=SAME_SITE)
        assert await answer.json() == {"others": []}


def test_no_text_is_too_many() -> None:
    """A text that no page says would be translated for nothing."""
    console = Path(desk.__file__).parent
    places = [*(console / "scripts").glob("*.py"), *(console / "templates").glob("*.html")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in places)
    together = ("edit_kind_", "edit_state_", "edit_rule_", "edit_about_", "edit_left_", "edit_sheet_", "edit_cannot.")
    for context in EDITING:
        name = context.removeprefix("staff/")
        assert re.search(rf"""["'.]{name}\b""", source) or name.startswith(together), f"{context} is never said"
    assert {f"staff/edit_about_{rule}" for rule in RULES} <= set(EDITING)
