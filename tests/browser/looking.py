"""Looking: what holds for every page, whoever sees it, and a picture of it for whoever wants to look.

``MEDVIND_PICTURES=folder`` keeps the pictures.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

DESK, PHONE = (1280, 900), (390, 844)
"""Width and height of a window, in CSS pixels."""

AT_A_DESK_AND_ON_A_PHONE = pytest.mark.parametrize(
    ("language", "size"), [("en", DESK), ("ar", PHONE)], ids=["en-desk", "ar-phone"]
)
"""From left to right in a wide window, and from right to left in a narrow one. The other two ways
would double the time of the slowest tests for pages that are made of the same rules."""

_WIDER = """() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return Math.max(scrollWidth, document.documentElement.scrollWidth) - clientWidth;
}"""


def viewport(size: tuple[int, int]) -> ViewportSize:
    """A size as a browser is told it."""
    return {"width": size[0], "height": size[1]}


@asynccontextmanager
async def window(browser: Browser, size: tuple[int, int], **more: object) -> AsyncIterator[BrowserContext]:
    """A window of its own, without what other windows know."""
    context = await browser.new_context(viewport=viewport(size), **more)  # type: ignore[arg-type]
    try:
        yield context
    finally:
        await context.close()


async def inspect(page: Page, name: str) -> None:
    """No barrier that axe knows, nothing wider than the window, and a picture."""
    await no_wider(page, name)
    await no_barriers(page, name)
    await picture(page, name)


async def no_wider(page: Page, name: str = "the page") -> None:
    """Nobody has to push the page to and fro."""
    await page.wait_for_load_state()  # before it has its style sheet, a page may be of any width
    assert await page.evaluate(_WIDER) <= 0, f"{name} is wider than its window"


async def no_barriers(page: Page, name: str = "the page") -> None:
    """No barrier that axe knows, also within shadow roots."""
    found = await _axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


async def picture(page: Page, name: str, *, full_page: bool = True) -> None:
    """A picture, where somebody wants one, of what stands there when nothing moves any more."""
    if folder := os.environ.get("MEDVIND_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=full_page, animations="disabled")


@cache
def _axe() -> Axe:
    return Axe()
