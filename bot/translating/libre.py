"""Libre: a server that speaks as LibreTranslate does: ``GET /languages`` and ``POST /translate``.

Nothing that comes from here (errors, log lines) holds an address, a key or a text. What the server answers is taken for
what a stranger wrote: it is measured, checked and tidied before anybody sees it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic
from typing import Any, TypeVar

import aiohttp
import msgspec

from bot.translating import Away, Unable

T = TypeVar("T")

MOST_TEXTS, MOST_LETTERS = 20, 5_000
"""In one request. A text in one's own words has 500 letters at most."""
LARGEST_ANSWER = 256 * 1024
"""Bytes: far more than so many letters can become."""
KNOWN_FOR = 3_600.0
"""Seconds after which the server is asked anew which languages it knows."""
LIMITS = aiohttp.ClientTimeout(total=60, sock_connect=5, sock_read=30)

_NAMES: Mapping[str, tuple[str, ...]] = {
    "nb": ("nb", "no"),
    "nn": ("nn", "nb", "no"),
    "no": ("nb", "no"),
    "prs": ("prs", "fa"),
    "zh": ("zh", "zh-Hans"),
    "pt": ("pt", "pt-BR"),
}
"""What servers call a language, the best first. Others have one code everywhere."""
_REFUSES_TEXT = (400, 413, 422)
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what stands around them."""


class _Known(msgspec.Struct):
    code: str
    targets: list[str] | None = None


class _Answer(msgspec.Struct):
    translatedText: str | list[str]  # noqa: N815, the server's name


class LibreTranslate:
    """One server. ``key`` is what it asks for, or ""."""

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        limits: aiohttp.ClientTimeout = LIMITS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._limits = limits
        self._clock = clock
        self._known: Sequence[_Known] = ()
        self._known_until = 0.0

    async def translate(self, source: str, target: str, texts: Sequence[str]) -> Sequence[str]:
        """As the protocol says. Several requests where there is much."""
        async with self._session() as session:
            here, there = self._pair(await self._languages(session), source, target)
            found: list[str] = []
            for some in _in_portions(texts):
                found += await self._some(session, here, there, some)
        return found

    async def unknown(self, languages: Sequence[str]) -> Sequence[str]:
        """As the protocol says."""
        self._known_until = 0.0
        async with self._session() as session:
            known = {one.code for one in await self._languages(session)}
        return [language for language in languages if known.isdisjoint(_names(language))]

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=self._limits, cookie_jar=aiohttp.DummyCookieJar())

    async def _languages(self, session: aiohttp.ClientSession) -> Sequence[_Known]:
        if self._clock() >= self._known_until:
            body = await self._asked(session, "GET", "/languages")
            self._known = _read(body, list[_Known])
            self._known_until = self._clock() + KNOWN_FOR
        return self._known

    @staticmethod
    def _pair(known: Sequence[_Known], source: str, target: str) -> tuple[str, str]:
        """What the server calls the two. Raises Unable."""
        by_code = {one.code: one for one in known}
        for here in _names(source):
            for there in _names(target):
                if here in by_code and there in (by_code[here].targets or by_code):
                    return here, there
        raise Unable(f"it does not translate from {source} to {target}")

    async def _some(self, session: aiohttp.ClientSession, here: str, there: str, texts: Sequence[str]) -> list[str]:
        asked: dict[str, Any] = {"q": list(texts), "source": here, "target": there, "format": "text"}
        if self._key:
            asked["api_key"] = self._key
        answer = _read(await self._asked(session, "POST", "/translate", asked), _Answer).translatedText
        given = [answer] if isinstance(answer, str) else answer
        if len(given) != len(texts):
            raise Away("it answered with another number of texts")
        return [tidy(text, of) for text, of in zip(given, texts, strict=True)]

    async def _asked(self, session: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> bytes:
        """The body of a good answer. Nothing is followed to another address."""
        try:
            async with session.request(method, f"{self._url}{path}", json=body, allow_redirects=False) as response:
                _check(response.status)
                return await _limited(response.content)
        except TimeoutError:
            raise Away("it does not answer in time") from None
        except (aiohttp.ClientError, UnicodeError) as error:
            raise Away(f"it cannot be reached ({type(error).__name__})") from None


def tidy(text: str, of: str) -> str:
    """A translation as it can be shown, or "" where it is none: empty, the same words again, or out of all measure."""
    kept = "".join(
        sign for sign in text if sign not in _DIRECTIONS and (sign in "\n\t" or unicodedata.category(sign) != "Cc")
    )
    plain = "\n".join(" ".join(line.split()) for line in kept.strip().splitlines())
    is_same = " ".join(plain.split()).casefold() == " ".join(of.split()).casefold()
    return "" if is_same or len(plain) > 10 * len(of) + 200 else plain


def _names(code: str) -> tuple[str, ...]:
    language = code.replace("-", "_").partition("_")[0]
    return _NAMES.get(language, (language,))


def _in_portions(texts: Sequence[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    for text in texts:
        if portion and (len(portion) == MOST_TEXTS or sum(map(len, portion)) + len(text) > MOST_LETTERS):
            yield portion
            portion = []
        portion.append(text)
    if portion:
        yield portion


def _check(status: int) -> None:
    if status == 200:
        return
    if status in _REFUSES_TEXT:
        raise Unable(f"it refuses the texts (status {status})")
    if status == 429:
        raise Away("it asks us to wait (status 429)")
    if status in (401, 403):
        raise Away(f"it does not let us in (status {status}): see MEDVIND_TRANSLATE_KEY")
    raise Away(f"it answers with status {status}")


async def _limited(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for piece in content.iter_any():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise Away("its answer is too large")
    return bytes(body)


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeError):
        raise Away("its answer cannot be understood") from None
