"""Examples: made-up conversations that have to go as they went, before a dialogue is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from multidict import MultiDictProxy
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, respond, words_for
from bot.console.scripts.bench import at, see_other
from bot.console.scripts.editing import frame
from bot.console.scripts.texts import readable
from bot.digest.words import StaffWords
from bot.editor import examples as playing
from bot.editor.examples import NoAnswer
from dialogues.model import AnswerKind, Ask, Script, Share
from storage import audit, examples
from storage.examples import Example
from storage.people import Staff

LONGEST_NAME = 80
MOST = 40
"""Examples of one dialogue: each is played at every look at what would change."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One example as the page shows it."""

    number: int
    name: str
    by: str
    date: str
    answers: str
    course: Sequence[str]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One step that an example can answer. ``choices`` are (value, text); ``several`` of them may be chosen."""

    step: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False
    kind: str = ""


@only("coordinator")
async def examples_page(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The examples, and the form for another one."""
    return await _page(request, staff)


async def _page(
    request: web.Request,
    staff: Staff,
    *,
    form: MultiDictProxy[str] | None = None,
    trouble: str = "",
    where: str = "",
) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    found, current = await at(request, staff)
    kept = await desk.database.read(lambda conn: examples.of(conn, current.dialogue))
    script = readable(current)
    today = desk.now().date()
    shown = []
    for one in kept:
        course = one.course if script is None else playing.played(script, one.answers, today)
        sentence = "" if script is None else _difference(one, course, words)
        steps = [" ".join(step) for step in course]
        date = words.date(one.at)
        shown.append(
            Shown(one.id, one.name, found.by(one.staff_id), date, playing.written(one.answers), steps, sentence)
        )
    chosen = {} if form is None else {name: form.getall(name) for name in form}
    return respond(
        request,
        "script_examples.html",
        staff,
        status=422 if trouble else 200,
        **frame(current, found, staff, words),
        examples=shown,
        questions=[] if script is None else list(_questions(script)),
        readable=script is not None,
        name="" if form is None else form.get("name", ""),
        chosen=chosen,
        trouble=trouble,
        where=where,
        longest=LONGEST_NAME,
    )


def _difference(one: Example, course: Sequence[Sequence[str]], words: StaffWords) -> str:
    found = playing.first_difference(one.course, tuple(tuple(each) for each in course))
    if found is None:
        return ""
    number, was, now = found
    return words.say("edit_example_fails", name=one.name, n=number, was=was or "–", now=now or "–")


def _questions(script: Script) -> Sequence[Question]:
    """What can be answered, in the order of the script."""
    found = []
    for step in script.steps:
        name = step.key.removeprefix(f"{script.dialogue}/")
        match step:
            case Ask(kind=AnswerKind.ONE_OF | AnswerKind.ANY_OF):
                choices = tuple((option.name, option.text) for option in step.options)
                found.append(Question(name, step.text, choices, several=step.kind is AnswerKind.ANY_OF))
            case Ask(kind=AnswerKind.YES_OR_NO):
                found.append(Question(name, step.text, (("yes", "yes"), ("no", "no"))))
            case Ask(kind=AnswerKind.SCALE) if step.scale is not None:
                points = step.scale.points or ("",) * (step.scale.high - step.scale.low + 1)
                numbered = enumerate(points, step.scale.low)
                found.append(Question(name, step.text, tuple((str(n), f"{n} {text}".strip()) for n, text in numbered)))
            case Ask(kind=AnswerKind.OK):
                continue
            case Ask():
                found.append(Question(name, step.text, kind=step.kind.value))
            case Share():
                found.append(Question(name, step.text, (("all", "all"), ("keep", "keep"))))
    return found


@only("coordinator")
async def record(request: web.Request, staff: Staff) -> web.StreamResponse:
    """A new example, with the course that it takes now."""
    form = await posted(request)
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    _, current = await at(request, staff)
    script, name = readable(current), form.get("name", "").strip()
    if script is None:
        return await _page(request, staff, form=form, trouble=words.say("edit_texts_unreadable"))
    if not name or len(name) > LONGEST_NAME:
        return await _page(request, staff, form=form, trouble=words.say("edit_example_name"), where="name")
    try:
        answers = _answers(form)
    except NoAnswer as wrong:
        sentence = words.say("edit_example_line", line=wrong.line)
        return await _page(request, staff, form=form, trouble=sentence, where="answers")
    course = playing.played(script, answers, desk.now().date())
    if (refused := playing.refused(course)) is not None:
        sentence = words.say("edit_example_refused", step=refused[0], answer=refused[1])
        return await _page(request, staff, form=form, trouble=sentence, where=refused[0])
    if unasked := playing.unasked(answers, course, script):
        sentence = words.say("edit_example_unasked", steps=words.listed(unasked))
        return await _page(request, staff, form=form, trouble=sentence, where=unasked[0])

    def keep(conn: Connection) -> bool:
        if len(examples.of(conn, current.dialogue)) >= MOST:
            return False
        number = examples.add(conn, current.dialogue, name, answers, course, staff.id, desk.now())
        _note(conn, "example.recorded", current.dialogue, number, staff, desk.now())
        return True

    if not await desk.database.write(keep):
        return await _page(request, staff, form=form, trouble=words.say("edit_example_many", n=MOST))
    return see_other(f"/scripts/{current.dialogue}/examples")


def _answers(form: MultiDictProxy[str]) -> dict[str, str]:
    """What was chosen, question by question, or written as lines. Raises NoAnswer."""
    found = playing.read_answers(form.get("answers", ""))
    for name in form:
        step = name.removeprefix("answer-")
        values = [value.strip() for value in form.getall(name) if value.strip()]
        if name != step and values:
            found[step] = ", ".join(values)
    return found


@only("coordinator")
async def right_now(request: web.Request, staff: Staff) -> web.StreamResponse:
    """The course that an example takes now is the right one from now on."""
    desk = request.app[DESK]
    _, current = await at(request, staff)
    script, number = readable(current), int(request.match_info["number"])

    def again(conn: Connection) -> bool:
        one = next((each for each in examples.of(conn, current.dialogue) if each.id == number), None)
        if one is None or script is None:
            return False
        course = playing.played(script, one.answers, desk.now().date())
        examples.right_now(conn, one, course, staff.id, desk.now())
        _note(conn, "example.recorded", current.dialogue, number, staff, desk.now())
        return True

    if not await desk.database.write(again):
        raise not_found(request, staff)
    return see_other(f"/scripts/{current.dialogue}/examples")


@only("coordinator")
async def remove(request: web.Request, staff: Staff) -> web.StreamResponse:
    """An example goes."""
    desk, number = request.app[DESK], int(request.match_info["number"])
    _, current = await at(request, staff)

    def gone(conn: Connection) -> bool:
        if not examples.remove(conn, current.dialogue, number):
            return False
        _note(conn, "example.removed", current.dialogue, number, staff, desk.now())
        return True

    if not await desk.database.write(gone):
        raise not_found(request, staff)
    return see_other(f"/scripts/{current.dialogue}/examples")


def _note(conn: Connection, action: str, dialogue: str, number: int, staff: Staff, now: datetime) -> None:
    details = {"dialogue": dialogue, "example": number}
    audit.record(conn, at=now, actor=f"staff:{staff.id}", action=action, details=details)
