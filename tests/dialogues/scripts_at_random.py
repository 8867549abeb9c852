"""Scripts at random: valid ones, with every kind of step, answer and condition of the format.

Each script is made together with a few *worlds*: ways in which its questions may end. A step is only given conditions
that hold together in one of them, so every step can be reached and no text has a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from dialogues.conditions import WITHOUT_VALUE, holds
from dialogues.engine import options_shown
from dialogues.model import (
    OWN_WORDS,
    AnswerKind,
    Ask,
    Audience,
    Condition,
    Guard,
    Option,
    Rotation,
    Say,
    Scale,
    Script,
    Share,
)
from dialogues.model import Step as ModelStep
from dialogues.model import Test as Comparison
from dialogues.reading.grammar import MOST_QUESTIONS, TESTS_OF_ANSWER
from dialogues.session import Answer, Outcome, Record, Session
from tests.dialogues.answers_at_random import some_answer
from tests.dialogues.script_writing import Draft, Placed, written

WORDS = ("Work", "At home", "جيد", "Være på jobb", "Noise or people", "Sleep: not much", "¿Qué?", "好", "No", "Not now")
TOPICS = ("work", "outside", "help")
ODD_NAMES = ("yes", "no", "on", "off", "null", "true", "1e3", "0x1", "name", "each")


@dataclass(frozen=True, slots=True)
class Made:
    """A script as coordinators would have written it: the texts of all its dialogues, and the steps that are meant."""

    dialogue: str
    library: Mapping[str, str]
    steps: tuple[ModelStep, ...]
    """In the order of playing, with those of the dialogues that are run; lines are 0."""
    rotations: frozenset[Rotation]
    remembered: Mapping[str, Ask]
    """The questions whose earlier answers the dialogue remembers, by local name."""


@dataclass(slots=True)
class _World:
    """One way in which the questions end, and what is remembered in it."""

    done: dict[str, Record] = field(default_factory=dict)
    remembered: dict[str, Answer] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return Session(done=dict(self.done), remembered=dict(self.remembered))


def made(dice: Random) -> Made:
    """A script, with up to two dialogues that it runs or remembers from."""
    texts: dict[str, str] = {}
    parts: dict[str, tuple[ModelStep, ...]] = {}
    turns: dict[str, tuple[Rotation, ...]] = {}
    known: list[tuple[str, Ask]] = []
    room = MOST_QUESTIONS
    for name in ("first_part", "second_part")[: dice.randint(0, 2)]:
        one = _Writing(dice, name, 4, _pool(name, known))
        texts[name], parts[name] = one.text(), one.played({})
        turns[name] = one.draft.top.rotations
        known = [(key, ask) for _, key, ask in one.questions()]
    runs = [name for name in texts if dice.random() < 0.7]
    whole = _Writing(dice, "whole", room - 4 * len(runs), _pool("whole", known), runs)
    texts["whole"] = whole.text()
    placed = [turns[step.dialogue] for step in whole.draft.steps if isinstance(step, Placed)]
    in_turn = frozenset(each for some in (whole.draft.top.rotations, *placed) for each in some)
    remembered = {local: whole.pool[local][1] for local in sorted(whole.used)}
    return Made("whole", texts, whole.played(parts), in_turn, remembered)


@dataclass(slots=True)
class _Writing:
    """One dialogue while it is made. ``room`` is how many questions it may have, ``pool`` what can be remembered."""

    dice: Random
    dialogue: str
    room: int
    pool: dict[str, tuple[str, Ask]]
    runs: list[str] = field(default_factory=list)
    draft: Draft = field(init=False)
    worlds: list[_World] = field(init=False)
    used: set[str] = field(default_factory=set)
    to_offer: list[str] = field(default_factory=list)
    in_turn: list[str] = field(default_factory=list)
    at_a_time: int = 1

    def __post_init__(self) -> None:
        self.worlds = [_World() for _ in range(4)]
        self.at_a_time = self.dice.choice([1, 1, 2])
        for local, (_, ask) in self.pool.items():
            self._may_be_remembered(local, ask)
        self.draft = Draft(self._top(), [])
        for number in range(self.dice.choice([1, 4, 8, 12])):
            self._add(f"{self.dice.choice(['week', 'hard', 'sure', 'step'])}_{number}")
        for name in self.runs:
            self._place(f"part_{name}", name)
        if self.to_offer:
            self._put(self._share("last_share"))
        if self.dice.random() < 0.7:
            self._put(Say(key=self._key("goodbye"), text=self._sentence(())))
        remember = {local: target for local, (target, _) in self.pool.items() if local in self.used}
        self.draft.top = replace(self.draft.top, remember=remember, rotations=tuple(self._rotations()))

    def text(self) -> str:
        """The dialogue as a coordinator writes it."""
        return written(self.draft, self.dice)

    def played(self, parts: Mapping[str, tuple[ModelStep, ...]]) -> tuple[ModelStep, ...]:
        """The steps as they are to be played."""
        return tuple(step for each in self.draft.steps for step in _in_place(each, parts))

    def questions(self) -> Iterator[tuple[str, str, Ask]]:
        """What can be looked at later: the local name, the key, the question."""
        for step in self.draft.steps:
            if isinstance(step, Ask) and step.kind is not AnswerKind.OK and not step.for_each:
                yield step.key.partition("/")[2], step.key, step

    # One step -------------------------------------------------------------------------------------------------------

    def _add(self, name: str) -> None:
        what = self.dice.choice(["say", "ask", "ask", "ask", "share", "part"])
        world = self.dice.choice(self.worlds)
        if what == "part" and self.runs:
            self._place(f"part_{name}", self.runs.pop())
        elif what == "share" and self.to_offer:
            self._put(self._share(name, world))
        elif what == "ask" and (ask := self._ask(name, world)) is not None:
            self._put(ask)
            self._learn(ask)
        else:
            for_each = self._several(world, 0.2)
            guards, text = self._guarded(world, self._sentence(("each",) if for_each else ()))
            self._put(self._say(name, text, guards, for_each))

    def _say(self, name: str, text: str, guards: tuple[Guard, ...], for_each: str) -> Say:
        picture = self.dice.choice(["", "", "month", "web"])
        about, tags = self._topics(), self._tags()
        return Say(
            key=self._key(name), text=text, guards=guards, for_each=for_each, topics=about, picture=picture, tags=tags
        )

    def _put(self, step: ModelStep) -> None:
        self.draft.steps.append(step)

    def _place(self, name: str, dialogue: str) -> None:
        self.draft.steps.append(Placed(self._key(name), dialogue, self._guards(self.dice.choice(self.worlds))))
        self.runs = [other for other in self.runs if other != dialogue]

    def _share(self, name: str, world: _World | None = None) -> Share:
        offer, self.to_offer = self.to_offer, []
        more = [step.key for step in self.draft.steps if _can_be_offered(step) and step.key not in offer]
        offer = [*offer, *self.dice.sample(more, self.dice.randint(0, len(more)))]
        guards, text = self._guarded(world, self._sentence(())) if world else ((), self._sentence(()))
        about = self._topics() if world else ()
        return Share(key=self._key(name), text=text, offer=tuple(offer), guards=guards, topics=about, tags=self._tags())

    def _ask(self, name: str, world: _World) -> Ask | None:
        """A question of any kind, if there is room for it."""
        kind = self.dice.choice([*AnswerKind, AnswerKind.ANY_OF, AnswerKind.ANY_OF])
        for_each = self._several(world, 0.2)
        cost = 0 if kind is AnswerKind.OK else self._most_times(for_each)
        if cost > self.room:
            return None
        self.room -= cost
        guards, text = self._guarded(world, self._sentence(("each",) if for_each else ()))
        rest = timedelta(days=self.dice.randint(1, 30)) if self.dice.random() < 0.2 else None
        plain = Ask(key=self._key(name), text=text, kind=kind, guards=guards, for_each=for_each, rest=rest)
        told = replace(plain, topics=self._topics(), tags=self._tags())
        return self._labelled(self._hiding(self._with_answers(told, world)))

    def _hiding(self, ask: Ask) -> Ask:
        """The same question, with topics for some of its options or not. A step has topics in one way only."""
        free = [option.name for option in ask.options if option.name not in ask.alone]
        if ask.groups_of or ask.topics or not free or self.dice.random() < 0.7:
            return ask
        hidden = [option.name for option in ask.options if self._coin()]
        return replace(ask, option_topics={name: self.dice.choice(TOPICS) for name in hidden})

    def _with_answers(self, ask: Ask, world: _World) -> Ask:
        match ask.kind:
            case AnswerKind.SCALE:
                return replace(ask, scale=self._scale())
            case AnswerKind.ONE_OF:
                options, own_words = self._options("", self.dice.randint(2, 4), ask), self._coin()
                return replace(ask, options=options, own_words=own_words)
            case AnswerKind.ANY_OF:
                return self._any_of(ask, world)
        return ask

    def _any_of(self, ask: Ask, world: _World) -> Ask:
        groups_of, groups = "", [""]
        if source := self._several(world, 0.6):
            shown = [choice for choice in _choices(world.done.get(source)) if self._question(source).options]
            others = [option.name for option in self._question(source).options if option.name not in shown]
            groups = [*shown[:2], *others[: self.dice.randint(0, 1)]] if shown else [""]
            groups_of = source if shown else ""
        options = tuple(x for group in groups for x in self._options(group, self.dice.randint(2, 4), ask))
        own_words = self._coin()
        most = self.dice.choice([2, self.dice.randint(2, len(options) + own_words)]) if self._coin() else None
        alone = frozenset(option.name for option in options if self.dice.random() < 0.2)
        return replace(ask, options=options, own_words=own_words, most=most, alone=alone, groups_of=groups_of)

    def _options(self, group: str, count: int, ask: Ask) -> tuple[Option, ...]:
        odd = self.dice.choice(ODD_NAMES)
        names = [f"{group}_{n}" if group else odd if n == 1 else f"option_{n}" for n in range(count)]
        filled = ["", "", " {name}", " {specialist}", *([" {each}"] if ask.for_each else [])]
        texts = [f"{self.dice.choice(WORDS)} {n}{group[-9:]}{self.dice.choice(filled)}" for n in range(count)]
        return tuple(Option(name, text, group) for name, text in zip(names, texts, strict=True))

    def _scale(self) -> Scale:
        low = self.dice.choice([0, 1, 1, 95])
        high = low + self.dice.randint(1, 5)
        form = self.dice.choice(["points", "ends", "numbers"])
        if form == "points":
            return Scale(low, high, tuple(f"{self.dice.choice(WORDS)} {n}" for n in range(low, high + 1)))
        return Scale(low, high, (), "Very low", "Very high") if form == "ends" else Scale(low, high)

    def _labelled(self, ask: Ask) -> Ask:
        """The same question, to be offered or not."""
        if ask.kind is AnswerKind.OK or self.dice.random() < 0.3:
            return ask
        self.to_offer.append(ask.key)
        label = "How {each}" if ask.for_each and self._coin() else f"Label {ask.key[-12:]}"
        if not ask.groups_of:
            return replace(ask, label=label, private=self._coin())
        groups = list(dict.fromkeys(option.group for option in ask.options))
        labels = {group: f"{label} {group}"[:60] for group in groups} | ({OWN_WORDS: "Own"} if ask.own_words else {})
        some = frozenset(self.dice.sample(groups, self.dice.randint(0, len(groups))))
        if self.dice.random() < 0.2:
            return replace(ask, group_labels=labels, private=True)
        return replace(ask, group_labels=labels, private_groups=some)

    # Whose turn it is -----------------------------------------------------------------------------------------------

    def _rotations(self) -> Iterator[Rotation]:
        """Questions that take turns: no world has more of them than are asked at a time."""
        if len(self.in_turn) > self.at_a_time:
            yield Rotation(self.at_a_time, tuple(self.dice.sample(self.in_turn, len(self.in_turn))))

    def _may_take_turns(self, ask: Ask) -> bool:
        """Whether nothing in the same conversation can keep it from being asked again and again."""
        free = [all(map(self._makes_way, guard.every)) for guard in ask.guards]
        free += [any(map(self._makes_way, guard.any)) for guard in ask.guards if guard.any]
        return all(free) and not (ask.groups_of or ask.rest or ask.for_each or ask.kind is AnswerKind.OK)

    def _makes_way(self, condition: Condition) -> bool:
        return condition.question in self.pool or condition.test in (
            Comparison.WAS_NOT_ASKED,
            Comparison.WAS_NOT_ANSWERED,
        )

    # What it looks back to ------------------------------------------------------------------------------------------

    def _learn(self, ask: Ask) -> None:
        """What became of a new question in every world; what a later conversation could remember of it."""
        takes_turns = self._may_take_turns(ask) and self._coin()
        for world in self.worlds:
            session = world.session
            asked = holds(ask.guards, session) and not (ask.groups_of and not options_shown(ask, session))
            had_its_turn = not takes_turns or sum(key in world.done for key in self.in_turn) < self.at_a_time
            if asked and had_its_turn and not (ask.rest and self._coin()) and not ask.for_each:
                skipped = self.dice.random() < 0.2 and ask.kind is not AnswerKind.OK
                world.done[ask.key] = Outcome.SKIPPED if skipped else some_answer(self.dice, ask, session)
        self.in_turn += [ask.key] if takes_turns else []
        if ask.kind is not AnswerKind.OK and not ask.for_each and self._coin():
            more = _pool(self.dialogue, [(ask.key, ask)])
            self.pool |= more
            self._may_be_remembered(next(iter(more)), ask)

    def _may_be_remembered(self, local: str, ask: Ask) -> None:
        for world in self.worlds:
            if self._coin():
                full = Session(
                    done={ask.groups_of: Answer(tuple(dict.fromkeys(option.group for option in ask.options)))}
                )
                world.remembered[local] = some_answer(self.dice, ask, full)

    def _guarded(self, world: _World, text: str) -> tuple[tuple[Guard, ...], str]:
        """Conditions that hold in a world, and a text that may fill in an answer that is there then."""
        guards = self._guards(world)
        here = {local: key for local, key, _ in self.questions() if isinstance(world.done.get(key), Answer)}
        here |= {local: local for local in self.pool if local in world.remembered}
        if not here or self.dice.random() < 0.6:
            return guards, text
        local = self.dice.choice(sorted(here))
        self.used |= {local} & set(self.pool)
        guard = guards[0] if guards else Guard()
        known = Condition(here[local], Comparison.WAS_ANSWERED)
        return (Guard((*guard.every, known), guard.any),), f"{text}\nBefore: {{{local}}}"

    def _guards(self, world: _World) -> tuple[Guard, ...]:
        every = [c for c in self._conditions(0.6) if holds((Guard((c,)),), world.session)]
        some = list(self._conditions(0.3))
        if not any(holds((Guard((c,)),), world.session) for c in some):
            some = []
        self.used |= {c.question for c in (*every, *some)} & set(self.pool)
        return (Guard(tuple(every), tuple(some)),) if every or some else ()

    def _conditions(self, chance: float) -> Iterator[Condition]:
        known = [(key, ask, False) for _, key, ask in self.questions()]
        known += [(local, ask, True) for local, (_, ask) in self.pool.items()]
        if known and self.dice.random() < chance:
            for _ in range(self.dice.randint(1, 3)):
                yield self._condition(*self.dice.choice(known))

    def _condition(self, question: str, ask: Ask, remembered: bool) -> Condition:
        ended = (Comparison.WAS_ANSWERED, Comparison.WAS_NOT_ANSWERED) if remembered else tuple(sorted(WITHOUT_VALUE))
        test = self.dice.choice([*sorted(TESTS_OF_ANSWER.get(ask.kind, ())) * 2, *ended])
        if test in WITHOUT_VALUE:
            return Condition(question, test)
        if ask.scale is not None:
            return Condition(question, test, float(self.dice.randint(ask.scale.low, ask.scale.high)))
        if ask.kind is AnswerKind.NUMBER:
            return Condition(question, test, float(self.dice.choice([-5, 0, 10, 20])))
        names = ["yes", "no"] if ask.kind is AnswerKind.YES_OR_NO else [option.name for option in ask.options]
        return Condition(question, test, self.dice.choice(names))

    def _several(self, world: _World, chance: float) -> str:
        """A question with several choices that were made in a world, or none."""
        found = [key for _, key, ask in self.questions() if ask.kind is AnswerKind.ANY_OF]
        found = [key for key in found if isinstance(world.done.get(key), Answer)]
        return self.dice.choice(found) if found and self.dice.random() < chance else ""

    def _most_times(self, for_each: str) -> int:
        if not for_each:
            return 1
        source = self._question(for_each)
        return source.most or len(source.options) + source.own_words

    def _question(self, key: str) -> Ask:
        return next(ask for _, found, ask in self.questions() if found == key)

    # Small things ---------------------------------------------------------------------------------------------------

    def _top(self) -> Script:
        times = self.dice.choice([(None, None), (timedelta(hours=5), timedelta(days=2)), (None, timedelta(weeks=2))])
        audience = self.dice.choice(list(Audience))
        title = self.dice.choice(["", "A check-in", "فحص"])
        at_most = self.dice.choice([None, MOST_QUESTIONS])
        return Script(self.dialogue, "en", (), title, audience, *times, at_most=at_most)

    def _sentence(self, filled: tuple[str, ...]) -> str:
        names = ["", "", "{name}", "{specialist}", "{month}", *(f"{{{name}}}" for name in filled)]
        return f"{self.dice.choice(WORDS)} {self.dice.choice(names)}.\n{self.dice.choice(WORDS)}?"

    def _tags(self) -> tuple[str, ...]:
        return tuple(self.dice.sample(["asks:help", "topic.work", "a-b"], self.dice.randint(0, 2)))

    def _topics(self) -> tuple[str, ...]:
        return tuple(self.dice.sample(TOPICS, self.dice.choice([0] * 8 + [1, 2])))

    def _coin(self) -> bool:
        return self.dice.random() < 0.5

    def _key(self, name: str) -> str:
        return f"{self.dialogue}/{name}"


def _pool(dialogue: str, known: list[tuple[str, Ask]]) -> dict[str, tuple[str, Ask]]:
    """Local names for what can be remembered. They differ between dialogues, so that no two contradict each other."""
    return {f"{dialogue}_knows_{key.replace('/', '_')}": (key, ask) for key, ask in known}


def _in_place(step: ModelStep | Placed, parts: Mapping[str, tuple[ModelStep, ...]]) -> tuple[ModelStep, ...]:
    if not isinstance(step, Placed):
        return (step,)
    return tuple(replace(inside, guards=(*step.guards, *inside.guards)) for inside in parts[step.dialogue])


def _can_be_offered(step: ModelStep | Placed) -> bool:
    return isinstance(step, Ask) and bool(step.label or step.group_labels)


def _choices(record: Record | None) -> tuple[str, ...]:
    return record.choices if isinstance(record, Answer) else ()
