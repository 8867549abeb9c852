"""Commands: what counts as one in any language, and what is only part of a sentence."""

from __future__ import annotations

import re

import pytest

from bot.commands import Command, Commands
from tests.bot.turn_world import catalogs
from tests.bot.wording_talk import LANGUAGES


def commands() -> Commands:
    return Commands(catalogs().ui(language) for language in catalogs().languages)


def words(command: Command, language: str) -> list[str]:
    return [word.strip() for word in re.split("[,،]", catalogs().ui(language)[f"ui/command.{command}"])]


WORDS = [(command, language) for command in Command for language in LANGUAGES]


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("form", ["/{}", "{}", "/{}@medvind_bot", " /{} ", "{}!", "{}.", "«{}»", "/{}\n"])
def test_every_command_is_found_by_its_english_name(command: Command, form: str) -> None:
    found = commands().find(form.format(command.value))
    assert found is (None if "@" in form else command)


@pytest.mark.parametrize(("command", "language"), WORDS)
def test_every_command_is_found_by_each_of_its_words_in_every_language(command: Command, language: str) -> None:
    for word in words(command, language):
        for form in (word, f"/{word}", word.upper(), word.title(), f"  {word}  ", f"{word}.", f"{word}!!", f"{word}؟"):
            assert commands().find(form) is command, form


@pytest.mark.parametrize(("command", "language"), WORDS)
def test_every_language_has_words_for_every_command(command: Command, language: str) -> None:
    assert all(words(command, language))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("SPRÅK", Command.LANGUAGE),
        ("sprak", Command.LANGUAGE),
        ("Hjelp nå", Command.HELP),
        ("hjelp na", Command.HELP),
        ("تَخَطٍّ", Command.SKIP),
        ("مساعده".replace("ه", "ة"), Command.HELP),
        ("مُسَاعَدَة", Command.HELP),
        ("رجـــوع", Command.BACK),
        ("hopp  over", Command.SKIP),
        ("HELP\u200f", Command.HELP),
        ("\u2068stop\u2069", Command.STOP),
    ],
)
def test_case_accents_vowel_marks_and_spaces_do_not_matter(text: str, command: Command) -> None:
    assert commands().find(text) is command


@pytest.mark.parametrize(
    "text",
    [
        "I need help with the boss",
        "Stop it please",
        "please stop",
        "skip this",
        "I went back",
        "Jeg trenger hjelp med CV",
        "أحتاج مساعدة في العمل",
        "help help",
        "stopp ikke",
        "helping",
        "hel",
        "",
        " ",
        "/",
        "!!!",
        ",",
        "\u200b",
        "\0",
        "🙂",
        "1",
        "help" + "!" * 40,
    ],
)
def test_a_word_inside_a_sentence_is_no_command(text: str) -> None:
    assert commands().find(text) is None


def test_one_word_means_one_thing_in_all_languages() -> None:
    """A word that is a command in two languages is the same command in both."""
    seen: dict[str, Command] = {}
    for command, language in WORDS:
        for word in words(command, language):
            assert seen.setdefault(word.casefold(), command) is command, word


def test_a_command_of_one_language_works_in_all() -> None:
    only_arabic = Commands([catalogs().ui("ar")])
    assert only_arabic.find("help") is Command.HELP
    assert only_arabic.find("مساعدة") is Command.HELP
    assert only_arabic.find("hjelp") is None


@pytest.mark.parametrize("typed", ["تخطي", "تخطى", "تخـطي"])
def test_arabic_letters_that_are_written_for_one_another_are_the_same(typed: str) -> None:
    assert commands().find(typed) is Command.SKIP
