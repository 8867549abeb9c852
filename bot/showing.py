"""Showing: a person's own earlier answers in a conversation: the last weeks in words, and pictures of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot import past_answers
from bot.looking_back import month_of, month_text
from bot.messages import WEB, Outbound
from bot.past_answers import PastAnswer
from bot.pictures.model import Picture
from bot.pictures.worded import Reader, month_picture, web_picture
from bot.shelf import Published
from bot.webs import web_of
from dialogues import meanings
from dialogues.model import Say
from storage.answers import Stored

if TYPE_CHECKING:
    from bot.conversing import Conversing


def month(one: Conversing) -> str:
    """What stands where a script says ``{month}``."""
    if _others_may_see(one):
        return one.words().ui["ui/messenger.said_before"]
    return month_text(month_of(_own(one), _moment(one), one.timetable.zone), _reader(one))


def with_pictures(one: Conversing, messages: list[Outbound]) -> list[Outbound]:
    """The messages, those of steps with a picture with it."""
    if one.published is None or not one.published.script.has_pictures or _others_may_see(one):
        return messages
    return [_with_picture(one, message) for message in messages]


def _with_picture(one: Conversing, message: Outbound) -> Outbound:
    script, _ = one.open_session()
    step = script.by_key.get(message.step.partition(":")[0]) if message.step else None
    picture = _picture(one, step.picture) if isinstance(step, Say) and step.picture else None
    return msgspec.structs.replace(message, picture=picture) if picture else message


def _picture(one: Conversing, kind: str) -> Picture | None:
    answers, reader = _own(one), _reader(one)
    if kind == "month":
        return month_picture(month_of(answers, _moment(one), one.timetable.zone), reader)
    return web_picture(web_of(answers), reader)


def _others_may_see(one: Conversing) -> bool:
    """Whether somebody may read along: a messenger on a phone that is shared."""
    return one.channel != WEB and one.timetable.agenda.choices.get(meanings.PHONE) == ("yes",)


def _own(one: Conversing) -> list[PastAnswer]:
    """Everything that the person answered, this very batch included."""
    dialogues = {talk.number: talk.dialogue for talk in (*one.ended, *([one.talk] if one.talk else []))}
    given = [Stored(dialogues[row.conversation], row) for row in one.kept.given if row.conversation in dialogues]
    return past_answers.own([*one.past.answers(one.id), *given], one.cipher, lambda *version: _version(one, *version))


def _version(one: Conversing, dialogue: str, version: int) -> Published | None:
    try:
        return one.past.script(dialogue, version)
    except KeyError:
        return None


def _reader(one: Conversing) -> Reader:
    words = one.words()
    return Reader(words.language, words.ui, words.names, one.past.latest_script, form=one.form)


def _moment(one: Conversing) -> datetime:
    """The conversation looks back from its beginning, so that it reads the same whenever it is asked again."""
    assert one.talk is not None, "a conversation is open"
    return one.talk.started_at
