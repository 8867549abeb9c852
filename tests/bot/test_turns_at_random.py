"""Whatever people send, in any order and language: nothing raises, nothing is set aside, and each answer has its
question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import Command
from bot.messages import Button, Inbound, Outbound, Tap
from storage import schema
from storage.database import Database
from storage.vault import Vault
from tests.bot.digest_samples import plain
from tests.bot.turn_world import MONDAY, Person, TurnWorld, catalogs, deployed, programme, shipped
from tests.storage.databases import SqliteDatabases

LANGUAGES = ("en", "nb", "ar")
AT_WORK = ("treated", "change")
"""Steps of the check-in about a workplace."""
ACTIONS = get_args(get_type_hints(Tap)["action"])
STRANGE = (
    "",
    " ",
    "\0",
    "٣",
    "۵",
    "31.1.2026",
    "x" * 4001,
    "\u202e\u2066",
    "{name} {last_step}",
    "a\u0301\u0302\u0303" * 20,
)


@dataclass(frozen=True)
class Typed:
    """Words."""

    text: str


@dataclass(frozen=True)
class Seen:
    """A button that was shown at some time, counted from the last one back."""

    back: int
    text: str = ""


@dataclass(frozen=True)
class Ticked:
    """Some of the buttons of the question that waits, by their places, with words beside them."""

    places: tuple[int, ...]
    text: str = ""


@dataclass(frozen=True)
class MadeUp:
    """A press of what was never shown."""

    tap: Tap
    text: str = ""


@dataclass(frozen=True)
class Later:
    """So many hours pass."""

    hours: int


Move = Typed | Seen | Ticked | MadeUp | Later


def check_in_texts(language: str) -> Mapping[str, str]:
    """The check-in in one language, by context."""
    return catalogs().script_texts(shipped().scripts["weekly_checkin"], language) or {}


def words() -> st.SearchStrategy[str]:
    """What people type: commands, labels in any language, numbers, lists, and anything else."""
    commands = {
        word
        for language in LANGUAGES
        for command in Command
        for word in (f"/{command}", *catalogs().ui(language)[f"ui/command.{command}"].split(","))
    }
    labels = {text for language in LANGUAGES for text in check_in_texts(language).values()}
    lists = st.lists(st.integers(1, 24), min_size=1, max_size=4)
    return st.one_of(
        st.text(max_size=40),
        st.sampled_from(sorted(commands)),
        st.sampled_from(sorted(labels)),
        st.integers(-3, 30).map(str),
        lists.map(lambda numbers: "، ".join(map(str, numbers))),
        st.sampled_from(STRANGE),
    )


def made_up() -> st.SearchStrategy[Tap]:
    """Presses that no page of ours sends, with names that exist and names that do not."""
    steps = sorted(key for script in shipped().scripts.values() for key in script.by_key)
    options = sorted({context.rpartition("/")[2] for context in check_in_texts("en")})
    opened = [*programme().any_time, "own_checkin"]
    choices = st.sampled_from([*options, *opened, "ok", "yes", "en", "xx", "9" * 40]) | st.text(max_size=8)
    return st.builds(
        Tap,
        conversation=st.sampled_from([0, 1, 2, 3, 4, -1, 2**40]),
        step=st.sampled_from([*steps, "", "nowhere", "weekly_checkin/hard:work"]),
        action=st.sampled_from(ACTIONS),
        choices=st.lists(choices, max_size=3).map(tuple),
    )


def moves() -> st.SearchStrategy[Move]:
    """Anything that a person, or somebody who writes their own requests, can do."""
    beside = st.just("") | words()
    forward = st.builds(Ticked, st.lists(st.integers(0, 30), max_size=3).map(tuple), beside)
    return st.one_of(
        st.builds(Typed, words()),
        st.builds(Seen, st.integers(0, 3), st.just("")),
        st.builds(Seen, st.integers(0, 200), beside),
        *(forward, forward, forward),
        st.builds(MadeUp, made_up(), beside),
        st.builds(Later, st.sampled_from([1, 20, 80, 400])),
    )


@pytest.fixture(scope="module")
def running(sqlite_databases: SqliteDatabases) -> Iterator[tuple[asyncio.Runner, TurnWorld]]:
    """One deployment for all examples, each of which brings new people."""
    with asyncio.Runner() as runner, sqlite_databases.url() as url:
        database = Database.open(url)
        vault = runner.run(database.write(lambda conn: Vault.open(conn, bytes(range(32)))))
        yield runner, runner.run(deployed(database, vault))
        runner.run(database.close())


def meant(person: Person, move: Move) -> Inbound | None:
    """A move as a message, from what the person has seen so far."""
    buttons = [button for message in person.told for button in (*message.buttons, *message.controls)]
    match move:
        case Typed(text):
            return person.message(text)
        case Seen(back, text) if buttons:
            return person.message(text, buttons[-1 - back % len(buttons)].tap)
        case Ticked(places, text) if any(message.buttons for message in person.told):
            shown = next(message for message in reversed(person.told) if message.buttons).buttons
            return person.message(text, together([shown[place % len(shown)] for place in places] or [shown[0]]))
        case MadeUp(tap, text):
            return person.message(text, tap)
        case Later(hours):
            person.world.clock.forward(hours=hours)
    return None


def together(buttons: list[Button]) -> Tap:
    """Several buttons of one question, sent as one press."""
    first = buttons[0].tap
    return Tap(first.conversation, first.step, first.action, tuple(c for button in buttons for c in button.tap.choices))


async def sends(person: Person, made: list[Move], at_once: int) -> None:
    """Make the moves, so many of them at once: each is stored, and answered."""
    for first in range(0, len(made), at_once):
        sent = [inbound for move in made[first : first + at_once] if (inbound := meant(person, move))]
        for receipt in await asyncio.gather(*map(person.send, sent)):
            assert receipt.fresh
            assert receipt.messages, "nobody is left without a reply"


async def sound(person: Person) -> None:
    """What has to be true whatever somebody did."""
    world = person.world
    assert await world.rows(schema.inbox, participant_id=person.id, state="quarantined") == []
    numbers = await person.seqs()
    assert numbers == list(range(1, len(numbers) + 1))
    asked = {(message.conversation, message.step) for message in person.told if message.kind == "asked"}
    for row in await world.rows(schema.answer, participant_id=person.id):
        assert (row.conversation, row.question) in asked
    assert [state for _, state in await person.conversations()].count("open") <= 1
    for row in await world.rows(schema.card, participant_id=person.id):
        assert row.conversation in {message.conversation for message in person.told if says_shared(message)}
    told = [entry.outbound for entry in await world.turns.history(person.id) if entry.outbound]
    assert set(told) <= set(person.told)


def says_shared(message: Outbound) -> bool:
    """Whether the person was told that something is shared now."""
    begins = catalogs().ui(message.language)["ui/share.shared.on_working_days"].partition("{")[0]
    return plain(message.text).startswith(f"{begins}Kim Berg")


async def comes_to(person: Person, step: str) -> None:
    """Hold conversations up to this step of the second check-in, with an answer to share."""
    if not step:
        return
    work, first, second = ("job", "The shop", "yes") if step in AT_WORK else ("neither", "2", "1")
    await person.onboards(work)
    await person.says("start")
    await person.says(first)
    await person.skips_all()
    await person.says("start")
    await person.says(second)
    await person.skips_to(step)


@settings(max_examples=70)
@given(
    made=st.lists(st.deferred(moves), min_size=1, max_size=30),
    language=st.sampled_from(LANGUAGES),
    step=st.sampled_from(["", "job_sure", "hard", "help", "sharing", *AT_WORK]),
    at_once=st.sampled_from([1, 1, 1, 4]),
)
def test_anything_can_be_sent(
    running: tuple[asyncio.Runner, TurnWorld], made: list[Move], language: str, step: str, at_once: int
) -> None:
    runner, world = running

    async def lives() -> None:
        person = await world.person(language=language)
        await comes_to(person, step)
        await sends(person, made, at_once)
        await sound(person)

    runner.run(lives())


@settings(max_examples=40)
@given(
    made=st.lists(st.deferred(moves), min_size=2, max_size=30),
    step=st.sampled_from(["", "job_sure", "help", "sharing", *AT_WORK]),
)
def test_all_at_once_is_the_same_as_one_after_the_other(
    running: tuple[asyncio.Runner, TurnWorld], made: list[Move], step: str
) -> None:
    """The same messages, in one batch and each in its own."""
    runner, world = running

    async def live() -> None:
        one, other = await world.person(), await world.person()
        world.clock.now = MONDAY
        await comes_to(one, step)
        await comes_to(other, step)
        sent = []
        for move in made:
            if inbound := meant(one, move):
                sent.append(msgspec.structs.replace(inbound, address=str(other.id)))
                await one.send(inbound)
        await asyncio.gather(*map(other.send, sent))
        assert other.told == one.told
        assert await other.answers() == await one.answers()
        assert await other.conversations() == await one.conversations()
        cards = [await world.rows(schema.card, participant_id=person.id) for person in (one, other)]
        assert [row[1:5] for row in cards[1]] == [row[1:5] for row in cards[0]]

    runner.run(live())
