"""What holds for every screen of the chat on a phone, and how a test waits until it may go on."""

from __future__ import annotations

from playwright.async_api import Page

from tests.browser.looking import no_wider

TOUCH = 48
"""CSS pixels in either direction, so that a thumb finds it."""

TARGETS = (
    """() => [...document.querySelectorAll("a[href], button, summary, label.option, textarea, input")]
    .filter((each) => each.checkVisibility() && !each.matches(".to-question, label input"))
    .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, box]) => Math.round(Math.min(box.width, box.height)) < """
    + f"{TOUCH})"
)


async def fits(page: Page) -> None:
    """Nothing is wider than the screen, and a thumb finds everything that can be tapped."""
    await no_wider(page)
    assert await page.evaluate(TARGETS) == []


async def joined(page: Page) -> None:
    """Until a message would go through the socket and not as a form."""
    await page.wait_for_function("() => document.documentElement.dataset.live === 'yes'")
