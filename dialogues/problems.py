"""Problems: what is wrong in a script, where, and what to do about it, in the coordinator's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from dialogues.catalogue import CATALOGUE, Entry

__all__ = [
    "CATALOGUE",
    "Enough",
    "Entry",
    "Findings",
    "Place",
    "Problem",
    "ScriptRefused",
    "did_you_mean",
    "nearest",
]

MOST_REPORTED = 200
"""More problems than anybody reads at once; a file of 256 KiB can hold tens of thousands."""
_NEAR = 0.6
"""Below this likeness (of 0 to 1) two words have too little in common for one to be offered in place of the other."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column of a script, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. ``code`` is a key of ``CATALOGUE``; ``message`` says what is wrong and ``hint`` what to do."""

    code: str
    line: int
    column: int
    message: str
    hint: str
    file: str = ""

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}"
        said = f"{self.message} {self.hint}".rstrip()
        return f"{self.file}:{place}  {self.code}  {said}" if self.file else f"{place}  {self.code}  {said}"


class ScriptRefused(Exception):
    """A script cannot be played because it has mistakes; ``problems`` are all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Enough(Exception):
    """So many problems were found that looking for more helps nobody; reading ends here."""


@dataclass(slots=True)
class Findings:
    """The problems of one script, while it is read."""

    file: str = ""
    _found: set[Problem] = field(default_factory=set)

    def add(self, code: str, place: Place, message: str, hint: str = "") -> None:
        """Note one problem; the same one twice counts once. Raises Enough after ``MOST_REPORTED``."""
        assert code in CATALOGUE, f"{code} is not in the catalogue"
        if len(self._found) >= MOST_REPORTED:
            raise Enough
        self._found.add(Problem(code, place.line, place.column, message, hint, self.file))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found, from the top of the file."""
        return tuple(sorted(self._found, key=lambda found: (found.line, found.column, found.code, found.message)))

    @property
    def playable(self) -> bool:
        """Whether nothing was found that leaves unclear how the script would play."""
        return all(CATALOGUE[problem.code].playable for problem in self._found)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant, or ``""`` when none is like it."""
    candidates = [candidate for candidate in known if candidate != word]
    for candidate in candidates:
        if _one_slip(word, candidate) or (len(word) > 2 and sorted(word) == sorted(candidate)):
            return candidate
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    best, likeness = "", _NEAR
    for candidate in candidates:
        matcher.set_seq1(candidate)
        if matcher.quick_ratio() > likeness and matcher.ratio() > likeness:
            best, likeness = candidate, matcher.ratio()
    return best


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """``Did you mean "confidence"?``, or another hint when nothing known is like the word."""
    found = nearest(word, known)
    return f'Did you mean "{found}"?' if found else otherwise


def _one_slip(word: str, other: str) -> bool:
    """Whether one letter was left out, added or changed, or two neighbours changed places."""
    if abs(len(word) - len(other)) > 1 or max(len(word), len(other)) < 2:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, wanted = word[start:], other[start:]
    while rest and wanted and rest[-1] == wanted[-1]:
        rest, wanted = rest[:-1], wanted[:-1]
    return max(len(rest), len(wanted)) < 2 or (len(rest) == 2 and rest == wanted[::-1])
