"""Pictured: the last four weeks of somebody, and their web, as far as they shared them, on a specialist's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot import past_answers
from bot.catalogs.language import language
from bot.digest.history import SharedCard
from bot.digest.words import StaffWords
from bot.looking_back import month_of
from bot.past_answers import PastAnswer
from bot.pictures import Picture
from bot.pictures.figure import figure
from bot.pictures.worded import Reader, month_picture, spoken, web_picture
from bot.webs import web_of


def pictures(shared: Sequence[SharedCard], words: StaffWords, now: datetime) -> list[Markup]:
    """Pieces of a page, none where nothing for them was shared. Like a card, each is in the language of the page, or as
    a whole in that of the scripts where the page's has no words for something in it."""
    answers = past_answers.shared(shared)
    month, web = month_of(answers, now, words.zone), web_of(answers)
    in_month = [one for week in month.weeks for one in week.answers]
    in_web = [one for point in web.points.values() for one in (point.what, *point.details.values())]
    of_month, of_web = _reader(in_month, words), _reader(in_web, words)
    return [
        *_shown(month_picture(month, of_month), of_month, "month"),
        *_shown(web_picture(web, of_web), of_web, "web"),
    ]


def _reader(answers: Sequence[PastAnswer], words: StaffWords) -> Reader:
    tongue = spoken(answers, Reader(words.language, words.ui))
    return Reader(tongue, words.in_language(tongue).ui, is_staff=True)


def _shown(picture: Picture | None, reader: Reader, name: str) -> list[Markup]:
    if picture is None:
        return []
    return [figure(picture, reader.language, language(reader.language).direction, name)]
