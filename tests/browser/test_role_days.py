"""The day of each role from first click to last, in a real browser: in English at a desk, in Arabic on a phone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from bot.config import EXAMPLE
from bot.programme.versions import bring_in
from tests.bot.digest_samples import plain
from tests.bot.passing_world import at as moment
from tests.bot.route_rights import AREAS, ROLES
from tests.bot.shown_text import shown
from tests.bot.turn_world import Person
from tests.browser.looking import AT_A_DESK_AND_ON_A_PHONE, DESK, window
from tests.browser.test_console_pages import open_everything
from tests.browser.test_script_editor import LIGHT_PAGE
from tests.browser.whole_service import House, house
from tests.storage.databases import SqliteDatabases

NEW_ENGLISH = "How sure are you today that there is a job for you?"
NEW_ARABIC = "إلى أي درجة تثق اليوم بأن هناك عملًا لك؟"
SMALL = """\
dialogue: small
title: A small one
language: en

steps:

  rested:
    ask: Did you rest?
    answer: yes or no

  thanks:
    say: Thank you.
"""


async def asks_for_help(at: House) -> Person:
    """Amina holds a check-in, asks for two kinds of help, and shares that."""
    amina = await at.there.world.person("Amina", "ar", "A.M.")
    await amina.onboards()
    await amina.says("start")
    await amina.skips_to("help")
    await amina.chooses("interpreter", "letters", words="رسالة من المدرسة لا أفهمها")
    await amina.skips_to("sharing")
    await amina.shares("help")
    return amina


@AT_A_DESK_AND_ON_A_PHONE
async def test_a_specialist_goes_from_the_mail_to_what_was_asked(
    browser: Browser, sqlite_databases: SqliteDatabases, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with house(browser, sqlite_databases, tmp_path, language, size) as at:
        page = at.page
        at.there.world.specialist = await at.with_app("specialist")
        amina = await asks_for_help(at)
        await at.there.until(moment(3, "10:00"))
        await page.goto(await at.link_in_mail())
        assert page.url.endswith("/digest/2026-03-03") or page.url.endswith("/digest")
        await page.locator("#mail").fill(f"specialist-{language}@example.org")
        await at.presses('form[action="/sign-in"] button')
        code = re.search(r"^  ([0-9A-Z]{4}-[0-9A-Z]{4})$", await at.mailed(), re.MULTILINE)
        assert code
        await at.sees("code")
        await page.locator("#code").fill(code[1])
        await at.presses('form[action="/sign-in/code"] button')
        await at.sees("second")
        await page.locator("#code").fill(at.shown_by_app())
        await at.presses('form[action="/sign-in/second"] button')
        assert "/digest" in page.url
        await at.sees("overview")
        await at.presses(".overview li a")
        assert page.url.endswith(f"/people/{amina.id}#requests")
        await at.sees("person")
        await at.presses('form[action$="/snooze"] button')
        await expect(page.locator(".request .hint").first).to_be_visible()
        await at.sees("put_off")
        await at.presses('form[action$="/reply"] button[value=together]')
        await at.presses('form[action$="/contact"] button')
        await expect(page.locator(".days-noted li")).to_have_count(1)
        await at.unfolds(".agreements > .do > summary")
        await page.locator("#propose-what").fill("Read the letter from the school")
        await page.locator("#propose-by").fill("2026-03-12")
        await at.presses('form[action$="/agreements"] button')
        await expect(page.locator(".agreement")).to_have_count(1)
        await open_everything(page)
        await at.looks("person_after")
        if size == DESK:
            await at.walks_with_tab()
        await page.emulate_media(media="print")
        await at.sees("person_paper")
        await expect(page.locator("header.top")).to_be_hidden()
        for form in ("#propose-what", "section.contact"):
            await expect(page.locator(form)).to_be_hidden()
        await expect(page.locator(".card .said q").first).to_be_visible()
        await page.emulate_media(media="screen", color_scheme="dark")
        await at.looks("person_dark")
        await at.opens("/hours")
        await page.locator("#digest").fill("09:15")
        await page.locator("#from").fill("09:00")
        await page.locator("#to").fill("15:30")
        await at.presses('form[action="/hours"] button')
        await expect(page.locator("p.note[role=status]")).to_be_visible()
        await at.looks("hours_saved_dark")
        await at.opens("/digest")
        await at.sees("overview_after_dark")
        await amina.finds()
        await at.there.until(moment(6, "18:00"))
        came = [plain(message.text) for message in await amina.finds()]
        assert any("Read the letter from the school" in text for text in came), came


async def rewords(at: House, step: str, text: str) -> None:
    """In the card, with the text beside it, and saved."""
    page = at.page
    await page.locator(f"#step-{step} > summary").click()
    await page.locator(f"#w-{step}").fill(text)
    await page.locator(f"#step-{step} > form button").first.click()
    await page.wait_for_function("(words) => document.querySelector('#text').value.includes(words)", arg=text)
    await at.presses(".editor-save button")


async def taps(chat: Page, context: str) -> None:
    """The answer with this text."""
    words = shown(context, "ar")
    await chat.locator("#answer button", has_text=words).first.click()


@AT_A_DESK_AND_ON_A_PHONE
async def test_a_coordinator_changes_a_question_while_somebody_is_in_the_middle_of_it(
    browser: Browser, sqlite_databases: SqliteDatabases, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with house(browser, sqlite_databases, tmp_path, language, size) as at:
        page = at.page
        amina, noura = await at.there.world.person("Amina", "ar"), await at.there.world.person("Noura", "ar")
        for person in (amina, noura):
            await person.onboards()
        await amina.says("start")
        async with at.chat(amina, "ar") as old, at.chat(noura, "ar") as new:
            await expect(old.locator("main")).to_contain_text(shown("weekly_checkin/week", "ar"))
            await at.comes_in("coordinator")
            await at.sees("scripts")
            await at.presses('a[href="/scripts/weekly_checkin"]')
            await rewords(at, "job_sure", NEW_ENGLISH)
            await at.sees("editor")
            await at.presses('a[href="/scripts/weekly_checkin/publish"]')
            await expect(page.locator("#changes ~ * ins, #changes ~ ins").first).to_contain_text("today")
            await at.looks("publish_outdated")
            await at.presses('a[href*="/texts/ar?find=weekly_checkin/job_sure#"]')
            row = page.locator('[id="weekly_checkin/job_sure"]')
            await expect(row.locator("strong")).to_have_text(at.desk.catalogs.ui(language)["staff/edit_outdated"])
            await at.looks("outdated")
            await row.locator("textarea[name=text]").fill(NEW_ARABIC)
            async with page.expect_navigation(wait_until="load"):
                await row.locator("button").first.click()
            await expect(row.locator("strong")).to_have_count(0)
            await at.sees("mended")
            await at.opens("/scripts/weekly_checkin/publish")
            await at.sees("publish")
            await page.locator("#note").fill("Asks about today.")
            if size == DESK:
                await at.walks_with_tab(80)
            await at.presses('form[action$="/publish"] button')
            assert page.url.endswith("/history")
            await at.sees("published")
            await taps(old, "weekly_checkin/week/4")
            await expect(old.locator("#answer")).to_be_visible()
            await expect(old.locator("main")).to_contain_text(shown("weekly_checkin/job_sure", "ar"))
            await expect(old.locator("main")).not_to_contain_text(NEW_ARABIC)
            await taps(old, "weekly_checkin/job_sure/5")
            await taps(new, "ui/page.start")
            await expect(new.locator("main")).to_contain_text(shown("weekly_checkin/week", "ar"))
            await taps(new, "weekly_checkin/week/4")
            await expect(new.locator("main")).to_contain_text(NEW_ARABIC)
            await taps(new, "weekly_checkin/job_sure/5")
            for chat in (old, new):
                await expect(chat.locator("main")).to_contain_text(shown("weekly_checkin/next_step", "ar"))
        for person in (amina, noura):
            assert (await person.answered())["job_sure"] == "5"


@AT_A_DESK_AND_ON_A_PHONE
async def test_a_translator_words_what_is_missing(
    browser: Browser, sqlite_databases: SqliteDatabases, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with house(browser, sqlite_databases, tmp_path, language, size) as at:
        page = at.page
        await at.there.world.publish("small", SMALL)
        await at.comes_in("translator")
        await at.looks("translators_scripts")
        if size == DESK:
            await at.walks_with_tab(80)
        await at.presses('a[href="/scripts/small/texts"]')
        await at.sees("languages")
        await at.presses('a[href="/scripts/small/texts/ar"]')
        await at.sees("missing")
        row = page.locator('[id="small/rested"]')
        await expect(row.locator("strong")).to_have_text(at.desk.catalogs.ui(language)["staff/edit_missing"])
        await row.locator("textarea[name=text]").fill("هل ارتحت؟")
        async with page.expect_navigation(wait_until="load"):
            await row.locator("button").first.click()
        await expect(row.locator("textarea[name=text]")).to_have_value("هل ارتحت؟")
        await expect(row.locator("strong")).to_have_count(0)
        await at.sees("worded")
        await at.opens("/scripts/small/texts")
        async with page.expect_download() as download:
            await page.locator('a[href="/scripts/small/texts/ar/texts.po"]').click()
        file = tmp_path / "texts.po"
        await (await download.value).save_as(file)
        text = file.read_text(encoding="utf-8")
        assert "هل ارتحت؟" in text
        file.write_text(text.replace('msgid "Thank you."\nmsgstr ""', 'msgid "Thank you."\nmsgstr "شكرًا."'), "utf-8")
        await page.locator("#file").set_input_files(file)
        await at.presses('form[action$="/upload"] button')
        await at.looks("uploaded")
        await at.opens("/scripts/small/texts/ar")
        await expect(page.locator('[id="small/thanks"] textarea[name=text]')).to_have_value("شكرًا.")
        await at.opens("/scripts/small/publish")
        await at.sees("not_a_translators")
        await expect(page.locator("#note")).to_have_count(0)


@AT_A_DESK_AND_ON_A_PHONE
async def test_an_administrator_lets_somebody_in_and_out(
    browser: Browser, sqlite_databases: SqliteDatabases, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with (
        house(browser, sqlite_databases, tmp_path, language, size) as at,
        window(browser, size, locale=language) as theirs,
    ):
        page, new = at.page, await theirs.new_page()
        await at.comes_in("administrator")
        await page.locator("#name").fill("Lina Haddad")
        await page.locator("#mail").fill("lina@example.org")
        await page.locator("#role-translator").check()
        await page.locator("#language").select_option(language)
        if size == DESK:
            await at.walks_with_tab()
        await at.presses('form[action="/staff"] button')
        await at.looks("member_added")
        link = await at.link_in_mail()

        at.page = new
        await new.goto(link)
        await at.sees("enrol")
        await at.presses('form[action="/enrol"] button')
        await at.sees("enrol_set_up")
        secret = await new.locator("code.key").inner_text()
        await new.locator("#code").fill("000000")
        await at.presses('form[action="/enrol/app"] button')
        await at.looks("enrol_wrong_code")
        await new.locator("#code").fill(at.shown_by_app(secret.replace(" ", "")))
        await at.presses('form[action="/enrol/app"] button')
        await at.sees("codes")
        await at.opens("/scripts")
        await expect(new.locator("article.script").first).to_be_visible()

        at.page = page
        await at.opens("/staff")
        await at.sees("staff")
        await at.presses("text=Lina Haddad")
        await at.presses('form[action$="/disable"] button')
        await at.looks("member_disabled")

        at.page = new
        await at.opens("/scripts")
        await at.sees("shut_out")
        await expect(new.locator("#mail")).to_be_visible()
        await new.goto(link)
        await at.presses('form[action="/enrol"] button')
        await at.looks("enrol_refused")


@AT_A_DESK_AND_ON_A_PHONE
async def test_an_auditor_finds_what_was_done_and_takes_it_along(
    browser: Browser, sqlite_databases: SqliteDatabases, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with house(browser, sqlite_databases, tmp_path, language, size) as at:
        page = at.page
        kim = await at.comes_in("specialist")
        at.there.world.specialist = kim
        amina = await asks_for_help(at)
        await at.opens(f"/people/{amina.id}")
        await at.presses('form[action$="/reply"] button[value=yes]')
        await at.presses('form[action="/sign-out"] button')
        await at.comes_in("auditor")
        await at.sees("log")
        if size == DESK:
            await at.walks_with_tab(80)
        await page.locator("#who").select_option(f"staff:{kim}")
        await page.locator("#participant").fill(str(amina.id))
        await at.presses("form.find button")
        rows = await page.locator("tbody tr").count()
        assert rows >= 1
        assert "رسالة" not in await page.locator("main").inner_text()
        await at.sees("log_found")
        async with page.expect_download() as download:
            await page.locator('a[href^="/log/table.csv"]').click()
        file = tmp_path / "log.csv"
        await (await download.value).save_as(file)
        table = file.read_text(encoding="utf-8-sig").splitlines()
        assert len(table) == rows + 1
        assert all(str(amina.id) in line for line in table[1:])
        await at.opens("/people")
        await at.sees("not_an_auditors")
        await expect(page.locator("main")).not_to_contain_text("A.M.")


NOT_HERE = {
    "GET /digest/telegram",
    "GET /demo",
    "GET /demo/mail",
    "GET /own/{number}",
    "GET /publications/{number}",
    "GET /programme/versions/{number}",
    "GET /emergency/{participant}",
    "GET /recordings/{language}/{context}",
}
"""Pages about a bot, a demo or one thing of many, of which there is none here. Other tests have them."""

LARGE = {"GET /scripts/{dialogue}", "GET /scripts/{dialogue}/flow"}
"""The editor and the picture may be as large as they are."""

_WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, each) => sum + each.decodedBodySize, 0)"""
_DEAD = """() => [...document.forms].filter((form) => !form.hidden && !form.querySelector("button:not([disabled])"))
    .map((form) => form.outerHTML.slice(0, 200))"""


async def test_every_page_is_light_and_needs_no_scripts(
    browser: Browser, sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    async with house(browser, sqlite_databases, tmp_path, "en", DESK, java_script_enabled=False) as at:
        at.there.world.specialist = await at.comes_in("specialist")
        amina, opened, world = await asks_for_help(at), set[str](), at.there.world
        text, now = EXAMPLE.read_text(encoding="utf-8"), at.there.clock.now()
        await world.database.write(lambda conn: bring_in(conn, world.vault, text, now.date(), now) and None)
        samples = {"day": "2026-03-02", "dialogue": "weekly_checkin", "language": "ar", "version": "1"}
        ids = {"person": amina.id, "participant": amina.id, "member": at.there.world.specialist}
        for role in ROLES:
            if role != "specialist":
                await at.comes_in(role)
            for route in (route for area in AREAS if role in area.roles for route in area.routes):
                if not route.startswith("GET ") or "." in route or route in NOT_HERE | LARGE | opened:
                    continue
                opened.add(route)
                address = route.removeprefix("GET ").format(**samples, **ids, month="2026-02", part="help")
                answer = await at.page.goto(at.address + address, wait_until="load")
                assert answer is not None
                assert answer.status == 200, address
                assert await at.page.locator("h1").count() == 1, address
                assert 1000 < await at.page.evaluate(_WEIGHT) < LIGHT_PAGE, address
                assert await at.page.evaluate(_DEAD) == [], address
        assert len(opened) > 25
