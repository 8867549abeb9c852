"""Trial: what a page shows of a draft that is held as a chat: one phone a language, the card, and the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from multidict import MultiDictProxy

from bot.catalogs import Catalogs
from bot.channels.web_forms import Malformed, from_form
from bot.channels.web_pages import Pages, capitalised, waiting
from bot.console.desk import Desk, moment_text
from bot.digest.card import PersonCard
from bot.digest.words import StaffWords
from bot.editor.examples import written
from bot.history import Entry
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


@dataclass(frozen=True, slots=True)
class Held:
    """A draft after what was done, and after what a form asks for. ``acts`` is all of that; ``came`` is how many things
    had come by themselves before the form."""

    course: Course
    acts: Acts
    came: int
    is_full: bool


def held(desk: Desk, speaking: Speaking, draft: Tried, wish: Wish, form: MultiDictProxy[str]) -> Held:
    """Hold it."""
    course, acts = played(draft, desk.programme, speaking, wish.first, _before(desk, wish))
    came, more = len(course.happened), _done(course, wish, form)
    longer = acts.and_then(*more)
    is_full = bool(more) and longer is acts
    if is_full:
        course, acts = played(draft, desk.programme, speaking, wish.first, acts)
    return Held(course, longer, came, is_full)


def trial(desk: Desk, pages: Pages, words: StaffWords, draft: Tried, wish: Wish, form: MultiDictProxy[str]) -> Trial:
    """The draft after what was done, and after what this form asks for."""
    now = held(desk, Speaking(desk.catalogs, desk.programme.reads), draft, wish, form)
    course, address = now.course, f"/scripts/{draft.script.dialogue}"
    carried = {"played": now.acts.written(), "first": wish.first, "beside": wish.beside}
    return Trial(
        acts=now.acts,
        phones=[
            phone(pages, desk.catalogs, words, course, language, f"{address}/preview", carried)
            for language in filter(None, [wish.first, wish.beside])
        ],
        card=card(course, words),
        specialist=SPECIALIST,
        moment=moment(desk, words, course.now),
        happened=[
            Item(moment(desk, words, one.at), words.say(f"came_{one.what}", name=PARTICIPANT))
            for one in reversed(course.happened)
        ],
        example=written(example(course)),
        is_open=course.is_open,
        is_full=now.is_full,
        nothing=wish.do == "next" and len(course.happened) == now.came,
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


def phone(
    pages: Pages,
    catalogs: Catalogs,
    words: StaffWords,
    course: Course,
    language: str,
    address: str,
    carried: Mapping[str, str],
    *,
    listens: bool = False,
) -> Phone:
    """The chat in one language. Its forms go to ``address`` and bring ``carried`` along."""
    said, draft = entries(course, language), course.draft
    lacks = ("preview_missing", draft.missing), ("preview_outdated", draft.outdated)
    return Phone(
        language=language,
        name=capitalised(catalogs.name(language)),
        direction=catalogs.direction(language),
        messages=Markup(pages.messages(language, said, 0, listens=listens)),  # noqa: S704, the template escapes
        answer=Markup(answers(pages, course, said, language, address, carried, listens=listens)),  # noqa: S704
        lacks=[words.count(text, n) for text, counts in lacks if (n := counts.get(language, 0))],
        texts=f"/scripts/{draft.script.dialogue}/texts/{language}",
    )


def answers(
    pages: Pages,
    course: Course,
    said: Sequence[Entry],
    language: str,
    address: str,
    carried: Mapping[str, str],
    *,
    listens: bool = False,
) -> str:
    """The ways to answer the question that waits, or ""."""
    asked = waiting(said) if course.is_open else None
    if asked is None:
        return ""
    brought = list(carried.items())
    return pages.render("answer.html", language, waiting=asked, action=address, carried=brought, listens=listens)


def moment(desk: Desk, words: StaffWords, at: datetime) -> str:
    """A day and time of the programme in words."""
    return moment_text(at.astimezone(ZoneInfo(desk.programme.time_zone)), words.language)
