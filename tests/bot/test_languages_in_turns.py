"""Languages: a conversation speaks one of them at a time, whole, and another one keeps the place."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from bot.batch import Receipt
from bot.messages import Outbound, Tap
from dialogues.answers import LONGEST_WORDS
from dialogues.loader import load
from storage import schema
from tests.bot.turn_world import Person, TurnWorld, catalogs, programme, shipped, worded

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
LANGUAGES = programme().languages
"""All that are offered."""
OWN = "Ёлка ሰላም شيء — Æ"
"""What somebody writes, in letters of four languages."""
FILLED = "\u2068[^\u2068]*\u2069"


@pytest.fixture
def world(sqlite_world: TurnWorld) -> TurnWorld:
    """No database decides in which language somebody is answered."""
    return sqlite_world


class Wording:
    """Every text that a participant may meet in a language, with anything isolated in the place of a placeholder."""

    def __init__(self, language: str) -> None:
        texts = {text for context, text in catalogs().ui(language).items() if context.startswith("ui/")}
        for context in ("ui/again.too_many", "ui/again.too_long"):
            texts |= {catalogs().count(language, context, n) for n in (0, 1, 2, 3, 11, 100, LONGEST_WORDS)}
        for script in shipped().scripts.values():
            texts |= set((catalogs().script_texts(script, language) or {}).values())
        self.separator = catalogs().ui(language)["ui/separator"]
        self._whole = frozenset(text for text in texts if "{" not in text)
        parts = (re.split(r"\{\w+\}", text) for text in sorted(texts - self._whole))
        self._filled = re.compile("|".join(FILLED.join(map(re.escape, each)) for each in parts))

    def has(self, words: str) -> bool:
        """Whether this is one of them."""
        return words in self._whole or self._filled.fullmatch(words) is not None


@cache
def wording(language: str) -> Wording:
    """Of each language once."""
    return Wording(language)


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
    """Whether this is one text of the language, or several of them in a list. A text may hold what separates them."""
    known = wording(language)
    parts = words.split(known.separator)
    joined = (known.separator.join(parts[:n]) for n in range(1, len(parts)))
    return known.has(words) or any(
        known.has(head) and is_list(words[len(head + known.separator) :], language) for head in joined
    )


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


async def test_a_whole_conversation_is_in_one_language_whichever_it_is(world: TurnWorld) -> None:
    """Somebody of each language at the same time, so that what they send is answered together."""
    everybody = {code: await world.person(language=code) for code in LANGUAGES}
    await asyncio.gather(*map(holds_all, everybody.values()))
    for code, person in everybody.items():
        assert (await person.conversations())[:2] == [("onboarding", "closed"), ("weekly_checkin", "closed")]
        assert len(person.told) > 25
        for message in person.told:
            assert speaks(message, code), [words for words in words_of(message) if not is_text(words, code)]
        rows = await world.rows(schema.answer, participant_id=person.id)
        assert {row.language for row in rows} == {code}
        others = [other for other in LANGUAGES if other.partition("_")[0] != code.partition("_")[0]]
        assert not any(is_text(message.text, other) for message in person.told[:1] for other in others)


def own_words(message: Outbound) -> list[str]:
    """What a person wrote, in the lines of a share step."""
    return [line.own_words for line in message.lines]


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
        await amina.skips_to("next_step")
        await amina.says(OWN)
    await amina.skips_to(step)
    before, answers = amina.waits, await amina.answers()
    for language in (*LANGUAGES[1:], "en"):
        receipt = await to_language(amina, language)
        note, again = (message for _, message in receipt.messages)
        assert worded([note], language) == ["ui/language.changed"]
        assert speaks(note, language)
        assert speaks(again, language)
        assert (again.step, again.conversation, again.number) == (before.step, 2, before.number)
        assert [button.tap for button in again.buttons] == [button.tap for button in before.buttons]
        assert [(line.id, line.own_words) for line in again.lines] == [
            (line.id, line.own_words) for line in before.lines
        ]
    assert (OWN in [line.own_words for line in before.lines]) is (step == "sharing")
    assert amina.waits == before
    assert await amina.answers() == answers


async def speaks_three(person: Person, languages: Sequence[str]) -> None:
    """Answer three questions by typing, each in another language: two with the words that stand there."""
    await person.onboards()
    await person.says("start")
    for language, step in zip(languages, ("week", "job_sure", "next_step"), strict=True):
        await to_language(person, language)
        assert (person.step, person.waits.language) == (step, language)
        texts = catalogs().script_texts(shipped().scripts["weekly_checkin"], language) or {}
        await person.says(texts.get(f"weekly_checkin/{step}/4", OWN))


async def test_a_language_changed_in_the_middle_does_not_change_what_was_answered(world: TurnWorld) -> None:
    around = (*LANGUAGES, *LANGUAGES[:2])
    threes = [around[n : n + 3] for n in range(len(LANGUAGES))]
    everybody = [await world.person() for _ in threes]
    await asyncio.gather(*map(speaks_three, everybody, threes))
    for person, (first, second, third) in zip(everybody, threes, strict=True):
        found = {one.question: (one.value, one.language) for one in await person.answers() if one.conversation == 2}
        assert found == {"week": ("4", first), "job_sure": ("4", second), "next_step": (OWN, third)}


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
    """Somebody who is spoken to in Norwegian answers as they like."""
    good = "weekly_checkin/week/4"
    typed = {
        (catalogs().script_texts(shipped().scripts["weekly_checkin"], code) or {})[good]: "4" for code in LANGUAGES
    } | {"good": "4", "جَيِّد": "4", "٤": "4", "۴": "4", "4": "4", "banana": "", "In betw": "3"}

    async def answers(words: str) -> str:
        person = await world.person(language="nb")
        await person.onboards()
        await person.says("start")
        await person.says(words)
        return (await person.answered(2)).get("week", "")

    assert dict(zip(typed, await asyncio.gather(*map(answers, typed)), strict=True)) == typed


@pytest.mark.parametrize("language", ["en", "nb", "ar"])
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
