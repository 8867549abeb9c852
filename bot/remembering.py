"""Remembering: what earlier conversations leave for the one that begins, those of the same batch among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from bot import opening
from bot.keeping import CONSENT
from bot.past import looked_back_at
from bot.past_answers import answer_of
from bot.shelf import Published
from dialogues import meanings
from dialogues.model import Ask
from dialogues.rotation import resting_by_rotation
from dialogues.session import Answer
from storage import checkins
from storage.checkins import Given, Held

if TYPE_CHECKING:
    from bot.conversing import Conversing


def agrees(one: Conversing) -> bool:
    """Whether the first dialogue was held and everything it asks consent for was agreed to, the last time."""
    first = one.setting.programme.first
    published = one.past.latest_script(first)
    if first not in held(one) or published is None:
        return published is None
    asked = [step.key for step in published.script.steps if isinstance(step, Ask) and CONSENT in step.tags]
    given = _latest(one, frozenset(asked))
    return all(key in given and given[key].choices == ["yes"] for key in asked)


def held(one: Conversing) -> Mapping[str, Held]:
    """The dialogues that were ever begun: how often, and when last."""
    found = dict(one.past.held(one.id))
    for talk in one.begun:
        before = found.get(talk.dialogue)
        found[talk.dialogue] = Held(talk.started_at, before.times + 1 if before else 1)
    return found


def is_at_work(one: Conversing) -> bool:
    """Whether somebody said that they have a job or a work trial, when they were last asked."""
    key = opening.situation_key(one)
    given = _situation(one, _latest(one, frozenset({key})), key) if key else None
    return given is not None and bool({"job", "trial"} & {*(given.choices or ())})


def _situation(one: Conversing, latest: Mapping[str, Row[Any] | Given], key: str) -> Row[Any] | Given | None:
    """The last answer about the situation. Who passes over the question has the job that they told of before."""
    given = latest.get(key)
    if given is None or given.outcome == "answered":
        return given
    told = [stored.given for stored in one.past.answers(one.id) if stored.given.question == key]
    return told[-1] if told else None


def memory(
    one: Conversing, published: Published, now: datetime, *, opened: bool = False
) -> tuple[Mapping[str, Answer], frozenset[str]]:
    """For a script that begins: answers it remembers, and questions that are still resting. ``opened`` by the person,
    it asks also what was asked not long ago: something may have changed."""
    script = published.script
    latest = _latest(one, looked_back_at(script))
    situation = opening.situation_key(one) if script.remember else ""
    told = _situation(one, latest, situation) if situation in script.remember.values() else None
    known = {**latest, situation: told} if told is not None else latest
    kept = {
        name: answer_of(known[key], checkins.words_of(one.cipher, known[key]))
        for name, key in script.remember.items()
        if key in known and known[key].outcome == "answered"
    }
    resting = (
        step.key
        for step in script.steps
        if isinstance(step, Ask)
        and (_says_nothing(one, step) or (not opened and _rests(step, latest.get(step.key), now)))
    )
    topics = one.timetable.topics if one.setting.programme.topics else None
    turns = resting_by_rotation(script, {key: row.at for key, row in latest.items()}, kept, topics)
    return kept, frozenset((*resting, *turns))


def _says_nothing(one: Conversing, ask: Ask) -> bool:
    """Whether no answer would change anything here: nobody is asked whether to listen where nothing is recorded."""
    return meanings.READING in ask.tags and not one.setting.recordings.files


def _rests(ask: Ask, given: Row[Any] | Given | None, now: datetime) -> bool:
    return ask.rest is not None and given is not None and now - given.at < ask.rest


def _latest(one: Conversing, questions: frozenset[str]) -> Mapping[str, Row[Any] | Given]:
    """The latest answers to these questions."""
    now_given = {given.question: given for given in one.kept.given if given.question in questions}
    return {**one.past.given(one.id, questions), **now_given}
