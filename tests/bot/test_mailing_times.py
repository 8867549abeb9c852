"""When digest mails leave: at each specialist's own hour and never outside it, and what each then speaks of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.digest.day import Rhythm, Window, mail_window, window
from bot.mailing import Mailing, Post, Sent
from bot.slots import LATEST, due_day
from storage import agreements, digests, hours, leave, people
from storage.hours import Hours
from storage.leave import Leave
from tests.bot.attention_script import agreed
from tests.bot.digest_samples import line
from tests.bot.staff_world import World, world
from tests.bot.test_mailing import Postbox

MAY_DAY = date(2025, 5, 1)
"""A Thursday and a public holiday."""


def is_holiday(day: date) -> bool:
    return day == MAY_DAY


def may(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2025, 5, day, hour, minute, tzinfo=UTC)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def sends(service: World, postbox: Postbox, now: datetime) -> list[Sent]:
    """What leaves at a moment, with the holidays of this place."""
    post = Post(postbox, "medvind@example.org", "https://medvind.example.org")
    catalogs = service.catalogs
    mailing = Mailing(service.database, service.vault, catalogs, post, lambda: now, is_holiday)
    return [sent for ids in await mailing.find() for sent in await mailing.send(ids)]


async def away(service: World, staff_id: int, first: date, last: date, cover: int | None = None) -> None:
    asked = Leave(staff_id, first, last, cover)
    await service.database.write(lambda conn: leave.put(conn, asked, date(2025, 1, 1)))


# Whether it may leave -------------------------------------------------------------------------------------------------

OSLO = Rhythm("12345", "08:00", "Europe/Oslo", ((date(2025, 5, 12), date(2025, 5, 16)),), is_holiday)
NIGHT = Rhythm("1234567", "02:30", "Europe/Oslo")
LATE = Rhythm("12345", "22:00", "Europe/Oslo")


@pytest.mark.parametrize(
    ("rhythm", "local", "due"),
    [
        (OSLO, "2025-05-06 07:59", False),
        (OSLO, "2025-05-06 08:00", True),
        (OSLO, "2025-05-06 12:00", True),
        (OSLO, "2025-05-06 12:01", False),
        (OSLO, "2025-05-06 23:00", False),
        (OSLO, "2025-05-10 08:00", False),
        (OSLO, "2025-05-11 08:00", False),
        (OSLO, "2025-05-01 08:00", False),
        (OSLO, "2025-05-02 08:00", True),
        (OSLO, "2025-05-12 08:00", False),
        (OSLO, "2025-05-16 08:00", False),
        (OSLO, "2025-05-19 08:00", True),
        (NIGHT, "2025-03-30 01:59", False),
        (NIGHT, "2025-03-30 03:29", False),
        (NIGHT, "2025-03-30 03:30", True),
        (NIGHT, "2025-10-26 02:29", False),
        (NIGHT, "2025-10-26 02:30", True),
        (LATE, "2025-05-06 23:59", True),
        (LATE, "2025-05-07 00:00", False),
        (Rhythm("", "08:00", "Europe/Oslo"), "2025-05-06 08:00", False),
    ],
)
def test_a_mail_leaves_at_the_chosen_time_of_a_working_day(rhythm: Rhythm, local: str, due: bool) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(rhythm.time_zone))
    assert due_day(rhythm, now) == (now.date() if due else None)


@pytest.mark.parametrize("zone", ["Europe/Oslo", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns"])
@pytest.mark.parametrize("at", ["00:00", "02:30", "08:00", "23:30"])
def test_a_year_of_working_days_has_a_slot_each_and_windows_that_join(zone: str, at: str) -> None:
    rhythm = Rhythm("12345", at, zone, ((date(2025, 7, 7), date(2025, 8, 1)),), is_holiday)
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(365)]
    worked = [day for day in days if rhythm.works_on(day)]
    assert all(due_day(rhythm, rhythm.moment(day)) == day for day in worked)
    for before, day in pairwise(worked):
        assert mail_window(rhythm, day) == Window(rhythm.moment(before), rhythm.moment(day))
    hourly = (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=number) for number in range(365 * 24))
    due = {day for day in (due_day(rhythm, now) for now in hourly) if day is not None}
    assert {day for day in due if day.year == 2025} <= set(worked)


# What it speaks of ----------------------------------------------------------------------------------------------------


def test_the_first_digest_afterwards_covers_leave_and_holidays() -> None:
    assert mail_window(OSLO, date(2025, 5, 19)) == Window(OSLO.moment(date(2025, 5, 9)), OSLO.moment(date(2025, 5, 19)))
    assert mail_window(OSLO, date(2025, 5, 2)).since == OSLO.moment(date(2025, 4, 30))


def test_the_page_agrees_with_the_mail() -> None:
    day = date(2025, 5, 19)
    now = OSLO.moment(day) + timedelta(minutes=5)
    assert window(OSLO, day, now) == Window(mail_window(OSLO, day).since, now)
    assert window(OSLO, day, now + timedelta(days=1)) == mail_window(OSLO, day)
    meanwhile = window(OSLO, date(2025, 5, 14), OSLO.moment(date(2025, 5, 14)))
    assert meanwhile.since == mail_window(OSLO, day).since


def test_leave_of_years_has_a_day_before_it() -> None:
    long = Rhythm("12345", "08:00", "UTC", ((date(2024, 5, 7), date(2025, 5, 5)),))
    assert long.working_day_before(date(2025, 5, 6)) == date(2024, 5, 6)
    for_ever = Rhythm("12345", "08:00", "UTC", ((date(2010, 1, 1), date(2030, 1, 1)),))
    assert for_ever.working_day_before(date(2025, 5, 6)) < date(2024, 1, 1)
    assert for_ever.working_day_after(date(2025, 5, 6)) is None
    assert OSLO.working_day_after(date(2025, 5, 9)) == date(2025, 5, 19)


async def test_what_is_shared_on_free_days_is_in_the_next_mail(service: World) -> None:
    anna = await service.staff("Anna")
    await away(service, anna, date(2025, 5, 5), date(2025, 5, 7))
    for pseudonym, at in (("A.", may(1)), ("B.", may(2, 9)), ("C.", may(6)), ("D.", may(8, 7, 59)), ("E.", may(8, 9))):
        await service.share(await service.person(pseudonym, anna), line("week", point=3), at=at)
    sent = []
    for hour in range(24 * 14):
        now = datetime(2025, 4, 30, tzinfo=UTC) + timedelta(hours=hour)
        sent += [one.day for one in await sends(service, Postbox(), now)]
    assert sent == ["2025-05-02", "2025-05-08", "2025-05-09"]


async def test_both_the_cover_and_whoever_is_back_get_a_mail(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await away(service, anna, date(2025, 5, 5), date(2025, 5, 7), bo)
    mine, theirs, early = [await service.person(p, s) for p, s in (("B.", bo), ("A.", anna), ("E.", anna))]
    await service.share(mine, line("week", point=3), at=may(5, 9))
    for person, began in ((theirs, may(5, 9)), (early, may(4, 9))):
        number = await service.checkin(person, began)
        await service.share(person, line("week", point=3), at=may(5, 10), conversation=number)
    postbox = Postbox()
    assert await sends(service, postbox, may(6)) == [Sent(bo, "2025-05-06", "sent")]
    assert await sends(service, postbox, may(8)) == [Sent(anna, "2025-05-08", "sent")]


async def test_a_cover_with_nothing_but_the_others_cards_gets_a_mail(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await away(service, anna, date(2025, 5, 5), date(2025, 5, 7), bo)
    person = await service.person("A.", anna)
    number = await service.checkin(person, may(5, 9))
    await service.share(person, line("week", point=3), at=may(5, 10), conversation=number)
    assert await sends(service, Postbox(), may(6)) == [Sent(bo, "2025-05-06", "sent")]


async def test_new_hours_hold_at_once(service: World) -> None:
    anna = await service.staff("Anna")
    await service.share(await service.person("A.", anna), line("week", point=3), at=may(5, 9))
    later = Hours("12345", "10:00", "Europe/Oslo")
    await service.database.write(lambda conn: hours.set_hours(conn, anna, later))
    assert await sends(service, Postbox(), may(6, 7, 59)) == []
    assert await sends(service, Postbox(), may(6, 8)) == [Sent(anna, "2025-05-06", "sent")]


# Who is found ---------------------------------------------------------------------------------------------------------


async def found(service: World, now: datetime) -> list[list[int]]:
    post = Post(Postbox(), "medvind@example.org", "https://medvind.example.org")
    return await Mailing(service.database, service.vault, service.catalogs, post, lambda: now, is_holiday).find()


async def test_those_whose_time_has_come_are_found_in_groups_of_a_hundred(service: World) -> None:
    everybody = [await service.staff(f"S{number}") for number in range(103)]
    for staff_id in everybody:
        await service.share(await service.person("A.", staff_id), line("week", point=3), at=may(5, 9))
    groups = await found(service, may(6))
    assert [len(group) for group in groups] == [100, 3]
    assert [staff_id for group in groups for staff_id in group] == everybody
    postbox = Postbox()
    assert len(await sends(service, postbox, may(6))) == len(postbox.kept) == 103
    assert len({mail["To"] for mail in postbox.kept}) == 103
    assert await found(service, may(6, 8, 1)) == []


async def test_nobody_is_found_for_silence_leave_or_another_role(service: World) -> None:
    anna, bo, cy = [await service.staff(name) for name in ("Anna", "Bo", "Cy")]
    kari = await service.staff("Kari", "coordinator")
    await service.person("S.", anna)
    await away(service, bo, date(2025, 5, 6), date(2025, 5, 6))
    for staff_id in (bo, cy):
        await service.share(await service.person("A.", staff_id), line("week", point=3), at=may(5, 9))
    await service.leave(cy)
    assert await found(service, may(6)) == []
    assert await found(service, may(7)) == [[bo]]
    for staff_id in (anna, bo, cy, kari):
        assert (
            await service.database.read(lambda conn, who=staff_id: digests.digest_state(conn, who, "2025-05-06"))
            is None
        )


async def test_what_was_shared_after_the_time_finds_nobody_today(service: World) -> None:
    anna = await service.staff("Anna")
    await service.share(await service.person("A.", anna), line("week", point=3), at=may(6, 8, 1))
    assert await found(service, may(6) + LATEST) == []
    assert await found(service, may(7)) == [[anna]]


async def test_a_group_that_waited_is_looked_at_anew(service: World) -> None:
    """Between finding and sending somebody left, was passed on, took back, went on leave, or the hour is over."""
    here = {name: await service.staff(name) for name in ("Left", "Passed", "Took", "Leave", "Still")}
    people_of = {}
    for name, staff_id in here.items():
        people_of[name] = await service.person(name, staff_id)
        await service.share(people_of[name], line("week", point=3), at=may(5, 9), conversation=7)
    (group,) = await found(service, may(6))
    assert group == sorted(here.values())
    await service.leave(here["Left"])
    await service.database.write(lambda conn: people.assign(conn, people_of["Passed"], here["Still"], may(6)))
    await service.database.write(lambda conn: digests.remove_cards(conn, [(people_of["Took"], 7, "checkin/sharing")]))
    await away(service, here["Leave"], date(2025, 5, 6), date(2025, 5, 6))
    postbox = Postbox()
    post = Post(postbox, "medvind@example.org", "https://medvind.example.org")
    clock = [may(6) + LATEST + timedelta(seconds=1)]
    mailing = Mailing(service.database, service.vault, service.catalogs, post, lambda: clock[0], is_holiday)
    assert await mailing.send(group) == []
    clock[0] = may(6, 8, 30)
    assert await mailing.send(group) == [Sent(here["Still"], "2025-05-06", "sent")]
    assert [mail["To"] for mail in postbox.kept] == ["still@example.org"]


# What is there to tell ------------------------------------------------------------------------------------------------


async def agrees(service: World, person: int, due: date, **more: Any) -> None:
    made = agreed(person, "specialist", due, **more)

    def put(conn: Connection) -> None:
        agreements.put(conn, people.participant(conn, service.vault, person).cipher, made)

    await service.database.write(put)


async def test_the_day_of_an_agreement_is_told_on_that_day_and_not_again(service: World) -> None:
    anna = await service.staff("Anna")
    await agrees(service, await service.person("A.", anna), date(2025, 5, 6))
    days = [one.day for day in (2, 5, 6, 7, 8) for one in await sends(service, Postbox(), may(day))]
    assert days == ["2025-05-06"]


async def test_an_agreement_for_a_day_off_is_told_on_the_next_working_day(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await agrees(service, await service.person("A.", anna), date(2025, 5, 3))
    await agrees(service, await service.person("B.", bo), date(2025, 5, 4), state="proposed")
    sent = [one for day in range(2, 9) for one in await sends(service, Postbox(), may(day))]
    assert sent == [Sent(anna, "2025-05-05", "sent")]


async def test_a_request_that_only_waits_is_told_once(service: World) -> None:
    anna = await service.staff("Anna")
    await service.share(await service.person("A.", anna), line("help", "letters"), at=may(5, 9))
    sent = [one.day for day in range(5, 16) for one in await sends(service, Postbox(), may(day))]
    assert sent == ["2025-05-06"]


async def test_a_mail_about_an_agreement_reads_like_any_other(service: World) -> None:
    postbox = Postbox()
    for name in ("Anna", "Bo"):
        person = await service.person(f"{name[0]}.", await service.staff(name, mail="one@example.org"))
        if name == "Anna":
            await agrees(service, person, date(2025, 5, 6))
        else:
            await service.share(person, line("help", "letters"), at=may(5, 9))
    await sends(service, postbox, may(6))
    first, second = (mail.get_content().partition("\n")[2] for mail in postbox.kept)
    assert first == second
