"""Language: what Unicode's CLDR knows of a language: its name, direction, letters and plural classes."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from babel.core import Locale, UnknownLocaleError, get_global
from babel.plural import PluralRule, to_gettext

SOURCE = "en"
"""The language of the wording, and of scripts that name no other."""

WRITTEN_FOR = {"no": "nb", "nn": "nb", "prs": "fa_AF"}
"""What phones and browsers may be set to -> the language that whoever reads it reads as well."""

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "en_XA", "ar_XB"
"""The pseudo-languages (``bot.catalogs.pseudo``); XA and XB are regions for private use (RFC 5646, 2.2.4)."""
_DATED_AS = {LEFT_TO_RIGHT: "en", RIGHT_TO_LEFT: "ar", "prs": "fa_AF"}
"""Codes that CLDR does not have -> the one whose dates, numbers and plurals they have."""
_OWN_NAMES = {LEFT_TO_RIGHT: "[Þšéûðö·]", RIGHT_TO_LEFT: "[پسعؤدو]"}

_CLASSES = ("zero", "one", "two", "few", "many", "other")
_FORMULA = re.compile(r"plural\s*=\s*([^;]+)")
_EXPONENT = re.compile(r"\be\b")


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
    rule: PluralRule

    def form(self, n: int) -> int:
        """The index of the plural form for ``n``."""
        return self.classes.index(self.rule(n))

    @property
    def plural_forms(self) -> str:
        """The ``Plural-Forms`` header. It is made from CLDR: the table that Babel uses for files has the classes
        of Arabic in another order than CLDR. ``e``, an operand of CLDR's that gettext does not know, is 0 for
        whole numbers."""
        return _EXPONENT.sub("0", to_gettext(self.rule))

    def rearranged(self, texts: Sequence[str], plural_forms: str) -> tuple[str, ...]:
        """Forms that were written under another ``Plural-Forms`` header, in the order of this language's classes.
        Raises ValueError where the header cannot be understood."""
        found = _FORMULA.search(plural_forms)
        if found is None:
            raise ValueError(f"the Plural-Forms {plural_forms!r} cannot be understood. Correct the header.")
        formula = gettext.c2py(found[1].strip())
        return tuple(texts[min(formula(n), len(texts) - 1)] for n in self._examples())

    def _examples(self) -> Iterator[int]:
        """A number of each class; some classes hold fractions or millions only."""
        for name in self.classes:
            yield next((n for n in range(200) if self.rule(n) == name), 1_000_000)

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
        rule=locale.plural_form,
    )
