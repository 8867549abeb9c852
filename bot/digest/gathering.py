"""Gathering: which shared lines belong together on a card. A request stands with its details, a wish for a change with
the permission to speak of it, and what was said of a workplace in three lines: clear, do-able, meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.digest.attention import attention, rule_for
from bot.digest.history import SharedCard
from bot.digest.words import StaffWords
from bot.lines import CardLine, line_text
from bot.messages import ShareLine
from dialogues import meanings
from dialogues.model import OWN_WORDS, Ask, Script

SENSES = {
    meanings.CLEAR: "staff/clear",
    meanings.MANAGEABLE: "staff/manageable",
    meanings.MEANINGFUL: "staff/meaningful",
}
"""What a workplace can be, by tag, in the order of a card: comprehensible, manageable, meaningful (Antonovsky)."""

DETAILS = frozenset((meanings.REQUEST_HOW, meanings.REQUEST_WHEN, meanings.NEED_WHO))
BALANCES = frozenset((meanings.BALANCE, meanings.GOAL_NEW, meanings.GOAL_STEP, meanings.MONTH_GOOD))
"""Tags of questions about goals, steps and good things."""
WISHES_CHANGE = "wants:change"
"""The tag of what a workplace could change."""
HARD = frozenset((meanings.MONTH_HARD, meanings.WEB_WHAT))
"""Tags of questions about what is hard. It never stands without a goal, a step or a good thing when one is shared."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is one line on a card: one shared line, or those of one side of a workplace, which has a ``heading``.

    ``permission`` tells whether the specialist may speak of it to the workplace, None where that was not asked or not
    shared; ``wishes_change`` is whether it is something to speak of.
    """

    lines: tuple[CardLine, ...]
    heading: str = ""
    details: tuple[CardLine, ...] = ()
    permission: CardLine | None = None
    wishes_change: bool = False

    @property
    def first(self) -> CardLine:
        """The line that stands for all of them."""
        return self.lines[0]


def tags_of(script: Script, line: CardLine) -> frozenset[str]:
    """The tags of the question that a line answers."""
    ask = script.by_key.get(_question(line))
    return frozenset(ask.tags) if isinstance(ask, Ask) else frozenset()


def gathered(script: Script, lines: Iterable[CardLine]) -> list[Gathered]:
    """The lines in the order of the script, own words before the options of their question."""
    ordered = _own_words_first(lines)
    asked = _permissions_asked(script)
    details, permissions = _details(script, ordered), _permissions(script, ordered, asked)
    taken = {line.id for each in (*details.values(), permissions.values()) for line in each}
    found: list[Gathered] = []
    senses = _senses(script, ordered)
    for line in ordered:
        if line.id in taken:
            continue
        if line in senses:
            found += _by_sense(script, senses) if line is senses[0] else ()
            continue
        wishes = _wishes_change(script, line, asked)
        found.append(Gathered((line,), "", tuple(details.get(line.id, ())), permissions.get(line.id), wishes))
    return found


def worded(share: SharedCard, line: CardLine, words: StaffWords) -> ShareLine:
    """A line in the language of ``words``, which its script version has."""
    script, texts = share.published.script, share.published.texts[words.language]
    return line_text(script, line, texts, words.ui, words.language)


def details_of(share: SharedCard, line_id: str, words: StaffWords) -> str:
    """How, when and by whom, of a request, as far as it was shared; empty for nothing."""
    for one in gathered(share.published.script, share.lines):
        if one.first.id == line_id:
            return words.listed(worded(share, line, words).value for line in one.details)
    return ""


def _own_words_first(lines: Iterable[CardLine]) -> list[CardLine]:
    """The order of the script, but free text before the options of the same question."""
    ordered = list(lines)
    first = {line.name: place for place, line in reversed(list(enumerate(ordered)))}
    return sorted(ordered, key=lambda line: (first[line.name], line.group != OWN_WORDS))


def _details(script: Script, lines: Sequence[CardLine]) -> dict[str, list[CardLine]]:
    """Details by the request they belong to: the last one before them, else the first one after."""
    requests = [line for line in lines if (rule := rule_for(script, line)) and rule.code in attention().replied]
    found: dict[str, list[CardLine]] = {}
    for line in lines:
        if requests and not line.withdrawn and line not in requests and tags_of(script, line) & DETAILS:
            before = [one for one in requests if lines.index(one) < lines.index(line)]
            name = (before[-1] if before else requests[0]).name
            owner = next(one for one in requests if one.name == name)
            found.setdefault(owner.id, []).append(line)
    return found


def _permissions(script: Script, lines: Sequence[CardLine], asked: Mapping[str, str]) -> dict[str, CardLine]:
    """Permissions by what they are for."""
    given = {line.name: line for line in lines if not line.withdrawn and meanings.PERMISSION in tags_of(script, line)}
    found: dict[str, CardLine] = {}
    for line in lines:
        permission = given.get(asked.get(_question(line), ""))
        if permission is not None and _wishes_change(script, line, asked):
            found[line.id] = permission
    return found


def _wishes_change(script: Script, line: CardLine, asked: Mapping[str, str]) -> bool:
    """Whether it is a wish that a workplace changes something, of which nobody speaks there without permission."""
    ask = script.by_key.get(_question(line))
    if line.withdrawn or not isinstance(ask, Ask):
        return False
    is_wish = bool({*line.answer.choices} - ask.alone - attention().declines) or bool(line.answer.words)
    return is_wish and (WISHES_CHANGE in ask.tags or ask.key in asked)


def _permissions_asked(script: Script) -> dict[str, str]:
    """The questions that are followed by one for permission to speak of their answer, with it."""
    asks = [step for step in script.steps if isinstance(step, Ask)]
    return {ask.key: after.key for ask, after in pairwise(asks) if meanings.PERMISSION in after.tags}


def _question(line: CardLine) -> str:
    """The question that a line answers, whatever option it is about."""
    return line.name.partition(":")[0]


def _senses(script: Script, lines: Iterable[CardLine]) -> list[CardLine]:
    """Lines about one side of a workplace. What somebody wrote in their own words, or asked for, stands by itself."""
    return [
        line
        for line in lines
        if tags_of(script, line) & SENSES.keys() and not line.answer.words and rule_for(script, line) is None
    ]


def _by_sense(script: Script, lines: Sequence[CardLine]) -> Iterator[Gathered]:
    for tag, heading in SENSES.items():
        mine = tuple(line for line in lines if next(each for each in SENSES if each in tags_of(script, line)) == tag)
        if mine:
            yield Gathered(mine, heading)
