"""Hours commands: what ``medvind staff hours`` does: when specialists work, get digests and answer. Everything is told
in sentences, by ``say``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from bot import own_hours
from bot.admission import OPERATOR
from bot.app import now
from bot.calendars import PUBLIC, Calendar
from bot.config import Settings
from bot.own_hours import Covered, Gap
from bot.people_commands import Deployment, NotDone, Say, a_specialist, deployment
from bot.programme.words import WITHIN
from storage.hours import Answering, Hours

_DAYS = re.compile(r"[1-7]{1,7}")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_NONE = "none"
"""What is typed to take something back."""


class Wished(NamedTuple):
    """What was typed. What is empty stays as it is; ``begins``, ``ends``, ``within`` and ``most`` can be "none"."""

    days: str = ""
    at: str = ""
    zone: str = ""
    begins: str = ""
    ends: str = ""
    within: str = ""
    most: str = ""


async def show_hours(settings: Settings, say: Say, number: int) -> None:
    """Say which hours somebody keeps. Raises NotDone, and like ``deployment``."""
    async with deployment(settings) as at:
        staff = await at.database.read(lambda conn: a_specialist(conn, at, number))
    say(_told(staff.name, own_hours.keeps(staff), own_hours.answers(staff)))


async def change_hours(
    settings: Settings, say: Say, number: int, wished: Wished, *, clock: Callable[[], datetime] = now
) -> None:
    """Let a specialist get digests at other times, or answer otherwise. Raises NotDone, and like ``deployment``."""
    when = clock()
    async with deployment(settings) as here:
        name, hours, answering, gap = await here.database.write(lambda conn: _change(conn, here, number, wished, when))
    say(_told(name, hours, answering))
    if gap:
        say(_in_no_mail(gap, hours))


def _change(
    conn: Connection, at: Deployment, number: int, wished: Wished, when: datetime
) -> tuple[str, Hours, Answering, Gap | None]:
    staff, calendar = a_specialist(conn, at, number), Calendar(at.programme.country)
    hours = _checked(_hours(wished, own_hours.keeps(staff)))
    answering = _answering(wished, own_hours.answers(staff))
    try:
        gap = own_hours.change(
            conn,
            staff,
            hours,
            answering,
            actor=OPERATOR,
            now=when,
            is_holiday=lambda day: calendar.is_holiday(PUBLIC, day),
        )
    except Covered:
        raise NotDone(
            f"Somebody reads for {staff.name} on days of leave, and these follow {staff.time_zone}. Change the zone "
            f"afterwards, or end the leave first: medvind staff leave {staff.id} --none"
        ) from None
    return staff.name, hours, answering, gap


def _hours(wished: Wished, before: Hours) -> Hours:
    return Hours(
        _weekdays(wished.days) or before.working_days,
        _time(wished.at) or before.digest_at,
        zone_named(wished.zone) or before.time_zone,
        _bound(wished.begins, before.hours_from),
        _bound(wished.ends, before.hours_to),
    )


def _checked(hours: Hours) -> Hours:
    if not own_hours.ends_after_it_begins(hours):
        raise NotDone(f"Work that begins at {hours.hours_from} ends later on the same day. Say --from and --to.")
    if not own_hours.is_at_work(hours):
        raise NotDone(
            f"The digest would come at {hours.digest_at}, outside the hours of work "
            f"({hours.hours_from or '00:00'} to {hours.hours_to or '24:00'}). Say --at, or --from and --to."
        )
    return hours


def _answering(wished: Wished, before: Answering) -> Answering:
    return Answering(
        _number(wished.within, {str(days): days for days in WITHIN}, before.answers_within),
        _number(wished.most, {str(n): n for n in range(1, own_hours.MOST_OPEN + 1)}, before.most_open),
    )


def _number(text: str, known: Mapping[str, int], before: int | None) -> int | None:
    if text in ("", _NONE):
        return None if text else before
    if text not in known:
        first, *_, last = known
        listed = ", ".join(known) if len(known) <= len(WITHIN) else f"a number from {first} to {last}"
        raise NotDone(f'"{text}" cannot stand here. Write {listed}, or {_NONE}.')
    return known[text]


def _in_no_mail(gap: Gap, hours: Hours) -> str:
    zone = ZoneInfo(hours.time_zone)
    start, end = (f"{each.astimezone(zone):%Y-%m-%d %H:%M}" for each in (gap.start, gap.end))
    return (
        f"What is shared from {start} to {end} comes in no mail. It is on the page /digest/{gap.page}: look there once."
    )


def _told(name: str, hours: Hours, answering: Answering) -> str:
    said = [
        f"{name} works on the days {hours.working_days} (1 is Monday). A digest comes at {hours.digest_at}, "
        f"{hours.time_zone}, unless it is a public holiday or leave."
    ]
    if hours.hours_from or hours.hours_to:
        said.append(f"Work is from {hours.hours_from or '00:00'} to {hours.hours_to or '24:00'}.")
    if answering.answers_within:
        said.append(f"Requests are answered within working days: {answering.answers_within}.")
    if answering.most_open:
        said.append(f"Open requests that are enough: {answering.most_open}.")
    return " ".join(said)


def _weekdays(text: str) -> str:
    if text and (not _DAYS.fullmatch(text) or len(set(text)) < len(text)):
        raise NotDone(f'"{text}" are no days. Write them like 12345: 1 is Monday, 7 is Sunday.')
    return "".join(sorted(text))


def _time(text: str) -> str:
    if text and not _TIME.fullmatch(text):
        raise NotDone(f'"{text}" is no time of day. Write it like 08:30.')
    return text.zfill(5) if text else ""


def _bound(text: str, before: str | None) -> str | None:
    return None if text == _NONE else _time(text) or before


def zone_named(text: str) -> str:
    """A time zone by its IANA name; "" for "". Raises NotDone."""
    try:
        return ZoneInfo(text).key if text else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotDone(f'"{text}" is not a time zone. Write it like Europe/Oslo.') from None
