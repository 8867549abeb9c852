"""Fixtures for every room: a PostgreSQL server and a browser. Where one is missing, tests fail and say what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests import chromium
from tests.postgresql_cluster import cluster


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """SQLAlchemy's URL of the maintenance database of a server that lives as long as the tests."""
    with cluster() as server:
        yield server.url.render_as_string(hide_password=False)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium, new for each test: one that outlived a test would hang on that test's event loop."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.executable(), headless=True, args=chromium.FLAGS
        )
        yield launched
        await launched.close()
