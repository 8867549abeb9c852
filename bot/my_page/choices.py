"""Choices: what a person has chosen about taking part, in the words of the questions, and where each can be changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from bot.dates import day_text
from bot.lines import option_text
from bot.my_page.answered import question_text, title_of
from bot.my_page.words import OwnWords, Tongue
from bot.schedule import Agenda, Plan
from bot.shelf import Published
from dialogues import meanings, timing
from dialogues.model import AnswerKind, Ask
from dialogues.texts import fill
from storage import own, people
from storage.vault import Vault

NOT_KEPT = frozenset({timing.PAUSE, timing.WISH, meanings.HANDOVER})
"""What is done at once, so that there is no present choice of it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One question and what stands; ``value`` is "" where nothing was chosen."""

    question: str
    value: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A dialogue in which something can be chosen anew. ``language`` is that of its texts."""

    dialogue: str
    title: str
    language: str
    chosen: tuple[Chosen, ...]


def settings(
    scripts: Iterable[Published], agenda: Agenda, words: OwnWords, idle: frozenset[str] = frozenset()
) -> Iterator[Setting]:
    """Those of the dialogues in which something is chosen that stays in the plan. ``idle`` are tags whose choices have
    no effect here."""
    options = {**_scheduled(agenda.plan), **agenda.choices}
    for published in scripts:
        found = tuple(_chosen(published, options, words, idle))
        if found:
            title = title_of(published, words)
            yield Setting(published.dialogue, title, words.tongue(published).language, found)


def phone_is_shared(agenda: Agenda) -> bool:
    """Whether others may see the screen: then no page shows the name of the service."""
    return agenda.choices.get(meanings.PHONE) == ("yes",)


def shares_phone(conn: Connection, vault: Vault, participant_id: int) -> bool:
    """Whether a person said so. Raises KeyError and Erased."""
    cipher = people.participant(conn, vault, participant_id).cipher
    stored = own.agenda(conn, cipher, participant_id)
    return phone_is_shared(msgspec.json.decode(stored, type=Agenda)) if stored else False


def _chosen(
    published: Published, options: Mapping[str, tuple[str, ...]], words: OwnWords, idle: frozenset[str]
) -> Iterator[Chosen]:
    tongue = words.tongue(published)
    for step in published.script.steps:
        tag = _tag(step, idle) if isinstance(step, Ask) else ""
        if tag == meanings.START_DAY and tag not in options:
            continue  # Not everybody begins something new.
        if tag and isinstance(step, Ask):
            yield Chosen(question_text(published, step.key, words), _value(step, options.get(tag, ()), tongue, words))


def _tag(step: Ask, idle: frozenset[str]) -> str:
    return next((tag for tag in step.tags if meanings.is_in_the_plan([tag]) and tag not in NOT_KEPT | idle), "")


def _value(step: Ask, chosen: Iterable[str], tongue: Tongue, words: OwnWords) -> str:
    """Options that the question does not have (any more) are left out."""
    if step.kind is AnswerKind.DATE:
        return "".join(day_text(day, tongue.language) for day in chosen)
    named = {option.name for option in step.options} or {"yes", "no"}
    texts = (option_text(step, option, tongue.texts, tongue.ui) for option in chosen if option in named)
    return tongue.ui["ui/separator"].join(fill(text, words.names(), isolate=False) for text in texts)


def _scheduled(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The plan as options of its questions."""
    return {
        timing.DAY: (timing.WEEKDAYS[plan.day - 1],),
        timing.TIME: (f"at_{plan.at.replace(':', '')}",),
        timing.RHYTHM: (plan.rhythm,),
        timing.REMINDERS: ("yes" if plan.reminders else "no",),
        timing.DAYS_OFF: tuple(timing.WEEKDAYS[int(day) - 1] for day in plan.days_off) or (timing.NONE,),
        timing.QUIET: plan.quiet or (timing.NONE,),
        timing.HOLIDAYS: plan.holidays or (timing.NONE,),
    }
