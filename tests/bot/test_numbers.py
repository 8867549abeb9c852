"""The page of numbers: what coordinators see of everybody together, and that it leads to nobody."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from openpyxl import load_workbook
from sqlalchemy import insert

from bot import counting
from bot.aggregates import Figures, Month, Numbers
from bot.aggregates.tables import Row, Table, as_csv
from bot.aggregates.workbook import as_xlsx
from bot.counting import Counted, Counting
from bot.lines import CardLine, encode_lines
from bot.wording.numbers import NUMBERS
from dialogues.session import Answer
from storage import aggregates, audit, digests, feedback, people, schema, scripts, team_answers
from tests.bot.digest_samples import NOW
from tests.bot.page_forms import Seen
from tests.bot.staff_world import SAME_SITE, MarkedArabic, World, world
from tests.bot.test_own_checkin import OWN, with_own
from tests.storage.databases import everything

Browser = TestClient[web.Request, web.Application]
MARCH, APRIL = datetime(2025, 3, 12, 9, tzinfo=UTC), datetime(2025, 4, 9, 9, tzinfo=UTC)

CHECKIN = """\
dialogue: weekly
title: Weekly
language: en

steps:

  help:
    ask: Do you want help with something?
    answer: any of
    options:
      letters: Letters from offices
      talk: A talk with {specialist}
      no: "No"
    alone: no
    own words: yes
    label: Help wanted
    tags: [asks:help]

  change:
    ask: What could change?
    answer: one of
    options:
      quiet: A quieter place
      nothing: Nothing now
    label: Could change
    tags: [wants:change]

  sharing:
    share: This is what {specialist} will see.
    offer: [help, change]
"""
TEXTS = {
    "weekly/help": "Do you want help with something?",
    "weekly/help/letters": "Letters from offices",
    "weekly/help/talk": "A talk with {specialist}",
    "weekly/help/no": "No",
    "weekly/help.label": "Help wanted",
    "weekly/change": "What could change?",
    "weekly/change/quiet": "A quieter place",
    "weekly/change/nothing": "Nothing now",
    "weekly/change.label": "Could change",
    "weekly/sharing": "This is what {specialist} will see.",
}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await with_own(made, OWN, "own")
        await publish_weekly(made)
        yield made


async def publish_weekly(made: World) -> None:
    """The check-in of these tests, in English, in a service for people who speak English or Arabic."""
    made.programme = replace(made.programme, check_in="weekly", at_work="", languages=("en", "ar"))
    await made.database.write(
        lambda conn: scripts.publish(conn, "weekly", {"weekly": CHECKIN}, {"en": TEXTS}, "staff:1", NOW)
    )


async def people_of(service: World, count: int, specialists: int = 3) -> list[int]:
    """So many people, shared out evenly."""
    staff = [await service.staff(f"S{n}") for n in range(specialists)]
    return [await service.person(f"P{n}", staff[n % specialists]) for n in range(count)]


async def talk(service: World, person: int, at: datetime, *, took_up: bool = True) -> None:
    row = {
        "participant_id": person,
        "number": int(at.timestamp()) % 10_000_000,
        "dialogue": "weekly",
        "version": 1,
        "state": "closed",
        "started_at": at,
        "sealed_session": b"",
        "reacted_at": at if took_up else None,
    }
    await service.database.write(lambda conn: conn.execute(insert(schema.conversation), row) and None)


async def share(
    service: World, person: int, at: datetime, language: str = "en", withdrawn: bool = False, **chosen: str
) -> None:
    lines = [CardLine(f"weekly/{name}", "", Answer((option,))) for name, option in chosen.items()]
    kept = [line.taken_back() if withdrawn else line for line in lines]

    def put(conn: Any) -> None:
        card = digests.sealed_card(
            people.participant(conn, service.vault, person).cipher,
            participant_id=person,
            conversation=int(at.timestamp()) % 10_000_000,
            step="weekly/sharing",
            dialogue="weekly",
            version=1,
            language=language,
            lines=encode_lines(kept),
            shared_at=at,
        )
        digests.put_cards(conn, [card])

    await service.database.write(put)


async def shown(service: World, address: str = "/numbers", role: str = "coordinator") -> str:
    async with service.browsing(await service.staff("Kari", role)) as browser:
        answer = await browser.get(address)
        assert answer.status == 200
        return " ".join(Seen(await answer.text()).words.replace("\u2068", "").replace("\u2069", "").split())


async def taken(browser: Browser, month: str = "2025-04", kind: str = "csv", purpose: str = "report") -> ClientResponse:
    """The answer to somebody who takes a month out as a file."""
    fields = {"as": kind, "purpose": purpose}
    return await browser.post(f"/numbers/{month}/file", data=fields, headers=SAME_SITE)


async def file_rows(service: World, month: str = "2025-04") -> list[list[str]]:
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        answer = await taken(browser, month)
        assert answer.status == 200
        assert answer.content_type == "text/csv"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="medvind-{month}.csv"'
        text = (await answer.read()).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


async def a_month(service: World) -> list[int]:
    """Forty people in April: help, changes, two languages, and three quarters of the check-ins answered."""
    everybody = await people_of(service, 40, 4)
    for n, person in enumerate(everybody):
        for week in range(4):
            await talk(service, person, APRIL + week * timedelta(days=7), took_up=week != 2)
        wish = {"help": "letters"} if n < 24 else {"help": "talk"} if n < 33 else {"help": "no"}
        await share(service, person, APRIL, "en" if n < 28 else "ar", **wish, change="quiet" if n < 13 else "nothing")
    return everybody


async def test_the_page_shows_a_month_that_is_over(service: World) -> None:
    await a_month(service)
    page = await shown(service)
    assert "Numbers of April 2025" in page
    assert "People who took part40" in page
    assert f"Check-ins that were answered{NUMBERS['staff/numbers_band_three_quarters']}" in page
    assert "Letters from offices25" in page
    assert "A quieter place15" in page
    assert "English30" in page
    assert "العربية10" in page
    for hidden in ("A talk with", "Nothing now", "No5", "No10"):
        assert hidden not in page
    assert page.count(NUMBERS["staff/numbers_few"]) == 3


async def test_the_file_has_the_same_numbers(service: World) -> None:
    await a_month(service)
    assert await file_rows(service) == [
        ["Month", "Part", "What", "Number"],
        ["2025-04", "Taking part", "People who took part", "40"],
        ["2025-04", "Taking part", "Check-ins that were answered", "about three quarters"],
        ["2025-04", "Help that people want", "Letters from offices", "25"],
        ["2025-04", "Changes at the workplace", "A quieter place", "15"],
        ["2025-04", "Languages", "English", "30"],
        ["2025-04", "Languages", "العربية", "10"],
        ["2025-04", "Help by language", "Letters from offices: English", "25"],
    ]


async def test_each_month_is_counted_by_itself_and_the_present_one_not_at_all(service: World) -> None:
    everybody = await a_month(service)
    before = await file_rows(service)
    for person in everybody:
        await talk(service, person, NOW)
        await share(service, person, NOW, help="talk")
        await talk(service, person, MARCH)
    assert await file_rows(service) == before
    assert await file_rows(service, "2025-03") == [
        ["Month", "Part", "What", "Number"],
        ["2025-03", "Taking part", "People who took part", "40"],
        ["2025-03", "Taking part", "Check-ins that were answered", "nearly all or all"],
    ]
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        for month in ("2025-05", "2025-06", "2024-10", "0000-00", "2025-4", "x"):
            assert (await browser.get(f"/numbers/{month}")).status == 404, month
            assert (await taken(browser, month)).status == 404, month
        page = await (await browser.get("/numbers")).text()
    assert [f"/numbers/2025-0{n}" in page for n in (4, 3, 2, 1, 5)] == [True, True, True, True, False]


async def test_nine_people_or_two_specialists_are_too_few_for_any_number(service: World) -> None:
    for person in await people_of(service, 9):
        await talk(service, person, APRIL)
        await share(service, person, APRIL, help="letters")
    page = await shown(service)
    assert NUMBERS["staff/numbers_few"] in page
    assert "Taking part" not in page
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        assert (await taken(browser)).status == 404
    await service.person("P9", None)
    assert "Taking part" in await shown(service)
    assert len(await file_rows(service)) == 1


async def test_two_specialists_are_too_few(service: World) -> None:
    for person in await people_of(service, 30, specialists=2):
        await talk(service, person, APRIL)
        await share(service, person, APRIL, help="letters")
    assert len(await file_rows(service)) == 1


async def test_what_was_not_shared_or_was_withdrawn_is_in_no_number(service: World) -> None:
    everybody = await people_of(service, 24)
    for person in everybody:
        await talk(service, person, APRIL)
        await share(service, person, APRIL, help="letters", withdrawn=True)
        kept = {"participant_id": person, "question": "weekly/help", "each": "", "conversation": 1, "revision": 1}
        how = {"outcome": "answered", "choices": ["letters"], "version": 1, "language": "en", "at": APRIL}
        await service.database.write(
            lambda conn, row={**kept, **how}: conn.execute(insert(schema.answer), row) and None
        )
    assert [row[1] for row in await file_rows(service)] == ["Part", "Taking part", "Taking part", "Languages"]


async def test_help_stands_by_language_where_both_are_large(service: World) -> None:
    for n, person in enumerate(await people_of(service, 60)):
        await share(service, person, APRIL, "en" if n % 2 else "ar", help="letters")
        await talk(service, person, APRIL)
    both = [row[2:] for row in await file_rows(service) if row[1] == "Help by language"]
    assert both == [["Letters from offices: English", "30"], ["Letters from offices: العربية", "30"]]


async def test_opinions_on_questions_are_counted_from_ten_on(service: World) -> None:
    await people_of(service, 12)
    said = [("help", "not_clear")] * 11 + [("change", "not_good")] * 9 + [("gone", "not_good")] * 20

    def add(conn: Any) -> None:
        for n, (step, reason) in enumerate(said):
            language = "en" if n % 2 else "ar"
            how = {"version": 1, "language": language, "reason": reason, "at": APRIL}
            feedback.add(conn, dialogue="weekly", step=f"weekly/{step}", **how)

    await service.database.write(add)
    assert (await file_rows(service))[1:] == [
        ["2025-04", "Questions that are not good", "Help wanted: not clear", "10"]
    ]


async def test_messages_that_were_not_delivered_count_people(service: World) -> None:
    for person in await people_of(service, 12):
        for seq in (1, 2, 3):
            row = {"participant_id": person, "seq": seq, "conversation": 0, "channel": "telegram", "state": "dead"}
            at = {"sealed_body": b"", "created_at": APRIL}
            await service.database.write(lambda conn, r={**row, **at}: conn.execute(insert(schema.outbox), r) and None)
    assert (await file_rows(service))[1:] == [["2025-04", "Messages", "Not reached", "10"]]


async def test_the_team_is_shown_from_ten_specialists_on_and_in_shares(service: World) -> None:
    await people_of(service, 10)
    for n in range(9):
        await count_one(service, n, "too_heavy" if n < 3 else "light")
    assert len(await file_rows(service)) == 1
    await count_one(service, 9, "light")
    assert (await file_rows(service))[1:] == [
        ["2025-04", "The team", "How heavy is it now?: answers", "10"],
        ["2025-04", "The team", "How heavy is it now?: Light", "about three quarters"],
        ["2025-04", "The team", "How heavy is it now?: Too heavy", "about a quarter"],
    ]


async def count_one(service: World, staff_id: int, choice: str) -> None:
    await service.database.write(
        lambda conn: team_answers.put(conn, service.vault, staff_id, "2025-04", {"own/heavy": choice})
    )


# Who may look, and what it does not do


async def test_an_administrator_sees_the_numbers(service: World) -> None:
    assert "Numbers" in await shown(service, role="administrator")


async def test_a_specialist_has_no_numbers(service: World) -> None:
    await a_month(service)
    async with service.browsing(await service.staff("Anna")) as browser:
        answers = [await browser.get("/numbers"), await browser.get("/numbers/2025-04"), await taken(browser)]
        for answer in answers:
            assert answer.status == 404
            assert await answer.text() == await (await browser.get("/scripts")).text()
    assert await exports(service) == []


# Taking them out


async def exports(service: World) -> list[tuple[str, object]]:
    """What the log says was taken out, by whom."""
    found = await service.database.read(lambda conn: audit.since(conn, "numbers.exported", MARCH))
    return [(each.actor, each.details) for each in found]


async def test_who_takes_them_out_and_what_for_is_in_the_log(service: World) -> None:
    await a_month(service)
    kari = await service.staff("Kari", "coordinator")
    async with service.browsing(kari) as browser:
        page = await (await browser.get("/numbers")).text()
        assert NUMBERS["staff/numbers_wall"] in page
        assert '<option value="report">' in page
        for purpose in ("", "because"):
            refused = await taken(browser, purpose=purpose)
            assert refused.status == 422
            html = await refused.text()
            assert 'aria-invalid="true" aria-describedby="purpose-wrong"' in html
            assert NUMBERS["staff/numbers_say_why"] in html
        assert (await taken(browser, kind="exe")).status == 422
        assert (await browser.get("/numbers/2025-04/file")).status == 405
        assert await exports(service) == []
        assert (await taken(browser, purpose="study")).status == 200
        assert (await taken(browser, kind="xlsx")).status == 200
    assert await exports(service) == [
        (f"staff:{kari}", {"month": "2025-04", "kind": kind, "purpose": purpose})
        for kind, purpose in (("csv", "study"), ("xlsx", "report"))
    ]


async def test_the_workbook_has_the_same_lines_and_says_what_it_is_for(service: World) -> None:
    await a_month(service)
    rows = await file_rows(service)
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        answer = await taken(browser, kind="xlsx")
        assert answer.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="medvind-2025-04.xlsx"'
        book = load_workbook(io.BytesIO(await answer.read()))
    numbers, about = book.worksheets
    assert [[str(cell) for cell in row] for row in numbers.values] == rows
    assert numbers["D2"].value == 40, "a number is one"
    said = [row[0] for row in about.values]
    assert said[0].startswith("Taken on ")
    assert "To report to those who pay" in said[0]
    assert said[1] == NUMBERS["staff/numbers_wall"]


def test_no_cell_of_a_file_is_a_formula() -> None:
    evil = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\u2068=1+1\u2069",
        " \t=1",
        "\uff1d1",
        "\r\n=cmd|' /C calc'!A0",
        "https://x",
    ]
    tables = [Table(cell, "", (Row(cell, cell),)) for cell in evil]
    lines = list(csv.reader(io.StringIO(as_csv("2025-04", ["=a", "b", "c", "d"], tables))))
    assert not [cell for line in lines for cell in line if cell.strip().startswith(("=", "+", "-", "@", "\uff1d"))]
    book = load_workbook(io.BytesIO(as_xlsx("2025-04", ["=a", "b", "c", "d"], tables, ("=About", evil), NOW)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]


async def test_an_administrator_opens_no_other_page(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("P1", anna)
    async with service.browsing(await service.staff("Ada", "administrator")) as browser:
        for address in ("/digest", "/people", f"/people/{person}", "/invite", "/scripts", "/own"):
            assert (await browser.get(address)).status == 404, address


async def test_looking_changes_nothing_and_shows_no_person(service: World) -> None:
    await a_month(service)
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        before = await service.database.read(everything)
        page = await (await browser.get("/numbers")).text() + await (await browser.get("/numbers/2025-04")).text()
        assert await service.database.read(everything) == before
    assert "Name of" not in page
    assert "/people/" not in page
    assert not any(f"P{n}<" in page for n in range(40))


async def test_a_filter_in_the_address_filters_nothing(service: World) -> None:
    await a_month(service)
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        plain = await (await browser.get("/numbers/2025-04")).text()
        assert await (await browser.get("/numbers/2025-04?specialist=1&language=ar&since=2025-04-09")).text() == plain


async def test_the_page_is_in_the_readers_language(tmp_path: Path) -> None:
    async with world(tmp_path, MarkedArabic()) as made:
        await people_of(made, 12)
        page = await shown_in_arabic(made)
    assert 'dir="rtl"' in page
    assert f"ع {NUMBERS['staff/numbers_few']}" in page
    assert "أبريل" in page


async def shown_in_arabic(made: World) -> str:
    async with made.browsing(await made.staff("Noor", "coordinator", language="ar")) as browser:
        return await (await browser.get("/numbers")).text()


async def test_people_are_counted_in_pieces_without_a_difference(
    service: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_month(service)
    how = (service.database, service.vault, service.shelf, service.programme)
    whole = await Counting(*how).month(Month(2025, 4))
    monkeypatch.setattr(counting, "TOGETHER", 7)
    assert (await Counting(*how).month(Month(2025, 4))).figures == whole.figures


# Nobody is measured

ABOUT_ONE = ("participant_id", "staff_id")
MEASURES = (
    "respon", "answered_", "rate", "score", "streak", "rank", "risk", "missed", "skips", "opened", "read_at",
    "duration", "latency", "average", "total", "engage", "compl",
)  # fmt: skip


def measuring(names: Mapping[str, object] | list[str]) -> list[str]:
    return [name for name in names if any(measure in name for measure in MEASURES)]


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=lambda table: table.name)
def test_no_column_measures_how_a_person_responds(table: Any) -> None:
    assert not measuring(table.c.keys())


@pytest.mark.parametrize("what", [aggregates.Total, aggregates.Asked, aggregates.SharedCard, Figures, Numbers, Counted])
def test_nothing_that_is_counted_has_a_figure_of_one_person(what: Any) -> None:
    names = list(getattr(what, "_fields", ())) or [each.name for each in fields(what)]
    assert names
    assert not measuring(names)
    if what is not aggregates.SharedCard:
        assert not set(names) & set(ABOUT_ONE)


async def test_no_line_of_the_file_names_a_specialist(service: World) -> None:
    await a_month(service)
    cells = {cell for row in await file_rows(service) for cell in row}
    assert not {f"S{n}" for n in range(4)} & cells
    assert (await file_rows(service))[0] == ["Month", "Part", "What", "Number"]


def test_no_text_is_there_that_no_page_says() -> None:
    bot = Path(counting.__file__).parent
    places = [bot / "console" / "numbers.py", bot / "console" / "desk.py", bot / "aggregates" / "rules.py"]
    places += [bot / "console" / "templates" / "numbers.html", bot.parent / "storage" / "feedback.py"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in places)
    for context in NUMBERS:
        whole = context.removeprefix("staff/")
        short = re.sub(r"^numbers_(rule_|band_|for_|as_)?|_note$", "", whole)
        assert any(re.search(rf"\b{name}\b", source) for name in (whole, short)), context
