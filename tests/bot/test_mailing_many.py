"""Many digest mails: several processes, a mail server that is slow or away, and work that is broken off."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.catalogs import Catalogs
from bot.channels.mail import NotTaken, Sender, Unclear
from bot.mailing import AT_ONCE, HANDS, HELD_AFTER, Mailing, Post
from bot.slots import LATEST
from storage import leave, people, schema
from storage.database import Database
from storage.leave import Leave
from storage.vault import Vault
from tests.bot.digest_samples import YESTERDAY, line
from tests.bot.staff_world import LOCALES, World
from tests.bot.test_mailing import EIGHT, TUESDAY, Postbox
from tests.storage.databases import PostgresqlDatabases, until_somebody_waits

MANY = 2 * AT_ONCE + 3


@pytest.fixture
async def service(database: Database, vault: Vault, tmp_path: Path) -> World:
    return World(database, vault, tmp_path, tmp_path, Catalogs.load(LOCALES, allow_drafts=True))


async def everybody(service: World, number: int = MANY) -> list[int]:
    """Specialists with whom somebody shared something yesterday."""
    made = [await service.staff(f"S{one}") for one in range(number)]
    for staff_id in made:
        await service.share(await service.person(f"P{staff_id}", staff_id), line("week", point=3), at=YESTERDAY)
    return made


def mailing(service: World, sender: Sender, minutes: float = 0) -> Mailing:
    now = EIGHT + timedelta(minutes=minutes)
    post = Post(sender, "medvind@example.org", "https://medvind.example.org")
    return Mailing(service.database, service.vault, service.catalogs, post, lambda: now)


async def states(service: World) -> Counter[str]:
    rows = await service.database.read(lambda conn: conn.execute(select(schema.digest.c.state)).scalars().all())
    return Counter(rows)


def receivers(postbox: Postbox) -> list[str]:
    return sorted(mail["To"] for mail in postbox.kept)


async def test_two_who_send_the_same_group_at_once_send_each_mail_once(service: World) -> None:
    ids = await everybody(service)
    postbox = Postbox()
    first, second = mailing(service, postbox), mailing(service, postbox)
    sent = await asyncio.gather(first.send(ids), second.send(list(reversed(ids))), first.send(ids))
    assert sorted(one.staff_id for some in sent for one in some) == ids
    assert len(postbox.kept) == len(set(receivers(postbox))) == MANY
    assert await states(service) == {"sent": MANY}


async def test_two_processes_on_one_server_send_each_mail_once(
    postgresql_databases: PostgresqlDatabases, master_key: bytes, tmp_path: Path
) -> None:
    catalogs = Catalogs.load(LOCALES, allow_drafts=True)
    with postgresql_databases.url() as url:
        databases = [Database.open(url), Database.open(url)]
        vaults = [await one.write(lambda conn: Vault.open(conn, master_key)) for one in databases]
        here, there = (
            World(database, vault, tmp_path, tmp_path, catalogs)
            for database, vault in zip(databases, vaults, strict=True)
        )
        ids = await everybody(here)
        postbox = Postbox()
        both = [mailing(here, postbox), mailing(there, postbox)]
        groups = await asyncio.gather(*(one.find() for one in both))
        assert groups == [[ids], [ids]]
        await asyncio.gather(*(one.do(ids) for one in both))
        assert len(postbox.kept) == len(set(receivers(postbox))) == MANY
        assert await states(there) == {"sent": MANY}
        for database in databases:
            await database.close()


async def test_whoever_leaves_while_a_mail_is_claimed_waits_and_gets_nothing_afterwards(service: World) -> None:
    """Leaving and claiming are one after the other, whichever comes first."""
    (anna,) = await everybody(service, 1)
    leaving = asyncio.Event()
    loop = asyncio.get_running_loop()
    left = schema.staff.update().where(schema.staff.c.id == anna).values(active=False)

    def leave_slowly(conn: object) -> None:
        conn.execute(left)  # type: ignore[attr-defined]
        loop.call_soon_threadsafe(leaving.set)
        asyncio.run_coroutine_threadsafe(until_somebody_waits(service.database), loop).result(20)

    gone = asyncio.create_task(service.database.write(leave_slowly))
    await leaving.wait()
    postbox = Postbox()
    assert await mailing(service, postbox).send([anna]) == []
    await gone
    assert postbox.kept == []
    assert await states(service) == {}


class Crowd:
    """A mail server that notes how many are with it at once."""

    def __init__(self) -> None:
        self.inside = self.most = 0

    async def send(self, message: EmailMessage) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        for _ in range(5):
            await asyncio.sleep(0)
        self.inside -= 1


async def test_a_few_mails_are_handed_over_side_by_side(service: World) -> None:
    crowd = Crowd()
    ids = await everybody(service)
    assert len(await mailing(service, crowd).send(ids)) == MANY
    assert 2 <= crowd.most <= HANDS


class Away:
    """No mail server."""

    async def send(self, message: EmailMessage) -> None:
        raise NotTaken("SMTPConnectError", later=True)


async def test_while_the_mail_server_is_away_all_is_tried_again_until_it_is_too_late(service: World) -> None:
    ids = await everybody(service)
    for minutes in (0, 1, 239):
        assert await mailing(service, Away(), minutes).find() == [ids]
        assert {one.state for one in await mailing(service, Away(), minutes).send(ids)} == {"later"}
        assert await states(service) == {}
    postbox = Postbox()
    late = mailing(service, postbox, LATEST.total_seconds() / 60 + 1)
    assert await late.find() == []
    assert await late.send(ids) == []
    assert len(await mailing(service, postbox, 240).send(ids)) == len(postbox.kept) == MANY


async def test_one_mail_in_trouble_stops_no_other(service: World, caplog: pytest.LogCaptureFixture) -> None:
    ids = await everybody(service)
    secret = "anna@example.org S0"
    troubles = (Unclear("timeout"), NotTaken("full", later=True), NotTaken("no such", later=False), KeyError(secret))
    postbox = Postbox(*troubles)
    sent = Counter(one.state for one in await mailing(service, postbox).send(ids))
    assert sent == {"sent": MANY - 4, "held": 3, "later": 1}
    assert await states(service) == {"sent": MANY - 4, "held": 3}
    assert "is held: KeyError at " in caplog.text
    for word in ("example.org", "S0", "P1"):
        assert word not in caplog.text


class Stuck:
    """Takes a few mails, then holds on to every one."""

    def __init__(self, taken: int) -> None:
        self.taken = taken
        self.stuck = asyncio.Event()

    async def send(self, message: EmailMessage) -> None:
        if self.taken:
            self.taken -= 1
            return
        self.stuck.set()
        await asyncio.Event().wait()


async def test_work_that_is_broken_off_gives_back_what_it_had_not_begun(service: World) -> None:
    ids = await everybody(service)
    stuck = Stuck(3)
    work = asyncio.create_task(mailing(service, stuck).send(ids))
    await stuck.stuck.wait()
    for _ in range(50):
        await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    became = await states(service)
    assert became["sent"] == 3
    assert became["sending"] == 0
    assert 1 <= became["held"] <= HANDS
    postbox = Postbox()
    (rest,) = await mailing(service, postbox, 1).find()
    assert len(rest) == MANY - 3 - became["held"]
    await mailing(service, postbox, 1).do(rest)
    assert await states(service) == {"sent": MANY - became["held"], "held": became["held"]}
    assert len(postbox.kept) == len(rest)


async def test_a_mail_that_is_on_its_way_for_long_is_held(service: World) -> None:
    (anna,) = await everybody(service, 1)
    claimed = mailing(service, Postbox())
    await service.database.write(lambda conn: claimed._claim(conn, [anna]))
    limit = HELD_AFTER.total_seconds() / 60
    await mailing(service, Postbox(), limit).find()
    assert await states(service) == {"sending": 1}
    assert await mailing(service, Postbox(), limit + 1).find() == []
    assert await states(service) == {"held": 1}


async def test_a_mail_reads_the_same_whatever_the_silence_of_the_others(service: World) -> None:
    """Nobody else, somebody silent, somebody erased and somebody away: byte by byte the same mail."""
    texts = set()
    for number, name in enumerate(("alone", "silent", "erased", "covered")):
        anna = await service.staff("Anna", mail=f"anna{number}@example.org")
        bo = await service.staff("Bo")
        shared = await service.person("S.K.", anna)
        await service.share(shared, line("week", point=3), at=YESTERDAY)
        if name == "silent":
            await service.conversation(await service.person("T.", anna), "open")
        if name == "erased":
            erased = await service.person("T.", anna)
            await service.share(erased, line("help", "letters"), at=YESTERDAY)
            await service.database.write(lambda conn, who=erased: people.erase(conn, who))
            service.vault.forget(f"participant:{erased}")
        if name == "covered":
            await service.person("T.", bo)
            first = date(2025, 5, 1)
            reads = Leave(bo, first, first + timedelta(days=20), anna)
            await service.database.write(lambda conn, reads=reads: leave.put(conn, reads, date(2025, 1, 1)))
        postbox = Postbox()
        (sent,) = await mailing(service, postbox).send([anna])
        assert (sent.staff_id, sent.day, sent.state) == (anna, TUESDAY, "sent")
        raw = postbox.kept[0].as_bytes()
        texts.add(raw.replace(f"anna{number}@".encode(), b"anna@").replace(f"digest-{anna}-".encode(), b"digest-"))
    assert len(texts) == 1
