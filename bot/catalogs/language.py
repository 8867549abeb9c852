"""Language: what Unicode's CLDR knows of a language: its name, direction, letters and plural classes."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from babel.core import Locale, UnknownLocaleError, get_global
from babel.plural import to_gettext

SOURCE = "en"
"""The language of the wording, and of scripts that name no other."""

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "en_XA", "ar_XB"
"""The pseudo-languages (``bot.catalogs.pseudo``); XA and XB are regions for private use (RFC 5646, 2.2.4)."""
_DATED_AS = {LEFT_TO_RIGHT: "en", RIGHT_TO_LEFT: "ar", "prs": "fa_AF"}
"""Codes that CLDR does not have -> the one whose dates, numbers and plurals they have."""
_OWN_NAMES = {LEFT_TO_RIGHT: "[Þšéûðö·]", RIGHT_TO_LEFT: "[پسعؤدو]"}

NAME, DIRECTION, LETTERS = "X-Language-Name", "X-Language-Direction", "X-Language-Script"
PLURALS, CLASSES = "Plural-Forms", "X-Plural-Classes"

_CLASSES = ("zero", "one", "two", "few", "many", "other")
_FORMULA = re.compile(r"nplurals\s*=\s*(\d)\s*;\s*plural\s*=\s*([^;]+)")
_EXPONENT = re.compile(r"\be\b")
"""An operand of CLDR's that gettext does not know; it is 0 for whole numbers."""


@dataclass(frozen=True)
class Language:
    """One language. ``code`` is the name of its folder: ``nb``, ``ar``, ``fa_AF``."""

    code: str
    name: str
    """Its own name for itself, in its own letters."""
    direction: Literal["ltr", "rtl"]
    letters: str
    """ISO 15924 code of its script, such as ``Arab``; empty where CLDR does not say."""
    classes: tuple[str, ...]
    """CLDR plural classes, in the order of the forms in a catalogue."""
    plural_forms: str
    """The header of that name. It is made from CLDR: the table that Babel uses for files has the classes of Arabic in
    another order than CLDR."""

    @property
    def header(self) -> Mapping[str, str]:
        """What a catalogue says of its language, so that a service need not ask CLDR about each that it offers."""
        return {
            PLURALS: self.plural_forms,
            NAME: self.name,
            DIRECTION: self.direction,
            LETTERS: self.letters,
            CLASSES: " ".join(self.classes),
        }

    def form(self, n: int) -> int:
        """The index of the plural form for ``n``."""
        return self._formula(n)

    @cached_property
    def _formula(self) -> Callable[[int], int]:
        return _read(self.plural_forms)[1]

    def rearranged(self, texts: Sequence[str], plural_forms: str) -> tuple[str, ...]:
        """Forms that were written under another ``Plural-Forms`` header, in the order of this language's classes.
        Raises ValueError where the header cannot be understood."""
        _, formula = _read(plural_forms)
        return tuple(texts[min(formula(n), len(texts) - 1)] for n in self._examples())

    def _examples(self) -> Iterator[int]:
        """A number of each class; some classes hold fractions or millions only."""
        for form in range(len(self.classes)):
            yield next((n for n in range(200) if self.form(n) == form), 1_000_000)

    def is_exact(self, form: int) -> bool:
        """Whether the form is used for one number only, so that a text need not show it: Arabic "two" is 2 and
        nothing else, while Ukrainian "one" is also 21."""
        return self._uses[form] == 1

    @cached_property
    def _uses(self) -> Counter[int]:
        """How many of the first thousand numbers each form is used for."""
        return Counter(map(self.form, range(1000)))


@lru_cache
def locale_of(code: str) -> Locale:
    """How a language writes dates, numbers and lists. Raises ValueError for a code that CLDR does not know."""
    try:
        return Locale.parse(_DATED_AS.get(code, code).replace("-", "_"))
    except (UnknownLocaleError, ValueError) as unknown:
        raise ValueError(f'"{code}" is not a language code that I know. Write it like nb, ar or fa_AF.') from unknown


@lru_cache
def language(code: str) -> Language:
    """The language of a code. Raises ValueError for a code that CLDR does not know."""
    locale = locale_of(code)
    tags = locale.plural_form.tags | {"other"}
    likely = str(get_global("likely_subtags").get(locale.language, ""))
    return Language(
        code=code,
        name=_OWN_NAMES.get(code) or locale.languages.get(str(locale)) or locale.get_display_name(locale) or code,
        direction="rtl" if locale.text_direction == "rtl" else "ltr",
        letters=locale.script or next((part for part in likely.split("_") if len(part) == 4), ""),
        classes=tuple(name for name in _CLASSES if name in tags),
        plural_forms=_EXPONENT.sub("0", to_gettext(locale.plural_form)),
    )


def described(code: str, header: Mapping[str, str]) -> Language:
    """The language of a catalogue as its header describes it, or as CLDR does where the header says less. Raises
    ValueError for a code that CLDR does not know, and for plural forms that cannot be understood."""
    if not all(map(header.get, (NAME, DIRECTION, LETTERS, CLASSES, PLURALS))):
        return language(code)
    classes = tuple(header[CLASSES].split())
    if _read(header[PLURALS])[0] != len(classes):
        return language(code)
    return Language(
        code=code,
        name=header[NAME],
        direction="rtl" if header[DIRECTION] == "rtl" else "ltr",
        letters=header[LETTERS],
        classes=classes,
        plural_forms=header[PLURALS],
    )


def _read(plural_forms: str) -> tuple[int, Callable[[int], int]]:
    """How many forms there are, and which one a number has."""
    found = _FORMULA.search(plural_forms)
    if found is None:
        raise ValueError(f"the Plural-Forms {plural_forms!r} cannot be understood. Correct the header.")
    return int(found[1]), gettext.c2py(found[2].strip())
