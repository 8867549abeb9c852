"""Admission: an invitation opens once, strangers all hear the same, and only a specialist says who it is."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import update

from bot.admission import MOST_TRIES, OPERATOR
from bot.invitation import new_code, new_token
from bot.messages import Button, Tap, encode
from bot.strangers import ALARM_ABOVE, Strangers
from storage import addresses, audit, invitations, outbox, people, schema
from storage.database import Database
from storage.vault import Vault
from tests.bot.front_door import CHANNEL, MONDAY, FrontDoor, add_specialist, number_in, opened, shown
from tests.storage.databases import everything

CLOSED = "I cannot open this. You can ask for a new code where you got this one."


@pytest.fixture
async def door(database: Database, vault: Vault) -> FrontDoor:
    return await opened(database, vault)


# Coming in -----------------------------------------------------------------------------------------------------------


async def test_an_invited_person_is_told_a_number_in_their_language_and_takes_part_once_confirmed(
    door: FrontDoor,
) -> None:
    person = await door.person(language="uk")
    invitation = await door.invitation(person)
    told = await door.knocks("100", invitation.token)
    assert shown(told).startswith("uk: Thank you. Your number is ")
    assert shown(told).endswith("The person who invited you will ask for it. uk: Then you can start.")
    assert told is not None
    standing = await door.standing("100")
    assert standing == (person, "waiting", number_in(told))
    assert await door.queued(person) == []

    assert await door.admission.confirm(person, CHANNEL, number_in(told), door.specialist, door.now)
    assert await door.standing("100") == (person, "active", None)
    ((seq, channel, state, ready),) = await door.queued(person)
    assert (seq, channel, state, ready.language, ready.conversation) == (1, CHANNEL, "queued", "uk", 0)
    assert shown(ready).split("\n\n") == [
        "uk: Kim Berg says that it is you. You can start when you want.",
        "uk: Telegram can also read what stands in this chat. You can ask for the web page instead.",
        "uk: When you delete a message here, I cannot see that. /delete takes back your last answer.",
    ]
    assert ready.buttons == (
        Button("uk: Start", Tap(0, "", "start")),
        Button("English", Tap(0, "", "language", ("en",))),
        Button("العربية", Tap(0, "", "language", ("ar",))),
    )
    assert await door.actions(person) == [
        (f"staff:{door.specialist.id}", "invitation.made"),
        (f"participant:{person}", "invitation.used"),
        (f"staff:{door.specialist.id}", "address.confirmed"),
    ]


async def test_the_welcome_takes_the_next_number_of_the_persons_own_order(door: FrontDoor) -> None:
    person = await door.person()
    moved = update(schema.participant).values(next_seq=12, next_conversation=3)
    await door.database.write(lambda conn: conn.execute(moved) and None)
    await door.comes_in(person=person)
    assert [row[0] for row in await door.queued(person)] == [12]
    (row,) = await door.rows(schema.participant)
    assert (row["next_seq"], row["next_conversation"], row["language"], row["state"]) == (13, 3, "uk", "active")
    waiting = await door.database.read(lambda conn: outbox.waiting(conn, CHANNEL))
    assert [(one.participant_id, one.seq) for one in waiting] == [(person, 12)]


async def test_a_code_is_typed_instead_of_a_link(door: FrontDoor) -> None:
    person = await door.person()
    invitation = await door.invitation(person)
    told = await door.knocks("100", f" {invitation.spoken.lower()} ")
    assert told is not None
    assert await door.standing("100") == (person, "waiting", number_in(told))


async def test_knocking_again_shows_the_same_number(door: FrontDoor) -> None:
    person = await door.person()
    invitation = await door.invitation(person)
    told = [await door.knocks("100", text) for text in (invitation.token, "hello?", invitation.code, "/help", "x" * 22)]
    assert len(set(told)) == 1
    assert [await door.another_admission().knock(CHANNEL, "100", "hello", "", door.now)] == told[:1]
    assert await door.rows(schema.invitation_attempt) == []


async def test_the_language_of_the_messenger_is_only_a_suggestion(door: FrontDoor) -> None:
    person, number = await door.comes_to_wait(language_code="ar-SA")
    await door.admission.confirm(person, CHANNEL, number, door.specialist, door.now)
    ((_, _, _, ready),) = await door.queued(person)
    assert ready.language == "uk"
    assert [button.label for button in ready.buttons] == ["العربية", "uk: Start", "English"]


@pytest.mark.parametrize("code", ["uk", "fi", ""])
async def test_a_suggestion_that_changes_nothing_comes_second(door: FrontDoor, code: str) -> None:
    person, number = await door.comes_to_wait(language_code=code)
    await door.admission.confirm(person, CHANNEL, number, door.specialist, door.now)
    ((_, _, _, ready),) = await door.queued(person)
    assert [button.label for button in ready.buttons] == ["uk: Start", "English", "العربية"]


async def test_a_language_that_is_not_offered_any_more_becomes_the_programmes_first(
    database: Database, vault: Vault
) -> None:
    door = await opened(database, vault, first=("nb", "ar", "en"))
    person = await door.person(language="nb")
    told = await door.knocks("100", (await door.invitation(person)).token)
    assert told is not None
    assert told.language == "ar"


async def test_somebody_without_a_specialist_is_confirmed_by_the_operator(door: FrontDoor) -> None:
    person, number = await door.comes_to_wait()
    await door.database.write(lambda conn: conn.execute(schema.assignment.delete()) and None)
    assert not await door.admission.confirm(person, CHANNEL, number, door.specialist, door.now)
    assert await door.admission.confirm(person, CHANNEL, number, None, door.now)
    ((_, _, _, ready),) = await door.queued(person)
    assert shown(ready).startswith("uk: uk: the specialist says that it is you.")
    assert (await door.actions(person))[-1] == (OPERATOR, "address.confirmed")


# Strangers -----------------------------------------------------------------------------------------------------------


async def closed_doors(door: FrontDoor) -> dict[str, tuple[str, str]]:
    """Every way to be a stranger: where from, and what is sent."""
    used = await door.invitation(await door.person("U.U."))
    await door.knocks("1", used.token)
    expired = await door.invitation(await door.person("E.E."))
    door.forward(days=14)
    revoked = await door.invitation(await door.person("R.R."))
    replaced = await door.invitation(revoked.participant_id)
    await door.database.write(lambda conn: invitations.revoke(conn, revoked.participant_id, door.now))
    elsewhere = await door.invitation(await door.comes_in("2", await door.person("A.A.")))
    erased = await door.invitation(await door.person("X.X."))
    await door.database.write(lambda conn: people.erase(conn, erased.participant_id))
    refused, number = await door.comes_to_wait("3", await door.person("N.N."))
    code_of_refused = await door.invitation(refused)
    await door.admission.refuse(refused, CHANNEL, number, door.specialist, door.now)
    texts = {
        "wrong token": new_token(Random(1)),
        "wrong code": new_code(Random(2)),
        "used token": used.token,
        "used code": used.spoken,
        "expired": expired.token,
        "expired code": expired.spoken,
        "revoked": revoked.token,
        "replaced by another": replaced.code,
        "taken back after a refusal": code_of_refused.token,
        "of somebody who is reached elsewhere": elsewhere.token,
        "of an erased person": erased.token,
        "start alone": "/start",
        "chatter": "Hello, who is there?",
        "help": "/help",
        "stop": "stop",
        "nothing": "",
        "not of this world": "\u202e\U0001f600" * 20,
        "very long": new_code(Random(3)) * 2000,
        "half a character": "\ud83d",
    }
    return {name: (str(1000 + place), text) for place, (name, text) in enumerate(texts.items())}


async def test_every_stranger_hears_the_same_byte_for_byte(door: FrontDoor) -> None:
    strangers = await closed_doors(door)
    told = {name: await door.knocks(where, text) for name, (where, text) in strangers.items()}
    assert {name: encode(answer) for name, answer in told.items()} == dict.fromkeys(told, encode(told["chatter"]))
    assert shown(told["chatter"]) == CLOSED
    assert [await door.standing(where) for where, _ in strangers.values()] == [None] * len(strangers)


async def test_the_door_is_closed_in_the_suggested_language_or_the_programmes_first(
    database: Database, vault: Vault
) -> None:
    door = await opened(database, vault, first=("fi", "uk", "en"))
    codes = {"1": "ar", "2": "fi", "3": "", "4": "en-US"}
    told = {where: await door.knocks(where, "hello", code) for where, code in codes.items()}
    assert [answer and answer.language for answer in told.values()] == ["ar", "uk", "uk", "en"]


async def test_nothing_of_a_stranger_is_kept_or_logged(door: FrontDoor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = new_code(Random(5))
    for text in ("I am Maryam and I need work", code):
        await door.knocks("5558887771", text, "fa")
        door.forward(minutes=2)
    kept = await door.database.read(everything)
    for private in ("Maryam", "5558887771", code):
        assert private.encode() not in kept
        assert private not in caplog.text
    (attempt,) = await door.rows(schema.invitation_attempt)
    assert set(attempt) == {"id", "lookup", "at"}
    assert "opened nothing" in caplog.text


@pytest.mark.parametrize("gone", [False, True], ids=["active", "unreachable"])
async def test_an_invitation_that_leads_to_somebody_reached_elsewhere_is_not_used_up(
    door: FrontDoor, gone: bool
) -> None:
    """A link that was found cuts nobody off; after the specialist has closed the old chat, it opens."""
    person = await door.comes_in("100")
    if gone:
        await door.database.write(lambda conn: addresses.unreachable(conn, person, CHANNEL, door.now) and None)
    invitation = await door.invitation(person)
    assert shown(await door.knocks("200", invitation.token)) == CLOSED
    assert await door.standing("100") == (person, "unreachable" if gone else "active", None)
    await door.database.write(lambda conn: addresses.detach(conn, person, CHANNEL) and None)
    assert "Your number is" in shown(await door.knocks("200", invitation.token))


async def test_who_takes_part_already_is_left_to_the_turn(door: FrontDoor) -> None:
    person = await door.comes_in("100")
    other = await door.invitation(await door.person("O.O."))
    for state in ("active", "unreachable"):
        assert await door.knocks("100", other.token) is None
        assert await door.knocks("100", "hello") is None
        assert await door.standing("100") == (person, state, None)
        await door.database.write(lambda conn: addresses.unreachable(conn, person, CHANNEL, door.now) and None)
    assert "Your number is" in shown(await door.knocks("300", other.token))


async def test_of_two_who_bring_the_same_invitation_one_waits(door: FrontDoor) -> None:
    person = await door.person()
    invitation = await door.invitation(person)
    other = door.another_admission()
    both = await asyncio.gather(
        *(
            one.knock(CHANNEL, str(place), invitation.token, "", door.now)
            for place, one in enumerate([door.admission, other])
        )
    )
    assert sorted(shown(told).startswith("uk: Thank you.") for told in both) == [False, True]
    assert CLOSED in [shown(told) for told in both]
    assert len(await door.rows(schema.address)) == 1


async def test_one_who_brings_two_invitations_at_once_is_one_person(door: FrontDoor) -> None:
    brought = [await door.invitation(await door.person(name)) for name in ("A.A.", "B.B.")]
    admissions = [door.admission, door.another_admission()]
    await asyncio.gather(
        *(
            one.knock(CHANNEL, "100", invitation.token, "", door.now)
            for one, invitation in zip(admissions, brought, strict=True)
        )
    )
    standing = await door.standing("100")
    assert standing is not None
    left = next(one for one in brought if one.participant_id != standing.participant_id)
    door.forward(minutes=1)  # One of the two may have heard that the door is closed.
    assert shown(await door.knocks("100", "hello")).startswith("uk: Thank you.")
    assert shown(await door.knocks("200", left.token)).startswith("uk: Thank you."), "the other one was not used up"


# Limits --------------------------------------------------------------------------------------------------------------


async def test_after_five_wrong_codes_in_an_hour_not_even_the_right_one_is_looked_at(door: FrontDoor) -> None:
    person = await door.person()
    invitation = await door.invitation(person)
    for number in range(MOST_TRIES):
        assert shown(await door.knocks("100", new_code(Random(number)))) == CLOSED
        door.forward(minutes=2)
    assert shown(await door.another_admission().knock(CHANNEL, "100", invitation.code, "", door.now)) == CLOSED
    assert shown(await door.knocks("100", invitation.token)) == CLOSED
    assert len(await door.rows(schema.invitation_attempt)) == MOST_TRIES
    assert "Your number is" in shown(await door.knocks("200", invitation.code)), "others are not kept out"


async def test_after_an_hour_the_right_code_opens(door: FrontDoor) -> None:
    invitation = await door.invitation(await door.person())
    for number in range(MOST_TRIES):
        await door.knocks("100", new_code(Random(number)))
    door.forward(minutes=61)
    assert "Your number is" in shown(await door.knocks("100", invitation.code))


async def test_four_wrong_codes_and_then_the_right_one(door: FrontDoor) -> None:
    invitation = await door.invitation(await door.person())
    for number in range(MOST_TRIES - 1):
        await door.knocks("100", new_code(Random(number)))
    assert "Your number is" in shown(await door.knocks("100", invitation.code))


async def test_chatter_is_no_wrong_code(door: FrontDoor) -> None:
    invitation = await door.invitation(await door.person())
    for _ in range(20):
        assert shown(await door.knocks("100", "Is somebody there?")) == CLOSED
        door.forward(minutes=1)
    assert "Your number is" in shown(await door.knocks("100", invitation.code))


async def test_a_stranger_is_answered_once_a_minute(door: FrontDoor) -> None:
    told = []
    for _ in range(6):
        told += [await door.knocks("100", "hello"), await door.knocks("100", new_code(door.random))]
        door.forward(seconds=20)
    assert [answer is not None for answer in told] == [True, *[False] * 5, True, *[False] * 5]
    assert await door.knocks("200", "hello") is not None


async def test_silence_keeps_nobody_out(door: FrontDoor) -> None:
    invitation = await door.invitation(await door.person())
    await door.knocks("100", "hello")
    assert await door.knocks("100", "hello?") is None
    assert "Your number is" in shown(await door.knocks("100", invitation.code))
    assert "Your number is" in shown(await door.knocks("100", "hello?"))


async def test_a_flood_from_one_address_does_not_reach_the_database(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MOST_TRIES):
        await door.knocks("100", new_code(Random(number)))
    await door.database.close()
    assert [await door.knocks("100", text) for text in ("hello", new_code(Random(99)))] == [None, None]


async def test_old_tries_are_forgotten(door: FrontDoor) -> None:
    await door.knocks("100", new_code(Random(1)))
    door.forward(minutes=61)
    await door.knocks("200", new_code(Random(2)))
    assert len(await door.rows(schema.invitation_attempt)) == 1


async def test_guessing_from_many_addresses_is_reported_once_an_hour(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    def alarms() -> list[str]:
        return [record.message for record in caplog.records if record.levelno >= logging.WARNING]

    for number in range(ALARM_ABOVE):
        await door.knocks(str(number), new_code(Random(number)))
    assert alarms() == []
    for number in range(ALARM_ABOVE, ALARM_ABOVE + 5):
        await door.knocks(str(number), new_code(Random(number)))
    assert alarms() == [f"{ALARM_ABOVE + 1} codes opened nothing within an hour: somebody may be guessing"]
    door.forward(minutes=59)
    await door.knocks("again", new_code(Random(0)))
    assert len(alarms()) == 1
    door.forward(minutes=2)
    for number in range(ALARM_ABOVE + 1):
        await door.knocks(f"later {number}", new_code(Random(number)))
    assert len(alarms()) == 2


def test_memory_of_strangers_is_bounded() -> None:
    strangers = Strangers(room=3)
    for who in (b"1", b"2", b"3", b"4"):
        assert strangers.may_be_told(who, False, MONDAY)
    assert not strangers.may_be_told(b"4", False, MONDAY + timedelta(seconds=59))
    assert strangers.may_be_told(b"1", False, MONDAY + timedelta(seconds=59)), "the oldest was forgotten"


# Confirming ----------------------------------------------------------------------------------------------------------


async def test_only_the_assigned_specialist_says_who_it_is(door: FrontDoor) -> None:
    other = await add_specialist(door.database, door.vault, "Bo Lund")
    person, number = await door.comes_to_wait()
    assert not await door.admission.confirm(person, CHANNEL, number, other, door.now)
    assert not await door.admission.refuse(person, CHANNEL, number, other, door.now)
    assert await door.standing("100") == (person, "waiting", number)
    await door.database.write(lambda conn: people.assign(conn, person, other.id, door.now))
    assert not await door.admission.confirm(person, CHANNEL, number, door.specialist, door.now)
    assert await door.admission.confirm(person, CHANNEL, number, other, door.now)


async def test_another_number_confirms_nobody(door: FrontDoor) -> None:
    person, number = await door.comes_to_wait()
    wrong = f"{(int(number) + 1) % 10000:04}"
    for staff in (door.specialist, None):
        assert not await door.admission.confirm(person, CHANNEL, wrong, staff, door.now)
    assert not await door.admission.refuse(person, CHANNEL, wrong, door.specialist, door.now)
    assert not await door.admission.confirm(person, "telegram:1", number, door.specialist, door.now)
    assert await door.standing("100") == (person, "waiting", number)
    assert await door.queued(person) == []


async def test_who_came_to_wait_meanwhile_is_not_confirmed_with_the_number_of_another(door: FrontDoor) -> None:
    person, number = await door.comes_to_wait("100")
    _, newer = await door.comes_to_wait("200", person)
    assert newer != number
    assert not await door.admission.confirm(person, CHANNEL, number, door.specialist, door.now)
    assert await door.admission.confirm(person, CHANNEL, newer, door.specialist, door.now)
    assert await door.standing("100") is None
    assert await door.standing("200") == (person, "active", None)


async def test_confirming_twice_welcomes_once(door: FrontDoor) -> None:
    person, number = await door.comes_to_wait()
    confirm = door.admission.confirm
    done = await asyncio.gather(*(confirm(person, CHANNEL, number, door.specialist, door.now) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]
    assert len(await door.queued(person)) == 1


async def test_a_refused_stranger_hears_nothing_and_the_invitation_is_dead(door: FrontDoor) -> None:
    person = await door.person()
    first = await door.invitation(person)
    told = await door.knocks("100", first.token)
    assert told is not None
    second = await door.invitation(person)
    assert await door.admission.refuse(person, CHANNEL, number_in(told), door.specialist, door.now)
    assert await door.standing("100") is None
    assert await door.queued(person) == []
    for secret in (first.token, first.code, second.token, second.code):
        assert shown(await door.knocks(f"at {secret}", secret)) == CLOSED
    assert (await door.actions(person))[-1] == (f"staff:{door.specialist.id}", "address.refused")
    assert not await door.admission.refuse(person, CHANNEL, number_in(told), door.specialist, door.now)


async def test_an_active_address_is_not_refused_away(door: FrontDoor) -> None:
    person = await door.comes_in("100")
    for number in ("", "0000"):
        assert not await door.admission.refuse(person, CHANNEL, number, door.specialist, door.now)
    assert await door.standing("100") == (person, "active", None)


@pytest.mark.parametrize("word", ["/stop", "stop", "СТОП"])
async def test_who_waits_can_stop_waiting(door: FrontDoor, word: str) -> None:
    person, number = await door.comes_to_wait("100")
    invitation = await door.invitation(person)
    assert shown(await door.knocks("100", word)).startswith("uk: You have stopped. Nothing more is sent to you.")
    assert await door.standing("100") is None
    assert not await door.admission.confirm(person, CHANNEL, number, door.specialist, door.now)
    assert await door.queued(person) == []
    assert shown(await door.knocks("100", invitation.token)) == CLOSED
    assert (f"participant:{person}", "address.left") in await door.actions(person)


async def test_somebody_who_had_stopped_comes_back_by_a_new_invitation(door: FrontDoor) -> None:
    """They are told that they can start, because they came; nothing begins before they start."""
    person = await door.person()
    await door.database.write(lambda conn: people.set_state(conn, person, "stopped"))
    await door.comes_in("100", person)
    assert [state for _, _, state, _ in await door.queued(person)] == ["queued"]
    (row,) = await door.rows(schema.participant)
    assert row["state"] == "stopped"


async def test_somebody_erased_while_waiting_is_a_stranger(door: FrontDoor) -> None:
    person, number = await door.comes_to_wait("100")
    await door.database.write(lambda conn: people.erase(conn, person))
    door.vault.forget(f"participant:{person}")
    assert not await door.admission.confirm(person, CHANNEL, number, None, door.now)
    assert shown(await door.knocks("100", "hello")) == CLOSED


async def test_the_audit_names_channel_and_suggestion_and_nothing_else(door: FrontDoor) -> None:
    person, number = await door.comes_to_wait("5558887771", language_code="en")
    await door.admission.confirm(person, CHANNEL, number, door.specialist, door.now)
    found = await door.database.read(lambda conn: audit.records(conn, person))
    assert [one.details for one in found] == [None, {"channel": CHANNEL, "suggested": "en"}, {"channel": CHANNEL}]
