"""The demo in a process of its own, as `make run` starts it, and a visitor who opens its pages without a browser."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

PATIENCE = 60.0
"""Seconds until a demo that says nothing, or does not stop, is killed."""

_LINK = re.compile(r"http://[^\s]+/[^\s]+")
_ASSET = re.compile(r'(?:src|href)="(/[^"#]+\.(?:js|css|svg|png|woff2|ico)[^"]*)"')


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo and the links that it printed: a participant's, a specialist's and a coordinator's."""

    pid: int
    links: tuple[str, ...]

    @property
    def chat(self) -> str:
        """The participant's link."""
        return next(link for link in self.links if "/c/" in link)


@contextmanager
def running_demo(
    python: str,
    folder: Path,
    *,
    checkout: Path | None = None,
    port: int = 0,
    fresh: bool = False,
    ending: signal.Signals = signal.SIGINT,
) -> Iterator[Demo]:
    """The demo with its data in ``folder``, run by ``python``, and stopped by Ctrl-C (or by ``ending``) in the end.

    It is the demo that is installed for ``python``, or that of a ``checkout``.
    """
    command = [python, "-m", "bot", "run", "--demo", "--port", str(port), *(["--fresh"] if fresh else [])]
    environment = nowhere() | ({"PYTHONPATH": str(checkout)} if checkout else {})
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        yield Demo(process.pid, _links(process))
    finally:
        timer.cancel()
        process.send_signal(ending)
        process.communicate(timeout=PATIENCE)
    expected = -ending if ending is signal.SIGKILL else 0
    assert process.returncode == expected, f"stopped by {ending.name}, it ended with {process.returncode}"


def nowhere() -> dict[str, str]:
    """The environment of a shell that has never heard of this checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MEDVIND"))} | {
        "PYTHONUNBUFFERED": "1"
    }


def _links(process: subprocess.Popen[str]) -> tuple[str, ...]:
    assert process.stdout is not None
    said, links = "", list[str]()
    for line in process.stdout:
        said += line
        links += _LINK.findall(line)
        if len(links) == 3:
            return tuple(links)
    raise AssertionError(f"the demo ended before it had printed three links:\n{said}")


class Visitor:
    """Somebody who opens pages, keeps cookies and sends plain forms."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, url: str) -> str:
        """The page at ``url``. Raises HTTPError for anything but a page."""
        with self._opener.open(url) as response:
            return str(response.read().decode())

    def post(self, url: str, fields: Mapping[str, str]) -> str:
        """The page that follows the form. Raises HTTPError."""
        site = "/".join(url.split("/")[:3])
        request = Request(url, urlencode(fields).encode(), {"Origin": site})
        with self._opener.open(request) as response:
            return str(response.read().decode())

    def open_chat(self, link: str, language: str = "en") -> str:
        """The chat's page with the question that waits."""
        self.get(link)
        return self.post(link, {"language": language})

    def answer(self, link: str, page: str) -> str:
        """The chat after the first of the answers on ``page`` was tapped."""
        answers = page.partition('id="answer"')[2]
        fields = {name: _value(answers, name) for name in ("id", "language", "tap")}
        return self.post(urljoin(link, "/chat"), fields)


def assets(page: str) -> list[str]:
    """Addresses of what a page loads from its own site."""
    return sorted(set(_ASSET.findall(page)))


def _value(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no field {name}"
    return html.unescape(found[1])
