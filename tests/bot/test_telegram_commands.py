"""The menu of the bot, and what people can ask for at any time: typed with and without a slash, in their language."""

from __future__ import annotations

import pytest

from bot.channels.telegram.menu import COMMANDS
from bot.commands import Command
from storage import schema
from tests.bot.digest_samples import plain
from tests.bot.telegram_talk import HARD, all_sent, begins, holding_talk, queue, sees, times
from tests.bot.telegram_world import TelegramWorld, telegram
from tests.bot.turn_world import Person, TurnWorld, catalogs
from tests.telegram_stand_in import Phone
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("no_errors")

LANGUAGES = catalogs().languages
SOME = ("en", "nb", "ar", "uk", "ti", "ur")
OTHER = {language: LANGUAGES[number - 1] for number, language in enumerate(LANGUAGES)}


def ui(language: str, context: str) -> str:
    """A text of ours."""
    return catalogs().ui(language)[context]


def ways_to_type(language: str, command: Command) -> list[str]:
    """As it stands in the menu, and the words for it, one with a slash."""
    words = [word.strip() for word in ui(language, f"ui/command.{command}").replace("،", ",").split(",")]
    return [f"/{command}", *words, f"/{words[0]}", words[-1].upper()]


async def in_the_middle(t: TelegramWorld, language: str) -> tuple[Person, Phone, str]:
    """Somebody who has begun, and the question that waits."""
    person, phone = await t.person(language)
    await phone.type("/start")
    await phone.until(lambda it: bool(it.said))
    return person, phone, plain(phone.last.text)


async def says(phone: Phone, text: str, *, many: int = 1) -> list[str]:
    """Type something: the newest of what is there then, after so many more messages."""
    before = len(phone.said)
    await phone.type(text)
    await phone.until(lambda it: len(it.said) >= before + many)
    return [plain(bubble.text) for bubble in phone.said[before:]]


async def test_the_menu_is_there_in_every_language(sqlite_world: TurnWorld) -> None:
    async with telegram(sqlite_world) as t:
        shown = t.account.menus
        own = {language: language for language in catalogs().languages if len(language) == 2}
        codes = {"": "en", **own, "no": "nb", "nn": "nb"}
        wanted = {("all_private_chats", code) for code in codes}

        async def is_there() -> bool:
            return shown.commands.keys() >= wanted and shown.short_descriptions.keys() >= codes.keys()

        await until(is_there)
        assert shown.commands.keys() == wanted
        for code, language in codes.items():
            assert [(each["command"], each["description"]) for each in shown.commands["all_private_chats", code]] == [
                (command, ui(language, f"ui/menu.{command}")) for command in COMMANDS
            ]
            assert shown.descriptions[code] == ui(language, "ui/messenger.about")
            assert shown.short_descriptions[code] == ui(language, "ui/messenger.about_short")


@pytest.mark.parametrize("language", SOME)
async def test_help_is_shown_and_the_question_again(sqlite_world: TurnWorld, language: str) -> None:
    async with telegram(sqlite_world) as t:
        person, phone, question = await in_the_middle(t, language)
        for typed in ways_to_type(language, Command.HELP):
            card, again = await says(phone, typed, many=2)
            assert card.startswith(ui(language, "ui/help.alone"))
            assert "113" in card
            assert question.endswith(again)
            assert phone.last.labels == phone.said[0].labels
        assert await person.answers() == []


@pytest.mark.parametrize("language", SOME)
async def test_start_shows_the_question_that_waits(sqlite_world: TurnWorld, language: str) -> None:
    async with telegram(sqlite_world) as t:
        person, phone, question = await in_the_middle(t, language)
        for typed in ways_to_type(language, Command.START):
            (again,) = await says(phone, typed)
            assert question.endswith(again)
        assert len(await person.conversations()) == 1


@pytest.mark.parametrize("language", SOME)
async def test_another_language_can_be_chosen_in_the_middle_of_a_question(
    sqlite_world: TurnWorld, language: str
) -> None:
    async with telegram(sqlite_world) as t:
        person, phone, question = await in_the_middle(t, language)
        for typed in ways_to_type(language, Command.LANGUAGE):
            (chooser,) = await says(phone, typed)
            assert chooser == ui(language, "ui/language.choose")
            assert {*phone.last.labels} == {catalogs().name(code) for code in LANGUAGES}
        other = OTHER[language]
        await phone.tap(catalogs().name(other))
        await sees(phone, ui(other, "ui/language.changed"))
        assert ui(other, "ui/ok") in phone.last.labels
        await says(phone, "/language")
        await phone.tap(catalogs().name(language))
        await sees(phone, ui(language, "ui/language.changed"))
        assert plain(phone.last.text).endswith(question.partition("\n\n")[2] or question)
        assert (await t.world.rows(schema.participant, id=person.id))[0].language == language


@pytest.mark.parametrize("language", SOME)
async def test_what_is_kept_is_told_and_the_question_is_shown_again(sqlite_world: TurnWorld, language: str) -> None:
    async with telegram(sqlite_world) as t:
        _, phone, question = await in_the_middle(t, language)
        for typed in ways_to_type(language, Command.MYDATA):
            (told,) = await says(phone, typed)
            assert told.startswith(ui(language, "ui/mydata.kept"))
            assert question.endswith(told.rpartition(ui(language, "ui/mydata.ask"))[2].strip())
            assert phone.last.labels == phone.said[0].labels


@pytest.mark.parametrize("language", SOME)
@pytest.mark.parametrize("command", [Command.PAUSE, Command.STOP])
async def test_who_leaves_is_told_so_and_hears_nothing_more(
    sqlite_world: TurnWorld, language: str, command: Command
) -> None:
    async with telegram(sqlite_world) as t:
        person, phone, question = await in_the_middle(t, language)
        for typed in ways_to_type(language, command):
            (told,) = await says(phone, typed)
            assert told.startswith(ui(language, f"ui/{command}.done"))
            assert (ui(language, "ui/pause.how_long") in told) == (command is Command.PAUSE)
            assert await person.state() == {"pause": "paused", "stop": "stopped"}[command]
            (again,) = await says(phone, "/start")
            assert question == again
            assert await person.state() == "active"


@pytest.mark.parametrize("language", SOME)
async def test_the_last_answer_can_be_deleted_in_every_language(sqlite_world: TurnWorld, language: str) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        for typed in ways_to_type(language, Command.DELETE):
            person, phone = await t.person(language)  # the script is in English only, so they are told in English
            await begins(phone)
            await phone.tap("1")
            await sees(phone, HARD)
            (told,) = await says(phone, typed)
            assert told == "Your last answer is deleted."
            assert await person.answered() == {}
            await phone.tap("Noise")
            await phone.until(lambda it: any("✓ Noise" in bubble.labels for bubble in it.said))


async def test_a_command_inside_a_sentence_is_an_answer_like_any_other(sqlite_world: TurnWorld) -> None:
    await holding_talk(sqlite_world)
    async with telegram(sqlite_world) as t:
        person, phone = await t.person()
        await begins(phone)
        await phone.tap("1")
        await sees(phone, HARD)
        await says(phone, "I need help to stop, and a break")
        assert (await person.answered())["hard"] == "I need help to stop, and a break"
        assert await person.state() == "active"


@pytest.mark.parametrize("command", ["/pause", "/stop"])
async def test_what_is_queued_for_somebody_who_leaves_never_arrives(world: TurnWorld, command: str) -> None:
    await holding_talk(world)
    async with telegram(world) as t:
        person, phone = await t.person()
        await begins(phone)
        await all_sent(t)
        t.server.faults.fail("sendMessage", times=1_000)
        await phone.tap("1")

        async def is_queued() -> bool:
            return (await queue(t))[-1][1] == "queued"

        await until(is_queued)
        await phone.type(command)

        async def has_left() -> bool:
            return await person.state() != "active"

        await until(has_left)
        t.server.faults.clear()
        t.forward(60)
        await sees(phone, "You can come back at any time.")
        await all_left(t)
        assert times(phone, HARD) == 0
        assert [state for _, state in await queue(t)].count("cancelled") >= 1


async def all_left(t: TelegramWorld) -> None:
    """Wait until nothing is queued any more."""

    async def is_so() -> bool:
        return all(state != "queued" for _, state in await queue(t))

    await until(is_so)
