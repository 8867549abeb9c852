"""What people see when sending goes wrong: an answer that does not come, limits, people who are gone, refusals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_talk import (
    HARD,
    WEEK,
    all_sent,
    begins,
    holding_talk,
    in_time,
    queue,
    sees,
    shows,
    times,
)
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import TurnWorld
from tests.telegram_stand_in import Limits, Phone
from tests.telegram_stand_in.flood import Flood
from tests.telegram_stand_in.refusal import bad_request
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("no_errors")


async def waits_again(t: TelegramWorld, tries: int = 1) -> None:
    """Wait until it is noted that nobody knows what became of something, the so-manieth time."""

    async def is_so() -> bool:
        return any(row.attempts == tries for row in await t.world.rows(schema.outbox, channel=t.bot.channel))

    await until(is_so)


async def address_is(t: TelegramWorld, participant_id: int, state: str) -> None:
    """Wait until somebody's address is this."""

    async def is_so() -> bool:
        return await t.world.count(schema.address, participant_id=participant_id, state=state) == 1

    await until(is_so)


# Case 38: nobody knows whether it arrived -----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut", "truncate"])
async def test_case_38_a_question_whose_sending_was_not_answered_comes_at_most_twice(
    world: TurnWorld, fault: str
) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        getattr(t.server.faults, fault)("sendMessage")
        await phone.type("/start")
        await waits_again(t)
        assert times(phone, WEEK) == 1
        await in_time(t, lambda: times(phone, WEEK) == 2)
        await all_sent(t)
        first, second = phone.said
        assert first.keyboard == second.keyboard
        await phone.tap("1", first.id)
        await phone.tap("3", second.id)
        await phone.until(lambda it: times(it, HARD) == 2)
        await all_sent(t)
        assert times(phone, WEEK) == 2
        assert times(phone, "earlier question") == 1
        assert await person.answered() == {"week": "1"}


async def test_case_38_an_answer_that_comes_too_late_counts_as_none(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world, patience=0.1) as t:
        _, phone = await t.person()
        t.server.faults.delay("sendMessage", 1_000_000)
        await phone.type("/start")
        await waits_again(t)
        assert times(phone, WEEK) == 1
        await in_time(t, lambda: times(phone, WEEK) == 2)
        await all_sent(t)


# Case 39: what is tried again, and how often --------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["drop", "fail"])
async def test_case_39_what_did_not_arrive_is_sent_again_and_stands_there_once(world: TurnWorld, fault: str) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        _, phone = await t.person()
        getattr(t.server.faults, fault)("sendMessage", times=3)
        await phone.type("/start")
        await in_time(t, lambda: shows(phone, WEEK), by=5)
        await all_sent(t)
        assert times(phone, WEEK) == 1
        assert t.server.log.count("sendMessage") == 4


@pytest.mark.parametrize("answer", [Phone.tap, Phone.type])
async def test_case_39_what_is_never_confirmed_is_given_up_and_the_check_in_goes_on(
    sqlite_world: TurnWorld, answer: Callable[[Phone, str], Awaitable[object]]
) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        t.server.faults.cut("sendMessage", times=4)
        await phone.type("/start")
        await in_time(t, lambda: times(phone, WEEK) == 4, 400, by=5)

        async def is_over() -> bool:
            return {state for _, state in await queue(t)} == {"dead"}

        await until(is_over)
        assert (await t.bot.delivery.health()).dead == len(await queue(t))
        for _ in range(100):
            t.forward(10)
        await answer(phone, "2")
        await sees(phone, HARD)
        assert times(phone, WEEK) == 4
        assert await person.answered() == {"week": "2"}


# Case 40: limits ------------------------------------------------------------------------------------------------------


async def test_case_40_who_is_asked_to_wait_waits_and_nobody_else_does(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world, limits=Limits(burst=1, per_chat=0.02)) as t:
        person, phone = await t.person()
        _, other = await t.person(name="Bea")
        await begins(phone)
        await phone.tap("1")

        async def is_quiet() -> bool:
            (row,) = await t.world.rows(schema.address, participant_id=person.id)
            return row.quiet_until is not None

        await until(is_quiet)
        assert t.server.log.too_many == 1
        await begins(other)
        await t.restart()
        for _ in range(40):
            t.forward(1)
        assert times(phone, HARD) == 0
        await in_time(t, lambda: shows(phone, HARD))
        await all_sent(t)
        assert t.server.log.too_many == 1


async def test_case_40_telegrams_own_limits_are_never_reached(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world, per_second=10, limits=Limits(per_second=10), chat_interval=1.0) as t:
        phones = [(await t.person(name=f"Person{n}"))[1] for n in range(15)]
        for phone in phones:
            await phone.type("/start")
        await in_time(t, lambda: all(shows(phone, WEEK) for phone in phones))
        for phone in phones:
            await phone.tap("2")
        await in_time(t, lambda: all(shows(phone, HARD) for phone in phones))
        await all_sent(t)
        assert t.server.log.too_many == 0


# Case 41: nobody there ------------------------------------------------------------------------------------------------


async def test_case_41_somebody_who_blocked_the_bot_is_noted_once_and_asked_again_when_they_are_back(
    world: TurnWorld,
) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        await begins(phone)
        await all_sent(t)
        await phone.block()
        await address_is(t, person.id, "unreachable")
        said = len(phone.said)
        await phone.unblock()
        await address_is(t, person.id, "active")
        await phone.until(lambda it: len(it.said) == said + 1)
        await sees(phone, WEEK)
        await phone.tap("2")
        await sees(phone, HARD)
        assert await t.world.count(schema.audit, action="address.unreachable") == 1
        assert await t.world.count(schema.audit, action="address.reachable") == 1
        assert await person.answered() == {"week": "2"}


async def test_case_41_what_waits_for_somebody_who_blocked_the_bot_is_never_sent(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world, start=False) as t:
        person, phone = await t.person()
        await phone.type("/start")
        phone.chat.state = "blocked"
        t.start()
        await address_is(t, person.id, "unreachable")
        assert {state for _, state in await queue(t)} == {"cancelled"}
        assert t.server.log.count("sendMessage", 403) == 1
        assert phone.said == []


async def test_case_41_an_account_that_is_no_more_is_noted(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await phone.tap("1")
        await phone.deactivate()
        await address_is(t, person.id, "unreachable")
        assert await t.world.count(schema.audit, action="address.unreachable") == 1


# Case 42: what Telegram does not take ---------------------------------------------------------------------------------


async def test_case_42_a_chat_that_was_never_begun_is_noted_and_not_tried_again(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await phone.type("/start")
        phone.chat.state = "stranger"
        await address_is(t, person.id, "unreachable")
        for _ in range(5):
            t.forward(100)
        assert t.server.log.count("sendMessage") == 1
        assert {state for _, state in await queue(t)} == {"cancelled"}


class TakesLess(Flood):
    """An account whose messages may have few letters, or with ``words`` none at all."""

    most = 0
    words = ""

    def take(self, chat: int, signs: int, *, edit: bool = False) -> None:
        """Refuse what is too long, or everything."""
        if self.words:
            raise bad_request(self.words)
        if signs > self.most:
            raise bad_request("message is too long")
        super().take(chat, signs, edit=edit)


async def test_case_42_what_is_too_long_comes_in_two_and_the_buttons_are_under_the_second(
    sqlite_world: TurnWorld,
) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        flood = t.account.flood = TakesLess(t.server.clock, Limits.none())
        flood.most = 60
        await phone.type("/start")
        await sees(phone, "Hard")
        first, *_, last = phone.said
        assert "Hello Amina." in plain(first.text)
        assert [bubble.labels for bubble in phone.said[:-1]] == [()] * (len(phone.said) - 1)
        await all_sent(t)
        await phone.tap("2", last.id)
        await until(lambda: given(t, person.id))
        assert await person.answered() == {"week": "2"}


async def given(t: TelegramWorld, participant_id: int) -> bool:
    """Whether an answer is stored."""
    return await t.world.count(schema.answer, participant_id=participant_id) == 1


async def test_case_42_what_is_refused_in_every_form_is_given_up_and_holds_nobody_back(world: TurnWorld) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        usual = t.account.flood
        flood = t.account.flood = TakesLess(t.server.clock, Limits.none())
        flood.words = "can't parse entities: nobody knows why"
        await phone.type("/start")

        async def is_given_up() -> bool:
            return {state for _, state in await queue(t)} == {"dead"}

        await until(is_given_up)
        tries = t.server.log.count("sendMessage")
        for _ in range(10):
            t.forward(100)
        assert t.server.log.count("sendMessage") == tries
        assert (await t.bot.delivery.health()).dead == len(await queue(t))
        t.account.flood = usual
        _, other = await t.person(name="Bea")
        await begins(other)
        await phone.type("/start")
        await sees(phone, WEEK)
        assert await person.answers() == []
