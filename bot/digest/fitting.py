"""Fitting: makes a card of at most 75 words at first sight. The rest opens under "more"; nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.digest.brevity import CARD_WORDS, QUOTE_WORDS, quote
from bot.digest.card import Block, Line, PersonCard
from bot.digest.drafting import EARLIER, Draft, DraftBlock, drafted
from bot.digest.history import History, SharedCard
from bot.digest.words import StaffWords

SIZES = ((EARLIER, QUOTE_WORDS), (3, QUOTE_WORDS), (2, QUOTE_WORDS), (2, 12), (1, 12), (1, 8), (0, 8))
"""How many earlier answers, and how many own words, are visible at first: the first pair with which a card fits."""


def person_card(
    shares: Sequence[SharedCard], history: History, words: StaffWords, *, most: int = CARD_WORDS
) -> PersonCard:
    """The card of one person from what was shared (at least one), with as many earlier answers as there is room for."""
    newest = sorted(shares, key=lambda share: share.shared_at, reverse=True)
    drafts = [drafted(share, history, words) for share in newest]
    first = drafts[0].words
    frame = PersonCard(
        participant_id=newest[0].participant_id,
        pseudonym=newest[0].pseudonym,
        name=newest[0].name,
        footer=first.say("shared_by", name=newest[0].pseudonym),
        footer_language=first.language,
        blocks=(),
    )
    for size in SIZES:
        card = replace(frame, blocks=tuple(_sized(draft, size) for draft in drafts))
        if card.words <= most:
            return card
    return _folded(card, words, most)


def _sized(draft: DraftBlock, size: tuple[int, int]) -> Block:
    return replace(draft.block, lines=tuple(_sized_line(line, draft.words, *size) for line in draft.lines))


def _sized_line(draft: Draft, words: StaffWords, earlier: int, own_words: int) -> Line:
    """The line with so many earlier answers, and so many own words, visible at first."""
    own = quote(draft.own_words, draft.own_language, most=own_words) if draft.own_words else None
    whole, visible = _earlier(draft.told, words), _earlier(draft.told[:earlier], words)
    return replace(
        draft.line,
        quote=own,
        quote_more=words.say("more") if own and own.shortened else "",
        earlier=visible,
        earlier_whole=whole,
        earlier_more="" if visible == whole else words.say("more" if visible else "earlier_answers"),
    )


def _earlier(told: Sequence[str], words: StaffWords) -> str:
    return words.say("earlier", answers=words.listed(told)) if told else ""


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
