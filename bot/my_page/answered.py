"""Answered: a person's own answers in words: the question as it was asked, what was chosen, and their own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.lines import CardLine, each_text, value_text
from bot.my_page.record import Record
from bot.my_page.words import OwnWords
from bot.past_answers import answer_of
from bot.shelf import Published
from dialogues import engine
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Script
from dialogues.session import Answer
from dialogues.texts import fill
from storage.own import OwnAnswer


@dataclass(frozen=True, slots=True)
class Entry:
    """One question and what was answered to it. ``language`` is that of the question, ``own_words`` as written."""

    conversation: int
    name: str
    question: str
    value: str
    own_words: str
    language: str


def entry(record: Record, given: OwnAnswer, words: OwnWords, answer: Answer | None = None) -> Entry | None:
    """An answer in words, or the part ``answer`` of it. None for what has no words: an OK, or a question that its
    script does not have."""
    published = record.published(given.conversation)
    ask = published.script.by_key.get(given.given.question)
    if not isinstance(ask, Ask) or ask.kind is AnswerKind.OK:
        return None
    tongue = words.tongue(published)
    line = CardLine(given.name, "", answer or answer_of(given.given, given.words))
    return Entry(
        conversation=given.conversation,
        name=given.name,
        question=question_text(published, given.name, words),
        value=value_text(published.script, line, tongue.texts, tongue.ui, tongue.language, words.names()),
        own_words=line.answer.words,
        language=tongue.language,
    )


def question_text(published: Published, name: str, words: OwnWords) -> str:
    """The text of a question. Where it repeated an answer, a sign stands for that: the answer may be gone by now."""
    texts = words.tongue(published).texts
    script = published.script
    each = {"each": fill(each_text(script, name, texts), words.names(), isolate=False)} if ":" in name else {}
    return fill(texts[script.step(name).key], words.names({key: text for key, text in each.items() if text}))


def parts(script: Script, name: str, answer: Answer) -> Iterator[tuple[str, Answer]]:
    """An answer by the lines in which it would be shared: option group and part; all of it under "" without groups."""
    ask = script.step(name)
    assert isinstance(ask, Ask), "only questions have answers"
    if not ask.groups_of:
        yield "", answer
        return
    for group in dict.fromkeys(option.group for option in ask.options):
        if (inside := engine.part(ask, answer, group)).choices:
            yield group, inside
    if answer.words:
        yield OWN_WORDS, engine.part(ask, answer, OWN_WORDS)


def title_of(published: Published, words: OwnWords) -> str:
    """What a conversation is called."""
    return words.tongue(published).texts.get(f"{published.dialogue}.title", "") or words.say("a_conversation")
