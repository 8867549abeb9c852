"""Pseudo-languages: every text in letters that no person would write, so that one that stands plainly in the program is
seen at once.

One is written from left to right, with accents and a third longer, as German would be; the other from right to left, in
Arabic letters. Both are made from the sources when the catalogues are loaded, and are stored nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.catalogs.language import LEFT_TO_RIGHT, RIGHT_TO_LEFT, Language
from bot.catalogs.po import Entry
from bot.catalogs.sources import Wording, of_wording

PSEUDO = (LEFT_TO_RIGHT, RIGHT_TO_LEFT)

_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÀƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ",
)
_ARABIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ?,;",
    "ابثدعفغهيجكلمنوپقرستؤڤشخئز" * 2 + "؟،؛",
)
_FIXED = re.compile(r"(\{[^{}\n]*\}|(?<!\S)/[a-z_]+|https?://\S*)")
"""What stands in every language as it is: placeholders, commands that are typed into a messenger, addresses."""
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")


def pseudo(text: str, code: str) -> str:
    """A text in a pseudo-language. One without letters stays as it is."""
    if not _LETTER.search(_FIXED.sub("", text)):
        return text
    letters = _ACCENTED if code == LEFT_TO_RIGHT else _ARABIC
    parts = _FIXED.split(text)
    parts[::2] = [part.translate(letters) for part in parts[::2]]
    found = _EDGES.fullmatch("".join(parts))
    assert found is not None, "it takes every text apart"
    before, words, after = found.groups()
    return f"{before}[{words}{_padding(words, code)}]{after}"


def _padding(words: str, code: str) -> str:
    return "·" * -(-len(words) // 3) if code == LEFT_TO_RIGHT else ""


def entries(template: Iterable[Entry], wording: Wording, tongue: Language) -> Iterator[Entry]:
    """Everything in a pseudo-language: the scripts as the template has them, and the wording."""
    sources = {entry.context: entry for entry in template}
    sources.update((source.context, source.entry()) for source in of_wording(wording))
    for entry in sources.values():
        yield replace(entry, texts=tuple(_texts(entry, tongue)))


def _texts(entry: Entry, tongue: Language) -> Iterator[str]:
    if len(entry.source) == 1:
        yield pseudo(entry.source[0], tongue.code)
        return
    for name in tongue.classes:
        yield pseudo(entry.source[name != "one"], tongue.code)
