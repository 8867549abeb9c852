"""The pages of the preview and the flow picture, as a browser without scripts gets them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient
from sqlalchemy import func, select

from storage import schema
from tests.bot.staff_world import CHECKIN, SAME_SITE, World, world

Client = TestClient[web.Request, web.Application]
PAGE = "/scripts/checkin/preview"
BROKEN = CHECKIN.replace("scale 1 to 5", "a scale", 1)


@asynccontextmanager
async def coordinator(folder: Path, role: str = "coordinator") -> AsyncIterator[tuple[World, Client]]:
    async with world(folder) as service:
        person = await service.staff("Kari", role)
        async with service.browsing(person) as browser:
            yield service, browser


async def send(browser: Client, fields: Mapping[str, str], path: str = PAGE) -> tuple[int, str]:
    answer = await browser.post(path, data=fields, headers=SAME_SITE)
    return answer.status, await answer.text()


def fields_of(page: str) -> dict[str, str]:
    """What the form of the toolbar holds."""
    form = page.partition('class="trying"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    chosen = re.findall(r'<select id="\w+" name="(\w+)".*?</select>', form, re.S)
    selected = {name: re.findall(rf'name="{name}".*?value="(\w*)"[^>]* selected', form, re.S)[:1] for name in chosen}
    return {name: unescape(value) for name, value in hidden.items()} | {
        name: found[0] if found else "" for name, found in selected.items()
    }


def button(page: str, label: str) -> str:
    """The tap behind a button of the chat."""
    found = re.search(rf'name="tap" value="([^"]*)">(?:(?!</button>).)*?>{re.escape(label)}<', page, re.S)
    assert found, f"no button {label}"
    return unescape(found[1])


async def test_the_draft_is_a_chat_of_plain_forms_and_each_answer_leads_on(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (_, browser):
        page = await (await browser.get(PAGE)).text()
        assert "How was your week?" in page
        assert "Preview – not for use" in page
        assert "Nothing was shared yet" in page
        _, page = await send(browser, {**fields_of(page), "tap": button(page, "Good")})
        assert "How sure are you" in page
        _, page = await send(browser, {**fields_of(page), "do": "fill"})
        assert "Asked for help" in page
        assert "This conversation is over" in page
        _, undone = await send(browser, {**fields_of(page), "do": "undo"})
        assert "Nothing was shared yet" in undone
        _, over = await send(browser, {**fields_of(page), "do": "over"})
        assert "How was your week?" in over.partition('class="besides"')[0]
        assert "How sure are you" not in over
        _, again = await send(browser, {**fields_of(page), "do": "anew"})
        assert '"conversation":2' in unescape(again)
        _, turned = await send(browser, {**fields_of(over), "do": "next"})
        assert "Nothing comes by itself now" in turned, "it is no check-in of the programme, and has no end"


async def test_the_clock_of_the_preview_is_turned_and_says_what_came(tmp_path: Path) -> None:
    remind = CHECKIN.replace("language: en\n", "language: en\nremind after: 1 day\nclose after: 3 days\n")
    async with world(tmp_path) as service:
        service.programme = service.programme.of_one("checkin")
        kari = await service.staff("Kari", "coordinator")
        async with service.browsing(kari) as browser:
            page = await (await browser.get(PAGE)).text()
            _, first = await send(browser, {**fields_of(page), "draft": remind, "do": "next"})
            assert "a reminder comes" in first
            assert "Your check-in is open until" in first
            _, second = await send(browser, {**fields_of(first), "draft": remind, "do": "next"})
            assert "an open conversation closes" in second


async def test_a_text_that_is_not_saved_yet_is_played_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (service, browser):
        count = select(func.count()).select_from(schema.conversation)
        before = await service.database.read(lambda conn: conn.execute(count).scalar_one())
        status, page = await send(
            browser, {"draft": CHECKIN.replace("How was your week?", "And your week?"), "part": "1"}
        )
        assert status == 200
        assert "And your week?" in page
        assert "<html" not in page
        assert "How was your week?" in await (await browser.get(PAGE)).text()
        assert await service.database.read(lambda conn: conn.execute(count).scalar_one()) == before


async def test_a_draft_that_cannot_be_played_says_so_and_its_conversation_goes_on_when_it_can(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (_, browser):
        page = await (await browser.get(PAGE)).text()
        _, page = await send(browser, {**fields_of(page), "tap": button(page, "Good")})
        status, broken = await send(browser, {**fields_of(page), "draft": BROKEN, "do": "show"})
        assert status == 422
        assert "cannot be played" in broken
        _, mended = await send(browser, {**fields_of(broken), "do": "show"})
        assert "How sure are you" in mended


async def test_what_no_page_of_ours_sends_changes_nothing(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (_, browser):
        for fields in (
            {"do": "jump"},
            {"tap": "{"},
            {"tap": '{"conversation":9,"step":"x","action":"choose"}'},
            {"played": "x", "first": "xx", "beside": "yy"},
            {"do": "", "text": ""},
        ):
            status, page = await send(browser, fields)
            assert status == 200
            assert "How was your week?" in page
            assert '"acts"' not in fields_of(page)["played"]
        assert (await browser.post(PAGE, data={"do": "over"}, headers={"Sec-Fetch-Site": "cross-site"})).status == 403


async def test_words_of_a_draft_are_shown_and_never_run(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (_, browser):
        evil = CHECKIN.replace("How was your week?", '"<script>x</script></template>"')
        _, page = await send(browser, {"draft": evil, "text": "<b>"})
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page
        flow = await browser.get("/scripts/checkin/flow")
        assert "&#34;" in (await flow.text()).partition("data-graph=")[2]


async def test_only_a_coordinator_previews_and_only_what_there_is(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (_, browser):
        assert (await browser.get("/scripts/nothing/preview")).status == 404
        assert (await browser.get("/scripts/nothing/flow")).status == 404
    async with coordinator(tmp_path / "other", "specialist") as (_, browser):
        for path in (PAGE, "/scripts/checkin/flow"):
            assert (await browser.get(path)).status == 404


async def test_the_flow_picture_alone_may_run_web_assembly_and_stands_there_in_words_too(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (service, browser):
        flow, preview = await browser.get("/scripts/checkin/flow"), await browser.get(PAGE)
        assert "script-src 'self' 'wasm-unsafe-eval';" in flow.headers["Content-Security-Policy"]
        assert "wasm" not in preview.headers["Content-Security-Policy"]
        page = unescape(await flow.text())
        assert 'digraph "checkin"' in page
        assert "hard  (asks: any of)" in page
        (service.scripts_folder / "broken.yaml").write_text(
            "dialogue: broken\nlanguage: en\nsteps:\n", encoding="utf-8"
        )
        broken = await browser.get("/scripts/broken/flow")
        assert broken.status == 422
        assert "wasm" not in broken.headers["Content-Security-Policy"]


async def test_built_files_are_named_by_their_content_compressed_and_for_good(tmp_path: Path) -> None:
    async with coordinator(tmp_path) as (_, browser):
        page = await (await browser.get(PAGE)).text()
        address = re.findall(r'src="(/console/built/preview\.js\?v=\w{12})"', page)
        assert address, "the scripts are not built: make web"
        found = await browser.get(address[0])
        assert "immutable" in found.headers["Cache-Control"]
        assert found.headers["Content-Encoding"] == "gzip"
        assert (await browser.get("/console/built/secrets.js")).status == 404
