"""Looked back: what a draft shows of earlier answers, from the made-up ones: the last weeks in words, and pictures."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.looking_back import month_of, month_text
from bot.messages import Outbound
from bot.past_answers import PastAnswer
from bot.pictures.worded import Reader, month_picture, web_picture
from bot.preview.course import Beat, Course
from bot.rendering import Voice
from bot.webs import web_of
from dialogues.model import Ask, Say
from dialogues.session import Answer, Session


def month(course: Course, beat: Beat, language: str) -> str:
    """What stands where a script says ``{month}``."""
    voice = course.voice(language, beat.number)
    reader = Reader(voice.language, voice.ui, voice.names)
    weeks = month_of(_past(course, beat), course.began[beat.number], course.programme.time_zone)
    return month_text(weeks, reader)


def with_pictures(course: Course, beat: Beat, voice: Voice, messages: Sequence[Outbound]) -> list[Outbound]:
    """The messages, those of steps with a picture with it."""
    if not course.draft.script.has_pictures:
        return list(messages)
    return [_with_picture(course, beat, voice, message) for message in messages]


def _with_picture(course: Course, beat: Beat, voice: Voice, message: Outbound) -> Outbound:
    step = course.draft.script.by_key.get(message.step.partition(":")[0]) if message.step else None
    if not isinstance(step, Say) or not step.picture:
        return message
    answers, reader = _past(course, beat), Reader(voice.language, voice.ui, voice.names)
    if step.picture == "month":
        weeks = month_of(answers, course.began[beat.number], course.programme.time_zone)
        return msgspec.structs.replace(message, picture=month_picture(weeks, reader))
    return msgspec.structs.replace(message, picture=web_picture(web_of(answers), reader))


def _past(course: Course, beat: Beat) -> list[PastAnswer]:
    """What was answered up to here, by conversation and as the script asks."""
    script, order = course.draft.script, [*course.draft.script.by_key]
    sessions: dict[int, Session] = {}
    for each in course.beats:
        sessions[each.number] = each.after
        if each is beat:
            break
    return [
        PastAnswer(course.draft.published, number, name, "", record, course.began[number])
        for number, session in sessions.items()
        for name, record in sorted(session.done.items(), key=lambda one: order.index(one[0].partition(":")[0]))
        if isinstance(record, Answer) and isinstance(script.step(name), Ask)
    ]
