"""The outbox: what waits is found in order, said once, and settled; what a stop cancelled stays cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Row, select, text, update
from sqlalchemy.exc import IntegrityError

from storage import checkins, outbox, people, schema
from storage.checkins import Talk
from storage.database import Database
from storage.outbox import Bodies, Queued, Settled, Waiting
from storage.vault import Vault
from tests.storage.plans import plan, read_whole, statements

BOT, OTHER = "telegram:700001", "telegram:700002"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Desk:
    """Puts messages and conversations of one person into the tables."""

    def __init__(self, database: Database, vault: Vault, person: int, now: datetime) -> None:
        self.database = database
        self.vault = vault
        self.person = person
        self.now = now

    async def queue(self, seq: int, **other: Any) -> tuple[int, int]:
        """A message that says its own number; its key."""
        key = self.person, seq

        def work(conn: Connection) -> None:
            cipher = people.present(conn, self.vault, self.person)
            sealed = cipher.seal(f"outbox.body|{self.person}|{seq}", str(seq))
            row = Queued(*key, 1, BOT, sealed, "queued", self.now)
            outbox.add(conn, [row._replace(**other)])

        await self.database.write(work)
        return key

    async def hold(self, number: int, **other: Any) -> None:
        """A conversation, open and without an end if nothing else is said."""
        talk = Talk(self.person, number, "weekly_checkin", 1, "open", self.now, None, None, b"sealed")
        await self.database.write(lambda conn: checkins.begin(conn, [replace(talk, **other)]))

    async def settle(self, seq: int, state: str = "sent", **other: Any) -> None:
        """What became of a message."""
        row = Settled(state, self.now, "41", 1, 1, None, None, self.person, seq)
        await self.database.write(lambda conn: outbox.settle(conn, [row._replace(**other)]))

    async def bodies(self, *keys: tuple[int, int], now: datetime | None = None) -> Bodies:
        return await self.database.read(lambda conn: outbox.bodies(conn, self.vault, keys, now or self.now))

    async def row(self, seq: int) -> Row[Any]:
        mine = select(schema.outbox).filter_by(participant_id=self.person, seq=seq)
        return await self.database.read(lambda conn: conn.execute(mine).one())


@pytest.fixture
def desk(database: Database, vault: Vault, samira: int, now: datetime) -> Desk:
    return Desk(database, vault, samira, now)


@pytest.fixture
async def yusuf(database: Database, vault: Vault, samira: int, now: datetime) -> Desk:
    """Somebody else, who came later."""
    added = await database.write(
        lambda conn: people.add_participant(
            conn, vault, name="Yusuf", pseudonym="Y.", language="en", time_zone="UTC", now=now
        )
    )
    assert added > samira
    return Desk(database, vault, added, now)


async def listed(database: Database, *args: Any) -> list[tuple[int, int]]:
    return [one[:2] for one in await database.read(lambda conn: outbox.waiting(conn, BOT, *args))]


async def test_what_waits_comes_in_order_of_person_and_number(database: Database, desk: Desk, yusuf: Desk) -> None:
    for one, seq in ((yusuf, 2), (desk, 11), (desk, 9), (yusuf, 1)):
        await one.queue(seq)
    await desk.queue(10, channel=OTHER)
    await desk.queue(12, state="sent")
    expected = [(desk.person, 9), (desk.person, 11), (yusuf.person, 1), (yusuf.person, 2)]
    assert await listed(database) == expected
    assert await listed(database, (desk.person, 9)) == expected[1:]
    assert await listed(database, (desk.person, 11)) == expected[2:]
    assert await listed(database, (yusuf.person, 2)) == []
    assert await listed(database, (0, 0), 3) == expected[:3]


async def test_a_new_message_was_never_tried(database: Database, desk: Desk) -> None:
    await desk.queue(1)
    assert await database.read(lambda conn: outbox.waiting(conn, BOT)) == [Waiting(desk.person, 1, 0, 0, None)]
    row = await desk.row(1)
    assert (row.channel_id, row.cause, row.sent_at) == (None, None, None)


async def test_a_message_to_be_tried_again_waits_with_what_is_known_of_it(database: Database, desk: Desk) -> None:
    await desk.queue(1)
    await desk.settle(1, "queued", attempts=3, parts_sent=2, not_before=desk.now + MINUTE, cause="ConnectError")
    found = await database.read(lambda conn: outbox.waiting(conn, BOT))
    assert found == [Waiting(desk.person, 1, 3, 2, desk.now + MINUTE)]


async def test_what_waits_is_found_without_looking_through_what_was_sent(database: Database, desk: Desk) -> None:
    old = [Queued(desk.person, seq, 1, BOT, b"", "sent", desk.now) for seq in range(1, 3000)]
    await database.write(lambda conn: outbox.add(conn, old))
    await desk.queue(3000)
    await database.write(lambda conn: conn.execute(text("ANALYZE")))
    for after in ((0, 0), (desk.person, 2999)):
        with statements() as seen:
            assert await listed(database, after) == [(desk.person, 3000)]
        (asked,) = [each for each in seen if "outbox" in each[0]]
        assert "ix_outbox_queued" in await database.write(lambda conn, asked=asked: plan(conn, asked))
        assert "state = 'queued'" in asked[0]  # given apart, no plan that is kept could use that index


async def test_no_other_statement_reads_a_whole_table(database: Database, desk: Desk) -> None:
    key = await desk.queue(1)
    await desk.hold(1, asked_seq=1)
    with statements() as seen:
        await desk.bodies(key)
        await database.read(lambda conn: outbox.handed_over(conn, [key]))
        await database.read(lambda conn: outbox.oldest_waiting(conn, BOT))
        await database.read(lambda conn: outbox.dead(conn, BOT))
        await desk.settle(1)
        await database.write(lambda conn: outbox.cancel(conn, [desk.person]))
    asked = [each for each in seen if "outbox" in each[0]]
    assert len(asked) == 6
    plans = await database.write(lambda conn: [plan(conn, each) for each in asked])
    assert [read_whole(each) for each in plans] == [set()] * 6


async def test_many_are_opened_by_one_statement(database: Database, desk: Desk) -> None:
    def fill(conn: Connection) -> None:
        cipher = people.present(conn, desk.vault, desk.person)
        outbox.add(
            conn,
            [
                Queued(*key, 1, BOT, cipher.seal(f"outbox.body|{key[0]}|{key[1]}", "body"), "queued", desk.now)
                for key in keys
            ],
        )

    keys = [(desk.person, seq) for seq in range(1, 2001)]
    await database.write(fill)
    with statements() as seen:
        found = await desk.bodies(*keys)
    assert set(found.opened) == set(keys)
    assert len([each for each in seen if "outbox" in each[0]]) == 1
    with statements() as seen:
        assert await desk.bodies() == Bodies({}, {}, set())
    assert seen == [] or database.dialect == "postgresql"  # which says what kind of transaction it is


async def test_only_what_is_still_queued_is_opened(database: Database, desk: Desk, yusuf: Desk) -> None:
    keys = [await desk.queue(seq) for seq in range(1, 6)]
    theirs = await yusuf.queue(1)
    for seq, state in ((2, "sent"), (3, "dead"), (4, "cancelled"), (5, "queued")):
        await desk.settle(seq, state)
    found = await desk.bodies(*keys, theirs, (desk.person, 99), (999, 1))
    assert found == Bodies({keys[0]: b"1", keys[4]: b"5", theirs: b"1"}, {}, set())


async def test_nothing_of_somebody_who_was_erased_is_opened(database: Database, desk: Desk, yusuf: Desk) -> None:
    keys = await desk.queue(1), await yusuf.queue(1)
    no_key = update(schema.participant).where(schema.participant.c.id == desk.person).values(data_key=None)
    await database.write(lambda conn: conn.execute(no_key))  # as an erasure does first
    assert await desk.bodies(*keys) == Bodies({keys[1]: b"1"}, {}, set())


@pytest.mark.parametrize("damaged", ["outbox", "participant"])
async def test_a_damaged_message_does_not_hold_up_the_others(
    database: Database, desk: Desk, yusuf: Desk, damaged: str
) -> None:
    keys = await desk.queue(1), await yusuf.queue(1)
    spoil = {
        "outbox": update(schema.outbox).filter_by(participant_id=desk.person).values(sealed_body=b"noise"),
        "participant": update(schema.participant).filter_by(id=desk.person).values(data_key=b"noise"),
    }
    await database.write(lambda conn: conn.execute(spoil[damaged]))
    desk.vault.forget(f"participant:{desk.person}")
    assert await desk.bodies(*keys) == Bodies({keys[1]: b"1"}, {}, {keys[0]})


async def test_a_question_is_too_late_once_its_check_in_is_over(desk: Desk) -> None:
    await desk.hold(1, closes_at=desk.now + DAY)
    key = await desk.queue(1)
    for at in (desk.now, desk.now + DAY):  # until the very end, as when somebody answers
        assert await desk.bodies(key, now=at) == Bodies({key: b"1"}, {}, set())
    assert await desk.bodies(key, now=desk.now + DAY + MINUTE) == Bodies({}, {key: b"1"}, set())


async def test_a_check_in_without_an_end_is_never_over(desk: Desk) -> None:
    await desk.hold(1)
    key = await desk.queue(1)
    assert (await desk.bodies(key, now=desk.now + 1000 * DAY)).opened == {key: b"1"}


async def test_of_an_expired_check_in_only_what_says_so_is_sent(desk: Desk) -> None:
    later = desk.now + 2 * DAY
    await desk.hold(1, closes_at=desk.now + DAY, state="expired", ended_at=later)
    question, note = await desk.queue(1), await desk.queue(2, created_at=later)
    assert await desk.bodies(question, note, now=later) == Bodies({note: b"2"}, {question: b"1"}, set())


@pytest.mark.parametrize("state", ["closed", "stopped"])
async def test_the_last_words_of_a_check_in_are_sent_although_it_is_over(desk: Desk, state: str) -> None:
    await desk.hold(1, closes_at=desk.now + DAY, state=state, ended_at=desk.now)
    await desk.hold(2, closes_at=desk.now + 9 * DAY)
    keys = [await desk.queue(1), await desk.queue(2, conversation=0), await desk.queue(3, conversation=2)]
    assert set((await desk.bodies(*keys, now=desk.now + 2 * DAY)).opened) == set(keys)


async def test_what_became_of_a_message_is_kept(desk: Desk) -> None:
    await desk.queue(1)
    await desk.settle(1, "dead", sent_at=None, channel_id=None, parts_sent=0, attempts=4, cause="Bad Request")
    row = await desk.row(1)
    assert (row.state, row.sent_at, row.channel_id, row.parts_sent, row.attempts, row.cause) == (
        "dead", None, None, 0, 4, "Bad Request",
    )  # fmt: skip
    await desk.queue(2)
    await desk.settle(2, "sent", channel_id="4711", parts_sent=2, attempts=1)
    row = await desk.row(2)
    assert (row.state, row.sent_at, row.channel_id, row.parts_sent) == ("sent", desk.now, "4711", 2)


@pytest.mark.parametrize(
    ("cause", "stored"), [("x" * 500, "x" * 200), ("Bad\0 Request", "Bad Request"), ("half \ud83d", "half ?")]
)
async def test_whatever_a_channel_says_can_be_stored(desk: Desk, cause: str, stored: str) -> None:
    await desk.queue(1)
    await desk.settle(1, "dead", cause=cause)
    assert (await desk.row(1)).cause == stored


async def test_many_are_settled_together_and_each_as_it_was(database: Database, desk: Desk, yusuf: Desk) -> None:
    for seq in (1, 2, 3):
        await desk.queue(seq)
        await yusuf.queue(seq)
    rows = [
        Settled("sent", one.now, f"{one.person}.{seq}", 1, 1, None, None, one.person, seq)
        for one, seq in ((yusuf, 2), (desk, 3), (yusuf, 1), (desk, 1))
    ]
    await database.write(lambda conn: outbox.settle(conn, rows))
    await database.write(lambda conn: outbox.settle(conn, []))
    assert await listed(database) == [(desk.person, 2), (yusuf.person, 3)]
    for row in rows:
        one = desk if row.participant_id == desk.person else yusuf
        assert (await one.row(row.seq)).channel_id == row.channel_id


@pytest.mark.parametrize("first", ["cancelled", "sent", "dead"])
async def test_what_is_no_longer_queued_is_not_settled_again(desk: Desk, first: str) -> None:
    """As when somebody has stopped while the message was on its way."""
    await desk.queue(1)
    await desk.settle(1, first, channel_id="1", cause="first")
    for state in ("sent", "queued"):
        await desk.settle(1, state, channel_id="2", cause="second", attempts=9)
    row = await desk.row(1)
    assert (row.state, row.channel_id, row.cause, row.attempts) == (first, "1", "first", 1)


async def test_cancelling_takes_all_that_is_queued_of_these_people_in_every_channel(
    database: Database, desk: Desk, yusuf: Desk
) -> None:
    for seq in (1, 2):
        await desk.queue(seq)
    await desk.queue(3, channel=OTHER)
    await desk.queue(4, state="sent")
    await yusuf.queue(1)
    await database.write(lambda conn: outbox.cancel(conn, []))
    assert len(await listed(database)) == 3
    await database.write(lambda conn: outbox.cancel(conn, [desk.person, 999]))
    assert [(await desk.row(seq)).state for seq in (1, 2, 3, 4)] == ["cancelled"] * 3 + ["sent"]
    assert await listed(database) == [(yusuf.person, 1)]


async def test_what_a_channel_has_taken_is_told_with_its_own_id(database: Database, desk: Desk) -> None:
    keys = [await desk.queue(seq) for seq in range(1, 7)]
    await desk.settle(1, channel_id="4711")
    await desk.settle(2, channel_id=None)
    await desk.settle(3, "dead", attempts=0)
    await desk.settle(4, "queued", parts_sent=1, channel_id="9")
    await desk.settle(6, "dead", attempts=4, channel_id=None)  # it may have been seen
    found = await database.read(lambda conn: outbox.handed_over(conn, [*keys, (desk.person, 0), (999, 1)]))
    assert found == {keys[0]: (BOT, "4711"), keys[1]: (BOT, ""), keys[5]: (BOT, "")}
    assert await database.read(lambda conn: outbox.handed_over(conn, [])) == {}


@pytest.mark.parametrize(
    ("talk", "sent", "asked"),
    [
        ({}, {}, True),
        ({"closes_at": 2}, {}, True),
        ({"closes_at": 1}, {}, False),  # it is over
        ({"state": "paused"}, {}, False),
        ({"asked_seq": 0}, {}, False),  # nothing waits for an answer
        ({"asked_seq": 2}, {}, False),
        ({}, {"state": "queued"}, False),  # not asked yet
        ({}, {"state": "dead", "attempts": 4}, True),  # given up on the way
        ({}, {"state": "dead", "attempts": 0}, False),  # the channel will never take it
        ({}, {"state": "cancelled"}, False),
        ({}, {"sent_at": 1}, False),  # asked since
    ],
)
async def test_who_was_asked_before_a_channel_was_away(
    database: Database, desk: Desk, talk: dict[str, Any], sent: dict[str, Any], asked: bool
) -> None:
    """At noon the channel is back; it went away in the minute after the question had left."""
    away, noon = desk.now + MINUTE, desk.now + DAY + MINUTE
    times = {1: away, 2: noon}
    await desk.queue(1)
    await desk.settle(1, **{name: times.get(value, value) for name, value in sent.items()})
    await desk.hold(1, **{"asked_seq": 1, **{n: times.get(v, v) if n == "closes_at" else v for n, v in talk.items()}})
    for channel, expected in ((BOT, asked), (OTHER, False)):
        found = await database.read(lambda conn, channel=channel: outbox.asked_in(conn, channel, away, noon))
        assert [one.participant_id for one in found] == ([desk.person] if expected else [])


async def test_everybody_who_was_asked_is_named_once_in_order(database: Database, desk: Desk, yusuf: Desk) -> None:
    for one in (yusuf, desk):
        await one.hold(1, state="closed", asked_seq=1)
        await one.hold(2, asked_seq=2)
        for seq in (1, 2):
            await one.queue(seq, conversation=seq)
            await one.settle(seq)
    found = await database.read(lambda conn: outbox.asked_in(conn, BOT, desk.now + MINUTE, desk.now + MINUTE))
    assert [one.participant_id for one in found] == [desk.person, yusuf.person]


async def test_how_long_something_waits_and_how_much_was_given_up(database: Database, desk: Desk) -> None:
    async def told() -> tuple[datetime | None, int]:
        return await database.read(lambda conn: (outbox.oldest_waiting(conn, BOT), outbox.dead(conn, BOT)))

    assert await told() == (None, 0)
    await desk.queue(1, created_at=desk.now + MINUTE)
    await desk.queue(2, created_at=desk.now + 2 * MINUTE)
    await desk.queue(3, created_at=desk.now, channel=OTHER)
    assert await told() == (desk.now + MINUTE, 0)
    await desk.settle(1, "dead")
    await desk.settle(3, "dead")
    assert await told() == (desk.now + 2 * MINUTE, 1)
    await desk.settle(2)
    assert await told() == (None, 1)


async def test_a_number_is_given_to_one_message(desk: Desk) -> None:
    await desk.queue(1)
    with pytest.raises(IntegrityError):
        await desk.queue(1)


async def test_a_conversation_knows_which_question_waits(database: Database, desk: Desk) -> None:
    async def stored() -> tuple[int, int]:
        talks = await database.read(lambda conn: checkins.open_talks(conn, [desk.person]))
        last = await database.read(lambda conn: checkins.last_talk(conn, desk.person))
        assert last is not None
        return talks[desk.person].asked_seq, last.asked_seq

    await desk.hold(1)
    assert await stored() == (0, 0)
    talk = (await database.read(lambda conn: checkins.open_talks(conn, [desk.person])))[desk.person]
    await database.write(lambda conn: checkins.go_on(conn, [replace(talk, state="closed", asked_seq=7)]))
    assert await stored() == (7, 7), "it is still open"
    await database.write(lambda conn: checkins.change(conn, [replace(talk, state="closed", asked_seq=7)]))
    await desk.hold(2, asked_seq=9)
    assert await stored() == (9, 9)
