"""Drafting: puts what was shared at one step into words, all of them, before anything is fitted into a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.digest.attention import rule_for
from bot.digest.card import Block, Line
from bot.digest.change import Point, strict_change
from bot.digest.history import History, SharedCard, Told, rank_of
from bot.digest.words import StaffWords
from bot.lines import CardLine, line_text
from dialogues.model import OWN_WORDS, Ask

EARLIER = 4
"""How many earlier answers stand beside one answer."""
BALANCE = "balance"
"""The tag of questions about steps and good things. What was hard never stands without them when they are shared."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A line with all its words, before it is known how many of them are visible at first."""

    line: Line
    own_words: str
    own_language: str
    told: tuple[str, ...]
    """Earlier answers with their dates, newest first."""


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """What was shared at one share step, worded once."""

    block: Block
    words: StaffWords
    lines: tuple[Draft, ...]


def drafted(share: SharedCard, history: History, words: StaffWords) -> DraftBlock:
    """The words for one shared card, in the reader's language if its script version has it."""
    there = words.in_language(share.published.language_for(words.language))
    drafts = [_draft(share, line, history, there) for line in _own_words_first(share.lines)]
    block = Block(
        conversation=share.conversation,
        language=there.language,
        shared_at=share.shared_at,
        shared_on=there.say("shared_on", date=there.date(share.shared_at)),
        lines=(),
    )
    return DraftBlock(block, there, tuple(sorted(drafts, key=lambda draft: draft.line.rule is None)))


def _own_words_first(lines: Iterable[CardLine]) -> list[CardLine]:
    """The order of the script, but free text before the options of the same question."""
    ordered = list(lines)
    first = {line.name: place for place, line in reversed(list(enumerate(ordered)))}
    return sorted(ordered, key=lambda line: (first[line.name], line.group != OWN_WORDS))


def _draft(share: SharedCard, line: CardLine, history: History, words: StaffWords) -> Draft:
    script = share.published.script
    worded = line_text(script, line, share.published.texts[words.language], words.ui, words.language)
    before, ask, rule = (
        history.before(share, line),
        script.by_key.get(line.name.partition(":")[0]),
        rule_for(script, line),
    )
    plain = Line(
        label=words.ui[rule.heading] if rule else worded.label,
        value=worded.value,
        change=_change(share, line, before, words),
        rule=rule,
        why=words.ui[rule.why] if rule else "",
        why_label=words.say("why") if rule else "",
        balance=isinstance(ask, Ask) and BALANCE in ask.tags,
    )
    return Draft(plain, worded.own_words, share.language, _told(before[:EARLIER], share, words))


def _told(before: Sequence[Told], share: SharedCard, words: StaffWords) -> tuple[str, ...]:
    return tuple(
        words.say("earlier_answer", answer=_in_words(told, share, words), date=words.date(told.card.shared_at))
        for told in before
    )


def _in_words(told: Told, share: SharedCard, words: StaffWords) -> str:
    """An earlier answer as it was worded then. If that version lacks the card's language, as it is worded now: the
    order is the same, and a card never mixes languages."""
    published = told.card.published if words.language in told.card.published.texts else share.published
    return line_text(published.script, told.line, published.texts[words.language], words.ui, words.language).value


def _change(share: SharedCard, line: CardLine, before: Sequence[Told], words: StaffWords) -> str:
    rank = rank_of(share.published.script, line)
    if rank is None:
        return ""
    points = [Point(told.card.shared_at, told.rank.value) for told in before]
    change = strict_change([*points, Point(share.shared_at, rank.value)])
    return words.count(change.direction, change.before) if change else ""
