"""Reading a translation over, in a real browser: the chat in two languages, and the texts that stand in it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.config import SCRIPTS
from tests.browser.looking import DESK, inspect, window
from tests.browser.test_console_pages import Office, come_in, office
from tests.browser.test_script_editor import LIGHT_PAGE, NARROW

CHAT = "/scripts/weekly_checkin/review/uk"


@asynccontextmanager
async def translating(
    browser: Browser, folder: Path, language: str, size: tuple[int, int], **more: object
) -> AsyncIterator[tuple[Office, Page]]:
    """The browser of somebody who has Ukrainian as their own. An error in a script of a page is one of the test."""
    async with office(folder, language) as at, window(browser, size, **more) as context:
        for name in ("weekly_checkin", "situation"):
            shutil.copy(SCRIPTS / f"{name}.yaml", at.service.scripts_folder)
        page, errors = await context.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))
        await come_in(page, at, await at.service.translator("Olena", "uk", language=language))
        yield at, page
        assert not errors


@pytest.mark.parametrize(
    ("language", "size", "scripts"), [("en", DESK, True), ("ar", NARROW, True), ("en", NARROW, False)]
)
async def test_a_translation_is_read_over_as_a_chat(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int], scripts: bool
) -> None:
    async with translating(browser, tmp_path, language, size, java_script_enabled=scripts) as (at, page):
        mark = f"{language}_{size[0]}" if scripts else ""
        await page.goto(f"{at.address}/scripts/weekly_checkin/texts")
        await page.locator(f'a[href="{CHAT}"]').click()
        source, draft = page.locator(".phone").first, page.locator(".phone").last
        assert [await each.locator(".talk").get_attribute("lang") for each in (source, draft)] == ["en", "uk"]
        for each in (source, draft):
            assert "13" in await each.evaluate("phone => getComputedStyle(phone, '::after').opacity")
        one, other = await source.bounding_box(), await draft.bounding_box()
        assert one is not None
        assert other is not None
        assert (one["y"] == other["y"]) is (size == DESK), "beside each other, or one under the other"
        await draft.locator(".option").nth(3).click()
        await expect(source.locator(".me")).to_have_count(1)
        await expect(draft.locator(".me")).to_have_count(1)
        asked = page.locator('[id="weekly_checkin/job_sure"]')
        await asked.locator("textarea[name=text]").fill("Наскільки Ви впевнені?")
        await asked.locator("button[value=reviewed]").click()
        await expect(asked.get_by_role("status")).to_be_visible()
        await expect(asked.locator(".where")).to_contain_text("Olena")
        await expect(draft.locator(".waiting .words")).to_have_text("Наскільки Ви впевнені?")
        if scripts:
            assert await page.evaluate("document.activeElement.id") == "weekly_checkin/job_sure:reviewed"
            await inspect(page, f"review_{mark}")
            await page.emulate_media(color_scheme="dark")
        await page.locator("button[value=fill]").click()
        await expect(page.locator('[id="weekly_checkin/sharing"]')).not_to_have_count(0)
        if scripts:
            await inspect(page, f"review_over_{mark}")
            await page.goto(f"{at.address}/screens/uk?where=help&only=open")
            await inspect(page, f"screens_{mark}")
            await page.goto(f"{at.address}/scripts/weekly_checkin/texts/uk")
            assert await page.locator("form.beside").count() == 30
            assert len(await page.content()) < LIGHT_PAGE
            await inspect(page, f"texts_{mark}")
            await page.locator("a[rel=next]").click()
            await expect(page.locator("a[rel=prev]")).to_be_visible()
            await page.goto(f"{at.address}/screens")
            await inspect(page, f"screens_list_{mark}")


async def test_what_is_typed_beside_the_chat_outlives_the_chat(browser: Browser, tmp_path: Path) -> None:
    async with translating(browser, tmp_path, "en", DESK) as (at, page):
        await page.goto(f"{at.address}{CHAT}")
        week, sure = page.locator('[id="weekly_checkin/week"]'), page.locator('[id="weekly_checkin/job_sure"]')
        await week.locator("textarea[name=text]").fill("Як минув тиждень?")
        await week.locator("summary").click()
        await week.locator("textarea[name=note]").fill("Who is asked here?")
        await page.locator(".phone").last.locator(".option").nth(3).click()
        await expect(sure).to_be_visible()
        await expect(week.locator("textarea[name=text]")).to_have_value("Як минув тиждень?")
        await expect(week.locator("textarea[name=note]")).to_have_value("Who is asked here?")
        await expect(week.locator("textarea[name=note]")).to_be_visible()
        await page.locator("button[value=anew], button[value=undo]").first.click()
        await expect(sure).to_have_count(0)
        await expect(week.locator("textarea[name=text]")).to_have_value("Як минув тиждень?")
        await week.locator("button[value='human draft']").click()
        await expect(week.get_by_role("status")).to_be_visible()
        await page.reload()
        await expect(week.locator("textarea[name=text]")).to_have_value("Як минув тиждень?")
        await week.locator("textarea[name=text]").fill("Тиждень?")
        await week.locator("button[value='human draft']").click()
        await expect(week.get_by_role("status")).to_be_visible()
        await page.locator(".phone").last.locator(".option").nth(3).click()
        await expect(sure).to_be_visible()
        await expect(week.locator("textarea[name=text]")).to_have_value("Тиждень?")


async def test_what_was_refused_beside_the_chat_outlives_it_too(browser: Browser, tmp_path: Path) -> None:
    async with translating(browser, tmp_path, "en", DESK) as (at, page):
        await page.goto(f"{at.address}{CHAT}")
        week, sure = page.locator('[id="weekly_checkin/week"]'), page.locator('[id="weekly_checkin/job_sure"]')
        await week.locator("textarea[name=text]").fill("Як минув {тиждень}?")
        await week.locator("button[value='human draft']").click()
        await expect(week.get_by_role("alert")).to_be_visible()
        await page.locator(".phone").last.locator(".option").nth(3).click()
        await expect(sure).to_be_visible()
        await expect(week.locator("textarea[name=text]")).to_have_value("Як минув {тиждень}?")
        await page.locator("button[value=undo]").click()
        await expect(sure).to_have_count(0)
        await expect(week.locator("textarea[name=text]")).to_have_value("Як минув {тиждень}?")
