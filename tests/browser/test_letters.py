"""Letters on a small phone: long words stand whole and beside one another, and Nastaliq has room between its lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from tests.bot.real_chat import real_chat
from tests.browser.phone_screen import fits, joined

_BROKEN_WORDS = """() => [...document.querySelectorAll(".control .label, .help span, summary span")].flatMap((each) => {
    const text = each.firstChild, found = [];
    for (const word of (text?.data ?? "").matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) found.push(word[0]);
    }
    return found;
})"""
_MARK_UNDER_MENU = """() => {
    const [service, mark, menu] = [".service", ".mark", ".menu"].map((each) =>
        document.querySelector(each).getBoundingClientRect());
    return mark.top < service.bottom && mark.right > menu.left && mark.left < menu.right;
}"""
_LINES = """(each) => {
    const style = getComputedStyle(each);
    return [parseFloat(style.lineHeight) / parseFloat(style.fontSize), style.fontFamily];
}"""


@asynccontextmanager
async def first_question(browser: Browser, folder: Path, language: str) -> AsyncIterator[Page]:
    """The first question of the onboarding, which can be skipped and gone back from."""
    async with real_chat(folder) as site, TestServer(site.app) as server:
        page = await browser.new_page(viewport={"width": 360, "height": 640}, has_touch=True, reduced_motion="reduce")
        await page.goto(str(server.make_url(f"/c/{site.token}")))
        await page.click(f"button[value={language}]")
        await joined(page)
        for _ in range(3):
            before = await page.locator("#answer").get_attribute("aria-labelledby")
            await page.click("#answer .send")
            await expect(page.locator("#answer")).not_to_have_attribute("aria-labelledby", before or "")
        await expect(page.locator(".control")).to_have_count(2)
        yield page
        await page.close()


async def test_long_words_stand_whole_and_beside_one_another(browser: Browser, tmp_path: Path) -> None:
    async with first_question(browser, tmp_path, "uk") as page:
        await fits(page)
        assert await page.evaluate(_BROKEN_WORDS) == []
        assert await page.evaluate(_MARK_UNDER_MENU) is False


async def test_urdu_is_set_in_nastaliq_with_room_for_it_and_norwegian_on_the_same_page_is_not(
    browser: Browser, tmp_path: Path
) -> None:
    async with first_question(browser, tmp_path, "ur") as page:
        await fits(page)
        question, family = await page.locator(".waiting > .words").evaluate(_LINES)
        assert question >= 2
        assert "Nastaliq" in family
        await page.click(".help")
        shown, family = await page.locator("blockquote[lang=nb]").evaluate(_LINES)
        assert shown < 1.5
        assert "Nastaliq" not in family
