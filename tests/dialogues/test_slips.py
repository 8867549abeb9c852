"""One slip of a finger in any structural word of a script is noticed, and nearly always with what was meant. The four
scripts that are damaged here have every key of the format, and every third slip is tried; all of them take minutes.

Structural are the words that the computer reads: keys, names, kinds of answer, conditions, numbers, times, yes, and
what stands between braces. What people read, tags and comments are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dialogues import loader, texts
from dialogues.problems import Findings
from dialogues.reading.nodes import Fields, Items, Node, Scalar, read

FOLDER = Path(__file__).parents[2] / "dialogues" / "scripts"
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}

DAMAGED = ("agreement_day", "choose_time", "topics", "workplace")

READ_BY_PEOPLE = {"title", "say", "ask", "share", "options", "points", "low", "high", "label"}
NOT_LOOKED_AT = {"tags"}
NEXT = dict(zip("abcdefghijklmnopqrstuvwxyz0123456789_/", "bcdefghijklmnopqrstuvwxyza1234567890-_", strict=True))

EACH = 3
"""Every which of the slips is tried."""
SHORT = 3
"""Letters up to which every place of a word is tried."""
NOTICED_AT_LEAST = 0.985
"""The others are legal: another number, or the name of a ``run`` step, which names nothing."""


@dataclass(frozen=True)
class Word:
    """A structural word and where it stands in the text."""

    text: str
    start: int


@dataclass(frozen=True)
class Slip:
    """A word, what became of it, the whole script with it, and how many places in the word it is a sample of."""

    word: str
    slip: str
    source: str
    stands_for: int


def structural_words(source: str) -> list[Word]:
    root = read(source, Findings())
    assert root is not None
    lines = [0, *(found.end() for found in re.finditer("\n", source))]
    return [
        Word(found.group(), lines[scalar.place.line - 1] + scalar.place.column - 1 + found.start())
        for scalar, pattern in structural_parts(root)
        for found in re.finditer(pattern, scalar.raw)
    ]


def structural_parts(node: Node, key: str = "") -> Iterator[tuple[Scalar, str]]:
    """Scalars with a pattern for the words in them that count."""
    match node:
        case Fields(pairs=pairs):
            for name, value in pairs.values():
                yield name, r"[^\s\"']+"
                inside = key if key in READ_BY_PEOPLE else name.value
                yield from structural_parts(value, inside)
        case Items(items=items):
            for item in items:
                yield from structural_parts(item, key)
        case Scalar() if key not in NOT_LOOKED_AT:
            yield node, r"(?<=\{)\w+(?=\})" if key in READ_BY_PEOPLE else r"[^\s/\"']+"


def slips(word: str, turn: int) -> Iterator[tuple[str, int]]:
    """The word with one letter dropped, doubled, replaced, and two neighbours swapped: at every place of a short word,
    at one place of a longer one, which changes from word to word. With each, how many places it stands for."""
    places, each = _places(len(word), turn)
    for place in places:
        yield word[:place] + word[place + 1 :], each
        yield word[: place + 1] + word[place:], each
        yield word[:place] + NEXT[word[place]] + word[place + 1 :], each
    places, each = _places(len(word) - 1, turn)
    for place in places:
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :], each


def _places(count: int, turn: int) -> tuple[range, int]:
    return (range(count), 1) if count <= SHORT else (range(turn % count, turn % count + 1), count)


def damaged(source: str) -> Iterator[Slip]:
    """Each slip in each structural word."""
    for turn, word in enumerate(structural_words(source)):
        assert source[word.start :].startswith(word.text)
        for slip, stands_for in slips(word.text, turn):
            if slip != word.text:
                after = source[word.start + len(word.text) :]
                yield Slip(word.text, slip, source[: word.start] + slip + after, stands_for)


def what_is_said(source: str, name: str, locked: dict[str, str]) -> str:
    """All that is found wrong with a damaged script."""
    checked = loader.check(source, file=f"{name}.yaml", library=SOURCES)
    found = checked.problems or texts.renamed(texts.texts_of(checked.script), locked) if checked.script else ()
    return "\n".join(map(str, found or checked.problems))


def test_a_slip_in_a_structural_word_is_noticed() -> None:
    all_slips = noticed = guessed = 0
    missed: list[str] = []
    for name in DAMAGED:
        source = SOURCES[name]
        locked = {text.context: text.text for text in texts.texts_of(loader.load(source, SOURCES))}
        for slip in islice(damaged(source), 0, None, EACH):
            said = what_is_said(slip.source, name, locked)
            all_slips += slip.stands_for
            noticed += slip.stands_for * bool(said)
            guessed += slip.stands_for * ("Did you mean" in said)
            missed += [] if said else [f"{name}: {slip.word} -> {slip.slip}"]
    print(f"{noticed / all_slips:.2%} of {all_slips} slips noticed, {guessed / all_slips:.1%} with what was meant")
    assert noticed / all_slips >= NOTICED_AT_LEAST, missed
    assert [text for text in missed if not is_another_legal_value(text)] == []


def is_another_legal_value(missed: str) -> bool:
    """A number that is as possible as the one that was meant, or the name of a ``run`` step, which names nothing."""
    name, _, word = missed.partition(" -> ")[0].partition(": ")
    return (
        word.isdecimal()
        or re.search(rf"^  {word}:\n(    when: .*\n)?    run:", SOURCES[name], re.MULTILINE) is not None
    )


def test_a_slip_changes_one_thing() -> None:
    assert list(slips("most", 1)) == [("mst", 4), ("moost", 4), ("mpst", 4), ("omst", 1), ("msot", 1), ("mots", 1)]
    assert list(slips("5", 4)) == [("", 1), ("55", 1), ("6", 1)]
