"""Parts: the pages of which My page is made, and what stands on each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from bot import expecting, past_answers
from bot.calendars import PUBLIC, Calendar
from bot.catalogs import Catalogs, forms
from bot.goals import goals_of
from bot.looking_back import month_of
from bot.my_page.agreed import agreed
from bot.my_page.awaited import awaited
from bot.my_page.changes import changed
from bot.my_page.choices import phone_is_shared, settings
from bot.my_page.decided import decided
from bot.my_page.opened import openings
from bot.my_page.private import private
from bot.my_page.record import Record, read, staff_name
from bot.my_page.replied import replied
from bot.my_page.seen import seen
from bot.my_page.sent import LineReplies, sent
from bot.my_page.story import story
from bot.my_page.translated import BesideWords, beside_words
from bot.my_page.wanted import wanted
from bot.my_page.words import OwnWords
from bot.my_page.workplaces import comparison
from bot.past_answers import PastAnswer
from bot.pictures.worded import Reader, month_picture, spoken, web_picture
from bot.programme import InForce, Programme
from bot.schedule import Agenda
from bot.shelf import Published, ScriptShelf
from bot.translating import choosing
from bot.webs import web_of
from dialogues import meanings
from storage import agreements, answers, own, replies, scripts
from storage.vault import Vault

Values = Mapping[str, Any]

STAFF = "staff:"
"""What stands before the number of somebody on the staff, where versions say who published them."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What My page is made from, whoever looks at it."""

    vault: Vault
    shelf: ScriptShelf
    catalogs: Catalogs
    used: Programme | InForce
    translates: bool = False
    """A program translates own words that are shared."""
    recorded: bool = False
    """There are recordings to listen to."""

    @property
    def programme(self) -> Programme:
        """The programme that is in force now."""
        return InForce.of(self.used).programme


@dataclass(frozen=True)
class Visit:
    """One person on one page, in one transaction. What a page does not need is not read."""

    conn: Connection
    sources: Sources
    participant_id: int
    language: str
    now: datetime

    @cached_property
    def record(self) -> Record:
        """What the person answered and shared. Raises KeyError and Erased."""
        return read(self.conn, self.sources.vault, self.sources.shelf, self.participant_id)

    @cached_property
    def words(self) -> OwnWords:
        """The texts of the person's language."""
        person = self.record.person
        return OwnWords(
            self.catalogs, self.language, person.time_zone, person.name, self.record.specialist, form=self.form
        )

    @property
    def form(self) -> str:
        """The words for women or men that the person chose."""
        return forms.chosen(self.agenda.choices) if self.sources.catalogs.varies(self.language) else forms.NEUTRAL

    @property
    def catalogs(self) -> Catalogs:
        """All languages in these words."""
        return self.sources.catalogs.in_form(self.form)

    @cached_property
    def agenda(self) -> Agenda:
        """What the person chose."""
        stored = own.agenda(self.conn, self.record.person.cipher, self.participant_id)
        return msgspec.json.decode(stored, type=Agenda) if stored else Agenda()

    @cached_property
    def past(self) -> list[PastAnswer]:
        """The person's own answers that stand."""
        stored = answers.standing(self.conn, [self.participant_id]).get(self.participant_id, [])
        return past_answers.own(stored, self.record.person.cipher, self.version)

    @cached_property
    def translated(self) -> BesideWords:
        """The translations of the person's own words."""
        return beside_words(self.conn, self.sources.vault, self.record.person, self.words)

    def version(self, dialogue: str, number: int) -> Published:
        """One version of a dialogue."""
        return self.sources.shelf.get(self.conn, dialogue, number)

    def latest(self, dialogue: str) -> Published | None:
        """The version that is asked now; None before one was published."""
        return self.sources.shelf.latest(self.conn, dialogue)

    def asked(self, dialogues: Iterable[str]) -> Iterator[Published]:
        """What is asked now of these dialogues, as far as it was published."""
        return (found for name in dialogues if (found := self.latest(name)) is not None)

    def common(self) -> dict[str, object]:
        """What every page has."""
        specialist = self.words.names()["specialist"]
        return {"discreet": phone_is_shared(self.agenda), "specialist": specialist}


def _sent(visit: Visit) -> Values:
    given = replies.of_people(visit.conn, [visit.participant_id]).values()
    role_card = visit.sources.programme.role_card

    def name_of(staff_id: int) -> str:
        return staff_name(visit.conn, visit.sources.vault, staff_id)

    worded = replied(visit.record, given, visit.words, role_card, name_of)
    waits = _awaited(visit, {reply.key[1:] for reply in given}, name_of)
    return {"sent": list(sent(visit.record, visit.words, worded, visit.translated, waits))}


def _awaited(visit: Visit, replied: Collection[tuple[int, str, str]], name_of: Callable[[int], str]) -> LineReplies:
    programme = visit.sources.programme
    calendar, today = Calendar(programme.country), visit.now.astimezone(ZoneInfo(visit.words.zone)).date()
    here = expecting.Here(programme.answers_within, lambda day: calendar.is_holiday(PUBLIC, day))
    found = expecting.of_person(visit.conn, visit.participant_id, here)
    return awaited(visit.record, replied, found, visit.words, today, name_of) if found else {}


def _private(visit: Visit) -> Values:
    return {"held": list(private(visit.record, visit.words))}


def _opened(visit: Visit) -> Values:
    return {"openings": openings(visit.conn, visit.sources.vault, visit.participant_id, visit.words)}


def _seen(visit: Visit) -> Values:
    programme = visit.sources.programme
    return {"seen": seen(programme.reads, programme.role_card, visit.asked(programme.dialogues), visit.words)}


def _changes(visit: Visit) -> Values:
    since = own.created_at(visit.conn, visit.participant_id)
    found = (
        changed(
            edition._replace(published_by=_named(visit, edition.published_by)),
            visit.version(edition.dialogue, edition.version - 1) if edition.version > 1 else None,
            visit.version(edition.dialogue, edition.version),
            visit.words,
        )
        for edition in scripts.published_since(visit.conn, since)
    )
    return {"changes": [one for one in found if one is not None]}


def _named(visit: Visit, published_by: str) -> str:
    """Who published something, by name where that was staff: ``staff:7, staff:9``."""
    names = [
        staff_name(visit.conn, visit.sources.vault, int(by.removeprefix(STAFF))) if by.startswith(STAFF) else by
        for by in published_by.split(", ")
    ]
    return visit.words.listed(filter(None, names)) or published_by


def _settings(visit: Visit) -> Values:
    programme = visit.sources.programme
    dialogues = [name for name in programme.dialogues if name in programme.opened_by_people]
    decisions = decided(own.consents(visit.conn, visit.participant_id), visit.latest, visit.words)
    varies = visit.sources.catalogs.varies(visit.language)
    asked = (one for one in visit.asked(dialogues) if varies or not one.asks_only(meanings.FORM))
    idle = frozenset() if visit.sources.recorded else frozenset({meanings.READING})
    found = settings(asked, visit.agenda, visit.words, idle)
    return {"settings": list(found), "decisions": list(decisions), "translating": _translating(visit)}


def _translating(visit: Visit) -> bool | None:
    """Whether a program translates the person's own words; None where there is none."""
    return choosing.is_wanted(visit.agenda) if visit.sources.translates else None


def _agreements(visit: Visit) -> Values:
    revisions = agreements.of(visit.conn, visit.record.person.cipher, visit.participant_id)
    today = visit.now.astimezone(ZoneInfo(visit.words.zone)).date()
    return {"agreed": list(agreed(revisions, visit.words, today, visit.translated))}


def _goals(visit: Visit) -> Values:
    return {"goals": list(wanted(goals_of(visit.past), visit.words))}


def _story(visit: Visit) -> Values:
    return {"story": story(visit.record, visit.words)}


def _workplaces(visit: Visit) -> Values:
    return {"comparison": comparison(visit.past, visit.sources.programme.at_work, visit.words)}


def _month(visit: Visit) -> Values:
    month = month_of(visit.past, visit.now, visit.words.zone)
    reader = _reader(visit, (one for week in month.weeks for one in week.answers))
    return {"month": month_picture(month, reader), "month_language": reader.language}


def _web(visit: Visit) -> Values:
    web = web_of(visit.past)
    reader = _reader(visit, (point.what for point in web.points.values()))
    return {"picture": web_picture(web, reader), "picture_language": reader.language}


def _reader(visit: Visit, answers: Iterable[PastAnswer]) -> Reader:
    """Who looks at a picture of these answers: all of it is in one language, which may be that of the scripts."""
    reader = Reader(visit.language, visit.words.ui, visit.words.names(), visit.latest, form=visit.form)
    language = spoken(answers, reader)
    if language == visit.language or language not in visit.catalogs.languages:
        return reader
    return replace(reader, language=language, ui=visit.catalogs.ui(language))


def _nothing(_: Visit) -> Values:
    return {}


class Part(NamedTuple):
    """One page: its template, and what it shows."""

    template: str
    values: Callable[[Visit], Values]


PARTS: Mapping[str, Part] = {
    "sent": Part("me_sent.html", _sent),
    "private": Part("me_private.html", _private),
    "opened": Part("me_opened.html", _opened),
    "seen": Part("me_seen.html", _seen),
    "agreements": Part("me_agreements.html", _agreements),
    "goals": Part("me_goals.html", _goals),
    "story": Part("me_story.html", _story),
    "workplaces": Part("me_workplaces.html", _workplaces),
    "month": Part("me_month.html", _month),
    "web": Part("me_web.html", _web),
    "settings": Part("me_settings.html", _settings),
    "changes": Part("me_changes.html", _changes),
    "copy": Part("me_copies.html", _nothing),
    "delete": Part("me_delete.html", _nothing),
}
"""By the last piece of their address, in the order of the list. ``ui/me.<name>.title`` is what each is called."""


def whole(visit: Visit) -> dict[str, object]:
    """Everything at once, for a page to keep."""
    values: dict[str, object] = {}
    for part in PARTS.values():
        values |= part.values(visit)
    made, person = visit.words.moment(visit.now), visit.record.person.name
    return {**visit.common(), **values, "made": made, "person": person}
