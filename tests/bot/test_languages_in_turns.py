"""Languages: a conversation speaks one of them at a time, whole, and another one keeps the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from bot.batch import Receipt
from bot.messages import Outbound, Tap
from dialogues.answers import LONGEST_WORDS
from dialogues.loader import load
from storage import schema
from tests.bot.turn_world import Person, TurnWorld, catalogs, shipped, worded

ENGLISH_ONLY = """\
dialogue: english_only
title: A script in one language
language: en

steps:

  sure:
    ask: How sure are you?
    answer: scale 1 to 3
    points: [Not sure, Half and half, Sure]
    label: Sure

  hard:
    ask: What was hard, {name}?
    answer: any of
    options:
      work: Work
      letters: Letters
    own words: yes
    label: Hard

  sharing:
    share: This is what {specialist} will see.
    offer: [sure, hard]
"""
LANGUAGES = ("en", "nb", "ar")


@cache
def wording(language: str) -> tuple[re.Pattern[str], ...]:
    """Every text that a participant may meet in a language, with anything isolated in the place of a placeholder."""
    texts = {text for context, text in catalogs().ui(language).items() if context.startswith("ui/")}
    for context in ("ui/again.too_many", "ui/again.too_long"):
        texts |= {catalogs().count(language, context, n) for n in (1, 2, 3, LONGEST_WORDS)}
    for script in shipped().scripts.values():
        texts |= set((catalogs().script_texts(script, language) or {}).values())
    parts = [re.split(r"\{\w+\}", text) for text in sorted(texts)]
    filled = "\u2068[^\u2068]*\u2069"
    return tuple(re.compile(filled.join(map(re.escape, part))) for part in parts)


def words_of(message: Outbound) -> Iterator[str]:
    """Everything in a message that is not a person's own words or a number."""
    yield message.text
    yield message.placeholder
    for button in (*message.buttons, *message.controls):
        yield button.label
        yield button.group
    for line in message.lines:
        yield line.label
        yield line.value


def speaks(message: Outbound, language: str) -> bool:
    """Whether all of a message comes from the catalogue of one language, if it holds more than names."""
    return message.language == language and all(is_text(words, language) for words in words_of(message) if words)


def is_text(words: str, language: str) -> bool:
    """Whether this is one text of the language, several of them in a list, or such texts under each other."""
    breaks = (at for at, letter in enumerate(words) if letter == "\n")
    return is_list(words, language) or any(
        is_list(words[:at], language) and is_text(words[at + 1 :], language) for at in breaks
    )


def is_list(words: str, language: str) -> bool:
    """Whether this is one text of the language, or several of them in a list."""
    parts = words.split(catalogs().ui(language)["ui/separator"])
    known = wording(language)
    return any(text.fullmatch(words) for text in known) or all(any(t.fullmatch(part) for t in known) for part in parts)


async def holds_all(person: Person) -> None:
    """Hold the first conversation and a check-in, and say every kind of thing in them."""
    await person.onboards()
    await person.says("start")
    for words in ("9", "", "2", "1"):
        await person.says(words)
    for options in (("rest", "unsure"), ("rest", "words", "proof"), ("words", "talk")):
        await person.chooses(*options)
    await person.taps(Tap(1, "onboarding/explained", "choose", ("me",)))
    await person.says("back")
    await person.presses("keep")
    await person.chooses("work", "outside")
    await person.chooses("boss", "sleep")
    await person.chooses("letters", "interpreter")
    await person.says("x" * 4001)
    await person.presses("back")
    await person.chooses("not_now")
    await person.chooses("rested")
    await person.presses("back")
    await person.presses("skip")
    await person.shares("week", "what_hard|outside", "help")


async def test_the_test_tells_languages_apart(world: TurnWorld) -> None:
    amina = await world.person(language="ar")
    await holds_all(amina)
    assert not any(speaks(message, language) for message in amina.told for language in ("en", "nb"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_whole_conversation_is_in_one_language(world: TurnWorld, language: str) -> None:
    amina = await world.person(language=language)
    await holds_all(amina)
    assert (await amina.conversations())[:2] == [("onboarding", "closed"), ("weekly_checkin", "closed")]
    assert len(amina.told) > 25
    for message in amina.told:
        assert speaks(message, language), [words for words in words_of(message) if not is_text(words, language)]
    rows = await world.rows(schema.answer, participant_id=amina.id)
    assert {row.language for row in rows} == {language}


async def to_language(person: Person, code: str) -> Receipt:
    """Type the word and tap the language."""
    (asked,) = await person.says("language")
    button = next(button for button in asked.buttons if button.tap.choices == (code,))
    return await person.send(person.message(tap=button.tap))


@pytest.mark.parametrize("step", ["week", "next_step", "hard", "sharing"])
async def test_another_language_keeps_the_place_and_asks_again(world: TurnWorld, step: str) -> None:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    if step == "sharing":
        await amina.chooses("4")
    await amina.skips_to(step)
    before, answers = amina.waits, await amina.answers()
    for language in ("ar", "nb", "en"):
        receipt = await to_language(amina, language)
        note, again = (message for _, message in receipt.messages)
        assert worded([note], language) == ["ui/language.changed"]
        assert speaks(note, language)
        assert speaks(again, language)
        assert (again.step, again.conversation, again.number) == (before.step, 2, before.number)
        assert [button.tap for button in again.buttons] == [button.tap for button in before.buttons]
    assert amina.waits == before
    assert await amina.answers() == answers


async def test_a_language_changed_in_the_middle_does_not_change_what_was_answered(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    await amina.says("Good")
    await to_language(amina, "ar")
    await amina.says("ثقة كبيرة")
    await to_language(amina, "nb")
    await amina.skips_to("hard")
    await amina.says("jobb og ute")
    found = {one.question: (one.value, one.language) for one in await amina.answers() if one.conversation == 2}
    assert found["week"] == ("4", "en")
    assert found["job_sure"] == ("4", "ar")
    assert found["next_step"] == ("", "nb")


async def test_an_old_button_in_an_old_language_still_answers_its_own_question(world: TurnWorld) -> None:
    """It is the same question."""
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    english = amina.waits
    await to_language(amina, "ar")
    told = await amina.taps(english.buttons[4])
    assert await amina.answered(2) == {"week": "5"}
    assert all(speaks(message, "ar") for message in told)


async def test_options_are_understood_in_every_language(world: TurnWorld) -> None:
    for words, value in (
        ("Good", "4"),
        ("good", "4"),
        ("bra", "4"),
        ("جيد", "4"),
        ("جَيِّد", "4"),
        ("٤", "4"),
        ("۴", "4"),
        ("4", "4"),
        ("banana", ""),
        ("In betw", "3"),
    ):
        amina = await world.person(language="nb")
        await amina.onboards()
        await amina.says("start")
        await amina.says(words)
        assert (await amina.answered(2)).get("week", "") == value, words


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_language_that_the_script_lacks_is_not_mixed_in(world: TurnWorld, language: str) -> None:
    await world.publish("english_only", ENGLISH_ONLY)
    world.holding("english_only")
    amina = await world.person(language=language)
    await amina.says("start")
    await amina.says("nothing like it")
    await amina.says("2")
    await amina.chooses("work", words="شيء آخر")
    await amina.presses("share_all")
    for message in amina.told:
        assert message.language == "en"
        assert not re.search("[\u0600-\u06ff]", "".join(words_of(message)))
    assert worded(amina.told[-1:], "en") == ["ui/all_done"]


async def test_a_language_that_the_script_lacks_comes_with_the_next_conversation(world: TurnWorld) -> None:
    """The sentence says which language comes then: it is the chosen one, and in it."""
    await world.publish("english_only", ENGLISH_ONLY)
    world.holding("english_only")
    amina = await world.person()
    await amina.says("start")
    before = amina.waits
    for language in ("ar", "nb"):
        receipt = await to_language(amina, language)
        note, again = (message for _, message in receipt.messages)
        assert worded([note], language) == ["ui/language.later"]
        assert note.language == language
        assert again == before
    await amina.says("stop")
    assert amina.told[-1].language == "nb"
    source = ENGLISH_ONLY.replace("What was hard", "What was difficult")
    script = load(source)
    english = catalogs().script_texts(script, "en") or {}
    norwegian = {context: f"nb {text}" for context, text in english.items()}
    await world.publish("english_only", source, {"en": english, "nb": norwegian})
    await amina.says("start")
    assert (amina.waits.language, amina.waits.text.strip()) == ("nb", "nb How sure are you?")


async def test_choosing_the_language_one_has_asks_again(world: TurnWorld) -> None:
    amina = await world.person()
    await amina.onboards()
    await amina.says("start")
    before = amina.waits
    receipt = await to_language(amina, "en")
    assert [message for _, message in receipt.messages] == [before]


async def test_a_language_can_be_chosen_before_anything_has_begun(world: TurnWorld) -> None:
    amina = await world.person()
    receipt = await to_language(amina, "ar")
    ((_, note),) = receipt.messages
    assert worded([note], "ar") == ["ui/language.changed"]
    await amina.says("start")
    assert speaks(amina.waits, "ar")


async def test_a_language_that_is_not_offered_any_more_reads_as_the_source(world: TurnWorld) -> None:
    amina = await world.person(language="sw")
    await amina.onboards()
    assert {message.language for message in amina.told} == {"en"}


async def test_names_and_own_words_are_isolated_from_the_text_around_them(world: TurnWorld) -> None:
    amina = await world.person(name="أمينة", language="nb")
    await amina.says("start")
    assert "\u2068أمينة\u2069" in amina.told[0].text
    assert "\u2068Kim Berg\u2069" in next(message.text for message in await amina.chooses("ok"))
