"""Turning a clock: everything that would come in weeks comes, in order, each at its own moment, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.channels.mail import mails_in
from bot.digest.day import Rhythm
from bot.passing import Stance, What, came_of, next_mail
from bot.schedule import Agenda, Errand, Promise
from bot.turned_clock import ClockUnreadable, TurnedClock
from bot.turning import Turn
from storage import schema
from storage.access import Who
from tests.bot.passing_world import PassingWorld, at, turned
from tests.bot.turn_world import MONDAY, TurnWorld, programme

DAY = timedelta(days=1)


@pytest.fixture
def there(world: TurnWorld, tmp_path: Path) -> PassingWorld:
    return turned(world, tmp_path)


# The clock ------------------------------------------------------------------------------------------------------------


def test_a_turned_clock_goes_on_from_where_it_was_turned_to_and_never_back() -> None:
    real = [MONDAY]
    clock = TurnedClock(lambda: real[0])
    assert clock.now() == MONDAY
    clock.turn_to(MONDAY + 7 * DAY)
    real[0] += timedelta(minutes=5)
    assert clock.now() == MONDAY + 7 * DAY + timedelta(minutes=5)
    clock.turn_to(MONDAY)
    assert clock.now() == MONDAY + 7 * DAY + timedelta(minutes=5)
    assert clock.turned == 7 * DAY


def test_how_far_it_was_turned_is_found_again(tmp_path: Path) -> None:
    clock = TurnedClock(lambda: MONDAY, tmp_path / "clock")
    assert list(tmp_path.iterdir()) == [], "a clock that was not turned leaves nothing"
    clock.turn_to(MONDAY + timedelta(days=3, seconds=0.25))
    again = TurnedClock(lambda: MONDAY + DAY, tmp_path / "clock")
    assert again.now() == MONDAY + timedelta(days=4, seconds=0.25)
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]


@pytest.mark.parametrize("kept", ["", "tomorrow", "nan", "1e99", "\udcff"])
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, kept: str) -> None:
    (tmp_path / "clock").write_bytes(kept.encode("utf-8", "surrogateescape"))
    with pytest.raises(ClockUnreadable, match="Delete it to start over"):
        TurnedClock(lambda: MONDAY, tmp_path / "clock")


# Rules ----------------------------------------------------------------------------------------------------------------

AGENDA = Agenda(takes_part=True, since=MONDAY)
IDLE = Stance(AGENDA, 0, "")
OPEN = Stance(AGENDA, 3, "weekly_checkin")
REPLY, PROPOSED = Errand("reply", "3|a/b|c", MONDAY), Errand("agreement", "1", MONDAY)
PROMISE = Promise(4, 3, "if_quiet/lines", "if_quiet", 1, "en", "[]")
KEPT = replace(PROMISE, kept_at=MONDAY)


def with_errands(*errands: Errand) -> Stance:
    return Stance(replace(AGENDA, errands=errands), 0, "")


def promising(promise: Promise) -> Stance:
    return Stance(replace(AGENDA, promise=promise), 0, "")


@pytest.mark.parametrize(
    ("before", "after", "came"),
    [
        (IDLE, IDLE, []),
        (IDLE, OPEN, ["check_in"]),
        (IDLE, Stance(AGENDA, 3, "too_much"), ["offer"]),
        (OPEN, IDLE, ["closes"]),
        (OPEN, Stance(AGENDA, 4, "weekly_checkin"), ["closes", "check_in"]),
        (IDLE, Stance(AGENDA, 3, "workplace"), ["check_in"]),
        (IDLE, Stance(AGENDA, 3, "pulse"), ["pulse"]),
        (with_errands(PROPOSED), Stance(AGENDA, 3, "agreement_answer"), ["agreement"]),
        (IDLE, Stance(AGENDA, 3, "agreement_day"), ["agreement"]),
        (IDLE, Stance(AGENDA, 3, "new_specialist"), ["handover"]),
        (OPEN, Stance(replace(AGENDA, reminded=3), 3, "weekly_checkin"), ["reminder"]),
        (OPEN, Stance(replace(AGENDA, quiet_since=MONDAY), 0, ""), ["closes", "silence"]),
        (IDLE, Stance(replace(AGENDA, noted=True), 0, ""), ["note"]),
        (IDLE, Stance(replace(AGENDA, since=MONDAY + DAY), 0, ""), ["left_out"]),
        (Stance(Agenda(), 0, ""), IDLE, []),
        (with_errands(REPLY, PROPOSED), with_errands(PROPOSED), ["reply"]),
        (with_errands(PROPOSED), with_errands(PROPOSED, REPLY), []),
        (promising(PROMISE), promising(KEPT), ["promise"]),
        (promising(KEPT), promising(KEPT), []),
        (IDLE, promising(PROMISE), []),
    ],
)
def test_what_has_come_is_seen_from_how_things_stood_before_and_after(
    before: Stance, after: Stance, came: list[What]
) -> None:
    assert came_of(before, after, programme()) == came


RHYTHM = Rhythm("12345", "08:00", "Europe/Oslo")


@pytest.mark.parametrize(
    ("rhythm", "now", "mail"),
    [
        (RHYTHM, at(2, "07:59"), at(2, "08:00")),
        (RHYTHM, at(2, "08:00"), at(3, "08:00")),
        (RHYTHM, at(6, "08:01"), at(9, "08:00")),
        (Rhythm("12345", "08:00", "Europe/Oslo", ((date(2026, 3, 3), date(2026, 3, 4)),)), at(2), at(5, "08:00")),
        (Rhythm("", "08:00", "Europe/Oslo"), at(2), None),
    ],
)
def test_the_next_digest_time_is_on_a_working_day(rhythm: Rhythm, now: datetime, mail: datetime | None) -> None:
    assert next_mail(rhythm, now) == mail


# Time passes ----------------------------------------------------------------------------------------------------------

LEFT_ALONE = [
    (at(10), "check_in"),
    (at(11), "reminder"),
    (at(13), "closes"),
    (at(17), "check_in"),
    (at(18), "reminder"),
    (at(20), "closes"),
    (at(20), "offer"),
    (at(23), "closes"),
    (at(24), "check_in"),
    (at(25), "reminder"),
    (at(27), "closes"),
    (at(31, "11:30"), "check_in"),
    (at(1, "11:30", month=4), "reminder"),
]
"""By clocks in Oslo always at half past twelve: they go forward on 29 March."""


async def test_a_month_left_alone_is_what_it_would_be_in_a_month(there: PassingWorld) -> None:
    amina = await there.takes_part()
    happened = await there.until(at(2, month=4))
    assert [(one.at, one.what) for one in happened] == LEFT_ALONE
    assert {one.who for one in happened} == {Who(participant_id=amina.id)}
    assert there.clock.now() == at(2, month=4)
    later = await there.until(at(1, month=7))
    assert [one.what for one in later] == ["closes", "silence", "note"]


async def test_a_month_of_three_people_is_in_order_and_everybody_gets_their_own(there: PassingWorld) -> None:
    three = [await there.takes_part(name) for name in ("Amina", "Bilal", "Cem")]
    await three[1].says("stop")
    happened = await there.until(MONDAY + 30 * DAY)
    assert [one.at for one in happened] == sorted(one.at for one in happened)
    for person, came in zip(three, (LEFT_ALONE, [], LEFT_ALONE), strict=True):
        mine = [(one.at, one.what) for one in happened if one.who.participant_id == person.id]
        assert mine == [one for one in came if one[0] <= MONDAY + 30 * DAY]


async def test_what_comes_is_the_same_as_when_nobody_turns_anything(there: PassingWorld) -> None:
    amina = await there.takes_part()
    await there.until(at(10))
    assert [message.step for message in await amina.finds()] == ["weekly_checkin/hello", "weekly_checkin/week"]
    rows = await there.world.rows(schema.conversation, participant_id=amina.id)
    assert rows[-1].started_at == at(10)
    await amina.chooses("4")
    assert [(one.at, one.what) for one in await there.until(at(16))] == [(at(13), "closes")]


async def test_a_mail_leaves_at_the_specialists_own_time_and_only_when_something_was_shared(
    there: PassingWorld,
) -> None:
    amina = await there.takes_part()
    assert not [one for one in await there.until(at(10)) if one.what == "mail"]
    await amina.finds()
    await amina.chooses("4")
    while amina.waits.kind == "asked":
        await amina.skips_one()
    await amina.presses("share_all")
    happened = await there.until(at(17, "12:29"))
    assert [(one.at, one.what, one.who) for one in happened] == [
        (at(11, "08:00"), "mail", Who(staff_id=there.world.specialist))
    ]
    (mail,) = mails_in(there.mail)
    assert mail["Date"].datetime == at(11, "08:00")


async def test_nothing_is_next_while_nobody_takes_part(there: PassingWorld) -> None:
    await there.world.person()
    assert await there.passing.next() is None
    assert await there.until(at(1, month=12)) == []
    assert there.clock.now() == at(1, month=12)


async def test_what_is_overdue_comes_now_and_what_is_too_late_is_left_out(there: PassingWorld) -> None:
    await there.takes_part()
    there.clock.turn_to(at(12, "09:00"))
    assert await there.passing.next() == at(12, "09:00")
    assert [one.what for one in await there.until(at(12, "09:01"))] == ["left_out"]
    (row,) = await there.world.rows(schema.audit, action="check_in.missed")
    assert row.details == {"people": 1}


# In somebody's hands --------------------------------------------------------------------------------------------------


async def test_the_next_thing_is_one_thing(there: PassingWorld) -> None:
    await there.takes_part()
    seen = []
    for _ in range(4):
        assert await there.turning.turn("next")
        seen.append((there.clock.now(), there.turning.happened[-1].what))
    assert seen == LEFT_ALONE[:4]
    assert len(there.turning.happened) == 4


async def test_without_a_next_thing_the_clock_stays(there: PassingWorld) -> None:
    assert not await there.turning.turn("next")
    assert there.clock.now() == MONDAY
    assert not there.turning.is_turned


async def test_an_hour_a_day_and_a_week(there: PassingWorld) -> None:
    await there.takes_part()
    turns: tuple[Turn, ...] = ("hour", "day", "week", "day")
    assert [await there.turning.turn(how) for how in turns] == [False, False, False, True]
    assert there.clock.now() == MONDAY + timedelta(days=9, hours=1)
    assert there.turning.is_turned
