"""The web chat in a real browser: on a phone, from both sides, by keyboard, without a connection, without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from bot.batch import Receipt
from bot.channels.web_visit import CHAT
from bot.messages import Inbound, Tap
from tests.bot.chat_site import ChatSite, chat_site
from tests.browser.looking import no_barriers
from tests.browser.phone_screen import fits, joined

PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 568}


@asynccontextmanager
async def opened(
    browser: Browser, folder: Path, language: str = "en", **options: Any
) -> AsyncIterator[tuple[ChatSite, Page]]:
    """The page with the languages, on a phone."""
    async with chat_site(folder) as site, TestServer(site.app) as server:
        context = await browser.new_context(**{"viewport": PHONE, "has_touch": True, "locale": language, **options})
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: None if server.host in request.url else wrong.append(request.url))
        page.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
        await page.goto(str(server.make_url(f"/c/{site.token}")))
        yield site, page
        await context.close()
        assert wrong == []


async def arrive(page: Page, language: str = "en") -> None:
    """Into the chat, and until the socket is there where scripts are on."""
    await page.click(f"button[value={language}]")
    await expect(page.locator(".waiting")).to_be_visible()


async def look(page: Page, site: ChatSite, *, axe: bool = True) -> None:
    """Whatever holds for every page."""
    await fits(page)
    await expect(page.locator("[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]")).to_have_count(
        1 if await page.locator("#chat").count() else 0
    )
    if axe:
        await no_barriers(page)


async def asked(page: Page, step: str) -> None:
    """Until this question waits: its buttons carry its name."""
    made_for = f'"step":"{step}"'
    await expect(page.locator(f"#answer [name=tap][value*='{made_for}']").first).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
async def test_a_check_in_on_a_phone(browser: Browser, tmp_path: Path, language: str, scheme: str) -> None:
    async with opened(browser, tmp_path, language, color_scheme=scheme, reduced_motion="reduce") as (site, page):
        await look(page, site)
        await arrive(page, language)
        await joined(page)
        assert await page.evaluate("document.dir") == {"en": "ltr", "ar": "rtl"}[language]
        await look(page, site)
        await page.click(".option >> nth=3")
        await asked(page, "work")
        await page.click(".option >> nth=2")
        await asked(page, "hard")
        await page.click(".option >> nth=2")
        await page.fill("textarea", "Brev og skjemaer")
        await look(page, site)
        await page.click(".send")
        await asked(page, "step")
        await look(page, site)
        await page.fill("textarea", "اتصال بالمقهى")
        await page.click(".send")
        await asked(page, "share")
        await look(page, site)
        await page.click(".option >> nth=1")
        await expect(page.locator("form.many")).to_be_visible()
        assert await page.locator("input:checked").count() == 0
        await look(page, site)
        await page.click(".option >> nth=0")
        await page.click(".send")
        await expect(page.locator(".done")).to_be_visible()
        await look(page, site)
        assert site.turns.received[-1].tap == Tap(1, "share", "share_lines", ("week",))
        await page.click("summary")
        await look(page, site)
        panel = await page.locator(".panel").bounding_box()
        assert panel
        assert 0 <= panel["x"] <= panel["x"] + panel["width"] <= PHONE["width"]
        await page.keyboard.press("Escape")
        await page.click(".help")
        await look(page, site)


async def test_right_to_left_begins_at_the_right(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "ar") as (_, page):
        await arrive(page, "ar")
        assert await start(page, ".mark") > await start(page, ".help")
        assert await start(page, ".option .dots") > await start(page, ".option .label")
        await page.click(".option >> nth=0")
        await asked(page, "work")
        assert await start(page, ".me .words") < await start(page, ".bot:nth-child(2) .words")


async def start(page: Page, selector: str) -> float:
    """How far from the left the first of these begins."""
    box = await page.locator(selector).first.bounding_box()
    assert box, selector
    return box["x"]


async def test_the_smallest_phone_needs_no_scrolling_sideways(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, viewport=SMALLEST) as (site, page):
        await look(page, site, axe=False)
        await arrive(page)
        for step in ("work", "hard", "step"):
            await look(page, site, axe=False)
            await page.locator(".control").first.click()
            await asked(page, step)
        await page.click(".help")
        await look(page, site, axe=False)


async def test_a_scale_stands_in_a_row_where_there_is_room(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "ar", viewport={"width": 1000, "height": 700}) as (_, page):
        await arrive(page, "ar")
        boxes = [await option.bounding_box() for option in await page.locator(".scale .option").all()]
        assert len({box["y"] for box in boxes if box}) == 1
        across = [box["x"] for box in boxes if box]
        assert across == sorted(across, reverse=True)


async def test_the_keyboard_is_enough(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, has_touch=False) as (site, page):
        await focus(page, "button[value=en]")
        await page.keyboard.press("Enter")
        await expect(page.locator(".waiting")).to_be_visible()
        await joined(page)
        await page.keyboard.press("Tab")
        assert await focused(page, ".to-question")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await focused(page, "#answer .option")
        await expect(page.locator("#answer .option").first).to_have_css("outline-style", "solid")
        await page.keyboard.press("Enter")
        await asked(page, "work")
        assert await focused(page, "#answer")
        await page.keyboard.press("Tab")
        assert await focused(page, "#answer .option")
        await page.keyboard.press("Enter")
        await asked(page, "hard")
        await page.keyboard.press("Tab")
        assert await focused(page, "#answer input[type=checkbox]")
        await page.keyboard.press("Space")
        await focus(page, ".send")
        await page.keyboard.press("Enter")
        await asked(page, "step")
        await page.keyboard.press("Tab")
        assert await focused(page, "textarea")
        await page.keyboard.type("Ring")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await asked(page, "share")
        assert [inbound.text for inbound in site.turns.received][-1] == "Ring"
        assert site.turns.received[-2].tap == Tap(1, "hard", "choose", ("hard1",))


async def test_a_question_is_read_out_once_and_own_words_not_at_all(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (site, page):
        await arrive(page)
        await joined(page)
        await page.click(".option >> nth=3")
        await asked(page, "work")
        name = await page.locator("#answer").get_attribute("aria-labelledby")
        await expect(page.locator(f"#{name}")).to_have_text("Do you have a job or a work trial now?")
        await expect(page.locator(".waiting")).to_have_attribute("aria-live", "off")
        await expect(page.locator(".me")).to_have_attribute("aria-live", "off")
        site.turns.tell(site.participant, "Kim has read it.")
        news = page.locator(".bot", has_text="Kim has read it.")
        await expect(news).to_be_visible()
        assert await news.get_attribute("aria-live") is None
        assert await focused(page, "#answer")


async def test_a_dropped_connection_resends_exactly_once(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (site, page):
        await arrive(page)
        await joined(page)
        submitted = lose_first_acknowledgement(site)
        await page.click(".option >> nth=3")
        await asked(page, "work")
        assert [inbound.id for inbound in submitted] == [submitted[0].id] * 2
        assert [inbound.tap for inbound in site.turns.received[1:]] == [Tap(1, "week", "choose", ("week4",))]
        await expect(page.locator(".me")).to_have_count(1)
        await expect(page.locator(".me .state")).to_have_text("Saved")
        await expect(page.locator("#waits")).to_have_count(0)


def lose_first_acknowledgement(site: ChatSite) -> list[Inbound]:
    """The first message is stored, and the connection breaks before the browser hears of it."""
    submitted: list[Inbound] = []
    submit = site.turns.submit

    async def breaking(inbound: Inbound) -> Receipt:
        submitted.append(inbound)
        receipt = await submit(inbound)
        if len(submitted) == 1:
            await site.app[CHAT].sockets.close()
        return receipt

    site.turns.submit = breaking  # type: ignore[method-assign]
    return submitted


async def test_words_wait_on_the_page_until_they_are_stored(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (site, page):
        await arrive(page)
        await joined(page)
        for step in ("work", "hard", "step"):
            await page.locator(".control").first.click()
            await asked(page, step)
        site.lose_database()
        await page.fill("textarea", "Ring the café")
        await page.click(".send")
        await expect(page.locator(".me .waits")).to_have_text("Not saved yet. Trying again.")
        await expect(page.locator("textarea")).to_have_value("Ring the café")
        await expect(page.locator("#log #waits")).to_contain_text("It stays here and is sent again.")
        site.find_database()
        await asked(page, "share")
        await expect(page.locator("#waits")).to_have_count(0)
        await expect(page.locator(".me").last).to_contain_text("Ring the café")
        assert [inbound.text for inbound in site.turns.received].count("Ring the café") == 1


async def test_words_that_wait_survive_a_reload(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (site, page):
        await arrive(page)
        await joined(page)
        site.turns.away = True
        await page.click(".option >> nth=3")
        await expect(page.locator(".me .waits")).to_be_visible()
        site.turns.away = False
        await page.reload()
        await asked(page, "work")
        await expect(page.locator(".me")).to_have_count(1)
        assert [inbound.tap for inbound in site.turns.received[1:]] == [Tap(1, "week", "choose", ("week4",))]
        assert await page.evaluate("Object.values(sessionStorage)") == ["[]"]


async def test_without_scripts_the_same_forms_do(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "ar", java_script_enabled=False) as (site, page):
        await arrive(page, "ar")
        await page.click(".option >> nth=3")
        await asked(page, "work")
        assert page.url.endswith("/chat#now")
        await page.click(".option >> nth=2")
        await asked(page, "hard")
        await page.check("[name=choice] >> nth=2")
        await page.fill("textarea", "نص")
        await page.click(".send")
        await asked(page, "step")
        await page.fill("textarea", "Ring")
        await page.click(".send")
        await asked(page, "share")
        await page.click(".option >> nth=2")
        await expect(page.locator(".done")).to_be_visible()
        last = site.turns.received
        assert (last[-3].tap, last[-3].text) == (Tap(1, "hard", "choose", ("hard3",)), "نص")
        assert (last[-2].tap, last[-2].text) == (None, "Ring")
        assert last[-1].tap == Tap(1, "share", "share_none")


async def test_without_a_socket_the_forms_are_sent_by_the_browser(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (site, page):
        await page.route_web_socket("**/chat/socket*", lambda socket: socket.close())
        await page.add_init_script("window.WebSocket = class extends EventTarget { close() {} }")
        await arrive(page)
        await page.click(".option >> nth=3")
        await asked(page, "work")
        assert page.url.endswith("/chat#now")
        assert site.turns.received[-1].tap == Tap(1, "week", "choose", ("week4",))


async def test_an_option_that_stands_alone_clears_the_others(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (_, page):
        await arrive(page)
        await joined(page)
        for step in ("work", "hard"):
            await page.locator(".control").first.click()
            await asked(page, step)
        boxes = page.locator("#answer input[type=checkbox]")
        await boxes.nth(0).check()
        await boxes.nth(2).check()
        await boxes.nth(4).check()
        assert [await box.is_checked() for box in await boxes.all()] == [False, False, False, False, True]
        await boxes.nth(1).check()
        assert [await box.is_checked() for box in await boxes.all()] == [False, True, False, False, False]


async def test_help_opens_without_a_connection(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (_, page):
        async with page.expect_response("**/help*") as kept:
            await arrive(page)
        await (await kept.value).finished()
        await page.context.set_offline(True)
        await page.click(".help")
        await expect(page.locator("a[href='tel:113']")).to_be_visible()


async def test_the_language_can_be_changed_in_the_middle(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (_, page):
        await arrive(page)
        await joined(page)
        await page.click(".option >> nth=3")
        await asked(page, "work")
        await page.click("summary")
        await page.click(".panel [lang=ar]")
        await expect(page.locator(".waiting")).to_have_attribute("dir", "rtl")
        assert await page.evaluate("document.dir") == "rtl"
        await asked(page, "work")


async def test_closing_leaves_nothing_on_the_phone(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (site, page):
        await arrive(page)
        await joined(page)
        site.turns.away = True
        await page.click(".option >> nth=3")
        await expect(page.locator(".me .waits")).to_be_visible()
        await page.click("summary")
        await page.click(".close")
        await expect(page.locator("h1")).to_have_text("This page is closed")
        assert await page.evaluate("sessionStorage.length") == 0
        assert await page.context.cookies() == []
        await page.go_back()
        await expect(page.locator("h1")).to_have_text("This page is closed")


async def focused(page: Page, selector: str) -> bool:
    """Whether the focus is on the first of these."""
    found = await page.evaluate("(selector) => document.activeElement === document.querySelector(selector)", selector)
    return bool(found)


async def focus(page: Page, selector: str) -> None:
    """Go on with the Tab key until it is there."""
    for _ in range(30):
        if await focused(page, selector):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached with the keyboard")


async def test_another_language_of_the_script_is_no_reason_to_open_the_page_again(
    browser: Browser, tmp_path: Path
) -> None:
    async with opened(browser, tmp_path) as (site, page):
        site.turns.talks[site.participant].language = "ar"
        await arrive(page)
        opened_pages: list[str] = []
        page.on("domcontentloaded", lambda loaded: opened_pages.append(loaded.url))
        await joined(page)
        await page.click(".option >> nth=3")
        await asked(page, "work")
        await expect(page.locator(".waiting")).to_have_attribute("dir", "rtl")
        assert await page.evaluate("document.dir") == "ltr"
        assert opened_pages == []
