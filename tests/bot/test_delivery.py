"""What leaves when, in which order, and how much: a delivery whose channel takes everything."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections import defaultdict
from datetime import UTC, timedelta

import pytest

from bot.batch import Receipt
from bot.delivery.clock import SystemClock
from bot.delivery.delivery import Delivery
from bot.delivery.limits import Limits
from bot.delivery.outcomes import Part, Sent
from bot.messages import Inbound
from storage.addresses import Where
from storage.channel_state import ChannelState
from tests.bot.delivery_world import (
    CHANNEL,
    MONDAY,
    DeliveryWorld,
    FakeSender,
    KeptRow,
    MemoryBook,
    TurnedClock,
    asked,
    delivering,
    redrawn,
    said,
)

# Replies --------------------------------------------------------------------------------------------------------------


async def test_a_reply_leaves_at_once_without_being_read_back() -> None:
    async with delivering() as world:
        world.reply(1, (2, "Hello."))
        await world.clock.turn(2)
        reads = world.book.calls.count("open")
        for seq in (4, 6, 8):
            world.reply(1, (seq, f"{seq}"))
            await world.clock.turn(1)
        assert world.sender.texts == ["Hello.", "4", "6", "8"]
        assert world.sender.times == [0.0, 2.0, 3.0, 4.0]
        assert world.states(1) == ["sent"] * 4
        assert world.book.calls.count("open") == reads, "nothing can be missing between them"


async def test_what_a_message_became_is_kept_with_the_channels_own_number() -> None:
    async with delivering() as world:
        world.reply(1, (2, "Hello."), (3, asked("How are you?")))
        await world.clock.turn()
        assert [world.book.rows[1, seq].channel_id for seq in (2, 3)] == ["1", "1"]
        world.reply(1, (5, asked("And now?")))
        await world.clock.turn(1)
        assert world.book.rows[1, 5].channel_id == "2"


async def test_messages_that_wait_together_become_few() -> None:
    async with delivering() as world:
        world.reply(1, (2, "One."), (3, "Two."), (4, asked("Three?")), (5, "Four."), (6, asked("Five?")))
        await world.clock.turn(10)
        assert world.sender.texts == ["One.\n\nTwo.\n\nThree?", "Four.\n\nFive?"]


async def test_nobody_gets_two_languages_in_one_message() -> None:
    async with delivering() as world:
        world.reply(1, (2, said("Hello.", "en")), (3, said("Hei.", "nb")), (4, said("Hva nå?", "nb")))
        await world.clock.turn(10)
        assert world.sender.texts == ["Hello.", "Hei.\n\nHva nå?"]


async def test_a_message_about_nothing_counts_as_sent() -> None:
    async with delivering() as world:
        world.sender.parts = lambda messages: [Part(m.text) for m in messages if m.text]  # type: ignore[method-assign]
        world.reply(1, (2, ""), (3, asked("?")))
        await world.clock.turn(5)
        assert world.states(1) == ["sent", "sent"]
        assert world.sender.texts == ["?"]


async def test_messages_told_out_of_order_leave_in_order() -> None:
    """Turns tell in the order in which messages arrived, which is not always the one in which they were answered."""
    async with delivering() as world:
        world.reply(1, (2, "Hello."))
        await world.clock.turn(2)
        world.reply(1, (6, "Later."))
        world.reply(1, (4, "Sooner."))
        await world.clock.turn(5)
        assert world.sender.texts == ["Hello.", "Sooner.\n\nLater."]


async def test_only_turns_of_this_channel_are_told() -> None:
    async with delivering() as world:
        for channel in ("web", CHANNEL):
            inbound = Inbound(channel, "A1", "m1", MONDAY, "hi")
            message = world.queue(1, 2, f"from {channel}")
            world.delivery.heard(1, inbound, Receipt(True, ((2, message),)))
        await world.clock.turn()
        assert world.sender.texts == [f"from {CHANNEL}"]


async def test_before_it_runs_nothing_is_kept_of_what_it_is_told() -> None:
    """A process that waits to deliver would else collect everything that another one delivers."""
    world = DeliveryWorld()
    world.reply(1, (2, "Hello."))
    assert (await world.delivery.health()).waiting == 0
    await world.start()
    await world.clock.turn(1)
    assert world.sender.texts == ["Hello."], "it is found"
    await world.stop()


# What nobody told -----------------------------------------------------------------------------------------------------


async def test_what_a_crash_left_behind_leaves_first_at_the_start() -> None:
    world = DeliveryWorld()
    for seq in (2, 3):
        world.queue(1, seq, f"Old {seq}.")
    await world.start()
    world.reply(1, (5, asked("New?")))
    await world.clock.turn(10)
    assert world.sender.texts == ["Old 2.\n\nOld 3.", "New?"]
    await world.stop()


async def test_what_is_told_during_the_first_look_waits_for_what_is_older() -> None:
    world = DeliveryWorld()
    world.book.is_away = True
    world.queue(1, 2, "Old.")
    await world.start()
    world.reply(1, (4, "New."))
    await world.clock.turn(5)
    assert world.sender.texts == []
    world.book.is_away = False
    await world.clock.turn(1)
    assert world.sender.texts == ["Old.\n\nNew."]
    await world.stop()


async def test_what_another_process_wrote_is_found_within_a_second() -> None:
    async with delivering() as world:
        world.queue(1, 2, "From elsewhere.")
        await world.clock.turn(1)
        assert world.sender.texts == ["From elsewhere."]


async def test_what_is_found_and_told_leaves_once() -> None:
    async with delivering() as world:
        for person, told_after in enumerate((0.0, 0.3, 1.0, 1.001, 1.02, 1.5, 3.0), 1):
            message = world.queue(person, 2, f"To {person}.")
            await world.clock.turn(told_after)
            world.delivery.told(person, f"A{person}", [(2, message)])
            await world.clock.turn(5)
            assert world.sender.sent_to(f"A{person}") == [f"To {person}."]


@pytest.mark.parametrize("known", [False, True])
async def test_a_reply_waits_for_what_others_stored_before_it(known: bool) -> None:
    """Another process stored 5, and nobody told us: the numbers show that something may be missing."""
    async with delivering() as world:
        if known:
            world.reply(1, (3, "Before."))
            await world.clock.turn(1.5)
        world.queue(1, 5, asked("Theirs?"))
        world.reply(1, (7, asked("Ours?")))
        await world.clock.turn(0.1)
        assert world.sender.texts[known:] == ["Theirs?"]
        await world.clock.turn(1)
        assert world.sender.texts[known:] == ["Theirs?", "Ours?"]


async def test_of_much_that_others_stored_nothing_is_overtaken() -> None:
    """More than is read at once."""
    async with delivering() as world:
        for seq in range(1, 61):
            world.queue(1, seq, f"{seq}")
        world.reply(1, (62, asked("Ours?")))
        await world.clock.turn(10)
        assert " ".join(world.sender.texts).split() == [*map(str, range(1, 61)), "Ours?"]


async def test_what_is_told_while_a_gap_is_looked_into_is_neither_lost_nor_ahead() -> None:
    async with delivering() as world:
        world.book.opening_takes = 0.2
        world.queue(1, 5, "5")
        world.reply(1, (7, "7"))
        await world.clock.turn(0.1)
        world.reply(1, (9, "9"))
        await world.clock.turn(0.2)
        assert world.sender.texts == ["5\n\n7\n\n9"]


async def test_a_second_gap_is_looked_into_too() -> None:
    async with delivering() as world:
        world.book.opening_takes = 0.2
        world.queue(1, 5, "5")
        world.reply(1, (7, "7"))
        await world.clock.turn(0.1)
        world.queue(1, 9, "9")
        world.reply(1, (11, "11"))
        await world.clock.turn(0.6)
        assert world.sender.texts == ["5\n\n7\n\n9\n\n11"]


async def test_a_reply_whose_gap_cannot_be_looked_into_waits() -> None:
    async with delivering() as world:
        world.queue(1, 5, "Theirs.")
        world.book.is_away = True
        world.reply(1, (7, "Ours."))
        await world.clock.turn(5)
        assert world.sender.texts == []
        world.book.is_away = False
        await world.clock.turn(3)
        assert world.sender.texts == ["Theirs.\n\nOurs."]


# Limits ---------------------------------------------------------------------------------------------------------------


def fullest_second(times: list[float]) -> int:
    """The most that any second holds, wherever it begins."""
    ends = itertools.count()
    fullest, end = 0, next(ends)
    for start, time in enumerate(times):
        while end < len(times) and times[end] < time + 1.0 - 1e-9:
            end = next(ends)
        fullest = max(fullest, end - start)
    return fullest


def shortest_pause(world: DeliveryWorld, *, edits: bool = False) -> float:
    """The shortest time between two messages, or two changes of buttons, of one chat."""
    of: dict[str, list[float]] = defaultdict(list)
    for each in world.sender.handed:
        if bool(each.part.edits) == edits:
            of[each.address].append(each.at)
    pauses = [later - one for times in of.values() for one, later in itertools.pairwise(times)]
    return min(pauses, default=float("inf"))


async def test_five_thousand_messages_stay_within_the_limits_and_in_order() -> None:
    """Questions, so that none is joined to another: 1,000 people with 1 to 9 each."""
    world = DeliveryWorld()
    world.sender.takes = 0.08
    wanted: dict[str, list[str]] = defaultdict(list)
    for person in range(1, 1_001):
        for seq in range(1, 2 + person % 9):
            wanted[f"A{person}"].append(f"{person} {seq}")
            world.queue(person, seq, asked(f"{person} {seq}"))
    total = sum(map(len, wanted.values()))
    assert total >= 4_995
    await world.start()
    await world.clock.turn(total / 25 * 1.03)
    assert len(world.sender.handed) == total
    assert fullest_second(sorted(world.sender.times)) == 25
    assert shortest_pause(world) >= 1.0 - 1e-9
    for address, texts in wanted.items():
        assert world.sender.sent_to(address) == texts
    assert {row.state for row in world.book.rows.values()} == {"sent"}
    assert world.clock.idle_turns < 20, "it never waits for a moment that is over"
    await world.stop()


async def test_one_person_gets_at_most_one_message_a_second() -> None:
    async with delivering() as world:
        for seq in range(2, 12, 2):
            world.reply(1, (seq, asked(f"{seq}?")))
            await world.clock.turn(0.1)
        await world.clock.turn(10)
        assert len(world.sender.texts) == 5
        assert shortest_pause(world) >= 1.0 - 1e-9


async def test_the_second_is_counted_from_the_end_of_a_slow_call() -> None:
    """When the channel heard of a message is not known, only that it was not after its answer."""
    async with delivering() as world:
        world.sender.takes = 0.7
        world.reply(1, (2, asked("One?")), (3, asked("Two?")))
        await world.clock.turn(5)
        assert world.sender.times == pytest.approx([0.0, 1.7])


async def test_new_buttons_do_not_wait_for_the_second_of_messages() -> None:
    async with delivering() as world:
        world.reply(1, (2, asked("What?", "a", "b")))
        await world.clock.turn(0.3)
        world.reply(1, (4, redrawn("1", "✓ a", "b")))
        await world.clock.turn(0.1)
        assert world.sender.times == pytest.approx([0.0, 0.3])
        world.reply(1, (6, asked("Next?")))
        await world.clock.turn(2)
        assert world.sender.times == pytest.approx([0.0, 0.3, 1.0]), "and no message waits for new buttons"


async def test_new_buttons_come_once_a_second_and_only_the_newest() -> None:
    async with delivering() as world:
        for seq in range(2, 22, 2):
            world.reply(1, (seq, redrawn("41", f"✓ {seq}")))
            await world.clock.turn(0.15)
        await world.clock.turn(3)
        assert set(world.states(1)) == {"sent"}
        assert shortest_pause(world, edits=True) >= 1.0 - 1e-9
        assert len(world.sender.handed) == 3
        assert world.sender.handed[-1].part.keyboard[0][0].label == "✓ 20"


async def test_new_buttons_of_another_message_are_not_left_out() -> None:
    async with delivering() as world:
        world.reply(1, (2, redrawn("41")), (3, redrawn("42")), (4, redrawn("41", "again")))
        await world.clock.turn(5)
        assert [(each.part.edits, len(each.part.keyboard)) for each in world.sender.handed] == [("42", 0), ("41", 1)]


async def test_new_buttons_count_for_the_limit_of_the_bot() -> None:
    async with delivering() as world:
        for person in range(1, 61):
            world.reply(person, (2, redrawn("41")))
        await world.clock.turn(5)
        assert len(world.sender.handed) == 60
        assert fullest_second(world.sender.times) == 25


# Whose turn it is -----------------------------------------------------------------------------------------------------


async def test_people_who_just_wrote_go_before_all_others() -> None:
    world = DeliveryWorld()
    for person in range(1, 101):
        world.queue(person, 2, "News.")
    await world.start()
    await world.clock.turn(1)
    before = len(world.sender.handed)
    for person in (77, 500):
        world.reply(person, (4, asked("Answer?")))
    await world.clock.turn(0.1)
    assert [each.address for each in world.sender.handed[before : before + 2]] == ["A77", "A500"]
    await world.stop()


async def test_who_wrote_long_ago_waits_like_everybody() -> None:
    """61 seconds after they wrote, their next message stands in line behind what waits longer."""
    world = DeliveryWorld(Limits(per_second=1))
    await world.start()
    world.reply(900, (1, "Hello."))
    await world.clock.turn(30)
    for person in range(1, 101):
        world.queue(person, 2, "News.")
    await world.clock.turn(2)
    world.queue(900, 3, "Soon after.")
    await world.clock.turn(5)
    assert world.sender.sent_to("A900") == ["Hello.", "Soon after."]
    await world.clock.turn(30)
    world.queue(900, 5, "Long after.")
    await world.clock.turn(10)
    assert world.sender.sent_to("A900") == ["Hello.", "Soon after."]
    await world.stop()


async def test_the_others_are_served_in_the_order_of_waiting() -> None:
    world = DeliveryWorld(Limits(per_second=5))
    await world.start()
    order = [30, 10, 20, 40, 5]
    for place, person in enumerate(order):
        world.queue(person, 2, f"{person}")
        for other in range(10):
            world.queue(1_000 + 100 * place + other, 2, "x")
        await world.clock.turn(1.1)
    await world.clock.turn(20)
    assert [int(text) for text in world.sender.texts if text != "x"] == order
    await world.stop()


async def test_somebody_with_much_to_read_takes_nobodys_turn() -> None:
    world = DeliveryWorld()
    for seq in range(1, 51):
        world.queue(1, seq, asked(f"{seq}?"))
    for person in range(2, 52):
        world.queue(person, 1, "News.")
    await world.start()
    await world.clock.turn(2.2)
    assert len(world.sender.handed) - len(world.sender.sent_to("A1")) >= 50
    await world.clock.turn(60)
    assert world.sender.sent_to("A1") == [f"{seq}?" for seq in range(1, 51)]
    await world.stop()


# Stopping, and states of the world ------------------------------------------------------------------------------------


async def test_a_stop_holds_back_what_has_not_left() -> None:
    async with delivering() as world:
        world.reply(1, (2, asked("One?")), (3, asked("Two?")))
        await world.clock.turn(0.5)
        world.cancel(1)
        goodbye = world.queue(1, 5, "You stopped.")
        world.delivery.heard(1, Inbound(CHANNEL, "A1", "m4", MONDAY, "stop"), Receipt(True, ((5, goodbye),), left=True))
        await world.clock.turn(10)
        assert world.sender.texts == ["One?", "You stopped."]
        assert world.states(1) == ["sent", "cancelled", "sent"]


async def test_a_stop_in_another_channel_counts_here() -> None:
    async with delivering() as world:
        world.reply(1, (2, asked("One?")), (3, asked("Two?")))
        await world.clock.turn(0.5)
        world.cancel(1)
        world.delivery.heard(1, Inbound("web", "1", "x", MONDAY, "stop"), Receipt(True, ((5, said("web")),), left=True))
        await world.clock.turn(10)
        assert world.sender.texts == ["One?"]


async def test_a_stop_that_another_process_heard_counts_after_two_seconds() -> None:
    async with delivering() as world:
        for seq in range(2, 12):
            world.reply(1, (seq, asked(f"{seq}?")))
        await world.clock.turn(2.5)
        left = len(world.sender.texts)
        world.cancel(1)
        await world.clock.turn(30)
        assert left == len(world.sender.texts) == 3


async def test_a_stop_while_a_message_is_on_its_way_is_followed_by_nothing() -> None:
    async with delivering() as world:
        world.sender.takes = 0.5
        world.reply(1, (2, asked("One?")), (3, asked("Two?")))
        await world.clock.turn(0.2)
        world.cancel(1)
        world.delivery.forget(1)
        goodbye = world.queue(1, 5, "You stopped.")
        world.delivery.told(1, "A1", [(5, goodbye)])
        await world.clock.turn(10)
        assert world.sender.texts == ["One?", "You stopped."]
        assert world.states(1) == ["cancelled", "cancelled", "sent"]


async def test_a_question_of_a_check_in_that_is_over_is_not_asked() -> None:
    world = DeliveryWorld()
    world.queue(1, 2, asked("How was last week?"), too_late=True)
    world.queue(1, 3, "Hello.")
    await world.start()
    await world.clock.turn(3)
    assert world.sender.texts == ["Hello."]
    assert world.states(1) == ["cancelled", "sent"]
    assert world.book.rows[1, 2].cause == "its check-in is over"
    await world.stop()


async def test_a_pause_of_the_channel_holds_after_a_restart() -> None:
    world = DeliveryWorld()
    world.book.stored = ChannelState(CHANNEL, None, MONDAY + timedelta(seconds=40), None)
    world.queue(1, 2, "Hello.")
    await world.start()
    world.reply(2, (2, "Hello."))
    await world.clock.turn(39)
    assert world.sender.texts == []
    assert (await world.delivery.health()).paused_until == MONDAY + timedelta(seconds=40)
    await world.clock.turn(2)
    assert len(world.sender.texts) == 2
    assert (await world.delivery.health()).paused_until is None
    await world.stop()


async def test_health_says_what_waits_and_since_when() -> None:
    world = DeliveryWorld()
    world.book.stored = ChannelState(CHANNEL, None, MONDAY + timedelta(hours=1), None)
    for person in (1, 2, 3):
        world.queue(person, 2, "Hello.")
    world.queue(4, 2, "Given up.", state="dead")
    await world.start()
    await world.clock.turn(90)
    health = await world.delivery.health()
    assert (health.waiting, health.oldest_age, health.dead, health.trouble) == (3, 90.0, 1, "")
    world.book.is_away = True
    await world.clock.turn(30)
    assert (await world.delivery.health()).oldest_age == 120.0
    await world.stop()


async def test_at_the_end_what_is_on_its_way_is_waited_for_and_marked() -> None:
    world = DeliveryWorld()
    await world.start()
    world.sender.takes = 3.0
    world.reply(1, (2, asked("One?")), (3, asked("Two?")))
    await world.clock.turn(1)
    await world.stop()
    assert world.sender.texts == ["One?"]
    assert world.states(1) == ["sent", "queued"]


async def test_at_the_end_nobody_waits_for_ever() -> None:
    world = DeliveryWorld()
    await world.start()
    world.sender.takes = 3_000.0
    world.reply(1, (2, "One."))
    await world.clock.turn(1)
    await world.stop()
    assert world.clock.seconds < 10
    assert world.states(1) == ["queued"]


async def test_the_same_delivery_may_run_again() -> None:
    """Somebody else delivered meanwhile: what was in memory does not count any more."""
    world = DeliveryWorld()
    await world.start()
    world.sender.takes = 3_000.0
    world.reply(1, (2, asked("One?")), (3, asked("Two?")))
    await world.clock.turn(1)
    delivery: Delivery = world.delivery
    await world.stop()
    world.book.rows[1, 2].state = "sent"
    world.sender.takes = 0.0
    world.delivery = delivery
    await world.start()
    await world.clock.turn(5)
    assert world.sender.texts == ["Two?"]
    await world.stop()


async def test_what_is_sent_is_what_the_channel_answers_for() -> None:
    """An id may be long, and the storage keeps what it has room for."""
    async with delivering() as world:
        world.sender.answer = lambda address, part: Sent("9" * 60)
        world.reply(1, (2, "Hello."))
        await world.clock.turn()
        assert world.book.rows[1, 2].channel_id == "9" * 40


# The clock of the machine ---------------------------------------------------------------------------------------------


async def test_the_clock_of_the_machine_waits_for_the_event_or_the_moment() -> None:
    clock, event = SystemClock(), asyncio.Event()
    begin = clock.monotonic()
    await clock.wait(event, begin + 0.02)
    assert clock.monotonic() >= begin + 0.02
    assert not event.is_set()
    for until in (math.inf, clock.monotonic() + 3_600, clock.monotonic() - 1):
        asyncio.get_running_loop().call_soon(event.set)
        await asyncio.wait_for(clock.wait(event, until), timeout=60)
        assert not event.is_set()
    assert clock.now().tzinfo is UTC


async def test_replies_leave_by_the_clock_of_the_machine_too() -> None:
    clock = TurnedClock()
    book, sender = MemoryBook(clock), FakeSender(clock)
    delivery = Delivery(book, sender, Limits(per_second=1_000, chat_interval=0.01))
    running = asyncio.create_task(delivery.run())
    await asyncio.sleep(0.01)
    for seq in (2, 4, 6):
        book.rows[1, seq] = KeptRow(asked(f"{seq}?"))
        book.where[1] = Where("A1", "active", None)
        delivery.told(1, "A1", [(seq, asked(f"{seq}?"))])
    for _ in range(2_000):
        if {row.state for row in book.rows.values()} == {"sent"}:
            break
        await asyncio.sleep(0.005)
    assert sender.texts == ["2?", "4?", "6?"]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


# Marks ----------------------------------------------------------------------------------------------------------------


async def test_what_became_of_messages_is_stored_together_unless_somebody_waits_for_it() -> None:
    async with delivering(limits=Limits(per_second=1000, gather=5.0)) as world:
        for person in (1, 2, 3):
            world.reply(person, (2, "Hello."))
            await world.clock.turn(1)
        assert len(world.sender.handed) == 3
        assert world.book.calls.count("write") == 0
        await world.clock.turn(2.5)
        assert world.book.calls.count("write") == 1
        assert [world.book.rows[person, 2].state for person in (1, 2, 3)] == ["sent"] * 3
        world.reply(4, (2, "Hello."))
        await world.clock.turn()
        assert world.book.rows[4, 2].state == "queued"
        await world.delivery.settled("A4", 1.0)
        assert world.book.rows[4, 2].state == "sent"
