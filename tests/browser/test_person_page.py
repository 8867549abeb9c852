"""The page of one person in a real browser: in both directions, on a phone and a desk, and with the keyboard alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser
from sqlalchemy import Connection

from bot.agreements import Course, Hand, Wording, propose
from bot.translating.words import words_of
from storage import agreements, contact_log, people, translations
from storage.agreements import Agreement
from storage.translations import Translation
from tests.bot.digest_samples import NOW, YESTERDAY, line
from tests.bot.staff_world import MarkedArabic, World, world
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, DESK, inspect, window
from tests.browser.test_console_pages import Office, come_in, open_everything

AT_ONCE = timedelta(minutes=1)
LONG = "Ask the shift leader whether a break at ten is possible on Tuesdays and Thursdays " * 3
ARABIC = "أسأل عن يوم السبت "


@dataclass
class Hands:
    """Both sides of the agreements of one person, each acting a minute after the other."""

    person: int
    staff: int
    acts: int = 0

    def of(self, side: str) -> Hand:
        self.acts += 1
        return Hand(side, self.staff, YESTERDAY + self.acts * AT_ONCE)  # type: ignore[arg-type]


def _agreed(conn: Connection, service: World, hands: Hands) -> None:
    """One that waits for each side, one that is agreed and has come to its day, one under change, and one that is
    over."""
    cipher = people.present(conn, service.vault, hands.person)

    def keep(*made: Agreement) -> Course:
        agreements.put(conn, cipher, made[-1])
        return Course(made)

    def proposed(number: int, side: str, says: Wording) -> Course:
        return keep(propose(hands.person, number, says, hands.of(side)))

    proposed(1, "participant", Wording(ARABIC * 3, ARABIC, "ar", "participant", date(2025, 5, 9)))
    proposed(2, "specialist", Wording(LONG, LONG, "en", "someone_else", None))
    for number, owner in ((3, "specialist"), (4, "together"), (5, "participant")):
        first = proposed(number, "participant", Wording(LONG, "", "en", owner, date(2025, 5, 2)))  # type: ignore[arg-type]
        active = keep(*first.revisions, first.confirm(hands.of("specialist")))
        if number == 4:
            keep(*active.revisions, active.not_yet(date(2025, 5, 16), hands.of("specialist")))
        if number == 5:
            keep(*active.revisions, active.done(hands.of("participant")))


def _translated(conn: Connection, service: World, person: int, staff: int, language: str) -> None:
    """What was asked for by a program, and what was proposed by somebody of the staff."""
    cipher = people.present(conn, service.vault, person)
    for text, kind, by in ((ARABIC * 9, "machine", None), (ARABIC, "human", staff)):
        mark = words_of(text, "ar").mark(cipher)
        translations.put(conn, cipher, Translation(person, mark, language, kind, by, NOW, LONG))  # type: ignore[arg-type]


@asynccontextmanager
async def office(folder: Path, language: str) -> AsyncIterator[Office]:
    async with world(folder, MarkedArabic()) as service:
        anna = await service.staff("Anna", language=language)
        person = await service.person("S.K.", anna, name="Sara K")
        await service.share(person, line("help", "letters", "interpreter", own=ARABIC * 9), at=YESTERDAY)
        await service.database.write(lambda conn: _agreed(conn, service, Hands(person, anna)))
        await service.database.write(lambda conn: _translated(conn, service, person, anna, language))
        await service.database.write(lambda conn: contact_log.add(conn, person, anna, date(2025, 5, 2)) and None)
        server = TestServer(service.application())
        await server.start_server()
        try:
            yield Office(service, str(server.make_url("")).rstrip("/"), anna, 0)
        finally:
            await server.close()


@AT_A_DESK_AND_ON_A_PHONE
async def test_the_page_is_open_to_everybody(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with office(tmp_path, language) as at, window(browser, size) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        await page.goto(f"{at.address}/people/1")
        await inspect(page, f"agreements_{language}_{size[0]}")
        await open_everything(page)
        await inspect(page, f"agreements_opened_{language}_{size[0]}")
        await page.goto(f"{at.address}/people")
        await inspect(page, f"contacts_{language}_{size[0]}")


async def test_an_agreement_is_proposed_with_the_keyboard_and_without_scripts(browser: Browser, tmp_path: Path) -> None:
    async with office(tmp_path, "en") as at, window(browser, DESK, java_script_enabled=False) as context:
        page = await context.new_page()
        await come_in(page, at, at.specialist)
        await page.goto(f"{at.address}/people/1")
        await page.get_by_text("Propose an agreement").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("textbox", name="What", exact=True).last.focus()
        await page.keyboard.type("Call the shop")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        async with page.expect_navigation(wait_until="load"):
            await page.get_by_role("button", name="Send it to").last.press("Enter")
        assert page.url.endswith("/people/1#agreements")

        def stored(conn: Connection) -> Agreement:
            cipher = people.participant(conn, at.service.vault, 1).cipher
            return agreements.current(conn, cipher, 1)[-1]

        made = await at.service.database.read(stored)
        assert (made.number, made.what, made.owner, made.at) == (6, "Call the shop", "together", NOW)
