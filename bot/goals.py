"""Goals: what somebody wants, in small steps, in their own words, and how sure they said they are of each step.

Derived from answers by the tags of their questions (``goal:new``, ``goal:still``, ``goal:step``, ``goal:sure``), so a
corrected answer corrects them and a deleted one takes them away. Nothing is said about the kind of a goal, and none
stands before another but by when it was named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.past_answers import PastAnswer
from dialogues import meanings


class State(StrEnum):
    """How it stands with a goal. All three are ordinary: to have had enough of one is no failure."""

    CURRENT = "current"
    CHANGED = "changed"
    ENOUGH = "enough"


_SAID = {"yes": State.CURRENT, "change": State.CHANGED, "enough": State.ENOUGH}
"""What an answer to "Is it still your goal?" makes of it."""


@dataclass(slots=True)
class GoalStep:
    """A small step, as it was written. ``sure`` holds every answer to how sure somebody is about it, oldest first."""

    words: str
    since: datetime
    sure: list[PastAnswer] = field(default_factory=list)


@dataclass(slots=True)
class Goal:
    """A goal, as it was written, and its steps, oldest first: the last of them is the one of now."""

    words: str
    since: datetime
    state: State = State.CURRENT
    steps: list[GoalStep] = field(default_factory=list)


@dataclass(slots=True)
class Goals:
    """Somebody's goals, the one that was named last at the end. ``steps`` were named while there was no goal."""

    goals: list[Goal] = field(default_factory=list)
    steps: list[GoalStep] = field(default_factory=list)

    @property
    def current(self) -> list[Goal]:
        """The goals of now. Several stand side by side."""
        return [goal for goal in self.goals if goal.state is State.CURRENT]

    @property
    def step(self) -> GoalStep | None:
        """The step that was named last, of whatever goal."""
        steps = [*self.steps, *(step for goal in self.goals for step in goal.steps)]
        return max(reversed(steps), key=lambda step: step.since, default=None)


def goals_of(answers: Iterable[PastAnswer]) -> Goals:
    """What answers say of goals. ``answers`` are in the order of ``bot.past_answers``.

    A question is about the goal or the step that was named last before it. Of answers that were shared, a step can
    stand there without the goal it belongs to.
    """
    goals = Goals()
    for given in answers:
        if given.has(meanings.GOAL_NEW):
            _want(goals, given)
        elif given.has(meanings.GOAL_STILL):
            _decide(goals, given)
        elif given.has(meanings.GOAL_STEP):
            _go(goals, given)
        elif given.has(meanings.GOAL_SURE) and (step := goals.step) is not None:
            step.sure.append(given)
    return goals


def _want(goals: Goals, given: PastAnswer) -> None:
    """Named once more in the same words, it is the same goal, and the one that was named last."""
    words = given.answer.words.strip()
    if not words:
        return
    goal = next((goal for goal in goals.goals if _same(goal.words, words)), None) or Goal(words, given.at)
    goal.state = State.CURRENT
    goals.goals = [*(other for other in goals.goals if other is not goal), goal]


def _decide(goals: Goals, given: PastAnswer) -> None:
    said = next((_SAID[choice] for choice in given.answer.choices if choice in _SAID), None)
    if said is not None and goals.goals:
        goals.goals[-1].state = said


def _go(goals: Goals, given: PastAnswer) -> None:
    words = given.answer.words.strip()
    steps = goals.current[-1].steps if goals.current else goals.steps
    if words and not (steps and _same(steps[-1].words, words)):
        steps.append(GoalStep(words, given.at))


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
