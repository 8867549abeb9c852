"""Avoid: words that have no place in a voluntary check-in. They are data: one file a language, in ``avoid/``.

``duty`` and ``reward``: a check-in is neither a task nor an achievement. ``judgement``: a word about people that
follows them. ``ours``: words of these kinds that have an innocent meaning as well, so that only Medvind itself does
without them. ``officialese``: what a public letter sounds like. ``gendered``: forms that say whether a woman or a man
is spoken to.

An entry is a word or some words, in small letters; ``*`` at its end stands for any ending. ``fine`` holds phrases in
which such a word means something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

KINDS = ("duty", "reward", "judgement", "ours", "officialese", "gendered")

_FOLDER = Path(__file__).parent / "avoid"
_JOINED = {"ar": "[وف]?"}
"""What a language writes onto the beginning of a word without a space."""


@cache
def languages() -> tuple[str, ...]:
    """The languages with a list."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def found_in(text: str, language: str, kinds: Sequence[str] = KINDS) -> list[str]:
    """The words of these kinds in a text, in its order. Without a list for the language there is none."""
    if language not in languages():
        return []
    patterns, even = _patterns(language), _even(text)
    if (fine := patterns.get("fine")) is not None:
        even = fine.sub("…", even)
    hits = (found for kind in kinds if kind in patterns for found in patterns[kind].finditer(even))
    return [found[0] for found in sorted(hits, key=lambda found: found.start())]


def listed(language: str) -> Mapping[str, Sequence[str]]:
    """What the file of a language holds: entries by kind, and what is ``fine``."""
    lists: Mapping[str, Sequence[str]] = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return lists


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    joined = _JOINED.get(language, "")
    return {kind: _pattern(phrases, joined) for kind, phrases in listed(language).items()}


def _pattern(phrases: Sequence[str], joined: str) -> re.Pattern[str]:
    """Whole words only; the longer phrase counts before a shorter one in it."""
    ordered = sorted(map(_even, phrases), key=len, reverse=True)
    forms = [re.escape(phrase.removesuffix("*")) + (r"\w*" if phrase.endswith("*") else "") for phrase in ordered]
    return re.compile(rf"(?<!\w){joined}(?:{'|'.join(forms)})(?!\w)")


def _even(text: str) -> str:
    """Small letters and one kind of apostrophe."""
    return text.lower().replace("’", "'").replace("ʼ", "'")
