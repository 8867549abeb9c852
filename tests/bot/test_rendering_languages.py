"""One conversation has one language, whatever happens in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest

from bot.messages import Outbound
from dialogues import engine, loader
from dialogues.engine import ChooseLines, Misunderstood, ShareAll, ShareLines
from dialogues.meanings import ASK, TICKED
from dialogues.model import Ask
from tests.bot.digest_samples import plain
from tests.bot.wording_questions import taps
from tests.bot.wording_talk import LANGUAGES, MARK, Talk, marked_talk, strings, talk
from tests.dialogues.answers_at_random import all_shown, some_answer
from tests.dialogues.moves_at_random import some_move
from tests.dialogues.scripts_at_random import made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "dialogue", ["onboarding", "weekly_checkin", "situation", "choose_time", "phone_shared", "too_much"]
)
def test_a_shipped_script_is_told_in_one_language_with_nothing_left_to_fill_in(dialogue: str, language: str) -> None:
    for seed in range(6):
        dice, one = Random(seed), talk(dialogue, language)
        while not one.held.session.closed:
            one.send(some_answer(dice, one.held.ask, one.held.session) if asks(one) else ShareAll())
        assert {message.language for message in one.told} == {language}
        for message in one.told:
            assert message.conversation == 7
            assert not any(re.search(r"[{}]", text) for text in strings(message))
            if language == "ar":
                assert re.search(r"[\u0600-\u06ff]", message.text)


def asks(one: Talk) -> bool:
    return isinstance(one.held.step, Ask)


@pytest.mark.parametrize("block", range(8))
def test_whatever_happens_in_whatever_script_is_worded_and_in_one_language(block: int) -> None:
    """Every text of the marked language begins with its mark; names and options stand inside other texts."""
    for seed in range(block, 160, 8):
        dice, one_of = Random(seed), made(Random(seed))
        script = loader.load(one_of.library["whole"], one_of.library)
        remembered = {local: some_answer(dice, ask, all_shown(ask)) for local, ask in one_of.remembered.items()}
        one = marked_talk(script, remembered, sharing=dice.choice([ASK, TICKED]))
        while not one.held.session.closed and len(one.told) < 200:
            one.send(some_move(dice, one.held, restless=0.4))
        for message in one.told:
            check(message)


_FIGURES = re.compile(r"-?[0-9.]+ ?|\w+day \d+ \w+ \d{4}")
"""Numbers and dates: they belong to the language, but to none of its texts."""


def check(message: Outbound) -> None:
    for text in filter(None, strings(message)):
        words = _FIGURES.sub("", plain(text))
        assert not words or words.startswith(MARK), (text, message)
    if message.kind in ("asked", "offered"):
        assert message.step
        assert all(
            (tap.conversation, tap.step) == (7, message.step) for tap in taps(message.buttons + message.controls)
        )
        assert len({button.tap for button in message.buttons}) == len(message.buttons)
        assert (message.pick == "") == (not message.buttons)
    else:
        assert not message.buttons


@pytest.mark.parametrize("block", range(4))
def test_every_button_that_is_shown_is_taken(block: int) -> None:
    """No button leads to "not understood", and what every button does is one thing."""
    for seed in range(block, 60, 4):
        dice, one_of = Random(seed), made(Random(seed))
        script = loader.load(one_of.library["whole"], one_of.library)
        one = marked_talk(script, sharing=dice.choice([ASK, TICKED]))
        while not one.held.session.closed and len(one.told) < 60:
            for button in (*one.asked.buttons, *one.asked.controls):
                assert not isinstance(one.meant(button), Misunderstood), button
            forward: Callable[[], engine.Input] = lambda: some_answer(dice, one.held.ask, one.held.session)  # noqa: B023, E731
            one.send(forward() if asks(one) else dice.choice([ShareAll(), ChooseLines(), ShareLines()]))
