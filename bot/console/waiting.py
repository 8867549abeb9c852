"""Waiting: what stands beside a request that is open: by which day the person expects an answer, and on which day the
specialist wants to see it again. The one does not change the other, and the page says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot import expecting
from bot.console.asked import Request
from bot.console.desk import Desk, rhythm_for, today_of
from bot.dates import weekday_and_date
from bot.digest.answering import asks
from bot.digest.day import Rhythm
from bot.digest.words import StaffWords
from bot.expecting import Answers, Expecting
from storage import people, snoozes
from storage.people import Staff
from storage.replies import LineKey

DAYS_OFFERED = 5
"""Working days to choose from when something is put off: a week of them."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What the page says of one open request, each sentence empty where there is nothing to say. ``days`` are those
    until which it can be put off, as a form sends them and in words."""

    answer_by: str
    put_off: str
    days: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Diary:
    """What one specialist's page of one person says of days. ``names`` are those of whoever may answer."""

    staff_id: int
    pseudonym: str
    rhythm: Rhythm
    today: date
    snoozed: Mapping[LineKey, date]
    expecting: Expecting | None
    names: Mapping[int, str]

    def waits(self, one: Request, words: StaffWords) -> Waits:
        """What stands beside an open request."""
        answers, until = self._answers(one), self.snoozed.get(one.key, date.min)
        days = offered(self.rhythm, self.today) if one.can_wait else ()
        return Waits(
            answer_by=self._answer_by(answers, words) if answers else "",
            put_off=self._put_off(until, answers, words) if until > self.today else "",
            days=tuple((day.isoformat(), weekday_and_date(day, words.language)) for day in days),
        )

    def _answers(self, one: Request) -> Answers | None:
        share = one.share
        is_asked = any(line.id == one.line for line in asks(share.published.script, share.lines))
        return self.expecting.answers(share.conversation, share.shared_at) if is_asked and self.expecting else None

    def _answer_by(self, answers: Answers, words: StaffWords) -> str:
        day = weekday_and_date(answers.days.answers_by, words.language)
        if answers.staff_id == self.staff_id:
            return words.say("answer_by", day=day)
        return words.say("answer_by_other", day=day, name=self.names[answers.staff_id])

    def _put_off(self, until: date, answers: Answers | None, words: StaffWords) -> str:
        said = words.say("snooze_until", day=weekday_and_date(until, words.language))
        if answers is None:
            return said
        day = weekday_and_date(answers.days.answers_by, words.language)
        return f"{said} {words.say('snooze_stays', pseudonym=self.pseudonym, day=day)}"


def diary(conn: Connection, desk: Desk, staff: Staff, person: int, pseudonym: str) -> Diary:
    """That of somebody whose page is opened."""
    here = expecting.Here(desk.programme.answers_within, desk.is_holiday)
    found = expecting.of_person(conn, person, here)
    kept = found.calendars.kept if found else {}
    return Diary(
        staff_id=staff.id,
        pseudonym=pseudonym,
        rhythm=rhythm_for(conn, desk, staff),
        today=today_of(desk, staff),
        snoozed=snoozes.of_staff(conn, staff.id, [person]),
        expecting=found,
        names={number: people.staff_name(desk.vault, row) for number, row in kept.items() if row.data_key},
    )


def offered(rhythm: Rhythm, today: date) -> tuple[date, ...]:
    """The next working days."""
    return tuple(_working_days(rhythm, today))


def _working_days(rhythm: Rhythm, day: date) -> Iterator[date]:
    for _ in range(DAYS_OFFERED):
        after = rhythm.working_day_after(day)
        if after is None:
            return
        yield (day := after)
