"""Changes: what became different in the questions from one published version of a dialogue to the next. Only what a
person can notice counts: a text, and whether an answer can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.my_page.answered import question_text, title_of
from bot.my_page.words import OwnWords
from bot.shelf import Published
from dialogues.model import Ask, Audience, Script, Share
from dialogues.texts import fill
from storage.scripts import Edition

AT_START = "start"
"""Who published what was in the folder when Medvind started."""


@dataclass(frozen=True, slots=True)
class Reworded:
    """A text before and now. ``before`` is "" for a new one, ``now`` for one that is gone."""

    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One new version. ``language`` is that of its texts; ``sharing`` are sentences about what can be shared."""

    title: str
    when: str
    by: str
    language: str
    is_new: bool
    texts: tuple[Reworded, ...] = ()
    sharing: tuple[str, ...] = ()


def changed(edition: Edition, before: Published | None, now: Published, words: OwnWords) -> Changed | None:
    """What a version changed, None where nothing can be noticed. ``before`` is the version before it, if any."""
    if now.script.audience is not Audience.PARTICIPANT:
        return None
    by = words.say("changed_at_start") if edition.published_by == AT_START else edition.published_by
    title, when, language = title_of(now, words), words.day(edition.published_at), words.tongue(now).language
    if before is None:
        return Changed(title, when, by, language, is_new=True)
    texts, sharing = tuple(_reworded(before, now, words)), tuple(_shared_otherwise(before, now, words))
    if not texts and not sharing:
        return None
    return Changed(title, when, by, language, is_new=False, texts=texts, sharing=sharing)


def _reworded(before: Published, now: Published, words: OwnWords) -> Iterator[Reworded]:
    """Texts of the dialogue itself: what it runs is published as its own. They are compared in one language that both
    versions have."""
    language = words.tongue(now).language
    if language not in before.texts:
        language = now.script.language
    if language not in before.texts or language not in now.texts:
        return
    old, new = (_own(each, language) for each in (before, now))
    for context in dict.fromkeys((*new, *old)):
        if old.get(context, "") != new.get(context, ""):
            yield Reworded(*(fill(each.get(context, ""), words.names()).strip() for each in (old, new)))


def _own(published: Published, language: str) -> dict[str, str]:
    """In the order in which they are read, as far as the script still has them."""
    mine = f"{published.dialogue}/", f"{published.dialogue}."
    return {context: text for context, text in published.texts[language].items() if context.startswith(mine)}


def _shared_otherwise(before: Published, now: Published, words: OwnWords) -> Iterator[str]:
    for step in _questions(now.script):
        earlier = before.script.by_key.get(step.key)
        if not isinstance(earlier, Ask):
            continue
        question = question_text(now, step.key, words)
        offered, was_offered = (step.key in _offered(each.script) for each in (now, before))
        if offered != was_offered:
            yield words.say("now_offered" if offered else "no_longer_offered", question=question)
        elif offered and (step.private, step.private_groups) != (earlier.private, earlier.private_groups):
            is_private = step.private or bool(step.private_groups)
            yield words.say("now_private" if is_private else "no_longer_private", question=question)


def _questions(script: Script) -> Iterable[Ask]:
    mine = (step for step in script.steps if step.key.startswith(f"{script.dialogue}/"))
    return (step for step in mine if isinstance(step, Ask))


def _offered(script: Script) -> frozenset[str]:
    return frozenset(key for step in script.steps if isinstance(step, Share) for key in step.offer)
