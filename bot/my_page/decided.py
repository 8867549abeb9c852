"""Decided: what a person said about taking part, each time that they were asked, with the question's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bot.lines import CardLine, value_text
from bot.my_page.answered import question_text
from bot.my_page.words import OwnWords
from bot.shelf import Published
from dialogues.session import Answer
from storage.checkins import Consent


def decided(consents: Iterable[Consent], latest: Callable[[str], Published | None], words: OwnWords) -> Iterator[str]:
    """Sentences, oldest first. A question is worded as it is asked now; one that is not asked any more is left out."""
    for each in consents:
        published = latest(each.question.partition("/")[0])
        if published is None or each.question not in published.script.by_key:
            continue
        tongue = words.tongue(published)
        line = CardLine(each.question, "", Answer(choices=(each.decision,)))
        answer = value_text(published.script, line, tongue.texts, tongue.ui, tongue.language, words.names())
        question = question_text(published, each.question, words)
        yield words.say("copy.decision", question=question, answer=answer, date=words.day(each.at))
