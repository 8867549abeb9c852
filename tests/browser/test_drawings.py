"""Drawings and faces in a real browser: on a small phone, from both sides, each beside its words."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from bot.history import Entry
from bot.messages import Outbound
from dialogues.engine import Again, Skip
from dialogues.session import Answer
from tests.bot.wording_talk import talk
from tests.browser.looking import picture
from tests.browser.test_chat import arrive, look, opened

SMALL = {"width": 360, "height": 640}


def questions(language: str) -> list[Outbound]:
    """A weekly check-in of somebody who wants faces, with something that was hard everywhere."""
    held = talk("weekly_checkin", language)
    held.voice = msgspec.structs.replace(held.voice, wants_faces=lambda: True)
    held.send(Again())
    found = [held.asked]
    while found[-1].kind == "asked":
        everywhere = found[-1].step == "weekly_checkin/hard"
        held.send(Answer(choices=("work", "search", "outside")) if everywhere else _first(held.asked))
        found.append(held.asked)
    return [asked for asked in found if any(button.drawing for button in asked.buttons)]


def _first(asked: Outbound) -> Answer | Skip:
    return Answer(number=3) if asked.scale else Skip()


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_check_in_with_drawings_and_faces_on_a_small_phone(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    async with opened(browser, tmp_path, language, viewport=SMALL) as (site, page):
        await arrive(page, language)
        entries = site.turns.talks[site.participant].entries
        asked = questions(language)
        assert [each.step.rpartition("/")[2] for each in asked if each.scale] == ["week", "job_sure"]
        for number, each in enumerate(asked):
            entries.append(Entry(len(entries) + 1, each, ""))
            await page.reload()
            drawn = page.locator("#answer .option .drawn")
            await expect(drawn).to_have_count(len([button for button in each.buttons if button.drawing]))
            await expect(page.locator("#answer .face")).to_have_count(5 if each.scale else 0)
            await look(page, site)
            await beside_its_words(page, language)
            await picture(page, f"drawn_{language}_{number}")


async def beside_its_words(page: Page, language: str) -> None:
    """A drawing stands on the side where reading begins, whole, and its words next to it."""
    for option in await page.locator("#answer .option:has(.drawn)").all():
        drawn, words = [await option.locator(part).bounding_box() for part in (".drawn", ".label")]
        assert drawn
        assert words
        assert min(drawn["width"], drawn["height"]) >= 32
        assert (drawn["x"] < words["x"]) is (language == "en")
