"""Worded: a course in words: both sides of it as the chat shows them, and the card that the specialist would get."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot import hearing
from bot.dates import weekday_text
from bot.digest.card import PersonCard
from bot.digest.fitting import person_card
from bot.digest.history import History, SharedCard
from bot.digest.words import StaffWords
from bot.history import Entry
from bot.messages import Outbound
from bot.preview.course import PARTICIPANT, PSEUDONYM, SPECIALIST, Beat, Course, Shared
from bot.preview.looked_back import month, with_pictures
from bot.rendering import rendered
from bot.schedule import zone_of
from dialogues import engine


def entries(course: Course, language: str) -> list[Entry]:
    """What stands in the chat, in one language."""
    said = [one for beat in course.beats for one in _of_beat(course, beat, language)]
    return [
        Entry(seq, one if isinstance(one, Outbound) else None, one if isinstance(one, str) else "")
        for seq, one in enumerate(said, 1)
    ]


def waiting(course: Course, language: str) -> Outbound:
    """The question that waits, as it is asked in one language."""
    voice = course.voice(language, course.number)
    _, events = engine.play(course.draft.script, course.session, engine.Again())
    return rendered(voice, course.session, events)[-1]


def card(course: Course, words: StaffWords) -> PersonCard | None:
    """What the specialist would see of the last conversation in which something was shared; earlier ones stand in it as
    they do in a real one. None when nothing was shared."""
    cards = [_card(course, one) for one in course.shared.values()]
    if not cards:
        return None
    last = max(one.conversation for one in cards)
    latest = [one for one in cards if one.conversation == last]
    return person_card(latest, History(cards), words, reader=SPECIALIST)


def _card(course: Course, shared: Shared) -> SharedCard:
    return SharedCard(
        participant_id=0,
        pseudonym=PSEUDONYM,
        name=PARTICIPANT,
        conversation=shared.number,
        language=course.language,
        shared_at=shared.at,
        published=course.draft.published,
        lines=shared.lines,
        step=shared.step,
    )


def _of_beat(course: Course, beat: Beat, language: str) -> Iterator[Outbound | str]:
    voice = course.voice(language, beat.number, lambda: month(course, beat, language))
    if beat.inbound is not None and beat.before is not None:
        yield hearing.said(beat.inbound, voice, beat.before)
    if beat.note:
        values = (
            {}
            if beat.day is None
            else {"day": weekday_text(beat.day.astimezone(zone_of(course.programme.time_zone)), language)}
        )
        note = voice.note(beat.note, **values)
        yield note if beat.day else msgspec.structs.replace(note, kind="closed")
    yield from with_pictures(course, beat, voice, rendered(voice, beat.after, beat.events))
