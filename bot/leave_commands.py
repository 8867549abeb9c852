"""Leave commands: what ``medvind staff leave`` does: when specialists are away, and who reads meanwhile. Everything is
told in sentences, by ``say``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot import planning_leave
from bot.admission import OPERATOR
from bot.app import now
from bot.config import Settings
from bot.people_commands import Deployment, NotDone, Say, a_specialist, deployment, nobody
from bot.planning_leave import NotPlanned
from bot.slots import rhythm_of
from storage import leave, people
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


def _plan(conn: Connection, at: Deployment, asked: Away, when: datetime) -> tuple[Staff, Staff | None, Sequence[Leave]]:
    staff = a_specialist(conn, at, asked.number)
    wished = Leave(staff.id, _date(asked.first_day), _date(asked.last_day), asked.cover)
    try:
        cover, planned = planning_leave.plan(
            conn, staff, wished, lambda number: a_specialist(conn, at, number), OPERATOR, when
        )
    except NotPlanned as refused:
        raise NotDone(_why_not(conn, at, staff, wished, refused, when)) from None
    return staff, cover, planned


def _why_not(conn: Connection, at: Deployment, staff: Staff, wished: Leave, refused: NotPlanned, when: datetime) -> str:
    first_day, last_day, today = wished.first_day, wished.last_day, rhythm_of(staff).today(when)
    match refused.reason:
        case "backwards":
            return f"{last_day} is before {first_day}. Say the first day first."
        case "past":
            return f"{first_day} is over. Leave begins today ({today}) or later."
        case "long":
            return f"{first_day} to {last_day} is more than a year. Plan the first part of it now."
        case "self":
            return f"{staff.name} is away: somebody else has to read. Without --cover nobody does."
    other = refused.other
    assert other is not None, "the leave of somebody else is in the way"
    if refused.reason == "reads":
        return _reads_for(staff, other, today)
    name = people.staff(conn, at.vault, other.staff_id).name
    return f"{name} is away too, from {other.first_day} to {other.last_day}."


def _reads_for(staff: Staff, other: Leave, today: date) -> str:
    number, first_day, last_day = other.staff_id, max(other.first_day, today), other.last_day
    return (
        f"{staff.name} reads for number {number} from {other.first_day} to {last_day}. Say first who else does, or "
        f"leave --cover out for nobody: medvind staff leave {number} {first_day} {last_day} --cover NUMBER"
    )


def _end(conn: Connection, at: Deployment, number: int, when: datetime) -> tuple[Staff, Sequence[Leave], bool]:
    staff = a_specialist(conn, at, number)
    ended = planning_leave.end(conn, staff, OPERATOR, when)
    return staff, ended.remains, ended.had


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
