"""``medvind staff leave`` and ``medvind staff hours``: what they say, change and refuse."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.config import Settings
from bot.hours_commands import Wished, change_hours, show_hours
from bot.leave_commands import Away, end_leave, list_leave, plan_leave
from bot.people_commands import NotDone, deployment
from storage import digests, leave, people, schema
from tests.bot.test_invite_command import KEY
from tests.bot.turn_world import opened

NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, nine in the morning in Oslo: after the digest time."""


@dataclass
class Office:
    """Somebody who types commands, at a moment that a test sets. Kim (1), Ola (2) and Kari (3) are specialists; Noor
    (4) is none."""

    settings: Settings
    now: datetime = NINE
    said: list[str] = field(default_factory=list)

    async def told(self, doing: Awaitable[None]) -> str:
        self.said.clear()
        await doing
        return "\n".join(self.said)

    async def away(self, number: int, first: str, last: str, cover: int | None = None) -> str:
        asked = Away(number, f"2026-{first}", f"2026-{last}", cover)
        return await self.told(plan_leave(self.settings, self.said.append, asked, self.clock))

    async def back(self, number: int) -> str:
        return await self.told(end_leave(self.settings, self.said.append, number, self.clock))

    async def listed(self, number: int | None = None) -> str:
        return await self.told(list_leave(self.settings, self.said.append, number, self.clock))

    async def hours(self, number: int, **wished: str) -> str:
        return await self.told(
            change_hours(self.settings, self.said.append, number, Wished(**wished), clock=self.clock)
        )

    def clock(self) -> datetime:
        return self.now

    async def run(self, work: Callable[[Connection], Any]) -> Any:
        async with opened(self.settings.database(), bytes(range(32))) as (database, _):
            return await database.write(work)

    async def kept(self, number: int) -> list[tuple[str, str, int | None]]:
        rows = await self.run(lambda conn: leave.leaves(conn, [number]).get(number, []))
        return [(f"{one.first_day:%m-%d}", f"{one.last_day:%m-%d}", one.cover_id) for one in rows]


@pytest.fixture
async def office(tmp_path: Path) -> Office:
    settings = Settings(folder=tmp_path, key=KEY)  # type: ignore[arg-type]
    async with deployment(settings) as at:
        for name, role in (
            ("Kim", "specialist"),
            ("Ola", "specialist"),
            ("Kari", "specialist"),
            ("Noor", "coordinator"),
        ):
            values = {"name": name, "mail": f"{name}@example.org", "language": "nb", "time_zone": "Europe/Oslo"}
            await at.database.write(partial(people.add_staff, vault=at.vault, role=role, **values, now=NINE))
    return Office(settings)


# Leave ----------------------------------------------------------------------------------------------------------------


async def test_leave_with_a_cover_and_the_list(office: Office) -> None:
    assert await office.listed() == "No leave is planned. medvind staff leave NUMBER FIRST LAST plans it."
    assert await office.away(1, "03-09", "03-13", 2) == (
        "Kim is away from 2026-03-09 to 2026-03-13.\n"
        "Ola reads what is begun and shared from 2026-03-09 on.\n"
        "The next digest comes on 2026-03-16 and holds all of it."
    )
    await office.away(3, "04-01", "04-01")
    both = "   1  Kim  2026-03-09 to 2026-03-13  Ola reads\n   3  Kari  2026-04-01 to 2026-04-01  nobody reads"
    assert await office.listed() == both
    assert await office.listed(3) == both.splitlines()[1]
    assert (await office.listed(2)).startswith("No leave is planned.")
    office.now = datetime(2026, 3, 20, tzinfo=UTC)
    assert await office.listed() == both.splitlines()[1]


async def test_leave_from_today_has_nobody_for_today(office: Office) -> None:
    assert await office.away(1, "03-02", "03-06", 2) == (
        "Kim is away from 2026-03-02 to 2026-03-06.\n"
        "Today nobody reads what is shared, as people are told when they begin.\n"
        "Ola reads what is begun and shared from 2026-03-03 on.\n"
        "The next digest comes on 2026-03-09 and holds all of it."
    )
    assert await office.kept(1) == [("03-02", "03-02", None), ("03-03", "03-06", 2)]
    office.now = datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert "Today Ola reads what is shared" in await office.away(1, "03-04", "03-04")
    assert "Today Ola reads" in (said := await office.away(1, "03-04", "03-06"))
    assert "Nobody reads what is begun and shared from 2026-03-05 on." in said
    assert await office.kept(1) == [("03-02", "03-02", None), ("03-03", "03-04", 2), ("03-05", "03-06", None)]


async def test_the_first_digest_afterwards_passes_over_holidays(office: Office) -> None:
    """Maundy Thursday to Easter Monday, in Norway."""
    assert "The next digest comes on 2026-04-07" in await office.away(1, "03-30", "04-01")


async def test_today_is_that_of_the_specialist(office: Office) -> None:
    await office.hours(1, zone="Pacific/Auckland")
    office.now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    with pytest.raises(NotDone, match=r"2026-03-02 is over. Leave begins today \(2026-03-03\) or later."):
        await office.away(1, "03-02", "03-06")
    assert "Today nobody" in await office.away(1, "03-03", "03-06")


@pytest.mark.parametrize(
    ("now", "next_digest", "kept"),
    [
        (datetime(2026, 3, 4, 6, 59, tzinfo=UTC), "2026-03-04", [("03-03", "03-03", None)]),
        (datetime(2026, 3, 4, 7, 0, tzinfo=UTC), "2026-03-05", [("03-03", "03-04", None)]),
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "2026-03-03", []),
    ],
    ids=["before the digest time", "after it", "before the leave"],
)
async def test_to_be_back(office: Office, now: datetime, next_digest: str, kept: list[Any]) -> None:
    await office.away(1, "03-03", "03-06")
    await office.away(1, "03-20", "03-20")
    office.now = now
    assert await office.back(1) == f"Kim has no leave any more. The next digest comes on {next_digest}."
    assert await office.kept(1) == kept
    assert await office.back(1) == "Kim has no leave."


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            Away(9, "2026-03-09", "2026-03-13"),
            "There is nobody with the number 9. medvind staff list shows who is here.",
        ),
        (Away(4, "2026-03-09", "2026-03-13"), "Noor (number 4) is no specialist: others get no digests."),
        (Away(1, "09.03.2026", "2026-03-13"), '"09.03.2026" is not a date. Write it like 2026-12-01.'),
        (Away(1, "2026-03-09", "2026-02-30"), '"2026-02-30" is not a date. Write it like 2026-12-01.'),
        (Away(1, "2026-03-13", "2026-03-09"), "2026-03-09 is before 2026-03-13. Say the first day first."),
        (Away(1, "2026-03-01", "2026-03-09"), "2026-03-01 is over. Leave begins today (2026-03-02) or later."),
        (
            Away(1, "2026-03-09", "2027-12-01"),
            "2026-03-09 to 2027-12-01 is more than a year. Plan the first part of it now.",
        ),
        (
            Away(1, "2026-03-09", "2026-03-13", 1),
            "Kim is away: somebody else has to read. Without --cover nobody does.",
        ),
        (Away(1, "2026-03-09", "2026-03-13", 4), "Noor (number 4) is no specialist: others get no digests."),
        (
            Away(1, "2026-03-09", "2026-03-13", 9),
            "There is nobody with the number 9. medvind staff list shows who is here.",
        ),
        (Away(1, "2026-03-09", "2026-03-16", 3), "Kari is away too, from 2026-03-16 to 2026-03-20."),
        (
            Away(2, "2026-03-17", "2026-03-25"),
            "Ola reads for number 3 from 2026-03-16 to 2026-03-20. Say first who else does, or leave --cover out for "
            "nobody: medvind staff leave 3 2026-03-16 2026-03-20 --cover NUMBER",
        ),
    ],
)
async def test_leave_that_cannot_be(office: Office, asked: Away, sentence: str) -> None:
    await office.away(3, "03-16", "03-20", 2)
    with pytest.raises(NotDone) as refused:
        await plan_leave(office.settings, office.said.append, asked, office.clock)
    assert str(refused.value) == sentence
    assert [await office.kept(number) for number in (1, 2, 3)] == [[], [], [("03-16", "03-20", 2)]]


async def test_whoever_falls_ill_while_covering_is_away_once_somebody_else_covers(office: Office) -> None:
    await office.away(3, "03-02", "03-06", 2)
    office.now = datetime(2026, 3, 4, 6, tzinfo=UTC)
    with pytest.raises(NotDone, match="medvind staff leave 3 2026-03-04 2026-03-06 --cover NUMBER"):
        await office.away(2, "03-04", "03-10")
    await office.away(3, "03-04", "03-06", 1)
    await office.away(2, "03-04", "03-10")
    assert await office.kept(3) == [("03-02", "03-02", None), ("03-03", "03-04", 2), ("03-05", "03-06", 1)]


# Hours ----------------------------------------------------------------------------------------------------------------


async def test_hours_are_set_one_or_all(office: Office) -> None:
    office.now = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    told = "Kim works on the days {} (1 is Monday). A digest comes at {}, {}, unless it is a public holiday or leave."
    usual = told.format("12345", "08:00", "Europe/Oslo")
    assert await office.told(show_hours(office.settings, office.said.append, 1)) == usual
    assert await office.hours(1, days="421") == told.format("124", "08:00", "Europe/Oslo")
    assert await office.hours(1, at="7:30") == told.format("124", "07:30", "Europe/Oslo")
    every = await office.hours(1, days="1234567", at="00:00", zone="UTC")
    assert every.startswith(told.format("1234567", "00:00", "UTC"))
    records = await office.run(lambda conn: conn.execute(select(schema.audit.c.action, schema.audit.c.details)).all())
    assert [row.action for row in records] == ["hours.changed"] * 3
    assert records[-1].details == {
        "staff": 1, "working_days": "1234567", "digest_at": "00:00", "time_zone": "UTC",
        "hours_from": None, "hours_to": None, "answers_within": None, "most_open": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        ({"days": "08"}, '"08" are no days. Write them like 12345: 1 is Monday, 7 is Sunday.'),
        ({"days": "1123"}, '"1123" are no days. Write them like 12345: 1 is Monday, 7 is Sunday.'),
        ({"days": "Mon-Fri"}, '"Mon-Fri" are no days. Write them like 12345: 1 is Monday, 7 is Sunday.'),
        ({"at": "24:00"}, '"24:00" is no time of day. Write it like 08:30.'),
        ({"at": "8.30"}, '"8.30" is no time of day. Write it like 08:30.'),
        ({"at": "08:60"}, '"08:60" is no time of day. Write it like 08:30.'),
        ({"zone": "Oslo"}, '"Oslo" is not a time zone. Write it like Europe/Oslo.'),
        ({"zone": "../Europe/Oslo"}, '"../Europe/Oslo" is not a time zone. Write it like Europe/Oslo.'),
    ],
)
async def test_hours_that_cannot_be(office: Office, wished: dict[str, str], sentence: str) -> None:
    with pytest.raises(NotDone) as refused:
        await office.hours(1, **wished)
    assert str(refused.value) == sentence
    for number, why in ((9, "There is nobody"), (4, "Noor (number 4) is no specialist")):
        with pytest.raises(NotDone) as refused:
            await office.hours(number, at="08:30")
        assert str(refused.value).startswith(why)


async def test_a_zone_stays_while_somebody_reads_by_its_days(office: Office) -> None:
    await office.away(1, "03-09", "03-13", 2)
    with pytest.raises(NotDone) as refused:
        await office.hours(1, zone="Asia/Tokyo")
    assert str(refused.value) == (
        "Somebody reads for Kim on days of leave, and these follow Europe/Oslo. Change the zone afterwards, or end the "
        "leave first: medvind staff leave 1 --none"
    )
    assert "08:30" in await office.hours(1, at="08:30", zone="Europe/Oslo")
    office.now = datetime(2026, 3, 14, 9, tzinfo=UTC)
    assert "Asia/Tokyo" in await office.hours(1, zone="Asia/Tokyo")
    assert await office.kept(1) == [("03-09", "03-13", None)], "whoever read then is told nothing of other hours"


@pytest.mark.parametrize(
    ("wished", "mailed", "gap"),
    [
        ({"at": "10:00"}, True, "from 2026-03-02 08:00 to 2026-03-02 10:00"),
        ({"at": "10:00"}, False, ""),
        ({"at": "06:00"}, True, ""),
        ({"days": "234"}, True, ""),
        ({"zone": "America/New_York"}, True, "from 2026-03-02 02:00 to 2026-03-02 08:00"),
    ],
    ids=["later today", "later today, before any mail", "earlier", "fewer days", "another zone"],
)
async def test_hours_between_the_last_mail_and_the_next_are_told(
    office: Office, wished: dict[str, str], mailed: bool, gap: str
) -> None:
    if mailed:
        await office.run(lambda conn: digests.claim_digests(conn, {(1, "2026-03-02"): "<m>"}, NINE) and None)
    said = (await office.hours(1, **wished)).partition("\n")[2]
    in_no_mail = "What is shared {} comes in no mail. It is on the page /digest/2026-03-02: look there once."
    assert said == (in_no_mail.format(gap) if gap else "")


async def test_a_day_more_leaves_a_gap_too(office: Office) -> None:
    office.now = datetime(2026, 3, 7, 12, tzinfo=UTC)
    await office.hours(1, days="1234")
    office.now = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert "from 2026-03-05 08:00 to 2026-03-06 08:00 comes in no mail" in await office.hours(1, days="12345")


# As typed -------------------------------------------------------------------------------------------------------------


def test_what_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def typed(*arguments: str) -> Result:
        return CliRunner().invoke(app, ("staff", *arguments), env={"MEDVIND_KEY": KEY}, catch_exceptions=False)

    for name in ("Kim", "Ola"):
        typed("add", name, "--mail", f"{name}@example.org", "--role", "specialist", "--language", "en")
    year = date.today().year + 1  # noqa: DTZ011, some day next year
    first, last = f"{year}-03-02", f"{year}-03-06"
    assert "Ola reads" in typed("leave", "1", first, last, "--cover", "2").stdout
    assert typed("leave").stdout == f"   1  Kim  {first} to {last}  Ola reads\n"
    assert typed("leave", "2").stdout.startswith("No leave is planned.")
    assert f"Kim is away from {last} to {last}." in typed("leave", "1", last).stdout
    assert typed("leave", "1", "--none").stdout.startswith("Kim has no leave any more.")
    assert typed("leave", "1", "--none").stdout == "Kim has no leave.\n"
    assert "08:30" in typed("hours", "1", "--at", "08:30").stdout
    assert "08:30" in typed("hours", "1").stdout
    for arguments, sentence in {
        ("leave", "1", first, "--none"): "--none stands alone with a number: medvind staff leave 3 --none\n",
        ("leave", "--none"): "--none stands alone with a number: medvind staff leave 3 --none\n",
        ("leave", "1", "--cover", "2"): "Say the days as well: medvind staff leave 3 2026-12-01 2026-12-14 --cover 4\n",
        ("leave", "7", first): "There is nobody with the number 7. medvind staff list shows who is here.\n",
        ("leave", "7"): "There is nobody with the number 7. medvind staff list shows who is here.\n",
        ("hours", "1", "--days", "8"): '"8" are no days. Write them like 12345: 1 is Monday, 7 is Sunday.\n',
    }.items():
        refused = typed(*arguments)
        assert (refused.exit_code, refused.stdout, refused.stderr) == (1, "", sentence)
