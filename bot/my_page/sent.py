"""Sent: everything a person shared, word for word as they saw it, with its day and its reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.lines import CardLine, decode_lines, line_text
from bot.messages import ShareLine
from bot.my_page.answered import title_of
from bot.my_page.record import Record
from bot.my_page.translated import Beside, BesideWords, none
from bot.my_page.words import OwnWords
from bot.translating.words import words_of
from storage.own import OwnCard


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line. ``reply`` is what the specialist answered to it, in words, or ""; ``translations`` are those that stand
    beside the person's own words; ``awaited`` says by which day it is answered, "" where nothing is."""

    shown: ShareLine
    name: str
    withdrawn: bool
    reply: str = ""
    translations: tuple[Beside, ...] = ()
    awaited: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was shared at one share step, in the ``language`` in which it was seen. ``reader`` may be "" where nobody
    was assigned; ``also`` is the specialist of now, where the person lets them see it too."""

    conversation: int
    step: str
    title: str
    title_language: str
    language: str
    shared_on: str
    reader: str
    also: str
    is_over: bool
    lines: tuple[SentLine, ...]


LineReplies = Mapping[tuple[int, str, str], str]
"""Replies in words, by conversation, share step and id of the line."""


_NOTHING: LineReplies = {}


def sent(
    record: Record,
    words: OwnWords,
    replies: LineReplies,
    translated: BesideWords = none,
    awaited: LineReplies = _NOTHING,
) -> Iterator[Sent]:
    """Newest first. ``awaited`` says of open requests by when they are answered."""
    for card in record.cards:
        published = record.scripts[card.dialogue, card.version]
        yield Sent(
            conversation=card.conversation,
            step=card.step,
            title=title_of(published, words),
            title_language=words.tongue(published).language,
            language=words.tongue(published, card.language).language,
            shared_on=words.moment(card.shared_at),
            reader=record.reader_at(card.shared_at),
            also=record.let_in(card.shared_at),
            is_over=record.talks[card.conversation].is_over,
            lines=tuple(
                replace(
                    _line(record, card, line, words, replies),
                    translations=translated(words_of(line.answer.words, card.language)),
                    awaited=awaited.get((card.conversation, card.step, line.id), ""),
                )
                for line in decode_lines(card.lines)
            ),
        )


def _line(record: Record, card: OwnCard, line: CardLine, words: OwnWords, replies: LineReplies) -> SentLine:
    published = record.scripts[card.dialogue, card.version]
    tongue = words.tongue(published, card.language)
    names = words.names({"specialist": record.reader_at(card.shared_at) or tongue.ui["ui/specialist"]})
    shown = line_text(published.script, line, tongue.texts, tongue.ui, tongue.language, names)
    return SentLine(shown, line.name, line.withdrawn, replies.get((card.conversation, card.step, line.id), ""))
