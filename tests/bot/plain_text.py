"""Plain text: what on a page or in a message is not in the pseudo-language, and so was never translated."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser

from babel import Locale

_RUN = re.compile(r"[A-Za-z]{2,}")
_SAME_EVERYWHERE = re.compile(
    r"https?://\S+|\S+@\S+|(?<!\S)/[a-z_]+|\b(?:Medvind|Telegram|OK|CV|SMS|[A-Z]{2,5}\d*|M[VD]\d+)\b"
)
"""Addresses, commands of a messenger, names of products, abbreviations and codes."""
_UNSAID = re.compile("[\u2066-\u2069]|⟦ [\\w./]+ ⟧")
"""Signs of direction, and the name of a text that a draft lacks."""
_ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
_ARABIC = re.compile("[\u0600-\u06ff]")
_READ_OUT = ("aria-label", "placeholder", "title", "alt", "aria-description", "aria-roledescription")
_UNSEEN = {"script", "style", "template", "code", "kbd", "pre", "textarea", "svg"}
"""What holds no words of the page: programs, and what people or files brought in."""
_NAMES = "names"
"""What stands from left to right on every page, and says no language: names in the program, in scripts and in files."""
_VOID = {"input", "meta", "link", "br", "img", "hr", "source", "wbr", "col"}


class _Page(HTMLParser):
    """Collects every text with the language that it says it is in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        own = given.get("lang", _NAMES if given.get("dir") == "ltr" else self.language)
        self.found += [(own, given[name]) for name in _READ_OUT if name in given]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.found.append((own, given.get("value", "")))
        if tag not in _VOID:
            self.open.append((tag, own))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(tag in _UNSEEN for tag, _ in self.open):
            self.found.append((self.language, data))

    @property
    def language(self) -> str:
        """The one that holds here."""
        return self.open[-1][1] if self.open else ""


def plain_on_page(html: str, tag: str, data: Collection[str]) -> list[str]:
    """Plain words on a page, outside of ``data`` and of what says that it is in another language than ``tag``."""
    page = _Page()
    page.feed(html)
    return [word for language, text in page.found if language == tag for word in plain_words(text, data)]


def loose_names(html: str, names: Collection[str]) -> list[str]:
    """Sentences in Arabic letters with a Latin name in them that nothing keeps apart: it could turn what stands around
    it. Elements such as ``bdi`` hold a text of their own."""
    page = _Page()
    page.feed(html)
    apart = (_apart(text) for _, text in page.found)
    known = _any_of(frozenset(names))
    return [text for text in apart if _ARABIC.search(text) and known.search(text)]


def _apart(text: str) -> str:
    """A text without what is isolated in it."""
    while _ISOLATED.search(text):
        text = _ISOLATED.sub(" ", text)
    return text


def plain_words(text: str, data: Collection[str]) -> Iterator[str]:
    """Plain words in a text, outside of ``data``: names, and what people wrote. Names of days and months, and what
    stands before the last thing of a list, are CLDR's."""
    if not _RUN.search(text):
        return
    text = _UNSAID.sub("", text)
    if data:
        text = _any_of(frozenset(data)).sub(" ", text)
    for word in _RUN.findall(_SAME_EVERYWHERE.sub(" ", text)):
        if word not in _days_and_months():
            yield word


@cache
def _any_of(data: frozenset[str]) -> re.Pattern[str]:
    known = "|".join(map(re.escape, sorted(data, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{known})(?!\w)")


@cache
def _days_and_months() -> frozenset[str]:
    english = Locale("en")
    tables: list[Mapping[object, str]] = [
        table for kind in (english.days, english.months) for forms in kind.values() for table in forms.values()
    ]
    return frozenset(name.strip(".") for table in tables for name in table.values()) | {"and"}
