"""Expecting: who answers what a person asked for, and by when: their specialist, or whoever reads for an absent one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row

from bot.calendars import PUBLIC
from bot.digest.answering import Days, Expected, days
from bot.digest.day import IsHoliday
from bot.slots import rhythm_of
from storage import hours, leave, own, people
from storage.leave import Leave

if TYPE_CHECKING:
    from bot.conversing import Conversing


class Here(NamedTuple):
    """What holds for every specialist of a deployment: within how many working days requests are answered where they
    have said nothing else, and what is a public holiday."""

    within: int
    is_holiday: IsHoliday


class Asked(NamedTuple):
    """When something was asked: in a check-in that ``began``, and ``shared`` with somebody who accompanies the person
    ``since``."""

    since: datetime
    began: datetime
    shared: datetime


class Answers(NamedTuple):
    """A member of staff who answers, and their days."""

    staff_id: int
    days: Days


@dataclass(frozen=True, slots=True)
class Calendars:
    """The hours and the leave of some specialists, and of those who ever read for them."""

    kept: Mapping[int, Row[Any]]
    away: Mapping[int, Sequence[Leave]]

    def answers(self, staff_id: int, asked: Asked, here: Here) -> Answers | None:
        """Who answers what this specialist was asked, and when; None where nobody does."""
        reader = self.kept.get(self._reader(staff_id, asked))
        if reader is None or not hours.is_here(reader):
            return None
        rhythm = rhythm_of(hours.hours_of(reader), self.away.get(reader.id, ()), here.is_holiday)
        found = days(rhythm, reader.answers_within or here.within, max(asked.shared, asked.since))
        return Answers(reader.id, found) if found else None

    def _reader(self, staff_id: int, asked: Asked) -> int:
        """A cover reads what was begun and shared while that was so, by somebody who was accompanied all the while:
        they were told."""
        for one in self.away.get(staff_id, ()):
            cover = None if one.cover_id is None else self.kept.get(one.cover_id)
            if cover is None or not hours.is_here(cover) or asked.began < asked.since:
                continue
            if leave.covering_of(one, cover.id, self.kept[staff_id].time_zone).told(asked.began, asked.shared):
                return int(cover.id)
        return staff_id


def calendars(conn: Connection, rows: Iterable[Row[Any]]) -> Calendars:
    """Those of the specialists in these rows, which have ``storage.hours.KEPT``. One statement, and three where one of
    them was ever covered."""
    kept = {row.id: row for row in rows}
    away = leave.leaves(conn, kept)
    covers = {one.cover_id for every in away.values() for one in every if one.cover_id is not None} - kept.keys()
    if covers:
        kept |= hours.kept(conn, covers)
        away |= leave.leaves(conn, covers)
    return Calendars(kept, away)


def of_turn(one: Conversing) -> Expected | None:
    """What somebody may expect who shares something of their conversation now; None where nobody accompanies them."""
    staff_id, since = one.past.specialist_id(one.id), one.past.accompanied_since(one.id)
    if staff_id is None or since is None or one.talk is None:
        return None
    calendar, found = one.setting.calendar, one.past.calendars
    here = Here(one.setting.programme.answers_within, lambda day: calendar.is_holiday(PUBLIC, day))
    answers = found.answers(staff_id, Asked(since, one.talk.started_at, one.at), here)
    if answers is None:
        return None
    return Expected(people.staff_name(one.setting.vault, found.kept[answers.staff_id]), answers.days)


@dataclass(frozen=True, slots=True)
class Expecting:
    """What one person may still expect of what they shared. Who accompanies them now sees what was shared since
    ``sees_since``."""

    staff_id: int
    since: datetime
    sees_since: datetime
    began: Mapping[int, datetime]
    """When each conversation began, by number."""
    calendars: Calendars
    here: Here

    def answers(self, conversation: int, shared: datetime) -> Answers | None:
        """Who answers what was asked in a conversation and shared then; None where nobody sees it any more."""
        if shared < self.sees_since:
            return None
        asked = Asked(self.since, self.began.get(conversation, shared), shared)
        return self.calendars.answers(self.staff_id, asked, self.here)


def of_person(conn: Connection, participant_id: int, here: Here) -> Expecting | None:
    """What somebody may expect; None where nobody accompanies them."""
    now = next((each for each in own.accompanied(conn, participant_id) if each.until is None), None)
    if now is None:
        return None
    began = {talk.number: talk.started_at for talk in own.talks(conn, participant_id)}
    found = calendars(conn, hours.kept(conn, [now.staff_id]).values())
    return Expecting(now.staff_id, now.since, now.sees_since or now.since, began, found, here)
