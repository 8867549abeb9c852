"""Keys under messages: what is on them, what comes back, and how they stand on a small phone in either direction."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.buttons import tap_of
from bot.channels.telegram.labels import LONGEST, shortened, width
from bot.messages import Outbound, ShareLine, Tap
from tests.bot.telegram_wording import (
    ARABIC,
    STEP,
    asked,
    button,
    data,
    labels,
    offered,
    part,
    parts,
    redrawn,
    said,
    scale,
)

HELP = ["Help now"]
LINES = (
    ShareLine("weekly/week", "Week", "Good"),
    ShareLine("weekly/hard|work", "Hard at work", "The boss", own_words="He shouts"),
    ShareLine("weekly/hard|home", "Hard at home", "Money", private=True),
)


def keys(message: Outbound) -> list[list[str]]:
    """What stands on the keys under a message."""
    return labels(part(message).keyboard)


# Rows ---------------------------------------------------------------------------------------------------------------


def test_short_answers_stand_two_in_a_row() -> None:
    assert keys(asked("?", "Yes", "No")) == [["Yes", "No"], HELP]
    assert keys(asked("?", "One", "Two", "Three")) == [["One", "Two"], ["Three"], HELP]


def test_one_longer_answer_gives_each_a_row() -> None:
    assert keys(asked("?", "Yes", "No, not this week")) == [["Yes"], ["No, not this week"], HELP]


def test_ways_on_stand_two_in_a_row_where_they_fit() -> None:
    ways = [button(label, action) for label, action in (("Skip", "skip"), ("Does not fit me", "does_not_fit"))]
    ways += [button("Leave it as it is", "keep"), button("Back", "back"), button("Skip", "skip")]
    found = keys(asked("?", controls=tuple(ways)))
    assert found == [["Skip", "Does not fit me"], ["Leave it as it is"], ["Back", "Skip"], HELP]


def test_rows_are_turned_for_those_who_read_from_the_right() -> None:
    message = asked("؟", "نعم", "لا", "ربما", language="ar", controls=(button("تخط", "skip"), button("عودة", "back")))
    assert keys(message) == [["لا", "نعم"], ["ربما"], ["عودة", "تخط"], [ARABIC["ui/help.now"]]]


def test_help_stands_alone_at_the_bottom_of_questions_and_offers_only() -> None:
    for message in (asked(), asked("?", "Yes"), offered(*LINES), offered(*LINES, choosing=True)):
        last = part(message).keyboard[-1]
        assert [(key.label, key.data) for key in last] == [("Help now", "help|en")]
    assert part(said("Thank you.")).keyboard == ()
    assert keys(msgspec.structs.replace(asked("?", "Norsk", "English"), kind="note")) == [["Norsk", "English"]]


# Scales -------------------------------------------------------------------------------------------------------------


def test_a_scale_is_one_row_of_numbers() -> None:
    rows = part(scale("Very hard", "Hard", "Good")).keyboard
    assert labels(rows) == [["1", "2", "3"], HELP]
    assert data(rows)[0] == [f"c|7|{STEP}|{point}" for point in (1, 2, 3)]


def test_points_that_are_short_stand_on_their_keys() -> None:
    assert keys(scale("☹", "😐", "☺")) == [["☹", "😐", "☺"], HELP]
    assert keys(scale("0", "1", "2", low=0))[0] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("points", "rows"), [(8, [8]), (9, [5, 4]), (10, [5, 5]), (11, [6, 5]), (16, [8, 8]), (17, [6, 6, 5])]
)
def test_a_long_scale_has_rows_that_are_as_equal_as_can_be(points: int, rows: list[int]) -> None:
    found = keys(scale(*map(str, range(points)), low=0))
    assert [len(row) for row in found[:-1]] == rows
    assert [label for row in found[:-1] for label in row] == [str(point) for point in range(points)]


def test_a_scale_goes_from_the_right_where_people_read_so() -> None:
    assert keys(scale("صعب جدا", "صعب", "جيد", language="ar"))[0] == ["3", "2", "1"]
    long = keys(scale(*map(str, range(1, 11)), language="ar"))
    assert long[:2] == [["5", "4", "3", "2", "1"], ["10", "9", "8", "7", "6"]]


# Ticks --------------------------------------------------------------------------------------------------------------


def test_options_of_which_several_can_be_chosen_are_ticked_and_sent() -> None:
    options = (button("Work", "choose", "work"), button("Home", "choose", "home", ticked=True))
    rows = part(asked("?", buttons=options, pick="many")).keyboard
    assert labels(rows) == [["Work", "✓ Home"], ["Done"], HELP]
    taps = [tap_of(key.data) for row in rows[:-1] for key in row]
    assert taps == [
        Tap(7, STEP, "tick", ("work",)),
        Tap(7, STEP, "untick", ("home",)),
        Tap(7, STEP, "done"),
    ]


def test_lines_are_ticked_by_their_numbers_and_the_key_says_that_they_are_shared() -> None:
    rows = part(offered(*LINES, choosing=True)).keyboard
    assert labels(rows) == [["1. Week"], ["2. Hard at work"], ["3. Hard at home"], ["Share what I chose"], HELP]
    assert tap_of(rows[1][0].data) == Tap(7, STEP, "tick", ("weekly/hard|work",))
    assert tap_of(rows[3][0].data) == Tap(7, STEP, "done")


def test_ways_to_share_have_equal_keys() -> None:
    assert keys(offered(*LINES)) == [["Share all"], ["Choose"], ["No"], HELP]


@pytest.mark.parametrize(
    "message",
    [
        asked("?", "Work", "Home", pick="many", controls=(button("Skip", "skip"),)),
        asked("?", "Work", "A label that is far too long for any key on a phone", pick="many"),
        offered(*LINES, choosing=True),
    ],
)
def test_redrawn_keys_stand_where_they_stood(message: Outbound) -> None:
    again = part(redrawn(message))
    assert (again.text, again.edits) == ("", "31")
    assert again.keyboard == part(message).keyboard
    ticked = tuple(msgspec.structs.replace(each, ticked=True) for each in message.buttons)
    changed = part(redrawn(msgspec.structs.replace(message, buttons=ticked)))
    assert [len(row) for row in changed.keyboard] == [len(row) for row in again.keyboard]


def test_keys_that_are_taken_away_leave_nothing() -> None:
    assert part(Outbound("redrawn", "en", "", edits="31")).keyboard == ()


# Labels -------------------------------------------------------------------------------------------------------------


def test_a_label_too_long_for_a_key_gets_its_number() -> None:
    long = "Education or papers from another country"
    assert keys(asked("?", "Hours", long, "Money")) == [["Hours"], [f"2. {long}"], ["Money"], HELP]


def test_a_label_too_long_for_any_key_is_cut_at_a_word() -> None:
    label = "I want to talk about the papers from my education in another country"
    assert shortened(label) == "I want to talk about the papers from my education in…"
    assert shortened("x" * 100) == "x" * (LONGEST - 1) + "…"
    assert shortened("One\nTwo") == "One Two"
    assert shortened("A talk with \u2068Anna\u2069") == "A talk with \u2068Anna\u2069"
    assert "\u2068" not in shortened("\u2068" + "word " * 20 + "\u2069")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_every_label_fits(label: str) -> None:
    assert width(shortened(label)) <= LONGEST + 1


def test_marks_take_no_room_and_letters_of_east_asia_more() -> None:
    assert (width("كِتَاب"), width("हिन्दी"), width("日本"), width("\u2068a\u2069")) == (4, 5, 4, 1)


@pytest.mark.parametrize("label", ["Option {}", "خيار رقم {} من الخيارات الكثيرة"])
def test_as_many_keys_as_telegram_takes(label: str) -> None:
    message = asked("?", *(label.format(number) for number in range(1, 101)), pick="many")
    message = msgspec.structs.replace(message, controls=(button("Skip", "skip"), button("Back", "back")))
    *before, last = parts(message)
    rows, text = last.keyboard, "\n".join(each.text for each in (*before, last))
    found = [key for row in rows for key in row]
    assert 40 < len(found) <= 100
    assert len(msgspec.json.encode(rows)) < 8_500
    assert found[-4].label == "Done"
    first = len(found) - 4
    assert f"{first + 1}. {label.format(first + 1)}" in text
    assert f"{first}. {label.format(first)}" not in text
    assert "You can write a number." in text
