"""What follows from each answer that a channel can give, and from each time that it gives none."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from bot.delivery.limits import Limits
from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Part, Refused, Sent, Shut, Unclear
from storage.addresses import Where
from tests.bot.delivery_world import MONDAY, ROOM, DeliveryWorld, FakeSender, asked, delivering, redrawn, said

LONG = "Word " * 20
"""Three parts of the channel."""


def only(world: DeliveryWorld, address: str, *outcomes: Outcome) -> None:
    """The channel answers this to what is for one person, one after the other, and takes everything else."""
    left = list(outcomes)

    def answer(at: str, part: Part) -> Outcome:
        return left.pop(0) if at == address and left else Sent()

    world.sender.answer = answer


# Later ----------------------------------------------------------------------------------------------------------------


async def test_later_holds_for_one_chat_and_the_others_go_on() -> None:
    async with delivering(chance=0.5) as world:
        only(world, "A1", Later(10))
        world.reply(1, (2, "One."))
        for person in (2, 3, 4):
            await world.clock.turn(1)
            world.reply(person, (2, "Hello."))
        await world.clock.turn(6.9)
        assert world.sender.texts == ["Hello."] * 3
        await world.clock.turn(1)
        assert world.sender.texts[-1] == "One."
        assert world.sender.times[-1] == pytest.approx(10.75), "and a little longer, by chance"


async def test_later_holds_after_a_restart() -> None:
    world = DeliveryWorld()
    await world.start()
    only(world, "A1", Later(100))
    world.reply(1, (2, "One."))
    await world.clock.turn(1)
    await world.kill()
    assert world.book.where[1].quiet_until == MONDAY + timedelta(seconds=100)
    await world.start()
    await world.clock.turn(50)
    assert world.sender.texts == []
    await world.clock.turn(60)
    assert world.sender.texts == ["One."]
    assert world.sender.times[-1] == pytest.approx(100, abs=1)
    await world.stop()


async def test_three_chats_that_have_to_wait_pause_the_whole_channel() -> None:
    world = DeliveryWorld()
    await world.start()
    world.sender.answers = [Later(5), Later(30), Later(7)]
    for person in range(1, 6):
        world.reply(person, (2, "Hello."))
    await world.clock.turn(25)
    assert len(world.sender.handed) == 3
    assert (await world.delivery.health()).paused_until == world.book.stored.paused_until  # type: ignore[union-attr]
    await world.kill()
    await world.start()
    await world.clock.turn(4)
    assert len(world.sender.handed) == 3, "nor after a restart"
    await world.clock.turn(3)
    assert len(world.sender.texts) == 5
    await world.stop()


# Failed ---------------------------------------------------------------------------------------------------------------


async def test_what_failed_is_tried_again_ever_more_rarely_and_never_given_up() -> None:
    async with delivering() as world:
        world.sender.answer = lambda address, part: Failed("ConnectError")
        world.reply(1, (2, "One."))
        await world.clock.turn(3_600)
        times = world.sender.times
        waits = [later - one for one, later in itertools.pairwise(times)]
        assert [round(wait) for wait in waits[:6]] == [1, 2, 4, 8, 16, 32]
        assert max(waits) <= 61
        assert len(waits) > 55
        assert world.states(1) == ["queued"]
        world.sender.answer = lambda address, part: Sent()
        await world.clock.turn(61)
        assert world.sender.texts == ["One."]


async def test_after_a_success_failures_count_from_the_beginning() -> None:
    async with delivering() as world:
        only(world, "A1", Failed("x"), Failed("x"), Sent(), Failed("x"))
        world.reply(1, (2, asked("One?")), (3, asked("Two?")))
        await world.clock.turn(10)
        assert world.sender.times == pytest.approx([0, 1, 3, 4, 5])


async def test_what_failed_lets_later_messages_join_it() -> None:
    """Nothing of it has left, so all that waits becomes one message."""
    async with delivering() as world:
        world.sender.answers = [Failed("x")]
        world.reply(1, (2, "One."))
        await world.clock.turn(0.5)
        world.reply(1, (4, asked("Two?")))
        await world.clock.turn(3)
        assert world.sender.texts == ["One.\n\nTwo?"]


async def test_while_the_channel_is_away_only_one_message_at_a_time_tries() -> None:
    async with delivering() as world:
        world.sender.takes = 0.1
        world.sender.answer = lambda address, part: Failed("ConnectError")
        for person in range(1, 301):
            world.queue(person, 2, "Hello.")
        await world.clock.turn(2)
        early = len(world.sender.handed)
        assert early <= 12
        health = await world.delivery.health()
        assert health.trouble == "ConnectError"
        assert health.paused_until is not None
        assert world.book.stored.trouble == "ConnectError"  # type: ignore[union-attr]
        await world.clock.turn(600)
        assert len(world.sender.handed) <= early + 18
        world.sender.answer = lambda address, part: Sent()
        await world.clock.turn(60 + 300 / 25 + 2)
        assert len(world.sender.texts) == 300
        assert world.book.stored.trouble is None  # type: ignore[union-attr]
        assert (await world.delivery.health()).trouble == ""


async def test_an_outage_lasts_over_a_restart_and_loses_nothing() -> None:
    world = DeliveryWorld()
    await world.start()
    world.sender.answer = lambda address, part: Failed("ConnectError")
    for person in range(1, 11):
        world.reply(person, (2, "Hello."), (3, asked("How are you?")))
    await world.clock.turn(30)
    await world.kill()
    await world.start()
    await world.clock.turn(30)
    assert world.book.stored.trouble == "ConnectError"  # type: ignore[union-attr]
    world.sender.answer = lambda address, part: Sent()
    await world.clock.turn(90)
    assert world.sender.texts == ["Hello.\n\nHow are you?"] * 10
    assert world.book.stored.trouble is None  # type: ignore[union-attr]
    await world.stop()


# Unclear --------------------------------------------------------------------------------------------------------------


async def test_what_may_have_arrived_is_sent_again_three_times_and_then_given_up() -> None:
    async with delivering() as world:
        only(world, "A1", *[Unclear("ReadTimeout")] * 4)
        world.reply(1, (2, asked("One?")))
        await world.clock.turn(100)
        world.reply(1, (4, asked("Two?")))
        await world.clock.turn(200)
        assert [round(time) for time in world.sender.times] == [0, 5, 35, 155, 156]
        assert world.states(1) == ["dead", "sent"]
        assert world.book.rows[1, 2].cause == "ReadTimeout"
        assert (await world.delivery.health()).dead == 1


async def test_tries_are_counted_over_restarts() -> None:
    world = DeliveryWorld()
    world.sender.answer = lambda address, part: Unclear("ReadTimeout")
    world.queue(1, 2, asked("One?"))
    for _ in range(4):
        await world.start()
        await world.clock.turn(0.1)
        await world.kill()
    assert len(world.sender.handed) == 1, "it also rests over a restart"
    for _ in range(10):
        await world.start()
        await world.clock.turn(40)
        await world.kill()
    assert len(world.sender.handed) == 4
    assert world.states(1) == ["dead"]


async def test_what_may_have_arrived_stays_as_it_was_when_more_joins() -> None:
    """Else the second copy would be another message than the first."""
    for restart in (False, True):
        world = DeliveryWorld()
        await world.start()
        world.sender.answers = [Unclear("ReadTimeout")]
        world.reply(1, (2, "One."), (3, "Two."))
        await world.clock.turn(1)
        if restart:
            await world.kill()
            await world.start()
        world.reply(1, (5, "Three."))
        await world.clock.turn(20)
        assert [each.part.text for each in world.sender.handed] == ["One.\n\nTwo.", "One.\n\nTwo.", "Three."]
        assert world.states(1) == ["sent", "sent", "sent"]
        await world.stop()


async def test_a_channel_that_never_answers_does_not_cost_everybody_their_message() -> None:
    """A thousand questions that all stay without an answer are not all given up within minutes."""
    async with delivering() as world:
        world.sender.takes = 5.0
        world.sender.answer = lambda address, part: Unclear("ReadTimeout")
        for person in range(1, 1_001):
            world.queue(person, 2, asked("How are you?"))
        await world.clock.turn(900)
        assert (await world.delivery.health()).trouble == "ReadTimeout"
        assert (await world.delivery.health()).dead <= 10
        assert len(world.sender.handed) < 100


async def test_an_error_of_the_channels_own_code_counts_as_unclear(caplog: pytest.LogCaptureFixture) -> None:
    async with delivering() as world:

        async def broken(address: str, part: Part) -> Outcome:
            raise ZeroDivisionError(part.text)

        ways = [broken]
        take = world.sender.send

        async def send(address: str, part: Part) -> Outcome:
            return await (ways.pop() if ways else take)(address, part)

        world.sender.send = send  # type: ignore[method-assign]
        world.reply(1, (2, "Secret."))
        await world.clock.turn(1)
        assert world.book.rows[1, 2].cause == "ZeroDivisionError"
        await world.clock.turn(5)
        assert world.states(1) == ["sent"]
        assert "Secret" not in caplog.text


# Long messages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize(
    "trouble", [Failed("x"), Unclear("x"), Later(3)], ids=lambda outcome: type(outcome).__name__.lower()
)
@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_long_message_goes_on_at_the_part_that_failed(place: int, trouble: Outcome, restart: bool) -> None:
    world = DeliveryWorld()
    await world.start()
    world.sender.answers = [*[Sent()] * place, trouble]
    question = asked(LONG.strip())
    parts = [part.text for part in FakeSender(world.clock).parts([question])]
    assert len(parts) == 3
    world.reply(1, (2, question))
    await world.clock.turn(place + 0.5)
    if restart:
        await world.kill()
        await world.start()
    world.reply(1, (4, "Behind it."))
    await world.clock.turn(30)
    assert world.sender.sent_to("A1") == [*parts, "Behind it."]
    assert world.states(1) == ["sent", "sent"]
    await world.stop()


@pytest.mark.parametrize("restart", [False, True])
async def test_messages_that_became_parts_together_stay_together(restart: bool) -> None:
    """Two messages became two parts, of which one has left. A third one has joined when the rest leaves."""
    world = DeliveryWorld()
    await world.start()
    world.reply(1, (2, "a" * ROOM), (3, "Bb."))
    await world.clock.turn(0.5)
    assert world.states(1) == ["queued", "queued"]
    if restart:
        await world.kill()
        await world.start()
    world.reply(1, (5, "Cc."))
    await world.clock.turn(10)
    assert world.sender.sent_to("A1") == ["a" * ROOM, "Bb.", "Cc."]
    assert world.states(1) == ["sent"] * 3
    await world.stop()


async def test_when_one_of_those_is_no_longer_there_the_others_begin_again() -> None:
    """Rather once more than not at all: where they stood cannot be told any more."""
    world = DeliveryWorld()
    await world.start()
    world.reply(1, (2, "a" * ROOM), (3, "Bb."))
    await world.clock.turn(0.5)
    await world.kill()
    world.book.rows[1, 2].too_late = True
    await world.start()
    await world.clock.turn(10)
    assert world.sender.sent_to("A1") == ["a" * ROOM, "Bb."]
    assert world.states(1) == ["cancelled", "sent"]
    await world.stop()


# Gone -----------------------------------------------------------------------------------------------------------------


async def test_who_is_gone_gets_nothing_more_until_they_are_back() -> None:
    async with delivering() as world:
        world.sender.answers = [Gone("bot was blocked by the user")]
        world.reply(1, (2, asked("One?")), (3, asked("Two?")))
        await world.clock.turn(5)
        assert world.states(1) == ["cancelled", "cancelled"]
        assert world.book.rows[1, 3].cause == "bot was blocked by the user"
        assert world.book.where[1].state == "unreachable"
        world.queue(1, 5, asked("Three?"))
        await world.clock.turn(10)
        assert len(world.sender.handed) == 1
        assert world.states(1)[-1] == "cancelled"
        assert await world.delivery.back(1)
        assert not await world.delivery.back(1), "only the first time"
        world.queue(1, 7, asked("Three?"))
        await world.clock.turn(2)
        assert world.sender.texts == ["Three?"]
        assert world.book.audited == [(1, "address.unreachable"), (1, "address.reachable")]


async def test_it_is_written_down_once_that_somebody_is_gone() -> None:
    async with delivering() as world:
        world.sender.answer = lambda address, part: Gone("blocked")
        for seq in (2, 4, 6):
            world.reply(1, (seq, "Hello."))
            await world.clock.turn(3)
        assert world.book.audited == [(1, "address.unreachable")]


async def test_who_writes_is_there() -> None:
    """The channel may forget to say that somebody is back. What they write says it too, also after a restart."""
    world = DeliveryWorld()
    world.book.where[1] = Where("A1", "unreachable", None)
    await world.start()
    world.reply(1, (2, "Hello."))
    await world.clock.turn(1)
    assert world.sender.texts == ["Hello."]
    assert world.book.where[1].state == "active"
    assert world.book.audited == [(1, "address.reachable")]
    await world.stop()


@pytest.mark.parametrize("state", ["waiting", "unreachable", None])
async def test_nothing_is_sent_to_an_address_that_is_not_confirmed_gone_or_taken_away(state: str | None) -> None:
    world = DeliveryWorld()
    world.queue(1, 2, "Hello.")
    world.queue(2, 2, "Hello.")
    if state is None:
        del world.book.where[1]
    else:
        world.book.where[1] = Where("A1", state, None)
    await world.start()
    await world.clock.turn(5)
    assert [each.address for each in world.sender.handed] == ["A2"]
    assert world.states(1) == ["cancelled"]
    await world.stop()


# Refused --------------------------------------------------------------------------------------------------------------


async def test_what_is_refused_is_dead_and_the_rest_of_the_chat_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async with delivering() as world:
        world.sender.answers = [Refused("Bad Request: something")]
        world.reply(1, (2, asked("Secret?")), (3, asked("Next?")))
        await world.clock.turn(10)
        assert world.sender.texts == ["Next?"]
        assert world.states(1) == ["dead", "sent"]
        assert world.book.rows[1, 2].cause == "Bad Request: something"
        assert "participant:1 refused: Bad Request: something" in caplog.text
        assert "Secret" not in caplog.text


async def test_a_refused_keyboard_is_left_out_once() -> None:
    async with delivering() as world:
        world.sender.answers = [Refused("Bad Request: BUTTON_DATA_INVALID")]
        world.reply(1, (2, asked("How are you?")))
        await world.clock.turn(10)
        assert [each.part for each in world.sender.handed[1:]] == [Part("How are you?")]
        assert world.states(1) == ["sent"]
        world.sender.answers = [Refused("Bad Request: BUTTON_DATA_INVALID")] * 5
        world.reply(1, (4, asked("And now?")))
        await world.clock.turn(10)
        assert len(world.sender.handed) == 4
        assert world.states(1) == ["sent", "dead"]


async def test_what_is_too_long_becomes_two_once() -> None:
    async with delivering() as world:
        world.sender.answers = [Refused("Bad Request: message is too long")]
        world.reply(1, (2, asked("One two three. Four five six.")), (3, asked("Next?")))
        await world.clock.turn(10)
        assert world.sender.texts == ["One two three.", "Four five six.", "Next?"]
        assert [bool(each.part.keyboard) for each in world.sender.handed[1:3]] == [False, True]
        assert world.states(1) == ["sent", "sent"]
        world.sender.answers = [Refused("Bad Request: message is too long")] * 9
        world.reply(1, (5, asked("One two three. Four five six.")))
        await world.clock.turn(20)
        assert len(world.sender.handed) == 6
        assert world.states(1)[-1] == "dead"


async def test_the_second_half_goes_on_after_a_failure() -> None:
    async with delivering() as world:
        world.sender.answers = [Refused("message is too long"), Sent(), Failed("x"), Unclear("x")]
        world.reply(1, (2, said("One two three. Four five six.")))
        await world.clock.turn(20)
        assert world.sender.texts == ["One two three.", "Four five six."]
        assert world.states(1) == ["sent"]


async def test_a_crash_between_two_halves_loses_neither() -> None:
    """The halves are not known any more: the whole is tried again, which costs one extra copy of the first."""
    world = DeliveryWorld()
    await world.start()
    world.sender.answers = [Refused("message is too long")]
    world.reply(1, (2, said("One two three. Four five six.")))
    await world.clock.turn(0.5)
    assert world.sender.texts == []
    await world.clock.turn(1)
    assert world.sender.texts == ["One two three."]
    await world.kill()
    world.sender.answers = [Refused("message is too long")]
    await world.start()
    await world.clock.turn(10)
    assert world.sender.texts == ["One two three.", "One two three.", "Four five six."]
    await world.stop()


async def test_of_refused_messages_only_the_bad_one_is_lost() -> None:
    """They were joined: each is tried by itself."""
    async with delivering() as world:
        world.sender.answer = lambda address, part: Refused("bad") if "Bad" in part.text else Sent()
        world.reply(1, (2, "Good."), (3, "Bad."), (4, asked("Question?")))
        await world.clock.turn(20)
        assert world.sender.texts == ["Good.", "Question?"]
        assert world.states(1) == ["sent", "dead", "sent"]


async def test_messages_that_cannot_become_parts_stop_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    async with delivering() as world:
        make = world.sender.parts

        def parts(messages: list[object]) -> object:
            if any("Bad" in message.text for message in messages):  # type: ignore[attr-defined]
                raise ValueError("Bad.")
            return make(messages)  # type: ignore[arg-type]

        world.sender.parts = parts  # type: ignore[assignment, method-assign]
        world.reply(1, (2, "Good."), (3, "Bad."), (4, asked("Question?")))
        await world.clock.turn(20)
        assert world.sender.texts == ["Good.", "Question?"]
        assert world.states(1) == ["sent", "dead", "sent"]
        assert world.book.rows[1, 3].cause == "ValueError"
        assert "Bad." not in caplog.text


async def test_a_refused_change_of_buttons_stops_nothing() -> None:
    async with delivering() as world:
        world.sender.answers = [Refused("BUTTON_DATA_INVALID")]
        world.reply(1, (2, redrawn("41", "x")), (3, asked("Next?")))
        await world.clock.turn(10)
        assert world.sender.texts == ["Next?"]
        assert world.states(1) == ["dead", "sent"]


# Shut -----------------------------------------------------------------------------------------------------------------


async def test_a_revoked_token_stops_everything_and_loses_nothing() -> None:
    world = DeliveryWorld()
    await world.start()
    world.sender.answer = lambda address, part: Shut("Unauthorized")
    for person in range(1, 101):
        world.queue(person, 2, "Hello.")
    await world.clock.turn(600)
    assert len(world.sender.handed) <= 11
    assert world.book.stored.trouble == "Unauthorized"  # type: ignore[union-attr]
    assert (await world.delivery.health()).trouble == "Unauthorized"
    await world.kill()
    world.sender.answer = lambda address, part: Sent()
    await world.start()
    await world.clock.turn(6)
    assert len(world.sender.texts) == 100, "a new token is tried at once"
    assert world.book.stored.trouble is None  # type: ignore[union-attr]
    await world.stop()


# Held back on its way -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "at"),
    [
        (Sent(), 1.5),
        (Unclear("ReadTimeout"), 1.5),
        (Refused("BUTTON_DATA_INVALID"), 1.5),
        (Refused("message is too long"), 1.5),
        (Refused("bad"), 1.5),
        (Failed("ConnectError"), 1.5),
        (Later(4), 4.5),
    ],
    ids=str,
)
async def test_what_became_of_a_message_that_was_held_back_changes_nothing_behind_it(
    outcome: Outcome, at: float
) -> None:
    """Somebody stops while a question is on its way to them."""
    async with delivering() as world:
        world.reply(1, (2, "Hello."))
        await world.clock.turn(3)
        world.sender.takes = 0.5
        world.sender.answers = [outcome]
        world.reply(1, (4, asked("How are you, and how was it?")), (5, "More."))
        await world.clock.turn(0.2)
        world.cancel(1)
        world.delivery.forget(1)
        world.reply(1, (7, "You stopped."))
        await world.clock.turn(20)
        assert [each.part.text for each in world.sender.handed[2:]] == ["You stopped."]
        assert world.sender.handed[-1].at == pytest.approx(3 + at)
        assert world.states(1) == ["sent", "cancelled", "cancelled", "sent"]


# The storage ----------------------------------------------------------------------------------------------------------


async def test_while_the_storage_is_away_a_chat_waits_for_its_marks_and_nothing_leaves_twice() -> None:
    async with delivering() as world:
        for person in (1, 2):
            world.reply(person, (2, "Hello."))
        await world.clock.turn(2)
        world.book.is_away = True
        for person in (1, 2):
            world.reply(person, (4, asked("One?")))
        await world.clock.turn(0.5)
        world.reply(1, (6, asked("Two?")))
        await world.clock.turn(30)
        assert [each.address for each in world.sender.handed[2:]] == ["A1", "A2"]
        assert world.states(1) == ["sent", "queued", "queued"]
        world.book.is_away = False
        await world.clock.turn(3)
        assert world.sender.sent_to("A1") == ["Hello.", "One?", "Two?"]
        assert world.states(1) == ["sent"] * 3
        assert world.states(2) == ["sent"] * 2


async def test_what_many_sends_became_is_written_together() -> None:
    async with delivering(Limits(per_second=2_000)) as world:
        for person in range(1, 201):
            world.reply(person, (2, "Hello."))
        world.book.writing_takes = 0.1
        await world.clock.turn(1)
        assert len(world.sender.texts) == 200
        assert set(map(tuple, map(world.states, range(1, 201)))) == {("sent",)}
        assert world.book.calls.count("write") <= 4, "one at once, and each of the others when the one before is done"


async def test_marks_that_break_stop_their_own_chat_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    async with delivering() as world:
        for person in (1, 2, 3):
            world.reply(person, (2, "Hello."))
        await world.clock.turn(2)
        world.book.refuses = {2}
        for person in (1, 2, 3):
            world.reply(person, (4, asked("One?")), (5, asked("Two?")))
        await world.clock.turn(200)
        assert world.sender.sent_to("A1") == world.sender.sent_to("A3") == ["Hello.", "One?", "Two?"]
        assert world.sender.sent_to("A2") == ["Hello.", "One?"], "sent once, and not again and again"
        assert "nothing more goes to participant:2" in caplog.text


async def test_people_whose_messages_break_the_reading_hold_up_nobody() -> None:
    world = DeliveryWorld()
    world.book.refuses = {2}
    for person in (1, 2, 3):
        world.queue(person, 2, "Hello.")
    await world.start()
    await world.clock.turn(10)
    assert sorted(each.address for each in world.sender.handed) == ["A1", "A3"]
    assert world.book.calls.count("open") < 8
    world.book.refuses = set()
    await world.clock.turn(61)
    assert world.states(2) == ["sent"]
    await world.stop()


async def test_a_damaged_message_is_dead_and_the_rest_goes_on() -> None:
    world = DeliveryWorld()
    world.queue(1, 2, "Damaged.")
    world.book.rows[1, 2].message = None
    world.queue(1, 3, "Whole.")
    await world.start()
    await world.clock.turn(5)
    assert world.sender.texts == ["Whole."]
    assert world.states(1) == ["dead", "sent"]
    await world.stop()
