"""Translations on the staff pages: under the words they are of, marked, in their own language and direction; and the
form in which a specialist writes one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot import agreements as pure
from bot.agreements import Hand, Wording
from bot.console.translating import LONGEST
from bot.digest import brevity
from bot.digest.brevity import QUOTE_WORDS
from bot.translating.words import words_of
from bot.wording.own_words import OWN_WORDS
from storage import agreements, audit, leave, people, schema, translations
from storage.leave import Leave
from storage.translations import Kind, Translation
from tests.bot.digest_samples import NOW, TODAY, YESTERDAY, line, plain
from tests.bot.page_forms import Form, Seen
from tests.bot.staff_world import SAME_SITE, MarkedArabic, World, world
from tests.bot.test_person_page import Browser

SAID = "متعبة جدا من الوردية"
SAVE, REMOVE = "Save the translation", "Take your translation away"
MACHINE = (
    '<span class="translated"><span class="mark" lang="en" dir="ltr">Machine translation:</span> '
    '<q lang="en" dir="ltr">Very tired of the shift</q></span>'
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest.fixture
async def anna(service: World) -> int:
    return await service.staff("Anna")


@pytest.fixture
async def samira(service: World, anna: int) -> int:
    """Somebody who shared something in Arabic."""
    person = await service.person("S.K.", anna)
    await service.share(person, line("hard", own=SAID), at=YESTERDAY)
    return person


async def translated(
    service: World,
    person: int,
    text: str = "Very tired of the shift",
    *,
    of: str = SAID,
    language: str = "en",
    staff: int | None = None,
) -> None:
    def put(conn: Connection) -> None:
        cipher, kind = people.participant(conn, service.vault, person).cipher, "human" if staff else "machine"
        mark = words_of(of, "ar").mark(cipher)
        translations.put(conn, cipher, Translation(person, mark, language, kind, staff, NOW, text))  # type: ignore[arg-type]

    await service.database.write(put)


async def kept(service: World, person: int) -> list[tuple[Kind, str, str]]:
    def read(conn: Connection) -> list[tuple[Kind, str, str]]:
        cipher = people.participant(conn, service.vault, person).cipher
        return [(one.kind, one.language, one.text) for one in translations.of_person(conn, cipher, person)]

    return await service.database.read(read)


async def page(browser: Browser, address: str, status: int = 200) -> str:
    answer = await browser.get(address)
    assert answer.status == status
    return plain(await answer.text())


def form(html: str, button: str = SAVE) -> Form:
    return Seen(html).form(button)


async def post(browser: Browser, person: int, key: str, text: str, act: str = "save", status: int = 303) -> str:
    fields = {"words": key, "text": text, "act": act}
    answer = await browser.post(f"/people/{person}/translation", data=fields, headers=SAME_SITE, allow_redirects=False)
    assert answer.status == status, await answer.text()
    return answer.headers["Location"] if status == 303 else plain(await answer.text())


async def key_of(service: World, person: int, words: str = SAID) -> str:
    cipher = await service.database.read(lambda conn: people.participant(conn, service.vault, person).cipher)
    return words_of(words, "ar").mark(cipher).hex()


# What stands there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/digest", "/people/{person}"])
async def test_the_original_stands_first_and_the_translation_under_it(
    service: World, anna: int, samira: int, address: str
) -> None:
    await translated(service, samira)
    async with service.browsing(anna) as browser:
        html = await page(browser, address.format(person=samira))
    assert f'<q lang="ar" dir="auto">{SAID}</q>{MACHINE}' in html


async def test_a_translation_is_shown_in_the_language_of_the_reader_only(
    service: World, anna: int, samira: int
) -> None:
    await translated(service, samira, "Veldig sliten", language="nb")
    async with service.browsing(anna) as browser:
        assert "Veldig sliten" not in await page(browser, "/digest")
    kari = await service.staff("Kari", language="nb")
    await service.database.write(lambda conn: people.assign(conn, samira, kari, NOW))
    seen = update(schema.assignment).values(sees_since=YESTERDAY).filter_by(staff_id=kari)
    await service.database.write(lambda conn: conn.execute(seen) and None)
    async with service.browsing(kari) as browser:
        assert '<q lang="nb" dir="ltr">Veldig sliten</q>' in await page(browser, f"/people/{samira}")


async def test_what_reads_from_the_right_says_so(tmp_path: Path) -> None:
    async with world(tmp_path, MarkedArabic()) as service:
        omar = await service.staff("Omar", language="ar")
        person = await service.person("S.K.", omar)
        await service.share(person, line("hard", own="Tired"), at=YESTERDAY)
        await translated(service, person, "متعب", of="Tired", language="ar")
        async with service.browsing(omar) as browser:
            html = await page(browser, f"/people/{person}")
    assert '<q lang="ar" dir="rtl">متعب</q>' in html


async def test_long_words_and_their_translation_open_together(service: World, anna: int, samira: int) -> None:
    words, text = " ".join(["كلمة"] * 30), " ".join(f"word{number}" for number in range(40))
    await service.share(samira, line("good", own=words), at=YESTERDAY, conversation=5)
    await translated(service, samira, text, of=words)
    async with service.browsing(anna) as browser:
        html = await page(browser, "/digest")
    summary = re.search(r"<summary><q lang=\"ar\".*?</summary>", html, re.DOTALL)
    assert summary is not None
    shown = re.search(r"word0 .*?…", summary[0])
    assert shown is not None
    assert len(shown[0].split()) <= QUOTE_WORDS
    assert f">{text}</q></span></details>" in html


async def test_a_translation_is_not_counted_and_pushes_nothing_off_the_card(
    service: World, anna: int, samira: int
) -> None:
    async with service.browsing(anna) as browser:
        before = await page(browser, "/digest")
        await translated(service, samira, "many words " * 60)
        after = await page(browser, "/digest")
    cut = re.sub(r'<span class="translated">.*?</q></span>', "", after, flags=re.DOTALL)
    assert cut == before != after


async def test_a_request_has_it_too(service: World, anna: int, samira: int) -> None:
    await service.share(samira, line("help", "letters", own="رسالة"), at=YESTERDAY, conversation=6)
    await translated(service, samira, "A letter", of="رسالة")
    async with service.browsing(anna) as browser:
        html = await page(browser, f"/people/{samira}")
    (request,) = re.findall(r'<article class="request".*?</article>', html, re.DOTALL)
    assert '<q lang="en" dir="ltr">A letter</q>' in request


async def test_an_agreement_that_the_person_proposed_has_it_too(service: World, anna: int, samira: int) -> None:
    says = Wording("أسأل عن السبت", "وصل جواب", "ar", "participant", None)
    made = pure.propose(samira, 1, says, Hand("participant", anna, YESTERDAY))
    await service.database.write(lambda conn: agreements.put(conn, people.present(conn, service.vault, samira), made))
    await translated(service, samira, "I ask about Saturday", of="أسأل عن السبت")
    async with service.browsing(anna) as browser:
        html = await page(browser, f"/people/{samira}")
        assert '<q lang="en" dir="ltr">I ask about Saturday</q>' in html
        (sign,) = [
            one for one in Seen(html).forms if ("words", await key_of(service, samira, "وصل جواب")) in one.hidden
        ]
        await post(browser, samira, dict(sign.hidden)["words"], "An answer came")
        html = await page(browser, f"/people/{samira}")
    assert '<q lang="ar" dir="auto">وصل جواب</q><span class="translated"><span class="mark" lang="en"' in html


async def test_what_a_specialist_wrote_gets_no_form(service: World, anna: int, samira: int) -> None:
    says = Wording("Call the shop", "", "nb", "specialist", None)
    made = pure.propose(samira, 1, says, Hand("specialist", anna, YESTERDAY))
    await service.database.write(lambda conn: agreements.put(conn, people.present(conn, service.vault, samira), made))
    async with service.browsing(anna) as browser:
        html = await page(browser, f"/people/{samira}")
    assert sum(SAVE in form.buttons for form in Seen(html).forms) == 1  # of what Samira wrote


# Writing one ----------------------------------------------------------------------------------------------------------


async def test_a_specialist_writes_what_was_read_out_and_it_stands_there_with_their_name(
    service: World, anna: int, samira: int
) -> None:
    await translated(service, samira)
    async with service.browsing(anna) as browser:
        key = dict(form(await page(browser, f"/people/{samira}")).hidden)["words"]
        assert key == await key_of(service, samira)
        where = await post(browser, samira, key, "  So tired \r\n of   shifts <b> ")
        assert where == f"/people/{samira}#t-{key[:12]}"
        html = await page(browser, f"/people/{samira}")
        overview = await page(browser, "/digest")
    mark = '<span class="mark" lang="en" dir="ltr">Translation by Anna, 6 May:</span>'
    shown = f'{mark} <q lang="en" dir="ltr">So tired\nof shifts &lt;b&gt;</q>'
    assert shown in html
    assert shown in overview
    assert "Machine translation" not in html + overview
    assert form(html).texts == {"text": "So tired\nof shifts <b>"}
    records = await service.database.read(lambda conn: audit.records(conn, samira))
    (written,) = [one for one in records if one.action == "translation written"]
    assert (written.actor, written.details) == (f"staff:{anna}", {"language": "en"})


async def test_taken_away_it_leaves_the_machines(service: World, anna: int, samira: int) -> None:
    await translated(service, samira)
    async with service.browsing(anna) as browser:
        html = await page(browser, f"/people/{samira}")
        assert REMOVE not in html
        key = dict(form(html).hidden)["words"]
        await post(browser, samira, key, "Mine")
        form(await page(browser, f"/people/{samira}"), REMOVE)
        for _ in range(2):
            await post(browser, samira, key, "Mine", act="remove")
        assert MACHINE in await page(browser, f"/people/{samira}")
    assert await kept(service, samira) == [("machine", "en", "Very tired of the shift")]
    records = await service.database.read(lambda conn: audit.records(conn, samira))
    assert sum(one.action == "translation taken away" for one in records) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [(" \n ", "Write the translation first."), ("x" * (LONGEST + 1), f"There is room for {LONGEST} letters.")],
)
async def test_what_cannot_be_used_comes_back_with_a_sentence_beside_it(
    service: World, anna: int, samira: int, text: str, why: str
) -> None:
    await service.share(samira, line("good", own="قديم"), at=NOW.replace(year=2024), conversation=7)
    key = await key_of(service, samira, "قديم")
    async with service.browsing(anna) as browser:
        html = await post(browser, samira, key, text, status=422)
    place = f"t-{key[:12]}"
    assert f'<span class="trouble" id="{place}-trouble">{why}' in html
    assert f'aria-describedby="{place}-hint {place}-trouble" aria-invalid="true">{text.strip()}</textarea>' in html
    assert '<details class="sheet card folded" open>' in html
    assert f'id="{place}" lang="en" dir="ltr" open>' in html
    assert await kept(service, samira) == []


async def test_words_that_are_not_shared_any_more_are_not_translated(service: World, anna: int, samira: int) -> None:
    async with service.browsing(anna) as browser:
        for key in (await key_of(service, samira, "never said"), "", "zz"):
            html = await post(browser, samira, key, "Something", status=409)
            assert "These words are not shared any more." in html
    assert await kept(service, samira) == []


async def test_nobody_but_the_specialist_who_is_assigned_writes_one(service: World, anna: int, samira: int) -> None:
    key = await key_of(service, samira)
    others = [
        (await service.staff("Other"), 404),
        (await service.staff("Noor", role="coordinator"), 404),
        (await service.staff("Adm", role="administrator"), 404),
    ]
    for staff, status in others:
        async with service.browsing(staff) as browser:
            await post(browser, samira, key, "Mine", status=status)
    async with service.visitor() as browser:
        await post(browser, samira, key, "Mine", status=401)
    async with service.browsing(anna) as browser:
        await post(browser, samira + 5, key, "Mine", status=404)
        answer = await browser.post(
            f"/people/{samira}/translation", data={"words": key, "text": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status == 403
    assert await kept(service, samira) == []


async def test_whoever_covers_reads_the_translation_and_writes_none(service: World, anna: int) -> None:
    bea = await service.staff("Bea")
    person = await service.person("M.A.", anna)
    away = Leave(anna, TODAY, TODAY, bea)
    await service.database.write(lambda conn: leave.put(conn, away, TODAY.replace(day=1)))
    number = await service.checkin(person, NOW)
    await service.share(person, line("hard", own=SAID), at=NOW, conversation=number)
    await translated(service, person)
    async with service.browsing(bea) as browser:
        html = await page(browser, f"/people/{person}")
        assert MACHINE in html
        assert SAVE not in html
        await post(browser, person, await key_of(service, person), "Mine", status=404)


async def test_the_same_words_have_one_form_and_no_two_parts_one_id(service: World, anna: int, samira: int) -> None:
    await service.share(samira, line("good", own=SAID), line("help", "letters", own=SAID), at=NOW, conversation=8)
    await translated(service, samira)
    async with service.browsing(anna) as browser:
        html = await page(browser, f"/people/{samira}")
    assert html.count(SAVE) == 1
    assert html.count("Very tired of the shift") == 4  # two cards' lines, the request, and the older card
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


async def test_without_a_translation_nothing_is_said_of_one(service: World, anna: int, samira: int) -> None:
    async with service.browsing(anna) as browser:
        assert "ranslat" not in await page(browser, "/digest")
        html = await page(browser, f"/people/{samira}")
    assert 'class="translated"' not in html


def test_every_text_is_said() -> None:
    bot = Path(brevity.__file__).parents[1]
    folders = ("console", "digest", "my_page", "channels/templates")
    files = [path for folder in folders for path in (bot / folder).rglob("*") if path.suffix in (".py", ".html")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*files, bot / "rendering.py"])
    for context in OWN_WORDS:
        name = context.removeprefix("staff/").removeprefix("ui/")
        assert re.search(rf"""["'/.]{re.escape(name.removeprefix("me."))}["']""", source), f"{context} is never said"
