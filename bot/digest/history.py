"""History: what one person has shared before, question by question. Only shared answers are in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.digest.beside import NOTHING, Under
from bot.lines import CardLine
from bot.shelf import Published
from dialogues.model import AnswerKind, Ask, Script

ORDERED = "ordered"
"""The tag by which a coordinator says that the options of a one-of question stand in an order."""


@dataclass(frozen=True, slots=True)
class SharedCard:
    """What a person shared at one share step, opened, with the script version that asked."""

    participant_id: int
    pseudonym: str
    name: str
    conversation: int
    language: str
    shared_at: datetime
    published: Published
    lines: tuple[CardLine, ...]
    step: str = ""
    """The share step: with participant and conversation, what tells cards apart."""
    under: Under = NOTHING
    """What stands under the person's own words."""


@dataclass(frozen=True, slots=True)
class Rank:
    """Where an answer stands in an order. Only ranks of the same ``order`` can be compared."""

    order: tuple[str | float, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Told:
    """One shared answer to an ordered question."""

    card: SharedCard
    line: CardLine
    rank: Rank


def rank_of(script: Script, line: CardLine) -> Rank | None:
    """The place of an answer in its order: a point of a scale, or an option of a one-of question tagged ``ordered``."""
    ask = script.by_key.get(line.name.partition(":")[0])
    if not isinstance(ask, Ask):
        return None
    if ask.kind is AnswerKind.SCALE and ask.scale and line.answer.number is not None:
        return Rank(("scale", ask.scale.low, ask.scale.high), line.answer.number)
    if ask.kind is AnswerKind.ONE_OF and ORDERED in ask.tags:
        return _option_rank(ask, line)
    return None


def _option_rank(ask: Ask, line: CardLine) -> Rank | None:
    names = tuple(option.name for option in ask.options)
    chosen = [names.index(choice) for choice in line.answer.choices if choice in names]
    return Rank(("options", *names), chosen[0]) if chosen else None


class History:
    """One person's shared cards, and the answers to ordered questions in them, newest first."""

    def __init__(self, cards: Iterable[SharedCard]) -> None:
        self._told: dict[tuple[str, str], list[Told]] = defaultdict(list)
        self.newest_first = sorted(cards, key=lambda card: card.shared_at, reverse=True)
        for card in self.newest_first:
            for line in card.lines:
                rank = rank_of(card.published.script, line)
                if rank is not None:
                    self._told[line.name, line.group].append(Told(card, line, rank))

    def before(self, card: SharedCard, line: CardLine) -> list[Told]:
        """Answers to the same question that were shared earlier, in other conversations, newest first.

        They go back to where the question last had another scale: across that, nothing can be compared.
        """
        now = rank_of(card.published.script, line)
        if now is None:
            return []
        found: list[Told] = []
        for told in self._told[line.name, line.group]:
            if told.card.shared_at >= card.shared_at or told.card.conversation == card.conversation:
                continue
            if told.rank.order != now.order:
                break
            found.append(told)
        return found
