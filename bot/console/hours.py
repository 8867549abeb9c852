"""Hours: the page on which a specialist says when they work, get the overview and answer. It is about nobody else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from aiohttp import web
from multidict import MultiDictProxy
from sqlalchemy import Connection

from bot import own_hours
from bot.catalogs.language import locale_of
from bot.channels.http import posted
from bot.console.access import only
from bot.console.desk import DESK, Desk, respond, words_for
from bot.dates import time_text, weekday_and_date
from bot.digest.answering import Expected, days
from bot.digest.words import StaffWords
from bot.own_hours import MOST_OPEN, Covered, Gap
from bot.programme.words import WITHIN
from bot.slots import rhythm_of
from dialogues.texts import fill
from storage import hours, leave
from storage.hours import Answering, Hours
from storage.people import Staff

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"[1-9]\d?")
_PLACE = re.compile(r"(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+")

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it stands: what was typed, by field, and what is wrong with it."""

    fields: Fields
    troubles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wished:
    """What a form says that can be used."""

    hours: Hours
    answering: Answering
    language: str


@only("specialist")
async def hours_page(request: web.Request, staff: Staff) -> web.Response:
    """What holds now, and when the next overview comes."""
    return await _page(request, staff, Filled(_fields(staff)))


@only("specialist")
async def save_hours(request: web.Request, staff: Staff) -> web.Response:
    """Takes all of it, or nothing: what cannot be comes back as it was typed, each with a sentence."""
    desk, form = request.app[DESK], await posted(request)
    words, fields = words_for(desk, staff), _typed(form)
    troubles = _troubles(desk, staff, fields, words)
    if not troubles:
        wished = _wished(fields)
        try:
            gap = await desk.database.write(lambda conn: _save(conn, desk, staff, wished))
        except Covered:
            troubles = {"zone": words.say("hours_covered", zone=staff.time_zone)}
        else:
            raise web.HTTPSeeOther(f"/hours?saved=yes{f'&look={gap.page}' if gap else ''}#saved")
    return await _page(request, staff, Filled(fields, troubles))


def _save(conn: Connection, desk: Desk, staff: Staff, wished: Wished) -> Gap | None:
    """Raises Covered."""
    now, actor = desk.now(), f"staff:{staff.id}"
    gap = own_hours.change(
        conn, staff, wished.hours, wished.answering, actor=actor, now=now, is_holiday=desk.is_holiday
    )
    hours.set_language(conn, staff.id, wished.language)
    return gap


async def _page(request: web.Request, staff: Staff, filled: Filled) -> web.Response:
    desk, words = request.app[DESK], words_for(request.app[DESK], staff)
    now, within = desk.now(), desk.programme.answers_within
    coming = await desk.database.read(lambda conn: own_hours.next_overview(conn, staff, now, desk.is_holiday))
    expected = await desk.database.read(lambda conn: _expected(conn, desk, staff))
    return respond(
        request,
        "hours.html",
        staff,
        status=422 if filled.troubles else 200,
        typed=filled.fields,
        troubles=filled.troubles,
        saved=request.query.get("saved") == "yes" and not filled.troubles,
        look=_look(request, words),
        next=_next(coming, words),
        weekdays=_weekdays(words.language),
        zones={zone: zone for zone in sorted({*_zones(), staff.time_zone})},
        languages={code: desk.catalogs.name(code) for code in desk.catalogs.staff_languages},
        within={
            "": words.count("hours_within_usual", within),
            **{str(days): words.count("hours_within_days", days) for days in WITHIN},
        },
        most=MOST_OPEN,
        people_read=_people_read(expected, words),
    )


# What stands in the fields --------------------------------------------------------------------------------------------


def _fields(staff: Staff) -> Fields:
    return {
        "days": staff.working_days,
        "from": staff.hours_from or "",
        "to": staff.hours_to or "",
        "digest": staff.digest_at,
        "zone": staff.time_zone,
        "language": staff.language,
        "within": str(staff.answers_within or ""),
        "most": str(staff.most_open or ""),
    }


def _typed(form: MultiDictProxy[str]) -> Fields:
    given = {
        name: form.get(name, "").strip() for name in ("from", "to", "digest", "zone", "language", "within", "most")
    }
    return {**given, "days": "".join(sorted({day for day in form.getall("day", []) if re.fullmatch("[1-7]", day)}))}


def _wished(fields: Fields) -> Wished:
    """Of fields without troubles."""
    kept = Hours(fields["days"], fields["digest"], fields["zone"], fields["from"] or None, fields["to"] or None)
    answering = Answering(*(int(fields[name]) if fields[name] else None for name in ("within", "most")))
    return Wished(kept, answering, fields["language"])


def _troubles(desk: Desk, staff: Staff, fields: Fields, words: StaffWords) -> dict[str, str]:
    """What is wrong, by field."""
    known = {
        "zone": {*_zones(), staff.time_zone},
        "language": {*desk.catalogs.staff_languages},
        "within": {"", *map(str, WITHIN)},
    }
    troubles = {name: words.say("hours_not_listed") for name, listed in known.items() if fields[name] not in listed}
    if not fields["days"]:
        troubles["days"] = words.say("hours_no_day")
    if fields["most"] and not _NUMBER.fullmatch(fields["most"]):
        troubles["most"] = words.say("hours_no_number", n=MOST_OPEN)
    return troubles | _of_times(fields, words)


def _of_times(fields: Fields, words: StaffWords) -> dict[str, str]:
    times = [name for name in ("from", "to", "digest") if fields[name] or name == "digest"]
    troubles = {
        name: words.say("hours_no_time", example="08:30") for name in times if not _TIME.fullmatch(fields[name])
    }
    if troubles:
        return troubles
    if len(times) == 2:
        empty = "to" if fields["from"] else "from"
        return {empty: words.say("hours_both")}
    kept = Hours("", fields["digest"], "", fields["from"] or None, fields["to"] or None)
    if not own_hours.ends_after_it_begins(kept):
        return {"to": words.say("hours_wrong_way")}
    if not own_hours.is_at_work(kept):
        return {"digest": words.say("hours_outside", start=kept.hours_from, end=kept.hours_to)}
    return {}


@lru_cache(maxsize=1)
def _zones() -> Sequence[str]:
    """Those that are called by a place."""
    return sorted(filter(_PLACE.fullmatch, available_timezones()))


@lru_cache(maxsize=32)
def _weekdays(language: str) -> Mapping[str, str]:
    """By ISO number."""
    names = locale_of(language).days["stand-alone"]["wide"]
    return {str(number): names[number - 1] for number in range(1, 8)}


# What is said beside the form -----------------------------------------------------------------------------------------


def _next(coming: datetime | None, words: StaffWords) -> str:
    if coming is None:
        return words.say("hours_next_none")
    local = coming.astimezone(ZoneInfo(words.zone))
    day = weekday_and_date(local.date(), words.language)
    return words.say("hours_next", day=day, time=time_text(local, words.language))


def _look(request: web.Request, words: StaffWords) -> tuple[date, str] | None:
    """The page that has what comes in no message."""
    try:
        day = date.fromisoformat(request.query.get("look", ""))
    except ValueError:
        return None
    return day, weekday_and_date(day, words.language)


def _expected(conn: Connection, desk: Desk, staff: Staff) -> Expected | None:
    own = leave.leaves(conn, [staff.id]).get(staff.id, ())
    within = staff.answers_within or desk.programme.answers_within
    found = days(rhythm_of(staff, own, desk.is_holiday), within, desk.now())
    return Expected(staff.name, found) if found else None


def _people_read(expected: Expected | None, words: StaffWords) -> str:
    if expected is None:
        return ""
    day, by = (weekday_and_date(each, words.language) for each in expected.days)
    return fill(words.ui["ui/share.asks"], {"reader": expected.reader, "day": day, "by": by})
