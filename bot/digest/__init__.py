"""Digest: what was shared with one specialist for one day, as an overview and a card for each person.

Pure: cards, a clock and a reader go in, sentences in the reader's language come out. Words and dates only: nothing
is added up, compared between people, or said about answers that did not come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.digest.acts import Standing as Standing
from bot.digest.acts import acts_of, is_put_off, waiting, workload
from bot.digest.brevity import OPEN_CARDS, PAGE_WORDS, count_words
from bot.digest.card import PersonCard
from bot.digest.day import Window
from bot.digest.fitting import person_card
from bot.digest.history import History, SharedCard
from bot.digest.overview import Contents, Overview, overview, people_in_order
from bot.digest.words import StaffWords


@dataclass(frozen=True, slots=True)
class FoldedCard:
    """A card behind one line."""

    card: PersonCard
    asks: tuple[str, ...]
    """What the person asked for, as the overview calls it."""

    @property
    def words(self) -> int:
        """How many words the one line has."""
        return count_words(" ".join((self.card.pseudonym, self.card.blocks[0].shared_on, *self.asks)))


@dataclass(frozen=True, slots=True)
class Digest:
    """One day. There are cards or folded cards, never both; ``more`` are folded cards that there was no room for."""

    overview: Overview
    cards: tuple[PersonCard, ...] = ()
    folded: tuple[FoldedCard, ...] = ()
    more: tuple[FoldedCard, ...] = ()
    more_label: str = ""

    @property
    def named(self) -> frozenset[int]:
        """Everybody who is on the page."""
        named = (entry.participant_id for group in self.overview.groups for entry in (*group.entries, *group.more))
        return self.people | frozenset(named)

    @property
    def people(self) -> frozenset[int]:
        """Those who have a card here."""
        return frozenset(
            card.participant_id for card in (*self.cards, *(one.card for one in (*self.folded, *self.more)))
        )

    @property
    def words(self) -> int:
        """How many words are visible at first."""
        shown = [*(card.words for card in self.cards), *(folded.words for folded in self.folded)]
        return self.overview.words + sum(shown) + count_words(self.more_label)


def compose(
    shared: Iterable[SharedCard],
    window: Window,
    day: date,
    reader: str,
    words: StaffWords,
    standing: Standing | None = None,
) -> Digest:
    """The digest of ``day`` for the specialist called ``reader``.

    ``shared`` is everything shared with this specialist, the earlier cards too: they are the "Earlier" of the new.
    With ``standing`` it is a day that goes on: what was asked at any time and is still open is in the overview, and so
    are agreements whose day has come. Without it the day is over, and its page is what was shared for it.
    """
    everything = list(shared)
    new = [card for card in everything if window.holds(card.shared_at)]
    contents = _contents(everything, new, window, day, words, standing)
    cards = _cards(everything, contents, words, standing, reader)
    shown = overview(contents, day, reader, words)
    if len(cards) <= OPEN_CARDS:
        return Digest(shown, cards)
    return _with_folded(shown, cards, words)


def _contents(
    everything: Sequence[SharedCard],
    new: Sequence[SharedCard],
    window: Window,
    day: date,
    words: StaffWords,
    standing: Standing | None,
) -> Contents:
    if standing is None:
        return Contents(new, acts_of(new))
    acts = waiting(everything, standing, day, words.zone)
    later = [act for act in acts if is_put_off(act, standing, day)]
    load = workload(acts, standing, window.until)
    return Contents(new, [act for act in acts if act not in later], load, len(later), standing.enough)


def _cards(
    everything: Sequence[SharedCard], contents: Contents, words: StaffWords, standing: Standing | None, reader: str
) -> tuple[PersonCard, ...]:
    """One card a person, in the order of the overview."""
    of_person: dict[int, list[SharedCard]] = defaultdict(list)
    for card in everything:
        of_person[card.participant_id].append(card)
    return tuple(
        person_card(
            [card for card in contents.new if card.participant_id == person],
            History(of_person[person]),
            words,
            standing,
            reader=reader,
        )
        for person in people_in_order(contents)
    )


def _with_folded(shown: Overview, cards: Sequence[PersonCard], words: StaffWords) -> Digest:
    folded = tuple(FoldedCard(card, _asks(card)) for card in cards)
    kept = _fitting(folded, PAGE_WORDS - shown.words)
    if kept == len(folded):
        return Digest(shown, folded=folded)
    label = words.count("more_people", len(folded))
    kept = _fitting(folded, PAGE_WORDS - shown.words - count_words(label))
    hidden = folded[kept:]
    label = words.count("more_people", len(hidden))
    return Digest(shown, folded=folded[:kept], more=hidden, more_label=label)


def _asks(card: PersonCard) -> tuple[str, ...]:
    lines = (line for block in card.blocks for line in (*block.lines, *block.more) if line.rule)
    return tuple(dict.fromkeys(line.label for line in lines))


def _fitting(folded: Sequence[FoldedCard], room: int) -> int:
    """How many of the lines fit."""
    for place, line in enumerate(folded):
        room -= line.words
        if room < 0:
            return place
    return len(folded)
