"""PersonCard: what one person shared, in words and dates, as it stands on a specialist's page.

Own words come first and in the original. What is visible at first and what opens under "more" is told apart here;
``words`` counts the former.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.digest.attention import Rule
from bot.digest.brevity import Quote, count_words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card. ``earlier`` is what stands there at first, ``earlier_whole`` all of it, both as sentences."""

    label: str
    value: str
    details: str = ""
    """What belongs to it: how and when a request is answered, whether a wish may be passed on."""
    quote: Quote | None = None
    quote_more: str = ""
    earlier: str = ""
    earlier_whole: str = ""
    earlier_more: str = ""
    change: str = ""
    rule: Rule | None = None
    why: str = ""
    why_label: str = ""
    answered: str = ""
    """That a request was answered, or news seen, and when."""
    balance: bool = False
    """It tells of a goal, a step or a good thing."""
    hard: bool = False
    """It tells of something hard, which does not stand without the former when that is shared."""

    @property
    def in_trouble(self) -> bool:
        """Whether a translation was typed here that could not be used."""
        return bool(self.quote and self.quote.writing and self.quote.writing.trouble)

    @property
    def words(self) -> int:
        """How many words are visible at first, those that open something included. A translation is not counted."""
        own = self.quote.short if self.quote else ""
        opening = (self.quote_more, self.earlier_more, self.why_label)
        said = (self.label, self.value, self.details, own, self.earlier, self.change, self.answered)
        return count_words(" ".join((*said, *opening)))


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
    def in_trouble(self) -> bool:
        """As for a line."""
        return any(line.in_trouble for line in (*self.lines, *self.more))

    @property
    def words(self) -> int:
        """How many words are visible at first, the date included."""
        frame = count_words(f"{self.shared_on} {self.more_label}")
        return frame + sum(line.words for line in self.lines)


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement: who does what, and the day of it, which may be empty."""

    owner: str
    what: Quote
    day: str

    @property
    def words(self) -> int:
        """How many words are visible at first."""
        return count_words(f"{self.owner} {self.what.short} {self.day}")


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """What both have agreed and is still open. ``more`` are those that there was no room for."""

    label: str
    language: str
    shown: tuple[Agreed, ...]
    more: tuple[Agreed, ...] = ()
    more_label: str = ""

    @property
    def words(self) -> int:
        """How many words are visible at first."""
        return count_words(f"{self.label} {self.more_label}") + sum(one.words for one in self.shown)


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
    agreed: AgreedLine | None = None

    @property
    def in_trouble(self) -> bool:
        """As for a line."""
        return any(block.in_trouble for block in (*self.blocks, *self.older))

    @property
    def words(self) -> int:
        """How many words are visible at first, the sentence beneath included."""
        frame = count_words(" ".join((self.pseudonym, self.footer, self.older_label)))
        frame += self.agreed.words if self.agreed else 0
        return frame + sum(block.words for block in self.blocks)
