"""Worded: a month or a web as a picture in the language of whoever looks at it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalogs.forms import NEUTRAL
from bot.dates import date_text
from bot.lines import CardLine, Texts, line_text
from bot.messages import ShareLine
from bot.past_answers import PastAnswer
from bot.pictures.model import MonthPicture, Said, Thing, WebPicture, WeekSaid
from bot.shelf import Published
from dialogues import meanings
from dialogues.texts import fill

if TYPE_CHECKING:
    from bot.looking_back import Month, Week
    from bot.webs import Web, WebPoint

MOST_MARKS = 7
"""Points of a scale that are drawn. One with more is shown by its words alone."""

_LABELS = {
    meanings.MONTH_WEEK: "ui/picture.week",
    meanings.MONTH_SURE: "ui/picture.sure",
    meanings.MONTH_HARD: "ui/picture.hard",
    meanings.MONTH_GOOD: "ui/picture.good",
    meanings.WEB_WHERE: "ui/picture.where",
    meanings.WEB_SIGN: "ui/picture.sign",
    meanings.WEB_HELPS: "ui/picture.helps",
    meanings.WEB_SAFER: "ui/picture.safer",
    meanings.WEB_WHO: "ui/picture.who",
}
"""What an answer is called whose question has no label of its own: only what can be shared needs one."""


def no_later_version(dialogue: str) -> Published | None:
    """For those who have none at hand."""
    return None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a picture: their language and its wording, who the names in options stand for (None: as the roles
    are called), and whether they are staff. ``latest`` gives the newest version of a dialogue: an answer whose own
    version has no texts in the language is worded by that."""

    language: str
    ui: Texts
    names: Texts | None = None
    latest: Callable[[str], Published | None] = no_later_version
    is_staff: bool = False
    form: str = NEUTRAL
    """The words for women or men that the person chose; staff read the neutral ones."""

    def can_say(self, one: PastAnswer) -> bool:
        """Whether an answer has words in the reader's language."""
        return self._version(one) is not None

    def line(self, one: PastAnswer) -> ShareLine | None:
        """An answer in words; None where the language has none for it."""
        version = self._version(one)
        if version is None:
            return None
        texts: Texts = ChainMap(version.worded(self.language, self.form), {f"{one.ask.key}.label": ""})  # type: ignore[arg-type]
        line = CardLine(one.name, one.group, one.answer)
        return line_text(version.script, line, texts, self.ui, self.language, self.names)

    def wording(self, name: str) -> str:
        """A text about pictures in the reader's own role."""
        own = f"staff/picture.{name}"
        return self.ui[own] if self.is_staff and own in self.ui else self.ui[f"ui/picture.{name}"]

    def _version(self, one: PastAnswer) -> Published | None:
        if self.language in one.published.texts:
            return one.published
        latest = self.latest(one.published.dialogue)
        has_it = latest is not None and self.language in latest.texts and one.ask.key in latest.script.by_key
        return latest if has_it else None


def spoken(answers: Iterable[PastAnswer], reader: Reader) -> str:
    """The language in which all of these answers have words: the reader's, or else that of the scripts."""
    unsaid = next((one for one in answers if not reader.can_say(one)), None)
    return reader.language if unsaid is None else unsaid.published.script.language


def month_picture(month: Month, reader: Reader) -> MonthPicture | None:
    """A month as a picture, without what has no words in the language; None when nothing is left."""
    weeks = tuple(worded for week in month.weeks if (worded := _week(week, reader)).said)
    return MonthPicture(reader.wording("month"), reader.wording("words"), weeks) if weeks else None


def web_picture(web: Web, reader: Reader) -> WebPicture | None:
    """A web as a picture; None when it has no point that has words in the language."""
    numbers: dict[str, int] = {}
    for name, point in web.points.items():
        if reader.can_say(point.what):
            numbers[name] = len(numbers) + 1
    if not numbers:
        return None
    return WebPicture(
        title=reader.wording("web"),
        words=reader.wording("words"),
        work=reader.wording("at_work"),
        away=reader.wording("away"),
        several=reader.wording("several"),
        lines=reader.wording("lines"),
        things=tuple(_thing(web, web.points[name], numbers, number, reader) for name, number in numbers.items()),
    )


def _week(week: Week, reader: Reader) -> WeekSaid:
    day = date_text(week.monday, today=week.monday, language=reader.language)
    label = fill(reader.wording("week_of"), {"day": day}, isolate=False)
    return WeekSaid(label, tuple(_said(week.answers, reader)))


def _said(answers: Iterable[PastAnswer], reader: Reader) -> Iterator[Said]:
    for one in answers:
        if (line := reader.line(one)) is not None and (line.value or line.own_words):
            label = line.label or next((reader.ui[_LABELS[tag]] for tag in one.ask.tags if tag in _LABELS), "")
            yield Said(label, line.value, line.own_words, *_place(one))


def _place(one: PastAnswer) -> tuple[int, int]:
    """Which point of how many an answer is, where these can be drawn."""
    scale, number = one.ask.scale, one.answer.number
    if scale is None or number is None or scale.high - scale.low >= MOST_MARKS:
        return 0, 0
    return int(number) - scale.low + 1, scale.high - scale.low + 1


def _thing(web: Web, point: WebPoint, numbers: dict[str, int], number: int, reader: Reader) -> Thing:
    what, own = _named(point, reader)
    harder = [name for name in point.harder if name in numbers]
    others = [f"{_quoted(*_named(web.points[name], reader))} ({numbers[name]})" for name in harder]
    things = reader.ui["ui/separator"].join(others)
    return Thing(
        number=number,
        what=what,
        half=point.half,
        own=own,
        details=tuple(_said(point.details.values(), reader)),
        harder=tuple(numbers[name] for name in harder),
        harder_words=fill(reader.wording("harder"), {"things": things}) if things else "",
    )


def _named(point: WebPoint, reader: Reader) -> tuple[str, bool]:
    line = reader.line(point.what)
    assert line is not None, "only points that have words are numbered"
    return (line.own_words, True) if line.own_words else (line.value, False)


def _quoted(what: str, own: bool) -> str:
    return f"“{what}”" if own else what
