"""What is said when an answer is not understood: one sentence for each reason, and the question again."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from bot.rendering import rendered
from dialogues.engine import Misunderstood, Skip
from dialogues.events import NotUnderstood, Reason
from tests.bot.digest_samples import plain
from tests.bot.turn_world import catalogs
from tests.bot.wording_questions import ALL_KINDS, to
from tests.bot.wording_talk import LANGUAGES, talk

DETAILS: Mapping[Reason, tuple[str, ...]] = {
    Reason.SEVERAL_MATCH: ("work", "home"),
    Reason.TOO_MANY: ("2",),
    Reason.ALONE: ("work",),
    Reason.OUT_OF_RANGE: ("1", "5"),
    Reason.TOO_LONG: ("4000",),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence_of_its_own_in_every_language_and_the_question_follows(language: str) -> None:
    told = {}
    for reason in Reason:
        one = talk("situation", language)
        first = one.last
        options = [option.name for option in one.held.ask.options]
        details = tuple(options[:2]) if reason is Reason.SEVERAL_MATCH else DETAILS.get(reason, ())
        details = (options[0],) if reason is Reason.ALONE else details
        one.send(Misunderstood(reason, details))
        note, asked = one.last
        assert (note.kind, note.language, asked) == ("note", language, first[-1])
        assert not re.search(r"[{}]", note.text)
        for detail in details:
            label = one.voice.texts.get(f"{one.asked.step}/{detail}", detail)
            assert plain(label) in plain(note.text) or (language == "ar" and reason is Reason.TOO_MANY)
        told[reason] = note.text
    assert len(set(told.values())) == len(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("most", [1, 2, 3, 11])
def test_how_many_fit_is_said_in_the_right_plural(language: str, most: int) -> None:
    one = talk("weekly_checkin", language)
    one.send(Misunderstood(Reason.TOO_MANY, (str(most),)))
    form = catalogs().count(language, "ui/again.too_many", most)
    assert plain(one.last[0].text) == form.replace("{n}", str(most))


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_without_details_does_not_stop_the_conversation(reason: Reason) -> None:
    """The engine takes any reason; an event of an earlier version may say less."""
    one = talk(ALL_KINDS)
    one.send(Skip(), Skip())
    details = () if reason in (Reason.TOO_LONG, Reason.TOO_MANY) else DETAILS.get(reason, ())
    messages = rendered(one.voice, one.held.session, [NotUnderstood("whole/one", reason, details)])
    assert [message.kind for message in messages] == ["note"]


def test_points_that_may_be_meant_are_named() -> None:
    one = to("named")
    one.send(Misunderstood(Reason.SEVERAL_MATCH, ("0", "2")))
    assert one.texts[0] == "This can be more than one answer: Bad, Good. Which one is it?"
