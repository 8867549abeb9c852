"""Ticked: what somebody who only sees events believes to be ticked. After each input of a conversation that tests hold,
everything that has to be true of ticks is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from dialogues import engine, ticks
from dialogues.answers import chosen
from dialogues.engine import Done, Input, Pick
from dialogues.events import Asked, Corrected, Event, NotUnderstood, Offered, Picked, Reason, Shared
from dialogues.meanings import TICKED
from dialogues.model import AnswerKind, Ask, Script, Share
from dialogues.session import Answer, Session


@dataclass
class Ticked:
    """What is ticked in one conversation, as its events have told it."""

    script: Script
    now: tuple[str, ...] = ()

    def are_taken(self, session: Session) -> bool:
        """Whether what waits is ended by ticking; found out here in another way than in the engine."""
        if session.closed:
            return False
        step = self.script.step(session.waiting)
        return step.kind is AnswerKind.ANY_OF if isinstance(step, Ask) else session.choosing

    def take(self, before: Session, given: Input, session: Session, events: tuple[Event, ...]) -> None:
        """Look at what an input did to the ticks."""
        if self.are_taken(before):
            if isinstance(given, Pick):
                self._pressed(before, given, session, events)
            if isinstance(given, Done):
                self._done(before, session, events)
        self._hear(before, session, events[-1])
        if session.closed:
            assert session.picked is None, "a closed conversation has no ticks"
        else:
            assert ticks.ticked(self.script.step(session.waiting), session) == self.now

    def shown(self, session: Session) -> list[str]:
        """What can be ticked at the step that waits, in the order in which it is shown."""
        step = self.script.step(session.waiting)
        if isinstance(step, Share):
            return [line.id for line in engine.lines_offered(self.script, step, session)]
        assert isinstance(step, Ask), "only questions and share steps wait"
        return [option.name for option in engine.options_shown(step, session)]

    def _hear(self, before: Session, session: Session, last: Event) -> None:
        """Ticks last until anything else happens with the step; then they begin with the answer that stands."""
        if isinstance(last, Picked):
            self.now = last.choices
        elif isinstance(last, Offered) and last.choosing and before.waiting != session.waiting:
            assert session.sharing == TICKED, "nothing is ticked beforehand for others"
            self.now = tuple(line.id for line in last.lines if not line.private)
        elif isinstance(last, Offered) and last.choosing and before.choosing:
            assert session == before, "choosing once more changes nothing"
        elif session != before:
            stands = last.before if isinstance(last, Asked) and self.are_taken(session) else None
            self.now = stands.choices if isinstance(stands, Answer) else ()

    def _pressed(self, before: Session, press: Pick, session: Session, events: tuple[Event, ...]) -> None:
        assert replace(session, picked=before.picked) == before, "a press moves nothing on"
        (event,) = events
        if isinstance(event, NotUnderstood):
            self._refused(before, press, session, event)
            return
        assert isinstance(event, Picked)
        assert event.name == before.waiting
        assert engine.play(self.script, session, press) == (session, events), "a second copy has no effect"
        self._follows(before, press, event.choices)
        self._may_stand(before, event.choices)

    def _refused(self, before: Session, press: Pick, session: Session, event: NotUnderstood) -> None:
        step = self.script.step(before.waiting)
        assert isinstance(step, Ask)
        assert event == NotUnderstood(before.waiting, Reason.TOO_MANY, (str(step.most),))
        assert session == before
        assert press.on
        assert len({*self.now, press.choice}) > (step.most or 1000)
        assert press.choice in self.shown(before)
        assert step.alone.isdisjoint({*self.now, press.choice})

    def _follows(self, before: Session, press: Pick, after: tuple[str, ...]) -> None:
        """What was pressed changed, and beside it only what cannot be together with it."""
        if press.choice not in (shown := self.shown(before)) or (press.choice in self.now) == press.on:
            assert after == self.now
            return
        assert {*after} - {*self.now} == ({press.choice} if press.on else set())
        put_out = {*self.now} - {*after, press.choice}
        step = self.script.step(before.waiting)
        alone = step.alone if isinstance(step, Ask) else frozenset[str]()
        assert put_out == ({one for one in self.now if {one, press.choice} & alone} if press.on else set())
        stood = before.done.get(before.waiting)
        as_it_stood = isinstance(stood, Answer) and after == stood.choices
        assert not press.on or as_it_stood or list(after) == sorted(after, key=shown.index)

    def _may_stand(self, before: Session, after: tuple[str, ...]) -> None:
        step = self.script.step(before.waiting)
        if isinstance(step, Ask) and after:
            assert chosen(step, before, after) == Answer(choices=after), "the same rules as for a whole answer"
        assert len(set(after)) == len(after)
        assert {*after} <= {*self.shown(before)}

    def _done(self, before: Session, session: Session, events: tuple[Event, ...]) -> None:
        """What ends the step is what was ticked, and nothing else."""
        name, first = before.waiting, events[0]
        stood = before.done.get(name)
        if before.choosing:
            assert isinstance(first, Shared)
            assert (first.name, tuple(line.id for line in first.lines)) == (name, self.now)
        elif not self.now:
            assert first == NotUnderstood(name, Reason.EMPTY)
        elif isinstance(stood, Answer) and {*stood.choices} == {*self.now}:
            assert session.done[name] == stood, "what was not changed stands as it is"
            assert not any(isinstance(event, Corrected) for event in events)
        else:
            assert session.done[name] == Answer(choices=self.now)
