"""What a person sent becomes an option, or one precise reason why it is none."""

from __future__ import annotations

import pytest

from dialogues.answers import Vocabulary, chosen, fold, option_names, understand
from dialogues.engine import Input, Misunderstood
from dialogues.events import Reason
from dialogues.model import AnswerKind, Ask, Option
from dialogues.session import Answer, Session
from tests.dialogues.questions import ANY, DATE, NUMBER, ONE, OWN, SCALE, TEXT, YES_NO, options, out_of, question, said


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("At home", "home"),
        ("at HOME", "home"),
        ("  At   home. ", "home"),
        ("«At home»", "home"),
        ("at-home!!!", "home"),
        ("Cafe", "cafe"),
        ("CAFÉ", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("Æ", "honest"),
        ("ærlig", "honest"),
        ("a", "home"),
        ("3", "home"),
        ("3.", "home"),
        ("(3)", "home"),
        ("٣", "home"),
        ("۳", "home"),
        ("३", "home"),
        ("３", "home"),
        ("𝟑", "home"),
        ("③", "home"),
        ("3️⃣", "home"),
        ("\u200f3\u200f", "home"),
        ("\u2068At home\u2069", "home"),
        ("Work", "work"),
        ("working", "hours"),
        ("c", "cafe"),
    ],
)
def test_an_option_is_found_by_its_text_its_number_or_its_beginning(text: str, name: str) -> None:
    assert said(ONE, text) == options(name)
    assert said(ANY, text) == options(name)


def test_a_whole_text_is_meant_before_a_beginning() -> None:
    assert said(ONE, "work") == options("work")


def test_a_beginning_of_several_is_asked_back_with_their_names() -> None:
    assert said(ONE, "wor") == Misunderstood(Reason.SEVERAL_MATCH, ("work", "hours"))
    assert said(ANY, "wor") == Misunderstood(Reason.SEVERAL_MATCH, ("work", "hours"))


def test_the_own_language_is_meant_before_the_others() -> None:
    vocabulary = Vocabulary({"work": ("Hjem", "Home"), "home": ("Hus", "Hjem")})
    assert understand(ONE, Session(), "hjem", vocabulary) == options("work")
    assert understand(ONE, Session(), "hus", vocabulary) == options("home")
    assert understand(ONE, Session(), "home", vocabulary) == options("work")


def test_an_option_without_a_text_can_be_named_by_its_number() -> None:
    assert understand(ONE, Session(), "2", Vocabulary()) == options("hours")


@pytest.mark.parametrize("text", ["0", "6", "99", "1000", "٠", "99999999999999999999", "0 0"])
def test_a_number_without_an_option_says_which_there_are(text: str) -> None:
    assert said(ONE, text) == out_of(1, 5)
    assert said(OWN, text) == out_of(1, 5)


@pytest.mark.parametrize("text", ["what", "work is hard", "?", "🙂", "-", "the boss"])
def test_what_is_no_option_is_told_so(text: str) -> None:
    assert said(ONE, text) == Misunderstood(Reason.NOT_AN_OPTION)
    assert said(YES_NO, text) == Misunderstood(Reason.NOT_AN_OPTION)


@pytest.mark.parametrize(("text", "name"), [("ja", "yes"), ("Yes!", "yes"), ("n", "no"), ("1", "yes"), ("٢", "no")])
def test_yes_and_no_are_understood(text: str, name: str) -> None:
    assert said(YES_NO, text) == options(name)


# Several options ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1, 3",
        "1,3",
        "1 3",
        "1  3",
        "1 og 3",
        "1 and 3",
        "1+3",
        "1 & 3",
        "1/3",
        "1;3",
        "1؛3",
        "1\n3",
        "١، ٣",
        "١ ٣",
        "۱ و ۳".replace("و", "and"),
        "१ ३",
        "1, 3, 1",
        "Work, at home",
        "work AND At Home",
        "work،at home.",
        "work og 3",
        "work\nat home\n",
        ", work,, at home,",
    ],
)
def test_several_options_are_found_one_by_one(text: str) -> None:
    assert said(ANY, text) == options("work", "home")


@pytest.mark.parametrize("text", ["1, 3", "1 3", "work and at home"])
def test_one_is_all_there_is_room_for(text: str) -> None:
    assert said(ONE, text) == Misunderstood(Reason.ONLY_ONE)


def test_more_than_most_says_how_many() -> None:
    assert said(ANY, "1 2 3 4") == Misunderstood(Reason.TOO_MANY, ("3",))
    assert said(ANY, "1 2 3") == options("work", "hours", "home")


def test_an_option_that_stands_alone_is_named() -> None:
    assert said(ANY, "1, café") == Misunderstood(Reason.ALONE, ("cafe",))
    assert said(ANY, "café") == options("cafe")


@pytest.mark.parametrize("text", ["1, 9", "0, 1", "1 77"])
def test_one_number_too_high_spoils_the_list(text: str) -> None:
    assert said(ANY, text) == out_of(1, 5)


def test_a_list_with_a_part_that_is_no_option_is_told_so() -> None:
    assert said(ANY, "work, whatever") == Misunderstood(Reason.NOT_AN_OPTION)


@pytest.mark.parametrize("text", [",", "،", " / ", "+", ";;"])
def test_a_list_of_nothing_is_no_option(text: str) -> None:
    assert said(ANY, text) == Misunderstood(Reason.NOT_AN_OPTION)


def test_where_own_words_are_possible_whatever_is_no_option_is_own_words() -> None:
    assert said(OWN, "The stairs, and the cold") == Answer(words="The stairs, and the cold")
    assert said(OWN, "work, whatever") == Answer(words="work, whatever")
    assert said(OWN, "wor") == Answer(words="wor")
    assert said(OWN, "work, at home") == options("work", "home")


def test_only_options_that_are_shown_are_understood_and_numbered() -> None:
    grouped = Ask(
        key="a/what",
        text="?",
        kind=AnswerKind.ANY_OF,
        options=(Option("noise", "Noise", "work"), Option("sleep", "Sleep", "home"), Option("money", "Money", "home")),
        groups_of="a/hard",
    )
    session = Session(done={"a/hard": options("home")})
    vocabulary = Vocabulary({"noise": ("Noise",), "sleep": ("Sleep",), "money": ("Money",)})
    assert option_names(grouped, session) == ("sleep", "money")
    assert understand(grouped, session, "1", vocabulary) == options("sleep")
    assert understand(grouped, session, "3", vocabulary) == out_of(1, 2)
    assert understand(grouped, session, "noise", vocabulary) == Misunderstood(Reason.NOT_AN_OPTION)
    assert chosen(grouped, session, ["noise"]) == Misunderstood(Reason.NOT_AN_OPTION)


# Taps -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "choices", "words", "expected"),
    [
        (ONE, ("home",), "", options("home")),
        (ONE, ("home", "work"), "", Misunderstood(Reason.ONLY_ONE)),
        (ONE, (), "", Misunderstood(Reason.EMPTY)),
        (ONE, ("nonsense",), "", Misunderstood(Reason.NOT_AN_OPTION)),
        (ONE, ("home",), "but", options("home")),
        (ONE, (), "but", Misunderstood(Reason.EMPTY)),
        (YES_NO, ("yes",), "", options("yes")),
        (YES_NO, ("ok",), "", Misunderstood(Reason.NOT_AN_OPTION)),
        (YES_NO, (), "but", Misunderstood(Reason.EMPTY)),
        (ANY, ("home", "home", "work"), "", options("home", "work")),
        (ANY, ("cafe", "work"), "", Misunderstood(Reason.ALONE, ("cafe",))),
        (ANY, ("work", "hours", "home", "honest"), "", Misunderstood(Reason.TOO_MANY, ("3",))),
        (OWN, ("home",), " The stairs ", Answer(choices=("home",), words="The stairs")),
        (OWN, (), "The stairs", Answer(words="The stairs")),
        (OWN, ("home", "work"), "The stairs", Misunderstood(Reason.TOO_MANY, ("2",))),
        (OWN, ("cafe",), "The stairs", Misunderstood(Reason.ALONE, ("cafe",))),
        (OWN, (), " \u200b ", Misunderstood(Reason.EMPTY)),
        (SCALE, ("4",), "", Answer(number=4)),
        (SCALE, ("9",), "", out_of(1, 5)),
        (SCALE, ("-1",), "", out_of(1, 5)),
        (SCALE, ("x",), "", out_of(1, 5)),
        (SCALE, ("²",), "", out_of(1, 5)),
        (SCALE, (), "", Misunderstood(Reason.ONLY_ONE)),
        (SCALE, ("1", "2"), "", Misunderstood(Reason.ONLY_ONE)),
        (question(AnswerKind.OK), ("ok",), "", options("ok")),
        (TEXT, (), "Words", Answer(words="Words")),
        (TEXT, ("home",), "", Misunderstood(Reason.EMPTY)),
        (NUMBER, (), "4,5", Answer(number=4.5)),
        (NUMBER, (), "four", Misunderstood(Reason.NOT_A_NUMBER)),
        (DATE, (), "2026-01-31", Answer(day="2026-01-31")),
        (DATE, (), "soon", Misunderstood(Reason.NOT_A_DATE)),
    ],
)
def test_what_is_tapped_fits_or_says_why_not(ask: Ask, choices: tuple[str, ...], words: str, expected: Input) -> None:
    assert chosen(ask, Session(), choices, words) == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("ĞÜL", "gul"),
        ("İ", "i"),
        ("ﻻ", "لا"),
        ("ﬁne", "fine"),
        ("أنا", "انا"),
        ("نَعَمْ", "نعم"),
        ("نـــعم", "نعم"),
        ("snake_case", "snake case"),
        ("don’t", "don t"),
        ("здоров\u02bcя", "здоров я"),  # the letter that many Ukrainian keyboards write
    ],
)
def test_texts_are_compared_without_what_people_leave_out(text: str, folded: str) -> None:
    assert fold(text) == folded
