"""The demo in a process of its own, as `make run` starts it, and a visitor who opens its pages without a browser."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.forked import Command, Streams
from tests.waiting import PATIENCE

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
    folder: Path,
    *,
    python: str = "",
    port: int = 0,
    fresh: bool = False,
    ending: signal.Signals = signal.SIGINT,
) -> Iterator[Demo]:
    """The demo with its data in ``folder``, stopped by Ctrl-C (or by ``ending``) in the end: that of this checkout, or
    the one that is installed for ``python``."""
    arguments = ["run", "--demo", "--port", str(port), *(["--fresh"] if fresh else [])]
    with TemporaryDirectory() as place:
        streams = Streams.within(Path(place))
        process = (
            _Installed(python, arguments, folder, streams) if python else Command(arguments, folder, nowhere(), streams)
        )
        try:
            yield Demo(process.pid, _links(process, streams))
        finally:
            process.send(ending)
            ended = process.end(PATIENCE)
    expected = -ending if ending is signal.SIGKILL else 0
    assert ended == expected, f"stopped by {ending.name}, it ended with {ended}"


class _Installed:
    """The command of an environment in which Medvind is installed."""

    def __init__(self, python: str, arguments: Sequence[str], folder: Path, streams: Streams) -> None:
        with streams.out.open("wb") as out:
            self._process = subprocess.Popen([python, "-m", "bot", *arguments], cwd=folder, env=nowhere(), stdout=out)
        self.pid = self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self, within: float) -> int | None:
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def nowhere() -> dict[str, str]:
    """The environment of a shell that has never heard of this checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MEDVIND"))} | {
        "PYTHONUNBUFFERED": "1"
    }


def _links(process: _Installed | Command, streams: Streams) -> tuple[str, ...]:
    said, latest = "", time.monotonic() + PATIENCE
    while process.is_alive and time.monotonic() < latest:
        said = streams.said
        links = _LINK.findall(said)
        if len(links) >= 3 and said.endswith("\n"):
            return tuple(links[:3])
        time.sleep(0.02)
    raise AssertionError(f"it did not print three links:\n{said}")


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
