"""Checking: everything that can be said of the text of a script while it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from bot.editor.cards import Outline, cards
from bot.editor.edits import Replace
from bot.placing import placed
from bot.plain import common, measures
from bot.plain.remarks import remarks
from bot.programme import Programme
from dialogues.loader import check
from dialogues.model import AnswerKind, Ask, Script
from dialogues.outline import longest_path, reading_time
from dialogues.problems import CATALOGUE, Problem
from dialogues.texts import texts_of

_MEANT = re.compile(r'Did you mean "([^"]+)"\?')
_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Size:
    """How long a script is and how hard to read. ``common`` is the share of common words in percent, 0 where no list
    of them is known for the language."""

    questions: int
    longest: int
    minutes: int
    sentence: float
    common: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """What came of a check. ``problems`` keep the script from being published, ``advice`` does not."""

    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    outline: Outline
    script: Script | None = None
    size: Size | None = None

    @property
    def found(self) -> tuple[Problem, ...]:
        """Both, from the top of the text."""
        return tuple(sorted((*self.problems, *self.advice), key=lambda one: (one.line, one.column)))


def review(
    text: str,
    dialogue: str,
    library: Mapping[str, str],
    programme: Programme | None = None,
    others: Mapping[str, Script] | None = None,
) -> Review:
    """Check a text in its place among the other dialogues. With a ``programme`` also whether it has its place there,
    which may be mended in the programme as well; ``others`` are the scripts of the other dialogues."""
    file = f"{dialogue}.yaml"
    checked = check(text, file=file, library={**library, dialogue: text})
    script = checked.script
    said = remarks(script, file) if script is not None else ()
    misplaced: tuple[Problem, ...] = ()
    if script is not None and programme is not None:
        found = placed(programme, {**(others or {}), dialogue: script}, "the programme")
        misplaced = tuple(one for one in found if one.file == file)
    return Review(
        problems=(*checked.problems, *(one for one in said if not CATALOGUE[one.code].advice)),
        advice=(*(one for one in said if CATALOGUE[one.code].advice), *misplaced),
        outline=cards(text),
        script=script,
        size=None if script is None else size(script),
    )


def size(script: Script) -> Size:
    """How long a script is and how hard to read."""
    written = [text.text for text in texts_of(script)]
    return Size(
        questions=sum(isinstance(step, Ask) and step.kind is not AnswerKind.OK for step in script.steps),
        longest=longest_path(script),
        minutes=max(1, ceil(reading_time(script).total_seconds() / 60)),
        sentence=round(measures.mean_length(written), 1),
        common=round(100 * common.share(written)) if script.language == "en" else 0,
    )


def fix(problem: Problem, text: str) -> Replace | None:
    """The change that puts a misspelt word right, where the problem knows the word that was meant."""
    meant, wrong = _MEANT.search(problem.hint), _QUOTED.search(problem.message)
    if meant is None or wrong is None:
        return None
    lines = text.split("\n")
    line = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
    old = wrong[1].strip("{}")
    found = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)").search(line, max(problem.column - 1, 0))
    if found is None or old == meant[1]:
        return None
    return Replace(problem.line, found.start() + 1, old, meant[1])


def breaks(before: str, after: str, dialogue: str, library: Mapping[str, str]) -> tuple[Problem, ...]:
    """The problems that a change would bring, here and in the dialogues that run or remember this one."""
    known = {_what(problem) for problem in _everywhere(before, dialogue, library)}
    return tuple(one for one in _everywhere(after, dialogue, library) if _what(one) not in known)


def _everywhere(text: str, dialogue: str, library: Mapping[str, str]) -> list[Problem]:
    """Also in the dialogues that speak of this one."""
    whole = {**library, dialogue: text}
    speak = re.compile(rf"(?m)^\s*run:\s*{re.escape(dialogue)}\s*(#.*)?$|\b{re.escape(dialogue)}/")
    names = [name for name, other in whole.items() if name != dialogue and speak.search(other)]
    found = [(name, check(whole[name], file=f"{name}.yaml", library=whole)) for name in (dialogue, *names)]
    return [problem for _, checked in found for problem in checked.problems]


def _what(problem: Problem) -> tuple[str, str, str]:
    """A problem without its place, which every change moves."""
    return problem.file, problem.code, problem.message
