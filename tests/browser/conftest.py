"""One Chromium for all tests of a process, on an event loop that they share; each test has windows of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserType, async_playwright

from tests import chromium


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """A browser hangs on the loop on which it was started."""
    for item in items:
        if pytest_asyncio.is_async_test(item) and item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started() -> AsyncIterator[list[Browser]]:
    """The Chromium that runs, if any does."""
    running: list[Browser] = []
    yield running
    for each in running:
        await each.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium_type() -> AsyncIterator[BrowserType]:
    """What starts Chromium."""
    async with async_playwright() as playwright:
        yield playwright.chromium


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium_type: BrowserType, started: list[Browser]) -> AsyncIterator[Browser]:
    """A headless Chromium without windows; one that broke down in an earlier test is replaced."""
    if not (started and started[-1].is_connected()):
        started[:] = [
            await chromium_type.launch(executable_path=chromium.executable(), headless=True, args=chromium.FLAGS)
        ]
    yield started[-1]
    for context in started[-1].contexts:
        await context.close()
