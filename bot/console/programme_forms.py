"""Programme forms: one part of the programme as fields, and all of it as text. What is kept goes into a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web
from sqlalchemy import Connection

from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.console.programme import HOME, TEXT, scene_of
from bot.console.programme_words import Look, choice_text, key_text, of_mistakes
from bot.digest.words import StaffWords
from bot.programme import ProgrammeRefused, read_programme
from bot.programme.blocks import NotInBlocks, with_values
from bot.programme.changing import save
from bot.programme.layout import MOST_ENTRIES, PARTS, Field, Group, Item, Many, filled, lines, raw, taken
from storage import programmes
from storage.people import Staff

Values = Mapping[str, str]
"""What the fields hold, by their names."""
Troubles = Mapping[str, Sequence[str]]
"""What is wrong, by the names of fields."""

LONGEST_TEXT = 64 * 1024
FORMS = "/programme/{part:" + "|".join([*PARTS, TEXT]) + "}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a form: ``path`` is its name in what is sent, ``id`` its name on the page."""

    path: str
    kind: str
    label: str
    value: str
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    longest: int = 200
    troubles: Sequence[str] = ()

    @property
    def id(self) -> str:
        """Without what cannot be in one."""
        return "f-" + self.path.replace(".", "-").replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together, below a heading that may be empty."""

    title: str
    fields: Sequence[Shown]
    hint: str = ""
    troubles: Sequence[str] = field(default=())


@only("coordinator")
async def form_page(request: web.Request, staff: Staff) -> web.Response:
    """One part, as it stands in the draft, or else as it is in force."""
    desk, part = request.app[DESK], request.match_info["part"]
    text, is_draft = await desk.database.read(lambda conn: _begins_with(conn, desk, staff))
    if not text:
        raise not_found(request, staff)
    values = {TEXT: text} if part == TEXT else filled(PARTS[part], raw(text))
    return _respond(request, staff, part, values, is_draft=is_draft)


@only("coordinator")
async def keep_form(request: web.Request, staff: Staff) -> web.Response:
    """Put one part into the draft. What cannot be used comes back with a sentence beside its field."""
    desk, part, form = request.app[DESK], request.match_info["part"], await posted(request)
    given = {name: str(value) for name, value in form.items()}
    before, is_draft = await desk.database.read(lambda conn: _begins_with(conn, desk, staff))
    try:
        text = given.get(TEXT, "").replace("\r\n", "\n") if part == TEXT else _with(before, part, given)
        read_programme(text, desk.now().date())
    except ProgrammeRefused as refused:
        return _respond(request, staff, part, given, refused.mistakes, _places(part, before, given), is_draft=is_draft)
    except NotInBlocks:
        raise web.HTTPSeeOther(f"{HOME}/{TEXT}") from None
    await desk.database.write(lambda conn: save(conn, desk.vault, staff, text, desk.now()))
    raise web.HTTPSeeOther(HOME)


def _begins_with(conn: Connection, desk: Desk, staff: Staff) -> tuple[str, bool]:
    """The text that a change begins with, and whether it is the own draft."""
    mine = programmes.own_draft(conn, desk.vault, staff.id)
    return (mine.text, True) if mine is not None else (scene_of(conn, desk).text, False)


def _with(text: str, part: str, given: Mapping[str, str]) -> str:
    return with_values(text, taken(PARTS[part], given))


def _places(part: str, before: str, given: Mapping[str, str]) -> Mapping[int, str]:
    """Line of the text that was tried -> the field that it comes from."""
    return {} if part == TEXT else lines(_with(before, part, given))


def _respond(
    request: web.Request,
    staff: Staff,
    part: str,
    values: Mapping[str, str],
    mistakes: Sequence[tuple[int, str]] = (),
    places: Mapping[int, str] | None = None,
    *,
    is_draft: bool,
) -> web.Response:
    words = words_for(request.app[DESK], staff)
    at = _by_field(mistakes, places or {})
    items = PARTS.get(part, ())
    sections = list(_sections(words, items, values, at))
    shown = {path for section in sections for path in (each.path for each in section.fields)}
    elsewhere: list[Look] = of_mistakes(words, [each for each in mistakes if (places or {}).get(each[0]) not in shown])
    return respond(
        request,
        "programme_part.html",
        staff,
        status=422 if mistakes else 200,
        part=part,
        title=words.say(f"programme.part.{part}"),
        is_draft=is_draft,
        sections=sections,
        text=values.get(TEXT, ""),
        longest=LONGEST_TEXT,
        looks=elsewhere,
        has_trouble=bool(mistakes),
        home=HOME,
    )


def _by_field(mistakes: Sequence[tuple[int, str]], places: Mapping[int, str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for line, message in mistakes:
        if line in places:
            found.setdefault(places[line], []).append(message)
    return found


def _sections(
    words: StaffWords,
    items: Sequence[Item],
    values: Values,
    at: Troubles,
    above: str = "",
) -> Iterator[Section]:
    """Fields of one level together, then what stands deeper."""
    fields = [item for item in items if isinstance(item, Field)]
    if fields:
        title = key_text(words, above.rstrip(".").rpartition(".")[2]) if above else ""
        yield Section(title, [_shown(words, each, above, values, at) for each in fields])
    for item in items:
        match item:
            case Group():
                yield from _sections(words, item.of, values, at, f"{above}{item.name}.")
            case Many():
                yield from _entries(words, item, values, at, f"{above}{item.name}.")


def _entries(words: StaffWords, many: Many, values: Values, at: Troubles, above: str) -> Iterator[Section]:
    """Each entry, and an empty one."""
    title, n = key_text(words, many.name), 0
    while n < MOST_ENTRIES and any(f"{above}{n}.{each.name}" in values for each in many.of):
        name = values.get(f"{above}{n}.{many.by}", "")
        last = not name.strip()
        label = words.say("programme.another") if last else name
        yield _entry(words, many, values, at, f"{above}{n}.", title, label)
        n += 1
        if last:
            return
    if n < MOST_ENTRIES:
        yield _entry(words, many, values, at, f"{above}{n}.", title, words.say("programme.another"))


def _entry(
    words: StaffWords,
    many: Many,
    values: Values,
    at: Troubles,
    above: str,
    title: str,
    label: str,
) -> Section:
    heading = words.say("programme.within", whole=title, part=label)
    fields = [_shown(words, each, above, values, at, many.name) for each in many.of]
    return Section(heading, fields, words.say("programme.take_out"))


def _shown(
    words: StaffWords,
    of: Field,
    above: str,
    values: Values,
    at: Troubles,
    inside: str = "",
) -> Shown:
    path = f"{above}{of.name}"
    match of.kind:
        case "words":
            hint = words.say("programme.hint.words")
        case "pairs":
            hint = words.say("programme.hint.pairs", example="look_back: 28 days")
        case _:
            hours = {"always": "always", "example": "Mon-Fri 08:00-15:30"}
            hint = words.say("programme.hint.hours", **hours) if of.name == "hours" else ""
    choices = [("", words.say("programme.nothing")), *((each, choice_text(words, of, each)) for each in of.choices)]
    label, value = key_text(words, of.name, inside), values.get(path, "")
    return Shown(path, of.kind, label, value, hint, choices if of.choices else (), of.longest, at.get(path, ()))
