"""The data of buttons: read by people, read again by us, and 64 bytes at most whatever things are called."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.buttons import MOST_BYTES, UNREADABLE, data_of, tap_of
from bot.messages import Tap
from bot.tokens import stands_for

ACTIONS = get_args(get_type_hints(Tap)["action"])

name = st.text(st.sampled_from("abcxyz0189_"), min_size=1, max_size=64)
step = st.one_of(
    st.builds(lambda dialogue, key: f"{dialogue}/{key}", name, name),
    st.builds(lambda dialogue, key, each: f"{dialogue}/{key}:{each}", name, name, name),
)
line = st.builds(lambda of, group: f"{of}|{group}", step, name)
choice = st.one_of(name, step, line, st.sampled_from(["0", "10", "nb", "zh-Hant", "fa_AF"]))


def taps(names: st.SearchStrategy[str], steps: st.SearchStrategy[str]) -> st.SearchStrategy[Tap]:
    choices = st.one_of(st.just(()), st.tuples(names))
    return st.builds(Tap, st.integers(0, 10**18 - 1), steps, st.sampled_from(ACTIONS), choices)


@pytest.mark.parametrize(
    ("tap", "data"),
    [
        (Tap(12, "weekly_checkin/confidence", "choose", ("4",)), "c|12|weekly_checkin/confidence|4"),
        (Tap(12, "weekly_checkin/hard", "tick", ("work",)), "t|12|weekly_checkin/hard|work"),
        (Tap(3, "a/sharing", "tick", ("a/hard|work",)), "t|3|a/sharing|a/hard|work"),
        (Tap(3, "a/why:boss", "skip"), "s|3|a/why:boss"),
        (Tap(3, "a/sharing", "share_all"), "all|3|a/sharing"),
        (Tap(0, "", "start"), "start|0|"),
        (Tap(0, "", "language", ("nb",)), "language|0||nb"),
        (Tap(7, "", "open", ("agree",)), "open|7||agree"),
        (Tap(0, "", "help", ("nb",)), "help|nb"),
        (Tap(0, "", "help"), "help"),
    ],
)
def test_a_button_can_be_read_by_people(tap: Tap, data: str) -> None:
    assert data_of(tap) == data
    assert tap_of(data) == tap


def test_every_press_there_is_comes_back_as_it_was() -> None:
    for action in ACTIONS:
        tap = Tap(0, "", action, ("nb",)) if action == "help" else Tap(7, "a/b", action, ("c",))
        assert tap_of(data_of(tap)) == tap


def test_as_much_as_fits_stays_readable() -> None:
    long, longer = "a" * 30 + "/" + "b" * 20, "c" * 60
    assert data_of(Tap(1, long, "choose", ("yes",))) == f"c|1|{long}|yes"
    assert data_of(Tap(1, "a/b", "choose", (longer,))).startswith("c|1|a/b|#")
    assert data_of(Tap(1, longer + "/b", "choose", ("yes",))).endswith("|yes")
    both = data_of(Tap(10**18 - 1, longer + "/b", "share_lines", (longer + "|b",)))
    assert both.count("#") == 2


@given(taps(choice, step).filter(lambda tap: tap.action != "help"))
def test_whatever_things_are_called_the_press_is_known_again(tap: Tap) -> None:
    data = data_of(tap)
    assert len(data.encode()) <= MOST_BYTES
    back = tap_of(data)
    assert (back.conversation, back.action, len(back.choices)) == (tap.conversation, tap.action, len(tap.choices))
    assert stands_for(back.step, tap.step)
    assert all(map(stands_for, back.choices, tap.choices))


@given(taps(st.text(st.characters(exclude_categories=[]), max_size=80), st.text(max_size=80)))
def test_names_that_no_script_has_do_no_harm_either(tap: Tap) -> None:
    data = data_of(tap)
    assert 0 < len(data.encode()) <= MOST_BYTES
    assert all(map(stands_for, tap_of(data).choices, tap.choices))


@given(step, step)
def test_another_step_is_not_taken_for_it(one: str, other: str) -> None:
    back = tap_of(data_of(Tap(10**17, one, "choose", ("x" * 60,))))
    assert stands_for(back.step, other) == (one == other)


@given(st.text(st.characters(exclude_categories=[]), max_size=80))
def test_nothing_that_comes_back_raises(data: str) -> None:
    assert isinstance(tap_of(data), Tap)


@given(st.lists(st.sampled_from(["c", "help", "all", "|", "0", "12", "#", "a/b", "x" * 11, "-", "²", "é", " "])))
def test_nothing_that_looks_like_ours_raises(pieces: list[str]) -> None:
    tap = tap_of("".join(pieces))
    assert tap == UNREADABLE or tap.action in ACTIONS


@pytest.mark.parametrize(
    "data",
    [
        "",
        "c",
        "c|1",
        "c|x|a/b|yes",
        "c|-1|a/b|yes",
        "c|²|a/b|yes",
        "c|1|a/b|",
        "c|1|a b|yes",
        "c|1|#short|yes",
        "c|1|a/b|\ud800",
        "choose|1|a/b|yes",
        "help|nb|more",
        f"c|1|a/b|{'y' * 80}",
        f"c|{'1' * 19}|a/b|yes",
    ],
)
def test_what_no_button_of_ours_has_fits_no_step(data: str) -> None:
    assert tap_of(data) == UNREADABLE


def test_a_button_stands_for_one_choice() -> None:
    with pytest.raises(ValueError, match="one choice"):
        data_of(Tap(1, "a/b", "choose", ("x", "y")))


def test_data_is_the_same_for_ever() -> None:
    """Buttons stay in chats for years: what they hold has to be read by every later version."""
    long: dict[str, Any] = {"conversation": 5, "step": "s" * 60 + "/" + "t" * 60, "choices": ("o" * 60,)}
    assert data_of(Tap(**long, action="choose")) == "c|5|#dbmxMFr4GkY|#UUsqzdw41nE"
