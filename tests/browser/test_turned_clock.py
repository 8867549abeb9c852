"""The clock of a demo, turned in a browser while a participant has the chat open beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from storage.people import Who
from tests.bot.passing_world import PassingWorld, turned
from tests.bot.shown_text import shown
from tests.bot.turn_world import deployed, opened
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, DESK, PHONE, inspect, viewport
from tests.browser.phone_screen import joined
from tests.storage.databases import SqliteDatabases


@pytest_asyncio.fixture(loop_scope="session")
async def there(sqlite_databases: SqliteDatabases, master_key: bytes, tmp_path: Path) -> AsyncIterator[PassingWorld]:
    with sqlite_databases.url() as url:
        async with opened(url, master_key) as (database, vault):
            yield turned(await deployed(database, vault), tmp_path)


@asynccontextmanager
async def served(there: PassingWorld) -> AsyncIterator[str]:
    server = TestServer(there.app())
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


async def office(browser: Browser, address: str, link: str, size: tuple[int, int], *, scripts: bool = True) -> Page:
    """The page of a member of staff who has come in."""
    context = await browser.new_context(viewport=viewport(size), java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(address + link)
    await page.get_by_role("main").get_by_role("button").click()
    await page.goto(f"{address}/demo")
    return page


async def test_an_open_chat_shows_what_came_while_the_clock_was_turned(browser: Browser, there: PassingWorld) -> None:
    amina = await there.takes_part()
    async with served(there) as address:
        chat = await (await browser.new_context(viewport=viewport(PHONE))).new_page()
        await chat.goto(address + await there.link(Who(amina.id)))
        await chat.click("button[value=en]")
        await joined(chat)
        staff = await office(browser, address, await there.link(Who(staff_id=there.world.specialist)), DESK)
        question = shown("weekly_checkin/week", "en")
        await expect(chat.locator("main")).not_to_contain_text(question)
        await staff.get_by_role("button", name="A week").click()
        await staff.get_by_role("button", name="To the next thing").click()
        await expect(chat.locator("main")).to_contain_text(question)
        await chat.locator("#answer button", has_text="Good").first.click()
        await expect(chat.locator("main")).to_contain_text(shown("weekly_checkin/job_sure", "en"))
    assert (await amina.answered())["week"] == "4"


@AT_A_DESK_AND_ON_A_PHONE
async def test_the_page_is_open_to_everybody(
    browser: Browser, there: PassingWorld, language: str, size: tuple[int, int]
) -> None:
    await there.takes_part()
    reader, mark = await there.staff("specialist", language), f"{language}_{size[0]}"
    async with served(there) as address:
        page = await office(browser, address, await there.link(Who(staff_id=reader)), size)
        assert await page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        await inspect(page, f"clock_unturned_{mark}")
        for _ in range(5):
            await page.locator("button[value=week]").click()
        await inspect(page, f"clock_turned_{mark}")
        await page.goto(f"{address}/digest")
        await inspect(page, f"clock_digest_{mark}")


async def test_it_is_turned_without_scripts_and_leads_back(browser: Browser, there: PassingWorld) -> None:
    async with served(there) as address:
        link = await there.link(Who(staff_id=there.world.specialist))
        page = await office(browser, address, link, PHONE, scripts=False)
        await page.goto(f"{address}/people")
        await page.get_by_role("button", name="A day").click()
        assert page.url == f"{address}/people"
        await expect(page.locator(".clock")).to_contain_text("Tuesday 3 March 09:30")
