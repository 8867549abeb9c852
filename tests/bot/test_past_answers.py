"""Past answers: all of somebody's own, as they stand after every correction; of shared ones what is on cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import past_answers
from bot.lines import CardLine
from bot.past_answers import PastAnswer, own
from bot.shelf import Published
from dialogues.model import Say, Script
from dialogues.session import Answer
from storage import checkins
from storage.answers import Stored
from storage.checkins import Given
from storage.vault import Cipher
from tests.bot.digest_samples import shared
from tests.bot.picture_samples import MONDAY, PUBLISHED, SCRIPT, line

CIPHER = Cipher(b"k" * 32)


def published(dialogue: str, version: int) -> Published | None:
    """The only version there is."""
    return PUBLISHED if (dialogue, version) == ("talk", 1) else None


def stored(step: str, revision: int, *, words: str = "", dialogue: str = "talk", **values: Any) -> Stored:
    """A row of an answer."""
    usual = {"conversation": 1, "each": "", "outcome": "answered", "choices": None, "number": None, "day": None}
    made = {**usual, "version": 1, "language": "en", "at": MONDAY, **values}
    key = {"participant_id": 7, "question": f"talk/{step}", "revision": revision}
    place = (7, made["conversation"], f"talk/{step}", made["each"], revision)
    sealed = checkins.seal_words(CIPHER, place, words)
    return Stored(dialogue, Given(**key, **made, sealed_words=sealed))  # type: ignore[arg-type]


def read(*rows: Stored) -> list[tuple[int, str, Answer]]:
    """What they are for the person."""
    return [(one.conversation, one.name, one.answer) for one in own(rows, CIPHER, published)]


def test_answers_are_as_they_were_given() -> None:
    assert read(
        stored("week", 2, number=3.0),
        stored("sure", 3, number=2.5),
        stored("hard", 4, choices=["noise"], words="the bus"),
        stored("good", 5, day="2025-05-05"),
    ) == [
        (1, "talk/week", Answer(number=3)),
        (1, "talk/sure", Answer(number=2.5)),
        (1, "talk/hard", Answer(("noise",), words="the bus")),
        (1, "talk/good", Answer(day="2025-05-05")),
    ]


def test_a_correction_that_was_just_given_stands_and_one_that_was_taken_back_does_not() -> None:
    before = [stored("week", 2, number=3.0), stored("sure", 3, number=4.0)]
    now = [stored("sure", 9, outcome="retracted"), stored("week", 8, number=1.0)]
    assert read(*before, *now) == read(*now, *before) == [(1, "talk/week", Answer(number=1))]


def test_the_order_is_that_of_the_script_and_not_of_answering() -> None:
    rows = [
        stored("good", 2, words="Rest"),
        stored("week", 9, number=1.0),
        stored("week", 1, number=1.0, conversation=0),
    ]
    assert [(conversation, name) for conversation, name, _ in read(*rows)] == [
        (0, "talk/week"),
        (1, "talk/week"),
        (1, "talk/good"),
    ]


def test_a_repeated_question_is_known_by_what_it_is_about() -> None:
    assert [name for _, name, _ in read(stored("hard", 2, each="noise", choices=["sleep"]))] == ["talk/hard:noise"]


def test_an_answer_that_no_version_asks_for_is_passed_over() -> None:
    assert read(stored("gone", 2), stored("week", 3, dialogue="elsewhere"), stored("week", 4, version=2)) == []
    says = Published("talk", 1, Script("talk", "en", (Say(key="talk/week", text="Hi"),)), {"en": {}})
    assert own([stored("week", 2)], CIPHER, lambda *_: says) == []


def test_of_cards_come_the_lines_that_are_not_withdrawn() -> None:
    lines = (
        line("week", point=3),
        line("hard", "noise", group="work").taken_back(),
        CardLine("talk/gone", "", Answer()),
    )
    late = shared(1, line("week", point=5), at=MONDAY + timedelta(days=7), published=PUBLISHED, conversation=2)
    found = past_answers.shared([late, shared(1, *lines, at=MONDAY, published=PUBLISHED, conversation=1)])
    assert found == [
        PastAnswer(PUBLISHED, 1, "talk/week", "", Answer(number=3), MONDAY),
        PastAnswer(PUBLISHED, 2, "talk/week", "", Answer(number=5), MONDAY + timedelta(days=7)),
    ]


def test_a_card_keeps_the_words_of_the_version_that_asked() -> None:
    other = replace(PUBLISHED, version=9, script=replace(SCRIPT))
    (one,) = past_answers.shared([shared(1, line("week", point=3), published=other)])
    assert one.published.version == 9
