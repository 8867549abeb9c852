"""The staff pages: own people only, only what was shared, and silence that looks the same whatever its cause."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from sqlalchemy import Connection, delete

from bot.console.desk import DESK
from bot.console.overview import digest_of
from bot.digest.brevity import PAGE_WORDS, count_words
from bot.digest.day import Window
from bot.wording import WORDING
from bot.wording.console import CONSOLE
from bot.wording.digest import DIGEST
from storage import audit, channel_state, digests, outbox, people, schema, strays
from storage.database import StorageAway
from storage.vault import Vault
from tests.bot.digest_samples import NOW, TODAY, WEEK, YESTERDAY, line, plain
from tests.bot.staff_world import SAME_SITE, MarkedArabic, World, world

CONSOLE_FOLDER = Path(__file__).parents[2] / "bot" / "console"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


class Reader(HTMLParser):
    """The words of ``main`` that a reader meets before opening anything."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" in self._open and ("details" not in self._open or self._is_summary):
            self.said.append(data)

    @property
    def _is_summary(self) -> bool:
        """In the summary of the only ``details`` around."""
        return "summary" in self._open and self._open.count("details") == 1


def visible(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    return plain(" ".join(" ".join(reader.said).split()))


async def page(answer: ClientResponse) -> str:
    assert answer.status == 200, await answer.text()
    return await answer.text()


# Coming in


async def test_opening_the_link_changes_nothing_and_the_button_opens_the_page(service: World) -> None:
    link = await service.link(await service.staff("Anna"))
    async with service.visitor() as visitor:
        for _ in range(2):
            door = await visitor.get(link)
            assert "Hello Anna" in visible(await page(door))
            assert not door.cookies
        assert (await visitor.head(link)).status == 200
        assert (await visitor.get("/digest")).status == 401
        opened = await visitor.post(link, headers=SAME_SITE, allow_redirects=False)
        assert (opened.status, opened.headers["Location"]) == (303, "/digest")
        assert (await visitor.get("/digest")).status == 200


async def test_a_coordinator_comes_to_the_scripts(service: World) -> None:
    link = await service.link(await service.staff("Kari", "coordinator"))
    async with service.visitor() as visitor:
        opened = await visitor.post(link, headers=SAME_SITE, allow_redirects=False)
        assert opened.headers["Location"] == "/scripts"


async def test_another_site_cannot_press_the_button(service: World) -> None:
    link = await service.link(await service.staff())
    async with service.visitor() as visitor:
        refused = await visitor.post(link, headers={"Sec-Fetch-Site": "cross-site"})
        assert (refused.status, bool(refused.cookies)) == (403, False)


async def test_links_that_open_nothing_answer_alike(service: World) -> None:
    anna, gone = await service.staff("Anna"), await service.staff("Gone")
    person = await service.person("P1", anna)
    await service.database.write(
        lambda conn: people.new_link(conn, service.vault, people.Who(participant_id=person), "of-a-participant", NOW)
    )
    old = await service.link(anna, "revoked")
    await service.database.write(lambda conn: people.revoke_links(conn, people.Who(staff_id=anna), NOW))
    left = await service.link(gone, "left")
    await service.leave(gone)
    async with service.visitor() as visitor:
        answers = [await visitor.get(link) for link in (old, left, "/s/unknown", "/s/of-a-participant")]
        answers += [await visitor.post(link, headers=SAME_SITE) for link in (old, left, "/s/unknown")]
        assert {answer.status for answer in answers} == {404}
        assert len({await answer.text() for answer in answers}) == 1
        assert not any(answer.cookies for answer in answers)


async def test_signing_out_ends_the_session_in_the_records(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        cookies = {
            name: cookie.value
            for name, cookie in browser.session.cookie_jar.filter_cookies(browser.make_url("/")).items()
        }
        left = await browser.post("/sign-out", headers=SAME_SITE)
        assert "You are signed out" in visible(await page(left))
        assert (await browser.get("/digest")).status == 401
        assert (await browser.get("/digest", cookies=cookies)).status == 401


async def test_a_session_ends_after_a_working_day(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        for hours in (4, 8, 11.9):
            service.now = NOW + timedelta(hours=hours)
            assert (await browser.get("/people")).status == 200
        service.now = NOW + timedelta(hours=12)
        assert (await browser.get("/people")).status == 401


async def test_somebody_who_leaves_is_out_at_once(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        assert (await browser.get("/people")).status == 200
        await service.leave(anna)
        assert (await browser.get("/people")).status == 401


# Who sees whom


async def test_anybody_elses_person_is_like_a_person_who_does_not_exist(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    hers, his = await service.person("P1", anna), await service.person("P2", bo)
    nobodys = await service.person("P3", None)
    async with service.browsing(anna) as browser:
        assert (await browser.get(f"/people/{hers}")).status == 200
        answers = [await browser.get(f"/people/{other}") for other in (his, nobodys, 999, "x", "-1")]
        assert {answer.status for answer in answers} == {404}
        assert len({await answer.text() for answer in answers}) == 1
        assert len({frozenset(headers(answer).items()) for answer in answers}) == 1


async def test_a_person_who_is_passed_on_is_gone_with_everything_shared_before(service: World) -> None:
    anna, bo = await service.staff("Anna"), await service.staff("Bo")
    person = await service.person("P1", anna)
    await service.share(person, line("good", own="Secret of before"), at=YESTERDAY)
    await service.database.write(lambda conn: people.assign(conn, person, bo, NOW - timedelta(hours=1)))
    async with service.browsing(anna) as browser:
        assert (await browser.get(f"/people/{person}")).status == 404
        assert "P1" not in await page(await browser.get("/digest"))
    async with service.browsing(bo) as browser:
        assert "Nothing new shared." in visible(await page(await browser.get(f"/people/{person}")))
        assert "Secret" not in await page(await browser.get("/digest"))


@pytest.mark.parametrize("address", ["/digest", "/digest/2025-05-05", "/people", "/people/1", "/demo/mail"])
async def test_a_coordinator_never_comes_to_answers(service: World, address: str) -> None:
    anna, kari = await service.staff("Anna"), await service.staff("Kari", "coordinator")
    await service.share(await service.person("P1", anna), line("week", point=3), at=YESTERDAY)
    async with service.browsing(kari, demo=True) as browser:
        refused = await browser.get(address)
        assert refused.status == 404
        assert await refused.text() == await (await browser.get("/people/999")).text()


async def test_a_specialist_does_not_come_to_the_scripts(service: World) -> None:
    async with service.browsing(await service.staff()) as browser:
        assert (await browser.get("/scripts")).status == 404


@pytest.mark.parametrize("role", ["translator", "auditor"])
async def test_other_roles_come_to_no_participant(service: World, role: str) -> None:
    async with service.browsing(await service.staff("Tor", role)) as browser:
        answers = [await browser.get(address) for address in ("/digest", "/people", "/invite", "/own")]
        assert {answer.status for answer in answers} == {404}


async def test_a_participants_session_opens_no_staff_page(service: World) -> None:
    anna = await service.staff("Anna")
    who = people.Who(participant_id=await service.person("P1", anna))
    await service.database.write(
        lambda conn: people.start_session(conn, service.vault, who, "token", NOW, timedelta(hours=1))
    )
    async with service.visitor() as visitor:
        for cookie in ("medvind", "medvind-staff"):
            assert (await visitor.get("/digest", cookies={cookie: "token"})).status == 401


# Silence


def headers(answer: ClientResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}


async def never_began(service: World, person: int) -> None:
    """Nothing happened at all."""


async def paused(service: World, person: int) -> None:
    await service.database.write(lambda conn: people.set_state(conn, person, "paused", NOW + timedelta(days=7)))


async def stopped(service: World, person: int) -> None:
    await service.database.write(lambda conn: people.set_state(conn, person, "stopped"))


async def expired(service: World, person: int) -> None:
    await service.conversation(person, "expired")


async def skipped_or_kept_everything(service: World, person: int) -> None:
    await service.conversation(person, "closed")


async def in_the_middle(service: World, person: int) -> None:
    await service.conversation(person, "open")


async def took_it_back(service: World, person: int) -> None:
    await service.share(person, line("week", point=1), at=YESTERDAY, conversation=9)
    await service.database.write(lambda conn: digests.remove_cards(conn, [(person, 9, "checkin/sharing")]))


async def another_language(service: World, person: int) -> None:
    await service.database.write(lambda conn: people.set_language(conn, person, "ti"))


Cause = Callable[[World, int], Awaitable[None]]
CAUSES: list[Cause] = [
    never_began,
    paused,
    stopped,
    expired,
    skipped_or_kept_everything,
    in_the_middle,
    took_it_back,
    another_language,
]


async def seen_by_the_specialist(
    folder: Path, cause: Cause, shared_before: bool
) -> list[tuple[int, dict[str, str], bytes]]:
    """Every page that could tell, in a service where one of three people is silent for this cause."""
    async with world(folder) as service:
        anna = await service.staff("Anna")
        silent, talking, third = [await service.person(name, anna) for name in ("S.K.", "A.B.", "T.T.")]
        await service.share(talking, line("week", point=3), line("help", "letters"), at=YESTERDAY)
        if shared_before:
            for person in (silent, third):
                await service.share(person, line("week", point=2), at=YESTERDAY - 3 * WEEK)
        await cause(service, silent)
        async with service.browsing(anna) as browser:
            addresses = [f"/people/{silent}", f"/people/{third}", "/people", "/digest", "/digest/2025-05-05"]
            answers = [await browser.get(address) for address in addresses]
            return [(answer.status, headers(answer), await answer.read()) for answer in answers]


@pytest.mark.parametrize("shared_before", [False, True], ids=["new here", "shared three weeks ago"])
async def test_silence_looks_the_same_whatever_its_cause(tmp_path: Path, shared_before: bool) -> None:
    seen = [await seen_by_the_specialist(tmp_path / cause.__name__, cause, shared_before) for cause in CAUSES]
    for cause, pages in zip(CAUSES, seen, strict=True):
        assert pages == seen[0], f"{cause.__name__} can be told from {CAUSES[0].__name__}"
    silent = visible(seen[0][0][2].decode())
    assert silent.startswith("S.K. Name of S.K. Nothing new shared.")
    assert [status for status, _, _ in seen[0]] == [200] * 5


async def test_the_overview_does_not_name_the_silent(service: World) -> None:
    anna = await service.staff("Anna")
    await service.person("S.K.", anna)
    await service.share(await service.person("A.B.", anna), line("week", point=3), at=YESTERDAY)
    async with service.browsing(anna) as browser:
        digest = await page(await browser.get("/digest"))
        assert "A.B." in digest
        assert "S.K." not in digest


# The pages


async def test_the_digest_of_a_day(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna, name="Sara K")
    for week, point in enumerate((4, 3)):
        await service.share(person, line("week", point=point), at=YESTERDAY - (2 - week) * WEEK)
    await service.share(
        person,
        line("week", point=3),
        line("help", "letters", own="ورقة <b>من</b> المدرسة"),
        line("good", own="I closed the till alone."),
        at=YESTERDAY,
    )
    async with service.browsing(anna) as browser:
        html = await page(await browser.get("/digest"))
    assert visible(html) == (
        "Tuesday 6 May · Anna Asked for help (1) S.K. ورقة <b>من</b> المدرسة Letters from offices "
        "New shared check-ins (1) S.K. Requests open: 1. New this week: 1. 1 may be not your role. "
        "Nothing else is waiting. Order: requests, agreements, news, new check-ins. Oldest first. "
        "Why am I seeing this? S.K. shared 5 May Asked for help ورقة <b>من</b> المدرسة Letters from offices "
        "Why am I seeing this? Week In between Earlier: In between (28 April), Good (21 April). "
        "Good I closed the till alone. Shared by S.K. for job support. Not an activity report. Earlier: Monday 5 May"
    )
    assert '<q lang="ar" dir="auto">ورقة &lt;b&gt;من&lt;/b&gt; المدرسة</q>' in html


@pytest.mark.parametrize("people_sharing", [2, 7], ids=["open cards", "folded cards"])
async def test_the_words_that_are_counted_are_the_words_on_the_page(service: World, people_sharing: int) -> None:
    anna = await service.staff("Anna")
    for number in range(people_sharing):
        person = await service.person(f"P.{number}", anna)
        for week, point in enumerate((4, 5, 4, 5, 2, 2)):
            at = YESTERDAY - (5 - week) * WEEK
            lines = [line("week", point=point), line("sure", point=3), line("help", "letters", own="word " * 40)]
            await service.share(person, *lines, line("hard", "noise", "boss", own="much " * 30), at=at)
    async with service.browsing(anna) as browser:
        html = await page(await browser.get("/digest"))
        desk = service.application()[DESK]
    staff = await service.database.read(lambda conn: people.staff(conn, service.vault, anna))
    covered = Window(YESTERDAY - timedelta(hours=1), NOW)
    digest = await service.database.read(lambda conn: digest_of(conn, desk, staff, TODAY, covered))
    earlier_day = count_words("Earlier: Monday 5 May")
    assert count_words(visible(html)) == digest.words + earlier_day


async def test_five_people_fold_and_the_page_stays_short(service: World) -> None:
    anna = await service.staff("Anna")
    for number in range(22):
        person = await service.person(f"P.{number}", anna)
        await service.share(person, line("week", point=3), line("help", own="word " * 90), at=YESTERDAY)
    async with service.browsing(anna) as browser:
        html = await page(await browser.get("/digest"))
    assert count_words(visible(html)) <= PAGE_WORDS
    assert html.count('<details class="sheet card folded"') == 22
    assert html.count(("word " * 90).strip()) == 22, "what is folded is still all there"


async def test_earlier_days_can_be_read_and_later_ones_do_not_exist(service: World) -> None:
    anna = await service.staff("Anna")
    await service.share(await service.person("S.K.", anna), line("week", point=3), at=YESTERDAY - timedelta(days=4))
    async with service.browsing(anna) as browser:
        assert "Thursday 1 May" in visible(await page(await browser.get("/digest/2025-05-01")))
        assert "S.K." in visible(await page(await browser.get("/digest/2025-05-02")))
        assert "Nothing new shared." in visible(await page(await browser.get("/digest/2025-05-05")))
        for day in ("2025-05-07", "2025-02-30", "tomorrow", "0000-00-00"):
            assert (await browser.get(f"/digest/{day}")).status == 404


async def test_the_page_of_a_person_has_the_new_and_the_earlier(service: World) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna, name="Sara K")
    await service.share(person, line("good", own="The old one"), at=YESTERDAY - 5 * WEEK)
    await service.share(person, line("good", own="The new one"), at=YESTERDAY)
    other = await service.person("A.B.", anna)
    await service.share(other, line("good", own="Of somebody else"), at=YESTERDAY)
    async with service.browsing(anna) as browser:
        html = await page(await browser.get(f"/people/{person}"))
    assert visible(html).startswith("S.K. Sara K New shared 5 May Good The new one Write a translation Shared")
    assert visible(html).endswith("Shared earlier shared 31 March")
    assert "The old one" in html
    assert "Of somebody else" not in html


async def test_everybody_stands_in_the_order_of_the_alphabet(service: World) -> None:
    anna = await service.staff("Anna")
    for pseudonym in ("T.T.", "a.b.", "S.K."):
        await service.person(pseudonym, anna, name="N")
    async with service.browsing(anna) as browser:
        said = visible(await page(await browser.get("/people")))
    assert said == "All people Everyone you work with, in alphabetical order. a.b. N S.K. N T.T. N"


async def test_a_caseload_may_be_empty(service: World) -> None:
    async with service.browsing(await service.staff()) as browser:
        assert "Nobody is assigned to you now." in visible(await page(await browser.get("/people")))


async def test_a_held_mail_is_visible(service: World) -> None:
    anna = await service.staff("Anna")

    def hold(conn: Connection) -> None:
        digests.claim_digests(conn, {(anna, "2025-05-06"): "<id>"}, NOW)
        digests.mark_digests(conn, [(anna, "2025-05-06")], "held", NOW)

    await service.database.write(hold)
    async with service.browsing(anna) as browser:
        assert "The message of Tuesday 6 May may not have reached you." in visible(
            await page(await browser.get("/digest"))
        )
        assert "may not have reached" not in await page(await browser.get("/digest/2025-05-05"))


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</q></bdi></details><h1>",
    "{{ 7 * 7 }} {% raw %} ${7*7} {name}",
    "javascript:alert(1) https://example.org 22 00 00 00",
    "\u202e\u2066 turned round",
]


@pytest.mark.parametrize("words", HOSTILE)
async def test_what_people_write_is_text(service: World, words: str) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna, name=words)
    await service.share(person, line("good", own=words), line("help", own=words), at=YESTERDAY)
    async with service.browsing(anna) as browser:
        for address in ("/digest", f"/people/{person}", "/people"):
            html = await page(await browser.get(address))
            assert words.split()[0] in plain(visible(html))
            tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)}
            assert not tags & {"script", "img", "iframe"}
            assert html.count("<h1") == 1
            assert not re.search(r'href="(?!/|#)', html), "nothing a person wrote becomes a link"
            assert not re.search(r"<[^>]*\son\w+=", html)


async def test_pages_are_not_kept_by_browsers_and_load_nothing_from_elsewhere(service: World) -> None:
    anna = await service.staff("Anna")
    async with service.browsing(anna) as browser:
        answer = await browser.get("/digest")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        html = await answer.text()
        assert "<script" not in html
        assert "style=" not in html
        assert "//" not in "".join(re.findall(r'(?:src|href|action)="([^"]*)"', html))
        (css,) = re.findall(r'href="(/console/static/console\.css\?v=[0-9a-f]+)"', html)
        kept = await browser.get(css)
        assert (kept.status, kept.headers["Content-Encoding"]) == (200, "gzip")
        assert "immutable" in kept.headers["Cache-Control"]
    css = (CONSOLE_FOLDER / "static" / "console.css").read_text()
    assert not re.search(r"\b(left|right)\b|(margin|padding|border)-(top|bottom)|[^-]width:|[^-]height:\s*\d", css)
    assert "url(" not in css


# The record of who looked


def openings(conn: Connection, person: int) -> list[tuple[str, str, datetime]]:
    return [(one.actor, one.action, one.at) for one in audit.records(conn, person)]


async def test_every_opening_is_on_record(service: World) -> None:
    anna = await service.staff("Anna")
    person, silent = await service.person("S.K.", anna), await service.person("T.T.", anna)
    await service.share(person, line("week", point=3), at=YESTERDAY)
    async with service.browsing(anna) as browser:
        await page(await browser.get("/digest"))
        await page(await browser.get(f"/people/{person}"))
        await page(await browser.get(f"/people/{silent}"))
        assert (await browser.get("/people/999")).status == 404
    found = await service.database.read(lambda conn: (openings(conn, person), openings(conn, silent)))
    assert found == (
        [(f"staff:{anna}", "digest opened", NOW), (f"staff:{anna}", "person opened", NOW)],
        [(f"staff:{anna}", "person opened", NOW)],
    )


async def test_nothing_is_shown_that_cannot_be_recorded(service: World, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await service.staff("Anna")
    person = await service.person("S.K.", anna)
    await service.share(person, line("good", own="Do not show"), at=YESTERDAY)
    async with service.browsing(anna) as browser:

        async def full(work: Callable[[Connection], Any]) -> Any:
            raise StorageAway("no room")

        monkeypatch.setattr(service.database, "write", full)
        for address in ("/digest", f"/people/{person}"):
            answer = await browser.get(address)
            assert answer.status == 503
            said = await answer.text()
            assert "Nothing is lost." in said
            assert "Do not show" not in said


# Languages


async def test_a_card_never_mixes_languages(tmp_path: Path) -> None:
    """A specialist in Arabic, a script that only has English and Norwegian: the card is English throughout."""
    async with world(tmp_path, MarkedArabic()) as service:
        anna = await service.staff("Anna", language="ar")
        await service.share(await service.person("S.K.", anna), line("week", point=3), at=YESTERDAY)
        async with service.browsing(anna) as browser:
            html = await page(await browser.get("/digest"))
    assert '<html lang="ar" dir="rtl">' in html
    block = re.search(r'<div class="block" lang="en" dir="ltr">(.*?)</div>\s*<p class="purpose"', html, re.S)
    assert block is not None
    assert not re.search(r"[\u0600-\u06ff]", block[1])
    assert '<p class="purpose" lang="en" dir="ltr">' in html
    assert "ع A machine translated this page." in html


async def test_a_language_nobody_offers_reads_as_the_source(service: World) -> None:
    anna = await service.staff("Anna", language="xx")
    async with service.browsing(anna) as browser:
        assert '<html lang="en" dir="ltr">' in await page(await browser.get("/digest"))


# Scripts


async def test_a_coordinator_sees_what_the_check_found(service: World) -> None:
    broken = "dialogue: broken\nlanguage: en\n\nsteps:\n\n  hello:\n    say: Hi {nam}.\n"
    (service.scripts_folder / "broken.yaml").write_text(broken, encoding="utf-8")
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        said = visible(await page(await browser.get("/scripts")))
        of_one = visible(await page(await browser.get("/scripts/checkin")))
        of_broken = visible(await page(await browser.get("/scripts/broken")))
    assert "A short check-in checkin.yaml" in said
    assert "5 questions" in said
    assert "Longest way through: 5 questions" in said
    assert "Complete in: English" in said
    assert "Published as version 1 on 7 January" in said
    assert "The check found no problems." in said
    assert "1 problem" in said
    assert "Not published yet" in said
    assert "medvind play checkin" in of_one
    assert "Did you mean" in of_broken
    assert "line 7 · hello · MV" in of_broken


async def test_a_script_that_changed_after_it_was_published_says_so(service: World) -> None:
    file = service.scripts_folder / "checkin.yaml"
    file.write_text(file.read_text().replace("How was your week?", "How did the week go?"), encoding="utf-8")
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        assert "The file has changed since it was published." in visible(await page(await browser.get("/scripts")))


async def test_what_is_in_use_stays_in_the_list_when_its_file_is_gone(service: World) -> None:
    (service.scripts_folder / "checkin.yaml").unlink()
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        assert "Published as version 1" in visible(await page(await browser.get("/scripts")))
        await service.database.write(lambda conn: conn.execute(delete(schema.script_version)) and None)
        assert "There is no script in the folder scripts." in visible(await page(await browser.get("/scripts")))


async def test_a_coordinator_is_told_what_did_not_get_through_and_not_whose_it_was(service: World) -> None:
    async with service.browsing(await service.staff("Kari", "coordinator")) as browser:
        assert "Please look at this" not in visible(await page(await browser.get("/scripts")))
        await service.database.write(lambda conn: _trouble(conn, service.vault))
        said = visible(await page(await browser.get("/scripts")))
    assert "Please look at this" in said
    assert "Telegram was out of reach from Monday 5 January 06:30 to Tuesday 6 January 11:00." in said
    assert "The messenger says: Unauthorized" in said
    assert "1 message could not be read by Medvind." in said
    assert "1 message could not be delivered." in said


def _trouble(conn: Connection, vault: Vault) -> None:
    channel = "telegram:700001"
    away = {"channel": channel, "from": "2026-01-05T06:30:00+00:00", "to": "2026-01-06T11:00:00+00:00"}
    audit.record(conn, at=NOW, actor="system", action="channel.long_gap", details=away)
    channel_state.trouble(conn, channel, "Unauthorized")
    strays.keep(conn, vault, channel, "1", b"{", "DecodeError", NOW)
    person = people.add_participant(
        conn, vault, name="Sam", pseudonym="S.", language="en", time_zone="Europe/Oslo", now=NOW
    )
    outbox.add(conn, [outbox.Queued(person, 1, 0, channel, b"sealed", "dead", NOW)])


def test_the_wording_has_no_text_too_many_and_none_too_few() -> None:
    """A text that no page says would be translated for nothing; one that is missing would be an error page."""
    places = [
        *CONSOLE_FOLDER.rglob("*.html"),
        *CONSOLE_FOLDER.rglob("*.py"),
        *CONSOLE_FOLDER.parent.glob("digest/*.py"),
    ]
    places += [CONSOLE_FOLDER.parent / "mailing.py", CONSOLE_FOLDER.parents[1] / "dialogues" / "attention.yaml"]
    places += CONSOLE_FOLDER.parent.glob("staff_*.py")
    source = "\n".join(path.read_text(encoding="utf-8") for path in places)
    notices = {"away", "link_closed", "not_found", "sign_in", "signed_out"}
    for context in (*CONSOLE, *(each for each in DIGEST if each.startswith("staff/"))):
        name = context.removeprefix("staff/")
        is_title = name.removesuffix("_title") in notices
        assert re.search(rf"""[\["'/.]{name}\b""", source) or is_title, f"{context} is never said"
    templates = "\n".join(path.read_text(encoding="utf-8") for path in CONSOLE_FOLDER.rglob("*.html"))
    for name in set(re.findall(r"\bt\.(\w+)", templates)):
        assert f"staff/{name}" in WORDING, f"a page says {name}, which the wording lacks"
