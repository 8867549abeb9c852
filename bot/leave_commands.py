"""Leave commands: what ``medvind staff leave`` does: when specialists are away, and who reads meanwhile. Everything is
told in sentences, by ``say``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.admission import OPERATOR
from bot.app import now
from bot.config import Settings
from bot.digest.day import LONGEST_AWAY
from bot.people_commands import Deployment, NotDone, Say, a_specialist, deployment, nobody
from bot.slots import rhythm_of
from storage import audit, leave, people
from storage.leave import Leave
from storage.people import Staff

Clock = Callable[[], datetime]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Away:
    """What was asked for: from the first day to the last one, and the number of whoever reads meanwhile."""

    number: int
    first_day: str
    last_day: str
    cover: int | None = None


async def list_leave(settings: Settings, say: Say, number: int | None = None, clock: Clock = now) -> None:
    """Say who is away or will be, or when one of them is. Raises NotDone, and what ``deployment`` raises."""
    yesterday = (clock() - _DAY).date()
    async with deployment(settings) as at:
        everybody = await at.database.read(lambda conn: _names(conn, at))
        planned = await at.database.read(lambda conn: leave.coming(conn, yesterday))
    if number is not None and number not in everybody:
        raise nobody(number)
    shown = [one for one in planned if number in (None, one.staff_id) and one.staff_id in everybody]
    for one in shown:
        reads = everybody.get(one.cover_id or 0, "nobody")
        say(f"{one.staff_id:>4}  {everybody[one.staff_id]}  {one.first_day} to {one.last_day}  {reads} reads")
    if not shown:
        say("No leave is planned. medvind staff leave NUMBER FIRST LAST plans it.")


async def plan_leave(settings: Settings, say: Say, asked: Away, clock: Clock = now) -> None:
    """Let somebody be away. Raises NotDone, and like ``deployment``."""
    when = clock()
    async with deployment(settings) as at:
        staff, cover, planned = await at.database.write(lambda conn: _plan(conn, at, asked, when))
        names = await at.database.read(lambda conn: _names(conn, at))
    first_day, last_day = _date(asked.first_day), _date(asked.last_day)
    today = rhythm_of(staff).today(when)
    say(f"{staff.name} is away from {first_day} to {last_day}.")
    if first_day == today:
        reads = next(one.cover_id for one in planned if one.meets(today, today))
        say(f"Today {names.get(reads or 0, 'nobody')} reads what is shared, as people are told when they begin.")
    if last_day > today:
        since = f"from {max(first_day, today + _DAY)} on"
        say(f"{cover.name if cover else 'Nobody'} reads what is begun and shared {since}.")
    back = at.rhythm(staff, planned).working_day_after(last_day)
    say(f"The next digest comes on {back} and holds all of it.")


async def end_leave(settings: Settings, say: Say, number: int, clock: Clock = now) -> None:
    """Let somebody be back, and plan no leave. Raises NotDone, and like ``deployment``."""
    when = clock()
    async with deployment(settings) as at:
        staff, remains, had = await at.database.write(lambda conn: _end(conn, at, number, when))
    if not had:
        say(f"{staff.name} has no leave.")
        return
    back = at.rhythm(staff, remains).working_day_after(_last_digest(at, staff, remains, when))
    say(f"{staff.name} has no leave any more. The next digest comes on {back}.")


def _plan(conn: Connection, at: Deployment, asked: Away, when: datetime) -> tuple[Staff, Staff | None, list[Leave]]:
    staff = a_specialist(conn, at, asked.number)
    today = rhythm_of(staff).today(when)
    first_day, last_day = _days(asked, today)
    from_tomorrow = (max(first_day, today + _DAY), last_day)
    cover = None if asked.cover is None else _cover(conn, at, staff, asked.cover, from_tomorrow)
    for other in leave.coming(conn, today):
        if other.cover_id == staff.id and other.meets(*from_tomorrow):
            raise NotDone(_reads_for(staff, other, today))
    planned = leave.put(conn, Leave(staff.id, first_day, last_day, asked.cover), today)
    details = {"staff": staff.id, "first": str(first_day), "last": str(last_day), "cover": asked.cover}
    audit.record(conn, at=when, actor=OPERATOR, action="leave.planned", details=details)
    return staff, cover, planned


def _reads_for(staff: Staff, other: Leave, today: date) -> str:
    number, first_day, last_day = other.staff_id, max(other.first_day, today), other.last_day
    return (
        f"{staff.name} reads for number {number} from {other.first_day} to {last_day}. Say first who else does, or "
        f"leave --cover out for nobody: medvind staff leave {number} {first_day} {last_day} --cover NUMBER"
    )


def _days(asked: Away, today: date) -> tuple[date, date]:
    first_day, last_day = _date(asked.first_day), _date(asked.last_day)
    if last_day < first_day:
        raise NotDone(f"{last_day} is before {first_day}. Say the first day first.")
    if first_day < today:
        raise NotDone(f"{first_day} is over. Leave begins today ({today}) or later.")
    if (last_day - first_day).days >= LONGEST_AWAY // 2:
        raise NotDone(f"{first_day} to {last_day} is more than a year. Plan the first part of it now.")
    return first_day, last_day


def _cover(conn: Connection, at: Deployment, staff: Staff, number: int, days: tuple[date, date]) -> Staff:
    if number == staff.id:
        raise NotDone(f"{staff.name} is away: somebody else has to read. Without --cover nobody does.")
    cover = a_specialist(conn, at, number)
    for own in leave.leaves(conn, [number]).get(number, ()):
        if own.meets(*days):
            raise NotDone(f"{cover.name} is away too, from {own.first_day} to {own.last_day}.")
    return cover


def _end(conn: Connection, at: Deployment, number: int, when: datetime) -> tuple[Staff, list[Leave], bool]:
    """Whoever comes back before the digest time gets a digest today. Later, leave lasts until midnight, so that the
    digest of tomorrow is the first and leaves nothing out."""
    staff = a_specialist(conn, at, number)
    today = rhythm_of(staff).today(when)
    back = today if when < rhythm_of(staff).moment(today) else today + _DAY
    had = any(one.last_day >= back for one in leave.leaves(conn, [number]).get(number, ()))
    remains = leave.end(conn, number, back)
    if had:
        audit.record(conn, at=when, actor=OPERATOR, action="leave.ended", details={"staff": number, "back": str(back)})
    return staff, remains, had


def _last_digest(at: Deployment, staff: Staff, planned: Sequence[Leave], when: datetime) -> date:
    """The day of the last digest time that has passed."""
    rhythm = at.rhythm(staff, planned)
    today = rhythm.today(when)
    return today if when >= rhythm.moment(today) else today - _DAY


def _names(conn: Connection, at: Deployment) -> dict[int, str]:
    return {one.id: one.name for one in people.all_staff(conn, at.vault)}


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotDone(f'"{text}" is not a date. Write it like 2026-12-01.') from None
