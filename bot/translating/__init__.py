"""Translating: people's own words in the language of whoever reads them, beside the words themselves and never instead.

A deployment chooses a program that does it, or none. ``Translator`` is all that the rest of Medvind knows of it; a
specialist's own translation needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Away(Exception):
    """It cannot be asked now; later it may answer. Says why, and holds nothing of what was to be translated."""


class Unable(Exception):
    """It will never translate this: it does not know the languages, or it refuses the texts. Says why, as ``Away``."""


class Translator(Protocol):
    """A program that translates. Languages are codes as the catalogues have them, such as ``nb`` or ``fa_AF``."""

    async def translate(self, source: str, target: str, texts: Sequence[str]) -> Sequence[str]:
        """Each text in the other language, in the same order; "" for one that came back unusable. Raises Away and
        Unable."""

    async def unknown(self, languages: Sequence[str]) -> Sequence[str]:
        """Those of these languages that it does not know. Raises Away."""


def is_same_language(one: str, other: str) -> bool:
    """Whether whoever reads one reads the other: ``fa_AF`` and ``fa``, the two kinds of Norwegian."""
    return _plain(one) == _plain(other)


def _plain(code: str) -> str:
    language = code.replace("-", "_").partition("_")[0].lower()
    return _READ_AS.get(language, language)


_READ_AS = {"nb": "no", "nn": "no", "prs": "fa"}
