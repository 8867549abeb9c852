"""Examples: made-up conversations that are played through a script. Their course is told in names and never in words,
so rewording changes none of them, and a question that does not come any more changes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from dialogues import engine, rotation
from dialogues.engine import Input, ShareAll, ShareLines, Skip
from dialogues.events import Asked, Closed, Event, NotUnderstood, Offered, Said, Shared
from dialogues.model import AnswerKind, Ask, Script, Share
from dialogues.session import Answer, Session

Course = tuple[tuple[str, ...], ...]
"""Step by step: ``("said", step)``, ``("asked", step)``, ``("offered", step, line, ...)``, ``("shared", step, ...)``,
``("closed",)``, and ``("refused", step, answer)`` where an answer does not fit its question."""

SKIP, ALL, KEEP = "skip", "all", "keep"
MOST_STEPS = 400
MOST_ANSWERS = 200


class NoAnswer(ValueError):
    """A line is no answer to a step. ``line`` is what was written."""

    def __init__(self, line: str) -> None:
        self.line = line
        super().__init__(line)


def read_answers(text: str) -> dict[str, str]:
    """``step: answer`` from lines of text. Raises NoAnswer."""
    found: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        step, colon, answer = (part.strip() for part in line.partition(":"))
        if not step and not colon:
            continue
        if not (step and colon and answer) or step in found or len(found) >= MOST_ANSWERS or len(line) > 400:
            raise NoAnswer(line.strip())
        found[step] = answer
    return found


def written(answers: Mapping[str, str]) -> str:
    """Answers as lines of text."""
    return "\n".join(f"{step}: {answer}" for step, answer in answers.items())


def played(script: Script, answers: Mapping[str, str], today: date) -> Course:
    """The course of a conversation with these answers; what is not among them is skipped. Somebody who lets us ask
    about everything and was never asked before answers; under a name of ``remember`` stands an earlier answer."""
    remembered = {
        name: _remembered(answers[name], script, target)
        for name, target in script.remember.items()
        if name in answers and answers[name] != SKIP
    }
    resting = rotation.resting_by_rotation(script, {}, remembered)
    session, events = engine.start(script, remembered, resting)
    course = [*_told(script, events)]
    for _ in range(MOST_STEPS):
        if session.closed:
            break
        given = _given(script, session, answers)
        if given is None:
            course.append(("refused", _short(script, session.waiting), _wished(script, session, answers)))
            given = Skip()
        session, events = engine.play(script, session, given)
        course.extend(_told(script, events))
    return tuple(course)


def first_difference(expected: Sequence[Sequence[str]], now: Course) -> tuple[int, str, str] | None:
    """The number of the first step that is not as it was, with what it was and what it is now; None for none."""
    before = [" ".join(each) for each in expected]
    after = [" ".join(each) for each in now]
    for number in range(max(len(before), len(after))):
        was = before[number] if number < len(before) else ""
        is_now = after[number] if number < len(after) else ""
        if was != is_now:
            return number + 1, was, is_now
    return None


def refused(course: Sequence[Sequence[str]]) -> tuple[str, str] | None:
    """The first answer that did not fit, with its step."""
    return next(((each[1], each[2]) for each in course if each[0] == "refused"), None)


def unasked(answers: Mapping[str, str], course: Sequence[Sequence[str]], script: Script) -> list[str]:
    """Answers to steps that never came."""
    came = {name for each in course for name in each[1:2]}
    came |= {name.partition(":")[0] for name in came} | {*script.remember}
    return [step for step in answers if step not in came]


def _told(script: Script, events: Sequence[Event]) -> Iterator[tuple[str, ...]]:
    for event in events:
        match event:
            case Said(name):
                yield "said", _short(script, name)
            case Asked(name=name):
                yield "asked", _short(script, name)
            case Offered(name, lines):
                yield "offered", _short(script, name), *(_short(script, line.id) for line in lines)
            case Shared(name, lines):
                yield "shared", _short(script, name), *(_short(script, line.id) for line in lines)
            case NotUnderstood():
                continue
            case Closed():
                yield ("closed",)
            case _:
                continue


def _wished(script: Script, session: Session, answers: Mapping[str, str]) -> str:
    name = _short(script, session.waiting)
    return answers.get(name, answers.get(name.partition(":")[0], SKIP))


def _given(script: Script, session: Session, answers: Mapping[str, str]) -> Input | None:
    """What the person does now, None where the answer does not fit the question."""
    step, wished = script.step(session.waiting), _wished(script, session, answers)
    if isinstance(step, Share):
        return _sharing(script, session, step, wished)
    assert isinstance(step, Ask), "only questions and share steps wait"
    if wished == SKIP or step.kind is AnswerKind.OK:
        return Skip()
    return _answer(step, session, wished)


def _sharing(script: Script, session: Session, step: Share, wished: str) -> Input:
    if wished == ALL:
        return ShareAll()
    if wished in (KEEP, SKIP):
        return ShareLines()
    names = [name.strip() for name in wished.split(",")]
    offered = engine.lines_offered(script, step, session)
    return ShareLines(tuple(line.id for line in offered if _short(script, line.id) in names))


def _answer(step: Ask, session: Session, wished: str) -> Answer | None:
    match step.kind:
        case AnswerKind.OK:
            return None
        case AnswerKind.TEXT | AnswerKind.VOICE_OR_TEXT:
            return Answer(words=wished)
        case AnswerKind.SCALE | AnswerKind.NUMBER:
            return _number(step, wished)
        case AnswerKind.DATE:
            return _day(wished)
        case AnswerKind.YES_OR_NO:
            return Answer(choices=(wished,)) if wished in ("yes", "no") else None
        case AnswerKind.ONE_OF | AnswerKind.ANY_OF:
            return _choices(step, session, wished)


def _number(step: Ask, wished: str) -> Answer | None:
    try:
        number = float(wished)
    except ValueError:
        return None
    if step.scale is not None and not step.scale.low <= number <= step.scale.high:
        return None
    return Answer(number=int(number) if number.is_integer() else number)


def _day(wished: str) -> Answer | None:
    try:
        return Answer(day=date.fromisoformat(wished).isoformat())
    except ValueError:
        return None


def _choices(step: Ask, session: Session, wished: str) -> Answer | None:
    """Names of options; what begins with ``=`` are own words."""
    chosen, words = [], ""
    for part in (part.strip() for part in wished.split(",")):
        if part.startswith("=") and step.own_words:
            words = part[1:].strip()
        else:
            chosen.append(part)
    shown = {option.name for option in engine.options_shown(step, session)}
    most = 1 if step.kind is AnswerKind.ONE_OF else step.most or len(shown) + 1
    fits = set(chosen) <= shown and len(chosen) + bool(words) <= most
    alone = any(name in step.alone for name in chosen) and len(chosen) + bool(words) > 1
    return Answer(choices=tuple(chosen), words=words) if fits and not alone and (chosen or words) else None


def _remembered(answer: str, script: Script, target: str) -> Answer:
    """An earlier answer. What kind of question it was answered to stands in the script only for its own."""
    step = script.by_key.get(target)
    if isinstance(step, Ask) and step.kind in (AnswerKind.TEXT, AnswerKind.VOICE_OR_TEXT):
        return Answer(words=answer)
    if answer.replace(".", "", 1).isdigit():
        return Answer(number=float(answer) if "." in answer else int(answer))
    return Answer(choices=tuple(part.strip() for part in answer.split(",")), words=answer if " " in answer else "")


def _short(script: Script, name: str) -> str:
    return name.removeprefix(f"{script.dialogue}/")
