"""The script editor, the preview and the flow picture in a real browser: one text as cards, as lines and as a chat."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Response, expect

from bot.config import SCRIPTS
from tests.browser.looking import DESK, inspect, window
from tests.browser.test_console_pages import Office, come_in, office

NARROW = (360, 780)
EDITOR = "/scripts/checkin"
WEEKLY = "/scripts/weekly_checkin"
LIGHT_PAGE = 200 * 1024


@asynccontextmanager
async def coordinating(
    browser: Browser, folder: Path, path: str, *, language: str = "en", size: tuple[int, int] = DESK, **more: object
) -> AsyncIterator[tuple[Office, Page]]:
    """A coordinator's browser at a page. An error in one of its scripts is an error of the test."""
    async with office(folder, language) as at, window(browser, size, **more) as context:
        shutil.copy(SCRIPTS / "weekly_checkin.yaml", at.service.scripts_folder)
        shutil.copy(SCRIPTS / "situation.yaml", at.service.scripts_folder)
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await come_in(page, at, at.coordinator)
        await page.goto(at.address + path)
        yield at, page
        assert not errors


def lines(page: Page) -> str:
    """Where CodeMirror has its text."""
    return "#text-pane .cm-content"


async def text_of(page: Page) -> str:
    """The text as it would be saved."""
    return await page.locator("#text").evaluate("area => area.value")


async def write_at_the_end(page: Page, words: str) -> None:
    await page.locator(lines(page)).click()
    await page.keyboard.press("Control+End")
    await page.keyboard.type(words)


async def test_a_problem_is_marked_while_somebody_writes_and_one_press_mends_it(
    browser: Browser, tmp_path: Path
) -> None:
    async with coordinating(browser, tmp_path, EDITOR) as (_, page):
        await expect(page.locator("#editor-state")).to_contain_text("no problems")
        await write_at_the_end(page, "\n  bye:\n  say: |\n  Goodbye {nam}.")
        await expect(page.locator("#problems li")).to_have_count(1)
        await expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
        assert await page.locator(".cm-lintRange-error").inner_text() == "{nam}"
        await expect(page.locator("#step-bye .wrong")).to_be_visible()
        await expect(page.locator("#editor-state")).to_contain_text("Not saved yet")
        await inspect(page, "editor_problem")
        await page.locator(lines(page)).click(position={"x": 10, "y": 10})
        await page.locator("#problems a").first.click()
        await expect(page.locator(".cm-activeLine")).to_have_text("      Goodbye {nam}.")
        await page.locator("#problems form.edit button").click()
        await expect(page.locator(".cm-lint-marker-error")).to_have_count(0)
        assert (await text_of(page)).endswith("Goodbye {name}.\n")


async def test_a_card_changes_the_text_and_the_text_changes_the_card(browser: Browser, tmp_path: Path) -> None:
    async with coordinating(browser, tmp_path, EDITOR) as (at, page):
        before = (at.service.scripts_folder / "checkin.yaml").read_text(encoding="utf-8")
        card = page.locator("#step-hard")
        await card.locator("summary").first.click()
        await card.locator("#w-hard").fill("Was anything hard?")
        await card.locator("form.edit button").first.click()
        await expect(card.locator("summary .first")).to_have_text("Was anything hard?")
        assert await text_of(page) == before.replace("Was something hard?", "Was anything hard?")
        await expect(card).to_have_attribute("open", "")
        await card.locator(".in-text").click()
        await expect(page.locator(".cm-activeLine")).to_have_text("  hard:")
        await expect(card).to_have_attribute("aria-current", "true")
        await page.locator(lines(page)).press("Control+z")
        await expect(card.locator("summary .first")).to_have_text("Was something hard?")
        assert await text_of(page) == before
        await page.locator("[data-redo]").click()
        await expect(card.locator("summary .first")).to_have_text("Was anything hard?")
        await card.locator("#f-hard-boss").fill("The manager")
        await card.locator("#f-hard-boss").press("Enter")
        await expect(page.locator(lines(page))).to_contain_text("boss: The manager")
        await expect(card.locator("#f-hard-boss")).to_be_focused()
        await write_at_the_end(page, "  ")
        await expect(card.locator("#f-hard-boss")).to_have_value("The manager")
        await inspect(page, "editor_card")


async def test_what_would_break_is_said_before_and_can_be_left(browser: Browser, tmp_path: Path) -> None:
    async with coordinating(browser, tmp_path, EDITOR) as (_, page):
        before = await text_of(page)
        card = page.locator("#step-week")
        await card.locator("summary").first.click()
        await card.get_by_text("More", exact=False).first.click()
        remove = card.locator('form.edit:has(input[value="remove_step"]) button')
        await remove.click()
        dialog = page.locator("#editor-sure")
        await expect(dialog).to_be_visible()
        await expect(dialog).to_contain_text("week")
        await inspect(page, "editor_sure")
        await dialog.locator('button[value="no"]').click()
        assert await text_of(page) == before
        await remove.click()
        await dialog.locator('button[value="yes"]').click()
        await expect(page.locator("#step-week")).to_have_count(0)
        await expect(page.locator("#problems li")).not_to_have_count(0)


async def test_keys_and_names_are_offered_where_they_can_stand(browser: Browser, tmp_path: Path) -> None:
    async with coordinating(browser, tmp_path, EDITOR) as (_, page):
        await write_at_the_end(page, "\n  bye:\n  s")
        await expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("say")
        await expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("share")
        await page.keyboard.type("ay: x\nfor each: h")
        offered = page.locator(".cm-tooltip-autocomplete li")
        await expect(offered.first).to_be_visible()
        assert {"hard", "help"} <= set(await offered.all_inner_texts())
        await page.keyboard.press("Escape")


async def test_a_draft_is_saved_by_the_keyboard_and_read_again(browser: Browser, tmp_path: Path) -> None:
    async with coordinating(browser, tmp_path, EDITOR) as (_, page):
        await write_at_the_end(page, "\n  bye:\n  say: Goodbye.")
        await page.keyboard.press("Tab")
        await expect(page.locator(".editor-save button")).to_be_focused()
        async with page.expect_navigation(wait_until="load"):
            await page.keyboard.press("Control+s")
        assert (await text_of(page)).rstrip().endswith("say: Goodbye.")
        await expect(page.locator("#step-bye")).to_have_count(1)
        await expect(page.locator("#editor-state")).not_to_contain_text("Not saved")


async def test_on_a_phone_a_draft_can_be_saved_from_every_pane(browser: Browser, tmp_path: Path) -> None:
    async with coordinating(browser, tmp_path, EDITOR, size=NARROW) as (_, page):
        save = page.locator(".editor-save button")
        await expect(page.locator("#editor-state")).to_contain_text("no problems")
        for pane in ("cards", "text", "preview"):
            for other in await page.locator(f"[data-pane][aria-pressed=true]:not([data-pane={pane}-pane])").all():
                await other.click()
            button = page.locator(f"[data-pane={pane}-pane]")
            if await button.get_attribute("aria-pressed") == "false":
                await button.click()
            await expect(page.locator(".pane:visible")).to_have_count(1)
            await expect(save).to_be_in_viewport()
        await page.locator("[data-pane=cards-pane]").click()
        await page.locator("#step-week > summary").click()
        await page.locator("#w-week").fill("And the week?")
        await page.locator("#step-week > form button").first.click()
        await page.wait_for_function("() => document.querySelector('#text').value.includes('And the week?')")
        async with page.expect_navigation(wait_until="load"):
            await save.click()
        assert "And the week?" in await text_of(page)


async def test_the_preview_follows_the_text_in_two_languages(browser: Browser, tmp_path: Path) -> None:
    async with coordinating(browser, tmp_path, WEEKLY, language="ar") as (_, page):
        await page.locator("[data-pane=preview-pane]").click()
        await page.locator("#first").select_option("ar")
        await page.locator("#beside").select_option("en")
        phones = page.locator(".phone")
        await expect(phones).to_have_count(2)
        await expect(phones.first.locator(".talk")).to_have_attribute("dir", "rtl")
        await expect(phones.nth(1)).to_contain_text("How was your week, all in all?")
        await phones.first.locator(".option").nth(3).click()
        await expect(phones.nth(1).locator(".me")).to_contain_text("Good")
        page_text = await text_of(page)
        await page.locator("#step-hello summary").first.click()
        await page.locator("#w-hello").fill("A new greeting.")
        await page.locator("#step-hello form.edit button").first.click()
        await expect(phones.nth(1)).to_contain_text("A new greeting.")
        await expect(phones.nth(1).locator(".me")).to_contain_text("Good")
        assert await text_of(page) != page_text
        await expect(page.locator(".one-phone").first.locator(".note")).to_be_visible()
        await inspect(page, "editor_preview")


async def test_the_preview_is_a_page_of_forms_for_browsers_without_scripts(browser: Browser, tmp_path: Path) -> None:
    path = f"{WEEKLY}/preview?first=ar"
    async with coordinating(browser, tmp_path, path, java_script_enabled=False) as (_, page):
        assert await page.locator(".talk").get_attribute("lang") == "ar"
        await page.locator(".phone .option").nth(3).click()
        await expect(page.locator(".phone .me")).to_have_count(1)
        await page.locator("button[value=fill]").click()
        await expect(page.locator(".besides .lines").first).to_be_visible()
        await page.locator("button[value=next]").click()
        await expect(page.locator(".happened li")).not_to_have_count(0)


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ar", NARROW)])
async def test_every_page_is_open_to_everybody(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with coordinating(browser, tmp_path, WEEKLY, language=language, size=size) as (at, page):
        await expect(page.locator("#editor-state")).not_to_be_empty()
        await inspect(page, f"editor_{language}_{size[0]}")
        await page.emulate_media(color_scheme="dark")
        await page.locator("#step-hard summary").first.click()
        await inspect(page, f"editor_dark_{language}_{size[0]}")
        await page.goto(f"{at.address}{WEEKLY}/preview?first=ar&beside=en")
        await page.locator(".phone .option").first.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".phone .me")).not_to_have_count(0)
        await page.locator("button[value=fill]").click()
        await expect(page.locator(".besides .lines").first).to_be_visible()
        await inspect(page, f"preview_dark_{language}_{size[0]}")
        await page.goto(f"{at.address}{WEEKLY}/flow")
        await expect(page.locator("#flow svg")).to_be_visible()
        assert await page.locator("#flow .node").count() > 10
        await inspect(page, f"flow_dark_{language}_{size[0]}")


async def test_only_the_editor_and_the_flow_picture_are_large(browser: Browser, tmp_path: Path) -> None:
    async with coordinating(browser, tmp_path, "/scripts") as (at, page):
        responses: list[Response] = []
        page.on("response", lambda response: responses.append(response))
        for path in (
            "/scripts",
            *(f"{WEEKLY}/{each}" for each in ("preview", "publish", "history", "texts", "examples")),
        ):
            responses.clear()
            await page.goto(at.address + path, wait_until="networkidle")
            weight = sum([len(await response.body()) for response in responses if response.ok])
            assert 0 < weight < LIGHT_PAGE, f"{path} takes {weight} bytes"
