"""Numbers: the page on which coordinators see what is true of all people together, month by month, and its file.

It has fixed tables and nothing to filter by, so that no two of them can be subtracted from one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web
from babel.dates import format_skeleton

from bot.aggregates import FEWEST_PEOPLE, Month, Numbers, closed, numbers
from bot.aggregates.rules import FEWEST_OF_BOTH, FEWEST_SPECIALISTS, STEP
from bot.aggregates.tables import Row, Table, as_csv
from bot.aggregates.workbook import as_xlsx
from bot.catalogs.language import language, locale_of
from bot.channels.http import posted
from bot.console.access import not_found, only
from bot.console.desk import DESK, respond, words_for
from bot.counting import Counted, Counting, Worded
from bot.digest.words import StaffWords
from bot.lines import option_text, point_text
from bot.speaking import every_option
from dialogues.texts import fill
from storage import aggregates, audit
from storage.people import Staff

COUNTING = web.AppKey("counting", Counting)
MONTHS = 6
"""How far back the page reaches."""


PURPOSES = ("improve", "plan", "report", "study")
"""What the numbers can be taken out for."""
KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@only("coordinator", "administrator")
async def numbers_page(request: web.Request, staff: Staff) -> web.Response:
    """One month, the last one that is over if none is asked for."""
    return await _page(request, staff)


async def _page(request: web.Request, staff: Staff, trouble: str = "", chosen: str = "") -> web.Response:
    desk = request.app[DESK]
    months, words = closed(desk.now(), MONTHS), words_for(desk, staff)
    month = _asked(request, months)
    if month is None:
        raise not_found(request, staff)
    tables = await _tables(request, words, month)
    return respond(
        request,
        "numbers.html",
        staff,
        status=422 if trouble else 200,
        title=words.say("numbers_of", month=_name(month, words)),
        tables=tables,
        file=f"/numbers/{month}/file",
        kind=chosen or "xlsx",
        kinds=[(each, words.say(f"numbers_as_{each}")) for each in reversed(KINDS)],
        purposes=[(each, words.say(f"numbers_for_{each}")) for each in PURPOSES],
        trouble=trouble,
        months=[(f"/numbers/{each}", _name(each, words), each == month) for each in months],
        rules=list(_rules(words)),
    )


@only("coordinator", "administrator")
async def numbers_file(request: web.Request, staff: Staff) -> web.Response:
    """The same for a spreadsheet, for whoever says what for: that is written down first. There is none where there are
    too few people."""
    desk, form = request.app[DESK], await posted(request)
    month, words = _asked(request, closed(desk.now(), MONTHS)), words_for(desk, staff)
    tables = None if month is None else await _tables(request, words, month)
    if month is None or tables is None:
        raise not_found(request, staff)
    kind, purpose = form.get("as", ""), form.get("purpose", "")
    if kind not in KINDS or purpose not in PURPOSES:
        return await _page(request, staff, words.say("numbers_say_why"), kind if kind in KINDS else "")
    details = {"month": str(month), "kind": kind, "purpose": purpose}
    actor, now = f"staff:{staff.id}", desk.now()
    await desk.database.write(
        lambda conn: audit.record(conn, at=now, actor=actor, action="numbers.exported", details=details)
    )
    head = [words.say(f"numbers_{name}") for name in ("month", "part", "what", "number")]
    if kind == "xlsx":
        why = words.say("numbers_taken_for", purpose=words.say(f"numbers_for_{purpose}"), date=words.date(now))
        about = words.say("numbers_about"), (why, words.say("numbers_wall"), *_rules(words))
        body = await asyncio.to_thread(as_xlsx, str(month), head, tables, about, now)
    else:
        # Spreadsheets know by its first sign that the file is UTF-8.
        body = ("\ufeff" + as_csv(str(month), head, tables)).encode()
    response = web.Response(body=body, content_type=KINDS[kind], charset="utf-8" if kind == "csv" else None)
    response.headers["Content-Disposition"] = f'attachment; filename="medvind-{month}.{kind}"'
    return response


async def _tables(request: web.Request, words: StaffWords, month: Month) -> list[Table] | None:
    """None where there are too few people for any."""
    desk = request.app[DESK]
    if await desk.database.read(aggregates.people_here) < FEWEST_PEOPLE:
        return None
    counted = await request.app[COUNTING].month(month)
    options = {
        key: every_option(counted.questions[key].ask) for key in counted.figures.team if key in counted.questions
    }
    shown = numbers(counted.figures, desk.programme.languages, options)
    names = {code: language(code).name for code in shown.languages}
    return list(_Wording(words, counted, names).tables(shown))


def _asked(request: web.Request, months: list[Month]) -> Month | None:
    """The month in the address, if it may be looked at."""
    return next((each for each in months if str(each) == request.match_info.get("month", str(months[0]))), None)


def _name(month: Month, words: StaffWords) -> str:
    """``March 2026``, as it stands alone in a language."""
    return format_skeleton("yMMMM", month.start.date(), locale=locale_of(words.language))


def _rules(words: StaffWords) -> Iterator[str]:
    yield words.say("numbers_rule_fewest", people=FEWEST_PEOPLE, specialists=FEWEST_SPECIALISTS)
    yield words.say("numbers_rule_round", step=STEP)
    yield from (words.say(f"numbers_rule_{name}") for name in ("whole", "shared", "month"))


@dataclass(frozen=True, slots=True)
class _Wording:
    """Puts what may be seen into words."""

    words: StaffWords
    counted: Counted
    languages: Mapping[str, str]
    """What each one is called."""

    def tables(self, shown: Numbers) -> Iterator[Table]:
        """All of them, always in the same order."""
        yield self._table("taking_part", self._taking_part(shown))
        yield self._table("topics", self._chosen(shown.topics))
        yield self._table("changes", self._chosen(shown.changes))
        yield self._table("languages", (Row(self.languages[code], str(n)) for code, n in shown.languages.items()))
        both = shown.topics_by_language.items()
        named = (Row(self._pair(self._option(topic), self.languages[code]), str(n)) for (topic, code), n in both)
        yield self._table("both", named, n=FEWEST_OF_BOTH)
        yield self._table("opinions", self._opinions(shown))
        yield self._table("undelivered", self._row("undelivered_people", shown.undelivered))
        yield self._table("team", self._team(shown))

    def _table(self, name: str, rows: Iterator[Row], **values: object) -> Table:
        note = self.words.say(f"numbers_{name}_note", **values)
        return Table(self.words.say(f"numbers_{name}"), note, tuple(rows))

    def _row(self, name: str, shown: int | None) -> Iterator[Row]:
        if shown is not None:
            yield Row(self.words.say(f"numbers_{name}"), str(shown))

    def _taking_part(self, shown: Numbers) -> Iterator[Row]:
        yield from self._row("using", shown.using)
        if shown.taken_up is not None:
            yield Row(self.words.say("numbers_taken_up"), self.words.say(f"numbers_band_{shown.taken_up}"))

    def _chosen(self, shown: Mapping[str, int]) -> Iterator[Row]:
        return (Row(self._option(option), str(n)) for option, n in shown.items())

    def _opinions(self, shown: Numbers) -> Iterator[Row]:
        for (key, reason), n in shown.opinions.items():
            if key in self.counted.questions:
                yield Row(self._pair(self._question(key), self.words.say(f"numbers_{reason}")), str(n))

    def _team(self, shown: Numbers) -> Iterator[Row]:
        for key, (answers, shares) in shown.team.items():
            question = self._question(key)
            yield Row(self.words.say("numbers_team_people", question=question), str(answers))
            for option, share in shares.items():
                chosen = self._text(self.counted.questions[key], option)
                yield Row(self._pair(question, chosen), self.words.say(f"numbers_band_{share}"))

    def _pair(self, first: str, second: str) -> str:
        return self.words.say("numbers_pair", first=first, second=second)

    def _option(self, option: str) -> str:
        return self._text(self.counted.options[option], option)

    def _text(self, worded: Worded, option: str) -> str:
        spoken = worded.published.language_for(self.words.language)
        texts, ui = worded.published.texts[spoken], self.words.in_language(spoken).ui
        if worded.ask.scale is not None:
            return point_text(worded.ask, int(option), texts, spoken)
        return self._filled(option_text(worded.ask, option, texts, ui))

    def _question(self, key: str) -> str:
        """What its answer is called where it is shared, else its own text."""
        published = self.counted.questions[key].published
        texts = published.texts[published.language_for(self.words.language)]
        return self._filled(" ".join((texts.get(f"{key}.label") or texts[key]).split()))

    def _filled(self, text: str) -> str:
        ui = self.words.ui
        names = {"name": ui["ui/participant"], "specialist": ui["ui/specialist"], "each": ""}
        return fill(text, names) if "{" in text else text
