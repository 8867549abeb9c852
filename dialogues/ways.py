"""Ways: all ways through a script at once.

The walk goes down the steps with every set of facts that can be true there, and for each set the longest way that
leads to it. Facts that no later step asks about are dropped on the way, so sets flow together again and stay few.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from dialogues.circumstances import Circumstances
from dialogues.model import AnswerKind, Ask, Condition, Guard, Option, Script, Step, Test
from dialogues.possible import Chosen, Fact, all_looked_at, endings, remembered, true_of
from dialogues.session import Record

MOST_SETS = 2_000
MOST_MOVES = 200_000
"""Beyond these, only the longest ways are followed: then what was not reached may still be reachable."""

MOST_COMPARED = 20_000
"""Facts that are compared with the endings of one question."""
_NONE_LEFT = object()

Masks = tuple[int, int]
"""The facts of a guard that must all be true, and those of which one must."""
Weigh = Callable[[Step], float]


@dataclass(slots=True)
class Ways:
    """What the walk found. Without ``exact`` it did not follow every way, and ``longest`` is what it found at least."""

    reached: set[str] = field(default_factory=set)
    """Keys of the steps that some way leads to."""
    gaps: set[tuple[str, str]] = field(default_factory=set)
    """Step and question: some way leads to the step without an answer to the question that its text fills in."""
    longest: float = 0
    exact: bool = True


def question(step: Step) -> float:
    """Weigh a step by the questions it asks: 1, or 0."""
    return float(isinstance(step, Ask) and step.kind is not AnswerKind.OK)


def walk(script: Script, weigh: Weigh = question, fills: Mapping[str, Iterable[str]] | None = None) -> Ways:
    """Go all ways. ``fills`` names, for a step's key, the questions whose answers its text fills in."""
    return _Walk(script, weigh, fills or {}).walk()


class _Walk:
    """One walk. A set of true facts is an integer with one bit for each fact."""

    def __init__(self, script: Script, weigh: Weigh, fills: Mapping[str, Iterable[str]]) -> None:
        self._script = script
        self._weigh = weigh
        self._ways = Ways()
        self._moves = 0
        self._bits: dict[Hashable, int] = {}
        self._around = Circumstances(script, self._bit)
        self._ways.exact = self._around.all_looked_at
        self._needs = [self._needed(step, fills.get(step.key, ())) for step in script.steps]
        self._guards = [[self._masks(guard) for guard in step.guards] for step in script.steps]
        self._answers = {
            step.key: [(name, self._bit(_answered(name))) for name in fills.get(step.key, ())] for step in script.steps
        }
        self._facts: dict[str, list[Fact]] = {}
        for fact in self._bits:
            if isinstance(fact, Condition | Chosen):
                self._facts.setdefault(fact.question, []).append(fact)

    def walk(self) -> Ways:
        states = self._beginnings()
        later = self._later()
        for step, guards, live in zip(self._script.steps, self._guards, later, strict=True):
            states = self._pass(step, guards, states, live)
        self._ways.longest = max(states.values(), default=0)
        return self._ways

    def _pass(self, step: Step, guards: list[Masks], states: dict[int, float], live: int) -> dict[int, float]:
        """All sets of facts after a step, from all those before it."""
        after: dict[int, float] = {}
        outcomes: dict[tuple[Option, ...], tuple[list[int], int]] = {}
        weight = self._weigh(step)
        for facts, length in self._met(step, states):
            seen = self._around.seen(step, facts) if _hold(guards, facts) else None
            times = self._times(step, facts) if seen else 0
            shown = seen.options if isinstance(seen, Ask) else ()
            if shown not in outcomes:
                outcomes[shown] = self._outcomes(seen or step)
            asked, unasked = outcomes[shown]
            if times:
                self._reach(step, facts)
            turn = self._around.after(step, facts)
            gone = [(end | turn, length + weight * times) for end in asked] if times else []
            if not times or self._around.is_optional(step):
                gone.append((unasked, length))
            for end, reached in gone:
                key = (facts | end) & live
                if after.get(key, -1) < reached:
                    after[key] = reached
            self._moves += len(gone)
        return self._fewer(after)

    def _met(self, step: Step, states: dict[int, float]) -> Iterator[tuple[int, float]]:
        return ((facts, length) for known, length in states.items() for facts in self._around.met(step, known))

    def _fewer(self, states: dict[int, float]) -> dict[int, float]:
        room = MOST_SETS if self._moves < MOST_MOVES else 50
        if len(states) <= room:
            return states
        self._ways.exact = False
        return dict(sorted(states.items(), key=lambda pair: -pair[1])[:room])

    def _reach(self, step: Step, facts: int) -> None:
        self._ways.reached.add(step.key)
        self._ways.gaps.update((step.key, name) for name, bit in self._answers[step.key] if not facts & bit)

    def _times(self, step: Step, facts: int) -> int:
        """How often a step is played whose guards hold: once, or once for each chosen option, or not at all."""
        if isinstance(step, Ask) and step.groups_of and not facts & self._bit(_group_shown(step)):
            return 0
        if not step.for_each:
            return 1
        return sum(bool(facts & self._bit(fact)) for fact in self._repeats(step))

    # Facts ----------------------------------------------------------------------------------------------------------

    def _bit(self, fact: Hashable) -> int:
        return self._bits.setdefault(fact, 1 << len(self._bits))

    def _masks(self, guard: Guard) -> Masks:
        every = sum({self._bit(condition) for condition in guard.every})
        return every, sum({self._bit(condition) for condition in guard.any})

    def _needed(self, step: Step, filled: Iterable[str]) -> int:
        """The facts that a step asks about."""
        facts: list[Fact] = [each for guard in step.guards for each in (*guard.every, *guard.any)]
        if isinstance(step, Ask) and step.groups_of:
            facts.append(_group_shown(step))
        if step.for_each:
            facts.extend(self._repeats(step))
        facts.extend(_answered(name) for name in filled)
        return sum({self._bit(fact) for fact in facts}) | self._around.needed(step)

    def _repeats(self, step: Step) -> list[Chosen]:
        """The fact of one chosen option, of two, and so on."""
        source = self._script.by_key[step.for_each]
        assert isinstance(source, Ask), "only questions are gone through"
        most = source.most or len(source.options) + source.own_words
        return [Chosen(step.for_each, count=count) for count in range(1, most + 1)]

    def _later(self) -> list[int]:
        """For each step, the facts that a later one asks about."""
        found, live = [], 0
        for needed in reversed(self._needs):
            found.append(live)
            live |= needed
        return found[::-1]

    def _outcomes(self, step: Step) -> tuple[list[int], int]:
        """The sets of facts that are true after a step was played, and the one after it was passed over."""
        facts = self._facts.get(step.key, [])
        if not isinstance(step, Ask) or not facts:
            return [0], 0
        return self._ends(facts, endings(step, facts)), self._true(facts, None)

    def _ends(self, facts: list[Fact], records: Iterator[Record | None]) -> list[int]:
        room = max(50, MOST_COMPARED // len(facts))
        found = {self._true(facts, record) for record in islice(records, room)}
        self._ways.exact = self._ways.exact and all_looked_at(facts) and next(records, _NONE_LEFT) is _NONE_LEFT
        return list(found)

    def _true(self, facts: list[Fact], record: Record | None) -> int:
        return sum(self._bit(fact) for fact in facts if true_of(fact, record))

    def _beginnings(self) -> dict[int, float]:
        """What may be remembered when the conversation begins."""
        states = {0}
        for name, facts in self._facts.items():
            if name not in self._script.by_key:
                ends = self._ends(facts, remembered(facts))
                states = {state | end for state in sorted(states)[:MOST_SETS] for end in ends}
        return self._fewer(dict.fromkeys(states, 0.0))


def _hold(guards: list[Masks], facts: int) -> bool:
    return all(facts & every == every and (not one or facts & one) for every, one in guards)


def _answered(name: str) -> Condition:
    return Condition(name, Test.WAS_ANSWERED)


def _group_shown(step: Ask) -> Chosen:
    return Chosen(step.groups_of, frozenset(option.group for option in step.options))
