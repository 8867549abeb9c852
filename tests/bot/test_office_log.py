"""The log: what was done, in words, for auditors alone; narrowed, a page at a time, as a table, not in secret."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.logbook import text_of
from bot.wording import WORDING
from storage import audit, schema
from tests.bot.digest_samples import NOW
from tests.bot.staff_world import World, world
from tests.bot.test_console import page, visible

ROOT = Path(__file__).parents[2]
NOT_LITERAL = {"address.reachable", "address.unreachable", "agreement change_asked", "emergency read", "log taken"}
"""Some of those that are put together or handed on. The search has to find the others."""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def record(
    service: World, action: str, actor: str = "system", person: int | None = None, **details: object
) -> None:
    await service.database.write(
        lambda conn: audit.record(
            conn, at=service.now, actor=actor, action=action, participant_id=person, details=details or None
        )
    )


async def test_the_log_is_in_words_with_names_of_staff_and_numbers_of_participants(service: World) -> None:
    anna, ida = await service.staff("Anna"), await service.staff("Ida", "auditor")
    sara = await service.person("S.K.", anna, name="Sara K")
    await record(service, "person opened", f"staff:{anna}", sara)
    await record(service, "copy taken", f"participant:{sara}", sara)
    await record(
        service, "leave.planned", "command line", staff=anna, first="2025-05-12", last="2025-05-13", cover=None
    )
    await record(service, "of another time", "staff:999")
    async with service.browsing(ida) as browser:
        html = await page(await browser.get("/log"))
    said = visible(html)
    assert f"Anna The page about a participant was opened {sara}" in said
    assert f"Participant {sara} A participant took a copy of their data" in said
    assert "Staff: Anna · Cover: nobody · First day: 12 May · Last day: 13 May" in said
    assert "Whoever runs the machine Leave was planned" in said
    assert "Somebody of another time" in said, "what has no words stands as it is"
    assert said.rindex("of another time") < said.rindex("took a copy"), "the newest first"
    for name in ("Sara", "S.K."):
        assert name not in html


async def test_what_tells_of_answers_is_left_out(service: World) -> None:
    ida = await service.staff("Ida", "auditor")
    details = {
        "conversation": 77,
        "step": "checkin/conflict",
        "line": "checkin/boss",
        "code": "try",
        "answer": "secret",
    }
    await record(service, "request answered", "staff:1", 12, **details)
    async with service.browsing(ida) as browser:
        for address in ("/log", "/log/table.csv"):
            text = await page(await browser.get(address))
            for told in ("conflict", "boss", "77", "try", "secret"):
                assert told not in text.partition("<tbody>")[2].partition("</tbody>")[0], (address, told)


async def test_it_is_narrowed_by_day_actor_participant_and_action(service: World) -> None:
    anna, ida = await service.staff("Anna"), await service.staff("Ida", "auditor")
    for days, person in ((3, 11), (2, 12), (1, 12)):
        service.now = NOW - timedelta(days=days)
        await record(service, "person opened", f"staff:{anna}", person)
        await record(service, "contact noted", "staff:999", person)
    service.now = NOW

    async def found(query: str) -> int:
        async with service.browsing(ida) as browser:
            html = await page(await browser.get(f"/log?{query}"))
        body = html.partition("<tbody>")[2].partition("</tbody>")[0]
        return sum("was opened" in row or "was noted" in row for row in body.split("<tr>"))

    assert await found("") == 6
    assert await found("from=2025-05-04&to=2025-05-04") == 2
    assert await found("from=2025-05-04") == 4
    assert await found("to=2025-05-03") == 2
    assert await found(f"who=staff:{anna}") == 3
    assert await found("what=person+opened") == 3
    assert await found("participant=12") == 4
    assert await found(f"participant=12&who=staff:{anna}&to=2025-05-04") == 1
    assert await found("participant=99") == 0


async def test_what_cannot_be_looked_for_is_said_beside_its_field(service: World) -> None:
    ida = await service.staff("Ida", "auditor")
    async with service.browsing(ida) as browser:
        for query, said, where in (
            ("from=yesterday", "A day looks like 2025-05-06.", "from"),
            ("to=0001-01-01", "A day looks like 2025-05-06.", "to"),
            ("participant=Sara", "Write a number, like 12.", "participant"),
        ):
            answer = await browser.get(f"/log?{query}")
            html = await answer.text()
            assert answer.status == 422
            assert said in visible(html)
            assert f'aria-describedby="{where}-trouble" aria-invalid="true"' in html
            table = await browser.get(f"/log/table.csv?{query}", allow_redirects=False)
            assert (table.status, table.headers["Location"]) == (303, f"/log?{query}")


async def test_it_comes_a_page_at_a_time(service: World) -> None:
    ida = await service.staff("Ida", "auditor")
    for number in range(1, 121):
        await record(service, "contact noted", "staff:1", number)
    seen: list[str] = []
    async with service.browsing(ida) as browser:
        address = "/log?what=contact+noted"
        for _ in range(3):
            html = await page(await browser.get(address))
            seen += re.findall(r"Contact was noted</td><td>(\d+)<", html)
            older = re.search(r'href="([^"]+)" rel="next"', html)
            address = older[1].replace("&amp;", "&") if older else ""
        assert not address
    assert seen == [str(number) for number in range(120, 0, -1)]


async def test_the_table_has_the_same_lines_and_no_formula(service: World) -> None:
    ida = await service.staff("Ida", "auditor")
    evil = await service.staff("=HYPERLINK(1)")
    await record(service, "staff.entrance_renewed", f"staff:{evil}", staff=evil, why="@SUM(1)")
    async with service.browsing(ida) as browser:
        answer = await browser.get("/log/table.csv?what=staff.entrance_renewed")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="log.csv"'
        head, row = csv.reader(io.StringIO((await page(answer)).removeprefix("\ufeff")))
    assert head[:3] == ["number", "time (UTC)", "who"]
    assert row[1:4] == ["2025-05-06T08:00:00+00:00", "'=HYPERLINK(1)", "Somebody got a new way to sign in"]
    assert row[6] == "staff: =HYPERLINK(1); why: @SUM(1)"


async def test_reading_the_log_is_in_the_log(service: World) -> None:
    ida = await service.staff("Ida", "auditor")
    async with service.browsing(ida) as browser:
        await page(await browser.get("/log?participant=12&what=person+opened"))
        await page(await browser.get("/log/table.csv"))
        said = visible(await page(await browser.get(f"/log?who=staff:{ida}")))
    assert "Ida The log was read 12" in said
    assert "Ida The log was taken as a table" in said

    def read(conn: Connection) -> list[tuple[object, ...]]:
        table = schema.audit
        asked = table.select().where(table.c.action.like("log %")).order_by(table.c.id)
        return [(row.action, row.participant_id, row.details) for row in conn.execute(asked)]

    assert (await service.database.read(read))[:2] == [
        ("log read", 12, {"what": "person opened"}),
        ("log taken", None, {}),
    ]


# Words for everything -------------------------------------------------------------------------------------------------


def _called(node: ast.Call) -> str:
    """The last name of what is called."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)


def written_down() -> set[str]:
    """Every action that the sources name where they call something that writes it down."""
    found: set[str] = set()
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]:
        if path.parts[-2:-1] == ("terminal",):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in ("record", "_record", "_written_down", "record_opening"):
                given = [*node.args, *(one.value for one in node.keywords if one.arg == "action")]
                found |= {text for one in given for text in _texts(one) if re.fullmatch(r"[a-z_]+[ .][a-z_ .]+", text)}
                found |= {
                    text for one in node.keywords if one.arg == "action" for text in _texts(one.value) if text.islower()
                }
    return found


def test_everything_that_is_written_down_has_words() -> None:
    found = written_down()
    assert len(found) > 30
    assert found >= {"person opened", "leave.planned", "emergency opened", "staff.disabled", "log read", "erased"}
    missing = sorted(action for action in found | NOT_LITERAL if text_of(action) not in WORDING)
    assert not missing, f"bot/wording/log.py says nothing of {missing}"
