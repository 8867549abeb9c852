"""Awaited: by which day a request that a person shared is answered, beside the request, for as long as it is open."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from bot.dates import weekday_and_date
from bot.digest.answering import asks
from bot.expecting import Answers, Expecting
from bot.lines import decode_lines
from bot.my_page.record import Record
from bot.my_page.sent import LineReplies
from bot.my_page.words import OwnWords


def awaited(
    record: Record,
    replied: Collection[tuple[int, str, str]],
    expecting: Expecting,
    words: OwnWords,
    today: date,
    name_of: Callable[[int], str],
) -> LineReplies:
    """Sentences by conversation, share step and line. ``replied`` are the lines that have a reply, ``name_of`` gives
    the name of a member of staff."""
    found = {}
    for card in record.cards:
        answers = expecting.answers(card.conversation, card.shared_at)
        if answers is None:
            continue
        script = record.scripts[card.dialogue, card.version].script
        for line in asks(script, decode_lines(card.lines)):
            place = card.conversation, card.step, line.id
            if place not in replied:
                found[place] = _said(answers, words, today, name_of(answers.staff_id))
    return found


def _said(answers: Answers, words: OwnWords, today: date, name: str) -> str:
    """The day is said before it and after it, and nobody is said to be late."""
    by = answers.days.answers_by
    day = weekday_and_date(by, words.language)
    if by < today:
        return words.say("sent.still_open", day=day)
    return words.say("sent.answer_by", reader=name or words.ui["ui/specialist"], day=day)
