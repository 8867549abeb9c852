"""Pictures in a real browser: nothing is blocked, everything fits on the smallest phone, and the words are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.history import Entry
from bot.messages import Outbound
from bot.pictures import Picture
from tests.bot.picture_samples import month_picture, web_picture
from tests.browser.test_chat import SMALLEST, arrive, look, opened

WEB = web_picture(
    "Noise or many people",
    "Letters and offices from the municipality that come every week",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "العائلة في بلد آخر",
    lines={1: (2, 3), 4: (1,)},
)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
@pytest.mark.parametrize("picture", [month_picture("Very hard", "Good"), WEB], ids=["month", "web"])
async def test_a_picture_on_a_phone(
    browser: Browser, tmp_path: Path, language: str, scheme: str, picture: Picture
) -> None:
    async with opened(browser, tmp_path, language, viewport=SMALLEST, color_scheme=scheme) as (site, page):
        await arrive(page, language)
        entries = site.turns.talks[site.participant].entries
        entries.append(Entry(len(entries) + 1, Outbound("said", language, "…", picture=picture), ""))
        await page.reload()
        await expect(page.locator(".picture svg")).to_be_visible()
        await expect(page.locator(".picture svg")).to_have_accessible_name(f"{picture.title} {picture.words}")
        await look(page, site)
        svg = await page.locator(".picture svg").bounding_box()
        assert svg is not None
        for text in await page.locator(".picture svg text").all():
            box = await text.bounding_box()
            assert box is not None
            assert box["x"] >= svg["x"] - 1
            assert box["x"] + box["width"] <= svg["x"] + svg["width"] + 1
