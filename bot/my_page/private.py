"""Private: a person's own answers that nobody else can see, by conversation, with their questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from bot.keeping import CONSENT
from bot.my_page.answered import Entry, entry, parts, title_of
from bot.my_page.record import Record
from bot.my_page.words import OwnWords
from bot.past_answers import answer_of
from dialogues.session import Answer
from storage.own import OwnAnswer


@dataclass(frozen=True, slots=True)
class Held:
    """One conversation with what is private of it. ``language`` is that of its title. Of one that ``is_over`` answers
    can be deleted here; of another one in the chat."""

    conversation: int
    title: str
    language: str
    day: str
    is_over: bool
    entries: tuple[Entry, ...]


def private(record: Record, words: OwnWords) -> Iterator[Held]:
    """Newest conversation first, in each in the order of answering. One without anything private is left out."""
    for number, talk in sorted(record.talks.items(), reverse=True):
        found = tuple(_entries(record, [one for one in record.latest if one.conversation == number], words))
        if found:
            published = record.published(number)
            title, language = title_of(published, words), words.tongue(published).language
            yield Held(number, title, language, words.day(talk.started_at), talk.is_over, found)


def is_consent(record: Record, given: OwnAnswer) -> bool:
    """Whether an answer says that the person takes part. It stays as long as they do."""
    step = record.published(given.conversation).script.by_key.get(given.given.question)
    return step is not None and CONSENT in step.tags


def _entries(record: Record, given: Sequence[OwnAnswer], words: OwnWords) -> Iterator[Entry]:
    for one in given:
        kept = _kept(record, one)
        if kept is not None and not is_consent(record, one) and (found := entry(record, one, words, kept)):
            yield found


def _kept(record: Record, given: OwnAnswer) -> Answer | None:
    """What of an answer is not shared, or None where all of it is."""
    script = record.published(given.conversation).script
    if given.given.question not in script.by_key:
        return None
    shared = {line.group for line in record.shared.get(given.conversation, ()) if line.name == given.name}
    left = [
        part for group, part in parts(script, given.name, answer_of(given.given, given.words)) if group not in shared
    ]
    if not left:
        return None
    choices = tuple(choice for part in left for choice in part.choices)
    own_words = "".join(part.words for part in left)
    return msgspec.structs.replace(left[0], choices=choices, words=own_words)
