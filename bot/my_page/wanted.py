"""Wanted: a person's goals and steps in words, with how sure they said they are of each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.goals import Goals, GoalStep
from bot.lines import CardLine, value_text
from bot.my_page.words import OwnWords
from bot.past_answers import PastAnswer


@dataclass(frozen=True, slots=True)
class WantedStep:
    """A step in the person's words, since when, and how sure they said they are, newest first."""

    words: str
    since: str
    sure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A goal in the person's words. ``words`` is "" for steps that were named while there was no goal."""

    words: str
    since: str
    standing: str
    steps: tuple[WantedStep, ...]


def wanted(goals: Goals, words: OwnWords) -> Iterator[Wanted]:
    """In the order in which they were named, the latest first."""
    for goal in reversed(goals.goals):
        standing = words.say(f"goal.{goal.state}")
        yield Wanted(goal.words, words.day(goal.since), standing, tuple(_steps(goal.steps, words)))
    if goals.steps:
        yield Wanted("", "", "", tuple(_steps(goals.steps, words)))


def _steps(steps: Iterable[GoalStep], words: OwnWords) -> Iterator[WantedStep]:
    for step in reversed([*steps]):
        yield WantedStep(step.words, words.day(step.since), tuple(_sure(step.sure, words)))


def _sure(answers: Iterable[PastAnswer], words: OwnWords) -> Iterator[str]:
    for one in reversed([*answers]):
        tongue, line = words.tongue(one.published), CardLine(one.name, "", one.answer)
        value = value_text(one.published.script, line, tongue.texts, tongue.ui, tongue.language, words.names())
        yield words.say("on_day", text=value, date=words.day(one.at))
