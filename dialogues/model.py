"""Script: a dialogue as its coordinator wrote it, read, checked and ready to be played.

A *key* (``weekly_checkin/confidence``) is the permanent identity of a step: ``dialogue/step``. A *name* is what
a session remembers a step by: its key, or ``key:option`` for a step that is repeated for each chosen option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import TypeGuard

OWN_WORDS = "own_words"
"""The reserved option name under which free text stands among chosen options."""


class AnswerKind(StrEnum):
    """How a question is answered; the value is what a coordinator writes after ``answer:``."""

    OK = "ok"
    TEXT = "text"
    VOICE_OR_TEXT = "voice or text"
    ONE_OF = "one of"
    ANY_OF = "any of"
    YES_OR_NO = "yes or no"
    SCALE = "scale"
    NUMBER = "number"
    DATE = "date"


class Audience(StrEnum):
    """Who a dialogue is for (``for:``)."""

    PARTICIPANT = "participant"
    SPECIALIST = "specialist"


class Test(StrEnum):
    """What a condition asks of an earlier answer; the value is the coordinator's wording."""

    IS = "is"
    IS_NOT = "is not"
    INCLUDES = "includes"
    DOES_NOT_INCLUDE = "does not include"
    AT_LEAST = "is at least"
    AT_MOST = "is at most"
    WAS_ANSWERED = "was answered"
    WAS_NOT_ANSWERED = "was not answered"
    WAS_SKIPPED = "was skipped"
    WAS_ASKED = "was asked"
    WAS_NOT_ASKED = "was not asked"


@dataclass(frozen=True, slots=True)
class Condition:
    """One sentence of a ``when``: ``question`` is a key (or a remembered name), ``value`` an option or a number."""

    question: str
    test: Test
    value: str | float = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """``when`` (every one must hold) and ``when any`` (one must hold, if there are any) of a step or of its run."""

    every: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. ``group`` is the option of the grouping question it belongs to, or ``""``."""

    name: str
    text: str
    group: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers from ``low`` to ``high``. Either every point has a text, or only the two ends (may be empty)."""

    low: int
    high: int
    points: tuple[str, ...] = ()
    low_text: str = ""
    high_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A step that says something and goes on."""

    key: str
    text: str
    guards: tuple[Guard, ...] = ()
    for_each: str = ""
    """Key of the any-of question whose chosen options this step is repeated for, or ``""``."""
    topics: tuple[str, ...] = ()
    """What the person has to let us ask about, all of it."""
    picture: str = ""
    """The picture of the person's own answers that stands with the text: ``month``, ``web``, or none."""
    tags: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A step that asks one question. Every question can be skipped; nothing here can say otherwise."""

    key: str
    text: str
    kind: AnswerKind
    options: tuple[Option, ...] = ()
    scale: Scale | None = None
    alone: frozenset[str] = frozenset()
    """Options that cannot be combined with another."""
    most: int | None = None
    own_words: bool = False
    groups_of: str = ""
    """Key of the earlier any-of question whose chosen options decide which option groups are shown, or ``""``."""
    label: str = ""
    """What the answer is called in the share list and in the digest."""
    group_labels: Mapping[str, str] = field(default_factory=dict)
    """The same for each option group, where options are grouped. ``own_words`` names the free-text line."""
    private: bool = False
    """Stays unticked even under "share all"."""
    private_groups: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    for_each: str = ""
    topics: tuple[str, ...] = ()
    option_topics: Mapping[str, str] = field(default_factory=dict)
    """Options that are only shown to those who let us ask about a topic, with that topic."""
    drawings: Mapping[str, str] = field(default_factory=dict)
    """The drawing beside an option, of ``dialogues.drawings``, for those that have one."""
    faces: bool = False
    """Whether faces stand beside the five points of a scale for whoever wants them."""
    rest: timedelta | None = None
    """``not again within``: how long the question stays away after it was asked."""
    tags: tuple[str, ...] = ()
    line: int = 0
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The names of its options, shown or not."""
    hides_options: bool = field(init=False, repr=False, compare=False)
    """Whether an earlier answer or a topic decides which of its options are shown."""
    is_for_all: bool = field(init=False, repr=False, compare=False)
    """Whether neither an earlier answer nor a topic decides if it is asked, and with which options."""

    def __post_init__(self) -> None:
        """Found out once: a person waits wherever these are asked for."""
        hides = bool(self.groups_of or self.option_topics)
        object.__setattr__(self, "names", tuple(option.name for option in self.options))
        object.__setattr__(self, "hides_options", hides)
        object.__setattr__(self, "is_for_all", not (hides or self.guards or self.topics or self.for_each))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A step that shows the exact lines that would be shared and lets the person choose. ``offer`` holds keys."""

    key: str
    text: str
    offer: tuple[str, ...]
    guards: tuple[Guard, ...] = ()
    for_each: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    line: int = 0


Step = Say | Ask | Share


def is_counted(step: Step) -> TypeGuard[Ask]:
    """Whether progress ("2 of 7") counts a step: questions, but not what only waits for OK."""
    return isinstance(step, Ask) and step.kind is not AnswerKind.OK


def topics_of(step: Step) -> tuple[str, ...]:
    """What a person has to let us ask about for a step or some of its options, each once."""
    of_options = step.option_topics.values() if isinstance(step, Ask) else ()
    return tuple(dict.fromkeys((*step.topics, *of_options)))


@dataclass(frozen=True, slots=True)
class Rotation:
    """Questions that take turns: each conversation asks ``choose`` of those whose keys are in ``of``."""

    choose: int
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Where a dialogue runs another one: for outlines; the steps themselves are already in ``Script.steps``."""

    key: str
    dialogue: str
    line: int = 0


@dataclass(frozen=True)
class Script:
    """A checked dialogue. ``steps`` are in the order they are played, with the steps of every ``run`` in place."""

    dialogue: str
    language: str
    steps: tuple[Step, ...]
    title: str = ""
    audience: Audience = Audience.PARTICIPANT
    remind_after: timedelta | None = None
    close_after: timedelta | None = None
    remember: Mapping[str, str] = field(default_factory=dict)
    """Names for answers of earlier conversations: ``last_step`` -> ``weekly_checkin/step``."""
    rotations: tuple[Rotation, ...] = ()
    """Those of the dialogues that it runs among them."""
    at_most: int | None = None
    """How many questions the longest way may have, if the dialogue says so itself."""
    runs: tuple[Run, ...] = ()
    source: str = ""
    """The text it was read from, without the dialogues that it runs."""

    @cached_property
    def by_key(self) -> Mapping[str, Step]:
        """Every step by its key."""
        return {step.key: step for step in self.steps}

    @cached_property
    def has_pictures(self) -> bool:
        """Whether any step shows a picture of the person's own answers."""
        return any(isinstance(step, Say) and step.picture for step in self.steps)

    @cached_property
    def named(self) -> tuple[tuple[str, Step], ...]:
        """Every step with its name, where a name is a key; empty when the names depend on what is chosen."""
        return () if any(step.for_each for step in self.steps) else tuple(self.by_key.items())

    @cached_property
    def counted(self) -> tuple[tuple[str, Ask], ...]:
        """Those of ``named`` that progress is counted in."""
        return tuple((name, step) for name, step in self.named if is_counted(step))

    def step(self, name: str) -> Step:
        """The step that a session's ``name`` stands for. Raises KeyError for a name of another script."""
        return self.by_key.get(name) or self.by_key[name.partition(":")[0]]
