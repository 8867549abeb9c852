"""Past answers: what one person answered over all conversations, oldest first: all of it for the person, and for a
specialist only what stands on cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.digest.history import SharedCard
from bot.shelf import Published
from dialogues.model import Ask
from dialogues.session import Answer
from storage import checkins
from storage.answers import Stored
from storage.vault import Cipher


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """One answer and the script version that asked for it. ``group`` is the option group on a card, else empty."""

    published: Published
    conversation: int
    name: str
    group: str
    answer: Answer
    at: datetime

    @property
    def ask(self) -> Ask:
        """The question."""
        step = self.published.script.step(self.name)
        assert isinstance(step, Ask), "only questions have answers"
        return step

    def has(self, tag: str) -> bool:
        """Whether the question has this tag."""
        return tag in self.ask.tags


def own(
    stored: Iterable[Stored], cipher: Cipher, published: Callable[[str, int], Published | None]
) -> list[PastAnswer]:
    """Everything that somebody answered, for that person alone.

    ``stored`` may hold several revisions of an answer, as when one was just given: the newest counts, and one that was
    taken back is not there. ``published`` gives a version by dialogue and number.
    """
    newest: dict[tuple[int, str, str], Stored] = {}
    for one in stored:
        key = one.given.conversation, one.given.question, one.given.each
        if key not in newest or newest[key].given.revision <= one.given.revision:
            newest[key] = one
    standing = (one for one in newest.values() if one.given.outcome == "answered")
    return _in_order(_opened(standing, cipher, published))


def shared(cards: Iterable[SharedCard]) -> list[PastAnswer]:
    """What of it stands on cards that somebody shared and has not withdrawn."""
    return _in_order(
        PastAnswer(card.published, card.conversation, line.name, line.group, line.answer, card.shared_at)
        for card in cards
        for line in card.lines
        if not line.withdrawn and _is_asked(card.published, line.name)
    )


def _opened(
    standing: Iterable[Stored], cipher: Cipher, published: Callable[[str, int], Published | None]
) -> Iterator[PastAnswer]:
    for dialogue, given in standing:
        name = f"{given.question}:{given.each}" if given.each else given.question
        version = published(dialogue, given.version)
        if version is not None and _is_asked(version, name):
            answer = answer_of(given, checkins.words_of(cipher, given))
            yield PastAnswer(version, given.conversation, name, "", answer, given.at)


def answer_of(given: checkins.Given | Row[Any], words: str) -> Answer:
    """A stored answer as the engine knows it. ``words`` is its free text, opened."""
    number = given.number
    whole = int(number) if number is not None and float(number).is_integer() else number
    return Answer(tuple(given.choices or ()), whole, given.day or "", words)


def _is_asked(published: Published, name: str) -> bool:
    return isinstance(published.script.by_key.get(name.partition(":")[0]), Ask)


def _in_order(answers: Iterable[PastAnswer]) -> list[PastAnswer]:
    """By conversation, and in one as the script asks: somebody may have gone back and answered in another order."""
    return sorted(answers, key=lambda one: (one.conversation, _place(one)))


def _place(one: PastAnswer) -> int:
    return [*one.published.script.by_key].index(one.name.partition(":")[0])
