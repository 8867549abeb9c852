"""PersonCard: what one person shared, in words and dates, as it stands on a specialist's page.

Own words come first and in the original. A card has at most 75 words at first sight; the rest opens under "more".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digest.attention import Rule, rule_for
from bot.digest.brevity import CARD_WORDS, QUOTE_WORDS, Quote, count_words, quote
from bot.digest.change import Point, strict_change
from bot.digest.history import History, SharedCard, Told, rank_of
from bot.digest.words import StaffWords
from bot.lines import CardLine, line_text
from dialogues.model import OWN_WORDS, Ask

EARLIER = 4
"""How many earlier answers stand beside one answer."""
SIZES = ((EARLIER, QUOTE_WORDS), (3, QUOTE_WORDS), (2, QUOTE_WORDS), (2, 12), (1, 12), (1, 8), (0, 8))
"""How many earlier answers, and how many own words, are visible at first: the first pair with which a card fits."""
BALANCE = "balance"
"""The tag of questions about steps and good things. What was hard never stands without them when they are shared."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card. ``earlier`` is what stands there at first, ``earlier_whole`` all of it, both as sentences."""

    label: str
    value: str
    quote: Quote | None = None
    quote_more: str = ""
    earlier: str = ""
    earlier_whole: str = ""
    earlier_more: str = ""
    change: str = ""
    rule: Rule | None = None
    why: str = ""
    why_label: str = ""
    balance: bool = False

    @property
    def words(self) -> int:
        """How many words are visible at first, those that open something included."""
        own = self.quote.short if self.quote else ""
        opening = (self.quote_more, self.earlier_more, self.why_label)
        return count_words(" ".join((self.label, self.value, own, self.earlier, self.change, *opening)))


@dataclass(frozen=True, slots=True)
class Block:
    """What was shared at one share step, in one language throughout."""

    conversation: int
    language: str
    shared_at: datetime
    shared_on: str
    lines: tuple[Line, ...]
    more: tuple[Line, ...] = ()
    more_label: str = ""

    @property
    def words(self) -> int:
        """How many words are visible at first, the date included."""
        frame = count_words(f"{self.shared_on} {self.more_label}")
        return frame + sum(line.words for line in self.lines)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person's card: newest block first. ``older`` are blocks that there was no room for."""

    participant_id: int
    pseudonym: str
    name: str
    footer: str
    footer_language: str
    blocks: tuple[Block, ...]
    older: tuple[Block, ...] = ()
    older_label: str = ""

    @property
    def words(self) -> int:
        """How many words are visible at first, the sentence beneath included."""
        frame = count_words(" ".join((self.pseudonym, self.footer, self.older_label)))
        return frame + sum(block.words for block in self.blocks)


def person_card(
    shares: Sequence[SharedCard], history: History, words: StaffWords, *, most: int = CARD_WORDS
) -> PersonCard:
    """The card of one person from what was shared (at least one), with as many earlier answers as there is room for."""
    newest = sorted(shares, key=lambda share: share.shared_at, reverse=True)
    card = _sized(newest, history, words, SIZES[0])
    for size in SIZES[1:]:
        if card.words <= most:
            return card
        card = _sized(newest, history, words, size)
    return card if card.words <= most else _folded(card, words, most)


def _sized(shares: Sequence[SharedCard], history: History, words: StaffWords, size: tuple[int, int]) -> PersonCard:
    blocks = tuple(
        _block(share, history, words.in_language(share.published.language_for(words.language)), size)
        for share in shares
    )
    newest = words.in_language(blocks[0].language)
    return PersonCard(
        participant_id=shares[0].participant_id,
        pseudonym=shares[0].pseudonym,
        name=shares[0].name,
        footer=newest.say("shared_by", name=shares[0].name),
        footer_language=newest.language,
        blocks=blocks,
    )


def _block(share: SharedCard, history: History, words: StaffWords, size: tuple[int, int]) -> Block:
    lines = [_line(share, line, history, words, size) for line in _own_words_first(share.lines)]
    return Block(
        conversation=share.conversation,
        language=words.language,
        shared_at=share.shared_at,
        shared_on=words.say("shared_on", date=words.date(share.shared_at)),
        lines=tuple(sorted(lines, key=lambda line: line.rule is None)),
    )


def _own_words_first(lines: Iterable[CardLine]) -> list[CardLine]:
    """The order of the script, but free text before the options of the same question."""
    ordered = list(lines)
    first = {line.name: place for place, line in reversed(list(enumerate(ordered)))}
    return sorted(ordered, key=lambda line: (first[line.name], line.group != OWN_WORDS))


def _line(share: SharedCard, line: CardLine, history: History, words: StaffWords, size: tuple[int, int]) -> Line:
    script = share.published.script
    worded = line_text(script, line, share.published.texts[words.language], words.ui, words.language)
    before, ask = history.before(share, line), script.by_key.get(line.name.partition(":")[0])
    own = quote(worded.own_words, share.language, most=size[1]) if worded.own_words else None
    plain = Line(
        label=worded.label,
        value=worded.value,
        quote=own,
        quote_more=words.say("more") if own and own.shortened else "",
        change=_change(share, line, before, words),
        balance=isinstance(ask, Ask) and BALANCE in ask.tags,
    )
    return _with_rule(_with_earlier(plain, before, share, words, size[0]), rule_for(script, line), words)


def _with_earlier(line: Line, before: Sequence[Told], share: SharedCard, words: StaffWords, most: int) -> Line:
    whole = _earlier(before[:EARLIER], share, words)
    visible = _earlier(before[:most], share, words)
    label = "" if visible == whole else words.say("more" if visible else "earlier_answers")
    return replace(line, earlier=visible, earlier_whole=whole, earlier_more=label)


def _with_rule(line: Line, rule: Rule | None, words: StaffWords) -> Line:
    if rule is None:
        return line
    label, why = words.ui[rule.heading], words.ui[rule.why]
    return replace(line, label=label, rule=rule, why=why, why_label=words.say("why"))


def _earlier(told: Sequence[Told], share: SharedCard, words: StaffWords) -> str:
    answers = [
        words.say("earlier_answer", answer=_in_words(one, share, words), date=words.date(one.card.shared_at))
        for one in told
    ]
    return words.say("earlier", answers=words.listed(answers)) if answers else ""


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


def _folded(card: PersonCard, words: StaffWords, most: int) -> PersonCard:
    """The card with what does not fit put under "more": requests stay first, then what balances the rest."""
    older_label = words.in_language(card.footer_language).say("more") if len(card.blocks) > 1 else ""
    left = most - replace(card, blocks=(), older_label=older_label).words
    blocks: list[Block] = []
    for block in card.blocks:
        folded = _fold(block, words.in_language(block.language), left)
        if blocks and folded.words > left:
            break
        left -= folded.words
        blocks.append(folded)
    older = card.blocks[len(blocks) :]
    return replace(card, blocks=tuple(blocks), older=older, older_label=older_label if older else "")


def _fold(block: Block, words: StaffWords, most: int) -> Block:
    label = words.count("more_lines", len(block.lines))
    left = most - replace(block, lines=(), more_label=label).words
    kept: set[int] = set()
    for place in sorted(range(len(block.lines)), key=lambda place: _claim(block.lines[place])):
        if block.lines[place].words <= left:
            left -= block.lines[place].words
            kept.add(place)
    more = tuple(line for place, line in enumerate(block.lines) if place not in kept)
    if not more:
        return block
    return replace(
        block,
        lines=tuple(line for place, line in enumerate(block.lines) if place in kept),
        more=more,
        more_label=words.count("more_lines", len(more)),
    )


def _claim(line: Line) -> int:
    """Who gets room first."""
    if line.rule:
        return 0
    return 1 if line.balance else 2
