"""Ticks go on when somebody sets the machine's clock back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import time_machine

from bot.work import SetBack
from storage.database import Database
from tests.bot.job_world import QUICK, Doing, quick
from tests.waiting import until

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


async def test_a_clock_that_is_set_back_does_not_stop_the_ticks(database: Database, database_url: str) -> None:
    doing = Doing("contacts")
    task = replace(doing.task, cron="* * * * * *")
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        async with quick(database, database_url, task, pace=replace(QUICK, again=0.1)):
            await until(lambda: len(doing.done) >= 2)
            clock.shift(timedelta(hours=-3))
            before = len(doing.done)
            await until(lambda: len(doing.done) >= before + 3)


def test_ticks_are_made_by_hand_until_the_old_time_is_reached() -> None:
    clock = SetBack(60.0)
    assert not clock.is_time(NOW, 0)
    assert not clock.is_time(NOW + timedelta(seconds=50), 50)
    back = NOW - timedelta(hours=1)
    assert not clock.is_time(back, 55), "the last tick is not a minute ago"
    assert clock.is_time(back + timedelta(seconds=55), 110)
    assert not clock.is_time(back + timedelta(seconds=60), 115)
    assert clock.is_time(back + timedelta(minutes=2), 175)
    assert not clock.is_time(NOW + timedelta(seconds=30), 3700), "as late as it ever was, nearly"


def test_a_clock_that_is_put_right_by_a_little_needs_nothing() -> None:
    clock = SetBack(60.0)
    assert not clock.is_time(NOW, 0)
    assert not clock.is_time(NOW - timedelta(seconds=10), 100)
