"""Drafting: puts what was shared at one step into words, all of them, before anything is fitted into a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest.acts import Standing
from bot.digest.attention import rule_for
from bot.digest.beside import Beside, Writing
from bot.digest.card import Block, Line
from bot.digest.change import Point, strict_change
from bot.digest.gathering import BALANCES, HARD, Gathered, gathered, tags_of, worded
from bot.digest.history import History, SharedCard, Told, rank_of
from bot.digest.words import StaffWords
from bot.lines import CardLine, line_text
from bot.translating.words import words_of
from storage.replies import SEEN

EARLIER = 4
"""How many earlier answers stand beside one answer."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A line with all its words, before it is known how many of them are visible at first."""

    line: Line
    own_words: str
    own_language: str
    told: tuple[str, ...]
    """Earlier answers with their dates, newest first."""
    shows_told: bool = True
    """Whether any of them may be visible at first."""
    beside: Beside | None = None
    writing: Writing | None = None


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """What was shared at one share step, worded once."""

    block: Block
    words: StaffWords
    lines: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Drafting:
    """Puts the cards of one person into words. ``words`` are those of the reader."""

    history: History
    standing: Standing
    words: StaffWords

    def block(self, share: SharedCard) -> DraftBlock:
        """One shared card, in the reader's language if its script version has it. What asks for something is first."""
        there = self.words.in_language(share.published.language_for(self.words.language))
        drafts = [self._draft(share, one, there) for one in gathered(share.published.script, share.lines)]
        block = Block(
            conversation=share.conversation,
            language=there.language,
            shared_at=share.shared_at,
            shared_on=there.say("shared_on", date=there.date(share.shared_at)),
            lines=(),
        )
        return DraftBlock(block, there, tuple(sorted(drafts, key=lambda draft: draft.line.rule is None)))

    def _draft(self, share: SharedCard, one: Gathered, words: StaffWords) -> Draft:
        return self._several(share, one, words) if one.heading else self._single(share, one, words)

    def _single(self, share: SharedCard, one: Gathered, words: StaffWords) -> Draft:
        line, script = one.first, share.published.script
        text, rule, tags = worded(share, line, words), rule_for(script, line), tags_of(script, line)
        before = self.history.before(share, line)
        plain = Line(
            label=words.ui[rule.heading] if rule else text.label,
            value=words.say("withdrawn") if line.withdrawn else text.value,
            details=_details(share, one, words),
            change=_change(share, line, before, words),
            rule=rule,
            why=words.ui[rule.why] if rule else "",
            why_label=words.say("why") if rule else "",
            answered=self._answered(share, line, words) if rule else "",
            balance=bool(tags & BALANCES) and not line.withdrawn,
            hard=bool(tags & HARD) and not line.withdrawn,
        )
        own = words_of(text.own_words, share.language)
        return Draft(
            plain,
            text.own_words,
            share.language,
            _told(before[:EARLIER], share, words),
            beside=share.under.beside(own, words),
            writing=share.under.forms.get(line.id),
        )

    def _several(self, share: SharedCard, one: Gathered, words: StaffWords) -> Draft:
        """One side of a workplace: each question with its answer. Earlier ones open by a tap."""
        values, told, changes = [], [], []
        for line in one.lines:
            text, before = worded(share, line, words), self.history.before(share, line)
            value = words.say("withdrawn") if line.withdrawn else text.value
            values.append(words.say("labelled", label=text.label, value=value))
            earlier = _told(before[:EARLIER], share, words)
            told += [words.say("labelled", label=text.label, value=each) for each in earlier]
            if change := _change(share, line, before, words):
                changes.append(words.say("labelled", label=text.label, value=change))
        plain = Line(label=words.ui[one.heading], value=" · ".join(values), change=" ".join(changes))
        return Draft(plain, "", share.language, tuple(told), shows_told=False)

    def _answered(self, share: SharedCard, line: CardLine, words: StaffWords) -> str:
        reply = self.standing.reply(share, line.id)
        if reply is None:
            return ""
        return words.say("seen_on" if reply.code == SEEN else "answered_on", date=words.date(reply.at))


def _details(share: SharedCard, one: Gathered, words: StaffWords) -> str:
    """How, when and by whom, and whether the specialist may speak of it to the workplace. Without a yes it is: first
    we talk."""
    details = words.listed(worded(share, line, words).value for line in one.details)
    if not one.wishes_change:
        return details
    if one.permission is None:
        return words.say("permission_none")
    text = worded(share, one.permission, words)
    return words.say("labelled", label=text.label, value=text.value)


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
