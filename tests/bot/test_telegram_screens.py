"""What stands in the chat: as few messages as fit, all that has to be seen, and lines that begin on the right side."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import chain

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.pieces import MOST_UNITS, units
from bot.channels.telegram.screens import Handout
from bot.channels.telegram.screens import parts as parts_in
from bot.messages import Outbound, ShareLine
from dialogues.answers import chosen
from dialogues.engine import ChooseLines, ShareLines
from tests.bot.telegram_wording import asked, button, offered, part, parts, redrawn, said, scale
from tests.bot.turn_world import catalogs, shipped
from tests.bot.wording_talk import talk

OPEN, CLOSE, FROM_THE_RIGHT = "\u2068", "\u2069", "\u200f"
NOT_READ = "Nobody reads this right away."


def paragraphs(message: Outbound) -> list[str]:
    """What a message says, paragraph by paragraph."""
    return part(message).text.split("\n\n")


# Together -----------------------------------------------------------------------------------------------------------


def test_what_is_said_together_is_one_message() -> None:
    only = part(said("Thank you."), said("One more thing."), asked("How was it?", "Good"))
    assert only.text == "Thank you.\n\nOne more thing.\n\nHow was it?"
    assert only.keyboard[0][0].label == "Good"


def test_a_message_with_keys_is_the_last_of_its_part() -> None:
    first, second = parts(asked("One?", "Yes"), asked("Two?", "Yes"), said("Bye."))[:2]
    assert (first.text, second.text) == ("One?", "Two?")
    assert [found.text for found in parts(said("Hi."), asked("One?", "Yes"), said("Bye."))] == ["Hi.\n\nOne?", "Bye."]


def test_changed_keys_are_a_part_of_their_own() -> None:
    found = parts(said("Hi."), redrawn(asked("?", "Yes")), said("Bye."))
    assert [(each.text, each.edits) for each in found] == [("Hi.", ""), ("", "31"), ("Bye.", "")]
    assert found[1].keyboard == part(asked("?", "Yes")).keyboard


def test_nothing_to_say_is_no_message() -> None:
    assert parts() == []
    assert parts(said(""), said(" \n")) == []
    assert part(said(""), said("Hi.")).text == "Hi."


def test_keys_never_hang_in_the_air() -> None:
    assert part(asked("", "Yes")).text == "…"


def test_what_does_not_fit_together_stays_apart() -> None:
    long = "a" * (MOST_UNITS - 10)
    assert [found.text for found in parts(said(long), said("b" * 20))] == [long, "b" * 20]


def test_the_keys_of_a_long_message_are_under_its_end() -> None:
    *before, last = parts(asked("word " * 2_000, "Yes"))
    assert before
    assert not any(found.keyboard for found in before)
    assert last.keyboard


def test_a_smaller_size_can_be_asked_for() -> None:
    assert all(units(found.text) <= 200 for found in parts(said("word " * 200), most=200))


# Help ---------------------------------------------------------------------------------------------------------------


def test_numbers_to_call_are_a_message_of_their_own_that_can_be_copied() -> None:
    card = Outbound("note", "en", "You do not have to be alone with this. You can talk to someone now.\nNow: 113")
    back = msgspec.structs.replace(card, buttons=(button("Back to my check-in", "again"),), pick="one")
    found = parts(said("Hi."), card, asked("How was it?", "Good"))
    assert [type(each) is Handout for each in found] == [False, True, False]
    assert found[1].text == card.text
    assert part(back).keyboard[0][0].label == "Back to my check-in"
    assert isinstance(part(back), Handout)


# Questions ----------------------------------------------------------------------------------------------------------


def test_a_question_says_how_far_it_is() -> None:
    assert paragraphs(asked("How was it?", "Good", number=3, total=6)) == ["3 of 6", "How was it?"]
    assert paragraphs(asked("How was it?", "Good", number=1, total=1)) == ["How was it?"]


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        (asked("?", typed="text", placeholder=NOT_READ), f"You can write your answer. {NOT_READ}"),
        (asked("?", "A", typed="text", placeholder=NOT_READ), f"You can also write your own words. {NOT_READ}"),
        (asked("?", typed="number"), "You can write a number."),
        (asked("?", typed="date"), "You can write a date, like 31.1.2026."),
        (asked("?", "A", "B", pick="many"), "You can choose more than one."),
        (asked("?", "A", "B", pick="many", most=1), "You can choose 1."),
        (asked("?", "A", "B", pick="many", most=2), "You can choose up to 2."),
        (
            asked("?", "A", pick="many", most=2, typed="text", placeholder=NOT_READ),
            f"You can choose up to 2. You can also write your own words. {NOT_READ}",
        ),
    ],
)
def test_a_question_says_how_it_can_be_answered(message: Outbound, hint: str) -> None:
    assert paragraphs(message) == ["?", hint]


def test_a_question_with_keys_only_needs_no_words_for_that() -> None:
    assert paragraphs(asked("?", "A", "B")) == ["?"]


def test_points_have_their_words_beside_their_numbers() -> None:
    assert paragraphs(scale("Bad", "So so", "Good", low=0))[1] == "0  Bad\n1  So so\n2  Good"
    assert paragraphs(scale("1 Not at all", "2", "3 Very")) == ["How was it?", "1  Not at all\n3  Very"]
    assert paragraphs(scale("1", "2", "3")) == ["How was it?"]


def test_groups_are_named_with_what_is_in_them() -> None:
    long = "Hours that change from week to week, or come late"
    options = (
        button("The boss", "choose", "boss", "At work"),
        button(long, "choose", "hours", "At work"),
        button("Money", "choose", "money", "At home"),
        button("Nothing", "choose", "nothing"),
    )
    message = asked("What was hard?", buttons=options, pick="one")
    assert paragraphs(message)[1] == f"At work: The boss, {long}\nAt home: Money"
    assert [[key.label for key in row] for row in part(message).keyboard[:-1]] == [
        ["The boss"],
        [long],
        ["Money"],
        ["Nothing"],
    ]


def test_an_option_too_long_for_a_key_stands_in_the_message() -> None:
    long = "Something at home that I want to talk about with somebody who knows the rules"
    message = asked("?", "Hours", long)
    assert paragraphs(message)[1] == f"2. {long}"
    assert part(message).keyboard[1][0].label.startswith("2. Something at home")


# Sharing ------------------------------------------------------------------------------------------------------------

WEEK = ShareLine("w/week", "Week", "Very good")
HARD = ShareLine("w/hard", "Hard", "The boss", own_words="He said \u202eno\nand \u2069left")
ALONE = ShareLine("w/text", "More", "", own_words="alt er fint")
SECRET = ShareLine("w/money", "Money", "Debts", private=True)
PRIVATE = "Private. It stays with you unless you choose it."


def test_the_lines_stand_there_as_the_specialist_would_see_them() -> None:
    assert paragraphs(offered(WEEK, HARD, ALONE)) == [
        "This is what Anna sees.",
        f"Week: {OPEN}Very good{CLOSE}\n"
        f"Hard: {OPEN}The boss{CLOSE} “{OPEN}He said \u202eno{CLOSE}\n{OPEN}and left{CLOSE}”\n"
        f"More: “{OPEN}alt er fint{CLOSE}”",
    ]


def test_private_lines_stand_under_their_sentence() -> None:
    found = paragraphs(offered(SECRET, WEEK))
    assert found[1:] == [f"Week: {OPEN}Very good{CLOSE}", f"{PRIVATE}\nMoney: {OPEN}Debts{CLOSE}"]
    assert paragraphs(offered(SECRET))[1:] == [f"{PRIVATE}\nMoney: {OPEN}Debts{CLOSE}"]


def test_lines_to_choose_from_have_the_numbers_of_their_keys() -> None:
    message = offered(SECRET, WEEK, choosing=True)
    assert paragraphs(message)[1:] == [f"2. Week: {OPEN}Very good{CLOSE}", f"{PRIVATE}\n1. Money: {OPEN}Debts{CLOSE}"]
    assert [row[0].label for row in part(message).keyboard[:2]] == ["1. Money", "2. Week"]


def test_all_lines_are_seen_before_anything_can_be_shared() -> None:
    lines = [ShareLine(f"w/s{n}", f"Line {n}", "yes", own_words=f"word{n} " * 300) for n in range(10)]
    *before, last = parts(offered(*lines))
    assert len(before) > 3
    assert not any(found.keyboard for found in before)
    assert last.keyboard
    whole = " ".join(found.text for found in (*before, last))
    assert whole.count("word") == 3_000
    assert [whole.index(f"word{n} ") for n in range(10)] == sorted(whole.index(f"word{n} ") for n in range(10))
    for found in (*before, last):
        assert units(found.text) <= MOST_UNITS
        assert found.text.count(OPEN) == found.text.count(CLOSE)


# Direction ----------------------------------------------------------------------------------------------------------


def test_lines_that_begin_with_anything_else_are_marked_for_who_reads_from_the_right() -> None:
    message = asked("كيف كان أسبوعك؟", number=3, total=6, language="ar", typed="text")
    assert part(message).text == f"{FROM_THE_RIGHT}3 من 6\n\nكيف كان أسبوعك؟\n\nيمكن كتابة الجواب."
    named = said(f"{OPEN}Anna{CLOSE} تقرأ هذا.\nنعم", "ar")
    assert part(named).text == f"{FROM_THE_RIGHT}{OPEN}Anna{CLOSE} تقرأ هذا.\nنعم"


def test_points_and_lines_begin_at_the_right_too() -> None:
    for line in part(scale("صعب", "جيد جدا", language="ar")).text.splitlines()[2:]:
        assert line.startswith(FROM_THE_RIGHT)
    shared = part(offered(ShareLine("w/x", "الأسبوع", "جيد", own_words="fine"), choosing=True, language="ar"))
    assert f"{FROM_THE_RIGHT}1. الأسبوع: " in shared.text


def test_who_reads_from_the_left_gets_no_marks() -> None:
    assert FROM_THE_RIGHT not in part(said("نعم said Ali"), asked("?", number=1, total=2)).text


def test_two_languages_in_one_part_each_keep_their_side() -> None:
    assert part(said("3 things"), said("3 أشياء", "ar")).text == f"3 things\n\n{FROM_THE_RIGHT}3 أشياء"


# Anything -----------------------------------------------------------------------------------------------------------

words = st.text(st.sampled_from("ab 1.ع\nÅ👍\u2068\u2069e\u0301"), max_size=60)
long_words = st.builds(lambda text, times: text * times, words, st.integers(1, 40))
line = st.builds(ShareLine, st.just("w/x"), words, words, st.booleans(), long_words)
language = st.sampled_from(["en", "ar"])
message = st.one_of(
    st.builds(said, long_words, language),
    st.builds(
        lambda text, labels, many: asked(text, *labels, pick="many" if many else "one"),
        long_words,
        st.lists(words.filter(str.strip), max_size=5),
        st.booleans(),
    ),
    st.builds(
        lambda lines, choosing, code: offered(*lines, choosing=choosing, language=code),
        st.lists(line, max_size=4),
        st.booleans(),
        language,
    ),
    st.just(redrawn(asked("?", "Yes"))),
)


@given(st.lists(message, max_size=6), st.integers(200, 900))
def test_every_part_can_be_sent(messages: list[Outbound], most: int) -> None:
    found = parts(*messages, most=most)
    for each in found:
        assert bool(each.edits) != bool(each.text.strip())
        assert units(each.text) <= most
    keys = sum(bool(one.buttons or one.controls or one.kind in ("asked", "offered")) for one in messages)
    assert sum(bool(each.keyboard) for each in found) == keys
    assert sum(bool(each.edits) for each in found) == sum(one.kind == "redrawn" for one in messages)


@given(st.lists(st.builds(said, long_words, language), max_size=5), st.integers(200, 900))
def test_every_word_is_said_once_and_in_order(messages: list[Outbound], most: int) -> None:
    def bare(text: str) -> str:
        return "".join(letter for letter in text if not letter.isspace() and unicodedata.category(letter) != "Cf")

    assert bare("".join(each.text for each in parts(*messages, most=most))) == bare("".join(m.text for m in messages))


@given(st.lists(st.builds(said, long_words, st.just("ar")), max_size=3), st.integers(200, 900))
def test_no_line_for_who_reads_from_the_right_begins_at_the_left(messages: list[Outbound], most: int) -> None:
    for each in parts(*messages, most=most):
        for shown in filter(str.strip, each.text.split("\n")):
            assert unicodedata.bidirectional(shown[0]) in ("R", "AL")


# The shipped dialogues ----------------------------------------------------------------------------------------------


def screens_of(dialogue: str, language: str) -> Iterator[Outbound]:
    """What one person meets who answers everything, ticks the first two, and then chooses what to share."""
    held = talk(dialogue, language)
    yield from held.last
    while held.held.session.waiting:
        question = held.asked
        if question.kind == "offered":
            yield from held.send(ChooseLines())
            held.send(ShareLines())
        elif question.pick == "many":
            held.send(chosen(held.held.ask, held.held.session, (question.buttons[0].tap.choices[0],)))
        elif question.buttons:
            held.tap(question.buttons[-1])
        else:
            held.type({"date": "31.1.2027", "number": "3"}.get(question.typed, "Bussen er langt unna."))
        yield from held.last


@pytest.mark.parametrize("language", catalogs().languages)
def test_every_screen_of_the_shipped_dialogues_can_be_sent_and_read(language: str) -> None:
    """A script for staff alone is in their languages only."""
    scripts = [name for name, script in shipped().scripts.items() if catalogs().script_texts(script, language)]
    for message in chain.from_iterable(screens_of(dialogue, language) for dialogue in scripts):
        found = parts_in([message], catalogs())
        text = " ".join(each.text for each in found)
        keys = [key for each in found for row in each.keyboard for key in row]
        assert all(len(row) <= 8 for each in found for row in each.keyboard)
        assert len(keys) <= 100
        assert all(key.label.strip() and 0 < len(key.data.encode()) <= 64 for key in keys)
        assert text.count(OPEN) == text.count(CLOSE)
        shown = f"{text} {' '.join(key.label for key in keys)}"
        for each in message.buttons:
            assert each.label.removeprefix(each.tap.choices[0] if message.scale else "").strip() in shown
        for line in message.lines:
            assert line.label in text
            assert line.value in text
