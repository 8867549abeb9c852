"""Course: a draft that is played: conversations, what is shared in them, and what comes when the clock is turned.

The same engine, the same rules of time and the same reading of answers as for real people. Answers are kept as what
they mean, so one course can be worded in any number of languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import hearing, schedule
from bot.calendars import Calendar
from bot.lines import CardLine
from bot.messages import WEB, Inbound
from bot.passing import What
from bot.preview.acts import Act, Turn
from bot.preview.gaps import Tried
from bot.programme import Programme
from bot.rendering import Voice, card_line
from bot.schedule import Agenda, Expire, Note, Offer, Open, Remind, Standing, Start, Step
from bot.speaking import Speaking
from dialogues import engine, events
from dialogues.meanings import ASK, KEEP
from dialogues.model import Ask, Audience
from dialogues.rotation import resting_by_rotation
from dialogues.session import Answer, Session

PARTICIPANT, SPECIALIST, PSEUDONYM = "Sam", "Kim", "S.K."
"""Whom the placeholders stand for."""
MOST_STEPS = 60
"""Things that come in one turn of the clock."""
TURNS: Mapping[Turn, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_HAPPENED: Mapping[type[Step], What] = {
    Start: "check_in",
    Remind: "reminder",
    Expire: "closes",
    Offer: "offer",
    Note: "note",
}


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happened in a conversation: what the person said (``inbound`` to the session ``before``), what
    came of it (``events`` with the session ``after`` them), and a sentence of the wording that stands before it."""

    number: int
    after: Session
    events: tuple[events.Event, ...] = ()
    inbound: Inbound | None = None
    before: Session | None = None
    note: str = ""
    day: datetime | None = None
    """The day that the note names."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What one share step let go, as it stands after all corrections."""

    number: int
    step: str
    at: datetime
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that came by itself."""

    what: What
    at: datetime


@dataclass
class Course:
    """One preview. ``language`` is the one whose buttons are pressed; typed words may be of any."""

    draft: Tried
    programme: Programme
    speaking: Speaking
    language: str
    now: datetime
    beats: list[Beat] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    shared: dict[tuple[int, str], Shared] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)
    number: int = 0
    session: Session = field(default_factory=Session)
    _open: Open | None = None
    _agenda: Agenda = field(default_factory=lambda: Agenda(takes_part=True))
    _asked: dict[str, datetime] = field(default_factory=dict)
    _answers: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._begin()

    @property
    def is_open(self) -> bool:
        """Whether a question waits."""
        return self._open is not None

    def voice(self, language: str, number: int, month: Callable[[], str] = lambda: "") -> Voice:
        """How one of the conversations is worded in a language. ``month`` says the last weeks in words."""
        ways = {"name": lambda: PARTICIPANT, "specialist": lambda: SPECIALIST, "month": month}
        return self.speaking.voice(self.draft.published, language, number, lambda wanted: ways[wanted]())

    def take(self, act: Act) -> bool:
        """Do one thing. False for what does not fit any more, because the draft is another one now."""
        if act.turn:
            self._turn(act.turn)
            return True
        if act.anew:
            return self._anew()
        return self._hear(act)

    # Conversations ----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        script = self.draft.script
        self.number += 1
        self.began[self.number] = self.now
        remembered = {name: self._answers[key] for name, key in script.remember.items() if key in self._answers}
        resting = frozenset((*self._resting(), *resting_by_rotation(script, self._asked)))
        sharing = KEEP if script.audience is Audience.SPECIALIST else ASK
        self._open = self._opening()
        self._agenda = schedule.began(self._agenda, self.programme.time_zone, self.now)
        self._keep(*engine.start(script, remembered, resting, sharing=sharing))

    def _opening(self) -> Open:
        script, counts = self.draft.script, self.programme.is_check_in(self.draft.script.dialogue)
        remind = self.now + script.remind_after if script.remind_after else None
        closes = self.now + script.close_after if script.close_after else None
        return Open(self.number, self.now, remind, closes, counts, reacted=False)

    def _resting(self) -> Iterator[str]:
        for step in self.draft.script.steps:
            asked = self._asked.get(step.key)
            if isinstance(step, Ask) and step.rest and asked is not None and self.now - asked < step.rest:
                yield step.key

    def _anew(self) -> bool:
        if not self.is_open:
            self._begin()
            return True
        return False

    def _hear(self, act: Act) -> bool:
        if not self.is_open or (
            act.tap and (act.tap.conversation, act.tap.step) != (self.number, self.session.waiting)
        ):
            return False
        before, script = self.session, self.draft.script
        inbound = Inbound(WEB, "", "", self.now, act.text, act.tap)
        voice = self.voice(self.language, self.number)
        given = hearing.meant(
            inbound, script, before, voice.ui, lambda ask: self.speaking.vocabulary(self.draft.published, ask, voice)
        )
        self._agenda = schedule.reacted(self._agenda, self.now)
        assert self._open is not None, "only an open conversation is answered"
        self._open = self._open._replace(reacted=True)
        self._keep(*engine.play(script, before, given), inbound, before)
        return True

    def _keep(
        self,
        session: Session,
        came: tuple[events.Event, ...],
        inbound: Inbound | None = None,
        before: Session | None = None,
    ) -> None:
        self.session = session
        self.beats.append(Beat(self.number, session, came, inbound, before))
        for event in came:
            match event:
                case events.Asked(name):
                    self._asked[name.partition(":")[0]] = self.now
                case events.Answered(name, Answer() as answer) | events.Corrected(name, _, Answer() as answer):
                    self._answers[name] = answer
                case events.Shared(name, lines):
                    self._share(name, tuple(card_line(self.draft.script, session, line) for line in lines))
                case events.Closed():
                    self._open = None
                case _:
                    pass

    def _share(self, step: str, lines: tuple[CardLine, ...]) -> None:
        self.shared.pop((self.number, step), None)
        if lines:
            self.shared[self.number, step] = Shared(self.number, step, self.now, lines)

    # The clock --------------------------------------------------------------------------------------------------------

    def _turn(self, how: Turn) -> None:
        """Let time pass, and do what comes in it. "next" ends at the first thing that comes, if any does."""
        until = self.now + TURNS[how] if how in TURNS else None
        for _ in range(MOST_STEPS):
            due = schedule.next_due(self._agenda, self._standing(), self._calendar, self.now)
            if due is None or (until is not None and due > until):
                break
            self.now = due
            if self._due(due) and until is None:
                break
        self.now = max(self.now, until or self.now)

    def _due(self, due: datetime) -> bool:
        """Do what is due at this moment. Whether it was anything."""
        was_any = False
        for _ in range(MOST_STEPS):
            standing = self._standing()
            step = schedule.step(self._agenda, standing, self._calendar, self.now, due)
            if step is None:
                break
            was_any = True
            was_quiet = self._agenda.quiet_since is not None
            self._do(step)
            self._agenda = schedule.done(self._agenda, step, standing, self.now)
            if self._agenda.quiet_since is not None and not was_quiet:
                self.happened.append(Happened("silence", self.now))
        return was_any

    def _do(self, step: Step) -> None:
        if what := _HAPPENED.get(type(step)):
            self.happened.append(Happened(what, self.now))
        match step:
            case Start():
                self._begin()
            case Remind():
                assert self._open is not None, "only what is open is reminded of"
                self._say("ui/reminder", day=self._open.closes_at)
                self._keep(*engine.play(self.draft.script, self.session, engine.Again()))
            case Expire():
                self._say("ui/expired")
                self._open = None
            case Note():
                self._say("ui/quiet")
            case _:
                pass

    def _say(self, context: str, day: datetime | None = None) -> None:
        if context != "ui/reminder" or day is not None:
            self.beats.append(Beat(self.number, self.session, note=context, day=day))

    def _standing(self) -> Standing:
        counts = self.programme.is_check_in(self.draft.script.dialogue)
        return Standing("active", None, self.programme.time_zone, counts, reachable=True, open=self._open)

    @property
    def _calendar(self) -> Calendar:
        return Calendar(self.programme.country)
