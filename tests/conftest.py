"""Fixtures for every room: a PostgreSQL server and a browser. Where one is missing, tests fail and say what to do."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.postgresql_cluster import cluster

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """SQLAlchemy's URL of the maintenance database of a server that lives as long as the tests."""
    with cluster() as server:
        yield server.url.render_as_string(hide_password=False)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium, new for each test: one that outlived a test would hang on that test's event loop."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=_chromium(), headless=True, args=CHROMIUM_FLAGS)
        yield launched
        await launched.close()


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.fail(
        "Chromium is needed and not on this machine. Run `make test` as root, or install it: "
        "apt-get install chromium fonts-noto-core"
    )
