"""The engine: (script, session, input) -> (session, events). Everything that moves a conversation on lives here.

A session has no position. What comes next is the first step, from the top, that is not done and whose ``when`` holds:
so when an earlier answer is corrected, the questions it opens are asked and those it closes are taken back, and after
a step back the conversation goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from dialogues import meanings, scene, ticks
from dialogues.events import (
    Answered,
    Asked,
    Closed,
    Corrected,
    Event,
    NotUnderstood,
    Offered,
    Picked,
    Reason,
    Said,
    Shared,
)
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Say, Script, Share, Step
from dialogues.scene import lines_offered, options_shown, part
from dialogues.session import Answer, Outcome, Record, Session, Sharing

__all__ = [
    "Again",
    "Back",
    "ChooseLines",
    "Correct",
    "Done",
    "Input",
    "Keep",
    "Misunderstood",
    "Pick",
    "ShareAll",
    "ShareLines",
    "Skip",
    "is_after_a_question",
    "lines_offered",
    "options_shown",
    "part",
    "play",
    "question_before",
    "start",
]


@dataclass(frozen=True, slots=True)
class Skip:
    """Go on without an answer. ``does_not_fit`` says that the question is not about this person."""

    does_not_fit: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """Return to the question before, to look or to correct."""


@dataclass(frozen=True, slots=True)
class Correct:
    """Return to the earlier question or share step called ``name``."""

    name: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave the question that was returned to as it stands, or take the answer that is suggested, and go on."""


@dataclass(frozen=True, slots=True)
class Again:
    """Ask once more what waits: the person was away or asked for something else in between."""


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """What the person sent fits no answer; found by ``dialogues.answers``."""

    reason: Reason
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareAll:
    """Share every offered line but the private ones."""


@dataclass(frozen=True, slots=True)
class ChooseLines:
    """Show the lines to pick from."""


@dataclass(frozen=True, slots=True)
class ShareLines:
    """Share exactly the lines with these ids, and keep the rest. Empty keeps everything."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """Tick the option or line called ``choice``, or untick it. It sets and never flips: a second copy of the same
    press has no effect."""

    choice: str
    on: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What is ticked is the answer, or all that is shared."""


Input = (
    Answer | Skip | Back | Correct | Keep | Again | Misunderstood | ShareAll | ChooseLines | ShareLines | Pick | Done
)
Played = tuple[Session, tuple[Event, ...]]


def start(
    script: Script,
    remembered: Mapping[str, Answer] | None = None,
    resting: frozenset[str] = frozenset(),
    *,
    topics: frozenset[str] | None = None,
    sharing: str = meanings.ASK,
    suggested: Mapping[str, Answer] | None = None,
) -> Played:
    """Begin a conversation.

    ``remembered`` holds the latest answers to the questions of ``script.remember``, by local name; ``resting`` the keys
    of questions that were asked within their ``not again within``, or whose turn it is not (``dialogues.rotation``).
    ``topics`` is what the person lets us ask about, None for everything. ``sharing`` is one of ``ask``, ``ticked`` (a
    share step begins with every line ticked that is not private) and ``keep`` (share steps are passed over).
    ``suggested`` holds answers that the person can take as they are (``Keep``), by the key of their question.
    """
    session = Session(
        remembered=dict(remembered or {}),
        resting=resting,
        topics=topics,
        sharing=sharing,
        suggested=dict(suggested or {}),
    )
    return _advance(script, session, [])


def play(script: Script, session: Session, given: Input) -> Played:
    """Take one input. A session that is closed stays as it is; an input that does not fit what waits asks it again.

    Only ``Pick`` asks nothing again where ticks are taken: whoever shows the buttons draws them anew.
    """
    if session.closed:
        return session, ()
    step = script.step(session.waiting)
    match given:
        case Answer() if isinstance(step, Ask):
            return _record(script, session, given)
        case Back() if session.choosing:
            return _again(script, replace(session, choosing=False, picked=None))
        case Back():
            return _reopen(script, session, question_before(script, session))
        case Correct(name):
            return _reopen(script, session, name if name in session.done else "")
        case Keep() if session.waiting in session.done:
            return _advance(script, session, [])
        case Keep() if session.waiting in session.suggested:
            return _record(script, session, session.suggested[session.waiting])
        case Misunderstood(reason, details):
            return session, (NotUnderstood(session.waiting, reason, details), *_again(script, session)[1])
        case Skip(does_not_fit) if isinstance(step, Ask):
            return _record(script, session, _skipped(step, does_not_fit))
        case Skip() | ShareAll() | ChooseLines() | ShareLines() if isinstance(step, Share):
            return _share(script, session, step, given)
        case Pick() if ticks.are_taken(step, session):
            return _pick(script, session, step, given)
        case Done() if ticks.are_taken(step, session):
            return _done(script, session, step)
        case _:
            return _again(script, session)


def question_before(script: Script, session: Session) -> str:
    """The name of the question or share step that "back" returns to, or "" at the first."""
    before = ""
    for name, step in scene.names(script, session):
        if name == session.waiting:
            break
        if name in session.done and not isinstance(step, Say):
            before = name
    return before


def is_after_a_question(script: Script, session: Session) -> bool:
    """Whether there is something that "back" returns to."""
    done, waiting = session.done, session.waiting
    for name, step in scene.names(script, session):
        if name == waiting:
            break
        if name in done and not isinstance(step, Say):
            return True
    return False


# What happens to the session ------------------------------------------------------------------------------------


def _advance(script: Script, session: Session, events: list[Event]) -> Played:
    """Say what is to be said and stop at the first step that waits, or close.

    What is said opens and closes no other step.
    """
    said: dict[str, Record] = {}
    waiting: Step | None = None
    so_far = session.done
    for name, step in scene.names(script, session):
        record = so_far.get(name)
        if record is not None and not (isinstance(record, Sharing) and record.anew):
            continue
        if not scene.applies(script, step, session):
            continue
        if not isinstance(step, Say):
            waiting = step
            break
        said[name] = Outcome.SAID
        events.append(Said(name))
    done = {**so_far, **said} if said else so_far
    session = replace(session, done=done, waiting=name if waiting else "", choosing=False, picked=None)
    if isinstance(waiting, Share) and session.sharing == meanings.TICKED and name not in done:
        session = _all_ticked(script, session, waiting)
    return session, (*events, _prompt(script, session) if waiting else Closed())


def _all_ticked(script: Script, session: Session, step: Share) -> Session:
    """A share step as it begins for somebody who shares unless they say otherwise. What is private is never ticked, and
    nothing leaves before the person says that this is all."""
    lines = tuple(line.id for line in lines_offered(script, step, session) if not line.private)
    return ticks.with_ticks(step, replace(session, choosing=True), lines)


def _record(script: Script, session: Session, record: Answer | Outcome) -> Played:
    name = session.waiting
    before = session.done.get(name)
    session = replace(session, done={**session.done, name: record})
    if name in session.suggested:
        session = replace(session, suggested={key: one for key, one in session.suggested.items() if key != name})
    if before == record:
        return _advance(script, session, [])
    assert not isinstance(before, Sharing), "a question's record is an answer or an outcome"
    told = Answered(name, record) if before is None else Corrected(name, before, record)
    if before is None and not session.returned:
        return _advance(script, session, [told])
    session, taken_back = _take_back(script, session, _about_other_words(script, name, before, record))
    session, reshared = _withdraw(script, session, {name, *(event.name for event in taken_back)})
    return _advance(script, session, [told, *taken_back, *reshared])


def _about_other_words(script: Script, name: str, before: Record | None, record: Record) -> set[str]:
    """What was asked about the person's own words, when these are other words now."""
    was, is_now = (one.words if isinstance(one, Answer) else "" for one in (before, record))
    return {f"{step.key}:{OWN_WORDS}" for step in script.steps if step.for_each == name} if was != is_now else set()


def _take_back(script: Script, session: Session, outdated: set[str]) -> tuple[Session, list[Corrected]]:
    """Drop what no longer belongs to the conversation after a correction, until nothing more falls."""
    events: list[Corrected] = []
    while stray := next(_strays(script, session, outdated), None):
        before = session.done[stray]
        session = replace(session, done={name: record for name, record in session.done.items() if name != stray})
        if isinstance(before, Answer | Outcome) and before is not Outcome.SAID:
            events.append(Corrected(stray, before, None))
    return session, events


def _strays(script: Script, session: Session, outdated: set[str]) -> Iterator[str]:
    belongs = {
        name
        for name, step in scene.names(script, session)
        if name not in outdated
        and scene.applies(script, step, session)
        and _still_fits(step, session.done.get(name), session)
    }
    return (name for name, record in session.done.items() if name not in belongs and not isinstance(record, Sharing))


def _still_fits(step: Step, record: Record | None, session: Session) -> bool:
    """Whether a grouped answer holds only options of groups that are still shown; if not, it is asked anew."""
    if not isinstance(step, Ask) or not step.groups_of:
        return True
    return set(scene.choices(record)) <= {option.name for option in options_shown(step, session)}


def _withdraw(script: Script, session: Session, changed: set[str]) -> tuple[Session, list[Event]]:
    """A line whose answer changed is no longer what the person agreed to: it leaves the share, which is asked anew."""
    events: list[Event] = []
    done = dict(session.done)
    for name, record in session.done.items():
        if not isinstance(record, Sharing):
            continue
        step = script.step(name)
        assert isinstance(step, Share), "only a share step ends in a sharing"
        offered = lines_offered(script, step, session)
        kept = tuple(line for line in offered if line.id in record.lines and line.name not in changed)
        if len(kept) < len(record.lines):
            events.append(Shared(name, kept))
            done[name] = Sharing(tuple(line.id for line in kept), anew=True)
        if not offered:
            del done[name]
    return replace(session, done=done), events


def _share(script: Script, session: Session, step: Share, given: Input) -> Played:
    lines = lines_offered(script, step, session)
    match given:
        case ChooseLines():
            session = replace(session, choosing=True)
            return session, (_prompt(script, session),)
        case ShareAll():
            chosen = tuple(line for line in lines if not line.private)
        case ShareLines(ids):
            chosen = tuple(line for line in lines if line.id in ids)
        case _:
            chosen = ()
    name = session.waiting
    record = Sharing(tuple(line.id for line in chosen))
    return _advance(script, replace(session, done={**session.done, name: record}), [Shared(name, chosen)])


def _pick(script: Script, session: Session, step: Step, pick: Pick) -> Played:
    name, shown = session.waiting, _shown(script, step, session)
    ticked = ticks.pressed(step, ticks.ticked(step, session), shown, pick.choice, pick.on)
    if isinstance(step, Ask) and step.most is not None and len(ticked) > step.most:
        return session, (NotUnderstood(name, Reason.TOO_MANY, (str(step.most),)),)
    session = ticks.with_ticks(step, session, ticked)
    return session, (Picked(name, ticks.ticked(step, session)),)


def _shown(script: Script, step: Step, session: Session) -> tuple[str, ...]:
    """What can be ticked, in the order in which it is shown."""
    if isinstance(step, Share):
        return tuple(line.id for line in lines_offered(script, step, session))
    assert isinstance(step, Ask), "only questions and share steps wait"
    return tuple(option.name for option in options_shown(step, session))


def _done(script: Script, session: Session, step: Step) -> Played:
    """What is ticked may stand together, because it came in by ``_pick``. Untouched, the answer stands as it is."""
    ticked = ticks.ticked(step, session)
    if isinstance(step, Share):
        return _share(script, session, step, ShareLines(ticked))
    if not ticked:
        return session, (NotUnderstood(session.waiting, Reason.EMPTY), *_again(script, session)[1])
    return _record(script, session, Answer(ticked)) if session.picked is not None else _advance(script, session, [])


def _reopen(script: Script, session: Session, name: str) -> Played:
    if not name or isinstance(script.step(name), Say):
        return _again(script, session)
    return _again(script, replace(session, waiting=name, choosing=False, returned=True, picked=None))


def _skipped(step: Ask, does_not_fit: bool) -> Answer | Outcome:
    """The way past an ``ok`` is OK itself; only a scale can be unfitting."""
    if step.kind is AnswerKind.OK:
        return Answer(choices=("ok",))
    return Outcome.DOES_NOT_FIT if does_not_fit and step.kind is AnswerKind.SCALE else Outcome.SKIPPED


# What the person is shown ---------------------------------------------------------------------------------------


def _again(script: Script, session: Session) -> Played:
    return session, (_prompt(script, session),)


def _prompt(script: Script, session: Session) -> Asked | Offered:
    name = session.waiting
    step = script.step(name)
    if isinstance(step, Share):
        return Offered(name, lines_offered(script, step, session), session.choosing)
    before = session.done.get(name)
    assert not isinstance(before, Sharing), "a question's record is an answer or an outcome"
    return Asked(name, *_progress(script, session), before=before, suggested=session.suggested.get(name))


def _progress(script: Script, session: Session) -> tuple[int, int]:
    """Number of the question that waits, and how many there are if nothing more opens."""
    done, waiting, resting = session.done, session.waiting, session.resting
    number = total = 0
    for name, step in scene.counted(script, session):
        if (not resting and step.is_for_all) or name in done or name == waiting or scene.applies(script, step, session):
            total += 1
            if name == waiting:
                number = total
    return (number, total) if number else (0, 0)
