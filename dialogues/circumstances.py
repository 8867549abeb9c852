"""Circumstances: what differs between two conversations before anything is answered, as facts of a walk: what the
person lets us ask about, and whose turn it is.

A topic is decided where the walk first meets it, and of a rotation only the number of questions is kept that were
asked, so both add few sets of facts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace

from dialogues.model import Ask, Script, Step, topics_of
from dialogues.scene import is_worth_asking

Bit = Callable[[Hashable], int]
MOST_DECIDED = 6
"""Topics that one step is the first to ask about, of which every combination is looked at; of more, all and none."""


@dataclass(frozen=True, slots=True)
class _On:
    """The fact that a person lets us ask about a topic."""

    topic: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """The fact that so many questions of a rotation were asked, or more."""

    rotation: int
    count: int


class Circumstances:
    """Those of one script. ``bit`` gives each fact its place in a set of facts."""

    def __init__(self, script: Script, bit: Bit) -> None:
        self._bit = bit
        self._first_met: dict[str, list[str]] = {}
        met: set[str] = set()
        for step in script.steps:
            self._first_met[step.key] = [topic for topic in topics_of(step) if topic not in met]
            met.update(topics_of(step))
        self.all_looked_at = all(len(topics) <= MOST_DECIDED for topics in self._first_met.values())
        self._turns = {
            key: [_Asked(number, count + 1) for count in range(min(rotation.choose, len(rotation.of)))]
            for number, rotation in enumerate(script.rotations)
            for key in rotation.of
        }

    def needed(self, step: Step) -> int:
        """The facts that a step depends on."""
        facts: list[Hashable] = [*map(_On, topics_of(step)), *self._turns.get(step.key, ())]
        return sum(self._bit(fact) for fact in facts)

    def met(self, step: Step, facts: int) -> Iterator[int]:
        """The facts before a step, once for every way in which the topics may be decided that it is the first to ask
        about."""
        bits = [self._bit(_On(topic)) for topic in self._first_met[step.key]]
        found = [facts]
        for bit in bits if len(bits) <= MOST_DECIDED else [sum(bits)]:
            found += [each | bit for each in found]
        yield from found

    def seen(self, step: Step, facts: int) -> Step | None:
        """A step with the options that are shown; None when it is passed over."""
        turns = self._turns.get(step.key, ())
        if not all(self._is_on(topic, facts) for topic in step.topics) or (turns and self._turn(turns, facts) is None):
            return None
        if not isinstance(step, Ask) or not step.option_topics:
            return step
        hidden = {name for name, topic in step.option_topics.items() if not self._is_on(topic, facts)}
        shown = tuple(option for option in step.options if option.name not in hidden)
        return replace(step, options=shown) if is_worth_asking(step, shown) else None

    def is_optional(self, step: Step) -> bool:
        """Whether a step may be passed over although nothing in the walk keeps it from being played."""
        return isinstance(step, Ask) and (step.rest is not None or step.key in self._turns)

    def after(self, step: Step, facts: int) -> int:
        """What is true beside ``facts`` once a step was played: one more of its rotation was asked."""
        turn = self._turn(self._turns.get(step.key, ()), facts)
        return 0 if turn is None else self._bit(turn)

    def _turn(self, turns: list[_Asked] | tuple[()], facts: int) -> _Asked | None:
        """The first of these facts that is not true yet."""
        return next((turn for turn in turns if not facts & self._bit(turn)), None)

    def _is_on(self, topic: str, facts: int) -> bool:
        return bool(facts & self._bit(_On(topic)))
