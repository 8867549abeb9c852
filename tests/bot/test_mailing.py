"""The digest mail: once on a working day, at the chosen time, never twice; it says that an overview is ready."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.channels.mail import FolderSender, NotTaken, Unclear
from bot.mailing import Post, Sent
from bot.slots import LATEST
from storage import digests, people
from storage.database import StorageAway
from tests.bot.digest_samples import YESTERDAY, line, plain
from tests.bot.mail_of_the_day import send_due
from tests.bot.staff_world import MarkedArabic, World, world

TUESDAY = "2025-05-06"
EIGHT = datetime(2025, 5, 6, 8, 0, tzinfo=UTC)


class Postbox:
    """Keeps what it is sent, after the troubles it was given have happened."""

    def __init__(self, *troubles: Exception) -> None:
        self.kept: list[EmailMessage] = []
        self.troubles = list(troubles)

    async def send(self, message: EmailMessage) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.kept.append(message)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def send(service: World, postbox: Postbox, now: datetime = EIGHT) -> list[Sent]:
    post = Post(postbox, "medvind@example.org", "https://medvind.example.org")
    return await send_due(now, database=service.database, vault=service.vault, catalogs=service.catalogs, post=post)


async def sharing(service: World, *pseudonyms: str, **staff: str) -> int:
    """A specialist with whom these people shared something yesterday."""
    anna = await service.staff("Anna", **staff)
    for pseudonym in pseudonyms:
        person = await service.person(pseudonym, anna, name="Hidden Name")
        await service.share(person, line("good", own="Hidden words"), line("help", "letters"), at=YESTERDAY)
    return anna


async def state(service: World, staff_id: int, day: str = TUESDAY) -> str | None:
    return await service.database.read(lambda conn: digests.digest_state(conn, staff_id, day))


async def test_a_mail_holds_a_link_and_nothing_of_anybody(service: World) -> None:
    anna = await sharing(service, "S.K.", "ع.ب.")
    postbox = Postbox()
    assert await send(service, postbox) == [Sent(anna, TUESDAY, "sent")]
    (mail,) = postbox.kept
    assert mail["Subject"] == "Your overview is ready"
    assert mail["To"] == "anna@example.org"
    assert mail["Date"].datetime == EIGHT
    assert mail.get_content_type() == "text/plain"
    assert plain(mail.get_content()).splitlines() == [
        "Hello Anna",
        "",
        "Your overview is ready. It is here:",
        "https://medvind.example.org/digest",
        "",
        "This comes once on a working day, and only when there is something.",
    ]
    for word in ("Hidden", "S.K.", "ع.ب."):
        assert word not in mail.as_string() + mail.get_content()


async def test_a_day_is_mailed_once(service: World) -> None:
    anna = await sharing(service, "S.K.")
    postbox = Postbox()
    for minutes in (0, 1, 60, 230):
        await send(service, postbox, EIGHT + timedelta(minutes=minutes))
    assert len(postbox.kept) == 1
    assert await state(service, anna) == "sent"


@pytest.mark.parametrize(
    "now",
    [
        EIGHT - timedelta(seconds=1),
        EIGHT + LATEST + timedelta(seconds=1),
        datetime(2025, 5, 6, 23, 0, tzinfo=UTC),
        datetime(2025, 5, 10, 8, 0, tzinfo=UTC),
        datetime(2025, 5, 11, 8, 0, tzinfo=UTC),
    ],
    ids=["too early", "too late", "at night", "Saturday", "Sunday"],
)
async def test_no_mail_leaves_outside_the_chosen_time(service: World, now: datetime) -> None:
    anna = await sharing(service, "S.K.")
    person = await service.person("T.T.", anna)
    await service.share(person, line("week", point=3), at=now - timedelta(hours=20))
    assert await send(service, Postbox(), now) == []


async def test_the_time_is_that_of_the_specialist(service: World) -> None:
    anna = await sharing(service, "S.K.", digest_at="10:30", working_days="2")
    postbox = Postbox()
    assert await send(service, postbox) == []
    assert await send(service, postbox, EIGHT + timedelta(hours=2, minutes=30)) == [Sent(anna, TUESDAY, "sent")]


async def test_no_mail_when_nothing_is_new(service: World) -> None:
    anna = await service.staff("Anna")
    silent = await service.person("S.K.", anna)
    await service.share(silent, line("week", point=3), at=YESTERDAY - timedelta(days=3))
    assert await send(service, Postbox()) == []
    assert await state(service, anna) is None


async def test_what_comes_after_the_time_waits_for_the_next_working_day(service: World) -> None:
    anna = await service.staff("Anna")
    await service.share(await service.person("S.K.", anna), line("week", point=3), at=EIGHT + timedelta(seconds=1))
    postbox = Postbox()
    assert await send(service, postbox, EIGHT + timedelta(minutes=5)) == []
    assert await send(service, postbox, EIGHT + timedelta(days=1)) == [Sent(anna, "2025-05-07", "sent")]


async def test_each_specialist_with_somebody_who_shared_gets_a_mail(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    await service.staff("Kari", "coordinator")
    for specialist, pseudonym in ((anna, "A.A."), (bo, "B.B.")):
        await service.share(await service.person(pseudonym, specialist), line("week", point=3), at=YESTERDAY)
    postbox = Postbox()
    assert {sent.staff_id for sent in await send(service, postbox)} == {anna, bo}
    assert sorted(mail["To"] for mail in postbox.kept) == ["anna@example.org", "bo@example.org"]


async def test_somebody_who_was_passed_on_is_in_no_mail(service: World) -> None:
    """The receiver is looked up when the mail is made, not when the answer came."""
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    person = await service.person("S.K.", anna)
    await service.share(person, line("week", point=3), at=YESTERDAY)
    await service.database.write(lambda conn: people.assign(conn, person, bo, EIGHT - timedelta(hours=1)))
    assert await send(service, Postbox()) == []


async def test_somebody_who_was_erased_is_in_no_mail(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await service.share(person, line("week", point=3), at=YESTERDAY)
    await service.database.write(lambda conn: people.erase(conn, person))
    service.vault.forget(f"participant:{person}")
    assert await send(service, Postbox()) == []


async def test_a_mail_that_was_refused_for_now_is_tried_again_under_the_same_id(service: World) -> None:
    anna = await sharing(service, "S.K.")
    postbox = Postbox(NotTaken("greylisted", later=True))
    assert await send(service, postbox) == [Sent(anna, TUESDAY, "later")]
    assert await state(service, anna) is None
    assert await send(service, postbox, EIGHT + timedelta(minutes=10)) == [Sent(anna, TUESDAY, "sent")]
    assert [mail["Message-ID"] for mail in postbox.kept] == [f"<medvind-digest-{anna}-{TUESDAY}@example.org>"]


@pytest.mark.parametrize(
    "trouble", [Unclear("timeout"), NotTaken("no such user", later=False)], ids=["nobody knows", "refused for good"]
)
async def test_a_mail_that_may_have_left_is_held_and_never_doubled(service: World, trouble: Exception) -> None:
    anna = await sharing(service, "S.K.")
    postbox = Postbox(trouble)
    assert await send(service, postbox) == [Sent(anna, TUESDAY, "held")]
    assert await send(service, postbox, EIGHT + timedelta(minutes=10)) == []
    assert await state(service, anna) == "held"
    assert postbox.kept == []


class Killed(BaseException):
    """The process ends here."""


async def test_a_crash_between_claiming_and_hearing_back_holds_the_mail(service: World) -> None:
    class Dying(Postbox):
        async def send(self, message: EmailMessage) -> None:
            self.kept.append(message)
            raise Killed

    anna = await sharing(service, "S.K.")
    postbox = Dying()
    with pytest.raises(Killed):
        await send(service, postbox)
    assert await state(service, anna) == "sending"
    assert await send(service, Postbox(), EIGHT + timedelta(minutes=5)) == []
    assert await send(service, Postbox(), EIGHT + timedelta(minutes=16)) == []
    assert await state(service, anna) == "held"
    assert len(postbox.kept) == 1


async def test_without_the_database_nothing_is_sent(service: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await sharing(service, "S.K.")

    async def away(work: object) -> None:
        raise StorageAway("away")

    postbox = Postbox()
    monkeypatch.setattr(service.database, "write", away)
    with pytest.raises(StorageAway):
        await send(service, postbox)
    assert postbox.kept == []


async def test_an_address_that_brings_a_header_along_holds_one_mail_and_stops_no_other(service: World) -> None:
    anna = await sharing(service, "S.K.", mail="anna@example.org\r\nBcc: everybody@example.org")
    bo = await service.staff("Bo")
    await service.share(await service.person("B.B.", bo), line("week", point=3), at=YESTERDAY)
    postbox = Postbox()
    await send(service, postbox)
    assert [mail["To"] for mail in postbox.kept] == ["bo@example.org"]
    assert postbox.kept[0]["Bcc"] is None
    assert await state(service, anna) == "held"


async def test_names_with_line_breaks_add_no_line_and_no_header(service: World) -> None:
    anna = await service.staff("Anna\nSubject: other", mail="anna@example.org")
    person = await service.person("S.K.", anna)
    await service.share(person, line("week", point=3), at=YESTERDAY)
    postbox = Postbox()
    assert await send(service, postbox) == [Sent(anna, TUESDAY, "sent")]
    lines = plain(postbox.kept[0].get_content()).splitlines()
    assert lines[0] == "Hello Anna Subject: other"
    assert lines[1:3] == ["", "Your overview is ready. It is here:"]


async def test_a_mail_speaks_the_language_of_its_reader(tmp_path: Path) -> None:
    async with world(tmp_path, MarkedArabic()) as service:
        await sharing(service, "S.K.", language="ar")
        postbox = Postbox()
        await send(service, postbox)
    assert postbox.kept[0]["Subject"] == "ع Your overview is ready"
    assert postbox.kept[0]["Content-Language"] == "ar"


async def test_the_demo_shows_a_specialist_the_mails_in_the_folder(service: World) -> None:
    anna = await sharing(service, "S.K.")
    bo = await service.staff("Bo")
    await service.share(await service.person("B.B.", bo), line("week", point=3), at=YESTERDAY)
    post = Post(FolderSender(service.mail_folder), "medvind@example.org", "http://127.0.0.1:8080")
    await send_due(EIGHT, database=service.database, vault=service.vault, catalogs=service.catalogs, post=post)
    async with service.browsing(anna, demo=True) as browser:
        html = await (await browser.get("/demo/mail")).text()
        assert "Your overview is ready" in html
        assert "anna@example.org" in html
        assert "bo@example.org" not in html
        assert "Mail in this demo" in await (await browser.get("/digest")).text()
    async with service.browsing(await service.staff("Adam", "administrator"), demo=True) as browser:
        html = await (await browser.get("/demo/mail")).text()
        assert 'href="/demo/mail"' in html
        assert "Your overview is ready" not in html
    async with service.browsing(anna) as browser:
        assert (await browser.get("/demo/mail")).status == 404
        assert "Mail in this demo" not in await (await browser.get("/digest")).text()


async def test_days_in_the_records_are_local(service: World) -> None:
    """Eight in the morning in Auckland is the evening before in UTC."""

    def add(conn: Connection) -> int:
        return people.add_staff(
            conn,
            service.vault,
            name="Ana",
            mail="ana@example.org",
            role="specialist",
            language="en",
            time_zone="Pacific/Auckland",
            now=EIGHT,
        )

    ana = await service.database.write(add)
    await service.share(await service.person("S.K.", ana), line("week", point=3), at=YESTERDAY)
    sent = await send(service, Postbox(), datetime(2025, 5, 5, 20, 0, tzinfo=UTC))
    assert sent == [Sent(ana, date(2025, 5, 6).isoformat(), "sent")]
