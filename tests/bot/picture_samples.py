"""Answers over some weeks, for tests of months, webs and goals, and the pictures that are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.lines import CardLine
from bot.past_answers import PastAnswer
from bot.pictures.model import MonthPicture, Said, Thing, WebPicture, WeekSaid
from bot.pictures.worded import Reader
from bot.shelf import Published
from bot.wording import WORDING
from dialogues import meanings
from dialogues.model import AnswerKind, Ask, Option, Scale, Script
from dialogues.session import Answer

MONDAY = datetime(2025, 5, 5, 10, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
ENGLISH: Mapping[str, str] = {context: text for context, text in WORDING.items() if isinstance(text, str)}

TEXTS = {
    "talk/week.label": "Week",
    **{f"talk/week/{n}": text for n, text in enumerate(("Very hard", "Hard", "In between", "Good", "Very good"), 1)},
    "talk/sure.label": "Sure there is a job",
    **{f"talk/sure/{n}": text for n, text in enumerate(("Not at all", "A little", "Half", "Quite", "Very"), 1)},
    "talk/hard.label/work": "Hard at work",
    "talk/hard.label/outside": "Hard outside work",
    "talk/hard/noise": "Noise",
    "talk/hard/sleep": "Sleep",
    "talk/hard/letters": "Letters",
    "talk/what/noise": "Noise",
    "talk/what/sleep": "Sleep",
    "talk/what/letters": "Letters",
    "talk/what/nothing": "Nothing",
    "talk/where/work": "At work",
    "talk/where/outside": "Outside work",
    "talk/where/way": "On the way",
    "talk/also/noise": "Noise",
    "talk/also/sleep": "Sleep",
    "talk/also/letters": "Letters",
    "talk/also/nothing": "Nothing",
    "talk/helps.label": "Has helped",
    "talk/good.label": "Good",
    **{f"talk/step_sure/{n}": text for n, text in enumerate(("Not at all", "A little", "Half", "Quite", "Very"), 1)},
}


def _ask(name: str, kind: AnswerKind, *tags: str, options: str = "", alone: str = "") -> Ask:
    return Ask(
        key=f"talk/{name}",
        text="?",
        kind=kind,
        options=tuple(Option(each, each) for each in options.split()),
        scale=Scale(1, 5) if kind is AnswerKind.SCALE else None,
        alone=frozenset(alone.split()),
        own_words=kind is AnswerKind.ANY_OF,
        label=TEXTS.get(f"talk/{name}.label", ""),
        tags=tags,
    )


_THINGS = "noise sleep letters nothing"
_TEXT, _ANY, _ONE, _SCALE = AnswerKind.TEXT, AnswerKind.ANY_OF, AnswerKind.ONE_OF, AnswerKind.SCALE
SCRIPT = Script(
    dialogue="talk",
    language="en",
    steps=(
        _ask("week", _SCALE, meanings.MONTH_WEEK),
        _ask("sure", _SCALE, meanings.MONTH_SURE),
        _ask("hard", _ANY, meanings.MONTH_HARD, options="noise sleep letters"),
        _ask("good", _TEXT, meanings.MONTH_GOOD),
        _ask("remark", _TEXT),
        _ask("what", _ANY, meanings.WEB_WHAT, options=_THINGS, alone="nothing"),
        _ask("where", _ONE, meanings.WEB_WHERE, options="work outside way"),
        _ask("sign", _TEXT, meanings.WEB_SIGN),
        _ask("also", _ANY, meanings.WEB_ALSO, options=_THINGS, alone="nothing"),
        _ask("helps", _TEXT, meanings.WEB_HELPS),
        _ask("still", _ONE, meanings.GOAL_STILL, options="yes change enough"),
        _ask("goal", _TEXT, meanings.GOAL_NEW),
        _ask("step", _TEXT, meanings.GOAL_STEP),
        _ask("step_sure", _SCALE, meanings.GOAL_SURE),
    ),
)
PUBLISHED = Published("talk", 1, SCRIPT, {"en": TEXTS})
READER = Reader("en", ENGLISH)


def given(
    step: str, *choices: str, words: str = "", point: int | None = None, visit: int = 1, at: datetime | None = None
) -> PastAnswer:
    """An answer in the conversation ``visit``, which was a week after the one before where nothing else is said."""
    answer = Answer(choices, point, words=words)
    return PastAnswer(PUBLISHED, visit, f"talk/{step}", "", answer, at or MONDAY + (visit - 1) * WEEK)


def line(step: str, *choices: str, words: str = "", point: int | None = None, group: str = "") -> CardLine:
    """The same as it stands on a card."""
    return CardLine(f"talk/{step}", group, Answer(choices, point, words=words))


def in_norwegian(published: Published = PUBLISHED) -> Published:
    """The next version, which has a second language."""
    return replace(
        published, version=2, texts={"en": TEXTS, "nb": {name: f"nb {text}" for name, text in TEXTS.items()}}
    )


def month_picture(*values: str, title: str = "Your last four weeks") -> MonthPicture:
    """A month with a week for each value."""
    weeks = (WeekSaid(f"Week {n}", (Said("Week", value, "", n, 5),)) for n, value in enumerate(values, 1))
    return MonthPicture(title, "All of it is here in words.", tuple(weeks))


def web_picture(*whats: str, lines: Mapping[int, tuple[int, ...]] | None = None, half: str = "") -> WebPicture:
    """A web of these things, in all three parts in turn where no ``half`` is named. ``lines`` by number."""
    parts = ("work", "away", "several")
    things = tuple(
        Thing(number, what, half or parts[number % 3], harder=(lines or {}).get(number, ()))  # type: ignore[arg-type]
        for number, what in enumerate(whats, 1)
    )
    return WebPicture("Your web", "In words.", "At work", "Away from work", "Several places", "A line joins.", things)
