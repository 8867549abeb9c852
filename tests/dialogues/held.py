"""Held: a conversation as tests hold it. Between any two inputs its session goes to JSON and back, and after each one
everything that has to be true of any conversation is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogues import engine
from dialogues.answers import Vocabulary, understand
from dialogues.conditions import holds
from dialogues.engine import Input
from dialogues.events import Answered, Asked, Closed, Corrected, Event, Line, NotUnderstood, Offered, Said, Shared
from dialogues.loader import load
from dialogues.meanings import ASK, KEEP
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Script, Share
from dialogues.session import Answer, Outcome, Record, Session, Sharing
from tests.dialogues.ticked import Ticked

Given = Input | Callable[[Ask, Session], Input]
"""An input, or what makes one for the question that waits."""


@dataclass
class Held:
    """One conversation, and what its events have told so far."""

    script: Script
    session: Session = field(default_factory=Session)
    last: tuple[Event, ...] = ()
    told: list[Event] = field(default_factory=list)
    answers: dict[str, Answer | Outcome] = field(default_factory=dict)
    """What a shell that only sees events believes to be the answers."""
    cards: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """What a shell that only sees events believes to be shared."""
    agreed: dict[tuple[str, str], Record] = field(default_factory=dict)
    """The answer that each shared line stood for when its sharing was decided."""
    offers: dict[str, frozenset[str]] = field(default_factory=dict)
    """The ids of all lines that a share step has ever shown."""
    on_screen: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """The lines that a share step showed last."""
    ticks: Ticked = field(init=False)
    ticked_before: tuple[str, ...] = ()
    """What was ticked before the last input."""

    def __post_init__(self) -> None:
        self.ticks = Ticked(self.script)

    @classmethod
    def begin(
        cls,
        script: Script | str,
        remembered: Mapping[str, Answer] | None = None,
        resting: frozenset[str] = frozenset(),
        topics: frozenset[str] | None = None,
        sharing: str = ASK,
        suggested: Mapping[str, Answer] | None = None,
    ) -> Held:
        """Begin a conversation. A text is read as a script first."""
        held = cls(load(script) if isinstance(script, str) else script)
        known = {"topics": topics, "sharing": sharing, "suggested": suggested}
        session, events = engine.start(held.script, remembered, resting, **known)  # type: ignore[arg-type]
        again = engine.start(held.script, remembered, resting, **known)  # type: ignore[arg-type]
        assert (session, events) == again, "beginning anew is the same"
        held._take(Session(), engine.Again(), session, events)
        return held

    def send(self, *given: Given) -> tuple[Event, ...]:
        """Send inputs one after the other. Returns the events of the last one."""
        for each in given:
            before, told = self.session, len(self.told)
            meant = each(self.ask, before) if callable(each) else each
            session, events = engine.play(self.script, before, meant)
            assert (session, events) == engine.play(self.script, Session.from_json(before.to_json()), meant)
            if before.closed:
                assert (session, events) == (before, ()), "a closed conversation stays as it is"
                self.last = ()
                continue
            self._take(before, meant, session, events)
            assert len(self.told) == told + len(events)
        return self.last

    @property
    def step(self) -> Ask | Share:
        """The step that waits."""
        step = self.script.step(self.session.waiting)
        assert isinstance(step, Ask | Share), "only questions and share steps wait"
        return step

    @property
    def ask(self) -> Ask:
        """The question that waits."""
        assert isinstance(self.step, Ask), f"{self.step.key} asks nothing"
        return self.step

    @property
    def waiting(self) -> str:
        """The name of the step that waits, without its dialogue."""
        return self.session.waiting.partition("/")[2]

    @property
    def shown(self) -> list[str]:
        """What can be ticked at the step that waits: names of options, or ids of lines."""
        return self.ticks.shown(self.session)

    @property
    def lines(self) -> tuple[str, ...]:
        """The ids of the lines that are offered now, without their dialogue."""
        offered = self.last[-1]
        assert isinstance(offered, Offered), "nothing is offered"
        return tuple(line.id.partition("/")[2] for line in offered.lines)

    def shared(self, name: str) -> tuple[str, ...]:
        """The ids of the lines that a share step has let go, without their dialogue."""
        key = next(key for key in self.cards if key.endswith(f"/{name}"))
        return tuple(line.id.partition("/")[2] for line in self.cards[key])

    def answer(self, name: str) -> Answer | Outcome | None:
        """What stands as the answer to a question of the script's own dialogue."""
        return self.answers.get(f"{self.script.dialogue}/{name}")

    # What has to be true of any conversation ------------------------------------------------------------------------

    def _take(self, before: Session, given: Input, session: Session, events: tuple[Event, ...]) -> None:
        if not (isinstance(given, engine.Pick) and self.ticks.are_taken(before)):
            _ends_in_one_prompt(session, events)
        self.ticked_before = self.ticks.now
        self.ticks.take(before, given, session, events)
        for place, event in enumerate(events):
            self._hear(before, given, session, event, place)
        self.session = Session.from_json(session.to_json())
        assert self.session == session, "JSON and back is the same session"
        assert list(self.session.done) == list(session.done), "in the same order"
        self.last = events
        self.told += events
        self._agrees()

    def _hear(self, before: Session, given: Input, session: Session, event: Event, place: int) -> None:
        match event:
            case Said(name):
                assert name not in before.done or self._about_other_words(before, name), f"{name} was said before"
                assert session.done[name] is Outcome.SAID
            case Asked():
                self._asked(session, event)
            case Offered(name, lines, choosing):
                assert (name, choosing) == (session.waiting, session.choosing)
                assert lines, "an empty list is not offered"
                assert len({line.id for line in lines}) == len(lines), "lines can be told apart"
                assert all(isinstance(session.done[line.name], Answer) for line in lines)
                assert session.sharing != KEEP, "who keeps everything is offered nothing"
                self.offers[name] = self.offers.get(name, frozenset()) | {line.id for line in lines}
                self.on_screen[name] = lines
            case Answered(name, answer):
                assert name == before.waiting, f"{name} was not asked"
                assert name not in self.answers
                self.answers[name] = answer
            case Corrected(name, earlier, answer):
                self._corrected(before, name, earlier, answer)
            case NotUnderstood(name, _, _):
                assert name == before.waiting
                assert session == before, "what is not understood changes nothing"
            case Shared(name, lines):
                assert {line.id for line in lines} <= self.offers[name], "only what was shown is shared"
                if name == before.waiting and place == 0:
                    self._decided(before, given, name, lines)
                else:
                    assert {line.id for line in lines} < {line.id for line in self.cards[name]}, "only less is left"
                self.cards[name] = lines
                self.agreed |= {(name, line.id): session.done[line.name] for line in lines}
            case Closed():
                assert not any(isinstance(each, Closed) for each in self.told), "closed once"

    def _decided(self, before: Session, given: Input, name: str, lines: tuple[Line, ...]) -> None:
        """What leaves is what the person had on the screen and said yes to, and nothing beside it."""
        shown = self.on_screen[name]
        assert set(lines) <= set(shown), "what leaves is just as it was shown"
        match given:
            case engine.ShareAll():
                assert lines == tuple(line for line in shown if not line.private), "'all' is all but what is private"
            case engine.ShareLines(ids):
                assert lines == tuple(line for line in shown if line.id in ids)
            case engine.Done():
                assert before.choosing, "ticks were on the screen"
                assert lines == tuple(line for line in shown if line.id in self.ticked_before)
            case _:
                assert not lines, "nothing leaves unless somebody says so"

    def _about_other_words(self, before: Session, name: str) -> bool:
        """Whether a step is about the person's own words, and these have just become other words."""
        about = self.script.step(name).for_each
        if not name.endswith(f":{OWN_WORDS}") or before.waiting != about:
            return False
        were, are = before.done[about], self.answers[about]
        return isinstance(were, Answer) and isinstance(are, Answer) and were.words != are.words

    def _asked(self, session: Session, event: Asked) -> None:
        step = self.script.step(event.name)
        assert isinstance(step, Ask)
        assert event.name == session.waiting
        assert event.before == session.done.get(event.name)
        counted = step.kind is not AnswerKind.OK
        assert (1 <= event.number <= event.total) if counted else (event.number, event.total) == (0, 0)
        assert not step.groups_of or engine.options_shown(step, session), "there is something to choose"
        for topic in step.topics:
            assert session.topics is None or topic in session.topics, f"nobody may ask about {topic}"
        shown = [option.name for option in engine.options_shown(step, session)]
        for name in shown:
            assert session.topics is None or step.option_topics.get(name) in (None, *session.topics), f"{name} is seen"
        assert not step.option_topics or not step.alone.issuperset(shown), "there is more than what stands alone"

    def _corrected(self, before: Session, name: str, earlier: Record, answer: Answer | Outcome | None) -> None:
        assert self.answers[name] == earlier
        if answer is None:
            del self.answers[name]
        else:
            assert name == before.waiting, f"{name} was not asked"
            assert answer != earlier
            self.answers[name] = answer

    def _agrees(self) -> None:
        """The session says the same as its events, and nothing in it has lost its reason."""
        session = self.session
        kept = {name: record for name, record in session.done.items() if not isinstance(record, Sharing)}
        assert {name: record for name, record in kept.items() if record is not Outcome.SAID} == self.answers
        for name, record in session.done.items():
            if isinstance(record, Sharing):
                assert record.lines == tuple(line.id for line in self.cards[name])
            else:
                assert self._belongs(name), f"{name} stands, but its step does not belong here any more"
        for name, lines in self.cards.items():
            for line in lines:
                assert session.done.get(line.name) == self.agreed[name, line.id], f"{name} shares an old {line.id}"

    def _belongs(self, name: str) -> bool:
        """Whether the step would be played as things stand now; found out here in another way than in the engine."""
        key, _, choice = name.partition(":")
        step = self.script.by_key[key]
        if not holds(step.guards, self.session) or bool(step.for_each) != bool(choice):
            return False
        if step.for_each:
            about = self.session.done.get(step.for_each)
            if not isinstance(about, Answer):
                return False
            return bool(about.words) if choice == OWN_WORDS else choice in about.choices
        let_in = self.session.topics is None or self.session.topics >= {*step.topics}
        return let_in and not (isinstance(step, Ask) and key in self.session.resting)


def _ends_in_one_prompt(session: Session, events: tuple[Event, ...]) -> None:
    """Whoever sent something hears what is next, once, at the end."""
    assert events, "an open conversation answers"
    assert isinstance(events[-1], Asked | Offered | Closed)
    assert not any(isinstance(event, Asked | Offered | Closed) for event in events[:-1])
    assert session.closed == isinstance(events[-1], Closed)


def typed(text: str, vocabulary: Vocabulary | None = None) -> Callable[[Ask, Session], Input]:
    """What a person typed. Without a vocabulary, the options are called as in the script."""
    return lambda ask, session: understand(ask, session, text, vocabulary or vocabulary_of(ask))


def vocabulary_of(ask: Ask) -> Vocabulary:
    """What the options of a question are called in its script."""
    labels = {option.name: (option.text,) for option in ask.options}
    if ask.kind is AnswerKind.YES_OR_NO:
        labels = {"yes": ("Yes",), "no": ("No",)}
    if ask.scale is not None:
        labels = {str(n): (text,) for n, text in enumerate(ask.scale.points, ask.scale.low)}
    return Vocabulary(labels, ((" and ",),))


def picked(*choices: str, words: str = "") -> Answer:
    """The answer that is these options, and words beside them."""
    return Answer(choices=choices, words=words)
