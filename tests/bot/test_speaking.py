"""Speaking: which words a conversation has, and by which words its answers are understood."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from bot.catalogs.forms import MAN, WOMAN
from bot.programme import READS
from bot.shelf import Published
from bot.speaking import Speaking, Who
from dialogues.answers import fold, understand
from dialogues.engine import Input, Misunderstood
from dialogues.events import Reason
from dialogues.loader import load
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer, Session
from tests.bot.turn_world import catalogs, shipped
from tests.bot.wording_talk import LANGUAGES, as_published, talk, voice
from tests.dialogues.answers_at_random import all_shown
from tests.dialogues.held import picked
from tests.dialogues.steps import steps

DIGITS = {"Arabic": "٠١٢٣٤٥٦٧٨٩", "Persian": "۰۱۲۳۴۵۶۷۸۹", "Devanagari": "०१२३४५६७८९", "Bengali": "০১২৩৪৫৬৭৮৯"}
SPEAKING = Speaking(catalogs())
QUESTIONS = [
    (name, step.key)
    for name, script in shipped().scripts.items()
    for step in script.steps
    if isinstance(step, Ask) and step.kind not in (AnswerKind.TEXT, AnswerKind.OK)
]
FRUIT = steps("""
  one:
    ask: One?
    answer: one of
    options:
      a: Apple
      b: Pear
""")


def names(name: str = "Amina", specialist: str = "Anna") -> Who:
    return {"name": name, "specialist": specialist}.__getitem__


@cache
def published(dialogue: str) -> Published:
    return as_published(shipped().scripts[dialogue])


def said(dialogue: str, key: str, language: str, text: str) -> Input:
    of = published(dialogue)
    ask = of.script.by_key[key]
    assert isinstance(ask, Ask)
    vocabulary = SPEAKING.vocabulary(of, ask, voice(of, language))
    return understand(ask, all_shown(ask), text, vocabulary)


def offered(dialogue: str, key: str, language: str) -> dict[str, str]:
    """Option -> its text in a language, as the buttons show it; for scales the points."""
    of = published(dialogue)
    ask, texts = of.script.by_key[key], of.texts[language]
    assert isinstance(ask, Ask)
    if ask.scale is not None:
        return {str(n): texts[f"{key}/{n}"] for n in range(ask.scale.low, ask.scale.high + 1)}
    if ask.kind is AnswerKind.YES_OR_NO:
        return {name: catalogs().ui(language)[f"ui/{name}"] for name in ("yes", "no")}
    return {option.name: texts[f"{key}/{option.name}"].replace("{specialist}", "Anna") for option in ask.options}


def meant(dialogue: str, key: str, option: str) -> Answer:
    ask = published(dialogue).script.by_key[key]
    assert isinstance(ask, Ask)
    return Answer(number=int(option)) if ask.scale is not None else picked(option)


# Every answer of the shipped scripts, typed --------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_is_understood_by_its_text_in_every_language(language: str) -> None:
    for dialogue, key in QUESTIONS:
        for option, text in offered(dialogue, key, language).items():
            for typed in (text, text.upper(), text.casefold(), f" {text}. ", f"{text}!", f"\u2068{text}\u2069"):
                assert said(dialogue, key, language, typed) == meant(dialogue, key, option), (key, typed)


def test_every_option_is_understood_by_its_text_in_another_language() -> None:
    """Somebody who reads Arabic may answer in Norwegian, as long as the words mean one thing."""
    for dialogue, key in QUESTIONS:
        own = {fold(text): option for option, text in offered(dialogue, key, "ar").items()}
        for option, text in offered(dialogue, key, "nb").items():
            assert said(dialogue, key, "ar", text) == meant(dialogue, key, own.get(fold(text), option)), (key, text)


@pytest.mark.parametrize("script", DIGITS)
def test_every_option_is_understood_by_its_number_in_the_digits_of_every_script(script: str) -> None:
    for dialogue, key in QUESTIONS:
        ask = published(dialogue).script.by_key[key]
        assert isinstance(ask, Ask)
        for place, option in enumerate(offered(dialogue, key, "ar"), 1):
            number = option if ask.scale is not None else str(place)
            typed = "".join(DIGITS[script][int(digit)] for digit in number)
            for form in (typed, number, f" {typed} ", f"{typed}.", f"\u200f{typed}"):
                assert said(dialogue, key, "ar", form) == meant(dialogue, key, option), (key, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_beginning_of_an_option_is_understood_when_no_other_begins_so(language: str) -> None:
    """Only where the beginning is the own language's alone: another option may be called so in another language."""
    for dialogue, key in QUESTIONS:
        everywhere = [fold(text) for one in LANGUAGES for text in offered(dialogue, key, one).values()]
        for option, text in offered(dialogue, key, language).items():
            beginning = fold(text)[:4].strip()
            if sum(other.startswith(beginning) for other in set(everywhere)) == 1 and not beginning.isdecimal():
                assert said(dialogue, key, language, beginning) == meant(dialogue, key, option), (key, beginning)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("between", [", ", "،", "\n", "; ", " + ", " {and} "])
def test_several_options_are_understood_however_they_are_joined(between: str, language: str) -> None:
    key = "weekly_checkin/hard"
    texts = offered("weekly_checkin", key, language)
    joined = between.replace("{and}", catalogs().ui(language)["ui/and"]).join([texts["outside"], texts["work"]])
    assert said("weekly_checkin", key, language, joined) == picked("outside", "work")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_two_options_are_understood_as_a_list(language: str) -> None:
    """Also where what joins in another language is a word of an option: the Polish "i" in "Help I want"."""
    for dialogue, key in QUESTIONS:
        ask = published(dialogue).script.by_key[key]
        assert isinstance(ask, Ask)
        texts = {name: text for name, text in offered(dialogue, key, language).items() if name not in ask.alone}
        if ask.kind is not AnswerKind.ANY_OF or re.search("[,،;/+&{]", "".join(texts.values())):
            continue
        for one, other in pairwise(texts):
            assert said(dialogue, key, language, f"{texts[one]}, {texts[other]}") == picked(one, other)


@pytest.mark.parametrize("text", ["1 3", "1, 3", "١ ٣", "١، ٣", "١ و ٣", "1 og 3", "1 and 3", "१ ३", "۱،۳"])
def test_several_numbers_are_understood_in_every_language(text: str) -> None:
    for language in LANGUAGES:
        assert said("weekly_checkin", "weekly_checkin/hard", language, text) == picked("work", "outside")


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("في العمل", "work"),
        ("فِي العَمَل", "work"),
        ("في العـــمل", "work"),
        ("في العمل.", "work"),
        ("\u200fفي العمل\u200f", "work"),
        ("في  العمل؟", "work"),
    ],
)
def test_arabic_is_understood_with_and_without_its_small_marks(text: str, option: str) -> None:
    known = offered("weekly_checkin", "weekly_checkin/hard", "ar")
    assert fold(known["work"]) == fold("في العمل"), "the catalogue was reworded: reword the examples above"
    assert said("weekly_checkin", "weekly_checkin/hard", "ar", text) == picked(option)


def test_a_beginning_that_fits_several_names_them_in_the_persons_language() -> None:
    one = talk(
        steps("""
      one:
        ask: One?
        answer: one of
        options:
          work: Work
          hours: Working hours
          words: Words
    """)
    )
    one.type("wor")
    assert one.texts[0] == "This can be more than one answer: Work, Working hours, Words. Which one is it?"
    assert one.asked.step == "whole/one"


def test_an_option_with_a_name_in_it_is_understood_with_the_name() -> None:
    texts = offered("weekly_checkin", "weekly_checkin/more_sure", "en")
    assert texts["talk"] == "A talk with Anna"
    assert said("weekly_checkin", "weekly_checkin/more_sure", "en", "a talk with anna") == picked("talk")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "reason"), [("", Reason.EMPTY), ("9", Reason.OUT_OF_RANGE), ("xyzzy", Reason.OUT_OF_RANGE)]
)
def test_what_is_not_understood_gets_its_sentence_and_the_question_again(
    language: str, text: str, reason: Reason
) -> None:
    one = talk("weekly_checkin", language)
    first = one.asked
    one.type(text)
    values = {"low": "1", "high": "5"}
    sentence = catalogs().ui(language)[f"ui/again.{reason}"]
    for name, value in values.items():
        sentence = sentence.replace(f"{{{name}}}", f"\u2068{value}\u2069")
    assert [message.text for message in one.last] == [sentence, first.text]
    assert one.asked == first


# Voices --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_has_all_its_words_in_one_language(language: str) -> None:
    of = published("weekly_checkin")
    one = Speaking(catalogs()).voice(of, language, 3, names())
    assert (one.language, one.conversation) == (language, 3)
    assert one.texts == of.texts[language]
    assert one.ui == catalogs().ui(language)
    assert (one.names["name"], one.names["specialist"]) == ("Amina", "Anna")


@pytest.mark.parametrize("reads", READS)
def test_a_voice_says_how_often_is_read(reads: str) -> None:
    of = published("weekly_checkin")
    assert Speaking(catalogs(), reads).voice(of, "en", 3, names()).reads == reads


def test_a_version_without_the_wished_language_is_worded_in_its_own_whole() -> None:
    whole = published("weekly_checkin")
    english = replace(whole, texts={"en": whole.texts["en"]})
    one = Speaking(catalogs()).voice(english, "ar", 3, names())
    assert one.language == "en"
    assert one.ui == catalogs().ui("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_without_a_specialist_reads_of_the_specialist(language: str) -> None:
    one = Speaking(catalogs()).voice(published("weekly_checkin"), language, 3, names(specialist=""))
    assert one.names["specialist"] == catalogs().ui(language)["ui/specialist"]


def test_a_name_is_only_opened_when_a_text_needs_it() -> None:
    opened: list[str] = []

    def who(wanted: str) -> str:
        opened.append(wanted)
        return "Amina"

    one = Speaking(catalogs()).voice(published("weekly_checkin"), "en", 3, who)
    assert opened == []
    assert (one.names["name"], one.names["name"]) == ("Amina", "Amina")
    assert opened == ["name"]


def test_nothing_else_can_be_looked_up_among_the_names() -> None:
    with pytest.raises(KeyError):
        Speaking(catalogs()).voice(published("weekly_checkin"), "en", 3, names()).names["password"]


def test_the_vocabulary_of_one_version_is_not_that_of_another() -> None:
    first = as_published(load(FRUIT))
    second = replace(as_published(load(FRUIT.replace("Apple", "Plum"))), version=2)
    speaking = Speaking(catalogs())
    for of, text in ((first, "Apple"), (second, "Plum"), (first, "Apple")):
        ask = of.script.by_key["whole/one"]
        assert isinstance(ask, Ask)
        vocabulary = speaking.vocabulary(of, ask, voice(of, "en"))
        assert vocabulary.labels["a"] == (text,)
        assert understand(ask, Session(), text, vocabulary) == picked("a")


def test_a_question_that_is_in_words_serves_nobody_with_another_version_language_or_form() -> None:
    first, second = (as_published(load(FRUIT.replace("One?", text))) for text in ("One?", "Two?"))
    of_woman = {("ar", WOMAN): {**first.texts["en"], "whole/one": "Herself?"}}
    first = replace(
        first, texts={**first.texts, "ar": {**first.texts["en"], "whole/one": "Themselves?"}}, formed=of_woman
    )
    speaking = Speaking(catalogs())

    def asked(of: Published, language: str, form: str) -> str:
        ask = of.script.by_key["whole/one"]
        assert isinstance(ask, Ask)
        return speaking.voice(of, language, 1, names(), form=form).question(ask).text

    for _ in range(2):
        assert asked(first, "ar", WOMAN) == "Herself?"
        assert asked(first, "ar", MAN) == "Themselves?"
        assert asked(first, "en", WOMAN) == "One?"
        assert asked(second, "en", WOMAN) == "Two?"


def test_a_question_is_put_into_words_once_for_all_who_read_it_in_the_same() -> None:
    of, speaking = published("weekly_checkin"), Speaking(catalogs())
    ask = next(step for step in of.script.steps if isinstance(step, Ask))
    voices = [speaking.voice(of, language, number, names()) for language in ("en", "ar") for number in (1, 2)]
    asked = [one.question(ask) for one in voices]
    assert asked[0] is asked[1]
    assert asked[2] is asked[3]
    assert [question.text for question in asked[1:3]] == [of.texts[language][ask.key] for language in ("en", "ar")]


def test_two_people_with_other_specialists_have_other_words() -> None:
    of, speaking = published("weekly_checkin"), Speaking(catalogs())
    ask = of.script.by_key["weekly_checkin/more_sure"]
    assert isinstance(ask, Ask)
    for specialist in ("Anna", "Per"):
        one = speaking.voice(of, "en", 1, names(specialist=specialist))
        assert speaking.vocabulary(of, ask, one).labels["talk"][0] == f"A talk with {specialist}"
        heard = understand(ask, Session(), "a talk with per", speaking.vocabulary(of, ask, one))
        assert heard == (picked("talk") if specialist == "Per" else Answer(words="a talk with per"))
        assert not isinstance(heard, Misunderstood)


def test_the_arabic_and_is_written_onto_the_second_thing() -> None:
    key = "weekly_checkin/hard"
    first, second = list(offered("weekly_checkin", key, "ar").items())[:2]
    for typed in (f"{first[1]} و{second[1]}", f"{first[1]} و {second[1]}"):
        assert said("weekly_checkin", key, "ar", typed) == picked(first[0], second[0])
