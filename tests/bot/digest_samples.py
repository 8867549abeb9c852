"""A small check-in and what people shared of it, for tests of the digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from bot.digest.history import SharedCard
from bot.digest.words import StaffWords
from bot.lines import CardLine
from bot.shelf import Published
from bot.wording import WORDING
from dialogues.model import AnswerKind, Ask, Option, Scale, Script
from dialogues.session import Answer

NOW = datetime(2025, 5, 6, 8, 0, tzinfo=UTC)
TODAY = date(2025, 5, 6)
YESTERDAY = datetime(2025, 5, 5, 10, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)

ENGLISH = {
    "checkin/week.label": "Week",
    "checkin/week/1": "Very hard",
    "checkin/week/2": "Hard",
    "checkin/week/3": "In between",
    "checkin/week/4": "Good",
    "checkin/week/5": "Very good",
    "checkin/sure.label": "Sure there is a job",
    "checkin/sure/1": "Not sure at all",
    "checkin/sure/2": "A little sure",
    "checkin/sure/3": "Half and half",
    "checkin/sure/4": "Quite sure",
    "checkin/sure/5": "Very sure",
    "checkin/amount.label": "Amount of work",
    "checkin/amount/little": "Too little",
    "checkin/amount/ok": "OK",
    "checkin/amount/much": "Too much",
    "checkin/hard.label": "Hard at work",
    "checkin/hard/noise": "Noise or many people",
    "checkin/hard/boss": "The boss",
    "checkin/hard/nothing": "Nothing special",
    "checkin/help.label": "Help wanted",
    "checkin/help/letters": "Letters from offices",
    "checkin/help/interpreter": "An interpreter for the next meeting",
    "checkin/help/no": "No",
    "checkin/contact.label": "Contact wanted",
    "checkin/contact/yes": "Yes",
    "checkin/contact/no": "No",
    "checkin/happened.label": "Something happened",
    "checkin/happened/interview": "Got an interview",
    "checkin/good.label": "Good",
    "checkin/good/rested": "Rest",
}
NORWEGIAN = {context: f"nb {text}" for context, text in ENGLISH.items()}


def _options(*names: str) -> tuple[Option, ...]:
    return tuple(Option(name, name) for name in names)


def _scale(key: str, label: str) -> Ask:
    points = tuple(ENGLISH[f"{key}/{point}"] for point in range(1, 6))
    return Ask(key=key, text="?", kind=AnswerKind.SCALE, scale=Scale(1, 5, points), label=label)


SCRIPT = Script(
    dialogue="checkin",
    language="en",
    steps=(
        _scale("checkin/week", "Week"),
        _scale("checkin/sure", "Sure there is a job"),
        Ask(
            key="checkin/amount",
            text="?",
            kind=AnswerKind.ONE_OF,
            options=_options("little", "ok", "much"),
            label="Amount of work",
            tags=("ordered",),
        ),
        Ask(
            key="checkin/hard",
            text="?",
            kind=AnswerKind.ANY_OF,
            options=_options("noise", "boss", "nothing"),
            alone=frozenset({"nothing"}),
            own_words=True,
            label="Hard at work",
        ),
        Ask(
            key="checkin/help",
            text="?",
            kind=AnswerKind.ANY_OF,
            options=_options("letters", "interpreter", "no"),
            alone=frozenset({"no"}),
            own_words=True,
            label="Help wanted",
            tags=("asks:help",),
        ),
        Ask(
            key="checkin/contact",
            text="?",
            kind=AnswerKind.YES_OR_NO,
            options=_options("yes", "no"),
            label="Contact wanted",
            tags=("asks:contact",),
        ),
        Ask(
            key="checkin/happened",
            text="?",
            kind=AnswerKind.ONE_OF,
            options=_options("interview"),
            label="Something happened",
            tags=("tells:news",),
        ),
        Ask(
            key="checkin/good",
            text="?",
            kind=AnswerKind.ANY_OF,
            options=_options("rested"),
            own_words=True,
            label="Good",
            tags=("balance",),
        ),
    ),
)
PUBLISHED = Published("checkin", 1, SCRIPT, {"en": ENGLISH})


class PlainCatalogs:
    """The English wording, and the same with ``nb`` before every text."""

    languages: tuple[str, ...] = ("en", "nb")
    staff_languages = languages

    @lru_cache  # noqa: B019, one object for all tests
    def ui(self, language: str) -> Mapping[str, str]:
        mark = "" if language == "en" else f"{language} "
        texts = {
            "ui/participant": "the participant",
            "ui/specialist": "the specialist",
            "ui/yes": "Yes",
            "ui/no": "No",
            **WORDING,
        }
        return {name: mark + text for name, text in texts.items() if isinstance(text, str)}

    def count(self, language: str, context: str, n: int) -> str:
        mark = "" if language == "en" else f"{language} "
        pair = WORDING[context]
        return mark + (pair[n != 1] if isinstance(pair, tuple) else pair)


CATALOGS = PlainCatalogs()


def words(language: str = "en") -> StaffWords:
    return StaffWords(CATALOGS, language, "UTC", TODAY)


def line(step: str, *choices: str, point: int | None = None, own: str = "") -> CardLine:
    return CardLine(name=f"checkin/{step}", group="", answer=Answer(choices=choices, number=point, words=own))


def shared(
    person: int, *lines: CardLine, at: datetime = YESTERDAY, published: Published = PUBLISHED, conversation: int = 0
) -> SharedCard:
    """A card of the person with this id, called P1, P2, ..."""
    return SharedCard(
        participant_id=person,
        pseudonym=f"P{person}",
        name=f"Person {person}",
        conversation=conversation or int(at.timestamp()),
        language="en",
        shared_at=at,
        published=published,
        lines=lines,
    )


def weeks_of(person: int, step: str, *points: int, last: datetime = YESTERDAY) -> list[SharedCard]:
    """One card a week, the last of them at ``last``."""
    first = last - (len(points) - 1) * WEEK
    return [shared(person, line(step, point=point), at=first + week * WEEK) for week, point in enumerate(points)]


def in_norwegian_too(published: Published = PUBLISHED) -> Published:
    return replace(published, texts={"en": ENGLISH, "nb": NORWEGIAN})


def plain(text: str) -> str:
    """Text without the marks that isolate filled-in values."""
    return text.replace("\u2068", "").replace("\u2069", "")
