"""The texts of a script in other languages: their state, the way into use, and the files of translators."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from aiohttp import ClientResponse, FormData

from bot.catalogs import Catalogs, po
from bot.catalogs.files import catalogue_path
from bot.catalogs.language import language
from bot.catalogs.po import FUZZY, Entry, PoFile
from bot.catalogs.sources import script_texts as texts_of_script
from bot.catalogs.states import Mark, State, marked, state_of
from bot.editor import exchange, spreadsheet
from bot.editor.changing import apply
from bot.editor.pulling import pull
from bot.editor.spreadsheet import SheetRefused
from bot.editor.wordings import Wordings
from dialogues.loader import load
from storage import script_texts, scripts
from storage.script_texts import ScriptText
from storage.scripts import ScriptVersion
from tests.bot.digest_samples import NOW
from tests.bot.staff_world import CHECKIN, SAME_SITE, MarkedArabic, World, world
from tests.bot.test_script_pages import Browser, change, html_of, post, text_of

SCRIPT = load(CHECKIN)
CONTEXTS = texts_of_script(SCRIPT)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, MarkedArabic()) as made:
        yield made


def source_of(page: str, context: str) -> str:
    found = re.search(
        rf'name="context" value="{re.escape(context)}"><input type="hidden" name="source" value="([^"]*)"', page
    )
    assert found is not None
    return found[1]


async def translate(browser: Browser, context: str, text: str, **more: str) -> ClientResponse:
    page = await html_of(await browser.get("/scripts/checkin/texts/ar"))
    fields = {"context": context, "source": source_of(page, context), "text": text, **more}
    return await post(browser, "/scripts/checkin/texts/ar", fields)


async def translate_all(service: World, by: int) -> None:
    """Every text in Arabic, as somebody wrote it."""
    for context, text in CONTEXTS.items():
        given = ScriptText("ar", context, text, f"ع {text}", "reviewed", by, NOW)
        await service.database.write(lambda conn, one=given: script_texts.put(conn, one) and None)  # type: ignore[misc]


async def test_a_reworded_question_flags_its_translation_until_somebody_mends_it(service: World) -> None:
    """The whole way: reword, see it outdated, mend it, publish, while somebody is in the middle of the old version."""
    nora, person = await service.staff("Nora", "coordinator"), await service.person("S.K.", None)
    await translate_all(service, nora)
    async with service.browsing(nora) as browser:
        page = await html_of(await browser.get("/scripts/checkin/texts"))
        assert f"{len(CONTEXTS)} reviewed" in page
        await post(browser, "/scripts/checkin/publish", {"revision": "v1", "note": "Arabic."})
        await service.conversation(person, "open")
        await change(browser, do="reword", step="week", part="", text="And the week?")
        page = await html_of(await browser.get("/scripts/checkin/texts/ar"))
        assert "<strong>outdated</strong>" in page
        assert "It was made for:" in page
        publish = await html_of(await browser.get("/scripts/checkin/publish"))
        assert "/scripts/checkin/texts/ar?find=checkin/week#checkin/week" in publish
        assert "It would not be complete any more" not in publish, "the old words stay in use"
        claim = await translate(browser, "checkin/week", "ع والأسبوع؟", state="reviewed")
        assert "Only a translator who has this language" in await html_of(claim, 422)
        async with service.browsing(await service.translator("Amal", "ar")) as reader:
            answer = await translate(reader, "checkin/week", "ع والأسبوع؟", state="reviewed")
        assert answer.headers["Location"] == "/scripts/checkin/texts/ar#checkin/week"
        assert "<strong>outdated" not in await html_of(await browser.get("/scripts/checkin/texts/ar"))
        await post(browser, "/scripts/checkin/publish", {"revision": "r1", "note": "Shorter."})
    versions = [await service.database.read(lambda conn, n=n: scripts.version(conn, "checkin", n)) for n in (2, 3)]
    assert [version.texts["ar"]["checkin/week"] for version in versions] == ["ع How was your week?", "ع والأسبوع؟"]
    assert [version.texts["en"]["checkin/week"] for version in versions] == ["How was your week?", "And the week?"]


async def test_what_a_translator_cannot_save(service: World) -> None:
    async with service.browsing(await service.staff("Tara", "translator")) as browser:
        empty = await translate(browser, "checkin/week", " ")
        assert "An empty text is not saved." in await html_of(empty, 422)
        wrong = await translate(browser, "checkin/week", "كيف {name}؟")
        assert "{name} is not in the source." in await html_of(wrong, 422)
        assert "كيف {name}؟" in await html_of(await translate(browser, "checkin/week", "كيف {name}؟"), 422)
        fields = {"context": "checkin/week", "source": "Another text", "text": "كيف؟"}
        changed = await post(browser, "/scripts/checkin/texts/ar", fields)
        assert "The text beside it has changed meanwhile." in await html_of(changed, 422)
        assert await service.database.read(script_texts.every) == []
        saved = await translate(browser, "checkin/week", "كيف كان أسبوعك؟")
        assert saved.status == 303
        assert (await post(browser, "/scripts/checkin/publish", {"revision": "v1", "note": "x"})).status == 404
    [kept] = await service.database.read(script_texts.every)
    assert (kept.state, kept.text) == ("human draft", "كيف كان أسبوعك؟")


async def test_while_a_script_has_problems_its_texts_wait(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        text = CHECKIN.replace("offer: [week,", "offer: [wek,")
        await post(browser, "/scripts/checkin", {"revision": "v1", "text": text})
        for address in ("/scripts/checkin/texts", "/scripts/checkin/texts/ar", "/scripts/checkin/examples"):
            assert "The check finds problems in this script." in await html_of(await browser.get(address))
        assert (await browser.get("/scripts/checkin/texts.xlsx")).status == 404


# Which text counts ------------------------------------------------------------------------------------------------


def catalogs(folder: Path, *entries: Entry, drafts: bool = True) -> Catalogs:
    """Catalogues of a folder with one language, Norwegian, and no wording."""
    path = catalogue_path(folder, "nb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(po.dump(PoFile({"Language": "nb", "Plural-Forms": language("nb").plural_forms}, (), entries)))
    return Catalogs.load(folder, allow_drafts=drafts, wording={})


def entry(context: str, source: str, text: str, state: State = State.REVIEWED, **more: tuple[str, ...]) -> Entry:
    return marked(Entry(context, (source,), (text,), **more), Mark(state, "Kari", date(2025, 1, 2)))


def written(source: str, text: str, state: str = "human draft") -> ScriptText:
    return ScriptText("nb", "checkin/week", source, text, state, 7, NOW)


def test_the_console_lies_over_the_files(tmp_path: Path) -> None:
    found = catalogs(tmp_path, entry("checkin/week", "A?", "Fra filen?"))
    assert Wordings(found).of("nb", "checkin/week", "A?").state is State.REVIEWED
    over = Wordings(found, [written("A?", "Fra konsollen?"), written("B?", "Ny?")])
    assert over.of("nb", "checkin/week", "A?").text == "Fra konsollen?"
    assert over.of("nb", "checkin/week", "B?").text == "Ny?"
    old = over.of("nb", "checkin/week", "C?")
    assert (old.text, old.state, old.made_for, old.by) == ("Ny?", State.OUTDATED, "B?", 7)
    assert over.of("nb", "checkin/gone", "x").state is State.MISSING


def test_what_is_in_use_stays_in_use_until_there_is_something_right(tmp_path: Path) -> None:
    texts = {"en": {"checkin/week": "A?"}, "nb": {"checkin/week": "I bruk?"}}
    version = ScriptVersion("checkin", 1, "", {"checkin": CHECKIN}, texts, NOW, "start")
    found = catalogs(tmp_path, entry("checkin/week", "B?", "Fra filen?"))
    over = Wordings(found, [], [version])
    assert over.of("nb", "checkin/week", "A?").text == "I bruk?"
    assert over.of("nb", "checkin/week", "B?").text == "Fra filen?"
    assert over.of("nb", "checkin/week", "C?").made_for == "A?"
    first = Wordings(catalogs(tmp_path, entry("checkin/week", "A?", "Fra filen?")), [], [version], as_published=True)
    assert first.of("nb", "checkin/week", "A?").text == "I bruk?"


def test_what_a_file_marks_as_fuzzy_belongs_to_the_text_before(tmp_path: Path) -> None:
    fuzzy = entry("checkin/week", "B?", "Gammel?", flags=(FUZZY,), previous=("A?",))
    over = Wordings(catalogs(tmp_path, fuzzy))
    assert over.of("nb", "checkin/week", "A?").state is State.REVIEWED
    assert over.of("nb", "checkin/week", "B?").state is State.OUTDATED


def test_a_language_is_there_whole_and_reviewed_or_not_at_all(tmp_path: Path) -> None:
    every = [entry(context, text, f"nb {text}") for context, text in CONTEXTS.items()]
    assert Wordings(catalogs(tmp_path, *every, drafts=False)).written_texts(SCRIPT, "nb") is not None
    assert Wordings(catalogs(tmp_path, *every[1:])).written_texts(SCRIPT, "nb") is None
    over = [ScriptText("nb", "checkin/sharing", CONTEXTS["checkin/sharing"], "x {specialist}", "human draft", 7, NOW)]
    strict = catalogs(tmp_path, *every, drafts=False)
    assert Wordings(strict, over).written_texts(SCRIPT, "nb") is None, "sharing has to be reviewed"
    assert Wordings(catalogs(tmp_path, *every), over).written_texts(SCRIPT, "nb") is not None
    wrong = [ScriptText("nb", "checkin/week", CONTEXTS["checkin/week"], "{name}?", "reviewed", 7, NOW)]
    assert Wordings(catalogs(tmp_path, *every), wrong).written_texts(SCRIPT, "nb") is None


def test_translations_are_entered_into_the_files_and_nothing_is_erased(tmp_path: Path) -> None:
    catalogs(
        tmp_path,
        entry("checkin/week", "A?", "Fra filen?", State.MACHINE_DRAFT),
        entry("checkin/good", "Good?", "Bra?"),
    )
    given = [
        written("A?", "Fra konsollen?", "reviewed"),
        ScriptText("nb", "checkin/good", "Other?", "Annet?", "human draft", 7, NOW),
        ScriptText("xx", "checkin/good", "Good?", "?", "human draft", 7, NOW),
    ]
    [done] = pull(tmp_path, given, {7: "Nora"})
    assert (done.entered, done.waiting) == (("checkin/week",), ("checkin/good",))
    assert "1 wait" in str(done)
    week, good = po.read(catalogue_path(tmp_path, "nb")).live
    assert (week.texts, state_of(week), "by Nora" in week.notes[0]) == (("Fra konsollen?",), State.REVIEWED, True)
    assert good.texts == ("Bra?",)
    assert pull(tmp_path, given, {7: "Nora"})[0].entered == ()


# Files ---------------------------------------------------------------------------------------------------------


async def upload(browser: Browser, name: str, data: bytes, revision: str = "v1") -> ClientResponse:
    form = FormData()
    form.add_field("revision", revision)
    form.add_field("file", io.BytesIO(data), filename=name, content_type="application/octet-stream")
    return await browser.post("/scripts/checkin/upload", data=form, headers=SAME_SITE, allow_redirects=False)


def book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(changed: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    changed.save(target)
    return target.getvalue()


async def test_a_spreadsheet_comes_back_as_it_left_and_changes_nothing(service: World) -> None:
    nora = await service.staff("Nora", "coordinator")
    await translate_all(service, nora)
    async with service.browsing(nora) as browser:
        data = await (await browser.get("/scripts/checkin/texts.xlsx")).read()
        assert "Nothing in the file is different." in await html_of(await upload(browser, "a.xlsx", data))
        sheet = book(data)["texts"]
        assert [cell.value for cell in sheet[1]] == ["text", "was", "en", "ar", "ar state"]
        assert sheet.max_row == len(CONTEXTS) + 1


async def test_a_spreadsheet_rewords_and_translates(service: World) -> None:
    nora = await service.staff("Nora", "coordinator")
    await translate_all(service, nora)
    async with service.browsing(nora) as browser:
        changed = book(await (await browser.get("/scripts/checkin/texts.xlsx")).read())
        rows = {row[0].value: row for row in changed["texts"].iter_rows(min_row=2)}
        rows["checkin/week"][2].value = "=1+1 is a week"
        rows["checkin/week"][2].data_type = "s"
        rows["checkin/week"][3].value = "ع جديد"
        rows["checkin/good"][3].value = None
        rows["checkin/hard/noise"][3].value = "ع {nam}"
        rows["checkin/sure"][0].value = "checkin/nothing"
        page = await html_of(await upload(browser, "texts.xlsx", saved(changed)))
        assert "1 text of the script was reworded" in page
        assert "checkin/nothing" in page
        assert "checkin/hard/noise (ar)" in page
    assert 'ask: "=1+1 is a week"' in await text_of(service) or "ask: =1+1 is a week" in await text_of(service)
    found = {(one.context, one.source): one.text for one in await service.database.read(script_texts.every)}
    assert found["checkin/week", "=1+1 is a week"] == "ع جديد"
    assert found["checkin/good", "What was good?"] == "ع What was good?", "a blank erases nothing"


async def test_what_was_reworded_in_both_places_stays(service: World) -> None:
    nora = await service.staff("Nora", "coordinator")
    async with service.browsing(nora) as browser:
        changed = book(await (await browser.get("/scripts/checkin/texts.xlsx")).read())
        await change(browser, do="reword", step="week", part="", text="And the week?")
        rows = {row[0].value: row for row in changed["texts"].iter_rows(min_row=2)}
        rows["checkin/week"][2].value = "Your week?"
        page = await html_of(await upload(browser, "texts.xlsx", saved(changed), "r1"))
        assert "This was reworded here and in the file" in page
    assert "And the week?" in await text_of(service)


async def test_a_translator_brings_texts_and_rewords_nothing(service: World) -> None:
    async with service.browsing(await service.staff("Tara", "translator")) as browser:
        changed = book(await (await browser.get("/scripts/checkin/texts.xlsx")).read())
        rows = {row[0].value: row for row in changed["texts"].iter_rows(min_row=2)}
        rows["checkin/week"][2].value = "Your week?"
        rows["checkin/good"][3].value = "ما الجيد؟"
        page = await html_of(await upload(browser, "texts.xlsx", saved(changed)))
        assert "Only coordinators change the words of the script itself." in page
        assert (await upload(browser, "checkin.yaml", CHECKIN.encode())).status == 422
    assert await text_of(service) == CHECKIN
    assert [one.context for one in await service.database.read(script_texts.every)] == ["checkin/good"]


async def test_a_po_file_goes_out_and_comes_back(service: World) -> None:
    nora = await service.staff("Nora", "coordinator")
    await translate_all(service, nora)
    async with service.browsing(nora) as browser:
        await change(browser, do="reword", step="week", part="", text="And the week?")
        text = (await (await browser.get("/scripts/checkin/texts/ar/texts.po")).read()).decode()
        file = po.parse(text)
        week = next(each for each in file.live if each.context == "checkin/week")
        assert (week.flags, week.previous, week.texts) == ((FUZZY,), ("How was your week?",), ("ع How was your week?",))
        same = await html_of(await upload(browser, "ar.po", text.encode(), "r1"))
        assert "Nothing in the file is different." in same
        mended = text.replace('#, fuzzy\n#| msgid "How was your week?"\n', "").replace(
            "ع How was your week?", "ع والأسبوع؟"
        )
        page = await html_of(await upload(browser, "ar.po", mended.encode(), "r1"))
        assert "1 text" in page
    found = [one for one in await service.database.read(script_texts.every) if one.source == "And the week?"]
    assert [one.text for one in found] == ["ع والأسبوع؟"]


async def test_a_script_goes_out_and_comes_back(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        data = await (await browser.get("/scripts/checkin/script.yaml")).read()
        assert data.decode() == CHECKIN
        changed = CHECKIN.replace("What was good?", "And good?").replace("\n", "\r\n").encode("utf-8-sig")
        answer = await upload(browser, "checkin.yaml", changed)
        assert answer.status == 303
        late = await upload(browser, "checkin.yaml", CHECKIN.replace("What was good?", "Good?").encode())
        assert late.status == 409, "somebody was quicker"
    assert await text_of(service) == CHECKIN.replace("What was good?", "And good?")


def formula() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "texts"
    sheet.append(["text", "was", "en", "ar", "ar state"])
    sheet.append(["checkin/week", "", "=1+1", "", ""])
    return saved(made)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (spreadsheet.LARGEST_INSIDE + 1))
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"not a sheet", "This spreadsheet cannot be read."),
        ("a.xlsx", formula(), "There is a formula in this spreadsheet."),
        ("a.xlsx", bomb(), "This spreadsheet is too large."),
        ("a.xlsx", saved(openpyxl.Workbook()), "The headings of the first row are not as they were."),
        ("a.po", b"msgid", "This PO file cannot be read."),
        ("a.po", b'msgid ""\nmsgstr "Language: tr\\n"\n', "is not one of this conversation"),
        ("a.exe", b"MZ", "This kind of file cannot be brought in here."),
        ("a.yaml", b"\xff\xfe", "This file is not saved as UTF-8 text."),
        ("a.yaml", b"x" * (257 * 1024), "This script is too large."),
    ],
)
async def test_a_wrong_file_is_refused_with_a_sentence(service: World, name: str, data: bytes, said: str) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        assert said in await html_of(await upload(browser, name, data), 422)
    assert await text_of(service) == CHECKIN


async def test_a_huge_file_is_not_even_read(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        assert (await upload(browser, "a.xlsx", b"0" * (2 * 1024 * 1024))).status == 413
        plain = await browser.post("/scripts/checkin/upload", data={"file": "x"}, headers=SAME_SITE)
        assert plain.status == 415


def test_no_cell_of_a_spreadsheet_is_ever_a_formula() -> None:
    dangerous = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "http://example.org", "1e5", "\t=1"]
    lines = [spreadsheet.Line(f"a/{n}", text, {"nb": text}, {"nb": "draft"}) for n, text in enumerate(dangerous)]
    data = spreadsheet.write(lines, "en", ["nb"])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    assert [line.source for line in spreadsheet.read(data, "en")] == [text.strip() for text in dangerous]
    with pytest.raises(SheetRefused):
        spreadsheet.read(data, "ar")


def test_every_context_has_its_edit() -> None:
    """Each text of a script can be reworded from a spreadsheet."""
    for context in CONTEXTS:
        changed = load(
            apply(CHECKIN, exchange.reword(SCRIPT, context, "Other {specialist}" if "sharing" in context else "Other"))
        )
        assert texts_of_script(changed)[context].startswith("Other"), context
