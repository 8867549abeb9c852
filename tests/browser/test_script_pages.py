"""The pages about scripts beside the editor, in a real browser: what changes, languages, examples, versions, and what
waits for a second coordinator. In English and Arabic, on phone and desktop, by day and by night."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect
from sqlalchemy import Connection

from storage import publications, scripts
from storage.publications import Content
from tests.bot.staff_world import CHECKIN, World
from tests.browser.looking import DESK, PHONE, inspect, window
from tests.browser.test_console_pages import come_in, office
from tests.browser.test_script_editor import LIGHT_PAGE

WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, each) => sum + each.decodedBodySize, 0)"""

LOOKS = {
    "en": {"size": DESK, "color_scheme": "light"},
    "ar": {"size": PHONE, "color_scheme": "dark"},
}


async def reworded(page: Page, address: str, text: str) -> None:
    """By the plain form of the card."""
    await page.goto(f"{address}/scripts/checkin")
    await page.locator("#step-week > summary").click()
    await page.locator("#w-week").fill(text)
    await page.locator("#step-week > form button").first.click()
    await expect(page.locator("#w-week")).to_have_value(text)


async def asked(service: World, by: int) -> int:
    """What another coordinator wants to publish."""
    text = CHECKIN.replace("How was your week?", "And the week?")

    def ask(conn: Connection) -> int:
        before = scripts.version(conn, "checkin", 1)
        texts = {**before.texts, "en": {**before.texts["en"], "checkin/week": "And the week?"}}
        content = {"checkin": Content({"checkin": text}, texts, 1)}
        return publications.ask(
            conn,
            service.vault,
            dialogue="checkin",
            revision=0,
            earlier=0,
            content=content,
            note="Shorter.",
            staff_id=by,
            now=service.now,
        )

    return await service.database.write(ask)


@pytest.mark.parametrize("language", LOOKS)
async def test_every_page_of_a_script_without_barriers(browser: Browser, tmp_path: Path, language: str) -> None:
    looks: dict[str, Any] = LOOKS[language]
    async with office(tmp_path, language) as at, window(browser, **looks) as context:
        async with window(browser, **looks, java_script_enabled=False) as plain:
            card = await plain.new_page()
            await come_in(card, at, at.coordinator)
            await reworded(card, at.address, "And the week?")
        number = await asked(at.service, await at.service.staff("Nora", "coordinator"))
        page = await context.new_page()
        await come_in(page, at, at.coordinator)
        for tab in ("texts", "texts/nb", "examples", "history", "history/1", "publish"):
            await page.goto(f"{at.address}/scripts/checkin/{tab}")
            await inspect(page, f"script_{tab.replace('/', '_')}_{language}")
        assert "And the week?" in await page.locator("ins").all_inner_texts()
        await page.goto(f"{at.address}/publications/{number}")
        await inspect(page, f"script_decides_{language}")
        assert 1000 < await page.evaluate(WEIGHT) < LIGHT_PAGE
        await page.locator("button[value=agree]").click()
        await expect(page.locator(".said-note")).to_have_text("Shorter.")
        await expect(page.locator(".events li")).to_have_count(2)
        await inspect(page, f"script_published_{language}")


@pytest.mark.parametrize("language", LOOKS)
async def test_what_a_change_breaks_and_what_two_wrote_without_barriers(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    looks: dict[str, Any] = LOOKS[language]
    async with office(tmp_path, language) as at, window(browser, **looks) as context:
        page = await context.new_page()
        await come_in(page, at, at.coordinator)
        await page.route("**/editor.js*", _kept_away)
        await page.goto(f"{at.address}/scripts/checkin")
        await page.locator("#step-week > summary").click()
        await page.locator("#step-week .do:has(input[value=remove_step]) > summary").click()
        await page.locator("#step-week form:has(input[value=remove_step]) button").click()
        await expect(page.locator("main ul code")).not_to_have_count(0)
        await inspect(page, f"script_sure_{language}")
        async with window(browser, **looks) as another:
            other = await another.new_page()
            await other.route("**/editor.js*", _kept_away)
            await come_in(other, at, await at.service.staff("Nora", "coordinator", language))
            await other.goto(f"{at.address}/scripts/checkin")
            await reworded(page, at.address, "And the week?")
            await other.locator("#text").fill(CHECKIN.replace("How was your week?", "Your week?"))
            await other.locator(".editor-save button").click()
            await expect(other.locator(".conflict")).to_have_count(1)
            await inspect(other, f"script_merge_{language}")


async def _kept_away(route: Route) -> None:
    """The plain forms, in a browser in which axe can run."""
    await route.abort()
