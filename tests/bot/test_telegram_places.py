"""Cases 27 to 30 and 35: groups, numbers that repeat, strangers with codes, and people whose names change."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Connection

from bot.invitation import Invitation, invite
from storage import invitations, schema
from storage.people import participant
from tests.bot.telegram_cases import (
    HARD,
    MORE,
    ON_SQLITE,
    SURE,
    all_taken,
    begins,
    count,
    day,
    heard,
    kept,
    sees,
    so,
    ui,
)
from tests.bot.telegram_cases import nothing_went_wrong as nothing_went_wrong
from tests.bot.telegram_world import TelegramWorld
from tests.bot.turn_world import Person, TurnWorld
from tests.storage.databases import everything
from tests.telegram_stand_in import Phone
from tests.telegram_stand_in.groups import Channel, Group


@ON_SQLITE
@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_case_27_groups_and_channels_are_left_and_nothing_of_them_is_kept(world: TurnWorld, kind: str) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        before = await world.database.read(kept)
        group = Channel(t.account, -100_500) if kind == "channel" else Group(t.account, -500, kind=kind)
        group.add_bot(phone, "administrator")
        if isinstance(group, Channel):
            group.post("Dear all")
        else:
            group.write(phone, "/start")
            group.write_anonymously("/start everybody")
        await so(lambda: group.chat.state == "left")
        said = [sent.text for sent in t.server.log.sent if sent.chat == group.id]
        assert said == [ui("ui/messenger.private_only")]
        assert await world.database.read(kept) == before
        await phone.type("The noise")
        await sees(phone, SURE)
        assert await person.answered() == {"hard": "The noise"}


@ON_SQLITE
async def test_case_28_a_group_that_gets_another_number_is_left_like_any_other(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        before = await world.database.read(kept)
        t.server.faults.withhold = True
        group = Group(t.account, -500)
        group.add_bot(phone)
        group.migrate(-100_700)
        group.write(phone, "/help")
        t.server.faults.withhold = False
        await so(lambda: group.chat.state == "left")
        assert await world.database.read(kept) == before
        await phone.type("The noise")
        await sees(phone, SURE)
        assert await person.answered() == {"hard": "The noise"}


async def test_case_29_the_same_number_in_two_chats_is_two_messages(world: TurnWorld) -> None:
    async with day(world) as t:
        everybody = [await begins(t, name=name) for name in ("Amina", "Sam")]
        for _, phone in everybody:
            write(t, phone, 900, f"I am {phone.id}")
        for person, phone in everybody:
            await sees(phone, SURE)
            assert await person.answered() == {"hard": f"I am {phone.id}"}
        assert await world.count(schema.inbox, message_id="m900") == 2
        group = Group(t.account, -100_500, kind="supergroup")
        group.add_bot(everybody[0][1], "administrator")
        t.account.inject({"message": message(group.chat.described(), everybody[0][1], 901, "A group speaks")})
        person, phone = everybody[0]
        write(t, phone, 901, "2")
        await sees(phone, MORE)
        assert await person.answered() == {"hard": f"I am {phone.id}", "sure": "2"}


def write(t: TelegramWorld, phone: Phone, number: int, text: str) -> None:
    """A message with a number of our choice."""
    t.account.inject({"message": message(phone.chat.described(), phone, number, text)}, person=phone.id)


def message(chat: dict[str, object], phone: Phone, number: int, text: str) -> dict[str, object]:
    now = int(phone.server.clock.now())
    return {"message_id": number, "from": phone.person.user(), "chat": chat, "date": now, "text": text}


async def invited(world: TurnWorld, person: Person) -> Invitation:
    return await world.database.write(
        lambda conn: invite(conn, world.vault, person.id, "staff:1", world.clock.now, Random(person.id))
    )


async def test_case_30_every_code_that_opens_nothing_gets_the_same_answer(
    world: TurnWorld, caplog: pytest.LogCaptureFixture
) -> None:
    async with day(world) as t:
        used, old, taken_back = [await invited(world, await world.person(f"Person{n}")) for n in range(3)]
        first = stranger(t, 1)
        await first.start(used.token)
        await first.until(lambda one: "Your number is" in one.last.text if one.said else False)
        await world.database.write(lambda conn: invitations.revoke(conn, taken_back.participant_id, world.clock.now))
        t.forward(timedelta(days=15).total_seconds())
        phones = [stranger(t, number) for number in range(2, 8)]
        codes = [used.token, used.code, old.token, taken_back.token, "A" * 22, "K7QF-2M9T"]
        for phone, code in zip(phones, codes, strict=True):
            await (phone.start(code) if len(code) == 22 else phone.type(code))
        for phone in phones:
            await sees(phone, ui("ui/messenger.closed_door"))
            assert len(phone.said) == 1
        await phones[0].start("B" * 22)
        await phones[0].type("hello?")
        await all_taken(t)
        assert len(phones[0].said) == 1, "nobody makes the bot talk"
        assert not any(code in caplog.text for code in codes)
        stored = await world.database.read(everything)
        assert not any(code.encode() in stored for code in codes)


async def test_case_30_a_code_of_somebody_else_changes_nothing_for_who_takes_part(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        theirs = await invited(world, await world.person("Sam"))
        await phone.start(theirs.token)
        await sees(phone, HARD, times=2)
        assert await heard(person) == ["/start", "/start"]
        await phone.type(theirs.code)
        await sees(phone, SURE)
        later = stranger(t, 1)
        await later.start(theirs.token)
        await later.until(lambda one: bool(one.said) and "Your number is" in one.last.text)


def stranger(t: TelegramWorld, number: int) -> Phone:
    """Somebody whom nobody knows."""
    return Phone(5_000_000 + number, "en", t.server, t.account)


@ON_SQLITE
async def test_case_35_people_are_their_number_whatever_they_are_called(world: TurnWorld) -> None:
    async with day(world) as t:
        person, phone = await begins(t)
        for text, seen, name, username in (
            ("The noise", SURE, "Zaphodina", "zaphod_b"),
            ("2", MORE, "Quxina", ""),
        ):
            phone.person.first_name, phone.person.username, phone.person.last_name = name, username, "Beeblequx"
            await phone.type(text)
            await sees(phone, seen)
        assert await person.answered() == {"hard": "The noise", "sure": "2"}

        def opened(conn: Connection) -> str:
            return repr(participant(conn, world.vault, person.id))

        known = await world.database.read(opened) + repr(await heard(person))
        stored = await world.database.read(everything)
        for name in ("Zaphodina", "zaphod_b", "Quxina", "Beeblequx"):
            assert name.encode() not in stored
            assert name not in known
        assert count(phone, HARD) == 1
