"""The page of a specialist's own hours: what is set holds at once, and what cannot be comes back as it was typed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.mailing import Mailing, Post
from storage import digests, leave, people, schema
from storage.leave import Leave
from storage.people import Staff
from tests.bot.digest_samples import NOW, line, plain
from tests.bot.staff_world import SAME_SITE, MarkedArabic, World, world
from tests.bot.test_mailing import Postbox
from tests.bot.test_mailing_times import is_holiday

FULL = {
    "day": ("1", "2", "4"), "from": "08:00", "to": "15:30", "digest": "09:15", "zone": "Europe/Oslo",
    "language": "en", "within": "3", "most": "7",
}  # fmt: skip


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.is_holiday = is_holiday
        yield made


@pytest.fixture
async def anna(service: World) -> int:
    return await service.staff("Anna")


async def kept(service: World, number: int) -> Staff:
    return await service.database.read(lambda conn: people.staff(conn, service.vault, number))


async def page(service: World, number: int, address: str = "/hours") -> str:
    async with service.browsing(number) as browser:
        answer = await browser.get(address)
        assert answer.status == 200
        return plain(await answer.text())


async def saved(service: World, number: int, status: int = 303, /, **changed: str | tuple[str, ...]) -> str:
    """Where saving leads, or the page that comes back."""
    given = {**FULL, **{key.rstrip("_"): value for key, value in changed.items()}}
    fields = [(key, one) for key, value in given.items() for one in ([value] if isinstance(value, str) else value)]
    async with service.browsing(number) as browser:
        answer = await browser.post("/hours", data=fields, headers=SAME_SITE, allow_redirects=False)
        assert answer.status == status, await answer.text()
        return answer.headers["Location"] if status == 303 else plain(await answer.text())


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


async def test_what_is_set_is_kept_and_stands_in_the_form(service: World, anna: int) -> None:
    assert await saved(service, anna) == "/hours?saved=yes#saved"
    staff = await kept(service, anna)
    assert (staff.working_days, staff.digest_at, staff.time_zone) == ("124", "09:15", "Europe/Oslo")
    assert (staff.hours_from, staff.hours_to, staff.answers_within, staff.most_open) == ("08:00", "15:30", 3, 7)
    html = await page(service, anna)
    assert re.findall(r'name="day" value="(\d)" checked', html) == ["1", "2", "4"]
    assert '<option value="3" selected>3 working days</option>' in html
    assert '<option value="Europe/Oslo" selected>' in html
    asked = select(schema.audit).filter_by(action="hours.changed")
    (record,) = await service.database.read(lambda conn: conn.execute(asked).all())
    assert (record.actor, record.details["staff"], record.details["hours_to"]) == (f"staff:{anna}", anna, "15:30")


async def test_what_is_left_empty_is_as_for_everybody(service: World, anna: int) -> None:
    await saved(service, anna)
    await saved(service, anna, from_="", to="", within="", most="")
    staff = await kept(service, anna)
    assert (staff.hours_from, staff.hours_to, staff.answers_within, staff.most_open) == (None, None, None, None)
    assert "2 working days, as is usual here" in await page(service, anna)


async def test_the_next_overview_is_said_in_words(service: World, anna: int) -> None:
    """It is Tuesday."""
    where = await saved(service, anna, zone="Europe/London", day=("1", "2", "3", "4", "5"))
    assert "Saved. Your next overview comes on Tuesday 6 May at 09:15." in words(await page(service, anna, where))
    assert "Saved." not in words(await page(service, anna))


async def test_leave_and_holidays_are_passed_over(service: World, anna: int) -> None:
    service.now = datetime(2025, 4, 30, 12, tzinfo=UTC)
    asked = Leave(anna, date(2025, 5, 2), date(2025, 5, 6))
    await service.database.write(lambda conn: leave.put(conn, asked, service.now.date()))
    assert "Your next overview comes on Wednesday 7 May at 08:00." in words(await page(service, anna))


async def test_there_is_one_message_a_day_whatever_is_changed(service: World, anna: int) -> None:
    """Today's is made already: a later time holds from the next working day on, and a page has what comes before."""
    day = NOW.date()
    await service.database.write(lambda conn: digests.claim_digests(conn, {(anna, str(day)): "<m>"}, NOW) and None)
    where = await saved(service, anna, digest="15:00", zone="Europe/London", day=("1", "2", "3", "4", "5"))
    assert where == f"/hours?saved=yes&look={day}#saved"
    html = await page(service, anna, where)
    assert f'It is here: <a href="/digest/{day}">Tuesday 6 May</a>' in html
    assert "Your next overview comes on Wednesday 7 May at 15:00." in html


@pytest.mark.parametrize("look", ["soon", "2025-13-01", "<b>"])
async def test_an_address_that_was_made_up_shows_nothing(service: World, anna: int, look: str) -> None:
    html = await page(service, anna, f"/hours?saved=no&look={look}")
    assert 'href="/digest/' not in html.partition("<main")[2]
    assert "Saved." not in html


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"day": ()}, "days", "Choose one day or more."),
        ({"day": ("8", "x")}, "days", "Choose one day or more."),
        ({"digest": "25:00"}, "digest", "This is no time of day. Write it like 08:30."),
        ({"digest": ""}, "digest", "This is no time of day. Write it like 08:30."),
        ({"from_": "eight"}, "from", "This is no time of day. Write it like 08:30."),
        ({"to": ""}, "to", "Fill in both times of work, or none of them."),
        ({"from_": ""}, "from", "Fill in both times of work, or none of them."),
        ({"from_": "16:00", "to": "08:00"}, "to", "Work ends later on the same day than it begins."),
        ({"digest": "07:59"}, "digest", "This is not while you work: from 08:00 on, and before 15:30."),
        ({"digest": "15:30"}, "digest", "This is not while you work: from 08:00 on, and before 15:30."),
        ({"zone": "Oslo"}, "zone", "Choose one from the list."),
        ({"language": "xx"}, "language", "Choose one from the list."),
        ({"within": "4"}, "within", "Choose one from the list."),
        ({"most": "0"}, "most", "This is no number from 1 to 99."),
        ({"most": "many"}, "most", "This is no number from 1 to 99."),
    ],
)
async def test_what_cannot_be_comes_back_beside_its_field(
    service: World, anna: int, changed: dict[str, str], field: str, said: str
) -> None:
    before = await kept(service, anna)
    html = await saved(service, anna, 422, **changed)
    assert f'<span class="trouble" id="{field}-trouble">{said}</span>' in html
    assert re.search(rf'aria-describedby="{field}-trouble[^"]*" aria-invalid="true"', html)
    assert html.count('aria-invalid="true"') == 1
    typed = changed.get("digest", "09:15")
    assert f'name="digest" type="time" value="{typed}"' in html, "what was typed is not lost"
    assert await kept(service, anna) == before


async def test_a_zone_stays_while_somebody_reads_by_its_days(service: World, anna: int) -> None:
    asked = Leave(anna, date(2025, 5, 9), date(2025, 5, 12), await service.staff("Bo"))
    await service.database.write(lambda conn: leave.put(conn, asked, NOW.date()))
    said = "Somebody reads for you on days of leave, which follow UTC. You can change it after that."
    assert said in await saved(service, anna, 422)
    assert (await kept(service, anna)).working_days == "12345"
    assert (await saved(service, anna, zone="UTC")).startswith("/hours?saved=yes")


async def test_the_page_is_in_the_language_that_was_chosen(tmp_path: Path) -> None:
    async with world(tmp_path, MarkedArabic()) as service:
        anna = await service.staff("Anna")
        html = await page(service, anna, await saved(service, anna, language="ar"))
    assert '<html lang="ar" dir="rtl">' in html
    assert "الاثنين" in html


async def test_what_people_read_before_they_share_is_shown(service: World, anna: int) -> None:
    await saved(service, anna, zone="Europe/London", day=("1", "2", "3", "4", "5"))
    html = await page(service, anna)
    assert "<q>If you share it, Anna reads it on Tuesday 6 May. The answer comes by Friday 9 May.</q>" in html


async def test_only_specialists_have_hours(service: World, anna: int) -> None:
    before = await kept(service, anna)
    nora = await service.staff("Nora", role="coordinator")
    await saved(service, nora, 404)
    async with service.browsing(nora) as browser:
        assert (await browser.get("/hours")).status == 404
    assert await kept(service, anna) == before
    async with service.visitor() as browser:
        assert (await browser.get("/hours")).status == 401


async def test_nothing_leaves_outside_the_hours_that_were_set(service: World, anna: int) -> None:
    """Something new is there every hour: on free days, in leave, on a holiday, at night and after work."""
    await saved(service, anna, zone="Europe/London", digest="14:45", day=("1", "2", "3", "4", "5"))
    asked = Leave(anna, date(2025, 5, 8), date(2025, 5, 9))
    await service.database.write(lambda conn: leave.put(conn, asked, NOW.date()))
    service.is_holiday = lambda day: day == date(2025, 5, 12)
    person, left = await service.person("S.K.", anna), list[str]()
    for hour in range(24 * 7):
        now = datetime(2025, 5, 6, 23, tzinfo=UTC) + timedelta(hours=hour)
        await service.share(person, line("week", point=3), at=now - timedelta(minutes=30))
        mailing = mailing_at(service, now)
        left += [f"{now:%a %d %H:%M}" for ids in await mailing.find() for _ in await mailing.send(ids)]
    assert left == ["Wed 07 14:00", "Tue 13 14:00"]


async def test_a_message_that_was_held_up_does_not_come_after_work(service: World, anna: int) -> None:
    await saved(service, anna, zone="Europe/London", digest="14:45", day=("1", "2", "3", "4", "5"))
    person = await service.person("S.K.", anna)
    await service.share(person, line("week", point=3), at=datetime(2025, 5, 7, 12, tzinfo=UTC))
    found = {}
    for at in ("13:44", "13:45", "14:30", "14:31", "23:00"):
        now = datetime.fromisoformat(f"2025-05-07T{at}:00+00:00")
        found[at] = await mailing_at(service, now).find()
    assert found == {"13:44": [], "13:45": [[anna]], "14:30": [[anna]], "14:31": [], "23:00": []}


def mailing_at(service: World, now: datetime) -> Mailing:
    post = Post(Postbox(), "medvind@example.org", "https://medvind.example.org")
    return Mailing(service.database, service.vault, service.catalogs, post, lambda: now, service.is_holiday)
