"""Opinions: what participants said about the questions of a script, counted. Nobody can tell who said it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from bot.digest.words import StaffWords
from dialogues.model import Script
from storage.feedback import Opinions


@dataclass(frozen=True, slots=True)
class Opinion:
    """One question, and how often each reason was given, in words. ``question`` is its name where it is not asked any
    more."""

    question: str
    said: tuple[str, ...]


def opinions(
    found: Iterable[Opinions], dialogue: str, script: Script | None, words: StaffWords, named: Callable[[str], str]
) -> tuple[Opinion, ...]:
    """Those about the questions of one dialogue, wherever these were asked: another dialogue may run it. ``named``
    gives the name of a language."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in found:
        if one.step.partition("/")[0] == dialogue:
            counts[one.step, one.reason, one.language] += one.n
    return tuple(
        Opinion(_question(step, script), tuple(_said(*key[1:], counts[key], words, named) for key in keys))
        for step, keys in groupby(sorted(counts), key=lambda key: key[0])
    )


def _question(key: str, script: Script | None) -> str:
    step = script.by_key.get(key) if script else None
    return step.text.strip() if step else key


def _said(reason: str, language: str, n: int, words: StaffWords, named: Callable[[str], str]) -> str:
    return words.say("opinion.in_language", said=words.count(f"opinion.{reason}", n), language=named(language))
