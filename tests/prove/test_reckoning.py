"""The reckoning finds nothing wrong in weeks in which nothing was, and each fault that is planted in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.messages import Outbound, encode
from bot.slots import LATEST, rhythm_of
from storage import addresses, contacts, digests, people, processes, schema
from storage.database import Database
from storage.processes import Process
from tests.bot.turn_world import MONDAY, TurnWorld, deployed, opened
from tests.prove.place import place
from tests.prove.reckoning import Reckoning, hours_of, reckoned

KEY = bytes(range(32))
WEEKS = timedelta(weeks=5)
SUNDAY = "2026-03-08"
NOON = MONDAY + timedelta(days=40, hours=3)
"""Long after everything that came by itself."""


@dataclass
class Weeks:
    """What is left of some weeks in which nobody answered. ``mails`` were taken, ``pids`` run."""

    world: TurnWorld
    person: int
    mails: list[str] = field(default_factory=list)
    pids: list[int] = field(default_factory=list)
    seq: int = 10_000

    def reckoned(self, conn: Connection) -> Reckoning:
        return reckoned(conn, self.world.vault, self.world.clock.now, self.mails, self.pids, MONDAY)

    # What can be planted ----------------------------------------------------------------------------------------------

    def begun_twice(self, conn: Connection) -> None:
        asked = select(schema.conversation).filter_by(participant_id=self.person, dialogue="weekly_checkin")
        row = conn.execute(asked).first()
        assert row is not None
        later = row.started_at + timedelta(minutes=1)
        again = {**row._mapping, "number": row.number + 500, "started_at": later, "state": "expired"}
        conn.execute(insert(schema.conversation), again)

    def reminded_twice(self, conn: Connection) -> None:
        for days in (0, 10):
            said = "Your check-in is open until Friday. It is OK to skip."
            self._says(conn, NOON + timedelta(days=days), Outbound("note", "en", said, 77))

    def too_often(self, conn: Connection) -> None:
        for days in (20, 22, 24, 26):
            self._says(conn, NOON + timedelta(days=days), Outbound("note", "en", "Hello"))

    def at_night(self, conn: Connection) -> None:
        self._says(conn, NOON + timedelta(days=40, hours=12), Outbound("note", "en", "Hello"))

    def mailed_twice(self, conn: Connection) -> None:
        self.mails += [self._claimed(conn, "2026-03-05")] * 2

    def mailed_off(self, conn: Connection) -> None:
        late = LATEST + timedelta(minutes=1)
        self.mails += [self._claimed(conn, SUNDAY), self._claimed(conn, "2026-03-04", late), "<nobody@localhost>"]

    def undone(self, conn: Connection) -> None:
        vault, now = self.world.vault, self.world.clock.now
        addresses.add_address(conn, vault, self.person, "telegram:1", "1", now)
        self._says(conn, NOON + timedelta(days=60), Outbound("note", "en", "Hello"), "telegram:1", "queued")

    def overdue(self, conn: Connection) -> None:
        contacts.look_again(conn, self.person, self.world.clock.now - timedelta(minutes=5))

    def broken(self, conn: Connection) -> None:
        row = conn.execute(select(schema.inbox)).first()
        assert row is not None
        conn.execute(insert(schema.inbox), {**row._mapping, "message_id": "another", "state": "quarantined"})

    def ghosts(self, conn: Connection) -> None:
        now = self.world.clock.now
        processes.beat(conn, Process("dead", "here", 4_000_001, "", "", now, now))

    def a_ghost_that_lives(self, conn: Connection) -> None:
        self.pids.append(4_000_002)

    def _says(self, conn: Connection, at: datetime, said: Outbound, channel: str = "web", state: str = "sent") -> None:
        self.seq += 1
        cipher = people.participant(conn, self.world.vault, self.person).cipher
        body = cipher.seal(f"outbox.body|{self.person}|{self.seq}", encode(said))
        row = {"participant_id": self.person, "seq": self.seq, "conversation": said.conversation, "channel": channel}
        conn.execute(insert(schema.outbox), {**row, "sealed_body": body, "state": state, "created_at": at})

    def _claimed(self, conn: Connection, day: str, late: timedelta = timedelta(0)) -> str:
        staff, kept = next(iter(hours_of(conn).items()))
        name = f"<medvind-digest-{staff}-{day}@localhost>"
        at = rhythm_of(kept).moment(datetime.fromisoformat(day).date()) + late
        assert digests.claim_digests(conn, {(staff, day): name}, at)
        conn.execute(update(schema.digest).where(schema.digest.c.day == day).values(state="sent"))
        return name


@pytest.fixture
async def weeks() -> AsyncIterator[Weeks]:
    with place("sqlite") as url:
        database = Database.open(url)
        await database.migrate()
        await database.close()
        async with opened(url, KEY) as (database, vault):
            world = await deployed(database, vault)
            person = await world.person()
            await person.onboards()
            await world.until(MONDAY + WEEKS)
            yield Weeks(world, person.id)


async def test_each_fault_is_noticed_and_taken_for_no_other(weeks: Weeks) -> None:
    found = await weeks.world.database.read(weeks.reckoned)
    assert found.wrong == {}
    assert (found.begun, found.reminded) == (4, 4)
    plants: dict[Callable[[Connection], None], tuple[str, int]] = {
        weeks.begun_twice: ("begun_twice", 1),
        weeks.reminded_twice: ("reminded_twice", 1),
        weeks.too_often: ("too_often", 1),
        weeks.at_night: ("at_night", 1),
        weeks.mailed_twice: ("mailed_twice", 1),
        weeks.mailed_off: ("mailed_off", 3),
        weeks.undone: ("undone", 1),
        weeks.overdue: ("overdue", 1),
        weeks.broken: ("broken", 1),
        weeks.ghosts: ("ghosts", 1),
        weeks.a_ghost_that_lives: ("ghosts", 2),
    }
    expected: dict[str, int] = {}
    for plant, (name, many) in plants.items():
        await weeks.world.database.write(plant)
        expected[name] = many
        assert (await weeks.world.database.read(weeks.reckoned)).wrong == expected, plant
