"""What a person sent becomes an answer, or one precise reason why it is none."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.answers import LONGEST_WORDS, Vocabulary, chosen, clean, fold, option_names, understand
from dialogues.engine import Input, Misunderstood
from dialogues.events import Reason
from dialogues.model import AnswerKind, Ask, Option, Scale
from dialogues.session import Answer, Session

OPTIONS = ("Work", "Working hours", "At home", "Ærlig talt", "Café")
NAMES = ("work", "hours", "home", "honest", "cafe")


def question(kind: AnswerKind, **more: object) -> Ask:
    options = tuple(Option(name, text) for name, text in zip(NAMES, OPTIONS, strict=True))
    choosing = kind in (AnswerKind.ONE_OF, AnswerKind.ANY_OF)
    return Ask(key="a/b", text="?", kind=kind, options=options if choosing else (), **more)  # type: ignore[arg-type]


ONE = question(AnswerKind.ONE_OF)
ANY = question(AnswerKind.ANY_OF, most=3, alone=frozenset({"cafe"}))
OWN = question(AnswerKind.ANY_OF, own_words=True, most=2, alone=frozenset({"cafe"}))
YES_NO = question(AnswerKind.YES_OR_NO)
SCALE = question(AnswerKind.SCALE, scale=Scale(1, 5))
FROM_ZERO = question(AnswerKind.SCALE, scale=Scale(0, 10))
TEXT, NUMBER, DATE = question(AnswerKind.TEXT), question(AnswerKind.NUMBER), question(AnswerKind.DATE)
VOCABULARY = Vocabulary(
    {
        **{name: (text,) for name, text in zip(NAMES, OPTIONS, strict=True)},
        "yes": ("Ja", "Yes"),
        "no": ("Nei", "No"),
    },
    (" og ", " and "),
)
POINTS = Vocabulary({"1": ("Bad",), "2": ("Rather bad",), "3": ("Middle",), "4": ("Rather good",), "5": ("Good",)})


def said(ask: Ask, text: str) -> Input:
    return understand(ask, Session(), text, POINTS if ask.scale else VOCABULARY)


def options(*names: str) -> Answer:
    return Answer(choices=names)


def out_of(low: int, high: int) -> Misunderstood:
    return Misunderstood(Reason.OUT_OF_RANGE, (str(low), str(high)))


# One option ----------------------------------------------------------------------------------------------------------


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
    vocabulary = Vocabulary({"work": ("Hjem",), "home": ("Hus", "Hjem")})
    assert understand(ONE, Session(), "hjem", vocabulary) == options("work")
    assert understand(ONE, Session(), "hus", vocabulary) == options("home")


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


# Several options -----------------------------------------------------------------------------------------------------


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


# Scales, numbers, dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("4", 4), ("٤", 4), ("۴", 4), ("४", 4), (" 4. ", 4), ("+4", 4), ("middle", 3), ("MIDDLE!", 3), ("rather g", 4)],
)
def test_a_point_is_found_by_its_number_or_its_words(text: str, number: int) -> None:
    assert said(SCALE, text) == Answer(number=number)


@pytest.mark.parametrize("text", ["0", "6", "-1", "−2", "2.5", "2,5", "٢٫٥", "1 2", "99999", "what", "4-5", "1e1"])
def test_what_is_not_on_the_scale_says_what_is(text: str) -> None:
    assert said(SCALE, text) == out_of(1, 5)


def test_the_beginning_of_two_points_is_asked_back() -> None:
    assert said(SCALE, "rather") == Misunderstood(Reason.SEVERAL_MATCH, ("2", "4"))


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("10", 10), ("٠", 0), ("١٠", 10), ("007", 7)])
def test_a_scale_may_begin_at_zero(text: str, number: int) -> None:
    assert said(FROM_ZERO, text) == Answer(number=number)


@pytest.mark.parametrize("text", ["-3", "−3", "11", "100"])
def test_a_minus_is_never_overlooked(text: str) -> None:
    assert said(FROM_ZERO, text) == out_of(0, 10)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("0", 0),
        ("-3", -3),
        ("−3", -3),
        ("+3", 3),
        ("2.5", 2.5),
        ("2,5", 2.5),
        ("٢٫٥", 2.5),
        ("٧", 7),
        ("۷", 7),
        ("७", 7),
        ("-٣", -3),
        ("1 000", 1000),
        ("2.0", 2),
        ("-0", 0),
        ("\u200f12\u200f", 12),
        ("\u206812\u2069", 12),
        ("123456789012345", 123456789012345),
    ],
)
def test_a_number_is_read_in_the_digits_of_every_script(text: str, number: float) -> None:
    assert said(NUMBER, text) == Answer(number=number)


@pytest.mark.parametrize(
    "text", ["x", "seven", "1.2.3", "--1", ".", "-", "1e5", "nan", "inf", "0x10", "1/2", "9" * 400]
)
def test_what_is_no_number_is_told_so(text: str) -> None:
    assert said(NUMBER, text) == Misunderstood(Reason.NOT_A_NUMBER)


def test_a_whole_number_is_kept_as_a_whole_number() -> None:
    given = said(NUMBER, "4,0")
    assert isinstance(given, Answer)
    assert type(given.number) is int


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.1.2026", "2026-01-31"),
        ("31.01.2026", "2026-01-31"),
        ("31/1/2026", "2026-01-31"),
        ("31-1-2026", "2026-01-31"),
        ("31 1 2026", "2026-01-31"),
        ("2026-01-31", "2026-01-31"),
        ("2026/1/31", "2026-01-31"),
        ("2026.1.31", "2026-01-31"),
        ("٣١/١/٢٠٢٦", "2026-01-31"),
        ("٢٠٢٦-٠١-٣١", "2026-01-31"),
        ("۳۱.۱.۲۰۲۶", "2026-01-31"),
        ("३१.१.२०२६", "2026-01-31"),
        (" 31.1.2026 ", "2026-01-31"),
        ("\u200f31.1.2026", "2026-01-31"),
        ("29.2.2028", "2028-02-29"),
        ("29.2.2000", "2000-02-29"),
    ],
)
def test_a_date_is_read_day_first_or_year_first(text: str, day: str) -> None:
    assert said(DATE, text) == Answer(day=day)


@pytest.mark.parametrize(
    "text",
    [
        "31.2.",
        "31.2.2026",
        "29.2.2026",
        "29.2.2100",
        "0.1.2026",
        "1.13.2026",
        "1.1.26",
        "tomorrow",
        "20260131",
        "1.1.0000",
    ],
)
def test_a_day_that_does_not_exist_is_no_date(text: str) -> None:
    assert said(DATE, text) == Misunderstood(Reason.NOT_A_DATE)


# Whatever people send ------------------------------------------------------------------------------------------------

KINDS = [ONE, ANY, OWN, YES_NO, SCALE, TEXT, NUMBER, DATE, question(AnswerKind.VOICE_OR_TEXT)]
SPACES = ["", " ", "\n\t ", "\0", "\u00a0", "\u200b\u2028\u200b", " \0\u200d ", "\ud800"]
MARKS = ["\u200b", "\u200f\u200e", "\ufeff", "\u2066\u2069", "\u00ad", "\ufe0f", "\u034f", "\u3164", "\u2800"]


@pytest.mark.parametrize("text", [*SPACES, *MARKS], ids=ascii)
@pytest.mark.parametrize("ask", KINDS, ids=lambda ask: ask.kind.value)
def test_what_nobody_can_see_is_no_answer(ask: Ask, text: str) -> None:
    assert said(ask, text) == Misunderstood(Reason.EMPTY)


@pytest.mark.parametrize("ask", KINDS, ids=lambda ask: ask.kind.value)
def test_a_text_without_end_is_told_how_much_room_there_is(ask: Ask) -> None:
    too_long = Misunderstood(Reason.TOO_LONG, (str(LONGEST_WORDS),))
    assert said(ask, "a" * (LONGEST_WORDS + 1)) == too_long
    assert chosen(TEXT, Session(), (), "a" * (LONGEST_WORDS + 1)) == too_long


def test_there_is_room_for_all_that_is_promised() -> None:
    assert said(TEXT, "ا" * LONGEST_WORDS) == Answer(words="ا" * LONGEST_WORDS)


@pytest.mark.parametrize("text", ["", "no", "\u200b."])
def test_anything_typed_is_ok(text: str) -> None:
    given = said(question(AnswerKind.OK), text)
    assert given == (options("ok") if text else Misunderstood(Reason.EMPTY))


def test_own_words_stay_as_they_were_written() -> None:
    words = "Ikke så bra.\n\n  «Slik er det» {name} <b>\u2067ا\u2069 🙂"
    assert said(TEXT, f"  {words} \n") == Answer(words=words)


def test_signs_that_no_database_takes_are_left_out() -> None:
    assert said(TEXT, "a\0b\ud83dc\udfff") == Answer(words="abc")


def test_marks_without_end_are_cut_to_three_a_letter() -> None:
    zalgo = "h" + "\u0301\u0302\u0303\u0304\u0305" * 40 + "i"
    given = said(TEXT, zalgo)
    assert isinstance(given, Answer)
    marks = [letter for letter in unicodedata.normalize("NFD", given.words) if unicodedata.combining(letter)]
    assert len(marks) == 3
    assert fold(given.words) == "hi"


@pytest.mark.parametrize("word", ["نَعَمْ", "ที่นี่", "नमस्ते", "Việt", "שָׁלוֹם", "ĕ̈", "👩‍👩‍👧"])
def test_the_marks_that_a_language_needs_stay(word: str) -> None:
    assert clean(word) == unicodedata.normalize("NFC", word)


@given(st.text(max_size=60))
def test_whatever_is_sent_is_answered_and_what_is_kept_can_be_stored(text: str) -> None:
    for ask in KINDS:
        given = said(ask, text)
        assert isinstance(given, Answer | Misunderstood)
        if isinstance(given, Answer):
            assert given != Answer()
            given.words.encode("utf-8")
            assert "\0" not in given.words


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.integers(0, 12), st.sampled_from(["٠", "۰", "०", "০", "๐", "０", "௦"]))
def test_a_number_is_the_same_in_every_scripts_digits(number: int, zero: str) -> None:
    text = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
    for ask in (ONE, ANY, SCALE, NUMBER):
        assert said(ask, text) == said(ask, str(number))


# Taps ----------------------------------------------------------------------------------------------------------------


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
    ],
)
def test_texts_are_compared_without_what_people_leave_out(text: str, folded: str) -> None:
    assert fold(text) == folded
