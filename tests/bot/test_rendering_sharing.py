"""How sharing is offered: the exact lines, three ways, and nothing chosen beforehand."""

from __future__ import annotations

import msgspec
import pytest

from bot.messages import Tap
from bot.programme import READS
from dialogues import engine
from dialogues.engine import Back, ChooseLines, ShareAll, ShareLines, Skip
from dialogues.meanings import TICKED
from dialogues.session import Answer
from tests.bot.digest_samples import plain
from tests.bot.wording_questions import taps
from tests.bot.wording_talk import Talk, talk
from tests.dialogues.held import picked
from tests.dialogues.steps import steps

SHARING = steps("""
  open:
    ask: Open?
    answer: any of
    options:
      a: A
      talk: "A talk with {specialist}"
    own words: yes
    label: "Open, {name}"
  closed:
    ask: Closed?
    answer: scale 1 to 3
    low: Low
    high: High
    label: Closed
    private: yes
  sharing:
    share: This is what {specialist} will see.
    offer:
      - open
      - closed
  end:
    ask: End?
    answer: text
""")


def offer(open_answer: engine.Input = Skip(), closed_answer: engine.Input = Skip()) -> Talk:  # noqa: B008
    one = talk(SHARING)
    one.send(open_answer, closed_answer)
    return one


def test_an_offer_shows_the_lines_and_three_ways() -> None:
    one = offer(picked("a", "talk", words="Mine"))
    assert (one.asked.kind, one.asked.step, one.asked.pick) == ("offered", "whole/sharing", "one")
    assert plain(one.asked.text) == "This is what Anna will see."
    assert one.buttons == ["Share all", "Choose", "Keep it for me"]
    assert taps(one.asked.buttons) == [
        Tap(7, "whole/sharing", action) for action in ("share_all", "share_choose", "share_none")
    ]
    [line] = one.asked.lines
    assert (line.id, plain(line.label), plain(line.value), line.own_words, line.private) == (
        "whole/open",
        "Open, Amina",
        "A, A talk with Anna",
        "Mine",
        False,
    )


def test_with_a_private_line_the_button_says_that_it_stays() -> None:
    one = offer(picked("a"), Answer(number=3))
    assert one.buttons == ["Share all but what is private", "Choose", "Keep it for me"]
    assert [(line.label, line.value, line.private) for line in one.asked.lines][1] == ("Closed", "3 High", True)


def test_with_private_lines_only_there_is_no_share_all() -> None:
    assert offer(Skip(), Answer(number=2)).buttons == ["Choose", "Keep it for me"]


def test_choosing_shows_every_line_as_a_button_of_its_own_and_none_is_chosen() -> None:
    one = offer(picked("a"), Answer(number=3))
    one.send(ChooseLines())
    assert one.asked.pick == "many"
    assert plain(one.asked.text) == "Choose what Anna will see."
    assert taps(one.asked.buttons) == [
        Tap(7, "whole/sharing", "share_lines", (line,)) for line in ("whole/open", "whole/closed")
    ]
    assert [plain(button.label) for button in one.asked.buttons] == ["Open, Amina", "Closed"]
    assert len(one.asked.lines) == 2


def test_nothing_is_chosen_beforehand() -> None:
    """Lines are ticked by the person, never for them."""
    one = offer(picked("a"), Answer(number=3))
    assert one.asked.buttons
    assert not any(button.ticked for button in one.asked.buttons)
    one.send(ChooseLines())
    assert one.asked.pick == "many"
    assert not any(button.ticked for button in one.asked.buttons)


def test_who_shares_so_finds_the_lines_ticked_under_the_words_of_the_step() -> None:
    one = talk(SHARING, sharing=TICKED)
    one.send(picked("a"), Answer(number=3))
    assert plain(one.asked.text) == "This is what Anna will see."
    assert [(plain(button.label), button.ticked) for button in one.asked.buttons] == [
        ("Open, Amina", True),
        ("Closed", False),
    ]
    assert [plain(line.value) for line in one.asked.lines] == ["A", "3 High"], "all that would leave is there to read"


def test_one_press_keeps_everything_that_was_ticked_beforehand() -> None:
    one = talk(SHARING, sharing=TICKED)
    one.send(picked("a"), Answer(number=3))
    assert one.actions == ["share_none", "back"]
    assert plain(one.asked.controls[0].label) == "Keep it for me"
    one.tap(one.asked.controls[0])
    assert one.texts[0] == "Kept. Only you can see it."


def test_back_from_the_ticks_shows_the_three_ways() -> None:
    one = talk(SHARING, sharing=TICKED)
    one.send(picked("a"), Skip(), Back())
    assert one.buttons == ["Share all", "Choose", "Keep it for me"]
    assert one.actions == ["back"]


def test_the_month_is_filled_in_like_a_name() -> None:
    one = talk(steps("look:\n  ask: |\n    Your month.\n    {month}\n  answer: text"))
    assert plain(one.asked.text) == "Your month.\n5 May: Good"


@pytest.mark.parametrize(
    ("way", "text"),
    [
        (ShareAll(), "Shared. Anna reads on working days. Nobody reads it right away."),
        (ShareLines(("whole/closed",)), "Shared. Anna reads on working days. Nobody reads it right away."),
        (ShareLines(), "Kept. Only you can see it."),
        (Skip(), "Kept. Only you can see it."),
    ],
    ids=str,
)
def test_what_became_of_sharing_is_told(way: engine.Input, text: str) -> None:
    one = offer(picked("a"), Answer(number=3))
    one.send(way)
    assert (one.last[0].kind, one.texts[0]) == ("note", text)
    assert one.asked.step == "whole/end"


@pytest.mark.parametrize(
    ("reads", "text"),
    [
        ("on working days", "Shared. Anna reads on working days. Nobody reads it right away."),
        ("twice a week", "Shared. Anna reads twice a week. Nobody reads it right away."),
        ("once a week", "Shared. Anna reads once a week. Nobody reads it right away."),
    ],
)
def test_whoever_shares_is_told_how_often_it_is_read(reads: str, text: str) -> None:
    assert reads in READS
    one = offer(picked("a"), Answer(number=3))
    one.voice = msgspec.structs.replace(one.voice, reads=reads)
    one.send(ShareAll())
    assert one.texts[0] == text


def test_an_offer_can_be_gone_back_from() -> None:
    one = offer(picked("a"), Answer(number=3))
    assert one.actions == ["back"]
    one.tap(one.asked.controls[0])
    assert one.asked.step == "whole/closed"
