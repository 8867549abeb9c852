"""Delivery from the real outbox, on both databases: what is kept, what a restart finds, and whole conversations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.batch import Receipt
from bot.delivery.book import StoredBook
from bot.delivery.chats import FRESH
from bot.delivery.limits import Limits
from bot.delivery.outcomes import Gone, Later, Refused, Shut, Unclear
from bot.messages import Inbound, Outbound, encode
from bot.turns import Turns
from storage import addresses, channel_state, checkins, inbox, outbox, people, schema
from storage.checkins import Talk
from storage.database import Database
from storage.inbox import Received
from storage.outbox import Queued
from storage.vault import Vault
from tests.bot.delivery_world import CHANNEL, MONDAY, ROOM, Process, TurnedClock, asked, redrawn, said
from tests.bot.turn_world import TurnWorld, deployed

OTHER = "telegram:700002"


class StoredWorld(Process):
    """A delivery whose book is the database."""

    def __init__(self, database: Database, vault: Vault) -> None:
        clock = TurnedClock(self.activity)
        super().__init__(StoredBook(database, vault, CHANNEL, clock.now), clock, Limits(), 0.0)
        self.database = database
        self.vault = vault

    async def person(self, where: str = "") -> int:
        """A new participant with an address in this channel and in another one."""

        def work(conn: Connection) -> int:
            made = people.add_participant(
                conn, self.vault, name="Samira", pseudonym="S.", language="en", time_zone="UTC", now=MONDAY
            )
            for channel in (CHANNEL, OTHER):
                addresses.add_address(conn, self.vault, made, channel, where or f"A{made}", MONDAY)
            return made

        return await self.database.write(work)

    async def queue(self, person: int, *messages: Outbound, first: int = 1, **other: Any) -> list[tuple[int, Outbound]]:
        """Store messages that wait."""
        numbered = list(enumerate(messages, first))

        def work(conn: Connection) -> None:
            cipher = people.present(conn, self.vault, person)
            rows = [
                Queued(
                    person,
                    seq,
                    message.conversation,
                    CHANNEL,
                    cipher.seal(f"outbox.body|{person}|{seq}", encode(message)),
                    "queued",
                    self.clock.now(),
                )._replace(**other)
                for seq, message in numbered
            ]
            outbox.add(conn, rows)

        await self.database.write(work)
        return numbered

    async def rows(self, person: int) -> list[Any]:
        """What the outbox holds for them."""
        asked_for = select(schema.outbox).filter_by(participant_id=person).order_by(schema.outbox.c.seq)
        return await self.database.read(lambda conn: list(conn.execute(asked_for).all()))

    async def states(self, person: int) -> list[str]:
        """Of all their messages."""
        return [row.state for row in await self.rows(person)]

    async def audited(self) -> list[tuple[str, str, int, Any]]:
        """Who did what to whom."""
        audit = schema.audit.c
        asked_for = select(audit.actor, audit.action, audit.participant_id, audit.details).order_by(audit.id)
        found = await self.database.read(lambda conn: conn.execute(asked_for).all())
        return [tuple(row) for row in found if row.action.startswith("address.")]


@pytest.fixture
async def world(database: Database, vault: Vault) -> AsyncIterator[StoredWorld]:
    """Nobody is there yet, and nothing runs."""
    made = StoredWorld(database, vault)
    yield made
    await made.stop()


async def test_what_waits_is_sent_and_marked(world: StoredWorld) -> None:
    person = await world.person("4711")
    await world.queue(person, said("Hello."), asked("How are you?"))
    await world.start()
    await world.clock.turn(2)
    assert [(each.address, each.part.text) for each in world.sender.handed] == [("4711", "Hello.\n\nHow are you?")]
    for row in await world.rows(person):
        assert (row.state, row.channel_id, row.sent_at, row.cause) == ("sent", "1", MONDAY, None)


async def test_a_reply_is_sent_and_marked_and_the_next_look_finds_nothing(world: StoredWorld) -> None:
    person = await world.person()
    await world.start()
    numbered = await world.queue(person, asked("How are you?"), first=2)
    world.delivery.told(person, f"A{person}", numbered)
    await world.clock.turn(10)
    assert world.sender.texts == ["How are you?"]
    assert await world.states(person) == ["sent"]
    assert (await world.delivery.health()).waiting == 0


async def test_a_restart_goes_on_at_the_part_that_was_next(world: StoredWorld) -> None:
    person = await world.person()
    await world.queue(person, said("a" * ROOM), said("b" * ROOM), said("Cc."))
    await world.start()
    await world.clock.turn(1.2)
    assert [row.parts_sent for row in await world.rows(person)] == [2, 2, 2]
    await world.kill()
    await world.queue(person, said("Dd."), first=5)
    await world.start()
    await world.clock.turn(5)
    assert world.sender.texts == ["a" * ROOM, "b" * ROOM, "Cc.", "Dd."]
    assert await world.states(person) == ["sent"] * 4


async def test_a_try_whose_end_nobody_knows_is_remembered(world: StoredWorld) -> None:
    person = await world.person()
    world.sender.answers = [Unclear("ReadTimeout"), Unclear("ReadTimeout")]
    await world.queue(person, asked("How are you?"))
    await world.start()
    await world.clock.turn(6)
    (row,) = await world.rows(person)
    assert (row.state, row.attempts, row.cause) == ("queued", 2, "ReadTimeout")
    assert row.not_before == MONDAY + timedelta(seconds=35)
    await world.kill()
    await world.start()
    await world.clock.turn(28)
    assert len(world.sender.handed) == 2
    await world.clock.turn(2)
    assert world.sender.texts == ["How are you?"]
    (row,) = await world.rows(person)
    assert (row.state, row.attempts, row.not_before, row.cause) == ("sent", 0, None, None)


async def test_a_chat_that_has_to_wait_waits_after_a_restart(world: StoredWorld) -> None:
    one, other = await world.person(), await world.person()
    world.sender.answers = [Later(100)]
    await world.queue(one, said("Hello."))
    await world.start()
    await world.kill()
    await world.queue(other, said("Hello."))
    await world.start()
    await world.clock.turn(99)
    assert world.sender.sent_to(f"A{one}") == []
    assert world.sender.sent_to(f"A{other}") == ["Hello."]
    await world.clock.turn(2)
    assert world.sender.sent_to(f"A{one}") == ["Hello."]


async def test_a_pause_and_a_trouble_of_the_channel_are_kept(world: StoredWorld) -> None:
    for person in [await world.person() for _ in range(4)]:
        await world.queue(person, said("Hello."))
    world.sender.answers = [Later(20), Later(30), Later(20), Shut("Unauthorized")]
    await world.start()
    await world.clock.turn(1)
    state = await world.database.read(lambda conn: channel_state.read(conn, CHANNEL))
    assert state is not None
    assert state.paused_until == MONDAY + timedelta(seconds=30.08)
    await world.kill()
    await world.start()
    await world.clock.turn(31)
    assert (await world.delivery.health()).trouble == "Unauthorized"
    state = await world.database.read(lambda conn: channel_state.read(conn, CHANNEL))
    assert state is not None
    assert state.trouble == "Unauthorized"
    await world.clock.turn(61)
    assert len(world.sender.texts) == 4
    state = await world.database.read(lambda conn: channel_state.read(conn, CHANNEL))
    assert state is not None
    assert state.trouble is None


async def test_who_is_gone_loses_what_waits_here_and_nothing_elsewhere(world: StoredWorld) -> None:
    person, other = await world.person(), await world.person()
    world.sender.answers = [Gone("Forbidden: bot was blocked by the user")]
    await world.queue(person, *[asked(f"{number}?") for number in range(60)])
    await world.queue(other, *[asked(f"{number}?") for number in range(3)])
    await world.queue(person, asked("Elsewhere?"), first=100, channel=OTHER)
    await world.start()
    await world.clock.turn(5)
    assert await world.states(other) == ["sent"] * 3
    rows = await world.rows(person)
    assert [row.state for row in rows] == ["cancelled"] * 60 + ["queued"]
    assert {row.cause for row in rows[:-1]} == {"Forbidden: bot was blocked by the user"}
    gone = ("system", "address.unreachable", person, {"channel": CHANNEL})
    assert await world.audited() == [gone]
    await world.queue(person, said("News."), first=200)
    await world.clock.turn(3)
    assert len(world.sender.handed) == 4
    assert (await world.rows(person))[-1].cause == "address unreachable"
    assert await world.delivery.back(person)
    await world.queue(person, said("Welcome."), first=210)
    await world.clock.turn(3)
    assert world.sender.sent_to(f"A{person}") == ["Welcome."]
    assert await world.audited() == [gone, ("system", "address.reachable", person, {"channel": CHANNEL})]


async def test_who_was_gone_and_writes_to_another_process_gets_the_reply(world: StoredWorld) -> None:
    person = await world.person()
    world.sender.answers = [Gone("Bad Request: chat not found")]
    await world.queue(person, asked("One?"), asked("Two?"))
    await world.start()
    await world.clock.turn(3)
    assert await world.states(person) == ["cancelled"] * 2
    received = Received(person, CHANNEL, "m7", 3, 0, b"", MONDAY)
    await world.database.write(lambda conn: inbox.add(conn, [received]))
    await world.queue(person, asked("Three?"), first=4)
    await world.clock.turn(3)
    assert world.sender.sent_to(f"A{person}") == ["Three?"]
    assert [action for _, action, *_ in await world.audited()] == ["address.unreachable", "address.reachable"]
    assert (await world.states(person))[-1] == "sent"


async def test_who_wrote_only_before_they_were_gone_is_left_alone(world: StoredWorld) -> None:
    person = await world.person()
    received = Received(person, CHANNEL, "m7", 1, 0, b"", MONDAY)
    await world.database.write(lambda conn: inbox.add(conn, [received]))
    world.sender.answers = [Gone("Bad Request: chat not found")]
    await world.queue(person, asked("One?"), first=2)
    await world.start()
    await world.clock.turn(3)
    await world.queue(person, said("News."), first=3)
    await world.clock.turn(3)
    assert len(world.sender.handed) == 1
    assert await world.states(person) == ["cancelled"] * 2


async def test_a_refused_message_is_dead_with_its_cause(world: StoredWorld) -> None:
    person = await world.person()
    world.sender.answers = [Refused("Bad Request: x" + "y" * 300)]
    await world.queue(person, asked("One?"), asked("Two?"))
    await world.start()
    await world.clock.turn(3)
    first, second = await world.rows(person)
    assert (first.state, first.cause[:14], second.state) == ("dead", "Bad Request: x", "sent")
    assert (await world.delivery.health()).dead == 1


async def test_of_a_check_in_that_is_over_only_what_asks_nothing_is_sent(world: StoredWorld) -> None:
    person = await world.person()
    talk = Talk(person, 1, "weekly_checkin", 1, "open", MONDAY, MONDAY - timedelta(hours=1), None, b"sealed")
    await world.database.write(lambda conn: checkins.begin(conn, [talk]))
    messages = [asked("How was it?"), redrawn("41"), redrawn("42", "x"), Outbound("note", "en", "Help is at 112.")]
    await world.queue(person, *messages, conversation=1)
    await world.start()
    await world.clock.turn(5)
    assert [(each.part.text, each.part.edits) for each in world.sender.handed] == [("", "41"), ("Help is at 112.", "")]
    assert await world.states(person) == ["cancelled", "sent", "cancelled", "sent"]


async def test_a_damaged_message_is_dead_and_the_rest_goes_on(world: StoredWorld) -> None:
    person, other = await world.person(), await world.person()
    await world.queue(person, said("One."), said("Two."), said("Three."))

    def damage(conn: Connection) -> None:
        cipher = people.present(conn, world.vault, person)
        no_message = cipher.seal(f"outbox.body|{person}|2", b'{"kind": 7}')
        for seq, body in ((1, b"noise"), (2, no_message)):
            conn.execute(update(schema.outbox).filter_by(participant_id=person, seq=seq).values(sealed_body=body))

    await world.database.write(damage)
    await world.queue(other, said("Hello."))
    await world.start()
    await world.clock.turn(5)
    assert sorted(world.sender.texts) == ["Hello.", "Three."]
    assert await world.states(person) == ["dead", "dead", "sent"]


async def test_a_damaged_address_holds_up_nobody_else(world: StoredWorld) -> None:
    person, other = await world.person(), await world.person()
    damaged = update(schema.address).filter_by(participant_id=person).values(sealed_address=b"noise")
    await world.database.write(lambda conn: conn.execute(damaged))
    for each in (person, other):
        await world.queue(each, said("Hello."))
    await world.start()
    await world.clock.turn(5)
    assert [each.address for each in world.sender.handed] == [f"A{other}"]
    assert await world.states(person) == ["queued"]


async def test_a_stop_heard_by_another_process_holds_back_what_waits(world: StoredWorld) -> None:
    person = await world.person()
    await world.start()
    numbered = await world.queue(person, *[asked(f"{number}?") for number in range(9)], first=2)
    world.delivery.told(person, f"A{person}", numbered)
    await world.clock.turn(2.5)
    await world.database.write(lambda conn: outbox.cancel(conn, [person]))
    await world.clock.turn(20)
    assert 3 <= len(world.sender.texts) <= 5, "what was read less than two seconds before may still leave"
    assert await world.states(person) == ["sent"] * 3 + ["cancelled"] * 6


async def test_what_was_on_its_way_when_somebody_stopped_stays_cancelled(world: StoredWorld) -> None:
    person = await world.person()
    world.sender.takes = 1.0
    await world.queue(person, asked("One?"))
    await world.start()
    await world.clock.turn(0.5)
    await world.database.write(lambda conn: outbox.cancel(conn, [person]))
    await world.clock.turn(3)
    assert world.sender.texts == ["One?"]
    assert await world.states(person) == ["cancelled"]


async def test_nothing_is_sent_to_an_erased_person(world: StoredWorld) -> None:
    person, other = await world.person(), await world.person()
    await world.start()
    numbered = await world.queue(person, *[asked(f"{number}?") for number in range(9)], first=2)
    world.delivery.told(person, f"A{person}", numbered)
    await world.clock.turn(2.5)
    await world.database.write(lambda conn: people.erase(conn, person))
    await world.queue(other, said("Hello."))
    await world.clock.turn(20)
    sent = [text for text in world.sender.texts if text != "Hello."]
    assert sent[:3] == ["0?", "1?", "2?"]
    assert len(sent) <= 3 + FRESH, "what was read just before may still leave: whoever erases calls Delivery.forget too"
    assert world.sender.texts.count("Hello.") == 1
    assert (await world.delivery.health()).waiting == 0


async def test_five_thousand_stored_messages_are_drained_in_order(world: StoredWorld) -> None:
    """Each ten become one message of the channel, so that it takes 20 seconds of its time."""
    ids = [await world.person() for _ in range(250)]
    for person in ids:
        await world.queue(person, *[said(f"{seq}") if seq % 10 else asked(f"{seq}") for seq in range(1, 21)])
    await world.start()
    await world.clock.turn(250 * 2 / 25 * 1.05 + 1)
    for person in ids:
        texts = " ".join(world.sender.sent_to(f"A{person}")).split()
        assert texts == [str(seq) for seq in range(1, 21)]
    unsent = select(schema.outbox.c.seq).where(schema.outbox.c.state != "sent")
    assert await world.database.read(lambda conn: conn.execute(unsent).all()) == []
    times = world.sender.times
    assert all(later - one >= 1.0 for one, later in zip(times, times[25:], strict=False))


# With real turns ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def talking(database: Database, vault: Vault) -> AsyncIterator[tuple[TurnWorld, StoredWorld]]:
    """A deployment whose people talk in this channel."""
    turns = await deployed(database, vault)
    world = StoredWorld(database, vault)
    turns.turns.listeners.append(lambda *heard: world.delivery.heard(*heard))
    yield turns, world
    await world.stop()
    await turns.turns.close()


async def says(turns: Turns, person: int, number: int, text: str) -> Receipt:
    """Somebody writes in this channel."""
    return await turns.submit(Inbound(CHANNEL, f"A{person}", f"m{number}", MONDAY, text))


async def test_what_turns_answer_arrives_as_it_was_answered(talking: tuple[TurnWorld, StoredWorld]) -> None:
    turns, world = talking
    people_here = [await turns.person(f"Person{number}") for number in range(3)]
    for person in people_here:
        place = {"participant_id": person.id, "channel": CHANNEL, "where": f"A{person.id}", "now": MONDAY}
        await world.database.write(lambda conn, place=place: addresses.add_address(conn, world.vault, **place))
    world.sender.room = 4_000
    await world.start()
    told: dict[int, list[str]] = {person.id: [] for person in people_here}
    for number, text in enumerate(["start", "next", "next", "", "x", "skip", "skip", "skip"]):
        for person in people_here:
            receipt = await says(turns.turns, person.id, number, text)
            told[person.id] += [message.text for _, message in receipt.messages if message.kind != "redrawn"]
        await world.clock.turn(1.1)
    await world.clock.turn(10)
    for person in people_here:
        arrived = "".join(world.sender.sent_to(f"A{person.id}"))
        assert "".join(arrived.split()) == "".join("".join(told[person.id]).split())
        assert set(await world.states(person.id)) == {"sent"}


async def test_a_stop_holds_back_what_the_turns_before_it_queued(talking: tuple[TurnWorld, StoredWorld]) -> None:
    turns, world = talking
    person = await turns.person()
    await world.database.write(
        lambda conn: addresses.add_address(conn, world.vault, person.id, CHANNEL, f"A{person.id}", MONDAY)
    )
    await world.start()
    await says(turns.turns, person.id, 1, "start")
    await says(turns.turns, person.id, 2, "/help")
    await says(turns.turns, person.id, 3, "/stop")
    await world.clock.turn(10)
    *before, last = await world.rows(person.id)
    assert last.state == "sent"
    assert "cancelled" in {row.state for row in before}
    assert "queued" not in {row.state for row in before}
