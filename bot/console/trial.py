"""Trial: what a page shows of a draft that is held as a chat: one phone a language, the card, and the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from multidict import MultiDictProxy

from bot.channels.web_forms import Malformed, from_form
from bot.channels.web_pages import Pages, capitalised, waiting
from bot.console.desk import Desk, moment_text
from bot.digest.card import PersonCard
from bot.digest.words import StaffWords
from bot.editor.examples import written
from bot.preview import Act, Acts, Course, Tried, answered_to_the_end, card, entries, example, played
from bot.preview.course import PARTICIPANT, SPECIALIST
from bot.speaking import Speaking


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for: the languages, and one thing more to do after all that was done."""

    acts: Acts
    first: str
    beside: str
    do: str


@dataclass(frozen=True, slots=True)
class Phone:
    """The chat in one language. ``lacks`` says how many texts are missing or outdated."""

    language: str
    name: str
    direction: str
    messages: Markup
    answer: Markup
    lacks: Sequence[str]
    texts: str
    """The page where they are written."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that came by itself."""

    when: str
    said: str


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything that is shown of a draft that can be played. ``acts`` is what was done up to here."""

    acts: Acts
    phones: Sequence[Phone]
    card: PersonCard | None
    specialist: str
    moment: str
    happened: Sequence[Item]
    example: str
    """The answers as an example that can be kept; empty where there is none."""
    is_open: bool
    is_full: bool
    nothing: bool
    """Somebody wanted the clock turned to what comes next, and nothing comes."""

    @property
    def can_undo(self) -> bool:
        """Whether anything was done."""
        return bool(self.acts.acts)


def trial(desk: Desk, pages: Pages, words: StaffWords, draft: Tried, wish: Wish, form: MultiDictProxy[str]) -> Trial:
    """The draft after what was done, and after what this form asks for."""
    speaking = Speaking(desk.catalogs, desk.programme.reads)
    course, acts = played(draft, desk.programme, speaking, wish.first, _before(desk, wish))
    came, more = len(course.happened), _done(course, wish, form)
    longer = acts.and_then(*more)
    is_full = bool(more) and longer is acts
    if is_full:
        course, acts = played(draft, desk.programme, speaking, wish.first, acts)
    languages = [wish.first, *filter(None, [wish.beside])]
    return Trial(
        acts=longer,
        phones=[_phone(desk, pages, words, course, language, longer, wish) for language in languages],
        card=card(course, words),
        specialist=SPECIALIST,
        moment=_moment(desk, words, course.now),
        happened=[
            Item(_moment(desk, words, one.at), words.say(f"came_{one.what}", name=PARTICIPANT))
            for one in reversed(course.happened)
        ],
        example=written(example(course)),
        is_open=course.is_open,
        is_full=is_full,
        nothing=wish.do == "next" and len(course.happened) == came,
    )


def _before(desk: Desk, wish: Wish) -> Acts:
    match wish.do:
        case "over":
            return Acts(desk.now())
        case "undo":
            return wish.acts.undone()
        case _:
            return wish.acts


def _done(course: Course, wish: Wish, form: MultiDictProxy[str]) -> list[Act]:
    """What the form adds, done already."""
    match wish.do:
        case "fill":
            return list(answered_to_the_end(course))
        case "hour" | "day" | "next" as turn:
            act = Act(turn=turn)
        case "anew":
            act = Act(anew=True)
        case "":
            act = _answer(form)
        case _:
            return []
    return [act] if act != Act() and course.take(act) else []


def _answer(form: MultiDictProxy[str]) -> Act:
    """An answer as the chat's own forms send it; nothing where no page of ours sends such a thing."""
    try:
        sent = from_form(form)
    except Malformed:
        return Act()
    return Act(sent.tap, sent.text)


def _phone(desk: Desk, pages: Pages, words: StaffWords, course: Course, language: str, acts: Acts, wish: Wish) -> Phone:
    said, draft = entries(course, language), course.draft
    carried = [("played", acts.written()), ("first", wish.first), ("beside", wish.beside)]
    asked = waiting(said) if course.is_open else None
    address = f"/scripts/{draft.script.dialogue}/preview"
    answer = pages.render("answer.html", language, waiting=asked, action=address, carried=carried) if asked else ""
    return Phone(
        language=language,
        name=capitalised(desk.catalogs.name(language)),
        direction=desk.catalogs.direction(language),
        messages=Markup(pages.messages(language, said, 0, listens=False)),  # noqa: S704, the template escapes
        answer=Markup(answer),  # noqa: S704, the template escapes
        lacks=[
            words.count(text, n)
            for text, n in (
                ("preview_missing", draft.missing.get(language, 0)),
                ("preview_outdated", draft.outdated.get(language, 0)),
            )
            if n
        ],
        texts=f"/scripts/{draft.script.dialogue}/texts/{language}",
    )


def _moment(desk: Desk, words: StaffWords, at: datetime) -> str:
    return moment_text(at.astimezone(ZoneInfo(desk.programme.time_zone)), words.language)
