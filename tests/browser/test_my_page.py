"""My page in a real browser: on a phone, from both sides, by keyboard, without scripts, and on paper."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.my_page.parts import PARTS
from storage import people
from tests.bot.diary import STEP, wrote
from tests.bot.own_page import SESSION, OwnPage, own_page
from tests.browser.looking import no_barriers
from tests.browser.phone_screen import fits
from tests.browser.test_chat import PHONE, SMALLEST

LONG = "Bäckereifachverkäuferin" * 4
"""A word that no line of a phone has room for."""


@asynccontextmanager
async def opened(
    browser: Browser, folder: Path, language: str = "en", **options: Any
) -> AsyncIterator[tuple[OwnPage, Page, str]]:
    """Somebody with something of everything to see, and the address of the site."""
    async with own_page(folder) as own:
        await fill(own)
        await own.site.parts.database.write(lambda conn: people.set_language(conn, own.person.id, language))
        context = await browser.new_context(**{"viewport": PHONE, "has_touch": True, "locale": language, **options})
        root = str(own.phone.client.make_url("")).rstrip("/")
        await context.add_cookies([{"name": "medvind", "value": SESSION, "url": root}])
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
        yield own, page, root
        await context.close()
        assert wrong == []


async def fill(own: OwnPage) -> None:
    """A diary of which some lines are shared, a workplace, and a piece of a work story."""
    await wrote(own.world, "step", "sure", person=own.person)
    await own.world.publish("workplace", PLACES)
    own.world.holding("workplace")
    for place in ("Bakery", LONG, "مكتبة"):
        await own.person.says("start")
        await own.person.says(place)
        await own.person.chooses("yes")
        await own.person.says(LONG)


PLACES = """
dialogue: workplace
language: en
remember:
  last: workplace/place
steps:
  hello:
    when: last was answered
    say: Last time it was {last}.
  place:
    ask: Where do you work?
    answer: text
    label: Workplace
  knew:
    ask: Did you know what to do?
    answer: yes or no
    label: Clear
  more:
    ask: Anything else?
    answer: text
    label: More
  bye:
    say: That is all.
"""


async def look(page: Page, *, axe: bool = True) -> None:
    """Whatever holds for every page."""
    await fits(page)
    if axe:
        await no_barriers(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_whole_on_a_phone(browser: Browser, tmp_path: Path, scheme: str) -> None:
    async with opened(browser, tmp_path, color_scheme=scheme) as (_, page, root):
        for part in ("", *PARTS):
            await page.goto(f"{root}/me/{part}".rstrip("/"))
            await expect(page.locator("h1")).to_be_visible()
            for fold in await page.locator("summary").all():
                await fold.click()
            await look(page)


async def test_the_smallest_phone_needs_no_scrolling_sideways(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, viewport=SMALLEST) as (_, page, root):
        for part in ("", *PARTS):
            await page.goto(f"{root}/me/{part}".rstrip("/"))
            await look(page, axe=False)


async def test_from_right_to_left(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, "ar") as (_, page, root):
        await page.goto(f"{root}/me")
        assert await page.evaluate("document.dir") == "rtl"
        for part in ("", *PARTS):
            await page.goto(f"{root}/me/{part}".rstrip("/"))
            await look(page)


async def test_a_line_is_taken_back_with_a_thumb_and_without_scripts(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, java_script_enabled=False) as (own, page, root):
        await page.goto(f"{root}/me")
        await page.click("text=What you shared")
        await expect(page.get_by_text(STEP)).to_be_visible()
        await expect(page.get_by_role("button", name="Take it back now").first).to_be_hidden()
        await page.click("summary >> nth=0")
        await expect(page.get_by_text("What someone has read cannot be unread.").first).to_be_visible()
        await page.get_by_role("button", name="Take it back now").first.click()
        await expect(page.get_by_text("The line is taken back.")).to_be_in_viewport()
        await expect(page.get_by_text(STEP)).to_have_count(0)
        assert "step" in await own.person.answered()


async def test_everything_is_deleted_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (_, page, root):
        await page.goto(f"{root}/me/delete")
        await page.get_by_role("button", name="Go on").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Delete everything now?")).to_be_visible()
        await look(page)
        await page.get_by_role("button", name="Yes, delete everything").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Everything is deleted")).to_be_visible()
        await look(page)
        await page.goto(f"{root}/me")
        await expect(page.get_by_role("heading", name="This page is closed")).to_be_visible()


async def test_the_table_is_moved_with_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, viewport=SMALLEST) as (_, page, root):
        await page.goto(f"{root}/me/workplaces")
        frame = page.get_by_role("region")
        await frame.focus()
        await page.keyboard.press("ArrowRight")
        await page.wait_for_function("() => document.querySelector('.beside').scrollLeft > 0")
        await expect(page.get_by_role("columnheader")).to_have_count(4)
        await expect(page.get_by_role("rowheader")).to_have_count(2)


async def test_the_copy_to_read_stands_alone(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (own, page, _):
        response = await own.phone.client.post(
            "/me/copy", data={"as": "html"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        file = tmp_path / "my-data.html"
        file.write_bytes(await response.read())
        await page.goto(file.as_uri())
        await expect(page.get_by_text(STEP)).to_be_visible()
        await no_barriers(page)
