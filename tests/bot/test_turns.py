"""The turn: each message has its effect once, in the order of sending, and a batch of them costs what one costs."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from bot.batch import Receipt, Unknown
from bot.conversing import Conversing
from bot.messages import Inbound
from bot.rendering import Voice
from bot.speaking import Names
from storage import schema
from storage.database import Database
from tests.bot.nine_questions import NINE, thrice, thrice_answered
from tests.bot.turn_world import Person, TurnWorld


async def left(world: TurnWorld) -> dict[str, int]:
    """How much everybody's messages have left behind."""
    tables = (schema.inbox, schema.outbox, schema.answer, schema.conversation)
    return {table.name: await world.count(table) for table in tables}


@pytest.fixture
async def elsewhere(world: TurnWorld, database_url: str) -> AsyncIterator[Database]:
    """The database as another process has it: on SQLite that is the one writer there is."""
    if world.database.dialect == "sqlite":
        yield world.database
        return
    opened = Database.open(database_url)
    yield opened
    await opened.close()


# Once


async def test_a_second_copy_has_no_effect(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    answer = amina.message(tap=amina.waits.buttons[3].tap)
    first = await amina.send(answer)
    before = await left(world), await amina.seqs()
    second = await amina.send(answer)
    assert (first.fresh, second.fresh, second.messages) == (True, False, ())
    assert (await left(world), await amina.seqs()) == before
    assert (await amina.answered())["week"] == "4"


async def test_a_second_copy_with_other_content_has_no_effect_either(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    await amina.send(amina.message("2", id="the-same"))
    assert not (await amina.send(amina.message("5", id="the-same"))).fresh
    assert (await amina.answered())["week"] == "2"


async def test_copies_in_one_batch_have_one_effect(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    before = await left(world)
    answer = amina.message("4")
    receipts = await asyncio.gather(*(world.turns.submit(answer) for _ in range(5)))
    assert [receipt.fresh for receipt in receipts] == [True, False, False, False, False]
    assert [len(receipt.messages) for receipt in receipts] == [1, 0, 0, 0, 0]
    assert await left(world) == {
        **before,
        "inbox": before["inbox"] + 1,
        "outbox": before["outbox"] + 1,
        "answer": before["answer"] + 1,
    }


async def test_copies_to_two_processes_at_once_have_one_effect(world: TurnWorld, elsewhere: Database) -> None:
    another = world.another_turns(elsewhere)
    everybody = await world.people(8)
    for person in everybody:
        await person.says("start")
    before = await left(world)
    taps = [person.message(tap=person.waits.buttons[0].tap) for person in everybody]
    receipts = await asyncio.gather(*(turns.submit(tap) for tap in taps for turns in (world.turns, another)))
    for once, twice in zip(receipts[::2], receipts[1::2], strict=True):
        assert sorted((once.fresh, twice.fresh)) == [False, True]
        assert sorted((len(once.messages), len(twice.messages))) == [0, 2]
    assert await left(world) == {
        **before,
        "inbox": before["inbox"] + 8,
        "outbox": before["outbox"] + 16,
        "answer": before["answer"] + 8,
    }
    for person in everybody:
        assert await person.answered() == {"free_choice": "ok"}


async def test_the_same_id_of_two_people_are_two_messages(world: TurnWorld) -> None:
    amina, sam = await world.person(), await world.person("Sam")
    receipts = await asyncio.gather(*(each.send(each.message("start", id="number-1")) for each in (amina, sam)))
    assert [receipt.fresh for receipt in receipts] == [True, True]
    assert amina.step == sam.step == "free_choice"


async def test_a_stranger_is_refused_and_the_others_of_the_batch_are_answered(world: TurnWorld) -> None:
    amina = await world.person()
    strange = [Inbound(channel, "77777", "some-id-1", world.clock.now, "start") for channel in ("web", "telegram")]
    ended = await asyncio.gather(
        world.turns.submit(strange[0]),
        amina.send(amina.message("start")),
        world.turns.submit(strange[1]),
        return_exceptions=True,
    )
    assert [type(end) for end in ended if isinstance(end, Exception)] == [Unknown, Unknown]
    assert amina.step == "free_choice"
    assert await world.count(schema.inbox) == 1


# In order


async def test_the_messages_of_one_person_are_taken_in_order(world: TurnWorld) -> None:
    await world.publish("nine", NINE)
    world.holding("nine")
    everybody = await world.people(21)
    sent = {person.id: [person.message(text) for text in thrice(person.id)] for person in everybody}
    receipts = await asyncio.gather(*(world.turns.submit(inbound) for inbound in shuffled(sent)))
    assert all(receipt.fresh for receipt in receipts)
    for person in everybody:
        await thrice_answered(person)


def shuffled(sent: dict[int, list[Inbound]]) -> Iterator[Inbound]:
    """Everybody's messages mixed up, each person's own still in order."""
    chance = random.Random(20260302)
    turns = [number for number, messages in sent.items() for _ in messages]
    chance.shuffle(turns)
    rest = {number: iter(messages) for number, messages in sent.items()}
    return (next(rest[number]) for number in turns)


FIRST = ("start", "ok", "ok", "ok", "1", "1", "3", "1, 2, 3, 4, 5, 6", "skip")
CHECK_IN = ("start", "4", "4", "Call the shop", "skip", "skip", "skip", "3", "no")
VERY_HARD = ("start", "1", "2", "3", "skip", "skip", "skip", "3", "1")
AGAIN = ("start", "1", "back", "2", "skip", "skip", "skip", "skip", "skip", "3", "start")


async def test_several_conversations_in_one_batch_are_as_they_are_one_by_one(world: TurnWorld) -> None:
    """What one of them leaves for the next is there before anything is stored."""
    one, other = await world.person(), await world.person()
    texts = [*FIRST, *CHECK_IN, *VERY_HARD, *AGAIN]
    for text in texts:
        await one.says(text)
    await asyncio.gather(*(other.send(other.message(text)) for text in texts))
    assert other.told == one.told
    assert await other.answers() == await one.answers()
    held = [dialogue for dialogue, _ in await other.conversations()]
    assert held[::2] == ["onboarding", "choose_time", "phone_shared", "good_things"]
    assert held[1::2] == ["weekly_checkin"] * 3
    assert await other.conversations() == await one.conversations()
    steps = {message.step for message in other.told}
    assert {"weekly_checkin/step_sure", "weekly_checkin/more_sure"} <= steps


# Two processes


async def test_two_processes_serve_the_same_people(world: TurnWorld, elsewhere: Database) -> None:
    await world.publish("nine", NINE)
    world.holding("nine")
    both = (world.turns, world.another_turns(elsewhere))
    everybody = await world.people(12)

    async def talk(person: Person) -> None:
        for number, text in enumerate(thrice(person.id)):
            receipt = await both[number % 2].submit(person.message(text))
            assert receipt.fresh

    await asyncio.gather(*(talk(person) for person in everybody))
    for person in everybody:
        await thrice_answered(person)


async def test_one_persons_messages_to_two_processes_at_once_are_all_taken(
    world: TurnWorld, elsewhere: Database
) -> None:
    await world.publish("nine", NINE)
    world.holding("nine")
    both = (world.turns, world.another_turns(elsewhere))
    everybody = await world.people(6)
    for person in everybody:
        await person.says("start")
    sent = [person.message(f"word {number}") for number in range(9) for person in everybody]
    receipts = await asyncio.gather(*(both[number % 2].submit(inbound) for number, inbound in enumerate(sent)))
    assert all(receipt.fresh for receipt in receipts)
    for person in everybody:
        found = await person.answers()
        assert [one.question for one in found] == [f"question{number}" for number in range(1, 10)]
        assert sorted(one.value for one in found) == [f"word {number}" for number in range(9)]
        numbers = await person.seqs()
        assert numbers == list(range(1, len(numbers) + 1))


# Together


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that any database is sent, and every end of a transaction."""
    seen: list[str] = []

    def statement(conn: object, cursor: object, text: str, *rest: object) -> None:
        seen.append(" ".join(text.split()))

    def committed(conn: object) -> None:
        seen.append("COMMIT")

    def undone(conn: object) -> None:
        seen.append("ROLLBACK")

    hooks = {"before_cursor_execute": statement, "commit": committed, "rollback": undone}
    for name, hook in hooks.items():
        event.listen(Engine, name, hook)
    try:
        yield seen
    finally:
        for name, hook in hooks.items():
            event.remove(Engine, name, hook)


async def answering(person: Person) -> Inbound:
    """About to answer the first question of a check-in."""
    await person.onboards()
    await person.says("start")
    return person.message(tap=person.waits.buttons[3].tap)


async def beginning(person: Person) -> Inbound:
    """About to begin a check-in, for which earlier answers are remembered."""
    await person.onboards("job")
    return person.message("start")


async def sharing(person: Person) -> Inbound:
    """About to share, after which the check-in is over and a small question begins."""
    await person.onboards()
    await person.says("start")
    await person.chooses("4")
    await person.skips_to("sharing")
    return person.message(tap=person.waits.buttons[0].tap)


async def agreeing(person: Person) -> Inbound:
    """About to agree to take part."""
    await person.says("start")
    await person.skips_to("taking_part")
    return person.message(tap=person.waits.buttons[0].tap)


@pytest.mark.parametrize("about", [answering, beginning, sharing, agreeing])
async def test_a_batch_takes_the_same_statements_and_one_commit_whatever_its_size(
    world: TurnWorld, about: Callable[[Person], Awaitable[Inbound]]
) -> None:
    first = await world.person()
    await world.turns.submit(await about(first))  # From here on every script is at hand.
    everybody = await world.people(69)
    sent = await asyncio.gather(*map(about, everybody))
    taken = {}
    for many, batch in ((1, sent[:1]), (4, sent[1:5]), (64, sent[5:])):
        with counted() as seen:
            receipts = await asyncio.gather(*map(world.turns.submit, batch))
        assert len(receipts) == many
        assert all(receipt.fresh and receipt.messages for receipt in receipts)
        assert seen.count("COMMIT") == 1
        assert "ROLLBACK" not in seen
        taken[many] = len(seen)
    assert taken[1] == taken[4] == taken[64] <= 20


@contextmanager
def without_collector() -> Iterator[None]:
    """What ends in here goes at once, or stays."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def test_of_a_batch_nothing_is_left_for_the_garbage_collector(world: TurnWorld) -> None:
    everybody = await world.people(9)
    sent = [await about(one) for one, about in zip(everybody, [answering, beginning, sharing] * 3, strict=True)]
    with without_collector():
        receipts = await asyncio.gather(*map(world.turns.submit, sent))
        assert all(receipt.messages for receipt in receipts)
        assert [one for one in gc.get_objects() if isinstance(one, (Conversing, Voice, Names))] == []


async def test_what_comes_while_a_batch_is_under_way_waits_for_the_next_one(world: TurnWorld) -> None:
    everybody = await world.people(12)
    first = asyncio.create_task(everybody[0].says("start"))
    await asyncio.sleep(0)
    with counted() as seen:
        await asyncio.gather(*(person.says("start") for person in everybody[1:]), first)
    assert seen.count("COMMIT") <= 2
    assert {person.step for person in everybody} == {"free_choice"}


async def test_listeners_hear_once_what_each_person_is_told(world: TurnWorld) -> None:
    amina, sam = await world.person(), await world.person("Sam")
    heard: list[tuple[int, list[str]]] = []

    def listen(participant_id: int, _: Inbound, receipt: Receipt) -> None:
        heard.append((participant_id, [message.step.rpartition("/")[2] for _, message in receipt.messages]))

    world.turns.listeners.append(listen)
    start = amina.message("start")
    await asyncio.gather(world.turns.submit(start), world.turns.submit(start), sam.says("start"))
    assert sorted(heard) == [(amina.id, ["hello", "free_choice"]), (sam.id, ["hello", "free_choice"])]


async def test_the_history_is_both_sides_in_order_and_goes_on_where_a_page_left_off(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    await amina.taps(amina.waits.buttons[3])
    await amina.says("I will call the shop")
    entries = await world.turns.history(amina.id)
    told = [entry.outbound for entry in entries if entry.outbound is not None]
    assert told == amina.told[-len(told) :]
    assert [entry.said for entry in entries if entry.said] == ["start", "Good", "I will call the shop"]
    numbers = [entry.seq for entry in entries]
    assert numbers == sorted(numbers)
    assert await world.turns.history(amina.id, after=numbers[2]) == entries[3:]


async def test_of_a_conversation_that_is_over_only_the_end_is_shown(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    entries = await world.turns.history(amina.id)
    assert [entry.said for entry in entries if entry.said] == []
    assert entries[-1].outbound is not None
    assert entries[-1].outbound.kind == "closed"
    assert [entry.outbound.step for entry in entries if entry.outbound] == ["onboarding/start"]
