"""How much leaves, when the channel as a whole takes nothing, and what is tried after a refusal."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.fallback import halves, instead
from bot.delivery.gate import FAILURES, LONGEST_BACKOFF, SHUT_FOR, Gate, backoff
from bot.delivery.limits import Pace
from bot.delivery.outcomes import Failed, Gone, Key, Later, Outcome, Part, Refused, Sent, Shut, Unclear

KEYS = ((Key("Yes", "y"), Key("No", "n")),)

# Pace -----------------------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 0.3), min_size=60, max_size=200), st.integers(1, 40))
def test_no_second_holds_more_than_it_may_wherever_it_begins(pauses: list[float], per_second: int) -> None:
    """Messages that come at any moments, each leaving as soon as it may, or late by a slow wake-up."""
    pace, now, left = Pace(per_second), 0.0, []
    for pause in pauses:
        now = max(now + pause * (pause > 0.15), pace.free_at()) + pause / 20
        pace.spend(now)
        left.append(now)
    for first, last in zip(left, left[per_second:], strict=False):
        assert last - first >= 1.0


def test_what_waits_leaves_evenly_and_at_full_speed() -> None:
    pace, now, left = Pace(25), 0.0, []
    for _ in range(1_000):
        now = max(now, pace.free_at())
        pace.spend(now)
        left.append(now)
    gaps = [after - before for before, after in itertools.pairwise(left)]
    assert min(gaps) > 0.035
    assert left[-1] < 1_000 / 25 * 1.01


def test_slow_wake_ups_do_not_add_up() -> None:
    pace, now = Pace(1_000), 0.0
    for _ in range(5_000):
        if now < pace.free_at():
            now = pace.free_at() + 0.003
        pace.spend(now)
    assert now < 5.1


# Gate -----------------------------------------------------------------------------------------------------------------


def told(gate: Gate, *outcomes: Outcome, now: float = 0.0) -> Gate:
    """A gate that has heard these, each from somebody else."""
    for person, outcome in enumerate(outcomes, 1):
        gate.heard(person, outcome, now)
    return gate


@pytest.mark.parametrize("failure", [Failed("ConnectError"), Unclear("ReadTimeout")])
def test_failures_in_a_row_close_the_gate_for_all_but_one(failure: Outcome) -> None:
    gate = told(Gate(), *[failure] * (FAILURES - 1))
    assert gate.admits(0.0, on_their_way=30)
    told(gate, failure)
    assert gate.trouble == failure.cause  # type: ignore[union-attr]
    assert not gate.admits(0.5, on_their_way=0)
    assert gate.admits(1.0, on_their_way=0)
    assert not gate.admits(1.0, on_their_way=1)


def test_each_probe_that_fails_doubles_the_wait_up_to_a_minute() -> None:
    gate, now, waits = told(Gate(), *[Failed("x")] * FAILURES), 0.0, []
    for _ in range(9):
        waits.append(gate.opens_at() - now)
        now = gate.opens_at()
        told(gate, Failed("x"), now=now)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert backoff(10_000) == LONGEST_BACKOFF


def test_what_left_before_the_gate_closed_says_nothing_new() -> None:
    """Forty that were on their way fail at once: that is one failure of the channel and no forty."""
    assert told(Gate(), *[Failed("x")] * 40).opens_at() == 1.0


@pytest.mark.parametrize("sign_of_life", [Sent(), Later(1), Gone("blocked"), Refused("bad")])
def test_any_answer_of_the_channel_opens_the_gate(sign_of_life: Outcome) -> None:
    gate = told(Gate(), *[Failed("x")] * FAILURES, sign_of_life)
    assert not gate.trouble
    assert gate.admits(0.0, on_their_way=30)
    told(gate, *[Failed("x")] * (FAILURES - 1))
    assert not gate.trouble, "the failures before do not count any more"


def test_a_channel_that_is_shut_is_tried_once_a_minute() -> None:
    gate = told(Gate(), Shut("Unauthorized"))
    assert gate.trouble == "Unauthorized"
    assert gate.opens_at() == SHUT_FOR
    told(gate, Shut("Unauthorized"), now=SHUT_FOR)
    assert gate.opens_at() == 2 * SHUT_FOR
    assert not told(gate, Sent(), now=2 * SHUT_FOR).trouble


def test_three_chats_that_are_asked_to_wait_mean_the_channel() -> None:
    gate = Gate()
    assert not gate.heard(1, Later(3), 0.0)
    assert not gate.heard(2, Later(9), 5.0)
    assert not gate.heard(2, Later(9), 6.0), "the same chat again"
    assert gate.heard(3, Later(4), 8.0)
    assert gate.opens_at() == 17.0
    assert not gate.admits(16.9, 0)
    assert gate.admits(17.0, 30), "then all go on at once"


def test_three_chats_far_apart_or_with_a_success_between_mean_themselves() -> None:
    gate = Gate()
    for person, now in ((1, 0.0), (2, 6.0), (3, 10.5)):
        assert not gate.heard(person, Later(3), now)
    gate.heard(9, Sent(), 10.6)
    assert not gate.heard(4, Later(3), 10.7)
    assert gate.admits(10.7, 0)


# Fallback -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", ["Bad Request: BUTTON_DATA_INVALID", "reply markup is wrong", "can't parse entities"])
def test_a_refused_keyboard_leaves_the_text(cause: str) -> None:
    assert instead(Part("How was it?", KEYS), cause) == (Part("How was it?"),)
    assert instead(Part("How was it?"), cause) == (), "there is nothing simpler"


def test_other_refusals_and_refused_edits_have_nothing_else() -> None:
    assert instead(Part("How was it?", KEYS), "Bad Request: chat not found") == ()
    assert instead(Part("", KEYS, "41"), "Bad Request: BUTTON_DATA_INVALID") == ()


def test_what_is_too_long_becomes_two_with_the_keyboard_under_the_second() -> None:
    first, second = instead(Part("One two.\n\nThree four.", KEYS), "Bad Request: message is too long")
    assert (first, second) == (Part("One two."), Part("Three four.", KEYS))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("one two three\nfour five six", "one two three", "four five six"),
        ("One is. Two is. Three is.", "One is. Two is.", "Three is."),
        ("one two three", "one two", "three"),
        ("to \u2068Anna Maria Lund\u2069 with love", "to \u2068Anna Maria Lund\u2069", "with love"),
    ],
)
def test_a_text_is_cut_where_it_reads_best(text: str, first: str, second: str) -> None:
    assert [part.text for part in halves(Part(text))] == [first, second]


@pytest.mark.parametrize("text", ["x" * 50, "\u2068Anna Maria Lund\u2069", " ", "a " + "x" * 50])
def test_what_can_be_cut_nowhere_stays_whole(text: str) -> None:
    assert halves(Part(text)) == ()


@given(st.text("ab .\n\u2068\u2069", max_size=80))
def test_halves_hold_the_whole_text_and_no_open_mark(text: str) -> None:
    cut = halves(Part(text, KEYS))
    if cut:
        assert "".join("".join(part.text for part in cut).split()) == "".join(text.split())
        assert all(part.text.strip() for part in cut)
        assert cut[0].text.count("\u2068") <= cut[0].text.count("\u2069")
        assert [part.keyboard for part in cut] == [(), KEYS]
