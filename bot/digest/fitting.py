"""Fitting: makes a card of at most 75 words at first sight. The rest opens under "more"; nothing is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.digest.acts import Standing
from bot.digest.agreed import agreed_line
from bot.digest.brevity import CARD_WORDS, QUOTE_WORDS, count_words, quote
from bot.digest.card import Block, Line, PersonCard
from bot.digest.drafting import EARLIER, Draft, DraftBlock, Drafting
from bot.digest.gathering import BALANCES, HARD, tags_of
from bot.digest.history import History, SharedCard
from bot.digest.words import StaffWords

SIZES = ((EARLIER, QUOTE_WORDS), (3, QUOTE_WORDS), (2, QUOTE_WORDS), (2, 12), (1, 12), (1, 8), (0, 8))
"""How many earlier answers, and how many own words, are visible at first: the first pair with which a card fits."""

Place = tuple[int, int]
"""A block of a card and a line of it, both counted from nought."""


def person_card(
    shares: Sequence[SharedCard],
    history: History,
    words: StaffWords,
    standing: Standing | None = None,
    *,
    reader: str = "",
    most: int = CARD_WORDS,
) -> PersonCard:
    """The card of one person from what was shared (at least one), with as many earlier answers as there is room for.

    ``standing`` says what was answered since, and which agreements are open; without it nothing is said of either.
    ``reader`` is what the specialist is called in agreements.
    """
    standing = standing or Standing()
    drafting = Drafting(history, standing, words)
    newest = sorted(_balanced(shares, history), key=lambda share: share.shared_at, reverse=True)
    drafts = [drafting.block(share) for share in newest]
    first = drafts[0].words
    frame = PersonCard(
        participant_id=newest[0].participant_id,
        pseudonym=newest[0].pseudonym,
        name=newest[0].name,
        footer=first.say("shared_by", name=newest[0].pseudonym),
        footer_language=first.language,
        blocks=(),
        agreed=agreed_line(standing.in_force(newest[0].participant_id), newest[0].pseudonym, reader, words),
    )
    for size in SIZES:
        card = replace(frame, blocks=tuple(_sized(draft, size) for draft in drafts))
        if card.words <= most:
            return card
    return _folded(card, words, most)


def _balanced(shares: Sequence[SharedCard], history: History) -> list[SharedCard]:
    """The cards, and with something hard the last goal, step or good thing that was shared before, where there is none
    in them."""
    found = [*shares]
    first = min(share.shared_at for share in shares)
    if any(_has(share, HARD) for share in shares) and not any(_has(share, BALANCES) for share in shares):
        earlier = (card for card in history.newest_first if card.shared_at < first and _has(card, BALANCES))
        found += [_only_balance(card) for card in [next(earlier, None)] if card is not None]
    return found


def _has(share: SharedCard, tags: Collection[str]) -> bool:
    script = share.published.script
    return any(not line.withdrawn and tags_of(script, line) & {*tags} for line in share.lines)


def _only_balance(share: SharedCard) -> SharedCard:
    script = share.published.script
    kept = (line for line in share.lines if not line.withdrawn and tags_of(script, line) & BALANCES)
    return replace(share, lines=tuple(kept)[:1])


def _sized(draft: DraftBlock, size: tuple[int, int]) -> Block:
    return replace(draft.block, lines=tuple(_sized_line(line, draft.words, *size) for line in draft.lines))


def _sized_line(draft: Draft, words: StaffWords, earlier: int, own_words: int) -> Line:
    """The line with so many earlier answers, and so many own words, visible at first."""
    own = quote(draft.own_words, draft.own_language, most=own_words) if draft.own_words else None
    own = replace(own, beside=draft.beside, writing=draft.writing) if own else None
    told = draft.told[: earlier if draft.shows_told else 0]
    whole, visible = _earlier(draft.told, words), _earlier(told, words)
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
    """The card with what does not fit put under "more". Blocks of which no line fits are behind one "more" of all."""
    older_label = words.in_language(card.footer_language).say("more") if len(card.blocks) > 1 else ""
    kept = _kept(card, most - replace(card, blocks=(), older_label=older_label).words, words)
    blocks = [
        _fold(block, {line for which, line in kept if which == number}, words.in_language(block.language))
        for number, block in enumerate(card.blocks)
    ]
    shown = tuple(block for number, block in enumerate(blocks) if number == 0 or block.lines)
    older = tuple(card.blocks[number] for number, block in enumerate(blocks) if number and not block.lines)
    return replace(card, blocks=shown, older=older, older_label=older_label if older else "")


def _kept(card: PersonCard, room: int, words: StaffWords) -> set[Place]:
    """Which lines are visible at first. Requests come first, then what balances the rest; without a line of that kind,
    where there is one, nothing but requests is visible."""
    kept: set[Place] = set()
    left = room - _frame(card.blocks[0], words)
    for place in sorted(_places(card), key=lambda place: _claim(card.blocks[place[0]].lines[place[1]])):
        block = card.blocks[place[0]]
        is_open = place[0] == 0 or any(which == place[0] for which, _ in kept)
        needs = block.lines[place[1]].words + (0 if is_open else _frame(block, words))
        if needs <= left:
            left -= needs
            kept.add(place)
    lines = {place: card.blocks[place[0]].lines[place[1]] for place in _places(card)}
    if any(lines[place].balance for place in lines) and not any(lines[place].balance for place in kept):
        return {place for place in kept if lines[place].rule}
    return kept


def _places(card: PersonCard) -> Iterator[Place]:
    for number, block in enumerate(card.blocks):
        yield from ((number, line) for line, _ in enumerate(block.lines))


def _frame(block: Block, words: StaffWords) -> int:
    """The words of a block beside its lines: the date, and how many lines are hidden."""
    label = words.in_language(block.language).count("more_lines", len(block.lines))
    return count_words(f"{block.shared_on} {label}")


def _fold(block: Block, kept: Collection[int], words: StaffWords) -> Block:
    more = tuple(line for place, line in enumerate(block.lines) if place not in kept)
    return replace(
        block,
        lines=tuple(line for place, line in enumerate(block.lines) if place in kept),
        more=more,
        more_label=words.count("more_lines", len(more)) if more else "",
    )


def _claim(line: Line) -> int:
    """Who gets room first."""
    if line.rule:
        return 0
    return 1 if line.balance else 2
