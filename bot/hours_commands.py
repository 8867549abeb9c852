"""Hours commands: what ``medvind staff hours`` does: when specialists work and get digests. Everything is told in
sentences, by ``say``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from bot.admission import OPERATOR
from bot.app import now
from bot.config import Settings
from bot.digest.day import Rhythm
from bot.people_commands import Deployment, NotDone, Say, a_specialist, deployment
from bot.slots import rhythm_of
from storage import audit, digests, hours, leave
from storage.hours import Hours
from storage.leave import Leave
from storage.people import Staff

_DAYS = re.compile(r"[1-7]{1,7}")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


async def show_hours(settings: Settings, say: Say, number: int) -> None:
    """Say which hours somebody keeps. Raises NotDone, and like ``deployment``."""
    async with deployment(settings) as at:
        staff = await at.database.read(lambda conn: a_specialist(conn, at, number))
    say(_told(staff.name, _hours(staff)))


async def change_hours(
    settings: Settings,
    say: Say,
    number: int,
    *,
    days: str = "",
    at: str = "",
    zone: str = "",
    clock: Callable[[], datetime] = now,
) -> None:
    """Let a specialist get digests at other times. What is empty stays as it is. Raises NotDone, and like
    ``deployment``."""
    when = clock()
    wished = Hours(_weekdays(days), _time(at), zone_named(zone))
    async with deployment(settings) as here:
        name, kept, gap = await here.database.write(lambda conn: _change(conn, here, number, wished, when))
    say(_told(name, kept))
    if gap:
        say(gap)


def _change(conn: Connection, at: Deployment, number: int, wished: Hours, when: datetime) -> tuple[str, Hours, str]:
    staff = a_specialist(conn, at, number)
    before = _hours(staff)
    after = Hours(*(new or old for new, old in zip(wished, before, strict=True)))
    own = leave.leaves(conn, [number]).get(number, [])
    if after.time_zone != before.time_zone:
        _refuse_while_covered(staff, own, when)
        leave.forget_covers(conn, number)
    hours.set_hours(conn, number, after)
    details = {"staff": number, **after._asdict()}
    audit.record(conn, at=when, actor=OPERATOR, action="hours.changed", details=details)
    old, new = at.rhythm(before, own), at.rhythm(after, own)
    had = bool(digests.claimed(conn, [number], str(new.today(when))))
    return staff.name, after, _in_no_mail(old, new, when, had)


def _refuse_while_covered(staff: Staff, own: Sequence[Leave], when: datetime) -> None:
    """Days of leave are local. In another zone they would be other hours than those of which people were told."""
    today = rhythm_of(staff).today(when)
    if any(one.cover_id is not None and one.last_day >= today for one in own):
        raise NotDone(
            f"Somebody reads for {staff.name} on days of leave, and these follow {staff.time_zone}. Change the zone "
            f"afterwards, or end the leave first: medvind staff leave {staff.id} --none"
        )


def _in_no_mail(old: Rhythm, new: Rhythm, when: datetime, had: bool) -> str:
    """A sentence when what is shared in some hours comes between the last mail of the old hours and the first of the
    new ones. ``had``: today's mail was made already."""
    day = old.today(when)
    ended = old.moment(day if old.works_on(day) and old.moment(day) <= when else old.working_day_before(day))
    today = new.today(when)
    here = not had and new.works_on(today) and new.moment(today) > when
    coming = today if here else new.working_day_after(today)
    page = new.working_day_before(coming or today)
    begins = new.moment(page)
    if coming is None or begins <= ended:
        return ""
    zone = ZoneInfo(new.time_zone)
    start, end = (f"{each.astimezone(zone):%Y-%m-%d %H:%M}" for each in (ended, begins))
    return f"What is shared from {start} to {end} comes in no mail. It is on the page /digest/{page}: look there once."


def _told(name: str, kept: Hours) -> str:
    return (
        f"{name} works on the days {kept.working_days} (1 is Monday). A digest comes at {kept.digest_at}, "
        f"{kept.time_zone}, unless it is a public holiday or leave."
    )


def _hours(staff: Staff) -> Hours:
    return Hours(*(getattr(staff, name) for name in Hours._fields))


def _weekdays(text: str) -> str:
    if text and (not _DAYS.fullmatch(text) or len(set(text)) < len(text)):
        raise NotDone(f'"{text}" are no days. Write them like 12345: 1 is Monday, 7 is Sunday.')
    return "".join(sorted(text))


def _time(text: str) -> str:
    if text and not _TIME.fullmatch(text):
        raise NotDone(f'"{text}" is no time of day. Write it like 08:30.')
    return text.zfill(5) if text else ""


def zone_named(text: str) -> str:
    """A time zone by its IANA name; "" for "". Raises NotDone."""
    try:
        return ZoneInfo(text).key if text else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotDone(f'"{text}" is not a time zone. Write it like Europe/Oslo.') from None
