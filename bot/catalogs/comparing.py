"""Comparing: one translated text against its source, by every rule that needs nothing else.

A rule takes the source, the translation and the language, and yields what is wrong with what to do about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

from bot.catalogs import forms
from bot.catalogs.language import Language
from bot.catalogs.po import Entry
from dialogues.texts import placeholders

Found = Iterator[tuple[str, str]]
Rule = Callable[[str, str, Language], Found]

SAME_NOTE = "same: on purpose"
"""A translators' comment on a text that is the same in both languages."""
NAMES = frozenset({"Medvind", "Telegram"})
"""Names that keep their letters in every language."""

_NUMBER = "n"
_PLACEHOLDER = re.compile(r"\{[^{}\n]*\}")
_DIGITS = re.compile(r"\d+")
_COMMAND = re.compile(r"(?<!\S)/[a-z_]+")
_APOSTROPHE = "\u02bc"
"""The letter that CLDR writes as an apostrophe inside Ukrainian words."""
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_SHAPE = "{form|for a woman|for a man|neutral}"
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("«", "»"))
_SAME_ANYWHERE = frozenset({"ok", "cv", "sms"}) | {name.casefold() for name in NAMES}
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
"""Soft hyphen, zero-width space, word joiner, byte order mark. The zero-width joiners U+200C and U+200D are
letters' shapes in Persian, Urdu and the languages of India, and stay."""
_LETTERS = {
    "Arab": "ARABIC", "Beng": "BENGALI", "Cyrl": "CYRILLIC", "Deva": "DEVANAGARI", "Ethi": "ETHIOPIC",
    "Grek": "GREEK", "Guru": "GURMUKHI", "Hebr": "HEBREW", "Latn": "LATIN", "Mymr": "MYANMAR", "Thai": "THAI",
}  # fmt: skip
_FOREIGN = {"ar": "یکگچپژ", "ru": "іїєґ", "uk": "ыэёъ", "nb": "äöü", "da": "äöü", "nn": "äöü", "sv": "æøü"}
"""Letters of a neighbouring language, the usual sign of a word that came from there."""
_MARKS = {"Arab": {"?": "؟", ",": "،", ";": "؛"}}


def of_entry(entry: Entry, tongue: Language) -> Found:
    """What is wrong with the filled forms of an entry, form by form."""
    plural = len(entry.source) > 1
    forms = len(tongue.classes) if plural else 1
    if len(entry.texts) != forms:
        yield f"It has {len(entry.texts)} forms.", f"Give it exactly: {', '.join(tongue.classes)}."
        return
    for index, text in enumerate(entry.texts):
        if not text.strip():
            if plural and any(entry.texts):
                yield f'The form "{tongue.classes[index]}" is missing.', "Write every form."
            continue
        exact = plural and tongue.is_exact(index)
        for what, remedy in _of_text(entry, text, exact, tongue):
            yield (f'In the form "{tongue.classes[index]}": {what}' if plural else what), remedy
    if _is_same(entry):
        yield "It is the same as the source.", f'Translate it, or add the comment "# {SAME_NOTE}".'


def _of_text(entry: Entry, text: str, exact: bool, tongue: Language) -> Found:
    """Everything that a text can read is held to the rules, each finding once."""
    if not forms.is_sound(text):
        yield "Words for women and men cannot be read.", f"Write three parts and close the braces: {_SHAPE}."
        return
    if not forms.names_agree(text):
        yield "The words for women and men do not have the same placeholders.", "Write each in all three parts."
    found = (each for variant in forms.variants(text) for each in _of_variant(entry, variant, exact, tongue))
    yield from dict.fromkeys(found)


def _of_variant(entry: Entry, text: str, exact: bool, tongue: Language) -> Found:
    if not text.strip():
        yield "In one form nothing is left of the text.", "Write words for each form."
        return
    yield from _placeholders(entry, text, exact)
    for rule in _RULES:
        if not (exact and rule is _digits):
            yield from rule(entry.source[-1], text, tongue)


def _placeholders(entry: Entry, text: str, exact: bool) -> Found:
    known = frozenset().union(*map(placeholders, entry.source))
    needed = placeholders(entry.source[-1]) - ({_NUMBER} if exact else set())
    found = placeholders(text)
    for name in sorted(needed - found):
        yield f"{{{name}}} is lost.", f"Put {{{name}}} where it belongs, spelt as in the source."
    for name in sorted(found - known):
        yield f"{{{name}}} is not in the source.", "Remove it: nothing would fill it in."


def _prose(text: str) -> str:
    return _PLACEHOLDER.sub("", text)


def _digits(source: str, text: str, _tongue: Language) -> Found:
    written = _DIGITS.findall(_prose(text))
    if foreign := sorted({each for each in written if not each.isascii()}):
        yield f"It has the digits {', '.join(foreign)}.", "Write digits as 0 to 9, in every language."
    here = Counter(str(int(each)) for each in written)
    there = Counter(str(int(each)) for each in _DIGITS.findall(_prose(source)))
    for number in sorted((there - here).elements()):
        yield f"The number {number} is lost.", "Write it as in the source."
    for number in sorted((here - there).elements()):
        yield f"The number {number} is there more often than in the source.", "Remove it."


def _brackets(_source: str, text: str, _tongue: Language) -> Found:
    for opening, closing in _PAIRS:
        if text.count(opening) != text.count(closing):
            yield f"{opening} and {closing} do not match.", "Close every bracket that is opened, once."
    if text.count('"') % 2:
        yield 'A " stands alone.', "Close every quotation."


def _invisible(_source: str, text: str, _tongue: Language) -> Found:
    for sign in sorted(set(text) - {"\n"}):
        if unicodedata.bidirectional(sign) in _BIDI or sign in "\u061c\u200e\u200f":
            yield f"It holds the invisible direction sign U+{ord(sign):04X}.", "Remove it: direction is set for you."
        elif sign in _INVISIBLE or unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn"):
            yield f"It holds the invisible sign U+{ord(sign):04X}.", "Remove it."


_BIDI = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _edges(source: str, text: str, _tongue: Language) -> Found:
    for side, mine, theirs in (
        ("begins", text[: -len(text.lstrip())], source[: -len(source.lstrip())]),
        ("ends", text[len(text.rstrip()) :], source[len(source.rstrip()) :]),
    ):
        if mine != theirs:
            yield f"It {side} with another space or line than the source.", "Remove it."


def _letters(source: str, text: str, tongue: Language) -> Found:
    own = _LETTERS.get(tongue.letters)
    prose = _prose(text).replace(_APOSTROPHE, "")
    if own is None:
        return
    for command in _COMMAND.findall(source):  # What is typed into a messenger is the same in every language.
        prose = prose.replace(command, "")
    if own != "LATIN":
        prose = _LATIN_WORD.sub(lambda found: "" if _may_stay(found[0]) else found[0], prose)
    strange = sorted({each for each in prose if each.isalpha() and not unicodedata.name(each, own).startswith(own)})
    if strange:
        yield f"It has letters of another script: {' '.join(strange)}.", f"Write {tongue.name} in its own letters."
    if foreign := sorted(set(prose.lower()) & set(_FOREIGN.get(tongue.code.partition("_")[0], ""))):
        yield f"It has letters that {tongue.name} does not have: {' '.join(foreign)}.", "Correct the spelling."


def _may_stay(word: str) -> bool:
    """Names and abbreviations keep their Latin letters."""
    return word in NAMES or (word.isupper() and 1 < len(word) <= 5)


def _punctuation(source: str, text: str, tongue: Language) -> Found:
    for sign, own in _MARKS.get(tongue.letters, {}).items():
        if re.search(rf"{re.escape(sign)}(?!\d)", _prose(text)):
            yield f"It has {sign}", f"Write {own} as the language does."
    if "!" in text and "!" not in source:
        yield "It has an exclamation mark.", "Remove it: the source does not shout."


_RULES: tuple[Rule, ...] = (_digits, _brackets, _invisible, _edges, _letters, _punctuation)


def _is_same(entry: Entry) -> bool:
    words = {_prose(text).strip(" .:").casefold() for text in entry.source}
    same = all(_prose(text).strip(" .:").casefold() in words for text in entry.texts)
    letters = any(each.isalpha() for text in entry.texts for each in _prose(text))
    return same and letters and SAME_NOTE not in entry.notes and not words <= _SAME_ANYWHERE
