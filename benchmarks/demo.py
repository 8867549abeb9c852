"""Starting, resting, and what a phone loads: the demo as anybody runs it, in a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import sync_playwright

from benchmarks import due
from tests import chromium
from tests.running_demo import Visitor, assets, running_demo

ROOT = Path(__file__).parent.parent
ROUNDS = 5
PHONE = {"width": 360, "height": 640}
IDLE = 100_000
SETTLE = 15.0
"""Seconds until everything runs that is begun after the pages are there."""

SLOW_PROCESSOR = 4
"""How many times slower than this machine the phone is."""

SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""Milliseconds and bytes a second: a phone on a poor mobile connection, as page testers commonly set it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What running the demo showed: seconds (medians of five) and bytes."""

    help: float
    first_answer: float
    first_question: float
    resting: int
    with_many: int
    """Bytes at rest too, with a hundred thousand people who do nothing."""
    page: int


def measured() -> Seen:
    """All of it, on a demo that has data already."""
    with tempfile.TemporaryDirectory(prefix="medvind-bench-", dir="/var/tmp") as name:
        folder = Path(name)
        _first_answer(folder)
        first_answer = _median(lambda: _first_answer(folder))
        with running_demo(folder, python=sys.executable) as demo:
            resting = _resting_memory(demo.pid)
            first_question, weight = _first_question(demo.chat), _weight(demo.chat)
        due.fill(
            "sqlite", f"sqlite:///{folder}/var/demo/medvind.db", 1_000, IDLE, datetime.now(UTC) + timedelta(hours=1)
        )
        with running_demo(folder, python=sys.executable) as demo:
            with_many = _resting_memory(demo.pid)
        return Seen(_median(_help), first_answer, first_question, resting, with_many, weight)


def _median(once: Callable[[], float]) -> float:
    return statistics.median(once() for _ in range(ROUNDS))


def _help() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _first_answer(folder: Path) -> float:
    """From the start of the process until somebody's answer is stored and the page after it has come."""
    began = time.perf_counter()
    with running_demo(folder, python=sys.executable) as demo:
        visitor = Visitor()
        visitor.answer(demo.chat, visitor.open_chat(demo.chat))
        return time.perf_counter() - began


def _resting_memory(pid: int) -> int:
    time.sleep(SETTLE)
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return int(said) * 1024


def _weight(link: str) -> int:
    """The chat's page and all that it loads, not compressed."""
    visitor = Visitor()
    page = visitor.open_chat(link)
    parts = [page, *(visitor.get(urljoin(link, asset)) for asset in assets(page))]
    return sum(len(part.encode()) for part in parts)


def _first_question(link: str) -> float:
    """From opening the chat on a slow phone, with nothing kept from before, until the question can be answered."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(link)
        page.locator("button[value=en]").click()
        page.locator("#answer").wait_for()
        devices = context.new_cdp_session(page)
        devices.send("Network.enable")
        devices.send("Network.setCacheDisabled", {"cacheDisabled": True})
        devices.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        devices.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})

        def once() -> float:
            began = time.perf_counter()
            page.goto(urljoin(link, "/chat"), wait_until="commit")
            page.locator("#answer").wait_for()
            return time.perf_counter() - began

        took = _median(once)
        browser.close()
        return took
