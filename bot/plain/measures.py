"""Measures: sentences and words of a text, and how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dialogues.texts import placeholders

LONGEST_SENTENCE = 18
LONGEST_ELSEWHERE = 20
"""Words in a sentence: in English, and in languages that take more of them for the same."""
LONGEST_MEAN = 10
"""Words; what a reader at level A2 takes in at once, and with a margin what is still plain."""
LONGEST_QUESTION = 12
"""Words in an English question."""
HARDEST = 25
"""LIX: words a sentence plus the share of words with more than six letters. Up to 25 is a children's book."""

_SENTENCE_END = re.compile(r"(?<=[.?!؟…:۔።፧])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LETTER = re.compile(r"[^\W_]")
_PLACEHOLDER = re.compile(r"{\w+}")
_NAME = "name"
"""What is counted in place of something that is filled in."""


def sentences(text: str) -> list[str]:
    """The sentences of a text. A line ends one, too."""
    return [part for part in _SENTENCE_END.split(text.strip()) if _LETTER.search(part)]


def words(text: str) -> list[str]:
    """The words of a text; what is filled in counts as one."""
    return _WORD.findall(_PLACEHOLDER.sub(_NAME, text) if placeholders(text) else text)


def longest(language: str) -> int:
    """How many words a sentence may have."""
    return LONGEST_SENTENCE if language == "en" else LONGEST_ELSEWHERE


def mean_length(texts: Iterable[str]) -> float:
    """Words a sentence; 0 where there is none."""
    lengths = [len(words(sentence)) for text in texts for sentence in sentences(text)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def lix(texts: Sequence[str]) -> float:
    """The readability index of Björnsson (1968); 0 for no words."""
    every = [word for text in texts for word in words(text)]
    if not every:
        return 0.0
    return mean_length(texts) + 100 * sum(len(word) > 6 for word in every) / len(every)
